"""What if: the facts closed anew as if some recommendations had been followed.

A scenario is a copy: stated and bridged facts, the proposed facts of the chosen items, and
``ontology/scenario.ttl``, which says what a proposed fact would mean if it came true. It is closed
beside the base and compared with it; nothing of it enters another graph.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final, TypeGuard

from samsyn import names
from samsyn.closure.graph import ClosedGraph
from samsyn.dataset.exact import Dataset, Graph, NamedNode, Triple
from samsyn.errors import UsageError

REACHES: Final = NamedNode(names.NS + "reaches")
_ASSUMES: Final = NamedNode(names.NS + "assumes")
_LEVEL: Final = NamedNode(names.NS + "BodyLevel")
_SUB_PROPERTY: Final = NamedNode(names.RDFS + "subPropertyOf")
_TYPE: Final = NamedNode(names.RDF_TYPE)
_TRANSITIVE: Final = NamedNode(names.OWL + "TransitiveProperty")
_PROPOSED: Final = names.GRAPH + "proposed/"
_ITEM: Final = names.ID + "recommendation/"


@dataclass(frozen=True)
class Change:
    """A chain that a scenario brings or shortens.

    Args:
        start: who reaches.
        end: whom.
        before: hops in the base; ``None`` where there is no chain.
        after: hops in the scenario.
        to_level: whether the end is a level of a body.
    """

    start: NamedNode
    end: NamedNode
    before: int | None
    after: int
    to_level: bool


@dataclass(frozen=True)
class Outcome:
    """What changes if some items are followed.

    Args:
        items: the items, as IRIs.
        assumptions: the bridges that applying them needs.
        changes: chains gained or shortened, nearest first.
        gained: all triples that hold in the scenario alone, the proposed ones left out.
        scenario: the closed scenario, to explain its triples by.
    """

    items: tuple[NamedNode, ...]
    assumptions: tuple[NamedNode, ...]
    changes: tuple[Change, ...]
    gained: tuple[Triple, ...]
    scenario: ClosedGraph


def follow(sources: Dataset, whole: Dataset, lifting: Graph, items: Iterable[str]) -> Outcome:
    """Return what changes if the items are followed.

    Args:
        sources: the graphs that are reasoned over.
        whole: the dataset with the proposed graphs.
        lifting: ``ontology/scenario.ttl``.
        items: names such as ``R3.2``.

    Raises:
        UsageError: there is no such item; it lists those there are.
    """
    chosen = tuple(_graph(whole, item) for item in items)
    if not chosen:
        raise UsageError("A scenario needs at least one item.", advice=_choice(whole))
    facts = sources.triples()
    base = ClosedGraph(facts)
    proposed = {triple for graph in chosen for triple in graph.triples}
    scenario = ClosedGraph([*facts, *lifting.triples, *proposed])
    known = set(base)
    gained = [t for t in scenario if t not in known and t not in proposed and _tells(t)]
    nodes = tuple(NamedNode(_ITEM + graph.iri.removeprefix(_PROPOSED)) for graph in chosen)
    return Outcome(
        nodes,
        tuple(sorted({b for node in nodes for b in _assumptions(whole, node)}, key=str)),
        tuple(sorted(_changes(base, scenario), key=_order)),
        tuple(sorted(gained, key=str)),
        scenario,
    )


def _graph(whole: Dataset, item: str) -> Graph:
    iri = _PROPOSED + item.lower().replace(".", "-")
    if iri not in whole.graphs:
        raise UsageError(f"There is no recommendation item {item!r}.", advice=_choice(whole))
    return whole.graphs[iri]


def _choice(whole: Dataset) -> str:
    found = (iri.removeprefix(_PROPOSED) for iri in whole.graphs if iri.startswith(_PROPOSED))
    return "Items: " + ", ".join(sorted(name.upper().replace("-", ".") for name in found))


def _assumptions(whole: Dataset, item: NamedNode) -> Iterator[NamedNode]:
    for triple in whole.triples():
        if (triple.subject, triple.predicate) == (item, _ASSUMES) and _is_node(triple.object):
            yield triple.object


def _is_node(term: object) -> TypeGuard[NamedNode]:
    return isinstance(term, NamedNode)


def _tells(triple: Triple) -> bool:
    # Types that follow from a domain or range, and axioms, are no news about the world.
    return triple.predicate.value.startswith(names.NS) and triple.subject != triple.object


def _order(change: Change) -> tuple[bool, int, str, str]:
    return (not change.to_level, change.after, change.end.value, change.start.value)


def _changes(base: ClosedGraph, scenario: ClosedGraph) -> Iterator[Change]:
    before, after = dict(_distances(base)), dict(_distances(scenario))
    levels = {triple.subject for triple in scenario.match(None, _TYPE, _LEVEL)}
    for (start, end), hops in after.items():
        if before.get((start, end)) != hops:
            yield Change(start, end, before.get((start, end)), hops, end in levels)


def _distances(graph: ClosedGraph) -> Iterator[tuple[tuple[NamedNode, NamedNode], int]]:
    # Breadth first over the direct properties below the chain property: the fewest hops.
    ahead: dict[NamedNode, set[NamedNode]] = {}
    for direct in _direct(graph):
        for triple in graph.match(None, direct, None):
            if _is_node(triple.subject) and _is_node(triple.object):
                ahead.setdefault(triple.subject, set()).add(triple.object)
    for start in ahead:
        hops = {start: 0}
        todo = deque([start])
        while todo:
            node = todo.popleft()
            for other in ahead.get(node, ()):
                if other not in hops:
                    hops[other] = hops[node] + 1
                    todo.append(other)
        yield from (((start, end), count) for end, count in hops.items() if count)


def _direct(graph: ClosedGraph) -> Iterator[NamedNode]:
    for triple in graph.match(None, _SUB_PROPERTY, REACHES):
        direct = triple.subject
        if _is_node(direct) and Triple(direct, _TYPE, _TRANSITIVE) not in graph:
            yield direct
