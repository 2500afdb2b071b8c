"""The SPARQL constraints of a shapes graph."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

from samsyn import names
from samsyn.dataset.exact import NamedNode, Triple
from samsyn.validation.engines.default import refusal
from samsyn.validation.shapesgraph import parameters
from samsyn.validation.shapesgraph.fault import Fault, fault, reason
from samsyn.validation.shapesgraph.graph import ShapesGraph

_ASIDE: Final = re.compile(
    r"""\"{3}(?:[^\\]|\\.)*?\"{3}|'{3}(?:[^\\]|\\.)*?'{3}|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'"""
    r"""|<[^<>\s]*>|\#[^\r\n]*""",
    re.DOTALL,
)
"""What may hold words that are none of the query's own."""
_SELECT: Final = re.compile(r"\bSELECT\b(.*?)(?:\bWHERE\b|\bFROM\b|\{)", re.DOTALL | re.IGNORECASE)
_FORM: Final = re.compile(r"\b(SELECT|ASK|CONSTRUCT|DESCRIBE)\b", re.IGNORECASE)
_THIS: Final = re.compile(r"[?$]this\b|\*")


def query_faults(graph: ShapesGraph) -> Iterator[Fault]:
    """Yield what is wrong with the constraints in SPARQL, and with their prefixes."""
    for subject in graph.subjects:
        for index, constraint in graph.values(subject, "sparql"):
            yield from _constraint_faults(graph, index, constraint)
        for index, entry in graph.values(subject, "declare"):
            yield from _entry_faults(graph, index, entry)


def _entry_faults(graph: ShapesGraph, index: int, entry: Any) -> Iterator[Fault]:
    for name, kind in (("prefix", parameters.TEXT), ("namespace", parameters.LITERAL)):
        found = graph.values(entry, name)
        if len(found) != 1 or not kind.test(found[0][1]):
            yield fault(
                found[0][0] if found else index,
                "object",
                f"Ett prefix har exakt en sh:{name}, {kind.swedish}.",
                f"A prefix has exactly one sh:{name}, {kind.english}.",
            )


def _constraint_faults(graph: ShapesGraph, index: int, constraint: Any) -> Iterator[Fault]:
    queries = graph.values(constraint, "select")
    if not queries:
        yield fault(
            index,
            "object",
            "Villkoret i sh:sparql har ingen sh:select.",
            "The constraint of sh:sparql has no sh:select.",
        )
    for at, query in queries:
        if not parameters.TEXT.test(query):
            continue
        if not _selects_this(query.value):
            yield fault(
                at,
                "object",
                "sh:select ska vara en SELECT som ger $this.",
                "sh:select is to be a SELECT that gives $this.",
            )
        refused = refusal([*_attached(constraint), *graph.reached(constraint)])
        if refused:
            said = reason(refused)
            yield fault(
                at,
                "object",
                f"Frågan i sh:select kan inte köras: {said}",
                f"The query of sh:select cannot be run: {said}",
            )


def _attached(constraint: Any) -> Iterator[Triple]:
    # The engine reads a constraint only where a shape has it.
    shape = NamedNode("urn:shape")
    yield Triple(shape, NamedNode(names.SH + "targetNode"), NamedNode("urn:node"))
    yield Triple(shape, NamedNode(names.SH + "sparql"), constraint)


def _selects_this(query: str) -> bool:
    words = _ASIDE.sub(" ", query)
    form, head = _FORM.search(words), _SELECT.search(words)
    is_select = form is not None and form[1].upper() == "SELECT"
    return is_select and head is not None and _THIS.search(head[1]) is not None
