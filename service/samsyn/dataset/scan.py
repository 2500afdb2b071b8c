"""Finds the keywords of a SPARQL query or update without parsing it.

Comments, strings and IRIs are masked first; what is left are runs of name characters, in which
keywords are looked for. Two things make that harder than it sounds:

- Whether ``<`` opens an IRI or compares two values cannot be told without a parser. A wrong guess
  matters only where the text up to ``>`` holds ``#``, a quote or a backslash, since a comment or
  string would then begin or end elsewhere; and no comparison can begin with ``scheme://``. A query
  that has the word SERVICE and such a doubtful bracket is refused.
- The engine needs no space around a keyword: ``1SERVICEa:b{…}`` calls a service. So SERVICE counts
  anywhere in a run, where a name, IRI or variable and a brace come next, unless it stands in the
  local part of a prefixed name.

Each wrong guess that is left refuses a harmless query; none lets a call through. Every step reads
each character a bounded number of times, whatever the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

_OPAQUE: Final = re.compile(
    r"""
      (?P<comment> \#[^\r\n]* )
    | (?P<iri> <(?P<content>[^<>"{}|^`\x00-\x20]*)> )
    | (?P<string> \"{3}(?:\"{0,2}(?:[^"\\]|\\.))*\"{3}
                | '{3}(?:'{0,2}(?:[^'\\]|\\.))*'{3}
                | "(?:[^"\\\r\n]|\\.)*"
                | '(?:[^'\\\r\n]|\\.)*' )
    | (?P<variable> [?$]\w+ )
    | (?P<language> @[A-Za-z]+(?:-[A-Za-z0-9]+)* )
    | (?P<escape> \\. )
    """,
    re.VERBOSE | re.DOTALL,
)
_CLEAR: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://|[^#'\\]*\Z")

# What no name can hold; all else may be part of a run.
_DELIMITERS: Final = r"\x20\t\r\n<>\"'{}()\[\],;|^=!&*/+?$@#"
_RUN: Final = re.compile(rf"[^{_DELIMITERS}]+")
_TOKEN: Final = re.compile(rf"{_RUN.pattern}|[^\x20\t\r\n]")
_BRACE: Final = re.compile("[{}]")
_SEGMENT: Final = re.compile(rf"[^{_DELIMITERS}.-]+")
_SPACE: Final = r"[\x20\t\r\n]*+"
_CALL: Final = re.compile(
    rf"""
    {_SPACE} (?:silent)? {_SPACE}
    (?: <[^<>]*> | [?$][^{_DELIMITERS}]* | [^{_DELIMITERS}:]*:[^{_DELIMITERS}]* )
    {_SPACE} \{{
    """,
    re.VERBOSE | re.IGNORECASE,
)
_FRESH_WORDS: Final = ("now", "rand", "uuid", "bnode")
_FRESH: Final = re.compile(rf"(?:{'|'.join(_FRESH_WORDS)})(?:[\x20\t\r\n]|\#[^\r\n]*)*+\(")
_SPACES: Final = re.compile(r"[\x20\t\r\n]+")
_MOST_NAMES: Final = 50
_FORMS: Final = frozenset({"SELECT", "ASK", "CONSTRUCT", "DESCRIBE"})
_UPDATES: Final = frozenset(
    {"INSERT", "DELETE", "LOAD", "CLEAR", "CREATE", "DROP", "COPY", "MOVE", "ADD", "WITH"}
)
_FIRST: Final = _FORMS | _UPDATES


@dataclass(frozen=True)
class Keywords:
    """What the keywords of a query tell.

    Args:
        service: line and column of the first SERVICE, if any.
        update: the update keyword that the query begins with, if it does.
        names_dataset: whether the query has a FROM.
        form: SELECT, ASK, CONSTRUCT or DESCRIBE, if the query begins with one of them.
    """

    service: tuple[int, int] | None
    update: str | None
    names_dataset: bool
    form: str | None


def keywords(text: str) -> Keywords:
    """Find the keywords that decide whether and how a query is run."""
    masked = _masked(text)
    runs = _RUN.findall(masked.upper())
    first = next((run for run in runs if run in _FIRST), None)
    called = None
    if "service" in text.lower():
        called = _doubtful(text)
        if called is None:
            called = next(_calls(masked), None)
    return Keywords(
        service=None if called is None else place(text, called),
        update=first if first in _UPDATES else None,
        names_dataset="FROM" in runs,
        form=first if first in _FORMS else None,
    )


@dataclass(frozen=True)
class Part:
    """A piece of an update that is in no braces.

    Args:
        text: a word in capitals, a mark, or ``{}`` for braces with all that is in them.
        start: offset of its first character.
        end: offset behind its last.
    """

    text: str
    start: int
    end: int


def outline(text: str) -> list[Part] | None:
    """List the pieces of an update that are in no braces, each IRI as ``<``, a word and ``>``.

    Returns:
        The pieces; None where a doubtful bracket or a brace without partner leaves them unknown.

    >>> [part.text for part in outline("delete where { ?s ?p ?o } ; DROP ALL")]
    ['DELETE', 'WHERE', '{}', ';', 'DROP', 'ALL']
    """
    parts: list[Part] = []
    masked = _masked(text)
    depth = start = end = 0
    while token := (_BRACE if depth else _TOKEN).search(masked, end):
        mark, end = token.group(), token.end()
        if mark == "{":
            start = start if depth else token.start()
            depth += 1
        elif mark == "}":
            depth -= 1
            if depth < 0:
                return None
            if depth == 0:
                parts.append(Part("{}", start, token.end()))
        else:
            parts.append(Part(mark.upper(), *token.span()))
    return None if depth or _unclear(text) else parts


def varies(text: str) -> bool:
    """Tell whether a query asks for the time or for chance, so that its answer varies."""
    lower = text.lower()
    # To look for the words costs a tenth of looking for the calls, and few queries have any.
    return any(word in lower for word in _FRESH_WORDS) and _FRESH.search(lower) is not None


def normal(text: str) -> str:
    """Return a query without comments and with single spaces, the same for the same query.

    Where brackets are doubtful, the text is returned as it is: two texts never become the same
    unless they are the same query.
    """
    parts: list[str] = []
    gap: list[str] = []
    end = 0
    for part in _OPAQUE.finditer(text):
        if _is_unclear(part):
            return text
        gap.append(text[end : part.start()])
        end = part.end()
        if part.lastgroup == "comment":
            gap.append(" ")
        else:
            parts += (_SPACES.sub(" ", "".join(gap)), part.group())
            gap.clear()
    parts.append(_SPACES.sub(" ", "".join((*gap, text[end:]))))
    # Only these are white space in SPARQL; what else Python strips is a fault in the query.
    return "".join(parts).strip(" ")


# The same text is looked at from several sides in a row.
@lru_cache(maxsize=4)
def _masked(text: str) -> str:
    return _OPAQUE.sub(_mask, text)


def _mask(part: re.Match[str]) -> str:
    # Each masked part keeps its length, so that places stay true.
    start, end = part.span()
    kind, width = part.lastgroup, end - start
    if kind in ("variable", "language"):
        return part.group()[0] + "_" * (width - 1)
    if kind == "comment":
        return " " * width
    if kind == "string":
        return '"' * width
    if kind == "escape":
        return "_" * width
    return "<" + "_" * (width - 2) + ">"


def _doubtful(text: str) -> int | None:
    return text.lower().index("service") if _unclear(text) else None


@lru_cache(maxsize=4)
def _unclear(text: str) -> bool:
    return any(map(_is_unclear, _OPAQUE.finditer(text)))


def _is_unclear(part: re.Match[str]) -> bool:
    content: str | None = part["content"]
    return content is not None and _CLEAR.match(content) is None


def _calls(masked: str) -> Iterator[int]:
    suspects = 0
    for segment in _SEGMENT.finditer(masked):
        before, found, after = segment.group().lower().partition("service")
        if not found or ":" in before:
            continue
        start = segment.start() + len(before)
        suspects += 1
        # Nobody has that many names like it, and looking at each takes time.
        if "service" in after or suspects > _MOST_NAMES or _CALL.match(masked, start + len(found)):
            yield start


def undeclared(text: str) -> list[str]:
    """List the prefixes that a query uses without declaring them, in order of appearance.

    >>> undeclared("PREFIX a: <http://a/> SELECT * { ?s a:p b:c }")
    ['b']
    """
    used, declared = prefixes(text)
    return [prefix for prefix in used if prefix not in declared]


def prefixes(text: str) -> tuple[list[str], set[str]]:
    """List the prefixes that a query uses, in order of appearance, and those that it declares."""
    masked = _masked(text)
    used: dict[str, None] = {}
    declared = {"_"}
    before = ""
    for run in _RUN.finditer(masked):
        prefix, colon, _ = run.group().partition(":")
        # A scheme before // is an IRI with a fault in it, not a prefix.
        if colon and not masked.startswith("//", run.end()):
            used[prefix] = None
            if before == "PREFIX":
                declared.add(prefix)
        before = run.group().upper()
    return list(used), declared


def place(text: str, offset: int) -> tuple[int, int]:
    """Return the line and column of an offset, both counted from 1."""
    before = text[:offset]
    return before.count("\n") + 1, offset - (before.rfind("\n") + 1) + 1
