"""How the premises of a rule are met: one pattern after the other, the narrowest first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Final

from samsyn.closure.proof.fact import Fact, Node
from samsyn.closure.search.lookup import Lookup, Pattern
from samsyn.closure.search.pattern import Binding, Goal, Place, filled, spelled, unified

_UNKNOWN: Final = 1 << 10
_ANYTHING: Final = 1 << 20

Found = tuple[tuple[Place, Fact], ...]
"""Premises that were met, with their places in the rule."""


class WideError(Exception):
    """A premise fits too many triples to be tried one by one."""


@dataclass(frozen=True)
class Bounds:
    """Which triples may meet a premise.

    Args:
        height: the greatest height of their proofs; ``None`` for any that hold.
        through: a property whose hops are sought: premises marked as loose are met by hops only.
    """

    height: int | None = None
    through: Node | None = None


@dataclass(frozen=True)
class Fan:
    """The triples of a property from one node, or to it."""

    node: Node
    predicate: Node
    forward: bool

    @property
    def pattern(self) -> Pattern:
        """The pattern that they fit."""
        ends = (self.node, None) if self.forward else (None, self.node)
        return ends[0], self.predicate, ends[1]

    def fact(self, end: Node) -> Fact:
        """Return the one that has a given other end."""
        ends = (self.node, end) if self.forward else (end, self.node)
        return Fact(ends[0], self.predicate, ends[1])


class Joining:
    """Meets premises; what holds within a height is reported by anyone who inherits this.

    Args:
        lookup: what the graph tells.
    """

    def __init__(self, lookup: Lookup) -> None:
        self.lookup = lookup

    def within(self, fact: Fact, height: int) -> bool:
        """Return whether a triple has a proof of some height at most."""
        raise NotImplementedError

    def ends_within(self, fan: Fan, height: int, *, whole: bool) -> tuple[Node, ...]:
        """Return the other ends of a fan's triples that have a proof of some height at most.

        Args:
            fan: the triples.
            height: the height.
            whole: whether paths count, or hops only.
        """
        raise NotImplementedError

    def all_within(self, facts: Iterable[Fact], height: int) -> bool:
        """Return whether each of some triples has a proof of some height at most."""
        for fact in facts:  # noqa: SIM110 - a call of `all` would go deeper into the stack
            if not self.within(fact, height):
                return False
        return True

    def instances(
        self, goals: tuple[Goal, ...], binding: Binding, bounds: Bounds
    ) -> Iterator[tuple[Binding, tuple[Fact, ...]]]:
        """Give every way to meet some premises, with the premises in their order.

        Args:
            goals: the premises.
            binding: what their variables stand for already.
            bounds: which triples may meet them.

        Raises:
            WideError: there is no height, and a premise fits too many triples.
        """
        for more, found in self._met(goals, binding, (), bounds):
            if bounds.height is None or self.all_within((f for _, f in found), bounds.height):
                ordered = sorted(found, key=lambda part: part[0])
                yield more, tuple(dict.fromkeys(fact for _, fact in ordered))

    def _met(
        self, goals: tuple[Goal, ...], binding: Binding, found: Found, bounds: Bounds
    ) -> Iterator[tuple[Binding, Found]]:
        if not goals:
            yield binding, found
            return
        goal, candidates = self._narrowest(goals, binding, bounds)
        rest = tuple(other for other in goals if other is not goal)
        if goal.name:
            yield from self._list_met(goal, rest, binding, found, bounds)
            return
        if candidates is None:
            candidates = self._wide(goal, binding, found, bounds)
        for fact in candidates:
            more = unified(goal, fact, binding)
            if more is not None:
                yield from self._met(rest, more, (*found, (goal.place, fact)), bounds)

    def _list_met(
        self, goal: Goal, rest: tuple[Goal, ...], binding: Binding, found: Found, bounds: Bounds
    ) -> Iterator[tuple[Binding, Found]]:
        for items, cells in self.lookup.lists(binding[goal.list]):
            grown = (*found, *((goal.place, cell) for cell in cells))
            for more, extra in spelled(goal, items, binding):
                steps = (*_marked(extra, goal, bounds.through), *rest)
                yield from self._met(steps, more, grown, bounds)

    def _narrowest(
        self, goals: tuple[Goal, ...], binding: Binding, bounds: Bounds
    ) -> tuple[Goal, Iterable[Fact] | None]:
        best, least, answer = goals[0], _ANYTHING * 4, None
        for goal in goals:
            cost, candidates = self._cost(goal, binding, bounds)
            if cost < least:
                best, least, answer = goal, cost, candidates
            if not least:
                break
        return best, answer

    def _cost(
        self, goal: Goal, binding: Binding, bounds: Bounds
    ) -> tuple[int, Iterable[Fact] | None]:
        if goal.name:
            return (1 if goal.list in binding else _ANYTHING * 4), None
        pattern = filled(goal, binding)
        unknown = sum(term is None for term in pattern)
        if pattern[1] is None:
            return _ANYTHING * unknown, None
        if unknown and goal.loose and bounds.through is not None:
            return _UNKNOWN * unknown, None
        few = self.lookup.few(pattern)
        if few is None:
            return _UNKNOWN * unknown + (pattern[0] is None), None
        return len(few), few

    def _wide(self, goal: Goal, binding: Binding, found: Found, bounds: Bounds) -> Iterator[Fact]:
        height = bounds.height
        if height is None:
            raise WideError
        if not self.all_within((fact for _, fact in found), height):
            return
        pattern = filled(goal, binding)
        fan = _fan(pattern)
        if fan is not None:
            whole = bounds.through is None or not goal.loose
            yield from map(fan.fact, self.ends_within(fan, height, whole=whole))
        elif height == 0:
            yield from self.lookup.stated(pattern)
        else:
            yield from (f for f in self.lookup.match(pattern) if self.within(f, height))


def _fan(pattern: Pattern) -> Fan | None:
    subject, predicate, object_ = pattern
    if predicate is None or (subject is None) == (object_ is None):
        return None
    if subject is not None:
        return Fan(subject, predicate, forward=True)
    return Fan(object_, predicate, forward=False) if object_ is not None else None


def _marked(chain: tuple[Goal, ...], goal: Goal, through: Node | None) -> Iterator[Goal]:
    # At the ends of a chain the property itself need not be asked for by a path.
    for at, link in enumerate(chain):
        outer = goal.loose and at in {0, len(chain) - 1} and link.arguments[1] == through
        yield replace(link, loose=outer)
