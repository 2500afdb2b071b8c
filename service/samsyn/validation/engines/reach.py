"""Which nodes are focus nodes of which shapes, also of shapes inside of others."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass, field
from typing import Any

from samsyn.validation.engines.model import Shapes
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
