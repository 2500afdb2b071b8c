"""XML as a value: exclusive canonical XML with comments (RDF 1.1 XML Syntax, section 7.2.17)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, NamedTuple

XML: Final = "http://www.w3.org/XML/1998/namespace"

_TEXT: Final = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", "\r": "&#xD;"})
_VALUE: Final = str.maketrans(
    {"&": "&amp;", "<": "&lt;", '"': "&quot;", "\t": "&#x9;", "\n": "&#xA;", "\r": "&#xD;"}
)


class Name(NamedTuple):
    """The name of an element or an attribute.

    Args:
        space: its namespace, empty if it has none.
        local: the rest of it.
        prefix: the prefix that it is written with, empty if it has none.
        iri: namespace and rest together.
        written: the name as it is written.
    """

    space: str
    local: str
    prefix: str
    iri: str
    written: str


class Canonical:
    """Writes the content of an element in canonical form."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        # The namespaces that are declared in what was written, for each open element.
        self._declared: list[dict[str, str]] = [{"": ""}]
        self._open: list[str] = []

    @property
    def depth(self) -> int:
        """How many elements are open."""
        return len(self._open)

    def start(self, name: Name, attributes: Iterable[tuple[Name, str]]) -> None:
        """Write a start tag; only the namespaces that its names use are declared."""
        given = list(attributes)
        used = {name.prefix: name.space}
        used |= {each.prefix: each.space for each, _ in given if each.prefix}
        before = self._declared[-1]
        fresh = {
            prefix: space
            for prefix, space in sorted(used.items())
            if space != XML and before.get(prefix) != space
        }
        self._declared.append({**before, **fresh})
        self._open.append(name.written)
        declarations = [
            f' xmlns{":" if prefix else ""}{prefix}="{space.translate(_VALUE)}"'
            for prefix, space in fresh.items()
        ]
        ordered = sorted(given, key=lambda pair: pair[0][:2])
        rest = [f' {each.written}="{value.translate(_VALUE)}"' for each, value in ordered]
        self._parts += ["<", name.written, *declarations, *rest, ">"]

    def end(self) -> None:
        """Write the end tag of the innermost element."""
        self._declared.pop()
        self._parts += ["</", self._open.pop(), ">"]

    def text(self, text: str) -> None:
        """Write some text."""
        self._parts.append(text.translate(_TEXT))

    def comment(self, text: str) -> None:
        """Write a comment."""
        self._parts += ["<!--", text, "-->"]

    def instruction(self, target: str, text: str) -> None:
        """Write a processing instruction."""
        self._parts += ["<?", target, f" {text}" if text else "", "?>"]

    def whole(self) -> str:
        """Return what was written."""
        return "".join(self._parts)
