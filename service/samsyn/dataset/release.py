"""What a record takes up of a newer release: the graphs that the release ships, where nobody wrote.

The record says which graphs it was shipped and their digests then. So a graph that a writer has
changed or deleted is reported from one that the release has changed, added or left out.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from hashlib import sha256
from types import MappingProxyType

from samsyn import names
from samsyn.dataset.exact import Dataset, Graph, graph_iri, sources
from samsyn.layout import Layout

Digests = Mapping[str, str]
"""The digest of each shipped graph, by its IRI."""


@dataclass(frozen=True)
class Uptake:
    """What became of a record.

    Args:
        dataset: its graphs now.
        shipped: the digests of the shipped graphs that it knows of.
        taken: graphs that are now as the release has them.
        removed: graphs that the release has no longer.
        kept: graphs that somebody has written or deleted here, so that what the release has
            changed in them was not taken.
    """

    dataset: Dataset
    shipped: Digests
    taken: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()

    def differs(self, recorded: Dataset, shipped: Digests | None) -> bool:
        """Return whether there is anything to put on record."""
        return self.dataset.graphs != recorded.graphs or self.shipped != shipped

    def lines(self) -> Iterator[str]:
        """Tell an operator what was done, if anything was."""
        if self.taken:
            yield f"The record took up {_listed(self.taken)} from the newer release."
        if self.removed:
            yield f"The record no longer has {_listed(self.removed)}, as the newer release."
        if self.kept:
            yield (
                f"The record keeps what was written or deleted in {_listed(self.kept)}: what the "
                "newer release has there is not taken. To take it, delete the graph and put the "
                "file of the release there, or begin a new store."
            )


def digests(layout: Layout) -> Digests:
    """Return the digests of the graphs that a release ships, without reading their triples.

    Args:
        layout: where its files are.
    """
    return {
        graph_iri(path.relative_to(layout.root)): sha256(path.read_bytes()).hexdigest()
        for path in sources(layout)
    }


def first(release: Dataset) -> Uptake:
    """Return what an empty record is filled with."""
    return Uptake(release, {iri: graph.digest for iri, graph in release.graphs.items()})


def taken_up(recorded: Dataset, before: Digests | None, release: Dataset) -> Uptake:
    """Return a record with the graphs of a release, where nobody has written.

    Args:
        recorded: the graphs of the record; those without a file were written by clients.
        before: the digests of the graphs that it was shipped; None: it is of a version that did
            not note them. Then those that have a file are known to be shipped and unchanged; of
            the others only the names tell, and one that is missing is new.
        release: the graphs of the release.
    """
    known = _guessed(recorded, release) if before is None else before
    graphs = {iri: _received(graph) for iri, graph in recorded.graphs.items()}
    shipped = {iri: graph.digest for iri, graph in release.graphs.items()}
    taken, removed, kept = [], [], []
    for iri, graph in release.graphs.items():
        here = graphs.get(iri)
        if here is not None and here.path is not None:
            if here.digest != graph.digest:
                taken.append(iri)
        elif here is None and iri not in known:
            taken.append(iri)
        elif known.get(iri) != graph.digest:
            kept.append(iri)
            if before is not None:  # told at each start, until somebody has decided
                shipped[iri] = known.get(iri, "")
    for iri, here in graphs.items():
        if here.path is not None and iri not in release.graphs:
            removed.append(iri)
    merged = {iri: graph for iri, graph in graphs.items() if iri not in removed}
    merged |= {iri: release.graphs[iri] for iri in taken}
    dataset = Dataset(MappingProxyType(dict(sorted(merged.items()))))
    return Uptake(dataset, shipped, tuple(taken), tuple(removed), tuple(kept))


def _guessed(recorded: Dataset, release: Dataset) -> Digests:
    files = {iri: graph.digest for iri, graph in recorded.graphs.items() if graph.path is not None}
    # One that somebody has cleared stays cleared.
    return files or {iri: graph.digest for iri, graph in release.graphs.items()}


def _received(graph: Graph) -> Graph:
    # Earlier versions went by the name of a graph.
    return graph if graph.path is not None else replace(graph, provenance_status=names.CONTRIBUTED)


def _listed(iris: tuple[str, ...]) -> str:
    return ", ".join(f"<{iri}>" for iri in iris)
