"""A place in a text, the terminal there, and what could have stood there instead."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractContextManager
from typing import Final, NoReturn

from samsyn.sparql.grammar import tokens
from samsyn.sparql.grammar.tokens import Token, token

_OPERANDS: Final = frozenset(
    {tokens.VARIABLE, tokens.IRI, tokens.NAME, tokens.STRING, tokens.NUMBER, tokens.LANGUAGE, ")"}
)

_OPENING: Final = frozenset("{([")
_CLOSING: Final = frozenset("})]")


class Fault(Exception):  # noqa: N818  the field's word; it becomes a QueryError
    """The first place where a text breaks the grammar.

    Args:
        found: the terminal there.
        expected: what could have stood there.
        reason: a sentence that says more than that, if there is one.
        context: the construct that is being read.
        opened: offset of the innermost bracket that is open there.
        missing_prefix: whether what is wrong is a prefix without declaration.
    """

    def __init__(  # noqa: PLR0913  a fault has that many sides
        self,
        found: Token,
        expected: tuple[str, ...],
        *,
        reason: str | None = None,
        context: str = "",
        opened: int | None = None,
        missing_prefix: bool = False,
    ) -> None:
        super().__init__(reason or ", ".join(expected))
        self.found = found
        self.expected = expected
        self.reason = reason
        self.context = context
        self.opened = opened
        self.missing_prefix = missing_prefix


class _Context:
    """The time in which a construct is read."""

    __slots__ = ("_before", "_cursor")

    def __init__(self, cursor: Cursor, context: str) -> None:
        self._cursor = cursor
        self._before = cursor.context
        cursor.context = context

    def __enter__(self) -> None:
        pass

    def __exit__(self, *_: object) -> None:
        self._cursor.context = self._before


class Cursor:
    """Reads a text terminal by terminal.

    Args:
        text: a query or update.
        known: prefixes that need no declaration; None where none need any.
        noting: whether to note what could be at each place, which takes as long as all else.
    """

    def __init__(
        self, text: str, known: Mapping[str, str] | None = None, *, noting: bool = True
    ) -> None:
        self.text = text
        self.context = ""
        self.declared = None if known is None else set(known)
        self.before = Token(tokens.MARK, "", 0, 0)
        self.here = token(text, 0)
        self._noting = noting
        self._wanted: dict[str, None] = {}
        self._open: list[Token] = []

    def expecting(self, context: str) -> AbstractContextManager[None]:
        """Name the construct that is read."""
        return _Context(self, context)

    def at(self, *words: str) -> bool:
        """Return whether one of these is here, and note that it could be."""
        if self._noting:
            self._wanted.update(dict.fromkeys(words))
        return self.here.word in words

    def advance(self) -> Token:
        """Go past the terminal that is here, and return it."""
        passed = self.here
        word = passed.word
        if word in _OPENING:
            self._open.append(passed)
        elif word in _CLOSING:
            if self._open:
                self._open.pop()
        elif word == tokens.NAME and self.declared is not None:
            self._check_prefix(passed, self.declared)
        self.before = passed
        operator = self._inside > 0 and word in _OPERANDS
        self.here = token(self.text, passed.end, operator=operator)
        self._wanted.clear()
        return passed

    _inside = 0
    """How many expressions the place is inside of."""

    def take(self, *words: str) -> bool:
        """Go past one of these, if it is here."""
        if self.at(*words):
            self.advance()
            return True
        return False

    def expect(self, *words: str) -> Token:
        """Go past one of these.

        Raises:
            Fault: none of them is here.
        """
        if not self.at(*words):
            self.fail()
        return self.advance()

    def written(self, start: int, end: int) -> str:
        """Return a stretch of the text."""
        return self.text[start:end]

    def fail(self, reason: str | None = None, found: Token | None = None) -> NoReturn:
        """Give up.

        Args:
            reason: what is wrong; default: what is here, and what could be.
            found: the terminal at fault; default: the one that is here.

        Raises:
            Fault: always.
        """
        opened = self._open[-1].start if self._open else None
        raise Fault(
            found or self.here,
            tuple(self._wanted),
            reason=reason,
            context=self.context,
            opened=opened,
        )

    def _check_prefix(self, name: Token, declared: set[str]) -> None:
        prefix = self.text[name.start : name.end].partition(":")[0]
        if prefix not in declared:
            raise Fault(
                name, (), reason=f"the prefix {prefix}: is not declared", missing_prefix=True
            )
