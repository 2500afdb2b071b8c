"""Which terms data uses, as what, how often, and where first.

This is the part of the search for unknown terms whose time grows with the data.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Final

from samsyn import names
from samsyn.dataset.exact import Literal, NamedNode
from samsyn.validation.terms.vocabularies import KINDS

ROLES: Final = ("property", "class", "datatype", "node")
"""What a term is used as, in the order in which that counts."""


@dataclass
class Use:
    """How a term is used.

    Args:
        index: number of the triple that uses it first.
        position: where in that triple it stands: subject, predicate or object.
        role: what it is used as there.
        count: how many times it is used.
    """

    index: int
    position: str
    role: str = "node"
    count: int = 0


def _new(uses: dict[str, Use], term: str, index: int, position: str) -> Use:
    use = uses[term] = Use(index, position)
    return use


@dataclass(frozen=True)
class Usage:
    """Which terms some triples use.

    Args:
        found: how each is used.
        declared: those that the triples declare to be a class, a property or a datatype.
    """

    found: dict[str, Use]
    declared: frozenset[str]


def used(triples: Iterable[Any], candidate: Callable[[str], object]) -> Usage:
    """Read triples once and return every property, class and datatype, and the other candidates.

    Args:
        triples: the triples, or quads.
        candidate: tells of any other IRI whether it is to be taken in.
    """
    by_role: dict[str, dict[str, Use]] = {role: {} for role in ROLES}
    properties, classes, datatypes, nodes = by_role.values()
    declared = set[str]()
    last = ""
    for index, triple in enumerate(triples):
        subject, predicate, object_ = triple.subject, triple.predicate.value, triple.object
        (properties.get(predicate) or _new(properties, predicate, index, "predicate")).count += 1
        kind = type(object_)
        value = subject.value if type(subject) is NamedNode else ""
        if value != last:
            last = value
            if candidate(value):
                (nodes.get(value) or _new(nodes, value, index, "subject")).count += 1
        if kind is Literal:
            value = object_.datatype.value
            (datatypes.get(value) or _new(datatypes, value, index, "object")).count += 1
        elif kind is NamedNode:
            value = object_.value
            if predicate == names.RDF_TYPE:
                (classes.get(value) or _new(classes, value, index, "object")).count += 1
                if value in KINDS:
                    declared.add(last)
            elif candidate(value):
                (nodes.get(value) or _new(nodes, value, index, "object")).count += 1
    return Usage(_joined(by_role), frozenset(declared))


def _joined(by_role: dict[str, dict[str, Use]]) -> dict[str, Use]:
    # Of a term in several roles the place is that of the role that counts most.
    joined: dict[str, Use] = {}
    for role, uses in by_role.items():
        for term, use in uses.items():
            use.role = role
            known = joined.setdefault(term, use)
            if known is not use:
                known.count += use.count
    return joined
