"""The faults of a Turtle or TriG text, one after the other, and the text without them."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from samsyn.dataset.exact import Stumble, stumble
from samsyn.positions.lines import Lines
from samsyn.positions.remaining_text import Rest
from samsyn.positions.turtle.declarations import Declarations
from samsyn.positions.turtle.faults import Fault, describe
from samsyn.positions.turtle.statements import Statement, Token, looks_like_one, resume, statements

_UNDECLARED: Final = re.compile(r"The prefix (.*): has not been declared")
_TAG: Final = re.compile(r"@[A-Za-z0-9_-]*\Z")
_UNFINISHED: Final = re.compile(r"@[A-Za-z0-9_-]+|<(?!<)[^<>\r\n]*>?")
_DEPTH: Final = {"(": 1, "[": 1, ")": -1, "]": -1}
_WRITTEN: Final = re.compile(r"[^\r\n]")


def blank(text: str) -> str:
    """Return as many spaces as a text has characters, its line ends kept."""
    return _WRITTEN.sub(" ", text)


class Rescue:
    """A text whose faults are sought.

    Attributes:
        faults: those found so far.
        complete: whether all of the text was looked at.

    Args:
        text: the text.
        form: turtle or trig.
        base: the base IRI.
        most: how many faults are enough.
    """

    def __init__(self, text: str, form: str, base: str | None, most: int) -> None:
        self.faults: list[Fault] = []
        self.complete = True
        self._text = text
        self._form = form
        self._base = base
        self._most = most
        self._lines = Lines(text)
        self._declared = Declarations(form)
        self._edits: list[tuple[int, int, str]] = []
        self._graph = ""
        self._spoilt = False  # whether the graph that is open holds a fault
        self._closing = ""

    def run(self) -> str:
        """Find the faults.

        Returns:
            The text with all statements blanked that the parser did not take.
        """
        position = 0
        while (stop := self._stumble(position)) is not None:
            if len(self.faults) >= self._most:
                self.complete = False
                self._edits.append((position, len(self._text), ""))
                break
            position = self._take(stop, position)
        return self._without_undeclared(self._fixed())

    def _stumble(self, position: int) -> Stumble | None:
        line, column = self._lines.point(position)
        head = f"{self._declared.head()} {self._graph}"
        rest = Rest(head, self._text, position, column)
        stop = stumble(rest, self._form, base=self._declared.base or self._base)
        return stop and replace(stop, line=line + stop.line - 2)

    def _take(self, stop: Stumble, position: int) -> int:
        """Take in a fault and return where to read on."""
        self._declared.take(stop.prefixes, stop.base)
        offset = self._lines.offset(stop.line, stop.column)
        statement = self._statement(position, offset)
        self._spoilt = self._spoilt and self._graph == statement.graph
        self._graph = statement.graph
        token = _token(statement, offset)
        there = self._text[token.start : token.end]
        if statement.graph and not statement.tokens:
            return self._close_graph(stop, offset, statement)
        undeclared = _UNDECLARED.match(stop.message)
        if undeclared and "://" not in there:
            prefix = undeclared[1]
            if self._declared.invent(prefix):
                self._declared.faults[prefix] = len(self.faults)
                self._report(stop, offset, statement)
            return statement.start
        self._report(stop, offset, statement)
        self._spoilt = bool(statement.graph)
        end = max(self._end(stop, statement, offset, token), statement.start + 1)
        faulty = self._text[statement.start : end]
        kept = self._declared.salvage(faulty, in_graph=bool(statement.graph))
        self._edits.append((statement.start, end, kept))
        return end

    def _close_graph(self, stop: Stumble, offset: int, statement: Statement) -> int:
        # The text ends in a graph; if that holds a fault already, its brace may be part of it.
        if not self._spoilt:
            self._report(stop, offset, statement)
        self._closing, self._graph = "}", ""
        return len(self._text)

    def _statement(self, position: int, offset: int) -> Statement:
        found = Statement(offset, offset, self._graph)
        graphs = self._form == "trig"
        for statement in statements(self._text, position, self._graph, graphs=graphs):
            if statement.start > offset:
                break
            found = statement
            if statement.end > offset:
                break
        return found

    def _end(self, stop: Stumble, statement: Statement, offset: int, token: Token) -> int:
        """Return where to read on after a faulty statement."""
        start = self._lines.start(offset)
        if "is expected" in stop.message or self._text.startswith("@", offset):
            # The statement before may lack its dot only; then the next one is in good order.
            if start > statement.start and looks_like_one(self._text, start):
                return start
            if offset > statement.start and not self._text[start:offset].strip():
                return offset
        graphs = self._form == "trig"
        return resume(self._text, token.start, graph=statement.graph, graphs=graphs)

    def _report(self, stop: Stumble, offset: int, statement: Statement) -> None:
        start, end = self._extent(offset, _token(statement, offset))
        line = self._lines.line(offset)
        depth = sum(_DEPTH.get(t.kind, 0) for t in statement.tokens if t.start < offset)
        there = self._text[start:end]
        kind, messages = describe(stop.message, there, unclosed=depth > 0)
        self.faults.append(Fault(self._lines.region(start, end), kind, messages, line))

    def _extent(self, offset: int, token: Token) -> tuple[int, int]:
        """Return what to show of a fault: it begins on the line where the parser found it."""
        line = self._lines.start(offset)
        start, end = max(token.start, line), token.end
        tag = _TAG.search(self._text, line, offset)
        if tag is not None:
            start = tag.start()
        pattern = _UNFINISHED.match(self._text, start)
        return start, max(pattern.end() if pattern else end, offset)

    def _fixed(self) -> str:
        pieces, position = [], 0
        for start, end, kept in self._edits:
            rest = blank(self._text[start + len(kept) : end])
            pieces += [self._text[position:start], kept, rest]
            position = end
        return "".join([*pieces, self._text[position:], self._closing])

    def _without_undeclared(self, text: str) -> str:
        """Blank the statements that use a prefix which nobody declared, and count them."""
        if not self._declared.invented:
            return text
        pieces, position = [], 0
        for statement in statements(text, 0, "", graphs=self._form == "trig"):
            if not statement.tokens:
                break
            used = self._declared.undeclared(text, statement)
            for prefix in used & self._declared.faults.keys():
                number = self._declared.faults[prefix]
                fault = self.faults[number]
                count = self._declared.count(prefix)
                self.faults[number] = replace(fault, count=count)
            if used:
                end = statement.end - (text[statement.end - 1] in "{}")
                pieces += [text[position : statement.start], blank(text[statement.start : end])]
                position = end
        return "".join([*pieces, text[position:]])


def _token(statement: Statement, offset: int) -> Token:
    """Return the token at an offset, an empty one where there is none."""
    for token in statement.tokens:
        # What begins as a string and never ends is at fault where its line ends.
        if token.start <= offset < token.end + (token.kind == "fault"):
            return token
    return Token("end", offset, offset)
