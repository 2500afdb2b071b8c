"""Who reads a query, the gateway or a worker, makes no difference to its client."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote, urlencode

import httpx
import pytest
from tests.service.conftest import Client

from samsyn.http import messages, sparql_protocol
from samsyn.server.routes import query_request
from samsyn.server.workers.answer import Answer
from samsyn.server.workers.running import Job

FORM = {"Content-Type": sparql_protocol.FORM}
QUERY = {"Content-Type": sparql_protocol.QUERY}
SELECT = "SELECT ?s ?o { ?s <http://www.w3.org/2000/01/rdf-schema#label> ?o } ORDER BY ?s ?o"


@pytest.fixture
def asked(client: Client, monkeypatch: pytest.MonkeyPatch) -> list[Job]:
    """All that workers are asked for; nothing is in the cache at first."""
    found: list[Job] = []
    ask = client.app.pool.ask

    async def noted(job: Job) -> Answer:
        found.append(job)
        answer: Answer = await ask(job)
        return answer

    monkeypatch.setattr(client.app.pool, "ask", noted)
    client.app.cache.clear()
    return found


def kinds(asked: list[Job]) -> list[str]:
    """Return the kinds of jobs."""
    return [messages.unpack(job.body).kind for job in asked]


def padded(query: str, size: int) -> str:
    """Make a query as long as asked by a comment at its end."""
    return query + "\n#" + "x" * (size - len(query) - 2)


def by_get(client: Client, text: str, **headers: str) -> httpx.Response:
    """Ask in the address."""
    return client.request("GET", f"/sparql?query={quote(text)}", headers=headers)


def by_form(client: Client, text: str, **headers: str) -> httpx.Response:
    """Ask by a form."""
    body = urlencode({"query": text}).encode()
    return client.request("POST", "/sparql", content=body, headers={**FORM, **headers})


def by_body(client: Client, text: str, **headers: str) -> httpx.Response:
    """Ask by a body that is the query."""
    return client.request("POST", "/sparql", content=text.encode(), headers={**QUERY, **headers})


WAYS = (by_get, by_form, by_body)
CASES: dict[str, tuple[str, dict[str, str]]] = {
    "table": (SELECT, {"Accept": "text/csv"}),
    "yes-or-no": ("ASK { ?s ?p ?o }", {"Accept": "application/sparql-results+json"}),
    "graph": ("CONSTRUCT { ?s a ?c } { ?s a ?c }", {"Accept": "application/n-triples"}),
    "compressed": (SELECT, {"Accept": "text/csv", "Accept-Encoding": "gzip"}),
    "varying": ("ASK { FILTER(NOW() > 0) }", {"Accept": "text/csv"}),
    "not-acceptable": (SELECT, {"Accept": "text/turtle"}),
    "service": ("ASK { SERVICE <http://a.example/> { ?s ?p ?o } }", {}),
    "update": ("DROP ALL", {}),
    "faulty": ("ASK { ?s ?p }", {}),
    "faulty-as-text": ("ASK { ?s ?p }", {"Accept": "text/plain"}),
    "page": (SELECT, {"Accept": "text/html"}),
    "undeclared": ("ASK { ?s nowhere:at ?o }", {}),
    "conditional": ("ASK {}", {"If-None-Match": "*"}),
}


def seen(response: httpx.Response, text: str) -> dict[str, Any]:
    """Return all of an answer that its client could tell from another."""
    own = ("query-id", "date", "content-length")
    body = response.text
    if "json" in response.headers.get("content-type", "") and response.status_code >= 400:
        body = str({**response.json(), "request": ""})
    body = body.replace(text, "").replace(text.strip(), "")
    return {
        "status": response.status_code,
        "headers": {name: value for name, value in response.headers.items() if name not in own},
        "body": body.replace("x" * 200, "").replace(quote(text, safe=""), ""),
    }


@pytest.mark.threat("event-loop")
@pytest.mark.parametrize(("query", "headers"), CASES.values(), ids=CASES)
@pytest.mark.parametrize("ask", WAYS)
def test_the_answer_is_the_same_on_both_sides_of_the_bound(
    client: Client, asked: list[Job], ask: Any, query: str, headers: dict[str, str]
) -> None:
    """Status, headers, tag and body do not tell who read the query."""
    short, long = (padded(query, query_request.LONGEST + more) for more in (0, 1))
    gateway = ask(client, short, **headers)
    assert messages.ASKED not in kinds(asked)
    worker = ask(client, long, **headers)
    assert kinds(asked)[-1] == messages.ASKED
    if headers.get("Accept") == "text/html":
        # The page shows the query.
        assert gateway.status_code == worker.status_code == 200
        assert set(gateway.headers) == set(worker.headers)
        assert gateway.headers["vary"] == worker.headers["vary"]
        return
    assert seen(gateway, short) == seen(worker, long)


def test_a_form_that_is_not_decoded_here_has_the_answer_of_one_that_is(
    client: Client, asked: list[Job]
) -> None:
    """Neither the number of bytes nor the way they are encoded matters."""
    encoded = "".join(f"%{ord(c):02X}" for c in SELECT)
    size = query_request.LARGEST - len("query=&x=") - len(encoded)
    answers = []
    for more in (0, 1):
        body = f"query={encoded}&x={'y' * (size + more)}".encode()
        answers.append(client.request("POST", "/sparql", content=body, headers=FORM))
    assert kinds(asked) == [messages.QUERY, messages.ASKED]
    assert seen(answers[0], "") == seen(answers[1], "")
    assert answers[0].headers["etag"] == answers[1].headers["etag"]


@pytest.mark.parametrize("ask", WAYS)
def test_a_long_query_is_kept_and_its_tag_is_known(
    client: Client, asked: list[Job], ask: Any
) -> None:
    """The same bytes are answered from the cache, others again, and a tag with 304 by GET."""
    text = padded(SELECT, query_request.LONGEST + 100)
    first = ask(client, text, Accept="text/csv")
    held = len(client.app.cache)
    again = ask(client, text, Accept="text/csv")
    assert held == len(client.app.cache) == len(asked) == 1
    assert (again.content, again.headers["etag"]) == (first.content, first.headers["etag"])
    assert ask(client, text + "y", Accept="text/csv").headers["etag"] == first.headers["etag"]
    other = ask(client, padded("ASK {}", len(text)), Accept="text/csv")
    assert other.content != first.content
    if ask is by_get:
        client.app.cache.clear()
        known = ask(client, text, **{"Accept": "text/csv", "If-None-Match": first.headers["etag"]})
        assert (known.status_code, known.content) == (304, b"")


@pytest.mark.parametrize(
    ("form", "seconds"),
    [
        (b"query=x&timeout=2", 2.0),
        (b"timeout=2&query=x&timeout=0.5", 0.5),
        (b"query=timeout=1", None),
        (b"mytimeout=1", None),
        (b"timeout=", None),
        (b"timeout=0", None),
        (b"timeout=x&timeout=3", 3.0),
        (b"timeout=" + b"x" * 400, None),
        (b"timeout=" * 100_000, None),
        (b"timeout=x&" * sparql_protocol.GLANCES + b"timeout=1", None),
    ],
)
def test_the_time_is_seen_in_a_form_that_is_not_decoded(form: bytes, seconds: float | None) -> None:
    """It stands where a parameter begins, and what is none is left to anyone who reads the form."""
    assert sparql_protocol.hurry(form) == seconds


def test_a_long_query_keeps_to_the_time_that_its_client_gives(
    client: Client, asked: list[Job]
) -> None:
    """In a form that only a worker reads it is seen, and what is no time is refused as always."""
    body = b"query=ASK{}&timeout=%b&y=" + b"y" * query_request.LARGEST
    client.request("POST", "/sparql", content=body % b"0.5", headers=FORM)
    assert asked[-1].bounds.wall == 0.5
    answer = client.request("POST", "/sparql", content=body % b"x", headers=FORM)
    assert (answer.status_code, answer.json()["type"]) == (400, "/problems#bad-parameter")


@pytest.mark.threat("event-loop")
@pytest.mark.parametrize("ask", WAYS)
def test_a_problem_of_a_long_line_is_short(client: Client, ask: Any) -> None:
    """The line at fault is shown, unless it is so long that nobody would read it."""
    text = "ASK { ?s ?p '" + "x" * (20_000 if ask is by_get else 500_000)
    answer = ask(client, text)
    assert answer.status_code == 400
    assert len(answer.content) < 5_000
    assert answer.json()["line"] == 1
