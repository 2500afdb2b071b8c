"""Shapes that the Recommendations allow are taken, in every syntax and however they are written."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph
import pytest
import shacl

from samsyn import names
from samsyn.dataset.exact import SUFFIXES
from samsyn.errors import ToolError
from samsyn.layout import Layout
from samsyn.validation.finding import Report
from samsyn.validation.options import Options
from samsyn.validation.run import check

PREFIXES = """@prefix ex: <http://example.org/> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""
DATA = "ex:a a ex:P ; ex:p 1 , 2 ; ex:q 'a'@en , 'b'@en ; ex:r ex:b . ex:b ex:p 3 ; ex:r ex:a ."
SHAPES = """ex:S a sh:NodeShape ; sh:targetClass ex:P ;
  sh:property [ sh:path ex:p ; sh:maxCount 1 ] , [ sh:path ( ex:r ex:p ) ; sh:maxInclusive 2 ] ;
  sh:or ( [ sh:path ex:s ; sh:minCount 1 ] [ sh:path ex:t ; sh:minCount 1 ] ) ;
  sh:sparql [ sh:prefixes ex:O ; sh:select "SELECT $this ?value { $this e:q ?value }" ] .
ex:O a owl:Ontology ;
  sh:declare [ sh:prefix "e" ; sh:namespace "http://example.org/"^^xsd:anyURI ] ."""


def checked(folder: Path, shapes: str | bytes, suffix: str = ".ttl", **options: object) -> Report:
    """Check the data against shapes in a file with an ending."""
    (folder / "data.ttl").write_text(PREFIXES + DATA)
    text = shapes if isinstance(shapes, bytes) else (PREFIXES + shapes).encode()
    (folder / f"shapes{suffix}").write_bytes(text)
    named = {"paths": (f"{folder}/data.ttl",), "shapes": (f"{folder}/shapes{suffix}",)}
    return check(Options.of(infer="none", **named, **options), Layout.find())


def found(report: Report) -> list[tuple[str, str, str]]:
    """Return what a report finds, by what can be compared."""
    results = (each for each in report.findings if each.component)
    return sorted((each.path, each.value, each.component) for each in results)


def written(form: pyoxigraph.RdfFormat, shapes: str) -> bytes:
    """Write shapes in a syntax; in those that have graphs, each node's triples in another one."""
    triples = [
        quad.triple for quad in pyoxigraph.parse((PREFIXES + shapes).encode(), form_of("ttl"))
    ]
    quads: list[pyoxigraph.Quad | pyoxigraph.Triple] = list(triples)
    if form.supports_datasets:
        quads = [
            pyoxigraph.Quad(*triple, pyoxigraph.NamedNode(f"urn:g{number % 3}"))
            for number, triple in enumerate(triples)
        ]
    return pyoxigraph.serialize(quads, format=form) or b""


def form_of(ending: str) -> pyoxigraph.RdfFormat:
    """Return the syntax of a file's ending."""
    form = pyoxigraph.RdfFormat.from_extension(ending)
    assert form
    return form


ENDINGS = ("ttl", "nt", "nq", "trig", "rdf", "jsonld")


@pytest.mark.parametrize("ending", ENDINGS)
def test_shapes_may_be_in_every_syntax(tmp_path: Path, ending: str) -> None:
    """The same shapes find the same in all six syntaxes, whatever graphs their triples are in."""
    assert f".{ending}" in SUFFIXES
    text = written(form_of(ending), SHAPES)
    assert found(checked(tmp_path, text, f".{ending}")) == found(checked(tmp_path, SHAPES))
    assert len(found(checked(tmp_path, SHAPES))) > 4


@pytest.mark.parametrize("ending", ENDINGS)
def test_faults_are_told_in_every_syntax(tmp_path: Path, ending: str) -> None:
    """A fault has the line and column of the file, whatever its syntax."""
    faulty = SHAPES.replace("sh:maxCount 1", "sh:maxcount 1").replace("e:q", "zz:q")
    with pytest.raises(ToolError) as caught:
        checked(tmp_path, written(form_of(ending), faulty), f".{ending}")
    lines = caught.value.message.splitlines()[1:]
    assert any("no term sh:maxcount" in line for line in lines)
    assert any("The prefix zz: is not declared" in line for line in lines)
    if ending != "rdf":
        assert all(f"shapes.{ending}:" in line for line in lines)


