"""Queries with variables that are bound before they run, as SHACL runs them.

Source: SHACL, section 5.3.1 and appendix A: the values are joined to every basic graph pattern of
the query, also to an empty one, wherever it stands. So they are written at the beginning of every
group graph pattern: what an engine offers to bind variables reaches fewer places.

The query engine rewrites literals (``01`` becomes ``1``, an ``xsd:int`` an ``xsd:integer``). Where
the data has any that it would rewrite, it is handed those under datatypes that it does not know,
and each variable that an expression computes with is handed to a function that gives the literal
back.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final

from pyoxigraph import Quad, QueryBoolean, Store

from samsyn import names
from samsyn.dataset.syntax import BlankNode, DefaultGraph, Literal, NamedNode, Term, Triple
from samsyn.errors import QueryError
from samsyn.sparql.stored_terms import rewritten

if TYPE_CHECKING:
    from samsyn.sparql.dialect import Written

_SPACE: Final = "urn:x-samsyn:bound/"
_NAMES: Final = NamedNode(_SPACE)
_IS: Final = NamedNode(_SPACE + "is")
_HIDDEN: Final = "urn:x-samsyn:literal/"
_VALUE: Final = NamedNode("urn:x-samsyn:value")
_DATATYPE: Final = NamedNode("urn:x-samsyn:datatype")
_XSD: Final = names.XSD
_REWRITTEN: Final = frozenset(
    _XSD + name
    for name in (
        *("boolean", "byte", "date", "dateTime", "dateTimeStamp", "dayTimeDuration", "decimal"),
        *("double", "duration", "float", "gDay", "gMonth", "gMonthDay", "gYear", "gYearMonth"),
        *("int", "integer", "long", "negativeInteger", "nonNegativeInteger"),
        *("nonPositiveInteger", "positiveInteger", "short", "time", "unsignedByte"),
        *("unsignedInt", "unsignedLong", "unsignedShort", "yearMonthDuration"),
    )
)
"""The datatypes whose literals the engine may rewrite."""
_PART: Final = re.compile(
    r"(?P<aside>\"{3}(?:\"{0,2}(?:[^\"\\]|\\.))*\"{3}|'{3}(?:'{0,2}(?:[^'\\]|\\.))*'{3}"
    r"|\"(?:[^\"\\\n\r]|\\.)*\"|'(?:[^'\\\n\r]|\\.)*'|<[^<>\"{}|^`\\\s]*>)"
    r"|\#[^\n\r]*|[?$](?P<variable>\w+)|(?P<word>[\w.-]*:[\w.-]*|[\w.-]+)|(?P<mark>\S)",
    re.DOTALL,
)
"""A part of a query; a string, an IRI or a comment may hold signs that look like another."""


class PrebindingError(ValueError):
    """A query cannot be run; the text says why."""


class Query:
    """A query into which values can be put.

    Args:
        text: its text, prefixes declared.
    """

    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens = _tokens(text)
        """Its parts, without comments."""
        self.variables = frozenset(each.name for each in self.tokens if each.name)
        """The names of its variables."""

    @cached_property
    def written(self) -> Written:
        """The query as the engine is given it, but for the values.

        Raises:
            PrebindingError: it cannot be read.
        """
        # Most queries of shapes are left to an engine, which reads them itself.
        from samsyn.sparql import dialect

        try:
            return dialect.written("query", self.text)
        except QueryError as error:
            raise PrebindingError(error.message) from error

    @cached_property
    def _plain(self) -> list[str]:
        tokens = _tokens(self.written.text)
        return _cut(self.written.text, [], _openings(tokens))

    @cached_property
    def _exact(self) -> list[str]:
        tokens = _tokens(self.written.text)
        return _cut(self.written.text, _edits(tokens), _openings(tokens))

    def bound(self, values: str, *, exact: bool = False) -> str:
        """Return the text for the engine with some values in every place.

        Args:
            values: group graph patterns that bind variables.
            exact: whether expressions have to give literals back first.

        Raises:
            PrebindingError: it cannot be read.
        """
        return values.join(self._exact if exact else self._plain)


@dataclass(frozen=True, slots=True)
class Token:
    """A part of a query: a word, a variable, a mark, or an IRI or string.

    Args:
        start: offset of its first character.
        end: offset behind its last.
        text: how it is written, words in capitals.
        name: the name of a variable, else empty.
    """

    start: int
    end: int
    text: str
    name: str = ""


def _tokens(text: str) -> list[Token]:
    return [
        Token(*part.span(), part.group().upper() if part["word"] else part.group(), part[2] or "")
        for part in _PART.finditer(text)
        if part.lastgroup  # a comment has none
    ]


def _openings(tokens: list[Token]) -> list[int]:
    """Return where the patterns of each group begin, those of a subquery in its own group."""
    found = []
    data = False
    for token, after in pairwise([*tokens, Token(0, 0, "")]):
        if token.text == "{" and not data and after.text != "SELECT":
            found.append(token.end)
        data = token.text == "VALUES" or (data and token.text != "{")
    return found


_EXPRESSION: Final = frozenset(
    {"FILTER", "BIND", "HAVING", "BY", "SELECT", "DISTINCT", "REDUCED", "ASC", "DESC"}
)
"""What an expression in parentheses may follow first."""
_EXACT: Final = frozenset(
    {
        *("STR", "BOUND", "SAMETERM", "ISIRI", "ISURI", "ISBLANK", "ISLITERAL", "LANG"),
        *("LANGMATCHES", "COUNT", "SAMPLE", "DATATYPE", "XSD:STRING", f"<{_XSD}string>"),
    }
)
"""Functions that take a literal as it is written."""


def _edits(tokens: list[Token]) -> list[tuple[Token, str]]:
    """Return what to write for some tokens, so that expressions compute with the right literals."""
    found: list[tuple[Token, str]] = []
    # Of each open bracket: whether expressions are in it, and which function it belongs to.
    stack: list[tuple[bool, str]] = [(False, "")]
    clause = False
    nothing = Token(0, 0, "")
    for before, token, after in zip(
        [nothing, *tokens], tokens, [*tokens[1:], nothing], strict=False
    ):
        inside, function = stack[-1]
        if token.text in _EXPRESSION:
            clause = True
        if token.text == "(":
            stack.append((inside or clause, before.text if inside or clause else ""))
            clause = clause and before.text in {"SELECT", "BY"}
        elif token.text == "{":
            stack.append((False, ""))
            clause = False
        elif token.text in {")", "}"} and len(stack) > 1:
            stack.pop()
            # Several expressions may follow one another in a projection or after ORDER BY.
            clause = token.text == ")" and not stack[-1][0] and after.text == "("
        elif token.name and inside and not _is_exact(function):
            named = before.text == "AS" or (after.text == "AS" and before.text == "(")
            if not named and before.text != "DISTINCT":
                found.append((token, f"{_VALUE}(?{token.name})"))
        elif token.text == "DATATYPE" and inside and after.text == "(":
            found.append((token, str(_DATATYPE)))
    return found


def _is_exact(function: str) -> bool:
    from samsyn.sparql.grammar.rewriting import CONCATENATED

    # The aggregates of rewritten queries join literals as they are written.
    return function in _EXACT or function.startswith(f"<{CONCATENATED}")


def _cut(text: str, edits: list[tuple[Token, str]], cuts: list[int]) -> list[str]:
    """Return a text with edits made, cut at places of the text before them."""
    places: list[tuple[int, int, str | None]] = [(e.start, e.end, new) for e, new in edits]
    places += [(cut, cut, None) for cut in cuts]
    pieces = [""]
    at = 0
    for start, end, new in sorted(places, key=lambda each: each[:2]):
        pieces[-1] += text[at:start] + (new or "")
        at = end
        if new is None:
            pieces.append("")
    pieces[-1] += text[at:]
    return pieces


def canonical(literals: Iterable[Literal]) -> bool:
    """Return whether the query engine would keep all of some literals as they are written."""
    given = {literal for literal in literals if literal.datatype.value in _REWRITTEN}
    return not rewritten(given)


def is_true(condition: str) -> bool:
    """Return whether a condition of SPARQL without variables is true; an error is not.

    Args:
        condition: the expression, its names written as IRIs.
    """
    return bool(Store().query(f"ASK {{ FILTER({condition}) }}"))


class Questions:
    """A graph that can be asked.

    Args:
        triples: its triples; blank nodes keep their labels.
        graphs: other graphs that queries may name.
    """

    def __init__(
        self, triples: Iterable[Triple], graphs: Mapping[str, Iterable[Triple]] | None = None
    ) -> None:
        given = tuple(triples)
        literals = {t.object for t in given if isinstance(t.object, Literal) and _may_change(t)}
        self._hidden: dict[object, Literal] = {term: _hidden(term) for term in rewritten(literals)}
        self._store = Store()
        self._store.extend(self._quads(given, DefaultGraph()))
        for name, part in (graphs or {}).items():
            self._store.extend(self._quads(part, NamedNode(name)))
        self._nodes: dict[BlankNode, str] = {}

    def rows(self, query: Query, values: Mapping[str, Term]) -> list[dict[str, Term]]:
        """Return the solutions of a SELECT; for an ASK an empty one if it is true, else none.

        Args:
            query: the query.
            values: what variables are bound to beforehand.

        Raises:
            PrebindingError: it cannot be run.
        """
        written = "".join(self._written(query, values))
        text = query.bound(written, exact=bool(self._hidden))
        try:
            found: Any = self._store.query(
                text,
                custom_functions={**query.written.functions, **_FUNCTIONS},
                custom_aggregate_functions=query.written.aggregates,
            )
            if isinstance(found, QueryBoolean):
                return [{}] if found else []
            names = [variable.value for variable in found.variables]
            return [
                {n: _given(v) for n, v in zip(names, row, strict=True) if v is not None}
                for row in found
            ]
        except (SyntaxError, RuntimeError, OSError, ValueError) as error:
            raise PrebindingError(str(error)) from error

    def _written(self, query: Query, values: Mapping[str, Term]) -> Iterator[str]:
        for name, term in values.items():
            if name not in query.variables:
                continue
            if isinstance(term, BlankNode):
                # No query can say a blank node, so it is found by a name that it gets.
                yield f" GRAPH {_NAMES} {{ {self._named(term)} {_IS} ?{name} }} "
            else:
                yield f" VALUES ?{name} {{ {self._hidden.get(term, term)} }} "

    def _named(self, node: BlankNode) -> str:
        if node not in self._nodes:
            name = NamedNode(f"{_SPACE}{len(self._nodes)}")
            self._nodes[node] = str(name)
            self._store.add(Quad(name, _IS, node, _NAMES))
        return self._nodes[node]

    def _quads(self, triples: Iterable[Triple], graph: Any) -> Iterator[Quad]:
        hidden = self._hidden
        for triple in triples:
            object_: Any = hidden.get(triple.object, triple.object)
            yield Quad(triple.subject, triple.predicate, object_, graph)


def _may_change(triple: Triple) -> bool:
    term = triple.object
    return isinstance(term, Literal) and term.datatype.value in _REWRITTEN


def _hidden(term: Term) -> Literal:
    assert isinstance(term, Literal)  # noqa: S101  nothing else is rewritten
    return Literal(term.value, datatype=NamedNode(_HIDDEN + term.datatype.value))


def _given(term: Any) -> Any:
    """Return the literal of the data that is behind a term."""
    if isinstance(term, Literal) and term.datatype.value.startswith(_HIDDEN):
        return Literal(term.value, datatype=NamedNode(term.datatype.value.removeprefix(_HIDDEN)))
    return term


def _datatype(term: Any) -> Any:
    return _given(term).datatype if isinstance(term, Literal) else None


_FUNCTIONS: Final = {_VALUE: _given, _DATATYPE: _datatype}
