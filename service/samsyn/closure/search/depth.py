"""Proofs that are too high to be sought height by height: a derivation along thousands of steps.

What a triple may rest on is gathered first, breadth first and within a bound; then steps are taken
forwards from what is stated, lowest first, so that no proof is found before those it rests on.
A path is taken two links at a time, so such a proof is not in every case a lowest one.

Knuth, D. E. (1977): A generalization of Dijkstra's algorithm. Information Processing Letters 6(1).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from heapq import heappop, heappush
from typing import Final

from samsyn.closure.proof.fact import Fact
from samsyn.closure.search.choosing import Choosing
from samsyn.closure.search.lowest import Step

GATHERED: Final = 1 << 16
"""As many triples as are gathered at most."""
_FIRST: Final = 1 << 10


@dataclass
class _Use:
    """An instance of a rule, and how many of its premises are not proven yet."""

    goal: Fact
    rule: str
    premises: tuple[Fact, ...]
    open: int


def deep_steps(choosing: Choosing, fact: Fact) -> Mapping[Fact, Step]:
    """Return the last steps of a proof and of all that it rests on; none if none is found.

    Args:
        choosing: says what a triple may rest on.
        fact: the triple.
    """
    most = _FIRST
    while True:
        goals = _gathered(choosing, fact, most)
        steps = _proven(choosing, goals)
        if fact in steps or len(goals) < most or most >= GATHERED:
            return steps if fact in steps else {}
        most *= 8


def _gathered(choosing: Choosing, fact: Fact, most: int) -> dict[Fact, list[_Use]]:
    goals: dict[Fact, list[_Use]] = {fact: []}
    todo = [fact]
    for goal in todo:
        if choosing.lookup.states(goal) or choosing.of_values(goal):
            continue
        for use in _uses(choosing, goal):
            goals[goal].append(use)
            for premise in use.premises:
                if premise not in goals and len(goals) < most:
                    goals[premise] = []
                    todo.append(premise)
    return goals


def _uses(choosing: Choosing, goal: Fact) -> Iterator[_Use]:
    for recipe in choosing.recipes_for(goal):
        for premises in choosing.grounded(goal, recipe) or ():
            if goal not in premises:
                yield _Use(goal, recipe.name, premises, len(premises))


def _proven(choosing: Choosing, goals: Mapping[Fact, list[_Use]]) -> dict[Fact, Step]:
    waiting: dict[Fact, list[_Use]] = defaultdict(list)
    for use in (use for uses in goals.values() for use in uses):
        for premise in use.premises:
            waiting[premise].append(use)
    steps: dict[Fact, Step] = {}
    queue: list[tuple[int, int, Fact, Step]] = []
    for goal in goals:
        if choosing.lookup.states(goal):
            heappush(queue, (0, len(queue), goal, Step(0, None, ())))
        elif rule := choosing.of_values(goal):
            heappush(queue, (1, len(queue), goal, Step(1, rule, ())))
    count = len(queue)
    while queue:
        height, _, goal, step = heappop(queue)
        if goal in steps:
            continue
        steps[goal] = step
        for use in waiting[goal]:
            use.open -= 1
            if not use.open:
                count += 1
                found = Step(height + 1, use.rule, use.premises)
                heappush(queue, (height + 1, count, use.goal, found))
    return steps
