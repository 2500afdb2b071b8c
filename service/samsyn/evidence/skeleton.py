"""What is left of a text when everything that a copy may change is taken away."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from typing import Final

SHORTEST: Final = 64
"""The fewest letters and digits of a passage: shorter ones may be in a text twice by chance."""

# The same characters as in skeleton(): those of the categories L and N.
_WORD = re.compile(r"[^\W_]+")


def skeleton(text: str) -> str:
    """Return the letters and digits of a text, compatibility-folded and without case.

    Args:
        text: any text.

    Source: https://w3id.org/samsyn/doc/passage-normalisation/1
    """
    folded = unicodedata.normalize("NFKC", text).casefold()
    return "".join(c for c in folded if unicodedata.category(c)[0] in "LN")


def digest(text: str) -> str:
    """Return the SHA-256 of a text's skeleton in UTF-8, in lower-case hexadecimal digits.

    Args:
        text: any text; a skeleton is its own skeleton.
    """
    return checksum(skeleton(text))


def checksum(letters: str) -> str:
    """Return the SHA-256 of what is a skeleton already."""
    return sha256(letters.encode()).hexdigest()


@dataclass(frozen=True)
class Copy:
    """A reader's copy of a text, as a skeleton that still knows its words.

    Args:
        text: the text as the reader holds it.
    """

    text: str

    @cached_property
    def words(self) -> list[str]:
        """The runs of letters and digits; a hyphenated word is two."""
        return _WORD.findall(unicodedata.normalize("NFKC", self.text).casefold())

    @cached_property
    def letters(self) -> str:
        """The skeleton."""
        return "".join(self.words)

    @cached_property
    def starts(self) -> bytes:
        """One byte for each place in the skeleton: 1 where a word begins."""
        marks = bytearray(len(self.letters) + 1)
        place = 0
        for word in self.words:
            marks[place] = 1
            place += len(word)
        return bytes(marks)

    @cached_property
    def ends(self) -> bytes:
        """One byte for each place in the skeleton: 1 where a word ends before it."""
        marks = bytearray(self.starts)
        if self.letters:
            marks[0], marks[-1] = 0, 1
        return bytes(marks)

    def places(self, letters: str) -> list[int]:
        """Return every place, in order, where a skeleton is in this one."""
        found = []
        place = self.letters.find(letters) if letters else -1
        while place >= 0:
            found.append(place)
            place = self.letters.find(letters, place + 1)
        return found
