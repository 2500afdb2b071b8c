"""Writes triples: a subject with what is said of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import count
from typing import Final

from samsyn import names
from samsyn.dataset.exact import BlankNode, Literal, NamedNode, Term, Triple

Node = NamedNode | BlankNode
Said = Term | str | int | Iterable["Term | str | int"]
"""What may be said by one property: terms, IRIs as text, numbers; one or several of them."""

_INTEGER: Final = NamedNode(names.XSD + "integer")


def say(subject: Node | str, said: Mapping[str, Said]) -> Iterator[Triple]:
    """Yield a triple for everything said of a subject.

    Args:
        subject: a node, or an IRI as text.
        said: by the IRI of the property.
    """
    node = NamedNode(subject) if isinstance(subject, str) else subject
    for property_, value in said.items():
        for each in _several(value):
            yield Triple(node, NamedNode(property_), _term(each))


def _several(value: Said) -> Iterable[Term | str | int]:
    single = isinstance(value, NamedNode | BlankNode | Literal | str | int)
    return [value] if single else value  # type: ignore[list-item, return-value]


def _term(value: Term | str | int) -> Term:
    if isinstance(value, int):
        return Literal(str(value), datatype=_INTEGER)
    return NamedNode(value) if isinstance(value, str) else value


def label(swedish: str, english: str) -> dict[str, Said]:
    """Say what something is called in both languages."""
    return {names.RDFS_LABEL: [Literal(swedish, language="sv"), Literal(english, language="en")]}


class Blanks:
    """Blank nodes whose labels are the same each time.

    Args:
        name: what all their labels begin with.
    """

    def __init__(self, name: str) -> None:
        self._labels = (f"{name}{number}" for number in count())

    def new(self) -> BlankNode:
        """Make the next one."""
        return BlankNode(next(self._labels))
