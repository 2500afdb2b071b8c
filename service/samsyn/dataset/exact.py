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
from types import MappingProxyType, ModuleType
from typing import TYPE_CHECKING, Any, Final

from pyoxigraph import (
    BlankNode,
    Literal,
    NamedNode,
    Quad,
    RdfFormat,
    Triple,
)
from pyoxigraph import parse as _parse
from pyoxigraph import serialize as _serialize

from samsyn import names
from samsyn.errors import NotFoundError, SourceError, UsageError

if TYPE_CHECKING:
    import rdflib

    from samsyn.layout import Layout

__all__ = [
    "FORMATS",
    "BlankNode",
    "Dataset",
    "Graph",
    "Literal",
    "NamedNode",
    "Quad",
    "Term",
    "Triple",
    "computed",
    "from_rdflib",
    "load",
    "load_graph",
    "parse",
    "rdflib_module",
    "serialize",
    "to_rdflib",
]

Term = NamedNode | BlankNode | Literal

FORMATS: Final[Mapping[str, RdfFormat]] = MappingProxyType(
    {
        "turtle": RdfFormat.TURTLE,
        "ntriples": RdfFormat.N_TRIPLES,
        "nquads": RdfFormat.N_QUADS,
        "trig": RdfFormat.TRIG,
        "jsonld": RdfFormat.JSON_LD,
        "rdfxml": RdfFormat.RDF_XML,
    }
)


@dataclass(frozen=True)
class Graph:
    """One named graph.

    Args:
        iri: its name.
        standing: IRI of its standing (stated, bridged, proposed, inferred, vocabulary).
        path: the file it was read from, relative to the root; None for a computed graph.
        digest: SHA-256 of the file's bytes, or of the sorted N-Triples of a computed graph.
        triples: its triples, in file order.
    """

    iri: str
    standing: str
    path: Path | None
    digest: str
    triples: tuple[Triple, ...]

    def quads(self) -> Iterator[Quad]:
        """Yield the triples as quads in this graph."""
        name = NamedNode(self.iri)
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

    @cached_property
    def prefixes(self) -> Mapping[str, str]:
        """The prefix table that the ontology declares by ``sh:declare``."""
        found: dict[Term, dict[str, str]] = {}
        table = self.graphs.get(names.GRAPH + "ontology/prefixes")
        for triple in table.triples if table else ():
            key = triple.predicate.value.removeprefix(names.SH)
            if key in {"prefix", "namespace"} and isinstance(triple.object, Literal):
                found.setdefault(_node(triple.subject), {})[key] = triple.object.value
        pairs = (entry for entry in found.values() if entry.keys() == {"prefix", "namespace"})
        return MappingProxyType(dict(sorted((e["prefix"], e["namespace"]) for e in pairs)))

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

    def select(self, *standings: str) -> Dataset:
        """Return the dataset of the graphs that have one of these standings."""
        kept = {iri: graph for iri, graph in self.graphs.items() if graph.standing in standings}
        return replace(self, graphs=MappingProxyType(kept))

    def triples(self) -> tuple[Triple, ...]:
        """Return the union of all graphs, each triple once, in order of first appearance."""
        return tuple(dict.fromkeys(t for graph in self.graphs.values() for t in graph.triples))

    def with_graph(self, *graphs: Graph) -> Dataset:
        """Return a copy in which these graphs stand, in place of any of the same name."""
        merged = dict(self.graphs) | {graph.iri: graph for graph in graphs}
        return replace(self, graphs=MappingProxyType(dict(sorted(merged.items()))))


def _node(term: object) -> Term:
    if not isinstance(term, NamedNode | BlankNode | Literal):
        raise UsageError(f"{term} is neither an IRI, a blank node nor a literal.")
    return term


def computed(iri: str, standing: str, triples: Iterable[Triple]) -> Graph:
    """Make a graph that no file holds; its digest is that of its sorted N-Triples."""
    ordered = tuple(sorted(set(triples), key=str))
    lines = "".join(f"{triple} .\n" for triple in ordered)
    return Graph(iri, standing, None, sha256(lines.encode()).hexdigest(), ordered)


def format_of(name: str) -> RdfFormat:
    """Return the format for a short name (``turtle``) or a media type (``text/turtle``).

    Raises:
        UsageError: it is neither.
    """
    found = FORMATS.get(name) or RdfFormat.from_media_type(name)
    if found is None:
        raise UsageError(f"Unknown RDF format {name!r}.", advice=f"Known: {', '.join(FORMATS)}")
    return found


def parse(data: bytes, form: str, *, base: str | None = None, path: str = "input") -> list[Quad]:
    """Read RDF, keeping every term as written and numbering blank nodes by appearance.

    Args:
        data: the document.
        form: short name of the format or its media type.
        base: what relative IRIs are resolved against.
        path: the name to give in an error; also makes blank nodes differ between documents.

    Raises:
        SourceError: the document is not well formed; it has the place.
    """
    try:
        raw = list(_parse(data, format_of(form), base_iri=base))
    except (SyntaxError, ValueError) as error:
        raise _source_error(error, path) from error
    return _number_blank_nodes(raw, sha256(path.encode()).hexdigest()[:8])


def _source_error(error: SyntaxError | ValueError, path: str) -> SourceError:
    message = error.msg if isinstance(error, SyntaxError) else str(error)
    return SourceError(
        message.split(": ", 1)[-1] if message.startswith("Parser error") else message,
        path=path,
        line=getattr(error, "lineno", None),
        column=getattr(error, "offset", None),
        advice="Correct the file; everything before this place was read.",
    )


