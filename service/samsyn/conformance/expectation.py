"""What an answer can be held to: each function makes one check, which says what is wrong."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from typing import Any, Final

from samsyn.conformance import results
from samsyn.conformance.answer import Answer
from samsyn.conformance.case import Check, Names
from samsyn.conformance.results import Row, term
from samsyn.dataset.exact import DefaultGraph, Quad, Term, parse
from samsyn.errors import SourceError, UsageError

TABLES: Final = (results.JSON, results.XML, results.CSV, results.TSV, "application/json")
BOOLEANS: Final = (results.JSON, results.XML, "application/json")
GRAPHS: Final = (
    *("text/turtle", "application/n-triples", "application/rdf+xml", "application/ld+json"),
    *("application/trig", "application/n-quads", "text/n3", "application/rdf+json", "text/html"),
)


def status(*codes: int) -> Check:
    """Hold an answer to one of some status codes."""

    def check(answer: Answer, _: Names) -> str | None:
        if answer.status in codes:
            return None
        return f"status {answer.status} where {' or '.join(map(str, codes))} is wanted"

    return check


def _class(first: int, words: str) -> Check:
    def check(answer: Answer, _: Names) -> str | None:
        if first <= answer.status < first + 100:
            return None
        return f"status {answer.status} where {words} is wanted"

    return check


SUCCESS: Final = _class(200, "success (2xx)")
REFUSAL: Final = _class(400, "a refusal (4xx)")


def media(*types: str) -> Check:
    """Hold an answer to one of some media types."""

    def check(answer: Answer, _: Names) -> str | None:
        if answer.media_type in types:
            return None
        return f"content type {answer.header('Content-Type')!r} where {_some(types)} is wanted"

    return check


def _some(types: tuple[str, ...]) -> str:
    return types[0] if len(types) == 1 else f"one of {', '.join(types)}"


def unlike(*types: str) -> Check:
    """Hold an answer to any media type but these."""

    def check(answer: Answer, _: Names) -> str | None:
        return f"{answer.media_type} comes, though excluded" if answer.media_type in types else None

    return check


def charset(answer: Answer, _: Names) -> str | None:
    """Hold an answer to a content type that names the charset UTF-8."""
    if answer.charset in ("utf-8", "utf8"):
        return None
    return f"content type {answer.header('Content-Type')!r} does not say charset=utf-8"


def header(name: str, *tokens: str) -> Check:
    """Hold an answer to a header, and to each of these being in its list."""

    def check(answer: Answer, _: Names) -> str | None:
        value = answer.header(name)
        if value is None:
            return f"there is no header {name}"
        have = {part.strip().lower() for part in value.split(",")}
        missing = [token for token in tokens if token.lower() not in have]
        return f"{name}: {value} lacks {', '.join(missing)}" if missing else None

    return check


def empty(answer: Answer, _: Names) -> str | None:
    """Hold an answer to having no content."""
    return f"{len(answer.body)} bytes of content where none is allowed" if answer.body else None


def yes(answer: Answer, _: Names) -> str | None:
    """Hold an answer to be a true yes."""
    return _boolean(answer, wanted=True)


def no(answer: Answer, _: Names) -> str | None:
    """Hold an answer to be a no."""
    return _boolean(answer, wanted=False)


def _boolean(answer: Answer, *, wanted: bool) -> str | None:
    try:
        found = results.boolean(answer.media_type, answer.body)
    except ValueError as error:
        return f"the answer cannot be read: {error}"
    return None if found is wanted else f"{str(found).lower()} where {str(wanted).lower()} is true"


def table(variables: str, *rows: str) -> Check:
    """Hold an answer to a table.

    Args:
        variables: their names with spaces between.
        rows: terms as in Turtle, with `` | `` between; nothing for an unbound variable.
    """
    wanted = [[_cell(cell) for cell in row.split(" | ")] for row in rows]
    return _table(variables, lambda found: None if results.same(wanted, found) else _show(found))


def single(variables: str, fault: Callable[[Row], str | None]) -> Check:
    """Hold an answer to a table of one row, and that row to a rule.

    Args:
        variables: their names with spaces between.
        fault: says what is wrong with the row.
    """

    def judge(rows: tuple[Row, ...]) -> str | None:
        return fault(rows[0]) if len(rows) == 1 else f"{len(rows)} rows where one is wanted"

    return _table(variables, judge)


def _table(variables: str, judge: Callable[[tuple[Row, ...]], str | None]) -> Check:
    def check(answer: Answer, _: Names) -> str | None:
        try:
            found = results.table(answer.media_type, answer.body)
        except ValueError as error:
            return f"the answer cannot be read: {error}"
        if found.variables != tuple(variables.split()):
            return f"the variables are {' '.join(found.variables)} where {variables} are wanted"
        return judge(found.rows)

    return check


def _cell(text: str) -> Term | None:
    return term(text.strip()) if text.strip() else None


def _show(rows: tuple[Row, ...]) -> str:
    lines = ["  ".join("" if cell is None else str(cell) for cell in row) for row in rows[:5]]
    return f"{len(rows)} rows that are not those wanted: {'; '.join(lines)}"[:400]


def lines(*rows: tuple[str, ...]) -> Check:
    """Hold an answer in CSV to these cells, the header first."""

    def check(answer: Answer, _: Names) -> str | None:
        try:
            found = results.cells(answer.body)
        except ValueError as error:
            return f"the answer cannot be read: {error}"
        return None if found == [list(row) for row in rows] else f"the cells are {found}"[:400]

    return check


def refused_or(*checks: Check) -> Check:
    """Hold an answer that is no refusal to some checks, in this order."""

    def check(answer: Answer, names: Names) -> str | None:
        if answer.status >= HTTPStatus.BAD_REQUEST:
            return None
        faults = (one(answer, names) for one in checks)
        return next((fault for fault in faults if fault), None)

    return check


def unnamed(answer: Answer, _: Names) -> str | None:
    """Hold an answer in RDF to having all its triples in the default graph."""
    try:
        quads = parse(answer.body, answer.media_type, base=answer.url)
    except (SourceError, UsageError) as error:
        return f"the content cannot be read as RDF: {error.message}"
    named = sum(not isinstance(quad.graph_name, DefaultGraph) for quad in quads)
    return f"{named} triples are in named graphs" if named else None


def graph(turtle: str) -> Check:
    """Hold an answer to a graph, blank nodes up to their names.

    Args:
        turtle: the triples wanted, with names of the case in them.
    """

    def check(answer: Answer, known: Names) -> str | None:
        try:
            quads = parse(answer.body, answer.media_type, base=answer.url)
        except (SourceError, UsageError) as error:
            return f"the content cannot be read as RDF: {error.message}"
        wanted = parse(known.fill(turtle).encode(), "turtle", base=answer.url)
        if results.same(_rows(wanted), _rows(quads)):
            return None
        return f"{len(quads)} triples that are not the {len(wanted)} wanted"

    return check


def _rows(quads: list[Quad]) -> set[tuple[Any, ...]]:
    return {(quad.subject, quad.predicate, quad.object) for quad in quads}


def rdf(answer: Answer, _: Names) -> str | None:
    """Hold an answer to be RDF in some format."""
    try:
        parse(answer.body, answer.media_type, base=answer.url)
    except (SourceError, UsageError) as error:
        return f"the content cannot be read as RDF: {error.message}"
    return None
