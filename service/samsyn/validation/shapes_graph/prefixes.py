"""The prefixes of the queries of a shapes graph (SHACL 5.2.1)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any, Final

from samsyn import names
from samsyn.dataset.exact import BlankNode, Literal, NamedNode, Triple
from samsyn.validation.shapes_graph import parameters
from samsyn.validation.shapes_graph.fault import Fault, fault
from samsyn.validation.shapes_graph.graph import ShapesGraph

_IMPORTS: Final = names.OWL + "imports"
_OF_SHACL: Final = {"sh": names.SH}
_OF_DASH: Final = {
    "dash": "http://datashapes.org/dash#",
    "dcterms": names.DCTERMS,
    "owl": names.OWL,
    "rdf": names.RDF,
    "rdfs": names.RDFS,
    "skos": names.SKOS,
    "xsd": names.XSD,
}
WELL_KNOWN: Final[Mapping[str, Mapping[str, str]]] = MappingProxyType(
    {
        names.SH: _OF_SHACL,
        names.SH.removesuffix("#"): _OF_SHACL,
        "http://datashapes.org/dash": _OF_DASH | _OF_SHACL,
    }
)
"""What vocabularies of shapes declare that many import and nobody brings along."""
_ADDRESS: Final = NamedNode(names.XSD + "anyURI")


def declared(graph: ShapesGraph, executable: Any) -> dict[str, str]:
    """Return the namespaces of the prefixes that a query may use without declaring them.

    Args:
        graph: the shapes graph.
        executable: the node that has the query.
    """
    return {prefix: spaces[0] for prefix, spaces in _declared(graph, executable).items()}


def assumed(graph: ShapesGraph) -> Iterator[Triple]:
    """Yield the declarations of well-known vocabularies that are named and not brought along.

    Engines know the declarations of the shapes graph only.
    """
    for holder, spaces in WELL_KNOWN.items():
        node = NamedNode(holder)
        if graph.is_named(node) and not graph.values(node, "declare"):
            for prefix, space in spaces.items():
                entry = BlankNode()
                yield Triple(node, NamedNode(names.SH + "declare"), entry)
                yield Triple(entry, NamedNode(names.SH + "prefix"), Literal(prefix))
                namespace = Literal(space, datatype=_ADDRESS)
                yield Triple(entry, NamedNode(names.SH + "namespace"), namespace)


def _declared(graph: ShapesGraph, executable: Any) -> dict[str, list[str]]:
    # The property path sh:prefixes/owl:imports*/sh:declare.
    waiting = [holder for _, holder in graph.values(executable, "prefixes")]
    met = set(waiting)
    found: dict[str, list[str]] = defaultdict(list)
    while waiting:
        holder = waiting.pop()
        for prefix, space in _held(graph, holder):
            if space not in found[prefix]:
                found[prefix].append(space)
        imported = {other for _, other in graph.values(holder, _IMPORTS)} - met
        met |= imported
        waiting += imported
    return found


def _held(graph: ShapesGraph, holder: Any) -> Iterator[tuple[str, str]]:
    entries = graph.values(holder, "declare")
    for _, entry in entries:
        yield from _pairs(graph, entry)
    if not entries and isinstance(holder, NamedNode):
        yield from WELL_KNOWN.get(holder.value, {}).items()


def _pairs(graph: ShapesGraph, entry: Any) -> Iterator[tuple[str, str]]:
    for _, prefix in graph.values(entry, "prefix"):
        for _, space in graph.values(entry, "namespace"):
            if isinstance(prefix, Literal) and isinstance(space, Literal):
                yield prefix.value, space.value


def prefixes_faults(graph: ShapesGraph) -> Iterator[Fault]:
    """Yield what is wrong with declarations of prefixes, and with several of the same prefix."""
    for subject in graph.subjects:
        for index, entry in graph.values(subject, "declare"):
            yield from _entry_faults(graph, index, entry)
        for index, _ in graph.values(subject, "prefixes")[:1]:
            for prefix, spaces in _declared(graph, subject).items():
                if len(spaces) > 1:
                    listed = ", ".join(f"<{space}>" for space in spaces)
                    yield fault(
                        index,
                        "predicate",
                        f"Prefixet {prefix}: deklareras olika för samma fråga: {listed}.",
                        f"The prefix {prefix}: is declared differently for one query: {listed}.",
                    )


def _entry_faults(graph: ShapesGraph, index: int, entry: Any) -> Iterator[Fault]:
    for name, kind in (("prefix", parameters.TEXT), ("namespace", parameters.LITERAL)):
        found = graph.values(entry, name)
        if len(found) != 1 or not kind.test(found[0][1]):
            yield fault(
                found[0][0] if found else index,
                "object",
                f"Ett prefix har exakt en sh:{name}, {kind.swedish}.",
                f"A prefix has exactly one sh:{name}, {kind.english}.",
            )
