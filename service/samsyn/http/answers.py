"""Answers to queries: the formats that they come in, and errors of queries as problems."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Final

from samsyn import media
from samsyn.errors import ForbiddenError, QueryError
from samsyn.http.negotiation import chosen
from samsyn.http.problems import Problem, place

TABLE: Final = (*media.RESULTS, media.HTML)
GRAPH: Final = (*media.GRAPHS, media.TRIG, media.NQUADS, media.HTML)
OFFERED: Final[Mapping[str, tuple[media.Format, ...]]] = {
    "select": TABLE,
    "ask": TABLE,
    "graph": GRAPH,
}


def problem(text: str, error: QueryError) -> Problem:
    """Tell the client what is wrong with a query, with its place.

    Args:
        text: the query.
        error: what the index said of it.
    """
    kind = "query-syntax" if error.line is not None else "query-failed"
    if isinstance(error, ForbiddenError):
        kind = "forbidden"
    detail = " ".join(part for part in (error.message, error.advice) if part)
    return Problem(kind, detail, **place(text, error.line, error.column))


# Most clients send one of few headers; an error is not kept.
@lru_cache(maxsize=64)
def choose(
    kind: str, accept: str | None, formats: tuple[str, ...], *, page: bool = True
) -> media.Choice:
    """Choose the format of an answer.

    Args:
        kind: what sort of answer it is (select, ask, graph).
        accept: the ``Accept`` header.
        formats: short names or media types that override it.
        page: whether a page of HTML is offered.

    Raises:
        Problem: the formats contradict each other, or nothing acceptable fits this answer.
    """
    offered = tuple(form for form in OFFERED[kind] if page or form is not media.HTML)
    words = "table" if kind == "select" else "yes or no" if kind == "ask" else "graph"
    return chosen(formats, accept, offered, what=f"The answer is a {words};")
