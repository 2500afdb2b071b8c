"""Constraints that samsyn evaluates itself, beside an engine that would answer wrongly.

Of a shape that reports, the faults are results. Of a shape that only decides whether a node
conforms to another one, the engine has to know: a node with a fault becomes the value of a property
that nothing else has, and the shape gets a part that allows no such value.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from samsyn import names
from samsyn.dataset.exact import BlankNode, Literal, NamedNode, Triple
from samsyn.validation.engines.model import ON_NODES, Shapes, plain
from samsyn.validation.engines.paths import Facts, reached
from samsyn.validation.engines.reach import reach
from samsyn.validation.engines.report import component_name, path_text
from samsyn.validation.engines.result import Result
from samsyn.validation.finding import SEVERITY_IRIS

_FAULT: Final = "urn:x-samsyn:fault/"
_ZERO: Final = Literal("0", datatype=NamedNode(names.XSD + "integer"))


@dataclass(frozen=True)
class Fault:
    """What is wrong with a focus node.

    Args:
        value: the offending value, if any.
        path: the path of the result, if it is another than that of the shape.
        messages: pairs of language and text.
    """

    value: Any = None
    path: str | None = None
    messages: tuple[tuple[str, str], ...] = ()


Judge = Callable[[Any, list[Any]], Iterable[Fault]]
"""Finds the faults of a focus node, given its value nodes."""


@dataclass(frozen=True)
class Constraint:
    """One constraint of a shape.

    Args:
        shape: the shape.
        component: IRI of its component.
        triples: what states it in the shapes graph, and nothing else.
        judge: evaluates it.
        engine: name of what evaluates it.
        source: the node that describes it, if any.
    """

    shape: Any
    component: str
    triples: tuple[Triple, ...]
    judge: Judge
    engine: str
    source: Any = None


@dataclass
class Split:
    """What is left to an engine, and what was found beside it.

    Args:
        shapes: the shapes without the constraints, with parts that stand for them.
        marks: triples that the data has to have as well.
        results: what was found.
        helpers: the parts, which are no shapes of the user's.
    """

    shapes: tuple[Triple, ...]
    marks: list[Triple] = field(default_factory=list)
    results: list[Result] = field(default_factory=list)
    helpers: set[str] = field(default_factory=set)


def split(
    shapes: Shapes,
    facts: Facts,
    targets: Mapping[Any, Iterable[Any]],
    constraints: Iterable[Constraint],
) -> Split:
    """Evaluate some constraints, and take them out of a shapes graph.

    Args:
        shapes: the shapes graph.
        facts: the data.
        targets: the focus nodes of the shapes that have targets.
        constraints: the constraints.
    """
    by_shape: dict[Any, list[Constraint]] = defaultdict(list)
    for constraint in constraints:
        by_shape[constraint.shape].append(constraint)
    reached_by = reach(shapes, facts, targets, by_shape.keys())
    gone = {triple for each in by_shape.values() for c in each for triple in c.triples}
    found = Split(tuple(triple for triple in shapes.triples if triple not in gone))
    parts: dict[Any, Any] = {}
    for number, (shape, own) in enumerate(by_shape.items()):
        reported, decided = reached_by.reported[shape], reached_by.decided[shape]
        faulty = set()
        for focus in sorted(reported | decided, key=str):
            results = list(_results(shapes, facts, own, focus))
            if results and focus in decided:
                faulty.add(focus)
            found.results += results if focus in reported else ()
        if decided:
            property_ = NamedNode(f"{_FAULT}{number}")
            found.marks += (Triple(property_, property_, focus) for focus in faulty)
            parts[shape] = property_
    if parts:
        found.shapes = tuple(_with_parts(found, shapes, parts))
    return found


def _results(
    shapes: Shapes, facts: Facts, constraints: Iterable[Constraint], focus: Any
) -> Iterator[Result]:
    shape = next(iter(constraints)).shape
    path = shapes.value(shape, "path")
    values = [focus] if path is None else reached(path, focus, facts, shapes)
    severity = plain(shapes.value(shape, "severity") or NamedNode(names.SH + "Violation"))
    own_path = "" if path is None else path_text(path, shapes)
    for constraint in constraints:
        for fault in constraint.judge(focus, values):
            yield Result(
                focus=str(focus),
                path=own_path if fault.path is None else fault.path,
                value="" if fault.value is None else str(fault.value),
                shape=plain(shape),
                severity=SEVERITY_IRIS.get(severity, severity),
                component=component_name(constraint.component),
                messages=fault.messages or shapes.said(shape, "message"),
                constraint="" if constraint.source is None else plain(constraint.source),
            )


def _with_parts(found: Split, shapes: Shapes, parts: Mapping[Any, Any]) -> Iterator[Triple]:
    """Yield the shapes with a part for each one whose faults are marked in the data.

    A node shape gets the part itself. A property shape cannot have it, since the part is about its
    focus node: whatever refers to it gets the part beside it.
    """
    replaced: dict[Any, Any] = {}
    for shape, property_ in parts.items():
        part, turned = BlankNode(), BlankNode()
        found.helpers.add(str(part))
        yield Triple(part, NamedNode(names.SH + "path"), turned)
        yield Triple(turned, NamedNode(names.SH + "inversePath"), property_)
        yield Triple(part, NamedNode(names.SH + "maxCount"), _ZERO)
        if shapes.value(shape, "path") is None:
            yield Triple(shape, NamedNode(names.SH + "property"), part)
            continue
        whole = replaced[shape] = BlankNode()
        found.helpers.add(str(whole))
        for each in (shape, part):
            yield Triple(whole, NamedNode(names.SH + "property"), each)
        for user in shapes.nodes:
            if shape in shapes.values(user, "property"):
                yield Triple(user, NamedNode(names.SH + "property"), part)
    deciding = {names.SH + name for name in ON_NODES} | {names.RDF + "first"}
    for triple in found.shapes:
        if triple.object in replaced and triple.predicate.value in deciding:
            yield Triple(triple.subject, triple.predicate, replaced[triple.object])
        else:
            yield triple
