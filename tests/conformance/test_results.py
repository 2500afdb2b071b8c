"""Result documents are read strictly, and compared as the Recommendations mean it."""

from __future__ import annotations

import json

import pytest

from samsyn.conformance import results
from samsyn.conformance.answer import Answer
from samsyn.conformance.case import Check, Names
from samsyn.conformance.description import fits_vocabulary, has_endpoint
from samsyn.conformance.expectation import (
    charset,
    empty,
    graph,
    header,
    lines,
    media,
    status,
    table,
    yes,
)
from samsyn.conformance.results import CSV, JSON, TSV, XML

HEAD = '<sparql xmlns="http://www.w3.org/2005/sparql-results#"><head><variable name="x"/></head>'
BOUND = f'{HEAD}<results><result><binding name="x">%s</binding></result></results></sparql>'
ROWS = table("x", '"a"@en')


def _json(**term: str) -> str:
    document = {"head": {"vars": ["x"]}, "results": {"bindings": [{"x": term}]}}
    return json.dumps(document)


def _judge(check: Check, kind: str, body: str, code: int = 200, **headers: str) -> str | None:
    sent = [("Content-Type", kind), *headers.items()]
    return check(Answer("http://h/sparql", code, sent, body.encode()), Names())


@pytest.mark.parametrize(
    ("check", "kind", "body"),
    [
        pytest.param(ROWS, JSON, _json(type="literal", value="a", **{"xml:lang": "EN"}), id="json"),
        pytest.param(ROWS, XML, BOUND % '<literal xml:lang="en">a</literal>', id="xml"),
        pytest.param(ROWS, TSV, '?x\n"a"@en\n', id="tsv"),
        pytest.param(lines(("x",), ('a"\nb',)), CSV, 'x\r\n"a""\nb"\r\n', id="csv"),
        pytest.param(table("x y", "1 | "), TSV, "?x\t?y\n1\t\n", id="tsv-unbound"),
        pytest.param(table("x", "_:p", "_:q"), TSV, "?x\n_:a\n_:b\n", id="blank-nodes"),
        pytest.param(yes, XML, HEAD + "<boolean>true</boolean></sparql>", id="xml-boolean"),
        pytest.param(graph("[] <urn:p> [] ."), "text/turtle", "_:x <urn:p> _:y .", id="graph"),
    ],
)
def test_what_is_right_passes(check: Check, kind: str, body: str) -> None:
    """What follows the Recommendation is found right."""
    assert _judge(check, kind, body) is None


