"""Who reaches whom in the facts, and that the closure is complete."""

from __future__ import annotations

import pytest

from samsyn import names
from samsyn.closure import entailments, inputs
from samsyn.closure.executors import executor
from samsyn.dataset.exact import Dataset, NamedNode, Triple, computed
from samsyn.sparql.index import Index

POLITICAL_LEVEL = "body/nshf-political-level"
TRANSITIVE = ("informs", "isTransitivePartOf", "leadsTo", "precedes", "reaches")


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
    """No two things, and no thing alone, are in a chain both ways."""
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
        for triple in dataset.select(names.IS_SCHEMA).triples()
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
    """List the graphs that chains may rest on: stated and editorial."""
    return [
        g.iri
        for g in dataset.graphs.values()
        if g.provenance_status in {names.STATED, names.EDITORIAL}
    ]


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
