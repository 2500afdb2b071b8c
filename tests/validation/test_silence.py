"""Nothing in a shapes graph is passed over in silence.

Every property of SHACL is put, with every kind of value, on a shape that looks at a node. Where the
same shape is violated without it, the violation must still be found; and where the property itself
is what is violated, the check must not end as a clean one.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import product
from pathlib import Path

import pytest
import rdflib
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

import samsyn
from samsyn.cli.program import main
from samsyn.dataset.exact import parse_triples
from samsyn.errors import ToolError
from samsyn.names import SH
from samsyn.validation.options import REPORTS
from samsyn.validation.shapes_graph.checking import faults
from samsyn.validation.terms.vocabularies import WellKnown

HEAD = """\
@prefix ex: <http://example.org/> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""
DATA = (
    HEAD
    + """
ex:a a ex:C ; ex:p "x" , "x\\ny" ; ex:q ex:b ; ex:n 5 ; ex:lang "a"@en , "b"@en ;
  ex:list ( 1 1 2 ) ; ex:from "2002-01-01"^^xsd:date ; ex:to "2001-01-01"^^xsd:date .
ex:b a ex:D ; ex:p "b" .
"""
)
REIFIED = DATA + 'ex:reifier rdf:reifies <<( ex:a ex:p "x" )>> .'
ASK = '[ a sh:SPARQLAskValidator ; sh:ask "ASK { FILTER(1 = 2) }" ]'
SELECT = '[ a sh:SPARQLSelectValidator ; sh:select "SELECT $this { $this ?p ?o }" ]'
COMPONENT = "ex:Comp a sh:ConstraintComponent ; sh:parameter [ sh:path ex:param ]"
VIOLATED = {
    # Core.
    "class": "sh:property [ sh:path ex:q ; sh:class ex:Other ]",
    "datatype": "sh:property [ sh:path ex:p ; sh:datatype xsd:integer ]",
    "nodeKind": "sh:nodeKind sh:Literal",
    "minCount": "sh:property [ sh:path ex:none ; sh:minCount 1 ]",
    "maxCount": "sh:property [ sh:path ex:p ; sh:maxCount 1 ]",
    "minExclusive": "sh:property [ sh:path ex:n ; sh:minExclusive 5 ]",
    "minInclusive": "sh:property [ sh:path ex:n ; sh:minInclusive 6 ]",
    "maxExclusive": "sh:property [ sh:path ex:n ; sh:maxExclusive 5 ]",
    "maxInclusive": "sh:property [ sh:path ex:n ; sh:maxInclusive 4 ]",
    "minLength": "sh:property [ sh:path ex:p ; sh:minLength 2 ]",
    "maxLength": "sh:property [ sh:path ex:p ; sh:maxLength 2 ]",
    "pattern": 'sh:property [ sh:path ex:p ; sh:pattern "^z" ]',
    "flags": 'sh:property [ sh:path ex:p ; sh:pattern "^Z" ; sh:flags "i" ]',
    "languageIn": 'sh:property [ sh:path ex:lang ; sh:languageIn ( "sv" ) ]',
    "uniqueLang": "sh:property [ sh:path ex:lang ; sh:uniqueLang true ]",
    "equals": "sh:property [ sh:path ex:p ; sh:equals ex:n ]",
    "disjoint": "sh:property [ sh:path ex:p ; sh:disjoint ex:p ]",
    "lessThan": "sh:property [ sh:path ex:n ; sh:lessThan ex:n ]",
    "lessThanOrEquals": "sh:property [ sh:path ex:from ; sh:lessThanOrEquals ex:to ]",
    "not": "sh:not [ sh:nodeKind sh:IRI ]",
    "and": "sh:and ( [ sh:nodeKind sh:IRI ] [ sh:class ex:Other ] )",
    "or": "sh:or ( [ sh:nodeKind sh:Literal ] [ sh:class ex:Other ] )",
    "xone": "sh:xone ( [ sh:nodeKind sh:IRI ] [ sh:class ex:C ] )",
    "node": "sh:node [ sh:nodeKind sh:Literal ]",
    "property": "sh:property [ sh:path ex:q ; sh:property [ sh:path ex:n ; sh:minCount 1 ] ]",
    "qualifiedMinCount": "sh:property [ sh:path ex:p ; sh:qualifiedValueShape"
    " [ sh:nodeKind sh:IRI ] ; sh:qualifiedMinCount 1 ]",
    "qualifiedMaxCount": "sh:property [ sh:path ex:p ; sh:qualifiedValueShape"
    " [ sh:nodeKind sh:Literal ] ; sh:qualifiedMaxCount 1 ]",
    "closed": "sh:closed true",
    "ignoredProperties": "sh:closed true ; sh:ignoredProperties ( rdf:type )",
    "hasValue": "sh:property [ sh:path ex:p ; sh:hasValue 1 ]",
    "in": "sh:property [ sh:path ex:p ; sh:in ( 1 ) ]",
    "severity": "sh:severity sh:Violation ; sh:nodeKind sh:Literal",
    "path-inverse": "sh:property [ sh:path [ sh:inversePath ex:q ] ; sh:minCount 1 ]",
    "path-alternative": "sh:property [ sh:path [ sh:alternativePath ( ex:p ex:n ) ] ;"
    " sh:maxCount 1 ]",
    "path-sequence": "sh:property [ sh:path ( ex:q ex:p ) ; sh:maxCount 0 ]",
    "path-star": "sh:property [ sh:path [ sh:zeroOrMorePath ex:q ] ; sh:maxCount 1 ]",
    "path-plus": "sh:property [ sh:path [ sh:oneOrMorePath ex:q ] ; sh:maxCount 0 ]",
    "path-opt": "sh:property [ sh:path [ sh:zeroOrOnePath ex:q ] ; sh:maxCount 1 ]",
    # SPARQL.
    "sparql": 'sh:sparql [ sh:select "SELECT $this { $this ?p ?o }" ]',
    "sparql-dates": 'sh:sparql [ sh:select "SELECT $this { $this <http://example.org/from> ?f ;'
    ' <http://example.org/to> ?t FILTER(?t < ?f) }" ]',
    "sparql-ask": 'sh:sparql [ sh:ask "ASK { FILTER(false) }" ]',
    "sparql-empty": "sh:sparql [ sh:message 'x' ]",
    # Constraint components.
    "component": f"ex:param 1 . {COMPONENT} ; sh:validator {ASK}",
    "component-property": "sh:property [ sh:path ex:p ; ex:param 1 ] . "
    f"{COMPONENT} ; sh:validator {ASK}",
    "component-without-values": "sh:property [ sh:path ex:none ; ex:param 1 ] . "
    f"{COMPONENT} ; sh:propertyValidator {SELECT}",
    "component-node": f"ex:param 1 . {COMPONENT} ; sh:nodeValidator {SELECT}",
    "component-select": "sh:property [ sh:path ex:p ; ex:param 1 ] . "
    f"{COMPONENT} ; sh:propertyValidator {SELECT}",
    "component-optional": "ex:param 1 . ex:Comp a sh:ConstraintComponent ; sh:parameter [ sh:path"
    f" ex:param ] , [ sh:path ex:maybe ; sh:optional true ] ; sh:validator {ASK}",
    "component-below": f"ex:param 1 . ex:Kind rdfs:subClassOf sh:ConstraintComponent . {COMPONENT}"
    f" , [ sh:path ex:other ; sh:optional true ] ; a ex:Kind ; sh:validator {ASK}",
    "component-of-several-values": f"ex:param 1 , 2 . {COMPONENT} ; sh:validator"
    ' [ a sh:SPARQLAskValidator ; sh:ask "ASK { FILTER($param = 1) }" ]',
    "component-of-several-values-of-one": f"ex:param 1 , 2 . {COMPONENT} , [ sh:path ex:other ;"
    f" sh:optional true ] ; sh:validator {ASK}",
    "component-without-validator": f"ex:param 1 . {COMPONENT}",
    "component-of-the-other-kind": f"ex:param 1 . {COMPONENT} ; sh:propertyValidator {SELECT}",
    "component-of-the-wrong-form": f"ex:param 1 . {COMPONENT} ; sh:nodeValidator {ASK}",
    "component-in-script": f"ex:param 1 . {COMPONENT} ; sh:validator"
    ' [ a sh:JSValidator ; sh:jsFunctionName "f" ]',
    # Advanced Features, scripts.
    "rule": "sh:rule [ a sh:TripleRule ; sh:subject sh:this ; sh:predicate ex:q ; sh:object 7 ] ;"
    " sh:property [ sh:path ex:q ; sh:nodeKind sh:IRI ]",
    "expression": "sh:expression [ sh:path ex:none ]",
    "expression-false": "sh:expression false",
    "values": "sh:property [ sh:path ex:none ; sh:values [ sh:path ex:p ] ; sh:maxCount 0 ]",
    "js": 'sh:js [ a sh:JSConstraint ; sh:jsFunctionName "f" ]',
    "filterShape": "sh:filterShape [ sh:nodeKind sh:Literal ]",
    "function": 'sh:sparql [ sh:select "SELECT $this { $this ?p ?o'
    ' FILTER(<http://example.org/Fn>()) }" ] . ex:Fn a sh:SPARQLFunction ;'
    ' sh:returnType xsd:boolean ; sh:ask "ASK {}"',
    "entailment": "sh:entailment <http://www.w3.org/ns/entailment/OWL-RDF-Based> ;"
    " sh:property [ sh:path ex:inferred ; sh:minCount 1 ]",
    # Drafts of SHACL 1.2.
    "singleLine": "sh:property [ sh:path ex:p ; sh:singleLine true ]",
    "someValue": "sh:property [ sh:path ex:p ; sh:someValue [ sh:nodeKind sh:IRI ] ]",
    "subsetOf": "sh:property [ sh:path ex:p ; sh:subsetOf ex:n ]",
    "uniqueMembers": "sh:property [ sh:path ex:list ; sh:uniqueMembers true ]",
    "maxListLength": "sh:property [ sh:path ex:list ; sh:maxListLength 2 ]",
    "minListLength": "sh:property [ sh:path ex:list ; sh:minListLength 4 ]",
    "memberShape": "sh:property [ sh:path ex:list ; sh:memberShape [ sh:datatype xsd:string ] ]",
    "rootClass": "sh:property [ sh:path rdf:type ; sh:rootClass ex:Root ]",
    "reifierShape": "sh:property [ sh:path ex:p ; sh:reifierShape [ sh:nodeKind sh:Literal ] ]",
    "reificationRequired": "sh:property [ sh:path ex:p ; sh:reificationRequired true ;"
    " sh:reifierShape [ sh:nodeKind sh:IRI ] ]",
    "nodeByExpression": "sh:nodeByExpression [ sh:path ex:q ]",
    "uniqueValuesFor": "sh:property [ sh:path ex:p ; sh:uniqueValuesFor ex:C ]",
    "sparqlExpr": 'sh:expression [ sh:sparqlExpr "false" ]',
    "closed-by-types": "sh:closed sh:ByTypes",
    "severityMap": "sh:severityMap [ sh:severity sh:Info ] ; sh:nodeKind sh:Literal",
    "conformanceDisallows": "sh:conformanceDisallows sh:Info",
}
"""What a shape asks for that the node ex:a does not have."""
FOUND = (1, 3)
"""A violation is found, or what could not be evaluated is named."""
KNOWN = WellKnown().get(SH)
PROPERTIES = sorted(name for name in (KNOWN.terms if KNOWN else ()) if name[0].islower())
VALUES = (
    *("true", "false", "1", '"x"', '"SELECT $this { $this ?p ?o }"', '"ASK { FILTER(false) }"'),
    *("ex:a", "ex:Nothing", "sh:Literal", "xsd:date", "()", "( ex:a )", "( [ sh:in () ] )"),
    *("[ sh:in () ]", "[ sh:path ex:none ]", "[ sh:path ex:none ; sh:minCount 1 ]"),
    *('[ sh:select "SELECT $this { $this ?p ?o }" ]', "[ a sh:JSConstraint ]", "[]"),
    '[ sh:ask "ASK { FILTER(false) }" ]',
)
HARMLESS = frozenset(
    {
        *("agentInstruction", "annotationProperty", "annotationValue", "annotationVarName"),
        *("codeIdentifier", "conforms", "declare", "defaultValue", "description", "detail"),
        *("entailment", "focusNode", "group", "intent", "labelTemplate", "message", "name"),
        *("namespace", "order", "prefix", "prefixes", "result", "resultAnnotation"),
        *("resultMessage", "resultPath", "resultSeverity", "severity", "shapesGraph"),
        *("shapesGraphWellFormed", "sourceConstraint", "sourceConstraintComponent"),
        *("sourceShape", "suggestedShapesGraph", "value"),
    }
)
"""Properties that check nothing, whatever their value is."""
LOOSE = frozenset({"ask", "construct", "select", "update"})
"""Queries, which are reported where nothing runs them."""
SATISFIABLE = frozenset({"deactivated", *VIOLATED})
MANY = settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.generate],
)

