"""Attacks on a real server that reach for files, for the network or for the data.

Each does harm when its defence is taken away; what it does then is reported where it does not show
from the test.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode

import pytest
from tests.live.attacking import (
    Listener,
    ask,
    listening,
    request,
)
from tests.live.serving import TOKEN, Server, serving, writing
from tests.patience import ending

from samsyn.dataset.graph_store import read
from samsyn.errors import SourceError


@pytest.fixture
def listener() -> Iterator[Listener]:
    """A server on loopback that no query may reach."""
    with listening() as open_:
        yield open_


# Reaching out by query

CALLS = {
    "plain": "SELECT * { SERVICE <URL> { ?s ?p ?o } }",
    "lower-case": "select * { service <URL> { ?s ?p ?o } }",
    "mixed-case": "SELECT * { SerVice <URL> { ?s ?p ?o } }",
    "after-a-comment": "SELECT * { SERVICE # <http://x/> {\n <URL> { ?s ?p ?o } }",
    "after-a-string": "SELECT * { ?a ?b '}\\'#' . SERVICE <URL> { ?s ?p ?o } }",
    "nested": "SELECT * { OPTIONAL { { SELECT * { SERVICE <URL> { ?s ?p ?o } } } } }",
    "in-exists": "ASK { FILTER NOT EXISTS { SERVICE <URL> { ?s ?p ?o } } }",
    "silent": "SELECT * { SERVICE SILENT <URL> { ?s ?p ?o } }",
    "variable": "SELECT * { VALUES ?u { <URL> } SERVICE ?u { ?s ?p ?o } }",
    "prefixed": "PREFIX u: <URL> SELECT * { SERVICE u: { ?s ?p ?o } }",
    "glued": "PREFIX u: <URL> SELECT*{FILTER(1=1)SERVICEu:{?s ?p ?o}}",
    "glued-to-a-number": "SELECT * { ?s ?p 1SERVICE<URL>{ ?s ?p ?o } }",
    "construct": "CONSTRUCT { ?s ?p ?o } { SERVICE <URL> { ?s ?p ?o } }",
    "far-behind": "SELECT * { " + "?s ?p ?o . " * 8000 + " SERVICE <URL> { ?s ?p ?o } }",
}


@pytest.mark.threat("outward")
@pytest.mark.parametrize("query", [pytest.param(text, id=name) for name, text in CALLS.items()])
def test_no_query_calls_a_service(strict: Server, listener: Listener, query: str) -> None:
    """Each way to write SERVICE is refused with 403, and nobody is asked."""
    reply = ask(strict, query.replace("URL", listener.address))
    assert (reply.status, reply.kind) == (403, "forbidden")
    assert "SERVICE is refused" in reply.problem["detail"]
    assert listener.hits == []


SPIED = """
import sys
from samsyn.sparql import index
from samsyn.dataset.exact import Dataset
from samsyn.errors import QueryError
from samsyn.server.workers.confinement import sandbox
index.keywords.refuse = lambda _: None
if sys.argv[1] == "confined":
    sandbox.confine()
try:
    index.Index(Dataset({})).query(sys.argv[2]).serialise("csv")
except QueryError:
    print("failed")
