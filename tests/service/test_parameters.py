"""Parameters as clients send them: repeated, empty, zero, unknown, badly encoded."""

from __future__ import annotations

from typing import Any, Protocol
from urllib.parse import urlencode

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from samsyn import media
from samsyn.http import sparql_protocol
from samsyn.http.negotiation import chosen
from samsyn.http.problems import Problem

ASK = "query=ASK+%7B%7D"
GRAPH = "query=CONSTRUCT+WHERE+%7B+%3Fs+%3Fp+%3Fo+%7D"
RESULTS = "application/sparql-results+json"


class Asker(Protocol):
    """What the fixture `client` can do."""

    def request(self, method: str, url: str, **arguments: Any) -> httpx.Response:
        """Send a request."""
        ...

    def get(self, url: str, accept: str | None = None, **arguments: Any) -> httpx.Response:
        """Send a GET."""
        ...


BOTH = ["get", "form"]


def ask(client: Asker, how: str, text: str, accept: str = "*/*") -> httpx.Response:
    """Ask by GET or by a form."""
    if how == "get":
        return client.get(f"/sparql?{text}", accept)
    headers = {"Content-Type": sparql_protocol.FORM, "Accept": accept}
    return client.request("POST", "/sparql", headers=headers, content=text)


@pytest.mark.parametrize("how", BOTH)
@pytest.mark.parametrize(
    "more",
    [
        "default-graph-uri=", "named-graph-uri=", "default-graph-uri=&named-graph-uri=",
        "timeout=0", "timeout=", "timeout=0.0", "timeout=30000", "timeout=5&timeout=5",
        "timeout=0&timeout=3", "format=", "format=&output=&results=", "format=auto",
        "format=sparql", "format=n3", "format=text/n3", "output=%20",
        "format=application/sparql-results+json",
        "format=application/sparql-results%2Bjson", "format=json&format=json",
        "format=json&output=json&results=json", "format=srj&output=application/sparql-results+json",
        "format=nonsense&output=json", "format=JSON", "format=application/json;charset=utf-8",
        "format=application/sparql-results%2Bjson,application/json", "Accept=",
    ],
)  # fmt: skip
def test_what_clients_send_beside_a_query_is_no_error(client: Asker, how: str, more: str) -> None:
    """What is empty, 0, unknown, or said twice alike, leaves the answer as it is."""
    response = ask(client, how, f"{ASK}&{more}", RESULTS)
    assert response.status_code == 200
    assert response.json()["boolean"] is True


@pytest.mark.parametrize("how", BOTH)
@pytest.mark.parametrize(
    ("more", "kind"),
    [
        ("format=tsv&format=text/tab-separated-values&output=tsv", "text/tab-separated-values"),
        ("format=text/tab-separated-values&output=tsv", "text/tab-separated-values"),
        ("format=nothing&output=csv", "text/csv"),
        ("results=sparql-results+xml", "application/sparql-results+xml"),
        ("format=text/xml", "text/xml"),
        ("format=application/sparql-results xml", "application/sparql-results+xml"),
    ],
)
def test_names_that_agree_are_obeyed(client: Asker, how: str, more: str, kind: str) -> None:
    """Whatever parameter names a format, and however often, it is sent."""
    response = ask(client, how, f"{ASK}&{more}".replace(" ", "%20"), RESULTS)
    assert response.status_code == 200
    assert response.headers["content-type"].startswith(kind)


@pytest.mark.parametrize("how", BOTH)
@pytest.mark.parametrize(
    ("more", "kind"),
    [
        ("format=n3", "text/turtle"),
        ("format=rdf%2Bn3", "text/turtle"),
        ("format=text/n3", "text/n3"),
        ("format=json-ld&format=application/ld%2Bjson,application/x-json%2Bld", "application/ld"),
        ("format=rdf%2Bxml&format=application/rdf%2Bxml", "application/rdf+xml"),
        ("format=rdf+xml", "application/rdf+xml"),
        ("format=xml", "application/rdf+xml"),
        ("output=json", "application/ld+json"),
        ("format=auto", "text/turtle"),
    ],
)
def test_graphs_have_the_names_that_clients_give_them(
    client: Asker, how: str, more: str, kind: str
) -> None:
    """Graphs come by the short names and media types of other servers too."""
    response = ask(client, how, f"{GRAPH}&{more}")
    assert response.status_code == 200
    assert response.headers["content-type"].startswith(kind)


