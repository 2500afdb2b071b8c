"""The dataset of record: every graph with its terms exactly as written.

pyoxigraph's parser keeps lexical forms; its store does not (``1.50`` becomes ``1.5``), and nor does
rdflib unless told. So validation, dumps, digests and dereferencing read this, and only queries read
the index. One thing is not kept: language tags come in lower case.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from samsyn import names
from samsyn.dataset.interchange import from_rdflib, rdflib_module, rdflib_settings_kept, to_rdflib
from samsyn.dataset.syntax import (
    AMBIGUOUS,
    FORMATS,
    SUFFIXES,
    BlankNode,
    DefaultGraph,
    Literal,
    NamedNode,
    Quad,
    Stumble,
    Term,
    Triple,
    digest,
    format_of,
    is_iri,
    is_prefix,
    ntriples,
    parse,
    parse_triples,
    prefixes,
    read_back,
    serialize,
    stumble,
    term_of,
)
from samsyn.errors import NotFoundError, UsageError

if TYPE_CHECKING:
    from samsyn.layout import Layout

__all__ = [
    "AMBIGUOUS",
    "FORMATS",
    "SUFFIXES",
    "BlankNode",
    "Dataset",
    "DefaultGraph",
    "Graph",
    "Literal",
    "NamedNode",
    "Quad",
    "Stumble",
    "Term",
    "Triple",
    "computed",
    "digest",
    "format_of",
    "from_rdflib",
    "graph_iri",
    "is_iri",
    "is_prefix",
    "load",
    "load_graph",
    "load_scenario",
    "ntriples",
    "parse",
    "parse_triples",
    "prefixes",
    "provenance_status_of_graph",
    "rdflib_module",
    "rdflib_settings_kept",
    "read_back",
    "serialize",
    "sources",
    "stumble",
    "term_of",
    "to_rdflib",
    "written",
]

_PROVENANCE_STATUSES = {
    "stated": names.STATED,
    "editorial": names.EDITORIAL,
    "links": names.EDITORIAL,
    "proposed": names.PROPOSED,
    "inferred": names.IS_INFERRED,
    **dict.fromkeys(
        ("catalogue", "ontology", "shapes", "description", "examples"), names.IS_SCHEMA
    ),
}
"""The provenance status of a graph by the first part of its name."""


@dataclass(frozen=True)
class Graph:
    """One graph.

    Args:
        iri: its name; empty for the default graph, which only clients write to, and ``_:`` with a
            label where a blank node names it.
        provenance_status: IRI of its provenance status (stated, editorial, contributed, proposed,
            inferred, schema).
        path: the file it was read from, relative to the root; None for a computed graph.
        digest: SHA-256 of the file's bytes, or of the sorted N-Triples of a computed graph.
        triples: its triples, in file order.
    """

    iri: str
    provenance_status: str
    path: Path | None
    digest: str
    triples: tuple[Triple, ...]

    @cached_property
    def doubtful(self) -> bool:
        """Whether it may hold a term that not every format can write.

        N-Triples writes what XML cannot as an escape, and triple terms are seen by their brackets.
        """
        data = ntriples(self.triples)
        return b"\\u" in data or b"<<(" in data

    @property
    def name(self) -> NamedNode | BlankNode | DefaultGraph:
        """Its name as a term."""
        return graph_name(self.iri)

    def quads(self) -> Iterator[Quad]:
        """Yield the triples as quads in this graph."""
        name = self.name
        for triple in self.triples:
            yield Quad(triple.subject, triple.predicate, triple.object, name)


@dataclass(frozen=True)
class Dataset:
    """Graphs by IRI, in the order of their IRIs.

    Args:
        graphs: the graphs by IRI.
        root: the folder the files were read from, None if they were not.
    """

    graphs: Mapping[str, Graph]
    root: Path | None = None

    @cached_property
    def revision(self) -> str:
        """SHA-256 over the names and digests of all graphs: it changes when any graph does."""
        lines = (f"{iri} {graph.digest}\n" for iri, graph in sorted(self.graphs.items()))
        return sha256("".join(lines).encode()).hexdigest()

    @property
    def doubtful(self) -> bool:
        """Whether it may hold a term that not every format can write."""
        return any(graph.doubtful for graph in self.graphs.values())

    @cached_property
    def prefixes(self) -> Mapping[str, str]:
        """The prefix table that the ontology declares by ``sh:declare``.

        What no syntax takes for a prefix is left out: clients may write to that graph.
        """
        found: dict[Term, dict[str, str]] = {}
        table = self.graphs.get(names.GRAPH + "ontology/prefixes")
        for triple in table.triples if table else ():
            key = triple.predicate.value.removeprefix(names.SH)
            if key in {"prefix", "namespace"} and isinstance(triple.object, Literal):
                found.setdefault(_node(triple.subject), {})[key] = triple.object.value
        pairs = (entry for entry in found.values() if entry.keys() == {"prefix", "namespace"})
        known = sorted((e["prefix"], e["namespace"]) for e in pairs)
        return MappingProxyType({p: space for p, space in known if is_prefix(p) and is_iri(space)})

    def graph(self, iri: str) -> Graph:
        """Return one graph.

        Raises:
            NotFoundError: there is none of that name.
        """
        try:
            return self.graphs[iri]
        except KeyError:
            raise NotFoundError(
                f"There is no graph <{iri}>.", advice=f"Graphs: {', '.join(self.graphs)}"
            ) from None

    def quads(self) -> Iterator[Quad]:
        """Yield every triple with its graph."""
        for graph in self.graphs.values():
            yield from graph.quads()

    def select(self, *provenance_statuses: str) -> Dataset:
        """Return the dataset of the graphs that have one of these provenance statuses."""
        kept = {
            iri: graph
            for iri, graph in self.graphs.items()
            if graph.provenance_status in provenance_statuses
        }
        return replace(self, graphs=MappingProxyType(kept))

    def triples(self) -> tuple[Triple, ...]:
        """Return the union of all graphs, each triple once, in order of first appearance."""
        return tuple(dict.fromkeys(t for graph in self.graphs.values() for t in graph.triples))

    def without(self, *iris: str) -> Dataset:
        """Return a copy without the graphs of these names."""
        kept = {iri: graph for iri, graph in self.graphs.items() if iri not in iris}
        return replace(self, graphs=MappingProxyType(kept))

    def with_graph(self, *graphs: Graph) -> Dataset:
        """Return a copy in which these graphs stand, in place of any of the same name."""
        merged = dict(self.graphs) | {graph.iri: graph for graph in graphs}
        return replace(self, graphs=MappingProxyType(dict(sorted(merged.items()))))


def _node(term: object) -> Term:
    if not isinstance(term, NamedNode | BlankNode | Literal):
        raise UsageError(f"{term} is neither an IRI, a blank node nor a literal.")
    return term


def computed(iri: str, provenance_status: str, triples: Iterable[Triple]) -> Graph:
    """Make a graph that no file holds; its digest is that of its sorted N-Triples."""
    ordered = tuple(sorted(set(triples), key=str))
    return Graph(iri, provenance_status, None, digest(ordered), ordered)


def written(iri: str, triples: Iterable[Triple]) -> Graph:
    """Make a graph that a client wrote: whatever its name, it is contributed; its order is kept."""
    kept = tuple(dict.fromkeys(triples))
    return Graph(iri, names.CONTRIBUTED, None, digest(kept), kept)


def graph_name(iri: str) -> NamedNode | BlankNode | DefaultGraph:
    """Return the name of a graph as a term.

    Args:
        iri: its name as :class:`Graph` has it.
    """
    if not iri:
        return DefaultGraph()
    label = iri.removeprefix("_:")
    return NamedNode(iri) if label == iri else BlankNode(label)


def load(layout: Layout) -> Dataset:
    """Read every RDF file of the repository into its graph.

    ``ontology/scenario.ttl`` is left out: what a proposal would mean is no part of what holds.

    Raises:
        SourceError: a file is not well formed.
    """
    graphs = [load_graph(path, layout.root) for path in sources(layout)]
    return Dataset(MappingProxyType({}), layout.root).with_graph(*graphs)


def sources(layout: Layout) -> list[Path]:
    """List the files that :func:`load` reads."""
    return sorted(
        path
        for folder in (layout.ontology, layout.data, layout.links, layout.shapes)
        for path in folder.rglob("*.ttl")
        if path != layout.scenario
    )


def load_graph(path: Path, root: Path) -> Graph:
    """Read one Turtle file into the graph that its path below the root names."""
    relative = path.relative_to(root)
    data = path.read_bytes()
    iri = graph_iri(relative)
    triples = parse_triples(data, "turtle", base=iri, path=relative.as_posix())
    distinct = tuple(dict.fromkeys(triples))
    return Graph(iri, provenance_status_of(relative), relative, sha256(data).hexdigest(), distinct)


def load_scenario(layout: Layout) -> Graph:
    """Read what a proposed fact would mean if it came true; nothing where no file says it.

    Raises:
        SourceError: the file is not well formed.
    """
    if not layout.scenario.is_file():
        iri = graph_iri(layout.scenario.relative_to(layout.root))
        return computed(iri, names.IS_SCHEMA, ())
    return load_graph(layout.scenario, layout.root)


def graph_iri(path: Path) -> str:
    """Name the graph of a file, given its path below the root.

    >>> graph_iri(Path("data/stated/networks.ttl"))
    'https://w3id.org/samsyn/graph/stated/networks'
    >>> graph_iri(Path("links/wikidata/linkset.ttl"))
    'https://w3id.org/samsyn/graph/links/wikidata'
    """
    name = path.with_suffix("").as_posix().removeprefix("data/")
    return names.GRAPH + (name.removesuffix("/linkset") if path.parts[0] == "links" else name)


def provenance_status_of_graph(iri: str) -> str:
    """Tell the provenance status of a graph from its name; one that is not ours is contributed.

    >>> provenance_status_of_graph("https://w3id.org/samsyn/graph/stated/networks").rpartition("/")[2]
    'stated'
    >>> provenance_status_of_graph("http://example.org/").rpartition("/")[2]
    'contributed'
    """
    if not iri.startswith(names.GRAPH):
        return names.CONTRIBUTED
    return _PROVENANCE_STATUSES.get(
        iri.removeprefix(names.GRAPH).partition("/")[0], names.CONTRIBUTED
    )


def provenance_status_of(path: Path) -> str:
    """Tell the provenance status of a file's graph from its folder."""
    top, second, *_ = path.parts
    return _PROVENANCE_STATUSES.get(second if top == "data" else top, names.IS_SCHEMA)
