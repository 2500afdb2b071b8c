"""Scenarios over HTTP."""

from __future__ import annotations

import csv
import html
import io
import re
from typing import Any

import pytest

from samsyn import library, names
from samsyn.dataset.exact import Dataset, NamedNode, load_scenario, parse
from samsyn.layout import Layout
from samsyn.scenario import following

BROWSER = "text/html, */*;q=0.8"


@pytest.fixture(scope="module")
def site(closed: Dataset, layout: Layout, client_of: Any) -> Any:
    """A client of a server of the repository's facts."""
    lifting = load_scenario(layout)
    return client_of(closed, queries=library.load(layout), lifting=lifting)


def test_the_form_offers_every_item(site: Any) -> None:
    """Without a choice, a reader gets a box for each of the thirteen items, none of them ticked."""
    page = site.get("/scenario", BROWSER).text
    assert page.count('type="checkbox"') == 13
    assert " checked>" not in page
    assert "integrate actors at agency level" in page


def test_a_page_shows_chains_before_and_after(site: Any) -> None:
    """A page has the changes with their hops, claims and passages, and links its assumptions."""
    page = site.get("/scenario?follow=R3.2", BROWSER).text
    assert page.count(" checked>") == 1
    assert 'href="/id/editorial/agencies-are-agency-level-actors"' in page
    assert 'href="/id/claim/s43-5"' in page
    assert 'href="/id/passage/s43"' in page
    assert "not connected → 2" in page
    assert "3 → 2" in page
    assert '<a href="/scenario?follow=R3.2&amp;format=csv" type="text/csv">' in page


def test_a_page_is_in_the_language_asked_for(site: Any) -> None:
    """Labels and words are Swedish where that is chosen, and links keep the choice."""
    page = site.get("/scenario?follow=R3.2&follow=R5.3&lang=sv", BROWSER).text
    assert "relevanta myndigheter" in page
    assert "inte förbundna → 2" in page
    assert 'href="/id/actor/relevant-agencies?lang=sv"' in page
    assert 'href="?follow=R3.2&amp;follow=R5.3&amp;lang=en"' in page


def test_a_page_without_changed_chains_tells_what_would_hold(site: Any) -> None:
    """R2.1 changes no chain; the page has the statuses that the norms would get."""
    page = site.get("/scenario?follow=R2.1", BROWSER).text
    assert "No chain changes." in page
    assert "would have norm status" in page
    assert "undefined" in page


def test_programs_get_json(site: Any) -> None:
    """JSON is the default: chains before and after, each hop with its provenance status."""
    response = site.get("/scenario?follow=R3.2&lang=sv")
    assert response.headers["content-type"] == "application/json"
    assert "Accept" in response.headers["vary"]
    told = response.json()
    ends = (names.ID + "actor/relevant-agencies", names.ID + "body/nshf-political-level")
    chain = next(c for c in told["chains"] if (c["start"]["iri"], c["end"]["iri"]) == ends)
    assert (chain["before"], chain["after"]) == (3, 2)
    assert chain["start"]["label"] == "relevanta myndigheter"
    assert [hop["provenance_status"] for hop in chain["path_after"]] == ["proposed", "stated"]


def test_programs_get_the_list_of_items(site: Any) -> None:
    """Without a choice, JSON lists the items, each with the address that follows it."""
    items = site.get("/scenario").json()["items"]
    assert len(items) == 13
    assert items[0]["name"] == "R1.1"
    assert items[0]["url"].endswith("/scenario?follow=R1.1")


def test_a_table_is_sent_as_csv(site: Any) -> None:
    """CSV has a row for each chain that changes."""
    response = site.get("/scenario?follow=R3.2", "text/csv")
    assert response.headers["content-type"].startswith("text/csv; charset=utf-8")
    rows = list(csv.DictReader(io.StringIO(response.text)))
    assert any((row["before"], row["after"]) == ("3", "2") for row in rows)


@pytest.mark.parametrize(
    ("accept", "form"), [("text/turtle", "turtle"), ("application/trig", "trig")]
)
def test_what_is_gained_is_sent_as_rdf(site: Any, accept: str, form: str) -> None:
    """RDF has the gained triples and where they come from, in a graph of their own if it can."""
    response = site.get("/scenario?follow=R3.2", accept)
    assert response.headers["content-type"].startswith(accept)
    quads = parse(response.content, form)
    group = NamedNode(names.ID + "network/return-working-group")
    gained = [q for q in quads if q.predicate.value == names.NS + "isMemberOf"]
    assert group in {q.object for q in gained}
    if form == "trig":
        own = NamedNode(names.GRAPH + "scenario/r3-2")
        assert {q.graph_name for q in gained} == {own}


