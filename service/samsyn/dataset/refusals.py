"""What a client is told whose query or update is refused, in our words."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from samsyn.dataset import scan
from samsyn.dataset.sparql import grammar, tokens
from samsyn.dataset.sparql.mistakes import explain
from samsyn.errors import ForbiddenError, QueryError

_PLACE: Final = re.compile(r"error at (\d+):(\d+): (.*)", re.DOTALL)
_FEW: Final = 6
_SENTENCE: Final = re.compile(r"(?<![{\w])[A-Za-z]\w+(?: \w+)+(?=,|\Z)")
_SYMBOL: Final = re.compile(r'"(?:[^"\\]|\\.)+"|(?<![{\w])[A-Z]{2,}(?!\w)')


def refuse_service(keywords: scan.Keywords) -> None:
    """Refuse a text that calls another endpoint.

    Raises:
        ForbiddenError: it asks for SERVICE.
    """
    if keywords.service is not None:
        line, column = keywords.service
        raise ForbiddenError(
            "SERVICE is refused: no query reaches another endpoint from here.",
            line=line,
            column=column,
            advice="Federate in your client instead: docs/clients.md shows how with Comunica.",
        )


def unparsed(
    kind: str,
    error: SyntaxError,
    text: str,
    known: Mapping[str, str],
    advised: Mapping[str, str],
) -> QueryError:
    """Return the error for a text that cannot be parsed.

    Args:
        kind: what the text is, ``query`` or ``update``.
        error: the engine's complaint about this very text.
        text: the text.
        known: prefixes that need no declaration.
        advised: prefixes whose IRIs are named to those who use them undeclared.
    """
    fault = _fault(kind, text, known)
    place: tuple[int | None, int | None]
    if fault is not None:
        reason, advice = explain(text, fault)
        place = scan.place(text, fault.found.start)
    else:
        found = _PLACE.search(str(error))
        reason, advice = f"{_reason(found[3] if found else str(error))}.", None
        place = _beginning(text, int(found[1]), int(found[2])) if found else (None, None)
    missing = [prefix for prefix in scan.undeclared(text) if prefix not in known]
    if missing and (fault is None or (fault.missing_prefix and advice is None)):
        lines = (f"PREFIX {p}: <{advised.get(p, '…')}>" for p in missing)
        advice = f"Declare what it uses: {' '.join(lines)}"
    return QueryError(
        f"The {kind} cannot be parsed: {reason}", line=place[0], column=place[1], advice=advice
    )


def _beginning(text: str, line: int, column: int) -> tuple[int, int]:
    """Return where the word begins that the engine had read when it gave up."""
    lines = text.split("\n")[: line - 1]
    offset = sum(map(len, lines)) + len(lines) + column - 1
    here = tokens.token(text, 0)
    while here.end < offset and here.kind != tokens.END:
        here = tokens.token(text, here.end)
    return scan.place(text, min(here.start, offset))


def _fault(kind: str, text: str, known: Mapping[str, str]) -> grammar.Fault | None:
    try:
        (grammar.query if kind == "query" else grammar.update)(text, known)
    except grammar.Fault as fault:
        return fault
    except RecursionError:
        # So deep that only the engine can say where it gave up.
        return None
    return None


def _reason(message: str) -> str:
    # The engine lists all that its grammar could take. Character classes tell a reader nothing,
    # and where there is a whole sentence among them, that is the true reason.
    items = message.removeprefix("expected ").removeprefix("one of ")
    sentence = _SENTENCE.search(items)
    if sentence:
        words = sentence[0]
        return words if words[1].isupper() else words[0].lower() + words[1:]
    symbols = list(dict.fromkeys(_SYMBOL.findall(items)))
    if not 0 < len(symbols) <= _FEW:
        return "something is missing here, or was not expected"
    return f"expected {' or '.join(symbols)}"