AGAIN = "ex:S sh:closed false ; sh:severity sh:Warning ; sh:message 'x' ; sh:targetClass ex:P ."


def test_every_triple_may_be_said_again(tmp_path: Path) -> None:
    """A graph is a set (RDF 1.1, 3): the same file twice over says what it says once."""
    named = SHAPES.replace("[ sh:path ex:p ; sh:maxCount 1 ]", "ex:one")
    named += " ex:one sh:path ex:p ; sh:maxCount 1 ." + AGAIN
    again = " ex:one sh:path ex:p ; sh:maxCount 1 ." + AGAIN
    assert found(checked(tmp_path, named + again)) == found(checked(tmp_path, named))


@pytest.mark.parametrize("engine", ["shacl", "pyshacl"])
@pytest.mark.parametrize(
    "text",
    [
        "sh:closed {} ; sh:property [ sh:path ex:p ]",
        "sh:property [ sh:path ex:q ; sh:uniqueLang {} ]",
        "sh:deactivated {} ; sh:nodeKind sh:Literal",
    ],
    ids=["closed", "unique-lang", "deactivated"],
)
@pytest.mark.parametrize(("digit", "word"), [("1", "true"), ("0", "false")])
def test_a_boolean_may_be_written_as_a_digit(
    tmp_path: Path, text: str, digit: str, word: str, engine: str
) -> None:
    """1 and 0 are values of xsd:boolean (XML Schema 2, 3.2.2)."""
    shape = f"ex:S a sh:NodeShape ; sh:targetNode ex:a ; {text} ."
    digits = checked(tmp_path, shape.format(f'"{digit}"^^xsd:boolean'), engine=engine)
    assert found(digits) == found(checked(tmp_path, shape.format(word), engine=engine))


def test_the_default_engine_takes_a_digit_for_false() -> None:
    """The fault in docs/engines.md: when this fails, shapesources.py need not write words."""
    text = PREFIXES + "ex:S sh:targetNode ex:a ; sh:closed '1'^^xsd:boolean ."
    report = shacl.Shapes.from_text(text, "turtle").validate_text(PREFIXES + DATA, "turtle")
    assert "sh:conforms true" in report.serialize("turtle")


def test_the_default_engine_has_no_graph_of_a_from() -> None:
    """The fault in docs/engines.md: when this fails, FROM need not be refused for its sake."""
    query = "SELECT $this ?value FROM <urn:g> { $this <http://example.org/p> ?value }"
    text = f"{PREFIXES} ex:S sh:targetNode ex:a ; sh:sparql [ sh:select '{query}' ] ."
    report = shacl.Shapes.from_text(text, "turtle").validate_text(PREFIXES + DATA, "turtle")
    assert "sh:conforms true" in report.serialize("turtle")


