"""A byte order mark before a text changes nothing, wherever a text is taken."""

from __future__ import annotations

import io
import sys
from pathlib import Path
from urllib.parse import quote, urlencode

import pytest
from tests.service.conftest import TOKEN, Client, front_of

from samsyn import library, names
from samsyn.cli.program import main
from samsyn.dataset.exact import (
    FORMATS,
    Dataset,
    parse,
    parse_triples,
    prefixes,
    serialize,
    stumble,
)
from samsyn.errors import SourceError
from samsyn.settings import Settings
from samsyn.site import changes
from samsyn.site.app import Application, Source
from samsyn.site.job_handlers import Service

MARK = "\ufeff"
TEXT = "@prefix e: <http://example.org/> . e:a e:b 1 , 'é'@sv , [ e:c e:d ] ."
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
DIRECT = {"Content-Type": "application/sparql-query"}
ASK = "ASK { ?n a samsyn:Network }"
FAULTY = "SELECT * { ?s ?p ?o } LIMIT x"


@pytest.fixture
def writer(small_dataset: Dataset) -> Client:
    """A client of a server that takes writes."""
    settings = Settings(public_url="https://samsyn.example")
    stated = small_dataset.without(names.INFERRED)
    served = changes.closed(stated, settings.entailment)
    application = Application(served, Source(settings), stated)
    return Client(front_of(Service(application), settings, TOKEN))


@pytest.mark.parametrize("form", FORMATS)
def test_a_document_with_a_mark_is_read_alike(form: str) -> None:
    """In all six syntaxes the triples, the prefixes and the place of a fault are the same."""
    plain = serialize(parse(TEXT.encode(), "turtle"), form)
    marked = MARK.encode() + plain
    assert parse(marked, form) == parse(plain, form)
    assert parse_triples(marked, form) == parse_triples(plain, form)
    assert prefixes(marked, form) == prefixes(plain, form)
    assert stumble(marked, form) is None
    faulty = b" *" + plain
    with pytest.raises(SourceError) as expected:
        parse(faulty, form)
    with pytest.raises(SourceError) as found:
        parse(MARK.encode() + faulty, form)
    assert str(found.value) == str(expected.value)
    assert stumble(MARK.encode() + faulty, form) == stumble(faulty, form)


def _ask(client: Client, text: str) -> list[tuple[int, str]]:
    """Ask in each of the ways in which a query can be sent."""
    encoded = urlencode({"query": text})
    json = {"Accept": "application/json"}
    answers = [
        client.get(f"/sparql?{encoded}", "application/json"),
        client.get(f"/sparql?{encoded}", "text/html"),
        client.get(f"/query?{encoded}", "text/html"),
        client.request("POST", "/sparql", headers=FORM | json, content=encoded),
        client.request("POST", "/sparql", headers=DIRECT | json, content=text.encode()),
        client.request("QUERY", "/sparql", headers=DIRECT | json, content=text.encode()),
    ]
    return [
        (a.status_code, a.json().get("column", "") if "json" in a.headers["content-type"] else "")
        for a in answers
    ]


@pytest.mark.parametrize("text", [ASK, FAULTY], ids=["right", "faulty"])
def test_a_query_with_a_mark_is_answered_alike(client: Client, text: str) -> None:
    """By GET, in a form, as a body and in a browser; the column of a fault does not count it."""
    expected = _ask(client, text)
    assert {status for status, _ in expected} == {200 if text is ASK else 400}
    assert _ask(client, MARK + text) == expected


@pytest.mark.parametrize("sent", ["direct", "form"])
def test_an_update_with_a_mark_is_done(writer: Client, sent: str) -> None:
    """As a body and in a form."""
    text = MARK + "INSERT DATA { GRAPH <http://example.org/g> { <urn:a> <urn:b> 1 } }"
    kind = "application/sparql-update" if sent == "direct" else FORM["Content-Type"]
    body = text.encode() if sent == "direct" else urlencode({"update": text}).encode()
    headers = {"Authorization": f"Bearer {TOKEN}", "Content-Type": kind}
    response = writer.request("POST", "/update", headers=headers, content=body)
    assert response.status_code == 204
    assert writer.get("/gsp?graph=http://example.org/g", "application/n-triples").text.count("\n")


