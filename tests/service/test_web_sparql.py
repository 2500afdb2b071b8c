"""The endpoint: the SPARQL 1.1 Protocol, clause by clause, for queries."""

from __future__ import annotations

import csv
import io
import json
from html import unescape
from typing import Any, Protocol
from urllib.parse import urlencode
from xml.etree import ElementTree as ET

import httpx
import pytest

from samsyn.dataset.exact import Dataset
from samsyn.errors import QueryError
from samsyn.sparql.index import Index

NETWORKS = "SELECT ?n WHERE { ?n a <https://w3id.org/samsyn/ns#Network> } ORDER BY ?n"
ASK = "ASK { ?s ?p ?o }"
CONSTRUCT = "CONSTRUCT WHERE { ?s <https://w3id.org/samsyn/ns#isSubgroupOf> ?o }"
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
DIRECT = {"Content-Type": "application/sparql-query"}


class Asker(Protocol):
    """What the fixture `client` can do."""

    def request(self, method: str, url: str, **arguments: Any) -> httpx.Response:
        """Send a request."""
        ...

    def get(self, url: str, accept: str | None = None, **arguments: Any) -> httpx.Response:
        """Send a GET."""
        ...


def _address(query: str, *pairs: tuple[str, str]) -> str:
    return "/sparql?" + urlencode([("query", query), *pairs])


def _names(response: httpx.Response) -> list[str]:
    rows = response.json()["results"]["bindings"]
    return [row["n"]["value"].rsplit("/", 1)[-1] for row in rows]


def test_a_query_by_get_answers_in_json(client: Asker) -> None:
    """GET with `query` is answered in the results JSON format by default (section 2.1.1)."""
    response = client.get(_address(NETWORKS))
    assert response.status_code == 200
    assert response.headers["content-type"] == "application/sparql-results+json"
    assert _names(response) == ["a", "b"]


@pytest.mark.parametrize("path", ["/sparql", "/sparql/"])
def test_the_three_forms_of_a_query_agree(client: Asker, path: str) -> None:
    """GET, POST of a form and POST of the query itself give one answer (sections 2.1.1-2.1.3)."""
    form = client.request("POST", path, headers=FORM, content=urlencode({"query": NETWORKS}))
    direct = client.request("POST", path, headers=DIRECT, content=NETWORKS)
    assert client.get(_address(NETWORKS)).content == form.content == direct.content


@pytest.mark.parametrize(
    ("query", "accept", "content_type"),
    [
        (NETWORKS, "application/sparql-results+xml", "application/sparql-results+xml"),
        (NETWORKS, "text/csv", "text/csv; charset=utf-8; header=present"),
        (NETWORKS, "text/tab-separated-values", "text/tab-separated-values; charset=utf-8"),
        (NETWORKS, "application/json", "application/json"),
        (NETWORKS, "text/html, */*;q=0.5", "text/html; charset=utf-8"),
        (ASK, "*/*", "application/sparql-results+json"),
        (ASK, "application/sparql-results+xml", "application/sparql-results+xml"),
        (CONSTRUCT, "*/*", "text/turtle; charset=utf-8"),
        (CONSTRUCT, "application/n-triples", "application/n-triples"),
        (CONSTRUCT, "application/ld+json", "application/ld+json"),
        (CONSTRUCT, "application/rdf+xml", "application/rdf+xml"),
        (CONSTRUCT, "application/trig", "application/trig; charset=utf-8"),
        (
            "DESCRIBE <https://w3id.org/samsyn/id/network/a>",
            "text/turtle",
            "text/turtle; charset=utf-8",
        ),
    ],
)
def test_the_format_is_negotiated(
    client: Asker, query: str, accept: str, content_type: str
) -> None:
    """The `Accept` header chooses among the formats fit for the query form (section 2.1.6)."""
    response = client.get(_address(query), accept)
    assert response.status_code == 200
    assert response.headers["content-type"] == content_type
    assert "Accept" in response.headers["vary"]


