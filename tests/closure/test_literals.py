"""Values of literals by the datatypes of OWL 2 RL."""

from __future__ import annotations

import pytest

from samsyn.closure.literals import datatypes, is_ill_typed, value, whole_number
from samsyn.dataset.exact import Literal, NamedNode
from samsyn.names import RDF, RDFS, XSD


def literal(text: str, name: str) -> Literal:
    """Make a literal of a datatype of XML Schema, or of RDF with its prefix."""
    prefix, _, local = name.rpartition(":")
    return Literal(text, datatype=NamedNode((RDF if prefix == "rdf" else XSD) + local))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("1", "integer"), ("+01", "long")),
        (("1", "integer"), ("1.0", "decimal")),
        (("1", "boolean"), ("true", "boolean")),
        (("1e0", "double"), (" 1.0 ", "double")),
        (("INF", "float"), ("1e60", "float")),
        (("ff", "hexBinary"), ("FF", "hexBinary")),
        (("YQ==", "base64Binary"), ("Y Q = =", "base64Binary")),
        (("a  b", "token"), ("a b", "string")),
        (("a", "string"), ("a@", "rdf:PlainLiteral")),
        (("2020-01-01T00:00:00Z", "dateTime"), ("2020-01-01T00:00:00+00:00", "dateTimeStamp")),
        (("2020-01-01T24:00:00Z", "dateTime"), ("2020-01-02T00:00:00.00Z", "dateTime")),
    ],
)
def test_two_writings_have_one_value(one: tuple[str, str], other: tuple[str, str]) -> None:
    """Literals that are written otherwise may have one value, of one datatype or of two."""
    assert value(literal(*one)) == value(literal(*other)) is not None


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("1", "integer"), ("1", "double")),
        (("1", "float"), ("1", "double")),
        (("0", "double"), ("-0", "double")),
        (("a", "string"), ("a", "anyURI")),
        (("ff", "hexBinary"), ("/w==", "base64Binary")),
        (("a  b", "string"), ("a b", "string")),
        (("2020-01-01T00:00:00Z", "dateTime"), ("2020-01-01T00:00:00", "dateTime")),
        # Structural Specification, section 4.7: equal, and not identical.
        (("2020-01-01T00:00:00Z", "dateTime"), ("2020-01-01T02:00:00+02:00", "dateTime")),
    ],
)
def test_two_literals_have_two_values(one: tuple[str, str], other: tuple[str, str]) -> None:
    """What is not identical is two, though it may be equal or look the same."""
    assert value(literal(*one)) != value(literal(*other))


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("one", "integer"),
        ("1.0", "integer"),
        ("128", "byte"),
        ("-1", "unsignedByte"),
        ("256", "unsignedByte"),
        ("0", "positiveInteger"),
        ("1e0", "decimal"),
        ("inf", "double"),
        ("yes", "boolean"),
        ("f", "hexBinary"),
        ("a", "base64Binary"),
        ("1a", "NCName"),
        ("a:b", "NCName"),
        ("a b", "NMTOKEN"),
        ("scandinavian", "language"),
        ("2020-13-01T00:00:00Z", "dateTime"),
        ("2021-02-29T00:00:00Z", "dateTime"),
        ("2020-01-01", "dateTime"),
        ("2020-01-01T00:00:00", "dateTimeStamp"),
    ],
)
def test_a_literal_that_is_not_of_its_datatype_is_told(text: str, name: str) -> None:
    """A writing outside the lexical space has no value, and that is a contradiction."""
    assert is_ill_typed(literal(text, name))
    assert value(literal(text, name)) is None


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("0", "integer"),
        ("-128", "byte"),
        ("255", "unsignedByte"),
        (".5", "decimal"),
        ("-INF", "double"),
        ("NaN", "float"),
        ("", "hexBinary"),
        ("", "base64Binary"),
        ("a:b", "Name"),
        ("åäö", "NCName"),
        ("sv-SE", "language"),
        ("  spaced  ", "token"),
        ("any thing", "anyURI"),
        ("-0044-03-15T12:00:00Z", "dateTime"),
        ("12020-01-01T00:00:00.5+14:00", "dateTime"),
        ("what", "unknown"),
        ("2020-01-01", "date"),
    ],
)
def test_a_literal_that_is_of_its_datatype_is_left_alone(text: str, name: str) -> None:
    """A good writing, or a datatype that the profile lacks, is no contradiction."""
    assert not is_ill_typed(literal(text, name))


@pytest.mark.parametrize(
    ("text", "name", "among", "not_among"),
    [
        ("1", "integer", "byte decimal positiveInteger unsignedLong", "negativeInteger double"),
        ("-1", "decimal", "integer short negativeInteger", "unsignedInt nonNegativeInteger"),
        ("1.5", "decimal", "decimal", "integer"),
        ("300", "unsignedByte", "", "integer unsignedByte Literal"),
        ("en", "string", "language token NCName NMTOKEN normalizedString", "anyURI"),
        ("a b", "token", "string token normalizedString", "NMTOKEN language"),
        ("2020-01-01T00:00:00Z", "dateTime", "dateTime dateTimeStamp", "string"),
        ("2020-01-01T00:00:00", "dateTime", "dateTime", "dateTimeStamp"),
        ("true", "boolean", "boolean", "string"),
    ],
)
def test_a_value_is_in_every_datatype_that_holds_it(
    text: str, name: str, among: str, not_among: str
) -> None:
    """A literal is of each datatype whose value space has its value, whatever its own."""
    found = {iri.removeprefix(XSD) for iri in datatypes(literal(text, name))}
    assert {*among.split()} <= found
    assert not {*not_among.split()} & found
    assert (RDFS + "Literal" in found) is bool(among)


def test_a_tag_is_part_of_the_value() -> None:
    """Texts in two languages are two; a tag has no case; none of them is a string."""
    assert value(Literal("a", language="sv")) != value(Literal("a", language="en"))
    assert value(literal("a@SV", "rdf:PlainLiteral")) == value(Literal("a", language="sv"))
    assert XSD + "string" not in set(datatypes(Literal("a", language="sv")))


def test_a_cardinality_is_read_by_its_value() -> None:
    """Any literal of the decimal family whose value is whole is a number, and no other."""
    assert whole_number(literal("01", "nonNegativeInteger")) == 1
    assert whole_number(literal("1.0", "decimal")) == 1
    assert whole_number(literal("1.5", "decimal")) is None
    assert whole_number(literal("1", "double")) is None
    assert whole_number(literal("x", "integer")) is None
