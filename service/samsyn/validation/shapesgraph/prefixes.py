"""The prefixes of the queries of a shapes graph (SHACL 5.2.1)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Any, Final

from samsyn import names
from samsyn.dataset.exact import BlankNode, Literal, NamedNode, Triple
from samsyn.validation.shapesgraph import parameters
from samsyn.validation.shapesgraph.fault import Fault, fault
from samsyn.validation.shapesgraph.graph import ShapesGraph

_IMPORTS: Final = names.OWL + "imports"
_SHACL: Final = frozenset({names.SH, names.SH.removesuffix("#")})
"""What the vocabulary of SHACL is called as an ontology; it declares the prefix sh: itself."""
_NAMESPACE: Final = Literal(names.SH, datatype=NamedNode(names.XSD + "anyURI"))


def declared(graph: ShapesGraph, executable: Any) -> dict[str, str]:
    """Return the namespaces of the prefixes that a query may use without declaring them.

    Args:
        graph: the shapes graph.
        executable: the node that has the query.
    """
    return {prefix: spaces[0] for prefix, spaces in _declared(graph, executable).items()}


def assumed(graph: ShapesGraph) -> Iterator[Triple]:
    """Yield the declaration of the prefix ``sh:`` where queries take it from SHACL's vocabulary.

    Nobody brings that vocabulary along, and engines know the declarations of the shapes graph only.
    """
    for holder in sorted(_SHACL):
        node = NamedNode(holder)
        if graph.is_named(node) and not graph.values(node, "declare"):
            entry = BlankNode()
            yield Triple(node, NamedNode(names.SH + "declare"), entry)
            yield Triple(entry, NamedNode(names.SH + "prefix"), Literal("sh"))
            yield Triple(entry, NamedNode(names.SH + "namespace"), _NAMESPACE)


def _declared(graph: ShapesGraph, executable: Any) -> dict[str, list[str]]:
    # The property path sh:prefixes/owl:imports*/sh:declare.
    waiting = [holder for _, holder in graph.values(executable, "prefixes")]
    met = set(waiting)
    found: dict[str, list[str]] = defaultdict(list)
    while waiting:
        holder = waiting.pop()
        for _, entry in graph.values(holder, "declare"):
            for prefix, space in _pairs(graph, entry):
                if space not in found[prefix]:
                    found[prefix].append(space)
        if isinstance(holder, NamedNode) and holder.value in _SHACL and not found["sh"]:
            found["sh"].append(names.SH)
        imported = {other for _, other in graph.values(holder, _IMPORTS)} - met
        met |= imported
        waiting += imported
    return found


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
