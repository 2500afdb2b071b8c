"""What follows from the values of literals: contradictions, equal values, and no square of them."""

from __future__ import annotations

from typing import Final

import pytest
from hypothesis import given, settings
from tests.closure.turtle import PREFIXES, triple, triples
from tests.closure.worlds import worlds

from samsyn.closure.entailment.entailing import entails
from samsyn.closure.executors.memory import in_words
from samsyn.closure.explanation.explainer import Explainer
from samsyn.closure.graph import ClosedGraph
from samsyn.closure.proof.checker import check
from samsyn.closure.proof.fact import Fact
from samsyn.closure.rules import OWL_RL, RULES
from samsyn.closure.view import View
from samsyn.dataset.exact import Literal, Triple
from samsyn.errors import LimitError
from samsyn.names import OWL, RDF_TYPE

# A datatype, and literals that are in its value space and outside of it (OWL 2 Structural
# Specification, section 4; a consistency check by the direct semantics gives the same).
SPACES: Final = {
    "xsd:integer": ('1 , "01"^^xsd:byte , 1.0 , -5', '"twelve" , "12" , 1.5 , 1e0 , true , "1"@en'),
    "xsd:nonNegativeInteger": ("0 , 7.0", "-5 , 0.5"),
    "xsd:positiveInteger": ("1", "0"),
    "xsd:negativeInteger": ("-1", "0"),
    "xsd:nonPositiveInteger": ("0 , -1", "1"),
    "xsd:byte": ("-128 , 127.0", "128 , -129"),
    "xsd:unsignedShort": ("65535", "65536 , -1"),
    "xsd:long": ("9223372036854775807", "9223372036854775808"),
    "xsd:decimal": ("1 , 1.5", '1e0 , "1.5"'),
    "xsd:double": ('1e0 , "NaN"^^xsd:double', '1 , 1.0 , "1"^^xsd:float'),
    "xsd:float": ('"1"^^xsd:float', "1e0"),
    "xsd:string": ('"a" , "a"^^xsd:token', '"a"@en , 1 , "a"^^xsd:anyURI , true'),
    "xsd:normalizedString": ('"a  b"', '"a\\tb"'),
    "xsd:token": ('"a b"', '" a" , "a  b"'),
    "xsd:language": ('"sv-SE"', '"scandinavian"'),
    "xsd:NCName": ('"a"', '"a:b" , "1a"'),
    "xsd:NMTOKEN": ('"1a"', '"a b"'),
    "xsd:boolean": ('true , "1"^^xsd:boolean', '"true" , 1'),
    "xsd:anyURI": ('"http://e/"^^xsd:anyURI', '"http://e/"'),
    "xsd:hexBinary": ('"ff"^^xsd:hexBinary', '"/w=="^^xsd:base64Binary , "ff"'),
    "xsd:base64Binary": ('"/w=="^^xsd:base64Binary', '"ff"^^xsd:hexBinary'),
    "xsd:dateTime": ('"2020-01-01T00:00:00"^^xsd:dateTime', '"2020-01-01T00:00:00"'),
    "xsd:dateTimeStamp": (
        '"2020-01-01T00:00:00Z"^^xsd:dateTime',
        '"2020-01-01T00:00:00"^^xsd:dateTime',
    ),
    "rdf:PlainLiteral": ('"a" , "a"@en', "1"),
    "rdf:langString": ('"a"@en', '"a"'),
    "rdf:XMLLiteral": ('"<a/>"^^rdf:XMLLiteral', '"<a/>"'),
    "rdfs:Literal": ('"a" , 1 , "2020-01-01"^^xsd:date', ""),
    "owl:real": ("1 , 1.5", '"1" , 1e0'),
    # Of a datatype that is not of OWL 2, and of its literals, nothing is known.
    "xsd:date": ('"2020-01-01"^^xsd:date , "today" , 1', ""),
    ":own": ('"a" , 1', ""),
    "xsd:gYear": ("1", ""),
}


