"""Functions that the engine does not have, or has in another way than SPARQL 1.1.

Some are called by rewritten queries alone (:mod:`samsyn.sparql.grammar.rewriting`). All others that
the engine does not know are errors of their expression (section 17.6), where the engine refuses the
whole text: a filter fails, a variable stays unbound.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import partial
from math import inf
from typing import Any, Final, TypeVar

from pyoxigraph import Literal, NamedNode

from samsyn.sparql.grammar import rewriting
from samsyn.sparql.regex import PatternError, read

_UNKNOWN: Final = re.compile(r"The custom function <([^>]*)> is not supported")
_MOST: Final = 50
_XSD: Final = "http://www.w3.org/2001/XMLSchema#"
_STRING: Final = _XSD + "string"
_DECIMAL: Final = r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)"
_FORMS: Final = {
    "boolean": re.compile(r"true|false|[01]"),
    "decimal": re.compile(_DECIMAL),
    "integer": re.compile(r"[+-]?[0-9]+"),
    "double": re.compile(rf"{_DECIMAL}(?:[eE][+-]?[0-9]+)?|[+-]?INF|NaN"),
}
_BITS: Final = {"Byte": 8, "Short": 16, "Int": 32, "Long": 64}
_RANGES: Final[Mapping[str, tuple[float, float]]] = {
    **{name.lower(): (-(2 ** (bits - 1)), 2 ** (bits - 1) - 1) for name, bits in _BITS.items()},
    **{f"unsigned{name}": (0, 2**bits - 1) for name, bits in _BITS.items()},
    "integer": (-inf, inf),
    "nonNegativeInteger": (0, inf), "positiveInteger": (1, inf),
    "nonPositiveInteger": (-inf, 0), "negativeInteger": (-inf, -1),
}  # fmt: skip
_DURATION: Final = _XSD + "duration"
_IN_TIME: Final = frozenset(
    _XSD + name
    for name in (
        "date", "dateTime", "dayTimeDuration", "gDay", "gMonth", "gMonthDay", "gYear", "gYearMonth",
        "time", "yearMonthDuration",
    )
)  # fmt: skip
"""Datatypes whose values the engine compares as values, beside numbers."""
_NO_LITERAL: Final = Literal("")
_AS_TEXT: Final = Literal("z")
_ZONE: Final = re.compile(r"(?:Z|[-+][0-9]{2}:[0-9]{2})\Z")
_TRUE: Final = Literal(True)  # noqa: FBT003  the engine's
_NOTHING: Final = NamedNode(rewriting.NOTHING)

T = TypeVar("T")
Function = Callable[..., Any]
Functions = dict[NamedNode, Function]
Aggregates = dict[NamedNode, Callable[[], Any]]
_NONE: Final[Mapping[NamedNode, Function]] = {}


def tolerating(run: Callable[[Functions], T], given: Mapping[NamedNode, Function] = _NONE) -> T:
    """Run a text with an error in place of each function that the engine does not know.

    Args:
        run: runs it, given functions by name.
        given: functions that the text calls.

    Raises:
        RuntimeError: it fails for another reason.
    """
    known = dict(given)
    while True:
        try:
            return run(known)
        except RuntimeError as error:
            found = _UNKNOWN.search(str(error))
            if found is None or len(known) >= _MOST:
                raise
            known[NamedNode(found[1])] = _fail


def aggregates(
    concatenations: Mapping[str, tuple[bool, str]],
) -> Aggregates:
    """Return the aggregates that a rewritten text calls.

    Args:
        concatenations: of each, whether it takes each value once, and the separator.
    """
    return {
        NamedNode(iri): partial(Concatenation, separator, distinct=distinct)
        for iri, (distinct, separator) in concatenations.items()
    }


class Concatenation:
    """GROUP_CONCAT of any terms (section 18.5.1.7), as STR gives them.

    Unbound values and blank nodes, which have no string, are left out.

    Args:
        separator: what is between two.
        distinct: whether equal terms count once.
    """

    def __init__(self, separator: str, *, distinct: bool) -> None:
        self._separator = separator
        self._met: set[Any] | None = set() if distinct else None
        self._texts: list[str] = []

    def accumulate(self, term: Any) -> None:
        """Take a term."""
        kind = type(term)
        if kind is not Literal and (kind is not NamedNode or term == _NOTHING):
            return
        if self._met is not None:
            if term in self._met:
                return
            self._met.add(term)
        self._texts.append(term.value)

    def finish(self) -> Literal:
        """Return the string, which has no language."""
        return Literal(self._separator.join(self._texts))


def _fail(*_: object) -> None:
    """Give no value, which the engine takes for an error."""


def _matches(subject: object, pattern: object, flags: object = Literal("")) -> Literal | None:
    """Do what REGEX does (section 17.4.3.14)."""
    if not _is_text(subject) or not (_is_plain(pattern) and _is_plain(flags)):
        return None
    try:
        return Literal(read(_value(pattern), _value(flags)).matches(_value(subject)))
    except (PatternError, TimeoutError):
        return None


def _replaced(
    subject: object, pattern: object, by: object, flags: object = Literal("")
) -> Literal | None:
    """Do what REPLACE does (section 17.4.3.15)."""
    if not _is_text(subject) or not all(map(_is_plain, (pattern, by, flags))):
        return None
    try:
        expression = read(_value(pattern), _value(flags))
        pieces = rewriting.references(_value(by), _value(flags))
        if expression.matches(""):
            return None
        compiled = expression.compiled
        text = compiled.sub(lambda match: _filled(pieces, match), _value(subject), timeout=10)
    except (PatternError, TimeoutError):
        return None
    return _like(subject, text)


def _filled(pieces: list[tuple[str, str]], match: Any) -> str:
    return "".join(_group(match, text) if kind == "group" else text for kind, text in pieces)


def _group(match: Any, digits: str) -> str:
    """Return a group; digits that make no number of a group are text behind it."""
    known = match.re.groups
    length = len(digits)
    while length > 1 and int(digits[:length]) > known:
        length -= 1
    number = int(digits[:length])
    return ((match[number] or "") if number <= known else "") + digits[length:]


def _truth(term: object) -> Literal | None:
    """Return the effective boolean value of a term (section 17.2.2), if it has one."""
    found = truth(term) if isinstance(term, Literal) else None
    return None if found is None else Literal(found)


def truth(literal: Literal) -> bool | None:
    """Return the effective boolean value of a literal (SPARQL 1.1, section 17.2.2).

    A number or truth value that is not well-formed is false.

    Args:
        literal: the literal.

    Returns:
        The value; None where there is none.
    """
    if _is_text(literal):
        return bool(literal.value)
    space, name = literal.datatype.value[: len(_XSD)], literal.datatype.value[len(_XSD) :]
    form = "integer" if name in _RANGES else "double" if name == "float" else name
    if space != _XSD or form not in _FORMS:
        return None
    return _FORMS[form].fullmatch(literal.value) is not None and _is_true(literal.value, name)


def _is_true(text: str, name: str) -> bool:
    """Return the truth of a well-formed number or truth value."""
    if name == "boolean":
        return text in ("true", "1")
    if name in _RANGES:
        least, most = _RANGES[name]
        return least <= int(text) <= most and int(text) != 0
    # Not by its value as a float, which may be too small to tell from nothing.
    digits = re.split("[eE]", text)[0]
    return "INF" in text or (text != "NaN" and re.search("[1-9]", digits) is not None)


def _is_text(term: object) -> bool:
    return isinstance(term, Literal) and (
        term.datatype.value == _STRING or term.language is not None
    )


def _is_plain(term: object) -> bool:
    return isinstance(term, Literal) and term.datatype.value == _STRING


def _value(term: object) -> str:
    assert isinstance(term, Literal)  # noqa: S101  for the types
    return term.value


def _like(term: object, text: str) -> Literal:
    assert isinstance(term, Literal)  # noqa: S101  for the types
    if term.language is None:
        return Literal(text)
    return Literal(text, language=term.language)


def _kind(term: object, compared: object) -> Literal:
    """Return a text that all values have which the engine can order, in the order of kinds.

    A time with a zone and one without have no order, nor have a month and thirty days. Literals
    that the engine does not compare with themselves are ordered by their texts, as strings are.

    Args:
        term: what is ordered by; no number.
        compared: whether the engine finds it no greater than itself.
    """
    if not isinstance(term, Literal):
        return _NO_LITERAL
    datatype = term.datatype.value
    if datatype == _DURATION:
        return Literal(datatype + term.value)
    if datatype not in _IN_TIME or compared != _TRUE:
        return _AS_TEXT
    return Literal(datatype + ("z" if _ZONE.search(term.value) else ""))


OURS: Final[Mapping[NamedNode, Function]] = {
    NamedNode(rewriting.MATCHES): _matches,
    NamedNode(rewriting.REPLACED): _replaced,
    NamedNode(rewriting.TRUTH): _truth,
    NamedNode(rewriting.FAILING): _fail,
    NamedNode(rewriting.KIND): _kind,
}
"""Functions that rewritten texts call."""
