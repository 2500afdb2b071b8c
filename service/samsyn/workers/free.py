"""The workers that have no job: whom the next one serves, and how many there are."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable

from samsyn.workers.admission import Admission
from samsyn.workers.fork import Fork


class FreeWorkers:
    """Keeps the workers that are free, and gives each to the job whose turn it is.

    Half of them are kept for clients that are not doubtful.

    Args:
        most: how many workers are free or will be once they have done their jobs.
        admission: knows which jobs wait, and which clients are doubtful.
        working: counts the workers at work that will be free again.
    """

    def __init__(self, most: int, admission: Admission, working: Callable[[], int]) -> None:
        self._most = most
        self._kept = most // 2
        self._admission = admission
        self._working = working
        self.idle: deque[Fork] = deque()
        self._handed: set[Fork] = set()
        """Workers that were given to jobs which have not gone on since."""

    @property
    def missing(self) -> int:
        """How many workers there are too few."""
        handed = sum(not fork.last for fork in self._handed)
        return self._most - len(self.idle) - handed - self._working()

    def all(self) -> list[Fork]:
        """List those that no job has yet."""
        return [*self.idle, *self._handed]

    def take(self, client: str) -> Fork | None:
        """Return a worker for a job of a client, if there is one for it."""
        kept = self._kept if self._admission.doubtful(client) else 0
        return self.idle.pop() if len(self.idle) > kept else None

    def put(self, fork: Fork) -> None:
        """Give a worker to the job whose turn it is; keep it, or end it where there are enough."""
        place = self._admission.next(doubtful=len(self.idle) >= self._kept)
        if place is not None:
            self._handed.add(fork)
            place.worker.set_result(fork)
        elif self.missing <= 0:
            fork.kill()
        else:
            self.idle.append(fork)

    def received(self, fork: Fork) -> None:
        """Take note that the job to which a worker was given has it."""
        self._handed.discard(fork)

    def forget(self, fork: Fork) -> bool:
        """Take out a worker, if it is idle; return whether it was."""
        if fork not in self.idle:
            return False
        self.idle.remove(fork)
        return True
