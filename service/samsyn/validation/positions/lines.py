"""Offsets of a whole text as lines and columns, and back."""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import Final

from samsyn.validation.finding import Region

_BREAK: Final = re.compile(r"\r\n|\r|\n")


class Lines:
    """The lines of a text; one ends with a line feed, a carriage return, or both.

    Args:
        text: the text.
    """

    def __init__(self, text: str) -> None:
        self._text = text
        self._starts = [0, *(match.end() for match in _BREAK.finditer(text))]

    def offset(self, line: int, column: int) -> int:
        """Return the offset of a place, or the nearest that there is."""
        if line > len(self._starts):
            return len(self._text)
        # A column beyond its line stays on it.
        last = self._starts[line] - 1 if line < len(self._starts) else len(self._text)
        return min(self._starts[line - 1] + column - 1, last)

    def point(self, offset: int) -> tuple[int, int]:
        """Return line and column of an offset."""
        line = bisect_right(self._starts, offset)
        return line, offset - self._starts[line - 1] + 1

    def start(self, offset: int) -> int:
        """Return the offset at which the line of an offset begins."""
        return self._starts[bisect_right(self._starts, offset) - 1]

    def region(self, start: int, end: int) -> Region:
        """Return the lines and columns of a stretch."""
        return Region(*self.point(start), *self.point(end))

    def line(self, offset: int) -> str:
        """Return the line of an offset without its end."""
        number = bisect_right(self._starts, offset)
        end = self._starts[number] if number < len(self._starts) else len(self._text)
        return self._text[self._starts[number - 1] : end].rstrip("\r\n")
