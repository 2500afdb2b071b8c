"""What the endpoint says of itself: Service Description, VoID, and what editors read by query."""

from __future__ import annotations

from collections import Counter
from typing import Any, Protocol

import httpx
import pytest

from samsyn import library, media, names
from samsyn.dataset.exact import Dataset, Literal, NamedNode, Triple, parse
from samsyn.description import Description, Service, described
from samsyn.description.service import CASTS, EXTENSIONS, FUNCTIONS, GEOGRAPHIC
from samsyn.layout import Layout
from samsyn.library import Query
from samsyn.settings import Settings
from samsyn.sparql.index import Index

URL = "https://samsyn.example"
SERVICE = Service(URL)
DATASET = names.ID + "dataset/samsyn"
VOID_PATH = "/.well-known/void"
SD = names.SD
VOID = names.VOID


def terms(space: str, words: str) -> frozenset[str]:
    """Put names into a namespace."""
    return frozenset(space + word for word in words.split())


# https://www.w3.org/ns/sparql-service-description
SD_TERMS = terms(
    SD,
    """
    Aggregate Dataset EntailmentProfile EntailmentRegime Feature Function Graph GraphCollection
    Language NamedGraph Service DereferencesURIs UnionDefaultGraph RequiresDataset EmptyGraphs
    BasicFederatedQuery SPARQL10Query SPARQL11Query SPARQL11Update availableGraphs defaultDataset
    defaultEntailmentRegime defaultGraph defaultSupportedEntailmentProfile endpoint
    entailmentRegime extensionAggregate extensionFunction feature graph inputFormat
    languageExtension name namedGraph propertyFeature resultFormat supportedEntailmentProfile
    supportedLanguage
    """,
)
# http://rdfs.org/ns/void#
VOID_TERMS = terms(
    VOID,
    """
    Dataset DatasetDescription Linkset TechnicalFeature class classPartition classes dataDump
    distinctObjects distinctSubjects documents entities exampleResource feature inDataset
    linkPredicate objectsTarget openSearchDescription properties property propertyPartition
    rootResource sparqlEndpoint subjectsTarget subset target triples uriLookupEndpoint
    uriRegexPattern uriSpace vocabulary
    """,
)
# https://www.w3.org/ns/formats/
FORMATS = terms(
    names.FORMATS,
    """
    SPARQL_Results_JSON SPARQL_Results_XML SPARQL_Results_CSV SPARQL_Results_TSV Turtle N-Triples
    JSON-LD RDF_XML TriG N-Quads
    """,
)
KNOWN = {
    SD: SD_TERMS,
    VOID: VOID_TERMS,
    names.FORMATS: FORMATS,
    names.ENTAILMENT: frozenset({names.ENTAILMENT + "Simple"}),
    names.VOID_EXT: frozenset({names.VOID_EXT + "datatypePartition", names.VOID_EXT + "datatype"}),
}

# What an editor asks for when it opens: prefixes, examples, and what to complete.
PREFIXES = """
PREFIX sh: <http://www.w3.org/ns/shacl#>
SELECT DISTINCT ?prefix ?namespace { [] sh:prefix ?prefix ; sh:namespace ?namespace }
"""
EXAMPLES = """
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX sh: <http://www.w3.org/ns/shacl#>
SELECT ?example ?comment ?query {
  ?example a sh:SPARQLExecutable ; rdfs:comment ?comment ;
    sh:select | sh:ask | sh:construct | sh:describe ?query .
}
"""
COMPLETION = """
PREFIX ext: <http://ldf.fi/void-ext#>
PREFIX void: <http://rdfs.org/ns/void#>
SELECT DISTINCT ?class ?property ?target ?datatype {
  ?part void:class ?class ; void:propertyPartition ?use .
  ?use void:property ?property .
  OPTIONAL {
    { ?use void:classPartition / void:class ?target }
    UNION { ?use ext:datatypePartition / ext:datatype ?datatype }
  }
}
"""
LABELLED = """
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX sd: <http://www.w3.org/ns/sparql-service-description#>
PREFIX void: <http://rdfs.org/ns/void#>
SELECT DISTINCT ?class ?label ?triples {
  ?part void:class ?class ; void:propertyPartition ?use .
  ?use void:triples ?triples .
  ?class rdfs:label ?label
}
"""


