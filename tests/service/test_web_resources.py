"""Every IRI of ours dereferences: things by 303, documents by 200, both by content negotiation."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from samsyn import names
from samsyn.dataset.exact import Dataset, parse
from samsyn.site.display.labels import path_of

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


class Asker:
    """Only a name for the fixture's type."""

    get: Any
    request: Any


def _triples(response: httpx.Response) -> set[str]:
    return set(response.text.splitlines())


@pytest.mark.parametrize(
    "path", ["/id/network/a", "/vocab/provenance-status/stated", "/doc/prefixes/samsyn"]
)
@pytest.mark.parametrize(
    ("accept", "folder"),
    [(BROWSER, "/page"), ("text/turtle", "/data"), ("*/*", "/data"), (None, "/data")],
)
def test_a_thing_redirects_to_a_document(
    client: Asker, path: str, accept: str | None, folder: str
) -> None:
    """A thing is not a document: its address leads by 303 to a page or to data."""
    response = client.get(path, accept)
    assert response.status_code == 303
    assert response.headers["location"] == folder + path
    assert "Accept" in response.headers["vary"]


def test_the_redirect_keeps_the_parameters(client: Asker) -> None:
    """The language and format in the address survive the redirect."""
    response = client.get("/id/network/a?lang=sv", BROWSER)
    assert response.headers["location"] == "/page/id/network/a?lang=sv"


@pytest.mark.parametrize("name", ["turtle", "ntriples", "jsonld", "rdfxml", "trig", "nquads"])
def test_data_about_a_thing_comes_in_every_rdf_format(client: Asker, name: str) -> None:
    """Each format parses and holds the thing's facts."""
    response = client.get(f"/data/id/network/a?format={name}")
    assert response.status_code == 200
    quads = parse(response.content, name, base="https://samsyn.example/")
    predicates = {quad.predicate.value for quad in quads}
    assert names.NS + "isSubgroupOf" in predicates
    assert response.headers["link"] == f'<{names.ID}network/a>; rel="describes"'


def test_data_is_term_exact(client: Asker) -> None:
    """Literals keep their lexical form, which the query index rewrites."""
    triples = client.get("/data/id/network/a?format=nt").text
    assert f'"007"^^<{names.XSD}integer>' in triples


def test_data_holds_the_claims_about_the_thing(client: Asker) -> None:
    """The claims that name a thing come with it, certainty included."""
    triples = client.get("/data/id/network/a?format=nt").text
    assert f"<{names.ID}claim/s9-1> <{names.NS}hasCertainty>" in triples


def test_inferred_facts_come_only_where_graphs_are_told_apart(client: Asker) -> None:
    """Triples alone would pass off inferred facts as recorded ones, so only quads have them."""
    reaches = f"<{names.NS}reaches>"
    assert reaches not in client.get("/data/id/network/a?format=nt").text
    quads = client.get("/data/id/network/a?format=nq").text
    inferred = [line for line in quads.splitlines() if reaches in line]
    assert inferred
    assert all(line.endswith(f"<{names.INFERRED}> .") for line in inferred)


@pytest.mark.parametrize(
    "path",
    [
        "/id/network/none",
        "/id/",
        "/vocab/none/none",
        "/doc/none/1",
        "/page/id/network/none",
        "/data/id/network/none",
        "/graph/none",
        "/ns/9.9.9",
        "/browse/None",
        "/none",
    ],
)
@pytest.mark.parametrize("accept", [BROWSER, "text/turtle"])
def test_what_is_not_described_is_not_found(client: Asker, path: str, accept: str) -> None:
    """An unknown address gives 404: a page for browsers, problem details for programs."""
    response = client.get(path, accept)
    assert response.status_code == 404
    kind = response.headers["content-type"].partition(";")[0]
    assert kind == ("text/html" if accept == BROWSER else "application/problem+json")


def test_a_page_shows_facts_by_provenance_status(client: Asker) -> None:
    """Facts are under the provenance status of their graphs, each graph linked."""
    page = client.get("/page/id/network/b?lang=en").text
    for provenance_status in ("stated", "editorial", "proposed"):
        assert f'class="facts {provenance_status}"' in page
    assert 'href="/graph/stated/networks?lang=en"' in page


def test_a_page_shows_what_points_to_the_thing(client: Asker) -> None:
    """Incoming facts are shown, inferred ones under their own provenance status."""
    page = client.get("/page/id/network/b?lang=en").text
    incoming = page.partition('id="incoming"')[2]
    assert ">network A</a>" in incoming
    assert 'class="facts inferred"' in incoming


def test_an_edge_shows_the_claim_that_states_it(client: Asker) -> None:
    """Beside an edge stand its claim, certainty, sentence and section."""
    page = client.get("/page/id/network/a?lang=en").text
    row = page.partition(">is subgroup of</a>")[2].partition("</tr>")[0]
    for word in (">A is a subgroup of B</a>", ">hedged</a>", "sentence 9</a>", ">purpose</a>"):
        assert word in row


