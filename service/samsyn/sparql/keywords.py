"""Finds the keywords of a SPARQL query or update without parsing it.

Comments, strings and IRIs are masked first; what is left are runs of name characters, in which
keywords are looked for. Two things make that harder than it sounds:

- Whether ``<`` opens an IRI or compares two values cannot be known without a parser. A wrong guess
  matters only where the text up to ``>`` holds ``#``, a quote or a backslash, since a comment or
  string would then begin or end elsewhere; and no comparison can begin with ``scheme://``. A query
  that has the word SERVICE and such a doubtful bracket is refused.
- The engine needs no space around a keyword: ``1SERVICEa:b{…}`` calls a service. So SERVICE counts
  anywhere in a run, where a name, IRI or variable and a brace come next, unless it is in the
  local part of a prefixed name.

Each wrong guess that is left refuses a harmless query; none lets a call through. Every step reads
each character a bounded number of times, whatever the text: an expression never looks for the end
of what another of its matches would begin within. `tests/service/test_linear.py` holds it to that.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain
from typing import Final, NamedTuple

from samsyn.errors import ForbiddenError

# Each begins with a character that no other kind begins with; written as here, each alone, they let
# the engine of the expression leap from one to the next.
_OPAQUE: Final = re.compile(
    r"""(
      \#[^\r\n]*                                  # a comment
    | <[^<>"{}|^`\x00-\x20]*>                     # an IRI
    | \"\"\"(?:\"{0,2}(?:[^"\\]|\\.))*\"\"\"    # a string
    | '''(?:'{0,2}(?:[^'\\]|\\.))*'''
    | "(?:[^"\\\r\n]|\\.)*"
    | '(?:[^'\\\r\n]|\\.)*'
    | \?\w+ | \$\w+                              # a variable
    | @[A-Za-z]+(?:-[A-Za-z0-9]+)*                # a language
    | \\.                                         # an escape in a name
    )""",
    re.VERBOSE | re.DOTALL,
)
_CLEAR: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://|[^#'\\]*\Z")

# What no name can hold; all else may be part of a run.
_MARKS: Final = " \t\r\n<>\"'{}()[],;|^=!&*/+?$@#"
_DELIMITERS: Final = re.escape(_MARKS)
_RUN: Final = re.compile(rf"[^{_DELIMITERS}]+")
_TOKEN: Final = re.compile(rf"{_RUN.pattern}|[^\x20\t\r\n]")
_BRACE: Final = re.compile("[{}]")
# What is in a sketch for what is opaque: as a rule the first, which no name can hold either.
_HIDDEN: Final = "\0"
_ESCAPE: Final = "\1"
_STAND_INS: Final = {"#": " ", "\\": _ESCAPE}
_APART: Final = str.maketrans(dict.fromkeys(_MARKS + _HIDDEN, " "))
"""What no name can hold, as blanks."""
_SEGMENT: Final = re.compile(rf"[^{_DELIMITERS}.-]+")
_SPACE: Final = r"[\x20\t\r\n]*+"
_CALL: Final = re.compile(
    rf"""
    {_SPACE} (?:silent)? {_SPACE}
    (?: <[^<>]*+> | [?$][^{_DELIMITERS}]*+ | [^{_DELIMITERS}:]*+:[^{_DELIMITERS}]*+ )
    {_SPACE} \{{
    """,
    re.VERBOSE | re.IGNORECASE,
)
_FRESH_WORDS: Final = ("now", "rand", "uuid", "bnode")
_FRESH: Final = re.compile(rf"(?:{'|'.join(_FRESH_WORDS)}){_SPACE}\(")
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
    words = _sketch(text).words
    first = next((word for word in map(str.upper, words) if word in _FIRST), None)
    called = None
    if "service" in text.lower():
        called = _doubtful(text)
        if called is None:
            called = next(_calls(blanked(text)), None)
    return Keywords(
        service=None if called is None else place(text, called),
        update=first if first in _UPDATES else None,
        names_dataset="FROM" in map(str.upper, words),
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
    masked = blanked(text)
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
    """Return whether a query asks for the time or for chance, so that its answer varies.

    Where it cannot be reported without a parser, the answer is that it does.
    """
    lower = text.lower()
    # To look for the words costs a tenth of looking for the calls, and few queries have any.
    if not any(word in lower for word in _FRESH_WORDS):
        return False
    sketch = _sketch(text)
    # What looks like an IRI may be a comparison with a call: ?a<now()&&?b>?a
    iris = (part for part in sketch.hidden if part[0] == "<")
    return _unclear(text) or any(_FRESH.search(part.lower()) for part in (sketch.text, *iris))


def normal(text: str) -> str:
    """Return a query without comments and with single spaces, the same for the same query.

    Where brackets are doubtful, the text is returned as it is: two texts never become the same
    unless they are the same query.
    """
    sketch = _sketch(text)
    if _unclear(text) or _HIDDEN in text or _ESCAPE in text:
        return text
    gaps = _spaced(sketch.text).replace(_ESCAPE, _HIDDEN).split(_HIDDEN)
    return "".join(chain(*zip(gaps, (*sketch.hidden, ""), strict=True)))


def _spaced(text: str) -> str:
    """Make all white space single blanks, with none at the ends."""
    # Only these are white space in SPARQL; what else Python takes for it is a fault in the query.
    for blank in "\t\r\n":
        text = text.replace(blank, " ")
    return " ".join(filter(None, text.split(" ")))


class _Sketch(NamedTuple):
    """A text with a stand-in for each opaque part, and a blank for each comment.

    Args:
        text: the sketch.
        hidden: what the stand-ins stand for.
        words: the runs of name characters in it.
    """

    text: str
    hidden: list[str]
    words: list[str]


# The same text is looked at from several sides in a row.
@lru_cache(maxsize=1)
def _sketch(text: str) -> _Sketch:
    parts = _OPAQUE.split(text)
    opaque = parts[1::2]
    parts[1::2] = [_STAND_INS.get(part[0], _HIDDEN) for part in opaque]
    sketch = "".join(parts)
    hidden = [part for part in opaque if part[0] != "#"]
    # A scheme before // is an IRI with a fault in it, not a prefix.
    words = sketch.replace("://", f"{_ESCAPE} ").translate(_APART).split(" ")
    return _Sketch(sketch, hidden, [*filter(None, words)])


@lru_cache(maxsize=1)
def blanked(text: str) -> str:
    """Return a text with its comments, strings, IRIs and variables blanked, every place kept."""
    return _OPAQUE.sub(_mask, text)


def variables(text: str) -> Iterator[str]:
    """Yield the names of the variables in a text, in order and with repeats."""
    return (part[1:] for part in _OPAQUE.findall(text) if part[0] in "?$")


def _mask(part: re.Match[str]) -> str:
    # Each masked part keeps its length, so that places stay true.
    first, width = part[0][0], len(part[0])
    if first in "?$@":
        return first + "_" * (width - 1)
    if first == "<":
        return "<" + "_" * (width - 2) + ">"
    return {"#": " ", "\\": "_"}.get(first, '"') * width


def _doubtful(text: str) -> int | None:
    return text.lower().index("service") if _unclear(text) else None


def _unclear(text: str) -> bool:
    iris = (part[1:-1] for part in _sketch(text).hidden if part[0] == "<")
    return not all(map(_CLEAR.match, iris))


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
    used: dict[str, None] = {}
    declared = {"_"}
    before = ""
    for word in _sketch(text).words:
        prefix, colon, _ = word.partition(":")
        if colon and _ESCAPE not in prefix:
            used[prefix] = None
            if before.upper() == "PREFIX":
                declared.add(prefix)
        before = word
    return list(used), declared


class Survey(NamedTuple):
    """What has to be known of a query to run it.

    Args:
        names_dataset: whether it has a FROM.
        used: the prefixes that it uses, in order of appearance.
        undeclared: those of them that it does not declare.
    """

    names_dataset: bool
    used: Sequence[str]
    undeclared: Sequence[str]


def survey(text: str) -> Survey:
    """Look a query over."""
    used, declared = prefixes(text)
    undeclared = [prefix for prefix in used if prefix not in declared]
    return Survey(keywords(text).names_dataset, used, undeclared)


def place(text: str, offset: int) -> tuple[int, int]:
    """Return the line and column of an offset, both counted from 1."""
    before = text[:offset]
    return before.count("\n") + 1, offset - (before.rfind("\n") + 1) + 1


def refuse_service(keywords: Keywords) -> None:
    """Refuse a text that calls another endpoint.

    Raises:
        ForbiddenError: it asks for SERVICE.
    """
    if keywords.service is not None:
        line, column = keywords.service
        raise ForbiddenError(
            "SERVICE is refused: no query reaches another endpoint from here.",
            line=line,
            column=column,
            advice="Federate in your client instead: docs/clients.md shows how with Comunica.",
        )


def refuse(keywords: Keywords) -> None:
    """Refuse a query that asks for what is never done.

    Raises:
        ForbiddenError: it asks for SERVICE, or is an update.
    """
    refuse_service(keywords)
    if keywords.update is not None:
        raise ForbiddenError(
            f"{keywords.update} is an update, not a query.",
            advice="Updates are sent to /update, where the operator has switched it on.",
        )
