"""Lines and columns of a text, counted from 1, columns in code points."""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import Final

from samsyn.validation.finding import Region

_BREAK: Final = re.compile(r"\r\n|\r|\n")


class Lines:
    """Where the lines of a text begin.

    Args:
        text: the text, without a byte order mark.
    """

    def __init__(self, text: str) -> None:
        self._starts = [0, *(match.end() for match in _BREAK.finditer(text)), len(text) + 1]

    def region(self, start: int, end: int) -> Region:
        r"""Return the lines and columns of a stretch that is given by its offsets.

        >>> Lines("ab\ncd").region(1, 4)
        Region(line=1, column=2, end_line=2, end_column=2)
        """
        return Region(*self._point(start), *self._point(end))

    def stretch(self, region: Region) -> tuple[int, int] | None:
        r"""Return the offsets of a region, None if it is not in the text.

        >>> Lines("ab\ncd").stretch(Region(1, 2, 2, 2)), Lines("ab").stretch(Region(1, 9, 1, 9))
        ((1, 4), None)
        """
        start = self._offset(region.line, region.column)
        end = self._offset(region.end_line, region.end_column)
        return None if start is None or end is None or end < start else (start, end)

    def _point(self, offset: int) -> tuple[int, int]:
        line = bisect_right(self._starts, offset)
        return line, offset - self._starts[line - 1] + 1

    def _offset(self, line: int, column: int) -> int | None:
        if not 1 <= line < len(self._starts) or column < 1:
            return None
        offset = self._starts[line - 1] + column - 1
        return offset if offset < self._starts[line] else None
