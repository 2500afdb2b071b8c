"""The query library: one question, one query, one expected answer.

``python tests/queries/test_queries.py`` writes the expected answers again; read the difference
before it is committed, and see that ``test_competency.py`` still holds.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from samsyn import library, names
from samsyn.closure import close
from samsyn.dataset.exact import Dataset, NamedNode, Term, Triple, computed, load
from samsyn.layout import Layout
from samsyn.library import Query
from samsyn.sparql.index import Answer, Index

ROOT = Path(__file__).resolve().parents[2]
EXPECTED = Path(__file__).parent / "expected"
QUERIES = library.load(Layout(ROOT))
FEWEST = 46
PUBLIC = 30
SECONDS = 2.0
SENTENCES = 84
ID, NS, VOCAB = names.ID, names.NS, names.VOCAB

NAMED = "the question names it"
RELATION = "the relation that the row is about, not the answer"
FRAME = "one of the frames between which the rows choose"
LINK = "a direct link, walked for whatever chain is asked for"
# Constants of a query that stand in its answer as well: query, local name, reason.
CONSTANTS_IN_ANSWERS = {
    ("cq01", "feedsInformationTo"): LINK,
    ("cq01", "isMemberOf"): LINK,
    ("cq01", "isSubgroupOf"): LINK,
    ("cq03", "reaches"): RELATION,
    ("cq03", "providesInputTo"): RELATION,
    ("cq11", "national-interests"): NAMED,
    ("cq11", "nordicness"): NAMED,
    ("cq11", "pragmatism"): NAMED,
    ("cq11", "shared-view"): NAMED,
    ("cq39", "EditorialStatement"): FRAME,
    ("cq39", "Claim"): FRAME,
    ("cq45", "affects"): FRAME,
    ("cq45", "isAdoptedBy"): FRAME,
    ("cq45", "isCarriedOutBy"): FRAME,
    ("cq49", "exactMatch"): FRAME,
    ("cq49", "sameAs"): FRAME,
}

STRING = re.compile(r'"(?:[^"\\\n]|\\.)*"')
COMMENT = re.compile(r"(?m)^\s*#.*$")
PROLOGUE = re.compile(r"(?m)^PREFIX .*$")
CONSTANT = re.compile(r"(?<![\w:?$<-])([A-Za-z][\w-]*):([A-Za-z][\w-]*)")
TEXT_FUNCTION = re.compile(r"\b(CONTAINS|REGEX|STRSTARTS|STRENDS|STRBEFORE|STRAFTER|REPLACE)\b")
# Strings that a query may hold: separators, glue and languages, never words to look for.
STRINGS = {'"; "', '" "', '", "', '""', '"en"', '"sv"'}


def asked(query: Query, index: Index) -> Answer:
    """Ask what a file of the library asks, as it is."""
    return index.query(query.text)


def lines(query: Query, index: Index) -> list[str]:
    """Write an answer: a row a line, terms in full; sorted, unless its order is part of it."""
    answer = asked(query, index)
    if answer.kind == "ask":
        return [str(answer.boolean).lower()]
    if answer.kind == "graph":
        return sorted(f"{triple} ." for triple in answer.triples())
    columns = answer.variables
    rows = ["\t".join(cells(row, columns)) for row in answer.rows()]
    head = "\t".join(f"?{name}" for name in columns)
    return [head, *(rows if "ordered" in query.tags else sorted(rows))]


def cells(row: dict[str, Term], columns: list[str]) -> Iterator[str]:
    """Write the terms of a row with datatype and language; an unbound one is empty."""
    for name in columns:
        yield str(row[name]).replace("\t", "\\t") if name in row else ""


def body(query: Query) -> str:
    """Return what a query asks, without header, comments, prologue and strings."""
    return STRING.sub('""', PROLOGUE.sub("", COMMENT.sub("", query.body)))


def constants(query: Query) -> set[str]:
    """Return the IRIs that the body of a query names."""
    prefixes = query.prefixes
    return {prefixes[prefix] + name for prefix, name in CONSTANT.findall(body(query))}


def values(query: Query, index: Index) -> set[str]:
    """Return the IRIs in the answer to a query."""
    answer = asked(query, index)
    if answer.kind == "ask":
        return set()
    if answer.kind == "graph":
        terms = [t for triple in answer.triples() for t in (triple.subject, triple.object)]
    else:
        terms = [term for row in answer.rows() for term in row.values()]
    return {term.value for term in terms if isinstance(term, NamedNode)}


def local(iri: str) -> str:
    """Return the last part of an IRI."""
    return re.split(r"[/#]", iri)[-1]


def parameters() -> list[object]:
    """Return each query under its number."""
    return [pytest.param(query, id=name.split("-")[0]) for name, query in QUERIES.items()]


each_query = pytest.mark.parametrize("query", parameters())


def test_the_library_is_numbered_without_gap() -> None:
    """Every query has a number of its own, from one on; the first thirty are the public ones."""
    numbers = [int(name[2:4]) for name in QUERIES]
    assert numbers == list(range(1, len(QUERIES) + 1))
    assert len(numbers) >= FEWEST
    for name, query in QUERIES.items():
        number = int(name[2:4])
        assert query.question.startswith(f"{'P' if number <= PUBLIC else 'CQ'}{number} ")


def test_every_expected_answer_has_its_query() -> None:
    """No expected answer is left over from a query that is gone, and none is missing."""
    assert sorted(path.stem for path in EXPECTED.iterdir()) == sorted(QUERIES)


@each_query
def test_the_answer_is_the_expected_one(query: Query, index: Index) -> None:
    """A query answers exactly what its file of expected answers holds, term by term."""
    expected = (EXPECTED / f"{query.name}.tsv").read_text(encoding="utf-8").splitlines()
    assert lines(query, index) == expected, "if the data are right: python " + __file__


@each_query
def test_defaults_that_are_given_change_nothing(query: Query, index: Index) -> None:
    """A query answers alike whether its defaults are in the text or given by the caller."""
    given = index.query(query.body, bindings=query.bindings())
    assert not query.parameters or query.body != query.text
    asked_as_is = asked(query, index)
    if given.kind == "ask":
        assert given.boolean == asked_as_is.boolean
    elif given.kind == "graph":
        assert set(given.triples()) == set(asked_as_is.triples())
    else:
        columns = given.variables
        assert columns == asked_as_is.variables
        rows = [
            sorted(tuple(cells(row, columns)) for row in each.rows())
            for each in (given, asked_as_is)
        ]
        assert rows[0] == rows[1]


@each_query
def test_the_answer_has_rows(query: Query, index: Index) -> None:
    """A query of the library finds something, unless its question asks for yes or no."""
    assert asked(query, index).kind == "ask" or len(lines(query, index)) > 1


@pytest.mark.timed
@each_query
def test_the_answer_comes_in_time(query: Query, index: Index) -> None:
    """A query with its defaults is answered within two seconds."""
    start = time.perf_counter()
    lines(query, index)
    assert time.perf_counter() - start < SECONDS


@each_query
def test_no_query_holds_its_answer(query: Query, index: Index) -> None:
    """No IRI of a query's text turns up in its answer, but those listed with a reason."""
    number = query.name.split("-")[0]
    given = {term.value for term in query.bindings().values() if isinstance(term, NamedNode)}
    found = {local(iri) for iri in constants(query) & values(query, index) - given}
    assert found == {name for where, name in CONSTANTS_IN_ANSWERS if where == number}


