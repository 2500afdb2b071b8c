"""Errors as readers and programs see them (RFC 9457): never a stack trace, never markup.

The kinds stand in one table, which ``/problems`` shows.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from samsyn import media
from samsyn.errors import FormatError

JSON: Final = media.Format("problem", ("application/problem+json", "application/json"))
TEXT: Final = media.Format("text", ("text/plain",), (), media.UTF8)


class Kind(NamedTuple):
    """One kind of problem: its status, its title, and what to do about it."""

    status: int
    title: str
    advice: str


KINDS: Final[Mapping[str, Kind]] = {
    "bad-request": Kind(400, "The request is malformed", "Correct what the detail names."),
    "query-syntax": Kind(400, "The query cannot be parsed", "Look at the line and column given."),
    "unknown-format": Kind(400, "No such format", "Choose one of those the detail lists."),
    "unknown-parameter": Kind(400, "No such parameter", "The detail lists those there are."),
    "bad-parameter": Kind(400, "A parameter has an unfit value", "The detail says what fits."),
    "forbidden": Kind(
        403, "This server never does that", "Leave out SERVICE and LOAD; ask elsewhere."
    ),
    "not-found": Kind(404, "There is nothing here", "Start from / or query the graph."),
    "method-not-allowed": Kind(405, "The method is not allowed", "Use one that Allow names."),
    "not-acceptable": Kind(406, "No acceptable format", "Ask for one that the detail lists."),
    "too-large": Kind(413, "The request is too large", "Send less, or in parts."),
    "url-too-long": Kind(414, "The address is too long", "Send the query by POST."),
    "unsupported-media-type": Kind(
        415, "The content type is not supported", "Send one that the detail names."
    ),
    "query-failed": Kind(400, "The query cannot be run", "The detail says why."),
    "unauthorized": Kind(
        401, "Writing needs the token", "Send Authorization: Bearer and the operator's token."
    ),
    "conflict": Kind(
        409, "The change contradicts what holds", "Nothing was changed; correct what is named."
    ),
    "precondition-failed": Kind(
        412, "The graph is not as the condition says", "Read it again, then decide anew."
    ),
    "over-quota": Kind(
        429, "Too much of your own is under way", "Wait for it, or as Retry-After says."
    ),
    "query-limit": Kind(
        503,
        "The query went over a limit",
        "Ask for less: add LIMIT or constants, or ask in parts. The same query will fail again.",
    ),
    "busy": Kind(503, "The server has no place now", "Try again as Retry-After says."),
    "not-ready": Kind(503, "The data is being loaded", "Try again as Retry-After says."),
    "lost": Kind(
        503, "The process that worked on it was lost", "Try again; after a write, read first."
    ),
    "range": Kind(416, "There is no such part", "Content-Range says how long the whole is."),
    "internal": Kind(500, "The server failed", "Try again, and report the request id."),
}


class Problem(Exception):  # noqa: N818 - RFC 9457 names it so
    """An error to send to the client.

    Args:
        kind: a key of `KINDS`.
        detail: what is wrong in this request, in one sentence.
        headers: further response headers, such as ``Allow``.
        members: further members of the answer, such as ``line`` and ``column``.
    """

    def __init__(
        self,
        kind: str,
        detail: str,
        *,
        headers: Mapping[str, str] | None = None,
        **members: object,
    ) -> None:
        super().__init__(detail)
        self.kind = kind
        self.detail = detail
        self.headers = dict(headers or {})
        self.members = {key: value for key, value in members.items() if value is not None}

    @property
    def status(self) -> int:
        """The HTTP status."""
        return KINDS[self.kind].status

    @property
    def title(self) -> str:
        """The kind in words."""
        return KINDS[self.kind].title

    def excerpt(self) -> str:
        """Show the offending line of a query with a caret under the column, or nothing."""
        source, column = self.members.get("source"), self.members.get("column")
        if not source or not isinstance(source, str) or not isinstance(column, int):
            return ""
        # A tab before the place is kept, so that the caret stands under it.
        pad = "".join("\t" if c == "\t" else " " for c in source[: column - 1])
        return f"{source}\n{pad}^"


def place(query: str, line: int | None, column: int | None) -> dict[str, Any]:
    """Return the members that place an error in a query: line, column and the line itself.

    Args:
        query: the query as sent.
        line: counted from 1.
        column: counted from 1.
    """
    lines = query.split("\n")
    inside = line is not None and 0 < line <= len(lines)
    source = lines[line - 1].rstrip("\r") if inside and line is not None else None
    return {"line": line, "column": column, "source": source}


def unwritable(error: FormatError) -> Problem:
    """Tell a client that the format it wants cannot write what it asks for (RFC 9110, 15.5.7).

    Args:
        error: what cannot be written; it knows the formats that can.
    """
    others = (media.by_name(name, (*media.RESULTS, *media.RDF)) for name in error.others)
    offered = [choice.media_type for choice in others if choice is not None]
    detail = f"{error.message} These formats can: {', '.join(offered)}."
    return Problem("not-acceptable", detail, offered=offered)


def written(
    problem: Problem, accept: str | None, request: str, root: str = ""
) -> tuple[str, bytes]:
    """Write a problem as JSON, or as plain text where the client likes that better.

    Args:
        problem: the problem.
        accept: the ``Accept`` header of the request.
        request: its id.
        root: the path below which the server is seen.

    Returns:
        The content type and the body.
    """
    choice = media.negotiate(accept, (JSON, TEXT))
    if choice is not None and choice.format is TEXT:
        return TEXT.content_type(), _text(problem).encode()
    return JSON.media_type, _json(problem, request, root).encode()


def _json(problem: Problem, request: str, root: str) -> str:
    content = {
        "type": f"{root}/problems#{problem.kind}",
        "title": problem.title,
        "status": problem.status,
        "detail": problem.detail,
        **problem.members,
        "request": request,
    }
    return json.dumps(content, ensure_ascii=False, indent=2) + "\n"


def _text(problem: Problem) -> str:
    place_words = ""
    if "line" in problem.members:
        place_words = f" (line {problem.members['line']}, column {problem.members.get('column')})"
    parts = [f"{problem.status} {problem.title}{place_words}", problem.detail, problem.excerpt()]
    return "\n".join(part for part in parts if part) + "\n"
