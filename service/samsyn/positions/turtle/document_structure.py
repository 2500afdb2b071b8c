"""What stands around the statements of Turtle and TriG: declarations and graphs.

Each state is a method that is given the kind of a token and its offsets; a mark's kind is the mark
itself. A state that completes a triple calls :meth:`Outline.meet` at the very token at which the
parser gives the triple out.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from samsyn.positions.turtle.node import Node

Spotted = tuple[Node, Node, Node]
"""Subject, predicate and object of a triple."""

State = Callable[[str, int, int], None]


class UnexpectedError(Exception):
    """A token stands where the grammar has no place for it."""


class Frame(NamedTuple):
    """A construct that is open.

    Args:
        kind: the mark that opened it.
        opening: what it stands for.
        subject: the subject outside of it, None if it is a subject itself.
        verb: the predicate outside of it.
        object: the object before it, which an annotation is about.
        reifier: the reifier that was named before an annotation.
    """

    kind: str
    opening: Node
    subject: Node | None = None
    verb: Node | None = None
    object: Node | None = None
    reifier: Node | None = None


class Outline:
    """The states of a document, and what all states remember.

    Attributes:
        expect: the state for the next token.
        subject: the subject in force.
        verb: the predicate in force.
        object: the last object.
        frames: the constructs that are open, graphs included.
        pending: the triples that the last token completed.

    Args:
        form: turtle, trig, ntriples or nquads.
    """

    def __init__(self, form: str) -> None:
        self.graphs = form == "trig"
        self.quads = form == "nquads"
        self.expect: State = self.document
        self.subject: Node | None = None
        self.verb: Node | None = None
        self.object: Node | None = None
        self.frames: list[Frame] = []
        self.pending: list[Spotted] = []
        self._dotted = False
        self._prefix: str | None = None

    def word(self, start: int, end: int) -> str:
        """Return what is written between two offsets."""
        raise NotImplementedError

    def declare(self, prefix: str | None, iri: str) -> None:
        """Take in a prefix, or a base IRI if the prefix is None."""
        raise NotImplementedError

    def statement(self, kind: str, start: int, end: int) -> None:
        """Expect the subject of a statement."""
        raise NotImplementedError

    def meet(self, subject: Node | None, verb: Node | None, object_: Node) -> None:
        """Take in a triple that is complete.

        Raises:
            UnexpectedError: it has no subject or no predicate.
        """
        if subject is None or verb is None:
            raise UnexpectedError
        self.pending.append((subject, verb, object_))

    def document(self, kind: str, start: int, end: int) -> None:
        """Expect a statement, a declaration, or the start or the end of a graph."""
        word = self.word(start, end).lower() if kind in {"word", "tag"} else ""
        if kind == "}" and self.frames:
            self.frames.pop()
        elif self.frames:
            self.statement(kind, start, end)
        elif word in {"prefix", "@prefix", "base", "@base"}:
            self._dotted = word[0] == "@"
            self._prefix = None
            self.expect = self._name if word.endswith("prefix") else self._space
        elif self.graphs and word == "graph":
            self.expect = self._label
        elif self.graphs and kind == "{":
            self.open_graph(start, end)
        else:
            self.statement(kind, start, end)

    def open_graph(self, start: int, end: int) -> None:
        """Take in the brace that opens a graph."""
        self.frames.append(Frame("{", Node(start, end)))
        self.expect = self.document

    def dot(self, kind: str, _start: int, _end: int) -> None:
        """Expect the dot after a declaration or a quad."""
        self._require(kind, ".")
        self.expect = self.document

    def _name(self, kind: str, start: int, end: int) -> None:
        self._require(kind, "name")
        self._prefix = self.word(start, end - 1)
        self.expect = self._space

    def _space(self, kind: str, start: int, end: int) -> None:
        self._require(kind, "iri")
        self.declare(self._prefix, self.word(start, end))
        self.expect = self.dot if self._dotted else self.document

    def _label(self, kind: str, _start: int, _end: int) -> None:
        self.expect = self._label_end if kind == "[" else self._brace

    def _label_end(self, kind: str, _start: int, _end: int) -> None:
        self._require(kind, "]")
        self.expect = self._brace

    def _brace(self, kind: str, start: int, end: int) -> None:
        self._require(kind, "{")
        self.open_graph(start, end)

    @staticmethod
    def _require(kind: str, wanted: str) -> None:
        if kind != wanted:
            raise UnexpectedError
