"""Shapes graphs are checked before they are trusted."""

from __future__ import annotations

import logging
import warnings
from pathlib import Path

import pyshacl
import pytest
import rdflib
import shacl
from tests.patience import ending

from samsyn import names
from samsyn.dataset.exact import Dataset, Quad, Triple, parse, parse_triples
from samsyn.errors import ToolError
from samsyn.validation.locations import Part
from samsyn.validation.shapes_graph.checking import faults
from samsyn.validation.shapes_graph.fault import Fault
from samsyn.validation.shapes_graph.report import check
from samsyn.validation.shapes_graph.untrusted import Bounds, refusals
from samsyn.validation.sources import Source

PREFIXES = """
PREFIX e: <http://example.org/>
PREFIX owl: <http://www.w3.org/2002/07/owl#>
PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX sh: <http://www.w3.org/ns/shacl#>
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
"""


def read(text: str) -> list[Triple]:
    """Read Turtle with the prefixes of this module."""
    return [quad.triple for quad in parse((PREFIXES + text).encode(), "turtle")]


def node(text: str) -> str:
    """Return a node shape that has a target and says what is given."""
    return f"e:S a sh:NodeShape ; sh:targetNode e:a ; {text} ."


def prop(text: str) -> str:
    """Return a node shape whose one property shape says what is given."""
    return node(f"sh:property [ sh:path e:p ; {text} ]")


def query(text: str, more: str = "") -> str:
    """Return a node shape with a constraint in SPARQL."""
    return node(f'sh:sparql [ sh:select "{text}" ; {more} ]')


GOOD = {
    "person": (
        "e:S a sh:NodeShape ; sh:targetClass e:Person ; sh:closed true ;"
        " sh:ignoredProperties ( rdf:type ) ;"
        ' sh:property [ sh:path e:ssn ; sh:maxCount 1 ; sh:pattern "^\\\\d{3}$" ; sh:flags "i" ] ,'
        " [ sh:path e:worksFor ; sh:class e:Company ; sh:nodeKind sh:IRI ; sh:severity sh:Info ] ."
    ),
    "paths": node(
        "sh:property [ sh:path ( e:p [ sh:inversePath e:q ] ) ] ,"
        " [ sh:path [ sh:alternativePath ( e:p [ sh:zeroOrMorePath ( e:q e:r ) ] ) ] ] ,"
        " [ sh:path [ sh:oneOrMorePath [ sh:zeroOrOnePath e:p ] ] ]"
    ),
    "logic": node(
        "sh:or ( [ sh:nodeKind sh:IRI ] e:T ) ; sh:not [ sh:class e:C ] ; sh:xone ( e:T ) ;"
        " sh:and ( e:T )"
    )
    + " e:T a sh:NodeShape .",
    "values": prop(
        'sh:in ( e:a "x" 1 ) ; sh:languageIn ( "sv" "en" ) ; sh:uniqueLang true ;'
        ' sh:hasValue [] ; sh:message "a"@sv , "b" ; sh:name "n"@sv ; sh:order 1.5 ;'
        " sh:deactivated false ; sh:lessThan e:q ; sh:minExclusive 1 ; sh:maxLength 3"
    ),
    "empty-list": prop("sh:in ()"),
    "qualified": prop(
        "sh:qualifiedValueShape [ sh:class e:C ] ; sh:qualifiedMinCount 1 ;"
        " sh:qualifiedValueShapesDisjoint true"
    ),
    "implicit-target": "e:C a owl:Class , sh:NodeShape ; sh:nodeKind sh:IRI .",
    "tree": "e:S a sh:NodeShape ; sh:targetClass e:C ; sh:property [ sh:path e:p ; sh:node e:S ] .",
    "query": query("SELECT $this ?value WHERE { $this <http://example.org/p> ?value }"),
    "query-with-prefixes": query("SELECT * { $this e:p ?value }", "sh:prefixes e:O")
    + ' e:O sh:declare [ sh:prefix "e" ; sh:namespace "http://example.org/"^^xsd:anyURI ] .',
    "foreign-terms": prop("e:note 1 ; rdfs:comment 'x'"),
    "booleans-in-digits": node("sh:closed '1'^^xsd:boolean ; sh:deactivated '0'^^xsd:boolean"),
    "said-twice": node("sh:closed false ; sh:property e:P")
    + " e:S sh:closed false . e:P sh:path e:p ; sh:minCount 1 . e:P sh:path e:p ; sh:minCount 1 .",
    "severity-of-ones-own": prop("sh:severity e:Blocker"),
    "severity-debug": prop("sh:severity sh:Debug"),
    "severity-trace": prop("sh:severity sh:Trace"),
    "prefixes-without": query("SELECT $this { $this ?p ?o }", "sh:prefixes e:O"),
    "prefixes-of-an-ontology": query("SELECT $this { $this ?p ?o }", "sh:prefixes e:O")
    + " e:O a owl:Ontology .",
}

