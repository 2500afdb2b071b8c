"""No request keeps the event loop of the web process from the others for long.

What a request costs the loop is the processor time of its thread, compared with a fixed piece of
work that is measured on the same machine in the same test, so that it matters little how fast or
how busy the machine is.
"""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from time import thread_time
from typing import Final

import pytest
from tests.live.attacking import connected, request, rest
from tests.live.serving import Server

STEPS: Final = 600_000
"""Steps of a plain loop, which take about 20 milliseconds on a fast machine, 50 on a slow one."""
TRIES: Final = 3

FORM: Final = "application/x-www-form-urlencoded"
QUERY: Final = "application/sparql-query"
ROUTES: Final = (
    "/", "/sparql", "/query", "/validate", "/explain", "/gsp", "/update", "/health", "/nothing",
)  # fmt: skip
"""Those with large answers are left out: to send them costs, no matter who asks."""
MIB: Final = 1024 * 1024
LONG: Final = 60_000


def head(method: str, target: str, *fields: str) -> bytes:
    """Write the head of a request after which the connection closes."""
    lines = (f"{method} {target} HTTP/1.1", "Host: x", "Connection: close", *fields)
    return "\r\n".join([*lines, "\r\n"]).encode()


def post(path: str, body: bytes, kind: str, *fields: str) -> bytes:
    """Write a request with a body."""
    return (
        head("POST", path, f"Content-Type: {kind}", f"Content-Length: {len(body)}", *fields) + body
    )


def zipped(path: str, body: bytes, kind: str) -> bytes:
    """Write a request whose body is small until its gzip is undone."""
    return post(path, gzip.compress(body), kind, "Content-Encoding: gzip")


def chunked(path: str, body: bytes, kind: str) -> bytes:
    """Write a request whose body comes in chunks of one byte."""
    chunks = b"".join(b"1\r\n%c\r\n" % byte for byte in body)
    return (
        head("POST", path, f"Content-Type: {kind}", "Transfer-Encoding: chunked")
        + chunks
        + b"0\r\n\r\n"
    )


