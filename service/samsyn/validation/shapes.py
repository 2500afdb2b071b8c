"""Data and shapes in, results out; the only module that imports a SHACL engine.

Both engines get N-Triples, so that terms arrive as written, and both give back a SHACL report
graph, which is read here once. ``shacl`` is the default, pySHACL the reference.

``shacl`` names blank nodes anew, by number in order of first occurrence, those of the shapes first;
it does not say so, and a test holds it to that.
"""

from __future__ import annotations

import logging
import re
import warnings
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from samsyn import names
from samsyn.closure.graph import ClosedGraph
from samsyn.closure.view import View
from samsyn.dataset.exact import (
    BlankNode,
    Literal,
    NamedNode,
    Triple,
    from_rdflib,
    ntriples,
    read_back,
    to_rdflib,
)
from samsyn.errors import ToolError, UsageError
from samsyn.validation.rewriting import rewritten, without_idle
from samsyn.validation.sight import looked_at
from samsyn.validation.targets import Target, targets


@dataclass(frozen=True, order=True)
class Result:
    """One finding.

    Args:
        focus: the node it is about, as in N-Triples.
        path: the property or path it is about, empty if it is about the node itself.
        value: the offending value as in N-Triples, empty if one is missing.
        shape: IRI of the shape that found it.
        severity: violation, warning or info.
        component: the kind of constraint, such as ``MinCountConstraintComponent``.
        messages: pairs of language and text.
        constraint: IRI of the constraint inside the shape, where it has one.
    """

    focus: str
    path: str
    value: str
    shape: str
    severity: str
    component: str
    messages: tuple[tuple[str, str], ...]
    constraint: str = ""

    def message(self, language: str) -> str:
        """Return the message in a language, else in English, else any, else the component."""
        by_language = dict(self.messages)
        fallback = next(iter(by_language.values()), self.component)
        return by_language.get(language) or by_language.get("en") or fallback


@dataclass(frozen=True)
class Outcome:
    """What an engine found, and what it looked at.

    Args:
        results: the findings, sorted.
        targets: each shape that has a target, with the focus nodes it matched.
    """

    results: tuple[Result, ...]
    targets: tuple[Target, ...]


def validate(data: Iterable[Triple], shapes: Iterable[Triple], *, engine: str = "shacl") -> Outcome:
    """Check triples against shapes; nothing is inferred first.

    Args:
        data: the triples to check, with the subclass tree that the targets need.
        shapes: the shapes graph.
        engine: ``shacl`` or ``pyshacl``.

    Raises:
        UsageError: there is no such engine.
        ToolError: the shapes are faulty, or the engine failed.
    """
    return examine(View(ClosedGraph(data, ())), tuple(shapes), engine=engine)


def examine(view: View, shapes: tuple[Triple, ...], *, engine: str = "shacl") -> Outcome:
    """Check a graph against shapes.

    Args:
        view: the graph, with all that is to count as holding.
        shapes: the shapes graph.
        engine: ``shacl`` or ``pyshacl``.

    Raises:
        UsageError: there is no such engine.
        ToolError: the shapes are faulty, or the engine failed.
    """
    if engine not in _ENGINES:
        raise UsageError(f"Unknown engine {engine!r}.", advice=f"Engines: {', '.join(_ENGINES)}")
    report = _ENGINES[engine](view, shapes)
    return Outcome(_results(report), targets(view, shapes))


def refusal(shapes: Iterable[Triple]) -> str | None:
    """Return what the default engine says against shapes, None if it takes them.

    Args:
        shapes: a shapes graph, or the part of one that is to be tried; the engine runs it on
            nothing, since some of what it refuses shows only then.
    """
    import shacl

    try:
        tried = shacl.Shapes.from_text(ntriples(shapes).decode(), "ntriples")
        tried.validate_text("<urn:s> <urn:p> <urn:o> .", "ntriples")
    except (ValueError, RuntimeError) as error:
        return str(error)
    return None


def _run_shacl(view: View, shapes: tuple[Triple, ...]) -> tuple[Triple, ...]:
    import shacl

    data = "".join(view.lines(looked_at(shapes)))
    shapes = rewritten(without_idle(shapes, view.properties))
    try:
        compiled = shacl.Shapes.from_text(ntriples(shapes).decode(), "ntriples")
        report = compiled.validate_text(data, "ntriples").serialize("ntriples")
    except (ValueError, RuntimeError) as error:
        raise _failure("shacl", error) from error
    told = read_back(report.encode(), path="report")
    return tuple(_relabelled(told, _blank(shapes), view.blank))


def _blank(shapes: Iterable[Triple]) -> list[BlankNode]:
    ends = (term for triple in shapes for term in (triple.subject, triple.object))
    return list(dict.fromkeys(term for term in ends if isinstance(term, BlankNode)))


_NUMBERED: Final = re.compile(r"([01])_b(\d+)")


def _relabelled(
    report: Iterable[Triple], shapes: Sequence[BlankNode], data: Sequence[BlankNode]
) -> Iterator[Triple]:
    def known(term: object) -> object:
        match = _NUMBERED.fullmatch(term.value) if isinstance(term, BlankNode) else None
        if match is None:
            return term
        number = int(match[2])
        return shapes[number] if match[1] == "1" else data[number - len(shapes)]

    for triple in report:
        yield Triple(known(triple.subject), triple.predicate, known(triple.object))  # type: ignore[arg-type]  # a subject stays one


def _run_pyshacl(view: View, shapes: tuple[Triple, ...]) -> tuple[Triple, ...]:
    import pyshacl

    data = read_back("".join(view.lines()).encode(), path="data")
    quiet = logging.getLogger("samsyn.pyshacl")
    quiet.setLevel(logging.CRITICAL)
    # It would tell of each literal that is no value of its datatype, which is for shapes to say.
    logging.getLogger("rdflib.term").setLevel(logging.CRITICAL)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # pySHACL's own use of old rdflib names
            _, report, text = pyshacl.validate(
                to_rdflib(data), shacl_graph=to_rdflib(shapes), inference="none", logger=quiet
            )
    except (ValueError, RuntimeError) as error:
        raise _failure("pyshacl", error) from error
    if isinstance(report, Exception):
        raise _failure("pyshacl", report)
    if isinstance(report, bytes | str):
        raise _failure("pyshacl", RuntimeError(text))
    return from_rdflib(report)


def _failure(engine: str, error: Exception) -> ToolError:
    return ToolError(
        f"The engine {engine} could not use the shapes: {error}",
        advice="Correct the shapes graph, or try the other engine.",
    )


_ENGINES: Final[Mapping[str, Callable[[View, tuple[Triple, ...]], tuple[Triple, ...]]]] = (
    MappingProxyType({"shacl": _run_shacl, "pyshacl": _run_pyshacl})
)

_Node = dict[str, list[object]]


def _results(report: tuple[Triple, ...]) -> tuple[Result, ...]:
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
        severity=names.local(_plain(only("resultSeverity"))).lower(),
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
