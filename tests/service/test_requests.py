"""Requests as HTTP has them: the host that they name, and what a page of another origin may ask."""

from __future__ import annotations

from typing import Any, Protocol

import anyio
import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from samsyn.http.sparql_protocol import is_host

ORIGIN = {"Origin": "https://page.example"}
READ = ["/sparql", "/sparql/", "/query", "/queries", "/queries/cq01", "/gsp", "/gsp/x",
        "/graph/stated/networks", "/dump.nq", "/ns", "/id/network/a", "/data/id/network/a",
        "/openapi.json", "/.well-known/void", "/scenario", "/explain", "/validate",
        "/health"]  # fmt: skip
SENT = ["authorization", "content-type", "accept", "x-requested-with", "traceparent, tracestate",
        "range, if-range", "if-none-match", "x-my-own", "sentry-trace,baggage"]  # fmt: skip


class Asker(Protocol):
    """What the fixture `client` can do."""

    app: Any

    def request(self, method: str, url: str, **arguments: Any) -> httpx.Response:
        """Send a request."""
        ...


def raw(client: Asker, headers: list[tuple[bytes, bytes]], version: str = "1.1") -> int:
    """Send a request with these headers alone, and return the status of the answer."""
    statuses: list[int] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Any) -> None:
        statuses.append(message.get("status", 0))

    scope = {
        "type": "http", "http_version": version, "method": "GET", "scheme": "http",
        "path": "/sparql", "raw_path": b"/sparql", "query_string": b"query=ASK+%7B%7D",
        "headers": headers, "server": ("127.0.0.1", 8000), "client": ("127.0.0.1", 1),
    }  # fmt: skip
    anyio.run(client.app, scope, receive, send)
    return statuses[0]


@pytest.mark.threat("framing")
@pytest.mark.parametrize(
    ("headers", "version", "status"),
    [
        pytest.param([], "1.0", 200, id="none-in-1.0"),
        pytest.param([], "1.1", 400, id="none"),
        pytest.param([(b"host", b"")], "1.1", 400, id="empty"),
        pytest.param([(b"host", b"")], "1.0", 400, id="empty-in-1.0"),
        pytest.param([(b"host", b"a.example")], "1.1", 200, id="one"),
        pytest.param([(b"host", b"a.example"), (b"host", b"a.example")], "1.1", 400, id="two"),
        pytest.param([(b"host", b"a.example, b.example")], "1.1", 400, id="a-list"),
        pytest.param([(b"host", b"a.example/path")], "1.1", 400, id="a-path"),
        pytest.param([(b"host", b"me@a.example")], "1.1", 400, id="a-user"),
        pytest.param([(b"host", b"http://a.example")], "1.1", 400, id="an-address"),
        pytest.param([(b"host", b"a.example:port")], "1.1", 400, id="a-port-in-letters"),
        pytest.param([(b"host", b"[::1]:8000")], "1.1", 200, id="ipv6"),
        pytest.param([(b"host", b"[::1::]")], "1.1", 400, id="broken-ipv6"),
    ],
)
def test_a_request_names_one_host(
    client: Asker, headers: list[tuple[bytes, bytes]], version: str, status: int
) -> None:
    """HTTP/1.1 without one valid Host is refused, whatever is kept (RFC 9112, section 3.2)."""
    assert raw(client, [], "1.0") == 200
    for _ in range(2):
        assert raw(client, headers, version) == status


@pytest.mark.threat("forged-address")
@given(st.text(max_size=30))
def test_no_text_breaks_the_look_at_a_host(text: str) -> None:
    """Whatever is there is a host or none, and only what may be in an address is one."""
    if is_host(text):
        assert not set(text) & set(" /?#@\\<>\"'\r\n")


