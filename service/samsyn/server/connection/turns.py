"""In which order connections and requests are begun that come at the same time.

All that comes in one pass of the event loop would be begun in it, and who comes next would wait
for all of it. A client that sends much at once over many connections would take all the time.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Final

from samsyn.server.workers.scheduling.scheduler import Arrivals

AT_ONCE: Final = 4
"""How many are begun in one pass. Each takes some tenths of a millisecond."""


class Turns:
    """Begins few things in each pass of the event loop, one of each client in turn."""

    def __init__(self) -> None:
        self._waiting: Arrivals[Callable[[], None]] = Arrivals()
        self._left = AT_ONCE
        """How many may still be begun in this pass; none while others wait."""

    @property
    def crowded(self) -> bool:
        """Whether some wait for a later pass."""
        return bool(self._waiting)

    def come(self) -> bool:
        """Return whether one more may begin at once; if so, it is counted."""
        if self._left == AT_ONCE:
            asyncio.get_running_loop().call_soon(self._pass)
        if not self._left:
            return False
        self._left -= 1
        return True

    def wait(self, client: str, start: Callable[[], None]) -> None:
        """Begin what may not begin at once, when it is its turn.

        Args:
            client: the name of the client.
            start: begins it.
        """
        self._waiting.add(client, start)

    def _pass(self) -> None:
        self._left = AT_ONCE
        while self._waiting and self._left:
            self._left -= 1
            self._waiting.next()()
        if self._left < AT_ONCE:
            asyncio.get_running_loop().call_soon(self._pass)
        if self._waiting:
            self._left = 0
