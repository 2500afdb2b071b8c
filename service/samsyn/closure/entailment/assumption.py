"""Proof by assuming: the opposite, to find a contradiction, or a thing nobody knows.

A closure holds no conclusion that is negative, or general, or about a class that nobody has named.
What to assume for such a one is in :mod:`samsyn.closure.entailment.postulates`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from typing import Final, cast

from samsyn.closure.entailment.postulates import POSTULATES, Binding, Goal, Postulate
from samsyn.closure.graph import ClosedGraph, Node, Statement
from samsyn.closure.literals import implies
from samsyn.closure.rules import RULES, Number, Variable
from samsyn.dataset.exact import BlankNode, Literal, NamedNode, Triple
from samsyn.names import OWL, RDF

_RULES: Final = tuple(name for name in RULES if not name.startswith("rdf"))
_TYPE: Final = NamedNode(RDF + "type")
_SAME: Final = NamedNode(OWL + "sameAs")
_LISTED: Final = (
    ("intersectionOf", all, _TYPE),
    ("unionOf", any, _TYPE),
    ("oneOf", any, _SAME),
)
_DEEPEST: Final = 6


class World:
    """What is known, what follows, and what can be proved of it.

    Args:
        known: the triples to begin with.
    """

    def __init__(self, known: Iterable[Triple]) -> None:
        self.known = frozenset(known)

    @cached_property
    def closed(self) -> ClosedGraph:
        """What follows, values of literals included."""
        return ClosedGraph(self.known, _RULES)

    @cached_property
    def absurd(self) -> bool:
        """Whether it contradicts itself, so that anything follows."""
        return next(self.closed.clashes(), None) is not None

    def assume(self, triples: Iterable[Triple]) -> World:
        """Return a world where some more is known."""
        return World(self.known.union(triples))

    def solve(self, goals: Sequence[Goal], binding: Binding) -> Iterator[Binding]:
        """Give the readings of the variables with which all goals are in the closure."""
        if not goals:
            yield binding
            return
        goal, rest = _nearest(goals, binding)
        for found in self._answers(goal, binding):
            yield from self.solve(rest, found)

    def proves(self, goals: Sequence[Goal], binding: Binding, under: tuple[Goal, ...] = ()) -> bool:
        """Return whether all goals hold for some reading of their variables.

        Args:
            goals: what is to be shown.
            binding: what some variables stand for.
            under: the goals that this one is to help with; to come back to one is to go round.
        """
        if not goals:
            return True
        goal, rest = _nearest(goals, binding)
        if any(self.proves(rest, found, under) for found in self._answers(goal, binding)):
            return True
        whole = _filled(goal, binding)
        if _open(whole) or whole in under or len(under) > _DEEPEST:
            return False
        return self._by_assumption(whole, (*under, whole)) and self.proves(rest, binding, under)

    def _answers(self, goal: Goal, binding: Binding) -> Iterator[Binding]:
        places = [None if _open((term,)) else term for term in _filled(goal, binding)]
        for fact in [*self.closed.facts(*places)]:  # type: ignore[arg-type]
            found = _fitted(goal, fact, binding)
            if found is not None:
                yield found

    def _by_assumption(self, goal: Goal, under: tuple[Goal, ...]) -> bool:
        fitting = [
            (row, found) for row in POSTULATES if (found := _fitted(row.goal, goal, {})) is not None
        ]
        axioms = [(row, found) for row, found in fitting if not row.known]
        if axioms:
            return all(self._holds(row, found, under) for row, found in axioms)
        return (
            self._by_datatypes(goal)
            or self._by_members(goal, under)
            or any(
                self._holds(row, found, under)
                for row, given in fitting
                for found in self.solve(row.known, given)
            )
        )

    def _holds(self, row: Postulate, given: Binding, under: tuple[Goal, ...]) -> bool:
        assumed = [_filled(goal, given) for goal in row.assumed]
        free = {term for goal in assumed for term in goal if isinstance(term, Variable)}
        unknown: Binding = {term: BlankNode() for term in free}
        binding = given | unknown
        facts = [_statement(_filled(goal, binding)).rdf() for goal in assumed]
        if None in facts:
            return False  # it would speak of a literal
        there = self.assume(fact for fact in facts if fact) if facts else self
        return there.absurd or (row.shown is not None and there.proves(row.shown, binding, under))

    def _by_datatypes(self, goal: Goal) -> bool:
        # Two kinds of integers may leave room for less than either: the short and not negative.
        thing, predicate, other = goal
        if predicate != _TYPE or not isinstance(other, NamedNode):
            return False
        known = (fact.object for fact in self.closed.facts(cast("Node", thing), _TYPE, None))
        return implies((d.value for d in known if isinstance(d, NamedNode)), other.value)

    def _by_members(self, goal: Goal, under: tuple[Goal, ...]) -> bool:
        # A thing of an intersection is in each class, of a union in one; of a list it is one.
        thing, predicate, class_ = goal
        for name, test, relation in _LISTED if predicate == _TYPE else ():
            for fact in [*self.closed.facts(cast("Node", class_), NamedNode(OWL + name), None)]:
                items = self.items(fact.object)
                if items and test(self.proves([(thing, relation, i)], {}, under) for i in items):
                    return True
        return False

    def items(self, head: Node) -> list[Node]:
        """Return the members of a list, or none if it does not end."""
        found: list[Node] = []
        seen: set[Node] = set()
        while head != NamedNode(RDF + "nil"):
            first = next(self.closed.facts(head, NamedNode(RDF + "first"), None), None)
            rest = next(self.closed.facts(head, NamedNode(RDF + "rest"), None), None)
            if first is None or rest is None or head in seen:
                return []
            seen.add(head)
            found.append(first.object)
            head = rest.object
        return found


def _open(goal: Goal) -> bool:
    return any(isinstance(term, Variable | Number) for term in goal)


def _statement(goal: Goal) -> Statement:
    # A goal whose variables are all filled in.
    return Statement(*cast("tuple[Node, Node, Node]", goal))


def _filled(goal: Goal, binding: Binding) -> Goal:
    return tuple(binding.get(term, term) if isinstance(term, Variable) else term for term in goal)


def _nearest(goals: Sequence[Goal], binding: Binding) -> tuple[Goal, list[Goal]]:
    # The goal with the fewest open places, and the others.
    first = min(goals, key=lambda goal: sum(_open((term,)) for term in _filled(goal, binding)))
    return first, [goal for goal in goals if goal is not first]


def _fitted(goal: Goal, fact: Iterable[object], binding: Binding) -> Binding | None:
    found: Binding = dict(binding)
    for term, node in zip(goal, fact, strict=True):
        if isinstance(term, Variable):
            if found.setdefault(term, node) != node:  # type: ignore[arg-type]
                return None
        elif isinstance(term, Number):
            if not (isinstance(node, Literal) and node.value == str(term.value)):
                return None
        elif term != node:
            return None
    return found
