"""What is asked of those who read answers: to keep few workers waiting, and not for ever."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Collection
from typing import TYPE_CHECKING, Final

from samsyn.server.limits.quotas import CLIENTS_OF_A_SITE, Kind, Quotas, site

if TYPE_CHECKING:
    from samsyn.server.workers.running import Run

GRACE: Final = 30.0
"""Seconds for which a reader may be as slow as it likes."""

_STEEPNESS: Final = 10.0
"""How much the rate rises for each minute where all places are taken."""


class Readers:
    """Judges the readers of answers for which workers wait.

    Args:
        most: answers of one client that may wait for their reader.
        min_client_bytes_per_second: what a reader has to take at least, where places are plenty.
        quotas: knows how many places are taken.
    """

    def __init__(self, most: int, min_client_bytes_per_second: int, quotas: Quotas) -> None:
        self._most = most
        self._least_rate = min_client_bytes_per_second
        self._quotas = quotas

    def too_many(self, run: Run, runs: Collection[Run]) -> bool:
        """Return whether a client, or its site, has more answers waiting than it may have."""
        place = site(run.client)
        own = of_site = 0
        for other in runs:
            if other.waits_for_reader:
                own += other.client == run.client
                of_site += site(other.client) == place
        return own > self._most or of_site > self._most * CLIENTS_OF_A_SITE

    def in_the_way(self, client: str, runs: Collection[Run]) -> Run | None:
        """Return whose answer gives its place to a job of a client, where all places are taken.

        It is the one whose reader is slowest, at the site for which most answers wait; none
        if that is no more than one more than the client has places.
        """
        waiting = [run for run in runs if run.waits_for_reader]
        sites = Counter(site(run.client) for run in waiting)
        place = max(sites, key=sites.__getitem__, default=None)
        if place is None or sites[place] <= self._quotas.held(Kind.JOBS, client) + 1:
            return None
        own = (run for run in waiting if site(run.client) == place)
        return min(own, key=lambda run: run.answer.taken / max(1.0, run.age))

    def too_slow(self, runs: Collection[Run]) -> list[Run]:
        """List the jobs whose readers take less than they have to.

        The rate that is asked for rises with the time that an answer takes, the more so the fewer
        places and the less memory are left for others.
        """
        use = max(self._quotas.use(Kind.JOBS), self._quotas.use(Kind.WORKERS))
        now = asyncio.get_running_loop().time()
        found = []
        for run in runs:
            if run.waits_for_reader and run.unread_since is not None:
                age = now - run.unread_since
                rate = self._least_rate * (1 + _STEEPNESS * use * age / 60)
                if age > GRACE and run.answer.taken < rate * age:
                    found.append(run)
        return found
