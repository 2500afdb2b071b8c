"""Rules on the query files (house style, "Queries")."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import PurePath
from typing import Final

from samsyn import library
from samsyn.errors import SourceError
from samsyn.library.words import FILE, Words
from samsyn.lint.finding import Finding

_KEYWORDS: Final = re.compile(
    r"(?<![\w:?$@.<#/-])(select|construct|describe|ask|where|filter|optional|union|graph|values|"
    r"bind|as|minus|not exists|exists|order by|group by|having|limit|offset|distinct|prefix|"
    r"service|from|named|in|not in|undef)(?![\w:>/-])",
    re.IGNORECASE,
)
_HIDDEN: Final = re.compile(
    r'<[^<>\s]*>|"""(?:.|\n)*?"""|"(?:[^"\\\n]|\\.)*"|\'(?:[^\'\\\n]|\\.)*\'|#[^\n]*'
)
_NAME: Final = re.compile(r"(?<![\w:?$<-])([A-Za-z][\w.-]*)?:[\w-]*")
_SELECT: Final = re.compile(
    r"\bSELECT\b\s*(?:DISTINCT|REDUCED)?(.*?)(?:\bFROM\b|\bWHERE\b|\{)", re.DOTALL
)
_COLUMN: Final = re.compile(r"[?$](\w+)")
_QUESTION: Final = re.compile(r"(?:CQ|P)?0*(\d+)\b")
_NUMBERED: Final = re.compile(r"cq(\d+)-")


def check(path: str, text: str, table: Mapping[str, str], words: Words) -> Iterator[Finding]:
    """Yield what breaks the rules in one query file.

    Args:
        path: its path, for the findings.
        text: its content.
        table: the one prefix table: namespaces by prefix.
        words: what tags, parameters and columns are called.
    """
    try:
        query = library.parse(PurePath(path).stem, text, path=path)
    except SourceError as error:
        advice = error.advice or f"write the keys {', '.join(library.KEYS)} in this order"
        yield Finding(path, error.line or 1, "query-header", error.message, advice)
        return
    bare = _HIDDEN.sub(_blank, text)
    yield from _question(path, query)
    yield from _unbound(path, query)
    yield from _named(path, query, words)
    yield from _prefixes(path, text, bare, table)
    yield from _typography(path, text, bare)


def _blank(match: re.Match[str]) -> str:
    """Keep the lines and columns of what is hidden, and nothing else of it."""
    return re.sub(r"[^\n]", " ", match[0])


def _question(path: str, query: library.Query) -> Iterator[Finding]:
    numbered, question = _NUMBERED.match(query.name), _QUESTION.match(query.question)
    if numbered and (question is None or int(question[1]) != int(numbered[1])):
        message = f"the file is number {int(numbered[1])}, the question is {query.question[:20]!r}"
        yield Finding(path, 1, "query-number", message, "begin the question with the same number")


def _unbound(path: str, query: library.Query) -> Iterator[Finding]:
    for parameter in query.parameters.values():
        if parameter.default is None:
            message = f"the parameter ?{parameter.variable} has no value"
            advice = "end the file with VALUES that gives each parameter its default"
            yield Finding(path, 1, "query-unbound", message, advice)


def columns(query: library.Query) -> list[str]:
    """Return the variables of a query's columns, as its SELECT names them; none of other forms."""
    selected = _SELECT.search(_HIDDEN.sub(_blank, query.body))
    if selected is None:
        return []
    # An expression in brackets gives the variable behind its last AS.
    return [found[1] for found in _COLUMN.finditer(_outer(selected[1]))]


def _outer(text: str) -> str:
    """Leave of each bracketed expression what follows its last AS."""
    kept, depth, start = "", 0, 0
    for at, sign in enumerate(text):
        if sign == "(":
            start = at if depth == 0 else start
            depth += 1
        elif sign == ")":
            depth -= 1
            kept += text[start:at].rpartition(" AS ")[2] + " " if depth == 0 else ""
        elif depth == 0:
            kept += sign
    return kept


def _named(path: str, query: library.Query, words: Words) -> Iterator[Finding]:
    used = (
        ("tags", query.tags, words.tags),
        ("parameters", query.parameters, words.parameters),
        ("columns", columns(query), words.columns),
    )
    for kind, mine, known in used:
        for name in mine:
            if name not in known:
                message = f"{name!r} has no words in the table [{kind}]"
                advice = "name it in English and Swedish in queries/words.toml"
                yield Finding(path, 1, "query-words", message, advice)


def check_words(queries: Iterable[library.Query], words: Words) -> Iterator[Finding]:
    """Yield the words that no query needs.

    Args:
        queries: the whole library.
        words: what tags, parameters and columns are called.
    """
    known = list(queries)
    used = {
        "tags": {tag for query in known for tag in query.tags},
        "parameters": {name for query in known for name in query.parameters},
        "columns": {name for query in known for name in columns(query)},
    }
    for kind, mine in used.items():
        for name in sorted(set(getattr(words, kind)) - mine):
            message = f"no query has {name!r}, which the table [{kind}] names"
            yield Finding(f"queries/{FILE}", 1, "query-words", message, "take the row away")


def _prefixes(path: str, text: str, bare: str, table: Mapping[str, str]) -> Iterator[Finding]:
    declared: dict[str, int] = {}
    for number, line in enumerate(text.splitlines(), 1):
        match = re.match(r"\s*PREFIX\s+([\w.-]*):\s*<([^>]*)>", line, re.IGNORECASE)
        if match:
            declared[match[1]] = number
            if table.get(match[1]) != match[2]:
                message = f"prefix {match[1]} is <{match[2]}> here and not so in the prefix table"
                advice = "change it here or in ontology/prefixes.ttl"
                yield Finding(path, number, "prefix-table", message, advice)
    body = re.sub(r"^\s*PREFIX\s.*$", "", bare, flags=re.IGNORECASE | re.MULTILINE)
    used = {match[1] or "" for match in _NAME.finditer(body)}
    for name in sorted(used - set(declared)):
        message = f"prefix {name} is not declared"
        yield Finding(path, 1, "prefix-undeclared", message, "declare every prefix in the query")
    for name in sorted(set(declared) - used):
        message = f"prefix {name} is not used"
        yield Finding(path, declared[name], "prefix-unused", message, "take it away")
    if list(declared) != sorted(declared):
        first = min(declared.values())
        message = "the prefixes are not sorted"
        yield Finding(path, first, "prefix-order", message, "sort them by name")


def _typography(path: str, text: str, bare: str) -> Iterator[Finding]:
    for number, line in enumerate(bare.splitlines(), 1):
        for match in _KEYWORDS.finditer(line):
            if match[0] != match[0].upper():
                message = f"the keyword {match[0]!r} is not in capitals"
                yield Finding(path, number, "keyword-case", message, f"write {match[0].upper()}")
    for number, line in enumerate(text.splitlines(), 1):
        indent = re.match(r"[ \t]*", line)
        if line != line.rstrip() or (indent and ("\t" in indent[0] or len(indent[0]) % 2)):
            advice = "indent by two spaces, none at the end of a line"
            yield Finding(path, number, "white-space", "the spaces are uneven", advice)
    if not text.endswith("\n") or text.endswith("\n\n"):
        advice = "end with one line break"
        yield Finding(path, len(text.splitlines()), "white-space", "the end is uneven", advice)
