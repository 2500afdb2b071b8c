"""Triples that are spoken of (RDF 1.2): triple terms, reified triples and annotations."""

from __future__ import annotations

from typing import Final

from samsyn import names
from samsyn.positions.turtle.document_structure import Frame, UnexpectedError
from samsyn.positions.turtle.grammar import TERMS, Grammar
from samsyn.positions.turtle.node import FRESH, Node

_REIFIES: Final = names.RDF + "reifies"


class Speaking(Grammar):
    """The states of what speaks of triples."""

    _reifier: Node | None = None

    def new_object(self) -> None:
        """Forget the reifier of the last object."""
        self._reifier = None

    def part(self, kind: str, start: int, end: int) -> None:
        """Expect the subject of a triple in ``<< >>`` or ``<<( )>>``."""
        if kind in TERMS:
            self.subject = Node(start, end)
            self.expect = self.predicate
        elif kind == "[":
            self.subject = Node(start, end, FRESH)
            self.expect = self.part_bracket
        elif kind == "<<":
            self.open(kind, Node(start, end, FRESH), None, self.part)
        else:
            raise UnexpectedError

    def part_bracket(self, kind: str, _start: int, end: int) -> None:
        """Expect the end of the empty brackets of such a subject."""
        if kind != "]" or self.subject is None:
            raise UnexpectedError
        self.subject.end = end
        self.expect = self.predicate

    def part_end(self, kind: str, start: int, end: int) -> None:
        """Expect the end of a triple in ``<< >>`` or ``<<( )>>``, or its reifier."""
        frame = self.frames[-1]
        if frame.kind == "<<(" and kind == ")>>":
            triple = self._triple()
            frame.opening.end, frame.opening.meaning = end, triple.meaning
            self.close()
        elif frame.kind == "<<" and kind == "~":
            self.expect = self._part_reifier
        elif frame.kind == "<<" and kind == ">>":
            self._reify(frame.opening, start, end)
            self.close()
        else:
            raise UnexpectedError

    def _part_reifier(self, kind: str, start: int, end: int) -> None:
        if kind not in TERMS:
            self.part_end(kind, start, end)
            return
        reifier = Node(start, end)
        self._reify(reifier, start, end)
        self.frames[-1] = self.frames[-1]._replace(opening=reifier)
        self.expect = self._part_close

    def _part_close(self, kind: str, _start: int, _end: int) -> None:
        if kind != ">>":
            raise UnexpectedError
        self.close()

    def annotation(self, kind: str, start: int, end: int) -> None:
        """Take in ``~`` or ``{|``, the start of an annotation."""
        if kind == "~":
            self.expect = self._reifier_name
            return
        reifier = self._reifier or Node(start, end, FRESH)
        if self._reifier is None:
            self._reify(reifier, start, end)
        # The parser lets all blocks after a ~ be about the reifier that it names.
        frame = Frame(kind, reifier, self.subject, self.verb, self.object, self._reifier)
        self.frames.append(frame)
        self.subject = reifier
        self.expect = self.predicate

    def _reifier_name(self, kind: str, start: int, end: int) -> None:
        named = kind in TERMS
        self._reifier = Node(start, end, None if named else FRESH)
        self._reify(self._reifier, start, end)
        self.expect = self.after_object
        if not named:
            self.expect(kind, start, end)

    def close(self) -> None:
        """Close the construct that was opened last."""
        frame = self.frames[-1]
        if frame.kind != "{|":
            super().close()
            return
        self.frames.pop()
        self.subject, self.verb, self.object = frame.subject, frame.verb, frame.object
        self._reifier = frame.reifier
        self.expect = self.after_object

    def _reify(self, reifier: Node, start: int, end: int) -> None:
        self.meet(reifier, Node(start, end, _REIFIES), self._triple())

    def _triple(self) -> Node:
        subject, verb, object_ = self.subject, self.verb, self.object
        if subject is None or verb is None or object_ is None:
            raise UnexpectedError
        return Node(-1, -1, (subject, verb, object_))
