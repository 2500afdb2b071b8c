"""The tokens of Turtle and its relatives as regular expressions.

They take documents that a parser has read already, so they only tell tokens apart and let pass
some that are none. Where a token ends is what they must agree on with the parser.
"""

from __future__ import annotations

import re
from typing import Final

GAP: Final = r"(?:[ \t\r\n]++|#[^\r\n]*+)*+"
"""White space and comments."""

# By what they are not: to compile a class with all characters beyond ASCII takes long.
_CHARACTER: Final = r"[^\x00-$&-,./:-@\[-\^`{-\x7f]"
_COLON_TOO: Final = r"[^\x00-$&-,./;-@\[-\^`{-\x7f]"
_ESCAPED_TOO: Final = r"[^\x00-$&-,./;-@\[\]\^`{-\x7f]"
_LETTER: Final = r"[^\x00-@\[-`{-\x7f]"
_ESCAPE: Final = r"\\[^\r\n]"

# A dot belongs to a name only if more of the name follows.
_LOCAL: Final = rf"(?![.\-])(?:{_COLON_TOO}++|{_ESCAPE}|\.++(?={_ESCAPED_TOO}))*+"
_LABEL: Final = rf"{_CHARACTER}++(?:\.++{_CHARACTER}++)*+"

IRI: Final = r'<(?!<)[^<>"{}|^`\x00-\x20]*+>'
NAME: Final = rf"(?:{_LETTER}(?:{_CHARACTER}|\.)*+)?+:(?:{_LOCAL})?"
BLANK: Final = rf"_:{_LABEL}"
ANONYMOUS: Final = rf"\[{GAP}\]"
STRING: Final = (
    r'"(?!"")[^"\\\r\n]*+(?:\\.[^"\\\r\n]*+)*+"'
    r"|'(?!'')[^'\\\r\n]*+(?:\\.[^'\\\r\n]*+)*+'"
    r'|"""(?:[^"\\]++|\\.|"{1,2}+(?!"))*+"""'
    r"|'''(?:[^'\\]++|\\.|'{1,2}+(?!'))*+'''"
)
TAG: Final = r"@[A-Za-z]++(?:-[A-Za-z0-9]++)*+(?:--[A-Za-z]++)?"
NUMBER: Final = r"[+-]?(?:(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)[eE][+-]?[0-9]+|[0-9]*\.[0-9]+|[0-9]+)"
_WORD: Final = r"[A-Za-z][A-Za-z0-9]*+"
_MARK: Final = r"<<\(|<<|\)>>|>>|\{\||\|\}|\^\^|[.;,()\[\]{}~]"

TOKEN: Final = re.compile(
    rf"{GAP}(?:(?P<iri>{IRI})|(?P<name>{NAME})|(?P<blank>{BLANK})|(?P<string>{STRING})"
    rf"|(?P<number>{NUMBER})|(?P<mark>{_MARK})|(?P<tag>{TAG})|(?P<word>{_WORD})|(?P<end>\Z))",
    re.DOTALL,
)
"""White space and one token, its kind the name of the group."""

_LITERAL: Final = rf"(?:{STRING})(?:{TAG}|{GAP}\^\^{GAP}(?:{IRI}|{NAME}))?+"
_SUBJECT: Final = rf"(?>{IRI}|{NAME}|{BLANK}|{ANONYMOUS})"
_VERB: Final = rf"(?>{IRI}|{NAME}|a(?!{_CHARACTER}))"
_OBJECT: Final = (
    rf"(?>{IRI}|{NAME}|{_LITERAL}|{BLANK}|{ANONYMOUS}|{NUMBER}|(?:true|false)(?!{_CHARACTER}))"
)


def _step(subject: str, verb: str, object_: str, graph: str = "") -> re.Pattern[str]:
    # The groups count as the walk reads them: subject, verb and object; verb and object; object.
    return re.compile(
        rf"{GAP}(?:"
        rf"(?:;{GAP})*+(?:{graph}\.)?+{GAP}({subject}){GAP}({verb}){GAP}({object_})"
        rf"|(?:;{GAP})++({verb}){GAP}({object_})"
        rf"|,{GAP}({object_}))(?={GAP}{graph}[.;,}}])",
        re.DOTALL,
    )


STEP: Final = _step(_SUBJECT, _VERB, _OBJECT)
"""What brings one more triple without any nesting, up to the mark after its object."""

QUAD_STEP: Final = _step(
    rf"(?:{IRI}|{BLANK})", IRI, rf"(?>{IRI}|{_LITERAL}|{BLANK})", rf"(?:(?:{IRI}|{BLANK}){GAP})?+"
)
"""The same for N-Quads."""
