"""The rules that no plan needs: those that say something of every term, or of nothing.

They are read from the same table as all others. A rule without premises is said once; one whose
only premise is any triple is said of the terms that stand in its places; one on the datatypes of
literals is said of each datatype that holds one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from samsyn.closure.literals import datatypes
from samsyn.closure.rules import Argument, Rule, Variable
from samsyn.dataset.exact import Literal

Key = object
"""An IRI as text, or any other term itself."""
Said = tuple[Key, Key, Key]


def by_term(rule: Rule) -> bool:
    """Return whether a rule is for this module and not for a plan."""
    if rule.lone:
        return False
    if any(atom.name == "TYPED" for atom in rule.premises):
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
    for space in {space: None for literal in literals for space in datatypes(literal)}:
        yield from _said(rule, {first: None, second: space})


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
