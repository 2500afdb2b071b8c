"""Offsets of a text as lines and columns, counted from 1, columns in code points; and back."""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import Final

from samsyn.positions.text import Region

_BREAK: Final = re.compile(r"\r\n|\r|\n")


class Lines:
    """The lines of a text; one ends with a line feed, a carriage return, or both.

    Args:
        text: the text, without a byte order mark.
    """

    def __init__(self, text: str) -> None:
        self._text = text
        self._starts = [0, *(match.end() for match in _BREAK.finditer(text))]

    def offset(self, line: int, column: int) -> int:
        """Return the offset of a place, or the nearest that there is."""
        if not 1 <= line <= len(self._starts):
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
        r"""Return the lines and columns of a stretch that is given by its offsets.

        >>> Lines("ab\ncd").region(1, 4)
        Region(line=1, column=2, end_line=2, end_column=2)
        """
        return Region(*self.point(start), *self.point(end))

    def stretch(self, region: Region) -> tuple[int, int] | None:
        r"""Return the offsets of a region, None if it is not in the text.

        >>> Lines("ab\ncd").stretch(Region(1, 2, 2, 2)), Lines("ab").stretch(Region(1, 9, 1, 9))
        ((1, 4), None)
        """
        ends = (region.line, region.column), (region.end_line, region.end_column)
        start, end = (self.offset(*end) for end in ends)
        is_whole = (self.point(start), self.point(end)) == ends
        return (start, end) if is_whole and start <= end else None

    def line(self, offset: int) -> str:
        """Return the line of an offset without its end."""
        number = bisect_right(self._starts, offset)
        end = self._starts[number] if number < len(self._starts) else len(self._text)
        return self._text[self._starts[number - 1] : end].rstrip("\r\n")
