"""Results and graphs read and compared: by meaning, and by nothing weaker."""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final
from xml.parsers.expat import ExpatError, ParserCreate

from pyoxigraph import (
    BlankNode,
    CanonicalizationAlgorithm,
    Dataset,
    NamedNode,
    Quad,
    QueryBoolean,
    QueryResultsFormat,
    parse_query_results,
)

from samsyn.closure.literals import value
from samsyn.dataset.exact import Literal, Term, Triple, parse
from samsyn.names import XSD

TYPES: Final[Mapping[str, str]] = {
    "srx": "application/sparql-results+xml",
    "srj": "application/sparql-results+json",
    "csv": "text/csv",
    "tsv": "text/tab-separated-values",
    "ttl": "text/turtle",
}
"""The media type of a file, by the end of its name."""

_NUMBERS: Final = frozenset(
    XSD + name
    for name in (
        *("decimal", "integer", "nonPositiveInteger", "negativeInteger", "nonNegativeInteger"),
        *("positiveInteger", "long", "int", "short", "byte", "unsignedLong", "unsignedInt"),
        *("unsignedShort", "unsignedByte", "float", "double"),
    )
)
_OWN: Final = "urn:x-suite:"
_SHOWN: Final = 3


@dataclass(frozen=True)
class Table:
    """Columns and rows; what a row does not bind is not in it."""

    columns: tuple[str, ...]
    rows: tuple[Mapping[str, Term], ...]


Result = bool | Table | tuple[Triple, ...]


def read(body: bytes, media_type: str, base: str = "") -> Result:
    """Read a result in one of the formats above.

    Args:
        body: the document.
        media_type: its media type, without parameters.
        base: what relative IRIs in it are resolved against.

    Raises:
        ValueError: it is not well formed, or the format is none of those.
    """
    if media_type == TYPES["ttl"]:
        return tuple(quad.triple for quad in parse(body, media_type, base=base or None))
    if media_type == TYPES["csv"]:
        return _csv(body.decode())
    form = QueryResultsFormat.from_media_type(media_type)
    if form is None:
        raise ValueError(f"no format of results: {media_type}")
    _check_whole(body, form)
    raw = parse_query_results(body, format=form)
    if isinstance(raw, QueryBoolean):
        return bool(raw)
    columns = tuple(variable.value for variable in raw.variables)
    rows = ({name: solution[name] for name in columns} for solution in raw)
    kept = tuple({name: term for name, term in row.items() if term is not None} for row in rows)
    return Table(columns, kept)


def _check_whole(body: bytes, form: QueryResultsFormat) -> None:
    # The reader of results stops after the last row, whatever is missing behind it.
    if form == QueryResultsFormat.JSON:
        json.loads(body)
    elif form == QueryResultsFormat.XML:
        reader = ParserCreate()
        try:
            reader.Parse(body, True)  # noqa: FBT003  it says that this is all
        except ExpatError as error:
            raise ValueError(f"not well formed: {error}") from error


def _csv(text: str) -> Table:
    """Read a table of text alone: the format tells neither a datatype nor what is unbound."""
    columns, *rows = csv.reader(io.StringIO(text, newline=""), strict=True)
    return Table(
        tuple(columns),
        tuple(
            {name: _cell(cell) for name, cell in zip(columns, row, strict=True) if cell}
            for row in rows
        ),
    )


def _cell(text: str) -> Term:
    return BlankNode(text.removeprefix("_:")) if text.startswith("_:") else Literal(text)


def difference(found: Result, wanted: Result) -> str:
    """Say in what two results differ, nothing if they mean the same.

    Neither the order of rows, columns and triples nor the names of blank nodes count, nor how a
    number of a datatype is written. How often a row comes does.
    """
    if isinstance(found, bool) or isinstance(wanted, bool):
        return "" if found == wanted else f"{_told(found)} instead of {_told(wanted)}"
    if isinstance(found, Table) != isinstance(wanted, Table):
        return f"{_told(found)} instead of {_told(wanted)}"
    if isinstance(found, Table) and isinstance(wanted, Table):
        names, others = sorted(found.columns), sorted(wanted.columns)
        if names != others:
            return f"columns {' '.join(names)} instead of {' '.join(others)}"
    return "" if _canonical(found) == _canonical(wanted) else _unlike(found, wanted)


def _told(result: Result) -> str:
    if isinstance(result, bool):
        return "yes" if result else "no"
    return "a table" if isinstance(result, Table) else "a graph"


def _unlike(found: Table | tuple[Triple, ...], wanted: Table | tuple[Triple, ...]) -> str:
    has, wants = Counter(_lines(found)), Counter(_lines(wanted))
    parts = (("missing", wants - has), ("too many", has - wants))
    told = [f"{n.total()} {head}: {', '.join([*n][:_SHOWN])}" for head, n in parts if n]
    return "; ".join(told) or "blank nodes stand for each other that should not"


def _lines(result: Table | tuple[Triple, ...]) -> Iterator[str]:
    if isinstance(result, Table):
        for row in result.rows:
            yield f"({' '.join(f'{name}={_short(row[name])}' for name in sorted(row))})"
    else:
        for triple in result:
            yield f"({' '.join(map(_short, (triple.subject, triple.predicate, triple.object)))})"


def _short(term: object) -> str:
    return "[]" if isinstance(term, BlankNode) else str(_plain(term))


def _canonical(result: Table | tuple[Triple, ...]) -> list[str]:
    graph = Dataset(_rows(result) if isinstance(result, Table) else map(_quad, result))
    graph.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    return sorted(map(str, graph))


def _rows(table: Table) -> Iterator[Quad]:
    # Each row is a node of its own, so that equal rows count as often as they come.
    for row in table.rows:
        node = BlankNode()
        yield Quad(node, NamedNode(f"{_OWN}is"), NamedNode(f"{_OWN}row"))
        for column, term in row.items():
            yield Quad(node, NamedNode(f"{_OWN}column:{column}"), _plain(term))


def _quad(triple: Triple) -> Quad:
    return Quad(triple.subject, triple.predicate, _plain(triple.object))


def _plain(term: object) -> Term:
    """Write a number of a datatype always in the same way; tags come in lower case anyhow."""
    if not isinstance(term, Literal):
        return term  # type: ignore[return-value]
    known = value(term) if term.datatype.value in _NUMBERS else None
    return Literal(str(known[1]), datatype=term.datatype) if known else term
