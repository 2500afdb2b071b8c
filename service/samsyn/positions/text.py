"""Stretches of a text, and what is said of them in several languages.

Lines and columns count from 1 and columns in code points; the end of a region is the place after
its last character.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

Texts = tuple[tuple[str, str], ...]
"""The same text in several languages: pairs of language and text."""

_SURROGATES: Final = "[\ud800-\udfff]"


@dataclass(frozen=True, order=True)
class Region:
    """A stretch of a file's text.

    Args:
        line: the line of its first character.
        column: the column of its first character.
        end_line: the line of the character after it.
        end_column: the column of the character after it.
    """

    line: int
    column: int
    end_line: int
    end_column: int


def readable(text: str) -> str:
    """Return a text that can be encoded.

    Bytes that are no UTF-8, in a document or in the name of a file, reach Python as surrogates.
    """
    return re.sub(_SURROGATES, "\ufffd", text)