def parts(text: str) -> list[str]:
    """Split a list of literals."""
    return [part for part in text.split(" , ") if part]


@pytest.mark.parametrize(
    ("name", "literal"),
    [(name, each) for name, (inside, _) in SPACES.items() for each in parts(inside)],
)
def test_a_literal_in_the_value_space_that_a_range_asks_for_is_left_alone(
    name: str, literal: str
) -> None:
    """What has the value, in whatever writing and under whatever datatype, is no contradiction."""
    assert not [*ClosedGraph(triples(f":p rdfs:range {name} . :a :p {literal} .")).clashes()]


@pytest.mark.parametrize(
    ("name", "literal"),
    [(name, each) for name, (_, outside) in SPACES.items() for each in parts(outside)],
)
def test_a_literal_outside_the_value_space_that_a_range_asks_for_is_a_contradiction(
    name: str, literal: str
) -> None:
    """The type follows by prp-rng, and the literal is no value of it (dt-not-type)."""
    (clash,) = ClosedGraph(triples(f":p rdfs:range {name} . :a :p {literal} .")).clashes()
    assert clash.rule == "dt-not-type"
    assert clash.seen == triple(f":a :p {literal}")
    assert str(clash.seen.object) in in_words(clash)


WAYS: Final = {
    "prp-rng": ":p rdfs:range xsd:integer . :a :p {}",
    "prp-spo1": ":p rdfs:subPropertyOf :q . :q rdfs:range xsd:integer . :a :p {}",
    "cls-avf": ":R owl:onProperty :p ; owl:allValuesFrom xsd:integer . :a a :R ; :p {}",
    "cls-avf of a domain": ":p rdfs:domain [ owl:onProperty :p ; owl:allValuesFrom xsd:integer ] ."
    " :a :p {}",
    "cax-sco": ":Age rdfs:subClassOf xsd:integer . :p rdfs:range :Age . :a :p {}",
    "cax-eqc1": ":Age owl:equivalentClass xsd:integer . :p rdfs:range :Age . :a :p {}",
    "cax-eqc2": "xsd:integer owl:equivalentClass :Age . :p rdfs:range :Age . :a :p {}",
    "cls-int2": ":Age owl:intersectionOf ( :N xsd:integer ) . :p rdfs:range :Age . :a :p {}",
    "eq-rep-o": ":Age owl:sameAs xsd:integer . :p rdfs:range :Age . :a :p {}",
    "prp-inv": ":q owl:inverseOf :p . :q rdfs:domain xsd:integer . :a :p {}",
    "chain": ":p owl:propertyChainAxiom ( :r :q ) ; rdfs:range xsd:integer . :a :r :b . :b :q {}",
    "sameAs": ":p rdfs:range xsd:integer . :a :p :b . :b owl:sameAs {}",
    "functional": ":f a owl:FunctionalProperty ; rdfs:range xsd:integer . :a :f :b , {}",
    "key": ":C owl:hasKey ( :k ) . :a a :C ; :k 1 . :b a :C ; :k 01 ; :p {} . "
    ":R owl:onProperty :p ; owl:allValuesFrom xsd:integer . :a a :R",
}


@pytest.mark.parametrize("way", WAYS)
def test_a_type_that_follows_in_any_way_has_to_hold_the_value(way: str) -> None:
    """However the datatype follows, a text is a contradiction and a number is none."""
    wrong, right = (triples(WAYS[way].format(text) + " .") for text in ('"twelve"', "12"))
    assert {clash.rule for clash in ClosedGraph(wrong).clashes()} == {"dt-not-type"}
    assert not [*ClosedGraph(right).clashes()]
    assert entails(wrong, triples(":x :y :z ."))
    assert not entails(right, triples(":x :y :z ."))


