"""The formats of answers over HTTP: what is sent can be read, or is refused with its reason."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any
from urllib.parse import urlencode
from xml.etree import ElementTree as ET

import pytest
from markupsafe import escape
from tests.service.conftest import Client, MakeClient

from samsyn import library, names
from samsyn.dataset.exact import (
    Dataset,
    DefaultGraph,
    Literal,
    NamedNode,
    Triple,
    computed,
    parse,
    rdflib_module,
)
from samsyn.http.problems import KINDS
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
            "text/turtle",
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


PREFIXED = "SELECT ?n { ?n a samsyn:Network }"
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,image/webp,*/*;q=0.8"
ACCEPTS = (
    BROWSER,
    *(f"{kind}, */*;q=0.1" for kind in ("application/sparql-results+json", "text/csv")),
    "text/turtle, */*;q=0.1",
)


@pytest.mark.parametrize(
    ("query", "status"),
    [
        (PREFIXED, 200),
        ("ASK { ?n a samsyn:Network }", 200),
        ("CONSTRUCT WHERE { ?n a samsyn:Network }", 200),
        ("DESCRIBE network:a", 200),
        ("SELECT ?n { ?n a <relative> }", 200),
        ("SELECT ?n { ?n a unknown:Network }", 400),
        ("SELECT * { ?s", 400),
        ("SELECT (1/0 AS ?x) (?x AS ?x) {}", 400),
        ("SELECT * { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }", 403),
        ("INSERT DATA { <urn:a> <urn:a> 1 }", 403),
    ],
)
@pytest.mark.parametrize("others", [{}, {"timeout": "5"}, {"timeout": "x"}], ids=str)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_query_fares_alike_for_all(
    client: Client, query: str, status: int, others: dict[str, str], method: str
) -> None:
    """A page, JSON, CSV and Turtle succeed or fail alike, and the form for readers as they do."""
    expected = 400 if others.get("timeout") == "x" else status
    fields = urlencode({"query": query, **others})
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    for accept in ACCEPTS:
        if method == "GET":
            response = client.get(f"/sparql?{fields}", accept)
        else:
            headers = {**form, "Accept": accept}
            response = client.request("POST", "/sparql", headers=headers, content=fields)
        assert response.status_code == expected, (accept, response.text)
        page = response.headers["content-type"].startswith("text/html")
        assert page == (accept == BROWSER)
    assert client.get(f"/query?{fields}", BROWSER).status_code == expected


def test_without_our_prefixes_all_refuse_alike(
    small_dataset: Dataset, client_of: MakeClient
) -> None:
    """Where the operator wants every prefix declared, a page wants it too."""
    strict = client_of(small_dataset, Settings(prefixes=False))
    found = {accept: strict.get(_sparql(PREFIXED), accept).status_code for accept in ACCEPTS}
    assert set(found.values()) == {400}
    assert strict.get("/query?" + urlencode({"query": PREFIXED}), BROWSER).status_code == 400


ERRORS = [
    pytest.param("GET", "/nothing", {}, 404, id="no-address"),
    pytest.param("GET", "/id/network/nothing", {}, 404, id="no-thing"),
    pytest.param("GET", "/graph/nothing", {}, 404, id="no-graph"),
    pytest.param("GET", "/gsp?graph=urn:nothing", {}, 404, id="graph-store"),
    pytest.param("GET", "/gsp", {}, 400, id="graph-store-no-graph"),
    pytest.param("PUT", "/gsp?default", {}, 403, id="graph-store-write"),
    pytest.param("GET", "/update", {}, 405, id="update-get"),
    pytest.param("POST", "/update", {}, 403, id="update"),
    pytest.param("GET", "/validate", {}, 405, id="validate-get"),
    pytest.param("POST", "/validate", {}, 400, id="validate"),
    pytest.param("POST", "/validate?profile=x", {"Content-Type": "text/turtle"}, 400, id="profile"),
    pytest.param("GET", "/sparql?query=SELECT&query=ASK", {}, 400, id="twice"),
    pytest.param("GET", "/sparql?query=%ff", {}, 400, id="not-utf-8"),
    pytest.param("POST", "/sparql", {"Content-Type": "text/plain"}, 415, id="type"),
    pytest.param("PATCH", "/sparql", {}, 405, id="method"),
    pytest.param("GET", "/sparql?query=" + "x" * 61_000, {}, 414, id="long"),
    pytest.param("GET", "/sparql?query=ASK%7B%7D&timeout=x", {}, 400, id="timeout"),
    pytest.param("GET", "/queries/nothing", {}, 404, id="no-query"),
    pytest.param("GET", "/explain?s=x", {}, 400, id="explain"),
    pytest.param("GET", "/scenario?follow=x", {}, 400, id="scenario"),
    pytest.param("GET", "/ns", {"Host": "a b"}, 400, id="host"),
    pytest.param("DELETE", "/queries/1", {}, 404, id="cancel"),
]


@pytest.mark.parametrize(("method", "address", "headers", "status"), ERRORS)
@pytest.mark.parametrize("lang", ["sv", "en"])
def test_a_reader_gets_a_page_for_every_error(  # noqa: PLR0913, PLR0917
    client: Client, method: str, address: str, headers: dict[str, str], status: int, lang: str
) -> None:
    """Wherever it happens, a browser gets a page in its language, with the same status."""
    told = {"Accept": BROWSER, "Accept-Language": lang, **headers}
    response = client.request(method, address, headers=told)
    plain = client.request(method, address, headers={"Accept": "application/json", **headers})
    assert response.status_code == status
    assert response.headers["content-type"] == "text/html; charset=utf-8"
    assert f'<html lang="{lang}">' in response.text
    assert "Accept" in response.headers["vary"]
    assert plain.status_code == status
    assert len(response.headers.get_list("content-length")) == 1
    assert str(escape(plain.json()["detail"])) in response.text
    for name in ("allow", "www-authenticate", "accept-post"):
        assert response.headers.get(name) == plain.headers.get(name)


def test_every_kind_of_error_has_its_words_in_both_languages() -> None:
    """No kind lacks a title or advice, and none has the English words for Swedish ones."""
    for kind in KINDS.values():
        assert all(kind.words("sv") + kind.words("en"))
        assert not set(kind.words("sv")) & set(kind.words("en"))


@pytest.mark.parametrize("address", ["/sparql", "/query"])
def test_a_page_has_the_time_that_its_reader_gives(
    small_dataset: Dataset, client_of: MakeClient, address: str
) -> None:
    """`timeout=` reaches the worker for a page as it does for JSON."""
    client = client_of(small_dataset, Settings())
    walls: list[float] = []
    pool = client.app.pool
    ask = pool.ask

    async def noting(job: Any) -> Any:
        walls.append(job.bounds.wall)
        return await ask(job)

    pool.ask = noting
    for accept in (BROWSER, "application/json"):
        client.get(f"{address}?" + urlencode({"query": "ASK {}", "timeout": "0.5"}), accept)
    assert walls == [0.5, 0.5]


COMUNICA = (
    "application/n-quads,application/trig;q=0.95,application/ld+json;q=0.9,"
    "application/n-triples;q=0.8,text/turtle;q=0.6,application/rdf+xml;q=0.5,text/html;q=0.2"
)
ADDRESSES = (
    "/id/network/a",
    "/id/claim/s9-1",
    "/id/section/purpose",
    "/vocab/provenance-status/stated",
    "/doc/prefixes/network",
    "/ns",
    "/shapes",
    "/graph/stated/networks",
    "/graph/inferred",
    "/.well-known/void",
    "/sparql",
    "/",
    f"/gsp?graph={names.GRAPH}stated/networks",
)


def _followed(client: Client, address: str, accept: str) -> Any:
    """Get a document as clients do, over redirects."""
    response = client.get(address, accept)
    while response.status_code == 303:
        response = client.get(response.headers["location"], accept)
    assert response.status_code == 200
    return response


@pytest.mark.parametrize("address", ADDRESSES)
@pytest.mark.parametrize("kind", ["application/n-quads", "application/trig"])
def test_the_default_graph_has_what_turtle_has(client: Client, address: str, kind: str) -> None:
    """Anyone who dereferences an IRI with a format of quads first finds in it what Turtle says."""
    quads = parse(_followed(client, address, kind).content, kind)
    plain = _followed(client, address, "application/n-triples").content
    unnamed = {quad.triple for quad in quads if isinstance(quad.graph_name, DefaultGraph)}
    assert len(unnamed) == len(plain.splitlines())
    assert _grounded(unnamed) == _grounded(quad.triple for quad in parse(plain, "ntriples"))
    assert _grounded(unnamed)


def _grounded(triples: Iterable[Triple]) -> set[Triple]:
    return {triple for triple in triples if "_:" not in str(triple)}


@pytest.mark.parametrize("kind", ["application/n-quads", "application/trig"])
def test_named_graphs_tell_where_each_triple_stands(client: Client, kind: str) -> None:
    """Beside the default graph each triple is in its graph, the inferred ones only there."""
    quads = parse(_followed(client, "/id/network/a", kind).content, kind)
    named = {quad.triple for quad in quads if isinstance(quad.graph_name, NamedNode)}
    unnamed = {quad.triple for quad in quads if isinstance(quad.graph_name, DefaultGraph)}
    assert unnamed < named
    only = {quad.graph_name.value for quad in quads if quad.triple in named - unnamed}
    assert only == {names.INFERRED}


@pytest.mark.filterwarnings("ignore:Dataset.default_context is deprecated:DeprecationWarning")
def test_the_long_accept_of_comunica_finds_the_default_graph(client: Client) -> None:
    """Its list has quads first; a query without GRAPH over what comes has rows, in rdflib too."""
    response = _followed(client, "/id/network/a", COMUNICA)
    assert response.headers["content-type"] == "application/n-quads"
    held = rdflib_module().Dataset()
    held.parse(data=response.content, format="nquads")
    rows = list(held.query(f"SELECT ?o {{ <{names.ID}network/a> a ?o }}"))
    assert [str(row[0]) for row in rows] == [names.NS + "Network"]


def test_trig_has_each_graph_in_one_piece(client: Client) -> None:
    """The default graph comes first and each named graph once, so that people can read it."""
    text = client.get("/data/id/network/a?format=trig").text
    opened = re.findall(r"^(<[^>]+>|[\w-]*:\S*) \{", text, re.MULTILINE)
    assert len(opened) == len(set(opened)) > 1
    unnamed = text.partition("{")[0]
    assert "network:a" in unnamed


def test_a_graph_by_its_protocol_is_the_default_graph(client: Client) -> None:
    """The Graph Store Protocol gives one graph, so its quads have no name."""
    response = client.get(f"/gsp?graph={names.GRAPH}stated/networks", "application/n-quads")
    plain = client.get(f"/gsp?graph={names.GRAPH}stated/networks", "application/n-triples")
    assert response.headers["content-type"] == "application/n-quads"
    assert response.content == plain.content
