"""Turtle written short in tests: the prefixes that every one of them needs."""

from __future__ import annotations

from typing import Final

from samsyn.dataset.exact import Literal, NamedNode, Triple, parse
from samsyn.names import OWL, RDF, RDFS, XSD

PREFIXES: Final = {"rdf": RDF, "rdfs": RDFS, "owl": OWL, "xsd": XSD, "": "http://example.org/"}
_HEADER: Final = "".join(f"@prefix {name}: <{iri}> .\n" for name, iri in PREFIXES.items())


def triples(text: str) -> list[Triple]:
    """Read Turtle whose prefixes are understood."""
    return [quad.triple for quad in parse((_HEADER + text).encode(), "turtle", path="test")]


def triple(text: str) -> Triple:
    """Read one triple."""
    (found,) = triples(text + " .")
    return found


def node(name: str) -> NamedNode:
    """Return the IRI of a prefixed name."""
    prefix, local = name.split(":")
    return NamedNode(PREFIXES[prefix] + local)


def number(value: int) -> Literal:
    """Return the literal of a cardinality."""
    return Literal(str(value), datatype=NamedNode(XSD + "nonNegativeInteger"))
