"""How the shapes of a graph hang together: paths, references, targets."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any, Final

from samsyn import names
from samsyn.dataset.exact import BlankNode, NamedNode
from samsyn.validation.engines.targeting import is_aim
from samsyn.validation.engines.targets import Implicit
from samsyn.validation.shapes_graph import parameters
from samsyn.validation.shapes_graph.fault import Fault, fault
from samsyn.validation.shapes_graph.graph import ShapesGraph

_NODE_SHAPE: Final = names.SH + "NodeShape"
_PROPERTY_SHAPE: Final = names.SH + "PropertyShape"


def references(graph: ShapesGraph, subject: Any) -> Iterator[tuple[int, Any, str]]:
    """Yield the shapes that a node refers to.

    Args:
        graph: the shapes graph.
        subject: the node.

    Returns:
        Number of the triple, the shape and the local name of the property, each time.
    """
    for name in parameters.SHAPES:
        for index, shape in graph.values(subject, name):
            yield index, shape, name
    for name in parameters.SHAPE_LISTS:
        for index, head in graph.values(subject, name):
            for shape in graph.members(head) or ():
                yield index, shape, name


def paths_faults(graph: ShapesGraph) -> Iterator[Fault]:
    """Yield property shapes without a path, with several, or with a malformed one."""
    for subject in graph.subjects:
        paths = graph.values(subject, "path")
        is_property = _PROPERTY_SHAPE in graph.types(subject)
        if is_property and not paths:
            yield _pathless(graph.first(subject), "subject")
        for index, _ in paths[1:]:
            yield fault(
                index,
                "predicate",
                "En egenskapsform har en enda sh:path.",
                "A property shape has one sh:path only.",
            )
        for index, path in paths:
            if not graph.is_path(path):
                yield fault(
                    index,
                    "object",
                    "sh:path ska ha en IRI, en lista av minst två stigar, eller en tom nod med"
                    " exakt en av sh:inversePath, sh:alternativePath (en lista av minst två),"
                    " sh:zeroOrMorePath, sh:oneOrMorePath och sh:zeroOrOnePath.",
                    "sh:path takes an IRI, a list of two or more paths, or a blank node with"
                    " exactly one of sh:inversePath, sh:alternativePath (a list of two or more),"
                    " sh:zeroOrMorePath, sh:oneOrMorePath and sh:zeroOrOnePath.",
                )


def _pathless(index: int | None, position: str) -> Fault:
    return fault(
        index,
        position,
        "Egenskapsformen har ingen sh:path, och därför prövas inget.",
        "The property shape has no sh:path, and so nothing is checked.",
    )


def roles_faults(graph: ShapesGraph) -> Iterator[Fault]:
    """Yield node shapes with what only property shapes have."""
    for subject in graph.subjects:
        paths = graph.values(subject, "path")
        if paths and _NODE_SHAPE in graph.types(subject):
            yield fault(
                paths[0][0],
                "predicate",
                "En sh:NodeShape har ingen sh:path; gör den till en sh:PropertyShape.",
                "A sh:NodeShape has no sh:path; make it a sh:PropertyShape.",
            )
        for name in () if paths else sorted(parameters.ON_PROPERTIES):
            for index, _ in graph.values(subject, name):
                yield fault(
                    index,
                    "predicate",
                    f"sh:{name} gäller en egenskap, och formen har ingen sh:path.",
                    f"sh:{name} is about a property, and the shape has no sh:path.",
                )


def references_faults(graph: ShapesGraph) -> Iterator[Fault]:
    """Yield references to shapes that are of the other kind, or not described."""
    for subject in graph.subjects:
        for index, shape, name in references(graph, subject):
            has_path = bool(graph.values(shape, "path"))
            if name == "property" and not has_path and _is_there(graph, shape):
                yield _pathless(index, "object")
            elif name == "node" and has_path:
                yield fault(
                    index,
                    "object",
                    "sh:node ska ha en form utan sh:path; för egenskaper finns sh:property.",
                    "sh:node takes a shape without sh:path; for properties there is sh:property.",
                )
            elif isinstance(shape, NamedNode) and not graph.has(shape):
                yield fault(
                    index,
                    "object",
                    f"Formen {shape} beskrivs inte, och allt uppfyller den.",
                    f"The shape {shape} is not described, and everything conforms to it.",
                    parts=(shape,),
                )


def _is_there(graph: ShapesGraph, shape: Any) -> bool:
    # A blank node of which nothing is said is there all the same, an IRI may be elsewhere.
    return graph.has(shape) or isinstance(shape, BlankNode)


def qualified_faults(graph: ShapesGraph) -> Iterator[Fault]:
    """Yield qualified shapes without a number, and numbers without a shape."""
    for subject in graph.subjects:
        shapes = graph.values(subject, "qualifiedValueShape")
        counts = [
            value
            for name in ("qualifiedMinCount", "qualifiedMaxCount")
            for value in graph.values(subject, name)
        ]
        if bool(shapes) != bool(counts):
            yield fault(
                (shapes or counts)[0][0],
                "predicate",
                "sh:qualifiedValueShape och sh:qualifiedMinCount eller sh:qualifiedMaxCount hör"
                " ihop; ensamma prövar de inget.",
                "sh:qualifiedValueShape and sh:qualifiedMinCount or sh:qualifiedMaxCount belong"
                " together; alone they check nothing.",
            )


def recursion_faults(graph: ShapesGraph) -> Iterator[Fault]:
    """Yield shapes that refer to themselves for the same node."""
    # Along a path the node changes, and data without circles ends it; here the node is the same.
    done: set[Any] = set()
    for start in graph.subjects:
        stack: list[tuple[Any, Iterator[tuple[int, Any, str]]]] = [
            (start, _same_node(graph, start))
        ]
        above = {start}
        while stack and start not in done:
            index, shape, _ = next(stack[-1][1], (0, None, ""))
            if shape is None:
                node, _rest = stack.pop()
                above.discard(node)
                done.add(node)
            elif shape in above:
                yield fault(
                    index,
                    "object",
                    "Formen hänvisar till sig själv för samma nod.",
                    "The shape refers to itself for the same node.",
                )
            elif shape not in done:
                above.add(shape)
                stack.append((shape, _same_node(graph, shape)))


def _same_node(graph: ShapesGraph, subject: Any) -> Iterator[tuple[int, Any, str]]:
    if not graph.values(subject, "path"):
        yield from (each for each in references(graph, subject) if each[2] != "property")


def targets_faults(graph: ShapesGraph) -> Iterator[Fault]:
    """Yield that no shape has a target, if so."""
    implicit = Implicit(graph.triples)
    if any(map(is_aim, implicit.explicit(graph.triples))):
        return
    if any(map(implicit.may_be, graph.triples)):
        return
    found = fault(
        0 if graph.triples else None,
        "subject",
        "Ingen form har något mål (sh:targetClass, sh:targetNode, sh:targetSubjectsOf eller"
        " sh:targetObjectsOf), och därför prövas inget.",
        "No shape has a target (sh:targetClass, sh:targetNode, sh:targetSubjectsOf or"
        " sh:targetObjectsOf), and so nothing is checked.",
    )
    yield replace(found, whole=True)
