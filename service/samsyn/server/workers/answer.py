"""An answer on its way from a worker to its reader, seen from the web process."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Callable
from typing import Final

from samsyn.errors import SamsynError

FIRST_ROWS: Final = 1.0
"""Seconds after the first rows until they are sent on, if there are more to come."""


class JobFailedError(SamsynError):
    """The service says that a job cannot be done.

    Args:
        payload: why, in the words of the service; empty if it has a fault.
    """

    exit_code = 3

    def __init__(self, payload: bytes) -> None:
        super().__init__("The job failed.")
        self.payload = payload


class OverLimitError(SamsynError):
    """A job went over a limit.

    Args:
        limit: time, cpu, memory or answer.
    """

    exit_code = 3

    def __init__(self, limit: str) -> None:
        super().__init__(f"The job went over its limit of {limit}.")
        self.limit = limit


class EngineError(SamsynError):
    """The query engine ended its process by a fault of its own."""

    exit_code = 3

    def __init__(self) -> None:
        super().__init__("The query engine failed on this.")


class LostError(SamsynError):
    """A worker died of something else than its own limit."""

    exit_code = 3

    def __init__(self) -> None:
        super().__init__("The process that worked on this was lost.")


class Answer:
    """One answer; it can be read once.

    Args:
        buffer: bytes that are held for the reader before the worker has to wait for it.
        pace: called with whether the worker has to wait.
        left: called when the reader goes before the end.
    """

    def __init__(self, buffer: int, pace: Callable[[bool], None], left: Callable[[], None]) -> None:
        self.head = b""
        self.size = 0
        self.complete = False
        self._loop = asyncio.get_running_loop()
        self._buffer = buffer
        self._pace = pace
        self._left = left
        self._paced = False
        self._chunks: deque[bytes] = deque()
        self._held = 0
        self._error: SamsynError | None = None
        self._started: asyncio.Future[None] = self._loop.create_future()
        self._more: asyncio.Future[None] | None = None
        self._timer: asyncio.TimerHandle | None = None

    @property
    def begun(self) -> bool:
        """Whether the reader may have seen some of it."""
        return self._started.done() and not self._started.cancelled()

    @property
    def taken(self) -> int:
        """How many bytes the reader has taken."""
        return self.size - self._held

    @property
    def held(self) -> int:
        """How many bytes wait for the reader."""
        return self._held

    def feed(self, data: bytes) -> None:
        """Take bytes from the worker; what comes after the end is dropped."""
        if self.complete or self._error or not data:
            return
        self._chunks.append(data)
        self._held += len(data)
        self.size += len(data)
        if self._held >= self._buffer:
            # It may be refused by this, as long as nothing was sent.
            self._set_pace(wait=True)
            self._start()
        elif not self.begun and self._timer is None:
            self._timer = self._loop.call_later(FIRST_ROWS, self._start)
        self._wake()

    def finish(self, error: SamsynError | None = None) -> None:
        """Take note that this was all, or that nothing more comes because of an error."""
        if self.complete or self._error:
            return
        self._error = error
        self.complete = error is None
        if error and not self._started.done():
            self._cancel_timer()
            self._started.set_exception(error)
        else:
            self._start()
        self._wake()

    def hold(self) -> None:
        """Do not begin with first rows: the worker is held, and may never be done."""
        self._cancel_timer()
        self._timer = None

    async def started(self) -> None:
        """Wait until it is whole, its buffer is full, or its first rows have waited long enough.

        Raises:
            SamsynError: the job failed before that.
        """
        try:
            await self._started
        except asyncio.CancelledError:
            self.abandon()
            raise

    async def chunks(self) -> AsyncIterator[bytes]:
        """Yield it piece by piece.

        Raises:
            SamsynError: the job failed on the way, so the answer is not whole.
        """
        while True:
            while self._chunks:
                data = self._chunks.popleft()
                self._held -= len(data)
                if self._held < self._buffer // 2:
                    self._set_pace(wait=False)
                yield data
            if self._error:
                raise self._error
            if self.complete:
                return
            self._more = self._loop.create_future()
            await self._more

    def whole(self) -> bytes:
        """Return all of a complete answer."""
        data = b"".join(self._chunks)
        self._chunks.clear()
        self._held = 0
        return data

    def abandon(self) -> None:
        """Let the worker go: nobody reads on."""
        self._cancel_timer()
        # What refers to it may live on until the collector of cycles comes round.
        self._chunks.clear()
        self._held = 0
        if not self.complete and not self._error:
            self._left()

    def _start(self) -> None:
        self._cancel_timer()
        if not self._started.done():
            self._started.set_result(None)

    def _cancel_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()

    def _wake(self) -> None:
        if self._more is not None and not self._more.done():
            self._more.set_result(None)

    def _set_pace(self, *, wait: bool) -> None:
        if wait != self._paced:
            self._paced = wait
            self._pace(wait)
