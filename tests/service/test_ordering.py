"""ORDER BY over values of many kinds: the engine has no order for them and ends its process."""

from __future__ import annotations

import random
import subprocess
import sys

import pytest
from pyoxigraph import Store

from samsyn.dataset.exact import Dataset
from samsyn.sparql.grammar import queries
from samsyn.sparql.grammar.rewriting import concerns, rewrite
from samsyn.sparql.grammar.rewriting import ordered as ordered_text
from samsyn.sparql.index import Index

XSD = "http://www.w3.org/2001/XMLSchema#"
PROGRAM = """
import sys
from pyoxigraph import Store
from samsyn.sparql.functions import OURS
store = Store()
for line in sys.stdin:
    list(store.query(line, custom_functions=OURS))
"""
FORMS = (
    *("{n}", "{n}.5", "{n}.5e0", '"{n}"', '"{n}"@en', '"{n}"^^<urn:d>', "<urn:{n}>", "true"),
    *("UNDEF", '"NaN"^^xsd:double', '"{n}x"^^xsd:integer', '"x{n}"^^xsd:date'),
    *('"20{m}-01-02"^^xsd:date', '"20{m}-01-02Z"^^xsd:date', '"{n}{z}"^^xsd:gYear'),
    *('"2021-01-{m}T04:00:00{z}"^^xsd:dateTime', '"{m}:00:00{z}"^^xsd:time'),
    *(
        '"P{m}Y{n}D"^^xsd:duration',
        '"P{m}D"^^xsd:dayTimeDuration',
        '"P{n}M"^^xsd:yearMonthDuration',
    ),
)
CONDITIONS = (
    "?o", "$o", "DESC(?o)", "ASC((?o))", "COALESCE(?o, 1)", "IF(BOUND(?o), ?o, 'a')",
    "?none DESC(?o)", "OBJECT(<<( <urn:s> <urn:p> ?o )>>)",
)  # fmt: skip


def written(text: str) -> str:
    """Write a query for the engine, on one line."""
    return rewrite(text, queries.query(text)).text.replace("\n", " ")


def ordered(index: Index, *values: str, by: str = "?o") -> list[str]:
    """Return values as a query orders them."""
    query = f"PREFIX xsd: <{XSD}> SELECT ?o {{ VALUES ?o {{ {' '.join(values)} }} }} ORDER BY {by}"
    rows = index.query(query).rows()
    return [str(row.get("o")) for row in rows]


def chance(rng: random.Random) -> str:
    """Make a query over values of all kinds."""
    values = [
        rng.choice(FORMS).format(
            n=rng.randrange(1000, 9999),
            m=rng.randrange(10, 24),
            z=rng.choice(["", "Z", "+05:00", "-11:00"]),
        )
        for _ in range(rng.choice([24, 33, 64, 200]))
    ]
    return (
        f"PREFIX xsd: <{XSD}> SELECT ?o {{ VALUES ?o {{ {' '.join(values)} }} }} "
        f"ORDER BY {rng.choice(CONDITIONS)}"
    )


def ended(*queries: str) -> int:
    """Ask the engine in a process of its own, and return how it ended."""
    program = [sys.executable, "-c", PROGRAM]
    lines = "\n".join(queries).encode()
    return subprocess.run(program, input=lines, capture_output=True, check=False).returncode


def test_values_of_all_kinds_are_ordered() -> None:
    """The engine survives each query as it is written for it, and not as it was sent."""
    rng = random.Random(11)  # noqa: S311  the same queries each time
    queries = [chance(rng) for _ in range(200)]
    assert ended(*queries) < 0
    assert ended(*map(written, queries)) == 0


