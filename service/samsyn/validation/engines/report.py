"""From the report graph of an engine to results."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from samsyn import names
from samsyn.dataset.exact import Literal, NamedNode, Triple
from samsyn.validation.engines.result import Result
from samsyn.validation.finding import SEVERITY_IRIS

_Node = dict[str, list[object]]


def results(report: tuple[Triple, ...]) -> tuple[Result, ...]:
    """Return what a report says, sorted.

    Args:
        report: the report graph.
    """
    nodes: dict[object, _Node] = defaultdict(lambda: defaultdict(list))
    for triple in report:
        nodes[triple.subject][triple.predicate.value].append(triple.object)
    # Not the details of results, which are of the same class.
    found = [triple.object for triple in report if triple.predicate.value == names.SH + "result"]
    return tuple(sorted({_result(nodes[node], nodes) for node in found}))


def _result(node: _Node, nodes: Mapping[object, _Node]) -> Result:
    def only(name: str) -> object:
        return next(iter(node[names.SH + name]), None)

    path, value = only("resultPath"), only("value")
    severity = _plain(only("resultSeverity"))
    messages = (m for m in node[names.SH + "resultMessage"] if isinstance(m, Literal))
    return Result(
        focus=str(only("focusNode")),
        path=""
        if path is None
        else _plain(path)
        if isinstance(path, NamedNode)
        else _path(path, nodes),
        value="" if value is None else str(value),
        shape=_plain(only("sourceShape")),
        severity=SEVERITY_IRIS.get(severity, severity),
        component=names.local(_plain(only("sourceConstraintComponent"))),
        messages=tuple(sorted((m.language or "", m.value) for m in messages)),
        constraint=_plain(only("sourceConstraint")) if only("sourceConstraint") else "",
    )


def _plain(term: object) -> str:
    return term.value if isinstance(term, NamedNode) else str(term)


_WRAPPED: Final = MappingProxyType(
    {
        "inversePath": "^{}",
        "zeroOrMorePath": "{}*",
        "oneOrMorePath": "{}+",
        "zeroOrOnePath": "{}?",
    }
)


def _path(term: object, nodes: Mapping[object, _Node]) -> str:
    # As in SPARQL: the blank node of a compound path would tell a reader nothing.
    if isinstance(term, NamedNode):
        return str(term)
    node = nodes[term]
    for name, form in _WRAPPED.items():
        if node[names.SH + name]:
            return form.format(_path(node[names.SH + name][0], nodes))
    if node[names.SH + "alternativePath"]:
        parts = _members(node[names.SH + "alternativePath"][0], nodes)
        return "(" + "|".join(_path(part, nodes) for part in parts) + ")"
    return "(" + "/".join(_path(part, nodes) for part in _members(term, nodes)) + ")"


def _members(head: object, nodes: Mapping[object, _Node]) -> list[object]:
    members: list[object] = []
    while nodes[head][names.RDF + "first"]:
        members += nodes[head][names.RDF + "first"]
        head = nodes[head][names.RDF + "rest"][0]
    return members