@pytest.mark.parametrize("name", ["format", "output", "results", "Accept"])
def test_a_parameter_overrides_the_accept_header(client: Asker, name: str) -> None:
    """`format`, `output`, `results` or `Accept` beats the header."""
    for value in ("csv", "text/csv"):
        response = client.get(_address(NETWORKS, (name, value)), "application/json")
        assert response.headers["content-type"].startswith("text/csv")


def test_csv_has_a_header_and_tsv_keeps_terms(client: Asker) -> None:
    """CSV has a header row and CRLF; TSV writes terms in Turtle's way."""
    rows = client.get(_address(NETWORKS, ("format", "csv"))).text
    assert next(csv.DictReader(io.StringIO(rows)))["n"].endswith("/network/a")
    assert rows.startswith("n\r\n")
    assert (
        client.get(_address(NETWORKS, ("format", "tsv"))).text.splitlines()[1].startswith("<http")
    )


def test_results_xml_is_well_formed(client: Asker) -> None:
    """XML results have the namespace of the Recommendation and one element a solution."""
    root = ET.fromstring(client.get(_address(NETWORKS, ("format", "xml"))).content)  # noqa: S314
    results = root.findall(".//{http://www.w3.org/2005/sparql-results#}result")
    assert len(results) == 2


@pytest.mark.parametrize("name", ["csv", "tsv"])
def test_ask_in_a_table_format_is_the_bare_word(client: Asker, name: str) -> None:
    """ASK in CSV or TSV, which no Recommendation specifies, is `true` or `false`."""
    assert client.get(_address(ASK, ("format", name))).text == "true"


@pytest.mark.parametrize(
    ("query", "pairs", "status", "kind"),
    [
        pytest.param("SELECT", [], 400, "query-syntax", id="syntax"),
        pytest.param(NETWORKS, [("query", ASK)], 400, "bad-request", id="two-queries"),
        pytest.param(NETWORKS, [("update", "CLEAR ALL")], 400, "bad-request", id="mixed"),
        pytest.param(
            NETWORKS, [("format", "csv"), ("format", "tsv")], 400, "bad-parameter", id="two"
        ),
        pytest.param(NETWORKS, [("default-graph-uri", "a b")], 400, "bad-request", id="bad-iri"),
        pytest.param(NETWORKS, [("format", "ttl")], 406, "not-acceptable", id="graph-for-table"),
        pytest.param(CONSTRUCT, [("format", "csv")], 406, "not-acceptable", id="table-for-graph"),
        pytest.param("INSERT DATA { <a:a> <a:a> 1 }", [], 403, "forbidden", id="insert"),
        pytest.param("LOAD <file:///etc/passwd>", [], 403, "forbidden", id="load"),
        pytest.param(
            "SELECT * { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }",
            [],
            403,
            "forbidden",
            id="service",
        ),
        pytest.param(
            "SELECT * { service silent ?u { ?s ?p ?o } }", [], 403, "forbidden", id="service-silent"
        ),
    ],
)
def test_a_bad_query_is_refused_with_its_reason(
    client: Asker, query: str, pairs: list[tuple[str, str]], status: int, kind: str
) -> None:
    """Each fault has its status and its kind, as problem details (RFC 9457)."""
    response = client.get(_address(query, *pairs), "application/sparql-results+json")
    assert response.status_code == status
    assert response.headers["content-type"] == "application/problem+json"
    problem = response.json()
    assert problem["type"] == f"/problems#{kind}"
    assert problem["status"] == status


def test_a_syntax_error_has_its_place(client: Asker) -> None:
    """A syntax error gives line, column and the offending line."""
    problem = client.get(_address("SELECT *\nWHERE { ?s ?p ?o }\nLIMIT x\n")).json()
    assert (problem["line"], problem["column"]) == (3, 7)
    assert problem["source"] == "LIMIT x"


