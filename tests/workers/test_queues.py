"""Who runs and who waits, without a process."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from samsyn.server.workers.scheduling.scheduler import Arrivals, BusyError, SlowQueue


@dataclass(eq=False)
class Guest:
    """A job, as far as the queue knows it."""

    client: str
    had: float = 0.0
    begun: bool = False


def names(guests: list[Guest]) -> str:
    """Write the clients of guests in a row."""
    return "".join(guest.client for guest in guests)


def test_as_many_run_as_may() -> None:
    """Those of different clients run up to the bound, the next wait in the order of coming."""
    queue: SlowQueue[Guest] = SlowQueue(running=2, waiting=4, own=2)
    guests = [Guest(name) for name in "abcd"]
    assert [queue.enter(guest) for guest in guests] == [True, True, False, False]
    assert names(queue.leave(guests[0])) == "c"
    assert (names(queue.running), names(queue.waiting)) == ("bc", "d")


def test_a_client_runs_one() -> None:
    """A client's second waits although there is room, and another's goes past it."""
    queue: SlowQueue[Guest] = SlowQueue(running=2, waiting=4, own=2)
    first, second, other = Guest("a"), Guest("a"), Guest("b")
    assert [queue.enter(guest) for guest in (first, second, other)] == [True, False, True]
    assert queue.behind_own(second)
    assert queue.leave(other) == []
    assert queue.leave(first) == [second]


@pytest.mark.parametrize(
    ("waiting", "own", "refused"),
    [pytest.param(9, 1, True, id="of-one-client"), pytest.param(1, 9, False, id="of-all")],
)
def test_a_bounded_number_wait(waiting: int, own: int, refused: bool) -> None:  # noqa: FBT001
    """Who finds the queue full is reported whether the client's own jobs fill it."""
    queue: SlowQueue[Guest] = SlowQueue(running=1, waiting=waiting, own=own)
    queue.enter(Guest("a"))
    queue.enter(Guest("a"))
    newcomer = Guest("a" if refused else "b")
    assert queue.in_the_way(newcomer) is None
    with pytest.raises(BusyError) as caught:
        queue.enter(newcomer)
    assert caught.value.own is refused
    assert names(queue.waiting) == "a"


@pytest.mark.parametrize("many", [8, 12, 30, 48])
def test_a_page_of_many_charts_waits_and_another_reader_is_served_in_between(many: int) -> None:
    """However many one client asks at a time, none is refused, and others have every other turn."""
    queue: SlowQueue[Guest] = SlowQueue(running=1, waiting=64, own=48)
    charts = [Guest("page") for _ in range(many)]
    for chart in charts:
        queue.enter(chart)
    for client in ("other", "third"):
        queue.enter(Guest(client))
    turns = ""
    for _ in range(30):
        (now,) = queue.running
        turns += now.client[0]
        now.had += 0.1
        queue.take_turns(now)
    counted = Counter(turns)
    assert max(counted.values()) - min(counted.values()) <= 2
    served = [chart for chart in charts if chart.had]
    assert len(served) == min(many, counted["p"]), "one that has had less goes first"


def test_long_jobs_of_a_client_are_done_one_after_the_other() -> None:
    """Short ones first; of those that need more, the one that came first is not kept waiting."""
    queue: SlowQueue[Guest] = SlowQueue(running=1, waiting=64, own=48)
    needs = {Guest("a"): 0.1 if number in (3, 9) else 2.0 for number in range(12)}
    for guest in needs:
        queue.enter(guest)
    order, ended = list(needs), []
    for _ in range(160):
        if not queue.running:
            break
        (now,) = queue.running
        now.had += 0.1
        if now.had > needs[now] - 0.05:
            queue.leave(now)
            ended.append(order.index(now))
        else:
            queue.take_turns(now)
    assert ended[:2] == [3, 9]
    assert ended[2:] == sorted(ended[2:])
    assert len(ended) >= 7, "in sixteen seconds more than two short and five long ones are done"


def test_what_is_on_its_way_goes_first() -> None:
    """Of a client's jobs, one that has begun is not left half done; others keep their turns."""
    queue: SlowQueue[Guest] = SlowQueue(running=1, waiting=9, own=9)
    guests = [Guest("a"), Guest("b"), Guest("b", had=5.0, begun=True), Guest("c")]
    for guest in guests:
        queue.enter(guest)
    assert queue.take_turns(guests[0]) == [guests[2]]
    assert queue.take_turns(guests[2]) == [guests[0]]


