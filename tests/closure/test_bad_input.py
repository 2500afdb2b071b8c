"""Bad input gets the right closure or a clear error, and never a hang."""

from __future__ import annotations

from typing import Final

import pytest
from tests.closure.turtle import triple, triples
from tests.patience import ending

from samsyn.closure.graph import ClosedGraph
from samsyn.dataset.exact import NamedNode, Triple, parse
from samsyn.errors import LimitError, SamsynError, SourceError
from samsyn.names import OWL, RDF_TYPE

# Graphs that would send a careless engine round for ever; what follows, and what does not.
CIRCLES: Final = {
    "a cycle of sameAs": (
        ":a owl:sameAs :b . :b owl:sameAs :c . :c owl:sameAs :a . :a :p :x",
        ":c :p :x",
        ":x :p :a",
    ),
    "a cycle of sub-classes": (
        ":A rdfs:subClassOf :B . :B rdfs:subClassOf :C . :C rdfs:subClassOf :A . :x a :B",
        ":x a :A",
        ":A a :A",
    ),
    "a cycle of sub-properties and inverses": (
        ":p rdfs:subPropertyOf :q . :q owl:inverseOf :p . :q rdfs:subPropertyOf :p . :a :p :b",
        ":b :q :a",
        ":a :p :a",
    ),
    "a cycle along a transitive property": (
        ":p a owl:TransitiveProperty . :a :p :b . :b :p :c . :c :p :a",
        ":b :p :b",
        ":b :q :b",
    ),
    "a chain of itself": (
        ":p owl:propertyChainAxiom ( :p :p ) . :a :p :b . :b :p :c . :c :p :d",
        ":a :p :d",
        ":d :p :a",
    ),
    "a property that is its own inverse": (
        ":p owl:inverseOf :p . :a :p :b",
        ":b :p :a",
        ":a :p :a",
    ),
    "a class as its own restriction": (
        ":R owl:onProperty :p ; owl:someValuesFrom :R ; rdfs:subClassOf :R . :a :p :b . :b a :R",
        ":a a :R",
        ":p a :R",
    ),
    "a class as its own restriction on all values": (
        ":R owl:onProperty :p ; owl:allValuesFrom :R . :a a :R ; :p :b . :b :p :a",
        ":b a :R",
        ":R a :R",
    ),
    "a restriction on the property that types": (
        ":R owl:onProperty rdf:type ; owl:someValuesFrom :R . :a a :A . :A a :R",
        ":a a :R",
        ":R a :R",
    ),
    "a class that is its own complement": (
        ":A owl:complementOf :A . :b :p :c",
        ":b :p :c",
        ":b a :A",
    ),
    "a list without end": (
        ":C owl:unionOf :l . :l rdf:first :A ; rdf:rest :m . :m rdf:first :B . :a a :A",
        ":a a :A",
        ":a a :C",
    ),
    "a list that loops": (
        ":C owl:unionOf :l . :l rdf:first :A ; rdf:rest :m . :m rdf:first :B ; rdf:rest :l . "
        ":a a :A . :p owl:propertyChainAxiom :l . :A owl:hasKey :l",
        ":a a :A",
        ":a a :C",
    ),
    "a list that forks": (
        ":C owl:unionOf :l . :l rdf:first :A ; rdf:rest :m , rdf:nil . "
        ":m rdf:first :B ; rdf:rest rdf:nil . :b a :B",
        ":b a :B",
        ":b a :C",
    ),
    "an empty list": (
        ":C owl:intersectionOf () ; owl:unionOf () ; owl:oneOf () . :p owl:propertyChainAxiom () . "
        ":A owl:hasKey () . :a a :A . :b a :A",
        ":a a :A",
        ":a a :C",
    ),
    "a list of itself": (
        ":C owl:intersectionOf :l . :l rdf:first :l ; rdf:rest rdf:nil . :a a :l",
        ":a a :C",
        ":C a :C",
    ),
    "a nil that is a list": (
        ":C owl:unionOf :l . rdf:nil rdf:first :A ; rdf:rest rdf:nil . "
        ":l rdf:first :B ; rdf:rest rdf:nil . :b a :B",
        ":b a :C",
        ":b a :A",
    ),
    "rdf:type as a transitive property": (
        "rdf:type a owl:TransitiveProperty . :a a :A . :A a :B",
        ":a a :B",
        ":B a :a",
    ),
    "every property is rdf:type": (
        ":p rdfs:subPropertyOf rdf:type . rdf:type rdfs:subPropertyOf :p . :a :p :b",
        ":a a :b",
        ":b a :a",
    ),
    "the whole vocabulary is one": (
        "rdfs:subClassOf owl:sameAs rdfs:subPropertyOf . rdfs:domain owl:sameAs rdfs:range . "
        ":p rdfs:domain :A . :a :p :b",
        ":b a :A",
        ":A a :A",
    ),
    "a cardinality that is no number": (
        ":R owl:maxCardinality 'one' ; owl:onProperty :p . :a a :R ; :p :b , :c",
        ":a :p :c",
        ":b owl:sameAs :c",
    ),
    "a literal where a class should be": (":p rdfs:range 'A' . :a :p :b", ":b a 'A'", ":a a 'A'"),
    "a blank node where a property should be": (
        ":p rdfs:subPropertyOf [ rdfs:subPropertyOf :q ] . :a :p :b",
        ":a :q :b",
        ":b :q :a",
    ),
}


