"""Triples to and from rdflib, for the engines that work on its graphs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from types import ModuleType
from typing import TYPE_CHECKING, Any

from samsyn import names
from samsyn.dataset.syntax import BlankNode, Literal, NamedNode, Triple
from samsyn.errors import UsageError

if TYPE_CHECKING:
    import rdflib


def rdflib_module() -> ModuleType:
    """Import rdflib so that it neither fetches what a query names nor rewrites literals."""
    import rdflib
    import rdflib.plugins.sparql

    rdflib.NORMALIZE_LITERALS = False
    rdflib.plugins.sparql.SPARQL_LOAD_GRAPHS = False
    return rdflib


@contextmanager
def rdflib_settings_kept() -> Iterator[None]:
    """Give back rdflib's settings as they were, for work on a graph of somebody else's program."""
    import rdflib
    from rdflib.plugins import sparql

    normalize, load_graphs = rdflib.NORMALIZE_LITERALS, sparql.SPARQL_LOAD_GRAPHS
    try:
        yield
    finally:
        rdflib.NORMALIZE_LITERALS = normalize
        sparql.SPARQL_LOAD_GRAPHS = load_graphs


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
