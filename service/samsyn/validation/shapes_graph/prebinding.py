"""What a query must not do whose variables get their values beforehand (SHACL, appendix A).

A text that can be parsed is read token by token. Whether ``<`` opens an IRI or compares two values
cannot be reported so; a comparison that is taken for an IRI hides variables at most.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence, Set
from typing import Final, NamedTuple

OPTIONAL: Final = frozenset({"shapesGraph", "currentShape"})
"""Variables that a subquery need not return."""

_TOKEN: Final = re.compile(
    r"""
      (?P<opaque> \#[^\r\n]* | <[^<>"{}|^`\\\x00-\x20]*>
        | \"{3}(?:[^\\]|\\.)*?\"{3} | '{3}(?:[^\\]|\\.)*?'{3}
        | "(?:[^"\\\r\n]|\\.)*" | '(?:[^'\\\r\n]|\\.)*' )
    | [?$](?P<variable> \w+ )
    | (?P<name> [\w.-]*:[\w.%:-]* )
    | (?P<word> [A-Za-z_]\w* )
    | (?P<mark> [{}()*] )
    """,
    re.VERBOSE | re.DOTALL,
)
_FORBIDDEN: Final = frozenset({"MINUS", "VALUES"})
_DATASET: Final = "FROM"


class Token(NamedTuple):
    """A token of a query.

    Args:
        kind: ``variable``, ``name``, ``word`` or ``mark``.
        text: a variable without its mark; a word in capitals; else as it is written.
        start: offset of its first character.
    """

    kind: str
    text: str
    start: int


class Breach(NamedTuple):
    """A breach of the rules.

    Args:
        start: offset of where it is.
        swedish: what is wrong.
        english: the same.
    """

    start: int
    swedish: str
    english: str


def tokens(query: str) -> list[Token]:
    """Return the tokens of a query, without its IRIs, strings and comments."""
    found = ((match, match.lastgroup or "") for match in _TOKEN.finditer(query))
    return [
        Token(kind, match[kind].upper() if kind == "word" else match[kind], match.start())
        for match, kind in found
        if kind != "opaque"
    ]


def form(read: Sequence[Token]) -> str:
    """Return the form of a query: SELECT, ASK, CONSTRUCT or DESCRIBE; empty if it has none."""
    forms = ("SELECT", "ASK", "CONSTRUCT", "DESCRIBE")
    return next((each.text for each in read if each.kind == "word" and each.text in forms), "")


def returns(read: Sequence[Token], variable: str) -> bool:
    """Return whether a SELECT query returns a variable."""
    start = next((n for n, each in enumerate(read) if each.text == "SELECT"), None)
    return start is not None and variable in _returned(read, start)


def breaches(read: Sequence[Token], bound: Set[str]) -> Iterator[Breach]:
    """Yield what a query must not do.

    Args:
        read: its tokens.
        bound: the variables that may have values beforehand; empty if none may.
    """
    depth = 0
    for number, each in enumerate(read):
        depth += (each.text == "{") - (each.text == "}")
        if each.kind != "word":
            continue
        if each.text == _DATASET:
            yield Breach(
                each.start,
                "FROM ser på en annan graf än den som prövas.",
                "FROM looks at another graph than the one that is checked.",
            )
        elif bound and each.text in _FORBIDDEN:
            yield Breach(
                each.start,
                f"{each.text} får inte stå i en fråga vars variabler är givna på förhand.",
                f"{each.text} must not be in a query whose variables are pre-bound.",
            )
        elif bound and each.text == "AS":
            yield from _bound_again(read, number, bound)
        elif bound and each.text == "SELECT" and depth:
            yield from _left_out(read, number, bound)


def _bound_again(read: Sequence[Token], number: int, bound: Set[str]) -> Iterator[Breach]:
    after = read[number + 1] if number + 1 < len(read) else None
    if after and after.kind == "variable" and after.text in bound:
        yield Breach(
            after.start,
            f"${after.text} är given på förhand och får inte bindas med AS.",
            f"${after.text} is pre-bound and must not be bound by AS.",
        )


def _left_out(read: Sequence[Token], number: int, bound: Set[str]) -> Iterator[Breach]:
    for variable in sorted(bound - OPTIONAL - _returned(read, number)):
        yield Breach(
            read[number].start,
            f"Underfrågan ger inte ${variable}, som är given på förhand.",
            f"The subquery does not return ${variable}, which is pre-bound.",
        )


def _returned(read: Sequence[Token], select: int) -> set[str]:
    found: set[str] = set()
    depth, before = 0, ""
    for number in range(select + 1, len(read)):
        kind, text, _ = read[number]
        if text in ("{", "WHERE", _DATASET):
            break
        depth += (text == "(") - (text == ")")
        if kind == "variable" and (depth == 0 or before == "AS"):
            found.add(text)
        elif text == "*" and depth == 0:
            return found | _inside(read, number)
        before = text
    return found


def _inside(read: Sequence[Token], start: int) -> set[str]:
    # What SELECT * returns is visible in the braces that follow.
    found: set[str] = set()
    depth = 0
    for kind, text, _ in read[start:]:
        depth += (text == "{") - (text == "}")
        if text == "}" and depth == 0:
            break
        if kind == "variable":
            found.add(text)
    return found
