"""What is wrong with a shapes graph; all of it, so that it can be mended in one go."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any, Final

from samsyn import names
from samsyn.dataset.exact import Literal, NamedNode, Quad, Triple
from samsyn.validation.shapes import refusal
from samsyn.validation.shapesgraph import parameters
from samsyn.validation.shapesgraph.fault import Fault, fault, reason
from samsyn.validation.shapesgraph.graph import ShapesGraph
from samsyn.validation.shapesgraph.queries import query_faults
from samsyn.validation.vocabularies import Vocabulary, WellKnown

_CLASSES: Final = frozenset({names.RDFS + "Class", names.OWL + "Class"})
_OTHER_TARGETS: Final = ("target", "targetWhere")
_NODE_SHAPE: Final = names.SH + "NodeShape"
_PROPERTY_SHAPE: Final = names.SH + "PropertyShape"


def faults(shapes: Iterable[Triple | Quad]) -> Iterator[Fault]:
    """Yield what is wrong with a shapes graph, in the order of its triples.

    Args:
        shapes: its triples, in the order of the file; of several files, all of them.

    Raises:
        ToolError: the engine failed otherwise than by refusing a part.
    """
    graph = ShapesGraph(shapes)
    found = {each for check in _CHECKS for each in check(graph)}
    yield from sorted(found, key=lambda each: (-1 if each.index is None else each.index, str(each)))


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


def _check_terms(graph: ShapesGraph) -> Iterator[Fault]:
    vocabulary = WellKnown().get(names.SH)
    assert vocabulary is not None  # noqa: S101  the list has it, a test says so
    for index, triple in enumerate(graph.triples):
        for position in ("predicate", "object"):
            term = getattr(triple, position)
            name = term.value.removeprefix(names.SH) if isinstance(term, NamedNode) else ""
            if name and term.value.startswith(names.SH) and name not in vocabulary.terms:
                yield _unknown(index, position, name, vocabulary)


def _unknown(index: int, position: str, name: str, vocabulary: Vocabulary) -> Fault:
    near = [f"sh:{word}" for _, word in vocabulary.words.near(name)[:3]]
    swedish = f" Menas {' eller '.join(near)}?" if near else ""
    english = f" Did you mean {' or '.join(near)}?" if near else ""
    return fault(
        index,
        position,
        f"SHACL har ingen term sh:{name}; motorer går förbi den utan ett ord.{swedish}",
        f"SHACL has no term sh:{name}; engines pass over it in silence.{english}",
    )


def _check_values(graph: ShapesGraph) -> Iterator[Fault]:
    for index, triple in enumerate(graph.triples):
        name = _name(triple.predicate.value)
        kind = parameters.MANY.get(name) or parameters.ONE.get(name)
        if kind and not kind.test(triple.object):
            yield _wrong(index, name, kind, triple.object)
        if name in parameters.LISTS:
            member = parameters.LISTS[name][0]
            members = graph.members(triple.object)
            if members is None:
                yield fault(
                    index,
                    "object",
                    f"sh:{name} ska ha en lista: ( … ).",
                    f"sh:{name} takes a list: ( … ).",
                )
            for value in members or ():
                if member and not member.test(value):
                    yield _wrong(index, name, member, value)


def _wrong(index: int, name: str, kind: parameters.Kind, value: object) -> Fault:
    return fault(
        index,
        "object",
        f"sh:{name} ska ha {kind.swedish}, inte {value}.",
        f"sh:{name} takes {kind.english}, not {value}.",
    )


def _name(iri: str) -> str:
    return iri.removeprefix(names.SH) if iri.startswith(names.SH) else ""


_SINGLE: Final = (*parameters.ONE, *(n for n, (_, once) in parameters.LISTS.items() if once))


def _check_repeated(graph: ShapesGraph) -> Iterator[Fault]:
    for subject in graph.subjects:
        for name in _SINGLE:
            for index, _ in graph.values(subject, name)[1:]:
                yield fault(
                    index,
                    "predicate",
                    f"sh:{name} får stå en gång i en form.",
                    f"sh:{name} may stand once in a shape.",
                )


def _check_paths(graph: ShapesGraph) -> Iterator[Fault]:
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


def _check_roles(graph: ShapesGraph) -> Iterator[Fault]:
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


def _check_references(graph: ShapesGraph) -> Iterator[Fault]:
    for subject in graph.subjects:
        for index, shape, name in references(graph, subject):
            has_path = bool(graph.values(shape, "path"))
            if name == "property" and not has_path and graph.has(shape):
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
                )


def _check_qualified(graph: ShapesGraph) -> Iterator[Fault]:
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


def _check_patterns(graph: ShapesGraph) -> Iterator[Fault]:
    for subject in graph.subjects:
        flags = [
            Triple(subject, NamedNode(names.SH + "flags"), v) for _, v in _flags(graph, subject)
        ]
        for index, pattern in graph.values(subject, "pattern"):
            if not parameters.TEXT.test(pattern):
                continue
            stated = [
                Triple(subject, NamedNode(names.SH + "targetNode"), NamedNode("urn:x")),
                Triple(subject, NamedNode(names.SH + "pattern"), pattern),
            ]
            refused = refusal(stated + flags)
            if refused:
                said = reason(refused)
                yield fault(
                    index,
                    "object",
                    f"sh:pattern är inget reguljärt uttryck som motorn kan: {said}",
                    f"sh:pattern is no regular expression that the engine knows: {said}",
                )


def _flags(graph: ShapesGraph, subject: Any) -> list[tuple[int, Literal]]:
    return [each for each in graph.values(subject, "flags") if parameters.TEXT.test(each[1])]


def _check_recursion(graph: ShapesGraph) -> Iterator[Fault]:
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


def _check_targets(graph: ShapesGraph) -> Iterator[Fault]:
    for subject in graph.subjects:
        kinds = graph.types(subject)
        named = (*parameters.TARGETS, *_OTHER_TARGETS)
        if any(graph.values(subject, name) for name in named):
            return
        if kinds & _CLASSES and kinds & {_NODE_SHAPE, _PROPERTY_SHAPE}:
            return
    yield fault(
        0 if graph.triples else None,
        "subject",
        "Ingen form har något mål (sh:targetClass, sh:targetNode, sh:targetSubjectsOf eller"
        " sh:targetObjectsOf), och därför prövas inget.",
        "No shape has a target (sh:targetClass, sh:targetNode, sh:targetSubjectsOf or"
        " sh:targetObjectsOf), and so nothing is checked.",
    )


_CHECKS: Final[tuple[Callable[[ShapesGraph], Iterator[Fault]], ...]] = (
    _check_terms,
    _check_values,
    _check_repeated,
    _check_paths,
    _check_roles,
    _check_references,
    _check_qualified,
    _check_patterns,
    _check_recursion,
    _check_targets,
    query_faults,
)