class Asker(Protocol):
    """What a client can do."""

    def request(self, method: str, url: str, **arguments: Any) -> httpx.Response:
        """Send a request."""
        ...

    def get(self, url: str, accept: str | None = None, **arguments: Any) -> httpx.Response:
        """Send a GET."""
        ...


@pytest.fixture(scope="module")
def queries(layout: Layout) -> dict[str, Query]:
    """The query library."""
    return library.load(layout)


@pytest.fixture(scope="module")
def description(closed: Dataset, queries: dict[str, Query]) -> Description:
    """The description of the repository's graphs."""
    return Description(closed, queries)


@pytest.fixture(scope="module")
def served(closed: Dataset, queries: dict[str, Query]) -> Index:
    """The index that the server has: with description and examples."""
    return Index(described(closed, queries, SERVICE))


@pytest.fixture(scope="module")
def server(client_of: Any, closed: Dataset, queries: dict[str, Query]) -> Any:
    """A client of a server of the repository's graphs."""
    return client_of(closed, Settings(public_url=URL), queries=queries)


def objects(triples: list[Triple], subject: str, predicate: str) -> set[str]:
    """List what is said of a subject by a property."""
    return {
        getattr(triple.object, "value", "")
        for triple in triples
        if triple.subject == NamedNode(subject) and triple.predicate == NamedNode(predicate)
    }


def read(response: httpx.Response) -> list[Triple]:
    """Read the answer, whose format is the one it claims."""
    kind = response.headers["content-type"].partition(";")[0]
    return [quad.triple for quad in parse(response.content, kind)]


def canonical(triples: list[Triple]) -> Counter[tuple[str, ...]]:
    """Count triples without the labels of blank nodes."""
    return Counter(tuple("_" if str(t)[:2] == "_:" else str(t) for t in each) for each in triples)


def number(index: Index, query: str) -> int:
    """Ask for one number."""
    (row,) = index.query(query).rows()
    (value,) = row.values()
    return int(value.value)


def test_the_endpoint_is_named(server: Asker) -> None:
    """GET without query returns RDF in which something has the public URL as sd:endpoint."""
    triples = read(server.get("/sparql", "text/turtle"))
    assert [t for t in triples if t.predicate == NamedNode(SD + "endpoint")] == [
        Triple(NamedNode(URL + "/sparql"), NamedNode(SD + "endpoint"), NamedNode(URL + "/sparql"))
    ]


@pytest.mark.parametrize("form", media.RDF, ids=lambda form: form.name)
@pytest.mark.parametrize("path", ["/sparql", VOID_PATH])
def test_every_format_of_rdf_tells_the_same(server: Asker, path: str, form: media.Format) -> None:
    """Each format parses to the same triples; HEAD gives the same headers without a body."""
    response = server.get(path, form.media_type)
    assert response.status_code == 200
    assert response.headers["content-type"].startswith(form.media_type)
    assert "Accept" in response.headers["vary"]
    assert canonical(read(response)) == canonical(read(server.get(path, "application/n-triples")))
    head = server.request("HEAD", path, headers={"Accept": form.media_type})
    assert (head.status_code, head.content) == (200, b"")
    kept = {"content-type", "content-length", "vary", "link"}
    assert {k: v for k, v in head.headers.items() if k in kept} == {
        k: v for k, v in response.headers.items() if k in kept
    }


def test_void_is_found_from_the_endpoint(server: Asker) -> None:
    """The endpoint points to the description of the dataset, by header and in RDF."""
    response = server.get("/sparql", "text/turtle")
    assert f'<{URL}{VOID_PATH}>; rel="describedby"' in response.headers["link"].split(", ")
    see = objects(read(response), URL + "/sparql", names.RDFS + "seeAlso")
    assert see == {URL + VOID_PATH}


