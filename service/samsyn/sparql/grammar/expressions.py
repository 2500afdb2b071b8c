"""Expressions, built-in calls and aggregates (SPARQL 1.2, section 19.8, productions from [110])."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Final

from samsyn.sparql.grammar import tokens
from samsyn.sparql.grammar.cursor import Cursor
from samsyn.sparql.grammar.tokens import Token, token
from samsyn.sparql.grammar.tree import Call, Concatenation, Expression, Group, Logical

_MANY: Final = 1_000
_ONE: Final = (1, 1)
# How many arguments each function takes.
FUNCTIONS: Final = {
    **dict.fromkeys(
        ("STR", "LANG", "DATATYPE", "IRI", "URI", "ABS", "CEIL", "FLOOR", "ROUND", "STRLEN",
         "UCASE", "LCASE", "ENCODE_FOR_URI", "YEAR", "MONTH", "DAY", "HOURS", "MINUTES", "SECONDS",
         "TIMEZONE", "TZ", "MD5", "SHA1", "SHA256", "SHA384", "SHA512", "ISIRI", "ISURI",
         "ISBLANK", "ISLITERAL", "ISNUMERIC", "LANGDIR", "HASLANG", "HASLANGDIR", "ISTRIPLE",
         "SUBJECT", "PREDICATE", "OBJECT"), _ONE),
    **dict.fromkeys(
        ("LANGMATCHES", "CONTAINS", "STRSTARTS", "STRENDS", "STRBEFORE", "STRAFTER", "STRLANG",
         "STRDT", "SAMETERM", "ADJUST"), (2, 2)),
    **dict.fromkeys(("RAND", "NOW", "UUID", "STRUUID"), (0, 0)),
    "BOUND": _ONE, "BNODE": (0, 1), "SUBSTR": (2, 3), "REGEX": (2, 3), "REPLACE": (3, 4),
    "CONCAT": (0, _MANY), "COALESCE": (0, _MANY), "IF": (3, 3),
    "TRIPLE": (3, 3), "STRLANGDIR": (3, 3),
}  # fmt: skip
AGGREGATES: Final = frozenset({"COUNT", "SUM", "MIN", "MAX", "AVG", "SAMPLE", "GROUP_CONCAT"})
# Their values may be literals that are not well-formed.
_PASSING: Final = frozenset({"IF", "COALESCE", "STRDT", "MIN", "MAX", "SAMPLE", "OBJECT"})
_NAMES: Final = (tokens.IRI, tokens.NAME)
_NUMERIC_SIGNS: Final = "+-"
_FALSE_ESCAPE: Final = re.compile(
    r"""(?<!\\)(?:\\\\)*"""
    r"""(\\(?:[^tbnrf"'\\uU]|u(?![0-9A-Fa-f]{4})|U(?![0-9A-Fa-f]{8})))"""
)


class Expressions(Cursor):
    """Reads expressions."""

    grouping: list[tuple[str, Token]]
    """Variables met outside aggregates since the list was last emptied."""
    counts_all = False
    aggregates_met = 0
    _aggregates = 0
    _may_aggregate = False

    def group(self, *, only_exists: bool = False) -> Group:
        """Read a group graph pattern; patterns do it."""
        raise NotImplementedError

    def triple_term(self) -> Expression:
        """Read a triple term; triples do it."""
        raise NotImplementedError

    @contextmanager
    def aggregating(self, *, allowed: bool) -> Iterator[None]:
        """Say whether aggregates may be here."""
        before, self._may_aggregate = self._may_aggregate, allowed
        yield
        self._may_aggregate = before

    def expression(self) -> Expression:
        """Read an expression."""
        self._inside += 1
        found = self._either("||", self._conjunction)
        self._inside -= 1
        return found

    def bracketed(self) -> Expression:
        """Read an expression in brackets."""
        self._inside += 1
        start = self.expect("(").start
        with self.expecting("expression"):
            inner = self.expression()
            self._inside -= 1
            end = self.expect(")").end
        return Expression(start, end, [inner], inner.doubtful)

    def constraint(self) -> Expression:
        """Read what a FILTER or HAVING takes: brackets, or a call."""
        found = self._constraint()
        return Logical(found.start, found.end, [found], operands=[found])

    def _constraint(self) -> Expression:
        if self.at("(", *_NAMES) or self.here.word in FUNCTIONS or self._exists_here():
            if self.here.word == "(":
                return self.bracketed()
            return self._call_or_iri(called=True) if self.at(*_NAMES) else self._built_in()
        if self.here.word not in AGGREGATES:
            self.fail()
        return self._built_in()

    def call(self) -> Expression:
        """Read a built-in call or a call of a named function, for ORDER BY and GROUP BY."""
        if self.at(*_NAMES):
            return self._call_or_iri(called=True)
        return self._built_in()

    def begins_call(self) -> bool:
        """Return whether a call is here."""
        words = self.here.word in FUNCTIONS or self.here.word in AGGREGATES
        return self.at(*_NAMES) or words or self._exists_here()

    def _exists_here(self) -> bool:
        return self.here.word in ("EXISTS", "NOT")

    def _either(self, mark: str, operand: Callable[[], Expression]) -> Expression:
        first = operand()
        if not self.at(mark):
            return first
        operands = [first]
        while self.take(mark):
            operands.append(operand())
        parts = [*operands]
        return Logical(first.start, self.before.end, [*parts], operands=operands)

    def _conjunction(self) -> Expression:
        return self._either("&&", self._relation)

    def _relation(self) -> Expression:
        first = self._sum()
        if self.take("=", "!=", "<", ">", "<=", ">="):
            second = self._sum()
            return Expression(first.start, self.before.end, [first, second])
        if self.at("IN", "NOT"):
            if self.take("NOT"):
                self.expect("IN")
            else:
                self.advance()
            parts = [first, *self._list()]
            return Expression(first.start, self.before.end, [*parts])
        return first

    def _list(self) -> list[Expression]:
        self.expect("(")
        found: list[Expression] = []
        with self.expecting("expression"):
            if self.take(")"):
                return found
            found.append(self.expression())
            while self.take(","):
                found.append(self.expression())
            self.expect(")")
        return found

    def _sum(self) -> Expression:
        first = self._product()
        parts = [first]
        while True:
            if self.take("+", "-"):
                parts.append(self._product())
            elif self.here.kind == tokens.NUMBER and self.text[self.here.start] in _NUMERIC_SIGNS:
                # 1+2 is a number and a number with a sign (production [123]).
                parts.append(self._product())
            else:
                break
        if len(parts) == 1:
            return first
        return Expression(first.start, self.before.end, [*parts])

    def _product(self) -> Expression:
        first = self._unary()
        parts = [first]
        while self.take("*", "/"):
            parts.append(self._unary())
        if len(parts) == 1:
            return first
        return Expression(first.start, self.before.end, [*parts])

    def _unary(self) -> Expression:
        start = self.here.start
        if self.take("!"):
            operand = self._unary()
            return Logical(start, operand.end, [operand], operands=[operand])
        if self.take("+", "-"):
            operand = self._unary()
            return Expression(start, operand.end, [operand])
        return self._primary()

    def _primary(self) -> Expression:
        here = self.here
        if self.at(*_PRIMARIES):
            return _PRIMARIES[here.word](self)
        if self.take(tokens.NUMBER, "TRUE", "FALSE"):
            return Expression(here.start, here.end)
        if here.word in FUNCTIONS or here.word in AGGREGATES or self._exists_here():
            return self._built_in()
        self._wanted["a function"] = None
        return self.fail()

    def _literal_expression(self) -> Expression:
        start = self.here.start
        self.literal()
        return Expression(start, self.before.end, doubtful=self.before.kind != tokens.STRING)

    def variable_expression(self) -> Expression:
        """Read a variable."""
        here = self.expect(tokens.VARIABLE)
        if not self._aggregates:
            self.grouping.append((self.text[here.start + 1 : here.end], here))
        return Expression(here.start, here.end, doubtful=True)

    def literal(self) -> None:
        """Read a string with its language or datatype."""
        here = self.expect(tokens.STRING)
        escape = _FALSE_ESCAPE.search(self.text, here.start, here.end)
        if escape:
            self.fail(f"a string cannot hold {escape[1]}: a backslash is written twice", here)
        if self.take(tokens.LANGUAGE):
            return
        if self.take("^^"):
            self.expect(*_NAMES)

    def _call_or_iri(self, *, called: bool = False) -> Expression:
        start = self.expect(*_NAMES).start
        if called:
            self.at("(")
        if self.here.word != "(":
            if called:
                self.fail()
            return Expression(start, self.before.end)
        self._inside += 1
        if token(self.text, self.here.end).word == "DISTINCT":
            self.advance()
            self.expect("DISTINCT")
            parts = [self.expression()]
            while self.take(","):
                parts.append(self.expression())
            self.expect(")")
        else:
            parts = self._list()
        self._inside -= 1
        return Expression(start, self.before.end, [*parts])

    def _built_in(self) -> Expression:
        word = self.here
        if self._exists_here():
            self.take("NOT")
            self.expect("EXISTS")
            group = self.group(only_exists=True)
            return Expression(word.start, group.end, [group])
        if word.word in AGGREGATES:
            return self._aggregate()
        self.advance()
        with self.expecting("call"):
            self._inside += 1
            self.at("(")
            if self.here.word != "(":
                self.fail()
            arguments = self._list()
            self._inside -= 1
        self._check_number(word, len(arguments))
        if word.word == "BOUND" and self.text[arguments[0].start :][:1] not in ("?", "$"):
            self.fail("BOUND takes a variable", word)
        end = self.before.end
        doubtful = word.word in _PASSING
        if word.word == "IF":
            return Logical(word.start, end, [*arguments], doubtful, operands=arguments[:1])
        return Call(word.start, end, [*arguments], doubtful, name=word.word, arguments=arguments)

    def _check_number(self, word: Token, number: int) -> None:
        least, most = FUNCTIONS[word.word]
        if least <= number <= most:
            return
        some = str(least) if least == most else f"{least} to {most}"
        noun = "argument" if least == most == 1 else "arguments"
        self.fail(f"{word.word} takes {some} {noun}, not {number}", word)

    def _aggregate(self) -> Expression:
        word = self.advance()
        if not self._may_aggregate:
            self.fail(f"{word.word} cannot be here: it is an aggregate", word)
        if self._aggregates:
            self.fail(f"{word.word} is inside another aggregate", word)
        self._aggregates += 1
        self.aggregates_met += 1
        self._inside += 1
        with self.expecting("aggregate"):
            self.expect("(")
            distinct = self.take("DISTINCT")
            if word.word == "COUNT" and self.take("*"):
                self.counts_all = self.counts_all or distinct
                value = None
            else:
                value = self.expression()
            separator = self._separator() if word.word == "GROUP_CONCAT" else None
            self._inside -= 1
            end = self.expect(")").end
        self._aggregates -= 1
        parts = [value] if value else []
        if word.word == "GROUP_CONCAT":
            return Concatenation(
                word.start, end, [*parts], distinct=distinct, value=value, separator=separator
            )
        return Expression(word.start, end, [*parts], word.word in _PASSING)

    def _separator(self) -> tuple[int, int] | None:
        if not self.take(";"):
            return None
        self.expect("SEPARATOR")
        self.expect("=")
        found = self.expect(tokens.STRING)
        return found.start, found.end


_PRIMARIES: Final[Mapping[str, Callable[[Expressions], Expression]]] = {
    tokens.VARIABLE: Expressions.variable_expression,
    tokens.IRI: Expressions._call_or_iri,
    tokens.NAME: Expressions._call_or_iri,
    tokens.STRING: Expressions._literal_expression,
    "(": Expressions.bracketed,
    "<<(": lambda reader: reader.triple_term(),
}
