"""Data and shapes in, results out; the only module that imports a SHACL engine.

Both engines get N-Triples, so that terms arrive as written, and both give back a SHACL report
graph, which is read here once. ``shacl`` is the default, pySHACL the reference.
"""

from __future__ import annotations

import logging
import warnings
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from samsyn import names
from samsyn.dataset.exact import (
    Literal,
    NamedNode,
    Triple,
    from_rdflib,
    parse,
    serialize,
    to_rdflib,
)
from samsyn.errors import ToolError, UsageError
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
    """

    focus: str
    path: str
    value: str
    shape: str
    severity: str
    component: str
    messages: tuple[tuple[str, str], ...]

    def message(self, language: str) -> str:
        """Return the message in a language, else in English, else any, else the component."""
        by_language = dict(self.messages)
        fallback = next(iter(by_language.values()), self.component)
        return by_language.get(language) or by_language.get("en") or fallback


@dataclass(frozen=True)
class Report:
    """What a validation found, and how much it looked at.

    Args:
        results: the findings, sorted.
        triples: how many triples of data were checked.
        targets: each shape that has a target, with the focus nodes it matched.
    """

    results: tuple[Result, ...]
    triples: int
    targets: tuple[Target, ...]

    @property
    def focus_nodes(self) -> int:
        """How many different nodes at least one shape looked at."""
        return len({node for target in self.targets for node in target.nodes})

    @property
    def unmatched(self) -> tuple[str, ...]:
        """The shapes that matched nothing."""
        return tuple(target.shape for target in self.targets if not target.nodes)


def validate(data: Iterable[Triple], shapes: Iterable[Triple], *, engine: str = "shacl") -> Report:
    """Check data against shapes; nothing is inferred first.

    Args:
        data: the triples to check, with the subclass tree that the targets need.
        shapes: the shapes graph.
        engine: ``shacl`` or ``pyshacl``.

    Raises:
        UsageError: there is no such engine.
        ToolError: the shapes are faulty, or the engine failed.
    """
    if engine not in _ENGINES:
        raise UsageError(f"Unknown engine {engine!r}.", advice=f"Engines: {', '.join(_ENGINES)}")
    data, shapes = tuple(data), tuple(shapes)
    results = _results(_ENGINES[engine](data, shapes))
    return Report(results, len(data), targets(data, shapes))


def refusal(shapes: Iterable[Triple]) -> str | None:
    """Return what the default engine says against shapes, None if it takes them.

    Args:
        shapes: a shapes graph, or the part of one that is to be tried; the engine runs it on
            nothing, since some of what it refuses shows only then.
    """
    import shacl

    try:
        tried = shacl.Shapes.from_text(serialize(shapes, "ntriples").decode(), "ntriples")
        tried.validate_text("<urn:s> <urn:p> <urn:o> .", "ntriples")
    except (ValueError, RuntimeError) as error:
        return str(error)
    return None


def _run_shacl(data: tuple[Triple, ...], shapes: tuple[Triple, ...]) -> tuple[Triple, ...]:
    import shacl

    try:
        compiled = shacl.Shapes.from_text(serialize(shapes, "ntriples").decode(), "ntriples")
        report = compiled.validate_text(serialize(data, "ntriples").decode(), "ntriples")
    except (ValueError, RuntimeError) as error:
        raise _failure("shacl", error) from error
    return tuple(quad.triple for quad in parse(report.serialize("ntriples").encode(), "ntriples"))


def _run_pyshacl(data: tuple[Triple, ...], shapes: tuple[Triple, ...]) -> tuple[Triple, ...]:
    import pyshacl

    quiet = logging.getLogger("samsyn.pyshacl")
    quiet.setLevel(logging.CRITICAL)
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


_ENGINES: Final[
    Mapping[str, Callable[[tuple[Triple, ...], tuple[Triple, ...]], tuple[Triple, ...]]]
] = MappingProxyType({"shacl": _run_shacl, "pyshacl": _run_pyshacl})

_Node = dict[str, list[object]]


def _results(report: tuple[Triple, ...]) -> tuple[Result, ...]:
    nodes: dict[object, _Node] = defaultdict(lambda: defaultdict(list))
    for triple in report:
        nodes[triple.subject][triple.predicate.value].append(triple.object)
    kind = NamedNode(names.SH + "ValidationResult")
    found = (node for node in list(nodes.values()) if kind in node[names.RDF_TYPE])
    return tuple(sorted({_result(node, nodes) for node in found}))


def _result(node: _Node, nodes: Mapping[object, _Node]) -> Result:
    def only(name: str) -> object:
        return next(iter(node[names.SH + name]), None)

    path, value = only("resultPath"), only("value")
    messages = (m for m in node[names.SH + "resultMessage"] if isinstance(m, Literal))
    return Result(
        focus=str(only("focusNode")),
        path="" if path is None else _path(path, nodes),
        value="" if value is None else str(value),
        shape=_plain(only("sourceShape")),
        severity=names.local(_plain(only("resultSeverity"))).lower(),
        component=names.local(_plain(only("sourceConstraintComponent"))),
        messages=tuple(sorted((m.language or "", m.value) for m in messages)),
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
        return term.value
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
