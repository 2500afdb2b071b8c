"""Compound paths: from the writing of SPARQL to the nodes that SHACL describes them with."""

from __future__ import annotations

import re
from collections.abc import Iterator
from types import MappingProxyType
from typing import Final

from samsyn import names
from samsyn.dataset.exact import BlankNode, NamedNode, Term, Triple

_SIGN: Final = re.compile(r"<[^>]*>|[\^()/|*+?]")
_REPEATED: Final = MappingProxyType(
    {"*": "zeroOrMorePath", "+": "oneOrMorePath", "?": "zeroOrOnePath"}
)


class Path:
    """A path and the triples that describe it.

    Args:
        written: an IRI, or a path as in SPARQL whose sequences and choices are in brackets.
        label: what the labels of its blank nodes begin with.
    """

    def __init__(self, written: str, label: str) -> None:
        self.triples: list[Triple] = []
        self._label = label
        self._count = 0
        if written.startswith(("<", "^", "(")):
            self._signs = _SIGN.findall(written)[::-1]
            self.node = self._path()
        else:
            self.node = NamedNode(written)

    def _path(self) -> NamedNode | BlankNode:
        sign = self._signs.pop()
        if sign == "^":
            return self._described("inversePath", self._path())
        path = self._group() if sign == "(" else NamedNode(sign[1:-1])
        while self._signs and self._signs[-1] in _REPEATED:
            path = self._described(_REPEATED[self._signs.pop()], path)
        return path

    def _group(self) -> NamedNode | BlankNode:
        parts = [self._path()]
        between = ""
        while (sign := self._signs.pop()) != ")":
            between = sign
            parts.append(self._path())
        members = self._list(parts)
        return self._described("alternativePath", members) if between == "|" else members

    def _list(self, parts: list[NamedNode | BlankNode]) -> NamedNode | BlankNode:
        rest: NamedNode | BlankNode = NamedNode(names.RDF + "nil")
        for part in reversed(parts):
            node = self._blank()
            self.triples += self._pairs(node, {"first": part, "rest": rest}, names.RDF)
            rest = node
        return rest

    def _described(self, name: str, path: Term) -> BlankNode:
        node = self._blank()
        self.triples += self._pairs(node, {name: path}, names.SH)
        return node

    def _pairs(self, node: BlankNode, held: dict[str, Term], space: str) -> Iterator[Triple]:
        return (Triple(node, NamedNode(space + name), value) for name, value in held.items())

    def _blank(self) -> BlankNode:
        self._count += 1
        return BlankNode(f"{self._label}{self._count:03d}")
