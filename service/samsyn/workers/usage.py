"""Whose jobs take much time: they leave the last free worker to the jobs of others."""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic
from typing import Final

from samsyn.quotas import CLIENTS_OF_A_SITE, site

SHARE: Final = 0.2
"""The part of a core that a client may use in the long run and count as light."""

BURST: Final = 0.25
"""Seconds of processor time that it may use at once."""

_MOST: Final = 1.0
"""Seconds that are remembered: who stops is light again a few seconds later."""

_KNOWN: Final = 4096
"""Clients that are remembered."""


class Usage:
    """Counts the processor time of the jobs of each client, and forgets it in time.

    Args:
        clock: tells the time, in seconds.
    """

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self._clock = clock
        self._levels: dict[str, tuple[float, float]] = {}
        """How much was counted, less what is forgotten, and when that was."""

    def count(self, client: str, seconds: float) -> None:
        """Count what a job has used."""
        now = self._clock()
        place = site(client)
        self._add(client, seconds, now)
        if place != client:
            self._add(place, seconds / CLIENTS_OF_A_SITE, now)
        if len(self._levels) > _KNOWN:
            self._tidy()

    def heavy(self, client: str) -> bool:
        """Tell whether a client, or its site, has used much lately."""
        now = self._clock()
        place = site(client)
        return self._level(client, now) > BURST or (
            place != client and self._level(place, now) > BURST
        )

    def _add(self, name: str, seconds: float, now: float) -> None:
        self._levels[name] = (min(_MOST, self._level(name, now) + seconds), now)

    def _level(self, name: str, now: float) -> float:
        level, since = self._levels.get(name, (0.0, 0.0))
        return max(0.0, level - SHARE * (now - since))

    def _tidy(self) -> None:
        """Forget those counted longest ago."""
        kept = sorted(self._levels, key=lambda name: self._levels[name][1])[_KNOWN // 2 :]
        self._levels = {name: self._levels[name] for name in kept}
