"""The query library over HTTP."""

from __future__ import annotations

from typing import Any

import pytest

from samsyn import names

BROWSER = "text/html, */*;q=0.8"


class Asker:
    """Only a name for the fixture's type."""

    get: Any
    request: Any


def test_the_library_is_listed_for_programs(client: Asker) -> None:
    """`/queries` lists each query in JSON with its question and typed parameters."""
    found = client.get("/queries").json()["queries"]
    assert [query["name"] for query in found] == [
        "cq01-networks",
        "cq02-parent",
        "cq03-counted",
        "cq04-labels",
    ]
    called = {"en": "network", "sv": "nätverk"}
    assert found[1]["parameters"] == [
        {"name": "network", "type": "iri", "default": "network:a", **called}
    ]
    assert found[0]["summary"].keys() == {"en", "sv"}
    assert found[0]["tags"] == [{"name": "networks", "en": "networks", "sv": "nätverk"}]
    assert found[0]["url"] == "https://samsyn.example/queries/cq01-networks"


def test_the_library_is_listed_for_readers(client: Asker) -> None:
    """A browser gets the list as a page with links."""
    page = client.get("/queries", BROWSER).text
    assert 'href="/queries/cq02-parent"' in page
    assert "What is the network part of?" in page


@pytest.mark.parametrize(
    ("accept", "content_type"),
    [
        ("*/*", "application/sparql-results+json"),
        ("text/csv", "text/csv; charset=utf-8; header=present"),
        (BROWSER, "text/html; charset=utf-8"),
    ],
)
def test_a_query_runs_with_its_defaults(client: Asker, accept: str, content_type: str) -> None:
    """A query answers with its defaults, in the format that the client likes."""
    response = client.get("/queries/cq02-parent", accept)
    assert response.status_code == 200
    assert response.headers["content-type"] == content_type
    assert "network/b" in response.text


def test_a_query_is_found_by_its_number(client: Asker) -> None:
    """The number alone names the query."""
    assert client.get("/queries/cq01").status_code == 200


@pytest.mark.parametrize(
    ("value", "rows"),
    [(names.ID + "network/a", 1), ("network:a", 1), (names.ID + "network/b", 0)],
)
def test_a_parameter_is_bound(client: Asker, value: str, rows: int) -> None:
    """An IRI is given whole or with a prefix that the query declares."""
    response = client.get("/queries/cq02-parent", params={"network": value})
    assert len(response.json()["results"]["bindings"]) == rows


@pytest.mark.threat("injection")
@pytest.mark.parametrize(
    ("path", "kind"),
    [
        pytest.param("/queries/cq02?colour=red", "unknown-parameter", id="unknown"),
        pytest.param("/queries/cq01?network=network:a", "unknown-parameter", id="no-parameters"),
        pytest.param("/queries/cq02?network=a", "bad-parameter", id="no-iri"),
        pytest.param(
            "/queries/cq02?network=http://a.example/%3E%20.", "bad-parameter", id="breaks-out"
        ),
        pytest.param("/queries/cq03?size=many", "bad-parameter", id="no-integer"),
        pytest.param("/queries/cq03", "bad-parameter", id="missing"),
        pytest.param(
            "/queries/cq02?network=network:a&network=network:b", "bad-request", id="twice"
        ),
        pytest.param("/queries/cq01?format=csv&format=tsv", "bad-parameter", id="two-formats"),
    ],
)
def test_a_bad_parameter_is_refused(client: Asker, path: str, kind: str) -> None:
    """Parameters are typed; an unknown one, a missing one or an unfit value gives 400."""
    response = client.get(path)
    assert response.status_code == 400
    assert response.json()["type"] == f"/problems#{kind}"


def test_a_table_in_a_graph_format_is_refused(client: Asker) -> None:
    """A format unfit for the query form gives 406."""
    assert client.get("/queries/cq01?format=ttl").status_code == 406


def test_an_unknown_query_is_not_found(client: Asker) -> None:
    """A name that the library lacks gives 404."""
    assert client.get("/queries/none").status_code == 404


def test_a_page_shows_question_form_answer_and_text(client: Asker) -> None:
    """The page has the question, a form of the parameters, labels, and the text with a link."""
    page = client.get("/queries/cq02-parent?lang=sv", BROWSER).text
    for part in (
        "What is the network part of?",
        'name="network"',
        'value="network:a"',
        ">nätverk B</a>",
        "SELECT ?parent WHERE",
        'href="/query?query=',
        "format=csv",
    ):
        assert part in page


def test_a_page_waits_for_missing_values(client: Asker) -> None:
    """Where a value has no default, a reader gets the form first and no error."""
    response = client.get("/queries/cq03-counted?lang=en", BROWSER)
    assert response.status_code == 200
    assert "Fill in the parameters" in response.text


def test_a_page_tells_what_is_wrong_with_a_value(client: Asker) -> None:
    """An unfit value comes back in the form with the reason and the status of an error."""
    response = client.get("/queries/cq03-counted?size=many&lang=en", BROWSER)
    assert response.status_code == 400
    assert 'role="alert"' in response.text
    assert 'value="many"' in response.text


def test_an_integer_is_bound_by_value(client: Asker) -> None:
    """An integer parameter meets the number in the graph."""
    assert client.get("/queries/cq03?size=7").json()["boolean"] is True
    assert client.get("/queries/cq03?size=8").json()["boolean"] is False


def test_the_form_offers_what_else_may_be_asked(client: Asker) -> None:
    """A field for an IRI says what its value is, and lists the things of the same class."""
    page = client.get("/queries/cq02-parent?lang=en", BROWSER).text
    assert 'id="d-network"' in page
    assert '<option value="network:b">' in page


def test_a_query_opens_in_the_form_with_its_values(client: Asker) -> None:
    """The link into the query form carries the values, so that it gives the same answer."""
    page = client.get("/queries/cq02-parent?lang=en", BROWSER).text
    href = page.partition('class="more" href="')[2].partition('"')[0].replace("&amp;", "&")
    opened = client.get(href, BROWSER).text
    assert "VALUES (?_network_iri)" in opened
    assert 'href="/id/network/b?lang=en"' in opened


def test_a_description_comes_in_the_language_of_the_reader(client: Asker) -> None:
    """Title, question and description are in the language of the page."""
    path = "/queries/cq01-networks?lang="
    assert "Their labels in one language." in client.get(path + "en", BROWSER).text
    swedish = client.get(path + "sv", BROWSER).text
    for words in ("Alla nätverk", "Vilka nätverk finns det?", "Etiketterna på ett språk."):
        assert words in swedish
    assert "<p>Their labels" not in swedish


def test_a_page_answers_in_its_own_language(client: Asker) -> None:
    """A parameter for a language follows the page's language; programs get the default."""
    assert ">nätverk A</span>" in client.get("/queries/cq04?lang=sv", BROWSER).text
    assert ">network A</span>" in client.get("/queries/cq04?lang=sv&label=en", BROWSER).text
    assert "nätverk" not in client.get("/queries/cq04?lang=sv").text
