"""Attacks on a real server, each of which does harm when its defence is taken away.

One test for each row of the threat table. What a test does when the defence is missing is told
where it does not show from the test.
"""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from http.client import IncompleteRead
from pathlib import Path
from urllib.parse import quote, urlencode

import pytest
from tests.live.attacking import (
    MIB,
    Listener,
    Reply,
    ask,
    asking,
    bomb,
    connected,
    listening,
    memory,
    quickly,
    request,
    rest,
    told,
)
from tests.live.serving import Server, serving

from samsyn.dataset.graphstore import read
from samsyn.errors import SourceError

TIMEOUT = 3.0
"""Seconds that a query may take on the strict server."""
QUICK = 1.0
"""Seconds in which a lookup is answered although others do their worst."""
MILLION = "SELECT ?a ?b ?d ?e { ?a ?b ?c . ?d ?e ?f } LIMIT 1000000"
FORGED = "evil.example"


@pytest.fixture(scope="module")
def strict() -> Iterator[Server]:
    """A server with tight limits, known under an address of its own, that logs all requests."""
    settings = {
        "TIMEOUT": str(TIMEOUT),
        "MEMORY": "256",
        "MAX_ANSWER": "1",
        "BUFFER": "64",
        "HEADER_TIME": "1",
        "BODY_TIME": "1",
        "CLIENT_CONNECTIONS": "48",
        "PUBLIC_URL": "https://samsyn.example",
        "LOG": "requests",
    }
    environment = {f"SAMSYN_{name}": value for name, value in settings.items()}
    with serving(environment=environment) as running:
        yield running


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


@pytest.mark.parametrize("query", [pytest.param(text, id=name) for name, text in CALLS.items()])
def test_no_query_calls_a_service(strict: Server, listener: Listener, query: str) -> None:
    """Each way to write SERVICE is refused with 403, and nobody is asked."""
    reply = ask(strict, query.replace("URL", listener.address))
    assert (reply.status, reply.kind) == (403, "forbidden")
    assert "SERVICE is refused" in reply.problem["detail"]
    assert listener.hits == []


SPIED = """
import sys
from samsyn.dataset import index
from samsyn.dataset.exact import Dataset
from samsyn.errors import QueryError
from samsyn.workers import confinement
index.refuse = lambda _: None
if sys.argv[1] == "confined":
    confinement.confine()
try:
    index.Index(Dataset({})).query(sys.argv[2]).serialise("csv")
except QueryError:
    print("failed")
"""


@pytest.mark.parametrize("name", ["plain", "silent", "nested"])
def test_the_second_wall_stops_what_passes_the_first(listener: Listener, name: str) -> None:
    """Without the scan a query reaches out, but not from a process that is confined."""
    query = CALLS[name].replace("URL", listener.address)

    def spy(how: str) -> None:
        subprocess.run([sys.executable, "-c", SPIED, how, query], check=True, capture_output=True)

    spy("confined")
    assert listener.hits == []
    spy("free")
    assert len(listener.hits) == 1


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
    assert named.body == b"o,p,s\r\n"
    assert b"secret'" not in reply.body
    assert b"the secret" not in reply.body
    assert listener.hits == []


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


@pytest.mark.parametrize("name", DOCUMENTS)
def test_no_document_reaches_out_or_blows_up(listener: Listener, name: str) -> None:
    """A DOCTYPE is refused before it is read, a context is never fetched; both with an error.

    Without the defence the first expands to 200 MB.
    """
    kind, text = DOCUMENTS[name]
    start = time.monotonic()
    with pytest.raises(SourceError) as caught:
        read(text.replace("URL", listener.address).encode(), kind, "http://e/", "")
    assert time.monotonic() - start < QUICK
    assert "DOCTYPE" in caught.value.message or kind == "application/ld+json"
    assert listener.hits == []


# Writing

TOKEN = "made-by-chance-0123456789"  # noqa: S105  of no other server


