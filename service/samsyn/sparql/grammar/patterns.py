"""Graph patterns and subqueries (SPARQL 1.2, productions from [54])."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

from samsyn.sparql.grammar import tokens
from samsyn.sparql.grammar.tokens import Token
from samsyn.sparql.grammar.tree import Expression, Group, Ordering, Part, Select
from samsyn.sparql.grammar.triples import TripleReader

_NAMES: Final = (tokens.IRI, tokens.NAME)
_VALUES: Final = (*_NAMES, tokens.STRING, tokens.NUMBER, "TRUE", "FALSE", "UNDEF", "<<(")
_ELEMENTS: Final = (
    "{", "OPTIONAL", "MINUS", "GRAPH", "SERVICE", "FILTER", "BIND", "VALUES", "LATERAL",
)  # fmt: skip

_OF_ANY_KIND: Final = (
    "?", "$", "coalesce", "if", "max", "min", "object", "predicate", "sample", "subject", "<",
)  # fmt: skip
"""How an expression begins whose values may be of several kinds."""


class PatternReader(TripleReader):
    """Reads group graph patterns and subqueries."""

    _labels: dict[str, int]
    """The basic graph pattern that each label of a blank node is in."""
    _pattern = 0
    _group: Group | None = None

    @contextmanager
    def _outside_expressions(self) -> Iterator[None]:
        kept = self._inside, self._aggregates, self.grouping
        self._inside, self._aggregates, self.grouping = 0, 0, []
        yield
        self._inside, self._aggregates, self.grouping = kept

    def group(self, *, only_exists: bool = False) -> Group:
        """Read a group graph pattern with its braces."""
        with self._outside_expressions(), self.aggregating(allowed=False), self.expecting("group"):
            outer = self._group
            self._group = found = Group(self.here.start, 0, only_exists=only_exists)
            self.expect("{")
            self._pattern += 1
            if self.at("SELECT"):
                self._subquery(found)
            else:
                self._elements(found)
            found.end = self.expect("}").end
            self._pattern += 1
            self._group = outer
        return found

    def seen(self, name: str) -> None:
        """Note a variable of a pattern."""
        if self._group is not None:
            self._group.visible[name] = None

    def labelled(self, label: str, here: Token) -> None:
        """Note the label of a blank node, which may be in one basic graph pattern only."""
        if self._group is None:
            return
        if self._labels.setdefault(label, self._pattern) != self._pattern:
            self.fail(f"the blank node _:{label} is in another pattern too", here)

    def _subquery(self, found: Group) -> None:
        self._group = None
        select = self.select()
        found.parts.append(select)
        found.visible |= dict.fromkeys(select.projected)
        if self.at("VALUES"):
            found.parts.append(self._values_here(found))
        self._group = found

    def _elements(self, found: Group) -> None:
        while True:
            if self.begins_triple():
                self._block(found)
            # All that is not a triple may be here in turn.
            if not self.at(*_ELEMENTS):
                return
            self._element(found)
            self.take(".")

    def _block(self, found: Group) -> None:
        while self.begins_triple():
            found.parts.append(self.triples())
            if not self.take("."):
                return

    def _element(self, found: Group) -> None:
        word = self.here.word
        if word == "{":
            self._union(found)
        elif word == "FILTER":
            self.advance()
            with self.expecting("filter"):
                found.parts.append(self.constraint())
            return
        elif word == "BIND":
            self._bind(found)
        elif word == "VALUES":
            found.parts.append(self._values_here(found))
        elif word == "MINUS":
            self.advance()
            found.parts.append(self.group(only_exists=True))
        else:
            self._named(word, found)
        self._pattern += 1

    def _named(self, word: str, found: Group) -> None:
        self.advance()
        if word == "SERVICE":
            self.take("SILENT")
        if word in ("GRAPH", "SERVICE"):
            here = self.here
            self.expect(tokens.VARIABLE, *_NAMES)
            if here.kind == tokens.VARIABLE:
                self.seen(self.text[here.start + 1 : here.end])
        self._within(found)

    def _within(self, found: Group) -> None:
        inner = self.group()
        found.parts.append(inner)
        found.visible |= inner.visible

    def _union(self, found: Group) -> None:
        self._within(found)
        while self.take("UNION"):
            with self.expecting("union"):
                self._within(found)

    def _bind(self, found: Group) -> None:
        self.advance()
        with self.expecting("bind"):
            self.expect("(")
            found.parts.append(self.expression())
            self.expect("AS")
            here = self.expect(tokens.VARIABLE)
            name = self.text[here.start + 1 : here.end]
            if name in found.visible:
                self.fail(f"?{name} has a value before BIND gives it one", here)
            self.expect(")")
        self.seen(name)

    def _values_here(self, found: Group) -> Part:
        part, names = self.values()
        found.visible |= dict.fromkeys(names)
        return part

    def values(self) -> tuple[Part, Sequence[str]]:
        """Read VALUES, and return its variables too."""
        start = self.expect("VALUES").start
        with self.expecting("values"):
            if self.at("("):
                self.advance()
                names = self._names_of_values()
                self.expect("{")
                while self.at("("):
                    self._row(len(names))
            else:
                here = self.expect(tokens.VARIABLE, "(")
                names = [self.text[here.start + 1 : here.end]]
                self.expect("{")
                while self.at(*_VALUES):
                    self._value()
            end = self.expect("}").end
        return Part(start, end), names

    def _names_of_values(self) -> list[str]:
        names: list[str] = []
        while self.at(tokens.VARIABLE):
            here = self.advance()
            name = self.text[here.start + 1 : here.end]
            if name in names:
                self.fail(f"?{name} stands twice in VALUES", here)
            names.append(name)
        self.expect(")")
        return names

    def _row(self, width: int) -> None:
        opened = self.advance()
        number = 0
        while self.at(*_VALUES):
            self._value()
            number += 1
        self.expect(")")
        if number != width:
            self.fail(
                f"the row does not have one value for each variable ({number}, {width})", opened
            )

    def _value(self) -> None:
        if self.here.word == tokens.STRING:
            self.literal()
        elif self.here.word == "<<(":
            self.variables = False
            self.triple_term()
            self.variables = True
        else:
            self.advance()

    def select(self) -> Select:
        """Read a SELECT with its pattern and modifiers, without trailing VALUES."""
        outer = self.counts_all
        self.counts_all = False
        found = Select(self.expect("SELECT").start, 0)
        self.take("DISTINCT", "REDUCED")
        projection = self._projection(found)
        self.dataset_clauses(found)
        found.where = self._where()
        found.parts.append(found.where)
        grouped = self.modifiers(found)
        self._check_projection(found, projection, grouped)
        found.end = self.before.end
        found.counts_all, self.counts_all = self.counts_all, outer
        return found

    def dataset_clauses(self, found: Select, keyword: str = "FROM") -> None:
        """Read FROM and FROM NAMED, or USING, as many as there are."""
        while self.take(keyword):
            named = self.take("NAMED")
            graph = self.expect(*_NAMES)
            found.datasets.append((named, graph.start, graph.end))

    def _where(self) -> Group:
        self.take("WHERE")
        with self.expecting("where"):
            if not self.at("{"):
                self.fail()
        return self.group()

    def _projection(self, found: Select) -> list[_Column]:
        columns: list[_Column] = []
        with self.expecting("select"):
            if self.at("*"):
                found.star = self.advance().start
                return columns
            names: list[str] = []
            while self.at(tokens.VARIABLE, "("):
                columns.append(self._column(found, names))
            if not columns:
                self.at("*", "DISTINCT", "REDUCED")
                self.fail()
            # The next is no column: what could follow is part of what is said.
            self.at("WHERE", "{")
            if self.here.word not in ("WHERE", "{", "FROM"):
                self.at("FROM")
                self.fail()
        found.projected = names
        return columns

    def _column(self, found: Select, names: list[str]) -> _Column:
        here = self.here
        if self.take(tokens.VARIABLE):
            name = self.text[here.start + 1 : here.end]
            column = _Column(name, here, [(name, here)], None, aggregates=False)
            if name in names:
                self.fail(f"?{name} stands twice in SELECT", here)
        else:
            self.advance()
            self.grouping = []
            met = self.aggregates_met
            with self.aggregating(allowed=True):
                value = self.expression()
            self.expect("AS")
            here = self.expect(tokens.VARIABLE)
            name = self.text[here.start + 1 : here.end]
            if name in names:
                self.fail(f"?{name} stands twice in SELECT", here)
            self.expect(")")
            aggregates = self.aggregates_met > met
            column = _Column(name, here, list(self.grouping), value, aggregates=aggregates)
            found.parts.append(value)
        names.append(name)
        return column

    def modifiers(self, found: Select) -> set[str] | None:
        """Read GROUP BY, HAVING, ORDER BY, LIMIT and OFFSET.

        Returns:
            The variables grouped by, None where there is no GROUP BY.
        """
        grouped: set[str] | None = None
        if self.take("GROUP"):
            with self.expecting("group by"):
                grouped = self._group_by(found)
        if self.take("HAVING"):
            with self.expecting("having"), self.aggregating(allowed=True):
                self._several(found, self.constraint, "(")
        if self.take("ORDER"):
            with self.expecting("order by"), self.aggregating(allowed=True):
                self.expect("BY")
                self._several(found, self._order, "(", tokens.VARIABLE, "ASC", "DESC")
        with self.expecting("limit"):
            first = self.here.word
            if self.take("LIMIT", "OFFSET"):
                self._whole_number()
                if self.take("OFFSET" if first == "LIMIT" else "LIMIT"):
                    self._whole_number()
        return grouped

    def _several(self, found: Select, read: object, *begin: str) -> None:
        assert callable(read)  # noqa: S101  for the types
        found.parts.append(read())
        while self.at(*begin) or self.begins_call():
            found.parts.append(read())

    def _order(self) -> Expression:
        word = self.here
        value = self._ordered_by()
        start = self.text[value.start : value.end].lstrip("( \t\r\n").lower()
        return Ordering(
            word.start,
            self.before.end,
            [value],
            value=value if start.startswith(_OF_ANY_KIND) else None,
            descending=word.word == "DESC",
        )

    def _ordered_by(self) -> Expression:
        word = self.here
        if self.take("ASC", "DESC"):
            if self.here.word not in ("(", tokens.VARIABLE):
                self.fail(f"{word.word} takes an expression in brackets behind it", word)
            return self.bracketed()
        if self.at(tokens.VARIABLE):
            return self.variable_expression()
        return self.bracketed() if self.at("(") else self._constraint_or_fail()

    def _constraint_or_fail(self) -> Expression:
        if not self.begins_call():
            self.fail()
        return self.call()

    def _group_by(self, found: Select) -> set[str]:
        self.expect("BY")
        names: set[str] = set()
        while True:
            if self.at(tokens.VARIABLE):
                here = self.advance()
                names.add(self.text[here.start + 1 : here.end])
            elif self.take("("):
                found.parts.append(self.expression())
                found.groups_expression = True
                if self.take("AS"):
                    here = self.expect(tokens.VARIABLE)
                    names.add(self.text[here.start + 1 : here.end])
                self.expect(")")
            elif self.begins_call():
                found.parts.append(self.call())
                found.groups_expression = True
            else:
                if self.before.word == "BY":
                    self.fail()
                return names

    def _whole_number(self) -> None:
        here = self.expect(tokens.NUMBER)
        if not self.text[here.start : here.end].isdigit():
            self.fail(f"{self.before_word(here)} takes a whole number", here)

    def before_word(self, here: Token) -> str:
        """Return the word before a terminal."""
        return self.text[: here.start].split()[-1]

    def _check_projection(
        self, found: Select, columns: Sequence[_Column], grouped: set[str] | None
    ) -> None:
        where = found.where
        if found.star is not None:
            found.projected = list(where.visible) if where else ()
            if grouped is not None:
                star = Token(tokens.MARK, "*", found.star, found.star + 1)
                self.fail("SELECT * and GROUP BY exclude each other", star)
            return
        for column in columns:
            if column.value is not None and where and column.name in where.visible:
                self.fail(f"?{column.name} has a value before AS gives it one", column.place)
        if grouped is None and not any(column.aggregates for column in columns):
            return
        given = set(grouped or ())
        for column in columns:
            # An expression may be one that is grouped by, as a whole.
            whole = column.value is not None and found.groups_expression
            for name, place in () if whole else column.needs:
                if name not in given:
                    self.fail(f"?{name} is neither in GROUP BY nor inside an aggregate", place)
            given.add(column.name)


@dataclass
class _Column:
    """A column of a SELECT: its name and place, the variables it needs, and its expression."""

    name: str
    place: Token
    needs: list[tuple[str, Token]]
    value: Expression | None
    aggregates: bool
