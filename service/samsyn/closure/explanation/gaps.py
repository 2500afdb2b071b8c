"""What is missing for a triple to follow: rules of which all premises hold but one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Final

from samsyn.closure.proof.fact import Fact
from samsyn.closure.search.joining import Bounds, WideError
from samsyn.closure.search.lookup import Pattern
from samsyn.closure.search.lowest import Search
from samsyn.closure.search.pattern import TYPE, Recipe, filled, unified
from samsyn.dataset.exact import Literal, NamedNode
from samsyn.names import OWL, RDFS

SHOWN: Final = 6
_PER_RULE: Final = 3
_TRIED: Final = 200
_SAME: Final = NamedNode(OWL + "sameAs")


@dataclass(frozen=True)
class Gap:
    """A rule that would give a triple if one more premise held.

    Args:
        rule: its W3C name.
        missing: the premise; an open place (``None``) stands for anything.
        present: the premises that hold.
    """

    rule: str
    missing: Pattern
    present: tuple[Fact, ...]


def gaps(search: Search, fact: Fact, most: int = SHOWN) -> tuple[Gap, ...]:
    """Return what is missing for a triple that does not follow, nearest first.

    Args:
        search: over the graph that it does not follow from.
        fact: the triple.
        most: how many to return.
    """
    found: dict[Pattern, Gap] = {}
    for recipe in search.recipes:
        for gap in islice(_gaps_of(search, recipe, fact), _TRIED):
            found.setdefault(gap.missing, gap)
    ranked = sorted(found.values(), key=lambda gap: _distance(gap, fact))
    return tuple(islice(_varied(ranked), most))


def _gaps_of(search: Search, recipe: Recipe, fact: Fact) -> Iterator[Gap]:
    binding = unified(recipe.head, fact, {})
    if binding is None:
        return
    for goal in recipe.premises:
        others = tuple(other for other in recipe.premises if other is not goal)
        if goal.name or any(other.name and other.list in goal.arguments for other in others):
            continue
        try:
            for more, present in search.instances(others, binding, Bounds()):
                missing = filled(goal, more)
                if _may_be_missing(missing, fact):
                    yield Gap(recipe.name, missing, present)
        except WideError:
            continue


def _may_be_missing(missing: Pattern, fact: Fact) -> bool:
    return (
        isinstance(missing[1], NamedNode)
        and missing != fact
        and not isinstance(missing[0], Literal)
    )


def _distance(gap: Gap, fact: Fact) -> tuple[bool, bool, int, bool, str]:
    # A missing fact is nearer than a missing axiom, and one that is known whole than any.
    subject, predicate, object_ = gap.missing
    kind = object_ if predicate == TYPE else predicate
    axiom = isinstance(kind, NamedNode) and kind.value.startswith((OWL, RDFS))
    equality = predicate == _SAME or not gap.present
    return (
        equality,
        axiom,
        (subject is None) + (object_ is None),
        predicate == fact.predicate,
        str(gap.missing),
    )


def _varied(ranked: Iterable[Gap]) -> Iterator[Gap]:
    count: Counter[str] = Counter()
    for gap in ranked:
        count[gap.rule] += 1
        if count[gap.rule] <= _PER_RULE:
            yield gap