@pytest.fixture(scope="module")
def writable(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server that may be written to with a token."""
    folder = tmp_path_factory.mktemp("writable")
    token = folder / "token"
    token.write_text(TOKEN)
    token.chmod(0o600)
    with serving(
        "--update-token-file", str(token), environment={"SAMSYN_STORE": str(folder / "store")}
    ) as running:
        yield running


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


def test_nothing_is_written_where_writing_is_off(strict: Server) -> None:
    """Without a token file no token opens anything."""
    for method, path in (("POST", "/update"), ("PUT", "/gsp?default"), ("DELETE", "/gsp?default")):
        kind = "application/sparql-update"
        reply = request(
            strict, method, path, b"CLEAR ALL", content_type=kind, authorization="Bearer "
        )
        assert (reply.status, reply.kind) == (403, "forbidden")


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


# Large bodies, addresses and headers


def test_a_decompression_bomb_is_not_expanded(strict: Server) -> None:
    """A megabyte that would be a thousand gives 413, and the server holds little of it."""
    sent = bomb(1000 * MIB)
    assert len(sent) <= MIB
    before = memory(strict.process.pid, "VmHWM")
    for path in ("/sparql", "/explain"):
        kind = "application/sparql-query"
        reply = request(strict, "POST", path, sent, content_type=kind, content_encoding="gzip")
        assert (reply.status, reply.kind) == (413, "too-large")
    assert memory(strict.process.pid, "VmHWM") - before < 32 * MIB


def test_a_body_without_end_is_cut_off(strict: Server) -> None:
    """Chunk after chunk is taken up to the limit; then comes 413, and the connection closes."""
    piece = b"10000\r\n" + b"x" * 0x10000 + b"\r\n"
    head = (
        b"POST /sparql HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n"
        b"Content-Type: application/sparql-query\r\n\r\n"
    )
    with connected(strict) as line:
        line.sendall(head)
        sent = 0
        try:
            while sent < 256 * MIB:
                line.sendall(piece)
                sent += len(piece)
        except (BrokenPipeError, ConnectionResetError):
            pass
        assert sent < 64 * MIB
    with connected(strict) as line:
        line.sendall(head + piece * 17)
        status, headers = told(rest(line))
    assert (status, headers["connection"]) == (413, "close")


@pytest.mark.parametrize("size", [61_000, 70_000, 300_000, 3_000_000])
def test_a_giant_address_is_refused(strict: Server, size: int) -> None:
    """An address longer than any should be gives 414, however long it is."""
    with connected(strict) as line:
        address = b"/sparql?query=" + b"x" * size
        try:
            line.sendall(b"GET " + address + b" HTTP/1.1\r\nHost: localhost\r\n\r\n")
            line.shutdown(socket.SHUT_WR)
        except OSError:
            pass
        received = rest(line)
    # Where the server closes while much is on its way, its answer may be lost with it.
    assert (told(received)[0] == 414) if received else size > 1_000_000


@pytest.mark.parametrize(
    "endless",
    [
        pytest.param(b"x", id="one-header"),
        pytest.param(b"a: b\r\n", id="many-headers"),
    ],
)
def test_headers_without_end_are_cut_off(strict: Server, endless: bytes) -> None:
    """Without a limit all that comes before the header's time is over would be held in memory."""
    before = memory(strict.process.pid, "VmHWM")
    block = endless * (MIB // len(endless))
    with connected(strict) as line:
        line.sendall(b"GET /sparql HTTP/1.1\r\nHost: localhost\r\nx: ")
        sent = 0
        try:
            while sent < 256 * MIB:
                line.sendall(block)
                sent += len(block)
        except (BrokenPipeError, ConnectionResetError):
            pass
    assert sent < 64 * MIB
    assert memory(strict.process.pid, "VmHWM") - before < 32 * MIB


# Queries that cost

HOSTILE = {
    "cross-product": "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }",
    "path": "SELECT (COUNT(*) AS ?n) { ?s (!<urn:p>*)* ?o }",
    "path-of-paths": "ASK { ?s ((!<urn:p>)*)* <urn:nowhere> . ?s (!<urn:q>)* ?t }",
    "sort": "SELECT * { ?a ?b ?c . ?d ?e ?f } ORDER BY DESC(STR(?c)) ?f",
    "distinct": "SELECT DISTINCT ?a ?d { ?a ?b ?c . ?d ?e ?f . FILTER(?a != ?d) } ORDER BY ?a",
    "regex": "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f "
    "FILTER REGEX(CONCAT(STR(?c), STR(?f)), '^(([a-z])+.)+[A-Z]([a-z])+$') }",
    "text": "SELECT (STRLEN(GROUP_CONCAT(STR(?c))) AS ?n) { ?a ?b ?c . ?d ?e ?f }",
}


def test_no_query_costs_more_than_it_may(strict: Server) -> None:
    """Each gives 503 of type query-limit in time, without Retry-After, and lookups stay quick."""
    with ThreadPoolExecutor(len(HOSTILE)) as threads:
        asked = {
            name: threads.submit(ask, strict, query, "text/csv, text/turtle")
            for name, query in HOSTILE.items()
        }
        lookups = []
        while not all(reply.done() for reply in asked.values()):
            lookups.append(quickly(strict))
        replies = {name: reply.result() for name, reply in asked.items()}
    assert max(lookups) < QUICK
    over = [name for name, reply in replies.items() if reply.kind == "query-limit"]
    # One client runs one slow query at a time, and those that wait too long hear of it.
    assert over
    for name, reply in replies.items():
        assert reply.status in (429, 503), (name, reply)
        assert ("retry-after" in reply.headers) is (name not in over)
        assert reply.seconds < 3 * TIMEOUT


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_query_ends_in_time(strict: Server, name: str) -> None:
    """Alone too, it gives 503 of type query-limit and names the limit."""
    reply = ask(strict, HOSTILE[name], "text/csv, text/turtle", timeout="0.4")
    assert (reply.status, reply.kind) == (503, "query-limit")
    assert reply.problem["limit"] in ("time", "cpu", "memory")
    assert "retry-after" not in reply.headers
    assert reply.seconds < TIMEOUT


def test_a_client_lowers_its_time_and_never_raises_it(strict: Server) -> None:
    """`timeout` counts below the server's limit, and above it the server's does."""
    endless = HOSTILE["cross-product"]
    assert ask(strict, endless, timeout="0.2").seconds < TIMEOUT - 0.3
    capped = ask(strict, endless, timeout="1000")
    assert TIMEOUT <= capped.seconds < TIMEOUT + QUICK
    assert capped.kind == "query-limit"


@pytest.mark.parametrize(
    "query",
    [
        pytest.param("ASK { FILTER(" + "(" * 50_000 + "1" + ")" * 50_000 + ") }", id="parentheses"),
        pytest.param("ASK " + "{" * 50_000 + "}" * 50_000, id="braces"),
        pytest.param("ASK { FILTER(" + "!" * 100_000 + "true) }", id="negations"),
        pytest.param("ASK { ?s " + "(" * 30_000 + "<urn:p>" + ")*" * 30_000 + " ?o }", id="paths"),
        pytest.param("ASK { ?s ?p " + "(" * 50_000 + "1" + ")" * 50_000 + " }", id="lists"),
        pytest.param("ASK { ?s ?p " + "<<( " * 20_000 + "?o" + " )>>" * 20_000, id="triple-terms"),
    ],
)
def test_a_deeply_nested_query_is_an_error_of_its_client(strict: Server, query: str) -> None:
    """The parser may run out of stack: its worker dies of it, and nothing else."""
    reply = ask(strict, query)
    assert reply.status in (200, 400, 503), reply
    assert reply.status == 200 or reply.kind in ("query-syntax", "query-failed", "query-limit")
    assert quickly(strict) < QUICK


def test_a_long_query_does_not_hold_up_others(strict: Server) -> None:
    """The front reads only the beginning; all of a megabyte would take it up to a second."""
    query = b"ASK { " + b"<a" * 500_000
    kind = "application/sparql-query"
    with ThreadPoolExecutor(4) as threads:
        asked = [
            threads.submit(request, strict, "POST", "/sparql", query, content_type=kind)
            for _ in range(4)
        ]
        lookups = [quickly(strict) for _ in range(10)]
        replies = [reply.result() for reply in asked]
    assert {reply.kind for reply in replies} <= {"query-syntax", "query-limit", "over-quota"}
    assert max(lookups) < QUICK / 2


# Large answers and slow clients


def test_a_million_rows_pass_through_the_server(server: Server) -> None:
    """All arrive, and the web process grows by no more than its buffer, even if they wait."""
    with asking(server, "SELECT * { ?a ?b ?c } LIMIT 1") as small:
        small.read()
    before = memory(server.process.pid, "VmHWM")
    rows, size = 0, 0
    with asking(server, MILLION) as answer:
        time.sleep(0.5)
        while block := answer.read(MIB):
            rows += block.count(b"\r")
            size += len(block)
    assert rows == 1_000_001
    assert size > 64 * MIB
    assert memory(server.process.pid, "VmHWM") - before < 32 * MIB


def test_slow_readers_leave_lookups_quick(server: Server) -> None:
    """Sixteen who ask for much and read nothing fill no memory and hold no quick worker.

    Without the least rate they are never cut off.
    """
    before = memory(server.process.pid)
    path = "/sparql?" + urlencode({"query": MILLION, "format": "csv"})
    with ExitStack() as stack:
        lines = [stack.enter_context(connected(server, buffer=4096)) for _ in range(16)]
        for line in lines:
            line.sendall(f"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
        end = time.monotonic() + 8
        while time.monotonic() < end:
            assert quickly(server) < QUICK
            time.sleep(0.05)
        assert memory(server.process.pid) - before < 16 * 5 * MIB
        received = [rest(line) for line in lines]
    assert {told(data)[0] for data in received if data} <= {200, 429, 503}
    assert all(not data.endswith(b"0\r\n\r\n") or told(data)[0] != 200 for data in received)


def test_an_answer_that_breaks_is_seen_to_be_broken(strict: Server) -> None:
    """Over HTTP/1.1 its last chunk is missing; nothing is added to what was sent."""
    with asking(strict, MILLION) as answer:
        assert answer.status == 200
        with pytest.raises(IncompleteRead) as caught:
            answer.read()
    assert caught.value.partial.startswith(b"a,b,d,e\r\n")
    assert b"limit" not in caught.value.partial[-200:]


def test_an_old_client_gets_all_or_an_error(strict: Server) -> None:
    """HTTP/1.0 has no chunks, so an answer comes with its length, or as 503."""
    with asking(strict, MILLION, version="1.0") as answer:
        assert (answer.status, answer.getheader("retry-after")) == (503, None)
    with asking(strict, MILLION.replace("1000000", "3000"), version="1.0") as answer:
        length = int(answer.getheader("content-length") or 0)
        assert answer.status == 200
        assert len(answer.read()) == length > 64 * 1024


@pytest.mark.parametrize(
    "head",
    [
        pytest.param(b"GET / HTTP/1.1\r\nHost: localhost\r\nx: ", id="headers"),
        pytest.param(
            b"POST /sparql HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n"
            b"Content-Type: application/sparql-query\r\n\r\n",
            id="body",
        ),
        pytest.param(b"", id="nothing-at-all"),
    ],
)
def test_who_sends_a_byte_now_and_then_is_cut_off(strict: Server, head: bytes) -> None:
    """However often a byte comes, the whole has to come in its time."""
    start = time.monotonic()
    with connected(strict) as line:
        line.sendall(head)
        try:
            while time.monotonic() - start < 5:
                line.settimeout(0.1)
                try:
                    received = line.recv(1000)
                except TimeoutError:
                    if head:
                        line.sendall(b"x")
                    continue
                break
            else:
                pytest.fail("it was not cut off")
        except (BrokenPipeError, ConnectionResetError):
            received = b""
    assert time.monotonic() - start < 3
    assert received == b"" or told(received)[0] == 408


def test_a_client_has_so_many_connections(strict: Server) -> None:
    """One more than it may have is answered 429 with Retry-After; given up, they count no more."""
    with ExitStack() as stack:
        for _ in range(48):
            stack.enter_context(connected(strict))
        status, headers = told(rest(stack.enter_context(connected(strict))))
        assert (status, headers["retry-after"]) == (429, "2")
    for _ in range(100):
        try:
            assert quickly(strict) < QUICK
            break
        except (AssertionError, OSError):
            time.sleep(0.02)
    else:
        pytest.fail("the connections still count")


def test_a_trusted_proxy_brings_the_connections_of_many(serve: Callable[..., Server]) -> None:
    """Its connections are not counted as those of one client."""
    limits = {"SAMSYN_CLIENT_CONNECTIONS": "4", "SAMSYN_TRUSTED_PROXIES": "127.0.0.1"}
    behind = serve(environment=limits)
    with ExitStack() as stack:
        for _ in range(8):
            stack.enter_context(connected(behind))
        assert quickly(behind) < QUICK


# Headers, and what is shown


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


def test_the_log_believes_no_header_and_holds_no_full_address(strict: Server) -> None:
    """X-Forwarded-For is believed from trusted proxies only, and a client is shown in part."""
    request(strict, "GET", "/health", x_forwarded_for="203.0.113.77")
    ask(strict, "ASK { ?forged ?client ?one }")
    lines = [json.loads(row) for row in strict.output().splitlines() if row.startswith("{")]
    assert {line["client"] for line in lines} == {"127.0.0.0/24"}
    assert "203.0.113" not in strict.output()


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
    """What a request said is told back as text, also to a browser."""
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
