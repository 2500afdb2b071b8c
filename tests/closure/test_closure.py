"""What follows: the rules, the noise left out, contradictions; by each executor."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from samsyn import names
from samsyn.closure import close, entailments, inputs
from samsyn.closure.executors import EXECUTORS, Expansion, executor
from samsyn.closure.graph import ClosedGraph
from samsyn.dataset.exact import Dataset, Graph, Triple, computed, load, parse
from samsyn.errors import InconsistencyError, UsageError
from samsyn.layout import Layout

PREFIXES = """\
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix samsyn: <https://w3id.org/samsyn/ns#> .
@prefix t: <https://w3id.org/samsyn/id/thing/> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
"""
ONTOLOGY = """
samsyn:informs a owl:ObjectProperty , owl:TransitiveProperty .
samsyn:tells a owl:ObjectProperty ; rdfs:subPropertyOf samsyn:informs ; owl:inverseOf samsyn:hears ;
  rdfs:domain samsyn:Actant .
samsyn:ever owl:propertyChainAxiom ( samsyn:hasPhase samsyn:has ) .
samsyn:under a owl:AsymmetricProperty , owl:IrreflexiveProperty .
samsyn:A owl:disjointWith samsyn:B .
[] a owl:AllDisjointClasses ; owl:members ( samsyn:C samsyn:D samsyn:E ) .
samsyn:likes owl:propertyDisjointWith samsyn:hates .
"""


def tiny(facts: str) -> Dataset:
    """Make a dataset of the ontology above and some facts."""
    graphs = {
        "ontology/o": (names.IS_SCHEMA, ONTOLOGY),
        "ontology/prefixes": (
            names.IS_SCHEMA,
            't:d sh:prefix "t" ; sh:namespace "https://w3id.org/samsyn/id/thing/".',
        ),
        "stated/f": (names.STATED, facts),
    }
    made = [
        graph(name, provenance_status, text) for name, (provenance_status, text) in graphs.items()
    ]
    return Dataset({}).with_graph(*made)


def graph(name: str, provenance_status: str, text: str) -> Graph:
    """Read Turtle into a named graph."""
    quads = parse((PREFIXES + text).encode(), "turtle", path=name)
    return computed(names.GRAPH + name, provenance_status, [quad.triple for quad in quads])


def inferred(facts: str, engine: str = "memory") -> set[str]:
    """Write what follows from some facts shortly."""
    data = tiny(facts)
    found = entailments(inputs(data), executor(engine), prefixes=data.prefixes)
    short = (str(triple).replace("https://w3id.org/samsyn/", "") for triple in found)
    return {" ".join(names.local(part.strip("<>")) for part in line.split()) for line in short}


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ("t:a samsyn:informs t:b . t:b samsyn:informs t:c .", "a informs c"),
        ("t:a samsyn:tells t:b .", "a informs b"),
        ("t:a samsyn:tells t:b .", "b hears a"),
        ("t:a samsyn:tells t:b .", "a type Actant"),
        ("t:a samsyn:tells t:b . t:b samsyn:tells t:c . t:c samsyn:tells t:d .", "a informs d"),
        ("t:n samsyn:hasPhase t:p . t:p samsyn:has t:f .", "n ever f"),
    ],
    ids=["transitive", "subproperty", "inverse", "domain", "chain-of-three", "property-chain"],
)
@pytest.mark.parametrize("engine", EXECUTORS)
def test_a_rule_fires(facts: str, expected: str, engine: str) -> None:
    """Each kind of axiom that the ontology uses gives its conclusion, by each executor."""
    assert expected in inferred(facts, engine)


@pytest.mark.parametrize("engine", EXECUTORS)
def test_noise_is_left_out(engine: str) -> None:
    """Nothing reflexive, axiomatic, foreign, nameless or already stated is published."""
    facts = "t:a samsyn:tells t:b ; a samsyn:Actant ; samsyn:has 1 . [] samsyn:tells t:c ."
    assert inferred(facts, engine) == {"a informs b", "b hears a"}


CLASHES = {
    "disjoint-classes": ("t:x a samsyn:A , samsyn:B .", "t:x belongs to two disjoint classes"),
    "all-disjoint-first": ("t:x a samsyn:C , samsyn:D .", "t:x belongs to two disjoint classes"),
    "all-disjoint-last": ("t:x a samsyn:C , samsyn:E .", "t:x belongs to two disjoint classes"),
    "asymmetric": (
        "t:x samsyn:under t:y . t:y samsyn:under t:x .",
        r"asymmetric but holds both ways between t:[xy] and t:[xy] \(rule prp-asyp\)",
    ),
    "irreflexive": ("t:x samsyn:under t:x .", r"relates t:x to itself \(rule prp-irp\)"),
    "disjoint-properties": (
        "t:x samsyn:likes t:y ; samsyn:hates t:y .",
        r"are disjoint but both relate t:x to t:y \(rule prp-pdw\)",
    ),
}


@pytest.mark.parametrize("engine", EXECUTORS)
@pytest.mark.parametrize("name", CLASHES)
def test_a_contradiction_is_named_in_words(name: str, engine: str) -> None:
    """A contradiction is an error that names the rule and the resources concerned."""
    facts, words = CLASHES[name]
    with pytest.raises(InconsistencyError, match=words):
        inferred(facts, engine)


@pytest.mark.parametrize("engine", EXECUTORS)
def test_a_clash_is_reported_once(engine: str) -> None:
    """A disjointness that the engine finds from both sides is one contradiction."""
    with pytest.raises(InconsistencyError) as caught:
        inferred("t:x a samsyn:A , samsyn:B .", engine)
    assert len(caught.value.clashes) == 1


def test_text_left_out_changes_no_conclusion(dataset: Dataset) -> None:
    """Labels and definitions are kept from the engine, and it concludes the same with them."""
    given = inputs(dataset).select(names.IS_SCHEMA)
    run = executor("owlrl")

    def with_all(_: Iterable[Triple]) -> Expansion:
        return run(given.triples())

    assert set(entailments(given, with_all)) == set(entailments(given, run))


def test_the_closure_is_a_fixpoint(closed: Dataset) -> None:
    """Closing stated, editorial and inferred facts together adds nothing."""
    added = closed.graph(names.INFERRED)
    again = entailments(inputs(closed).with_graph(added), executor("owlrl"))
    assert set(again) <= set(closed.select(names.STATED, names.EDITORIAL).triples())


def test_the_closure_is_well_formed(closed: Dataset) -> None:
    """Inferred triples are our own properties or types, none of them stated anywhere."""
    stated = set(closed.select(names.STATED, names.EDITORIAL).triples())
    for triple in closed.graph(names.INFERRED).triples:
        assert triple not in stated
        assert triple.predicate.value.startswith((names.NS, names.RDF_TYPE))
        assert "_:" not in (str(triple.subject)[:2], str(triple.object)[:2])


def test_only_stated_and_editorial_facts_are_reasoned_over(closed: Dataset) -> None:
    """Proposals, links, alignments, passages and annotations stay out of the closure."""
    used = set(inputs(closed).graphs)
    left_out = ("proposed/", "links/", "ontology/alignments/", "stated/passages", "stated/evidence")
    assert not [iri for iri in used if iri.removeprefix(names.GRAPH).startswith(left_out)]
    assert names.INFERRED not in used
    assert names.CATALOGUE not in used


def test_the_catalogue_names_the_inputs(closed: Dataset) -> None:
    """The inferred graph points to its activity, and that to every graph it used."""
    used = {
        triple.object.value
        for triple in closed.graph(names.CATALOGUE).triples
        if triple.predicate.value == names.PROV + "used"
    }
    assert used == set(inputs(closed).graphs)


def test_the_executors_agree_on_the_repository(dataset: Dataset) -> None:
    """The executor in memory infers of our own facts what owlrl infers."""
    sources = inputs(dataset)
    fast, slow = (set(entailments(sources, executor(name))) for name in ("memory", "owlrl"))
    assert fast == slow


def test_an_unknown_engine_lists_the_known() -> None:
    """An unknown engine is refused with the names of those there are."""
    with pytest.raises(UsageError, match="owlrl"):
        close(tiny(""), engine="pellet")


def test_scenarios_are_not_loaded(layout: Layout) -> None:
    """What a proposal would mean is no part of the dataset."""
    assert names.GRAPH + "ontology/scenario" not in load(layout).graphs


def test_premises_found_from_both_sides_are_one_contradiction() -> None:
    """An asymmetry that is broken both ways is given once by a closed graph."""
    broken = tiny("t:x samsyn:under t:y . t:y samsyn:under t:x .").triples()
    assert [clash.rule for clash in ClosedGraph(broken).clashes()] == ["prp-asyp"]
