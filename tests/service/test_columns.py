"""The columns of ``SELECT *`` come in the order in which the query names its variables."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from samsyn.dataset.exact import Dataset
from samsyn.sparql.columns import ordered
from samsyn.sparql.index import Index


@pytest.fixture(scope="module")
def index(small_dataset: Dataset) -> Index:
    """An index of a few networks."""
    return Index(small_dataset)


ORDERS = {
    "a-triple": ("SELECT * { ?z ?y ?x }", "zyx"),
    "two-triples": ("select * where { ?s ?p ?o . ?o ?b ?a } LIMIT 3", "spoba"),
    "distinct": ("SELECT DISTINCT * { ?s ?p ?o }", "spo"),
    "reduced-close": ("SELECT REDUCED*{?s?p?o}", "spo"),
    "a-comment-before": ("# ?o ?p ?s\nSELECT # ?o\n * # ?p\n { ?s ?p ?o }", "spo"),
    "in-strings-and-iris": ('SELECT * { ?s ?p ?o FILTER (STR(?o) != "?a ?p") }', "spo"),
    "dollars": ("SELECT * { $z ?y $x . ?x $y $z }", "zyx"),
    "optional": ("SELECT * { ?s ?p ?o OPTIONAL { ?o ?l ?a } }", "spola"),
    "bind": ("SELECT * { ?s ?p ?o BIND (1 AS ?a) }", "spoa"),
    "values-first": ("SELECT * { VALUES (?z ?a) { (1 2) } }", "za"),
    "values-last": ("SELECT * { ?s ?p ?o } LIMIT 2 VALUES ?a { 1 }", "spoa"),
    "filtered-only": ("SELECT * { ?s ?p ?o FILTER NOT EXISTS { ?a ?b ?s } }", "spo"),
    "subquery": ("SELECT * { { SELECT ?q ?m { ?m ?w ?q } } ?q ?b ?a }", "qmba"),
    "subquery-with-star": ("SELECT * { { SELECT * { ?q ?p ?m } } }", "qpm"),
    "star-only-inside": ("SELECT ?z ?y { { SELECT * { ?z ?y ?x } } }", "zy"),
    "count-star": ("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }", "n"),
    "path-star": ("SELECT ?s ?o { ?s <urn:p>* ?o } LIMIT 1", "so"),
    "product": ("SELECT ?s ?a { ?s ?p ?o BIND (2 * 3 AS ?a) } LIMIT 1", "sa"),
    "a-prefix-called-select": ("PREFIX select: <urn:x> SELECT * { ?s ?p ?o }", "spo"),
    "minus": ("SELECT * { ?s ?p ?o MINUS { ?s ?x ?a } }", "spo"),
    "named-graph": ("SELECT * { GRAPH ?g { ?s ?p ?o } }", "gspo"),
    "a-comparison-like-an-iri": ("SELECT * { ?s ?p ?o . ?a ?b ?c FILTER (?o<?b&&?c>?a) } LIMIT 1",
                                 "spoabc"),
}  # fmt: skip


@pytest.mark.parametrize("name", ORDERS)
def test_columns_stand_as_they_are_written(index: Index, name: str) -> None:
    """Each form of a query has its columns in order of appearance, and rows that fit them."""
    text, columns = ORDERS[name]
    answer = index.query(text)
    assert "".join(answer.variables) == columns
    assert answer.serialise("csv").decode().split("\r\n")[0] == ",".join(columns)


@pytest.mark.parametrize("text", ["SELECT * { ?s ?p", "SELECT * {} GROUP BY ?x", "ASK { ?s ?p * }"])
def test_what_cannot_be_parsed_is_left_to_the_engine(text: str) -> None:
    """A faulty query stays as it is, so that its fault is reported as it stands."""

    def refuse(_: str) -> Sequence[str]:
        raise SyntaxError(text)

    assert ordered(text, refuse) == text


TEXTS = st.lists(
    st.sampled_from(["SELECT", "*", "{", "}", "?a", "?b", "'", '"', "#", "\n", "<", ">", " ", "é"])
).map("".join)


@given(TEXTS)
def test_nothing_but_the_star_is_written_again(text: str) -> None:
    """Whatever is before and behind the star is there afterwards too."""
    found = ordered(text, lambda _: ["a", "b", "c"])
    if found != text:
        before = next(n for n, (a, b) in enumerate(zip(text, found, strict=False)) if a != b)
        assert text[before:].lstrip(" ?").startswith("*") or text[before] == "*"
        assert found.endswith(text[text.index("*", before - 1) + 1 :] or "")
        assert {"?a", "?b", "?c"} <= set(found.split())


@given(st.permutations(["s", "p", "o"]))
def test_any_order_of_names_is_kept(names: list[str]) -> None:
    """Whatever the names are, the order is that of the text."""
    text = f"SELECT * {{ ?{' ?'.join(names)} }}"
    found = ordered(text, lambda _: sorted(names))
    written = found.partition("{")[0].split()[1:]
    assert written in (["*"], [f"?{name}" for name in names])
    assert (written == ["*"]) is (names == sorted(names))
