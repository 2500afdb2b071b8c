"""The report as a SHACL validation report (SHACL, section 3.6), in Turtle.

What no shape found is a result all the same; its constraint component is the rule's own. The place
stands as an annotation of each result: file, line and column.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from samsyn import names
from samsyn.dataset.exact import BlankNode, Literal, NamedNode, Term, Triple, serialize, term_of
from samsyn.validation.finding import Finding, Report

_REPORT: Final = BlankNode("report")
_SEVERITIES: Final = {"violation": "Violation", "warning": "Warning", "info": "Info"}
_IRI: Final = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]*:[^\s<>\"{}|\\^`]*")
_PREFIXES: Final = {
    "rdf": names.RDF,
    "schema": names.SCHEMA,
    "sh": names.SH,
    "shapes": names.SHAPES,
    "xsd": names.XSD,
}


def written(report: Report, _language: str, _limit: int) -> str:
    """Return the report as RDF with all findings, the messages in both languages.

    Args:
        report: the report.
    """
    return serialize(_triples(report), "turtle", prefixes=_PREFIXES).decode()


def _triples(report: Report) -> Iterator[Triple]:
    yield _said(_REPORT, names.RDF_TYPE, _sh("ValidationReport"))
    # A SHACL report conforms if there is no result at all, whatever fails the check.
    yield _said(_REPORT, names.SH + "conforms", _boolean(not report.findings))
    held = report.checked
    counted = f"{len(held.files)} files, {held.triples} triples, {held.focus_nodes} focus nodes"
    note = f"Checked {counted}, {len(held.shapes)} shapes ({', '.join(held.profiles)})."
    yield _said(_REPORT, names.RDFS + "comment", Literal(note, language="en"))
    for shape in held.unmatched:
        yield _said(_REPORT, names.SHAPES + "matchedNothing", _node(shape))
    for number, finding in enumerate(report.findings, 1):
        node = BlankNode(f"result{number:07d}")
        yield _said(_REPORT, names.SH + "result", node)
        yield from _result(node, finding)


def _result(node: BlankNode, finding: Finding) -> Iterator[Triple]:
    yield _said(node, names.RDF_TYPE, _sh("ValidationResult"))
    yield _said(node, names.SH + "resultSeverity", _sh(_SEVERITIES[finding.severity]))
    own = NamedNode(names.SHAPES + finding.rule.replace(":", "-"))
    is_component = finding.component.endswith("ConstraintComponent")
    component = _sh(finding.component) if is_component else own
    yield _said(node, names.SH + "sourceConstraintComponent", component)
    yield _said(node, names.SH + "focusNode", _focus(finding))
    if finding.focus and finding.value:
        yield _said(node, names.SH + "value", term_of(finding.value))
    if _IRI.fullmatch(finding.path):
        yield _said(node, names.SH + "resultPath", NamedNode(finding.path))
    if finding.shape:
        yield _said(node, names.SH + "sourceShape", _node(finding.shape))
    for language, message in finding.messages:
        said = Literal(message, language=language) if language else Literal(message)
        yield _said(node, names.SH + "resultMessage", said)
    if finding.place is not None:
        yield _said(node, names.SCHEMA + "position", Literal(str(finding.place)))


def _focus(finding: Finding) -> Term:
    # What is about no node is about a term; a syntax error is about the file.
    if finding.focus:
        return term_of(finding.focus)
    if finding.value.startswith("<") and finding.place and not finding.component:
        return term_of(finding.value)
    return NamedNode(Path("/", finding.place.file if finding.place else "").as_uri())


def _said(subject: BlankNode, predicate: str, object_: Term) -> Triple:
    return Triple(subject, NamedNode(predicate), object_)


def _sh(name: str) -> NamedNode:
    return NamedNode(names.SH + name)


def _node(name: str) -> Term:
    return BlankNode(name[2:]) if name.startswith("_:") else NamedNode(name)


def _boolean(value: bool) -> Literal:  # noqa: FBT001  it is the value
    return Literal(str(value).lower(), datatype=NamedNode(names.XSD + "boolean"))
