"""Whether a graph holds another, whose blank nodes are variables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from samsyn.closure.graph import ClosedGraph
from samsyn.dataset.exact import BlankNode, Triple

Reading = Mapping[object, object]


def holds(graph: ClosedGraph, wanted: Sequence[Triple], reading: Reading | None = None) -> bool:
    """Return whether some reading of the blank nodes makes all triples ones of the graph."""
    reading = reading or {}
    if not wanted:
        return True
    nearest = min(wanted, key=lambda t: sum(_value(x, reading) is None for x in _ends(t)))
    rest = [triple for triple in wanted if triple is not nearest]
    subject, object_ = (_value(term, reading) for term in _ends(nearest))
    found = graph.match(subject, nearest.predicate, object_)  # type: ignore[arg-type]
    return any(
        holds(graph, rest, grown)
        for triple in [*found]
        if (grown := _read(nearest, triple, reading)) is not None
    )


def _ends(triple: Triple) -> tuple[object, object]:
    return triple.subject, triple.object


def _value(term: object, reading: Reading) -> object | None:
    return reading.get(term) if isinstance(term, BlankNode) else term


def _read(wanted: Triple, found: Triple, reading: Reading) -> Reading | None:
    grown = dict(reading)
    for term, node in zip(_ends(wanted), _ends(found), strict=True):
        if isinstance(term, BlankNode) and grown.setdefault(term, node) != node:
            return None
    return grown