@pytest.mark.parametrize("by", ["?o", "DESC(?o)"])
def test_kinds_have_their_order(index: Index, by: str) -> None:
    """Nothing comes before IRIs, these before literals; numbers are ordered as numbers."""
    values = ["UNDEF", "<urn:b>", "<urn:c>", "-1", "9", "10.5", '"10"', '"9"', '"a"@en', '"b"']
    found = ordered(index, *reversed(values), by=by)
    expected = ordered(index, *values, by=by)
    assert found == expected
    plain = [each.partition("^^")[0].strip('"') for each in found]
    right = ["None", "<urn:b>", "<urn:c>", "-1", "9", "10.5", "10", "9", 'a"@en', "b"]
    assert plain == (right if by == "?o" else right[::-1])


ENDINGS = (
    "", " LIMIT 5", "\nOFFSET 2 LIMIT 3\n", ' VALUES ?o { 1 "a" }',
    ' LIMIT 1 VALUES (?o) { ("a # b") }',
    " VALUES ?o { <http://e/#a> }",
)  # fmt: skip
KEYS = ("?o", "$o", "DESC(?o)", "asc( ?o )\n?s", "?o DESC(?s) ?p")


@pytest.mark.parametrize("ending", ENDINGS)
@pytest.mark.parametrize("keys", KEYS)
def test_most_queries_need_not_be_read(keys: str, ending: str) -> None:
    """One that ends by ordering by variables is written without being read, and in the same way."""
    query = f"SELECT * {{ ?s ?p ?o }}\nORDER  by {keys}{ending}"
    assert not concerns(query)
    assert ordered_text(query) == rewrite(query, queries.query(query)).text != query


@pytest.mark.parametrize(
    "query",
    [
        'SELECT * { VALUES ?s { """ORDER BY ?x VALUES ?y { " """ } }',
        'SELECT * { ?s ?p ?o } VALUES ?s { """ORDER BY ?x VALUES ?y { " """ }',
        "SELECT * { ?s ?p ?o } VALUES ?s { 'ORDER BY ?x VALUES ?y { \" \" ' }",
        'SELECT * { ?s ?p ?o } VALUES ?s { "ORDER BY ?x VALUES ?y { " "a" }',
        'SELECT * { ?s ?p ?o } VALUES ?s { "ORDER BY ?x LIMIT 3" }',
        "SELECT * { ?s ?p <urn:order> } # ORDER BY ?x LIMIT 3",
        "SELECT * { ?s ?p ?o } # ORDER BY ?x\nLIMIT 3",
        "SELECT ?border { ?border ?p ?o } LIMIT 3",
        "SELECT * { { SELECT ?o { ?s ?p ?o } ORDER BY ?o LIMIT 3 } }",
        "SELECT * { ?s ?p ?o } ORDER BY STR(?o) ?o",
    ],
)
def test_words_that_order_nothing_stay_as_they_are(query: str) -> None:
    """What is within a text or a comment orders nothing, whatever comes behind it."""
    read = rewrite(query, queries.query(query)).text
    assert concerns(query) or ordered_text(query).partition("#")[0] == read.partition("#")[0]


def test_values_of_one_kind_are_ordered_as_before(index: Index) -> None:
    """Dates by time, numbers by value, texts by character."""
    for values in (
        ['"2020-01-01"^^xsd:date', '"2020-02-01"^^xsd:date', '"2021-01-01"^^xsd:date'],
        ['"2020-01-01T12:00:00+02:00"^^xsd:dateTime', '"2020-01-01T11:00:00Z"^^xsd:dateTime'],
        ["-2", "1.5", "2e0", "10"],
        ['"A"', '"a"@en', '"b"', '"å"@sv'],
    ):
        assert ordered(index, *reversed(values)) == ordered(index, *values)
        first = next(Store().query(f"PREFIX xsd: <{XSD}> SELECT ({values[0]} AS ?o) {{}}"))  # type: ignore[call-overload]
        assert ordered(index, *reversed(values))[0] == str(first["o"])


@pytest.fixture(scope="module")
def index() -> Index:
    """An index over nothing."""
    return Index(Dataset({}))
