"""One job on its way through the pool: its clock, its queue, its worker."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from samsyn.server.workers.answer import Answer
from samsyn.server.workers.limits import Limits

if TYPE_CHECKING:
    from samsyn.server.workers.fork import Fork


@dataclass(frozen=True)
class Job:
    """What is to be done, for whom, within what.

    Args:
        body: the job as the service reads it.
        client: who asks, for the sharing of places.
        bounds: its limits.
    """

    body: bytes
    client: str
    bounds: Limits


class Clock:
    """Counts down seconds, and can be stopped.

    Args:
        seconds: how many.
        rang: called when they are over.
    """

    def __init__(self, seconds: float, rang: Callable[[], None]) -> None:
        self._loop = asyncio.get_running_loop()
        self._left = seconds
        self._rang = rang
        self._since: float | None = None
        self._timer: asyncio.TimerHandle | None = None

    def start(self) -> None:
        """Go on counting."""
        if self._since is None:
            self._since = self._loop.time()
            self._timer = self._loop.call_later(max(0.0, self._left), self._rang)

    def stop(self) -> None:
        """Hold."""
        if self._since is not None and self._timer is not None:
            self._left -= self._loop.time() - self._since
            self._timer.cancel()
            self._since = None


class Overseer(Protocol):
    """Who is reported what becomes of a run."""

    def overdue(self, run: Run) -> None:
        """Its time is over."""

    def abandoned(self, run: Run) -> None:
        """Its reader has gone."""

    def unread(self, run: Run) -> None:
        """The worker has to wait for its reader."""

    def read(self, run: Run) -> None:
        """The reader has taken what the worker waited for."""


class Run:
    """One try at a job.

    Args:
        job: the job.
        fork: the process that works on it.
        buffer: bytes that are held for the reader before the worker waits for it.
        overseer: who is told what becomes of it.
    """

    def __init__(self, job: Job, fork: Fork, buffer: int, overseer: Overseer) -> None:
        self.job = job
        self._overseer = overseer
        self.client = job.client
        self.fork = fork
        self.stopped = False
        self.waits_for_reader = False
        self.answer = Answer(buffer, self._pace, lambda: overseer.abandoned(self))
        self.clock = Clock(job.bounds.wall, lambda: overseer.overdue(self))
        self.slow = False
        self.given = 0.0
        """Seconds that it was given beyond its time, since its client's other jobs took that."""
        self.had = 0.0
        """Seconds of processor time that it had when last looked at."""
        self.held = 0
        """Bytes of memory that are counted for it."""
        self.unread_since: float | None = None
        """When it first had to wait for its reader."""
        self._begun_at = 0.0
        self._waited = 0.0
        self._stopped_at: float | None = None
        self._ended = False
        self._timer: asyncio.TimerHandle | None = None

    @property
    def begun(self) -> bool:
        """Whether its answer is on its way to the reader."""
        return self.answer.begun

    @property
    def waited(self) -> float:
        """Seconds for which it was stopped, so that others could run."""
        since = self._stopped_at
        return self._waited + (0.0 if since is None else asyncio.get_running_loop().time() - since)

    @property
    def age(self) -> float:
        """Seconds since the worker was given the job."""
        return asyncio.get_running_loop().time() - self._begun_at

    def look(self) -> None:
        """Take note of what it has had."""
        self.had = self.fork.spent()

    def extend(self, seconds: float) -> None:
        """Give it more time, once its time is over."""
        self.given = seconds
        self.clock = Clock(seconds, lambda: self._overseer.overdue(self))
        self.clock.start()

    def begin(self) -> None:
        """Hand the job to the worker."""
        self._begun_at = asyncio.get_running_loop().time()
        self.clock.start()
        self.fork.send(self.job.body, self.job.bounds)

    def end(self) -> None:
        """Stop the clocks, and have nothing more to do with the worker, which others wait for."""
        self._ended = True
        if self.waits_for_reader:
            # Its last bytes filled the buffer, and what it says for the next job is to be read.
            self.fork.pace(wait=False)
        self.clock.stop()
        self.later(None)

    def later(self, act: Callable[[Run], None] | None, seconds: float = 0.0) -> None:
        """Plan something to be done with it, in place of what was planned before."""
        if self._timer is not None:
            self._timer.cancel()
        loop = asyncio.get_running_loop()
        self._timer = None if act is None else loop.call_later(seconds, act, self)

    def stop(self) -> None:
        """Hold it where it is; its time goes on."""
        self.stopped = True
        self._stopped_at = asyncio.get_running_loop().time()
        self.later(None)
        self.answer.hold()
        self.fork.signal(signal.SIGSTOP)

    def resume(self) -> None:
        """Let it go on."""
        self._waited, self._stopped_at = self.waited, None
        self.stopped = False
        self.fork.signal(signal.SIGCONT)

    def _pace(self, wait: bool) -> None:  # noqa: FBT001  called back with just this
        if self._ended:
            return
        self.waits_for_reader = wait
        self.fork.pace(wait=wait)
        if wait:
            self.clock.stop()
            if self.unread_since is None:
                self.unread_since = asyncio.get_running_loop().time()
            self._overseer.unread(self)
        else:
            self.clock.start()
            self._overseer.read(self)
