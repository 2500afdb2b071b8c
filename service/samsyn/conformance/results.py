"""Result documents, read strictly with the standard library; no other reader's leniency helps.

SPARQL 1.1 Query Results JSON Format, XML Format, and CSV and TSV Formats.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import permutations
from typing import Any, Final
from xml.etree import ElementTree

from samsyn import names
from samsyn.dataset.exact import BlankNode, Literal, NamedNode, Term, parse
from samsyn.errors import SourceError

JSON: Final = "application/sparql-results+json"
XML: Final = "application/sparql-results+xml"
CSV: Final = "text/csv"
TSV: Final = "text/tab-separated-values"

_SPARQL: Final = "{http://www.w3.org/2005/sparql-results#}"
_LANGUAGE: Final = "{http://www.w3.org/XML/1998/namespace}lang"
_MOST_BLANK: Final = 6

Row = Sequence[Term | None]


@dataclass(frozen=True, slots=True)
class Table:
    """The answer to a SELECT query.

    Args:
        variables: their names, in order.
        rows: a term or None for each variable.
    """

    variables: tuple[str, ...]
    rows: tuple[Row, ...]


def term(text: str) -> Term:
    """Read one term as Turtle writes it, numbers in short form too.

    >>> str(term("1"))
    '"1"^^<http://www.w3.org/2001/XMLSchema#integer>'

    Raises:
        ValueError: it is not exactly one.
    """
    try:
        quads = parse(f"<urn:s> <urn:p> {text} .".encode(), "turtle")
    except SourceError as error:
        raise ValueError(f"{text!r} is no term: {error.message}") from error
    if len(quads) != 1 or not isinstance(quads[0].object, NamedNode | BlankNode | Literal):
        raise ValueError(f"{text!r} is no single term")
    # Blank nodes are numbered afresh by the parser; here the label has to be kept.
    return BlankNode(text.strip()[2:]) if text.strip().startswith("_:") else quads[0].object


def boolean(media_type: str, body: bytes) -> bool:
    """Read the answer to an ASK query.

    Raises:
        ValueError: it is not in one of the two formats, or breaks its rules.
    """
    if media_type in (JSON, "application/json"):
        value = _object(json.loads(body.decode("utf-8"))).get("boolean")
        if not isinstance(value, bool):
            raise ValueError("the member boolean is missing")
        return value
    if media_type in (XML, "application/xml", "text/xml"):
        value = _root(body).findtext(f"{_SPARQL}boolean")
        if value not in ("true", "false"):
            raise ValueError("the element boolean is missing")
        return value == "true"
    raise ValueError(f"{media_type or 'nothing'} is no format of a yes or no")


def table(media_type: str, body: bytes) -> Table:
    """Read the answer to a SELECT query; CSV apart, which loses the kinds of terms.

    Raises:
        ValueError: it is in no known format, or breaks its rules.
    """
    if media_type in (JSON, "application/json"):
        return _json(body)
    if media_type in (XML, "application/xml", "text/xml"):
        return _xml(body)
    if media_type == TSV:
        return _tsv(body)
    raise ValueError(f"{media_type or 'nothing'} is no format of a table")


def _object(value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise ValueError(f"an object is wanted where {str(value)[:40]!r} stands")
    return value


def _json(body: bytes) -> Table:
    document = _object(json.loads(body.decode("utf-8")))
    variables = _object(document.get("head")).get("vars")
    bindings = _object(document.get("results")).get("bindings")
    if not isinstance(variables, list) or not isinstance(bindings, list):
        raise ValueError("head.vars and results.bindings have to be arrays")
    rows = []
    for binding in map(_object, bindings):
        if unknown := binding.keys() - set(variables):
            raise ValueError(f"{sorted(unknown)[0]} is bound and not among the variables")
        rows.append([_json_term(binding[v]) if v in binding else None for v in variables])
    return Table(tuple(variables), tuple(rows))


def _json_term(value: Any) -> Term:
    content = _object(value)
    kind, text = content.get("type"), content.get("value")
    if not isinstance(text, str):
        raise ValueError(f"the value {text!r} is no string")
    if kind == "uri":
        return NamedNode(text)
    if kind == "bnode":
        return _blank(text)
    # typed-literal is what the first, unofficial version of the format said.
    if kind == "literal":
        return _literal(text, content.get("xml:lang"), content.get("datatype"))
    raise ValueError(f"{kind!r} is no type of a term")


def _blank(label: str) -> BlankNode:
    # Any string may be a label here, and only some may in RDF.
    return BlankNode("b" + label.encode().hex())


def _literal(text: str, language: str | None, datatype: str | None) -> Literal:
    if language:
        return Literal(text, language=language.lower())
    return Literal(text, datatype=NamedNode(datatype or names.XSD_STRING))


def _root(body: bytes) -> ElementTree.Element:
    if b"<!DOCTYPE" in body:
        raise ValueError("a document type declaration has no place in results")
    try:
        root = ElementTree.fromstring(body)  # noqa: S314 - without a DOCTYPE nothing expands
    except ElementTree.ParseError as error:
        raise ValueError(f"not well-formed XML: {error}") from error
    if root.tag != f"{_SPARQL}sparql":
        raise ValueError(f"the root element is {root.tag}")
    if not len(root) or root[0].tag != f"{_SPARQL}head":
        raise ValueError("the first element is not head")
    return root


def _xml(body: bytes) -> Table:
    root = _root(body)
    variables = tuple(found.get("name", "") for found in root[0].iter(f"{_SPARQL}variable"))
    results = root.find(f"{_SPARQL}results")
    if results is None:
        raise ValueError("the element results is missing")
    rows = []
    for result in results:
        bound = {found.get("name", ""): _xml_term(found) for found in result}
        if unknown := bound.keys() - set(variables):
            raise ValueError(f"{sorted(unknown)[0]} is bound and not among the variables")
        rows.append([bound.get(variable) for variable in variables])
    return Table(variables, tuple(rows))


def _xml_term(binding: ElementTree.Element) -> Term:
    if len(binding) != 1:
        raise ValueError("a binding has to hold one term")
    (found,) = binding
    text = found.text or ""
    if found.tag == f"{_SPARQL}uri":
        return NamedNode(text)
    if found.tag == f"{_SPARQL}bnode":
        return _blank(text)
    if found.tag == f"{_SPARQL}literal":
        return _literal(text, found.get(_LANGUAGE), found.get("datatype"))
    raise ValueError(f"{found.tag} is no element of a term")


def _tsv(body: bytes) -> Table:
    head, *lines = body.decode("utf-8").removesuffix("\n").split("\n")
    fields = head.split("\t") if head else []
    if any(not re.fullmatch(r"\?\w+", field) for field in fields):
        raise ValueError("the first line does not name the variables with question marks")
    rows = []
    for line in lines:
        cells = line.split("\t")
        if len(cells) != len(fields):
            raise ValueError(f"a row has {len(cells)} fields for {len(fields)} variables")
        rows.append([_tsv_term(cell) if cell else None for cell in cells])
    return Table(tuple(field[1:] for field in fields), tuple(rows))


def _tsv_term(cell: str) -> Term:
    if cell.startswith(('"""', "'''")):
        raise ValueError("the long form of a literal is used")
    return term(cell)


