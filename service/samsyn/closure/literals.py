"""What a literal's value is, and which datatypes of OWL 2 RL hold it.

Sources: OWL 2 Structural Specification (Second Edition), section 4; XML Schema 1.1 part 2. Two
values are the same if they are identical there, not merely equal: an integer is a decimal, but no
decimal is a double, and one instant in two time zones is two values. A literal of any other
datatype has no known value, and nothing is said of it. Nor is the value of an XML literal known:
two writings of it may be one value.
"""

from __future__ import annotations

import base64
import re
import struct
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta
from math import inf
from typing import Final

from samsyn.dataset.exact import Literal, NamedNode
from samsyn.names import LANG_STRING, OWL, RDF, RDFS, XSD, XSD_STRING

Value = tuple[str, object]
"""A value space that shares no value with another, and a value of it."""

TEXTS: Final = frozenset({XSD_STRING, LANG_STRING})
"""The datatypes of which nearly all literals are; each writing of theirs is a value of its own."""
_PLAIN: Final = RDF + "PlainLiteral"
_XML: Final = RDF + "XMLLiteral"
_LONG: Final = 4000
"""A number with more characters is kept as text."""

_BYTES: Final = {"byte": 7, "short": 15, "int": 31, "long": 63}
_LOWEST: Final[dict[str, int | None]] = {
    **{name: -(1 << bits) for name, bits in _BYTES.items()},
    **{f"unsigned{name.title()}": 0 for name in _BYTES},
    **dict.fromkeys(("integer", "nonPositiveInteger", "negativeInteger")),
    "nonNegativeInteger": 0,
    "positiveInteger": 1,
}
_HIGHEST: Final[dict[str, int | None]] = {
    **{name: (1 << bits) - 1 for name, bits in _BYTES.items()},
    **{f"unsigned{name.title()}": (1 << bits + 1) - 1 for name, bits in _BYTES.items()},
    **dict.fromkeys(("integer", "nonNegativeInteger", "positiveInteger")),
    "nonPositiveInteger": 0,
    "negativeInteger": -1,
}
_NUMBERS: Final = frozenset({*_LOWEST, "decimal"})
_INTEGER: Final = re.compile(r"[+-]?[0-9]+")
_DECIMAL: Final = re.compile(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)")
_DOUBLE: Final = re.compile(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]+)?|[+-]?INF|NaN")
_BASE64: Final = re.compile(r"([A-Za-z0-9+/] ?)*(= ?){0,2}")
_DATE: Final = re.compile(
    r"(?P<date>-?([1-9][0-9]{3,}|0[0-9]{3})-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2})"
    r"(?P<part>\.[0-9]+)?(?P<zone>Z|[+-](?:(?:0[0-9]|1[0-3]):[0-5][0-9]|14:00))?"
)
_STRINGS: Final = {
    "string": re.compile(r".*", re.DOTALL),
    "normalizedString": re.compile(r"[^\t\n\r]*"),
    "token": re.compile(r"([^\s]+( [^\s]+)*)?"),
    "language": re.compile(r"[a-zA-Z]{1,8}(-[a-zA-Z0-9]{1,8})*"),
    "Name": re.compile(r"[^\W\d][\w.:·-]*|:[\w.:·-]*"),
    "NCName": re.compile(r"[^\W\d][\w.·-]*"),
    "NMTOKEN": re.compile(r"[\w.:·-]+"),
}
_TRUTH: Final = {"true": True, "1": True, "false": False, "0": False}


def value(literal: Literal) -> Value | None:
    """Return the value of a literal, or None if it has none that is known."""
    if literal.language:
        return "plain", (literal.value, literal.language.lower())
    space = literal.datatype.value
    if space == XSD + "string":
        return "string", literal.value
    if space == _PLAIN:
        return _plain(literal.value)
    reader = _READERS.get(space.removeprefix(XSD))
    return reader(literal.value, space.removeprefix(XSD)) if reader else None


def whole_number(literal: Literal) -> int | None:
    """Return the whole number that a literal stands for, or None."""
    if literal.datatype.value.removeprefix(XSD) not in _NUMBERS:
        return None
    found = value(literal)
    number = found[1] if found else None
    return number if isinstance(number, int) else None


def is_ill_typed(literal: Literal) -> bool:
    """Return whether a literal says that it is of a datatype and is not."""
    space = literal.datatype.value
    if space in TEXTS:
        return space == LANG_STRING and not literal.language
    known = space == _PLAIN or space.removeprefix(XSD) in _READERS
    return known and value(literal) is None


