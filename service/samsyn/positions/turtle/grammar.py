"""The statements of Turtle: subjects, predicates, objects, and what nests in them."""

from __future__ import annotations

from typing import Final

from samsyn import names
from samsyn.positions.turtle.document_structure import Frame, Outline, State, UnexpectedError
from samsyn.positions.turtle.node import FRESH, Node

_FIRST: Final = names.RDF + "first"
_REST: Final = names.RDF + "rest"
_NIL: Final = names.RDF + "nil"
TERMS: Final = frozenset({"iri", "name", "blank"})
_GRAPHS: Final = frozenset({"iri", "blank"})
_OPENED: Final = {".": "", "]": "[", "|}": "{|"}


class Grammar(Outline):
    """The states of a statement."""

    def statement(self, kind: str, start: int, end: int) -> None:
        """Expect the subject of a statement."""
        if kind in TERMS:
            self.subject = Node(start, end)
            self.expect = self._verb_or_graph
        elif kind == "[":
            self.subject = Node(start, end, FRESH)
            self.expect = self.in_brackets
        elif kind == "(":
            self.open(kind, Node(start, end, FRESH), None, self.items)
        elif kind == "<<":
            self.open(kind, Node(start, end, FRESH), None, self.part)
        else:
            raise UnexpectedError

    def part(self, kind: str, start: int, end: int) -> None:
        """Expect the subject of a triple in ``<< >>`` or ``<<( )>>``."""
        raise NotImplementedError

    def part_end(self, kind: str, start: int, end: int) -> None:
        """Expect what may follow the object of such a triple."""
        raise NotImplementedError

    def annotation(self, kind: str, start: int, end: int) -> None:
        """Take in ``~`` or ``{|``, the start of an annotation."""
        raise NotImplementedError

    def new_object(self) -> None:
        """Forget what only concerned the last object."""

    def _verb_or_graph(self, kind: str, start: int, end: int) -> None:
        if kind == "{" and self.graphs and not self.frames:
            self.open_graph(start, end)
        else:
            self.predicate(kind, start, end)

    def in_brackets(self, kind: str, start: int, end: int) -> None:
        """Expect what may follow the bracket of a subject."""
        subject = self.subject or Node(start, end, FRESH)
        if kind == "]":
            subject.end = end
            self.expect = self._verb_or_graph
        else:
            self.open("[", subject, None, self.predicate)
            self.predicate(kind, start, end)

    def after_subject(self, kind: str, start: int, end: int) -> None:
        """Expect a predicate, or the end where the subject has said something itself."""
        if kind in {".", "}"}:
            self._end(kind)
        else:
            self.predicate(kind, start, end)

    def predicate(self, kind: str, start: int, end: int) -> None:
        """Expect a predicate."""
        if kind in {"iri", "name"}:
            self.verb = Node(start, end)
        elif kind == "word" and self.word(start, end) == "a":
            self.verb = Node(start, end, names.RDF_TYPE)
        else:
            raise UnexpectedError
        self.expect = self.value

    def value(self, kind: str, start: int, end: int) -> None:
        """Expect an object."""
        if kind in TERMS or kind in {"number", "word"}:
            self.take(Node(start, end))
        elif kind == "string":
            self.object = Node(start, end)
            self.expect = self.suffix
        elif kind in {"[", "(", "<<", "<<("}:
            inside = {"[": self.properties, "(": self.items}.get(kind, self.part)
            self.open(kind, Node(start, end, FRESH), self.subject, inside)
        else:
            raise UnexpectedError

    def suffix(self, kind: str, start: int, end: int) -> None:
        """Expect what may follow a string."""
        if kind == "^^":
            self.expect = self.datatype
        elif kind == "tag":
            self.datatype(kind, start, end)
        elif self.object is not None:
            self.take(self.object)
            self.expect(kind, start, end)

    def datatype(self, _kind: str, _start: int, end: int) -> None:
        """Expect a datatype."""
        if self.object is not None:
            self.object.end = end
            self.take(self.object)

    def take(self, node: Node) -> None:
        """Take in an object that is complete."""
        if self.frames and self.frames[-1].kind in {"<<", "<<("}:
            self.object = node  # it is only spoken of
            self.expect = self.part_end
        else:
            self.meet(self.subject, self.verb, node)
            self._go_on(node)

    def _go_on(self, node: Node) -> None:
        self.object = node
        self.new_object()
        listed = self.frames and self.frames[-1].kind == "("
        self.expect = self._item_or_end if listed else self.after_object

    def after_object(self, kind: str, start: int, end: int) -> None:
        """Expect more objects, more predicates, an annotation or the end."""
        if kind == ",":
            self.expect = self.value
        elif kind == ";":
            self.expect = self._predicate_or_end
        elif kind in {"~", "{|"}:
            self.annotation(kind, start, end)
        elif self.quads and kind in _GRAPHS:
            self.expect = self.dot
        else:
            self._end(kind)

    def _predicate_or_end(self, kind: str, start: int, end: int) -> None:
        if kind in {"iri", "name", "word"}:
            self.predicate(kind, start, end)
        elif kind != ";":
            self._end(kind)

    def _end(self, kind: str) -> None:
        top = self.frames[-1].kind if self.frames else ""
        if kind == "." and top in {"", "{"}:
            self.expect = self.document
        elif kind == "}" and top == "{":
            self.frames.pop()
            self.expect = self.document
        elif top and _OPENED.get(kind) == top:
            self.close()
        else:
            raise UnexpectedError

    def open(self, kind: str, node: Node, subject: Node | None, inside: State) -> None:
        """Open a construct; what is in force outside comes back when it is closed."""
        self.frames.append(Frame(kind, node, subject, self.verb, self.object))
        self.expect = inside

    def close(self) -> None:
        """Close the construct that was opened last, which is a subject or an object now."""
        frame = self.frames.pop()
        self.subject, self.verb = frame.subject or frame.opening, frame.verb
        if frame.subject is None:
            self.expect = self.after_subject
        else:
            self.take(frame.opening)

    def properties(self, kind: str, start: int, end: int) -> None:
        """Expect what may follow the bracket of an object."""
        node = self.frames[-1].opening
        if kind == "]":
            node.end = end
            self.close()
        else:
            self.subject = node
            self.predicate(kind, start, end)

    def items(self, kind: str, start: int, end: int) -> None:
        """Expect the first item of a list, or its end."""
        frame = self.frames[-1]
        if kind == ")":
            frame.opening.end, frame.opening.meaning = end, _NIL
            self.close()
            return
        if frame.subject is not None:
            self.meet(frame.subject, frame.verb, frame.opening)
        self._item(frame.opening, kind, start, end)

    def _item(self, cell: Node, kind: str, start: int, end: int) -> None:
        self.subject, self.verb = cell, Node(start, end, _FIRST)
        self.value(kind, start, end)

    def _item_or_end(self, kind: str, start: int, end: int) -> None:
        rest = Node(start, end, _REST)
        if kind != ")":
            cell = Node(start, end, FRESH)
            self.meet(self.subject, rest, cell)
            self._item(cell, kind, start, end)
            return
        self.meet(self.subject, rest, Node(start, end, _NIL))
        frame = self.frames.pop()
        self.subject, self.verb = frame.subject or frame.opening, frame.verb
        if frame.subject is None:
            self.expect = self.predicate
        else:
            self._go_on(frame.opening)
