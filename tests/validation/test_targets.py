"""What shapes look at: every kind of target, with both engines."""

from __future__ import annotations

import warnings

import pyshacl
import pytest
from rdflib import URIRef

from samsyn.dataset.exact import Triple, parse_triples, to_rdflib
from samsyn.errors import ToolError
from samsyn.names import SH
from samsyn.validation.evaluation import Examination, Setup

HEAD = """\
@prefix ex: <http://example.org/> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""
DATA = """
ex:a a ex:Boat ; ex:country ex:Norway ; ex:built "2001-05-01"^^xsd:date ; ex:tons 01 .
ex:b a ex:Ferry ; ex:country ex:Sweden ; ex:built "1999-05-01"^^xsd:date .
ex:c ex:country ex:Norway ; ex:tons 7 .
ex:Ferry rdfs:subClassOf ex:Boat .
"""
DECLARED = 'ex: sh:declare [ sh:prefix "ex" ; sh:namespace "http://example.org/"^^xsd:anyURI ] .\n'
FAILS = " ; sh:property [ sh:path ex:missing ; sh:minCount 1 ] ."
TYPED = """
ex:In a sh:SPARQLTargetType ; rdfs:subClassOf sh:Target ;
  sh:parameter [ sh:path ex:of ] , [ sh:path ex:by ; sh:optional true ] ;
  sh:prefixes ex: ; sh:select "SELECT ?this { ?this ex:country $of }" .
"""
ENGINES = ("shacl", "pyshacl")
CASES = {
    "node": ("ex:S sh:targetNode ex:a", "a"),
    "node-absent": ("ex:S sh:targetNode ex:z", "z"),
    "node-literal": ('ex:S sh:targetNode "l"', "l"),
    "class": ("ex:S sh:targetClass ex:Boat", "ab"),
    "subjects": ("ex:S sh:targetSubjectsOf ex:tons", "ac"),
    "objects": ("ex:S sh:targetObjectsOf ex:country", "ny"),
    "rdfs-class": ("ex:Boat a rdfs:Class , sh:NodeShape", "ab"),
    "owl-class": ("ex:Boat a owl:Class , sh:NodeShape", "ab"),
    "owl-class-untyped": ("ex:Boat a owl:Class", "ab"),
    "rdfs-class-untyped": ("ex:Ferry a rdfs:Class", "b"),
    "shape-class": ("ex:Boat a sh:ShapeClass", "ab"),
    "class-of-classes": ("ex:K rdfs:subClassOf rdfs:Class . ex:Boat a ex:K", "ab"),
    "class-of-classes-below": (
        "ex:K rdfs:subClassOf ex:L . ex:L rdfs:subClassOf rdfs:Class . ex:Boat a ex:K",
        "ab",
    ),
    "class-of-owl": ("ex:K rdfs:subClassOf owl:Class . ex:Boat a ex:K", "ab"),
    "sparql": ('ex:S sh:target [ a sh:SPARQLTarget ; sh:prefixes ex: ; sh:select "SELECT ?this'
               ' { ?this ex:country ex:Norway }" ]', "ac"),
    "sparql-untyped": ('ex:S sh:target [ sh:select "SELECT ?this { ?this'
                       ' <http://example.org/country> <http://example.org/Norway> }" ]', "ac"),
    "sparql-dates": ('ex:S sh:target [ a sh:SPARQLTarget ; sh:prefixes ex: ; sh:select "SELECT'
                     " ?this { ?this ex:built ?d . ?other ex:built ?e FILTER(?d < ?e) }\" ]", "b"),
    "sparql-literals": ('ex:S sh:target [ a sh:SPARQLTarget ; sh:prefixes ex: ; sh:select "SELECT'
                        ' ?this { ?x ex:tons ?this FILTER(?this = 1) }" ]', "1"),
    "sparql-imports": ("ex:more owl:imports ex: . ex:S sh:target [ a sh:SPARQLTarget ; sh:prefixes"
                       ' ex:more ; sh:select "SELECT ?this { ?this a ex:Ferry }" ]', "b"),
    "type": (TYPED + "ex:S sh:target [ a ex:In ; ex:of ex:Norway ]", "ac"),
    "type-below": (TYPED + "ex:T rdfs:subClassOf ex:In . ex:S sh:target [ a ex:T ;"
                   " ex:of ex:Sweden ]", "b"),
    "where": ("ex:S sh:targetWhere [ sh:property [ sh:path ex:country ;"
              " sh:hasValue ex:Norway ] ]", "ac"),
    "where-literals": ("ex:S sh:targetWhere [ sh:datatype xsd:integer ; sh:maxExclusive 5 ]", "1"),
    "several": ("ex:S sh:targetNode ex:a , ex:z ; sh:targetClass ex:Ferry", "abz"),
}  # fmt: skip

OTHERWISE = {
    *("class-of-classes-below", "class-of-owl", "shape-class", "sparql-imports"),
    *("sparql-literals", "type-below", "where", "where-literals"),
}
"""What pySHACL does not have, or does otherwise."""


def triples(text: str) -> tuple[Triple, ...]:
    """Read Turtle with the prefixes of this module."""
    return tuple(parse_triples((HEAD + text).encode(), "turtle"))


def examine(data: str, shapes: str, inference: str = "none", engine: str = "shacl") -> Examination:
    """Examine data with a user's shapes."""
    own = triples(DECLARED + shapes)
    return Examination(triples(data), Setup((), own, inference, engine, own=frozenset(own)))


