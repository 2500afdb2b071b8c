"""Who has workers killed: each costs the server a fork, so whoever has many killed waits."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from time import monotonic
from typing import Final

from samsyn.quotas import CLIENTS_OF_A_SITE, site

BURST: Final = 8
"""Seconds' worth of killed workers that a client may have at once."""

DELAYED: Final = 8
"""Jobs of one client that may wait for this at a time."""

_KNOWN: Final = 4096
"""Clients that are remembered."""


class Kills:
    """Counts the workers that were killed for each client, and forgets them in time.

    Args:
        rate: workers of one client that may be killed a second in the long run.
        clock: tells the time, in seconds.
    """

    def __init__(self, rate: float, clock: Callable[[], float] = monotonic) -> None:
        self._rate = rate
        self._clock = clock
        self._levels: dict[str, tuple[float, float]] = {}
        """How many were counted, less those forgotten, and when that was."""
        self.delayed: Counter[str] = Counter()
        """Jobs of each client that wait."""

    def count(self, client: str) -> None:
        """Count a worker that was killed for a client."""
        now = self._clock()
        for name, rate in self._names(client):
            self._levels[name] = (self._level(name, rate) + 1, now)
        if len(self._levels) > _KNOWN:
            self._tidy()

    def due(self, client: str) -> float:
        """Return for how many seconds the next job of a client has to wait."""
        return max(
            0.0,
            *(self._level(name, rate) / rate - BURST for name, rate in self._names(client)),
        )

    def _names(self, client: str) -> list[tuple[str, float]]:
        place = site(client)
        own = (client, self._rate)
        return [own] if place == client else [own, (place, self._rate * CLIENTS_OF_A_SITE)]

    def _level(self, name: str, rate: float) -> float:
        level, since = self._levels.get(name, (0.0, 0.0))
        return max(0.0, level - rate * (self._clock() - since))

    def _tidy(self) -> None:
        """Forget those counted longest ago."""
        kept = sorted(self._levels, key=lambda name: self._levels[name][1])[_KNOWN // 2 :]
        self._levels = {name: self._levels[name] for name in kept}
