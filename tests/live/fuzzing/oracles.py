"""What must hold of a server whatever it was sent, and a server that is watched for it."""

from __future__ import annotations

import asyncio
import os
import re
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final
from urllib.parse import quote, urlsplit

from tests.live import processes, wire
from tests.live.fuzzing.cases import TOKEN
from tests.live.serving import ROOT, Server, serving, writing

MIB: Final = 1024 * 1024
LIMITS: Final = {
    "TIMEOUT": "2",
    "MEMORY": "128",
    "MAX_ANSWER": "4",
    "CACHE": "4",
    "HEADER_TIMEOUT": "2",
    "BODY_TIMEOUT": "3",
    "MAX_WRITE": "4",
}
"""Settings that hostile requests reach soon."""
WRITING: Final = "6"
"""Seconds for a request where writes are taken: each is checked and inferred from."""
PATIENCE: Final = 40.0
"""Seconds after which an answer is missing: the times for head, body, place and query, that for
which an idle connection is kept, and as much again for a machine that does other things too."""
MOST_MEMORY: Final = 1024 * MIB
"""Bytes that all processes may hold together, what they share once."""
MOST_GROWTH: Final = 160 * MIB
"""Bytes that they may hold more, at rest, than at first: the cache and what allocators keep."""
MOST_WRITTEN: Final = 256 * MIB
"""Bytes that may be held more where writes are taken: two revisions side by side, and what earlier
ones left since it was last collected."""
MOST_DESCRIPTORS: Final = 16
"""Descriptors of the web process that may be open at rest, beside those at first."""
MOST_STALL: Final = 0.5
"""Seconds of processor time that the web process may take before it answers a probe. A share of
wall clock would tell of the machine, not of the server."""
LONG_STALL: Final = "0.5"
"""The same for one turn of the event loop, as its watchdog tells: a bucket of the histogram."""
SETTLING: Final = 15.0
"""Seconds within which a server that is sent nothing more is at rest."""

_TICK: Final = os.sysconf("SC_CLK_TCK")
_STEADY: Final = 0.2
"""Seconds for which nothing changes where a server is at rest."""
_PROBES: Final = 0.025
_SAMPLES: Final = 0.5
_SAMPLE: Final = re.compile(r"(samsyn_\w+)(?:\{([^}]*)\})? ([\d.e+-]+)")
_TROUBLE: Final = re.compile(
    r'Traceback|"status": 500|panicked|Fatal Python|never retrieved|RuntimeWarning|ResourceWarning'
)
_ROWS: Final = 24
_WIDTH: Final = 3000
"""Of the log: as much as says where the fault is."""
_FIXED: Final = (
    "SELECT (COUNT(*) AS ?n) { GRAPH <https://w3id.org/samsyn/graph/stated/networks> { ?s ?p ?o }}",
    "SELECT ?s { ?s a samsyn:Network } ORDER BY ?s",
    "ASK { ?s samsyn:reportsTo ?o }",
    "CONSTRUCT { ?s a ?c } WHERE { GRAPH <https://w3id.org/samsyn/graph/stated/actors> "
    "{ ?s a ?c } }",
)
"""Queries whose answers no request to a server that only reads may change."""
_TRIES: Final = 5
_GRAPH: Final = b"<urn:x:fixed> <urn:x:p> 1 ."


