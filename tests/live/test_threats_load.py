"""Attacks on a real server that cost: endless input, heavy queries, slow clients.

Each does harm when its defence is taken away; what it does then is reported where it does not show
from the test.
"""

from __future__ import annotations

import re
import socket
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from http.client import IncompleteRead
from urllib.parse import urlencode

import pytest
from tests.live.attacking import (
    MIB,
    PATIENCE,
    ask,
    asking,
    bomb,
    connected,
    lookup,
    memory,
    request,
    rest,
    told,
)
from tests.live.serving import Server

MILLION = "SELECT ?a ?b ?d ?e { ?a ?b ?c . ?d ?e ?f } LIMIT 1000000"


# Large bodies, addresses and headers


@pytest.mark.threat("long-body")
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


@pytest.mark.threat("long-body")
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


@pytest.mark.threat("long-head")
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


@pytest.mark.threat("long-head")
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


@pytest.mark.threat("costly-query")
def test_no_query_costs_more_than_it_may(strict: Server) -> None:
    """One is told that it needs too much, others may be that they waited; lookups are answered.

    They are of one client, so one runs at a time. Of those whose time is over, the one that has had
    most has it once more, with nobody before it.
    """
    with ThreadPoolExecutor(len(HOSTILE)) as threads:
        asked = {
            name: threads.submit(ask, strict, query, "text/csv, text/turtle")
            for name, query in HOSTILE.items()
        }
        lookups = 0
        while not all(reply.done() for reply in asked.values()):
            lookup(strict)
            lookups += 1
        replies = {name: reply.result() for name, reply in asked.items()}
    assert lookups
    over = [name for name, reply in replies.items() if reply.kind == "query-limit"]
    assert over
    for name, reply in replies.items():
        assert reply.status in (429, 503), (name, reply)
        assert ("retry-after" in reply.headers) is (name not in over)


@pytest.mark.threat("costly-query")
@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_query_ends(strict: Server, name: str) -> None:
    """Alone too, it gives 503 of type query-limit and names the limit."""
    reply = ask(strict, HOSTILE[name], "text/csv, text/turtle", timeout="0.4")
    assert (reply.status, reply.kind) == (503, "query-limit")
    assert reply.problem["limit"] in ("time", "cpu", "memory")
    assert "retry-after" not in reply.headers


@pytest.mark.threat("costly-query")
def test_a_client_lowers_its_time_and_never_raises_it(strict: Server) -> None:
    """`timeout` counts below the server's limit, and above it the server's does."""
    endless = HOSTILE["cross-product"]
    with ThreadPoolExecutor(1) as threads:
        capped = threads.submit(ask, strict, endless, timeout="1000")
        lowered = ask(strict, endless, timeout="0.2")
        assert not capped.done()
        assert lowered.status == 503 or lowered.kind == "over-quota"
        assert capped.result().status in (429, 503)


@pytest.mark.threat("costly-query")
@pytest.mark.parametrize(
    "query",
    [
        pytest.param("ASK { FILTER(" + "(" * 50_000 + "1" + ")" * 50_000 + ") }", id="parentheses"),
        pytest.param("ASK " + "{" * 50_000 + "}" * 50_000, id="braces"),
        pytest.param("ASK { FILTER(" + "!" * 100_000 + "true) }", id="negations"),
        pytest.param("ASK { ?s " + "(" * 30_000 + "<urn:p>" + ")*" * 30_000 + " ?o }", id="paths"),
        pytest.param("ASK { ?s ?p " + "(" * 50_000 + "1" + ")" * 50_000 + " }", id="lists"),
        pytest.param("ASK { FILTER(?o" + " && ?o" * 50_000 + ") }", id="conjunctions"),
        pytest.param("ASK { FILTER(?o" + " || ?o" * 50_000 + ") }", id="disjunctions"),
        pytest.param("ASK { FILTER(1" + " + 1" * 50_000 + " = 1) }", id="sums"),
        pytest.param("ASK { ?s <urn:p>" + "/<urn:p>" * 20_000 + " ?o }", id="sequences"),
        pytest.param("ASK {" + " {} UNION" * 20_000 + " {} }", id="unions"),
        pytest.param("ASK { ?s " + "|".join(["<urn:p>*"] * 300) + " ?o }", id="alternatives"),
        pytest.param("ASK { ?s ?p " + "<<( " * 20_000 + "?o" + " )>>" * 20_000, id="triple-terms"),
    ],
)
def test_a_deeply_nested_query_is_an_error_of_its_client(strict: Server, query: str) -> None:
    """The parser may run out of stack: its worker dies of it, and nothing else."""
    reply = ask(strict, query)
    assert reply.status in (200, 400, 503), reply
    assert reply.status == 200 or reply.kind in ("query-syntax", "query-failed", "query-limit")
    lookup(strict)


def test_values_of_all_kinds_are_ordered(strict: Server) -> None:
    """The engine has no order for them, and ends its process unless the query is rewritten."""
    reply = ask(strict, "SELECT ?s ?p ?o { ?s ?p ?o } ORDER BY ?o ?s LIMIT 500")
    assert reply.status == 200, reply