FAULTY = {
    "misspelt-property": (prop("sh:mincount 1"), "predicate", "sh:minCount"),
    "misspelt-target": ("e:S a sh:NodeShape ; sh:targetclass e:C .", "predicate", "sh:targetClass"),
    "misspelt-value": (prop("sh:nodeKind sh:Iri"), "object", "sh:IRI"),
    "unknown-term": (prop("sh:blorp 1"), "predicate", "no term sh:blorp"),
    "no-path": (node("sh:property [ sh:minCount 1 ]"), "object", "no sh:path"),
    "no-path-typed": (node("sh:property e:P") + " e:P a sh:PropertyShape .", "subject", "sh:path"),
    "two-paths": (node("sh:property [ sh:path e:p , e:q ]"), "predicate", "one sh:path only"),
    "path-literal": (node('sh:property [ sh:path "p" ]'), "object", "takes an IRI, a list"),
    "path-nothing": (node("sh:property [ sh:path [] ]"), "object", "takes an IRI, a list"),
    "path-one-step": (node("sh:property [ sh:path ( e:p ) ]"), "object", "takes an IRI, a list"),
    "path-one-choice": (
        node("sh:property [ sh:path [ sh:alternativePath ( e:p ) ] ]"), "object", "two or more",
    ),
    "path-no-list": (
        node("sh:property [ sh:path [ sh:alternativePath e:p ] ]"), "object", "two or more",
    ),
    "path-two-kinds": (
        node("sh:property [ sh:path [ sh:inversePath e:p ; sh:zeroOrMorePath e:q ] ]"),
        "object", "exactly one of",
    ),
    "path-circle": (
        node("sh:property [ sh:path _:x ]") + " _:x sh:inversePath _:x .", "object", "takes an IRI",
    ),
    "path-deep": (
        node("sh:property [ sh:path ( e:p [ sh:zeroOrOnePath 'x' ] ) ]"), "object", "takes an IRI",
    ),
    "in-no-list": (prop("sh:in e:a"), "object", "takes a list"),
    "in-broken-list": (prop("sh:in [ rdf:first 1 ]"), "object", "takes a list"),
    "in-circle": (prop("sh:in _:l") + " _:l rdf:first 1 ; rdf:rest _:l .", "object", "a list"),
    "in-twice": (prop("sh:in ( 1 ) , ( 2 )"), "predicate", "may stand once"),
    "and-no-list": (prop("sh:and [ sh:nodeKind sh:IRI ]"), "object", "takes a list"),
    "or-no-list": (prop("sh:or [ sh:nodeKind sh:IRI ]"), "object", "takes a list"),
    "xone-no-list": (prop('sh:xone "a"'), "object", "takes a list"),
    "or-literal": (prop('sh:or ( "a" )'), "object", "an IRI or a blank node"),
    "languages-no-list": (prop('sh:languageIn "sv"'), "object", "takes a list"),
    "languages-iri": (prop("sh:languageIn ( e:sv )"), "object", "a text without language"),
    "ignored-no-list": (node("sh:closed true ; sh:ignoredProperties e:p"), "object", "a list"),
    "ignored-literal": (node('sh:closed true ; sh:ignoredProperties ( "p" )'), "object", "an IRI"),
    "closed-text": (node('sh:closed "yes"'), "object", "true or false"),
    "count-text": (prop('sh:minCount "1"'), "object", "a whole number"),
    "count-decimal": (prop("sh:maxCount 1.0"), "object", "a whole number"),
    "count-negative": (prop("sh:minCount -1"), "object", "a whole number"),
    "count-twice": (prop("sh:minCount 1 , 2"), "predicate", "may stand once"),
    "count-of-a-node": (node("sh:minCount 1"), "predicate", "has no sh:path"),
    "length-text": (prop('sh:maxLength "a"'), "object", "a whole number"),
    "pattern-iri": (prop("sh:pattern e:x"), "object", "a text without language"),
    "pattern-tagged": (prop('sh:pattern "a"@en'), "object", "a text without language"),
    "pattern-bad": (prop('sh:pattern "("'), "object", "not closed"),
    "pattern-not-known": (prop('sh:pattern "(?P<n>a)"'), "object", "no known kind"),
    "flags-bad": (prop('sh:pattern "a" ; sh:flags "Q"'), "object", "sh:flags"),
    "flags-iri": (prop('sh:pattern "a" ; sh:flags e:i'), "object", "a text"),
    "severity-text": (prop('sh:severity "high"'), "object", "takes an IRI"),
    "severity-misspelt": (prop("sh:severity sh:Warnign"), "object", "sh:Warning"),
    "severity-twice": (prop("sh:severity sh:Info , sh:Warning"), "predicate", "may stand once"),
    "datatype-text": (prop('sh:datatype "xsd:string"'), "object", "takes an IRI"),
    "datatype-twice": (prop("sh:datatype xsd:string , xsd:date"), "predicate", "may stand once"),
    "class-text": (prop('sh:class "C"'), "object", "takes an IRI"),
    "node-kind-text": (prop('sh:nodeKind "IRI"'), "object", "sh:IRI"),
    "node-text": (prop('sh:node "x"'), "object", "an IRI or a blank node"),
    "not-text": (prop('sh:not "x"'), "object", "an IRI or a blank node"),
    "property-text": (node('sh:property "x"'), "object", "an IRI or a blank node"),
    "property-node-shape": (node("sh:property e:T") + " e:T a sh:NodeShape .", "object", "sh:path"),
    "node-property-shape": (node("sh:node e:T") + " e:T sh:path e:p .", "object", "without"),
    "node-shape-with-path": (node("sh:path e:p"), "predicate", "has no sh:path"),
    "not-described": (prop("sh:node e:Gone"), "object", "is not described"),
    "property-not-described": (node("sh:property e:Gone"), "object", "is not described"),
    "unique-text": (prop('sh:uniqueLang "true"'), "object", "true or false"),
    "unique-of-a-node": (node("sh:uniqueLang true"), "predicate", "has no sh:path"),
    "less-text": (prop('sh:lessThan "x"'), "object", "takes an IRI"),
    "less-of-a-node": (node("sh:lessThan e:p"), "predicate", "has no sh:path"),
    "equals-text": (prop('sh:equals "x"'), "object", "takes an IRI"),
    "deactivated-text": (prop('sh:deactivated "true"'), "object", "true or false"),
    "message-iri": (prop("sh:message e:m"), "object", "takes a text"),
    "least-iri": (prop("sh:minExclusive e:x"), "object", "a literal"),
    "qualified-text": (
        prop('sh:qualifiedValueShape "s" ; sh:qualifiedMinCount 1'), "object", "an IRI or",
    ),
    "qualified-no-count": (prop("sh:qualifiedValueShape []"), "predicate", "belong together"),
    "qualified-no-shape": (prop("sh:qualifiedMinCount 1"), "predicate", "belong together"),
    "target-class-text": ('e:S a sh:NodeShape ; sh:targetClass "C" .', "object", "takes an IRI"),
    "target-subjects-text": ('e:S a sh:NodeShape ; sh:targetSubjectsOf "p" .', "object", "an IRI"),
    "target-blank": ("e:S a sh:NodeShape ; sh:targetNode [] .", "object", "an IRI or a literal"),
    "no-target": ("e:S a sh:NodeShape ; sh:nodeKind sh:IRI .", "subject", "No shape has a target"),
    "itself": (node("sh:node e:S"), "object", "refers to itself"),
    "itself-by-and": (node("sh:and ( e:T )") + " e:T sh:and ( e:S ) .", "object", "to itself"),
    "entailment-text": (node('sh:entailment "x"'), "object", "takes an IRI"),
    "shapes-graph-text": (node("sh:class e:C") + ' e:D sh:shapesGraph "x" .', "object", "IRI"),
    "query-missing": (node('sh:sparql [ sh:message "x" ]'), "object", "no sh:select"),
    "query-literal": (node('sh:sparql "x"'), "object", "an IRI or a blank node"),
    "query-faulty": (query("SELECT $this WHERE { oops"), "object", "line 1, column 22"),
    "query-prefix": (query("SELECT $this WHERE { $this zz:p ?o }"), "object", "prefix zz: is not"),
    "query-ask": (query("ASK { $this ?p ?o }"), "object", "a SELECT that gives $this"),
    "query-not-this": (query("SELECT ?x WHERE { $this ?p ?x }"), "object", "that gives $this"),
    "query-values": (query("SELECT $this { VALUES ?x { 1 } $this ?p ?x }"), "object", "VALUES"),
    "query-service": (
        query("SELECT $this { SERVICE <http://e.org/> { $this ?p ?x } }"), "object", "SERVICE",
    ),
    "prefix-without-namespace": (
        node("sh:class e:C") + ' e:O sh:declare [ sh:prefix "a" ] .', "object", "sh:namespace",
    ),
}  # fmt: skip