Run = Callable[..., tuple[int, str]]


@pytest.fixture
def run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    """Check the data of this module, or other data, against shapes by the command."""

    def check(shapes: str, *options: str, data: str = DATA) -> tuple[int, str]:
        (tmp_path / "data.ttl").write_text(data, encoding="utf-8")
        (tmp_path / "shapes.ttl").write_text(HEAD + shapes, encoding="utf-8")
        given = [str(tmp_path / "data.ttl"), "--shapes", str(tmp_path / "shapes.ttl"), *options]
        code = main(["validate", *given])
        told = capsys.readouterr()
        return code, told.out + told.err

    return check


CASES = list(product(VIOLATED, ("shacl", "pyshacl")))


@pytest.mark.parametrize(("case", "engine"), CASES)
def test_what_is_violated_is_found_or_named(case: str, engine: str, run: Run) -> None:
    """Each term of SHACL, with a node that violates it, never leads to a clean check."""
    data = REIFIED if case.startswith("reif") else DATA
    for inference in ("none", "owl-rl"):
        shape = f"ex:S a sh:NodeShape ; sh:targetNode ex:a ; {VIOLATED[case]} ."
        code, told = run(shape, "--engine", engine, "--infer", inference, data=data)
        assert code in FOUND, told
        term = re.split(r"[-]", case)[0]
        assert code == 1 or re.search(rf"sh:|{term}|example\.org|Validator", told), told