def test_what_comes_back_from_its_reader_is_never_refused() -> None:
    """An answer that is on its way has its turns again, even where nobody else may wait."""
    queue: SlowQueue[Guest] = SlowQueue(running=1, waiting=1, own=1)
    for guest in (Guest("a"), Guest("b")):
        queue.enter(guest)
    with pytest.raises(BusyError):
        queue.enter(Guest("c"))
    assert not queue.enter(Guest("b", begun=True))


def test_who_comes_back_has_no_turns_to_catch_up() -> None:
    """A client that leaves and comes again is not served before those that stayed."""
    queue: SlowQueue[Guest] = SlowQueue(running=1, waiting=9, own=9)
    first, second = Guest("a"), Guest("b")
    queue.enter(first)
    queue.enter(second)
    for _ in range(10):
        queue.take_turns(queue.running[0])
    late = Guest("c")
    queue.enter(late)
    turns = ""
    for _ in range(6):
        turns += queue.running[0].client
        queue.take_turns(queue.running[0])
    assert turns.count("c") <= 3


@pytest.mark.threat("crowding-out")
def test_a_newcomer_takes_the_place_of_who_has_most() -> None:
    """Where nobody else may wait, the job that has had most of the largest client gives way."""
    queue: SlowQueue[Guest] = SlowQueue(running=1, waiting=4, own=4)
    for number in range(5):
        queue.enter(Guest("a", float(number)))
    first = Guest("b")
    given_up = queue.in_the_way(first)
    assert given_up is not None
    assert given_up.had == 4.0
    assert queue.leave(given_up) == []
    assert queue.enter(first) is False
    second = Guest("b")
    other = queue.in_the_way(second)
    assert other is not None
    queue.leave(other)
    queue.enter(second)
    assert queue.in_the_way(Guest("b")) is None, "both have as many"
    assert queue.in_the_way(Guest("c")) is not None, "who has none may have one"
    with pytest.raises(BusyError):
        queue.enter(Guest("b"))


def names_of(networks: range) -> list[str]:
    """Name networks of one site of IPv6."""
    return [f"2001:db8:7:{number:x}::/64" for number in networks]


def shares(queue: SlowQueue[Guest], turns: int) -> Counter[str]:
    """Give turns, and count those of each client."""
    counted: Counter[str] = Counter()
    for _ in range(turns):
        now = queue.running[0]
        counted[now.client] += 1
        now.had += 0.1
        queue.take_turns(now)
    return counted


@pytest.mark.threat("site")
def test_a_site_has_the_turns_of_one_client() -> None:
    """Twenty networks of one site take no more turns from others than one address."""
    queue: SlowQueue[Guest] = SlowQueue(running=1, waiting=64, own=48)
    for name in (*names_of(range(20)), "a", "b"):
        queue.enter(Guest(name))
    counted = shares(queue, 60)
    assert counted["a"] >= 19
    assert counted["b"] >= 19
    assert all(counted[name] for name in names_of(range(20)))


@pytest.mark.threat("crowding-out")
def test_endless_jobs_of_six_clients_leave_a_short_one_its_share() -> None:
    """Seven turns of a client that comes last are over within seven turns of each of the others."""
    queue: SlowQueue[Guest] = SlowQueue(running=2, waiting=64, own=48)
    for client in "abcdef":
        for _ in range(5):
            queue.enter(Guest(client))
    shares(queue, 300)
    honest = Guest("h")
    queue.enter(honest)
    turns = 0
    while honest.had < 0.65:
        turns += 1
        assert turns < 7 * 7 + 7
        now = queue.running[0]
        now.had += 0.1
        queue.take_turns(now)


@pytest.mark.threat("crowding-out")
def test_who_leaves_and_comes_again_gains_no_turn() -> None:
    """A client that ends its job after each turn and sends another has no more than others."""
    queue: SlowQueue[Guest] = SlowQueue(running=1, waiting=64, own=48)
    for client in "ab":
        queue.enter(Guest(client))
    queue.enter(Guest("x"))
    counted: Counter[str] = Counter()
    for _ in range(60):
        now = queue.running[0]
        counted[now.client] += 1
        now.had += 0.1
        if now.client == "x":
            queue.leave(now)
            queue.enter(Guest("x"))
        else:
            queue.take_turns(now)
    assert counted["x"] <= 22


