"""The plan is made again whenever the run derives what the plan took as given."""

from __future__ import annotations

from typing import Final

import pytest
from tests.closure import oracle
from tests.closure.turtle import triple, triples

from samsyn.closure.graph import ClosedGraph

# What is derived late, the graph, and a triple that holds only if the plan was made again.
CASES: Final = {
    "an axiom by a sub-property of its own": (
        ":narrower rdfs:subPropertyOf rdfs:subPropertyOf . :p :narrower :q . :a :p :b",
        ":a :q :b",
    ),
    "an axiom by an inverse": (
        ":hasPart owl:inverseOf rdfs:subPropertyOf . :q :hasPart :p . :a :p :b",
        ":a :q :b",
    ),
    "an axiom by a property chain": (
        "rdfs:domain owl:propertyChainAxiom ( :about :of ) . :p :about :x . :x :of :A . :a :p :b",
        ":a a :A",
    ),
    "an axiom that a merge makes": (
        ":r owl:onProperty :p . :s owl:hasValue :b . :r owl:sameAs :s . :a a :r",
        ":a :p :b",
    ),
    "an axiom two plans away": (
        ":one rdfs:subPropertyOf rdfs:subPropertyOf . :two :one rdfs:subPropertyOf . "
        ":three :two rdfs:subPropertyOf . :p :three :q . :a :p :b",
        ":a :q :b",
    ),
    "a type of the OWL vocabulary by a sub-property of rdf:type": (
        ":mine rdfs:subPropertyOf rdf:type . :p :mine owl:TransitiveProperty . :a :p :b . :b :p :c",
        ":a :p :c",
    ),
    "a type of the OWL vocabulary by a class below it": (
        ":Way rdfs:subClassOf owl:SymmetricProperty . :p a :Way . :a :p :b",
        ":b :p :a",
    ),
    "a type of the OWL vocabulary by a domain": (
        ":along rdfs:domain owl:FunctionalProperty . :p :along :x . :a :p :b , :c . :b :q :d",
        ":c :q :d",
    ),
    "a type of the OWL vocabulary by a name of it": (
        ":Way owl:sameAs owl:TransitiveProperty . :p a :Way . :a :p :b . :b :p :c",
        ":a :p :c",
    ),
    "sameAs on a class": (
        ":A rdfs:subClassOf :C . :p a owl:FunctionalProperty . :x :p :A , :B . :b a :B",
        ":b a :C",
    ),
    "sameAs on a class of a restriction": (
        ":R owl:someValuesFrom :B ; owl:onProperty :p . :A owl:sameAs :B . :a :p :b . :b a :A",
        ":a a :R",
    ),
    "sameAs on a property": (
        ":q a owl:TransitiveProperty . :key a owl:InverseFunctionalProperty . "
        ":p :key 1 . :q :key 1 . :a :p :b . :b :q :c",
        ":a :p :c",
    ),
    "sameAs on a property of a chain": (
        ":r owl:propertyChainAxiom ( :p :q ) . :p owl:sameAs :s . :a :s :b . :b :q :c",
        ":a :r :c",
    ),
    "sameAs on the member of a list": (
        ":C owl:intersectionOf ( :A :B ) . :B owl:sameAs :D . :a a :A , :D",
        ":a a :C",
    ),
    "an own sub-property of rdf:type": (
        ":mine rdfs:subPropertyOf rdf:type . :a :mine :A . :A rdfs:subClassOf :B",
        ":a a :B",
    ),
    "an own sub-property of rdf:type that is derived": (
        ":below rdfs:subPropertyOf rdfs:subPropertyOf . :mine :below rdf:type . :a :mine :A . "
        ":A rdfs:subClassOf :B",
        ":a a :B",
    ),
    "an own sub-property of rdfs:subClassOf": (
        ":under rdfs:subPropertyOf rdfs:subClassOf . :A :under :B . :a a :A",
        ":a a :B",
    ),
    "an own sub-property of owl:sameAs": (
        ":alias rdfs:subPropertyOf owl:sameAs . :a :alias :b . :a :p :c",
        ":b :p :c",
    ),
    "an own sub-property of owl:sameAs on properties": (
        ":alias rdfs:subPropertyOf owl:sameAs . :p :alias :q . :a :p :c",
        ":a :q :c",
    ),
    "an own property that is the same as rdf:type": (
        ":mine owl:sameAs rdf:type . :a :mine :A . :A rdfs:subClassOf :B",
        ":a a :B",
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_the_plan_is_made_again_for(name: str) -> None:
    """What only follows counts as ontology too, and nothing is lost on the way there."""
    text, late = CASES[name]
    stated = triples(f"{text} .")
    graph, expected = ClosedGraph(stated), oracle.close(stated)
    assert triple(late) in graph
    assert {f for f in map(oracle.key, graph) if oracle.says(f)} == {
        fact for fact in expected if oracle.says(fact)
    }


@pytest.mark.parametrize("name", CASES)
def test_the_plan_is_made_again_for_what_is_added_later(name: str) -> None:
    """The same when each triple is added to a closed graph, in either order."""
    text, late = CASES[name]
    stated = triples(f"{text} .")
    whole = {*ClosedGraph(stated)}
    for order in (stated, stated[::-1]):
        graph = ClosedGraph([])
        for each in order:
            graph.add([each])
        assert triple(late) in graph
        assert {f for t in graph if oracle.says(f := oracle.key(t))} == {
            f for t in whole if oracle.says(f := oracle.key(t))
        }
