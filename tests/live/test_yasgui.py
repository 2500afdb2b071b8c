"""What YASGUI and the editor of the SIB send from a browser, replayed byte for byte.

The requests were recorded from Chromium, with the page on another port than the endpoint, for the
two editions of Yasqe that are in use: 4.2 of Triply encodes by `superagent`, 4.6 of Zazuko by
`URLSearchParams`. All but those with headers of the user's own are simple requests (Fetch, section
2.2.2), which no preflight goes before, so the answer itself has to let the page read it.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from http.client import HTTPConnection
from typing import Any, Final
from urllib.parse import quote, quote_plus, urlsplit

import pytest
from tests.live.serving import Server

from samsyn.dataset.exact import parse

ORIGIN: Final = "http://127.0.0.1:9"
GRAPH: Final = "https://w3id.org/samsyn/graph/stated/networks"
OTHER_GRAPH: Final = "https://w3id.org/samsyn/graph/stated/actors"
FOR_SELECT: Final = "application/sparql-results+json,*/*;q=0.9"
FOR_GRAPHS: Final = "application/n-triples,*/*;q=0.9"
# What encodeURIComponent leaves as it is, beside what `quote` does.
PLAIN: Final = "!'()*"

Pairs = Sequence[tuple[str, str]]


def _superagent(pairs: Pairs) -> str:
    return "&".join(f"{key}={quote(value, safe=PLAIN)}" for key, value in pairs)


def _search_params(pairs: Pairs) -> str:
    return "&".join(f"{key}={quote_plus(value, safe='*')}" for key, value in pairs)


EDITIONS: Final = {"triply": _superagent, "zazuko": _search_params}


@dataclass(frozen=True)
class Answer:
    """An answer as a browser sees it: status, headers and the body without its coding."""

    status: int
    headers: Mapping[str, str]
    body: bytes = field(repr=False)

    @property
    def rows(self) -> list[dict[str, Any]]:
        """The rows of a table in JSON."""
        rows: list[dict[str, Any]] = json.loads(self.body)["results"]["bindings"]
        return rows


class Browser:
    """A page of another origin.

    Args:
        server: the server whose endpoint it asks.
        encode: how its edition of Yasqe writes parameters.
    """

    def __init__(self, server: Server, encode: Callable[[Pairs], str]) -> None:
        self.server = server
        self.encode = encode

    def send(self, method: str, accept: str, *pairs: tuple[str, str]) -> Answer:
        """Send what the editor sends, and check that the page may read the answer."""
        data = self.encode(pairs)
        if method == "GET":
            return self.fetch("GET", f"/sparql?{data}", {"Accept": accept})
        form = {"Accept": accept, "Content-Type": "application/x-www-form-urlencoded"}
        return self.fetch("POST", "/sparql", form, data)

    def fetch(
        self, method: str, path: str, headers: Mapping[str, str], body: str | None = None
    ) -> Answer:
        """Send a request with the headers that a browser adds."""
        added = {
            "Origin": ORIGIN,
            "Referer": f"{ORIGIN}/",
            "Sec-Fetch-Site": "same-site",
            "Sec-Fetch-Mode": "cors",
            "Sec-Fetch-Dest": "empty",
            "Accept-Encoding": "gzip",
            "Accept-Language": "en-US,en;q=0.9",
        }
        connection = HTTPConnection(urlsplit(self.server.address).netloc, timeout=30)
        try:
            connection.request(method, path, body, {**added, **headers})
            response = connection.getresponse()
            found = {name.lower(): value for name, value in response.getheaders()}
            content = response.read()
        finally:
            connection.close()
        assert found["access-control-allow-origin"] == "*"
        assert "access-control-allow-credentials" not in found
        packed = found.get("content-encoding") == "gzip"
        return Answer(response.status, found, gzip.decompress(content) if packed else content)


@pytest.fixture(params=EDITIONS.values(), ids=EDITIONS)
def browser(server: Server, request: pytest.FixtureRequest) -> Browser:
    """A browser with one of the two editions."""
    return Browser(server, request.param)


@pytest.mark.parametrize("method", ["POST", "GET"])
def test_tables_come_as_json(browser: Browser, method: str) -> None:
    """A SELECT, by POST unless the page says GET, gives the JSON that the table is drawn from."""
    answer = browser.send(method, FOR_SELECT, ("query", "SELECT * { ?s a ?class } LIMIT 3"))
    assert answer.status == 200
    assert answer.headers["content-type"].startswith("application/sparql-results+json")
    assert len(answer.rows) == 3


@pytest.mark.parametrize("method", ["POST", "GET"])
def test_every_sign_arrives(browser: Browser, method: str) -> None:
    """Plus, per cent, ampersand, stars, brackets and Swedish letters are decoded exactly once."""
    literal = "återvändande + 100 % (a*b) & 'c' = %41"
    answer = browser.send(method, FOR_SELECT, ("query", f'SELECT ("{literal}" AS ?text) {{}}'))
    assert [row["text"]["value"] for row in answer.rows] == [literal]


def test_questions_come_as_json(browser: Browser) -> None:
    """An ASK is asked like a SELECT and gives a truth value."""
    answer = browser.send("POST", FOR_SELECT, ("query", "ASK { ?s ?p ?o }"))
    assert json.loads(answer.body)["boolean"] is True


@pytest.mark.parametrize(
    "query",
    ["CONSTRUCT WHERE { ?s a ?class } LIMIT 3", f"DESCRIBE <{GRAPH}>"],
    ids=["construct", "describe"],
)
def test_graphs_come_as_ntriples(browser: Browser, query: str) -> None:
    """CONSTRUCT and DESCRIBE give N-Triples, which the table splits into triples."""
    answer = browser.send("POST", FOR_GRAPHS, ("query", query))
    assert answer.status == 200
    assert answer.headers["content-type"].startswith("application/n-triples")
    assert list(parse(answer.body, "ntriples"))


def test_named_graphs_are_those_chosen(browser: Browser) -> None:
    """The setting `namedGraphs` becomes one `named-graph-uri` for each graph."""
    chosen = [("named-graph-uri", GRAPH), ("named-graph-uri", OTHER_GRAPH)]
    query = "SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } }"
    answer = browser.send("POST", FOR_SELECT, ("query", query), *chosen)
    assert {row["g"]["value"] for row in answer.rows} == {GRAPH, OTHER_GRAPH}


def test_the_default_graph_is_the_one_chosen(browser: Browser) -> None:
    """The setting `defaultGraphs` becomes `default-graph-uri`, beside the named ones."""
    chosen = [("named-graph-uri", GRAPH), ("default-graph-uri", GRAPH)]
    count = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
    part = browser.send("POST", FOR_SELECT, ("query", count), *chosen).rows[0]["n"]["value"]
    whole = browser.send("POST", FOR_SELECT, ("query", count)).rows[0]["n"]["value"]
    assert 0 < int(part) < int(whole)


def test_further_parameters_do_no_harm(browser: Browser) -> None:
    """The setting `args` may add parameters that the endpoint does not know."""
    pairs = [("query", "SELECT * { ?s a ?class } LIMIT 3"), ("ac", "1"), ("infer", "true")]
    assert len(browser.send("POST", FOR_SELECT, *pairs).rows) == 3


@pytest.mark.parametrize(
    "accept",
    ["text/csv", "text/tab-separated-values", "application/sparql-results+xml"],
    ids=["csv", "tsv", "xml"],
)
def test_other_tables_come_as_asked(browser: Browser, accept: str) -> None:
    """The setting `acceptHeaderSelect` may ask for any table that the editor can draw."""
    answer = browser.send("POST", accept, ("query", "SELECT * { ?s a ?class } LIMIT 3"))
    assert answer.headers["content-type"].startswith(accept)


def test_an_error_is_shown_with_its_place(browser: Browser) -> None:
    """A page of another origin can read why its query failed, and where."""
    answer = browser.send("POST", FOR_SELECT, ("query", "SELECT * WHERE { ?s ?p "))
    assert answer.status == 400
    problem = json.loads(answer.body)
    assert problem["line"] == 1
    assert problem["detail"]


def test_an_update_is_refused_readably(browser: Browser) -> None:
    """The editor sends an update to the same address, where it is refused in plain text."""
    update = ("update", "INSERT DATA { <urn:a> <urn:b> <urn:c> }")
    answer = browser.send("POST", "text/plain,*/*;q=0.9", update)
    assert answer.status == 400
    assert answer.headers["content-type"].startswith("text/plain")
    assert b"pdate" in answer.body


def test_a_preflight_lets_a_query_be_the_body(browser: Browser) -> None:
    """A page that sends `application/sparql-query` asks first, and is let."""
    asked = {
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "content-type",
    }
    answer = browser.fetch("OPTIONS", "/sparql", {"Accept": "*/*", **asked})
    assert answer.status in {200, 204}
    assert "POST" in answer.headers["access-control-allow-methods"]
    assert "content-type" in answer.headers["access-control-allow-headers"].lower()
    assert int(answer.headers["access-control-max-age"]) > 0


def _ask_as_the_sib(server: Server, query: str) -> list[dict[str, Any]]:
    """Ask by GET, with a parameter that marks the question as not a person's."""
    path = f"/sparql?ac=1&query={quote(query, safe=PLAIN)}"
    headers = {"Accept": "application/sparql-results+json"}
    return Browser(server, _superagent).fetch("GET", path, headers).rows


