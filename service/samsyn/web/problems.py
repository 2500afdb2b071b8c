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
        "Look at the line and column given.",
        "Frågan kan inte tolkas",
        "Se efter på den rad och kolumn som anges.",
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
        "A parameter has an unfit value",
        "The detail says what fits.",
        "En parameter har ett olämpligt värde",
        "Beskrivningen säger vad som passar.",
    ),
    "forbidden": Kind(
        403,
        "This server never does that",
        "Leave out SERVICE and LOAD; ask elsewhere.",
        "Det gör servern aldrig",
        "Utelämna SERVICE och LOAD; fråga någon annanstans.",
    ),
    "not-found": Kind(
        404,
        "There is nothing here",
        "Start from / or query the graph.",
        "Här finns ingenting",
        "Börja på / eller ställ en fråga till grafen.",
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
        "Writing needs the token",
        "Send Authorization: Bearer and the operator's token.",
        "Att skriva kräver nyckeln",
        "Skicka Authorization: Bearer och operatörens nyckel.",
    ),
    "conflict": Kind(
        409,
        "The change contradicts what holds",
        "Nothing was changed; correct what is named.",
        "Ändringen motsäger det som gäller",
        "Ingenting ändrades; rätta det som nämns.",
    ),
    "precondition-failed": Kind(
        412,
        "The graph is not as the condition says",
        "Read it again, then decide anew.",
        "Grafen är inte som villkoret säger",
        "Läs den igen och bestäm dig på nytt.",
    ),
    "over-quota": Kind(
        429,
        "Too much of your own is under way",
        "Wait for it, or as Retry-After says.",
        "För mycket av ditt eget pågår",
        "Vänta på det, eller så länge som Retry-After säger.",
    ),
    "query-limit": Kind(
        503,
        "The query went over a limit",
        "Ask for less: add LIMIT or constants, or ask in parts. The same query will fail again.",
        "Frågan gick över en gräns",
        "Fråga om mindre: med LIMIT, med konstanter eller i delar. Samma fråga misslyckas igen.",
    ),
    "busy": Kind(
        503,
        "The server has no place now",
        "Try again as Retry-After says.",
        "Servern har ingen plats nu",
        "Försök igen när Retry-After säger.",
    ),
    "not-ready": Kind(
        503,
        "The data is being loaded",
        "Try again as Retry-After says.",
        "Data läses in",
        "Försök igen när Retry-After säger.",
    ),
    "lost": Kind(
        503,
        "The process that worked on it was lost",
        "Try again; after a write, read first.",
        "Processen som arbetade med det gick förlorad",
        "Försök igen; efter en skrivning, läs först.",
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
        "There is no such part",
        "Content-Range says how long the whole is.",
        "Den delen finns inte",
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
        # A tab before the place is kept, so that the caret stands under it.
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
    """Tell whether a client wants a page: only if it likes HTML better than JSON and text.

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
