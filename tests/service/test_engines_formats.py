"""Faults of the query engine's readers and writers (docs/engines.md); one that fails is fixed."""

from __future__ import annotations

from xml.etree import ElementTree as ET

import pyoxigraph
import pytest
from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Triple

S, P = NamedNode("http://example.org/s"), NamedNode("http://example.org/p")


def _rdfxml(triple: Triple) -> bytes:
    return pyoxigraph.serialize([triple], format=RdfFormat.RDF_XML) or b""


@pytest.mark.parametrize(
    "triple",
    [
        pytest.param(Triple(S, NamedNode("http://example.org/2024"), S), id="no-name"),
        pytest.param(Triple(S, NamedNode("http://www.w3.org/2000/xmlns/foo"), S), id="xmlns"),
        pytest.param(Triple(S, P, Literal("\x01")), id="control"),
    ],
)
def test_the_engine_writes_rdfxml_that_is_not_well_formed(triple: Triple) -> None:
    """Expat does not take what the engine writes of these."""
    with pytest.raises(ET.ParseError):
        ET.fromstring(_rdfxml(triple))  # noqa: S314 - made here


def test_the_engine_writes_labels_that_are_no_names() -> None:
    """A blank node of which the label begins with a digit is refused by the engine itself."""
    written = _rdfxml(Triple(BlankNode("1"), P, S))
    with pytest.raises(SyntaxError, match="not a valid rdf:nodeID"):
        list(pyoxigraph.parse(written, format=RdfFormat.RDF_XML))


def test_the_engine_loses_carriage_returns() -> None:
    """They are written as they are in both formats of XML; its reader keeps what others drop."""
    written = _rdfxml(Triple(S, P, Literal("a\rb")))
    assert "a\nb" in [found.text for found in ET.fromstring(written).iter()]  # noqa: S314
    (read,) = pyoxigraph.parse(written, format=RdfFormat.RDF_XML)
    assert read.object == Literal("a\rb")
    table = pyoxigraph.Store().query('SELECT ("a\\rb" AS ?x) {}')
    assert b"a\rb" in (table.serialize(format=pyoxigraph.QueryResultsFormat.XML) or b"")


def test_the_engine_writes_results_that_are_not_well_formed() -> None:
    """Expat does not take a table with a character that XML lacks."""
    table = pyoxigraph.Store().query('SELECT ("\\u0001" AS ?x) {}')
    with pytest.raises(ET.ParseError):
        ET.fromstring(table.serialize(format=pyoxigraph.QueryResultsFormat.XML) or b"")  # noqa: S314
