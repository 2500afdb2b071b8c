"""Errors as readers and programs see them (RFC 9457): never a stack trace, never markup.

The kinds are in one table, which ``/problems`` shows.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from samsyn import media
from samsyn.errors import FormatError

JSON: Final = media.Format("problem", ("application/problem+json", "application/json"))
TEXT: Final = media.Format("text", ("text/plain",), (), media.UTF8)
VARY: Final = "Accept, Accept-Encoding, Accept-Language, Origin"


class Kind(NamedTuple):
    """One kind of problem: its status, its title, and what to do about it, in two languages."""

    status: int
    title: str
    advice: str
    title_sv: str
    advice_sv: str

    def words(self, lang: str) -> tuple[str, str]:
        """Return title and advice in the reader's language."""
        return (self.title_sv, self.advice_sv) if lang == "sv" else (self.title, self.advice)


KINDS: Final[Mapping[str, Kind]] = {
    "bad-request": Kind(
        400,
        "The request is malformed",
        "Correct what the detail names.",
        "Begäran är felaktig",
        "Rätta det som beskrivningen nämner.",
    ),
    "query-syntax": Kind(
        400,
        "The query cannot be parsed",
        "Correct it at the line and column given.",
        "Frågan kan inte tolkas",
        "Rätta den på den rad och kolumn som anges.",
    ),
    "unknown-format": Kind(
        400,
        "No such format",
        "Choose one of those the detail lists.",
        "Formatet finns inte",
        "Välj ett av dem som räknas upp.",
    ),
    "unknown-parameter": Kind(
        400,
        "No such parameter",
        "The detail lists those there are.",
        "Parametern finns inte",
        "Beskrivningen räknar upp dem som finns.",
    ),
    "bad-parameter": Kind(
        400,
        "Invalid parameter",
        "The detail says which values are allowed.",
        "Ogiltig parameter",
        "Beskrivningen säger vilka värden som är tillåtna.",
    ),
    "forbidden": Kind(
        403,
        "Not allowed",
        "This server does not run SERVICE or LOAD, and only writes for the operator.",
        "Inte tillåtet",
        "Servern kör inte SERVICE eller LOAD, och skriver bara för operatören.",
    ),
    "not-found": Kind(
        404,
        "Page not found",
        "Check the address, or start from the start page.",
        "Sidan finns inte",
        "Kontrollera adressen, eller börja på startsidan.",
    ),
    "method-not-allowed": Kind(
        405,
        "The method is not allowed",
        "Use one that Allow names.",
        "Metoden är inte tillåten",
        "Använd en som Allow nämner.",
    ),
    "not-acceptable": Kind(
        406,
        "No acceptable format",
        "Ask for one that the detail lists.",
        "Inget godtagbart format",
        "Be om ett av dem som räknas upp.",
    ),
    "too-large": Kind(
        413,
        "The request is too large",
        "Send less, or in parts.",
        "Begäran är för stor",
        "Skicka mindre, eller i delar.",
    ),
    "url-too-long": Kind(
        414,
        "The address is too long",
        "Send the query by POST.",
        "Adressen är för lång",
        "Skicka frågan med POST.",
    ),
    "header-too-large": Kind(
        431,
        "A header of the request is too large",
        "Send fewer preferences; the detail names the header.",
        "Ett huvud i begäran är för stort",
        "Skicka färre önskemål; beskrivningen nämner huvudet.",
    ),
    "unsupported-media-type": Kind(
        415,
        "The content type is not supported",
        "Send one that the detail names.",
        "Innehållstypen stöds inte",
        "Skicka en som beskrivningen nämner.",
    ),
    "query-failed": Kind(
        400,
        "The query cannot be run",
        "The detail says why.",
        "Frågan kan inte köras",
        "Beskrivningen säger varför.",
    ),
    "unauthorized": Kind(
        401,
        "Writing needs the operator's token",
        "Send the header Authorization: Bearer TOKEN.",
        "Att skriva kräver operatörens nyckel",
        "Skicka huvudet Authorization: Bearer NYCKEL.",
    ),
    "conflict": Kind(
        409,
        "The change contradicts the data",
        "Nothing was changed. Correct what the detail names.",
        "Ändringen motsäger data",
        "Ingenting ändrades. Rätta det som beskrivningen nämner.",
    ),
    "precondition-failed": Kind(
        412,
        "The graph is not as the condition says",
        "Read the graph again before you change it.",
        "Grafen är inte som villkoret säger",
        "Läs grafen igen innan du ändrar den.",
    ),
    "over-quota": Kind(
        429,
        "Too many requests of yours are running",
        "Wait until they end, or as long as Retry-After says.",
        "För många av dina förfrågningar pågår",
        "Vänta tills de är klara, eller så länge som Retry-After säger.",
    ),
    "query-limit": Kind(
        503,
        "The query exceeded a limit",
        "Ask for less: add LIMIT or constants, or split the query. The same query will fail again.",
        "Frågan överskred en gräns",
        "Fråga efter mindre: lägg till LIMIT eller konstanter, eller dela upp frågan. Samma fråga "
        "misslyckas igen.",
    ),
    "busy": Kind(
        503,
        "The server is busy",
        "Try again after the seconds that Retry-After gives.",
        "Servern är upptagen",
        "Försök igen efter det antal sekunder som Retry-After anger.",
    ),
    "not-ready": Kind(
        503,
        "The data is being loaded",
        "Try again after the seconds that Retry-After gives.",
        "Data läses in",
        "Försök igen efter det antal sekunder som Retry-After anger.",
    ),
    "lost": Kind(
        503,
        "The process that handled the request ended",
        "Try again. After a write, read first whether it was done.",
        "Processen som hanterade begäran avslutades",
        "Försök igen. Efter en skrivning: läs först om den blev gjord.",
    ),
    "insufficient-storage": Kind(
        507,
        "The server cannot store the change",
        "Nothing was changed. Try again later, and tell the operator.",
        "Servern kan inte lagra ändringen",
        "Ingenting ändrades. Försök igen senare, och säg till operatören.",
    ),
    "engine": Kind(
        500,
        "The query engine failed",
        "The same request will fail again: write a query in another way. Report the request id.",
        "Frågemotorn misslyckades",
        "Samma begäran misslyckas igen: skriv frågan på ett annat sätt. Uppge begärans nummer.",
    ),
    "internal": Kind(
        500,
        "The server failed",
        "Try again, and report the request id.",
        "Servern misslyckades",
        "Försök igen, och uppge begärans nummer.",
    ),
    "range": Kind(
        416,
        "The range does not exist",
        "Content-Range says how long the whole is.",
        "Intervallet finns inte",
        "Content-Range säger hur lång helheten är.",
    ),
}


