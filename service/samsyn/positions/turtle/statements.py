"""Where the statements of a Turtle or TriG text begin and end, faulty ones included."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from samsyn.positions.turtle.tokens import BLANK, GAP, IRI, NAME, TOKEN

_BEGINNING: Final = re.compile(
    rf"@(?:prefix|base)\b|(?i:PREFIX|BASE|GRAPH)[ \t]"
    rf"|(?:{IRI}|{NAME}|{BLANK})(?:[ \t]*(?:\r|\n|\Z|\{{)|[ \t]+(?:a\b|{IRI}|{NAME}))"
    rf"|[\[(][ \t]*(?:{IRI}|{NAME}|\])"
)
_GAP: Final = re.compile(GAP)
_ADDRESS: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://[^\s<>\"]*[^\s<>\".;,()\[\]]")
_LINE: Final = re.compile(r"[^\r\n]*")
_NO_BEGINNING: Final = re.compile(rf"{GAP}[\])>,;.|^\"'0-9]")
_PAUSE: Final = re.compile(r"(?:[.}][ \t]*(?:#[^\r\n]*)?|(?:\r\n|\r|\n)[ \t]*)(?:\r\n|\r|\n)\Z")


@dataclass(frozen=True)
class Token:
    """A token.

    Args:
        kind: its kind; that of a mark is the mark itself, that of what is no token is ``fault``.
        start: the offset of its first character.
        end: the offset after its last one.
    """

    kind: str
    start: int
    end: int


@dataclass
class Statement:
    """A stretch of text up to a dot, or to the brace that opens or closes a graph.

    Args:
        start: the offset of its first token.
        end: the offset after its last one.
        graph: what opens the graph that it is in, empty in the default graph.
        tokens: its tokens.
    """

    start: int
    end: int
    graph: str
    tokens: list[Token] = field(default_factory=list)


def tokens(text: str, position: int) -> Iterator[Token]:
    """Yield the tokens from an offset on; of what is none, a character or a line at a time."""
    while True:
        found = TOKEN.match(text, position)
        if found is None or (found.lastgroup == "name" and _address(text, found)):
            gap = _GAP.match(text, position)
            start = gap.end() if gap else position
            # A quotation mark without its partner takes the rest of its line with it.
            pattern = _LINE if text[start] in "\"'" else _ADDRESS
            rest = pattern.match(text, start)
            position = rest.end() if rest else start + 1
            yield Token("fault", start, position)
            continue
        kind = found.lastgroup or ""
        if kind == "end":
            return
        start, position = found.span(kind)
        yield Token(found[kind] if kind == "mark" else kind, start, position)


def _address(text: str, found: re.Match[str]) -> bool:
    return text.startswith("//", found.end()) and bool(_ADDRESS.match(text, found.start("name")))


def statements(text: str, position: int, graph: str, *, graphs: bool) -> Iterator[Statement]:
    """Yield the statements from an offset on.

    Args:
        text: the text.
        position: where to begin.
        graph: what opens the graph that stands open there, empty if none does.
        graphs: whether the syntax has graphs.

    Yields:
        The statements; last what is left at the end of the text, mostly nothing.
    """
    now = Statement(position, position, graph)
    for token in tokens(text, position):
        if not now.tokens:
            now.start = token.start
        now.tokens.append(token)
        now.end = token.end
        if not _ends(text, now, token, graphs=graphs):
            continue
        yield now
        if token.kind == "{":
            graph = " ".join(text[token.start : token.end] for token in now.tokens)
        elif token.kind == "}":
            graph = ""
        now = Statement(token.end, token.end, graph)
    if not now.tokens:
        now.start = now.end = len(text)
    yield now


def _ends(text: str, statement: Statement, token: Token, *, graphs: bool) -> bool:
    if token.kind == "." or (graphs and token.kind in {"{", "}"}):
        return True
    first = statement.tokens[0]
    keyword = text[first.start : first.end].lower() if first.kind == "word" else ""
    return token.kind == "iri" and keyword in {"prefix", "base"}


def begins(text: str, start: int) -> bool:
    """Return whether a new statement seems to begin at the start of a line.

    It looks like one, and what is before it has come to an end.
    """
    before = text[max(0, start - 500) : start]
    return _BEGINNING.match(text, start) is not None and bool(_PAUSE.search(before))


def looks_like_one(text: str, start: int) -> bool:
    """Return whether a statement seems to begin at an offset, whatever is before it."""
    return _BEGINNING.match(text, start) is not None


def resume(text: str, fault: int, *, graph: str, graphs: bool) -> int:
    """Return where to read on after a fault.

    That is after the next dot, or where a new statement begins at the start of a line.

    Args:
        text: the text.
        fault: the offset of the fault.
        graph: what opens the graph that stands open there.
        graphs: whether the syntax has graphs.
    """
    prose = text.startswith(('"""', "'''"), fault)
    depth = 0
    for token in tokens(text, fault):
        fresh = token.start > fault and text[token.start - 1] in "\r\n"
        if fresh and begins(text, token.start):
            return token.start
        if prose:
            continue
        if graphs and token.kind == "{":
            depth += 1
        elif graphs and token.kind == "}":
            if graph and not depth:
                return token.start
            depth -= 1
            if depth <= 0:
                return token.end
        elif token.kind == "." and depth <= 0 and not _NO_BEGINNING.match(text, token.end):
            return token.end
    return len(text)