"""


@pytest.mark.threat("outward")
@pytest.mark.parametrize("name", ["plain", "silent", "nested"])
def test_the_second_wall_stops_what_passes_the_first(listener: Listener, name: str) -> None:
    """Without the scan a query reaches out, but not from a process that is confined."""
    query = CALLS[name].replace("URL", listener.address)

    def spy(how: str) -> None:
        subprocess.run([sys.executable, "-c", SPIED, how, query], check=True, capture_output=True)

    spy("confined")
    assert listener.hits == []
    spy("free")
    # The columns of SELECT * are asked of an empty store first, so there may be two.
    assert listener.hits


@pytest.mark.threat("outward")
@pytest.mark.parametrize(
    "query",
    [
        pytest.param("SELECT * FROM <URL> { ?s ?p ?o }", id="from"),
        pytest.param("SELECT * FROM NAMED <URL> { GRAPH ?g { ?s ?p ?o } }", id="from-named"),
        pytest.param("SELECT * { GRAPH <URL> { ?s ?p ?o } }", id="graph"),
        pytest.param("DESCRIBE <URL>", id="describe"),
    ],
)
@pytest.mark.parametrize("scheme", ["http", "file"])
def test_graphs_are_named_and_never_fetched(
    strict: Server, listener: Listener, tmp_path: Path, query: str, scheme: str
) -> None:
    """A graph of another's address, or a file's, is empty: nothing is read from there."""
    secret = tmp_path / "secret.ttl"
    secret.write_text("<urn:s> <urn:p> 'the secret' .")
    address = listener.address if scheme == "http" else secret.as_uri()
    reply = ask(strict, query.replace("URL", address), accept="text/csv, text/turtle")
    assert reply.status == 200
    parameters = urlencode(
        {"query": "SELECT * { ?s ?p ?o }", "default-graph-uri": address, "format": "csv"}
    )
    named = request(strict, "GET", f"/sparql?{parameters}")
    assert named.body == b"s,p,o\r\n"
    assert b"secret'" not in reply.body
    assert b"the secret" not in reply.body
    assert listener.hits == []


@pytest.mark.threat("files")
@pytest.mark.parametrize(
    "path",
    [
        "/gsp?graph=file:///etc/passwd",
        "/id/../../../../etc/passwd",
        "/id/%2e%2e/%2e%2e/%2e%2e/etc/passwd",
        "/graph/..%2f..%2f..%2fetc%2fpasswd",
        "/static/..%2f..%2fsettings.py",
        "/static/../settings.py",
        "/static//etc/passwd",
        "/query/..%2f..%2fREADME",
    ],
)
def test_no_address_becomes_a_path(strict: Server, path: str) -> None:
    """Dots and encoded slashes lead to nothing on the disk."""
    reply = request(strict, "GET", path, accept="text/turtle, text/html;q=0.5")
    assert reply.status == 404, reply.body[:500]
    assert b"root:" not in reply.body


# Documents that reach out or blow up

_XML = '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:e="http://e/">'
_LAUGHS = "".join(
    f'<!ENTITY l{level} "{f"&l{level - 1};" * 10}">' if level else '<!ENTITY l0 "ha">'
    for level in range(9)
)
DOCUMENTS = {
    "entities": (
        "application/rdf+xml",
        f"<!DOCTYPE a [{_LAUGHS}]>{_XML}<rdf:Description rdf:about='urn:s'><e:p>&l8;</e:p>"
        "</rdf:Description></rdf:RDF>",
    ),
    "external-entity": (
        "application/rdf+xml",
        f'<!doctype a [<!ENTITY x SYSTEM "URL">]>{_XML}<rdf:Description rdf:about="urn:s">'
        "<e:p>&x;</e:p></rdf:Description></rdf:RDF>",
    ),
    "external-subset": (
        "application/rdf+xml",
        f'<!-- a -->\n<!DOCTYPE a SYSTEM "URL">{_XML}</rdf:RDF>',
    ),
    "remote-context": ("application/ld+json", '{"@context": "URL", "@id": "urn:s", "name": "x"}'),
    "nested-context": (
        "application/ld+json",
        '{"@context": [{"@import": "URL", "@version": 1.1}], "@id": "urn:s", "name": "x"}',
    ),
}


@pytest.mark.threat("hostile-document")
@pytest.mark.threat("outward")
@pytest.mark.parametrize("name", DOCUMENTS)
def test_no_document_reaches_out_or_blows_up(listener: Listener, name: str) -> None:
    """A DOCTYPE is refused before it is read, a context is never fetched; both with an error.

    Without the defence the first expands to 200 MB.
    """
    kind, text = DOCUMENTS[name]
    with ending(), pytest.raises(SourceError) as caught:
        read(text.replace("URL", listener.address).encode(), kind, "http://e/", "")
    assert "DOCTYPE" in caught.value.message or kind == "application/ld+json"
    assert listener.hits == []


# Writing


@pytest.fixture(scope="module")
def writable(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server that may be written to with a token."""
    with serving(*writing(tmp_path_factory.mktemp("writable"))) as running:
        yield running


@pytest.mark.threat("unasked-write")
@pytest.mark.threat("cross-site")
@pytest.mark.parametrize(
    "headers",
    [
        pytest.param({}, id="none"),
        pytest.param({"authorization": f"Bearer {TOKEN}x"}, id="longer"),
        pytest.param({"authorization": f"Bearer {TOKEN[:-1]}"}, id="shorter"),
        pytest.param({"authorization": "Bearer "}, id="empty"),
        pytest.param({"authorization": f"Basic {TOKEN}"}, id="other-scheme"),
        pytest.param({"cookie": f"token={TOKEN}"}, id="cookie"),
    ],
)
def test_nothing_is_written_without_the_token(writable: Server, headers: dict[str, str]) -> None:
    """No token or a wrong one gives 401, also for a form that another page sends."""
    form = urlencode({"update": "CLEAR ALL", "token": TOKEN}).encode()
    kind = "application/x-www-form-urlencoded"
    for method, path in (("POST", "/update"), ("PUT", "/gsp?default"), ("DELETE", "/gsp?default")):
        reply = request(writable, method, path, form, content_type=kind, **headers)
        assert (reply.status, reply.kind) == (401, "unauthorized")
        assert "access-control-allow-origin" not in reply.headers
    assert ask(writable, "ASK { ?s ?p ?o }").body == b"true"


@pytest.mark.threat("unasked-write")
def test_nothing_is_written_where_writing_is_off(strict: Server) -> None:
    """Without a token file no token opens anything."""
    for method, path in (("POST", "/update"), ("PUT", "/gsp?default"), ("DELETE", "/gsp?default")):
        kind = "application/sparql-update"
        reply = request(
            strict, method, path, b"CLEAR ALL", content_type=kind, authorization="Bearer "
        )
        assert (reply.status, reply.kind) == (403, "forbidden")


@pytest.mark.threat("outward")
@pytest.mark.parametrize(
    ("kind", "name"),
    [("application/rdf+xml", "entities"), ("application/ld+json", "remote-context")],
)
def test_a_document_sent_is_refused_the_same(
    writable: Server, listener: Listener, kind: str, name: str
) -> None:
    """With the token too, such a document gives 400, and nothing is fetched."""
    body = DOCUMENTS[name][1].replace("URL", listener.address).encode()
    token = f"Bearer {TOKEN}"
    path = "/gsp?graph=urn:x"
    reply = request(writable, "PUT", path, body, content_type=kind, authorization=token)
    assert (reply.status, reply.kind) == (400, "bad-request")
    assert listener.hits == []
