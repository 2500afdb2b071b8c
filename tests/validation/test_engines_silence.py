"""What the engines pass over in silence, each by itself: docs/engines.md has a row for each.

Where an engine answers rightly one day, its test fails here, and the way round can go.
"""

from __future__ import annotations

import warnings

import pyshacl
import pytest
import shacl
from rdflib import Graph

from samsyn.names import SH

HEAD = """\
@prefix ex: <http://example.org/> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
"""
DATA = HEAD + "ex:a a ex:C ; ex:p 1 . ex:K rdfs:subClassOf rdfs:Class ."
FAILS = " ; sh:property [ sh:path ex:none ; sh:minCount 1 ] ."
COMPONENT = "ex:Comp a sh:ConstraintComponent ; sh:parameter [ sh:path ex:param ] ; "
SELECTED = (
    COMPONENT + "sh:propertyValidator [ a sh:SPARQLSelectValidator ;"
    ' sh:select "SELECT $this { $this ?p ?o }" ] .'
    " ex:S sh:targetNode ex:a ; sh:property [ sh:path ex:none ; ex:param 1 ] ."
)
SEVERAL = (
    COMPONENT + "sh:validator [ a sh:SPARQLAskValidator ;"
    ' sh:ask "ASK { FILTER($param = 1) }" ] . ex:S sh:targetNode ex:a ; ex:param 1 , 2 .'
)
TYPED = (
    "ex:In a sh:SPARQLTargetType ; rdfs:subClassOf sh:Target ; sh:parameter [ sh:path ex:of ] ;"
    ' sh:select "SELECT ?this { ?this a $of }" . ex:S sh:target [ a ex:In ; ex:of ex:C ]'
)
SILENT = {
    "owl-class": ("shacl", "ex:C a owl:Class , sh:NodeShape" + FAILS),
    "class-of-classes": ("shacl", "ex:K rdfs:subClassOf rdfs:Class . ex:C a ex:K" + FAILS),
    "target-type": ("shacl", TYPED + FAILS),
    "values-of-a-component": ("shacl", SEVERAL),
    "select-without-values": ("shacl", SELECTED),
    "unique-values-for": ("shacl", "ex:S sh:targetNode ex:a ; sh:uniqueValuesFor ( ex:p ) ."),
    "python-class-of-owl": (
        "pyshacl", "ex:K rdfs:subClassOf owl:Class . ex:C a ex:K , sh:NodeShape" + FAILS,
    ),
    "python-select-without-values": ("pyshacl", SELECTED),
    "python-target-where": (
        "pyshacl", "ex:S sh:targetWhere [ sh:property [ sh:path ex:p ; sh:hasValue 1 ] ]" + FAILS,
    ),
    "python-shape-class": ("pyshacl", "ex:C a sh:ShapeClass" + FAILS),
}  # fmt: skip


def found(engine: str, shapes: str) -> int:
    """Return how many results an engine gives by itself."""
    if engine == "shacl":
        return len(shacl.Shapes.from_turtle(HEAD + shapes).validate_turtle(DATA).results)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        given = Graph().parse(data=HEAD + shapes)
        _, report, _ = pyshacl.validate(Graph().parse(data=DATA), shacl_graph=given, advanced=True)
    return sum(1 for triple in report if str(triple[1]) == SH + "result")


@pytest.mark.parametrize("case", SILENT)
def test_the_engine_alone_is_silent(case: str) -> None:
    """The fault is still there; if this fails, the engine answers rightly now."""
    engine, shapes = SILENT[case]
    assert found(engine, shapes) == 0


def test_rdflib_takes_a_filter_that_is_false_for_true() -> None:
    """An ASK with FILTER(false) is true there, and so a validator that never holds always does."""
    assert bool(Graph().query("ASK { FILTER(false) }"))
    assert not bool(Graph().query("ASK { FILTER(1 = 2) }"))


@pytest.mark.parametrize("case", SILENT)
def test_each_fault_is_documented(case: str, root: object) -> None:
    """The page of the engines has a row for each, by its name."""
    page = root.joinpath("docs", "engines.md").read_text("utf-8")  # type: ignore[attr-defined]
    assert f"`{case}`" in page
