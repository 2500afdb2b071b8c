"""What is left of a text from an offset on, for a parser that reads in pieces."""

from __future__ import annotations

import io
from typing import Final

_PIECE: Final = 1 << 16


class Rest(io.RawIOBase):
    """A file of bytes: a line of your own, and then a text from an offset on.

    Nothing is copied but what is read, so many faults in a long text cost no more than they must.

    Args:
        head: the line that comes first, without its end.
        text: the text.
        position: the offset at which its rest begins.
        column: the column of that offset; as many places are left free before it.
    """

    def __init__(self, head: str, text: str, position: int, column: int) -> None:
        super().__init__()
        self._left = f"{head}\n{' ' * (column - 1)}".encode()
        self._text = text
        self._position = position

    def readable(self) -> bool:
        """Tell that it can be read."""
        return True

    def read(self, size: int = -1) -> bytes:
        """Return the next bytes, at most so many; none at the end."""
        if not self._left:
            piece = self._text[self._position : self._position + _PIECE]
            self._position += len(piece)
            self._left = piece.encode("utf-8", "surrogateescape")
        wanted = len(self._left) if size < 0 else size
        read, self._left = self._left[:wanted], self._left[wanted:]
        return read
