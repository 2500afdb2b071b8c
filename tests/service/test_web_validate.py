"""``POST /validate``: a document against the shapes, in the workers."""

from __future__ import annotations

from typing import Any

import pytest
from tests.service.conftest import Client, MakeClient

from samsyn import names
from samsyn.dataset.exact import Dataset, serialize
from samsyn.web.validate import PROFILES

PREFIXES = """\
@prefix network: <https://w3id.org/samsyn/id/network/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix samsyn: <https://w3id.org/samsyn/ns#> .
"""
FAULTY = PREFIXES + 'network:x a samsyn:Network ; rdfs:label "an x"@en .\n'


@pytest.fixture(scope="module")
def real(closed: Dataset, client_of: MakeClient) -> Client:
    """A client of a server of the facts of this project."""
    return client_of(closed)


def post(client: Client, body: str, query: str = "", **headers: str) -> Any:
    """Post a document, Turtle unless told."""
    given = {"Content-Type": "text/turtle"} | {k.replace("_", "-"): v for k, v in headers.items()}
    return client.request("POST", f"/validate{query}", headers=given, content=body.encode())


def test_a_faulty_document_gets_findings_about_itself(real: Client) -> None:
    """What is missing is told in the language asked for, and only of the document's own nodes."""
    told = post(real, FAULTY, "?lang=en").json()
    assert told["conforms"] is False
    assert told["checked"]["triples"] == 2
    assert told["checked"]["focus_nodes"] == 1
    assert {each["focus"] for each in told["results"]} == {"<https://w3id.org/samsyn/id/network/x>"}
    swedish = post(real, FAULTY, "?lang=sv").json()
    assert [e["message"] for e in swedish["results"]] != [e["message"] for e in told["results"]]


def test_nothing_checked_is_no_conformance(real: Client) -> None:
    """A document that no shape looks at does not conform; it was not checked, and that is told."""
    told = post(real, "<urn:x-a> <urn:x-b> <urn:x-c> .").json()
    assert told["conforms"] is None
    assert "no shape" in told["reason"]
    assert told["unmatched"]
    assert "no triples" in post(real, "").json()["reason"]
    text = post(real, "<urn:x-a> <urn:x-b> <urn:x-c> .", Accept="text/plain").text
    assert text.rstrip().endswith("nothing was checked: no shape looks at any node of the document")


def test_blank_nodes_are_checked_like_others(real: Client) -> None:
    """A node without an IRI gets its findings, though the engine names it anew."""
    told = post(real, FAULTY.replace("network:x", "[]", 1)).json()
    named = post(real, FAULTY).json()
    assert told["conforms"] is False
    assert [e["shape"] for e in told["results"]] == [e["shape"] for e in named["results"]]


@pytest.mark.parametrize("profile", PROFILES)
def test_our_own_facts_conform(real: Client, dataset: Dataset, profile: str) -> None:
    """What passes the repository's own check is not faulted for what follows from it."""
    facts = dataset.select(names.STATED, names.BRIDGED)
    body = serialize(facts.triples(), "turtle", prefixes=dataset.prefixes).decode()
    told = post(real, body, f"?profile={profile}").json()
    assert told["results"] == []
    assert told["conforms"] is True
    assert told["checked"]["focus_nodes"] > 1000


def test_what_should_be_inferred_may_not_be_stated(real: Client) -> None:
    """An inverse is faulted where it is stated, and not where it follows."""
    shape = "https://w3id.org/samsyn/shapes#InversePropertyShape"
    stated = post(real, PREFIXES + "network:x samsyn:hasSubgroup network:y .").json()
    assert shape in {each["shape"] for each in stated["results"]}
    assert stated["conforms"] is False
    follows = post(real, PREFIXES + "network:y samsyn:isSubgroupOf network:x .").json()
    assert shape not in {each["shape"] for each in follows["results"]}


def test_the_ontology_alone_has_no_findings(real: Client) -> None:
    """Each finding is about the document, since the ontology gives rise to none by itself."""
    told = post(real, "<urn:x-a> <urn:x-b> <urn:x-c> .", "?profile=advised").json()
    assert told["results"] == []
    assert told["contradictions"] == []


def test_advice_comes_with_what_is_required(real: Client) -> None:
    """The profile of advice has the findings of the other, and warnings of its own."""
    told = post(real, FAULTY, "?profile=advised").json()
    required = post(real, FAULTY).json()["results"]
    assert all(each in told["results"] for each in required)
    assert "warning" in {each["severity"] for each in told["results"]}
    assert "warning" not in {each["severity"] for each in required}


def test_domains_count_for_contradictions_and_not_for_shapes(real: Client) -> None:
    """A network with the code of a country contradicts itself, and is no country to the shapes."""
    body = (
        PREFIXES
        + 'network:x a samsyn:Network ; samsyn:hasIsoAlpha2Code "XX" .\n'
        + "samsyn:Network <http://www.w3.org/2002/07/owl#disjointWith> samsyn:Country ."
    )
    told = post(real, body).json()
    assert any("Country" in words for words in told["contradictions"])
    assert "https://w3id.org/samsyn/shapes#CountryShape" in told["unmatched"]


def test_contradictions_are_told(real: Client) -> None:
    """What cannot hold with our ontology is named."""
    body = PREFIXES + "network:x a samsyn:Network ; samsyn:isSubgroupOf network:x ."
    assert post(real, body).json()["contradictions"]


@pytest.mark.parametrize(
    ("body", "query", "headers", "status"),
    [
        pytest.param("<a> <b> .", "", {}, 400, id="syntax"),
        pytest.param("", "", {"Content-Type": "text/csv"}, 415, id="csv"),
        pytest.param("", "?profile=none", {}, 400, id="profile"),
        pytest.param("", "?shapes=x", {}, 403, id="shapes"),
        pytest.param("", "?other=x", {}, 400, id="parameter"),
        pytest.param("", "?format=csv", {}, 406, id="format"),
        pytest.param(
            "", "", {"Content-Type": "text/turtle; charset=iso-8859-1"}, 415, id="charset",
        ),
        pytest.param(
            "", "", {"Content-Type": "multipart/form-data; boundary=x"}, 403, id="second-part",
        ),
        pytest.param(
            '<!DOCTYPE r [<!ENTITY a "a">]><r/>', "",
            {"Content-Type": "application/rdf+xml"}, 400, id="doctype",
        ),
    ],
)  # fmt: skip
def test_what_cannot_be_checked_is_refused(
    real: Client, body: str, query: str, headers: dict[str, str], status: int
) -> None:
    """Bad RDF, other types, other parameters and shapes of strangers are refused, each as such."""
    response = real.request(
        "POST",
        f"/validate{query}",
        headers={"Content-Type": "text/turtle"} | headers,
        content=body.encode(),
    )
    assert response.status_code == status
    if body == "<a> <b> .":
        assert response.json()["line"] == 1


def test_only_post_is_served(real: Client) -> None:
    """GET says which method it is."""
    response = real.get("/validate")
    assert response.status_code == 405
    assert "POST" in response.headers["allow"]
