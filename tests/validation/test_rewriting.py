"""Shapes are rewritten for the default engine where that changes its time and nothing else."""

from __future__ import annotations

import pytest

from samsyn import names
from samsyn.dataset.exact import Triple, parse_triples
from samsyn.validation.engines.routing import validate
from samsyn.validation.engines.simplification import rewritten, without_idle

PREFIXES = """\
@prefix e: <http://e/> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
"""
TARGET = "e:S a sh:NodeShape ; sh:targetSubjectsOf e:p ; "
INNER = "e:C a sh:NodeShape ; sh:class e:Above . e:V a sh:NodeShape ; sh:nodeKind sh:Literal ."
USES = {
    "node": "sh:property [ sh:path e:p ; sh:node e:C ]",
    "of the focus": "sh:node e:C",
    "or": "sh:property [ sh:path e:p ; sh:or ( e:C e:V ) ]",
    "and": "sh:property [ sh:path e:p ; sh:and ( e:C ) ]",
    "not": "sh:property [ sh:path e:p ; sh:not e:C ]",
    "xone": "sh:property [ sh:path e:p ; sh:xone ( e:C e:V ) ]",
    "inline": "sh:property [ sh:path e:p ; sh:not [ sh:class e:Above ] ]",
    "two": "sh:property [ sh:path e:p ; sh:node [ sh:class e:Above , e:Other ] ]",
    "qualified": (
        "sh:property [ sh:path e:p ; sh:qualifiedValueShape e:C ; sh:qualifiedMinCount 1 ]"
    ),
}
DATA = """
e:Below rdfs:subClassOf e:Middle . e:Middle rdfs:subClassOf e:Above .
e:a e:p e:x , "text" , [] . e:b e:p [ a e:Below ] ; a e:Above . e:c e:p e:y . e:d e:p e:Above .
e:x a e:Below , e:Other . e:y a e:Foreign .
"""


def triples(text: str) -> tuple[Triple, ...]:
    """Read Turtle with the prefixes of this module."""
    return tuple(parse_triples((PREFIXES + text).encode(), "turtle"))


def classes(shapes: tuple[Triple, ...]) -> int:
    """Count how often shapes ask for a class."""
    return sum(triple.predicate.value == names.SH + "class" for triple in shapes)


@pytest.mark.parametrize("use", USES)
def test_what_is_found_stays_the_same(use: str) -> None:
    """However another shape refers to one that asks for a class, both engines find the same."""
    shapes = triples(TARGET + USES[use] + " . " + INNER)
    found = [
        {(r.focus, r.path, r.value, r.shape, r.component) for r in each.results}
        for each in (validate(triples(DATA), shapes, engine=e) for e in ("shacl", "pyshacl"))
    ]
    assert found[0] == found[1] != set()
    assert classes(shapes)
    assert not classes(rewritten(shapes))


@pytest.mark.parametrize(
    "shape",
    [
        TARGET + "sh:class e:C .",
        TARGET + "sh:property [ sh:path e:p ; sh:class e:C ] .",
        "e:C a sh:NodeShape , rdfs:Class ; sh:class e:D .",
        "e:C a sh:NodeShape ; sh:targetNode e:x ; sh:class e:D .",
    ],
)
def test_what_reports_in_its_own_name_stays_as_it_is(shape: str) -> None:
    """A shape whose results name it and its constraint is not rewritten."""
    assert rewritten(triples(shape)) == triples(shape)


IDLE = ("sh:class e:C", "sh:maxCount 1", "sh:in ( 1 )", "sh:nodeKind sh:IRI ; sh:or ( e:C e:V )")
BUSY = ("sh:minCount 1", "sh:hasValue 1", "sh:equals e:p", "sh:class e:C ; sh:minCount 1")


@pytest.mark.parametrize("constraint", [*IDLE, *BUSY])
def test_a_part_without_values_is_left_out_if_it_finds_nothing(constraint: str) -> None:
    """It is left out just where its property is never used and only values could be at fault."""
    shapes = triples(TARGET + f"sh:property e:T . e:T sh:path e:q ; {constraint} . " + INNER)
    changed = without_idle(shapes, {"http://e/p"})
    assert (changed != shapes) == (constraint in IDLE)
    assert without_idle(shapes, {"http://e/q"}) == shapes
    found = {r.shape for r in validate(triples(DATA), shapes).results}
    assert found == {r.shape for r in validate(triples(DATA), shapes, engine="pyshacl").results}
    assert bool(found) == (constraint in BUSY)


def test_a_part_on_a_path_of_several_steps_stays() -> None:
    """What a compound path leads to is not looked up beforehand."""
    shapes = triples(TARGET + "sh:property [ sh:path [ sh:inversePath e:q ] ; sh:maxCount 0 ] .")
    assert without_idle(shapes, set()) == shapes