_LONGEST: Final = 2000
"""Characters of a sentence, part of which may be the client's."""
_LONGEST_LINE: Final = 4000
"""Characters of a line of a query that is shown; queries of one line are seldom longer."""


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
        self.detail = detail if len(detail) <= _LONGEST else f"{detail[:_LONGEST]} …"
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

    def words(self, lang: str) -> tuple[str, str]:
        """Return the kind and what to do in the reader's language."""
        return KINDS[self.kind].words(lang)

    def excerpt(self) -> str:
        """Show the offending line of a query with a caret under the column, or nothing."""
        source, column = self.members.get("source"), self.members.get("column")
        if not source or not isinstance(source, str) or not isinstance(column, int):
            return ""
        # A tab before the place is kept, so that the caret is under it.
        pad = "".join("\t" if c == "\t" else " " for c in source[: column - 1])
        return f"{source}\n{pad}^"


def place(query: str, line: int | None, column: int | None) -> dict[str, Any]:
    """Return the members that place an error in a query: line, column and the line itself.

    A line that is very long is left out.

    Args:
        query: the query as sent.
        line: counted from 1.
        column: counted from 1.
    """
    lines = query.split("\n")
    inside = line is not None and 0 < line <= len(lines)
    source = lines[line - 1].rstrip("\r") if inside and line is not None else None
    if source is not None and len(source) > _LONGEST_LINE:
        source = None
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


def on_page(accept: str | None) -> bool:
    """Return whether a client wants a page: only if it likes HTML better than JSON and text.

    Args:
        accept: the ``Accept`` header of the request.
    """
    choice = media.negotiate(accept, (JSON, TEXT, media.HTML))
    return choice is not None and choice.format is media.HTML


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
