"""Random data of a partner: all terms of the ontology in use, rightly and wrongly.

Nothing in it means anything; it is there to lead two engines into every corner of the shapes.
"""

from __future__ import annotations

import string
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from hypothesis import strategies as some

from samsyn import names
from samsyn.dataset.exact import BlankNode, Literal, NamedNode, Triple, parse_triples

LETTERS: Final = string.ascii_lowercase[:6]
KINDS: Final = ("network", "body", "claim", "event", "document")
ODD_IRIS: Final = (
    "https://w3id.org/samsyn/id/network/return-working-group",
    "https://w3id.org/samsyn/id/Network/Return-Working-Group",
    "https://w3id.org/samsyn/id/network/return-working-group.html?page=2",
    "http://w3id.org/samsyn/id/network/return-working-group",
    "https://w3id.org/samsyn/id/network/return-working-group/",
    "https://example.org/id/network/å",
    "urn:x",
)
TEXTS: Final = ("", "a", "Retur", 'two\n"lines"', "SE", "752", "2016", "\U0001f600")
LANGUAGES: Final = ("sv", "en", "EN", "en-gb", "nb", "de")
TYPED: Final = (
    ("integer", ("0", "1", "01", "-5", "1.0", "x", "")),
    ("nonNegativeInteger", ("1", "-1")),
    ("decimal", ("1.0", "1.50")),
    ("double", ("NaN", "INF", "1e3")),
    ("boolean", ("true", "1", "yes")),
    ("string", ("a", "SE")),
    ("anyURI", ("https://example.org/", "no address")),
    ("dateTime", ("2016-01-01T00:00:00Z", "2016-01-01T24:00:00", "2016")),
    ("date", ("2016-02-29", "2017-02-29", "2016-02-29Z")),
    ("gYear", ("2016", "016", "2016Z", "-0044")),
    ("gYearMonth", ("2016-02", "2016-13")),
)
# Where queries of shapes compare numbers: a date there is one of the traps that have tests.
NUMBERS: Final = frozenset(
    {names.NS + "hasSentenceNumber", names.OA + "start", names.OA + "end"},
)
LABELS: Final = (names.RDFS_LABEL, names.SKOS + "prefLabel", names.SKOS + "definition")
DECLARED: Final = frozenset(
    names.OWL + kind
    for kind in ("ObjectProperty", "DatatypeProperty", "AnnotationProperty", "TransitiveProperty")
)


@dataclass(frozen=True)
class Terms:
    """What random data is made of.

    Args:
        classes: classes of the ontology and those that shapes ask for.
        properties: properties of the ontology and those that shapes look at.
        concepts: the concepts of the vocabularies.
    """

    classes: tuple[NamedNode, ...]
    properties: tuple[NamedNode, ...]
    concepts: tuple[NamedNode, ...]


def terms_of(ontology: Iterable[Triple], shapes: Iterable[Triple]) -> Terms:
    """Gather the terms of an ontology and of shapes."""
    told = tuple(ontology)
    asked = tuple(shapes)
    classes = _typed(told, names.OWL + "Class") | _named(asked, "class", "targetClass")
    properties = _named(asked, "path", "targetSubjectsOf", "targetObjectsOf", "equals", "lessThan")
    properties |= {n for kind in DECLARED for n in _typed(told, kind)}
    first = {t.object.value for t in asked if _is_path_member(t)}
    others = (names.RDF, names.RDFS, names.OWL, names.SH, names.SHAPES, names.VOCAB)
    properties = {n for n in properties | first if not n.startswith(others)}
    properties |= {names.OWL + "sameAs", names.RDFS_LABEL, names.RDFS + "seeAlso"}
    concepts = _typed(told, names.SKOS + "Concept")
    return Terms(*(tuple(map(NamedNode, sorted(n))) for n in (classes, properties, concepts)))


def _is_path_member(triple: Triple) -> bool:
    # Lists hold classes and values too; as properties these do no harm.
    return triple.predicate.value == names.RDF + "first" and isinstance(triple.object, NamedNode)


def _typed(triples: tuple[Triple, ...], kind: str) -> set[str]:
    wanted = NamedNode(kind)
    return {
        t.subject.value
        for t in triples
        if t.predicate.value == names.RDF_TYPE
        and t.object == wanted
        and isinstance(t.subject, NamedNode)
    }


