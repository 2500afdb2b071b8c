"""Faulty shapes left out: nothing in silence, nothing by default, and no finding that is false."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from samsyn.dataset.exact import Triple, parse
from samsyn.errors import ToolError
from samsyn.layout import Layout
from samsyn.validation import reports
from samsyn.validation.engines.routing import validate
from samsyn.validation.finding import Report
from samsyn.validation.locations import Part
from samsyn.validation.options import REPORTS, Options
from samsyn.validation.run import check
from samsyn.validation.shapes_graph.report import FAULTY, sound

PREFIXES = """@prefix ex: <http://example.org/> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
"""
DATA = PREFIXES + "ex:a a ex:P ; ex:other 1 ."
GOOD = "ex:G a sh:NodeShape ; sh:targetClass ex:P ; sh:property ex:GP ."
GOOD += " ex:GP sh:path ex:good ; sh:minCount 1 ."


def checked(folder: Path, shapes: str, **options: object) -> Report:
    """Check the data against shapes."""
    (folder / "data.ttl").write_text(DATA)
    (folder / "shapes.ttl").write_text(PREFIXES + shapes)
    names = {"paths": (f"{folder}/data.ttl",), "shapes": (f"{folder}/shapes.ttl",)}
    return check(Options.of(**names, **options), Layout.find())


FAULTS = {
    "term": "ex:S sh:targetClass ex:P ; sh:property [ sh:path ex:x ; sh:mincount 1 ] .",
    "type": "ex:S a sh:Nodeshape ; sh:targetClass ex:P ; sh:property"
    " [ sh:path ex:x ; sh:minCount 1 ] .",
    "property-type": "ex:S sh:targetClass ex:P ; sh:property"
    " [ a sh:propertyShape ; sh:path ex:x ; sh:minCount 1 ] .",
    "value": "ex:S sh:targetClass ex:P ; sh:property [ sh:path ex:x ; sh:minCount '1' ] .",
    "path": "ex:S sh:targetClass ex:P ; sh:property [ sh:path 'x' ; sh:minCount 1 ] .",
    "no-path": "ex:S sh:targetClass ex:P ; sh:property [ sh:minCount 1 ] .",
    "nothing": "ex:S sh:targetClass ex:P ; sh:property [] .",
    "not-described": "ex:S sh:targetClass ex:P ; sh:property ex:Gone .",
    "node-not-described": "ex:S sh:targetClass ex:P ; sh:node ex:Gone .",
    "list": "ex:S sh:targetClass ex:P ; sh:or ( ex:Gone [ sh:class ex:Q ] ) .",
    "pattern": "ex:S sh:targetClass ex:P ; sh:property [ sh:path ex:x ; sh:pattern '(' ] .",
    "query": "ex:S sh:targetClass ex:P ; sh:sparql [ sh:select 'SELECT $this { oops' ] .",
    "minus": "ex:S sh:targetClass ex:P ; sh:sparql"
    " [ sh:select 'SELECT $this { $this a ?c MINUS { $this a ?d } }' ] .",
    "script": "ex:S sh:targetClass ex:P ; sh:js [ sh:jsFunctionName 'f' ] .",
    "rule": "ex:S sh:targetClass ex:P ; sh:rule [ a sh:TripleRule ; sh:subject sh:this ;"
    " sh:predicate ex:good ; sh:object 1 ] .",
    "target": "ex:S sh:targetClass 'P' ; sh:nodeKind sh:Literal .",
    "target-query": "ex:S sh:target [ sh:select 'oops' ] ; sh:nodeKind sh:Literal .",
    "itself": "ex:S sh:targetClass ex:P ; sh:node ex:T . ex:T sh:node ex:T ; sh:class ex:Q .",
    "within-not": "ex:S sh:targetClass ex:P ; sh:not [ sh:nodeKind sh:Iri ] .",
    "within-xone": "ex:S sh:targetClass ex:P ; sh:xone ( [ sh:class ex:P ] [ sh:blorp 1 ] ) .",
    "closed": "ex:S sh:targetClass ex:P ; sh:closed true ; sh:ignoredProperties"
    " ( <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> ) ;"
    " sh:property [ sh:path ex:other ; sh:blorp 1 ] .",
    "closed-without-path": "ex:S sh:targetClass ex:P ; sh:closed true ; sh:ignoredProperties"
    " ( <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> ) ; sh:property [ sh:blorp 1 ] .",
    "prefixes": "ex:S sh:targetClass ex:P ; sh:sparql [ sh:prefixes ex:O ;"
    " sh:select 'SELECT $this { $this a ?c }' ] . ex:O sh:declare [ sh:prefix 'a' ] .",
    "component": "ex:C a sh:ConstraintComponent ; sh:parameter [ sh:path ex:limit ] ;"
    " sh:validator [ sh:ask 'oops' ] . ex:S sh:targetClass ex:P ; ex:limit 1 .",
    "function": "ex:f a sh:SPARQLFunction ; sh:select 'oops' . ex:S sh:targetClass ex:P ; sh:sparql"
    " [ sh:select 'SELECT $this { $this a ?c FILTER(<http://example.org/f>()) }' ] .",
    "beside-shapes": "ex:O sh:blorp 1 .",
}


@pytest.mark.parametrize("text", FAULTS.values(), ids=FAULTS)
def test_faulty_shapes_are_left_out_on_request_alone(tmp_path: Path, text: str) -> None:
    """By default they are refused; left out, each is reported, and the others do their work."""
    with pytest.raises(ToolError, match="--allow-faulty-shapes"):
        checked(tmp_path, GOOD + text)
    report = checked(tmp_path, GOOD + text, allow_faulty_shapes=True)
    told = [each for each in report.findings if each.rule == FAULTY]
    assert told
    assert all(each.severity == "warning" for each in told)
    assert any(each.place and each.place.file.endswith("shapes.ttl") for each in told)
    rest = [each.path for each in report.findings if each.rule != FAULTY]
    assert rest == ["http://example.org/good"]
    assert report.exit_code == 1


@pytest.mark.parametrize("form", REPORTS)
def test_every_report_tells_what_was_left_out(tmp_path: Path, form: str) -> None:
    """No format hides that a shape was not used."""
    report = checked(tmp_path, GOOD + FAULTS["term"], allow_faulty_shapes=True)
    text = reports.written(form, report, "en")
    assert "mincount" in text
    assert "SAM-faulty-shape" in text or "faulty-shape" in text


def test_the_exit_code_follows_the_warnings(tmp_path: Path) -> None:
    """What is left out is a warning: it fails a check that warnings fail."""
    text = GOOD.replace("ex:good", "ex:other") + FAULTS["query"]
    assert checked(tmp_path, text, allow_faulty_shapes=True).exit_code == 0
    assert checked(tmp_path, text, allow_faulty_shapes=True, fail_on="warning").exit_code == 1


def test_nothing_left_is_no_check(tmp_path: Path) -> None:
    """Where no shape is left, the shapes are refused as without the option."""
    with pytest.raises(ToolError, match="No shape has a target"):
        checked(tmp_path, FAULTS["target"], allow_faulty_shapes=True)


def test_what_is_told_names_the_shape(tmp_path: Path) -> None:
    """The shape that has the fault is named, or the nearest one with an IRI around it."""
    report = checked(tmp_path, GOOD + FAULTS["value"], allow_faulty_shapes=True)
    [told] = [each for each in json.loads(reports.written("json", report, "en"))["findings"]
              if each["rule"] == FAULTY]  # fmt: skip
    assert told["shape"] == "http://example.org/S"
    assert "sh:minCount takes a whole number" in told["message"]


# Random shapes: what is left finds nothing that the whole would not find.

NODE_RULES = st.sampled_from(["sh:class ex:Q", "sh:nodeKind sh:IRI", "sh:nodeKind sh:Literal"])
VALUE_RULES = st.sampled_from(
    ["sh:minCount 1", "sh:maxCount 1", "sh:class ex:Q", "sh:nodeKind sh:Literal"]
)
PATHS = st.sampled_from(["ex:p", "ex:q", "[ sh:inversePath ex:p ]", "( ex:p ex:q )"])
NESTING = st.sampled_from(["node", "not", "and", "or", "xone", "property", "qualified", "closed"])
COUNT = 7


@st.composite
def graphs(draw: st.DrawFn) -> tuple[str, list[int]]:
    """Draw shapes that refer to later ones, and which of them are to be faulty."""
    text = []
    for number in range(COUNT):
        said = [draw(NODE_RULES)]
        for _ in range(draw(st.integers(0, 2)) if number < COUNT - 1 else 0):
            later = [f"ex:S{draw(st.integers(number + 1, COUNT - 1))}" for _ in range(2)]
            said.append(_nested(draw, draw(NESTING), later))
        target = "sh:targetClass ex:P ;" if number < 3 else ""
        text.append(f"ex:S{number} a sh:NodeShape ; {target} {' ; '.join(said)} .")
    faulty = draw(st.lists(st.integers(0, COUNT - 1), min_size=1, max_size=3, unique=True))
    return " ".join(text), faulty


def _nested(draw: st.DrawFn, kind: str, later: list[str]) -> str:
    if kind in {"and", "or", "xone"}:
        return f"sh:{kind} ( {' '.join(later)} )"
    if kind in {"node", "not"}:
        return f"sh:{kind} {later[0]}"
    path, rule = draw(PATHS), draw(VALUE_RULES)
    if kind == "closed":
        return f"sh:closed true ; sh:property [ sh:path ex:q ; sh:node {later[0]} ]"
    if kind == "qualified":
        most = draw(st.sampled_from(["sh:qualifiedMinCount 1", "sh:qualifiedMaxCount 1"]))
        return f"sh:property [ sh:path {path} ; sh:qualifiedValueShape {later[0]} ; {most} ]"
    return f"sh:property [ sh:path {path} ; {rule} ; sh:node {later[0]} ]"


RANDOM = parse(
    (
        PREFIXES + "ex:a a ex:P ; ex:p ex:b , 1 ; ex:q ex:c . ex:b a ex:Q , ex:P ; ex:p ex:c ."
        " ex:c ex:q 'x' ; ex:p ex:a . ex:d a ex:P ."
    ).encode(),
    "turtle",
)


def triples(text: str) -> list[Triple]:
    """Read Turtle with the prefixes of this module."""
    return [quad.triple for quad in parse((PREFIXES + text).encode(), "turtle")]


def results(shapes: list[Triple] | tuple[Triple, ...]) -> set[tuple[str, str, str, str]]:
    """Return what shapes find in the random data, by what can be compared."""
    found = validate([quad.triple for quad in RANDOM], shapes).results
    return {
        (each.focus, each.value, each.component, each.shape if "_:" not in each.shape else "")
        for each in found
    }


@given(drawn=graphs())
@settings(max_examples=150, deadline=None)
def test_what_is_left_finds_nothing_false(drawn: tuple[str, list[int]]) -> None:
    """Each result without the faulty shapes is one of the whole, had it no faults."""
    text, faulty = drawn
    broken = text + "".join(f" ex:S{number} sh:blorp 1 ." for number in faulty)
    whole = results(triples(text))
    try:
        left = sound([Part("shapes", triples(broken))])
    except ToolError:
        return
    assert results(left.triples) <= whole
    assert len([each for each in left.findings if each.place]) == len(faulty)