RUNAWAY = {"path-circle", "itself-by-and"}
"""What the reference follows without end, or nearly so."""


def refused_by_reference(text: str) -> bool:
    """Return whether pySHACL, with the shapes of shapes, refuses a shapes graph."""
    shapes = rdflib.Graph().parse(data=PREFIXES + text, format="turtle")
    data = rdflib.Graph().parse(data=PREFIXES + "e:a e:p 'x' .", format="turtle")
    quiet = logging.getLogger("samsyn.pyshacl")
    quiet.setLevel(logging.CRITICAL)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            _, report, _ = pyshacl.validate(
                data, shacl_graph=shapes, meta_shacl=True, logger=quiet, inference="none"
            )
    except Exception:  # noqa: BLE001  it raises a different error for each fault
        return True
    return isinstance(report, Exception)


@pytest.mark.parametrize("text", GOOD.values(), ids=GOOD)
def test_good_shapes_are_accepted(text: str) -> None:
    """Shapes as the Recommendation has them have no fault, for us and for the reference."""
    assert list(faults(read(text))) == []
    assert not refused_by_reference(text)


@pytest.mark.parametrize(("text", "position", "words"), FAULTY.values(), ids=FAULTY)
def test_a_faulty_shapes_graph_is_refused_with_the_place(
    text: str, position: str, words: str
) -> None:
    """Each kind of fault is found, at a triple of the graph, in both languages."""
    triples = read(text)
    found = list(faults(triples))
    assert any(each.position == position and words in dict(each.messages)["en"] for each in found)
    for each in found:
        assert dict(each.messages).keys() == {"sv", "en"}
        assert each.index is not None
        assert 0 <= each.index < len(triples)


