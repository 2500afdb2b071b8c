"""The search for a proof of least height, backwards from the triple through the rule table.

Whether a triple has a proof of some height is asked height by height, and each answer is kept. A
proof of one height rests on proofs of lower ones, so no search runs in a circle, and the first
proof found is a lowest one. A path of a transitive property is sought breadth first along its
*hops*: what is stated of the property or follows by a rule that is not itself about paths. So the
pairs of its closure, of which there may be millions, are never gone through.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from samsyn.closure.proof.fact import Fact, Node
from samsyn.closure.search.choosing import Choosing
from samsyn.closure.search.joining import Bounds, Fan
from samsyn.closure.search.lookup import Lookup
from samsyn.closure.search.pattern import Recipe, filled, unified

HIGHEST: Final = 60
"""The height at which this search gives up."""
_PATIENCE: Final = 6


@dataclass(frozen=True)
class Step:
    """The last step of a proof: its height, its rule and what it rests on."""

    height: int
    rule: str | None
    premises: tuple[Fact, ...]


@dataclass(frozen=True)
class _Paths:
    """What a path is sought by: the rule that joins its links, and the height of the hops."""

    recipe: Recipe
    height: int


class Search(Choosing):
    """Lowest proofs of the triples of one closed graph.

    Args:
        lookup: what the graph tells.
        rules: W3C names of the rules that it is closed under.
    """

    def __init__(self, lookup: Lookup, rules: Iterable[str]) -> None:
        super().__init__(lookup, rules)
        self._steps: dict[Fact, Step] = {}
        self._failed: dict[Fact, int] = {}
        self._ends: dict[tuple[Fan, int, bool], tuple[Node, ...]] = {}
        self._ends_found = 0
        self._highest = 0

    def step(self, fact: Fact) -> Step | None:
        """Return the last step of a lowest proof, ``None`` if none is found."""
        idle = 0
        for height in range(HIGHEST):
            before = self._progress()
            if self.within(fact, height):
                return self._steps[fact]
            # Heights at which nothing new turned up: there is nothing left to find.
            settled = height > self._highest and self._progress() == before
            idle = idle + 1 if settled else 0
            if idle == _PATIENCE:
                break
        return None

    def _progress(self) -> tuple[int, int, int]:
        return len(self._steps), len(self._failed), self._ends_found

    def within(self, fact: Fact, height: int) -> bool:
        """Return whether a triple has a proof of some height at most."""
        known = self._steps.get(fact)
        if known is not None:
            return known.height <= height
        for tried in range(self._failed.get(fact, -1) + 1, height + 1):
            found = self._attempt(fact, tried)
            if found is not None:
                self._steps[fact] = found
                self._highest = max(self._highest, tried)
                return True
            self._failed[fact] = tried
        return False

    def _attempt(self, fact: Fact, height: int) -> Step | None:
        if height == 0:
            return Step(0, None, ()) if self.lookup.states(fact) else None
        rule = self.of_values(fact)
        if rule is not None:
            return Step(1, rule, ())
        for recipe in self.recipes_for(fact):
            if recipe.is_path:
                continue
            for premises in self.instances_of(fact, recipe, height - 1):
                if self.all_within(premises, height - 1):
                    return Step(height, recipe.name, premises)
        return self._attempt_path(fact, height)

    # -- all triples of a property from or to one node ---------------------------------------------

    def ends_within(self, fan: Fan, height: int, *, whole: bool) -> tuple[Node, ...]:
        """Return the other ends of a fan's triples that have a proof of some height at most.

        Args:
            fan: the triples.
            height: the height.
            whole: whether paths count, or hops only.
        """
        key = (fan, height, whole)
        if key not in self._ends:
            before = self.ends_within(fan, height - 1, whole=whole) if height else ()
            found = dict.fromkeys(before)
            found.update(dict.fromkeys(self._new_ends(fan, height, whole=whole)))
            self._ends_found += len(found) - len(before)
            self._ends[key] = tuple(found)
        return self._ends[key]

    def _new_ends(self, fan: Fan, height: int, *, whole: bool) -> Iterator[Node]:
        side = 2 if fan.forward else 0
        if height == 0:
            yield from (fact[side] for fact in self.lookup.stated(fan.pattern))
            return
        yield from self.ends_of_values(fan.pattern, side)
        bounds = Bounds(height - 1, None if whole else fan.predicate)
        for recipe in self.recipes_for(fan.pattern):
            if recipe.is_path:
                if whole and self._aside(recipe, fan.predicate, height - 1) is not None:
                    yield from self._reached(fan, _Paths(recipe, height - 1))
                continue
            binding = unified(recipe.head, fan.pattern, {}) or {}
            for more, _ in self.instances(recipe.premises, binding, bounds):
                end = filled(recipe.head, more)[side]
                if end is not None:
                    yield end

    # -- paths -------------------------------------------------------------------------------------

    def _attempt_path(self, fact: Fact, height: int) -> Step | None:
        for recipe in self.recipes_for(fact):
            if not recipe.is_path:
                continue
            aside = self._aside(recipe, fact.predicate, height - 1)
            route = self._route(fact, _Paths(recipe, height - 1)) if aside is not None else None
            if aside is not None and route:
                return Step(height, recipe.name, (*aside, *route))
        return None

    def _aside(self, recipe: Recipe, predicate: Node, height: int) -> tuple[Fact, ...] | None:
        # What a rule on paths asks for apart from the path.
        binding = unified(recipe.head, (None, predicate, None), {}) or {}
        for _, found in self.instances(recipe.premises[:-2], binding, Bounds(height)):
            return found
        return None

    def _route(self, fact: Fact, paths: _Paths) -> list[Fact] | None:
        start, predicate, target = fact
        came: dict[Node, tuple[Node, Fact]] = {}
        todo = deque([start])
        while todo:
            node = todo.popleft()
            for end, hop in self._hops(node, predicate, paths):
                if end == target and (node != start or hop != fact):
                    return self._unrolled(start, [*_back(start, node, came), hop], paths)
                if end in came or end == start:
                    continue
                if paths.recipe.turns or self.lookup.holds(Fact(end, predicate, target)):
                    came[end] = (node, hop)
                    todo.append(end)
        return None

    def _hops(self, node: Node, predicate: Node, paths: _Paths) -> Iterator[tuple[Node, Fact]]:
        ways = (True, False) if paths.recipe.turns else (True,)
        for forward in ways:
            fan = Fan(node, predicate, forward)
            for end in self.ends_within(fan, paths.height, whole=False):
                yield end, fan.fact(end)

    def _unrolled(self, start: Node, route: list[Fact], paths: _Paths) -> list[Fact] | None:
        # A hop may turn out to be a path itself, found at a lower height.
        flat: list[Fact] = []
        at = start
        for hop in route:
            if not self.within(hop, paths.height):
                return None
            step, first = self._steps[hop], len(paths.recipe.premises) - 2
            is_path = step.rule == paths.recipe.name
            parts = step.premises[first:] if is_path else (hop,)
            forward = hop.subject == at
            flat += parts if forward else reversed(parts)
            at = hop.object if forward else hop.subject
        return flat if len(flat) > 1 else None

    def _reached(self, fan: Fan, paths: _Paths) -> Iterator[Node]:
        seen: dict[Node, None] = {}
        todo = deque([fan.node])
        while todo:
            for end in self._next(Fan(todo.popleft(), fan.predicate, fan.forward), paths):
                if end not in seen:
                    seen[end] = None
                    todo.append(end)
        yield from seen

    def _next(self, fan: Fan, paths: _Paths) -> Iterator[Node]:
        yield from self.ends_within(fan, paths.height, whole=False)
        if paths.recipe.turns:
            back = Fan(fan.node, fan.predicate, not fan.forward)
            yield from self.ends_within(back, paths.height, whole=False)


def _back(start: Node, node: Node, came: dict[Node, tuple[Node, Fact]]) -> list[Fact]:
    route = []
    while node != start:
        node, hop = came[node]
        route.append(hop)
    return route[::-1]
