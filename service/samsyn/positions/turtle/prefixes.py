"""The prefixes and the base IRI that are in force at a place, and the terms that they give."""

from __future__ import annotations

from typing import Final

from samsyn.dataset.exact import NamedNode, Term, Triple, parse
from samsyn.errors import SourceError

_KEPT: Final = 4096


class Prefixes:
    """What turns what is written into terms; the parser itself does the turning.

    Args:
        base: the base IRI that the document is read with.
    """

    def __init__(self, base: str | None = None) -> None:
        self._base = base
        self._spaces: dict[str, str] = {}
        self._known: dict[str, Term | None] = {}

    def declare(self, prefix: str, written: str) -> None:
        """Take in a declaration.

        Args:
            prefix: the prefix without its colon.
            written: the IRI in its angle brackets, as it is in the document.
        """
        space = self.term(written)
        self._spaces[prefix] = f"<{space.value}>" if isinstance(space, NamedNode) else written
        self._known.clear()

    def rebase(self, written: str) -> None:
        """Take in a new base IRI, in its angle brackets."""
        base = self.term(written)
        self._base = base.value if isinstance(base, NamedNode) else self._base
        self._known.clear()

    def term(self, written: str) -> Term | None:
        """Return the IRI or literal that is written, None if it is neither."""
        if written not in self._known:
            if len(self._known) > _KEPT:
                self._known.clear()
            self._known[written] = self._read(written)
        return self._known[written]

    def _read(self, written: str) -> Term | None:
        line = f"{self._declaration(written)}<urn:x> <urn:x> {written} ."
        try:
            [quad] = parse(line.encode(), "turtle", base=self._base, path=written)
        except (SourceError, ValueError):
            return None
        return None if isinstance(quad.object, Triple) else quad.object

    def _declaration(self, written: str) -> str:
        # Only the one that is needed: a table of hundreds would be read for each term.
        name = written.rpartition("^^")[2].strip() if written[0] in "\"'" else written
        prefix, colon, _ = name.partition(":")
        space = self._spaces.get(prefix)
        return f"PREFIX {prefix}: {space} " if colon and space else ""
