"""Which edits are certain to fix a finding: where there is a choice, there is none.

A replacement is written as what it replaces: an IRI in brackets for one, a name for a name with
the same prefix.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from samsyn import names
from samsyn.dataset.exact import Literal, NamedNode, Triple
from samsyn.positions.lines import Lines
from samsyn.validation.finding import Edit, Place
from samsyn.validation.terms.vocabularies import split

_QUOTES: Final = ('"', "'")
_NAME: Final = re.compile(r"\w(?:[\w-]*\w)?")
"""A local name that needs no escapes."""


def tagged(
    place: Place, token: str, permitted: Collection[str], present: Collection[str], *, once: bool
) -> Edit | None:
    """Give a literal the language that is missing, if only one can be meant.

    Args:
        place: where the literal stands.
        token: the literal as it is written.
        permitted: the languages that the shape permits.
        present: the languages that the node's other values of the property have.
        once: whether each language may stand once only.
    """
    languages = {language.lower() for language in permitted}
    if len(languages) > 1 and once:
        languages -= {language.lower() for language in present}
    if len(languages) != 1 or not _is_untagged(token):
        return None
    return Edit(place, f"{token}@{languages.pop()}")


def _is_untagged(token: str) -> bool:
    # A closing quote is the last sign of a literal without language and datatype.
    return len(token) > 1 and token[0] in _QUOTES and token[-1] == token[0]


def languages(shapes: Iterable[Triple], shape: str) -> tuple[tuple[str, ...], bool]:
    """Return which languages a property shape asks for, and whether each may stand once only.

    A shape that would take any language, but names some in an ``sh:or``, asks for one of each.

    Args:
        shapes: the shapes graph.
        shape: IRI of the shape.
    """
    nodes: dict[object, dict[str, object]] = defaultdict(dict)
    for triple in shapes:
        nodes[triple.subject][triple.predicate.value] = triple.object
    this = nodes[NamedNode(shape)]
    options = _members(nodes, this.get(names.SH + "or"))
    lists = [this.get(names.SH + "languageIn")]
    lists += [nodes[option].get(names.SH + "languageIn") for option in options]
    found = (item for head in lists for item in _members(nodes, head))
    once = this.get(names.SH + "uniqueLang")
    is_once = bool(options) or (isinstance(once, Literal) and once.value in {"true", "1"})
    return tuple(item.value for item in found if isinstance(item, Literal)), is_once


def _members(nodes: Mapping[object, Mapping[str, object]], head: object) -> list[object]:
    found: list[object] = []
    while head in nodes and names.RDF + "first" in nodes[head] and len(found) < len(nodes):
        found.append(nodes[head][names.RDF + "first"])
        head = nodes[head].get(names.RDF + "rest")
    return found


def direct(ontology: Iterable[Triple], property_: str) -> str | None:
    """Return the one property to state in place of a transitive one or one that a chain gives.

    Args:
        ontology: the ontology.
        property_: IRI of the property that was stated.

    Returns:
        The only property right below it that is stated by hand, None if there are more or none.
    """
    below, derived = set[str](), set[str]()
    for triple in ontology:
        subject, predicate, object_ = triple.subject, triple.predicate.value, triple.object
        if not isinstance(subject, NamedNode):
            continue
        if predicate == names.RDFS + "subPropertyOf" and object_ == NamedNode(property_):
            below.add(subject.value)
        transitive = object_ == NamedNode(names.OWL + "TransitiveProperty")
        if transitive or predicate in {names.OWL + "propertyChainAxiom", names.OWL + "inverseOf"}:
            derived.add(subject.value)
    stated = below - derived
    return stated.pop() if len(stated) == 1 and property_ in derived else None


def replaced(place: Place, token: str, old: str, new: str) -> Edit | None:
    """Write one IRI in place of another, in the form in which the old one is written.

    Args:
        place: where the token stands.
        token: the old IRI as it is written.
        old: the old IRI.
        new: the new one.
    """
    if token == f"<{old}>":
        return Edit(place, f"<{new}>")
    (space, name), (new_space, new_name) = split(old), split(new)
    prefix, colon, local = token.partition(":")
    if colon and space == new_space and local == name and _NAME.fullmatch(new_name):
        return Edit(place, f"{prefix}:{new_name}")
    return None


_TURTLE: Final = re.compile(
    r"""
    \"{3}(?:[^\\]|\\.)*?\"{3} | '{3}(?:[^\\]|\\.)*?'{3}
    | "(?:[^"\\\r\n]|\\.)*" | '(?:[^'\\\r\n]|\\.)*'
    | \#[^\r\n]* | \\.
    | (?:@prefix|\b[Pp][Rr][Ee][Ff][Ii][Xx])\s+[^\s:<>"']*:\s*<(?P<space>[^<>\s]*)>
    | <(?P<iri>[^<>\s]*)>
    """,
    re.VERBOSE | re.DOTALL,
)
_XML: Final = re.compile(
    r"""
    <!--.*?-->
    | (?:xmlns(?::[\w.-]+)?\s*=\s*|<!ENTITY\s+[\w.-]+\s+)(["'])(?P<space>[^"'<>]*)\1
    | rdf:(?:about|resource|datatype)\s*=\s*(["'])(?P<iri>[^"'<>]*)\3
    | "[^"<]*" | '[^'<]*' | >[^<]*
    """,
    re.VERBOSE | re.DOTALL,
)
_JSON: Final = re.compile(
    r"""
    "@(?:id|type)"\s*:\s*"(?P<iri>[^"\\]*)"
    | "(?P<key>[^"\\]*)"\s*:(?:\s*"(?P<space>[^"\\]*)")?
    """,
    re.VERBOSE,
)
_READERS: Final = {"rdfxml": _XML, "jsonld": _JSON}


@dataclass(frozen=True)
class Move:
    """A term that is to change its namespace.

    Args:
        term: the term as written.
        wrong: its namespace.
        right: the namespace that it should have.
    """

    term: str
    wrong: str
    right: str


def respaced(file: str, text: str, form: str, move: Move) -> tuple[Edit, ...]:
    """Put the right namespace in place of a wrong one: where its prefix is declared, else in full.

    Args:
        file: name of the file.
        text: its text, without a byte order mark.
        form: short name of its syntax.
        move: the term and its namespaces.
    """
    lines = Lines(text)
    return tuple(
        Edit(
            Place(file, lines.region(start, end), "value"),
            move.right + text[start + len(move.wrong) : end],
        )
        for start, end in _stretches(_READERS.get(form, _TURTLE), text, move)
    )


def _stretches(reader: re.Pattern[str], text: str, move: Move) -> Iterator[tuple[int, int]]:
    for match in reader.finditer(text):
        found = match.groupdict()
        if found["space"] == move.wrong:
            yield match.span("space")
        elif found["iri"] == move.term:
            yield match.span("iri")
        elif found.get("key") == move.term:
            yield match.span("key")
