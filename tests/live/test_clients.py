"""The server over a real socket on loopback, asked by the clients that people use."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from urllib.request import Request, urlopen

import pytest

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
PATIENCE = 60


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@pytest.fixture(scope="module")
def server(root: Path) -> Iterator[str]:
    """A server in a process of its own, stopped by its own id."""
    port = _free_port()
    command = [sys.executable, "-W", "error", "-m", "samsyn", "serve", "--port", str(port)]
    process = subprocess.Popen(
        command, cwd=root, env=dict(os.environ), stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    try:
        yield _await(f"http://127.0.0.1:{port}", process)
    finally:
        process.send_signal(signal.SIGINT)
        output, _ = process.communicate(timeout=PATIENCE)
        assert b"Traceback" not in output, output.decode()


def _await(address: str, process: subprocess.Popen[bytes]) -> str:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        if process.poll() is not None:
            output = process.stdout.read().decode() if process.stdout else ""
            pytest.fail(f"the server stopped at its start: {output}")
        try:
            with urlopen(f"{address}/health", timeout=5):  # noqa: S310 - our own address
                return address
        except OSError:
            time.sleep(0.1)
    return pytest.fail("the server did not start")


def test_sparqlwrapper_gets_rows_and_graphs(server: str) -> None:
    """SPARQLWrapper asks by GET and POST, and reads tables and graphs."""
    from SPARQLWrapper import CSV, JSON, POST, TURTLE, SPARQLWrapper

    client = SPARQLWrapper(f"{server}/sparql")
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


def test_sparqlwrapper_sees_a_syntax_error(server: str) -> None:
    """A syntax error reaches the client as one, with its place."""
    from SPARQLWrapper import SPARQLWrapper
    from SPARQLWrapper.SPARQLExceptions import QueryBadFormed

    client = SPARQLWrapper(f"{server}/sparql")
    client.setQuery("SELECT * WHERE { ?s ?p ?o } LIMIT many")
    with pytest.raises(QueryBadFormed, match='"line": 1'):
        client.query()


@pytest.mark.parametrize("method", ["GET", "POST", "POST_FORM"])
def test_rdflib_uses_the_endpoint_as_a_store(server: str, method: str) -> None:
    """The SPARQLStore of rdflib queries and matches triples by each of its methods."""
    rdflib_module()
    from rdflib import RDF, Graph, URIRef
    from rdflib.plugins.stores.sparqlstore import SPARQLStore

    graph = Graph(SPARQLStore(f"{server}/sparql", method=method))
    rows = list(graph.query(QUERY))
    assert len(rows) >= 3
    network = URIRef("https://w3id.org/samsyn/ns#Network")
    assert len(set(graph.subjects(RDF.type, network))) == len(rows)


def test_head_has_a_length_and_no_body(server: str) -> None:
    """HEAD over a socket has the length of GET and ends at once."""
    request = Request(f"{server}/ns", method="HEAD", headers={"Accept": "text/turtle"})  # noqa: S310
    with urlopen(request, timeout=10) as response:  # noqa: S310 - our own address
        assert int(response.headers["content-length"]) > 10_000
        assert response.read() == b""


def test_a_slow_query_leaves_the_server_free(server: str) -> None:
    """While a query takes its time, other requests are answered."""
    part = "{ SELECT * { ?%s ?p%s ?o%s } LIMIT 4000 }"
    query = "SELECT (COUNT(*) AS ?n) { " + " ".join(part % (x, x, x) for x in "ab") + " }"
    address = f"{server}/sparql?{urlencode({'query': query})}"
    with ThreadPoolExecutor() as pool:
        slow = pool.submit(_timed, address)
        quick = [_timed(f"{server}/health") for _ in range(5)]
        assert max(quick) < slow.result()


def _timed(address: str) -> float:
    start = time.monotonic()
    with urlopen(address, timeout=PATIENCE) as response:  # noqa: S310 - our own address
        response.read()
    return time.monotonic() - start