@pytest.mark.parametrize(
    ("more", "status"),
    [
        ("format=csv&format=tsv", 400),
        ("format=csv&output=json", 400),
        ("format=ttl", 406),
        ("timeout=-1", 400),
        ("timeout=soon", 400),
        ("timeout=nan", 400),
        ("timeout=inf", 400),
        ("timeout=0&timeout=soon", 400),
        ("query=ASK%7B%7D", 400),
        ("default-graph-uri=a%20b", 400),
        ("&".join(f"format=f{number}" for number in range(17)), 400),
    ],
)
def test_what_contradicts_is_refused(client: Asker, more: str, status: int) -> None:
    """Leniency ends where nobody can tell what is meant."""
    for how in BOTH:
        assert ask(client, how, f"{ASK}&{more}", RESULTS).status_code == status


def test_formats_may_stand_in_the_address_of_a_form(client: Asker) -> None:
    """What the Protocol does not know may be in both places; a query may not."""
    headers = {"Content-Type": sparql_protocol.FORM}
    address = "/sparql?format=csv&timeout=5"
    for body, status in ((f"{ASK}&format=csv&timeout=3", 200), (ASK, 200)):
        response = client.request("POST", address, headers=headers, content=body)
        assert response.status_code == status
        assert response.headers["content-type"].startswith("text/csv")


@pytest.mark.parametrize(
    "path",
    [
        "/gsp?graph=https%3A%2F%2Fw3id.org%2Fsamsyn%2Fgraph%2Fstated%2Fnetworks",
        "/gsp?default",
        "/graph/stated/networks?",
        "/data/id/network/a?",
        "/queries/cq01?",
        "/sparql?",
        "/.well-known/void?",
    ],
)
@pytest.mark.parametrize(
    "more", ["format=", "format=auto", "format=json-ld&output=ld%2Bjson", "results=ld+json"]
)
def test_every_address_has_the_same_rules(client: Asker, path: str, more: str) -> None:
    """Repeated, empty and unknown formats are as good at other addresses as at the endpoint."""
    if path.startswith("/queries"):
        more = more.replace("json-ld", "json").replace("ld%2Bjson", "json").replace("ld+", "")
    response = client.get(f"{path}&{more}", "application/ld+json, application/json;q=0.5")
    assert response.status_code == 200
    assert "json" in response.headers["content-type"]


def test_the_form_takes_empty_fields_too(client: Asker) -> None:
    """The page with the form shows its answer whatever fields are empty."""
    pairs = {"query": "ASK {}", "format": "", "default-graph-uri": "", "named-graph-uri": ""}
    response = client.get(f"/query?{urlencode(pairs)}", "text/html")
    assert response.status_code == 200
    assert 'class="verdict"' in response.text


def test_an_update_takes_empty_graphs() -> None:
    """Empty fields of a form for updates count as not given."""
    body = b"update=CLEAR+ALL&using-graph-uri=&using-named-graph-uri="
    sent = sparql_protocol.Sent("POST", sparql_protocol.address(b""), sparql_protocol.FORM, body)
    ordered = sparql_protocol.update(sent)
    assert (ordered.using, ordered.using_named) == ((), ())


NAMES = st.sampled_from(
    [
        *(name for form in media.RESULTS for name in (form.name, *form.aliases)),
        *(kind for form in media.RESULTS for kind in form.media_types),
        "", " ", "auto", "n3", "ttl", "sparql", "TEXT/CSV", "text/csv; header=present",
    ]
)  # fmt: skip


@given(st.lists(NAMES, max_size=6), st.sampled_from(["*/*", "text/csv", "image/png", RESULTS]))
def test_a_format_is_what_all_names_agree_on(names: list[str], accept: str) -> None:
    """One format named: that one; several: refused; none: as Accept says; unfit ones: 406."""
    formats = tuple(name for name in names if name.strip())
    named = {found.format.name for name in formats if (found := media.asked_for(name, SELECT))}
    unfit = any(media.known(name) for name in formats) and not named
    expected = media.negotiate(accept, SELECT)
    if len(named) > 1:
        with pytest.raises(Problem, match="Several formats"):
            chosen(formats, accept, SELECT)
    elif unfit or not (named or expected):
        with pytest.raises(Problem, match="Offered are"):
            chosen(formats, accept, SELECT)
    elif named:
        assert {chosen(formats, accept, SELECT).format.name} == named
    else:
        assert chosen(formats, accept, SELECT) == expected


SELECT = media.RESULTS
