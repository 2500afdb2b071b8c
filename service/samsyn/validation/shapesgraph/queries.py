"""The queries of a shapes graph: whether they can be run, and what they must not do."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final

from samsyn import names
from samsyn.dataset import scan
from samsyn.dataset.exact import NamedNode, Triple
from samsyn.dataset.trial import tried
from samsyn.validation.engines.default import refusal
from samsyn.validation.shapesgraph import parameters, prebinding
from samsyn.validation.shapesgraph.fault import Fault, fault, reason
from samsyn.validation.shapesgraph.graph import ShapesGraph
from samsyn.validation.shapesgraph.prefixes import declared

_ALWAYS: Final = frozenset({"this", *prebinding.OPTIONAL})
_FORMS: Final[Mapping[str, str]] = MappingProxyType(
    {"select": "SELECT", "ask": "ASK", "construct": "CONSTRUCT"}
)
"""The form of query that each property takes."""


@dataclass(frozen=True)
class _Executable:
    """A node that has a query.

    Args:
        node: the node.
        index: number of the triple that makes use of it.
        properties: the properties of which it has one.
        bound: the variables that get values beforehand, but for ``$value``.
        returns: the variable that a SELECT has to return, if any.
    """

    node: Any
    index: int | None
    properties: tuple[str, ...]
    bound: frozenset[str] = frozenset()
    returns: str = ""


def query_faults(graph: ShapesGraph) -> Iterator[Fault]:
    """Yield what is wrong with queries: of constraints, validators, targets, rules, functions."""
    met = set()
    for each in _executables(graph):
        if each.node not in met:
            met.add(each.node)
            yield from _executable_faults(graph, each)


def _executables(graph: ShapesGraph) -> Iterator[_Executable]:
    for subject in graph.subjects:
        for index, node in graph.values(subject, "sparql"):
            yield _Executable(node, index, ("select",), _ALWAYS, "this")
        named = _ALWAYS | _parameters(graph, subject)
        for index, node in graph.values(subject, "validator"):
            yield _Executable(node, index, ("ask",), named | {"value"})
        for name in ("nodeValidator", "propertyValidator"):
            for index, node in graph.values(subject, name):
                yield _Executable(node, index, ("select", "ask"), named, "this")
        for index, node in graph.values(subject, "target"):
            if graph.values(node, "select"):
                yield _Executable(node, index, ("select",), returns="this")
        for index, node in graph.values(subject, "rule"):
            if graph.values(node, "construct") or names.SH + "SPARQLRule" in graph.types(node):
                yield _Executable(node, index, ("construct",), _ALWAYS)
        yield from _typed(graph, subject)


def _typed(graph: ShapesGraph, subject: Any) -> Iterator[_Executable]:
    types, first = graph.types(subject), graph.first(subject)
    if names.SH + "SPARQLFunction" in types:
        yield _Executable(subject, first, ("select", "ask"), _parameters(graph, subject))
    if names.SH + "SPARQLTargetType" in types:
        yield _Executable(subject, first, ("select",), _parameters(graph, subject), "this")


def _parameters(graph: ShapesGraph, subject: Any) -> frozenset[str]:
    paths = (
        path
        for _, parameter in graph.values(subject, "parameter")
        for _, path in graph.values(parameter, "path")
    )
    return frozenset(names.local(path.value) for path in paths if isinstance(path, NamedNode))


def _executable_faults(graph: ShapesGraph, each: _Executable) -> Iterator[Fault]:
    held = [
        (name, index, query)
        for name in each.properties
        for index, query in graph.values(each.node, name)
    ]
    if not held and graph.has(each.node):
        wanted = " or ".join(f"sh:{name}" for name in each.properties)
        wanted_sv = wanted.replace(" or ", " eller ")
        yield fault(
            each.index,
            "object",
            f"Här finns ingen {wanted_sv}, och därför ingen fråga att ställa.",
            f"There is no {wanted} here, and so no query to run.",
        )
    for name, index, query in held:
        if parameters.TEXT.test(query):
            yield from _text_faults(graph, each, name, index, query.value)


def _text_faults(
    graph: ShapesGraph, each: _Executable, name: str, index: int, text: str
) -> Iterator[Fault]:
    read = prebinding.tokens(text)
    found = _form_fault(each, name, index, read)
    if found:
        yield found
    bound = each.bound | ({"value"} if name == "ask" and "this" in each.bound else set())
    breaches = [(b.start, b.swedish, b.english) for b in prebinding.breaches(read, bound)]
    called = scan.keywords(text).service
    for start, swedish, english in breaches:
        yield _at(index, name, scan.place(text, start), swedish, english)
    if called:
        swedish = "SERVICE får inte stå i former: ingen fråga når en annan slutpunkt."
        english = "SERVICE must not stand in shapes: no query reaches another endpoint."
        yield _at(index, name, called, swedish, english)
    elif not breaches:
        yield from _trial_faults(graph, each, name, index, text)


def _form_fault(
    each: _Executable, name: str, index: int, read: list[prebinding.Token]
) -> Fault | None:
    wanted = _FORMS[name]
    # What is no query at all is told as such.
    if not prebinding.form(read):
        return None
    gives = each.returns if name == "select" else ""
    if prebinding.form(read) == wanted and (not gives or prebinding.returns(read, gives)):
        return None
    more, more_sv = (f" that gives ${gives}", f" som ger ${gives}") if gives else ("", "")
    return fault(
        index,
        "object",
        f"sh:{name} ska vara en {wanted}{more_sv}.",
        f"sh:{name} is to be a {wanted}{more}.",
    )


def _at(
    index: int, name: str, within: tuple[int | None, int | None], swedish: str, english: str
) -> Fault:
    line, column = within
    if line is None or column is None:
        swedish, english = f"Frågan i sh:{name}: {swedish}", f"The query of sh:{name}: {english}"
        return fault(index, "object", swedish, english)
    return fault(
        index,
        "object",
        f"Frågan i sh:{name}, rad {line}, kolumn {column}: {swedish}",
        f"The query of sh:{name}, line {line}, column {column}: {english}",
        within=(line, column),
    )


def _trial_faults(
    graph: ShapesGraph, each: _Executable, name: str, index: int, text: str
) -> Iterator[Fault]:
    prefixes = declared(graph, each.node)
    trial = tried(text, prefixes)
    if trial.error is None:
        yield from _engine_faults(graph, each, name, index)
        return
    missing = [prefix for prefix in scan.undeclared(text) if prefix not in prefixes]
    if missing:
        listed = ", ".join(f"{prefix}:" for prefix in missing)
        yield _at(
            index,
            name,
            _use(text, missing[0]) or (trial.error.line, trial.error.column),
            f"Prefixet {listed} är inte deklarerat. Deklarera det med sh:declare på en nod som"
            " sh:prefixes anger, eller med PREFIX i frågan.",
            f"The prefix {listed} is not declared. Declare it by sh:declare on a node that"
            " sh:prefixes names, or by PREFIX in the query.",
        )
        return
    said = trial.error.message.partition("cannot be parsed: ")[2] or trial.error.message
    yield _at(
        index,
        name,
        (trial.error.line, trial.error.column),
        f"Den kan inte läsas: {said}.",
        f"It cannot be read: {said}.",
    )


def _use(text: str, prefix: str) -> tuple[int, int] | None:
    used = (
        each.start
        for each in prebinding.tokens(text)
        if each.kind == "name" and each.text.partition(":")[0] == prefix
    )
    return next((scan.place(text, start) for start in used), None)


def _engine_faults(graph: ShapesGraph, each: _Executable, name: str, index: int) -> Iterator[Fault]:
    # The engine reads a constraint only where a shape has it.
    if "this" not in each.bound or name != "select" or each.returns != "this":
        return
    shape = NamedNode("urn:shape")
    attached = (
        Triple(shape, NamedNode(names.SH + "targetNode"), NamedNode("urn:node")),
        Triple(shape, NamedNode(names.SH + "sparql"), each.node),
    )
    refused = refusal([*attached, *graph.reached(each.node)])
    if refused:
        said = reason(refused)
        yield fault(
            index,
            "object",
            f"Frågan i sh:{name} kan inte köras: {said}",
            f"The query of sh:{name} cannot be run: {said}",
        )
