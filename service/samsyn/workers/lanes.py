"""Who runs and who waits: the slow lane, and what one client may take.

Every job starts in a quick worker. One that is not done after a moment moves to the slow lane, so
that it can never keep a quick one waiting. The slow lane runs as many as there are cores, one of
each client; more wait, stopped, in the order of their coming, up to a bound in all and for each.
They take turns: who has had least runs next, so that one that needs little is done soon, and an
answer that is already on its way is not left half done.
"""

from __future__ import annotations

from collections import Counter
from typing import Final, Generic, Protocol, TypeVar

from samsyn.errors import SamsynError

RETRY: Final = 2
"""Seconds after which a client that was turned away may try again."""


class BusyError(SamsynError):
    """There is no place for a job now.

    Args:
        own: whether it is the client's own jobs that take all the places it may have.
    """

    exit_code = 3

    def __init__(self, *, own: bool) -> None:
        whose = "of your own" if own else "of others"
        super().__init__(
            f"There is no place for this now: too much {whose} is being worked on.",
            advice=f"Try again after {RETRY} seconds.",
        )
        self.own = own


class Guest(Protocol):
    """What takes a place in the slow lane."""

    client: str

    @property
    def rank(self) -> tuple[bool, float]:
        """What comes first in line, the least first: what it has had so far."""


G = TypeVar("G", bound=Guest)


class SlowLane(Generic[G]):
    """The slow lane.

    Args:
        running: how many run at a time.
        waiting: how many may wait.
        own: how many of them may be of one client.
    """

    def __init__(self, running: int, waiting: int, own: int) -> None:
        self._most = running
        self._most_waiting = waiting
        self._most_own = own
        self.running: list[G] = []
        self.waiting: list[G] = []

    def enter(self, guest: G) -> bool:
        """Take a place; return whether it runs at once.

        Raises:
            BusyError: nobody else may wait, or none of this client's.
        """
        if self._may_run(guest):
            self.running.append(guest)
            return True
        if sum(other.client == guest.client for other in self.waiting) >= self._most_own:
            raise BusyError(own=True)
        if len(self.waiting) >= self._most_waiting:
            raise BusyError(own=False)
        self.waiting.append(guest)
        return False

    def leave(self, guest: G) -> list[G]:
        """Give a place back; return those that run from now on."""
        for line in (self.running, self.waiting):
            if guest in line:
                line.remove(guest)
        return self._called()

    def take_turns(self, guest: G) -> list[G]:
        """Let a job that runs stand in line with those that wait.

        Returns:
            Those that run from now on; itself, if its turn has come again.
        """
        self.running.remove(guest)
        self.waiting.append(guest)
        return self._called()

    def _called(self) -> list[G]:
        called = []
        for other in sorted(self.waiting, key=lambda guest: guest.rank):
            if self._may_run(other):
                self.waiting.remove(other)
                self.running.append(other)
                called.append(other)
        return called

    def behind_own(self, guest: G) -> bool:
        """Tell whether a job of the same client runs, so that this one cannot."""
        return any(other.client == guest.client for other in self.running)

    def _may_run(self, guest: G) -> bool:
        return len(self.running) < self._most and not self.behind_own(guest)


class Budget:
    """How many jobs are under way, in all and for each client.

    Args:
        most: in all.
        own: for one client.
    """

    def __init__(self, most: int, own: int) -> None:
        self._most = most
        self._most_own = own
        self._own: Counter[str] = Counter()

    def take(self, client: str) -> None:
        """Count a job.

        Raises:
            BusyError: there are as many as there may be.
        """
        if self._own[client] >= self._most_own:
            raise BusyError(own=True)
        if self._own.total() >= self._most:
            raise BusyError(own=False)
        self._own[client] += 1

    def give(self, client: str) -> None:
        """Count a job no more."""
        self._own[client] -= 1
        if not self._own[client]:
            del self._own[client]
