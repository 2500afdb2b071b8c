"""What is said of a text that breaks the grammar: the word at fault, and how it is fixed."""

from __future__ import annotations

import re
from difflib import get_close_matches
from typing import Final, NamedTuple

from samsyn.sparql.grammar import tokens
from samsyn.sparql.grammar.cursor import Fault

_MOST: Final = 7
_WIDE: Final = 60
_QUOTES: Final = ('"', "'")
_UNREAD: Final = "unread"
_OPERATORS: Final = "expression"
_FUNCTION: Final = r"(?i:[a-z_]+)\s*\("
_TERM: Final = r"[?$<\[_\"'0-9]|\w*:"
# What stands for many, where all of them could be there.
_KINDS_OF_THING: Final = (
    ("an expression", {"!", "+", "-", tokens.VARIABLE, tokens.STRING, "(", "a function"},
     {tokens.IRI, tokens.NAME, tokens.NUMBER, "<<(", "TRUE", "FALSE"}),
    ("an operator", {"||", "&&"},
     {"=", "<", "!=", ">", "<=", ">=", "IN", "NOT", "+", "-", "*", "/"}),
    ("a pattern such as OPTIONAL or FILTER", {"OPTIONAL", "FILTER"},
     {"{", "MINUS", "GRAPH", "SERVICE", "BIND", "VALUES", "LATERAL"}),
    ("an IRI, a literal or UNDEF", {"UNDEF"},
     {tokens.IRI, tokens.NAME, tokens.STRING, tokens.NUMBER, "TRUE", "FALSE", "<<("}),
    ("a term", {tokens.BLANK, tokens.VARIABLE, tokens.STRING},
     {tokens.IRI, tokens.NAME, tokens.NUMBER, "TRUE", "FALSE", "[", "(", "<<", "<<("}),
    ("a predicate", {"A"}, {tokens.VARIABLE, tokens.IRI, tokens.NAME, "^", "!", "("}),
    ("an IRI", {tokens.IRI, tokens.NAME}, set[str]()),
)  # fmt: skip
# Seldom meant, and longer lists help nobody.
_SELDOM: Final = frozenset({"~", "{|", "<<", "<<(", "LATERAL", "VERSION", "^^", tokens.LANGUAGE})


class Hint(NamedTuple):
    """A mistake that is often made.

    Args:
        context: the construct in which it is made, or that no terminal can be read there.
        here: what is at the place.
        advice: what to do instead; ``{word}`` is the word there.
    """

    context: str
    here: str
    advice: str


_HINTS: Final = tuple(
    Hint(context, re.compile(here).pattern, advice)
    for context, here, advice in (
        (_UNREAD, r"[\"']", "The string that begins here has no end."),
        (_UNREAD, "[\u201c\u201d\u2018\u2019\u00ab\u00bb]", "Write strings in straight quotes."),
        (_UNREAD, r"<[^<>\s]*\s", "An IRI holds no space and ends with >."),
        (_UNREAD, "<", "The IRI that begins here has no end, or holds what no IRI can hold."),
        (_UNREAD, r"\\", "A backslash is in strings only."),
        (_UNREAD, r"&(?!&)", "AND is written &&."),
        ("select", ",", "Separate variables by spaces, without commas."),
        ("select", _FUNCTION, "Put it in brackets with a name: ({word}(…) AS ?name)."),
        ("select", r"(?i:as)\b", "Put the expression in brackets: (… AS ?name)."),
        ("select", r"\w", "A variable begins with ?: ?{word}."),
        ("aggregate", ",", "A separator is given as GROUP_CONCAT(?x; SEPARATOR=\", \")."),
        ("start", r"(?i:insert|delete|load|clear|drop|create|with|add|move|copy)\b",
         "This is an update: send it to /update, if the server takes updates."),
        ("update", r"(?i:select|construct|ask|describe)\b", "This is a query: send it to /sparql."),
        ("update", r"(?i:update)\b",
         "Write DELETE { … } INSERT { … } WHERE { … }; SPARQL has no UPDATE … SET."),
        ("prologue", r"\w+\s*<", "Put a colon behind the prefix: PREFIX {word}: <…>."),
        ("prologue", r"\w*:", "Put the IRI into angle brackets: PREFIX name: <…>."),
        ("filter", ".", "Put the condition into brackets: FILTER (…)."),
        ("having", ".", "Put the condition into brackets: HAVING (…)."),
        ("bind", "=|(?i:as)", "Write BIND (expression AS ?variable)."),
        ("bind", r"\)", "Name the variable: BIND (expression AS ?variable)."),
        ("bind", "[^(]", "Write BIND (expression AS ?variable)."),
        ("limit", ".", "Write LIMIT and OFFSET with a whole number each."),
        ("order by", r"(?i:asc|desc)\b", "Write the direction first: DESC(?x)."),
        ("order by", r"[?$]", "Put the variable into brackets: DESC(?x)."),
        ("end", r"(?i:asc|desc)\b", "Write the direction first: DESC(?x)."),
        ("end", r"(?i:group|having|order)\b",
         "The order is GROUP BY, HAVING, ORDER BY, LIMIT and OFFSET, VALUES."),
        ("end", r"(?i:where)\b", "WHERE comes once, behind SELECT and FROM."),
        ("end", ";", "A query ends without semicolon."),
        ("end", r"\}", "This brace closes nothing."),
        ("end", r"\)", "This bracket closes nothing."),
        ("end", r"(?i:select|construct|ask|describe|prefix)\b", "One request holds one query."),
        ("group", r"(?i:union)\b", "Both sides of UNION are in braces: { … } UNION { … }."),
        ("group", r"(?i:exists|not)\b", "Write FILTER EXISTS { … } or FILTER NOT EXISTS { … }."),
        ("group", r"(?i:order|group|limit|offset|having)\b",
         "Close the pattern first: {word} comes behind its }}."),
        ("group", r"(?i:and|or)\b", "Triples and patterns follow each other without AND."),
        ("triples", r"[|/]", "Property paths are in patterns only, not in templates or data."),
        ("triples", r"[?$<\w]", "A triple is a subject, a predicate and an object."),
        ("where", ".", "Put the pattern into braces: WHERE { … }."),
        ("union", ".", "Both sides of UNION are in braces: { … } UNION { … }."),
        (_OPERATORS, "=", "Equality is written =."),
        (_OPERATORS, ">", "Inequality is written !=."),
        (_OPERATORS, r"(?i:and)\b", "AND is written &&."),
        (_OPERATORS, r"(?i:or)\b", "OR is written ||."),
        (_OPERATORS, r"(?i:like)\b", "Write CONTAINS(?text, 'part') or REGEX(?text, 'pattern')."),
        (_OPERATORS, r"(?i:not)\b", "A condition is negated by !."),
        ("call", r"[?$]", "The arguments of a function are in brackets."),
    )
)  # fmt: skip