@pytest.mark.parametrize("case", sorted(FAULTY.keys() - RUNAWAY))
def test_whatever_the_reference_refuses_is_refused(case: str) -> None:
    """There is no case that the shapes of shapes refuse and we do not."""
    text = FAULTY[case][0]
    if refused_by_reference(text):
        assert list(faults(read(text))) != []


def test_the_reference_refuses_much_and_not_all() -> None:
    """The comparison is no empty one: the reference refuses most cases, and we refuse more."""
    refused = [case for case in FAULTY.keys() - RUNAWAY if refused_by_reference(FAULTY[case][0])]
    assert 45 < len(refused) < len(FAULTY) - 5


@pytest.mark.parametrize("name", ["shacl-shacl.ttl", "dash.ttl"])
def test_shapes_in_wide_use_are_accepted(name: str) -> None:
    """The shapes of shapes themselves, and a large set with functions and rules, have no fault."""
    file = Path(pyshacl.__file__).with_name("assets") / name
    quads = parse(file.read_bytes(), "turtle")
    assert len(quads) > 100
    assert list(faults(quads)) == []


def test_our_own_shapes_are_accepted(dataset: Dataset) -> None:
    """The shapes of this repository have no fault."""
    graphs = [graph for iri, graph in dataset.graphs.items() if "/graph/shapes/" in iri]
    triples = [triple for graph in graphs for triple in graph.triples]
    assert len(triples) > 1000
    assert list(faults(triples)) == []


