"""From a place inside the text of a literal to the place in the file that writes it."""

from __future__ import annotations

import re
from typing import Final

from samsyn.positions.text import Region

_QUOTES: Final = re.compile(r"\"{3}|'{3}|\"|'")
_UNIT: Final = re.compile(r"\\u[0-9A-Fa-f]{4}|\\U[0-9A-Fa-f]{8}|\\.|\r\n|.", re.DOTALL)
_BREAKS: Final = frozenset({"\n", "\r\n", "\r"})


def place_within(document: str, token: Region, within: tuple[int, int]) -> Region:
    """Return where a character of a literal is in a document in Turtle or its like.

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
        line, column = _after((line, column), unit[0] in _BREAKS, len(unit[0]))
        # In the text of the literal only a line feed begins a line.
        inner = _after(inner, _meant(unit[0]).endswith("\n"))
        at = unit.end()
    return Region(line, column, line, column + 1)


def _after(place: tuple[int, int], is_break: bool, width: int = 1) -> tuple[int, int]:  # noqa: FBT001  it is what it is about
    line, column = place
    return (line + 1, 1) if is_break else (line, column + width)


def _meant(unit: str) -> str:
    if unit.startswith(("\\u", "\\U")):
        return chr(int(unit[2:], 16))
    return "\n" if unit == "\\n" else unit
