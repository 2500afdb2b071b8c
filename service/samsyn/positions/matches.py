"""Triples met in RDF/XML or JSON-LD, compared with those that are looked for.

There a triple is found by what it says, not by its number. A blank node has no name to compare, so
a triple that has one is placed only where a single element could be meant.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from samsyn.dataset.exact import Literal, NamedNode, Quad
from samsyn.positions.text import Region

Object = tuple[str, ...] | None
"""An object as a key: an IRI; value, language and datatype; None for a blank node."""


@dataclass
class _Property:
    # What was met of one property of one subject; None is any blank node.
    wanted: set[Object] = field(default_factory=set)
    count: int = 0
    first: Region | None = None
    places: dict[Object, list[Region]] = field(default_factory=dict)


class Sightings:
    """What was met so far; no more is kept than the wanted triples need.

    Args:
        wanted: the triples to find, by number.
    """

    def __init__(self, wanted: Mapping[int, Quad]) -> None:
        self._wanted = wanted
        self._nodes: dict[str, Region | None] = {}
        self._properties: dict[tuple[str | None, str], _Property] = {}
        for quad in wanted.values():
            subject = _name(quad.subject)
            if subject is not None:
                self._nodes[subject] = None
            key = subject, quad.predicate.value
            self._properties.setdefault(key, _Property()).wanted.add(_key(quad.object))

    def node(self, subject: str | None, region: Region) -> None:
        """Take in the place at which a node is described."""
        if subject is not None and self._nodes.get(subject, region) is None:
            self._nodes[subject] = region

    def triple(self, subject: str | None, predicate: str, object_: Object, region: Region) -> None:
        """Take in a triple; a subject or an object that is a blank node is None."""
        met = self._properties.get((subject, predicate))
        if met is None:
            return
        met.count += 1
        met.first = met.first or region
        places = met.places.setdefault(object_, []) if object_ in met.wanted else []
        if len(places) <= 1:
            places.append(region)

    def places(self) -> dict[int, Region]:
        """Return the places by number, without the triples that were not found for certain."""
        found = ((number, self._place(quad)) for number, quad in self._wanted.items())
        return {number: region for number, region in found if region is not None}

    def _place(self, quad: Quad) -> Region | None:
        subject, object_ = _name(quad.subject), _key(quad.object)
        met = self._properties[subject, quad.predicate.value]
        places = met.places.get(object_, [])
        if places and (len(places) == 1 or None not in (subject, object_)):
            return places[0]
        if subject is None:
            return None
        return met.first if met.count == 1 else self._nodes[subject]


def _name(term: Any) -> str | None:
    return term.value if isinstance(term, NamedNode) else None


def _key(term: Any) -> Object:
    if isinstance(term, NamedNode):
        return (term.value,)
    if isinstance(term, Literal):
        return literal(term.value, term.language or "", term.datatype.value)
    return None


def literal(value: str, language: str, datatype: str) -> Object:
    """Return the key of a literal."""
    return (value, language.lower(), "" if language else datatype)