def test_the_graph_of_a_scenario_leads_to_it(site: Any) -> None:
    """The name that the RDF gives its graph is an address here."""
    response = site.get("/graph/scenario/r3-2+r5-3")
    assert response.status_code == 303
    assert response.headers["location"] == "/scenario?follow=R3.2&follow=R5.3"
    assert site.get("/graph/scenario/r9-9").status_code == 400


@pytest.mark.parametrize(
    ("query", "kind"),
    [
        pytest.param("follow=R9.9", "bad-parameter", id="unknown-item"),
        pytest.param("follow=R3.2&follow=x", "bad-parameter", id="one-of-two"),
        pytest.param("colour=red", "unknown-parameter", id="unknown-parameter"),
        pytest.param("format=csv", "bad-parameter", id="no-item"),
        pytest.param("follow=R3.2&format=tsv2", "unknown-format", id="unknown-format"),
    ],
)
def test_a_faulty_request_is_told(site: Any, query: str, kind: str) -> None:
    """A request that makes no sense gives 400 and says what there is."""
    response = site.get(f"/scenario?{query}")
    assert response.status_code == 400
    assert response.json()["type"] == f"/problems#{kind}"


def test_a_reader_sees_what_is_wrong(site: Any) -> None:
    """For a reader the form stays, with the error and the items there are; nothing is markup."""
    response = site.get("/scenario?follow=%3Cscript%3E", BROWSER)
    assert response.status_code == 400
    assert response.text.count('type="checkbox"') == 13
    assert "<script" not in response.text.lower().replace("&lt;script", "")
    assert "R5.3" in site.get("/scenario?follow=R9.9").json()["detail"]


def test_all_items_together_are_fine(site: Any) -> None:
    """Every item may be followed at once, and one more than once."""
    items = site.get("/scenario").json()["items"]
    query = "&".join(f"follow={item['name']}" for item in (*items, *items))
    response = site.get(f"/scenario?{query}")
    assert response.status_code == 200
    assert len(response.json()["items"]) == 13


def test_an_empty_choice_is_none(site: Any) -> None:
    """An empty field of the form means that nothing was chosen."""
    assert site.get("/scenario?follow=").json()["items"]


def test_a_combination_is_computed_once(
    closed: Dataset, layout: Layout, client_of: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same items, however they are written, are answered from memory."""
    runs = []
    original = following.Scenarios.follow

    def follow(self: Any, items: Any) -> Any:
        runs.append(items)
        return original(self, items)

    monkeypatch.setattr(following.Scenarios, "follow", follow)
    own = client_of(closed, lifting=load_scenario(layout))
    for query in ("follow=R3.2&follow=R2.1", "follow=r2-1&follow=R3.2&lang=sv"):
        assert own.get(f"/scenario?{query}").status_code == 200
    assert runs == [("R2.1", "R3.2")]


def test_what_is_gained_leads_to_its_proof(site: Any) -> None:
    """Each gained triple links to a proof from the scenario, which the base does not have."""
    page = html.unescape(site.get("/scenario?follow=R3.2", BROWSER).text)
    links = set(re.findall(r'href="(/explain\?[^"]+&follow=R3\.2)"', page))
    assert len(links) >= len(site.get("/scenario?follow=R3.2").json()["gained"])
    chain = next(link for link in links if "logistics-agencies" in link and "political" in link)
    proof = site.get(chain, BROWSER)
    assert proof.status_code == 200
    assert "/id/claim/s43-5" in proof.text
    assert 'href="/scenario?follow=R3.2"' in proof.text
    assert "/id/claim/s43-5" not in site.get(chain.removesuffix("&follow=R3.2"), BROWSER).text
    assert site.get(f"{chain}&follow=R9.9").status_code == 400


def test_nothing_of_it_can_be_queried(site: Any) -> None:
    """After scenarios were asked for, the endpoint knows no more than before."""
    start, end = names.ID + "actor/logistics-agencies", names.ID + "body/nshf-political-level"
    ask = f"ASK {{ <{start}> <{names.NS}reaches> <{end}> }}"
    assert site.get("/scenario?follow=R3.2").status_code == 200
    assert site.get("/sparql", params={"query": ask}).json()["boolean"] is False
    assert "scenario" not in site.get("/graphs", BROWSER).text.partition("<main")[2]


def test_it_is_found_from_the_front_page_and_the_items(site: Any) -> None:
    """The front page leads to the form, an item's page to what following it would change."""
    assert 'href="/scenario"' in site.get("/", BROWSER).text
    page = site.get("/page/id/recommendation/r3-2", BROWSER).text
    assert 'href="/scenario?follow=R3.2"' in page
    assert "/scenario" not in site.get("/page/id/recommendation/r3", BROWSER).text


def test_a_server_without_proposals_has_nothing_to_follow(client: Any) -> None:
    """Where no item proposes anything that is an item, nothing can be followed."""
    assert client.get("/scenario?follow=R3.2").status_code == 400
