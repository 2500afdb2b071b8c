"""Cut Turtle into its tokens, comments among them.

Source: https://www.w3.org/TR/turtle/ (terminals of the grammar).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

_TOKEN: Final = re.compile(
    r"""
    (?P<space>\s+)
  | (?P<comment>\#[^\n]*)
  | (?P<string>\"{3}(?:[^\"\\]|\\.|\"(?!\"\"))*\"{3} | '{3}(?:[^'\\]|\\.|'(?!''))*'{3}
      | \"(?:[^\"\\\n]|\\.)*\" | '(?:[^'\\\n]|\\.)*')
  | (?P<iri><[^>\s]*>)
  | (?P<tag>@[A-Za-z]+(?:-[A-Za-z0-9]+)*)
  | (?P<type>\^\^)
  | (?P<blank>_:[^\s;,()\[\]]*[^\s;,()\[\].])
  | (?P<number>[+-]?(?:\d+\.\d*|\.\d+|\d+)(?:[eE][+-]?\d+)?(?![\w:]))
  | (?P<name>(?:[\w](?:[\w.-]*[\w-])?)?:(?:(?:[\w:%-]|\\.)(?:(?:[\w:.%-]|\\.)*(?:[\w:%-]|\\.))?)?)
  | (?P<word>[A-Za-z]+)
  | (?P<mark>[.;,()\[\]])
    """,
    re.VERBOSE | re.DOTALL,
)


@dataclass(frozen=True)
class Token:
    """One token with its line.

    Args:
        kind: the name of its group in the grammar above.
        text: as written.
        line: counted from 1.
    """

    kind: str
    text: str
    line: int


def tokens(text: str) -> Iterator[Token]:
    """Yield the tokens of a text, comments among them.

    Args:
        text: Turtle that parses.

    Raises:
        ValueError: a place fits no token; its message is the line.
    """
    place, line = 0, 1
    while place < len(text):
        match = _TOKEN.match(text, place)
        if match is None:
            raise ValueError(str(line))
        if match.lastgroup != "space":
            yield Token(str(match.lastgroup), match[0], line)
        line += match[0].count("\n")
        place = match.end()
