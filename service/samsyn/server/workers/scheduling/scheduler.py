"""Who runs and who waits: the slow queue, and what one client may take.

Every job starts in a quick worker. One that is not done after a moment moves to the slow queue, so
that it can never keep a quick one waiting. The slow queue runs as many as there are cores, one of
each client; more wait, stopped, up to a bound in all and for each. They take turns: the site that
has had fewest turns is next, and of its clients the one that has had fewest. A site is one client,
or an IPv6 network of 48 bits with all clients in it. Of the client's jobs the one that has had
least is next, so that one that needs little is done soon; those that need more are done one after
the other, since all of them together would end too late. Of the client's jobs, those whose answers
are already on their way come first, so that none is left half done.
"""

from __future__ import annotations

from collections import Counter, deque
from itertools import count
from typing import Final, Generic, Protocol, TypeVar

from samsyn.errors import SamsynError
from samsyn.server.limits.quotas import site

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
    """What takes a place in the slow queue."""

    client: str
    had: float
    """Seconds of processor time that it has had."""

    @property
    def begun(self) -> bool:
        """Whether its answer is on its way."""


_REMEMBERED: Final = 1024
"""Clients that have left whose turns are remembered."""

SHORT: Final = 0.25
"""Seconds of processor time up to which a job goes before those that have had more."""

G = TypeVar("G", bound=Guest)
T = TypeVar("T")


class Turns:
    """How many turns each of those inside has had, by name.

    Who comes has had as many as who has had fewest: none to catch up, none too many. Who leaves
    and comes again has had as many as before, so that nothing is gained by it.
    """

    def __init__(self) -> None:
        self._inside: dict[str, int] = {}
        self._before: dict[str, int] = {}

    def __getitem__(self, name: str) -> int:
        """Return how many somebody inside has had."""
        return self._inside[name]

    def enter(self, name: str) -> None:
        """Count for somebody from now on."""
        if name not in self._inside:
            fewest = min(self._inside.values(), default=0)
            self._inside[name] = max(fewest, self._before.pop(name, 0))

    def take(self, name: str) -> None:
        """Count a turn."""
        self._inside[name] += 1

    def leave(self, name: str) -> None:
        """Count no longer."""
        had = self._inside.pop(name, None)
        if not self._inside:
            self._before.clear()
        elif had is not None:
            self._before[name] = had
            if len(self._before) > _REMEMBERED:
                del self._before[next(iter(self._before))]