def _number_blank_nodes(quads: list[Quad], key: str) -> list[Quad]:
    # Labels that parsers draw by chance would make two loads of one file differ.
    labels: dict[BlankNode, BlankNode] = {}

    def steady(term: Any) -> Any:
        if not isinstance(term, BlankNode):
            return term
        return labels.setdefault(term, BlankNode(f"b{key}n{len(labels)}"))

    return [
        Quad(steady(q.subject), q.predicate, steady(q.object), steady(q.graph_name)) for q in quads
    ]


def serialize(
    items: Iterable[Triple] | Iterable[Quad],
    form: str,
    *,
    prefixes: Mapping[str, str] | None = None,
) -> bytes:
    """Write triples or quads, sorted, so that the same data always gives the same bytes.

    Args:
        items: triples, or quads if the format has named graphs.
        form: short name of the format or its media type.
        prefixes: prefixes to use where the format knows them; those without use are left out.
    """
    target = format_of(form)
    ordered: list[Any] = sorted(items, key=str)
    if not target.supports_datasets:
        ordered = [_as_triple(item) for item in ordered]
    text = "".join(map(str, ordered))
    used = {name: space for name, space in (prefixes or {}).items() if f"<{space}" in text}
    written = _serialize(ordered, format=target, prefixes=used)
    return written if written is not None else b""


def _as_triple(item: Triple | Quad) -> Triple:
    return item.triple if isinstance(item, Quad) else item


def load(layout: Layout) -> Dataset:
    """Read every RDF file of the repository into its graph.

    ``ontology/scenario.ttl`` is left out: what a proposal would mean is no part of what holds.

    Raises:
        SourceError: a file is not well formed.
    """
    paths = sorted(
        path
        for folder in (layout.ontology, layout.data, layout.links, layout.shapes)
        for path in folder.rglob("*.ttl")
        if path != layout.ontology / "scenario.ttl"
    )
    graphs = [load_graph(path, layout.root) for path in paths]
    return Dataset(MappingProxyType({}), layout.root).with_graph(*graphs)


def load_graph(path: Path, root: Path) -> Graph:
    """Read one Turtle file into the graph that its path below the root names."""
    relative = path.relative_to(root)
    data = path.read_bytes()
    iri = graph_iri(relative)
    quads = parse(data, "turtle", base=iri, path=relative.as_posix())
    triples = tuple(dict.fromkeys(quad.triple for quad in quads))
    return Graph(iri, standing_of(relative), relative, sha256(data).hexdigest(), triples)


def graph_iri(path: Path) -> str:
    """Name the graph of a file, given its path below the root.

    >>> graph_iri(Path("data/stated/networks.ttl"))
    'https://w3id.org/samsyn/graph/stated/networks'
    >>> graph_iri(Path("links/wikidata/linkset.ttl"))
    'https://w3id.org/samsyn/graph/links/wikidata'
    """
    name = path.with_suffix("").as_posix().removeprefix("data/")
    return names.GRAPH + (name.removesuffix("/linkset") if path.parts[0] == "links" else name)


def standing_of(path: Path) -> str:
    """Tell the standing of a file's graph from its folder."""
    top, second, *_ = path.parts
    return {
        "stated": names.STATED,
        "bridged": names.BRIDGED,
        "links": names.BRIDGED,
        "proposed": names.PROPOSED,
    }.get(second if top == "data" else top, names.VOCABULARY)


def rdflib_module() -> ModuleType:
    """Import rdflib so that it neither fetches what a query names nor rewrites literals."""
    import rdflib
    import rdflib.plugins.sparql

    rdflib.NORMALIZE_LITERALS = False
    rdflib.plugins.sparql.SPARQL_LOAD_GRAPHS = False
    return rdflib


def to_rdflib(triples: Iterable[Triple]) -> rdflib.Graph:
    """Copy triples into a new rdflib graph, lexical forms kept."""
    module = rdflib_module()
    graph: rdflib.Graph = module.Graph(bind_namespaces="none")
    for triple in triples:
        graph.add(tuple(_to_rdflib(term, module) for term in triple))
    return graph


def _to_rdflib(term: object, module: ModuleType) -> Any:
    match term:
        case NamedNode():
            return module.URIRef(term.value)
        case BlankNode():
            return module.BNode(term.value)
        case Literal(language=str() as language):
            return module.Literal(term.value, lang=language)
        case Literal() if term.datatype.value == names.XSD_STRING:
            return module.Literal(term.value)
        case Literal():
            return module.Literal(term.value, datatype=module.URIRef(term.datatype.value))
    raise UsageError(f"rdflib cannot hold {term}.")


def from_rdflib(graph: Iterable[tuple[Any, Any, Any]]) -> tuple[Triple, ...]:
    """Copy the triples of an rdflib graph that RDF allows (no literal as subject)."""
    module = rdflib_module()
    return tuple(
        Triple(_from_rdflib(s, module), NamedNode(str(p)), _from_rdflib(o, module))
        for s, p, o in graph
        if not isinstance(s, module.Literal) and isinstance(p, module.URIRef)
    )


def _from_rdflib(term: Any, module: ModuleType) -> Any:
    if isinstance(term, module.URIRef):
        return NamedNode(str(term))
    if isinstance(term, module.BNode):
        return BlankNode(str(term))
    if term.language:
        return Literal(str(term), language=term.language)
    return Literal(str(term), datatype=NamedNode(str(term.datatype or names.XSD_STRING)))
