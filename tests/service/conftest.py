"""A small repository of its own, so that the web is tested apart from the facts of the brief."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import anyio
import httpx
import pytest

from samsyn import library, names
from samsyn.dataset.exact import Dataset, computed, load, parse
from samsyn.layout import Layout
from samsyn.settings import Settings
from samsyn.web.app import create_app

PREFIXES = """\
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix oa: <http://www.w3.org/ns/oa#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix samsyn: <https://w3id.org/samsyn/ns#> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix network: <https://w3id.org/samsyn/id/network/> .
@prefix claim: <https://w3id.org/samsyn/id/claim/> .
"""

EVIL = "<script>alert(1)</script>"

FILES: Mapping[str, str] = {
    "ontology/samsyn.ttl": """
<https://w3id.org/samsyn/ns> a owl:Ontology ; rdfs:label "ontologi"@sv , "ontology"@en ;
  owl:versionIRI <https://w3id.org/samsyn/ns/0.1.0> .
samsyn:Network a owl:Class ; rdfs:label "nätverk"@sv , "network"@en ;
  rdfs:subClassOf [ a owl:Restriction ; owl:onProperty samsyn:reaches ;
    owl:allValuesFrom samsyn:Network ] ;
  skos:definition "flera som hör ihop"@sv , "several that belong together"@en .
samsyn:reaches a owl:ObjectProperty ; rdfs:label "når"@sv , "reaches"@en .
samsyn:isSubgroupOf a owl:ObjectProperty ;
  rdfs:label "är undergrupp till"@sv , "is subgroup of"@en .
samsyn:hasCount a owl:DatatypeProperty ; rdfs:label "har antalet"@sv , "has count"@en .
""",
    "ontology/prefixes.ttl": """
<https://w3id.org/samsyn/doc/prefixes/network> sh:prefix "network" ;
  sh:namespace "https://w3id.org/samsyn/id/network/" .
<https://w3id.org/samsyn/doc/prefixes/samsyn> sh:prefix "samsyn" ;
  sh:namespace "https://w3id.org/samsyn/ns#" .
""",
    "ontology/vocab/standing.ttl": """
<https://w3id.org/samsyn/vocab/standing/stated> a skos:Concept ;
  rdfs:label "utsagd"@sv , "stated"@en ; skos:definition "källan säger det"@sv .
<https://w3id.org/samsyn/vocab/certainty/hedged> a skos:Concept ;
  rdfs:label "försiktig"@sv , "hedged"@en .
""",
    "shapes/required.ttl": """
<https://w3id.org/samsyn/shapes#NetworkShape> a sh:NodeShape ; rdfs:label "Network shape"@en ;
  sh:targetClass samsyn:Network .
""",
    "data/stated/networks.ttl": f"""
network:a a samsyn:Network ; rdfs:label "nätverk A"@sv , "network A"@en ;
  samsyn:isSubgroupOf network:b ; samsyn:hasCount "007"^^xsd:integer ;
  rdfs:seeAlso <javascript:alert(1)> , <https://www.delmi.se/> , <http://example.org/a"b> .
network:b a samsyn:Network ; rdfs:label "{EVIL}"@en , "nätverk B"@sv .
""".replace('a"b', "a%22b"),
    "data/stated/claims.ttl": """
claim:s9-1 a samsyn:Claim ; rdfs:label "A är undergrupp till B"@sv , "A is a subgroup of B"@en ;
  samsyn:statesSubject network:a ; samsyn:statesProperty samsyn:isSubgroupOf ;
  samsyn:statesObject network:b ;
  samsyn:hasCertainty <https://w3id.org/samsyn/vocab/certainty/hedged> .
<https://w3id.org/samsyn/id/evidence/s9-1> a oa:Annotation ; oa:hasBody claim:s9-1 ;
  oa:hasTarget <https://w3id.org/samsyn/id/passage/s9> .
<https://w3id.org/samsyn/id/passage/s9> a samsyn:Passage ; samsyn:hasSentenceNumber 9 ;
  samsyn:isInSection <https://w3id.org/samsyn/id/section/purpose> .
