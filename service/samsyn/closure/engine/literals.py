"""What a literal's value is, and which datatypes of OWL 2 RL hold it.

Sources: OWL 2 Structural Specification (Second Edition), section 4; XML Schema 1.1 part 2. Two
values are the same if they are identical there, not merely equal: an integer is a decimal, but no
decimal is a double. A literal of any other datatype has no known value, and nothing is said of it.
"""

from __future__ import annotations

import base64
import re
import struct
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta
from fractions import Fraction
from typing import Final

from samsyn.dataset.exact import Literal
from samsyn.names import RDF, RDFS, XSD

Value = tuple[str, object]
"""A value space that shares no value with another, and a value of it."""

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
    r"(?P<part>\.[0-9]+)?(?P<zone>Z|[+-][0-9]{2}:[0-9]{2})?"
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
    if space in {RDF + "PlainLiteral", RDF + "langString"}:
        text, _, tag = literal.value.rpartition("@")
        return ("plain", (text, tag.lower())) if tag else ("string", text)
    if space == RDF + "XMLLiteral":
        return "xml", literal.value
    reader = _READERS.get(space.removeprefix(XSD))
    return reader(literal.value, space.removeprefix(XSD)) if reader else None


def whole_number(literal: Literal) -> int | None:
    """Return the whole number that a literal stands for, or None."""
    if literal.datatype.value.removeprefix(XSD) not in _NUMBERS:
        return None
    found = value(literal)
    number = found[1] if found else None
    return int(number) if isinstance(number, Fraction) and number.denominator == 1 else None


def is_ill_typed(literal: Literal) -> bool:
    """Tell whether a literal says that it is of a datatype and is not."""
    known = literal.datatype.value.removeprefix(XSD) in _READERS
    return known and value(literal) is None


def datatypes(literal: Literal) -> Iterator[str]:
    """Give the IRIs of all datatypes of the profile whose value space holds a literal's value."""
    found = value(literal)
    if found is None:
        return
    yield RDFS + "Literal"
    space, of = found
    if space in {"plain", "string"}:
        yield RDF + "PlainLiteral"
    if space == "xml":
        yield RDF + "XMLLiteral"
    if space == "string":
        yield from (XSD + name for name, form in _STRINGS.items() if form.fullmatch(str(of)))
    elif space not in {"plain", "xml"}:
        yield XSD + space
    if isinstance(of, Fraction) and of.denominator == 1:
        yield from (XSD + name for name in _LOWEST if _is_within(int(of), name))
    if space == "dateTime" and isinstance(of, tuple) and of[1]:
        yield XSD + "dateTimeStamp"


def implies(known: Iterable[str], other: str) -> bool:
    """Tell whether what is of all known datatypes is of another too: all kinds of integers.

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


def _is_within(number: int, name: str) -> bool:
    lowest, highest = _LOWEST[name], _HIGHEST[name]
    return (lowest is None or number >= lowest) and (highest is None or number <= highest)


def _collapsed(text: str) -> str:
    return " ".join(text.split())


def _integer(text: str, name: str) -> Value | None:
    text = _collapsed(text)
    if not _INTEGER.fullmatch(text) or not _is_within(int(text), name):
        return None
    return "decimal", Fraction(int(text))


def _decimal(text: str, _: str) -> Value | None:
    text = _collapsed(text)
    return ("decimal", Fraction(text)) if _DECIMAL.fullmatch(text) else None


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
    zone, part = match["zone"], Fraction(f"0{match['part'] or ''}")
    try:
        moment = datetime.fromisoformat(match["date"].replace("T24:00:00", "T00:00:00"))
        if "T24:00:00" in match["date"]:
            moment += timedelta(days=1)
        return "dateTime", ((moment - _offset(zone), part), bool(zone))
    except ValueError:  # no such day, or a year that Python has no date for
        far = match["date"].startswith("-") or match["date"].index("-") > len("9999")
        return ("dateTime", ((match["date"], zone, part), bool(zone))) if far else None


def _offset(zone: str | None) -> timedelta:
    if not zone or zone == "Z":
        return timedelta()
    hours, minutes = zone[1:].split(":")
    return timedelta(hours=int(hours), minutes=int(minutes)) * (-1 if zone[0] == "-" else 1)


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