@pytest.mark.parametrize(
    ("accept", "query", "status"),
    [
        pytest.param("text/html", "", 406, id="no-page"),
        pytest.param("image/png", "", 406, id="no-picture"),
        pytest.param(None, "?format=nonsense", 200, id="an-unknown-format-counts-as-none"),
        pytest.param("image/png", "?format=ttl", 200, id="format-overrides"),
        pytest.param(None, "", 200, id="turtle-unless-told"),
    ],
)
def test_void_is_negotiated(server: Asker, accept: str | None, query: str, status: int) -> None:
    """The description comes in RDF only, and a refusal as what reads it likes best."""
    response = server.get(VOID_PATH + query, accept)
    assert response.status_code == status
    refusal = "text/html" if accept == "text/html" else "application/problem+json"
    kind = "text/turtle" if status == 200 else refusal
    assert response.headers["content-type"].startswith(kind)


def test_void_knows_its_methods(server: Asker) -> None:
    """Another method is refused with a complete Allow."""
    response = server.request("POST", VOID_PATH, content=b"")
    assert response.status_code == 405
    assert response.headers["allow"] == "GET, HEAD, OPTIONS"


def test_without_a_public_url_the_address_is_that_of_the_request(
    client_of: Any, small_dataset: Dataset
) -> None:
    """The description names the host asked; the stored graph, which has none, our own base."""
    own = client_of(small_dataset)
    for path in ("/sparql", VOID_PATH):
        assert "http://samsyn.example/sparql" in own.get(path, "application/n-triples").text
    asked = f"SELECT ?e {{ GRAPH <{names.DESCRIPTION}> {{ ?s <{SD}endpoint> ?e }} }}"
    rows = own.get("/sparql", params={"query": asked}).json()["results"]["bindings"]
    assert [row["e"]["value"] for row in rows] == [names.BASE + "sparql"]


def test_a_forged_host_enters_neither(server: Asker) -> None:
    """With a public URL set, no header changes what is described."""
    headers = {"Host": "evil.example", "X-Forwarded-Host": "evil.example"}
    for path in ("/sparql", VOID_PATH):
        assert "evil" not in server.request("GET", path, headers=headers).text


def test_every_term_exists(description: Description) -> None:
    """Every term of sd, VoID, its extension, formats and regimes is one of the vocabulary."""
    whole = described(description.dataset, description.queries, Service(URL, writes=True))
    own = [g for iri, g in whole.graphs.items() if iri in {names.DESCRIPTION, names.EXAMPLES}]
    used = {
        term.value
        for graph in own
        for triple in graph.triples
        for term in triple
        if isinstance(term, NamedNode)
    }
    # A namespace itself is named as a vocabulary in use.
    found = {space: {i for i in used if i.startswith(space)} - {space} for space in KNOWN}
    assert all(found.values())
    assert {space: terms - KNOWN[space] for space, terms in found.items()} == {
        space: set() for space in KNOWN
    }


@pytest.mark.parametrize("service", [SERVICE, Service(URL, union=False, writes=True)])
def test_abilities_follow_the_settings(description: Description, service: Service) -> None:
    """Updates and empty graphs are announced with writes only, the union only where it is on."""
    triples = description.of_service(service)
    said = {
        name: {names.local(iri) for iri in objects(triples, service.endpoint, SD + name)}
        for name in ("supportedLanguage", "feature", "inputFormat", "resultFormat")
    }
    assert said["supportedLanguage"] == {"SPARQL11Query"}
    assert said["feature"] == ({"EmptyGraphs"} if service.writes else {"UnionDefaultGraph"})
    updates = objects(triples, service.updates, SD + "supportedLanguage")
    assert updates == ({SD + "SPARQL11Update"} if service.writes else set())
    taken = objects(triples, service.updates, SD + "inputFormat")
    rdf = {media.REGISTERED[form.media_type] for form in media.GRAPHS}
    assert {names.local(iri) for iri in taken} == (rdf if service.writes else set())
    assert said["resultFormat"] == set(media.REGISTERED.values())
    regime = objects(triples, service.endpoint, SD + "defaultEntailmentRegime")
    assert regime == {names.ENTAILMENT + "Simple"}


