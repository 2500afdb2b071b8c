"""From the report graph of an engine to results."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from samsyn import names
from samsyn.dataset.exact import NamedNode, Triple
from samsyn.validation.engines.model import Shapes, plain
from samsyn.validation.engines.paths import written
from samsyn.validation.engines.result import Result
from samsyn.validation.finding import SEVERITY_IRIS


def results(report: Iterable[Triple]) -> tuple[Result, ...]:
    """Return what a report says, sorted; results that look the same are as many as there are.

    Args:
        report: the report graph.
    """
    graph = Shapes(report)
    # Details are found again: one engine has few of them, the other none.
    found = (node for triple in graph.triples for node in _result_of(triple))
    return tuple(sorted(_result(node, graph) for node in found))


def _result_of(triple: Triple) -> tuple[Any, ...]:
    return (triple.object,) if triple.predicate.value == names.SH + "result" else ()


def _result(node: Any, graph: Shapes) -> Result:
    def only(name: str) -> Any:
        return graph.value(node, name)

    path, value, constraint = only("resultPath"), only("value"), only("sourceConstraint")
    severity = plain(only("resultSeverity"))
    return Result(
        focus=str(only("focusNode")),
        path="" if path is None else path_text(path, graph),
        value="" if value is None else str(value),
        shape=plain(only("sourceShape")),
        severity=SEVERITY_IRIS.get(severity, severity),
        component=component_name(plain(only("sourceConstraintComponent"))),
        messages=graph.said(node, "resultMessage"),
        constraint="" if constraint is None else plain(constraint),
    )


def path_text(path: Any, graph: Shapes) -> str:
    """Return a path as results have it: a plain IRI, or a path as in SPARQL."""
    return path.value if isinstance(path, NamedNode) else written(path, graph)


def component_name(iri: str) -> str:
    """Return what results call a constraint component: its local name in SHACL, else its IRI."""
    return iri.removeprefix(names.SH)