@pytest.mark.parametrize(
    "query",
    [
        "SELECT COUNT(*) { ?s ?p ?o }",
        "SELECT ?s { ?s foo:bar ?o }",
        "SELECT ?s {\n ?s a ?c\n ?s ?p ?o }",
        "SELECT ?s ?o { ?s ?p ?o } GROUP BY ?s",
    ],
)
def test_a_syntax_error_is_told_alike_everywhere(client: Asker, query: str) -> None:
    """JSON, text, page and index say the same of a query, and point to the same place."""
    with pytest.raises(QueryError) as caught:
        Index(Dataset({})).query(query)
    told = f"{caught.value.message} {caught.value.advice}"
    problem = client.get(_address(query)).json()
    assert problem["detail"] == told
    assert (problem["line"], problem["column"]) == (caught.value.line, caught.value.column)
    text = client.get(_address(query), "text/csv, text/plain").text.splitlines()
    assert told in text
    assert text[-1].index("^") == problem["column"] - 1
    assert told in unescape(client.get(_address(query), "text/html").text)


def test_an_error_comes_as_plain_text_if_asked(client: Asker) -> None:
    """A client that takes text, not JSON, gets the problem as text, a caret under the place."""
    response = client.get(_address("SELECT *\nWHERE { ?s ?p }"), "text/csv, text/plain")
    assert response.status_code == 400
    assert response.headers["content-type"].startswith("text/plain")
    assert "line 2, column" in response.text
    assert response.text.splitlines()[-1].strip() == "^"


def test_an_error_reaches_a_browser_as_the_form_with_its_place(client: Asker) -> None:
    """A reader gets the query back, the error under its place, and nothing of it as markup."""
    response = client.get(_address("SELECT * { ?s <script> ?o } LIMIT x"), "text/html")
    assert response.status_code == 400
    assert response.headers["content-type"] == "text/html; charset=utf-8"
    assert "<textarea" in response.text
    assert "<script>" not in response.text
    assert "Traceback" not in response.text


def test_service_is_refused_in_words(client: Asker) -> None:
    """The refusal of SERVICE says that it is SERVICE."""
    problem = client.get(_address("SELECT * { SERVICE <http://a.example/> { ?s ?p ?o } }")).json()
    assert "SERVICE" in problem["detail"]
    assert problem["line"] == 1


def test_nothing_acceptable_lists_what_is_offered(client: Asker) -> None:
    """406 lists the media types that the answer can have."""
    response = client.get(_address(NETWORKS), "image/png")
    assert response.status_code == 406
    assert "text/csv" in response.json()["offered"]


@pytest.mark.parametrize(
    ("headers", "body", "status"),
    [
        pytest.param(FORM, "", 400, id="empty-form"),
        pytest.param(FORM, "other=1", 400, id="form-without-query"),
        pytest.param(FORM, "update=CLEAR+ALL", 400, id="update-form"),
        pytest.param({}, "ASK {}", 400, id="no-content-type"),
        pytest.param({"Content-Type": "application/json"}, "{}", 415, id="json"),
        pytest.param({"Content-Type": "application/sparql-update"}, "CLEAR ALL", 415, id="update"),
        pytest.param(
            {"Content-Type": "application/sparql-query; charset=latin-1"},
            "ASK {}",
            415,
            id="charset",
        ),
        pytest.param({**DIRECT, "Content-Encoding": "compress"}, "ASK {}", 415, id="coding"),
        pytest.param({**DIRECT, "Content-Encoding": "gzip"}, "ASK {}", 400, id="not-gzip"),
        pytest.param(DIRECT, b"ASK { ?s ?p '\xff' }", 400, id="not-utf-8"),
        pytest.param(FORM, b"query=%ff", 400, id="form-not-utf-8"),
        pytest.param(DIRECT, "#" + "a" * 1_100_000, 413, id="too-large"),
    ],
)
def test_a_bad_post_is_refused(
    client: Asker, headers: dict[str, str], body: str | bytes, status: int
) -> None:
    """POST needs one of the two content types, UTF-8, a query, and a bounded body."""
    response = client.request("POST", "/sparql", headers=headers, content=body)
    assert response.status_code == status
    assert response.headers["content-type"] == "application/problem+json"


def test_a_key_in_address_and_form_is_refused(client: Asker) -> None:
    """The same parameter in the address and the form is ambiguous."""
    body = urlencode({"query": NETWORKS})
    response = client.request("POST", _address(ASK), headers=FORM, content=body)
    assert response.status_code == 400