def test_a_contradiction_of_a_value_has_a_proof_that_names_the_literal() -> None:
    """The premise of the contradiction is proven down to the triple that was stated."""
    graph = ClosedGraph(triples(WAYS["cax-sco"].format('"twelve"') + " ."))
    (clash,) = graph.clashes()
    proof = Explainer(graph).proof(Fact(*clash.premises[0]))  # type: ignore[misc]
    assert proof is not None
    leaves = {str(step.conclusion) for step in proof.steps() if step.rule is None}
    assert any('"twelve"' in leaf for leaf in leaves)
    check(proof, graph.stated)


EQUAL: Final = [
    ("1", "01"),
    ("1", '"1"^^xsd:int'),
    ("1", "1.0"),
    ("1.50", "1.5"),
    ("1e0", "10e-1"),
    ("true", '"1"^^xsd:boolean'),
    ('"a"@sv', '"a@SV"^^rdf:PlainLiteral'),
    ('"a"', '" a "^^xsd:token'),
    ('" a"^^xsd:token', '"a"^^xsd:NCName'),
    ('"ff"^^xsd:hexBinary', '"FF"^^xsd:hexBinary'),
    ('"2020-01-01T00:00:00Z"^^xsd:dateTime', '"2020-01-01T00:00:00.0Z"^^xsd:dateTime'),
]
DIFFERENT: Final = [
    ("1", "2"),
    ("1", "1e0"),
    ("1", '"1"'),
    ('"a"@sv', '"a"@en'),
    ('"a"', '"a"@en'),
    ('"2020-01-01T00:00:00Z"^^xsd:dateTime', '"2020-01-01T02:00:00+02:00"^^xsd:dateTime'),
]
USES: Final = {
    "prp-key": (":C owl:hasKey ( :k ) . :a a :C ; :k {} . :b a :C ; :k {}", ":a owl:sameAs :b"),
    "prp-ifp": (":k a owl:InverseFunctionalProperty . :a :k {} . :b :k {}", ":a owl:sameAs :b"),
    "cls-hv2": (":R owl:hasValue {} ; owl:onProperty :k . :a :k {}", ":a a :R"),
    "scm-hv": (
        ":R owl:hasValue {} ; owl:onProperty :k . :S owl:hasValue {} ; owl:onProperty :k . "
        ":k rdfs:subPropertyOf :k",
        ":R rdfs:subClassOf :S",
    ),
    "eq-rep-o": (":a :k {} . :b :l {}", None),
    "oneOf": (
        ":R owl:oneOf ( {} ) . :k rdfs:range :S . :T owl:someValuesFrom :R ; "
        "owl:onProperty :k . :a :k {}",
        ":a a :T",
    ),
}
DENIED: Final = {
    "prp-npa2": "[] owl:sourceIndividual :a ; owl:assertionProperty :k ; owl:targetValue {} . "
    ":a :k {}",
    "prp-pdw": ":k owl:propertyDisjointWith :l . :a :k {} ; :l {}",
    "eq-diff2": "[] a owl:AllDifferent ; owl:members ( {} {} )",
}


@pytest.mark.parametrize("use", USES)
@pytest.mark.parametrize("pair", EQUAL)
def test_equal_values_are_one_for_every_rule(use: str, pair: tuple[str, str]) -> None:
    """What a rule gives of one writing it gives of the other, with a proof that holds."""
    text, conclusion = USES[use]
    graph = ClosedGraph(triples(text.format(*pair) + " ."))
    wanted = triple(conclusion or f":a :k {pair[1]}")
    assert wanted in graph
    proof = Explainer(graph).proof(Fact(wanted.subject, wanted.predicate, wanted.object))
    assert proof is not None
    check(proof, graph.stated)


@pytest.mark.parametrize("use", USES)
@pytest.mark.parametrize("pair", DIFFERENT)
def test_different_values_are_never_one(use: str, pair: tuple[str, str]) -> None:
    """Two values that look alike, or are merely equal, lead to nothing."""
    text, conclusion = USES[use]
    graph = ClosedGraph(triples(text.format(*pair) + " ."))
    assert triple(conclusion or f":a :k {pair[1]}") not in graph