@dataclass
class Watched:
    """A server, and what it was like before it was sent anything.

    Args:
        server: that runs.
        folder: in which it runs, with all that it may write.
        writable: whether it takes writes.
        hits: connections that came to the listener nobody may ask.
    """

    server: Server
    folder: Path
    writable: bool
    hits: list[bytes]
    peak: int = 0
    stall: float = 0.0
    _seen: int = 0
    _hits: int = 0
    _stalls: int = 0
    _start: dict[str, int] = field(default_factory=dict)
    _answers: list[bytes] = field(default_factory=list)

    @property
    def port(self) -> int:
        """Where it listens."""
        return urlsplit(self.server.address).port or 0

    @property
    def pid(self) -> int:
        """The web process."""
        return self.server.process.pid

    async def begin(self) -> None:
        """Note what it is like."""
        self._answers = await self._fixed()
        before: dict[str, int] = {}
        while before != (now := self._seen_at_rest()):
            before = now
            await asyncio.sleep(_STEADY)
        self._start = now | {"memory": processes.memory(self.pid)}
        self._seen = len(self.server.output())

    def _seen_at_rest(self) -> dict[str, int]:
        workers = len(processes.workers(self.pid))
        return {"workers": workers, "descriptors": self._descriptors()}

    async def faults(self) -> list[str]:
        """Say what is not as it was, once it is at rest."""
        if self.server.process.poll() is not None:
            return [f"the server has ended: {self.server.output()[-2000:]}"]
        end, found = time.monotonic() + SETTLING, await self._unrest()
        while found and time.monotonic() < end:
            await asyncio.sleep(0.2)
            found = await self._unrest()
        return [*found, *self._noted(), *await self._stalled(), *await self._harm()]

    async def _unrest(self) -> list[str]:
        found = []
        ready = await wire.get(self.port, "/ready", "*/*", "127.0.9.1")
        if ready.status != 200:
            found.append(f"/ready says {ready.status}")
        numbers = await self.metrics()
        for name, value in numbers.items():
            place = name.startswith(("samsyn_held", "samsyn_jobs_running"))
            own = 1 if "connections" in name else 0
            # What the cache holds is under its own bound.
            if place and "cache" not in name and value > own:
                found.append(f"{name} is {value:.0f} at rest")
        workers = len(processes.workers(self.pid))
        if workers != self._start["workers"]:
            found.append(f"{workers} workers, not {self._start['workers']}")
        if (more := self._descriptors() - self._start["descriptors"]) > MOST_DESCRIPTORS:
            found.append(f"{more} descriptors more than at first")
        return found

    def _noted(self) -> Iterator[str]:
        output = self.server.output()
        new, self._seen = output[self._seen :], len(output)
        if trouble := _TROUBLE.search(new):
            rows = new[trouble.start() :].splitlines()[:_ROWS]
            yield "the log: " + "\n".join(row[:_WIDTH] for row in rows)
        if len(self.hits) > self._hits:
            yield f"the listener was asked: {self.hits[self._hits :]}"
            self._hits = len(self.hits)
        written = MOST_WRITTEN if self.writable else 0
        if self.peak > MOST_MEMORY + written:
            yield f"{self.peak // MIB} MiB were held, which is over {MOST_MEMORY // MIB}"
        growth = processes.memory(self.pid) - self._start["memory"]
        if growth > MOST_GROWTH + written:
            yield f"{growth // MIB} MiB more are held at rest than at first"
        if self.stall > MOST_STALL:
            yield f"a probe waited while {self.stall:.2f} s of processor time went"
        self.peak, self.stall = 0, 0.0
        known = {"store", "tmp", "token"}
        names = {path.name for path in self.folder.iterdir()}
        if names - known or any((self.folder / "tmp").iterdir()):
            yield f"files were left: {sorted(names - known)}, {[*(self.folder / 'tmp').iterdir()]}"

    async def _stalled(self) -> list[str]:
        """Count the turns of the event loop that took long, by the processor time in them."""
        numbers = await self.metrics()
        name = "samsyn_loop_stalls_processor"
        every = numbers[f"{name}_count"]
        long = int(every - numbers[f'{name}_bucket le="{LONG_STALL}"'])
        new, self._stalls = long - self._stalls, long
        return [f"the event loop stood still for over {LONG_STALL} s, {new} times"] if new else []

    async def _harm(self) -> list[str]:
        answers = await self._fixed()
        return [
            f"another answer than before: {one[:200]!r}, not {other[:200]!r}"
            for one, other in zip(answers, self._answers, strict=True)
            if one != other
        ]

    async def _fixed(self) -> list[bytes]:
        if self.writable:
            return [await self._stored()]
        replies = [
            await wire.get(
                self.port,
                f"/sparql?query={quote(text)}",
                "text/csv, application/n-triples",
                "127.0.9.1",
            )
            for text in _FIXED
        ]
        return [b"%d " % r.status + b"\n".join(sorted(r.body.splitlines())) for r in replies]

    async def _stored(self) -> bytes:
        # That a graph can be written and read says more than that nothing was changed: the fuzzer
        # has the token.
        head = (
            f"PUT /gsp?graph=urn:x:fixed HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
            f"Authorization: Bearer {TOKEN}\r\nContent-Type: text/turtle\r\n"
            f"Content-Length: {len(_GRAPH)}\r\n\r\n"
        )
        for _ in range(_TRIES):
            reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
            writer.write(head.encode() + _GRAPH)
            reply = await reader.read()
            writer.close()
            # A machine that does other things too may not be done in time.
            if not reply.startswith(b"HTTP/1.1 503"):
                break
        found = await wire.get(self.port, "/gsp?graph=urn:x:fixed", "application/n-triples")
        return b"%d " % found.status + found.body

    async def metrics(self) -> dict[str, float]:
        """Return its numbers, by name and labels."""
        reply = await wire.get(self.port, "/metrics", "*/*", "127.0.9.1")
        rows = (_SAMPLE.fullmatch(row) for row in reply.body.decode().splitlines())
        return {f"{row[1]} {row[2] or ''}".strip(): float(row[3]) for row in rows if row}

    @asynccontextmanager
    async def watching(self) -> AsyncIterator[None]:
        """Watch memory and loop for as long as the context lasts."""
        tasks = [asyncio.create_task(self._sample()), asyncio.create_task(self._probe())]
        try:
            yield
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _sample(self) -> None:
        while True:
            held = await asyncio.to_thread(processes.memory, self.pid)
            self.peak = max(self.peak, held)
            await asyncio.sleep(_SAMPLES)

    async def _probe(self) -> None:
        while True:
            before = self._spent()
            with suppress(OSError):
                await wire.get(self.port, "/health", "*/*", "127.0.9.2")
            self.stall = max(self.stall, self._spent() - before)
            await asyncio.sleep(_PROBES)

    def _spent(self) -> float:
        try:
            fields = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()
        except OSError:
            return 0.0
        return (int(fields[11]) + int(fields[12])) / _TICK

    def _descriptors(self) -> int:
        with suppress(PermissionError):
            return len(os.listdir(f"/proc/{self.pid}/fd"))  # noqa: PTH208 (only their number)
        return 0


@contextmanager
def watched(hits: list[bytes], *, writable: bool) -> Iterator[Watched]:
    """Serve the facts of the checkout from a folder in which nothing else is.

    Args:
        hits: what the listener notes that nobody may ask.
        writable: whether the server takes writes.
    """
    with TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "tmp").mkdir()
        flags = writing(folder, TOKEN) if writable else ()
        limits = {f"SAMSYN_{name}": value for name, value in LIMITS.items()}
        if writable:
            limits["SAMSYN_TIMEOUT"] = WRITING
        environment = {**limits, "TMPDIR": str(folder / "tmp"), "HOME": str(folder)}
        # What is in the log has been told, with the cases that led to it.
        with (
            suppress(AssertionError),
            serving(*flags, directory=folder, environment=environment) as server,
        ):
            yield Watched(server, folder, writable, hits)


def files() -> set[str]:
    """List the files of the checkout, so that a new one shows."""
    own = {".git", ".venv", ".cache", "node_modules", "__pycache__"}
    return {
        os.path.join(folder, name)  # noqa: PTH118 (thousands of them)
        for folder, folders, names in os.walk(ROOT)
        for name in names
        if not folders.__setitem__(slice(None), [f for f in folders if f not in own])
    }
