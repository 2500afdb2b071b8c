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
from dataclasses import dataclass, replace
from typing import Final

from samsyn.closure.lookup import Lookup, Pattern
from samsyn.closure.pattern import (
    TYPE,
    Binding,
    Goal,
    Place,
    Recipe,
    filled,
    open_side,
    recipes_of,
    spelled,
    unified,
)
from samsyn.closure.proof import Fact
from samsyn.closure.rules import LISTS
from samsyn.dataset.exact import NamedNode, Term

LOWEST_AT_MOST: Final = 60
"""The height at which the search gives up."""
INSTANCES: Final = 4096
"""As many instances of a rule as are kept for one triple."""
_PATIENCE: Final = 6


@dataclass(frozen=True)
class Step:
    """The last step of a lowest proof: its height, its rule and what it rests on."""

    height: int
    rule: str | None
    premises: tuple[Fact, ...]


Found = tuple[tuple[Place, Fact], ...]
"""Premises that were met, with their places in the rule."""


class Search:
    """Lowest proofs of the triples of one closed graph.

    Args:
        lookup: what the graph tells.
        rules: W3C names of the rules that it is closed under.
    """

    def __init__(self, lookup: Lookup, rules: Iterable[str]) -> None:
        self.lookup = lookup
        self.recipes = recipes_of(rules)
        self._steps: dict[Fact, Step] = {}
        self._failed: dict[Fact, int] = {}
        self._ends: dict[tuple[Pattern, int, bool], tuple[Term, ...]] = {}
        self._grounded: dict[tuple[Fact, int], tuple[tuple[Fact, ...], ...] | None] = {}
        self._chosen: dict[tuple[Term, Term | None], tuple[Recipe, ...]] = {}
        self._open_found = 0
        self._highest = 0

    def step(self, fact: Fact) -> Step | None:
        """Return the last step of a lowest proof, ``None`` if none is found."""
        idle = 0
        for height in range(LOWEST_AT_MOST):
            before = self._progress()
            if self._within(fact, height):
                return self._steps[fact]
            # Heights at which nothing new turned up: there is nothing left to find.
            settled = height > self._highest and self._progress() == before
            idle = idle + 1 if settled else 0
            if idle == _PATIENCE:
                break
        return None

    def _progress(self) -> tuple[int, int, int]:
        return len(self._steps), len(self._failed), self._open_found

    def _within(self, fact: Fact, height: int) -> bool:
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

    def _all_within(self, facts: Iterable[Fact], height: int) -> bool:
        for fact in facts:  # noqa: SIM110 - a call of `all` would go deeper into the stack
            if not self._within(fact, height):
                return False
        return True

    def _attempt(self, fact: Fact, height: int) -> Step | None:
        if height == 0:
            return Step(0, None, ()) if self.lookup.states(fact) else None
        for recipe in self._for(fact):
            if recipe.is_path:
                continue
            for premises in self._instances(fact, recipe, height - 1):
                if self._all_within(premises, height - 1):
                    return Step(height, recipe.name, premises)
        return self._attempt_path(fact, height)

    # -- which rules may give a triple -----------------------------------------------------------

    def _for(self, pattern: Pattern) -> tuple[Recipe, ...]:
        # For a type also by its class: few rules speak of any one.
        _, predicate, last = pattern
        assert predicate is not None
        key = (predicate, last if predicate == TYPE else None)
        if key not in self._chosen:
            goal = (None, *key)
            self._chosen[key] = tuple(r for r in self.recipes if self._may_fire(r, goal))
        return self._chosen[key]

    def _may_fire(self, recipe: Recipe, pattern: Pattern) -> bool:
        binding = unified(recipe.head, pattern, {})
        if binding is None or self._is_detour(recipe, binding, pattern[1]):
            return False
        patterns = (filled(goal, binding) for goal in recipe.premises if goal.name not in LISTS)
        return all(
            not isinstance(pattern[1], NamedNode) or self.lookup.few(pattern) != ()
            for pattern in patterns
        )

    def _is_detour(self, recipe: Recipe, binding: Binding, predicate: Term | None) -> bool:
        # Where every link can be turned round, whatever joins links is a path, and no higher.
        if recipe.is_path or len(recipe.premises) < 2:
            return False
        if any(goal.name or filled(goal, binding)[1] != predicate for goal in recipe.premises):
            return False
        return any(other.turns and filled(other.head, {})[1] == predicate for other in self.recipes)

    # -- instances of a rule ---------------------------------------------------------------------

    def _instances(self, fact: Fact, recipe: Recipe, height: int) -> Iterable[tuple[Fact, ...]]:
        key = (fact, recipe.number)
        if key not in self._grounded:
            self._grounded[key] = self._grounded_now(fact, recipe)
        known = self._grounded[key]
        if known is not None:
            return known
        binding = unified(recipe.head, fact, {})
        solutions = self._solve(recipe.premises, binding or {}, (), height, None)
        return (_ordered(found) for _, found in solutions)

    def instances(
        self, goals: tuple[Goal, ...], binding: Binding
    ) -> Iterator[tuple[Binding, tuple[Fact, ...]]]:
        """Give every way in which some premises hold in the closure.

        Args:
            goals: the premises.
            binding: what their variables stand for already.

        Raises:
            WideError: one of them fits too many triples to be tried one by one.
        """
        for more, found in self._solve(goals, binding, (), None, None):
            yield more, _ordered(found)

    def _grounded_now(self, fact: Fact, recipe: Recipe) -> tuple[tuple[Fact, ...], ...] | None:
        # All instances whose premises hold at some height; none of a rule with a wide premise.
        binding = unified(recipe.head, fact, {})
        if binding is None:
            return ()
        found = []
        try:
            for _, premises in self._solve(recipe.premises, binding, (), None, None):
                found.append(_ordered(premises))
                if len(found) > INSTANCES:
                    return None
        except WideError:
            return None
        return tuple(dict.fromkeys(found))

    def _solve(
        self,
        goals: tuple[Goal, ...],
        binding: Binding,
        found: Found,
        height: int | None,
        through: Term | None,
    ) -> Iterator[tuple[Binding, Found]]:
        # Without a height: by the closure alone. ``through``: the property whose hops are sought.
        if not goals:
            if height is None or self._all_within((fact for _, fact in found), height):
                yield binding, found
            return
        goal, candidates = self._narrowest(goals, binding, through)
        rest = tuple(other for other in goals if other is not goal)
        if goal.name:
            for items, cells in self.lookup.lists(binding[goal.list]):
                for more, extra in spelled(goal, items, binding):
                    grown = (*found, *((goal.place, cell) for cell in cells))
                    steps = (*_marked(extra, goal, through), *rest)
                    yield from self._solve(steps, more, grown, height, through)
            return
        if candidates is None:
            candidates = self._wide(goal, binding, found, height, through)
        for fact in candidates:
            more_ = unified(goal, fact, binding)
            if more_ is not None:
                grown = (*found, (goal.place, fact))
                yield from self._solve(rest, more_, grown, height, through)

    def _narrowest(
        self, goals: tuple[Goal, ...], binding: Binding, through: Term | None
    ) -> tuple[Goal, Iterable[Fact] | None]:
        best, least, answer = goals[0], 1 << 30, None
        for goal in goals:
            if goal.name:
                if goal.list in binding and least > 1:
                    best, least, answer = goal, 1, None
                continue
            pattern = filled(goal, binding)
            cost, candidates = self._cost(goal, pattern, through)
            if cost < least:
                best, least, answer = goal, cost, candidates
            if not least:
                break
        return best, answer

    def _cost(
        self, goal: Goal, pattern: Pattern, through: Term | None
    ) -> tuple[int, Iterable[Fact] | None]:
        unknown = sum(term is None for term in pattern)
        if pattern[1] is None:
            return (1 << 20) * unknown, None
        if unknown and goal.loose and through is not None:
            return (1 << 10) * unknown, None
        few = self.lookup.few(pattern)
        return (
            ((1 << 10) * unknown + (pattern[0] is None), None) if few is None else (len(few), few)
        )

    def _wide(
        self,
        goal: Goal,
        binding: Binding,
        found: Found,
        height: int | None,
        through: Term | None,
    ) -> Iterator[Fact]:
        if height is None:
            raise WideError
        if not self._all_within((fact for _, fact in found), height):
            return
        pattern = filled(goal, binding)
        if open_side(pattern) is not None:
            yield from self._open(pattern, height, whole=through is None or not goal.loose)
        elif height == 0:
            yield from self.lookup.stated(pattern)
        else:
            yield from (f for f in self.lookup.match(pattern) if self._within(f, height))

    # -- all triples of a property from or to one end ----------------------------------------------

    def _open(self, pattern: Pattern, height: int, *, whole: bool) -> Iterator[Fact]:
        # Not only those of least height: whatever holds within it. ``whole``: paths included.
        side = open_side(pattern)
        for end in self._ends_within(pattern, height, whole=whole):
            yield Fact(*(end if at == side else term for at, term in enumerate(pattern)))  # type: ignore[arg-type]

    def _ends_within(self, pattern: Pattern, height: int, *, whole: bool) -> tuple[Term, ...]:
        key = (pattern, height, whole)
        if key not in self._ends:
            before = len(self._ends_within(pattern, height - 1, whole=whole)) if height else 0
            ends = tuple(dict.fromkeys(self._find_ends(pattern, height, whole=whole)))
            self._open_found += len(ends) - before
            self._ends[key] = ends
        return self._ends[key]

    def _find_ends(self, pattern: Pattern, height: int, *, whole: bool) -> Iterator[Term]:
        side = open_side(pattern)
        assert side is not None
        if height == 0:
            yield from (fact[side] for fact in self.lookup.stated(pattern))
            return
        yield from self._ends_within(pattern, height - 1, whole=whole)
        for recipe in self._for(pattern):
            if recipe.is_path:
                if whole and self._aside(recipe, pattern, height - 1) is not None:
                    yield from self._reached(pattern, recipe, height - 1)
                continue
            binding = unified(recipe.head, pattern, {})
            through = None if whole else pattern[1]
            for more, _ in self._solve(recipe.premises, binding or {}, (), height - 1, through):
                end = filled(recipe.head, more)[side]
                if end is not None:
                    yield end

    # -- paths -------------------------------------------------------------------------------------

    def _attempt_path(self, fact: Fact, height: int) -> Step | None:
        for recipe in self._for(fact):
            if not recipe.is_path:
                continue
            aside = self._aside(recipe, fact, height - 1)
            route = self._route(fact, recipe, height - 1) if aside is not None else None
            if aside is not None and route:
                return Step(height, recipe.name, (*aside, *route))
        return None

    def _aside(self, recipe: Recipe, pattern: Pattern, height: int) -> tuple[Fact, ...] | None:
        # What a rule on paths asks for besides the path.
        goals = recipe.premises[:-2]
        binding = unified(recipe.head, (None, pattern[1], None), {})
        for _, found in self._solve(goals, binding or {}, (), height, None):
            return _ordered(found)
        return None

    def _route(self, fact: Fact, recipe: Recipe, height: int) -> list[Fact] | None:
        start, predicate, target = fact
        came: dict[Term, tuple[Term, Fact]] = {}
        todo = deque([start])
        while todo:
            node = todo.popleft()
            for end, hop in self._hops(node, predicate, recipe, height):
                if end == target and (node != start or hop != fact):
                    return self._unrolled(start, node, came, hop, recipe, height)
                if end in came or end == start:
                    continue
                if recipe.turns or self.lookup.holds(Fact(end, predicate, target)):
                    came[end] = (node, hop)
                    todo.append(end)
        return None

    def _unrolled(
        self,
        start: Term,
        node: Term,
        came: dict[Term, tuple[Term, Fact]],
        last: Fact,
        recipe: Recipe,
        height: int,
    ) -> list[Fact] | None:
        route = [last]
        while node != start:
            node, hop = came[node]
            route.append(hop)
        route.reverse()
        flat: list[Fact] = []
        at = start
        for hop in route:
            parts = self._flat(hop, recipe, height)
            forward = hop.subject == at
            flat += parts if forward else reversed(parts)
            at = hop.object if forward else hop.subject
        return flat if len(flat) > 1 else None

    def _flat(self, hop: Fact, recipe: Recipe, height: int) -> tuple[Fact, ...]:
        # A hop may turn out to be a path itself, found at a lower height.
        if not self._within(hop, height):
            raise AssertionError(f"a hop without a proof: {hop}")
        step = self._steps[hop]
        return step.premises[len(recipe.premises) - 2 :] if step.rule == recipe.name else (hop,)

    def _hops(
        self, node: Term, predicate: Term, recipe: Recipe, height: int
    ) -> Iterator[tuple[Term, Fact]]:
        for hop in self._open((node, predicate, None), height, whole=False):
            yield hop.object, hop
        if recipe.turns:
            for hop in self._open((None, predicate, node), height, whole=False):
                yield hop.subject, hop

    def _reached(self, pattern: Pattern, recipe: Recipe, height: int) -> Iterator[Term]:
        side = open_side(pattern)
        start, predicate = pattern[2 if side == 0 else 0], pattern[1]
        assert start is not None
        assert predicate is not None
        seen: dict[Term, None] = {}
        todo = deque([start])
        while todo:
            node = todo.popleft()
            for end in self._next(node, predicate, recipe, height, backwards=side == 0):
                if end not in seen:
                    seen[end] = None
                    todo.append(end)
        yield from seen

    def _next(
        self, node: Term, predicate: Term, recipe: Recipe, height: int, *, backwards: bool
    ) -> Iterator[Term]:
        if not backwards or recipe.turns:
            yield from self._ends_within((node, predicate, None), height, whole=False)
        if backwards or recipe.turns:
            yield from self._ends_within((None, predicate, node), height, whole=False)


class WideError(Exception):
    """A premise fits too many triples to be tried one by one."""


def _ordered(found: Found) -> tuple[Fact, ...]:
    return tuple(dict.fromkeys(fact for _, fact in sorted(found, key=lambda part: part[0])))


def _marked(chain: tuple[Goal, ...], goal: Goal, through: Term | None) -> Iterator[Goal]:
    # At the ends of a chain the property itself need not be asked for by a path.
    for at, link in enumerate(chain):
        outer = goal.loose and at in {0, len(chain) - 1} and link.arguments[1] == through
        yield replace(link, loose=outer)
