"""``/explain``: why a triple follows, as a page, as JSON and as RDF."""

from __future__ import annotations

import html
import re
from typing import Any

import pytest
from tests.service.conftest import Client, MakeClient

from samsyn import names
from samsyn.dataset.exact import Dataset

ASKED = "/explain?s=actor:relevant-agencies&p=samsyn:reaches&o=body:nshf-political-level"
NO = "/explain?s=country:sweden&p=a&o=samsyn:Network"


@pytest.fixture(scope="module")
def real(closed: Dataset, client_of: MakeClient) -> Client:
    """A client of a server of the facts of this project."""
    return client_of(closed)


def get(client: Client, url: str, accept: str) -> Any:
    """Ask for an address in some media type."""
    return client.request("GET", url, headers={"Accept": accept})


@pytest.mark.parametrize(
    ("accept", "kind"),
    [
        ("text/html", "text/html"),
        ("application/json", "application/json"),
        ("*/*", "application/json"),
        ("text/turtle", "text/turtle"),
        ("application/ld+json", "application/ld+json"),
        ("application/n-triples", "application/n-triples"),
    ],
)
def test_the_format_is_negotiated(real: Client, accept: str, kind: str) -> None:
    """A proof comes as a page, as JSON or as RDF, as the client likes."""
    answer = get(real, ASKED, accept)
    assert answer.status_code == 200
    assert answer.headers["content-type"].partition(";")[0] == kind
    assert "Accept" in answer.headers["vary"]


def test_the_page_leads_to_the_passages(real: Client) -> None:
    """The page shows each hop by its own property and links to claims and passages."""
    page = get(real, ASKED, "text/html").text
    for link in ("/ns#isMemberOf", "/ns#isSubgroupOf", "/ns#feedsInformationTo"):
        assert f'href="{link}"' in page
    for link in ("claim/s45-11", "passage/s45", "passage/s43", "editorial/membership-is-a-link"):
        assert f'href="/id/{link}"' in page


def test_a_no_is_an_answer(real: Client) -> None:
    """A triple that does not follow gets a plain no with what is missing; RDF has none to send."""
    answer = get(real, NO, "application/json")
    assert (answer.status_code, answer.json()["follows"]) == (200, False)
    assert answer.json()["missing"]
    assert "does not follow" in get(real, NO, "text/html").text
    assert get(real, NO, "text/turtle").status_code == 404


@pytest.mark.parametrize("query", ["", "?s=x&p=a&o=y", "?s=country:sweden", "?s=a&s=b&p=c&o=d"])
def test_faulty_questions_are_told(real: Client, query: str) -> None:
    """A question without three terms is a faulty request that says what is wrong."""
    answer = get(real, "/explain" + query, "application/json")
    assert answer.status_code == 400
    assert answer.headers["content-type"].startswith("application/problem+json")


def test_the_empty_form_is_a_page(real: Client) -> None:
    """A reader who gives no terms finds a form for them."""
    answer = get(real, "/explain", "text/html")
    assert answer.status_code == 200
    assert answer.text.count("<input") == 3


@pytest.mark.threat("script")
def test_nothing_asked_becomes_markup(real: Client) -> None:
    """What a reader asks is shown as text, whatever it holds."""
    page = get(real, '/explain?s="><script>&p=a&o=<script>', "text/html").text
    assert "<script" not in page


@pytest.mark.parametrize("lang", ["sv", "en"])
def test_each_inferred_fact_leads_to_its_proof(real: Client, closed: Dataset, lang: str) -> None:
    """On the page of a thing, every inferred triple links to an explanation that holds."""
    page = get(real, f"/page/id/actor/relevant-agencies?lang={lang}", "text/html").text
    links = [html.unescape(link) for link in re.findall(r'href="(/explain[^"]*)"', page)]
    thing = names.ID + "actor/relevant-agencies"
    inferred = closed.graph(names.INFERRED).triples
    from_it = [t for t in inferred if getattr(t.subject, "value", "") == thing]
    assert len(links) >= len(from_it) > 0
    for link in links:
        assert get(real, link, "application/json").json()["follows"]
