"""Watches the event loop: what stops it stops all clients at once, so it is logged and counted.

A timer that goes off late has waited for something that did not give the loop back. Nothing is
measured while a request is answered.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from time import monotonic, thread_time
from typing import Final

STALL: Final = 0.05
"""Seconds for which the loop may stand still; people notice a tenth of a second."""
_STEP: Final = 0.02
"""Seconds between two looks; a stall is found too short by that much at most."""


@dataclass(frozen=True)
class Stall:
    """A time in which the loop answered nobody.

    Args:
        seconds: how long it was.
        processor: seconds of it in which this process worked; else the machine was busy.
        path: the path of the request that came last before it was noticed.
    """

    seconds: float
    processor: float
    path: str


class Watchdog:
    """Notices when the event loop has stood still.

    Args:
        tell: takes each stall.
    """

    def __init__(self, tell: Callable[[Stall], None]) -> None:
        self.path = ""
        """The path of the request that came last."""
        self._tell = tell
        self._due = 0.0
        self._worked = 0.0
        self._timer: asyncio.TimerHandle | None = None

    def start(self) -> None:
        """Watch the loop that is running."""
        loop = asyncio.get_running_loop()
        self._due, self._worked = monotonic() + _STEP, thread_time()
        self._timer = loop.call_later(_STEP, self._look, loop)

    def stop(self) -> None:
        """Watch no more."""
        if self._timer is not None:
            self._timer.cancel()

    def _look(self, loop: asyncio.AbstractEventLoop) -> None:
        late, worked = monotonic() - self._due, thread_time()
        if late >= STALL:
            self._tell(Stall(late, worked - self._worked, self.path))
        self._due, self._worked = monotonic() + _STEP, worked
        self._timer = loop.call_later(_STEP, self._look, loop)