def datatypes(literal: Literal) -> Iterator[str]:
    """Give the IRIs of all datatypes of the profile whose value space holds a literal's value."""
    if literal.datatype.value == _XML:
        yield from (RDFS + "Literal", _XML)
        return
    found = value(literal)
    if found is None:
        return
    yield RDFS + "Literal"
    space, of = found
    if space in {"plain", "string"}:
        yield _PLAIN
    if space == "string":
        yield from (XSD + name for name, form in _STRINGS.items() if form.fullmatch(str(of)))
    else:
        yield LANG_STRING if space == "plain" else XSD + space
    if space == "decimal" and _is_whole(of):
        yield from (XSD + name for name in _LOWEST if _is_within(of, name))
    if space == "dateTime" and isinstance(of, tuple) and of[1] is not None:
        yield XSD + "dateTimeStamp"


def is_of(literal: Literal, datatype: str) -> bool:
    """Return whether the value of a literal is known and in the value space of a datatype."""
    own = literal.datatype.value
    if own in SURE and datatype in SURE[own]:
        return True
    if datatype in _REALS:
        found = value(literal)
        return found is not None and found[0] == "decimal"
    if own == datatype != _XML:
        return value(literal) is not None
    return datatype in datatypes(literal)


def is_outside(literal: Literal, datatype: str) -> bool:
    """Return whether a literal has no value in the value space of a datatype.

    Args:
        literal: of which nothing is said if its datatype is not of the profile.
        datatype: IRI of the datatype; nothing is said of one that is not of :data:`DATATYPES`.
    """
    if datatype not in DATATYPES or is_of(literal, datatype):
        return False
    return literal.datatype.value == _XML or value(literal) is not None or is_ill_typed(literal)


def same_value(one: Literal, other: Literal) -> bool:
    """Return whether two literals are known to have one value."""
    return one == other or (value(one) is not None and value(one) == value(other))


def different_value(one: Literal, other: Literal) -> bool:
    """Return whether two literals are known to have two values."""
    values = value(one), value(other)
    return None not in values and values[0] != values[1]


def implies(known: Iterable[str], other: str) -> bool:
    """Return whether what is of all known datatypes is of another too: all kinds of integers.

    Args:
        known: IRIs of the datatypes.
        other: IRI of the datatype in question.
    """
    name, names = other.removeprefix(XSD), [iri.removeprefix(XSD) for iri in known]
    names = [known for known in names if known in _LOWEST]
    if not names or name not in _LOWEST:
        return False
    lowest = max((low for n in names if (low := _LOWEST[n]) is not None), default=None)
    highest = min((high for n in names if (high := _HIGHEST[n]) is not None), default=None)
    return _reaches(_LOWEST[name], lowest, -1) and _reaches(_HIGHEST[name], highest, 1)


def _reaches(bound: int | None, known: int | None, way: int) -> bool:
    # Whether a bound is no nearer than the one that is known.
    return bound is None or (known is not None and bound * way >= known * way)


def _is_within(number: object, name: str) -> bool:
    lowest, highest = _LOWEST[name], _HIGHEST[name]
    if not isinstance(number, int):  # so long that it is beyond every bound
        number = inf if not str(number).startswith("-") else -inf
    return (lowest is None or number >= lowest) and (highest is None or number <= highest)


def _collapsed(text: str) -> str:
    return " ".join(text.split())


def _plain(text: str) -> Value | None:
    # The text, an at sign, and a tag that may be empty (rdf:PlainLiteral, section 3.1).
    text, sign, tag = text.rpartition("@")
    if not sign or (tag and not _STRINGS["language"].fullmatch(tag)):
        return None
    return ("plain", (text, tag.lower())) if tag else ("string", text)


def _integer(text: str, name: str) -> Value | None:
    if name == "integer" and text.isdigit() and text.isascii() and len(text) < _LONG:
        return "decimal", int(text)  # nearly all of them
    text = _collapsed(text)
    if not _INTEGER.fullmatch(text) or not _is_within(number := _number(text), name):
        return None
    return "decimal", number


def _decimal(text: str, _: str) -> Value | None:
    text = _collapsed(text)
    return ("decimal", _number(text)) if _DECIMAL.fullmatch(text) else None


def _number(text: str) -> int | str:
    # A part of one, or one with thousands of digits, stays text in its shortest form: to compute
    # with the latter would take time by the square of its digits.
    whole, _, part = text.lstrip("+-").partition(".")
    whole, part = whole.lstrip("0") or "0", part.rstrip("0")
    sign = "-" if text.startswith("-") and (whole, part) != ("0", "") else ""
    plain = f"{sign}{whole}.{part}" if part else f"{sign}{whole}"
    return plain if part or len(plain) > _LONG else int(plain)


