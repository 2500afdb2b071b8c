"""What nested shapes find explains a result (SHACL, section 3.6.2.6), with both engines."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pyshacl
import pytest
from rdflib import RDF, SH, Graph, Literal, Namespace
from tests.validation.test_formats_turtle import RECOMMENDED

from samsyn.cli.program import main

ENGINES = ("shacl", "pyshacl")
EX = Namespace("http://example.org/")
HEAD = f"""
@prefix ex: <{EX}> .
@prefix sh: <{SH}> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""
DATA = HEAD + 'ex:a a ex:P ; ex:home ex:h ; ex:w [ ex:k "x" ] . ex:h ex:zip "1" .'
NESTED = """
ex:S a sh:NodeShape ; sh:targetClass ex:P ; sh:property ex:H , ex:W ;
  sh:and ( [ sh:property [ sh:path ex:name ; sh:minCount 1 ] ] ex:Z ) .
ex:H sh:path ex:home ; sh:node ex:A .
ex:W sh:path ex:w ; sh:node ex:B .
ex:Z a sh:NodeShape ; sh:property [ sh:path ex:home ; sh:node ex:A ] .
ex:A a sh:NodeShape ; sh:property [ sh:path ex:zip ; sh:minLength 3 ; sh:node ex:C ] .
ex:B a sh:NodeShape ; sh:property [ sh:path ex:k ; sh:node ex:C ] .
ex:C a sh:NodeShape ; sh:datatype xsd:integer ; sh:message "a whole number" .
"""
ZIP = [
    ("MinLength", EX + "h", EX + "zip", "1", []),
    ("Node", EX + "h", EX + "zip", "1", [("Datatype", "1", "", "1", [])]),
]
RIGHT = {
    "And": [
        ("MinCount", EX + "a", EX + "name", "", []),
        ("Node", EX + "a", EX + "home", EX + "h", ZIP),
    ],
    "Node home": ZIP,
    "Node w": [("Node", "[]", EX + "k", "x", [("Datatype", "x", "", "x", [])])],
}


def checked(folder: Path, engine: str, shapes: str, data: str = DATA) -> Path:
    """Run a check with reports of the forms that have details; return their folder."""
    (folder / "data.ttl").write_text(data)
    (folder / "shapes.ttl").write_text(HEAD + shapes)
    given = ["validate", str(folder / "data.ttl"), "--shapes", str(folder / "shapes.ttl")]
    given += ["--infer", "none", "--engine", engine]
    for name in ("json", "turtle", "text"):
        given += ["--report", f"{name}={folder / name}"]
    assert main(given) == 1
    return folder


def findings(folder: Path) -> list[dict[str, Any]]:
    """Return the findings of the JSON report that shapes made, which are violations here."""
    found = json.loads((folder / "json").read_text("utf-8"))["findings"]
    return [each for each in found if each["severity"] == "violation"]


def plain(term: str | None) -> str:
    """Return a term without its signs; a blank node has no name."""
    return "[]" if term and term.startswith("_:") else (term or "").strip('<>"')


def tree(details: list[dict[str, Any]]) -> list[Any]:
    """Return details as component, focus, path, value and their own details, sorted."""
    return sorted(
        (
            each["component"].removesuffix("ConstraintComponent"),
            *(plain(each[key]) for key in ("focus", "path", "value")),
            tree(each["details"]),
        )
        for each in details
    )


def components(details: list[dict[str, Any]]) -> list[str]:
    """Return the components of details, sorted."""
    return sorted(each["component"].removesuffix("ConstraintComponent") for each in details)


@pytest.mark.parametrize("engine", ENGINES)
def test_a_result_has_what_its_nested_shapes_found(tmp_path: Path, engine: str) -> None:
    """Through sh:node, sh:and and sh:property, with values that are blank nodes or literals."""
    found = {
        f"{each['component'].removesuffix('ConstraintComponent')} "
        f"{(each['path'] or '').removeprefix(str(EX))}".strip(): tree(each["details"])
        for each in findings(checked(tmp_path, engine, NESTED))
    }
    assert found == RIGHT


