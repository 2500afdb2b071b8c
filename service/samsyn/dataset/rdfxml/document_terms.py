"""The names and terms of a document in RDF/XML, and the faults that they can have."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from pyoxigraph import BaseDirection, BlankNode, Literal, NamedNode, RdfFormat
from pyoxigraph import parse as _parse

from samsyn.dataset.flaws import FlawError, shortened
from samsyn.dataset.rdfxml.xml_literal import Name
from samsyn.dataset.rdfxml.xml_text import SEPARATOR, XmlReader

_FIRST_CHARACTER: Final = (
    r"A-Z_a-z\u00C0-\u00D6\u00D8-\u00F6\u00F8-\u02FF\u0370-\u037D\u037F-\u1FFF\u200C\u200D"
    r"\u2070-\u218F\u2C00-\u2FEF\u3001-\uD7FF\uF900-\uFDCF\uFDF0-\uFFFD\U00010000-\U000EFFFF"
)
_NAME: Final = re.compile(
    rf"[{_FIRST_CHARACTER}][{_FIRST_CHARACTER}.0-9\u00B7\u0300-\u036F\u203F-\u2040-]*"
)
_ABSOLUTE: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_ESCAPED: Final = re.compile(r'[\x00-\x20<>"{}|^`\\]')


class Attribute(NamedTuple):
    """An attribute that is not one of XML.

    Args:
        iri: its IRI.
        name: its name as written.
        value: its value.
    """

    iri: str
    name: str
    value: str


class TermReader(XmlReader):
    """A reader that makes terms of what is written.

    Attributes:
        names: the names met so far, by what expat calls them.
    """

    def __init__(self) -> None:
        super().__init__()
        self._nodes: dict[tuple[str | None, str], NamedNode] = {}
        self._ids: dict[str, int] = {}
        self._labels = 0
        self.names: dict[str, Name] = {}

    def name(self, tag: str) -> Name:
        """Return a name as expat gives it, taken apart."""
        known = self.names.get(tag)
        if known is None:
            parts = [*tag.split(SEPARATOR), "", ""]
            space, local, prefix = parts[:3] if SEPARATOR in tag else ("", tag, "")
            written = f"{prefix}:{local}" if prefix else local
            known = self.names[tag] = Name(space, local, prefix, space + local, written)
        return known

    def iri(self, text: str, base: str | None, attribute: str) -> NamedNode:
        """Return what an IRI stands for.

        Args:
            text: the IRI, relative or not.
            base: what it is resolved against.
            attribute: the name of the attribute that has it, as written; empty: the tag.

        Raises:
            FlawError: it is none.
        """
        key = None if _ABSOLUTE.match(text) else base, text
        known = self._nodes.get(key)
        if known is None:
            try:
                known = NamedNode(text) if key[0] is None else resolved(text, key[0])
            except ValueError as error:
                there = shortened(text)
                raise self.flaw("bad-iri", attribute, there=there, said=str(error)) from error
            self._nodes[key] = known
        return known

    def identified(self, attribute: Attribute, base: str | None) -> NamedNode:
        """Return the node that an rdf:ID names.

        Raises:
            FlawError: it is no name, or was used before.
        """
        self._check_name(attribute)
        node = self.iri(f"#{attribute.value}", base, attribute.name)
        line = self._ids.get(node.value)
        if line is not None:
            raise self.flaw("repeated-id", attribute.name, there=attribute.value, line=line)
        self._ids[node.value] = self.point()[0]
        return node

    def labelled(self, attribute: Attribute) -> BlankNode:
        """Return the node that an rdf:nodeID names.

        Raises:
            FlawError: it is no name.
        """
        self._check_name(attribute)
        # Names hold characters that labels cannot.
        return BlankNode("i" + attribute.value.encode().hex())

    def fresh(self) -> BlankNode:
        """Return a blank node that nothing names."""
        self._labels += 1
        return BlankNode(f"n{self._labels}")

    def check_language(self, language: str, attribute: str) -> None:
        """Refuse a language tag that is none.

        Raises:
            FlawError: it is none.
        """
        try:
            Literal("", language=language)
        except ValueError as error:
            raise self.flaw("bad-language-tag", attribute, there=language) from error

    def direction(self, value: str, attribute: str) -> BaseDirection:
        """Return a base direction.

        Raises:
            FlawError: it is none.
        """
        try:
            return BaseDirection(value)
        except ValueError as error:
            raise self.flaw("bad-direction", attribute, there=value or " ") from error

    def _check_name(self, attribute: Attribute) -> None:
        if not _NAME.fullmatch(attribute.value):
            there = shortened(attribute.value) or " "
            raise self.flaw("bad-id", attribute.name, there=there, name=attribute.name)

    def flaw(self, kind: str, attribute: str = "", **words: object) -> FlawError:
        """Return a fault of the current tag.

        Args:
            kind: its kind.
            attribute: the name of the attribute that is at fault, as written; empty: the tag.
            words: what to put into the messages.
        """
        start, end = self.attribute(attribute)
        return FlawError(kind, start, end, **words)


def resolved(text: str, base: str) -> NamedNode:
    """Resolve an IRI (RFC 3986, section 5).

    Raises:
        ValueError: it is none.
    """
    escaped = _ESCAPED.sub(lambda found: f"\\u{ord(found[0]):04X}", text)
    try:
        statement = next(_parse(f"<{escaped}> <urn:x> <urn:x> .", RdfFormat.TURTLE, base_iri=base))
    except SyntaxError as error:
        raise ValueError(error.msg.rpartition(": ")[2]) from error
    found = statement.subject
    assert isinstance(found, NamedNode)  # noqa: S101  it is between angle brackets
    return found