def explain(text: str, fault: Fault) -> tuple[str, str | None]:
    """Return what is wrong with a text, and what to do about it.

    Args:
        text: the text.
        fault: where it breaks the grammar.
    """
    word = text[fault.found.start : fault.found.end]
    if len(word) > _WIDE:
        word = f"{word[:_WIDE]}…"
    if fault.reason is not None:
        return f"{fault.reason}.", _advice(text, fault, word)
    shown = word if word[:1] in _QUOTES else f'"{word}"'
    if not word:
        shown = "the end of the text"
    expected = _listed(_gathered(fault.expected))
    reason = f"{shown} cannot be here" if word else f"{shown} comes too early"
    if expected:
        reason += f"; expected {expected}"
    return f"{reason}.", _hint(text, fault, word)


def _advice(text: str, fault: Fault, word: str) -> str | None:
    if fault.missing_prefix and text.startswith("//", fault.found.end):
        return "An IRI is in angle brackets: <http://…>."
    if fault.reason is None or not fault.reason.endswith("GROUP BY nor inside an aggregate"):
        return None
    return f"Write GROUP BY {word}, or choose one value: (SAMPLE({word}) AS ?name)."


def _hint(text: str, fault: Fault, word: str) -> str | None:
    start = fault.found.start
    if not word:
        return _unclosed(text, fault)
    if fault.found.kind == tokens.WORD:
        if text[start - 1 : start] in _QUOTES:
            return "The string before ends too early: a quote inside it is written \\' or \\\"."
        keywords = [each for each in fault.expected if each.isupper()]
        for close in get_close_matches(word.upper(), keywords, n=1, cutoff=0.75):
            return f"Is {close} meant?"
    behind = text[start : start + 100]
    if "." in fault.expected and re.match(_TERM, behind) and fault.context == "group":
        return "Put a full stop between triples: one is missing before this."
    return _usual(behind, fault, word)


def _unclosed(text: str, fault: Fault) -> str | None:
    if fault.opened is None:
        return None
    line = text.count("\n", 0, fault.opened) + 1
    column = fault.opened - (text.rfind("\n", 0, fault.opened) + 1) + 1
    return f"The {text[fault.opened]} of line {line}, column {column} is not closed."


def _usual(behind: str, fault: Fault, word: str) -> str | None:
    unread = fault.found.kind == tokens.UNKNOWN or word == "<"
    for hint in _HINTS:
        fits = hint.context == fault.context or (hint.context == _UNREAD and unread)
        if fits and re.match(hint.here, behind):
            return hint.advice.replace("{word}", word).replace("}}", "}")
    return None


def _gathered(expected: tuple[str, ...]) -> list[str]:
    left = dict.fromkeys(word for word in expected if word not in _SELDOM)
    found: list[str] = []
    for name, needed, others in _KINDS_OF_THING:
        if needed <= left.keys():
            found.append(name)
            for word in needed | others:
                left.pop(word, None)
    if tokens.END in left:
        left.pop(tokens.END)
        left["the end of the text"] = None
    return [*found, *left]


def _listed(words: list[str]) -> str:
    if not 0 < len(words) <= _MOST:
        return ""
    *most, last = [word if word[0].isalpha() else f'"{word}"' for word in words]
    return f"{', '.join(most)} or {last}" if most else last