def test_every_property_of_shacl_counts_where_it_stands() -> None:
    """A property that is not known to be harmless is evaluated on a shape, or it is a fault."""
    clean = set()
    for name in PROPERTIES:
        for value in VALUES:
            shape = f"ex:S a sh:NodeShape ; sh:targetNode ex:a ; sh:{name} {value} ."
            if not list(faults(parse_triples((HEAD + shape).encode(), "turtle"))):
                clean.add(name)
    assert clean - HARMLESS - LOOSE <= SATISFIABLE | {
        *("target", "targetClass", "targetNode", "targetObjectsOf", "targetSubjectsOf"),
        *("parameter", "qualifiedValueShapesDisjoint", "reificationRequired", "targetWhere"),
    }


@pytest.mark.parametrize("where", ["shape", "property"])
def test_nothing_takes_a_violation_away(where: str, run: Run) -> None:
    """Whatever is said apart from of a shape that is violated, the check is never clean."""
    codes = set[int]()

    @MANY
    @given(st.lists(st.tuples(st.sampled_from(PROPERTIES), st.sampled_from(VALUES)), max_size=3))
    def check(said: list[tuple[str, str]]) -> None:
        kept = [(name, value) for name, value in said if (name, value) != ("deactivated", "true")]
        more = "".join(f" ; sh:{name} {value}" for name, value in kept)
        fails = "sh:path ex:none ; sh:minCount 1"
        inner = f"[ {fails}{more if where == 'property' else ''} ]"
        outer = more if where == "shape" else ""
        shape = f"ex:S a sh:NodeShape ; sh:targetNode ex:a ; sh:property {inner}{outer} ."
        code, told = run(shape, "--infer", "none")
        assert code in FOUND, told
        codes.add(code)

    check()
    assert codes == set(FOUND)


