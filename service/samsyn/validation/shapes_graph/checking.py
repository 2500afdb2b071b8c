"""What is wrong with a shapes graph; all of it, so that it can be fixed in one go."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Final

from samsyn.dataset.exact import Quad, Triple
from samsyn.validation.shapes_graph import structure, values
from samsyn.validation.shapes_graph.account import account_faults
from samsyn.validation.shapes_graph.expressions import expressions_faults
from samsyn.validation.shapes_graph.fault import Fault
from samsyn.validation.shapes_graph.features import Means, features_faults
from samsyn.validation.shapes_graph.graph import ShapesGraph
from samsyn.validation.shapes_graph.prefixes import prefixes_faults
from samsyn.validation.shapes_graph.queries import query_faults


def faults(shapes: Iterable[Triple | Quad], means: Means = Means()) -> Iterator[Fault]:  # noqa: B008  it is frozen
    """Yield what is wrong with a shapes graph, in the order of its triples.

    Args:
        shapes: its triples, in the order of the file; of several files, all of them.
        means: what the shapes are evaluated with.

    Raises:
        ToolError: the engine failed otherwise than by refusing a part.
    """
    graph = ShapesGraph(shapes)
    found = {each for check in _CHECKS for each in check(graph)}
    found |= {each for check in _BY_MEANS for each in check(graph, means)}
    told = {each.index for each in found}
    found |= {each for each in account_faults(graph) if each.index not in told}
    yield from sorted(found, key=lambda each: (-1 if each.index is None else each.index, str(each)))


_CHECKS: Final[tuple[Callable[[ShapesGraph], Iterator[Fault]], ...]] = (
    values.terms_faults,
    values.values_faults,
    values.repeated_faults,
    values.patterns_faults,
    structure.paths_faults,
    structure.roles_faults,
    structure.references_faults,
    structure.qualified_faults,
    structure.recursion_faults,
    structure.targets_faults,
    prefixes_faults,
)
_BY_MEANS: Final[tuple[Callable[[ShapesGraph, Means], Iterator[Fault]], ...]] = (
    features_faults,
    expressions_faults,
    query_faults,
)