@pytest.mark.parametrize("name", DENIED)
def test_equal_values_contradict_what_denies_one_of_them(name: str) -> None:
    """A denial of one writing is one of the other; a denial of another value is none."""
    for pairs, found in ((EQUAL, {name}), (DIFFERENT, set())):
        for pair in pairs:
            graph = ClosedGraph(triples(DENIED[name].format(*pair) + " ."))
            assert {clash.rule for clash in graph.clashes()} == found


def test_two_writings_of_a_value_are_one_value_of_a_functional_property() -> None:
    """A second writing contradicts nothing; a second value does, and the values are named."""
    text = ":k a owl:FunctionalProperty . :a :k {} , {} ."
    for pair in EQUAL:
        assert not [*ClosedGraph(triples(text.format(*pair))).clashes()]
    for pair in DIFFERENT:
        (clash,) = ClosedGraph(triples(text.format(*pair))).clashes()
        assert clash.rule == "eq-diff1"


def test_what_is_the_same_as_a_literal_differs_from_other_values() -> None:
    """Two things that are two values are different (dt-diff, eq-rep), which nobody has said."""
    graph = ClosedGraph(triples(":a owl:sameAs 1 . :b owl:sameAs 2 . :c :p 01 , 3 ."))
    assert triple(":a owl:differentFrom :b") in graph
    assert triple(":a owl:differentFrom 3") in graph
    assert triple(":a owl:differentFrom 01") not in graph
    assert triple(":a a xsd:integer") in graph


@settings(max_examples=60)
@given(worlds(late=False, valued=True))
def test_the_default_gives_of_things_what_all_rules_give(stated: list[Triple]) -> None:
    """The rules that are off add nothing but what holds of everything, or of the vocabularies."""
    every, usual = {*ClosedGraph(stated, RULES)}, {*ClosedGraph(stated)}
    assert usual <= every
    assert not [each for each in every - usual if _is_of_things(each)]


def _is_of_things(each: Triple) -> bool:
    # A fact on a thing of the graph, and not that it is itself.
    ours = f"<{PREFIXES['']}"
    known = isinstance(each.object, Literal) or str(each.object).startswith(ours)
    fact = str(each.predicate).startswith(ours) or each.predicate.value in {
        OWL + "sameAs",
        RDF_TYPE,
    }
    return str(each.subject).startswith(ours) and known and fact and each.subject != each.object


def labels(count: int) -> list[Triple]:
    """Make a small ontology with many labels."""
    lines = "\n".join(f':c{i} rdfs:label "label {i}"@en ; :n {i} .' for i in range(count))
    return triples(f":A rdfs:subClassOf :B . :x a :A .\n{lines}")


@pytest.mark.parametrize("rules", [OWL_RL, tuple(RULES)], ids=["default", "all"])
def test_what_is_derived_grows_with_the_literals_and_not_with_their_square(
    rules: tuple[str, ...],
) -> None:
    """Four times the literals are four times the pairs and the steps, whatever the rules."""
    sizes, counts = [], []
    for count in (100, 400):
        graph = ClosedGraph(labels(count), rules)
        sizes.append(graph.held)
        counts.append(sum(graph.counts.values()))
    assert sizes[1] < 4 * sizes[0]
    assert counts[1] < 4 * counts[0]


def test_that_values_differ_is_derived_where_a_step_reads_it() -> None:
    """An axiom on owl:differentFrom asks for every pair; then a limit stops it, with the rule."""
    axiom = triples("owl:differentFrom rdfs:subPropertyOf :q .")
    assert ClosedGraph([*axiom, *labels(10)]).counts["dt-diff"] == 20 * 19 * 2
    with pytest.raises(LimitError, match=r"differentFrom.*rule dt-diff") as raised:
        ClosedGraph([*axiom, *labels(1000)], limit=10_000)
    assert raised.value.rule == "dt-diff"


