"""A window that slides over a text, and the lines and columns in it."""

from __future__ import annotations

import re
from bisect import bisect_right
from codecs import getincrementaldecoder
from io import BytesIO
from typing import BinaryIO, Final

from samsyn.positions.text import Region

CHUNK: Final = 1 << 18
"""How many bytes are read at a time."""

_MARGIN: Final = 256
_BREAK: Final = re.compile(r"\r\n|\r|\n")


class Window:
    """The part of a text that is in memory.

    Attributes:
        text: the part itself.
        ended: whether nothing follows it.
        safe: the offset before which a token must end to be sure that it is whole.

    Args:
        source: the text as bytes, or a file of bytes. A byte order mark is no part of the text.
    """

    def __init__(self, source: bytes | BinaryIO) -> None:
        self._file = BytesIO(source) if isinstance(source, bytes) else source
        self._decoder = getincrementaldecoder("utf-8-sig")("replace")
        self.text = ""
        self.ended = False
        self.safe = 0
        self._line, self._column = 1, 1
        self._starts: list[int] | None = None
        self.slide(0)

    def slide(self, start: int) -> None:
        """Let go of what is before an offset, and read on.

        The part at least doubles if nothing is let go, so that a long token is read in good time.
        """
        self._line, self._column = self._point(start)
        kept = self.text[start:]
        read = self._file.read(max(CHUNK, len(kept)))
        self.ended = not read
        self.text = kept + self._decoder.decode(read, final=not read)
        self.safe = len(self.text) if self.ended else len(self.text) - _MARGIN
        self._starts = None

    def region(self, start: int, end: int) -> Region:
        """Return the lines and columns of a stretch, given by its offsets in the part."""
        return Region(*self._point(start), *self._point(end))

    def _point(self, offset: int) -> tuple[int, int]:
        # Few parts hold anything that is asked for: the lines of the others are not counted apart.
        if self._starts is None:
            self._starts = [match.end() for match in _BREAK.finditer(self.text)]
        before = bisect_right(self._starts, offset)
        if not before:
            return self._line, self._column + offset
        return self._line + before, offset - self._starts[before - 1] + 1
