"""The columns of ``SELECT *``: in the order in which the query first names them.

The Recommendation has the variables of ``*`` in no order, and the engine sorts them by name; people
expect the order in which they wrote them, and CSV has no other way to tell a column's place.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Final

from samsyn.sparql import keywords

_STAR: Final = re.compile(r"\bselect\s*+(?:(?:distinct|reduced)\b\s*+)?(\*)", re.IGNORECASE)


def ordered(text: str, names: Callable[[str], Sequence[str]]) -> str:
    """Write the columns of an outermost ``SELECT *`` out, in order of appearance.

    Args:
        text: a query.
        names: gives the variables of a query that can be parsed, and raises SyntaxError otherwise.

    Returns:
        The text with names in place of the star; as it was, if it has none or cannot be parsed.
    """
    if "*" not in text:
        return text
    masked = keywords.blanked(text)
    star = _STAR.search(masked, 0, masked.find("{") if "{" in masked else len(masked))
    if star is None:
        return text
    try:
        known = names(text)
    except (SyntaxError, ValueError):
        return text
    place = dict.fromkeys(known, -1)
    for number, name in enumerate(keywords.variables(text[star.end(1) :])):
        if place.get(name) == -1:
            place[name] = number
    last = len(text)
    columns = sorted(known, key=lambda name: place[name] if place[name] >= 0 else last)
    if columns == list(known):
        return text
    written = " ".join(f"?{name}" for name in columns)
    return f"{text[: star.start(1)]} {written} {text[star.end(1) :]}"
