"""The SHACL engines behind one function."""

from __future__ import annotations

import pytest

from samsyn.dataset.exact import Triple, parse
from samsyn.errors import ToolError, UsageError
from samsyn.validation.engines.result import Outcome
from samsyn.validation.engines.routing import validate

PREFIXES = """
@prefix e: <http://e/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""
SHAPES = """
e:S a sh:NodeShape ; sh:targetClass e:C ; sh:property e:S-label , e:S-size , e:S-part , e:S-hue ;
  sh:sparql e:S-query .
e:S-label a sh:PropertyShape ; sh:path rdfs:label ; sh:minCount 1 ; sh:uniqueLang true ;
  sh:message "needs a label"@en , "behöver en etikett"@sv .
e:S-size a sh:PropertyShape ; sh:path e:size ; sh:datatype xsd:integer ; sh:severity sh:Warning ;
  sh:message "size is an integer"@en .
e:S-part a sh:PropertyShape ; sh:path ( e:part [ sh:inversePath e:of ] ) ; sh:nodeKind sh:IRI ;
  sh:message "parts are named"@en .
e:S-hue a sh:PropertyShape ; sh:path [ sh:alternativePath ( e:hue [ sh:zeroOrMorePath e:tone ] ) ] ;
  sh:maxCount 1 ; sh:message "one hue"@en .
e:S-query sh:message "never itself"@en ; sh:prefixes e:P ;
  sh:select "SELECT $this WHERE { $this e:part $this }" .
e:P sh:declare [ sh:prefix "e" ; sh:namespace "http://e/"^^xsd:anyURI ] .
e:Empty a sh:NodeShape ; sh:targetClass e:Nothing .
"""
DATA = """
e:D rdfs:subClassOf e:C .
e:good a e:C ; rdfs:label "bra"@sv , "good"@en ; e:size 1 .
e:none a e:D ; e:size "1" , 01 .
e:twice a e:C ; rdfs:label "a"@sv , "b"@sv ; e:part e:twice ; e:hue e:red .
"""


def triples(text: str) -> list[Triple]:
    """Read Turtle with the prefixes of this module."""
    return [quad.triple for quad in parse((PREFIXES + text).encode(), "turtle")]


def facts(report: Outcome) -> set[tuple[str, ...]]:
    """Leave out what engines may word in their own way."""
    return {(r.focus, r.path, r.shape, r.severity, r.component) for r in report.results}


@pytest.fixture(scope="module")
def report() -> Outcome:
    """The default engine's report."""
    return validate(triples(DATA), triples(SHAPES))


def test_the_engines_agree(report: Outcome) -> None:
    """The fast engine and the reference find the same."""
    assert facts(validate(triples(DATA), triples(SHAPES), engine="pyshacl")) == facts(report)


def test_findings_name_focus_shape_and_severity(report: Outcome) -> None:
    """A finding says which node, which shape, how grave and in both languages why."""
    found = {(r.focus, r.shape): r for r in report.results}
    label = found["<http://e/none>", "http://e/S-label"]
    assert (label.severity, label.component) == ("violation", "MinCountConstraintComponent")
    assert label.message("sv") == "behöver en etikett"
    assert label.message("fi") == "needs a label"
    assert found["<http://e/none>", "http://e/S-size"].severity == "warning"
    assert ("<http://e/twice>", "http://e/S") in found


def test_compound_paths_read_as_in_sparql(report: Outcome) -> None:
    """A path that is no plain property is written as SPARQL writes it, not as a blank node."""
    paths = {r.path for r in report.results if r.shape == "http://e/S-hue"}
    assert paths == {"(<http://e/hue>|<http://e/tone>*)"}


def test_what_was_looked_at_is_told(report: Outcome) -> None:
    """The outcome says which nodes each shape looked at, and so which matched nothing."""
    looked = {target.shape: len(target.nodes) for target in report.targets}
    assert looked == {"http://e/Empty": 0, "http://e/S": 3}


@pytest.mark.parametrize("engine", ["shacl", "pyshacl"])
def test_faulty_shapes_are_the_tool_s_fault(engine: str) -> None:
    """Shapes that cannot be compiled are a tool error, never a clean report."""
    with pytest.raises(ToolError, match=engine):
        validate(
            triples(DATA),
            triples('e:S a sh:NodeShape ; sh:targetClass e:C ; sh:property [ sh:path "x" ] .'),
            engine=engine,
        )


def test_an_unknown_engine_lists_the_known() -> None:
    """An unknown engine is refused with the names of those there are."""
    with pytest.raises(UsageError, match="pyshacl"):
        validate([], [], engine="rudof")
