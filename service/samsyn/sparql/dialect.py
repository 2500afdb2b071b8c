"""Texts as the engine is given them, so that its answers are those of the Recommendation."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from samsyn.errors import QueryError
from samsyn.sparql import error_texts, keywords
from samsyn.sparql.functions import OURS, Aggregates, aggregates
from samsyn.sparql.grammar.rewriting import FUNCTIONS, Unwritable, concerns, ordered, rewrite

_LONG: Final = 10_000
_NONE: Final[Mapping[str, tuple[bool, str]]] = {}


@dataclass(frozen=True)
class Written:
    """A text for the engine, and what it calls.

    Args:
        text: the text.
        functions: functions that it calls, by name.
        aggregates: aggregates that it calls, by name; None for none.
    """

    text: str
    functions: Mapping[Any, Any]
    aggregates: Aggregates | None


def written(kind: str, text: str) -> Written:
    """Write a text for the engine.

    Args:
        kind: what it is, ``query`` or ``update``.
        text: the text.

    Raises:
        QueryError: it breaks the grammar, or cannot be written so.
    """
    return _kept(kind, text) if len(text) <= _LONG else _write(kind, text)


# A worker is asked few queries again and again.
@lru_cache(maxsize=64)
def _kept(kind: str, text: str) -> Written:
    return _write(kind, text)


def _write(kind: str, text: str) -> Written:
    if not concerns(text):
        return _calling(ordered(text))
    whole = error_texts.read(kind, text)
    try:
        with error_texts.deep():
            found = rewrite(text, whole)
    except RecursionError as error:
        raise error_texts.too_deep(kind) from error
    except Unwritable as error:
        line, column = keywords.place(text, error.start)
        raise QueryError(
            f"The {kind} cannot be run: {error}",
            line=line,
            column=column,
            advice="Name the nodes that blank nodes stand for by variables.",
        ) from error
    if found.text == text:
        return Written(text, {}, None)
    return _calling(found.text, found.concatenations)


def _calling(text: str, concatenations: Mapping[str, tuple[bool, str]] = _NONE) -> Written:
    called = {}
    if FUNCTIONS in text:
        called = {name: function for name, function in OURS.items() if name.value in text}
    return Written(text, called, aggregates(concatenations) or None)
