"""From a place inside the text of a literal to the place in the file that writes it."""

from __future__ import annotations

import re
from typing import Final

from samsyn.validation.finding import Region

_QUOTES: Final = re.compile(r"\"{3}|'{3}|\"|'")
_UNIT: Final = re.compile(r"\\u[0-9A-Fa-f]{4}|\\U[0-9A-Fa-f]{8}|\\.|\r\n|.", re.DOTALL)
_ESCAPES: Final = {r"\n": "\n", r"\r": "\r"}


def place_within(document: str, token: Region, within: tuple[int, int]) -> Region:
    """Return where a character of a literal stands in a document in Turtle or its like.

    Args:
        document: the document.
        token: where the literal is written, with its quotation marks.
        within: line and column of the character in the text of the literal, from 1.

    Returns:
        The place of the character; that of the literal where it has no such character.
    """
    lines = re.split(r"(?<=\n)|(?<=\r)(?!\n)", document)
    before = sum(map(len, lines[: token.line - 1])) + token.column - 1
    quotes = _QUOTES.match(document, before)
    if quotes is None:
        return token
    at, line, column = quotes.end(), token.line, token.column + len(quotes[0])
    inner = (1, 1)
    while inner < within and not document.startswith(quotes[0], at):
        unit = _UNIT.match(document, at)
        if unit is None:
            return token
        inner = _after(inner, _ESCAPES.get(unit[0], unit[0]))
        line, column = _after((line, column), unit[0], len(unit[0]))
        at = unit.end()
    return Region(line, column, line, column + 1)


def _after(place: tuple[int, int], character: str, width: int = 1) -> tuple[int, int]:
    line, column = place
    return (line + 1, 1) if character in ("\n", "\r\n") else (line, column + width)
