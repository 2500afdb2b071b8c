"""The report as a SHACL validation report (SHACL, section 3.6), in Turtle.

What no shape found is a result all the same: its constraint component is the rule's own, and where
it is about no node its focus node is the document. The place of a result is a pointer of W3C's
Pointer Methods in RDF: document, line and character, both from 1.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from samsyn import names
from samsyn.dataset.exact import BlankNode, Literal, NamedNode, Term, Triple, serialize, term_of
from samsyn.errors import SourceError
from samsyn.validation.finding import Finding, Place, Report
from samsyn.validation.reports import files, words
from samsyn.validation.reports.paths import Path

_REPORT: Final = BlankNode("report")
_SYNTAX: Final = "SAM-syntax"
_COMPONENT: Final = "ConstraintComponent"
_PREFIXES: Final = {
    "earl": names.EARL,
    "ptr": names.POINTERS,
    "rdf": names.RDF,
    "rdfs": names.RDFS,
    "sh": names.SH,
    "shapes": names.SHAPES,
    "xsd": names.XSD,
}
_LANGUAGES: Final = ("sv", "en")


def written(report: Report, _language: str, _limit: int) -> str:
    """Return the report as RDF with all findings, the messages in every language they have.

    Args:
        report: the report.
    """
    return serialize(_triples(report), "turtle", prefixes=_PREFIXES).decode()


def _triples(report: Report) -> Iterator[Triple]:
    yield _said(_REPORT, names.RDF_TYPE, _sh("ValidationReport"))
    # A SHACL report conforms if there is no result at all, whatever fails the check.
    yield _said(_REPORT, names.SH + "conforms", _typed(not report.findings))
    for language in _LANGUAGES:
        told = [words.found(report, language), *words.remarks(report, language)]
        told.append(words.checked(report, language))
        yield _said(_REPORT, names.RDFS + "comment", Literal("\n".join(told), language=language))
    documents = _Documents(report)
    yield from documents.triples()
    for number, finding in enumerate(report.findings, 1):
        result = _Result(finding, f"result{number:07d}", documents)
        yield _said(_REPORT, names.SH + "result", result.node)
        yield from result.triples()


class _Documents:
    """The documents that were checked, a blank node each with the file's name.

    Args:
        report: the report.
    """

    def __init__(self, report: Report) -> None:
        places = (finding.place.file for finding in report.findings if finding.place)
        named = dict.fromkeys(map(files.path, (*report.checked.files, *places)))
        self._nodes = {file: BlankNode(f"document{n:05d}") for n, file in enumerate(named, 1)}

    def node(self, place: Place | None) -> BlankNode:
        """Return the document of a place; without a place it is some document."""
        return self._nodes[files.path(place.file)] if place else BlankNode("somewhere")

    def triples(self) -> Iterator[Triple]:
        """Yield the names of the documents."""
        for file, node in self._nodes.items():
            name = file.encode(errors="replace").decode()
            yield _said(node, names.RDFS_LABEL, Literal(name))


class _Result:
    """A finding as a result.

    Args:
        finding: the finding.
        label: the label of its blank node, and what those of its parts begin with.
        documents: the documents that were checked.
    """

    def __init__(self, finding: Finding, label: str, documents: _Documents) -> None:
        self.finding = finding
        self.label = label
        self.node = BlankNode(label)
        self.documents = documents

    def triples(self) -> Iterator[Triple]:
        """Yield what the result says."""
        finding, node = self.finding, self.node
        document = self.documents.node(finding.place)
        yield _said(node, names.RDF_TYPE, _sh("ValidationResult"))
        yield _said(node, names.SH + "resultSeverity", NamedNode(finding.severity_iri))
        yield _said(node, names.SH + "sourceConstraintComponent", self._component())
        yield _said(node, names.SH + "focusNode", _term(finding.focus) or document)
        # The value of a syntax error is a line of text.
        value = None if finding.rule == _SYNTAX else _term(finding.value)
        if value is not None:
            yield _said(node, names.SH + "value", value)
        if finding.shape:
            yield _said(node, names.SH + "sourceShape", _named(finding.shape))
        for language, message in finding.messages:
            said = Literal(message, language=language) if language else Literal(message)
            yield _said(node, names.SH + "resultMessage", said)
        yield from self._path()
        yield from self._pointer()
        for number, detail in enumerate(finding.details, 1):
            part = _Result(detail, f"{self.label}detail{number}", self.documents)
            yield _said(node, names.SH + "detail", part.node)
            yield from part.triples()

    def _component(self) -> NamedNode:
        component = self.finding.component
        if ":" in component:
            return NamedNode(component)
        if component.endswith(_COMPONENT):
            return _sh(component)
        rule = self.finding.rule
        return NamedNode(rule.partition(":")[2] if ":" in rule else names.SHAPES + rule)

    def _path(self) -> Iterator[Triple]:
        if self.finding.path:
            path = Path(self.finding.path, f"{self.label}path")
            yield _said(self.node, names.SH + "resultPath", path.node)
            yield from path.triples

    def _pointer(self) -> Iterator[Triple]:
        place = self.finding.place
        if place is None:
            return
        pointer = BlankNode(f"{self.label}place")
        yield _said(self.node, names.EARL + "pointer", pointer)
        yield _said(pointer, names.POINTERS + "reference", self.documents.node(place))
        if place.region is None:
            yield _said(pointer, names.RDF_TYPE, NamedNode(names.POINTERS + "Pointer"))
            return
        yield _said(pointer, names.RDF_TYPE, NamedNode(names.POINTERS + "LineCharPointer"))
        yield _said(pointer, names.POINTERS + "lineNumber", _typed(place.region.line))
        yield _said(pointer, names.POINTERS + "charNumber", _typed(place.region.column))


def _said(subject: BlankNode, predicate: str, object_: Term) -> Triple:
    return Triple(subject, NamedNode(predicate), object_)


def _sh(name: str) -> NamedNode:
    return NamedNode(names.SH + name)


def _term(written: str) -> Term | None:
    if written.startswith("_:"):
        return _named(written)
    try:
        found = term_of(written) if written else None
    except (SourceError, ValueError):
        return None
    # RDF 1.1 has no place for a triple term.
    return None if isinstance(found, Triple) else found


def _named(name: str) -> NamedNode | BlankNode:
    # Blank nodes of the data must not fall together with those of the report.
    return BlankNode(f"data-{name[2:]}") if name.startswith("_:") else NamedNode(name)


def _typed(value: int) -> Literal:
    if isinstance(value, bool):
        return Literal(str(value).lower(), datatype=NamedNode(names.XSD + "boolean"))
    return Literal(str(value), datatype=NamedNode(names.XSD + "positiveInteger"))