def _is_whole(number: object) -> bool:
    return isinstance(number, int) or (isinstance(number, str) and "." not in number)


def _floating(text: str, name: str) -> Value | None:
    text = _collapsed(text)
    if not _DOUBLE.fullmatch(text):
        return None
    number = float(text)
    if name == "float":
        try:
            (number,) = struct.unpack("f", struct.pack("f", number))
        except OverflowError:
            number = float("inf") if number > 0 else float("-inf")
    return name, repr(number)  # by its writing, since not-a-number is itself and -0 is not 0


def _string(text: str, name: str) -> Value | None:
    if name == "normalizedString":
        text = re.sub(r"[\t\n\r]", " ", text)
    elif name != "string":
        text = _collapsed(text)
    return ("string", text) if _STRINGS[name].fullmatch(text) else None


def _boolean(text: str, name: str) -> Value | None:
    truth = _TRUTH.get(_collapsed(text))
    return None if truth is None else (name, truth)


def _hexadecimal(text: str, name: str) -> Value | None:
    text = _collapsed(text)
    return (name, bytes.fromhex(text)) if re.fullmatch(r"([0-9a-fA-F]{2})*", text) else None


def _base64(text: str, name: str) -> Value | None:
    text = _collapsed(text)
    packed = text.replace(" ", "")
    if not _BASE64.fullmatch(text) or len(packed) % 4:
        return None
    return name, base64.b64decode(packed)


def _iri(text: str, name: str) -> Value | None:
    return name, _collapsed(text)


def _moment(text: str, name: str) -> Value | None:
    match = _DATE.fullmatch(_collapsed(text))
    if not match or (name == "dateTimeStamp" and not match["zone"]):
        return None
    zone, part = _offset(match["zone"]), (match["part"] or "").rstrip("0").rstrip(".")
    try:
        moment = datetime.fromisoformat(match["date"].replace("T24:00:00", "T00:00:00"))
        if "T24:00:00" in match["date"]:
            if part:
                return None
            moment += timedelta(days=1)
        return "dateTime", ((moment, part), zone)
    except (ValueError, OverflowError):  # no such day, or a year that Python has no date for
        far = match["date"].startswith(("-", "0000")) or match["date"].index("-") > len("9999")
        return ("dateTime", ((match["date"], part), zone)) if far else None


def _offset(zone: str | None) -> int | None:
    # In minutes: it is part of the value, so that equal instants of two zones are two values.
    if not zone:
        return None
    if zone == "Z":
        return 0
    hours, minutes = zone[1:].split(":")
    return (int(hours) * 60 + int(minutes)) * (-1 if zone[0] == "-" else 1)


_READERS: Final[dict[str, Callable[[str, str], Value | None]]] = {
    **dict.fromkeys(_LOWEST, _integer),
    **dict.fromkeys(_STRINGS, _string),
    **dict.fromkeys(("float", "double"), _floating),
    **dict.fromkeys(("dateTime", "dateTimeStamp"), _moment),
    "decimal": _decimal,
    "boolean": _boolean,
    "anyURI": _iri,
    "hexBinary": _hexadecimal,
    "base64Binary": _base64,
}

_REALS: Final = frozenset({OWL + "real", OWL + "rational"})
DATATYPES: Final = frozenset(
    {RDFS + "Literal", LANG_STRING}
    | _REALS
    | {RDF + name for name in ("PlainLiteral", "XMLLiteral")}
    | {XSD + name for name in _READERS}
)
"""The datatypes whose value spaces are known: those of OWL 2, and that of texts with a tag."""


SURE: Final = {
    XSD_STRING: frozenset({XSD_STRING, _PLAIN, RDFS + "Literal"}),
    LANG_STRING: frozenset({LANG_STRING, _PLAIN, RDFS + "Literal"}),
}
"""Of what a literal is by its own datatype, whatever its writing: nothing else need be read."""


def holds(premise: str, first: object, second: object) -> bool:
    """Return whether a premise of a rule on literals holds (:mod:`samsyn.closure.rules`).

    Args:
        premise: its name.
        first: a term.
        second: a term.
    """
    if not isinstance(first, Literal):
        return False
    if isinstance(second, NamedNode):
        return (premise == "TYPED" and is_of(first, second.value)) or (
            premise == "OUTSIDE" and is_outside(first, second.value)
        )
    if not isinstance(second, Literal) or first == second:
        return False
    return (premise == "SAMEVALUE" and same_value(first, second)) or (
        premise == "DIFFERENTVALUE" and different_value(first, second)
    )