def test_the_default_graph_has_the_size_that_is_said(
    served: Index, description: Description
) -> None:
    """COUNT over the default graph gives its void:triples, description and examples included."""
    (default,) = (
        t.object
        for t in description.of_service(SERVICE)
        if t.predicate == NamedNode(SD + "defaultGraph")
    )
    (told,) = (
        int(t.object.value)
        for t in description.of_service(SERVICE)
        if t.subject == default and t.predicate == NamedNode(VOID + "triples")
        if isinstance(t.object, Literal)
    )
    assert told == number(served, "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }")


def test_every_graph_is_named_with_size_and_provenance_status(
    served: Index, description: Description, closed: Dataset
) -> None:
    """Each graph that GRAPH finds is described, with the size that COUNT gives."""
    triples = description.of_service(SERVICE)
    named = {t.object.value for t in triples if t.predicate == NamedNode(SD + "name")}
    rows = served.query("SELECT ?g (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g").rows()
    counted = {row["g"].value: row["n"].value for row in rows}
    assert named == counted.keys() == closed.graphs.keys() | {names.DESCRIPTION, names.EXAMPLES}
    for iri, size in counted.items():
        assert objects(triples, iri, VOID + "triples") == {size}
        (provenance_status,) = objects(triples, iri, names.NS + "hasProvenanceStatus")
        assert provenance_status in names.PROVENANCE_STATUSES


def test_no_triple_is_told_twice(served: Index) -> None:
    """What another graph has is not repeated, since the engine's union would count it twice."""
    counts = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
    distinct = "SELECT (COUNT(*) AS ?n) { SELECT DISTINCT ?s ?p ?o { ?s ?p ?o } }"
    assert number(served, counts) == number(served, distinct)


@pytest.mark.parametrize(
    ("name", "query"),
    [
        ("triples", "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"),
        ("distinctSubjects", "SELECT (COUNT(DISTINCT ?s) AS ?n) { ?s ?p ?o }"),
        ("distinctObjects", "SELECT (COUNT(DISTINCT ?o) AS ?n) { ?s ?p ?o }"),
        ("properties", "SELECT (COUNT(DISTINCT ?p) AS ?n) { ?s ?p ?o }"),
        ("classes", "SELECT (COUNT(DISTINCT ?c) AS ?n) { ?s a ?c FILTER (isIRI(?c)) }"),
        ("entities", "SELECT (COUNT(DISTINCT ?s) AS ?n) { ?s a ?c FILTER (isIRI(?c)) }"),
    ],
)
def test_void_totals_are_those_counted(server: Asker, index: Index, name: str, query: str) -> None:
    """Each total of the dataset equals what SPARQL counts over its graphs."""
    told = objects(read(server.get(VOID_PATH)), DATASET, VOID + name)
    assert told == {str(number(index, query))}


def test_partitions_are_those_counted(served: Index, index: Index) -> None:
    """The class and property partitions in the dataset give what SPARQL counts over its graphs."""
    ask = f"PREFIX void: <{VOID}> SELECT ?k ?n {{ <{DATASET}> "
    told = served.query(ask + "void:classPartition [ void:class ?k ; void:entities ?n ] }")
    counted = index.query(
        "SELECT ?k (COUNT(DISTINCT ?s) AS ?n) { ?s a ?k FILTER (isIRI(?k)) } GROUP BY ?k"
    )
    assert pairs(told) == pairs(counted)
    told = served.query(ask + "void:propertyPartition [ void:property ?k ; void:triples ?n ] }")
    counted = index.query("SELECT ?k (COUNT(*) AS ?n) { ?s ?k ?o } GROUP BY ?k")
    assert pairs(told) == pairs(counted)


