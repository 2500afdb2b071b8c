"""Attacks on a real server by what is believed, written into headers or shown on a page.

Each does harm when its defence is taken away; what it does then is reported where it does not show
from the test.
"""

from __future__ import annotations

import json
from urllib.parse import quote, urlencode

import pytest
from tests.live.attacking import (
    Reply,
    ask,
    request,
)
from tests.live.serving import Server

FORGED = "evil.example"


@pytest.mark.threat("forged-address")
@pytest.mark.parametrize(
    "path",
    [
        "/sparql",
        "/sparql?" + urlencode({"query": "CONSTRUCT { <relative> a ?o } { BIND (<iri> AS ?o) }"}),
        "/",
        "/.well-known/void",
        "/id/network/x",
        "/query",
        "/problems",
    ],
    ids=["description", "relative-iri", "root", "void", "thing", "queries", "problems"],
)
def test_a_forged_host_appears_nowhere(strict: Server, path: str) -> None:
    """With a public address configured, what a request says of the host is not believed."""
    forged = {
        "host": FORGED,
        "x_forwarded_host": FORGED,
        "x_forwarded_proto": "gopher",
        "forwarded": f"host={FORGED};proto=gopher",
        "x_original_url": f"http://{FORGED}/",
    }
    for accept in ("text/turtle", "text/html"):
        reply = request(strict, "GET", path, accept=accept, **forged)
        plain = request(strict, "GET", path, accept=accept)
        assert FORGED.encode() not in reply.body
        assert FORGED not in str(reply.headers)
        assert reply.status == plain.status
        assert reply.body == plain.body or reply.status >= 400


@pytest.mark.threat("log")
def test_the_log_believes_no_header_and_holds_no_full_address(strict: Server) -> None:
    """X-Forwarded-For is believed from trusted proxies only, and a client is shown in part."""
    request(strict, "GET", "/health", x_forwarded_for="203.0.113.77")
    ask(strict, "ASK { ?forged ?client ?one }")
    lines = [json.loads(row) for row in strict.output().splitlines() if row.startswith("{")]
    # Lines about the server itself name no client.
    assert {line["client"] for line in lines if "client" in line} == {"127.0.0.0/24"}
    assert "203.0.113" not in strict.output()


@pytest.mark.threat("forged-address")
@pytest.mark.parametrize(
    "parameters",
    [
        {"query": "ASK {}", "format": "csv\r\nx-injected: yes"},
        {"query": "ASK {}\r\nx-injected: yes\r\n\r\n<html>"},
        {"query": "ASK {}", "default-graph-uri": "urn:x\r\nx-injected: yes"},
        {"query": "ASK {}", "timeout": "1\r\nx-injected: yes"},
        {"query\r\nx-injected: yes": "ASK {}"},
    ],
    ids=["format", "query", "graph", "timeout", "name"],
)
def test_no_header_can_be_injected(strict: Server, parameters: dict[str, str]) -> None:
    """A line break in a parameter breaks no line of the response."""
    for path in ("/sparql", "/query/cq01-x", "/explain"):
        reply = request(strict, "GET", f"{path}?{urlencode(parameters)}")
        assert "x-injected" not in reply.headers
        assert reply.status < 500


@pytest.mark.threat("script")
@pytest.mark.parametrize(
    "term",
    [
        "'<script>alert(1)</script>'",
        "'<script>alert(1)</script>'@en-script",
        "'\\\"><script>alert(1)</script>'",
        "'<script>'^^<javascript:alert(1)>",
        "<javascript:alert(1)>",
        "<JaVaScRiPt:alert(1)>",
        "<data:text/html,alert(1)>",
        "<http://x/'onmouseover='alert(1)>",
    ],
    ids=[
        "literal", "tagged", "quoted", "datatype", "javascript", "mixed-case", "data", "attribute",
    ],
)  # fmt: skip
def test_no_term_becomes_script(strict: Server, term: str) -> None:
    """On a page, a term is text, and only http and https make links."""
    reply = ask(strict, f"SELECT ?term {{ VALUES ?term {{ {term} }} }}", accept="text/html")
    assert reply.headers["content-type"].startswith("text/html")
    _harmless(reply)


@pytest.mark.threat("script")
@pytest.mark.parametrize(
    "path",
    [
        "/sparql?query=" + quote("SELECT <script>alert(1)</script>"),
        "/sparql?format=" + quote("<script>alert(1)</script>") + "&query=ASK{}",
        "/" + quote("<script>alert(1)</script>"),
        "/id/" + quote('"><script>alert(1)</script>'),
        "/explain?subject=" + quote("javascript:alert(1)"),
        "/query/" + quote("<script>alert(1)</script>"),
        "/graph/scenario/" + quote("<script>alert(1)</script>"),
    ],
)
def test_no_error_becomes_script(strict: Server, path: str) -> None:
    """What a request said is reported back as text, also to a browser."""
    _harmless(request(strict, "GET", path, accept="text/html,*/*;q=0.1"))


def _harmless(reply: Reply) -> None:
    body = reply.body.lower()
    assert reply.headers["x-content-type-options"] == "nosniff"
    assert "default-src 'self'" in reply.headers["content-security-policy"]
    assert "unsafe-inline" not in reply.headers["content-security-policy"]
    if reply.headers["content-type"].startswith("text/html"):
        assert b"<script>alert" not in body
        assert b'href="javascript' not in body
        assert b'href="data:' not in body
        assert b"'onmouseover='alert" not in body.replace(b"&#39;", b"").replace(b"&#x27;", b"")
    else:
        assert reply.headers["content-type"].startswith(("application/problem+json", "text/plain"))
