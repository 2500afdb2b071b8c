"""Dates, times and durations that are none, such as the 30th of February.

OWL 2 does not have these datatypes, so they are no contradiction, whatever they hold (XML Schema
1.1 Part 2, section 3.3, says how each is written).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final

from samsyn import names
from samsyn.dataset.exact import Literal, Triple
from samsyn.validation.finding import Finding, shown

RULE: Final = "SAM-wrong-date"

_ZONE: Final = r"(?:Z|[+-](?:(?:0\d|1[0-3]):[0-5]\d|14:00))?"
_YEAR: Final = r"-?(?:[1-9]\d{3,}|0\d{3})"
_MONTH: Final = r"(?:0[1-9]|1[0-2])"
_DAY: Final = r"(?:0[1-9]|[12]\d|3[01])"
_TIME: Final = r"(?:(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d+)?|24:00:00(?:\.0+)?)"
_DAYS: Final = r"(?:\d+D)?(?:T(?=\d)(?:\d+H)?(?:\d+M)?(?:\d+(?:\.\d+)?S)?)?"
_WRITTEN: Final = {
    "date": f"(?P<year>{_YEAR})-(?P<month>{_MONTH})-(?P<day>{_DAY}){_ZONE}",
    "time": f"{_TIME}{_ZONE}",
    "gYear": f"{_YEAR}{_ZONE}",
    "gYearMonth": f"{_YEAR}-{_MONTH}{_ZONE}",
    "gMonth": f"--{_MONTH}{_ZONE}",
    "gMonthDay": f"--(?P<month>{_MONTH})-(?P<day>{_DAY}){_ZONE}",
    "gDay": f"---{_DAY}{_ZONE}",
    "duration": rf"-?P(?=\d|T)(?:\d+Y)?(?:\d+M)?{_DAYS}",
    "dayTimeDuration": rf"-?P(?=\d|T){_DAYS}",
    "yearMonthDuration": r"-?P(?=\d)(?:\d+Y)?(?:\d+M)?",
}
_PATTERNS: Final = {
    names.XSD + name: re.compile(pattern, re.ASCII) for name, pattern in _WRITTEN.items()
}
_SHORT: Final = {2: 29, 4: 30, 6: 30, 9: 30, 11: 30}
"""The months of fewer than 31 days; February in a leap year."""


def misdated(triples: Iterable[Triple]) -> Iterator[Finding]:
    """Yield a finding for each triple whose object has a datatype of dates, and is none of them.

    Args:
        triples: the user's data.
    """
    for triple in dict.fromkeys(triple for triple in triples if _is_wrong(triple.object)):
        literal = triple.object
        name = "xsd:" + literal.datatype.value.removeprefix(names.XSD)  # type: ignore[union-attr]  # it is a literal
        value = shown(literal.value)  # type: ignore[union-attr]  # the same
        yield Finding(
            RULE,
            "violation",
            (
                ("sv", f'"{value}" är inget värde av {name}.'),
                ("en", f'"{value}" is not a value of {name}.'),
            ),
            focus=str(triple.subject),
            path=triple.predicate.value,
            value=str(literal),
        )


def _is_wrong(term: object) -> bool:
    if not isinstance(term, Literal):
        return False
    pattern = _PATTERNS.get(term.datatype.value)
    if pattern is None:
        return False
    found = pattern.fullmatch(term.value.strip(" \t\r\n"))
    return found is None or not _is_day(found.groupdict())


def _is_day(parts: dict[str, str]) -> bool:
    if "day" not in parts:
        return True
    month, day = int(parts["month"]), int(parts["day"])
    year = int(parts.get("year", "0"))
    is_leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    return day <= (28 if month == 2 and not is_leap else _SHORT.get(month, 31))  # noqa: PLR2004  days
