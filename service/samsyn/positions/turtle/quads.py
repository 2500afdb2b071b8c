"""A walk through Turtle, TriG, N-Triples or N-Quads that meets each quad as the parser does.

The parser gives a quad out as soon as the token comes that completes it, and those that one token
completes last first. A walk does the same, so the number of a quad is the same for both.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from typing import Final

from samsyn import names
from samsyn.positions.turtle.document_structure import Spotted, UnexpectedError
from samsyn.positions.turtle.node import FRESH, Node
from samsyn.positions.turtle.prefixes import Prefixes
from samsyn.positions.turtle.tokens import QUAD_STEP, STEP, TOKEN
from samsyn.positions.turtle.triple_terms import Speaking
from samsyn.positions.window import Window

_NEVER: Final = 1 << 62
_SUBJECT, _VERB, _OBJECT, _VERB_AGAIN, _OBJECT_AGAIN, _NEXT_OBJECT = range(1, 7)


class Walk(Speaking):
    """One walk through a document.

    Attributes:
        count: how many quads were met.
        prefixes: the prefixes in force.
        window: the text.

    Args:
        window: the text.
        form: turtle, trig, ntriples or nquads.
        wanted: the numbers of the quads to keep.
        keep: is given the number and the three nodes of each of these, as they are met.
        base: the base IRI.
    """

    def __init__(
        self,
        window: Window,
        form: str,
        wanted: Iterable[int],
        keep: Callable[[int, Spotted], None],
        base: str | None = None,
    ) -> None:
        super().__init__(form)
        self.count = 0
        self.prefixes = Prefixes(base)
        self.window = window
        self._keep = keep
        self._wanted = iter(sorted(wanted))
        self._next = next(self._wanted, _NEVER)
        self._step = QUAD_STEP if form == "nquads" else STEP
        self._position = 0

    def run(self, *, to_the_end: bool) -> None:
        """Walk through the document.

        Args:
            to_the_end: whether to go on after the last wanted quad, to count the rest.

        Raises:
            UnexpectedError: the document holds what the walk does not know.
        """
        plain = self.after_object, self.document
        while to_the_end or self._next != _NEVER:
            if self.expect in plain:
                self._stride()
            kind, start, end = self._token()
            if kind == "end":
                if self.expect != self.document or self.frames:
                    raise UnexpectedError
                return
            self.expect(kind, start, end)
            if self.pending:
                for spotted in reversed(self.pending):
                    self._count(spotted)
                self.pending.clear()

    def word(self, start: int, end: int) -> str:
        """Return what is written between two offsets."""
        return self.window.text[start:end]

    def declare(self, prefix: str | None, iri: str) -> None:
        """Take in a prefix, or a base IRI if the prefix is None."""
        if prefix is None:
            self.prefixes.rebase(iri)
        else:
            self.prefixes.declare(prefix, iri)

    def _count(self, spotted: Spotted) -> None:
        if self.count == self._next:
            self._keep(self.count, spotted)
            self._next = next(self._wanted, _NEVER)
        self.count += 1

    def _token(self) -> tuple[str, int, int]:
        while True:
            found = TOKEN.match(self.window.text, self._position)
            if found is not None and found.end() <= self.window.safe:
                kind = found.lastgroup or ""
                start, self._position = found.span(kind)
                return found[kind] if kind == "mark" else kind, start, self._position
            if self.window.ended:
                raise UnexpectedError
            self._slide()

    def _slide(self) -> None:
        # A token that may go on keeps its place in the window; all others are taken down.
        unfinished = [node.start for node in self._unfinished() if not node.pinned]
        start = min([self._position, *unfinished])
        for node in {id(node): node for node in self._alive()}.values():
            if node.start >= start and not node.pinned:
                node.shift(start)
            else:
                node.pin(self.window)
        self.window.slide(start)
        self._position -= start

    def _unfinished(self) -> Iterator[Node]:
        string = self.object if self.expect in (self.suffix, self.datatype) else None
        bracket = self.subject if self.expect in (self.in_brackets, self.part_bracket) else None
        yield from filter(None, (string, bracket))
        empty = self.expect in (self.properties, self.items)
        for frame in self.frames:
            if frame.kind == "<<(" or (empty and frame is self.frames[-1]):
                yield frame.opening

    def _alive(self) -> Iterator[Node]:
        nodes = [self.subject, self.verb, self.object, self._reifier]
        nodes += [node for frame in self.frames for node in frame[1:]]
        while nodes:
            node = nodes.pop()
            if node is not None:
                yield node
                nodes += node.meaning if isinstance(node.meaning, tuple) else ()

    def _stride(self) -> None:
        """Take the steps that nest nothing, a triple each, without looking at their tokens."""
        text, safe, match = self.window.text, self.window.safe, self._step.match
        position, count, wanted = self._position, self.count, self._next
        subject = verb = last = None
        while (step := match(text, position)) is not None and step.end() <= safe:
            last, kind = step, step.lastindex
            if kind != _NEXT_OBJECT:
                verb = step
                if kind == _OBJECT:
                    subject = step
            position = step.end()
            if count == wanted:
                self._settle(subject, verb, last)
                subject = verb = None
                self.count = count
                self._count((self.subject, self.verb, self.object))  # type: ignore[arg-type]
                wanted = self._next
            count += 1
        if last is not None:
            self._settle(subject, verb, last)
            self._position, self.count = position, count

    def _settle(
        self,
        subject: re.Match[str] | None,
        verb: re.Match[str] | None,
        last: re.Match[str],
    ) -> None:
        """Let what the last steps brought be in force."""
        if subject is not None:
            self.subject = _written(subject, _SUBJECT)
        if verb is not None:
            self.verb = _written(verb, _VERB if verb.lastindex == _OBJECT else _VERB_AGAIN)
        self.object = _written(last, last.lastindex or 0)
        self.new_object()
        self.expect = self.after_object


def _written(step: re.Match[str], group: int) -> Node:
    start, end = step.span(group)
    text = step[group]
    if text[0] == "[":
        return Node(start, end, FRESH)
    return Node(start, end, names.RDF_TYPE if text == "a" else None)
