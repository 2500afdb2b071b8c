"""JSON with the place of every value."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

_BREAK: Final = re.compile(r"\r\n|\r|\n")
_SPACE: Final = re.compile(r"[ \t\r\n]*")
_PLAIN: Final = re.compile(r"-?[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?|true|false|null")


@dataclass(frozen=True)
class Value:
    """A value.

    Args:
        kind: object, array, string or plain.
        start: the offset of its first character.
        end: the offset after its last one.
        text: the string itself, or what is written of a number or a word.
        members: the members of an object, each a name and a value.
        items: the items of an array.
    """

    kind: str
    start: int
    end: int
    text: str = ""
    members: tuple[tuple[Value, Value], ...] = ()
    items: tuple[Value, ...] = ()

    def get(self, name: str) -> Value | None:
        """Return the value of a member."""
        return next((value for key, value in self.members if key.text == name), None)

    def each(self) -> Iterator[Value]:
        """Yield the items of an array, or the value itself."""
        if self.kind == "array":
            yield from self.items
        else:
            yield self


def read(text: str) -> Value:
    """Read a document.

    Raises:
        ValueError: it is no JSON.
    """
    return _value(text, _skip(text, 0))


def point_of(text: str, offset: int) -> tuple[int, int]:
    """Return line and column of an offset, both from 1."""
    breaks = [found.end() for found in _BREAK.finditer(text, 0, offset)]
    return len(breaks) + 1, offset - (breaks[-1] if breaks else 0) + 1


def _skip(text: str, position: int) -> int:
    found = _SPACE.match(text, position)
    return found.end() if found else position


def _value(text: str, start: int) -> Value:
    first = text[start : start + 1]
    if first == '"':
        return _string(text, start)
    if first == "{":
        return _object(text, start)
    if first == "[":
        return _array(text, start)
    found = _PLAIN.match(text, start)
    if found is None:
        raise ValueError(f"no JSON at offset {start}")
    return Value("plain", start, found.end(), found[0])


def _string(text: str, start: int) -> Value:
    if text[start : start + 1] != '"':
        raise ValueError(f"no string at offset {start}")
    from json import JSONDecoder

    string, end = JSONDecoder().raw_decode(text, start)
    return Value("string", start, end, string)


def _object(text: str, start: int) -> Value:
    members = []
    position = _skip(text, start + 1)
    while text[position : position + 1] != "}":
        key = _string(text, position)
        position = _skip(text, key.end)
        if text[position : position + 1] != ":":
            raise ValueError(f"no colon at offset {position}")
        value = _value(text, _skip(text, position + 1))
        members.append((key, value))
        position = _next(text, value.end, "}")
    return Value("object", start, position + 1, members=tuple(members))


def _array(text: str, start: int) -> Value:
    items = []
    position = _skip(text, start + 1)
    while text[position : position + 1] != "]":
        items.append(_value(text, position))
        position = _next(text, items[-1].end, "]")
    return Value("array", start, position + 1, items=tuple(items))


def _next(text: str, position: int, closing: str) -> int:
    position = _skip(text, position)
    mark = text[position : position + 1]
    if mark not in {",", closing}:
        raise ValueError(f"neither , nor {closing} at offset {position}")
    return _skip(text, position + 1) if mark == "," else position