def test_a_place_is_that_of_the_fault() -> None:
    """The number of a fault is that of the triple, also where the triples have graphs."""
    quads = parse((PREFIXES + prop("sh:mincount 1")).encode(), "trig")
    [found] = faults(quads)
    assert isinstance(quads[0], Quad)
    assert quads[found.index or 0].predicate.value == names.SH + "mincount"


def test_nothing_is_a_faulty_shapes_graph() -> None:
    """An empty shapes graph checks nothing and has no place."""
    [found] = faults([])
    assert found.index is None


def part(path: Path, text: str) -> Part:
    """Write a file of shapes and read it."""
    path.write_text(text, encoding="utf-8")
    source = Source(path.as_posix(), "turtle", path)
    triples = parse_triples(text.encode(), "turtle", base=source.base, path=source.name)
    return Part(source.name, triples, source)


def test_faults_of_several_files_are_told_together(tmp_path: Path) -> None:
    """Files may refer to each other; every fault has file, line and column, all in one error."""
    first = part(tmp_path / "a.ttl", PREFIXES + node("sh:node e:T"))
    lines = "\ne:T a sh:NodeShape ;\n  sh:mincount 1 ;\n  sh:closed 'x' ."
    second = part(tmp_path / "b.ttl", PREFIXES + lines)
    with pytest.raises(ToolError) as caught:
        check([first, second])
    said = str(caught.value)
    line = PREFIXES.count("\n") + 3
    assert f"b.ttl:{line}:3: SHACL has no term sh:mincount" in said
    assert f"b.ttl:{line + 1}:13: sh:closed takes true or false" in said
    assert "a.ttl" not in said


def test_sound_files_raise_nothing(tmp_path: Path) -> None:
    """Shapes without a fault pass."""
    check([part(tmp_path / "a.ttl", PREFIXES + node("sh:nodeKind sh:IRI"))])


def test_many_faults_are_cut_short(tmp_path: Path) -> None:
    """The first twenty faults are reported, and how many more there are."""
    text = PREFIXES + node(" ; ".join(f"sh:blorp{n} 1" for n in range(30)))
    with pytest.raises(ToolError, match="and 10 more"):
        check([part(tmp_path / "a.ttl", text)])


# Untrusted shapes


def told(found: Fault) -> str:
    """Return the English text of a fault."""
    return dict(found.messages)["en"]


CORE = ["person", "paths", "logic", "values", "empty-list", "qualified", "implicit-target"]


@pytest.mark.parametrize("case", CORE)
def test_core_shapes_are_taken_from_untrusted_shapes(case: str) -> None:
    """SHACL Core is taken, all of it."""
    assert list(refusals(read(GOOD[case]))) == []


