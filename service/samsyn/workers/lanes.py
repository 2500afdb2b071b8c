"""Who runs and who waits: the slow lane, and what one client may take.

Every job starts in a quick worker. One that is not done after a moment moves to the slow lane, so
that it can never keep a quick one waiting. The slow lane runs as many as there are cores, one of
each client; more wait, stopped, up to a bound in all and for each. They take turns: the client that
has had fewest turns is next. Of its jobs the one that has had least is next, so that one that needs
little is done soon; those that need more are done one after the other, since all of them together
would end too late. An answer that is already on its way comes first and is not left half done.
"""

from __future__ import annotations

from collections import Counter, deque
from itertools import count
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
    had: float
    """Seconds of processor time that it has had."""

    @property
    def begun(self) -> bool:
        """Whether its answer is on its way."""


SHORT: Final = 0.25
"""Seconds of processor time up to which a job goes before those that have had more."""

G = TypeVar("G", bound=Guest)
T = TypeVar("T")


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
        self._turns: dict[str, int] = {}
        """How many turns each client that is inside has had."""
        self._came: dict[G, int] = {}
        self._count = count()

    def enter(self, guest: G) -> bool:
        """Take a place; return whether it runs at once.

        Raises:
            BusyError: nobody else may wait, or none of this client's.
        """
        if self._may_run(guest):
            self._begin(guest)
            self._run(guest)
            return True
        own = self._waiting_of(guest.client)
        if own >= self._most_own:
            raise BusyError(own=True)
        if len(self.waiting) >= self._most_waiting:
            raise BusyError(own=own > 0)
        self._begin(guest)
        self.waiting.append(guest)
        return False

    def in_the_way(self, guest: G) -> G | None:
        """Return who has to give its place to a newcomer, if all places to wait are taken.

        It is the job that has had most, of the client that has most of them waiting; unless the
        newcomer's client would then have as many.
        """
        if self._may_run(guest) or len(self.waiting) < self._most_waiting:
            return None
        client, most = Counter(other.client for other in self.waiting).most_common(1)[0]
        if self._waiting_of(guest.client) + 1 >= most:
            return None
        return max((g for g in self.waiting if g.client == client), key=lambda each: each.had)

    def leave(self, guest: G) -> list[G]:
        """Give a place back; return those that run from now on."""
        for line in (self.running, self.waiting):
            if guest in line:
                line.remove(guest)
        self._came.pop(guest, None)
        if all(other.client != guest.client for other in (*self.running, *self.waiting)):
            self._turns.pop(guest.client, None)
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
        for other in sorted(self.waiting, key=self._rank):
            if self._may_run(other):
                self.waiting.remove(other)
                self._run(other)
                called.append(other)
        return called

    def _rank(self, guest: G) -> tuple[bool, int, float, int]:
        turns, came = self._turns[guest.client], self._came[guest]
        return not guest.begun, turns, min(guest.had, SHORT), came

    def _begin(self, guest: G) -> None:
        # Who comes has had as many turns as who has had fewest: none to catch up, none too many.
        self._turns.setdefault(guest.client, min(self._turns.values(), default=0))
        self._came[guest] = next(self._count)

    def _run(self, guest: G) -> None:
        self._turns[guest.client] += 1
        self.running.append(guest)

    def _waiting_of(self, client: str) -> int:
        return sum(other.client == client for other in self.waiting)

    def behind_own(self, guest: G) -> bool:
        """Tell whether a job of the same client runs, so that this one cannot."""
        return any(other.client == guest.client for other in self.running)

    def _may_run(self, guest: G) -> bool:
        return len(self.running) < self._most and not self.behind_own(guest)


class Arrivals(Generic[T]):
    """Those that wait to begin: served in turns, one of each client."""

    def __init__(self) -> None:
        self._lines: dict[str, deque[T]] = {}

    def __bool__(self) -> bool:
        """Whether anybody waits."""
        return bool(self._lines)

    def add(self, client: str, arrival: T) -> None:
        """Let one stand in the line of its client."""
        self._lines.setdefault(client, deque()).append(arrival)

    def next(self) -> T:
        """Take out the first of the client whose turn it is."""
        client, line = next(iter(self._lines.items()))
        del self._lines[client]
        arrival = line.popleft()
        if line:
            self._lines[client] = line
        return arrival


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
