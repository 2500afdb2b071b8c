"""Who has workers killed: each costs the server a fork, so anyone who has many killed waits."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from time import monotonic
from typing import Final

from samsyn.server.limits.quotas import site
from samsyn.server.limits.rates import Levels, Rates

BURST: Final = 8
"""Seconds' worth of killed workers that a client may have at once."""

DELAYED: Final = 8
"""Jobs of one client that may wait for this at a time."""

_CLIENTS: Final = 2
"""Clients whose rate all have together. More births take the processors from the workers."""

_BURST_OF_ALL: Final = 4
"""Seconds' worth of workers that may be killed at once for all clients."""

_SHARE: Final = 0.25
"""Workers of one site that may be killed a second, where too many are killed in all."""

_SHARE_BURST: Final = 2
"""Workers of a site that has been quiet that may be killed at once even then."""

_LATELY: Final = 4.0
"""Seconds for which others go before a client that has had a worker killed."""

_ALL: Final = ""
"""The name of all clients together."""


class Kills:
    """Counts the workers that were killed for each client, and forgets them in time.

    All clients together may have as many killed as two clients may. Where it is more, each site has
    a small share, so that anyone who has none killed waits for nobody.

    Args:
        rate: workers of one client that may be killed a second in the long run.
        clock: tells the time, in seconds.
    """

    def __init__(self, rate: float, clock: Callable[[], float] = monotonic) -> None:
        self._clients = Levels(rate, clock=clock)
        every = rate * _CLIENTS
        self._most = _BURST_OF_ALL * every
        # More than this is not remembered, since those who come later did not do it.
        self._all = Levels(every, most=2 * self._most, names=1, clock=clock)
        self._shares = Rates(_SHARE, _SHARE_BURST, clock=clock)
        self._lately = Levels(1 / _LATELY, most=1, clock=clock)
        self.delayed: Counter[str] = Counter()
        """Jobs of each client that wait."""

    def count(self, client: str) -> None:
        """Count a worker that was killed for a client."""
        self._clients.add(client)
        self._all.add(_ALL)
        self._shares.take(site(client))
        self._lately.add(site(client))

    def due(self, client: str) -> float:
        """Return for how many seconds the next job of a client has to wait."""
        crowded = self._all[_ALL] > self._most
        share = self._shares.wait(site(client)) if crowded else 0
        return max(0.0, share, self._clients[client] / self._clients.rate - BURST)

    def recent(self, client: str) -> bool:
        """Return whether jobs of a client, or its site, have had workers killed lately."""
        return self._lately[site(client)] > 0