def test_a_long_address_is_refused_with_advice(client: Asker) -> None:
    """An address beyond the limit gives 414; its page advises POST."""
    assert client.get(_address("#" + "a" * 62_000)).status_code == 414


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("PUT", "/sparql"),
        ("DELETE", "/sparql"),
        ("PATCH", "/sparql/"),
        ("POST", "/queries"),
        ("GET", "/update"),
    ],
)
def test_a_method_not_served_names_those_that_are(client: Asker, method: str, path: str) -> None:
    """405 comes with a complete `Allow` (RFC 9110, section 15.5.6)."""
    response = client.request(method, path)
    assert response.status_code == 405
    allow = set(response.headers["allow"].split(", "))
    assert "OPTIONS" in allow
    assert method not in allow


def test_options_allows_and_preflights(client: Asker) -> None:
    """OPTIONS gives `Allow`, and tells any page that it may ask."""
    headers = {"Origin": "https://a.example", "Access-Control-Request-Method": "POST"}
    response = client.request("OPTIONS", "/sparql", headers=headers)
    assert response.status_code == 204
    assert response.headers["allow"] == "GET, HEAD, OPTIONS, POST, QUERY"
    assert response.headers["access-control-allow-origin"] == "*"
    assert "POST" in response.headers["access-control-allow-methods"]
    assert "access-control-allow-credentials" not in response.headers


def test_head_has_the_headers_of_get_and_no_body(client: Asker) -> None:
    """HEAD answers as GET does, without the body."""
    get, head = client.get(_address(NETWORKS)), client.request("HEAD", _address(NETWORKS))
    assert head.content == b""
    for name in ("content-type", "content-length", "vary"):
        assert head.headers[name] == get.headers[name]


@pytest.mark.threat("unasked-write")
def test_updates_have_no_door(client: Asker) -> None:
    """`/update` says that the graph is read-only."""
    assert client.request("POST", "/update", content="update=CLEAR+ALL").status_code == 403


def test_the_default_graph_is_the_union(client: Asker) -> None:
    """Without a dataset, the default graph is the union of all graphs."""
    inferred = "ASK { ?s <https://w3id.org/samsyn/ns#reaches> ?o ; a ?type }"
    assert client.get(_address(inferred)).json()["boolean"] is True


GRAPH = "https://w3id.org/samsyn/graph/"


@pytest.mark.parametrize(
    ("query", "pairs", "count"),
    [
        pytest.param(NETWORKS, [("default-graph-uri", GRAPH + "stated/networks")], 2, id="default"),
        pytest.param(NETWORKS, [("default-graph-uri", GRAPH + "inferred")], 0, id="other"),
        pytest.param(
            NETWORKS,
            [
                ("default-graph-uri", GRAPH + "inferred"),
                ("default-graph-uri", GRAPH + "stated/networks"),
            ],
            2,
            id="several",
        ),
        pytest.param(
            NETWORKS, [("named-graph-uri", GRAPH + "stated/networks")], 0, id="named-only"
        ),
        pytest.param(
            NETWORKS.replace("WHERE", f"FROM <{GRAPH}inferred> WHERE"),
            [("default-graph-uri", GRAPH + "stated/networks")],
            2,
            id="replaces-from",
        ),
        pytest.param(NETWORKS.replace("WHERE", f"FROM <{GRAPH}inferred> WHERE"), [], 0, id="from"),
        pytest.param(
            NETWORKS, [("default-graph-uri", "https://a.example/")], 0, id="unknown-graph"
        ),
        pytest.param(NETWORKS, [("default-graph-uri", "file:///etc/passwd")], 0, id="file"),
    ],
)
def test_the_dataset_is_that_of_the_request(
    client: Asker, query: str, pairs: list[tuple[str, str]], count: int
) -> None:
    """`default-graph-uri` and `named-graph-uri` replace the query's dataset (section 2.1.4)."""
    assert len(_names(client.get(_address(query, *pairs)))) == count


def test_the_dataset_may_stand_in_the_address_of_a_direct_post(client: Asker) -> None:
    """With the query as body, the dataset parameters are in the address (section 2.1.3)."""
    path = "/sparql?" + urlencode({"default-graph-uri": GRAPH + "inferred"})
    assert _names(client.request("POST", path, headers=DIRECT, content=NETWORKS)) == []


