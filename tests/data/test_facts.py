"""What holds of the facts: chains, counts, coverage, and how they are written."""

from __future__ import annotations

import re
from collections import defaultdict
from itertools import combinations
from pathlib import Path

import pytest

from samsyn import names
from samsyn.closure import entailments, inputs
from samsyn.closure.executors import executor
from samsyn.dataset.exact import Dataset, Literal, NamedNode, Triple, computed
from samsyn.dataset.index import Index

POLITICAL_LEVEL = "body/nshf-political-level"
SENTENCES = range(1, 85)
FEWEST_CLAIMS = 250
TRANSITIVE = ("informs", "isWithin", "leadsTo", "precedes", "reaches")
INTEGERS = frozenset(names.XSD + name for name in ("integer", "nonNegativeInteger"))


def thing(name: str) -> str:
    """Write the IRI of a thing."""
    return f"<{names.ID}{name}>"


def column(index: Index, query: str) -> list[str]:
    """Run a query and return the first column, things by what follows ``/id/``."""
    rows = index.query(query, prefixes=True).rows()
    return [next(iter(row.values())).value.removeprefix(names.ID) for row in rows]


@pytest.fixture(scope="module")
def reaching(index: Index) -> list[str]:
    """Everything that reaches NSHF's political level, by the closure."""
    level = thing(POLITICAL_LEVEL)
    return column(index, f"SELECT DISTINCT ?actant WHERE {{ ?actant samsyn:reaches {level} }}")


STEPS = {
    "network/return-working-group": 1,
    "phase/between-agencies-2": 2,
    "actor/civil-servants": 2,
    "actor/relevant-agencies": 3,
}


def test_who_reaches_the_political_level(reaching: list[str]) -> None:
    """The political level is reached by the working group, the later form, and their members."""
    assert sorted(reaching) == sorted(STEPS)


@pytest.mark.parametrize("actant", STEPS, ids=lambda actant: actant.replace("/", "-"))
def test_how_many_steps_it_takes(index: Index, actant: str) -> None:
    """Each of them gets there along direct links, by no fewer steps than the text has."""
    direct = "(samsyn:feedsInformationTo|samsyn:isMemberOf|samsyn:isSubgroupOf)"
    start, end = thing(actant), thing(POLITICAL_LEVEL)
    shortest = next(
        length
        for length in range(1, 10)
        if index.query(
            f"ASK {{ {start} {'/'.join([direct] * length)} {end} }}", prefixes=True
        ).boolean
    )
    assert shortest == STEPS[actant]


@pytest.mark.parametrize(
    "actant",
    [
        "network/charter-working-group",
        "actor/logistics-agencies",
        "phase/between-agencies-1",
        "network/between-agencies",
        "network/liaison-officers-and-attaches",
    ],
    ids=lambda actant: actant.replace("/", "-"),
)
def test_who_does_not_reach_the_political_level(
    index: Index, reaching: list[str], actant: str
) -> None:
    """Neither the charter group nor its agencies nor the first form reach the political level."""
    assert index.query(f"ASK {{ {thing(actant)} a ?class }}").boolean, "it has another name now"
    assert actant not in reaching


@pytest.mark.parametrize("chain", TRANSITIVE)
def test_no_pair_goes_both_ways(index: Index, chain: str) -> None:
    """No two things, and no thing alone, stand in a chain both ways."""
    query = f"SELECT ?a WHERE {{ ?a samsyn:{chain} ?b . ?b samsyn:{chain} ?a }}"
    assert column(index, query) == []


@pytest.mark.parametrize("chain", TRANSITIVE)
def test_the_closure_of_a_chain_equals_a_path(closed: Dataset, index: Index, chain: str) -> None:
    """What a transitive property infers is what a path over the direct links finds."""
    direct = below(closed, chain)
    assert direct
    path = "|".join(f"<{each}>" for each in sorted(direct))
    walked = f"""SELECT (COUNT(*) AS ?count) WHERE {{
      SELECT DISTINCT ?a ?b WHERE {{ ?a ({path})+ ?b }}
    }}"""
    inferred = f"""SELECT (COUNT(*) AS ?count) WHERE {{
      SELECT DISTINCT ?a ?b WHERE {{ ?a samsyn:{chain} ?b }}
    }}"""
    rows = index.query(walked, default_graphs=reasoned(closed)).rows()
    count = next(iter(rows))["count"].value
    assert column(index, inferred) == [count]
    assert int(count) > 0


def below(dataset: Dataset, chain: str) -> set[str]:
    """Return the properties that are asserted below a transitive one."""
    pairs = {
        (triple.subject.value, triple.object.value)
        for triple in dataset.select(names.VOCABULARY).triples()
        if triple.predicate.value == names.RDFS + "subPropertyOf"
        and isinstance(triple.subject, NamedNode)
        and isinstance(triple.object, NamedNode)
    }
    found, waiting = set(), [names.NS + chain]
    while waiting:
        above = waiting.pop()
        new = {lower for lower, upper in pairs if upper == above} - found
        found |= new
        waiting += new
    return found


def reasoned(dataset: Dataset) -> list[str]:
    """List the graphs that chains may rest on: stated and bridged."""
    return [g.iri for g in dataset.graphs.values() if g.standing in {names.STATED, names.BRIDGED}]


def test_the_closure_of_the_closure_is_the_closure(closed: Dataset) -> None:
    """Reasoning over facts and inferences gives nothing new."""
    inferred = closed.graph(names.INFERRED).triples
    assert inferred
    sources = inputs(closed).with_graph(
        computed(names.GRAPH + "stated/inferred", names.STATED, inferred)
    )
    again = set(entailments(sources, executor("owlrl"), prefixes=closed.prefixes))
    assert again <= everything(closed)


def everything(dataset: Dataset) -> set[Triple]:
    """Return all triples of a dataset."""
    return set(dataset.triples())


def test_no_contradiction_and_no_fusion(closed: Dataset) -> None:
    """No error triple and no owl:sameAs stands anywhere."""
    assert [
        triple
        for triple in everything(closed)
        if triple.predicate.value.endswith("#error")
        or triple.predicate.value == names.OWL + "sameAs"
    ] == []


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
    """Each of the 84 sentences stands behind at least one claim, and no other number occurs."""
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
      VALUES ?class { samsyn:Network samsyn:NetworkPlurality samsyn:NetworkPhase }
    }"""
    kinds = sorted(names.local(kind) for kind in column(index, query))
    assert kinds == ["Network", "Network", "Network", "NetworkPlurality"]


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


def test_standings_share_no_edge(dataset: Dataset) -> None:
    """Stated, bridged and proposed facts have no triple in common."""
    standings = (names.STATED, names.BRIDGED, names.PROPOSED)
    triples = {each: set(dataset.select(each).triples()) for each in standings}
    assert all(triples.values())
    shared = {(a, b): triples[a] & triples[b] for a, b in combinations(standings, 2)}
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
    """Tell whether a number or digest is in the form that every store keeps."""
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
