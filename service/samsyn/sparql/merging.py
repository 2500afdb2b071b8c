"""Default graphs that are sets of triples (SPARQL 1.1, section 13.2).

The engine reads the graphs of a default graph one after the other, so that a triple of two of them
counts twice. Which graphs share triples is known here. Where none do, the engine is right; where
some do, the merge is put into the store as a graph of its own. No query sees that graph by name:
each is run with the list of the graphs that GRAPH may name.
"""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from typing import Final
from uuid import uuid4

from pyoxigraph import BlankNode, DefaultGraph, NamedNode, RdfFormat, Store

Name = NamedNode | BlankNode | DefaultGraph

_EVERYTHING: Final = """
INSERT {{ GRAPH {merged} {{ ?s ?p ?o }} }}
WHERE {{ {{ ?s ?p ?o }} UNION {{ GRAPH ?g {{ ?s ?p ?o }} }} }}
"""
_MISSING: Final = """
INSERT {{ GRAPH {merged} {{ ?s ?p ?o }} }}
WHERE {{ GRAPH {graph} {{ ?s ?p ?o }} FILTER NOT EXISTS {{ GRAPH {largest} {{ ?s ?p ?o }} }} }}
"""


class Merging:
    """Knows which graphs of a store share triples, and merges them where a query needs it.

    A graph is known by eight bytes for each of its triples. Two triples with the same bytes would
    cost a merge that is not needed, never a wrong answer.

    Args:
        store: the store.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._known: dict[Name, array[int]] = {}
        self._sharing: list[frozenset[Name]] = []
        self._union: NamedNode | None = None
        self._named: list[NamedNode | BlankNode] = []
        self._made: NamedNode | None = None

    def release(self) -> None:
        """Take the merge of all graphs out of the store, which is about to change."""
        if self._union is not None:
            self._store.remove_graph(self._union)
            self._union = None

    def forget(self, name: Name) -> None:
        """Note that a graph is not what it was."""
        self._known.pop(name, None)

    def refresh(self, *, union: bool) -> None:
        """Find out which graphs share triples, reading only those that have changed.

        Args:
            union: whether the merge of all graphs is to be had.
        """
        self._named = list(self._store.named_graphs())
        names: list[Name] = [DefaultGraph(), *self._named]
        self._known = {name: self._known.get(name) or self._read(name) for name in names}
        self._sharing = self._find()
        if union and self._sharing:
            self._merge_all()

    def _merge_all(self) -> NamedNode:
        merged = _fresh()
        self._store.update(_EVERYTHING.format(merged=merged))
        self._union = merged
        return merged

    def _read(self, name: Name) -> array[int]:
        dump = self._store.dump(format=RdfFormat.N_TRIPLES, from_graph=name) or b""
        return array("q", map(hash, dump.splitlines()))

    def _find(self) -> list[frozenset[Name]]:
        seen: set[int] = set()
        repeated: set[int] = set()
        for known in self._known.values():
            these = set(known)
            repeated |= these & seen
            seen |= these
        holders: dict[int, set[Name]] = {triple: set() for triple in repeated}
        for name, known in self._known.items() if repeated else ():
            for triple in repeated.intersection(known):
                holders[triple].add(name)
        return list(set(map(frozenset, holders.values())))

    def union(self) -> tuple[list[NamedNode], list[NamedNode | BlankNode]] | None:
        """Return the merge of all graphs and the graphs that GRAPH may name.

        Returns:
            Both; None where no two graphs share a triple, so that no merge is needed.
        """
        if not self._sharing:
            return None
        return [self._union or self._merge_all()], self._named

    def of(self, graphs: Sequence[NamedNode]) -> list[NamedNode]:
        """Return graphs without a common triple that hold what these hold, for one query.

        Only the smaller ones of those that share triples are read.

        Args:
            graphs: the graphs of a default graph.
        """
        names = list(dict.fromkeys(graphs))
        sharing: set[Name] = set()
        for holders in self._sharing:
            common = holders.intersection(names)
            sharing |= common if len(common) > 1 else set()
        if not sharing:
            return names
        largest, *others = sorted(sharing, key=lambda name: -len(self._known[name]))
        self._made = _fresh()
        for graph in others:
            text = _MISSING.format(merged=self._made, graph=graph, largest=largest)
            self._store.update(text)
        return [*(name for name in names if name not in others), self._made]

    def drop(self) -> None:
        """Drop what was merged for a query; one that has begun sees the store as it was then."""
        if self._made is not None:
            self._store.remove_graph(self._made)
            self._made = None


def _fresh() -> NamedNode:
    return NamedNode(f"urn:x-samsyn:merged:{uuid4()}")