TAKEN = {
    "shared-list": "ex:S sh:targetNode ex:a ; sh:in _:l . ex:T sh:targetNode ex:b ; sh:in _:l ."
    f" _:l <{names.RDF}first> ex:a ; <{names.RDF}rest> () .",
    "list-with-iris": f"ex:S sh:targetNode ex:a ; sh:in ex:L . ex:L <{names.RDF}first> ex:a ;"
    f" <{names.RDF}rest> () .",
    "shared-path": "ex:S sh:targetNode ex:a ; sh:property [ sh:path _:p ; sh:minCount 1 ] ,"
    " [ sh:path _:p ; sh:maxCount 9 ] . _:p sh:inversePath ex:r .",
    "every-path": "ex:S sh:targetNode ex:a ; sh:property [ sh:minCount 0 ; sh:path"
    " ( ex:p [ sh:inversePath ( ex:r ex:r ) ]"
    " [ sh:alternativePath ( ex:p [ sh:zeroOrOnePath ex:q ] ) ]"
    " [ sh:zeroOrMorePath [ sh:oneOrMorePath ex:r ] ] ) ] .",
    "shapes-graph": "ex:S sh:targetNode ex:a ; sh:nodeKind sh:IRI . ex:D sh:shapesGraph ex:G .",
    "simple-entailment": "ex:S sh:targetNode ex:a ; sh:nodeKind sh:IRI ; sh:entailment"
    " <http://www.w3.org/ns/entailment/Simple> .",
    "blank-shape": "[] a sh:NodeShape ; sh:targetNode ex:a ; sh:nodeKind sh:IRI .",
    "texts": "ex:S sh:targetNode ex:a ; sh:nodeKind sh:IRI ; sh:message 'a'@en , 'b'@sv , 'c' ;"
    " sh:property [ sh:path ex:p ; sh:name 'n'@en ; sh:description 'd' ; sh:order 1.5 ;"
    " sh:group ex:G ; sh:defaultValue 0 ] . ex:G a sh:PropertyGroup ; sh:order 0 .",
    "literal-target": "ex:S sh:targetNode 'x' , 1 , ex:a ; sh:nodeKind sh:IRI .",
    "no-type": "ex:S sh:targetSubjectsOf ex:p ; sh:targetObjectsOf ex:r ; sh:nodeKind sh:IRI .",
    "everything-twice": "ex:S sh:targetNode ex:a ; sh:class ex:P , ex:Q ; sh:equals ex:p , ex:q ;"
    " sh:not [ sh:class ex:Z ] , [ sh:class ex:Y ] ; sh:or ( [ ] ) , ( [ ] ) ; sh:hasValue 1 , 2 .",
    "empty-lists": "ex:S sh:targetNode ex:a ; sh:or () ; sh:and () ; sh:closed true ;"
    " sh:ignoredProperties () .",
    "deactivated-script": "ex:S sh:targetNode ex:a ; sh:nodeKind sh:IRI . ex:T sh:targetNode ex:a ;"
    " sh:deactivated true ; sh:js [ sh:jsFunctionName 'f' ] .",
}


@pytest.mark.parametrize("text", TAKEN.values(), ids=TAKEN)
def test_what_the_recommendation_allows_is_taken(tmp_path: Path, text: str) -> None:
    """No form that SHACL allows is refused."""
    assert checked(tmp_path, text).exit_code in {0, 1}


@pytest.mark.parametrize("regime", ["RDFS", "OWL-Direct", "D", "RIF", "RDF"])
def test_an_entailment_that_is_not_supported_is_a_failure(tmp_path: Path, regime: str) -> None:
    """A processor that does not support a regime has to signal a failure (SHACL, sh:entailment)."""
    text = "ex:S sh:targetNode ex:a ; sh:nodeKind sh:IRI . ex:O sh:entailment"
    with pytest.raises(ToolError, match="There is no entailment by"):
        checked(tmp_path, f"{text} <http://www.w3.org/ns/entailment/{regime}> .")


DOTTED = "ex:S sh:targetNode ex:a ; sh:sparql [ sh:prefixes ex:O ; sh:select '{}' ] ."
DOTTED += ' ex:O sh:declare [ sh:prefix "e" ; sh:namespace "http://example.org/"^^xsd:anyURI ] .'


@pytest.mark.parametrize("engine", ["shacl", "pyshacl"])
@pytest.mark.parametrize(
    "query",
    [
        "SELECT $this ?value {{ $this e:p ?value MINUS_ FILTER(?value != e:a.b.c) }}",
        "PREFIX f: <http://f.org/> SELECT $this ?value {{ $this e:p|f:x.y-z.w ?value }}",
        "SELECT $this ?value {{ $this e:p ?value # e:a.b.c\\n FILTER(?value > 0) }}",
    ],
    ids=["value", "path", "comment"],
)
def test_names_in_queries_may_have_several_dots(tmp_path: Path, query: str, engine: str) -> None:
    """A local name has any number of dots (SPARQL 1.1, 19.8, PN_LOCAL)."""
    text = DOTTED.replace("{}", query.format().replace(" MINUS_", ""))
    assert len(found(checked(tmp_path, text, engine=engine))) == 2


def test_the_query_engine_takes_one_dot() -> None:
    """The fault in docs/engines.md: when this fails, dotted.py can go."""
    query = "PREFIX e: <http://example.org/> ASK {{ ?s {} ?o }}"
    pyoxigraph.Store().query(query.format("e:a.b"))
    with pytest.raises(SyntaxError):
        pyoxigraph.Store().query(query.format("e:a.b.c"))