def test_shapes_without_a_target_are_named(run: Run) -> None:
    """A shape that no target leads to is reported with its place, once for all its parts."""
    shapes = """
ex:S a sh:NodeShape ; sh:targetNode ex:a ; sh:property ex:Used .
ex:Used sh:path ex:p ; sh:minCount 1 .
ex:Lost a sh:NodeShape ; sh:property ex:Part , [ sh:path ex:n ; sh:minCount 9 ] .
ex:Part sh:path ex:none ; sh:minCount 1 .
"""
    code, told = run(shapes)
    assert code == 0
    assert told.count("SAM-not-evaluated") == 1
    assert "shapes.ttl:10:1: warning: The shape has no target" in told
    assert "<http://example.org/Lost>" in told
    assert "SAM-not-evaluated" not in run(shapes, "--allow-unmatched", "Lost")[1]
    assert run(shapes, "--fail-on", "warning")[0] == 1


def test_a_query_that_nothing_runs_is_named(run: Run) -> None:
    """A constraint that no shape has is reported, and one of a library of queries is not."""
    shape = "ex:S a sh:NodeShape ; sh:targetNode ex:a ; sh:nodeKind sh:IRI . "
    query = 'a {} ; sh:select "SELECT $this {{ $this ?p ?o }}" .'
    assert (
        "No shape runs the query" in run(shape + "ex:Q " + query.format("sh:SPARQLConstraint"))[1]
    )
    library = run(shape + "ex:Q " + query.format("sh:SPARQLSelectExecutable"))
    assert "SAM-not-evaluated" not in library[1]


