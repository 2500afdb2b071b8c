"""The rules that no plan needs: those that say something of every term, or of a literal's value.

They are read from the same table as all others. A rule without premises is said once; one whose
only premise is any triple is said of the terms that stand in its places; and premises on literals
are answered by :mod:`samsyn.closure.engine.literals`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import permutations
from typing import Final

from samsyn.closure.engine.literals import Value, datatypes, is_ill_typed, value
from samsyn.closure.rules import LITERALS, Argument, Rule, Variable
from samsyn.dataset.exact import Literal

Key = object
"""An IRI as text, or any other term itself."""
Said = tuple[Key, Key, Key]
Answers = Iterator[tuple[Key, Key]]


def by_term(rule: Rule) -> bool:
    """Tell whether a rule is for this module and not for a plan."""
    if any(atom.name in LITERALS for atom in rule.premises):
        return True
    return all(isinstance(term, Variable) for atom in rule.premises for term in atom.arguments)


def conclusions(
    rule: Rule, places: tuple[Iterable[Key], ...], literals: Iterable[Literal]
) -> Iterator[Said]:
    """Give what a rule says of the terms of a graph.

    Args:
        rule: one that :func:`by_term` accepts.
        places: the terms that stand as subject, as predicate and as object.
        literals: the literals among them.
    """
    if not rule.premises:
        yield from _said(rule, {})
        return
    premise = rule.premises[0]
    if not premise.name:
        for argument, terms in zip(premise.arguments, places, strict=True):
            yield from _each(rule, str(argument), terms)
        return
    first, second = map(str, premise.arguments)
    for one, other in _ANSWERS[premise.name](literals):
        yield from _said(rule, {first: one, second: other})


def contradicted(rule: Rule, literals: Iterable[Literal]) -> Iterator[Literal]:
    """Give the literals of which a rule says that they cannot be."""
    found = (literal for literal, _ in _ANSWERS[rule.premises[0].name](literals))
    yield from (literal for literal in found if isinstance(literal, Literal))


def _each(rule: Rule, variable: str, terms: Iterable[Key]) -> Iterator[Said]:
    heads = [head for head in rule.conclusions if {str(v) for v in head.variables} == {variable}]
    for term in terms if heads else ():
        for head in heads:
            s, p, o = (_value(argument, {variable: term}) for argument in head.arguments)
            yield s, p, o


def _said(rule: Rule, binding: Mapping[str, Key]) -> Iterator[Said]:
    for head in rule.conclusions:
        s, p, o = (_value(argument, binding) for argument in head.arguments)
        yield s, p, o


def _value(argument: Argument, binding: Mapping[str, Key]) -> Key:
    return binding[str(argument)] if isinstance(argument, Variable) else argument


def _typed(literals: Iterable[Literal]) -> Answers:
    yield from ((literal, space) for literal in literals for space in datatypes(literal))


def _ill_typed(literals: Iterable[Literal]) -> Answers:
    yield from ((lit, lit.datatype.value) for lit in literals if is_ill_typed(lit))


def _same_value(literals: Iterable[Literal]) -> Answers:
    for group in _by_value(literals).values():
        yield from permutations(group, 2)


def _different_value(literals: Iterable[Literal]) -> Answers:
    for one, other in permutations(_by_value(literals).values(), 2):
        yield from ((first, second) for first in one for second in other)


def _by_value(literals: Iterable[Literal]) -> dict[Value, list[Literal]]:
    groups: dict[Value, list[Literal]] = defaultdict(list)
    for literal in literals:
        if (found := value(literal)) is not None:
            groups[found].append(literal)
    return groups


_ANSWERS: Final[dict[str, Callable[[Iterable[Literal]], Answers]]] = {
    "TYPED": _typed,
    "ILLTYPED": _ill_typed,
    "SAMEVALUE": _same_value,
    "DIFFERENTVALUE": _different_value,
}