<https://w3id.org/samsyn/id/section/purpose> rdfs:label "syfte"@sv , "purpose"@en .
""",
    "data/catalogue.ttl": """
<https://w3id.org/samsyn/id/dataset/small> a <http://www.w3.org/ns/dcat#Dataset> ;
  dcterms:title "small"@en .
""",
    "data/bridged/codes.ttl": 'network:b skos:note "added by us"@en .',
    "data/proposed/r1.ttl": "network:b samsyn:wouldAttend network:a .",
}

QUERIES: Mapping[str, str] = {
    "cq01-networks": """\
#+ summary: All networks
#+ description: Their labels in one language. På svenska: etiketterna på ett språk.
#+ tags:
#+   - networks
#+ question: CQ1 Which networks are there?
PREFIX samsyn: <https://w3id.org/samsyn/ns#>
SELECT ?network WHERE { ?network a samsyn:Network }
ORDER BY ?network
""",
    "cq02-parent": """\
#+ summary: The parent of a network
#+ description: What a network is a subgroup of.
#+ tags:
#+   - networks
#+ question: CQ2 What is the network part of?
#+ defaults:
#+   - network: network:a
PREFIX network: <https://w3id.org/samsyn/id/network/>
PREFIX samsyn: <https://w3id.org/samsyn/ns#>
SELECT ?parent WHERE { ?_network_iri samsyn:isSubgroupOf ?parent }
""",
    "cq04-labels": """\
#+ summary: Labels in a language
#+ description: One row for each label.
#+ tags:
#+   - networks
#+ question: CQ4 What are the networks called?
#+ defaults:
#+   - label: en
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX samsyn: <https://w3id.org/samsyn/ns#>
SELECT ?label WHERE {
  ?network a samsyn:Network ; rdfs:label ?label .
  BIND (LANG(?label) AS ?_label_lang)
}
ORDER BY ?label
""",
    "cq03-counted": """\
#+ summary: Networks of a size
#+ description: No default, so a value is needed.
#+ tags:
#+   - networks
#+ question: CQ3 Which network has this many members?
PREFIX samsyn: <https://w3id.org/samsyn/ns#>
ASK { ?network samsyn:hasCount ?_size_int }
""",
}


class Client:
    """Sends requests to an application without a socket.

    Args:
        app: the application.
    """

    def __init__(self, app: Any) -> None:
        self.app = app

    def request(self, method: str, url: str, **arguments: Any) -> httpx.Response:
        """Send one request; redirects are not followed."""

        async def send() -> httpx.Response:
            transport = httpx.ASGITransport(app=self.app)
            base = "http://samsyn.example"
            async with httpx.AsyncClient(transport=transport, base_url=base) as client:
                return await client.request(method, url, **arguments)

        return anyio.run(send)

    def get(self, url: str, accept: str | None = None, **arguments: Any) -> httpx.Response:
        """Send a GET; httpx accepts anything unless told."""
        headers = {"Accept": accept} if accept is not None else {}
        return self.request("GET", url, headers=headers, **arguments)


@pytest.fixture(scope="session")
def small_layout(tmp_path_factory: pytest.TempPathFactory) -> Layout:
    """The folders of a small repository."""
    root = tmp_path_factory.mktemp("small")
    for name in ("links", "queries"):
        (root / name).mkdir()
    for path, text in FILES.items():
        _write(root / path, PREFIXES + text)
    for name, text in QUERIES.items():
        _write(root / "queries" / f"{name}.rq", text)
    return Layout(root)


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


@pytest.fixture(scope="session")
def small_dataset(small_layout: Layout) -> Dataset:
    """The small repository's graphs, with an inferred one."""
    inferred = PREFIXES + "network:a samsyn:reaches network:b ."
    triples = [quad.triple for quad in parse(inferred.encode(), "turtle")]
    return load(small_layout).with_graph(computed(names.INFERRED, names.IS_INFERRED, triples))


@pytest.fixture(scope="session")
def client(small_dataset: Dataset, small_layout: Layout) -> Client:
    """A client of the small repository's server."""
    settings = Settings(public_url="https://samsyn.example")
    return Client(create_app(small_dataset, settings, library.load(small_layout)))
