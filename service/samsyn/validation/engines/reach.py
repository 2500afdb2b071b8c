"""Which nodes are focus nodes of which shapes, also of shapes inside of others."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass, field
from typing import Any, Final

from samsyn import names
from samsyn.dataset.exact import NamedNode
from samsyn.validation.engines.model import IN_LISTS, ON_NODES, Shapes
from samsyn.validation.engines.paths import Facts, reached


@dataclass(frozen=True)
class Reach:
    """The focus nodes of some shapes.

    Args:
        reported: the focus nodes that results are given about, by shape: those of its targets, and
            the value nodes of shapes that have it as ``sh:property``.
        decided: those about which another shape only asks whether they conform.
    """

    reported: dict[Any, set[Any]] = field(default_factory=lambda: defaultdict(set))
    decided: dict[Any, set[Any]] = field(default_factory=lambda: defaultdict(set))


def reach(
    shapes: Shapes, facts: Facts, targets: Mapping[Any, Iterable[Any]], wanted: Set[Any]
) -> Reach:
    """Find the focus nodes of some shapes.

    What a shape may never come to, since another part of it settles the answer, is found too.

    Args:
        shapes: the shapes graph.
        facts: the data.
        targets: the focus nodes of the shapes that have targets.
        wanted: the shapes.
    """
    found = Reach()
    leading = _leading(shapes, wanted)
    waiting = [(shape, set(nodes), True) for shape, nodes in targets.items() if shape in leading]
    while waiting:
        shape, nodes, reported = waiting.pop()
        known = (found.reported if reported else found.decided)[shape]
        new = nodes - known
        if not new or shapes.is_true(shape, "deactivated"):
            continue
        known |= new
        ends = value_nodes(shapes, facts, shape, new)
        parts = [(part, reported) for part in shapes.values(shape, "property")]
        parts += [(part, False) for part in shapes.deciding(shape)]
        waiting += [(part, ends, how) for part, how in parts if part in leading]
    return found


def value_nodes(shapes: Shapes, facts: Facts, shape: Any, nodes: Iterable[Any]) -> set[Any]:
    """Return the value nodes of a shape for all of some focus nodes."""
    path = shapes.value(shape, "path")
    if path is None:
        return set(nodes)
    return {end for node in nodes for end in reached(path, node, facts, shapes)}


def _leading(shapes: Shapes, wanted: Set[Any]) -> set[Any]:
    above: dict[Any, list[Any]] = defaultdict(list)
    for node in shapes.nodes:
        for part in (*shapes.values(node, "property"), *shapes.deciding(node)):
            above[part].append(node)
    found, waiting = set(wanted), list(wanted)
    while waiting:
        new = set(above[waiting.pop()]) - found
        found |= new
        waiting += new
    return found


_LEADING: Final = frozenset({"property", "sparql", *ON_NODES, *IN_LISTS})
_ASIDE: Final = frozenset(
    {
        *("declare", "prefixes", "entailment", "shapesGraph", "suggestedShapesGraph", "group"),
        *("class", "datatype", "path", "severity", "parameter", "in", "hasValue"),
        *("targetClass", "targetNode", "targetObjectsOf", "targetSubjectsOf", "ignoredProperties"),
        *("result", "detail", "focusNode", "value", "resultPath", "resultSeverity"),
        *("sourceShape", "sourceConstraint", "sourceConstraintComponent"),
        *("equals", "disjoint", "lessThan", "lessThanOrEquals", "nodeKind", "defaultValue"),
    }
)
"""Properties of SHACL whose values are no shapes that are asked of anything."""


def out_of_reach(shapes: Shapes) -> set[Any]:
    """Return the shapes that something else than SHACL Core may ask, so that an engine needs them.

    These are the shapes in expressions, in members of lists, and in parameters of your own.

    Args:
        shapes: the shapes graph.
    """
    own = {
        path.value
        for component in shapes.nodes
        for parameter in shapes.values(component, "parameter")
        for path in shapes.values(parameter, "path")
        if isinstance(path, NamedNode)
    }
    known = {names.SH + name for name in _LEADING | _ASIDE}
    about: dict[Any, list[Any]] = defaultdict(list)
    waiting = []
    for triple in shapes.triples:
        about[triple.subject].append(triple.object)
        property_ = triple.predicate.value
        if property_ in own or (property_.startswith(names.SH) and property_ not in known):
            waiting.append(triple.object)
    found = set(waiting)
    while waiting:
        new = set(about[waiting.pop()]) - found
        found |= new
        waiting += new
    return found
