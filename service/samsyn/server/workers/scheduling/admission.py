"""Which jobs are taken on, and which of those that wait is given the next worker."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING

from samsyn.server.limits.quotas import Kind, OverQuotaError, Quotas
from samsyn.server.workers.scheduling.kills import DELAYED, Kills
from samsyn.server.workers.scheduling.scheduler import Arrivals, BusyError
from samsyn.server.workers.scheduling.usage import Usage

if TYPE_CHECKING:
    from samsyn.server.workers.fork import Fork


@dataclass(eq=False)
class Place:
    """A place among the jobs under way, of a job that has no worker yet.

    Args:
        client: whose job it is.
        worker: gets the worker.
        counted: whether it is counted among the jobs under way.
    """

    client: str
    worker: asyncio.Future[Fork]
    counted: bool = True


class Admission:
    """Takes jobs on, within the quotas, and has them wait in turns.

    Args:
        quotas: counts the jobs under way.
        kills: knows whose jobs are delayed.
    """

    def __init__(self, quotas: Quotas, kills: Kills) -> None:
        self._quotas = quotas
        self._kills = kills
        self._usage = Usage()
        self._arrivals: Arrivals[Place] = Arrivals()
        self._later: Arrivals[Place] = Arrivals()
        """Those whose clients are doubtful: the others go first."""

    def enter(self, client: str) -> Place:
        """Count a job.

        Where all places are taken, a job that waits for a worker gives way, if its client has more
        than this one.

        Raises:
            BusyError: there are as many as there may be.
        """
        try:
            self._quotas.take(client, Kind.JOBS)
        except OverQuotaError as error:
            if error.own or not self._made_way(client):
                raise BusyError(own=error.own) from None
            self._quotas.hold(client, Kind.JOBS)
        return Place(client, asyncio.get_running_loop().create_future())

    def leave(self, place: Place) -> None:
        """Count a job no more that was given no worker."""
        if place.counted:
            place.counted = False
            self._quotas.give(place.client, Kind.JOBS)

    def _made_way(self, client: str) -> bool:
        own = self._quotas.held(Kind.JOBS, client)
        # Doubtful clients give way to anyone who is none, however much that has here.
        least = own if self.doubtful(client) else -1
        for line, fewest in ((self._later, least), (self._arrivals, own)):
            while (other := line.give_way(fewest)) is not None:
                if not other.worker.done():
                    self.leave(other)
                    other.worker.set_exception(BusyError(own=True))
                    return True
        return False

    def doubtful(self, client: str) -> bool:
        """Return whether a client has lately had workers killed, or used much processor time.

        It may do so again soon, so that some workers are left to others.
        """
        return self._kills.recent(client) or self._usage.heavy(client)

    def used(self, client: str, seconds: float) -> None:
        """Count the processor time of a job."""
        self._usage.count(client, seconds)

    def delayed(self, client: str) -> bool:
        """Return whether a job of a client has to wait before it may ask for a worker."""
        return self._kills.due(client) > 0

    async def delay(self, client: str) -> None:
        """Wait until a job of a client may ask for a worker.

        Raises:
            BusyError: too many of its jobs wait for that.
        """
        waiting = self._kills.delayed
        if waiting[client] >= DELAYED:
            raise BusyError(own=True)
        waiting[client] += 1
        try:
            while due := self._kills.due(client):
                await asyncio.sleep(due)
        finally:
            waiting[client] -= 1
            if not waiting[client]:
                del waiting[client]

    def stand_in_line(self, place: Place) -> None:
        """Let a job wait for a worker."""
        self._arrivals.add(place.client, place)

    def next(self, *, doubtful: bool = True) -> Place | None:
        """Take out the job whose turn it is.

        Args:
            doubtful: whether it may be one of a doubtful client.
        """
        while self._arrivals:
            place = self._arrivals.next()
            if self.doubtful(place.client):
                # It has become so while it stood in line, or before.
                self._later.add(place.client, place)
            elif not place.worker.done():
                return place
        while doubtful and self._later:
            place = self._later.next()
            if not place.worker.done():
                return place
        return None
