"""Which queries an engine answers wrongly, by their text and the literals of the data.

The default engine was built without dates, times and durations, so that a comparison of two is an
error, and an error in a filter finds nothing. It gives no value that a query computes. It computes
with literals as it would write them. The reference does not make dates of text, and neither has the
dialect of regular expressions. Whatever is doubtful counts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Set
from itertools import pairwise
from typing import Final

from samsyn import names
from samsyn.closure.view import View
from samsyn.dataset.exact import Literal, NamedNode
from samsyn.sparql import regex
from samsyn.sparql.prebinding import Token, canonical
from samsyn.validation.engines.model import Shapes
from samsyn.validation.engines.property_filter import Sight
from samsyn.validation.engines.queries import SPARQL, Asked

_RESULT: Final = frozenset({"value", "path", "message", "failure"})
_TEMPORAL: Final = frozenset(
    names.XSD + name
    for name in (
        *("date", "time", "gYear", "gYearMonth", "gMonth", "gMonthDay", "gDay"),
        *("duration", "dayTimeDuration", "yearMonthDuration"),
    )
)
_TEMPORAL_NAME: Final = re.compile(
    r"(?:.*:|<.*#)(?:date|time|gYear|gYearMonth|gMonth|gMonthDay|gDay|duration|dayTimeDuration"
    r"|yearMonthDuration|dateTime)>?",
    re.IGNORECASE,
)
_SPARQL_FUNCTION: Final = NamedNode(names.SH + "SPARQLFunction")
_FUNCTION: Final = re.compile(r"<.*>|[^:]*:.*", re.DOTALL)
_CAST: Final = re.compile(r"XSD:.*|<http://www\.w3\.org/2001/XMLSchema#.*>")
_PARTS_OF_DATES: Final = frozenset(
    {"YEAR", "MONTH", "DAY", "HOURS", "MINUTES", "SECONDS", "TIMEZONE", "TZ", "NOW", "ADJUST"}
)
_AS_TEXT: Final = frozenset(
    {
        *("STR", "CONCAT", "SUBSTR", "STRLEN", "REPLACE", "REGEX", "CONTAINS", "STRSTARTS"),
        *("STRENDS", "STRBEFORE", "STRAFTER", "UCASE", "LCASE", "ENCODE_FOR_URI", "GROUP_CONCAT"),
        *("SAMETERM", "IRI", "URI", "MD5", "SHA1", "SHA256", "SHA384", "SHA512", "DATATYPE"),
    }
)
_OWN_NAMES: Final = frozenset({"currentShape", "shapesGraph"})
_NEVER: Final = frozenset({"GRAPH", "FROM"})
_ORDERED: Final = frozenset({"IN", "ORDER", "MIN", "MAX"})
_COMPARED: Final = frozenset({"<", ">", "="})
_ARITHMETIC: Final = frozenset({"+", "-"})
_SAFE_WORD: Final = re.compile(r"TRUE|FALSE|[\d.]+")


class Doubt:
    """Tells which queries neither engine is to be trusted with.

    Args:
        view: the data.
        shapes: the shapes graph.
    """

    def __init__(self, view: View, shapes: Shapes) -> None:
        self._view = view
        self._sight = Sight(shapes.triples)
        self._has_functions = any(t.object == _SPARQL_FUNCTION for t in shapes.triples)
        self._literals: dict[str, tuple[bool, bool]] = {}

    def about(self, asked: Asked) -> bool:
        """Return whether an engine may answer a query wrongly, and the query index can."""
        tokens = asked.query.tokens
        if self._has_functions and _calls_others(tokens):
            return False
        if asked.component != SPARQL or _is_doubtful(asked):
            # Neither engine asks each value of a parameter, nor a focus node without value nodes.
            return True
        words = {token.text for token in tokens}
        orders = bool(words & (_ORDERED | _ARITHMETIC)) or any(map(_is_open, _sides(tokens)))
        reads = bool(words & _AS_TEXT)
        if not orders and not reads:
            return False
        found = [self._of(property_) for property_ in self.looked_at(asked)]
        temporal, rewritten = any(one for one, _ in found), any(other for _, other in found)
        return (temporal and orders) or (rewritten and reads)

    def looked_at(self, asked: Asked) -> Set[str]:
        """Return the properties of the data that a query can look at."""
        named = self._sight.of(asked.text)
        return self._view.properties if named is None else self._view.properties & named

    def _of(self, property_: str) -> tuple[bool, bool]:
        if property_ not in self._literals:
            literals = [o for o in self._view.objects(property_) if isinstance(o, Literal)]
            temporal = any(literal.datatype.value in _TEMPORAL for literal in literals)
            self._literals[property_] = temporal, not canonical(literals)
        return self._literals[property_]


def _is_doubtful(asked: Asked) -> bool:
    """Return whether an engine may answer a query wrongly, whatever the data is."""
    tokens = asked.query.tokens
    words = {token.text for token in tokens}
    if words & (_PARTS_OF_DATES | _NEVER) or _OWN_NAMES & asked.query.variables:
        return True
    temporal = any(map(_TEMPORAL_NAME.fullmatch, words))
    return temporal or _computes(tokens) or not all(map(_is_same, _patterns(tokens)))


def _calls_others(tokens: list[Token]) -> bool:
    """Return whether a query may call a function that the shapes declare."""
    return any(
        other.text == "(" and _FUNCTION.fullmatch(one.text) and not _CAST.fullmatch(one.text)
        for one, other in pairwise(tokens)
    )


def _computes(tokens: list[Token]) -> bool:
    return any(one.text == "AS" and other.name in _RESULT for one, other in pairwise(tokens))


def _patterns(tokens: list[Token]) -> Iterator[str | None]:
    """Yield the patterns of REGEX and REPLACE, None for one that is no plain string."""
    for number, token in enumerate(tokens):
        if token.text in {"REGEX", "REPLACE"}:
            yield _second(tokens[number + 1 :])


def _second(tokens: list[Token]) -> str | None:
    depth = 0
    for number, token in enumerate(tokens):
        depth += (token.text == "(") - (token.text == ")")
        if token.text == "," and depth == 1:
            pattern, after = tokens[number + 1 : number + 3]
            # With flags it is left to the other engine.
            is_string = pattern.text[0] in "\"'" and "\\" not in pattern.text
            return pattern.text.strip(pattern.text[0]) if is_string and after.text == ")" else None
    return None


def _is_same(pattern: str | None) -> bool:
    try:
        return pattern is not None and regex.read(pattern).same
    except regex.PatternError:
        return False


def _sides(tokens: list[Token]) -> Iterator[tuple[Token, Token, Token, Token]]:
    """Yield what is on both sides of each comparison: two tokens before it, two after it."""
    nothing = Token(0, 0, "")
    padded = [nothing, nothing, *tokens, nothing, nothing, nothing]
    for number, token in enumerate(padded):
        before, after = padded[number - 1], padded[number + 1 : number + 3]
        # Of "<=" and "!=" the equals sign is another token.
        if token.text in _COMPARED and before.text not in {"<", ">"}:
            first = number - 1 - (before.text == "!")
            last = number + 1 + (after[0].text == "=")
            yield padded[first - 1], padded[first], padded[last], padded[last + 1]


def _is_open(sides: tuple[Token, Token, Token, Token]) -> bool:
    """Return whether two sides of a comparison may both be dates."""
    before, left, right, after = sides
    return not (
        _is_safe(left, before, called=False) or _is_safe(right, after, called=after.text == "(")
    )


def _is_safe(token: Token, beside: Token, *, called: bool) -> bool:
    if token.text[:1] in {'"', "'"}:
        return beside.text != "^"
    if called:
        return token.text in _AS_TEXT or token.text in {"LANG", "COUNT", "STRLEN"}
    is_name = token.text[:1] == "<" or ":" in token.text
    return is_name or bool(_SAFE_WORD.fullmatch(token.text))