def test_the_editor_of_the_sib_finds_the_prefixes(server: Server) -> None:
    """It takes the prefixes from where SHACL declares them."""
    found = _ask_as_the_sib(
        server,
        """
        PREFIX sh: <http://www.w3.org/ns/shacl#>
        SELECT DISTINCT ?prefix ?namespace { [] sh:prefix ?prefix ; sh:namespace ?namespace }
        """,
    )
    prefixes = {row["prefix"]["value"]: row["namespace"]["value"] for row in found}
    assert prefixes["samsyn"] == "https://w3id.org/samsyn/ns#"


def test_the_editor_of_the_sib_finds_examples(server: Server) -> None:
    """It lists the queries that are described as SHACL executables with a comment."""
    found = _ask_as_the_sib(
        server,
        """
        PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
        PREFIX sh: <http://www.w3.org/ns/shacl#>
        SELECT DISTINCT ?example ?comment ?query WHERE {
          ?example a sh:SPARQLExecutable ; rdfs:comment ?comment ;
            sh:select | sh:ask | sh:construct | sh:describe ?query .
        }
        ORDER BY ?example
        """,
    )
    assert len({row["example"]["value"] for row in found}) > 50
    assert all(row["query"]["value"] for row in found)


def test_the_editor_of_the_sib_completes_from_void(server: Server) -> None:
    """It completes classes and properties from the partitions of a VoID description."""
    found = _ask_as_the_sib(
        server,
        """
        PREFIX ext: <http://ldf.fi/void-ext#>
        PREFIX void: <http://rdfs.org/ns/void#>
        SELECT DISTINCT ?class ?property ?objects ?datatype WHERE {
          ?whole void:class ?class ; void:propertyPartition ?part .
          ?part void:property ?property .
          OPTIONAL {
            { ?part void:classPartition [ void:class ?objects ] }
            UNION
            { ?part ext:datatypePartition [ ext:datatype ?datatype ] }
          }
        }
        """,
    )
    network = [row for row in found if row["class"]["value"].endswith("#Network")]
    assert {"objects", "datatype"} <= {name for row in network for name in row}