def test_a_limit_names_the_rule_that_gives_most() -> None:
    """Anyone who is stopped learns which rule to look at."""
    hops = " ".join(f":a{i} :far :a{i + 1} ." for i in range(200))
    with pytest.raises(LimitError, match="rule prp-trp"):
        ClosedGraph(triples(f":far a owl:TransitiveProperty . {hops}"), limit=1000)


def test_entailment_asks_of_literals_what_was_not_derived() -> None:
    """Types and differences of literals that no rule needed still follow."""
    known = triples(':a :p 1 , "x" . :b :p 2 .')
    assert entails(known, triples("[] a xsd:byte ."))
    assert entails(known, triples(":a :p [ a xsd:string ] ."))
    assert not entails(known, triples(":b :p [ a xsd:string ] ."))
    assert entails(known, triples(":a :p 01 ."))
    assert not entails(known, triples(":a :p 2 ."))


def test_a_reader_of_the_closure_sees_each_value_as_it_was_written() -> None:
    """Shapes, and what is published, count values and not writings of them."""
    graph = ClosedGraph(
        triples(
            ":p rdfs:subPropertyOf :q . :a :p 1 . :b :p 01 ; :r 1.0 . :R owl:hasValue 1 ; "
            "owl:onProperty :p ."
        )
    )
    assert triple(":a :p 01") in graph
    written = {*graph.written()}
    assert {
        t.object
        for t in written
        if t.subject == triple(":a :p 1").subject and t.predicate == triple(":a :p 1").predicate
    } == {triple(":a :p 1").object}
    assert triple(":b :p 01") in written
    assert triple(":b :p 1") not in written
    assert triple(":b a :R") in written
    assert len([t for t in written if t.predicate == triple(":a :q 1").predicate]) == 2
    assert len(View(graph).subjects(triple(":a :q 1").predicate.value)) == 2


@pytest.mark.parametrize("digits", [4300, 4301, 100_000])
def test_a_number_of_any_length_is_one(digits: int) -> None:
    """Python reads no whole number beyond some thousand digits; it is a value all the same."""
    long = "9" * digits
    graph = ClosedGraph(
        triples(f":k a owl:FunctionalProperty . :a :k {long} , 0{long} , {long}.0 .")
    )
    assert not [*graph.clashes()]
    assert [*ClosedGraph(triples(f":p rdfs:range xsd:long . :a :p {long} .")).clashes()]
    (clash,) = ClosedGraph(
        triples(f":k a owl:FunctionalProperty . :a :k {long} , -{long} .")
    ).clashes()
    assert clash.rule == "eq-diff1"


@settings(max_examples=40)
@given(worlds(late=True, valued=True))
def test_triples_that_come_one_by_one_lead_to_the_same(stated: list[Triple]) -> None:
    """Values that come later are one with those that are there."""
    graph = ClosedGraph([])
    for each in stated:
        graph.add([each])
    assert {*graph} == {*ClosedGraph(stated)}


def test_a_graph_under_other_rules_shares_no_literals_that_come_later() -> None:
    """What is added to one of two graphs with the same terms is not in the other."""
    one = ClosedGraph(triples(":p a owl:InverseFunctionalProperty . :a :p 1 ."))
    other = one.under(OWL_RL)
    one.add(triples(":b :p 01 ."))
    other.add(triples(":c :p 1.0 ."))
    assert triple(":a owl:sameAs :b") in one
    assert triple(":a owl:sameAs :c") in other
    assert triple(":a owl:sameAs :c") not in one
    assert triple(":a owl:sameAs :b") not in other
    assert {*one.under(OWL_RL)} == {*one}


@settings(max_examples=40)
@given(worlds(late=False, valued=True))
def test_all_that_follows_from_values_is_proven(stated: list[Triple]) -> None:
    """Each triple of the closure has a proof that the checker accepts."""
    graph = ClosedGraph(stated)
    explainer = Explainer(graph)
    for each in graph:
        proof = explainer.proof(Fact(each.subject, each.predicate, each.object))
        assert proof is not None
        check(proof, graph.stated)
    assert not [each for each in graph if isinstance(each.subject, Literal)]