HEADS: Final[dict[str, tuple[str, ...]]] = {
    "accept": ("Accept: " + "a," * 61_000,),
    "accept-that-fits": ("Accept: " + "a/b;q=0.1," * 63,),
    "accept-quotes": ("Accept: " + '"\\' * 1000,),
    "accept-language": ("Accept-Language: " + "a," * 7_000,),
    "accept-encoding": ("Accept-Encoding: " + "a," * 7_000,),
    "tags": ("If-None-Match: " + '"a",' * 3_500,),
    "match": ("If-Match: " + "W/," * 4_500,),
    "dates": ("If-Modified-Since: " + "1 " * 7_000,),
    "ranges": ("Range: bytes=" + "0-1," * 3_500,),
    "forwarded": ("Forwarded: " + "for=a," * 2_300, "X-Forwarded-For: " + "a," * 500),
    "type": ("Content-Type: " + "a;" * 7_000,),
    "preflight": ("Access-Control-Request-Headers: " + "a," * 7_000,),
    "many-of-one-name": ("a: b",) * 25_000,
    "fewer-of-one-name": ("a: b",) * 2_000,
}
TARGETS: Final = {
    "encoded": "{}?a=" + "%41" * 19_000,
    "encoded-format": "{}?format=" + "%41" * 19_000,
    "names": "{}?" + "%41&" * 999,
    "ampersands": "{}?" + "&" * 59_000,
    "values": "{}?" + "format=a&" * 999,
    "path": "{}/" + "%41" * 19_000,
    "graph": "{}?graph=" + "%41" * 19_000,
    "query": "{}?query=" + "%3Fa" * 14_000,
}
TEXTS: Final = {
    "now": b"ASK{}#" + b"now#" * (LONG // 4),
    "escapes": b"ASK {} #\n" + b"\\a" * (LONG // 2),
    "variables": b"ASK {} #\n" + b"?a" * (LONG // 2),
    "brackets": b"ASK {} " + b"<a" * (LONG // 2),
    "service": b"ASK {} " + b"service." * (LONG // 8),
    "service-that-fits": b"ASK {} " + b"service." * 1_000,
    "escapes-that-fit": b"ASK {} #\n" + b"\\a" * 4_000,
    "variables-that-fit": b"ASK {} #\n" + b"?a" * 4_000,
    "prefixes-that-fit": b"ASK {} " + b"a: " * 2_700,
    "one-line": b"ASK {} " + b"x" * MIB,
}
FORMS: Final = {
    "encoded": b"query=ASK{}&x=" + b"%41" * (MIB // 3 - 10),
    "formats": b"query=ASK{}" + b"&format=%41" * 990,
    "graphs": b"query=ASK{}" + b"&default-graph-uri=urn:a" * 990,
    "times": b"query=ASK{}&timeout=" + b"1" * 30_000,
    "hurry": b"query=ASK{}" + b"timeout=" * (MIB // 9),
    "encoded-that-fits": b"query=ASK{}&x=" + b"%41" * 10_900,
}


def heads() -> Iterator[tuple[str, bytes]]:
    """Yield requests with hostile heads and addresses, with their names."""
    for route in ROUTES:
        for name, fields in HEADS.items():
            yield f"GET {route} {name}", head("GET", route, *fields)
        for name, target in TARGETS.items():
            yield f"GET {route} {name}", head("GET", target.format(route))
        yield f"OPTIONS {route}", head("OPTIONS", route, *HEADS["preflight"])
    # Pages of errors are written by the web process itself.
    for name, target in TARGETS.items():
        for path in ("/sparql", "/gsp", "/update"):
            yield f"page {path} {name}", head("GET", target.format(path), "Accept: text/html")
    yield "page of too much", head("GET", "/", "Accept: text/html", *HEADS["accept-language"])


def bodies() -> Iterator[tuple[str, bytes]]:
    """Yield requests with hostile bodies, with their names."""
    for name, text in TEXTS.items():
        for way in (post, zipped):
            yield f"{way.__name__} query {name}", way("/sparql", text, QUERY)
        yield f"form {name}", post("/sparql", b"query=" + text.replace(b"#", b"%23"), FORM)
    for name, form in FORMS.items():
        for way in (post, zipped):
            yield f"{way.__name__} form {name}", way("/sparql", form, FORM)
    twice = gzip.compress(b"ASK {}") * 2_000
    for route in ("/sparql", "/validate", "/update", "/gsp?default", "/nothing"):
        yield f"chunks {route}", chunked(route, b"a" * 10_000, QUERY)
        yield f"gzip {route}", zipped(route, b"# a comment\n" * (MIB // 13), "text/turtle")
        yield f"behind gzip {route}", post(route, twice, QUERY, "Content-Encoding: gzip")


def worked(server: Server) -> float:
    """Return the processor seconds that the thread of the event loop has worked."""
    number = server.process.pid
    told = Path(f"/proc/{number}/task/{number}/schedstat")
    if not told.exists():
        pytest.skip("this kernel does not tell the processor time of a thread")
    return int(told.read_text().split()[0]) / 1e9


def reference() -> float:
    """Return the processor seconds of the fixed piece of work, as this machine is now."""
    start = thread_time()
    total = 0
    for step in range(STEPS):
        total += step & 1
    return thread_time() - start


def cost(server: Server, data: bytes) -> float:
    """Return the processor seconds of the event loop that a request took until its answer came."""
    start = worked(server)
    with connected(server) as line:
        with suppress(BrokenPipeError, ConnectionResetError):
            line.sendall(data)
        rest(line)
    return worked(server) - start


@pytest.mark.threat("event-loop")
def test_no_request_holds_the_loop_up(server: Server) -> None:
    """Heads, addresses, forms, queries, gzip and chunks that are made to take long do not."""
    unit = min(reference() for _ in range(3))
    request(server, "GET", "/sparql?query=x", accept="text/html")
    found = {}
    for name, data in (*heads(), *bodies()):
        costs = []
        while len(costs) < TRIES:
            costs.append(cost(server, data) / unit)
            if costs[-1] < 1:
                break
        found[name] = min(costs)
    assert {name: times for name, times in found.items() if times >= 1} == {}