@each_query
def test_no_query_looks_into_texts(query: Query) -> None:
    """Answers come from triples: no query matches the text of a label or description."""
    text = PROLOGUE.sub("", COMMENT.sub("", query.body))
    assert not TEXT_FUNCTION.search(text)
    assert "dcterms:description" not in text
    assert set(STRING.findall(text)) <= STRINGS


@each_query
def test_languages_are_interchangeable(query: Query, index: Index) -> None:
    """A query with a language parameter has as many rows in Swedish as in English."""
    if "label" not in query.parameters:
        return
    swedish = index.query(query.body, bindings=query.bindings({"label": "sv"}))
    count = sum(1 for _ in (swedish.rows() if swedish.kind == "select" else swedish.triples()))
    assert count == len(lines(query, index)) - (swedish.kind == "select")


def test_every_inferred_chain_has_a_length(index: Index) -> None:
    """The four edges that the chain queries look along are enough for every inferred chain."""
    rows = list(asked(library.find(QUERIES, "cq31"), index).rows())
    assert rows
    assert all("steps" in row for row in rows)


@pytest.mark.parametrize("number", [*range(1, SENTENCES + 1)])
def test_every_sentence_says_something(number: int, index: Index) -> None:
    """The query for a sentence finds claims for each of the brief's sentences."""
    query = library.find(QUERIES, "cq60")
    assert any(index.query(query.body, bindings=query.bindings({"sentence": str(number)})).rows())


def test_every_item_would_change_something(index: Index) -> None:
    """The query for a recommendation item finds proposed facts for each item."""
    items = [row["item"].value for row in asked(library.find(QUERIES, "cq54"), index).rows()]
    query = library.find(QUERIES, "cq39")
    bare = [
        i
        for i in items
        if not any(index.query(query.body, bindings=query.bindings({"item": i})).rows())
    ]
    assert items
    assert not bare


def node(name: str) -> NamedNode:
    """Write an IRI by its kind and slug, or by the name of a term."""
    return NamedNode(ID + name if "/" in name else NS + name)


# What would turn an answer that is silent or no: query, a fact, the column and what it becomes.
TURNS = [
    ("cq02", "phase/between-agencies-1 isSubgroupOf network/return-working-group", "", "true"),
    (
        "cq03",
        "network/charter-working-group isSubgroupOf network/return-working-group",
        "holds",
        "",
    ),
    ("cq09", "event/ministerial-meeting-2023 hasDate place/copenhagen", "dayKnown", "true"),
    ("cq24", "initiative/noraq isPartOf initiative/joint-initiatives-2023", "isOneOfThem", "true"),
    ("cq25", "aim/d isAnsweredBy claim/s5-2", "isAnswered", "true"),
    ("cq28", "claim/s60-1 statesObject factor/national-results", "takenUp", ""),
]


@pytest.mark.parametrize(("number", "fact", "column", "value"), TURNS, ids=[t[0] for t in TURNS])
def test_a_silent_answer_can_turn(
    dataset: Dataset, number: str, fact: str, column: str, value: str
) -> None:
    """An answer of no or unknown is no accident of the query: one stated fact more turns it."""
    subject, predicate, object_ = (node(part) for part in fact.split())
    graph = computed(
        names.GRAPH + "stated/more", names.STATED, [Triple(subject, predicate, object_)]
    )
    index = Index(close(dataset.with_graph(graph)))
    answer = asked(library.find(QUERIES, number), index)
    if answer.kind == "ask":
        assert str(answer.boolean).lower() == value
        return
    found = {row[column].value for row in answer.rows() if column in row}
    assert "true" in found
    assert value in found or "false" not in found


def main() -> None:
    """Write every expected answer again."""
    index = Index(close(load(Layout(ROOT))))
    EXPECTED.mkdir(exist_ok=True)
    for path in EXPECTED.iterdir():
        path.unlink()
    for query in QUERIES.values():
        text = "\n".join(lines(query, index)) + "\n"
        (EXPECTED / f"{query.name}.tsv").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
