"""Who runs and who waits, without a process."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from samsyn.workers.lanes import Budget, BusyError, SlowLane


@dataclass(eq=False)
class Guest:
    """A job, as far as the lane knows it."""

    client: str
    rank: tuple[bool, float] = (True, 0.0)


def names(guests: list[Guest]) -> str:
    """Write the clients of guests in a row."""
    return "".join(guest.client for guest in guests)


def test_as_many_run_as_may() -> None:
    """Those of different clients run up to the bound, the next wait in the order of coming."""
    lane: SlowLane[Guest] = SlowLane(running=2, waiting=4, own=2)
    guests = [Guest(name) for name in "abcd"]
    assert [lane.enter(guest) for guest in guests] == [True, True, False, False]
    assert names(lane.leave(guests[0])) == "c"
    assert (names(lane.running), names(lane.waiting)) == ("bc", "d")


def test_a_client_runs_one() -> None:
    """A client's second waits although there is room, and another's goes past it."""
    lane: SlowLane[Guest] = SlowLane(running=2, waiting=4, own=2)
    first, second, other = Guest("a"), Guest("a"), Guest("b")
    assert [lane.enter(guest) for guest in (first, second, other)] == [True, False, True]
    assert lane.behind_own(second)
    assert lane.leave(other) == []
    assert lane.leave(first) == [second]


@pytest.mark.parametrize(
    ("waiting", "own", "refused"),
    [pytest.param(9, 1, True, id="of-one-client"), pytest.param(1, 9, False, id="of-all")],
)
def test_a_bounded_number_wait(waiting: int, own: int, refused: bool) -> None:  # noqa: FBT001
    """Who finds the queue full is told whether the client's own jobs fill it."""
    lane: SlowLane[Guest] = SlowLane(running=1, waiting=waiting, own=own)
    lane.enter(Guest("a"))
    lane.enter(Guest("a"))
    with pytest.raises(BusyError) as caught:
        lane.enter(Guest("a"))
    assert caught.value.own is refused
    assert names(lane.waiting) == "a"


@given(st.lists(st.tuples(st.sampled_from("abc"), st.booleans()), max_size=60))
def test_the_bounds_hold_whatever_comes(steps: list[tuple[str, bool]]) -> None:
    """Nobody runs twice, no bound is passed, and nobody waits who could run."""
    lane: SlowLane[Guest] = SlowLane(running=2, waiting=3, own=2)
    inside: list[Guest] = []
    for client, comes in steps:
        if comes:
            guest = Guest(client)
            try:
                lane.enter(guest)
                inside.append(guest)
            except BusyError:
                pass
        elif inside:
            lane.leave(inside.pop(0))
        running, waiting = names(lane.running), names(lane.waiting)
        assert len(set(running)) == len(running) <= 2
        assert len(waiting) <= 3
        assert all(waiting.count(name) <= 2 for name in "abc")
        assert len(running) == 2 or set(waiting) <= set(running)
        assert len(running) + len(waiting) == len(inside)


def test_a_budget_counts_for_each_and_for_all() -> None:
    """Who has taken all may have another only after giving one back."""
    budget = Budget(most=3, own=2)
    budget.take("a")
    budget.take("a")
    with pytest.raises(BusyError) as caught:
        budget.take("a")
    assert caught.value.own
    budget.take("b")
    with pytest.raises(BusyError) as caught:
        budget.take("b")
    assert not caught.value.own
    budget.give("a")
    budget.take("b")
