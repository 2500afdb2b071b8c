"""Entailment by assuming the opposite: what it proves, and what it must not."""

from __future__ import annotations

from typing import Final

import pytest
from tests.closure.turtle import triples

from samsyn.closure.entailment.entailing import entails

# What is known, what follows, and what does not though it is like it.
CASES: Final = {
    "differentFrom by disjoint classes": (
        ":A owl:disjointWith :B . :a a :A . :b a :B . :c a :A",
        ":a owl:differentFrom :b",
        ":a owl:differentFrom :c",
    ),
    "differentFrom of all": (
        "[] a owl:AllDisjointClasses ; owl:members ( :A :B :C ) . :a a :A . :b a :B . :c a :C",
        "[] a owl:AllDifferent ; owl:distinctMembers ( :a :b :c )",
        "[] a owl:AllDifferent ; owl:distinctMembers ( :a :b :d )",
    ),
    "membership of a complement": (
        ":A owl:disjointWith :B . :a a :A",
        ":a a [ owl:complementOf :B ]",
        ":a a [ owl:complementOf :C ]",
    ),
    "membership of an intersection with a complement": (
        ":A owl:disjointWith :B . :a a :A",
        ":a a [ owl:intersectionOf ( :A [ owl:complementOf :B ] ) ]",
        ":a a [ owl:intersectionOf ( :B [ owl:complementOf :A ] ) ]",
    ),
    "membership of a union": (
        ":a a :A",
        ":a a [ owl:unionOf ( :A :B ) ]",
        ":a a [ owl:unionOf ( :B :C ) ]",
    ),
    "membership of a restriction on all values": (
        ":p rdfs:range :A . :a :q :b",
        ":a a [ owl:onProperty :p ; owl:allValuesFrom :A ]",
        ":a a [ owl:onProperty :q ; owl:allValuesFrom :A ]",
    ),
    "membership of a restriction on some value": (
        ":a :p :b . :b a :A",
        ":a a [ owl:onProperty :p ; owl:someValuesFrom :A ]",
        ":a a [ owl:onProperty :p ; owl:someValuesFrom :B ]",
    ),
    "at most one value": (
        ":p a owl:FunctionalProperty . :a :q :b",
        ":a a [ owl:onProperty :p ; owl:maxCardinality 1 ]",
        ":a a [ owl:onProperty :q ; owl:maxCardinality 1 ]",
    ),
    "no value": (
        ":p rdfs:domain :A . :A owl:disjointWith :B . :a a :B",
        ":a a [ owl:onProperty :p ; owl:maxCardinality 0 ]",
        ":a a [ owl:onProperty :q ; owl:maxCardinality 0 ]",
    ),
    "a negative assertion": (
        ":p a owl:AsymmetricProperty . :a :p :b",
        "[] a owl:NegativePropertyAssertion ; owl:sourceIndividual :b ; "
        "owl:assertionProperty :p ; owl:targetIndividual :a",
        "[] a owl:NegativePropertyAssertion ; owl:sourceIndividual :c ; "
        "owl:assertionProperty :p ; owl:targetIndividual :a",
    ),
    "a negative assertion of a value": (
        ":p a owl:FunctionalProperty . :a :p 1",
        "[] a owl:NegativePropertyAssertion ; owl:sourceIndividual :a ; "
        "owl:assertionProperty :p ; owl:targetValue 2",
        "[] a owl:NegativePropertyAssertion ; owl:sourceIndividual :a ; "
        "owl:assertionProperty :p ; owl:targetValue 1",
    ),
    "subClassOf": (
        ":A owl:equivalentClass [ owl:intersectionOf ( :B :C ) ] . :D rdfs:subClassOf :B , :C",
        ":D rdfs:subClassOf :A",
        ":B rdfs:subClassOf :A",
    ),
    "an empty class is below any": (
        ":A rdfs:subClassOf :B , :C . :B owl:disjointWith :C",
        ":A rdfs:subClassOf :D",
        ":B rdfs:subClassOf :D",
    ),
    "equivalentClass": (
        ":A owl:intersectionOf ( :B :C ) . :D owl:intersectionOf ( :C :B )",
        ":A owl:equivalentClass :D",
        ":A owl:equivalentClass :B",
    ),
    "disjointWith": (
        ":A rdfs:subClassOf :C . :C owl:disjointWith :B",
        ":B owl:disjointWith :A",
        ":C owl:disjointWith :A",
    ),
    "domain": (
        ":p rdfs:subPropertyOf :q . :p owl:inverseOf :r . :r rdfs:range :A",
        ":p rdfs:domain :A",
        ":q rdfs:domain :A",
    ),
    "range": (
        ":p owl:inverseOf :r . :r rdfs:domain :A",
        ":p rdfs:range :A",
        ":r rdfs:range :A",
    ),
    "subPropertyOf": (
        ":p owl:inverseOf :q . :q rdfs:subPropertyOf :r . :r owl:inverseOf :s",
        ":p rdfs:subPropertyOf :s",
        ":s rdfs:subPropertyOf :p",
    ),
    "inverseOf": (
        ":p a owl:SymmetricProperty . :p owl:equivalentProperty :q",
        ":p owl:inverseOf :q",
        ":p owl:inverseOf :r",
    ),
    "a transitive property": (
        ":p owl:inverseOf :q . :q a owl:TransitiveProperty",
        ":p a owl:TransitiveProperty",
        ":p a owl:SymmetricProperty",
    ),
    "an asymmetric property": (
        ":p rdfs:subPropertyOf :q . :q a owl:AsymmetricProperty",
        ":p a owl:AsymmetricProperty",
        ":r a owl:AsymmetricProperty",
    ),
    "an inverse functional property": (
        ":p owl:inverseOf :q . :q a owl:FunctionalProperty",
        ":p a owl:InverseFunctionalProperty",
        ":p a owl:FunctionalProperty",
    ),
    "disjoint properties": (
        ":p rdfs:domain :A . :q rdfs:domain :B . :A owl:disjointWith :B",
        ":p owl:propertyDisjointWith :q",
        ":p owl:propertyDisjointWith :r",
    ),
    "a range by two kinds of integers": (
        ":p rdfs:range xsd:short , xsd:unsignedInt",
        ":p rdfs:range xsd:unsignedShort",
        ":p rdfs:range xsd:byte",
    ),
    "a range that only nought is in": (
        ":p rdfs:range xsd:nonNegativeInteger , xsd:nonPositiveInteger",
        ":p rdfs:range xsd:short",
        ":p rdfs:range xsd:positiveInteger",
    ),
    "a blank node stands for anything": (
        ":a :p :b . :b :q :c",
        ":a :p [ :q :c ]",
        ":a :p [ :q :b ]",
    ),
    "a literal of another writing": (
        ":a :p 1",
        ':a :p "01.0"^^xsd:decimal',
        ':a :p "1"',
    ),
    "a class that is spelled out and not named": (
        "",
        "[] a owl:Restriction ; owl:onProperty :p ; owl:minCardinality 1",
        ":A owl:equivalentClass [ a owl:Restriction ; owl:onProperty :p ; owl:minCardinality 1 ]",
    ),
    "anything from a contradiction": (
        ":a a owl:Nothing",
        ":b :p :c",
        None,
    ),
    "an annotation is a triple like others": (
        ":A owl:equivalentClass :B . :A rdfs:label 'a'",
        ":A rdfs:label 'a'",
        ":B rdfs:label 'a'",
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_what_follows_is_proved(name: str) -> None:
    """A conclusion that no closure holds is proved by what would follow were it not so."""
    known, conclusion, _ = CASES[name]
    assert entails(triples(f"{known} ." if known else ""), triples(f"{conclusion} ."))


@pytest.mark.parametrize("name", [name for name, case in CASES.items() if case[2]])
def test_what_does_not_follow_is_not(name: str) -> None:
    """A conclusion that is like it and does not follow is not proved."""
    known, _, other = CASES[name]
    assert not entails(triples(f"{known} ." if known else ""), triples(f"{other} ."))


def test_nothing_and_a_header_always_follow() -> None:
    """An empty conclusion follows, and so does one that is only an ontology's header."""
    assert entails([], [])
    assert entails([], triples(":o a owl:Ontology ; owl:versionInfo '1' ."))


def test_the_assumptions_do_not_stay() -> None:
    """What is assumed for one part of a conclusion is not known for the next."""
    known = triples(":A owl:disjointWith :B . :a a :A . :b a :B .")
    assert not entails(known, triples(":a owl:differentFrom :b . :a owl:sameAs :b ."))


def test_a_blank_node_of_the_conclusion_is_none_of_the_graph() -> None:
    """Blank nodes of one name are two nodes."""
    assert entails(triples("_:n :p :a ."), triples("_:m :p :a ."))
    assert not entails(triples("_:n :p :a ."), triples("_:n :p :b ."))
