"""What the workers of all jobs hold in memory, and which job gives way where it is too much."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from typing import TYPE_CHECKING, Final

from samsyn.server.limits.quotas import Kind, Quotas, heaviest

if TYPE_CHECKING:
    from samsyn.server.workers.running import Run

_NEARLY: Final = 0.75


class Memory:
    """Counts it for each client, in the one account of the server.

    Args:
        quotas: the account.
    """

    def __init__(self, quotas: Quotas) -> None:
        self._quotas = quotas

    def look(self, run: Run) -> None:
        """Count what the worker of a job holds now."""
        held = run.fork.held()
        if held != run.held:
            self._quotas.hold(run.client, Kind.WORKERS, held - run.held)
            run.held = held

    def forget(self, run: Run) -> None:
        """Count a job no more."""
        self._quotas.give(run.client, Kind.WORKERS, run.held)
        run.held = 0

    def excess(self, runs: Collection[Run]) -> Run | None:
        """Return the job that has to give way, if all together hold more than they may.

        It is the largest of the client that holds most, at the site that holds most. Whether it is
        computed or waits for its reader does not count, so that neither is a way to hold more. A
        job that writes is none of them: half done, it would cost all others their data.
        """
        able = [run for run in runs if not run.fork.writes]
        if not able or not self._quotas.full(Kind.WORKERS):
            return None
        clients: Counter[str] = Counter()
        for run in able:
            clients[run.client] += run.held
        client = heaviest(clients)
        own = (run for run in able if run.client == client)
        return max(own, key=lambda run: (run.held, run.waits_for_reader))

    def is_most(self, client: str) -> bool:
        """Return whether nearly all that is held is a client's own."""
        return self._quotas.held(Kind.WORKERS, client) > _NEARLY * self._quotas.held(Kind.WORKERS)