@pytest.mark.parametrize("path", READ)
@pytest.mark.parametrize("asked", SENT)
def test_a_page_may_send_what_clients_send(client: Asker, path: str, asked: str) -> None:
    """A preflight for what is read lets through every header that is asked for."""
    headers = {**ORIGIN, "Access-Control-Request-Headers": asked}
    headers["Access-Control-Request-Method"] = "GET"
    response = client.request("OPTIONS", path, headers=headers)
    assert response.status_code == 204
    assert response.headers["access-control-allow-origin"] == "*"
    listed = response.headers["access-control-allow-headers"].lower().split(", ")
    assert {name.strip() for name in asked.split(",")} <= set(listed)
    assert "access-control-allow-credentials" not in response.headers
    assert int(response.headers["access-control-max-age"]) > 0
    assert response.headers.get_list("allow") != []


@pytest.mark.threat("cross-site")
@pytest.mark.parametrize("method", ["GET", "POST", "QUERY", "PUT", "PATCH", "DELETE"])
def test_methods_are_let_through_where_they_read(client: Asker, method: str) -> None:
    """The endpoint lets GET, POST and QUERY through; what writes is never offered to a page."""
    headers = {**ORIGIN, "Access-Control-Request-Method": method}
    methods = {}
    for path in ("/sparql", "/gsp", "/gsp/x", "/update", "/graph/stated/networks"):
        response = client.request("OPTIONS", path, headers=headers)
        assert response.status_code == 204
        allowed = response.headers.get("access-control-allow-methods", "")
        methods[path] = set(allowed.split(", "))
        assert not methods[path] & {"PUT", "PATCH", "DELETE"}
    assert (method in methods["/sparql"]) is (method in {"GET", "POST", "QUERY"})
    assert methods["/update"] == {""}
    assert methods["/gsp"] == {"GET", "HEAD", "OPTIONS"}


@pytest.mark.threat("cross-site")
@pytest.mark.parametrize("asked", ["a b", "<script>", "x" * 2000, "a,,b", "a: b", ",,", "\xe9"])
def test_what_is_no_list_of_headers_is_not_repeated(client: Asker, asked: str) -> None:
    """Only names of headers are let through, and not without end."""
    headers = [(b"Access-Control-Request-Headers", asked.encode("latin-1"))]
    response = client.request("OPTIONS", "/sparql", headers=headers)
    assert response.status_code == 204
    assert asked not in response.headers["access-control-allow-headers"]


def test_a_page_may_read_the_headers_of_answers(client: Asker) -> None:
    """Scripts see the headers that tell of parts, names, links and limits."""
    response = client.request("GET", "/dump.nq", headers=ORIGIN)
    exposed = response.headers["access-control-expose-headers"].lower().split(", ")
    assert {"etag", "link", "location", "query-id", "retry-after", "content-range",
            "accept-ranges", "content-disposition", "allow", "vary"} <= set(exposed)  # fmt: skip


@pytest.mark.parametrize(
    ("path", "accept", "name"),
    [
        ("/dump.nq", "*/*", 'attachment; filename="samsyn-dump.nq"'),
        ("/dump-proposed.trig", "*/*", 'attachment; filename="samsyn-dump-proposed.trig"'),
        ("/graph/stated/networks", "text/turtle", 'inline; filename="stated-networks.ttl"'),
        ("/gsp?graph=https://w3id.org/samsyn/graph/stated/networks", "application/rdf+xml",
         'inline; filename="stated-networks.rdf"'),
        ("/gsp?default", "text/turtle", 'inline; filename="default.ttl"'),
        ("/data/id/network/a", "application/ld+json", 'inline; filename="a.jsonld"'),
        ("/queries/cq01?format=csv", "*/*", 'inline; filename="cq01-networks.csv"'),
        ("/sparql?query=SELECT+*+%7B%7D&format=csv", "*/*", 'inline; filename="query.csv"'),
        ("/sparql?query=SELECT+*+%7B%7D&format=tsv", "*/*", 'inline; filename="query.tsv"'),
        ("/sparql?query=SELECT+*+%7B%7D", "*/*", None),
        ("/ns", "text/html", None),
    ],
)  # fmt: skip
def test_what_is_kept_in_a_file_has_a_name(
    client: Asker, path: str, accept: str, name: str | None
) -> None:
    """Dumps are kept, graphs and tables shown where they can be; each has a name with an ending."""
    response = client.request("GET", path, headers={"Accept": accept})
    assert response.status_code == 200
    assert response.headers.get("content-disposition") == name