@pytest.mark.parametrize("report", REPORTS)
def test_a_triple_term_is_looked_at_and_reported(report: str, run: Run) -> None:
    """A focus node or value that is a triple term is one as any other (SHACL 1.2)."""
    shapes = """
ex:S sh:targetNode ex:reifier ; sh:closed true .
ex:T sh:targetObjectsOf rdf:reifies ; sh:nodeKind sh:IRI .
"""
    code, told = run(shapes, "--report", f"{report}=-", data=REIFIED)
    assert code == 1
    assert "NodeKind" in told or "sh:IRI" in told


@pytest.mark.parametrize(
    ("said", "partner"),
    [
        ('sh:flags "i"', "pattern"),
        ("sh:ignoredProperties ( ex:p )", "closed"),
        ("sh:qualifiedValueShapesDisjoint true", "qualifiedValueShape"),
        ("sh:reificationRequired true", "reifierShape"),
    ],
)
def test_a_parameter_that_needs_another_is_named(said: str, partner: str, run: Run) -> None:
    """Alone it checks nothing, and anyone who forgot the other hears of it."""
    property_ = f"sh:property [ sh:path ex:p ; sh:minCount 1 ; {said} ]"
    code, told = run(f"ex:S a sh:NodeShape ; sh:targetNode ex:a ; {property_} .")
    assert code == 0
    assert f"checks nothing without sh:{partner}" in told


