"""A small repository of its own, so that the web is tested apart from the facts of the brief."""

from __future__ import annotations

import contextvars
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import anyio
import httpx
import pytest
from tests.live.attacking import listening

from samsyn import library, names
from samsyn.dataset.exact import Dataset, computed, load, parse
from samsyn.layout import Layout
from samsyn.server.gateway import Gateway
from samsyn.server.limits.quotas import Quotas
from samsyn.server.observation.access_log import AccessLog
from samsyn.server.workers import framing
from samsyn.server.workers.answer import Answer, JobFailedError
from samsyn.server.workers.running import Job
from samsyn.server.workers.worker import JobError, Reply
from samsyn.settings import Settings
from samsyn.site.app import Application, Source
from samsyn.site.job_handlers import Service

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

TOKEN = "a-token-made-for-this-test"  # noqa: S105  it opens nothing
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
    "ontology/vocab/provenance-status.ttl": """
<https://w3id.org/samsyn/vocab/provenance-status/stated> a skos:Concept ;
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
    "data/editorial/codes.ttl": 'network:b skos:note "added by us"@en .',
    "data/proposed/r1.ttl": "network:b samsyn:wouldAttend network:a .",
}

WORDS = """\
[tags]
networks = ["networks", "nätverk"]
[parameters]
network = ["network", "nätverk"]
"""

QUERIES: Mapping[str, str] = {
    "cq01-networks": """\
#+ summary: All networks
#+ summary-sv: Alla nätverk
#+ description: Their labels in one language.
#+ description-sv: Etiketterna på ett språk.
#+ tags:
#+   - networks
#+ question: CQ1 Which networks are there?
#+ question-sv: CQ1 Vilka nätverk finns det?
PREFIX samsyn: <https://w3id.org/samsyn/ns#>
SELECT ?network WHERE { ?network a samsyn:Network }
ORDER BY ?network
""",
    "cq02-parent": """\
#+ summary: The parent of a network
#+ summary-sv: The parent of a network
#+ description: What a network is a subgroup of.
#+ description-sv: Beskrivning.
#+ tags:
#+   - networks
#+ question: CQ2 What is the network part of?
#+ question-sv: CQ2 What is the network part of?
PREFIX network: <https://w3id.org/samsyn/id/network/>
PREFIX samsyn: <https://w3id.org/samsyn/ns#>
SELECT ?parent WHERE { ?_network_iri samsyn:isSubgroupOf ?parent }
VALUES ?_network_iri { network:a }
""",
    "cq04-labels": """\
#+ summary: Labels in a language
#+ summary-sv: Labels in a language
#+ description: One row for each label.
#+ description-sv: Beskrivning.
#+ tags:
#+   - networks
#+ question: CQ4 What are the networks called?
#+ question-sv: CQ4 What are the networks called?
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX samsyn: <https://w3id.org/samsyn/ns#>
SELECT ?label WHERE {
  ?network a samsyn:Network ; rdfs:label ?label .
  BIND (LANG(?label) AS ?_label_lang)
}
ORDER BY ?label
VALUES ?_label_lang { "en" }
""",
    "cq03-counted": """\
#+ summary: Networks of a size
#+ summary-sv: Networks of a size
#+ description: No default, so a value is needed.
#+ description-sv: Beskrivning.
#+ tags:
#+   - networks
#+ question: CQ3 Which network has this many members?
#+ question-sv: CQ3 Which network has this many members?
PREFIX samsyn: <https://w3id.org/samsyn/ns#>
ASK { ?network samsyn:hasCount ?_size_int }
""",
}


class Channel:
    """Takes the place of the socket between a worker and the web process."""

    def __init__(self) -> None:
        self.parser = framing.Parser()
        self.answer = Answer(2**30, lambda _: None, lambda: None)

    def sendall(self, data: bytes) -> None:
        """Pass messages on at once."""
        for kind, payload in self.parser.feed(data):
            if kind == framing.HEAD:
                self.answer.head = payload
            elif kind == framing.DATA:
                self.answer.feed(payload)
            elif kind == framing.END:
                self.answer.finish()


class Inline:
    """A pool without processes: the service works where it is asked.

    Args:
        service: what does the work.
    """

    busy = 0
    forks: Mapping[str, int] = {}

    def __init__(self, service: Service) -> None:
        self.service = service

    @property
    def hello(self) -> str:
        """What a zygote would say."""
        return self.service.hello().decode()

    def states(self) -> dict[str, int]:
        """Count no workers."""
        return {}

    def doubtful(self, _client: str) -> bool:
        """Hold nobody back."""
        return False

    async def ask(self, job: Job) -> Answer:
        """Do a job that reads."""
        return self._done(job, self.service.work)

    async def write(self, job: Job) -> Answer:
        """Do a job that writes."""

        def amend(body: bytes, reply: Reply) -> None:
            self.service = self.service.amend(body, reply)

        return self._done(job, amend)

    def _done(self, job: Job, work: Any) -> Answer:
        channel: Any = Channel()
        reply = Reply(channel, job.bounds.answer)
        try:
            # A page runs an event loop of its own, which a thread with another has no room for.
            with ThreadPoolExecutor(1) as threads:
                threads.submit(contextvars.copy_context().run, work, job.body, reply).result()
        except JobError as error:
            raise JobFailedError(error.payload) from error
        reply.end()
        answer: Answer = channel.answer
        return answer


def front_of(service: Service, settings: Settings, token: str | None = None) -> Gateway:
    """Put the gateway before a service, with no process in between."""
    pool: Any = Inline(service)
    return Gateway(pool, settings, AccessLog(settings), Quotas({}), token)


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
    _write(root / "queries" / "words.toml", WORDS)
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


MakeClient = Callable[..., Client]


@pytest.fixture(scope="session")
def client_of() -> MakeClient:
    """Make a client of the server of a dataset."""

    def make(dataset: Dataset, settings: Settings | None = None, **shown: Any) -> Client:
        settings = settings or Settings()
        application = Application(dataset, Source(settings, **shown))
        return Client(front_of(Service(application), settings))

    return make


@pytest.fixture(scope="session")
def client(small_dataset: Dataset, small_layout: Layout, client_of: MakeClient) -> Client:
    """A client of the small repository's server."""
    settings = Settings(public_url="https://samsyn.example")
    return client_of(small_dataset, settings, queries=library.load(small_layout))


@pytest.fixture
def listener() -> Iterator[tuple[str, list[bytes]]]:
    """The address of a listener on loopback, and what it was sent."""
    with listening() as open_:
        yield open_.address, open_.hits