class SlowQueue(Generic[G]):
    """The slow queue.

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
        self._turns = Turns()
        self._turns_of_sites = Turns()
        self._crowds: dict[str, int] = {}
        """How many jobs each client that is inside has had here at a time."""
        self._came: dict[G, int] = {}
        self._count = count()

    def enter(self, guest: G) -> bool:
        """Take a place; return whether it runs at once.

        An answer that is on its way comes back from its reader, and is never refused.

        Raises:
            BusyError: nobody else may wait, or none of this client's.
        """
        if self._may_run(guest):
            self._begin(guest)
            self._run(guest)
            return True
        own = 0 if guest.begun else self._waiting_of(guest.client)
        if own >= self._most_own:
            raise BusyError(own=True)
        if len(self.waiting) >= self._most_waiting and not guest.begun:
            raise BusyError(own=own > 0)
        self._begin(guest)
        self.waiting.append(guest)
        self._crowds[guest.client] = max(
            self._crowds[guest.client], len(self._all_of(guest.client))
        )
        return False

    def in_the_way(self, guest: G) -> G | None:
        """Return who has to give its place to a newcomer, if all places to wait are taken.

        It is the job that has had most, of the client that has most of them waiting at the site
        that has most; unless the newcomer's site would then have as many. Where every site has one,
        a newcomer whose site has none takes the place of a long job.
        """
        if self._may_run(guest) or len(self.waiting) < self._most_waiting:
            return None
        sites = Counter(site(other.client) for other in self.waiting)
        place, most = sites.most_common(1)[0]
        own = sites[site(guest.client)]
        if own + 1 < most:
            clients = Counter(o.client for o in self.waiting if site(o.client) == place)
            client = clients.most_common(1)[0][0]
            able = [other for other in self.waiting if other.client == client]
        elif not own:
            able = [other for other in self.waiting if other.had >= SHORT]
        else:
            able = []
        return max(able, key=lambda each: each.had, default=None)

    def leave(self, guest: G) -> list[G]:
        """Give a place back; return those that run from now on."""
        for line in (self.running, self.waiting):
            if guest in line:
                line.remove(guest)
        self._came.pop(guest, None)
        clients = {other.client for other in (*self.running, *self.waiting)}
        if guest.client not in clients:
            self._turns.leave(guest.client)
            self._crowds.pop(guest.client, None)
        if site(guest.client) not in {site(client) for client in clients}:
            self._turns_of_sites.leave(site(guest.client))
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

    def _rank(self, guest: G) -> tuple[int, int, bool, float, int]:
        turns, came = self._turns[guest.client], self._came[guest]
        of_site = self._turns_of_sites[site(guest.client)]
        return of_site, turns, not guest.begun, min(guest.had, SHORT), came

    def _begin(self, guest: G) -> None:
        self._turns.enter(guest.client)
        self._turns_of_sites.enter(site(guest.client))
        self._crowds.setdefault(guest.client, 1)
        self._came[guest] = next(self._count)

    def _run(self, guest: G) -> None:
        self._turns.take(guest.client)
        self._turns_of_sites.take(site(guest.client))
        self.running.append(guest)

    def _all_of(self, client: str) -> list[G]:
        return [other for other in (*self.running, *self.waiting) if other.client == client]

    def _waiting_of(self, client: str) -> int:
        return sum(other.client == client for other in self.waiting)

    def behind_own(self, guest: G) -> bool:
        """Return whether a job of the same client runs, so that this one cannot."""
        return any(other.client == guest.client for other in self.running)

    def leads(self, guest: G) -> bool:
        """Return whether of several jobs of one client this is the one that has had most."""
        most = max((other.had for other in self._all_of(guest.client)), default=0.0)
        return self._crowds.get(guest.client, 0) > 1 and guest.had >= most

    def _may_run(self, guest: G) -> bool:
        return len(self.running) < self._most and not self.behind_own(guest)


class Arrivals(Generic[T]):
    """Those that wait to begin: served in turns, one of each site, and of each client in it."""

    def __init__(self) -> None:
        self._sites: dict[str, dict[str, deque[T]]] = {}

    def __bool__(self) -> bool:
        """Whether anybody waits."""
        return bool(self._sites)

    def add(self, client: str, arrival: T) -> None:
        """Let one are in the line of its client."""
        self._sites.setdefault(site(client), {}).setdefault(client, deque()).append(arrival)

    def next(self) -> T:
        """Take out the first of the client whose turn it is."""
        place, clients = next(iter(self._sites.items()))
        client, line = next(iter(clients.items()))
        del self._sites[place], clients[client]
        arrival = line.popleft()
        if line:
            clients[client] = line
        if clients:
            self._sites[place] = clients
        return arrival

    def give_way(self, own: int) -> T | None:
        """Take out the last of the client that has most here, at the site that has most.

        Args:
            own: how many places the client has for whom it is done; None gives way unless it has
                more than one more.
        """
        sizes = {place: sum(map(len, clients.values())) for place, clients in self._sites.items()}
        place = max(sizes, key=sizes.__getitem__, default=None)
        if place is None or sizes[place] <= own + 1:
            return None
        clients = self._sites[place]
        client = max(clients, key=lambda name: len(clients[name]))
        arrival = clients[client].pop()
        if not clients[client]:
            del clients[client]
        if not clients:
            del self._sites[place]
        return arrival