@pytest.mark.parametrize("engine", ENGINES)
def test_the_details_are_results_in_rdf(tmp_path: Path, engine: str) -> None:
    """Each value of sh:detail is a whole result, and none is a result of the report itself."""
    graph = Graph().parse(checked(tmp_path, engine, NESTED) / "turtle", format="turtle")
    also = "<urn:detail> a sh:NodeShape ; sh:targetObjectsOf sh:detail ; sh:node <urn:result> ;"
    also += " sh:class sh:ValidationResult ."
    shapes = Graph().parse(data=RECOMMENDED + also, format="turtle")
    conforms, _, told = pyshacl.validate(graph, shacl_graph=shapes)
    assert conforms, told
    details = set(graph.objects(None, SH.detail))
    assert len(details) == 10
    assert details.isdisjoint(graph.objects(None, SH.result))
    assert {graph.value(each, RDF.type) for each in details} == {SH.ValidationResult}
    (whole,) = set(graph.subjects(SH.resultPath, EX.w))
    (detail,) = graph.objects(whole, SH.detail)
    assert graph.value(detail, SH.focusNode) == graph.value(whole, SH.value)
    (inner,) = graph.objects(detail, SH.detail)
    assert graph.value(inner, SH.resultMessage) == Literal("a whole number")
    assert graph.value(inner, SH.sourceShape) == EX.C


@pytest.mark.parametrize("engine", ENGINES)
def test_a_text_has_a_line_for_each_detail(tmp_path: Path, engine: str) -> None:
    """The line is indented by how deep it is, and no message or detail labels a blank node."""
    lines = (checked(tmp_path, engine, NESTED) / "text").read_text("utf-8").splitlines()
    assert '        "1": a whole number' in lines
    assert f'    <{EX}h> <{EX}zip> "1": The value "1" has fewer characters than 3.' in lines
    assert any(line.startswith(f"    [ … ] <{EX}k>") for line in lines)
    assert not any("_:" in each["message"] for each in findings(tmp_path))


KINDS = {
    "and": ("sh:and ( ex:A ex:O ex:C )", ["Datatype", "MinCount"]),
    "or": ("sh:or ( ex:A ex:C )", []),
    "xone": ("sh:xone ( ex:O ex:O2 )", []),
    "not": ("sh:not ex:O", []),
    "closed": ("sh:node ex:N", ["Closed"]),
    "pattern": (r"sh:node [ sh:property [ sh:path ex:t ; sh:pattern '\\i-' ] ]", ["Pattern"]),
}


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("name", KINDS)
def test_the_details_are_those_of_shapes_that_are_not_met(
    tmp_path: Path, name: str, engine: str
) -> None:
    """Of alternatives none has to be met, and nothing explains that a shape is met."""
    asked, right = KINDS[name]
    shapes = f"""ex:S sh:targetNode ex:a ; {asked} .
    ex:A sh:property [ sh:path ex:no ; sh:minCount 1 ] . ex:C sh:datatype xsd:integer .
    ex:O sh:nodeKind sh:IRI . ex:O2 sh:property [ sh:path ex:t ; sh:minCount 1 ] .
    ex:N sh:closed true ."""
    data = HEAD + "ex:a ex:t 1 ."
    (found,) = findings(checked(tmp_path, engine, shapes, data))
    assert components(found["details"]) == right


def test_details_of_many_nested_shapes_end(tmp_path: Path) -> None:
    """Each shape with its value is explained once in a result, and not deeper than eight times."""
    asked = [
        f"ex:U{number} sh:property [ sh:path ex:next ; sh:node ex:U{number + 1} ] ."
        for number in range(12)
    ]
    shapes = "ex:U0 sh:targetNode ex:n0 . ex:U12 sh:nodeKind sh:Literal ." + " ".join(asked)
    data = HEAD + "ex:n0 ex:next ex:n0 , ex:n1 . ex:n1 ex:next ex:n0 , ex:n1 ."
    found = findings(checked(tmp_path, "shacl", shapes, data))
    assert len(found) == 2
    assert depth(found[0]["details"]) == 8
    assert count(found[0]["details"]) < 40


def depth(details: list[dict[str, Any]]) -> int:
    """Return how deep details are."""
    return 1 + max(depth(each["details"]) for each in details) if details else 0


def count(details: list[dict[str, Any]]) -> int:
    """Return how many details there are, at any depth."""
    return sum(1 + count(each["details"]) for each in details)
