"""``POST /validate``: a document against the shapes, in the workers."""

from __future__ import annotations

from typing import Any

import pytest
from tests.service.conftest import Client, MakeClient

from samsyn.dataset.exact import Dataset

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
    assert told["unmatched"]
    text = post(real, "<urn:x-a> <urn:x-b> <urn:x-c> .", Accept="text/plain").text
    assert text.rstrip().endswith("nothing was checked")


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