@pytest.mark.parametrize(
    ("check", "kind", "body"),
    [
        pytest.param(ROWS, JSON, _json(type="literal", value="a"), id="language-lost"),
        pytest.param(ROWS, JSON, _json(type="typed-literal", value="a"), id="old-json"),
        pytest.param(ROWS, JSON, _json(type="literal"), id="value-missing"),
        pytest.param(ROWS, JSON, '{"head": {"vars": ["y"]}, "results": {}}', id="no-bindings"),
        pytest.param(ROWS, JSON, "[]", id="no-object"),
        pytest.param(ROWS, JSON, "{", id="no-json"),
        pytest.param(ROWS, JSON, "x" * 3, id="text"),
        pytest.param(ROWS, XML, BOUND % "<literal>a</literal>", id="xml-language-lost"),
        pytest.param(ROWS, XML, BOUND % "<word>a</word>", id="xml-element"),
        pytest.param(ROWS, XML, (BOUND % "<uri>u:a</uri>").replace("2005", "2006"), id="namespace"),
        pytest.param(ROWS, XML, "<!DOCTYPE x>" + BOUND % "<uri>u:a</uri>", id="doctype"),
        pytest.param(ROWS, XML, BOUND[:60], id="cut-off"),
        pytest.param(ROWS, TSV, 'x\n"a"@en\n', id="tsv-without-question-mark"),
        pytest.param(ROWS, TSV, '?x\n"""a"""@en\n', id="tsv-long-form"),
        pytest.param(ROWS, TSV, '?x\n"a"@en\t1\n', id="tsv-fields"),
        pytest.param(ROWS, TSV, "?x\na\n", id="tsv-bare-word"),
        pytest.param(ROWS, CSV, "x\r\na\r\n", id="csv-for-terms"),
        pytest.param(lines(("x",), ("a",)), CSV, "x\na\n", id="csv-line-feed"),
        pytest.param(lines(("x",), ("a",)), CSV, "x\r\na,b\r\n", id="csv-fields"),
        pytest.param(lines(("x",), ("a",)), CSV, "?x\r\na\r\n", id="csv-question-mark"),
        pytest.param(table("x", "_:p", "_:p"), TSV, "?x\n_:a\n_:b\n", id="blank-nodes-apart"),
        pytest.param(table("x", "_:p", "_:q"), TSV, "?x\n_:a\n_:a\n", id="blank-nodes-merged"),
        pytest.param(table("x", "1"), TSV, "?x\n1\n1\n", id="row-twice"),
        pytest.param(table("x y", "1 | 2"), TSV, "?y\t?x\n2\t1\n", id="order"),
        pytest.param(yes, JSON, '{"head": {}, "boolean": "true"}', id="boolean-as-text"),
        pytest.param(yes, JSON, '{"head": {}, "boolean": false}', id="no"),
        pytest.param(yes, "text/html", "true", id="boolean-as-page"),
        pytest.param(graph("<u:a> <u:b> 1 ."), "text/turtle", '<u:a> <u:b> "1" .', id="datatype"),
        pytest.param(graph("<u:a> <u:b> 1 ."), "text/turtle", "<u:a> <u:b> ", id="broken-turtle"),
        pytest.param(graph("<u:a> <u:b> 1 ."), "text/html", "<u:a> <u:b> 1 .", id="no-rdf"),
        pytest.param(media(JSON), XML, "", id="media-type"),
        pytest.param(charset, CSV, "", id="charset"),
        pytest.param(empty, JSON, "x", id="content"),
        pytest.param(status(201, 204), JSON, "", id="status"),
        pytest.param(header("Allow", "GET"), JSON, "", id="header"),
    ],
)
def test_what_is_wrong_is_found(check: Check, kind: str, body: str) -> None:
    """What departs from the Recommendation is found, with words for it."""
    assert _judge(check, kind, body)


def test_a_header_has_to_hold_every_token() -> None:
    """The list in a header is looked at word by word, without regard to case."""
    check = header("Allow", "GET", "POST")
    assert _judge(check, JSON, "", Allow="get, post, put") is None
    assert _judge(check, JSON, "", Allow="GET, POSTS") == "Allow: GET, POSTS lacks POST"


def test_only_one_term_is_a_term() -> None:
    """A cell that holds more than one term is refused."""
    for text in ("1 , 2", '"a" ; <urn:p> 1', "<urn:a> . <urn:b> <urn:c> 1", ""):
        with pytest.raises(ValueError, match="term"):
            results.term(text)


SD = "@prefix sd: <http://www.w3.org/ns/sparql-service-description#> .\n"
SOUND = "[] a sd:Service ; sd:endpoint <http://h/sparql> ; sd:feature sd:EmptyGraphs"


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ("", None),
        ("; sd:supportedLanguage sd:SPARQL11Query", None),
        ("; sd:availableGraphs [ a sd:Dataset ; sd:namedGraph [ sd:name <urn:g> ] ]", None),
        ("; sd:supportedLanguages sd:SPARQL11Query", "sd:supportedLanguages is no property"),
        ("; sd:supportedLanguage sd:EmptyGraphs", None),
        ("; sd:supportedLanguage [ a sd:Graph ]", "leads to sd:Graph, not sd:Language"),
        ("; sd:defaultGraph [ a sd:Graph ]", "is of sd:Service, not sd:Dataset"),
        ("; sd:endpoint 'http://h/sparql'", "has the literal"),
        ("; sd:availableGraphs [ sd:namedGraph [ a sd:NamedGraph ] ]", "has no sd:name"),
        ("; sd:feature [ a sd:Thing ]", "sd:Thing is no class"),
    ],
    ids=range(10),
)
def test_a_description_is_held_to_its_vocabulary(more: str, words: str | None) -> None:
    """Unknown terms, wrong domains and ranges, literals and nameless graphs are found."""
    found = _judge(fits_vocabulary, "text/turtle", f"{SD}{SOUND} {more} .")
    assert found is None if words is None else found and words in found


def test_a_description_names_its_endpoint() -> None:
    """The address asked has to be the one described."""
    assert _judge(has_endpoint, "text/turtle", f"{SD}{SOUND} .") is None
    other = SOUND.replace("http://h/", "http://other/")
    assert _judge(has_endpoint, "text/turtle", f"{SD}{other} .")