def test_a_component_without_all_its_parameters_is_named(run: Run) -> None:
    """It is no constraint (SHACL section 6.2), and anyone who forgot a parameter hears of it."""
    shape = f"""
ex:Comp a sh:ConstraintComponent ; sh:parameter [ sh:path ex:one ] , [ sh:path ex:two ] ;
  sh:validator {ASK} .
ex:S a sh:NodeShape ; sh:targetNode ex:a ; ex:one 1 .
"""
    code, told = run(shape)
    assert code == 0
    assert "<http://example.org/two> is missing" in told


def test_shapes_that_are_switched_off_are_counted_as_such(run: Run) -> None:
    """They are listed; where all are, nothing was checked."""
    off = "ex:Off a sh:NodeShape ; sh:targetNode ex:a ; sh:deactivated true ; sh:closed true . "
    code, told = run(off)
    assert code == 4
    assert "shapes switched off: http://example.org/Off" in told
    code, told = run(off + "ex:S a sh:NodeShape ; sh:targetNode ex:a ; sh:nodeKind sh:IRI .")
    assert code == 0
    assert "1 focus node with 1 shape" in told
    assert "SAM-" not in told


def test_a_script_in_a_shape_that_is_switched_off_is_no_fault(run: Run) -> None:
    """What is not to be evaluated need not be."""
    off = "sh:deactivated true ; sh:js [ sh:jsFunctionName 'f' ] ; sh:property [ sh:path ex:p ;"
    off += " sh:js [ sh:jsFunctionName 'f' ] ] ."
    live = "ex:S a sh:NodeShape ; sh:targetNode ex:a ; sh:nodeKind sh:IRI ."
    assert run(f"ex:Off a sh:NodeShape ; sh:targetNode ex:a ; {off} {live}")[0] == 0


@pytest.mark.parametrize(
    ("shapes", "code"),
    [
        ("ex:S a sh:NodeShape ; sh:targetClass ex:No ; sh:nodeKind sh:IRI .", 4),
        ("ex:S a sh:NodeShape , ex:Kind ; sh:nodeKind sh:IRI .", 4),
        ("ex:S a sh:NodeShape ; sh:nodeKind sh:IRI .", 3),
        ("ex:x rdfs:label 'no shapes' .", 3),
        ("ex:S a sh:NodeShape ; sh:targetNode ex:absent ; sh:nodeKind sh:IRI .", 0),
    ],
)
def test_looking_at_nothing_is_no_clean_check(shapes: str, code: int, run: Run) -> None:
    """Without a shape, or without a focus node, nothing was checked."""
    for options in ((), ("--infer", "none"), ("--engine", "pyshacl")):
        assert run(shapes, *options)[0] == code


def test_a_shape_may_be_excepted_from_looking_at_something(run: Run) -> None:
    """Where all shapes may match nothing, nothing to look at is a clean check."""
    shape = "ex:S a sh:NodeShape ; sh:targetClass ex:No ; sh:nodeKind sh:IRI ."
    assert run(shape)[0] == 4
    assert run(shape, "--allow-unmatched", "S")[0] == 0


def test_an_import_that_is_not_read_is_told(run: Run) -> None:
    """What it would have added was not evaluated; one whose node is among the shapes was."""
    shape = "ex:S a sh:NodeShape ; sh:targetNode ex:a ; sh:nodeKind sh:IRI . ex:o a owl:Ontology ;"
    code, told = run(f"{shape} owl:imports ex:more , sh: .")
    assert code == 0
    assert "owl:imports of <http://example.org/more> is not followed" in told
    assert (
        "is not followed" not in run(f"{shape} owl:imports ex:more . ex:more a owl:Ontology .")[1]
    )


