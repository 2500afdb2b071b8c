"""The chains of the real graph: complete, directed, and free of what must not be there."""

from __future__ import annotations

import pytest

from samsyn import names
from samsyn.closure import inputs, relevant
from samsyn.closure.executors import executor
from samsyn.dataset.exact import Dataset, NamedNode, Triple
from samsyn.sparql.index import Index

TRANSITIVE = ("informs", "isTransitivePartOf", "leadsTo", "precedes", "reaches")
PREFIXES = f"PREFIX samsyn: <{names.NS}> PREFIX owl: <{names.OWL}> PREFIX rdfs: <{names.RDFS}> "


@pytest.fixture(scope="module")
def stated(dataset: Dataset) -> Index:
    """An index over the inputs of the closure alone."""
    return Index(inputs(dataset))


@pytest.fixture(scope="module")
def raw(dataset: Dataset) -> tuple[Triple, ...]:
    """Everything that the engine concludes, noise and all."""
    return executor("owlrl")(relevant(inputs(dataset).triples())).triples


def pairs(index: Index, pattern: str) -> set[tuple[str, str]]:
    """Return the pairs of IRIs that a pattern of ?s and ?o matches."""
    rows = index.query(f"{PREFIXES} SELECT DISTINCT ?s ?o {{ {pattern} }}").rows()
    return {(row["s"].value, row["o"].value) for row in rows}


def steps(index: Index, name: str) -> str:
    """Write one step of a transitive property: what lies below it, and the inverses of that."""
    below = f"?s rdfs:subPropertyOf* samsyn:{name} . ?o rdfs:subPropertyOf* samsyn:{name}"
    forward = {s for s, _ in pairs(index, below)}
    inverse = "?s owl:inverseOf|^owl:inverseOf ?o ."
    backward = {s for s, o in pairs(index, inverse) if o in forward}
    return "|".join([*(f"<{p}>" for p in sorted(forward)), *(f"^<{p}>" for p in sorted(backward))])


def test_the_transitive_properties_are_these(stated: Index) -> None:
    """No property is transitive but those whose chains are checked here."""
    rows = stated.query(f"{PREFIXES} SELECT ?p {{ ?p a owl:TransitiveProperty }}").rows()
    assert {names.local(row["p"].value) for row in rows} == set(TRANSITIVE)


@pytest.mark.parametrize("name", TRANSITIVE)
def test_a_chain_is_its_path(name: str, stated: Index, index: Index) -> None:
    """A transitive property holds exactly where a path of single stated steps leads."""
    along = pairs(stated, f"?s ({steps(stated, name)})+ ?o")
    assert along
    assert pairs(index, f"?s samsyn:{name} ?o") == along


@pytest.mark.parametrize("name", TRANSITIVE)
def test_chains_are_directed(name: str, index: Index) -> None:
    """No chain of ours leads back to where it began."""
    found = pairs(index, f"?s samsyn:{name} ?o")
    assert {pair for pair in found if pair[::-1] in found} == set()


def test_nothing_is_the_same_as_another_thing(raw: tuple[Triple, ...]) -> None:
    """No axiom makes two of our things one."""
    same = [t for t in raw if t.predicate.value == names.OWL + "sameAs" and t.subject != t.object]
    assert same == []


@pytest.mark.parametrize("kind", ["ActorCategory", "Body", "Country", "Region"])
def test_only_networks_are_networks(kind: str, index: Index) -> None:
    """No country, region, body or category of actors is typed as a network as well."""
    assert pairs(index, f"?s a samsyn:{kind} . BIND(?s AS ?o)")
    assert pairs(index, f"?s a samsyn:{kind} , samsyn:Network . BIND(?s AS ?o)") == set()


def test_wishes_stay_wishes(closed: Dataset) -> None:
    """Nothing is inferred by a property of proposals, and no scenario is a graph."""
    wishes = [
        t
        for t in closed.graph(names.INFERRED).triples
        if names.local(t.predicate.value).startswith("would")
    ]
    assert wishes == []
    assert not [iri for iri in closed.graphs if "scenario" in iri]


def reaching(index: Index, target: str) -> set[str]:
    """Name what reaches a thing, as kind/name."""
    found = pairs(index, f"?s samsyn:reaches ?o FILTER(?o = <{names.ID}{target}>)")
    return {source.removeprefix(names.ID) for source, _ in found}


def test_who_reaches_the_political_level(index: Index) -> None:
    """The changed network and its agencies reach it; its first form and the charter group do not.

    Source: the expected answer of the ontology's design, section 3.
    """
    sources = reaching(index, "body/nshf-political-level")
    assert {"network/return-working-group", "phase/between-agencies-2"} <= sources
    assert "actor/relevant-agencies" in sources
    assert not sources & {"network/charter-group", "phase/between-agencies-1"}
    assert not {source for source in sources if source.startswith("actor/charter")}


def test_levels_end_no_chain(index: Index) -> None:
    """The concepts of the level scheme are no actants and are in no chain."""
    found = pairs(index, "?s samsyn:reaches ?o")
    level = names.VOCAB + "level/"
    assert not [pair for pair in found if any(end.startswith(level) for end in pair)]
    assert all(NamedNode(end).value.startswith(names.ID) for pair in found for end in pair)
