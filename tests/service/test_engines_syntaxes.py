"""Faults of pyoxigraph's readers of RDF/XML and JSON-LD, as listed in docs/engines.md."""

from __future__ import annotations

from typing import Final

import pytest
from pyoxigraph import RdfFormat, parse

RDF: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
OPEN: Final = f'<rdf:RDF xmlns:rdf="{RDF}" xmlns:e="http://e/">'


def rdfxml(text: str, before: str = "") -> list[str]:
    """Return what the engine's reader makes of an element."""
    data = f"{before}{OPEN}{text}</rdf:RDF>"
    quads = parse(data.encode(), RdfFormat.RDF_XML, base_iri="http://b/")
    return [f"{quad.predicate} {quad.object}" for quad in quads]


def jsonld(text: str) -> list[str]:
    """Return what the engine's reader makes of a document."""
    quads = parse(text.encode(), RdfFormat.JSON_LD, base_iri="http://b/")
    return [f"{quad.predicate} {quad.object}" for quad in quads]


@pytest.mark.parametrize(
    ("before", "text"),
    [
        ("<!DOCTYPE rdf:RDF [<!ENTITY x 'http://e/'>]>", "<e:S/>"),
        ('<!DOCTYPE rdf:RDF [<!-- > --><!ENTITY x "http://e/">]>', "<e:S/>"),
        ('<!DOCTYPE rdf:RDF [<!ENTITY x "&y;"><!ENTITY y "http://e/">]>', "<e:S/>"),
        ('<?xml version="1.0" encoding="ISO-8859-1"?>', "<e:S/>"),
        ("", "<e:S><e:p>a<!-- c -->b</e:p></e:S>"),
        ("", "<e:S><e:p>a<![CDATA[b]]></e:p></e:S>"),
        ("", '<e:S xml:lang=""/>'),
        ("", '<e:S xml:base="rel"/>'),
        ("", '<e:S><e:p resource="http://e/o"/></e:S>'),
    ],
)
def test_the_engine_refuses_valid_rdfxml(before: str, text: str) -> None:
    """Entities, encodings, comments, sections, languages and bases that are allowed."""
    with pytest.raises(SyntaxError):
        rdfxml(text, before)


@pytest.mark.parametrize(
    "text",
    [
        '<e:S e:p="a<b"/>',
        "<e:S><e:p>]]></e:p></e:S>",
        "<e:S><e:p>\x01</e:p></e:S>",
        '<e:S rdf:resource="http://e/o"/>',
        '<e:S><e:p rdf:about="http://e/o"/></e:S>',
        '<e:S><e:p rdf:datatype="http://e/d" rdf:resource="http://e/o"/></e:S>',
        '<e:S><e:p rdf:datatype="http://e/d"><e:T/></e:p></e:S>',
        '<e:S rdf:bagID="b"/>',
    ],
)
def test_the_engine_takes_wrong_rdfxml(text: str) -> None:
    """What XML or the grammar forbids is passed over in silence."""
    assert rdfxml(text)


def test_the_engine_loses_triples_of_rdfxml() -> None:
    """Another parse type and rdf:type on an empty property give nothing."""
    assert len(rdfxml('<e:S><e:p rdf:parseType="Other">a</e:p></e:S>')) == 1
    assert len(rdfxml('<e:S><e:p rdf:type="http://e/T"/></e:S>')) == 2


def test_the_engine_does_not_normalise_xml() -> None:
    """Line ends, white space in attributes and XML as a value stay as they are written."""
    assert rdfxml("<e:S><e:p>a\r\nb</e:p></e:S>")[1] == '<http://e/p> "a\\r\\nb"'
    assert rdfxml('<e:S e:p="a\tb"/>')[1] == '<http://e/p> "a\\tb"'
    (_, value) = rdfxml('<e:S><e:p rdf:parseType="Literal"><b/></e:p></e:S>')
    assert 'xmlns:e=\\"http://e/\\"' in value


def test_the_engine_has_no_places_for_rdfxml_and_jsonld() -> None:
    """What is wrong with the elements or the keys has neither line nor column."""
    for fails in (lambda: rdfxml("<e:S></e:T>"), lambda: jsonld('{"@id": 5}')):
        with pytest.raises(SyntaxError) as caught:
            fails()
        assert caught.value.lineno is None


def test_the_engine_takes_no_contexts() -> None:
    """There is no way to hand contexts over, so a document that names one cannot be read."""
    with pytest.raises(SyntaxError, match="No LoadDocumentCallback"):
        jsonld('{"@context": "http://e/context", "@id": "http://e/s"}')


def test_the_engine_keeps_the_dots_of_a_base() -> None:
    """A base with dots in its path is not made plain before something is resolved against it."""
    quads = parse(
        b'{"@context": {"@base": "http://e/a/../b"}, "@id": "c", "http://e/p": 1}',
        RdfFormat.JSON_LD,
    )
    assert [str(quad.subject) for quad in quads] == ["<http://e/a/../c>"]


def test_the_engine_drops_what_is_no_iri() -> None:
    """Statements about an @id that is no IRI are passed over, as the Recommendation says."""
    assert jsonld('{"@id": "http://e/boat 1", "http://e/p": 1}') == []


def test_the_engine_refuses_maps_by_type() -> None:
    """A map by type whose nodes have an @id, or that is a set too, is not read."""
    inner = '"@context": {"t": {"@id": "http://e/t", "@container": %s}}'
    with pytest.raises(SyntaxError, match="must be the first key"):
        jsonld("{" + inner % '"@type"' + ', "t": {"http://e/T": {"@id": "http://e/o"}}}')
    with pytest.raises(SyntaxError, match="Not supported"):
        jsonld("{" + inner % '["@type", "@set"]' + "}")