@pytest.mark.threat("crowding-out")
def test_a_newcomer_takes_the_place_of_a_long_job_where_each_has_one() -> None:
    """A queue full of clients with one job each has room for one that has none, and not for two."""
    queue: SlowQueue[Guest] = SlowQueue(running=1, waiting=4, own=4)
    for number, client in enumerate("abcde"):
        queue.enter(Guest(client, had=float(number)))
    way = queue.in_the_way(Guest("x"))
    assert way is not None
    assert way.client == "e"
    assert queue.in_the_way(Guest("b")) is None, "it has one"
    for guest in queue.waiting:
        guest.had = 0.1
    assert queue.in_the_way(Guest("x")) is None, "short jobs are done soon"


def test_the_job_that_has_had_most_leads_those_of_its_client() -> None:
    """Only where a client has had several at a time, and still when the others have gone."""
    queue: SlowQueue[Guest] = SlowQueue(running=1, waiting=9, own=9)
    alone, first, second = Guest("a", 5.0), Guest("b", 2.0), Guest("b", 1.0)
    for guest in (alone, first, second):
        queue.enter(guest)
    assert [queue.leads(guest) for guest in (alone, first, second)] == [False, True, False]
    queue.leave(first)
    assert queue.leads(second)


@pytest.mark.threat("crowding-out")
def test_the_newest_of_who_has_most_waiting_gives_way_to_who_has_less() -> None:
    """A site is counted as a whole, and nobody gives way to who would then have as many."""
    arrivals: Arrivals[tuple[str, int]] = Arrivals()
    for number, name in enumerate(["a", "a", "a", *names_of(range(4)), "b"]):
        arrivals.add(name, (name, number))
    way = arrivals.give_way(0)
    assert way is not None
    assert way[0] in names_of(range(4))
    assert arrivals.give_way(0) == ("a", 2)
    assert arrivals.give_way(2) is None
    left = []
    while arrivals:
        left.append(arrivals.next())
    assert len(left) == 6


@pytest.mark.threat("site")
@given(st.lists(st.integers(0, 9), max_size=60))
def test_arrivals_of_a_site_have_the_turns_of_one_client(networks: list[int]) -> None:
    """Another client waits for one of them at most, however many networks they come from."""
    arrivals: Arrivals[str] = Arrivals()
    for network in networks:
        (name,) = names_of(range(network, network + 1))
        arrivals.add(name, name)
    for _ in range(3):
        arrivals.add("a", "a")
    order = []
    while arrivals:
        order.append(arrivals.next())
    places = [place for place, name in enumerate(order) if name == "a"]
    assert all(place <= 2 * turn + 1 for turn, place in enumerate(places))


@pytest.mark.threat("crowding-out")
@given(st.lists(st.sampled_from("abc"), min_size=1, max_size=60))
def test_arrivals_are_served_in_turns(clients: list[str]) -> None:
    """Of each client the first comes first, and nobody is served twice while another waits."""
    arrivals: Arrivals[tuple[str, int]] = Arrivals()
    for number, client in enumerate(clients):
        arrivals.add(client, (client, number))
    served = []
    while arrivals:
        served.append(arrivals.next())
    assert sorted(number for _, number in served) == list(range(len(clients)))
    for client in "abc":
        own = [number for name, number in served if name == client]
        assert own == sorted(own)
    left = Counter(clients)
    for (before, _), (after, _) in pairwise(served):
        left[before] -= 1
        assert before != after or all(left[name] == 0 for name in left if name != before)


@pytest.mark.threat("crowding-out")
@given(st.lists(st.tuples(st.sampled_from("abc"), st.booleans()), max_size=60))
def test_the_bounds_hold_whatever_comes(steps: list[tuple[str, bool]]) -> None:
    """Nobody runs twice, no bound is passed, and nobody waits who could run."""
    queue: SlowQueue[Guest] = SlowQueue(running=2, waiting=3, own=2)
    inside: list[Guest] = []
    for client, comes in steps:
        if comes:
            guest = Guest(client)
            try:
                queue.enter(guest)
                inside.append(guest)
            except BusyError:
                pass
        elif inside:
            queue.leave(inside.pop(0))
        running, waiting = names(queue.running), names(queue.waiting)
        assert len(set(running)) == len(running) <= 2
        assert len(waiting) <= 3
        assert all(waiting.count(name) <= 2 for name in "abc")
        assert len(running) == 2 or set(waiting) <= set(running)
        assert len(running) + len(waiting) == len(inside)
