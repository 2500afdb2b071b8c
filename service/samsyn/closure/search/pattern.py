"""The rules as a search reads them: patterns of terms to be met, for one conclusion each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import combinations
from typing import Final

from samsyn.closure.proof.checker import leads_on
from samsyn.closure.proof.fact import Fact, Node, number_of
from samsyn.closure.rules import LITERALS, RULES, Argument, Atom, Number, Rule, Variable
from samsyn.closure.search.lookup import Pattern
from samsyn.dataset.exact import Literal, NamedNode
from samsyn.names import RDF_TYPE

TYPE: Final = NamedNode(RDF_TYPE)

Place = tuple[int, int]
"""Where a premise stands: its place in the rule, and within what a premise on a list stands for."""
Binding = dict[Variable, Node]


@dataclass(frozen=True)
class Goal:
    """One premise or conclusion, with terms for IRIs.

    Args:
        name: "" for a triple pattern, else the premise on lists.
        arguments: variables, numbers and terms.
        place: where it stands.
        loose: whether it need not be met by a path, while a path through the head is sought. Where
            such a premise holds by a path, the head does too, link by link and no higher: the rule
            hands a triple on under another property, turned or not, or changes one end of it, or
            puts a chain before or after it.
    """

    name: str
    arguments: tuple[Variable | Number | Node, ...]
    place: Place
    loose: bool = False

    @property
    def list(self) -> Variable:
        """The variable of the list that it is about."""
        head = self.arguments[0]
        if not isinstance(head, Variable):
            raise TypeError(f"{self.name} names its list by a variable")
        return head

    @property
    def ends(self) -> tuple[object, object]:
        """The first and the last argument."""
        return self.arguments[0], self.arguments[-1]


@dataclass(frozen=True)
class Recipe:
    """A rule as a way to one of its conclusions.

    Args:
        number: tells recipes apart.
        name: the W3C name of the rule.
        head: the conclusion.
        premises: what must hold.
        is_path: whether it joins two links of a property; the links are its last two premises.
        turns: whether each link holds the other way round too, by a rule without conditions.
    """

    number: int
    name: str
    head: Goal
    premises: tuple[Goal, ...]
    is_path: bool
    turns: bool


def recipes_of(names: Iterable[str]) -> tuple[Recipe, ...]:
    """Return the ways to a conclusion that some rules give.

    Args:
        names: W3C names. Those that find contradictions, and those on the values of literals, give
            none.
    """
    rules = [RULES[name] for name in names]
    made: list[Recipe] = []
    for rule in rules:
        if any(atom.name in LITERALS for atom in rule.premises):
            continue
        premises = tuple(_goal(atom, (at, 0)) for at, atom in enumerate(rule.premises))
        path = leads_on(rule)
        for head in rule.conclusions:
            turns = path and any(_turns(other, head.arguments[1]) for other in rules)
            aim = _goal(head, (-1, 0))
            marked = tuple(replace(g, loose=_is_loose(g, aim, premises)) for g in premises)
            made.append(Recipe(len(made), rule.name, aim, marked, path, turns))
    return tuple(made)


def _is_loose(goal: Goal, head: Goal, premises: Iterable[Goal]) -> bool:
    if goal.name:
        return goal.name == "CHAIN"
    others = {a for other in premises if other is not goal for a in other.arguments}
    (start, end), (first, last) = head.ends, goal.ends
    if {start, end} == {first, last}:
        return not {start, end} & others
    if goal.arguments[1] != head.arguments[1]:
        return False
    return (first == start and start not in others) or (last == end and end not in others)


def _goal(atom: Atom, place: Place) -> Goal:
    arguments = (NamedNode(arg) if isinstance(arg, str) else arg for arg in atom.arguments)
    return Goal(atom.name, tuple(arguments), place)


def _turns(rule: Rule, predicate: Argument) -> bool:
    if len(rule.premises) != 1 or len(rule.conclusions) != 1 or not isinstance(predicate, str):
        return False
    body, head = rule.premises[0], rule.conclusions[0]
    if body.name or body.arguments[1] != predicate:
        return False
    return head.arguments == (body.arguments[2], predicate, body.arguments[0])


def filled(goal: Goal, binding: Binding) -> Pattern:
    """Return a triple pattern with what its variables stand for; ``None`` where that is open."""
    subject, predicate, object_ = (_value(argument, binding) for argument in goal.arguments)
    return subject, predicate, object_


def _value(argument: Variable | Number | Node, binding: Binding) -> Node | None:
    if isinstance(argument, Variable):
        return binding.get(argument)
    return None if isinstance(argument, Number) else argument


def unified(goal: Goal, pattern: Pattern | Fact, binding: Binding) -> Binding | None:
    """Return the binding that makes a goal fit a pattern, ``None`` if nothing does.

    Args:
        goal: a triple pattern with variables.
        pattern: terms, or ``None`` where anything fits.
        binding: what the variables stand for already.
    """
    found = dict(binding)
    for argument, term in zip(goal.arguments, pattern, strict=True):
        if term is None:
            continue
        if isinstance(argument, Variable):
            if found.setdefault(argument, term) != term:
                return None
        elif isinstance(argument, Number):
            if not isinstance(term, Literal) or number_of(term) != argument.value:
                return None
        elif argument != term:
            return None
    return found


def spelled(
    goal: Goal, items: tuple[Node, ...], binding: Binding
) -> Iterator[tuple[Binding, tuple[Goal, ...]]]:
    """Say what a premise on a list asks for, given its members.

    Args:
        goal: the premise.
        items: the members.
        binding: what the variables stand for already.
    """
    if goal.name in {"MEMBER", "PAIR"}:
        for chosen in combinations(items, len(goal.arguments) - 1):
            found = dict(binding)
            pairs = zip(goal.arguments[1:], chosen, strict=True)
            if all(isinstance(v, Variable) and found.setdefault(v, t) == t for v, t in pairs):
                yield found, ()
    elif items:
        yield binding, tuple(_SPELLED[goal.name](goal, items))


def _every(goal: Goal, items: tuple[Node, ...]) -> Iterator[Goal]:
    for at, item in enumerate(items, 1):
        yield Goal("", (goal.arguments[1], TYPE, item), (goal.place[0], at))


def _chain(goal: Goal, items: tuple[Node, ...]) -> Iterator[Goal]:
    between = (Variable(f"{goal.list.name}.{at}") for at in range(1, len(items)))
    stops = [goal.arguments[1], *between, goal.arguments[2]]
    for at, item in enumerate(items):
        yield Goal("", (stops[at], item, stops[at + 1]), (goal.place[0], at + 1))


def _key(goal: Goal, items: tuple[Node, ...]) -> Iterator[Goal]:
    for at, item in enumerate(items):
        value = Variable(f"{goal.list.name}.{at}")
        for turn, name in enumerate(goal.arguments[1:]):
            yield Goal("", (name, item, value), (goal.place[0], 2 * at + turn + 1))


_SPELLED: Final = {"EVERY": _every, "CHAIN": _chain, "KEY": _key}
