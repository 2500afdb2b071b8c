"""Two minutes of mixed load, hostile queries and killed workers, and what became of each request.

Usage: python -m tests.live.soak [--seconds 120] [--rate 100]

Requests are sent when they are due, whether or not earlier ones are answered, and their time counts
from then. First the ordinary ones come alone for half as long; then, from a fresh begin, the same
ones with one hostile query in twenty among them, while workers are killed at random.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import os
import random
import signal
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Coroutine, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import takewhile
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from benchmarks.questions import parsed
from tests.live import processes, wire
from tests.live.arrivals import (
    EXPORTS,
    HOSTILE,
    Arrival,
    accept_of,
    arrivals,
    asked,
    problem,
    target,
)
from tests.live.verdict import TIME, Record, Soak, faults, rows, slowness, table

from samsyn.sparql.index import Index

FLAGS: Final = ("--timeout", str(TIME), "--memory", "256")
"""What the server is started with: limits that a hostile query reaches soon."""
CACHE: Final = {"SAMSYN_CACHE": "8"}
"""Few answers are kept, so that what grows is no cache that fills up."""
PATH: Final = "/sparql"
PATIENCE: Final = 60.0
_REST: Final = 1.0
"""Seconds after which the workers that were killed last have been replaced."""
_SAMPLE: Final = 0.5
_KILLS: Final = 0.5
"""Seconds between two kills, on average."""


@dataclass
class Driver:
    """Sends requests and notes what became of them.

    Args:
        port: where the server listens.
        expected: the right answers, by kind and name of the question.
    """

    port: int
    expected: dict[tuple[str, str], bytes]
    _odd: dict[tuple[bytes, bytes], bool] = field(default_factory=dict)

    async def phase(self, name: str, coming: Iterable[Arrival]) -> list[Record]:
        """Send requests as they are due, and wait until all have ended."""
        begin, tasks = time.monotonic(), list[asyncio.Task[Record]]()
        for arrival in coming:
            if (pause := begin + arrival.due - time.monotonic()) > 0:
                await asyncio.sleep(pause)
            tasks.append(asyncio.create_task(self._request(name, arrival, begin + arrival.due)))
        return list(await asyncio.gather(*tasks))

    async def _request(self, phase: str, arrival: Arrival, due: float) -> Record:
        begun = time.monotonic()
        try:
            async with asyncio.timeout(PATIENCE):
                reply = await wire.get(self.port, arrival.target, arrival.accept, arrival.source)
        except TimeoutError:
            reply = wire.Reply()
        ended = time.monotonic()
        outcome = self.outcome(arrival, reply)
        note = "" if outcome == "right" else f"{arrival.name}: {reply.status} {reply.body[:200]!r}"
        return Record(phase, arrival.kind, outcome, ended - due, begun - due, ended, note)

    def outcome(self, arrival: Arrival, reply: wire.Reply) -> str:
        """Say what an answer is: one of :data:`tests.live.verdict.OUTCOMES`."""
        if reply.status == 0:
            return "broken"
        if not reply.whole:
            return "cut"
        if reply.status == 200:
            return "right" if self._right(arrival, reply.body) else "wrong"
        if reply.status == 503 and problem(reply.body).endswith("query-limit"):
            return "limit"
        if reply.status in (429, 503) and "retry-after" in reply.headers:
            return "full"
        return "error"

    def _right(self, arrival: Arrival, body: bytes) -> bool:
        # A hostile query has no right answer: what looks like one was not computed.
        known = self.expected.get((arrival.kind, arrival.name))
        if known is None or body == known:
            return known is not None
        if (body, known) not in self._odd:
            self._odd[body, known] = same(arrival.kind, body, known)
        return self._odd[body, known]


def same(kind: str, one: bytes, other: bytes) -> bool:
    """Return whether two answers hold the same rows or triples, whatever their order."""
    if kind == EXPORTS:
        return sorted(one.splitlines()) == sorted(other.splitlines())
    try:
        return parsed(one) == parsed(other)
    except (ValueError, KeyError):
        return False


def computed(index: Index) -> dict[tuple[str, str], bytes]:
    """Compute the right answers, without any server."""
    return {
        (kind, question.name): index.query(question.text()).serialise(accept_of(kind))
        for kind, questions in asked().items()
        for question in questions
    }


async def answered(port: int, right: dict[tuple[str, str], bytes], path: str) -> Driver:
    """Have the server answer each question once, so that its bytes are known.

    Raises:
        AssertionError: an answer is not the right one.
    """
    seen = {}
    for kind, questions in asked().items():
        for question in questions:
            reply = await wire.get(port, target(path, question.text()), accept_of(kind))
            key = kind, question.name
            assert reply.whole, f"{key}: {reply.status}"
            assert same(kind, reply.body, right[key]), f"{key}: {reply.body[:500]!r}"
            seen[key] = reply.body
    return Driver(port, seen)


@contextlib.asynccontextmanager
async def _beside(work: Coroutine[None, None, None]) -> AsyncIterator[None]:
    task = asyncio.create_task(work)
    try:
        yield
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


async def soak(server: int, driver: Driver, seconds: float, rate: float, path: str = PATH) -> Soak:
    """Soak a server.

    Args:
        server: its process id.
        driver: sends the requests.
        seconds: how long the part with hostile queries is.
        rate: how many requests arrive in a second.
        path: of the endpoint.
    """
    found = Soak()
    quiet = takewhile(lambda a: a.due < seconds / 2, arrivals(seconds, rate, path, first=1))
    found.records += await driver.phase("quiet", (a for a in quiet if a.kind != HOSTILE))
    found.before = await _resting(server)
    async with _beside(_watch(server, found)), _beside(_kill(server, found)):
        found.records += await driver.phase("hostile", arrivals(seconds, rate, path, first=2))
    found.after = await _resting(server)
    return found


async def _resting(server: int) -> int:
    await asyncio.sleep(_REST)
    return await asyncio.to_thread(processes.memory, server)


async def _watch(server: int, found: Soak) -> None:
    while True:
        found.peak = max(found.peak, await asyncio.to_thread(processes.memory, server))
        await asyncio.sleep(_SAMPLE)


async def _kill(server: int, found: Soak) -> None:
    dice = random.Random(2)  # noqa: S311 (chance, not secrecy)
    while True:
        await asyncio.sleep(dice.expovariate(1 / _KILLS))
        if workers := await asyncio.to_thread(processes.workers, server):
            found.kills.append(time.monotonic())
            processes.kill(dice.choice(workers))


async def floor(seconds: float, rate: float, driver: Driver) -> list[Record]:
    """Measure what the driver itself takes, with a server that has every answer at hand.

    It runs in the same process, so that the true floor lies below.
    """
    coming = [a for a in arrivals(seconds, rate, PATH, first=3) if a.kind != HOSTILE]
    known = {arrival.target: arrival for arrival in coming}

    async def reply(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        arrival = known[head.split(b" ", 2)[1].decode()]
        body = driver.expected[arrival.kind, arrival.name]
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(body) + body)
        await writer.drain()
        writer.close()

    listener = await asyncio.start_server(reply, "127.0.0.1", 0)
    async with listener:
        port = listener.sockets[0].getsockname()[1]
        return await Driver(port, driver.expected).phase("floor", coming)


@contextlib.contextmanager
def serving(root: Path, log: Path, flags: Sequence[str] = FLAGS) -> Iterator[tuple[int, int]]:
    """Start the server, and end it; yield its process id and its port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    command = [sys.executable, "-m", "samsyn", "serve", "--port", str(port), *flags]
    with log.open("wb") as file:
        process = subprocess.Popen(
            command, cwd=root, env=os.environ | CACHE, stdout=file, stderr=subprocess.STDOUT
        )
    try:
        end = time.monotonic() + PATIENCE
        while asyncio.run(wire.get(port, "/health", "*/*")).status != 200:
            assert process.poll() is None, log.read_text()
            assert time.monotonic() < end, f"the server did not start in {PATIENCE:.0f} s"
            time.sleep(0.1)
        yield process.pid, port
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(PATIENCE)


async def run(server: int, port: int, index: Index, seconds: float, rate: float) -> Soak:
    """Soak a server that runs; see `soak`."""
    driver = await answered(port, computed(index), PATH)
    return await soak(server, driver, seconds, rate)


def main() -> int:
    """Soak the server of this checkout, and print what happened."""
    from samsyn.closure import close
    from samsyn.dataset.exact import load
    from samsyn.layout import Layout

    parser = argparse.ArgumentParser()
    parser.add_argument("--seconds", type=float, default=120.0)
    parser.add_argument("--rate", type=float, default=100.0)
    given = parser.parse_args()
    layout = Layout.find()
    index = Index(close(load(layout)))
    with TemporaryDirectory() as folder, serving(layout.root, Path(folder) / "log") as (pid, port):
        found = asyncio.run(run(pid, port, index, given.seconds, given.rate))
    driver = Driver(0, computed(index))
    alone = asyncio.run(floor(min(given.seconds, 10.0), given.rate, driver))
    print(table(found), *rows(alone), sep="\n")
    print(*(wrong := [*faults(found), *slowness(found)]), sep="\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
