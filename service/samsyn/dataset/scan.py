"""Finds the keywords of a SPARQL query without parsing it.

Only words outside comments, strings and IRIs count. One thing cannot be told without a parser:
whether ``<`` opens an IRI or compares two values. A wrong guess matters only where the text up to
``>`` holds ``#``, a quote or a backslash, since a comment or string would then begin or end
elsewhere; and no comparison can begin with ``scheme://``. A query that has the word SERVICE and
such a doubtful bracket is refused, so that no guess can let SERVICE slip through.

The engine needs no space around a keyword (``1SERVICEa:b{…}`` has one), so a word that merely
contains it counts. Every pattern reads each character a bounded number of times, whatever the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

_TOKEN = re.compile(
    r"""
      (?P<comment> \#[^\r\n]* )
    | (?P<iri> <(?P<content>[^<>"{}|^`\x00-\x20]*)> )
    | (?P<string> \"{3}(?:\"{0,2}(?:[^"\\]|\\.))*\"{3}
                | '{3}(?:'{0,2}(?:[^'\\]|\\.))*'{3}
                | "(?:[^"\\\r\n]|\\.)*"
                | '(?:[^'\\\r\n]|\\.)*' )
    | (?P<variable> [?$]\w+ )
    | (?P<prefixed> (?:[^\W\d_][\w.-]*)?:(?:[\w:.·-]|%[0-9A-Fa-f]{2}|\\.)* )
    | (?P<language> @[A-Za-z]+(?:-[A-Za-z0-9]+)* )
    | (?P<word> \w[\w.-]* )
    | (?P<escape> \\. )
    """,
    re.VERBOSE | re.DOTALL,
)
_CLEAR = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://|[^#'\\]*\Z")
_OPENS = re.compile(r"(?>\s+|\#[^\r\n]*)*+\{")
_FORMS = frozenset({"SELECT", "ASK", "CONSTRUCT", "DESCRIBE"})
_UPDATES = frozenset(
    {"INSERT", "DELETE", "LOAD", "CLEAR", "CREATE", "DROP", "COPY", "MOVE", "ADD", "WITH"}
)


@dataclass(frozen=True)
class Keywords:
    """What the keywords of a query tell.

    Args:
        service: line and column of the first SERVICE, if any.
        update: the update keyword that the query begins with, if it does.
        names_dataset: whether the query has a FROM.
    """

    service: tuple[int, int] | None
    update: str | None
    names_dataset: bool


def keywords(text: str) -> Keywords:
    """Find the keywords that decide whether and how a query is run."""
    words: list[tuple[str, int]] = []
    doubtful = False
    for token in _TOKEN.finditer(text):
        word = token.group().upper()
        if token.lastgroup == "word":
            words.append((word, token.start()))
        elif token.lastgroup == "prefixed":
            # ``SERVICEa:b {`` could be the keyword; ``service:of`` in a triple could not.
            if "SERVICE" in word.partition(":")[0] and _OPENS.match(text, token.end()):
                words.append((word, token.start()))
        elif token["iri"] is not None:
            doubtful = doubtful or _CLEAR.match(token["content"]) is None
    return Keywords(
        service=_service(text, words, doubtful=doubtful),
        update=_update(word for word, _ in words),
        names_dataset=any(word == "FROM" for word, _ in words),
    )


def _service(text: str, words: list[tuple[str, int]], *, doubtful: bool) -> tuple[int, int] | None:
    starts = [start for word, start in words if "SERVICE" in word]
    if doubtful and not starts:
        starts = [found.start() for found in re.finditer("service", text, re.IGNORECASE)]
    return place(text, starts[0]) if starts else None


def _update(words: Iterable[str]) -> str | None:
    first = next((word for word in words if word in _FORMS | _UPDATES), None)
    return first if first in _UPDATES else None


def undeclared(text: str) -> list[str]:
    """List the prefixes that a query uses without declaring them, in order of appearance.

    >>> undeclared("PREFIX a: <http://a/> SELECT * { ?s a:p b:c }")
    ['b']
    """
    used: dict[str, None] = {}
    declared: set[str] = set()
    before = ""
    for token in _TOKEN.finditer(text):
        # A scheme before // is an IRI with a fault in it, not a prefix.
        if token.lastgroup == "prefixed" and not text.startswith("//", token.end()):
            prefix = token.group().partition(":")[0]
            used[prefix] = None
            if before == "PREFIX":
                declared.add(prefix)
        before = token.group().upper()
    return [prefix for prefix in used if prefix not in declared]


def place(text: str, offset: int) -> tuple[int, int]:
    """Return the line and column of an offset, both counted from 1."""
    before = text[:offset]
    return before.count("\n") + 1, offset - (before.rfind("\n") + 1) + 1
