"""Writes, which are done one after the other."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from samsyn.server.workers.scheduling.scheduler import BusyError

WAITING: Final = 16
"""Writes that may wait for their turn. Each takes a second or so, and its client waits for all that
came before it."""


class Writes:
    """Lets one write at a time go on; only so many wait, and only so long."""

    def __init__(self) -> None:
        self._lock = asyncio.Lock()
        self.waiting = 0
        """How many wait for their turn."""

    @asynccontextmanager
    async def turn(self, seconds: float) -> AsyncIterator[None]:
        """Wait for the turn, and keep it for as long as the context lasts.

        Args:
            seconds: how long to wait.

        Raises:
            BusyError: too many wait, or the turn did not come in time.
        """
        if self.waiting >= WAITING:
            raise BusyError(own=False)
        self.waiting += 1
        try:
            async with asyncio.timeout(seconds):
                await self._lock.acquire()
        except TimeoutError:
            raise BusyError(own=False) from None
        finally:
            self.waiting -= 1
        try:
            yield
        finally:
            self._lock.release()