def _named(triples: tuple[Triple, ...], *names_: str) -> set[str]:
    wanted = {names.SH + name for name in names_}
    return {
        t.object.value
        for t in triples
        if t.predicate.value in wanted and isinstance(t.object, NamedNode)
    }


def data(terms: Terms, *, size: int) -> some.SearchStrategy[tuple[Triple, ...]]:
    """Give random data.

    Args:
        terms: what it is made of.
        size: at most how many statements; a list is one.
    """
    return some.lists(_statement(terms), min_size=size // 2, max_size=size).map(_joined)


def _joined(statements: list[tuple[Triple, ...]]) -> tuple[Triple, ...]:
    return tuple(dict.fromkeys(triple for each in statements for triple in each))


def _statement(terms: Terms) -> some.SearchStrategy[tuple[Triple, ...]]:
    subject = some.one_of(_things(), _things(), _blank(), some.sampled_from(terms.concepts))
    return some.one_of(
        some.tuples(subject, some.sampled_from(terms.classes)).map(_typing),
        some.tuples(subject, some.sampled_from(LABELS), _literals()).map(_saying),
        some.tuples(subject, some.sampled_from(terms.properties), _objects(terms)).map(_saying),
        some.tuples(subject, some.sampled_from(terms.properties), _objects(terms)).map(_saying),
        some.tuples(subject, some.sampled_from(terms.properties), _lists(terms)).map(_listing),
    )


def _typing(drawn: tuple[Any, NamedNode]) -> tuple[Triple, ...]:
    return (Triple(drawn[0], NamedNode(names.RDF_TYPE), drawn[1]),)


def _saying(drawn: tuple[Any, Any, Any]) -> tuple[Triple, ...]:
    subject, predicate, object_ = drawn
    property_ = predicate if isinstance(predicate, NamedNode) else NamedNode(predicate)
    if property_.value in NUMBERS:
        object_ = Literal(str(len(str(object_)) % 9), datatype=NamedNode(names.XSD + "integer"))
    return (Triple(subject, property_, object_),)


def _listing(drawn: tuple[Any, NamedNode, tuple[str, list[Any]]]) -> tuple[Triple, ...]:
    subject, predicate, (label, members) = drawn
    nil = NamedNode(names.RDF + "nil")
    heads = [BlankNode(f"{label}{number}") for number in range(len(members))]
    found = list(_saying((subject, predicate, heads[0] if heads else nil)))
    for head, member, rest in zip(heads, members, [*heads[1:], nil], strict=False):
        found.append(Triple(head, NamedNode(names.RDF + "first"), member))
        found.append(Triple(head, NamedNode(names.RDF + "rest"), rest))
    return tuple(found)


def _things() -> some.SearchStrategy[NamedNode]:
    made = [f"https://example.org/id/{kind}/{letter}" for kind in KINDS for letter in LETTERS]
    return some.sampled_from([NamedNode(iri) for iri in (*made, *ODD_IRIS)])


def _blank() -> some.SearchStrategy[BlankNode]:
    return some.sampled_from([BlankNode(letter) for letter in LETTERS])


def _literals() -> some.SearchStrategy[Literal]:
    plain = [Literal(text) for text in TEXTS]
    tagged = [Literal(text, language=language) for text in TEXTS for language in LANGUAGES]
    typed = [
        Literal(text, datatype=NamedNode(names.XSD + kind))
        for kind, texts in TYPED
        for text in texts
    ]
    own = [Literal("a", datatype=NamedNode("https://example.org/datatype"))]
    return some.sampled_from([as_read(literal) for literal in (*plain, *tagged, *typed, *own)])


def as_read(literal: Literal) -> Literal:
    """Return a literal as a parser gives it: language tags in lower case."""
    (triple,) = parse_triples(f"<urn:s> <urn:p> {literal} .".encode(), "ntriples")
    assert isinstance(triple.object, Literal)
    return triple.object


def _objects(terms: Terms) -> some.SearchStrategy[Any]:
    return some.one_of(_things(), _literals(), some.sampled_from(terms.concepts), _blank())


def _lists(terms: Terms) -> some.SearchStrategy[tuple[str, list[Any]]]:
    label = some.text(LETTERS, min_size=3, max_size=3)
    return some.tuples(label, some.lists(_objects(terms), max_size=3))