def test_without_a_query_the_service_describes_itself(client: Asker) -> None:
    """GET without query gives a description in RDF that names the public address."""
    response = client.get("/sparql", "application/n-triples")
    assert response.status_code == 200
    endpoint = "<http://www.w3.org/ns/sparql-service-description#endpoint>"
    assert f"{endpoint} <https://samsyn.example/sparql> ." in response.text


def test_a_forged_host_changes_nothing(client: Asker) -> None:
    """With a public address set, the Host header does not enter the description."""
    headers = {"Host": "evil.example", "X-Forwarded-Host": "evil.example"}
    response = client.request("GET", "/sparql", headers=headers)
    assert "evil" not in response.text


def test_without_a_query_a_browser_gets_the_form(client: Asker) -> None:
    """A browser that opens the endpoint finds a form that asks by GET."""
    page = client.get("/sparql", "text/html").text
    assert '<form class="editor" action="/query" method="get">' in page


def test_the_form_shows_the_answer_with_labels(client: Asker) -> None:
    """The form keeps the query and shows labels, and links to the same answer as files."""
    page = client.get("/query", params={"query": NETWORKS, "lang": "sv"}).text
    assert "SELECT ?n WHERE" in page
    assert ">nätverk A</a>" in page
    assert "format=csv" in page


def test_the_form_shows_where_a_query_is_wrong(client: Asker) -> None:
    """A faulty query comes back in the form, with the place of the fault."""
    response = client.get("/query", params={"query": "SELECT *\nWHERE { ?s ?p }", "lang": "en"})
    assert response.status_code == 400
    assert "line 2, column" in response.text
    assert "WHERE { ?s ?p }</textarea>" in response.text


def test_the_form_leads_to_files(client: Asker) -> None:
    """A format chosen in the form leads to the endpoint."""
    response = client.get("/query", params={"query": ASK, "format": "json"})
    assert response.status_code == 303
    assert response.headers["location"].startswith("/sparql?query=ASK")


def test_plus_and_percent_are_decoded_once(client: Asker) -> None:
    """`+` is a space, `%2B` a plus, and nothing is decoded twice."""
    response = client.get("/sparql?query=SELECT+(%22%252B%22%20AS+%3Fv)+(1%2B1+AS+?w)+%7B%7D")
    row = json.loads(response.text)["results"]["bindings"][0]
    assert (row["v"]["value"], row["w"]["value"]) == ("%2B", "2")


def test_a_huge_answer_is_neither_counted_nor_shown_whole(client: Asker) -> None:
    """A page of a huge answer stops counting, and says that it does."""
    values = " ".join(str(number) for number in range(150))
    query = f"SELECT ?a {{ VALUES ?a {{ {values} }} VALUES ?b {{ {values} }} }}"
    page = client.get("/query", params={"query": query, "lang": "en"}).text
    assert "The first 500 of more than 10000 rows" in page


@pytest.mark.threat("kept-answer")
def test_a_posted_query_lends_its_answer_to_no_address(client: Asker) -> None:
    """What was asked in a body is never the answer to the same address and headers without it."""
    headers = {**DIRECT, "Accept": "text/turtle, application/sparql-results+json;q=0.9"}
    for _ in range(2):
        posted = client.request("POST", "/sparql", headers=headers, content=NETWORKS)
        assert posted.status_code == 200
    got = client.request("GET", "/sparql", headers=headers)
    assert got.headers["content-type"].startswith("text/turtle")
    assert got.content != posted.content


@pytest.mark.parametrize("path", [_address("SELECT * {"), "/id/network/nowhere"])
def test_any_version_is_none_of_what_is_not_there(client: Asker, path: str) -> None:
    """`If-None-Match: *` gives 304 only for what there is (RFC 9110, section 13.1.2)."""
    asked = client.request("GET", path, headers={"If-None-Match": "*"})
    assert asked.status_code in (400, 404)
    known = client.request("GET", _address(NETWORKS), headers={"If-None-Match": "*"})
    assert known.status_code == 304
