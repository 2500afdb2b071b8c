"""What is not taken in the shapes of strangers: they get SHACL Core, and of that a bounded amount.

Patterns cannot be made to run for ever: the engine's expressions take time that grows with the
text (no look-around, no back references) and at most 10 MB each; so their number is bounded too.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from samsyn import names
from samsyn.dataset.exact import NamedNode, Quad, Triple
from samsyn.validation.shapesgraph import parameters
from samsyn.validation.shapesgraph.fault import Fault, fault
from samsyn.validation.shapesgraph.graph import ShapesGraph
from samsyn.validation.shapesgraph.structure import references
from samsyn.validation.vocabularies import WellKnown

_TYPES: Final = frozenset({"NodeShape", "PropertyShape", "PropertyGroup", "PrefixDeclaration"})


@dataclass(frozen=True)
class Bounds:
    """How much a stranger's shapes graph may hold.

    Args:
        triples: how many triples.
        patterns: how many patterns.
        letters: how many letters each pattern.
        nesting: how many parentheses of a pattern within each other.
        steps: how many shapes are looked at for one node, shapes within shapes counted each time.
    """

    triples: int = 20_000
    patterns: int = 50
    letters: int = 500
    nesting: int = 10
    steps: int = 10_000


def refusals(shapes: Iterable[Triple | Quad], bounds: Bounds | None = None) -> Iterator[Fault]:
    """Yield why the shapes of a stranger are not used; nothing if they may be, once without faults.

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


def _weight_refusals(graph: ShapesGraph, limits: Bounds) -> Iterator[Fault]:
    # Shapes that name others twice each, those again and so on, would be looked at for ever.
    weights: dict[Any, int] = {}
    for start in graph.subjects:
        if _weight(graph, start, weights, limits.steps) > limits.steps:
            yield fault(
                graph.first(start),
                "subject",
                f"Formen hänvisar till sig själv, eller till fler än {limits.steps} former.",
                f"The shape refers to itself, or to more than {limits.steps} shapes.",
            )
            return


def _weight(graph: ShapesGraph, start: Any, weights: dict[Any, int], most: int) -> int:
    """Return how many shapes are looked at for one shape; ``most + 1`` for any more."""
    stack, open_ = [start], set[Any]()
    while stack:
        shape = stack[-1]
        parts = [part for _, part, _ in references(graph, shape)]
        missing = [part for part in parts if part not in weights]
        if shape not in weights and missing and shape not in open_:
            open_.add(shape)
            stack += missing
            continue
        stack.pop()
        # One that is still open when it is met again is above itself.
        known = [weights.get(part, most + 1) for part in parts]
        weights.setdefault(shape, min(1 + sum(known), most + 1))
    return weights[start]
