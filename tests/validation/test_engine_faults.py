"""Faults of the SHACL engines: what each answers by itself, and that a check answers rightly.

Each fault is in docs/engines.md. Where an engine answers rightly one day, its test fails here, and
the way round can go.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from samsyn.closure.graph import ClosedGraph
from samsyn.closure.view import View
from samsyn.dataset.exact import Triple, parse_triples
from samsyn.errors import ToolError
from samsyn.validation.engines import default, reference
from samsyn.validation.engines.report import results
from samsyn.validation.engines.routing import validate

PREFIXES = """\
@prefix e: <http://e/> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
e:P sh:declare [ sh:prefix "e" ; sh:namespace "http://e/"^^xsd:anyURI ] ,
  [ sh:prefix "xsd" ; sh:namespace "http://www.w3.org/2001/XMLSchema#"^^xsd:anyURI ] .
"""
ALONE = {"shacl": default.run, "pyshacl": reference.run}


def triples(text: str) -> tuple[Triple, ...]:
    """Read Turtle with the prefixes of this module."""
    return tuple(parse_triples((PREFIXES + text).encode(), "turtle"))


def short(term: str) -> str:
    """Write a term or path without namespaces and angle brackets."""
    return term.replace("http://e/", "").replace("http://www.w3.org/2001/XMLSchema#", "")


def found(data: str, shapes: str, engine: str) -> list[str]:
    """Return focus node, path and value of each result of a check."""
    told = validate(triples(data), triples(shapes), engine=engine).results
    return [short(f"{each.focus} {each.path} {each.value}".strip()) for each in told]


def alone(data: str, shapes: str, engine: str) -> list[str] | str:
    """Return the same for the engine by itself, or what it says against the shapes."""
    view = View(ClosedGraph(triples(data), ()))
    try:
        told = results(ALONE[engine](view, triples(shapes)))
    except ToolError as error:
        return str(error)
    return [short(f"{each.focus} {each.path} {each.value}".strip()) for each in told]


def query(select: str) -> str:
    """Make a shape of a query about the subjects of ``e:p``."""
    return (
        "e:S a sh:NodeShape ; sh:targetSubjectsOf e:p ; sh:sparql"
        f' [ sh:prefixes e:P ; sh:select """{select}""" ] .'
    )


def pattern(text: str, flags: str = "") -> str:
    """Make a shape of a regular expression for the values of ``e:p``."""
    written = text.replace("\\", "\\\\")
    return (
        "e:S a sh:NodeShape ; sh:targetSubjectsOf e:p ;"
        f' sh:property [ sh:path e:p ; sh:pattern "{written}" ; sh:flags "{flags}" ] .'
    )


@dataclass(frozen=True)
class Fault:
    """A fault of an engine.

    Args:
        engine: the engine.
        data: the data.
        shapes: the shapes.
        right: the results that the Recommendation asks for.
        wrong: those of the engine, or a part of what it says against the shapes.
    """

    engine: str
    data: str
    shapes: str
    right: list[str]
    wrong: list[str] | str


def _on_values(engine: str, data: str, asked: str, right: str, wrong: str = "") -> Fault:
    """Make a fault of one constraint on the values of ``e:p``; no wrong results: it conforms."""
    shapes = (
        f"e:S a sh:NodeShape ; sh:targetSubjectsOf e:p ; sh:property [ sh:path e:p ; {asked} ] ."
    )
    return Fault(engine, data, shapes, [right], wrong or [])


_BLANK = short(f"<http://e/a> http://e/p {triples('_:b e:p 1 .')[-1].subject}")
_DAYS = 'e:a e:p "2016-01-01"^^xsd:date ; e:q "2015-01-01"^^xsd:date .'
_CLOSED = "e:S a sh:NodeShape ; sh:targetSubjectsOf e:p ; sh:property [ sh:path e:p ;"
FAULTS = {
    "text-with-a-language-in-a-range": _on_values(
        "shacl", 'e:a e:p "b"@en .', 'sh:minInclusive "a"', '<a> p "b"@en'
    ),
    "address-in-a-range": _on_values(
        "shacl", 'e:a e:p "b"^^xsd:anyURI .', 'sh:minInclusive "a"', '<a> p "b"^^<anyURI>'
    ),
    "number-out-of-its-datatype": _on_values(
        "shacl", 'e:a e:p "300"^^xsd:byte .', "sh:minInclusive 1", '<a> p "300"^^<byte>'
    ),
    "text-less-than-one-with-a-language": _on_values(
        "shacl", 'e:a e:p "a" ; e:q "b"@en .', "sh:lessThan e:q", '<a> p "a"'
    ),
    "python-text-with-a-language-in-a-range": _on_values(
        "pyshacl", 'e:a e:p "b"@en .', 'sh:minInclusive "a"', '<a> p "b"@en'
    ),
    "python-text-less-than-one-with-a-language": _on_values(
        "pyshacl", 'e:a e:p "a" ; e:q "b"@en .', "sh:lessThan e:q", '<a> p "a"'
    ),
    "python-date-and-moment": _on_values(
        "pyshacl",
        'e:a e:p "2020-01-01"^^xsd:date .',
        'sh:maxInclusive "2020-01-02T00:00:00"^^xsd:dateTime',
        '<a> p "2020-01-01"^^<date>',
    ),
    "python-truth-and-number": _on_values(
        "pyshacl", "e:a e:p false .", "sh:maxInclusive 1", '<a> p "false"^^<boolean>'
    ),
    "python-not-a-number": _on_values(
        "pyshacl",
        'e:a e:p "NaN"^^xsd:double .',
        "sh:minInclusive 1.5",
        '<a> p "NaN"^^<double>',
        "InvalidOperation",
    ),
    "python-less-than-of-blank-nodes": _on_values(
        "pyshacl", "e:a e:p _:b ; e:q 1 .", "sh:lessThan e:q", _BLANK, "to compare a BlankNode"
    ),
    "python-length-of-a-blank-node": _on_values(
        "pyshacl", "e:a e:p _:b .", "sh:minLength 0", _BLANK
    ),
    "closed-on-a-property-shape": Fault(
        "shacl",
        "e:a e:p e:b . e:b e:q 1 .",
        _CLOSED + " sh:closed true ; sh:property [ sh:path e:q ] ] .",
        [],
        ["<a> p <b>"],
    ),
    "closed-on-a-property-shape-passes": Fault(
        "shacl",
        "e:a e:p e:b . e:b e:q 1 ; e:r 2 .",
        _CLOSED + " sh:closed true ; sh:ignoredProperties ( e:p ) ;"
        " sh:property [ sh:path e:q ] ] .",
        ['<a> r "2"^^<integer>'],
        [],
    ),
    "dates-compared": Fault(
        "shacl",
        _DAYS,
        query("SELECT $this { $this e:p ?b ; e:q ?e FILTER(?e < ?b) }"),
        ["<a>  <a>"],
        [],
    ),
    "year-of-a-date": Fault(
        "shacl",
        _DAYS,
        query("SELECT $this { $this e:p ?b FILTER(YEAR(?b) = 2016) }"),
        ["<a>  <a>"],
        [],
    ),
    "moments-subtracted": Fault(
        "shacl",
        'e:a e:p "2016-01-01T00:00:00Z"^^xsd:dateTime ; e:q "2016-01-03T00:00:00Z"^^xsd:dateTime .',
        query(
            "SELECT $this { $this e:p ?b ; e:q ?e FILTER(?e - ?b > 'P1D'^^xsd:dayTimeDuration) }"
        ),
        ["<a>  <a>"],
        [],
    ),
    "duration-added-to-a-date": Fault(
        "shacl",
        _DAYS,
        query(
            "SELECT $this { $this e:p ?b ; e:q ?e FILTER(?e + 'P1D'^^xsd:dayTimeDuration < ?b) }"
        ),
        ["<a>  <a>"],
        [],
    ),
    "durations-compared": Fault(
        "shacl",
        'e:a e:p "P1D"^^xsd:dayTimeDuration ; e:q "PT25H"^^xsd:dayTimeDuration .',
        query("SELECT $this { $this e:p ?b ; e:q ?e FILTER(?e > ?b) }"),
        ["<a>  <a>"],
        [],
    ),
    "years-compared": Fault(
        "shacl",
        'e:a e:p "2016"^^xsd:gYear ; e:q "2015"^^xsd:gYear .',
        query("SELECT $this { $this e:p ?b ; e:q ?e FILTER(?e < ?b) }"),
        ["<a>  <a>"],
        [],
    ),
    "times-compared": Fault(
        "shacl",
        'e:a e:p "10:00:00"^^xsd:time ; e:q "09:00:00"^^xsd:time .',
        query("SELECT $this { $this e:p ?b ; e:q ?e FILTER(?e < ?b) }"),
        ["<a>  <a>"],
        [],
    ),
    "cast-to-a-date": Fault(
        "shacl",
        _DAYS,
        query("SELECT $this { $this e:p ?b FILTER(?b > xsd:date('2015-06-01')) }"),
        ["<a>  <a>"],
        "not supported",
    ),
    "value-that-a-query-computes": Fault(
        "shacl",
        "e:a e:p 3 .",
        query("SELECT $this ?value { $this e:p ?v BIND(?v * 2 AS ?value) }"),
        ['<a>  "6"^^<integer>'],
        ["<a>"],
    ),
    "text-of-a-number": Fault(
        "shacl",
        "e:a e:p 01 .",
        query("SELECT $this ?value { $this e:p ?value FILTER(STR(?value) = '01') }"),
        ['<a>  "01"^^<integer>'],
        [],
    ),
    "subtraction-in-a-class": Fault(
        "shacl",
        'e:a e:p "bad" . e:b e:p "bcd" .',
        pattern("^[a-z-[aeiou]]+$"),
        ['<a> p "bad"'],
        [],
    ),
    "word-characters": Fault("shacl", 'e:a e:p "_" .', pattern(r"^\w$"), ['<a> p "_"'], []),
    "white-space": Fault("shacl", 'e:a e:p "\u00a0" .', pattern(r"^\s$"), ['<a> p "\u00a0"'], []),
    "back-reference": Fault(
        "shacl",
        'e:a e:p "abb" . e:b e:p "abc" .',
        pattern(r"(.)\1"),
        ['<b> p "abc"'],
        "not supported",
    ),
    "name-characters": Fault(
        "shacl", 'e:a e:p "a-b" . e:b e:p "-a" .', pattern(r"^\i\c*$"), ['<b> p "-a"'], "pattern"
    ),
    "block-of-characters": Fault(
        "shacl",
        'e:a e:p "a" . e:b e:p "å" .',
        pattern(r"^\p{IsBasicLatin}$"),
        ['<b> p "å"'],
        "pattern",
    ),
    "regular-expression-in-a-query": Fault(
        "shacl",
        'e:a e:p "b" . e:b e:p "a" .',
        query("SELECT $this ?value { $this e:p ?value FILTER(REGEX(?value, '[a-z-[a]]')) }"),
        ['<a>  "b"'],
        ['<a>  "b"', '<b>  "a"'],
    ),
    "python-category": Fault(
        "pyshacl", 'e:a e:p "Åre" . e:b e:p "åre" .', pattern(r"^\p{Lu}"), ['<b> p "åre"'], "escape"
    ),
    "python-end-of-text": Fault(
        "pyshacl", 'e:a e:p "a\\n" .', pattern("^a$"), ['<a> p "a\n"'.replace("\n", "\\n")], []
    ),
    "python-subtraction": Fault(
        "pyshacl",
        'e:a e:p "bcd" . e:b e:p "bad" .',
        pattern("^[a-z-[aeiou]]+$"),
        ['<b> p "bad"'],
        ['<a> p "bcd"', '<b> p "bad"'],
    ),
    "python-cast-to-a-date": Fault(
        "pyshacl",
        _DAYS,
        query("SELECT $this { $this e:p ?b FILTER(?b > xsd:date('2015-06-01')) }"),
        ["<a>  <a>"],
        [],
    ),
    "python-prefixes-of-imports": Fault(
        "pyshacl",
        "e:a e:p e:b .",
        query("SELECT $this { $this e:p e:b }").replace("sh:prefixes e:P", "sh:prefixes e:O")
        + " e:O <http://www.w3.org/2002/07/owl#imports> e:P .",
        ["<a>  <a>"],
        "Unknown namespace prefix",
    ),
}


@pytest.mark.parametrize("name", FAULTS)
def test_the_engine_alone_is_wrong(name: str) -> None:
    """The fault is still there; if this fails, the engine answers rightly now."""
    fault = FAULTS[name]
    told = alone(fault.data, fault.shapes, fault.engine)
    if isinstance(fault.wrong, str):
        assert isinstance(told, str)
        assert fault.wrong in told
    else:
        assert told == fault.wrong
    assert told != fault.right


@pytest.mark.parametrize("name", FAULTS)
def test_a_check_answers_rightly(name: str) -> None:
    """With the same engine a check finds what the Recommendation asks for."""
    fault = FAULTS[name]
    assert found(fault.data, fault.shapes, fault.engine) == fault.right


@pytest.mark.parametrize("name", FAULTS)
def test_a_shape_inside_of_another_is_judged_rightly(name: str) -> None:
    """A node that the shape finds fault with does not conform to it, wherever it is asked."""
    fault = FAULTS[name]
    faulty = sorted({each.split(" ")[0] for each in fault.right})
    inner = fault.shapes.replace("sh:targetSubjectsOf e:p ;", "", 1)
    target = "e:Outer a sh:NodeShape ; sh:targetSubjectsOf e:p ; "
    for outer in ("sh:node e:S", "sh:not [ sh:not e:S ]", "sh:and ( e:S )", "sh:or ( e:S )"):
        told = found(fault.data, f"{inner} {target} {outer} .", fault.engine)
        assert [each.split(" ")[0] for each in told] == faulty
    told = found(fault.data, f"{inner} {target} sh:not e:S .", fault.engine)
    everything = found(fault.data, f"{target} sh:nodeKind sh:Literal .", fault.engine)
    assert sorted(each.split(" ")[0] for each in (*told, *faulty)) == sorted(
        each.split(" ")[0] for each in everything
    )


def test_each_fault_is_documented(root: Path) -> None:
    """The page of the engines has a row for each fault here, by its name."""
    page = (root / "docs" / "engines.md").read_text("utf-8")
    assert [name for name in FAULTS if f"`{name}`" not in page] == []


def _of_values(asked: str) -> str:
    return f"e:S a sh:NodeShape ; sh:targetSubjectsOf e:p ; sh:property [ sh:path e:p ; {asked} ] ."


COMPARED = {
    "python-range-of-another-sort": (
        "e:a e:p 5 .",
        _of_values('sh:minInclusive "2001-01-01"^^xsd:date'),
        1,
    ),
    "python-no-number-in-a-range": (
        'e:a e:p "NaN"^^xsd:double .',
        _of_values("sh:maxInclusive 10"),
        1,
    ),
    "python-less-than-without-a-timezone": (
        'e:a e:p "2020-01-01T00:00:00"^^xsd:dateTime ; e:q "2020-01-01T05:00:00Z"^^xsd:dateTime .',
        _of_values("sh:lessThan e:q"),
        1,
    ),
}
"""Those that samsyn answers rightly, since it compares values itself."""
LEFT = {
    "python-space-in-a-number": (
        'e:a e:p " 5"^^xsd:integer .',
        _of_values("sh:datatype xsd:integer"),
        1,
    ),
    "python-end-of-the-day": (
        'e:a e:p "24:00:00"^^xsd:time .',
        _of_values("sh:datatype xsd:time"),
        0,
    ),
}
"""Data, shapes, and how many results are right where the reference engine has the contrary."""


@pytest.mark.parametrize(("data", "shapes", "right"), LEFT.values(), ids=LEFT)
def test_the_reference_engine_judges_some_literals_wrongly(
    data: str, shapes: str, right: int
) -> None:
    """The default engine is right; with ``--engine pyshacl`` the fault is left, and documented."""
    assert len(found(data, shapes, "shacl")) == right
    assert len(found(data, shapes, "pyshacl")) != right
    assert len(alone(data, shapes, "pyshacl")) != right


@pytest.mark.parametrize(("data", "shapes", "right"), COMPARED.values(), ids=COMPARED)
def test_values_that_the_reference_engine_compares_wrongly_are_compared_rightly(
    data: str, shapes: str, right: int
) -> None:
    """The engine alone has the contrary, and a check with either engine is right."""
    assert len(found(data, shapes, "shacl")) == right
    assert len(found(data, shapes, "pyshacl")) == right
    assert len(alone(data, shapes, "pyshacl")) != right
