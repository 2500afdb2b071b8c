"""The nearest right words to a wrong one.

Upper and lower case, hyphens and underscores do not count; after that a step is a letter more,
less or other, or two neighbours swapped.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from typing import Final

_STEPS: Final = ((2, 0), (4, 1), (8, 2))
"""How many steps a word of that many letters at most may be away; a longer one: three."""
_PART: Final = 0.6
"""How much of a word another one inside of it has to be, as ``memberOf`` of ``isMemberOf``."""
_PART_LETTERS: Final = 5
_PART_COST: Final = 2.5
_FOLD: Final = str.maketrans("", "", "-_")


def distance(one: str, other: str, limit: int) -> int:
    """Return how many steps lead from one word to another; ``limit + 1`` if it is more than that.

    >>> distance("lable", "label", 3), distance("minCount", "mincounts", 3), distance("a", "xyz", 1)
    (1, 2, 2)
    """
    if abs(len(one) - len(other)) > limit:
        return limit + 1
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, 1):
        older, before, row = before, row, [i]
        for j, counterpart in enumerate(other, 1):
            same = letter == counterpart
            steps = before[j - 1] if same else 1 + min(before[j - 1], before[j], row[j - 1])
            if (
                not same
                and i > 1
                and j > 1
                and letter == other[j - 2]
                and counterpart == one[i - 2]
            ):
                steps = min(steps, older[j - 2] + 1)
            row.append(steps)
        if min(row) > limit and (not before or min(before) >= limit):
            return limit + 1
    return min(row[-1], limit + 1)


class Words:
    """Right words, to which the nearest can be found.

    Args:
        words: the right words.
    """

    def __init__(self, words: Iterable[str]) -> None:
        self.words = frozenset(words)

    @cached_property
    def _folded(self) -> list[tuple[str, str, int]]:
        return [(word, folded := _fold(word), _letters(folded)) for word in sorted(self.words)]

    def near(self, word: str) -> list[tuple[float, str]]:
        """Return the words near a wrong one with what they cost, the nearest first.

        What is much farther away than the nearest is left out.

        >>> Words(["prefLabel", "altLabel", "broader"]).near("preflabel")
        [(0, 'prefLabel')]
        """
        folded = _fold(word)
        letters, limit = _letters(folded), _limit(len(folded))
        found: list[tuple[float, str]] = []
        for candidate, other, others in self._folded:
            # A step changes two letters at most: most words are ruled out without being read.
            if (letters ^ others).bit_count() <= 2 * limit:
                steps = distance(folded, other, limit)
                if steps <= limit:
                    found.append((steps, candidate))
                    continue
            if _is_part(folded, other):
                found.append((_PART_COST, candidate))
        best = min(found)[0] if found else 0
        return sorted(each for each in found if each[0] <= best + 1)


def _fold(word: str) -> str:
    return word.translate(_FOLD).casefold()


def _letters(word: str) -> int:
    bits = 0
    for letter in set(word):
        bits |= 1 << (ord(letter) % 64)
    return bits


def _limit(length: int) -> int:
    return next((steps for most, steps in _STEPS if length <= most), 3)


def _is_part(one: str, other: str) -> bool:
    short, long = (one, other) if len(one) < len(other) else (other, one)
    return len(short) >= max(_PART_LETTERS, _PART * len(long)) and short in long
