"""What the endpoint's benchmark asks, and how it compares answers."""

from __future__ import annotations

import json
import re
from pathlib import Path
from urllib.parse import parse_qs

import pytest
from benchmarks.questions import CLASSES, LEFT_OUT, NUMBER, parsed, questions

from samsyn import library
from samsyn.layout import Layout
from samsyn.library import Query
from samsyn.sparql.index import Index

COUNTS = re.compile(r"\b(GROUP BY|COUNT|MIN|MAX|SUM|AVG|GROUP_CONCAT)\b")
ROW = {"n": {"type": "literal", "value": "1"}}


def kind(query: Query) -> str | None:
    """Tell the class of a query from what it does."""
    text = "\n".join(line for line in query.text.splitlines() if not line.strip().startswith("#"))
    if {"chains", "causes"} & set(query.tags):
        return "chains"
    if COUNTS.search(text):
        return "aggregates"
    given = any(parameter.kind == "iri" for parameter in query.parameters.values())
    return "lookups" if given else None


def test_the_classes_follow_their_rule(root: Path) -> None:
    """Each query is in the class of what it does, or in none for a reason that is listed."""
    queries = library.load(Layout(root))
    found: dict[str | None, list[str]] = {}
    for name, query in queries.items():
        found.setdefault(kind(query), []).append(name.split("-")[0])
    for name, numbers in CLASSES.items():
        assert sorted(found[name]) == sorted([*numbers, *(LEFT_OUT.keys() & set(found[name]))])
    assert not LEFT_OUT.keys() & {number for numbers in CLASSES.values() for number in numbers}


def test_a_cold_question_has_the_answer_of_a_warm_one(index: Index) -> None:
    """The number that makes a question new to every cache changes nothing in its answer."""
    for question in (question for kind in questions().values() for question in kind):
        cold, warm = question.target(cold=True), question.target(cold=False)
        assert cold.count(NUMBER) == 1
        assert NUMBER not in warm
        (text,) = parse_qs(cold.replace(NUMBER, "20000001").removeprefix("?"))["query"]
        assert text != question.text()
        answers = [parsed(index.query(each).serialise("json")) for each in (text, question.text())]
        assert answers[0] == answers[1]


def answer(*rows: object, columns: tuple[str, ...] = ("n",)) -> bytes:
    """Write an answer in JSON."""
    return json.dumps({"head": {"vars": columns}, "results": {"bindings": rows}}).encode()


def term(**told: str) -> dict[str, dict[str, str]]:
    """Write a row of one literal."""
    return {"n": {"type": "literal", "value": "1", **told}}


XSD = "http://www.w3.org/2001/XMLSchema#"
SAME = {
    "a-string-by-name": term(datatype=XSD + "string"),
    "as-in-sparql-1.0": term(type="typed-literal"),
}
OTHER = {
    "value": term(value="2"),
    "kind": term(type="uri"),
    "datatype": term(datatype=XSD + "integer"),
    "language": term(**{"xml:lang": "en"}),
    "unbound": {},
}


@pytest.mark.parametrize("row", SAME.values(), ids=SAME)
def test_ways_to_write_the_same_are_the_same(row: object) -> None:
    """What the formats leave open makes no difference."""
    assert parsed(answer(row)) == parsed(answer(ROW))


@pytest.mark.parametrize("row", OTHER.values(), ids=OTHER)
def test_another_term_is_another_answer(row: object) -> None:
    """A difference in a term is seen."""
    assert parsed(answer(row)) != parsed(answer(ROW))


def test_rows_count() -> None:
    """How often a row comes makes a difference, and so do the columns; its place does not."""
    other = term(value="2")
    assert parsed(answer(ROW, other)) == parsed(answer(other, ROW))
    assert parsed(answer(ROW, ROW)) != parsed(answer(ROW))
    assert parsed(answer(ROW, columns=("n", "m"))) != parsed(answer(ROW))
    assert parsed(b'{"head": {}, "boolean": true}') is True