def test_labels_are_in_the_language_of_the_reader(client: Asker) -> None:
    """`lang` decides, else `Accept-Language`; text in another language says so."""
    assert '<h1 lang="sv">nätverk A</h1>' in client.get("/page/id/network/a?lang=sv").text
    headers = {"Accept": BROWSER, "Accept-Language": "sv-SE, en;q=0.5"}
    response = client.request("GET", "/page/id/network/a", headers=headers)
    assert '<h1 lang="sv">nätverk A</h1>' in response.text
    assert "Accept-Language" in response.headers["vary"]
    english = client.get("/page/id/claim/s9-1?lang=en").text
    assert '<html lang="en">' in english
    provenance_status = client.get("/page/vocab/provenance-status/stated?lang=en").text
    assert '<span lang="sv">källan säger det</span>' in provenance_status


@pytest.mark.parametrize(
    "path", ["/ns", "/ns/0.1.0", "/shapes", "/graph/stated/networks", "/graph/inferred"]
)
@pytest.mark.parametrize(
    ("accept", "content_type"),
    [
        (BROWSER, "text/html; charset=utf-8"),
        ("*/*", "text/turtle; charset=utf-8"),
        ("application/ld+json", "application/ld+json"),
        ("application/n-quads", "application/n-quads"),
    ],
)
def test_a_document_answers_at_its_own_address(
    client: Asker, path: str, accept: str, content_type: str
) -> None:
    """Ontology, shapes and graphs are documents, so they answer 200 at once."""
    response = client.get(path, accept)
    assert response.status_code == 200
    assert response.headers["content-type"] == content_type


def test_a_document_in_no_acceptable_format_is_refused(client: Asker) -> None:
    """406 lists the formats that there are; an unknown `format` counts as none."""
    response = client.get("/graph/inferred", "image/png")
    assert response.status_code == 406
    assert "text/turtle" in response.json()["offered"]
    assert client.get("/graph/inferred?format=xlsx").status_code == 200


def test_a_graph_is_exact(client: Asker, small_dataset: Dataset) -> None:
    """A graph's address gives the triples of that graph, no more and no less."""
    graph = small_dataset.graph(names.GRAPH + "stated/networks")
    lines = _triples(client.get("/graph/stated/networks?format=nt"))
    assert lines == {f"{triple} ." for triple in graph.triples}


def test_every_term_has_an_anchor(client: Asker) -> None:
    """The fragment of a term's IRI leads to its place on the ontology's page."""
    page = client.get("/ns", BROWSER).text
    for name in ("Network", "reaches", "isSubgroupOf", "hasCount"):
        assert f'id="{name}"' in page
    assert 'id="NetworkShape"' in client.get("/shapes", BROWSER).text


def test_class_expressions_are_shown(client: Asker) -> None:
    """An anonymous class expression is shown with its parts."""
    assert '<dl class="anonymous">' in client.get("/ns", BROWSER).text


@pytest.mark.parametrize("suffix", ["nq", "trig"])
def test_dumps_keep_the_proposed_apart(client: Asker, small_dataset: Dataset, suffix: str) -> None:
    """One dump has everything but the proposed facts, the other only these; both term exact."""
    form = {"nq": "nquads", "trig": "trig"}[suffix]
    main = set(map(str, parse(client.get(f"/dump.{suffix}").content, form)))
    proposed = set(map(str, parse(client.get(f"/dump-proposed.{suffix}").content, form)))
    expected = {str(quad) for quad in small_dataset.select(names.PROPOSED).quads()}
    assert proposed == expected
    assert not main & proposed
    assert len(main) + len(proposed) == len(list(small_dataset.quads()))
    assert any('"007"^^' in line for line in main)


def test_a_dump_in_an_unknown_format_is_not_found(client: Asker) -> None:
    """Dumps come as N-Quads and TriG only."""
    assert client.get("/dump.zip").status_code == 404


def test_every_iri_of_ours_dereferences(client: Asker, small_dataset: Dataset) -> None:
    """Each subject of any graph leads to a document that is there."""
    subjects = {str(quad.subject)[1:-1] for quad in small_dataset.quads()}
    ours = sorted(iri for iri in subjects if names.ours(iri))
    assert len(ours) > 10
    for iri in ours:
        path = path_of(iri).partition("#")[0]
        for accept in (BROWSER, "text/turtle"):
            response = client.get(path, accept)
            if response.status_code == 303:
                response = client.get(response.headers["location"], accept)
            assert response.status_code == 200, iri


def test_the_base_leads_to_the_dataset_itself(client: Asker) -> None:
    """The front page is for readers; who asks for RDF is led to the dataset's description."""
    assert client.get("/", "*/*").headers["content-type"].startswith("text/html")
    response = client.get("/", "text/turtle")
    assert (response.status_code, response.headers["location"]) == (303, "/id/dataset/small")