def pairs(answer: Any) -> dict[str, str]:
    """Read the rows of a table of two columns, of which there are some."""
    rows = list(answer.rows())
    found = {row["k"].value: row["n"].value for row in rows}
    assert len(found) == len(rows) > 50
    return found


def test_void_repeats_catalogue_and_linksets(server: Asker, closed: Dataset) -> None:
    """Title, licence, publisher and source are the catalogue's; every linkset is a subset."""
    triples = read(server.get(VOID_PATH))
    catalogue = list(closed.graph(names.CATALOGUE).triples)
    for name in ("title", "license", "publisher", "source"):
        told = objects(triples, DATASET, names.DCTERMS + name)
        assert told == objects(catalogue, DATASET, names.DCTERMS + name) != set()
    own = described(closed, {}, SERVICE).graph(names.DESCRIPTION).triples
    assert not objects(list(own), DATASET, names.DCTERMS + "title")
    linked = objects(triples, DATASET, VOID + "subset")
    assert linked == {f"{names.ID}linkset/{iri[len(names.GRAPH) + 6 :]}" for iri in links(closed)}
    for linkset in linked:
        (size,) = objects(triples, linkset, VOID + "triples")
        assert int(size) > 0


def links(dataset: Dataset) -> list[str]:
    """List the graphs of links, of which there are some."""
    found = [iri for iri in dataset.graphs if iri.startswith(names.GRAPH + "links/")]
    assert found
    return found


def test_dumps_and_example_resources_are_there(server: Asker) -> None:
    """Every dump and every example resource can be had from this server."""
    triples = read(server.get(VOID_PATH))
    dumps = objects(triples, DATASET, VOID + "dataDump")
    shown = objects(triples, DATASET, VOID + "exampleResource")
    assert len(dumps) == 4
    assert len(shown) == 8
    for address in dumps:
        assert server.get(address.removeprefix(URL)).status_code == 200
    for iri in shown:
        assert server.get("/" + iri.removeprefix(names.BASE)).status_code == 303


def test_dumps_hold_no_description(server: Asker) -> None:
    """A dump is the data; what this one server says of itself is left out."""
    assert names.DESCRIPTION not in server.get("/dump.nq").text


def test_the_described_graphs_have_addresses(server: Asker) -> None:
    """The two graphs can be had under their own names, like all others, and have labels."""
    told = read(server.get("/sparql", "text/turtle"))
    for iri in (names.DESCRIPTION, names.EXAMPLES):
        assert read(server.get("/" + iri.removeprefix(names.BASE), "text/turtle"))
        assert len(objects(told, iri, names.RDFS_LABEL)) == 2


def test_an_editor_finds_prefixes(served: Index, closed: Dataset) -> None:
    """Each prefix comes once, with its namespace."""
    rows = list(served.query(PREFIXES).rows())
    found = {row["prefix"].value: row["namespace"].value for row in rows}
    assert found == dict(closed.prefixes)
    assert len(rows) == len(found) > 50


def test_an_editor_finds_examples_that_run(served: Index, queries: dict[str, Query]) -> None:
    """Each query of the library comes once, with one comment, and runs as it is."""
    rows = list(served.query(EXAMPLES).rows())
    assert {names.local(row["example"].value) for row in rows} == queries.keys()
    assert len(rows) == len(queries)
    for row in rows:
        answer = served.query(row["query"].value)
        name = names.local(row["example"].value)
        wanted = served.query(queries[name].body, bindings=queries[name].bindings())
        assert answer.serialise("json" if answer.kind != "graph" else "ntriples") == (
            wanted.serialise("json" if wanted.kind != "graph" else "ntriples")
        )


