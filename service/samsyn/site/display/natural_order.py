"""Natural order: digits count as numbers, so that s9 is before s10."""

from __future__ import annotations

import re

_DIGITS = re.compile(r"(\d+)")


def natural(text: str) -> tuple[tuple[int, int, str], ...]:
    """Return a key that sorts texts in natural order.

    >>> sorted(["s10", "s9"], key=natural)
    ['s9', 's10']
    """
    parts = _DIGITS.split(text)
    return tuple((0, int(part), "") if part.isdigit() else (1, 0, part) for part in parts)
