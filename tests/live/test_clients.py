"""The server over a real socket on loopback, asked by the clients that people use."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import Request, urlopen

import pytest
from tests.live.serving import PATIENCE, Server

from samsyn.dataset.exact import rdflib_module

QUERY = """
PREFIX samsyn: <https://w3id.org/samsyn/ns#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
SELECT ?network ?label WHERE {
  ?network a samsyn:Network ; rdfs:label ?label .
  FILTER (LANG(?label) = "en")
}
ORDER BY ?network
"""


def test_sparqlwrapper_gets_rows_and_graphs(server: Server) -> None:
    """SPARQLWrapper asks by GET and POST, and reads tables and graphs."""
    from SPARQLWrapper import CSV, JSON, POST, TURTLE, SPARQLWrapper

    client = SPARQLWrapper(f"{server.address}/sparql")
    client.setQuery(QUERY)
    client.setReturnFormat(JSON)
    answers: list[Any] = [client.queryAndConvert()]
    client.setMethod(POST)
    answers.append(client.queryAndConvert())
    assert answers[0] == answers[1]
    assert len(answers[0]["results"]["bindings"]) >= 3
    client.setReturnFormat(CSV)
    assert client.queryAndConvert().startswith(b"network,label")
    client.setQuery(QUERY.replace("SELECT ?network ?label", "CONSTRUCT { ?network a ?label }"))
    client.setReturnFormat(TURTLE)
    assert b"https://w3id.org/samsyn/id/network/" in client.queryAndConvert()


def test_sparqlwrapper_sees_a_syntax_error(server: Server) -> None:
    """A syntax error reaches the client as one, with its place."""
    from SPARQLWrapper import SPARQLWrapper
    from SPARQLWrapper.SPARQLExceptions import QueryBadFormed

    client = SPARQLWrapper(f"{server.address}/sparql")
    client.setQuery("SELECT * WHERE { ?s ?p ?o } LIMIT many")
    with pytest.raises(QueryBadFormed, match='"line": 1'):
        client.query()


def test_sparqlwrapper_sees_that_a_limit_was_met(server: Server) -> None:
    """A query over its limit raises; it is never a table that lacks rows."""
    from SPARQLWrapper import JSON, SPARQLWrapper

    client = SPARQLWrapper(f"{server.address}/sparql", returnFormat=JSON)
    client.setQuery("SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }")
    client.addParameter("timeout", "0.5")
    with pytest.raises(HTTPError, match="503") as refused:
        client.query()
    with refused.value as answer:
        assert b"query-limit" in answer.read()
        assert "Retry-After" not in answer.headers


@pytest.mark.parametrize("method", ["GET", "POST", "POST_FORM"])
def test_rdflib_uses_the_endpoint_as_a_store(server: Server, method: str) -> None:
    """The SPARQLStore of rdflib queries and matches triples by each of its methods."""
    rdflib_module()
    from rdflib import RDF, Graph, URIRef
    from rdflib.plugins.stores.sparqlstore import SPARQLStore

    graph = Graph(SPARQLStore(f"{server.address}/sparql", method=method))
    rows = list(graph.query(QUERY))
    assert len(rows) >= 3
    network = URIRef("https://w3id.org/samsyn/ns#Network")
    assert len(set(graph.subjects(RDF.type, network))) == len(rows)


def test_head_has_a_length_and_no_body(server: Server) -> None:
    """HEAD over a socket has the length of GET and ends at once."""
    request = Request(f"{server.address}/ns", method="HEAD", headers={"Accept": "text/turtle"})  # noqa: S310
    with urlopen(request, timeout=10) as response:  # noqa: S310 - our own address
        assert int(response.headers["content-length"]) > 10_000
        assert response.read() == b""


def test_a_slow_query_leaves_the_server_free(server: Server) -> None:
    """While a query takes its time, other requests are answered."""
    part = "{ SELECT * { ?%s ?p%s ?o%s } LIMIT 4000 }"
    query = "SELECT (COUNT(*) AS ?n) { " + " ".join(part % (x, x, x) for x in "ab") + " }"
    address = f"{server.address}/sparql?{urlencode({'query': query})}"
    with ThreadPoolExecutor() as pool:
        slow = pool.submit(_status, address)
        quick = [_status(f"{server.address}/health") for _ in range(5)]
        assert not slow.done()
        assert quick == [200] * 5
        assert slow.result() in {200, 503}


def _status(address: str) -> int:
    try:
        with urlopen(address, timeout=PATIENCE) as response:  # noqa: S310 - our own address
            response.read()
            return int(response.status)
    except HTTPError as error:
        with error:
            return error.code