def ends(examination: Examination) -> str:
    """Return the last letters of the names of what was found fault with, sorted."""
    last = {r.focus.partition("^^")[0].rstrip('">')[-1] for r in examination.outcome.results}
    return "".join(sorted(last))


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("case", CASES)
def test_each_kind_of_target_is_looked_at_and_counted(case: str, engine: str) -> None:
    """Every node that a target chooses is checked, and no other counts as looked at."""
    target, expected = CASES[case]
    for inference in ("none", "owl-rl"):
        examination = examine(DATA, target + FAILS, inference, engine)
        assert ends(examination) == "".join(sorted(expected))
        (looked,) = examination.outcome.targets
        assert len(looked.nodes) == len(expected)


@pytest.mark.parametrize("case", sorted(CASES.keys() - OTHERWISE))
def test_pyshacl_looks_at_the_same_nodes(case: str) -> None:
    """Called on its own with the Advanced Features on, it finds fault with the same nodes."""
    shapes = triples(DECLARED + CASES[case][0] + FAILS)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        _, report, _ = pyshacl.validate(
            to_rdflib(triples(DATA)), shacl_graph=to_rdflib(shapes), advanced=True
        )
    focuses = {focus.n3() for _, _, focus in report.triples((None, URIRef(SH + "focusNode"), None))}
    ours = examine(DATA, CASES[case][0] + FAILS).outcome.results
    assert {result.focus for result in ours} == focuses


def test_a_literal_keeps_its_form_as_a_focus_node() -> None:
    """The query index has 1 for 01; the result has the term of the data."""
    (result,) = examine(DATA, CASES["sparql-literals"][0] + FAILS).outcome.results
    assert result.focus == '"01"^^<http://www.w3.org/2001/XMLSchema#integer>'


def test_the_data_may_say_what_is_a_class_of_classes() -> None:
    """A subclass of rdfs:Class counts where the data declares it."""
    data = DATA + "ex:K rdfs:subClassOf rdfs:Class ."
    assert ends(examine(data, "ex:Boat a ex:K , sh:NodeShape" + FAILS)) == "ab"
    assert examine(DATA, "ex:Boat a ex:K , sh:NodeShape" + FAILS).outcome.targets == ()


def test_a_class_that_is_no_shape_is_no_target() -> None:
    """A class that is only declared, labelled or annotated in the shapes graph is no shape."""
    classes = 'ex:Boat a owl:Class ; rdfs:label "boat" ; sh:name "boat" . '
    outcome = examine(DATA, classes + "ex:S sh:targetNode ex:a" + FAILS).outcome
    assert [target.shape for target in outcome.targets] == ["http://example.org/S"]


def test_a_parameter_of_a_component_makes_a_shape() -> None:
    """A class with a parameter of a component of your own is its own target."""
    component = """
    ex:Comp a sh:ConstraintComponent ; sh:parameter [ sh:path ex:never ] ;
      sh:validator [ a sh:SPARQLAskValidator ; sh:ask "ASK { FILTER(false) }" ] .
    """
    assert ends(examine(DATA, component + "ex:Boat a owl:Class ; ex:never true .")) == "ab"