def test_a_query_without_a_default_is_no_example(
    small_dataset: Dataset, small_layout: Layout
) -> None:
    """What cannot run as it is, is left out; the form decides by which property the text hangs."""
    small = described(small_dataset, library.load(small_layout), SERVICE)
    triples = small.graph(names.EXAMPLES).triples
    found = {names.local(t.subject.value) for t in triples if isinstance(t.subject, NamedNode)}
    assert found == {"cq01-networks", "cq02-parent", "cq04-labels"}
    (text,) = objects(list(triples), names.BASE + "queries/cq02-parent", names.SH + "select")
    assert text.startswith("PREFIX network:")
    assert text.endswith("}\nVALUES ?_network_iri { network:a }\n")


@pytest.mark.parametrize(
    ("text", "property_", "kind"),
    [
        ("SELECT * {}", "select", "SPARQLSelectExecutable"),
        ("ASK {}", "ask", "SPARQLAskExecutable"),
        ("CONSTRUCT WHERE { ?s ?p ?o }", "construct", "SPARQLConstructExecutable"),
        ("DESCRIBE <http://e/>", "describe", None),
    ],
    ids=["select", "ask", "construct", "describe"],
)
def test_each_form_has_its_property(text: str, property_: str, kind: str | None) -> None:
    """SHACL has a property for each form, and a class for all but DESCRIBE."""
    keys = ("summary", "summary-sv", "description", "description-sv")
    header = "".join(f"#+ {key}: a\n" for key in keys)
    header += "#+ tags:\n#+   - t\n#+ question: CQ1 q\n#+ question-sv: CQ1 q\n"
    queries = {"q": library.parse("q", header + text)}
    triples = list(described(Dataset({}), queries, SERVICE).graph(names.EXAMPLES).triples)
    example = names.BASE + "queries/q"
    assert objects(triples, example, names.SH + property_) == {text + "\n"}
    kinds = {"SPARQLExecutable"} | ({kind} if kind else set())
    assert objects(triples, example, names.RDF_TYPE) == {names.SH + name for name in kinds}
    assert objects(triples, example, names.SCHEMA + "target") == {URL + "/sparql"}
    assert objects(triples, example, names.SCHEMA + "keywords") == {"t"}


def test_an_editor_finds_what_to_complete(served: Index) -> None:
    """For a class there are its properties, and where each leads: classes or datatypes."""
    found: dict[tuple[str, str], set[str]] = {}
    for row in served.query(COMPLETION).rows():
        key = (names.local(row["class"].value), names.local(row["property"].value))
        reached = row.get("target") or row.get("datatype")
        found.setdefault(key, set()).update({names.local(reached.value)} if reached else ())
    assert "ObjectProperty" in found["Claim", "statesProperty"]
    assert found["Passage", "hasSentenceNumber"] == {"integer"}
    assert found["Claim", "label"] == {"langString"}


def test_an_editor_finds_labels_and_sizes(served: Index) -> None:
    """Our classes in the partitions have labels in the same dataset, to show beside the numbers."""
    shown = {row["class"].value for row in served.query(LABELLED).rows()}
    ours = {
        row["class"].value
        for row in served.query(COMPLETION).rows()
        if row["class"].value.startswith(names.NS)
    }
    assert ours
    assert ours <= shown


