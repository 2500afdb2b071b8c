"""What a client is told whose query or update is refused, in our words."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Final

from samsyn.errors import QueryError
from samsyn.sparql import keywords
from samsyn.sparql.grammar import queries, tokens
from samsyn.sparql.grammar.mistakes import explain
from samsyn.sparql.grammar.tree import Part

_PLACE: Final = re.compile(r"error at (\d+):(\d+): (.*)", re.DOTALL)
_FEW: Final = 6
_DEEPEST: Final = 10_000
_GRAMMARS: Final = {"query": queries.query, "update": queries.update}
_SENTENCE: Final = re.compile(r"(?<![{\w])[A-Za-z]\w+(?: \w+)+(?=,|\Z)")
_SYMBOL: Final = re.compile(r'"(?:[^"\\]|\\.)+"|(?<![{\w])[A-Z]{2,}(?!\w)')


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
    declare = _declarations(text, known, advised)
    try:
        with deep():
            _GRAMMARS[kind](text, known)
    except queries.Fault as fault:
        return _broken(kind, text, fault, declare)
    except RecursionError:
        pass  # So deep that only the engine can say where it gave up.
    found = _PLACE.search(str(error))
    reason = f"{_reason(found[3] if found else str(error))}."
    place = _beginning(text, int(found[1]), int(found[2])) if found else (None, None)
    return _unparsed(kind, reason, place, declare)


def read(kind: str, text: str) -> Part:
    """Read a text by the grammar, which is more exact than the engine in a few places.

    Args:
        kind: what the text is, ``query`` or ``update``.
        text: the text; its prefixes are left to the engine.

    Raises:
        QueryError: it breaks the grammar, or is nested too deeply to be read.
    """
    try:
        with deep():
            return _GRAMMARS[kind](text)
    except queries.Fault as fault:
        raise _broken(kind, text, fault, None) from fault
    except RecursionError as error:
        raise too_deep(kind) from error


def too_deep(kind: str) -> QueryError:
    """Return the error for a text that is nested too deeply to be read."""
    return QueryError(
        f"The {kind} is nested too deeply.", advice="Leave out brackets, or split it."
    )


@contextmanager
def deep() -> Iterator[None]:
    """Let functions call each other more deeply, as brackets in brackets need it."""
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(max(before, _DEEPEST))
    try:
        yield
    finally:
        sys.setrecursionlimit(before)


def _broken(kind: str, text: str, fault: queries.Fault, declare: str | None) -> QueryError:
    reason, advice = explain(text, fault)
    if fault.missing_prefix:
        advice = advice or declare
    return _unparsed(kind, reason, keywords.place(text, fault.found.start), advice)


def _unparsed(
    kind: str, reason: str, place: tuple[int | None, int | None], advice: str | None
) -> QueryError:
    line, column = place
    message = f"The {kind} cannot be parsed: {reason}"
    return QueryError(message, line=line, column=column, advice=advice)


def _declarations(text: str, known: Mapping[str, str], advised: Mapping[str, str]) -> str | None:
    missing = [prefix for prefix in keywords.undeclared(text) if prefix not in known]
    lines = " ".join(f"PREFIX {prefix}: <{advised.get(prefix, '…')}>" for prefix in missing)
    return f"Declare what it uses: {lines}" if missing else None


def _beginning(text: str, line: int, column: int) -> tuple[int, int]:
    """Return where the word begins that the engine had read when it gave up."""
    lines = text.split("\n")[: line - 1]
    offset = sum(map(len, lines)) + len(lines) + column - 1
    here = tokens.token(text, 0)
    while here.end < offset and here.kind != tokens.END:
        here = tokens.token(text, here.end)
    return keywords.place(text, min(here.start, offset))


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
