"""JSON-LD by pyoxigraph's reader, with contexts from files, and errors with their places.

The reader says where JSON is at fault, but not where JSON-LD is. It is fed token by token then:
what it took last is where it stumbled, and its message names the key (docs/engines.md).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from typing import IO, Final, NamedTuple, cast

from pyoxigraph import Quad, RdfFormat
from pyoxigraph import parse as _parse

from samsyn.dataset.flaws import FlawError, shortened
from samsyn.dataset.jsonld.contexts import Contexts, Expanded, expanded
from samsyn.dataset.jsonld.json_text import Value, point_of
from samsyn.dataset.jsonld.json_text import read as _tree

_MARK: Final = b"\xef\xbb\xbf"
_TOKEN: Final = re.compile(r'[ \t\r\n]*(?:"(?:[^"\\]|\\.)*"|[^\s"{}\[\]:,]+|.)', re.DOTALL)
_THERE: Final = re.compile(r'[\w.+-]+|//|/\*|"(?:[^"\\\r\n]|\\.)*"?|.', re.DOTALL)
_NAMED: Final = re.compile(r"(?<=')[^']+(?=')|(?<=of )[^ ]+(?= between)|@[a-z]+")


def read(
    data: bytes, *, base: str | None = None, contexts: Contexts | None = None
) -> Iterable[Quad]:
    """Read a document.

    Args:
        data: the document, in UTF-8.
        base: what relative IRIs are resolved against.
        contexts: where the contexts that it names may be taken from.

    Returns:
        Its quads; they are read as they are asked for.

    Raises:
        FlawError: it is not well formed, or a context is not at hand; also while they are read.
    """
    data = data.removeprefix(_MARK)
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        start = point_of(data[: error.start].decode(), error.start)
        raise FlawError("bad-encoding", start, encoding="UTF-8") from error
    whole = expanded(text, contexts)
    return _quads(text, whole, base)


def _quads(text: str, whole: Expanded, base: str | None) -> Iterator[Quad]:
    try:
        yield from _parse(whole.text.encode(), RdfFormat.JSON_LD, base_iri=base)
    except SyntaxError as error:
        if error.lineno is None:
            raise _misused(text, whole, base, error.msg) from error
        raise _malformed(text, error) from error


def _malformed(text: str, error: SyntaxError) -> FlawError:
    """Return what is wrong with a text that is no JSON, in the place that json names."""
    try:
        json.loads(text)
    except RecursionError:
        pass
    except json.JSONDecodeError as found:
        return _worded(text, found)
    said = error.msg.split(": ", 1)[-1]
    start = (error.lineno or 1, error.offset or 1)
    word = re.search(r"\b(?:NaN|-?Infinity)\b", text)
    if word is not None:
        point = point_of(text, word.start())
        return FlawError("json-value", point, point_of(text, word.end()), there=word[0])
    return FlawError("json", start, said=said)


def _worded(text: str, found: json.JSONDecodeError) -> FlawError:
    there = _THERE.match(text, found.pos)
    shown = shortened(there[0]) if there else ""
    before = text[: found.pos].rstrip(" \t\r\n")
    offset, kind = found.pos, _KINDS.get(found.msg.split(" starting at")[0], "json")
    if not text[found.pos :].strip():
        kind = "json-end"
    elif shown in {"//", "/*", "#"}:
        kind = "json-comment"
    elif shown in {"}", "]"} and before.endswith(","):
        kind, offset = "json-last-comma", len(before) - 1
    elif kind == "json-quotes" and shown == ",":
        kind = "json-second-comma"
    end = offset + max(len(shown), 1)
    return FlawError(kind, point_of(text, offset), point_of(text, end), there=shown, said=found.msg)


_KINDS: Final = {
    "Expecting property name enclosed in double quotes": "json-quotes",
    "Expecting ':' delimiter": "json-colon",
    "Expecting ',' delimiter": "json-comma",
    "Expecting value": "json-value",
    "Unterminated string": "json-string",
    "Invalid control character at": "json-control",
    "Invalid \\escape": "json-escape",
    "Invalid \\escape: ": "json-escape",
    "Invalid \\uXXXX escape": "json-escape",
    "Extra data": "json-extra",
    "Illegal trailing comma before end of object": "json-last-comma",
    "Illegal trailing comma before end of array": "json-last-comma",
}


class _Feed:
    # A text handed over token by token.
    def __init__(self, text: str) -> None:
        self._tokens = _TOKEN.finditer(text)
        self.end = 0

    def read(self, _size: int = -1) -> bytes:
        token = next(self._tokens, None)
        if token is None:
            return b""
        self.end = token.end()
        return token[0].encode()


def _misused(text: str, whole: Expanded, base: str | None, said: str) -> FlawError:
    """Return what is wrong with JSON that is no JSON-LD."""
    feed = _Feed(whole.text)
    try:
        for _ in _parse(cast("IO[bytes]", feed), RdfFormat.JSON_LD, base_iri=base):
            pass
    except SyntaxError as error:
        said = error.msg
    last = max(feed.end - 1, 0)
    limit = whole.back(last)
    kind, words = _kind(said)
    names = [*words.values(), *_NAMED.findall(said)]
    start, end = limit, limit + 1
    if not whole.put_in(last):
        start, end = _place(text, said, names, limit)
    there = shortened(text[start:end])
    return FlawError(
        kind, point_of(text, start), point_of(text, end), there=there, said=said, **words
    )


def _kind(said: str) -> tuple[str, dict[str, str]]:
    for pattern, kind in _MISUSES:
        found = pattern.search(said)
        if found is not None:
            return kind, found.groupdict("")
    return "jsonld", {}


_MISUSES: Final = tuple(
    (re.compile(pattern), kind)
    for pattern, kind in (
        (r"^(?P<name>\S+) is defined twice", "jsonld-twice"),
        (r"(?P<name>@\w+) and (?P<other>@\w+) (?:are incompatible|cannot be used together)",
         "jsonld-incompatible"),
        (r"@type value '(?P<name>[^']*)' must be an IRI", "jsonld-type"),
        (r"The value of (?P<name>@\w+) in a context must be a string|"
         r"^(?P<other>@\w+) (?:value )?must be a string$", "jsonld-string"),
        (r"@language value must be a string or null", "jsonld-language"),
        (r"@value value must be", "jsonld-value"),
        (r"Cyclic IRI mapping", "jsonld-cycle"),
        (r"protected term (?P<name>.*)|Definition of (?P<other>.*) will be overridden",
         "jsonld-protected"),
        (r"No @vocab key to build an IRI from context (?P<name>.*) term definition",
         "jsonld-no-iri"),
        (r"^(?P<name>.+) is not a valid IRI or blank node", "jsonld-no-iri"),
        (r"Objects with @value cannot contain properties, (?P<name>\S+) found",
         "jsonld-value-object"),
        (r"@context value must be null", "jsonld-context"),
        (r"Not supported|must be the first key", "jsonld-unread"),
        (r"Term definition value must be", "jsonld-definition"),
        (r"Invalid @base|Invalid base IRI", "jsonld-base"),
    )
)  # fmt: skip


def _place(text: str, said: str, names: list[str], limit: int) -> tuple[int, int]:
    """Return the stretch that an error is about: the member that it names, else the last one."""
    try:
        members = sorted(_members(_tree(text)), key=lambda each: each.key.start)
    except (ValueError, RecursionError):
        return limit, limit + 1
    before = [each for each in members if each.key.start <= limit]
    if _OF_CONTEXTS.search(said):
        before = [each for each in before if each.in_context] or before
    found = [[each for each in before if name in each.texts] for name in names if name]
    worst = [_worst(each, said) for each in found if each]
    if not worst:
        return before[-1].stretch if before else (limit, limit + 1)
    both = worst[:2] if _OF_TWO.search(said) else worst[:1]
    return max(each.stretch for each in both)


_OF_TWO: Final = re.compile(r"^@\w+ and @\w+ ")
_OF_CONTEXTS: Final = re.compile(r"[Tt]erm\b|context|mapping|expansion|protected")


class _Member(NamedTuple):
    # A member of an object, and whether the object is part of a context.
    key: Value
    value: Value
    in_context: bool

    @property
    def texts(self) -> tuple[str, str]:
        """The name, and the value if it is a text."""
        return self.key.text, self.value.text

    @property
    def stretch(self) -> tuple[int, int]:
        """The offsets of the member, or of its key alone where the value is long."""
        plain = self.value.kind in {"string", "plain"}
        return self.key.start, self.value.end if plain else self.key.end


def _worst(found: list[_Member], said: str) -> _Member:
    # The last before the reader gave up, of those that are what it complains of.
    if "must be a string" in said:
        wrong = [each for each in found if each.value.kind != "string"]
        return (wrong or found)[-1]
    return found[-1]


def _members(value: Value, *, in_context: bool = False) -> Iterator[_Member]:
    for key, inner in value.members:
        yield _Member(key, inner, in_context)
        yield from _members(inner, in_context=in_context or key.text == "@context")
    for item in value.items:
        yield from _members(item, in_context=in_context)
