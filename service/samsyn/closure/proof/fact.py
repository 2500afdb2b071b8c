"""Triples as the rules see them."""

from __future__ import annotations

from typing import NamedTuple

from samsyn.dataset.exact import BlankNode, Literal, NamedNode, Triple

Node = NamedNode | BlankNode | Literal | Triple
"""What may be in a triple."""


class Fact(NamedTuple):
    """A triple, generalised: a rule may conclude something of a literal."""

    subject: Node
    predicate: Node
    object: Node

    def __str__(self) -> str:
        return f"{self.subject} {self.predicate} {self.object}"


def triple_of(fact: Fact) -> Triple | None:
    """Return a fact as an RDF triple, ``None`` if it is more general than those."""
    subject, predicate, object_ = fact
    if isinstance(subject, Literal) or not isinstance(predicate, NamedNode):
        return None
    return Triple(subject, predicate, object_)


def number_of(literal: Literal) -> float | None:
    """Return the value of a literal that is a number, ``None`` for any other."""
    kind = literal.datatype.value.rpartition("#")[2].lower()
    if not kind.endswith(("integer", "int", "long", "short", "byte", "decimal")):
        return None
    try:
        return float(literal.value)
    except ValueError:
        return None
