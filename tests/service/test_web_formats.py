"""The formats of answers over HTTP: what is sent can be read, or is refused with its reason."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode
from xml.etree import ElementTree as ET

import pytest
from tests.service.conftest import Client, MakeClient

from samsyn import library, names
from samsyn.dataset.exact import Dataset, Literal, NamedNode, Triple, computed, parse, rdflib_module
from samsyn.layout import Layout
from samsyn.settings import Settings

RDFXML = "application/rdf+xml"
ODD = names.GRAPH + "stated/odd"
THING = NamedNode(names.ID + "network/odd")
CONSTRUCT = "CONSTRUCT { ?s ?p ?o } { GRAPH <%s> { ?s ?p ?o } }"


@pytest.fixture(scope="module")
def odd(small_dataset: Dataset, small_layout: Layout, client_of: MakeClient) -> Client:
    """A client of a server with graphs that are hard to write."""

    def graph(name: str, property_: str, value: str) -> Any:
        return computed(
            names.GRAPH + name,
            names.STATED,
            [Triple(THING, NamedNode(property_), Literal(value))],
        )

    dataset = small_dataset.with_graph(
        graph("stated/returns", "http://example.org/p", "one\r\ntwo\rthree"),
        graph("stated/odd", "http://example.org/2024", "7"),
        graph("stated/control", "http://example.org/p", "bell \x07"),
    )
    return client_of(dataset, Settings(), queries=library.load(small_layout))


def _sparql(query: str, **others: str) -> str:
    return "/sparql?" + urlencode({"query": query, **others})


RETURNS = names.GRAPH + "stated/returns"


@pytest.mark.parametrize(
    "address",
    [
        pytest.param(_sparql(CONSTRUCT % RETURNS), id="construct"),
        pytest.param("/gsp?" + urlencode({"graph": RETURNS}), id="graph-store"),
        pytest.param("/graph/stated/returns", id="graph"),
        pytest.param(_sparql(f"SELECT ?o {{ GRAPH <{RETURNS}> {{ ?s ?p ?o }} }}"), id="select"),
    ],
)
def test_carriage_returns_come_back_from_xml(odd: Client, address: str) -> None:
    """A literal with carriage returns is the same after any reader of XML (XML 1.0, 2.11)."""
    response = odd.get(address, f"{RDFXML}, application/sparql-results+xml")
    assert response.status_code == 200
    texts = [found.text for found in ET.fromstring(response.content).iter()]  # noqa: S314
    assert "one\r\ntwo\rthree" in texts


@pytest.mark.parametrize(
    ("address", "accept", "named", "others"),
    [
        pytest.param(
            _sparql(CONSTRUCT % ODD), RDFXML, "<http://example.org/2024>", "text/turtle", id="query"
        ),
        pytest.param(
            "/gsp?" + urlencode({"graph": ODD}),
            RDFXML,
            "<http://example.org/2024>",
            "text/turtle",
            id="graph-store",
        ),
        pytest.param(
            "/graph/stated/odd", RDFXML, "<http://example.org/2024>", "text/turtle", id="graph"
        ),
        pytest.param(
            "/data/id/network/odd", RDFXML, "<http://example.org/2024>", "text/turtle", id="thing"
        ),
        pytest.param(
            _sparql(CONSTRUCT % (names.GRAPH + "stated/control")),
            RDFXML,
            "U+0007",
            "text/turtle",
            id="control",
        ),
        pytest.param(
            _sparql(f"SELECT ?o {{ GRAPH <{names.GRAPH}stated/control> {{ ?s ?p ?o }} }}"),
            "application/sparql-results+xml",
            "U+0007",
            "text/csv",
            id="table",
        ),
        pytest.param(
            _sparql("CONSTRUCT { <urn:s> <urn:p> <<( <urn:a> <urn:b> 1 )>> } {}"),
            "application/ld+json",
            "triple terms",
            RDFXML,
            id="triple-term",
        ),
    ],
)
def test_what_a_format_cannot_write_is_refused(
    odd: Client, address: str, accept: str, named: str, others: str
) -> None:
    """The status is 406, the detail names what cannot be written, and other formats are listed."""
    response = odd.get(address, accept)
    assert response.status_code == 406
    problem = response.json()
    assert named in problem["detail"]
    assert others in problem["offered"]
    assert odd.get(address, others).status_code == 200


@pytest.mark.parametrize(
    ("accept", "form"), [("text/turtle", "turtle"), ("application/n-triples", "nt")]
)
def test_other_formats_write_what_xml_cannot(odd: Client, accept: str, form: str) -> None:
    """The same graph comes whole in a format that can."""
    response = odd.get("/graph/stated/odd", accept)
    read = rdflib_module().Graph().parse(data=response.content, format=form)
    assert [str(p) for p in read.predicates()] == ["http://example.org/2024"]
    assert len(parse(response.content, accept)) == 1
