"""Which jobs are taken on, and which of those that wait is given the next worker."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from samsyn.quotas import Kind, OverQuotaError, Quotas
from samsyn.workers.kills import DELAYED, Kills
from samsyn.workers.lanes import Arrivals, BusyError
from samsyn.workers.usage import KILL, Usage

if TYPE_CHECKING:
    from samsyn.workers.fork import Fork


_IN_A_ROW: Final = 4
"""Jobs of light clients that are served before one of a heavy client that waits."""


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
        self.usage = Usage()
        self._light: Arrivals[Place] = Arrivals()
        self._heavy: Arrivals[Place] = Arrivals()
        self._in_a_row = 0

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
        for line in (self._heavy, self._light):
            while (other := line.give_way(own)) is not None:
                if not other.worker.done():
                    self.leave(other)
                    other.worker.set_exception(BusyError(own=True))
                    return True
        return False

    def killed(self, client: str) -> None:
        """Count a worker that was killed for a client."""
        self._kills.count(client)
        self.usage.count(client, KILL)

    def delayed(self, client: str) -> bool:
        """Tell whether a job of a client has to wait before it may ask for a worker."""
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
        line = self._heavy if self.usage.heavy(place.client) else self._light
        line.add(place.client, place)

    def next(self, *, spare: bool) -> Place | None:
        """Take out the job whose turn it is.

        Light clients come first, but heavy ones are not kept waiting for ever.

        Args:
            spare: whether there is a worker for a heavy client.
        """
        lines = [self._light, self._heavy] if spare else [self._light]
        if self._in_a_row >= _IN_A_ROW:
            lines.reverse()
        for line in lines:
            while line:
                place = line.next()
                if not place.worker.done():
                    self._in_a_row = self._in_a_row + 1 if line is self._light else 0
                    return place
        return None
