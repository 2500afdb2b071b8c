"""The nodes of a shapes graph that have queries, and what is asked of these queries."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from samsyn import names
from samsyn.dataset.exact import Literal, NamedNode
from samsyn.validation.shapes_graph import prebinding
from samsyn.validation.shapes_graph.graph import ShapesGraph

THIS: Final = frozenset({"this", *prebinding.OPTIONAL})
FUNCTIONS: Final = frozenset(
    names.SH + kind for kind in ("Function", "SPARQLFunction", "JSFunction")
)
VALIDATORS: Final = ("validator", "nodeValidator", "propertyValidator")


@dataclass(frozen=True)
class Executable:
    """A node that has a query.

    Args:
        node: the node.
        index: number of the triple that makes use of it.
        properties: the properties of which it has one.
        bound: the variables that get values beforehand, but for ``$value``.
        returns: the variable that a SELECT has to return, if any.
        is_constraint: whether it is a constraint of a shape.
        users: the shapes and queries that make use of it, where these do not point to it.
    """

    node: Any
    index: int | None
    properties: tuple[str, ...]
    bound: frozenset[str] = frozenset()
    returns: str = ""
    is_constraint: bool = False
    users: tuple[Any, ...] = ()


def executables(graph: ShapesGraph) -> Iterator[Executable]:
    """Yield the nodes with queries that shapes make use of, but for functions."""
    for subject in graph.subjects:
        for index, node in graph.values(subject, "sparql"):
            yield Executable(node, index, ("select",), THIS, "this", is_constraint=True)
        for index, node in graph.values(subject, "target"):
            if graph.values(node, "select") or names.SH + "SPARQLTarget" in graph.types(node):
                yield Executable(node, index, ("select",), returns="this")
        for index, node in graph.values(subject, "rule"):
            if graph.values(node, "construct") or names.SH + "SPARQLRule" in graph.types(node):
                yield Executable(node, index, ("construct",), THIS)
        if names.SH + "SPARQLTargetType" in graph.types(subject):
            first = graph.first(subject)
            yield Executable(subject, first, ("select",), parameters(graph, subject), "this")
    for component, users in components(graph):
        yield from _validators(graph, component, users)


def _validators(graph: ShapesGraph, component: Any, users: tuple[Any, ...]) -> Iterator[Executable]:
    bound = THIS | parameters(graph, component)
    for name in VALIDATORS:
        for index, node in graph.values(component, name):
            if graph.values(node, "ask") or graph.values(node, "select"):
                properties = ("ask",) if name == "validator" else ("select", "ask")
                yield Executable(node, index, properties, bound, "this", users=users)


def components(graph: ShapesGraph) -> Iterator[tuple[Any, tuple[Any, ...]]]:
    """Yield the constraint components that shapes use, each with these shapes."""
    for subject in graph.subjects:
        if any(graph.values(subject, name) for name in VALIDATORS):
            users = _users(graph, subject)
            if users:
                yield subject, users


def _users(graph: ShapesGraph, component: Any) -> tuple[Any, ...]:
    wanted = {
        path.value
        for _, parameter in graph.values(component, "parameter")
        for _, path in graph.values(parameter, "path")
        if isinstance(path, NamedNode) and not _is_optional(graph, parameter)
    }
    having = (each for each in graph.subjects if wanted <= set(graph.predicates(each)))
    return tuple(having) if wanted else ()


def _is_optional(graph: ShapesGraph, parameter: Any) -> bool:
    said = graph.values(parameter, "optional")
    return any(isinstance(value, Literal) and value.value in {"true", "1"} for _, value in said)


def parameters(graph: ShapesGraph, subject: Any) -> frozenset[str]:
    """Return the names of the parameters of a component, function or type of targets."""
    paths = (
        path
        for _, parameter in graph.values(subject, "parameter")
        for _, path in graph.values(parameter, "path")
    )
    return frozenset(names.local(path.value) for path in paths if isinstance(path, NamedNode))


def called_by_expressions(graph: ShapesGraph) -> set[str]:
    """Return the functions that node expressions call: those that stand as properties."""
    used = {property_ for subject in graph.subjects for property_ in graph.predicates(subject)}
    return {iri for iri in used if graph.types(NamedNode(iri)) & FUNCTIONS}
