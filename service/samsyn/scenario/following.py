"""What if: the facts closed again as if some recommendations had been followed.

A scenario is a copy: stated and editorial facts, the proposed facts of the chosen items, and
``ontology/scenario.ttl``, which says what a proposed fact would mean if it came true. It is closed
beside the base and compared with it; nothing of it enters another graph.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cached_property
from typing import Final

from samsyn import names
from samsyn.closure import relevant
from samsyn.closure.explanation.explainer import Explainer
from samsyn.closure.explanation.sources import Sources
from samsyn.closure.graph import ClosedGraph
from samsyn.dataset.exact import Dataset, Graph, NamedNode, Triple
from samsyn.errors import NotFoundError, UsageError
from samsyn.scenario.chains import Chain, Ends, Hop, chains, is_node
from samsyn.scenario.outcome import Change, Outcome, Wish

_ASSUMES: Final = NamedNode(names.NS + "assumes")
_LEVEL: Final = NamedNode(names.NS + "OrganisationalLevel")
_TYPE: Final = NamedNode(names.RDF_TYPE)
_PROPOSED: Final = names.GRAPH + "proposed/"
_ITEM: Final = names.ID + "recommendation/"

# A proposed property whose value would take the place of what holds now.
_REPLACED: Final[Mapping[str, str]] = {
    names.NS + "wouldHaveNormStatus": names.NS + "hasNormStatus",
}


def follow(sources: Dataset, whole: Dataset, lifting: Graph, items: Iterable[str]) -> Outcome:
    """Return what changes if the items are followed.

    Args:
        sources: the graphs that are reasoned over.
        whole: the dataset with the proposed graphs.
        lifting: ``ontology/scenario.ttl``.
        items: names such as ``R3.2``.

    Raises:
        NotFoundError: there is no such item; it lists those there are.
        UsageError: no item is named.
    """
    return Scenarios(sources, whole, lifting).follow(items)


class Scenarios:
    """Scenarios on one base, which is closed once.

    Args:
        sources: the graphs that are reasoned over.
        whole: the dataset with the proposed graphs.
        lifting: ``ontology/scenario.ttl``.
    """

    def __init__(self, sources: Dataset, whole: Dataset, lifting: Graph) -> None:
        self._sources = sources
        self._whole = whole
        self._lifting = lifting

    @cached_property
    def items(self) -> tuple[str, ...]:
        """The names of the items that propose something, such as ``R3.2``."""
        graphs = (iri for iri in self._whole.graphs if iri.startswith(_PROPOSED))
        return tuple(sorted(_name(iri.removeprefix(_PROPOSED)) for iri in graphs))

    def follow(self, items: Iterable[str]) -> Outcome:
        """Return what changes if the items are followed; their order does not matter.

        Raises:
            NotFoundError: there is no such item; it lists those there are.
            UsageError: no item is named.
        """
        chosen = self._graphs(self.chosen(items))
        scenario = self._closed(chosen)
        proposed = [triple for graph in chosen for triple in graph.triples]
        link = self._linker(chosen)
        changes = sorted(self._compare(scenario, link), key=_order)
        nodes = tuple(_node(names.local(graph.iri)) for graph in chosen)
        return Outcome(
            items=nodes,
            assumptions=tuple(self._assumptions(nodes)),
            wishes=tuple(self._wish(link(triple)) for triple in sorted(set(proposed), key=str)),
            chains=tuple(change for change in changes if change.news),
            levels=tuple(change for change in changes if change.to_level),
            gained=self._gained(scenario, set(proposed)),
            sources=(*self._sources.graphs, *(graph.iri for graph in chosen), self._lifting.iri),
        )

    def closed(self, items: Iterable[str]) -> ClosedGraph:
        """Return the closed scenario, as a graph to ask.

        Raises:
            NotFoundError: there is no such item; it lists those there are.
            UsageError: no item is named.
        """
        return self._closed(self._graphs(self.chosen(items)))

    def explainer(self, items: Iterable[str]) -> Explainer:
        """Return what explains the triples of a scenario.

        Raises:
            NotFoundError: there is no such item; it lists those there are.
            UsageError: no item is named.
        """
        return Explainer(self.closed(items), sources=self._origins)

    def chosen(self, items: Iterable[str]) -> tuple[str, ...]:
        """Return the names of items as this writes them, sorted, each once.

        Raises:
            NotFoundError: there is no such item; it lists those there are.
            UsageError: no item is named.
        """
        found = tuple(sorted({_name(item) for item in items}))
        unknown = [name for name in found if name not in self.items]
        choice = f"Items: {', '.join(self.items)}"
        if unknown:
            raise NotFoundError(f"There is no recommendation item {unknown[0]!r}.", advice=choice)
        if not found:
            raise UsageError("A scenario needs at least one item.", advice=choice)
        return found

    def _graphs(self, chosen: Iterable[str]) -> list[Graph]:
        return [self._whole.graphs[_PROPOSED + _local(name)] for name in chosen]

    def _closed(self, chosen: Iterable[Graph]) -> ClosedGraph:
        proposed = (triple for graph in chosen for triple in graph.triples)
        return ClosedGraph([*self._facts, *self._lifting.triples, *proposed])

    @cached_property
    def _facts(self) -> list[Triple]:
        return relevant(self._sources.triples())

    @cached_property
    def _base(self) -> ClosedGraph:
        return ClosedGraph(self._facts)

    @cached_property
    def _known(self) -> frozenset[Triple]:
        return frozenset(self._base)

    @cached_property
    def _chains(self) -> dict[Ends, Chain]:
        return chains(self._base, self._linker(()))

    @cached_property
    def _origins(self) -> Sources:
        return Sources(self._whole.with_graph(self._lifting))

    def _linker(self, chosen: Iterable[Graph]) -> Callable[[Triple], Hop]:
        # The graphs of other items, and what was inferred before, are no part of the scenario.
        graphs = {*self._sources.graphs, *(graph.iri for graph in chosen)}

        def link(triple: Triple) -> Hop:
            found = self._origins.of(triple)
            return Hop(triple, tuple(source for source in found if source.graph in graphs))

        return link

    def _compare(self, scenario: ClosedGraph, link: Callable[[Triple], Hop]) -> Iterator[Change]:
        levels = {triple.subject for triple in scenario.match(None, _TYPE, _LEVEL)}
        for (start, end), chain in chains(scenario, link).items():
            yield Change(start, end, self._chains.get((start, end), ()), chain, end in levels)

    def _assumptions(self, items: Iterable[NamedNode]) -> Iterator[NamedNode]:
        wanted = set(items)
        found = {
            triple.object
            for triple in self._whole.triples()
            if triple.predicate == _ASSUMES and triple.subject in wanted
        }
        yield from sorted(filter(is_node, found), key=str)

    def _wish(self, hop: Hop) -> Wish:
        replaced = _REPLACED.get(hop.triple.predicate.value)
        if replaced is None:
            return Wish(hop, ())
        now = self._base.match(hop.triple.subject, NamedNode(replaced), None)
        return Wish(hop, tuple(sorted((triple.object for triple in now), key=str)))

    def _gained(self, scenario: ClosedGraph, proposed: set[Triple]) -> tuple[Triple, ...]:
        return tuple(
            triple
            for triple in sorted(set(scenario) - self._known - proposed, key=str)
            if _tells(triple)
        )


def _node(local: str) -> NamedNode:
    return NamedNode(_ITEM + local)


def _name(item: str) -> str:
    return item.strip().upper().replace("-", ".")


def _local(name: str) -> str:
    return name.lower().replace(".", "-")


def _tells(triple: Triple) -> bool:
    # Types that follow from a domain or range, and axioms, are no news about the world.
    return triple.predicate.value.startswith(names.NS) and triple.subject != triple.object


def _order(change: Change) -> tuple[bool, int, str, str]:
    return (not change.to_level, change.after, change.end.value, change.start.value)
