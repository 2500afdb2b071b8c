"""The shortest chains of direct links in a closed graph, hop by hop."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final, TypeGuard

from samsyn import names
from samsyn.closure.explanation.sources import Source, Statement
from samsyn.closure.graph import ClosedGraph
from samsyn.dataset.exact import NamedNode, Triple

REACHES: Final = NamedNode(names.NS + "reaches")
_SUB_PROPERTY: Final = NamedNode(names.RDFS + "subPropertyOf")
_TYPE: Final = NamedNode(names.RDF_TYPE)
_TRANSITIVE: Final = NamedNode(names.OWL + "TransitiveProperty")

Ends = tuple[NamedNode, NamedNode]


@dataclass(frozen=True)
class Hop:
    """One direct link of a chain.

    Args:
        triple: the link as it was written down, or as it follows where nobody wrote it.
        sources: the graphs that hold it, with the claims and editorial statements behind it.
    """

    triple: Triple
    sources: tuple[Source, ...]

    @property
    def provenance_status(self) -> str:
        """IRI of the firmest provenance status of its graphs; inferred where none holds it."""
        found = (source.provenance_status for source in self.sources)
        return min(found, key=names.PROVENANCE_STATUSES.index, default=names.IS_INFERRED)

    @property
    def statements(self) -> tuple[Statement, ...]:
        """The claims and editorial statements that state it."""
        return tuple(said for source in self.sources for said in source.statements)

    @property
    def nodes(self) -> Ends:
        """Where the hop begins and ends."""
        start, end = self.triple.subject, self.triple.object
        if not is_node(start) or not is_node(end):
            raise TypeError(f"{self.triple} joins no two resources.")
        return start, end

    @property
    def order(self) -> tuple[int, str]:
        """What is stated counts for more than what is added, proposed or inferred."""
        return names.PROVENANCE_STATUSES.index(self.provenance_status), str(self.triple)


Chain = tuple[Hop, ...]


def is_node(term: object) -> TypeGuard[NamedNode]:
    """Return whether a term is an IRI."""
    return isinstance(term, NamedNode)


def chains(closed: ClosedGraph, link: Callable[[Triple], Hop]) -> dict[Ends, Chain]:
    """Return a shortest chain for each pair of actants between which there is one.

    Args:
        closed: the graph.
        link: says who says a triple.
    """
    return dict(_search(_links(closed, link)))


def _links(
    closed: ClosedGraph, link: Callable[[Triple], Hop]
) -> dict[NamedNode, dict[NamedNode, Hop]]:
    # Of several links between two actants, the one that is said most firmly.
    ahead: dict[NamedNode, dict[NamedNode, Hop]] = {}
    for hop in sorted(map(link, _written(closed)), key=lambda hop: hop.order):
        start, end = hop.nodes
        ahead.setdefault(start, {}).setdefault(end, hop)
    return ahead


def _written(closed: ClosedGraph) -> Iterator[Triple]:
    for found in closed.match(None, _SUB_PROPERTY, REACHES):
        direct = found.subject
        if is_node(direct) and Triple(direct, _TYPE, _TRANSITIVE) not in closed:
            for triple in closed.match(None, direct, None):
                if is_node(triple.subject) and is_node(triple.object):
                    yield triple


def _search(
    ahead: Mapping[NamedNode, Mapping[NamedNode, Hop]],
) -> Iterator[tuple[Ends, Chain]]:
    # Breadth first from every actant; a chain back to its start is none.
    for start in ahead:
        found: dict[NamedNode, Chain] = {start: ()}
        todo = deque([start])
        while todo:
            node = todo.popleft()
            for other, hop in ahead.get(node, {}).items():
                if other not in found:
                    found[other] = (*found[node], hop)
                    todo.append(other)
        yield from (((start, end), chain) for end, chain in found.items() if chain)
