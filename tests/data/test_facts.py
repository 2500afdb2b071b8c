"""What holds of the facts: counts, coverage, and how they are written."""

from __future__ import annotations

import re
from collections import defaultdict
from itertools import combinations
from pathlib import Path

import pytest

from samsyn import names
from samsyn.dataset.exact import Dataset, Literal, NamedNode
from samsyn.sparql.index import Index

SENTENCES = range(1, 85)
FEWEST_CLAIMS = 250
INTEGERS = frozenset(names.XSD + name for name in ("integer", "nonNegativeInteger"))


def column(index: Index, query: str) -> list[str]:
    """Run a query and return the first column, things by what follows ``/id/``."""
    rows = index.query(query, prefixes=True).rows()
    return [next(iter(row.values())).value.removeprefix(names.ID) for row in rows]


def test_there_are_enough_claims_with_evidence(index: Index) -> None:
    """At least 250 claims rest on a passage of the brief, and no claim on none."""
    query = """SELECT DISTINCT ?claim WHERE {
      ?claim a samsyn:Claim .
      ?evidence oa:hasBody ?claim ;
        oa:hasTarget/spdx:checksum ?checksum .
    }"""
    rested = set(column(index, query))
    assert len(rested) >= FEWEST_CLAIMS
    assert rested == set(column(index, "SELECT DISTINCT ?claim WHERE { ?claim a samsyn:Claim }"))


def test_every_sentence_is_the_evidence_of_a_claim(index: Index) -> None:
    """Each of the 84 sentences is behind at least one claim, and no other number occurs."""
    query = """SELECT DISTINCT ?number WHERE {
      ?evidence oa:hasBody ?claim ;
        oa:hasTarget/samsyn:hasSentenceNumber ?number .
    }"""
    assert sorted(int(number) for number in column(index, query)) == list(SENTENCES)


@pytest.mark.parametrize(
    "end", ["statesSubject", "statesProperty", "statesObject|samsyn:statesValue"]
)
def test_every_claim_is_found_by_each_part(index: Index, end: str) -> None:
    """A query finds every claim by its subject, by its property, and by its object or value."""
    found = f"SELECT DISTINCT ?claim WHERE {{ ?claim a samsyn:Claim ; samsyn:{end} ?part }}"
    every = "SELECT DISTINCT ?claim WHERE { ?claim a samsyn:Claim }"
    assert set(column(index, found)) == set(column(index, every))


def test_the_figure_lists_three_networks_and_one_plurality(index: Index) -> None:
    """Figure 1 lists four entries: three networks and, as the fourth, a plurality; no phase."""
    query = """SELECT ?class WHERE {
      figure:figure-1 samsyn:listsEntry ?entry .
      ?entry a ?class .
      VALUES ?class { samsyn:Network samsyn:NetworkGroup samsyn:NetworkPhase }
    }"""
    kinds = sorted(names.local(kind) for kind in column(index, query))
    assert kinds == ["Network", "Network", "Network", "NetworkGroup"]


def test_there_are_five_groups_of_thirteen_items(index: Index) -> None:
    """The recommendations come in five groups with thirteen items."""
    query = "SELECT DISTINCT ?group ?item WHERE { ?group samsyn:hasItem ?item }"
    groups = column(index, query)
    assert (len(set(groups)), len(groups)) == (5, 13)


def test_every_item_has_its_proposal(dataset: Dataset, index: Index) -> None:
    """Each of the thirteen items has a file in data/proposed, and each file has its item."""
    items = column(index, "SELECT ?item WHERE { ?item a samsyn:RecommendationItem }")
    files = [g.iri for g in dataset.select(names.PROPOSED).graphs.values()]
    assert sorted(names.local(file) for file in files) == sorted(names.local(i) for i in items)


def test_provenance_statuses_share_no_edge(dataset: Dataset) -> None:
    """Stated, editorial and proposed facts have no triple in common."""
    provenance_statuses = (names.STATED, names.EDITORIAL, names.PROPOSED)
    triples = {each: set(dataset.select(each).triples()) for each in provenance_statuses}
    assert all(triples.values())
    shared = {(a, b): triples[a] & triples[b] for a, b in combinations(provenance_statuses, 2)}
    assert not any(shared.values()), shared


def test_numbers_and_digests_are_written_in_one_way(dataset: Dataset) -> None:
    """Integers have no sign or leading zero and digests no capitals, since stores rewrite them."""
    literals = {
        triple.object
        for graph in dataset.graphs.values()
        for triple in graph.triples
        if isinstance(triple.object, Literal)
    }
    assert literals
    assert [each for each in literals if not is_canonical(each)] == []


def is_canonical(literal: Literal) -> bool:
    """Return whether a number or digest is in the form that every store keeps."""
    datatype = literal.datatype.value
    if datatype in INTEGERS:
        return re.fullmatch(r"0|-?[1-9][0-9]*", literal.value) is not None
    if datatype == names.XSD + "hexBinary":
        return literal.value == literal.value.lower()
    return literal.language is None or literal.language == literal.language.lower()


def test_a_number_or_digest_in_another_form_is_found() -> None:
    """The check of forms can fail."""
    integer, binary = (NamedNode(names.XSD + name) for name in ("integer", "hexBinary"))
    assert not is_canonical(Literal("01", datatype=integer))
    assert not is_canonical(Literal("+1", datatype=integer))
    assert not is_canonical(Literal("0A", datatype=binary))
    assert is_canonical(Literal("10", datatype=integer))


def test_no_incomplete_namespace_is_used(root: Path) -> None:
    """Python spells namespaces itself: rdflib's DCAT lacks the terms of DCAT 3."""
    files = [p for folder in ("service", "tests") for p in (root / folder).rglob("*.py")]
    assert files
    found = re.compile(r"from rdflib(\.namespace)? import [^\n]*DCAT|rdflib\.(namespace\.)?DCAT\b")
    assert [path.name for path in files if found.search(path.read_text(encoding="utf-8"))] == []


def test_a_thing_is_labelled_once(dataset: Dataset) -> None:
    """A node has its label in one file, so that two files never name it twice."""
    places: dict[object, set[str]] = defaultdict(set)
    for graph in dataset.graphs.values():
        for triple in graph.triples:
            if triple.predicate.value == names.RDFS_LABEL:
                places[triple.subject].add(graph.iri)
    assert places
    assert {str(node): where for node, where in places.items() if len(where) > 1} == {}
