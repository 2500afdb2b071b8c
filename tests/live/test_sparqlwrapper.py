"""SPARQLWrapper, as released, in every return format, by each of its ways to ask."""

from __future__ import annotations

import warnings
from itertools import product
from typing import Any

import pytest
from tests.live.serving import Server

TABLES = ("json", "xml", "csv", "tsv", "n3")
GRAPHS = ("turtle", "n3", "rdf+xml", "rdf", "json-ld", "xml")
QUERIES = {
    "SELECT": "SELECT ?s { ?s a <https://w3id.org/samsyn/ns#Network> } LIMIT 1",
    "ASK": "ASK { ?s a <https://w3id.org/samsyn/ns#Network> }",
    "CONSTRUCT": "CONSTRUCT WHERE { ?s a <https://w3id.org/samsyn/ns#Network> }",
    "DESCRIBE": "DESCRIBE <https://w3id.org/samsyn/id/network/return-working-group>",
}
FORMS = [
    *product(("SELECT", "ASK"), TABLES),
    *product(("CONSTRUCT", "DESCRIBE"), GRAPHS),
]
WAYS = [("GET", "urlencoded"), ("POST", "urlencoded"), ("POST", "postdirectly")]


def wrapper(server: Server, query: str, form: str, way: tuple[str, str], *, conneg: bool) -> Any:
    """Make a client that asks a query for a format."""
    from SPARQLWrapper import SPARQLWrapper

    made = SPARQLWrapper(f"{server.address}/sparql")
    made.setQuery(query)
    made.setReturnFormat(form)
    made.setMethod(way[0])
    made.setRequestMethod(way[1])
    made.setOnlyConneg(conneg)
    return made


def content(found: Any) -> str:
    """Return what tells of the network, however the client has converted it."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for method in ("toxml", "serialize"):
            if hasattr(found, method):
                found = getattr(found, method)()
    return found.decode() if isinstance(found, bytes) else str(found)


@pytest.mark.parametrize("conneg", [False, True], ids=["parameters", "accept-alone"])
@pytest.mark.parametrize("way", WAYS, ids="-".join)
@pytest.mark.parametrize(("kind", "form"), FORMS)
def test_every_return_format_works(
    server: Server, kind: str, form: str, way: tuple[str, str], *, conneg: bool
) -> None:
    """Each format that fits the query form comes, and the client can convert it."""
    with warnings.catch_warnings():
        # The client warns of formats that it has no name for, and uses what rdflib gives up.
        warnings.simplefilter("ignore")
        asked = wrapper(server, QUERIES[kind], form, way, conneg=conneg)
        found = content(asked.queryAndConvert())
    assert "true" in found.lower() if kind == "ASK" else "/id/network/" in found


@pytest.mark.parametrize("parameter", ["default-graph-uri", "named-graph-uri", "timeout"])
def test_empty_parameters_of_scripts_count_as_none(server: Server, parameter: str) -> None:
    """What scripts for Virtuoso add without a value changes nothing."""
    asked = wrapper(server, QUERIES["SELECT"], "json", WAYS[0], conneg=False)
    asked.addParameter(parameter, "")
    asked.addParameter("timeout", "0")
    assert len(asked.queryAndConvert()["results"]["bindings"]) == 1