def cells(body: bytes) -> list[list[str]]:
    """Read CSV as the strings it consists of.

    Raises:
        ValueError: lines do not end in CRLF, or rows differ in length.
    """
    text = body.decode("utf-8")
    try:
        found = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    except csv.Error as error:
        raise ValueError(str(error)) from error
    if not text.endswith("\r\n") or re.search(r"(?<!\r)\n", re.sub(r'"(?:[^"]|"")*"', "", text)):
        raise ValueError("lines do not end in CRLF")
    if len({len(row) for row in found}) > 1:
        raise ValueError("rows differ in length")
    return found


def same(wanted: Iterable[Row], found: Iterable[Row]) -> bool:
    """Return whether two collections of rows are equal, in any order, up to blank nodes.

    Made for the few rows of a case: with more than a handful of blank nodes, they are not equal.
    """
    left, right = list(wanted), list(found)
    ours, theirs = _blanks(left), _blanks(right)
    if len(left) != len(right) or len(ours) != len(theirs) or len(ours) > _MOST_BLANK:
        return False
    goal = Counter(map(_key, right))
    return any(
        Counter(_key(row, dict(zip(ours, order, strict=True))) for row in left) == goal
        for order in permutations(theirs)
    )


def _blanks(rows: Iterable[Row]) -> list[Term]:
    return list(dict.fromkeys(t for row in rows for t in row if isinstance(t, BlankNode)))


def _key(row: Row, renamed: dict[Term, Term] | None = None) -> tuple[str, ...]:
    known = renamed or {}
    return tuple("" if cell is None else str(known.get(cell, cell)) for cell in row)
