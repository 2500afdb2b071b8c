"""A token, or a stretch of them, that stands for a term."""

from __future__ import annotations

from typing import Final

from samsyn.positions.text import Region
from samsyn.positions.window import Window

FRESH: Final = "[]"
"""What a token means that stands for a blank node of its own."""


class Node:
    """A token, or a stretch of them, that stands for a term.

    Args:
        start: offset of its first character in the window, -1 if nothing is written for it alone.
        end: offset of the place after its last character.
        meaning: what it stands for if its text does not say so: an IRI, ``FRESH``, or the three
            parts of a triple term; else None.
    """

    __slots__ = ("_region", "_text", "end", "meaning", "start")

    def __init__(
        self, start: int, end: int, meaning: str | tuple[Node, Node, Node] | None = None
    ) -> None:
        self.start = start
        self.end = end
        self.meaning = meaning
        self._text: str | None = None
        self._region: Region | None = None

    @property
    def pinned(self) -> bool:
        """Whether it needs the window no more."""
        return self._region is not None

    def shift(self, by: int) -> None:
        """Follow the window, which slides by some characters and keeps this token."""
        self.start -= by
        self.end -= by

    def pin(self, window: Window) -> None:
        """Take text and region from the window, which is about to slide."""
        if self._region is None:
            self._region = self.region(window)
            self._text = window.text[self.start : self.end]

    def text(self, window: Window) -> str:
        """Return what is written."""
        return window.text[self.start : self.end] if self._text is None else self._text

    def region(self, window: Window) -> Region:
        """Return where it stands."""
        if self._region is not None:
            return self._region
        if self.start < 0 and isinstance(self.meaning, tuple):
            # Its subject may have left the window already.
            first, _, last = (part.region(window) for part in self.meaning)
            return Region(first.line, first.column, last.end_line, last.end_column)
        return window.region(self.start, self.end)
