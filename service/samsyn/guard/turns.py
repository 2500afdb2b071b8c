"""In which order requests are begun that come at the same time.

All that is read in one pass of the event loop would be begun in it, and whoever comes next would
wait for all of it. A client that sends much at once over many connections would take all the time.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Final

from samsyn.workers.lanes import Arrivals

AT_ONCE: Final = 4
"""Requests that are begun in one pass. Each takes some tenths of a millisecond."""


class Turns:
    """Begins few requests in each pass of the event loop, one of each client in turn."""

    def __init__(self) -> None:
        self._waiting: Arrivals[Callable[[], None]] = Arrivals()
        self._begun = 0
        """Requests that were begun in this pass."""
        self._planned = False

    def begin(self, client: str, start: Callable[[], None]) -> None:
        """Begin a request now, or when it is its turn.

        Args:
            client: the name of the client.
            start: begins it.
        """
        if self._waiting or self._begun >= AT_ONCE:
            self._waiting.add(client, start)
        else:
            self._begun += 1
            start()
        if not self._planned:
            self._planned = True
            asyncio.get_running_loop().call_soon(self._pass)

    def _pass(self) -> None:
        self._begun = 0
        while self._waiting and self._begun < AT_ONCE:
            self._begun += 1
            self._waiting.next()()
        self._planned = self._begun > 0
        if self._planned:
            asyncio.get_running_loop().call_soon(self._pass)