def test_from_python_it_is_the_same(tmp_path: Path) -> None:
    """What is violated is found, and what is not evaluated raises, without the command too."""
    shapes = tmp_path / "shapes.ttl"
    graph = rdflib.Graph().parse(data=DATA)
    for case in ("component", "sparql", "closed", "someValue"):
        shapes.write_text(f"{HEAD} ex:S sh:targetNode ex:a ; {VIOLATED[case]} .", encoding="utf-8")
        assert samsyn.validate(graph, profile=str(shapes), infer="none").exit_code == 1
    for case in ("js", "values", "component-without-validator"):
        shapes.write_text(f"{HEAD} ex:S sh:targetNode ex:a ; {VIOLATED[case]} .", encoding="utf-8")
        with pytest.raises(ToolError, match=r"evaluate|JavaScript"):
            samsyn.validate(graph, profile=str(shapes))
    shapes.write_text(HEAD + "ex:S sh:targetClass ex:No ; sh:nodeKind sh:IRI .", encoding="utf-8")
    report = samsyn.validate(graph, profile=str(shapes))
    assert (report.exit_code, report.conforms) == (4, None)


def test_a_shape_without_an_iri_is_named_by_its_place(run: Run) -> None:
    """No report has the label of a blank node, which nobody has written."""
    shapes = "[] a sh:NodeShape ; sh:targetClass ex:No ; sh:nodeKind sh:IRI .\n"
    shapes += "[] a sh:NodeShape ; sh:targetNode ex:a ; sh:nodeKind sh:IRI ."
    code, told = run(shapes, "--report", "json=-")
    assert code == 0
    assert "_:" not in told
    assert "shapes.ttl:7:1" in told
    assert "SAM-unmatched-shape" in told


DASH = "@prefix dash: <http://datashapes.org/dash#> .\n"


@pytest.mark.parametrize("engine", ["shacl", "pyshacl"])
@pytest.mark.parametrize(
    "term", ["closedByTypes true", "nonRecursive 1", 'stem "http://e/"', "subSetOf ex:q"]
)
def test_a_constraint_of_dash_without_its_component_is_told(
    run: Run, term: str, engine: str
) -> None:
    """DASH defines it in a file of its own; without that file no engine evaluates it."""
    aim = "ex:S a sh:NodeShape ; sh:targetNode ex:a ; sh:property [ sh:path ex:p ; dash:{} ] ."
    code, told = run(DASH + aim.format(term), "--engine", engine)
    assert code == 0
    assert "SAM-not-evaluated" in told
    assert f"dash:{term.split(maxsplit=1)[0]} checks nothing" in told


@pytest.mark.parametrize("term", ["singleLine false", "editor dash:TextFieldEditor", "viewer ex:V"])
def test_what_dash_says_of_forms_and_pages_is_no_constraint(run: Run, term: str) -> None:
    """Terms that ask nothing of the data, and constraints switched off, are not told."""
    aim = "ex:S a sh:NodeShape ; sh:targetNode ex:a ; sh:property [ sh:path ex:p ; dash:{} ] ."
    code, told = run(DASH + aim.format(term))
    assert code == 0
    assert "SAM-not-evaluated" not in told


def test_a_constraint_of_dash_with_its_component_is_evaluated(run: Run) -> None:
    """Anyone who gives the component as well has the result, and no warning."""
    shapes = DASH + (
        "ex:S a sh:NodeShape ; sh:targetNode ex:a ; sh:property [ sh:path ex:p ; dash:stem 'no' ] ."
        "dash:C a sh:ConstraintComponent ; sh:parameter [ sh:path dash:stem ] ;"
        " sh:validator [ a sh:SPARQLAskValidator ;"
        ' sh:ask "ASK { FILTER(STRSTARTS(STR($value), $stem)) }" ] .'
    )
    code, told = run(shapes)
    assert code == 1
    assert "SAM-not-evaluated" not in told


@pytest.mark.parametrize(
    "said", ["sh:targetNode []", "sh:targetClass []", "sh:targetNode ex:a ; sh:class []"]
)
def test_a_blank_node_that_is_wrong_in_shapes_is_told_without_its_label(
    run: Run, said: str
) -> None:
    """The place says which node it is."""
    code, told = run(f"ex:S a sh:NodeShape ; sh:nodeKind sh:IRI ; {said} .")
    assert code == 3
    assert "a blank node" in told
    assert "_:" not in told