def test_a_mark_hides_no_load(writer: Client) -> None:
    """What is never done is refused behind a mark too."""
    headers = {
        "Authorization": f"Bearer {TOKEN}",
        "Content-Type": "application/sparql-update",
    }
    text = MARK + "LOAD <http://127.0.0.1:9/>"
    response = writer.request("POST", "/update", headers=headers, content=text.encode())
    assert response.status_code == 403


@pytest.mark.parametrize(
    ("form", "kind"),
    [
        ("turtle", "text/turtle"),
        ("ntriples", "application/n-triples"),
        ("rdfxml", "application/rdf+xml"),
        ("jsonld", "application/ld+json"),
    ],
)
@pytest.mark.parametrize("in_form", [False, True], ids=["body", "multipart"])
def test_a_graph_with_a_mark_is_put(writer: Client, form: str, kind: str, *, in_form: bool) -> None:
    """Each syntax of a graph, alone and in a form."""
    document = MARK.encode() + serialize(
        [quad.triple for quad in parse(TEXT.encode(), "turtle")], form
    )
    body, sent = document, kind
    if in_form:
        head = f'--x\r\nContent-Disposition: form-data; name="f"\r\nContent-Type: {kind}\r\n\r\n'
        body, sent = head.encode() + document + b"\r\n--x--\r\n", "multipart/form-data; boundary=x"
    headers = {"Authorization": f"Bearer {TOKEN}", "Content-Type": sent}
    address = "/gsp?graph=" + quote("http://example.org/g")
    assert writer.request("PUT", address, headers=headers, content=body).status_code == 201
    assert len(writer.get(address, "application/n-triples").text.splitlines()) == 4


@pytest.mark.parametrize("form", FORMATS)
def test_a_document_with_a_mark_is_validated(client: Client, form: str) -> None:
    """`/validate` finds the same in a document with a mark, in each syntax."""
    kind = FORMATS[form].media_type
    data = serialize(parse(b"<urn:a> a <https://w3id.org/samsyn/ns#Netwrok> .", "turtle"), form)
    headers = {"Content-Type": kind, "Accept": "application/json"}
    plain = client.request("POST", "/validate", headers=headers, content=data)
    marked = client.request("POST", "/validate", headers=headers, content=MARK.encode() + data)
    assert plain.status_code == marked.status_code == 200
    assert plain.json()["findings"] == marked.json()["findings"]


def test_a_query_of_the_library_may_have_a_mark(tmp_path: Path) -> None:
    """The file of a question that an editor gave a mark has its header, and runs."""
    keys = ("summary", "summary-sv", "description", "description-sv")
    header = "".join(f"#+ {key}: a\n" for key in keys)
    header += "#+ tags:\n#+   - t\n#+ question: CQ1 q\n#+ question-sv: CQ1 q\n"
    text = header + "ASK { ?s ?p 1 }\n"
    (tmp_path / "cq01-a.rq").write_text(MARK + text, encoding="utf-8")
    assert library.read(tmp_path / "cq01-a.rq").text == text


def test_a_query_on_the_command_line_may_have_a_mark(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """From a file and from standard input; the column of a fault does not count it."""
    (tmp_path / "q.rq").write_text(MARK + ASK, encoding="utf-8")
    assert main(["query", str(tmp_path / "q.rq")]) == 0
    stream = io.TextIOWrapper(io.BytesIO((MARK + FAULTY).encode()))
    monkeypatch.setattr(sys, "stdin", stream)
    assert main(["query", "-"]) == 1
    captured = capfd.readouterr()
    assert captured.out == "yes\n"
    assert f"query:1:{FAULTY.index('x') + 1}:" in captured.err
