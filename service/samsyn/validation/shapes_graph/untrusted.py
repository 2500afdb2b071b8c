"""What is not taken in untrusted shapes: they get SHACL Core, and of that a bounded amount.

What can be put into itself is bounded in its depth: what reads shapes calls itself for it, and an
engine takes twice the time for each path that repeats another which repeats.

Patterns cannot be made to run for ever: the engine's expressions take time that grows with the
text (no look-around, no back references) and at most 10 MB each; so their number is bounded too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from samsyn import names
from samsyn.dataset.exact import BlankNode, NamedNode, Quad, Triple
from samsyn.validation.shapes_graph import parameters
from samsyn.validation.shapes_graph.fault import Fault, fault
from samsyn.validation.shapes_graph.graph import REST, ShapesGraph
from samsyn.validation.shapes_graph.structure import references
from samsyn.validation.terms.vocabularies import WellKnown

_ENDLESS: Final = 1_000_000
_TYPES: Final = frozenset({"NodeShape", "PropertyShape", "PropertyGroup", "PrefixDeclaration"})


@dataclass(frozen=True)
class Bounds:
    """How much an untrusted shapes graph may hold.

    Args:
        triples: how many triples.
        patterns: how many patterns.
        letters: how many letters each pattern.
        nesting: how many parentheses of a pattern within each other.
        steps: how many shapes are looked at for one node, shapes within shapes counted each time.
        depth: how many blank nodes, shapes or quoted triples within each other.
        path_depth: how many paths within each other.
        path_steps: how many paths one path has, paths within paths counted each time.
    """

    triples: int = 20_000
    patterns: int = 50
    letters: int = 500
    nesting: int = 10
    steps: int = 10_000
    depth: int = 50
    path_depth: int = 10
    path_steps: int = 1000


def refusals(shapes: Iterable[Triple | Quad], bounds: Bounds | None = None) -> Iterator[Fault]:
    """Yield why untrusted shapes are not used; nothing if they may be, once without faults.

    Args:
        shapes: the triples, in the order of the document.
        bounds: how much they may hold.
    """
    limits = bounds or Bounds()
    graph = ShapesGraph(shapes)
    if len(graph.triples) > limits.triples:
        yield fault(
            None,
            "subject",
            f"Formerna har fler än {limits.triples} tripler.",
            f"The shapes have more than {limits.triples} triples.",
        )
        return
    # First, since the others call themselves for what is nested.
    deep = list(_nesting_refusals(graph, limits))
    yield from deep
    if deep:
        return
    yield from _beyond_core(graph)
    yield from _pattern_refusals(graph, limits)
    yield from _weight_refusals(graph, limits)


def _beyond_core(graph: ShapesGraph) -> Iterator[Fault]:
    # A term that SHACL does not have is a fault, which the checking tells.
    vocabulary = WellKnown().get(names.SH)
    beyond = (vocabulary.terms if vocabulary else frozenset()) - parameters.CORE
    for index, triple in enumerate(graph.triples):
        property_, object_ = triple.predicate.value, triple.object
        name = property_.removeprefix(names.SH)
        if property_.startswith(names.SH) and name in beyond:
            yield _not_taken(index, "predicate", f"sh:{name}")
        elif property_ == names.OWL + "imports":
            yield _not_taken(index, "predicate", "owl:imports")
        elif property_ == names.RDF_TYPE and isinstance(object_, NamedNode):
            kind = object_.value.removeprefix(names.SH)
            if object_.value.startswith(names.SH) and kind not in _TYPES:
                yield _not_taken(index, "object", f"sh:{kind}")


def _not_taken(index: int, position: str, term: str) -> Fault:
    return fault(
        index,
        position,
        f"{term} tas inte emot: bara SHACL Core, utan frågor, program och import.",
        f"{term} is not taken: SHACL Core only, without queries, programs and imports.",
    )


def _pattern_refusals(graph: ShapesGraph, limits: Bounds) -> Iterator[Fault]:
    found = [
        (index, str(getattr(triple.object, "value", "")))
        for index, triple in enumerate(graph.triples)
        if triple.predicate.value == names.SH + "pattern"
    ]
    for index, _ in found[limits.patterns :]:
        yield fault(
            index,
            "object",
            f"Formerna har fler än {limits.patterns} sh:pattern.",
            f"The shapes have more than {limits.patterns} sh:pattern.",
        )
        break
    for index, pattern in found:
        if len(pattern) > limits.letters or _depth(pattern) > limits.nesting:
            yield fault(
                index,
                "object",
                f"sh:pattern har högst {limits.letters} tecken och {limits.nesting} parenteser"
                " inuti varandra.",
                f"sh:pattern has at most {limits.letters} letters and {limits.nesting} parentheses"
                " within each other.",
            )


def _depth(pattern: str) -> int:
    depth = most = 0
    for sign in pattern:
        depth += (sign == "(") - (sign == ")")
        most = max(most, depth)
    return most


def _nesting_refusals(graph: ShapesGraph, limits: Bounds) -> Iterator[Fault]:
    inside = Extent(lambda node: _contents(graph, node), circle=0)
    path = Extent(lambda node: [(1, part) for part in graph.path_parts(node)], circle=_ENDLESS)
    for subject in graph.subjects:
        if inside.of(subject)[0] > limits.depth:
            yield _too_deep(graph.first(subject), limits)
            return
        for index, value in graph.values(subject, "path"):
            depth, steps = path.of(value)
            if depth > limits.path_depth or steps > limits.path_steps:
                yield fault(
                    index,
                    "object",
                    f"sh:path har högst {limits.path_depth} stigar inuti varandra och högst"
                    f" {limits.path_steps} sammanlagt.",
                    f"sh:path has at most {limits.path_depth} paths within each other and at most"
                    f" {limits.path_steps} in all.",
                )
                return
    for index, triple in enumerate(graph.triples):
        if _quotation(triple, limits.depth) > limits.depth:
            yield _too_deep(index, limits)
            return


def _too_deep(index: int | None, limits: Bounds) -> Fault:
    return fault(
        index,
        "subject",
        f"Formerna har fler än {limits.depth} noder inuti varandra.",
        f"The shapes have more than {limits.depth} nodes within each other.",
    )


def _contents(graph: ShapesGraph, node: Any) -> list[tuple[int, Any]]:
    """Return the blank nodes that a node names; the rest of a list is no deeper than the list."""
    return [
        (int(property_ != REST), value)
        for property_ in graph.predicates(node)
        for _, value in graph.values(node, property_)
        if isinstance(value, BlankNode)
    ]


def _quotation(triple: Any, most: int) -> int:
    """Return how many triples are quoted within each other; ``most + 1`` for any more."""
    depth, terms = 0, [triple.subject, triple.object]
    while depth <= most and (inner := [term for term in terms if isinstance(term, Triple)]):
        depth += 1
        terms = [term for quoted in inner for term in (quoted.subject, quoted.object)]
    return depth


def _weight_refusals(graph: ShapesGraph, limits: Bounds) -> Iterator[Fault]:
    # Shapes that name others twice each, those again and so on, would be looked at for ever.
    shapes = Extent(
        lambda node: [(1, part) for _, part, _ in references(graph, node)], circle=_ENDLESS
    )
    for start in graph.subjects:
        depth, steps = shapes.of(start)
        if steps > limits.steps:
            yield fault(
                graph.first(start),
                "subject",
                f"Formen hänvisar till sig själv, eller till fler än {limits.steps} former.",
                f"The shape refers to itself, or to more than {limits.steps} shapes.",
            )
            return
        if depth > limits.depth:
            yield _too_deep(graph.first(start), limits)
            return


class Extent:
    """How deep a node goes, and how many nodes there are in it, each counted as often as it is met.

    Args:
        parts: the nodes that a node has in it, each with how much deeper it is, 0 or 1.
        circle: what counts for a node that is in itself.
    """

    def __init__(self, parts: Callable[[Any], list[tuple[int, Any]]], *, circle: int) -> None:
        self._parts = parts
        self._circle = circle
        self._known: dict[Any, tuple[int, int]] = {}

    def of(self, start: Any) -> tuple[int, int]:
        """Return the depth and the number, both bounded."""
        stack, open_ = [start], set[Any]()
        while stack:
            node = stack[-1]
            if node in self._known:
                stack.pop()
                continue
            parts = self._parts(node)
            missing = [part for _, part in parts if part not in self._known]
            if missing and node not in open_:
                open_.add(node)
                stack += missing
                continue
            stack.pop()
            # One that is still open when it is met again is above itself.
            sizes = [
                (deeper + depth, number)
                for deeper, part in parts
                for depth, number in (self._known.get(part, (self._circle, self._circle)),)
            ]
            depth = max((depth for depth, _ in sizes), default=0)
            number = 1 + sum(number for _, number in sizes)
            self._known[node] = (min(depth, _ENDLESS), min(number, _ENDLESS))
        return self._known[start]