@pytest.mark.threat("lost-process")
def test_a_fault_of_the_engine_is_told_as_one(strict: Server) -> None:
    """Whole and floating-point numbers of this size have no order, however a query is written."""
    numbers = [2**53 + 37 * place % 40 for place in range(40)]
    values = " ".join(f"{number} {number - number % 2}e0" for number in numbers * 3)
    query = f"SELECT ?o {{ VALUES ?o {{ {values} }} }} ORDER BY ?o"
    reply = ask(strict, query)
    assert (reply.status, reply.kind) == (500, "engine"), reply
    assert 'event="engine"' in request(strict, "GET", "/metrics").body.decode()
    lookup(strict)


@pytest.mark.threat("crowding-out")
def test_a_long_query_does_not_hold_up_others(strict: Server) -> None:
    """The gateway reads only the beginning, and lookups are answered meanwhile."""
    query = b"ASK { " + b"<a" * 500_000
    kind = "application/sparql-query"
    with ThreadPoolExecutor(4) as threads:
        asked = [
            threads.submit(request, strict, "POST", "/sparql", query, content_type=kind)
            for _ in range(4)
        ]
        for _ in range(10):
            lookup(strict)
        replies = [reply.result() for reply in asked]
    assert {reply.kind for reply in replies} <= {"query-syntax", "query-limit", "over-quota"}


# Large answers and slow clients


def test_a_million_rows_pass_through_the_server(serve: Callable[..., Server]) -> None:
    """All arrive, and the web process grows by no more than its buffer, even if they wait."""
    server = serve(environment={"SAMSYN_TIMEOUT": "300"})
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


@pytest.mark.threat("slow-reader")
def test_slow_readers_leave_lookups_their_workers(server: Server) -> None:
    """Sixteen who ask for much and read nothing fill no memory and hold no quick worker."""
    before = memory(server.process.pid)
    path = "/sparql?" + urlencode({"query": MILLION, "format": "csv"})
    with ExitStack() as stack:
        lines = [stack.enter_context(connected(server, buffer=4096)) for _ in range(16)]
        for line in lines:
            line.sendall(f"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
        end = time.monotonic() + 3
        while time.monotonic() < end:
            lookup(server)
            time.sleep(0.05)
        assert memory(server.process.pid) - before < 16 * 5 * MIB


@pytest.mark.threat("leaving")
def test_who_leaves_in_the_middle_of_an_answer_ends_the_work(server: Server) -> None:
    """The worker stops, and the request is logged and counted as one whose client left."""

    def left() -> int:
        numbers = request(server, "GET", "/metrics").body.decode()
        told = re.findall(r"samsyn_requests_total\{(.*)\} (\S+)", numbers)
        return sum(int(float(number)) for labels, number in told if 'status="499"' in labels)

    before = left()
    with connected(server, buffer=4096) as line:
        path = "/sparql?" + urlencode({"query": MILLION, "format": "csv"})
        line.sendall(f"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
        assert line.recv(1000).startswith(b"HTTP/1.1 200")
    end = time.monotonic() + PATIENCE
    while left() == before:
        assert time.monotonic() < end, "it was not noticed"
        time.sleep(0.02)


@pytest.mark.threat("slow-reader")
def test_an_answer_that_breaks_is_seen_to_be_broken(strict: Server) -> None:
    """Over HTTP/1.1 its last chunk is missing; nothing is added to what was sent."""
    with asking(strict, MILLION) as answer:
        assert answer.status == 200
        with pytest.raises(IncompleteRead) as caught:
            answer.read()
    assert caught.value.partial.startswith(b"a,b,d,e\r\n")
    assert b"limit" not in caught.value.partial[-200:]


@pytest.mark.threat("old-http")
def test_an_old_client_gets_all_or_an_error(strict: Server) -> None:
    """HTTP/1.0 has no chunks, so an answer comes with its length, or as 503."""
    with asking(strict, MILLION, version="1.0") as answer:
        assert (answer.status, answer.getheader("retry-after")) == (503, None)
    with asking(strict, MILLION.replace("1000000", "3000"), version="1.0") as answer:
        length = int(answer.getheader("content-length") or 0)
        assert answer.status == 200
        assert len(answer.read()) == length > 64 * 1024


@pytest.mark.threat("slow-sender")
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
            while time.monotonic() - start < PATIENCE:
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
    assert received == b"" or told(received)[0] == 408


@pytest.mark.threat("connections")
def test_a_client_has_so_many_connections(strict: Server) -> None:
    """One more than it may have is answered 429 with Retry-After; given up, they count no more."""
    with ExitStack() as stack:
        for _ in range(48):
            stack.enter_context(connected(strict))
        status, headers = told(rest(stack.enter_context(connected(strict))))
        assert (status, headers["retry-after"]) == (429, "2")
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        try:
            lookup(strict)
            break
        except (AssertionError, OSError):
            time.sleep(0.02)
    else:
        pytest.fail("the connections still count")


@pytest.mark.threat("connections")
def test_a_trusted_proxy_brings_the_connections_of_many(serve: Callable[..., Server]) -> None:
    """Its connections are not counted as those of one client."""
    limits = {"SAMSYN_CLIENT_CONNECTIONS": "4", "SAMSYN_TRUSTED_PROXIES": "127.0.0.1"}
    behind = serve(environment=limits)
    with ExitStack() as stack:
        for _ in range(8):
            stack.enter_context(connected(behind))
        lookup(behind)