BEYOND = {
    "sparql": (GOOD["query"], "sh:sparql is not taken"),
    "select-in-passing": ("e:x sh:select 'SELECT * {}' .", "sh:select is not taken"),
    "javascript": (node("sh:js [ sh:jsFunctionName 'f' ]"), "sh:js is not taken"),
    "target": (node("sh:target [ sh:select '' ]"), "sh:target is not taken"),
    "rule": (node("sh:rule []"), "sh:rule is not taken"),
    "expression": (node("sh:expression []"), "sh:expression is not taken"),
    "function": ("e:f a sh:SPARQLFunction .", "sh:SPARQLFunction is not taken"),
    "component": ("e:c a sh:ConstraintComponent .", "sh:ConstraintComponent is not taken"),
    "validator": ("e:c sh:validator [] .", "sh:validator is not taken"),
    "imports": ("e:D owl:imports <http://example.org/shapes> .", "owl:imports is not taken"),
    "shapes-graph": ("e:D sh:shapesGraph <http://example.org/> .", "sh:shapesGraph is not taken"),
    "itself": (GOOD["tree"], "refers to itself"),
    "long-pattern": (prop(f'sh:pattern "{"a" * 501}"'), "at most 500 letters"),
    "deep-pattern": (prop(f'sh:pattern "{"(" * 11}a{")" * 11}"'), "10 parentheses"),
    "many-patterns": (
        node("sh:property " + " , ".join(f'[ sh:path e:p ; sh:pattern "{n}" ]' for n in range(51))),
        "more than 50 sh:pattern",
    ),
    "doubling": (
        node("sh:node e:T0")
        + "".join(f" e:T{n} sh:and ( e:T{n + 1} e:T{n + 1} ) ." for n in range(40))
        + " e:T40 sh:nodeKind sh:IRI .",
        "more than 10000 shapes",
    ),
}


PATHS = {
    "inverse": ("[ sh:inversePath ", "e:p", " ]"),
    "repeated": ("[ sh:zeroOrMorePath ", "e:p", " ]"),
    "alternative": ("[ sh:alternativePath ( e:x ", "e:p", " ) ]"),
    "sequence": ("( e:x ", "e:p", " )"),
}
NESTED = {
    "not": ("[ sh:not ", "e:D", " ]"),
    "node": ("[ sh:node ", "e:D", " ]"),
    "or": ("[ sh:or ( ", "e:D", " ) ]"),
    "property": ("[ sh:path e:p ; sh:property ", "e:D", " ]"),
    "qualified": ("[ sh:path e:p ; sh:qualifiedMinCount 1 ; sh:qualifiedValueShape ", "e:D", " ]"),
    "list": ("( ", "1", " )"),
    "anything": ("[ e:p ", "1", " ]"),
    "quoted": ("<<( e:a e:p ", "1", " )>>"),
}


def nested(parts: tuple[str, str, str], times: int) -> str:
    """Put a text into itself so many times."""
    before, inner, after = parts
    return before * times + inner + after * times


@pytest.mark.threat("hostile-shapes")
@pytest.mark.parametrize("kind", PATHS)
@pytest.mark.parametrize("times", [11, 900, 3000])
def test_paths_of_untrusted_shapes_are_bounded(kind: str, times: int) -> None:
    """Paths within each other are refused, and those that people write are taken."""
    triples = read(node(f"sh:property [ sh:path {nested(PATHS[kind], times)} ; sh:minCount 1 ]"))
    words = "at most 10 paths within" if times < 50 else "50 nodes within each other"
    assert any(words in told(each) for each in refusals(triples))
    few = read(node(f"sh:property [ sh:path {nested(PATHS[kind], 5)} ; sh:minCount 1 ]"))
    assert list(refusals(few)) == []


@pytest.mark.threat("hostile-shapes")
@pytest.mark.parametrize("kind", NESTED)
@pytest.mark.parametrize("times", [52, 900])
def test_nothing_of_untrusted_shapes_is_nested_deeply(kind: str, times: int) -> None:
    """Whatever is put into itself again and again is refused, and a little of it is not."""
    found = list(refusals(read(node(f"sh:hasValue {nested(NESTED[kind], times)}"))))
    assert any("50 nodes within each other" in told(each) for each in found)
    assert list(refusals(read(node(f"sh:hasValue {nested(NESTED[kind], 9)}")))) == []


