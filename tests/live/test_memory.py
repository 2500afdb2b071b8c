"""The metrics of what is held for clients agree with the memory of the processes within a tenth."""

from __future__ import annotations

import re
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from urllib.parse import quote, urlsplit

import pytest
from tests.live import processes
from tests.live.attacking import MIB, PATIENCE, memory, request
from tests.live.serving import Server, serving
from tests.service.listening import until

TENTH = 0.1
UNHURRIED = {
    "CACHE": "48",
    "RESPONSE_BUFFER_KIB": "8192",
    "TIMEOUT": "20",
    "HEADER_TIMEOUT": "30",
    "BODY_TIMEOUT": "30",
    "MIN_CLIENT_BYTES_PER_SECOND": "1",
    "WORKERS": "2",
}
"""Large answers are held whole, and nobody is hurried."""
GIVEN_BACK = {"MALLOC_ARENA_MAX": "1", "MALLOC_MMAP_THRESHOLD_": "8192"}
"""The allocator of C keeps nothing for later: what is measured is what is held."""
SAMPLE = re.compile(r'samsyn_held_bytes\{kind="(\w+)"\} ([\d.e+]+)')


@pytest.fixture(scope="module")
def weighed() -> Iterator[Server]:
    """A server whose memory says what it holds."""
    environment = {f"SAMSYN_{name}": value for name, value in UNHURRIED.items()}
    with serving(environment=environment | GIVEN_BACK) as server:
        for number in range(2):
            request(server, "GET", rows(28_000, number))
        yield server


def rows(many: int, first: int = 0, more: str = "") -> str:
    """Return the target of a query with so many rows of some 120 bytes."""
    text = f"SELECT * {{ ?a ?b ?c . ?d ?e ?f }} LIMIT {many} OFFSET {first}"
    return f"/sparql?format=csv&query={quote(text + more)}"


def held(server: Server) -> dict[str, int]:
    """Return the bytes of each kind that the metrics tell."""
    body = request(server, "GET", "/metrics").body.decode()
    return {kind: int(float(number)) for kind, number in SAMPLE.findall(body)}


def settled(number: Callable[[], int]) -> int:
    """Return a number of bytes as soon as it changes by no more than 64 KiB."""
    last, now = -MIB, number()
    while abs(now - last) > MIB // 16:
        time.sleep(0.15)
        last, now = now, number()
    return now


class Scales:
    """What the metrics tell of a kind, beside what there is of it.

    Args:
        server: that holds it.
        kind: of what.
        real: measures it.
    """

    def __init__(self, server: Server, kind: str, real: Callable[[], int]) -> None:
        self._told = lambda: held(server)[kind]
        self._real = real
        self._before = settled(self._told), settled(real)

    def agree(self, least: int) -> None:
        """See that so many bytes come to be held, and that both have grown alike then.

        A machine that does other things too may halt on the way, and the readers are looked at only
        once a second.
        """
        end = time.monotonic() + PATIENCE
        told = real = 0
        while told < least or abs(told - real) > TENTH * told:
            assert time.monotonic() < end, f"{told / MIB:.1f} told, {real / MIB:.1f} MiB held"
            told = settled(self._told) - self._before[0]
            real = settled(self._real) - self._before[1]

    def given_back(self, least: int) -> None:
        """See that no more than a tenth of so many bytes is left of both."""
        until(lambda: self._told() - self._before[0] <= TENTH * least)
        until(lambda: self._real() - self._before[1] <= TENTH * least)


@contextmanager
def lines(server: Server, sent: Callable[[int], bytes], many: int) -> Iterator[None]:
    """Send something over so many connections of some clients, and read nothing."""
    port = urlsplit(server.address).port
    with ExitStack() as stack:
        for number in range(many):
            line = stack.enter_context(socket.socket())
            line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            line.bind((f"127.0.8.{number % 5 + 1}", 0))
            line.connect(("127.0.0.1", port))
            line.sendall(sent(number))
        yield


@pytest.mark.threat("memory")
def test_what_the_cache_holds(weighed: Server) -> None:
    """Answers that are kept."""
    scales = Scales(weighed, "cache", web(weighed))
    # On a busy machine some are sent before they are whole, and not kept.
    for number in range(200):
        assert request(weighed, "GET", rows(9_000, number)).status == 200
        if held(weighed)["cache"] > 9 * MIB:
            break
    scales.agree(8 * MIB)


@pytest.mark.threat("memory")
@pytest.mark.parametrize(
    ("size", "many"), [pytest.param(28_000, 5, id="whole"), pytest.param(100_000, 2, id="streamed")]
)
def test_what_waits_for_readers(weighed: Server, size: int, many: int) -> None:
    """Answers that nobody takes."""
    scales = Scales(weighed, "unsent", web(weighed))

    def ask(number: int) -> bytes:
        return f"GET {rows(size, 100 + number)} HTTP/1.1\r\nHost: x\r\n\r\n".encode()

    with lines(weighed, ask, many):
        scales.agree(14 * MIB)
    scales.given_back(14 * MIB)


@pytest.mark.threat("memory")
def test_what_has_been_received(weighed: Server) -> None:
    """Bodies that are not whole yet."""
    scales = Scales(weighed, "received", web(weighed))
    body = b"x" * (MIB - 1)
    head = (
        b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Type: application/sparql-query\r\n"
        b"Content-Length: %d\r\n\r\n" % (len(body) + 1)
    )
    with lines(weighed, lambda _: head + body, 15):
        scales.agree(14 * MIB)
    scales.given_back(14 * MIB)


@pytest.mark.threat("memory")
def test_what_lies_in_files(weighed: Server) -> None:
    """Answers for clients of HTTP/1.0, who are told their length before."""
    scales = Scales(weighed, "spooled", lambda: files(weighed.process.pid))

    def ask(number: int) -> bytes:
        return f"GET {rows(40_000, number)} HTTP/1.0\r\nHost: x\r\n\r\n".encode()

    with lines(weighed, ask, 2):
        scales.agree(8 * MIB)
    scales.given_back(8 * MIB)


@pytest.mark.threat("memory")
def test_what_workers_hold(weighed: Server) -> None:
    """Rows that a worker has sorted, for a reader who does not take them."""
    scales = Scales(weighed, "workers", lambda: private(weighed.process.pid))
    text = "SELECT * { { SELECT * { ?a ?b ?c . ?d ?e ?f } LIMIT 400000 } } ORDER BY ?f"
    target = f"/sparql?format=csv&query={quote(text)}"
    with lines(weighed, lambda _: f"GET {target} HTTP/1.1\r\nHost: x\r\n\r\n".encode(), 1):
        scales.agree(100 * MIB)
    scales.given_back(100 * MIB)


def web(server: Server) -> Callable[[], int]:
    """Return what measures the memory of the web process."""
    return lambda: memory(server.process.pid)


def files(pid: int) -> int:
    """Return the bytes of files that a process has open and nobody can name."""
    found = 0
    for file in Path(f"/proc/{pid}/fd").iterdir():
        # It may have been closed meanwhile.
        with suppress(OSError):
            if str(file.readlink()).endswith("(deleted)"):
                found += file.stat().st_size
    return found


def private(server: int) -> int:
    """Return the bytes that one worker shares with nobody; of several, the one with most."""
    most = 0
    for worker in processes.workers(server):
        found = 0
        # One that has just ended holds nothing.
        with suppress(OSError):
            for line in Path(f"/proc/{worker}/smaps_rollup").read_text().splitlines():
                if line.startswith(("Private_Dirty:", "Private_Clean:")):
                    found += int(line.split()[1]) * 1024
        most = max(most, found)
    return most
