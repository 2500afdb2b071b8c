"""Whose jobs take much time: they leave the last free worker to the jobs of others."""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic
from typing import Final

from samsyn.server.limits.quotas import CLIENTS_OF_A_SITE, site
from samsyn.server.limits.rates import Levels

SHARE: Final = 0.2
"""The part of a core that a client may use in the long run and count as light."""

BURST: Final = 0.25
"""Seconds of processor time that it may use at once."""

_MOST: Final = 1.0
"""Seconds that are remembered: who stops is light again a few seconds later."""


class Usage:
    """Counts the processor time of the jobs of each client, and forgets it in time.

    Args:
        clock: tells the time, in seconds.
    """

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self._levels = Levels(SHARE, most=_MOST, clock=clock)

    def count(self, client: str, seconds: float) -> None:
        """Count what a job has used."""
        self._levels.add(client, seconds)
        if site(client) != client:
            self._levels.add(site(client), seconds / CLIENTS_OF_A_SITE)

    def heavy(self, client: str) -> bool:
        """Return whether a client, or its site, has used much lately."""
        return any(self._levels[name] > BURST for name in {client, site(client)})