POINT = '"POINT(1 1)"^^geo:wktLiteral'
AREA = '"POLYGON((0 0,0 2,2 2,2 0,0 0))"^^geo:wktLiteral'
METRE = "<http://www.opengis.net/def/uom/OGC/1.0/metre>"
SQUARE = "<http://www.opengis.net/def/uom/OGC/1.0/square_metre>"
LEXICAL = {
    "date": "2026-01-02",
    "dayTimeDuration": "P1D",
    "duration": "P1Y1D",
    "gDay": "---02",
    "gMonth": "--01",
    "gMonthDay": "--01-02",
    "gYear": "2026",
    "gYearMonth": "2026-01",
    "time": "10:00:00",
    "yearMonthDuration": "P1Y",
}
ARGUMENTS = {
    "area": (AREA, SQUARE),
    "perimeter": (AREA, METRE),
    "length": ('"LINESTRING(0 0,1 1)"^^geo:wktLiteral', METRE),
    "distance": (POINT, POINT, METRE),
    **dict.fromkeys(
        [
            "asGeoJSON",
            "centroid",
            "convexHull",
            "coordinateDimension",
            "dimension",
            "envelope",
            "getSRID",
            "isEmpty",
            "isSimple",
            "spatialDimension",
        ],
        (AREA,),
    ),
    **dict.fromkeys(("difference", "intersection", "symDifference", "union"), (AREA, AREA)),
}
EXTENDED = {
    "adjust": """ASK { FILTER (
        ADJUST("2026-01-02T10:00:00Z"^^xsd:dateTime, "PT1H"^^xsd:dayTimeDuration)
          = "2026-01-02T11:00:00+01:00"^^xsd:dateTime &&
        "2026-01-02"^^xsd:date - "2026-01-01"^^xsd:date = "P1D"^^xsd:dayTimeDuration) }""",
    "lateral": """ASK { VALUES ?x { 1 2 }
        LATERAL { SELECT ?x ?y { BIND (?x + 1 AS ?y) } } FILTER (?y = 3) }""",
    "triple-terms": """ASK { BIND (TRIPLE(<http://e/a>, <http://e/b>, 1) AS ?t)
        FILTER (isTRIPLE(?t) && OBJECT(?t) = 1 && LANGDIR(STRLANGDIR("a", "ar", "rtl")) = "rtl") }
    """,
}
DECLARED = f"PREFIX geo: <http://www.opengis.net/ont/geosparql#>\nPREFIX xsd: <{names.XSD}>\n"


def call(index: Index, iri: str, arguments: tuple[str, ...]) -> bool:
    """Call a function, and tell whether it has a value."""
    asked = f"{DECLARED}SELECT (<{iri}>({', '.join(arguments)}) AS ?v) {{}}"
    return list(index.query(asked).rows()) != [{}]


@pytest.mark.parametrize("name", CASTS)
def test_casts_can_be_called(index: Index, name: str) -> None:
    """Each cast beyond the Recommendation gives a value."""
    assert call(index, names.XSD + name, (f'"{LEXICAL[name]}"',))


@pytest.mark.parametrize("name", GEOGRAPHIC)
def test_geographic_functions_can_be_called(index: Index, name: str) -> None:
    """Each function of GeoSPARQL that is announced gives a value."""
    assert call(index, names.GEO_FUNCTIONS + name, ARGUMENTS.get(name, (POINT, AREA)))


def test_functions_are_announced(description: Description) -> None:
    """The description lists every function and extension that these tests call."""
    triples = description.of_service(SERVICE)
    assert objects(triples, SERVICE.endpoint, SD + "extensionFunction") == set(FUNCTIONS)
    told = objects(triples, SERVICE.endpoint, SD + "languageExtension")
    assert {names.local(iri) for iri in told} == EXTENSIONS.keys() == EXTENDED.keys()


@pytest.mark.parametrize("name", EXTENDED)
def test_extensions_of_the_language_work(index: Index, name: str) -> None:
    """Each extension of the language that is announced is understood."""
    assert index.query(DECLARED + EXTENDED[name]).boolean


def test_the_same_dataset_is_described_alike(closed: Dataset, queries: dict[str, Query]) -> None:
    """Two descriptions of one dataset have the same digest."""
    first, second = (described(closed, queries, SERVICE) for _ in range(2))
    assert first.revision == second.revision


def test_an_empty_dataset_can_be_described() -> None:
    """Without graphs and queries there is still a service with its own two graphs."""
    empty = Description(Dataset({}), {})
    assert objects(empty.of_service(SERVICE), SERVICE.endpoint, SD + "endpoint")
    assert objects(empty.of_dataset(SERVICE), DATASET, VOID + "triples") == {"0"}