def test_the_data_may_name_its_shape() -> None:
    """A node with sh:shape is a focus node of that shape (SHACL 1.2)."""
    data = DATA + "ex:c sh:shape ex:S ."
    assert ends(examine(data, "ex:S a sh:NodeShape" + FAILS)) == "c"


@pytest.mark.parametrize("engine", ENGINES)
def test_a_target_that_matches_nothing_is_told(engine: str) -> None:
    """A query without rows leaves a shape that looked at nothing, not one without a target."""
    shape = 'ex:S sh:target [ a sh:SPARQLTarget ; sh:select "SELECT ?this { ?this a <urn:x> }" ]'
    (looked,) = examine(DATA, shape + FAILS, engine=engine).outcome.targets
    assert looked.nodes == frozenset()


@pytest.mark.parametrize(
    "target",
    [
        '[ a sh:SPARQLTarget ; sh:select "SELECT ?this { ?this a no:Prefix }" ]',
        '[ a sh:SPARQLTarget ; sh:select "ASK { ?this a <urn:x> }" ]',
        '[ a sh:SPARQLTarget ; sh:select "SELECT ?this { SERVICE <urn:x> { ?this a <urn:y> } }" ]',
        '[ a sh:SPARQLTarget ; sh:ask "ASK { ?this a <urn:x> }" ]',
        '[ a sh:JSTarget ; sh:jsFunctionName "f" ]',
        "[ a ex:Unknown ]",
        "[ a ex:In ]",
        "[ a ex:In ; ex:of ex:Norway , ex:Sweden ]",
    ],
)
def test_a_target_that_cannot_be_evaluated_ends_the_check(target: str) -> None:
    """No shape loses its target in silence."""
    with pytest.raises(ToolError, match=r"http://example\.org/S"):
        _ = examine(DATA, f"{TYPED} ex:S sh:target {target}" + FAILS).outcome


def test_a_shape_that_is_switched_off_looks_at_nothing() -> None:
    """Its targets do not count, whatever kind they are."""
    target = '[ a sh:SPARQLTarget ; sh:select "SELECT ?this { ?this ?p ?o }" ]'
    shape = f"ex:S sh:deactivated true ; sh:targetNode ex:a ; sh:target {target}" + FAILS
    outcome = examine(DATA, shape).outcome
    assert outcome.targets == ()
    assert outcome.results == ()


BLANK = {
    "sparql": '[] sh:target [ sh:select "SELECT ?this { ?this <http://example.org/p> 1 }" ]',
    "where": "[] sh:targetWhere [ sh:property [ sh:path ex:p ; sh:hasValue 1 ] ]",
    "shape": "ex:S a sh:NodeShape",
}


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("case", BLANK)
def test_blank_nodes_are_focus_nodes_of_every_kind_of_target(case: str, engine: str) -> None:
    """Both engines look at the blank nodes that a target chooses, and at no others."""
    data = """
    [] ex:p 1 ; sh:shape ex:S . [] ex:p 2 ; ex:q [ ex:p 1 ; sh:shape ex:S ] .
    [] ex:p 1 ; ex:missing 1 ; sh:shape ex:S .
    """
    examination = examine(data, BLANK[case] + FAILS, engine=engine)
    focuses = {result.focus for result in examination.outcome.results}
    ones = {str(t.subject) for t in triples(data) if str(t.object).startswith('"1"')}
    held = {str(t.subject) for t in triples(data) if t.predicate.value.endswith("missing")}
    assert focuses == ones - held
    assert len(focuses) == 2
    (looked,) = examination.outcome.targets
    assert len(looked.nodes) == 3


def test_a_row_that_a_query_gives_again_is_one_result() -> None:
    """A check of the whole graph by a node that is absent tells once what is wrong."""
    select = "SELECT $this { ?a <http://example.org/country> ?c }"
    shape = f'ex:S sh:targetNode ex:graph ; sh:sparql [ sh:select "{select}" ] .'
    assert len(examine(DATA, shape).outcome.results) == 1
