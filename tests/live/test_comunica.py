"""Comunica, which federates in the client, as its command line asks the endpoint."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlencode
from urllib.request import Request, urlopen

import pytest
from tests.live.serving import PATIENCE, Server, serving_files

from samsyn.dataset.exact import parse

DESCRIBED_IN: Final = "application/n-quads,application/trig;q=0.95,application/ld+json;q=0.9"
JSON: Final = "application/sparql-results+json"

QUERIES: Final = {
    "every-kind-of-term": """
        SELECT ?o WHERE {
          VALUES ?o {
            <https://w3id.org/samsyn/ns#Network> "text" "återvändande"@sv 7 2.5 1e3 true
            "2025-02-01"^^<http://www.w3.org/2001/XMLSchema#date>
          }
        }""",
    "unbound": """
        SELECT ?network ?none WHERE {
          ?network a <https://w3id.org/samsyn/ns#Network> OPTIONAL { ?network <urn:none> ?none }
        }""",
    "aggregate": """
        SELECT ?class (COUNT(?s) AS ?n) WHERE { ?s a ?class }
        GROUP BY ?class ORDER BY DESC(?n) ?class LIMIT 5""",
    "chain": """
        SELECT ?from WHERE {
          ?from <https://w3id.org/samsyn/ns#reaches>+
            <https://w3id.org/samsyn/id/body/nshf-political-level>
        }""",
    "yes": "ASK { ?s ?p ?o }",
}


def _try(comunica: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["comunica-sparql", *arguments],
        env=comunica,
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE,
    )


def _run(comunica: dict[str, str], *arguments: str) -> str:
    done = _try(comunica, *arguments)
    assert done.returncode == 0, done.stderr
    return done.stdout


def _fetch(address: str, accept: str) -> bytes:
    request = Request(address, headers={"Accept": accept})  # noqa: S310 - our own address
    with urlopen(request, timeout=PATIENCE) as response:  # noqa: S310 - our own address
        content: bytes = response.read()
        return content


def _comparable(answer: str | bytes) -> Any:
    """The answer without what may differ: the order of rows, and how plain strings are typed."""
    data = json.loads(answer)
    if "boolean" in data:
        return data["boolean"]
    return sorted(map(_row, data["results"]["bindings"]))


def _row(row: dict[str, dict[str, str]]) -> Sequence[tuple[str, ...]]:
    return sorted(
        (name, term["type"], term["value"], term.get("datatype", ""), term.get("xml:lang", ""))
        for name, term in row.items()
    )


@pytest.mark.parametrize("query", QUERIES.values(), ids=QUERIES)
def test_its_answers_are_ours(comunica: dict[str, str], server: Server, query: str) -> None:
    """Given the bare address, it finds what a plain request finds, term by term."""
    address = f"{server.address}/sparql"
    found = _run(comunica, address, query, "-t", JSON)
    plain = _fetch(f"{address}?{urlencode({'query': query})}", JSON)
    assert _comparable(found) == _comparable(plain)
    assert _comparable(plain)


def test_it_builds_graphs(comunica: dict[str, str], server: Server) -> None:
    """A CONSTRUCT gives the same triples as a plain request."""
    address = f"{server.address}/sparql"
    query = "CONSTRUCT { ?s a ?c } WHERE { ?s a ?c ; a <https://w3id.org/samsyn/ns#Network> }"
    found = _run(comunica, address, query, "-t", "application/n-triples")
    plain = _fetch(f"{address}?{urlencode({'query': query})}", "application/n-triples")
    assert set(parse(found.encode(), "ntriples")) == set(parse(plain, "ntriples"))
    assert plain


def test_the_description_alone_leads_to_the_endpoint(
    comunica: dict[str, str], server: Server, tmp_path: Path
) -> None:
    """It would guess from an address in `/sparql`; from another, only the description can tell.

    The service has to be the address asked (Service Description, section 2): the same description
    is put at an address that ends otherwise, where it still names the endpoint.
    """
    described = _fetch(f"{server.address}/sparql", "application/n-triples").decode()
    endpoint = f"<{server.address}/sparql>"
    with serving_files(tmp_path) as files:
        address = f"{files}/described.nt"
        lines = [_moved(line, endpoint, address) for line in described.splitlines()]
        (tmp_path / "described.nt").write_text("\n".join([*lines, ""]), encoding="utf-8")
        query = QUERIES["aggregate"]
        found = _run(comunica, address, query, "-t", JSON)
    plain = _fetch(f"{server.address}/sparql?{urlencode({'query': query})}", JSON)
    assert _comparable(found) == _comparable(plain)


def _moved(line: str, subject: str, address: str) -> str:
    return f"<{address}>{line.removeprefix(subject)}" if line.startswith(subject) else line


def test_the_description_comes_as_it_asks(server: Server) -> None:
    """Its long list of formats, datasets first, is answered with one of those on it."""
    request = Request(f"{server.address}/sparql", headers={"Accept": DESCRIBED_IN})  # noqa: S310 - our own address
    with urlopen(request, timeout=PATIENCE) as response:  # noqa: S310 - our own address
        media_type = response.headers.get_content_type()
    assert media_type in {"application/n-quads", "application/trig", "application/ld+json"}


def test_it_joins_the_endpoint_with_files(
    comunica: dict[str, str], server: Server, tmp_path: Path
) -> None:
    """Two sources without SERVICE: a pattern may be answered by either, and rows are joined."""
    query = """
        SELECT ?network ?code WHERE {
          ?network a <https://w3id.org/samsyn/ns#Network> ; <urn:code> ?code
        }"""
    networks = _run(comunica, f"{server.address}/sparql", QUERIES["unbound"], "-t", JSON)
    iris = [row["network"]["value"] for row in json.loads(networks)["results"]["bindings"]]
    codes = {iri: str(number) for number, iri in enumerate(iris)}
    strange = {"urn:not-there": "x"}
    lines = [f'<{iri}> <urn:code> "{code}" .\n' for iri, code in (codes | strange).items()]
    (tmp_path / "codes.ttl").write_text("".join(lines), encoding="utf-8")
    with serving_files(tmp_path) as files:
        sources = (f"{files}/codes.ttl", f"{server.address}/sparql")
        found = json.loads(_run(comunica, *sources, query, "-t", JSON))
    rows = found["results"]["bindings"]
    assert codes
    assert {row["network"]["value"]: row["code"]["value"] for row in rows} == codes


def test_a_refused_query_is_told(comunica: dict[str, str], server: Server) -> None:
    """An error of the endpoint is one of Comunica too, never an answer without rows."""
    done = _try(comunica, f"sparql@{server.address}/nothing", "ASK { ?s ?p ?o }")
    assert done.returncode != 0
    assert "404" in done.stderr


def test_a_limit_is_an_error(comunica: dict[str, str], serve: Callable[..., Server]) -> None:
    """A query over its limit fails in Comunica too, and names the status."""
    query = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
    address = f"{serve('--timeout', '0.5').address}/sparql"
    done = _try(comunica, address, query)
    assert done.returncode != 0
    assert "503" in done.stderr


ANY: Final = "SELECT * WHERE { ?s ?p ?o }"


@pytest.mark.parametrize(
    "path",
    [
        "/id/network/between-agencies",
        "/ns",
        "/vocab/provenance-status/stated",
        "/graph/stated/networks",
        "/shapes",
        "/doc/prefixes/network",
        "/",
        "/gsp?graph=https://w3id.org/samsyn/graph/stated/networks",
    ],
)
def test_an_iri_of_ours_is_a_source(comunica: dict[str, str], server: Server, path: str) -> None:
    """Dereferenced, an address has for a query without GRAPH just the triples that Turtle has."""
    found = json.loads(_run(comunica, f"{server.address}{path}", ANY, "-t", JSON))
    plain = _fetch(f"{server.address}{path}", "application/n-triples")
    rows = {json.dumps(row, sort_keys=True) for row in found["results"]["bindings"]}
    assert len(rows) == len(plain.splitlines()) > 0


def test_links_are_followed_from_source_to_source(comunica: dict[str, str], server: Server) -> None:
    """What one document names is the next source, and a pattern joins over both (as crawlers do).

    The IRIs are not under this server's address, so that the client is told where each one is.
    """
    start = f"{server.address}/graph/stated/networks"
    query = """
        PREFIX samsyn: <https://w3id.org/samsyn/ns#>
        SELECT DISTINCT ?formality WHERE { ?network samsyn:hasFormality ?formality }"""
    found = json.loads(_run(comunica, start, query, "-t", JSON))["results"]["bindings"]
    linked = [row["formality"]["value"] for row in found]
    assert linked
    base = "https://w3id.org/samsyn"
    sources = [iri.replace(base, server.address, 1) for iri in linked]
    labelled = """
        PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
        PREFIX samsyn: <https://w3id.org/samsyn/ns#>
        SELECT DISTINCT ?formality ?label WHERE {
          ?network samsyn:hasFormality ?formality .
          ?formality rdfs:label ?label .
          FILTER (LANG(?label) = "en")
        }"""
    joined = json.loads(_run(comunica, start, *sources, labelled, "-t", JSON))
    assert {row["formality"]["value"] for row in joined["results"]["bindings"]} == set(linked)