@pytest.mark.parametrize("name", CIRCLES)
def test_what_goes_round_comes_to_an_end(name: str) -> None:
    """The closure is reached, holds what follows and nothing that does not."""
    text, follows, does_not = CIRCLES[name]
    with ending():
        graph = ClosedGraph(triples(f"{text} ."))
        list(graph.clashes())
    assert triple(follows) in graph
    assert triple(does_not) not in graph


def test_a_literal_as_subject_is_an_error_with_its_place() -> None:
    """A document that has one is refused where it stands; no triple can be made of one."""
    with pytest.raises(SourceError) as error:
        parse(b'<urn:a> <urn:p> "b" .\n"b" <urn:p> <urn:a> .', "turtle", path="bad.ttl")
    assert str(error.value).startswith("bad.ttl:2:")


def test_a_literal_that_the_rules_make_a_subject_is_not_given_out() -> None:
    """What follows of a literal helps the rules, and stays inside."""
    graph = ClosedGraph(
        triples(
            ":p a owl:SymmetricProperty ; rdfs:range :A . :a :p 'b' . "
            ":R owl:onProperty :p ; owl:someValuesFrom :A ."
        )
    )
    assert triple(":a a :R") in graph
    assert all(isinstance(found.subject, NamedNode) for found in graph)
    assert [*graph.facts(triple(":a :p 'b'").object, None, None)]


def property_(name: str, kind: str) -> Triple:
    """Say that a property is of a kind."""
    return Triple(iri(name), NamedNode(RDF_TYPE), NamedNode(f"{OWL}{kind}Property"))


def iri(name: object) -> NamedNode:
    """Make an IRI."""
    return NamedNode(f"http://example.org/{name}")


def path(name: str, hops: int) -> list[Triple]:
    """Lay a path of some hops along a property."""
    return [Triple(iri(step), iri(name), iri(step + 1)) for step in range(hops)]


@pytest.mark.parametrize("hops", [300, 4500])
def test_a_blow_up_of_a_transitive_property_is_stopped_and_named(hops: int) -> None:
    """A limit on triples stops 45 thousand pairs or ten million, and names the property."""
    with ending(), pytest.raises(LimitError, match=r"example\.org/far>") as error:
        ClosedGraph([property_("far", "Transitive"), *path("far", hops)], limit=10_000)
    assert isinstance(error.value, SamsynError)
    assert error.value.exit_code == 1
    assert "10000" in str(error.value)


def test_ten_million_pairs_are_closed_when_they_may_be() -> None:
    """Without a limit ten million pairs of one property follow."""
    with ending():
        graph = ClosedGraph([property_("far", "Transitive"), *path("far", 4500)])
    assert Triple(iri(0), iri("far"), iri(4500)) in graph
    assert graph.counts["prp-trp"] == 4500 * 4501 // 2


@pytest.mark.parametrize("count", [2_000, 40_000])
def test_a_blow_up_of_a_chain_is_stopped_and_named(count: int) -> None:
    """A chain that joins everyone with everyone is stopped before it fills the memory."""
    knows = [Triple(iri(f"p{n}"), iri("in"), iri("hub")) for n in range(count)]
    held = [Triple(iri("hub"), iri("has"), iri(f"p{n}")) for n in range(count)]
    axiom = triples(":near owl:propertyChainAxiom ( :in :has ) .")
    with ending(), pytest.raises(LimitError, match=r"example\.org/near>"):
        ClosedGraph([*axiom, *knows, *held], limit=200_000)


def test_a_wide_join_of_few_answers_is_done_in_parts() -> None:
    """Forty million ways that lead to the same ninety thousand pairs fit in little memory."""
    people, hubs = range(300), range(450)
    knows = [Triple(iri(f"p{n}"), iri("in"), iri(f"h{hub}")) for n in people for hub in hubs]
    held = [Triple(iri(f"h{hub}"), iri("has"), iri(f"p{n}")) for n in people for hub in hubs]
    axiom = triples(":near owl:propertyChainAxiom ( :in :has ) .")
    graph = ClosedGraph([*axiom, *knows, *held], limit=400_000)
    assert len([*graph.match(iri("p1"), iri("near"), None)]) == len(people)


def test_the_same_of_many_costs_by_their_number() -> None:
    """Ten thousand names of one thing are not compared two by two."""
    same = [Triple(iri(n), NamedNode(OWL + "sameAs"), iri(n + 1)) for n in range(10_000)]
    with ending():
        graph = ClosedGraph([*same, Triple(iri(0), iri("p"), iri("x"))])
    assert Triple(iri(10_000), iri("p"), iri("x")) in graph


def test_a_blow_up_of_same_things_is_stopped_and_named() -> None:
    """Names of one thing count as often as they would be given out: ten thousand are too many."""
    same = [Triple(iri(n), NamedNode(OWL + "sameAs"), iri(n + 1)) for n in range(10_000)]
    with pytest.raises(LimitError, match="owl#sameAs>"):
        ClosedGraph(same, limit=1_000_000)
    assert len(ClosedGraph(same[:99], limit=10_000)) == 10_000


def test_a_limit_that_is_not_reached_changes_nothing() -> None:
    """A closure within its limit is the same as one without."""
    facts = triples(":p a owl:TransitiveProperty . :a :p :b . :b :p :c .")
    assert {*ClosedGraph(facts, limit=100)} == {*ClosedGraph(facts)}