@pytest.mark.threat("hostile-shapes")
def test_shapes_that_name_each_other_in_a_chain_are_bounded() -> None:
    """Shapes with names of their own are as deep as those without."""
    chain = "".join(f" e:T{n} sh:node e:T{n + 1} ." for n in range(60))
    found = refusals(read(node("sh:node e:T0") + chain + " e:T60 sh:nodeKind sh:IRI ."))
    assert any("50 nodes within each other" in told(each) for each in found)


@pytest.mark.threat("hostile-shapes")
def test_a_path_that_is_many_paths_is_refused() -> None:
    """Paths that name another twice each, those again and so on, are counted as often."""
    paths = "".join(f" _:p{n} sh:alternativePath ( _:p{n + 1} _:p{n + 1} ) ." for n in range(10))
    text = node("sh:property [ sh:path _:p0 ; sh:minCount 1 ]") + paths
    found = refusals(read(f"{text} _:p10 sh:inversePath e:p ."))
    assert any("1000 in all" in told(each) for each in found)


def test_a_long_list_is_not_deep() -> None:
    """Lists of any length are taken: of values, of shapes, and of the steps of a path."""
    values = " ".join(str(n) for n in range(2000))
    assert list(refusals(read(prop(f"sh:in ( {values} )")))) == []
    assert list(refusals(read(node(f"sh:or ( {'[ sh:nodeKind sh:IRI ] ' * 300})")))) == []
    steps = "e:p " * 300
    assert list(refusals(read(node(f"sh:property [ sh:path ( {steps}) ; sh:minCount 1 ]")))) == []


@pytest.mark.threat("hostile-shapes")
def test_a_circle_of_blank_nodes_is_followed_once() -> None:
    """What leads back to itself ends the look at it: a path is refused, other things are not."""
    circle = node("sh:property [ sh:path _:a ; sh:minCount 1 ]") + " _:a sh:inversePath _:a ."
    assert any("paths within" in told(each) for each in refusals(read(circle)))
    other = node("sh:nodeKind sh:IRI") + " _:a e:p _:b . _:b e:p _:a ."
    assert list(refusals(read(other))) == []


@pytest.mark.threat("hostile-shapes")
@pytest.mark.parametrize(("text", "words"), BEYOND.values(), ids=BEYOND)
def test_what_untrusted_shapes_may_not_have_is_refused(text: str, words: str) -> None:
    """Queries, programs, imports and what would take for ever are refused, each with its reason."""
    assert any(words in told(each) for each in refusals(read(text)))


@pytest.mark.threat("hostile-shapes")
def test_large_shapes_are_refused_before_they_are_read() -> None:
    """A graph with more triples than the bound is refused for that alone."""
    triples = read(GOOD["person"])
    [found] = refusals(triples, Bounds(triples=3))
    assert found.index is None
    assert "more than 3 triples" in told(found)


def test_the_shapes_of_this_repository_fit_the_bounds(dataset: Dataset) -> None:
    """Honest shapes are far from the bounds: ours are refused for their queries only."""
    graphs = [graph for iri, graph in dataset.graphs.items() if "/graph/shapes/" in iri]
    triples = [triple for graph in graphs for triple in graph.triples]
    found = {told(each).partition(" is not taken")[0] for each in refusals(triples)}
    assert all(each.startswith("sh:") for each in found), found


@pytest.mark.threat("hostile-shapes")
@pytest.mark.parametrize("pattern", ["^(a+)+$", "^(a|aa)+$", "^(.*a){20}$"])
def test_no_pattern_runs_for_long(pattern: str) -> None:
    """Patterns that take for ever elsewhere come to an end in the engine."""
    shapes = shacl.Shapes.from_text(PREFIXES + prop(f'sh:pattern "{pattern}"'), "turtle")
    text = "a" * 5000
    with ending():
        report = shapes.validate_text(
            f'<http://example.org/a> <http://example.org/p> "{text}!" .', "ntriples"
        )
    assert "sh:conforms false" in report.serialize("turtle")
