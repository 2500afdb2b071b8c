"""The workers that have no job: whom the next one serves, and how many there are."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from time import monotonic
from typing import Final

from samsyn.server.workers.fork import Fork
from samsyn.server.workers.scheduling.admission import Admission

LATELY: Final = 1.0
"""Seconds for which a job of a client that is not doubtful counts as one that came lately."""


class FreeWorkers:
    """Keeps the workers that are free, and gives each to the job whose turn it is.

    Doubtful clients together have half of them at work, and one where others have asked lately:
    with two cores, two would take the processor from all others.

    Args:
        most: how many workers are free or will be once they have done their jobs.
        admission: knows which jobs wait, and which clients are doubtful.
        working: lists the clients that have a worker each which will be free again.
        clock: tells the time, in seconds.
    """

    def __init__(
        self,
        most: int,
        admission: Admission,
        working: Callable[[], list[str]],
        clock: Callable[[], float] = monotonic,
    ) -> None:
        self._most = most
        self._admission = admission
        self._working = working
        self._clock = clock
        self._asked = -LATELY
        """When a client last asked that is not doubtful."""
        self.idle: deque[Fork] = deque()
        self._handed: dict[Fork, str] = {}
        """Workers that were given to jobs which have not gone on since, and the clients."""

    @property
    def missing(self) -> int:
        """How many workers there are too few."""
        handed = sum(not fork.last for fork in self._handed)
        return self._most - len(self.idle) - handed - len(self._working())

    def all(self) -> list[Fork]:
        """List those that no job has yet."""
        return [*self.idle, *self._handed]

    def take(self, client: str) -> Fork | None:
        """Return a worker for a job of a client, if there is one for it."""
        if not self._admission.doubtful(client):
            self._asked = self._clock()
        elif not self._has_room:
            return None
        return self.idle.pop() if self.idle else None

    def put(self, fork: Fork) -> None:
        """Give a worker to the job whose turn it is; keep it, or end it where there are enough."""
        place = self._admission.next(doubtful=self._has_room)
        if place is not None:
            self._handed[fork] = place.client
            place.worker.set_result(fork)
        elif self.missing <= 0:
            fork.kill()
        else:
            self.idle.append(fork)

    @property
    def _has_room(self) -> bool:
        """Whether a doubtful client may have one more worker."""
        lately = self._clock() - self._asked < LATELY
        clients = [*self._handed.values(), *self._working()]
        doubtful = sum(self._admission.doubtful(client) for client in clients)
        return doubtful < (1 if lately else max(1, self._most // 2))

    def received(self, fork: Fork) -> None:
        """Take note that the job to which a worker was given has it."""
        self._handed.pop(fork, None)

    def forget(self, fork: Fork) -> bool:
        """Take out a worker, if it is idle; return whether it was."""
        if fork not in self.idle:
            return False
        self.idle.remove(fork)
        return True
