"""What a test does to a pool, and what it sees of its processes."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from samsyn.server.workers.limits import Limits
from samsyn.server.workers.pool import Pool
from samsyn.server.workers.running import Job

PATIENCE = 60.0
"""Seconds after which what should have happened has not."""


class Clock:
    """A clock that a test sets."""

    now = 1000.0

    def __call__(self) -> float:
        """Tell the time."""
        return self.now


class Bench:
    """A pool with what a test does to it.

    Args:
        pool: the pool.
        events: what has happened to its jobs and workers.
    """

    def __init__(self, pool: Pool, events: list[str]) -> None:
        self.pool = pool
        self.events = events

    async def ask(self, body: str, client: str = "one", **bounds: Any) -> bytes:
        """Have a job done and return its whole answer."""
        answer = await self.pool.ask(self.job(body, client, **bounds))
        return b"".join([chunk async for chunk in answer.chunks()])

    def begin(self, body: str, client: str = "one", **bounds: Any) -> asyncio.Task[bytes]:
        """Have a job done meanwhile."""
        return asyncio.ensure_future(self.ask(body, client, **bounds))

    def job(self, body: str, client: str = "one", **bounds: Any) -> Job:
        """Make a job."""
        return Job(body.encode(), client, Limits(**{"wall": PATIENCE, "cpu": 20, **bounds}))

    def working(self) -> list[int]:
        """List the processes that work on a job, in the order of their beginning."""
        return [fork.pid for fork in self.pool._runs]

    def idle(self) -> list[int]:
        """List the processes that wait for a job."""
        return [fork.pid for fork in self.pool._free.idle]

    @property
    def zygote(self) -> int:
        """The process that holds the data."""
        line = self.pool._supervisor._line
        assert line is not None
        return line.pid

    async def until(self, holds: Callable[[], Any]) -> Any:
        """Wait until something holds, and return it."""
        end = time.monotonic() + PATIENCE
        while not (found := holds()):
            assert time.monotonic() < end, "it never came to hold"
            await asyncio.sleep(0.005)
        return found

    async def gone(self, *pids: int) -> None:
        """Wait until processes have ended."""
        await self.until(lambda: not any(alive(pid) for pid in pids))


def state(pid: int) -> str:
    """Return the letter for what a process does, empty when there is none."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return ""


def alive(pid: int) -> bool:
    """Return whether a process runs; one that has ended and is not buried yet does not."""
    return state(pid) not in ("", "Z", "X")


def children(pid: int) -> list[int]:
    """List the processes that a process has started, and those that they have."""
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            parent = int(path.read_text().rpartition(")")[2].split()[1])
        except (FileNotFoundError, ProcessLookupError):
            continue
        if parent == pid:
            child = int(path.parent.name)
            found += [child, *children(child)]
    return found
