"""Which rules may give a triple, and how, found out once for each property."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from samsyn.closure.literals import holds
from samsyn.closure.proof.fact import Fact, Node
from samsyn.closure.rules import LISTS, RULES
from samsyn.closure.search.joining import Bounds, Joining, WideError
from samsyn.closure.search.lookup import Lookup, Pattern
from samsyn.closure.search.pattern import TYPE, Binding, Recipe, filled, recipes_of, unified
from samsyn.dataset.exact import NamedNode

INSTANCES: Final = 4096
"""As many instances of a rule as are kept for one triple."""


class Choosing(Joining):
    """Chooses rules, and remembers their instances.

    Args:
        lookup: what the graph tells.
        rules: W3C names of the rules that it is closed under.
    """

    def __init__(self, lookup: Lookup, rules: Iterable[str]) -> None:
        super().__init__(lookup)
        names = tuple(rules)
        self.recipes = recipes_of(names)
        lone = [RULES[name] for name in names if RULES[name].lone]
        self._of_values: dict[Node, tuple[str, str]] = {
            NamedNode(str(rule.conclusions[0].arguments[1])): (rule.name, rule.premises[0].name)
            for rule in lone
        }
        self._chosen: dict[tuple[Node | None, Node | None], tuple[Recipe, ...]] = {}
        self._grounded: dict[tuple[Fact, int], tuple[tuple[Fact, ...], ...] | None] = {}

    def of_values(self, fact: Fact) -> str | None:
        """Return the rule by which a triple holds for the values of its literals alone."""
        rule, premise = self._of_values.get(fact.predicate, ("", ""))
        return rule if rule and holds(premise, fact.subject, fact.object) else None

    def ends_of_values(self, pattern: Pattern, side: int) -> Iterator[Node]:
        """Give the ends of the triples that fit a pattern and hold for their values alone."""
        if pattern[1] in self._of_values:
            held = self.lookup.match(pattern)
            yield from (fact[side] for fact in held if self.of_values(fact) is not None)

    def recipes_for(self, pattern: Pattern) -> tuple[Recipe, ...]:
        """Return the ways in which a triple that fits a pattern may follow."""
        # For a type also by its class: few rules speak of any one.
        _, predicate, last = pattern
        key = (predicate, last if predicate == TYPE else None)
        if key not in self._chosen:
            self._chosen[key] = tuple(r for r in self.recipes if self._may_fire(r, (None, *key)))
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

    def _is_detour(self, recipe: Recipe, binding: Binding, predicate: Node | None) -> bool:
        # Where every link can be turned round, whatever joins links is a path, and no higher.
        if recipe.is_path or len(recipe.premises) < 2:
            return False
        if any(goal.name or filled(goal, binding)[1] != predicate for goal in recipe.premises):
            return False
        return any(other.turns and filled(other.head, {})[1] == predicate for other in self.recipes)

    def grounded(self, fact: Fact, recipe: Recipe) -> tuple[tuple[Fact, ...], ...] | None:
        """Return the premises of each instance of a rule that gives a triple, at any height.

        ``None`` where a premise fits too many triples for that.
        """
        key = (fact, recipe.number)
        if key not in self._grounded:
            self._grounded[key] = self._grounded_now(fact, recipe)
        return self._grounded[key]

    def _grounded_now(self, fact: Fact, recipe: Recipe) -> tuple[tuple[Fact, ...], ...] | None:
        binding = unified(recipe.head, fact, {})
        if binding is None:
            return ()
        found: dict[tuple[Fact, ...], None] = {}
        try:
            for _, premises in self.instances(recipe.premises, binding, Bounds()):
                found[premises] = None
                if len(found) > INSTANCES:
                    return None
        except WideError:
            return None
        return tuple(found)

    def instances_of(self, fact: Fact, recipe: Recipe, height: int) -> Iterable[tuple[Fact, ...]]:
        """Give the premises of instances of a rule that give a triple.

        Args:
            fact: the triple.
            recipe: the rule.
            height: of the proofs of its premises, at most; some may be given that are higher.
        """
        known = self.grounded(fact, recipe)
        if known is not None:
            return known
        binding = unified(recipe.head, fact, {}) or {}
        solutions = self.instances(recipe.premises, binding, Bounds(height))
        return (premises for _, premises in solutions)
