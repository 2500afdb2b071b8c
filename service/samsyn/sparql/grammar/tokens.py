"""The terminals of SPARQL 1.2 (section 19.8), one at a time."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

VARIABLE: Final = "a variable"
IRI: Final = "an IRI"
NAME: Final = "a prefixed name"
BLANK: Final = "a blank node"
STRING: Final = "a string"
NUMBER: Final = "a number"
LANGUAGE: Final = "a language tag"
END: Final = "the end"
UNKNOWN: Final = ""
WORD: Final = "word"
MARK: Final = "mark"

_BASE: Final = (
    "A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c\u200d"
    "\u2070-\u218f\u2c00-\u2fef\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd\U00010000-\U000effff"
)
_START: Final = f"{_BASE}_"
_CHARS: Final = rf"{_START}0-9\u00b7\u0300-\u036f\u203f-\u2040-"
_ESCAPED: Final = r"%[0-9A-Fa-f]{2}|\\[_~.!$&'()*+,;=/?\#@%-]"
_DOTTED: Final = rf"(?:[{_CHARS}.]*[{_CHARS}])?"
_CODE: Final = r"\\u[0-9A-Fa-f]{4}|\\U[0-9A-Fa-f]{8}"
_SPACE: Final = re.compile(r"(?:[\x20\t\r\n]|\#[^\r\n]*)*+")
_TOKEN: Final = re.compile(
    rf"""
      (?P<variable> [?$] [{_START}0-9] [{_START}0-9\u00b7\u0300-\u036f\u203f-\u2040]*+ )
    | (?P<iri> <(?:[^<>"{{}}|^`\\\x00-\x20]|{_CODE})*+> )
    | (?P<blank> _: [{_START}0-9] {_DOTTED} )
    | (?P<name> (?:[{_BASE}]{_DOTTED})? :
        (?: (?:[{_START}:0-9]|{_ESCAPED})
            (?: (?:[{_CHARS}.:]|{_ESCAPED})* (?:[{_CHARS}:]|{_ESCAPED}) )? )? )
    | (?P<string> \"\"\"(?:\"{{0,2}}(?:[^"\\]|\\.))*+\"\"\" | '''(?:'{{0,2}}(?:[^'\\]|\\.))*+'''
        | "(?!\"\")(?:[^"\\\r\n]|\\.)*+" | '(?!'')(?:[^'\\\r\n]|\\.)*+' )
    | (?P<number> [+-]? (?: [0-9]+\.[0-9]*[eE][+-]?[0-9]+ | \.?[0-9]+[eE][+-]?[0-9]+
        | [0-9]*\.[0-9]+ | [0-9]+ ) )
    | (?P<language> @[A-Za-z]+(?:-[A-Za-z0-9]+)*(?:--[A-Za-z]+)? )
    | (?P<word> [{_START}]+ [{_START}0-9]*+ )
    | (?P<mark> <<\( | \)>> | << | >> | \{{\| | \|\}} | \^\^ | \|\| | && | != | <= | >=
        | [{{}}()\[\].,;*/+?|^!=<>~-] )
    """,
    re.VERBOSE | re.DOTALL,
)
_KINDS: Final = {
    "variable": VARIABLE, "iri": IRI, "blank": BLANK, "name": NAME, "string": STRING,
    "number": NUMBER, "language": LANGUAGE,
}  # fmt: skip


class Token(NamedTuple):
    """A terminal.

    Args:
        kind: what sort of terminal it is.
        word: what the grammar compares: a keyword in capitals, a mark, or the kind.
        start: offset of its first character.
        end: offset behind its last.
    """

    kind: str
    word: str
    start: int
    end: int


def token(text: str, offset: int, *, operator: bool = False) -> Token:
    """Return the terminal at an offset, behind white space and comments.

    Args:
        text: a query or update.
        offset: where to look.
        operator: whether only an operator can follow, so that ``<`` begins no IRI.
    """
    space = _SPACE.match(text, offset)
    start = space.end() if space else offset
    if start == len(text):
        return Token(END, END, start, start)
    if operator and text[start] == "<":
        end = start + (2 if text[start : start + 2] == "<=" else 1)
        return Token(MARK, text[start:end], start, end)
    found = _TOKEN.match(text, start)
    if found is None:
        return Token(UNKNOWN, UNKNOWN, start, start + 1)
    kind = found.lastgroup or ""
    if kind == WORD:
        return Token(WORD, found[0].upper(), start, found.end())
    if kind == MARK:
        return Token(MARK, found[0], start, found.end())
    return Token(_KINDS[kind], _KINDS[kind], start, found.end())
