"""Where SHACL engines are known to differ or to say nothing: each trap, and that we avoid it."""

from __future__ import annotations

import random
import re
import subprocess
import sys
from collections.abc import Iterator
from itertools import product
from pathlib import Path

import pytest

from samsyn import names
from samsyn.closure.graph import ClosedGraph
from samsyn.closure.view import View
from samsyn.dataset.exact import BlankNode, Dataset, Literal, NamedNode, Triple, parse_triples
from samsyn.errors import ToolError
from samsyn.validation.configuration import known_of
from samsyn.validation.engines import default as module
from samsyn.validation.engines.result import Result
from samsyn.validation.engines.routing import examine, validate
from samsyn.validation.evaluation import Examination, Setup
from samsyn.validation.profiles import find

PROFILES = ("core", "advised")
"""Those that hold all our shapes: each has those of linking, or of required, too."""
ENGINES = ("shacl", "pyshacl")
PREFIXES = """\
@prefix e: <http://e/> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix samsyn: <https://w3id.org/samsyn/ns#> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""
NESTED = """
e:S a sh:NodeShape ; sh:targetSubjectsOf e:p ;
  sh:property [ sh:path e:p ; sh:nodeKind sh:IRI ; sh:property [ sh:path e:q ; sh:minCount 1 ] ] ;
  sh:property [ sh:path ( e:p [ sh:inversePath e:r ] ) ; sh:maxCount 0 ] .
"""
DEPTH = 48
"""How far the default engine follows shapes into one another."""


def triples(text: str) -> tuple[Triple, ...]:
    """Read Turtle with the prefixes of this module."""
    return tuple(parse_triples((PREFIXES + text).encode(), "turtle"))


def results(data: str, shapes: str, engine: str = "shacl") -> tuple[Result, ...]:
    """Check data as it stands."""
    return validate(triples(data), triples(shapes), engine=engine).results


def focuses(data: str, shapes: str, engine: str) -> list[str]:
    """Return the local names of what is found."""
    return [
        result.focus.removeprefix("<http://e/").strip(">")
        for result in results(data, shapes, engine)
    ]


def query(where: str) -> str:
    """Make a shape of what is found for the subjects of ``e:p``."""
    return (
        "e:S a sh:NodeShape ; sh:targetSubjectsOf e:p ; sh:sparql [ sh:prefixes e:P ;"
        f' sh:message "x" ; sh:select """SELECT $this WHERE {{'
        f' $this e:p ?one ; e:q ?other . {where} }}""" ] .'
        'e:P sh:declare [ sh:prefix "e" ; sh:namespace "http://e/"^^xsd:anyURI ] ,'
        f' [ sh:prefix "xsd" ; sh:namespace "{names.XSD}"^^xsd:anyURI ] .'
    )


def queries() -> Iterator[str]:
    """Give the queries of all our shapes."""
    for profile in PROFILES:
        for triple in find(profile).triples():
            if triple.predicate.value in (names.SH + "select", names.SH + "ask"):
                assert isinstance(triple.object, Literal)
                yield triple.object.value


def used(name: str) -> set[str]:
    """Return the subjects of all our shapes that have a property of SHACL."""
    return {
        str(triple.subject)
        for profile in PROFILES
        for triple in find(profile).triples()
        if triple.predicate.value == names.SH + name
    }


# No default messages.


def test_no_engine_has_words_of_its_own() -> None:
    """A shape without a message gives a result without one, which we word ourselves."""
    shapes = "e:S a sh:NodeShape ; sh:targetSubjectsOf e:p ; sh:nodeKind sh:BlankNode ."
    (found,) = results("e:a e:p e:b .", shapes)
    assert found.messages == ()
    assert found.message("sv") == "NodeKindConstraintComponent"
    assert results("e:a e:p e:b .", shapes, "pyshacl")[0].messages == ()


# Dates in queries.

DATES = 'e:a e:p "2016-01-01"^^xsd:date ; e:q "2015-01-01"^^xsd:date .'
MOMENTS = (
    'e:a e:p "2016-01-01T00:00:00Z"^^xsd:dateTime ; e:q "2015-01-01T00:00:00Z"^^xsd:dateTime .'
)
AS_DATES = (
    "FILTER(?one > ?other)",
    "FILTER(DAY(?one) = 1)",
    'FILTER(?one > "2015-06-01"^^xsd:date)',
    "FILTER(?one > xsd:date('2015-06-01'))",
)


@pytest.mark.parametrize("where", AS_DATES)
def test_dates_in_queries_are_compared(where: str) -> None:
    """Both engines find what a comparison of dates finds, though one knows no dates itself."""
    assert [focuses(DATES, query(where), engine) for engine in ENGINES] == [["a"], ["a"]]


@pytest.mark.parametrize(
    ("data", "where"),
    [(DATES, "FILTER(STR(?one) > STR(?other))"), (MOMENTS, "FILTER(?one > ?other)")],
)
def test_dates_as_text_and_moments_are_compared(data: str, where: str) -> None:
    """What our shapes write in place of dates is found by both engines."""
    assert [focuses(data, query(where), engine) for engine in ENGINES] == [["a"], ["a"]]


def test_no_query_of_ours_counts_on_dates() -> None:
    """Our queries compare text, numbers and nodes, take no date apart and make none."""
    found = list(queries())
    assert len(found) > 40
    for each in found:
        assert not re.search(r"\b(YEAR|MONTH|DAY|HOURS|NOW|TZ|TIMEZONE)\s*\(", each, re.IGNORECASE)
        assert not re.search(r"xsd:(date|dateTime|gYear|gYearMonth|time)\s*\(", each)
        for one, other in re.findall(r"(\S+) (?:<=|>=|<|>) (\S+)", each):
            assert comparable(one), each
            assert comparable(other), each


def comparable(operand: str) -> bool:
    """Return whether what stands beside a comparison is text or a number, never a date."""
    numbers = r"[?$](number|later|start|where|end|value)|\d+"
    return "STR(" in operand or bool(re.search(rf"(^|\()({numbers})\)*$", operand))


# The text of a blank node.


def test_a_blank_node_has_no_text_in_queries() -> None:
    """The reference gives a blank node a text, which in SPARQL is an error; the other does not."""
    data, shape = 'e:a e:p [] ; e:q "b" .', query("FILTER(STR(?one) != STR(?other))")
    assert [focuses(data, shape, engine) for engine in ENGINES] == [[], ["a"]]


# A plain literal and one of xsd:string.


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(("asked", "given"), list(product(['"a"', '"a"^^xsd:string'], repeat=2)))
def test_a_plain_text_is_a_string(engine: str, asked: str, given: str) -> None:
    """With or without its datatype a string is one term, in shapes and in data."""
    shapes = "e:S a sh:NodeShape ; sh:targetSubjectsOf e:p ; sh:property e:S-p . "
    shapes += (
        f"e:S-p sh:path e:p ; sh:in ( {asked} ) ; sh:hasValue {asked} ; sh:datatype xsd:string ."
    )
    assert focuses(f"e:a e:p {given} .", shapes, engine) == []


# sh:lessThan.


LESS_THAN = "e:S a sh:NodeShape ; sh:targetSubjectsOf e:p ; sh:property e:S-p . "
LESS_THAN += "e:S-p sh:path e:p ; sh:lessThan e:q ."


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("values", ['"a" ; e:q "b"@en', '"2016-01-01"^^xsd:date ; e:q 2'])
def test_what_cannot_be_compared_is_not_less(values: str, engine: str) -> None:
    """The engines take some of it for comparable; samsyn compares the values itself."""
    assert focuses(f"e:a e:p {values} .", LESS_THAN, engine) == ["a"]


def test_our_shapes_compare_numbers_alone() -> None:
    """The one shape of ours with sh:lessThan is about places in a text, which must be numbers."""
    assert used("lessThan") == {f"<{names.SHAPES}PositionShape-start>"}
    assert used("lessThan") <= used("datatype")
    assert not used("lessThanOrEquals")


# Recursion.


def chain(length: int) -> str:
    """Make shapes that lead from one to the next."""
    links = (f"e:S{n} a sh:NodeShape ; sh:node e:S{n + 1} ." for n in range(length))
    end = f"e:S{length} a sh:NodeShape ; sh:nodeKind sh:BlankNode ."
    return "e:S0 sh:targetSubjectsOf e:p . " + " ".join(links) + end


def test_shapes_that_lead_on_too_far_are_refused() -> None:
    """The default engine follows shapes so far and no farther, and never passes over the rest."""
    assert focuses("e:a e:p e:b .", chain(DEPTH - 2), "shacl") == ["a"]
    with pytest.raises(ToolError, match="shacl"):
        results("e:a e:p e:b .", chain(DEPTH + 2))


def test_our_shapes_do_not_lead_far() -> None:
    """No shape of ours leads back to itself, nor through half as many others."""
    for profile in PROFILES:
        leads: dict[object, set[object]] = {}
        lists = set()
        for triple in find(profile).triples():
            if triple.predicate.value == names.RDF + "first":
                lists.add(triple.subject)
            if triple.predicate.value not in (names.RDF_TYPE, names.SH + "path"):
                leads.setdefault(triple.subject, set()).add(triple.object)
        assert max(depth(node, leads, lists, ()) for node in leads) < DEPTH / 2


def depth(
    node: object, leads: dict[object, set[object]], lists: set[object], above: tuple[object, ...]
) -> int:
    """Count the shapes on the longest way down."""
    assert node not in above
    below = (each for each in leads[node] if each in leads)
    farther = max((depth(each, leads, lists, (*above, node)) for each in below), default=0)
    return farther + (node not in lists)


# Literals as they are written.


@pytest.mark.parametrize("engine", ENGINES)
def test_literals_are_checked_as_they_are_written(engine: str) -> None:
    """No engine gets a literal in another form than the data has it in."""
    shapes = "e:S a sh:NodeShape ; sh:targetSubjectsOf e:p ; sh:property e:S-p . "
    shapes += 'e:S-p sh:path e:p ; sh:pattern "^[1-9]" .'
    data = 'e:a e:p 01 . e:b e:p "001"^^xsd:integer . e:c e:p 1 . e:d e:p "+1"^^xsd:integer .'
    found = results(data, shapes, engine)
    assert {result.value.partition("^^")[0] for result in found} == {'"01"', '"001"', '"+1"'}


# Classes over domains and ranges.


def with_ontology(
    dataset: Dataset, data: str, profile: str, engine: str = "shacl"
) -> set[tuple[str, str]]:
    """Check data with our ontology, and return focus and shape of each result."""
    known = known_of(dataset, with_graph=False).triples()
    setup = Setup(known, find(profile).triples(), "owl-rl", engine)
    results = Examination(triples(data), setup).outcome.results
    return {(r.focus.removeprefix("<http://e/").strip(">"), names.local(r.shape)) for r in results}


LABELLED = 'rdfs:label "x"@sv , "y"@en'


@pytest.mark.parametrize("engine", ENGINES)
def test_a_wrong_class_is_found_after_the_closure(dataset: Dataset, engine: str) -> None:
    """What is in a place does not get the class that the place asks for."""
    data = f"e:a a samsyn:Network ; {LABELLED} ; samsyn:hasPhase e:b . "
    data += f"e:b a samsyn:Body ; {LABELLED} ."
    assert ("a", "CoreObjectShape-hasPhase") in with_ontology(dataset, data, "core", engine)
    data = data.replace("samsyn:Body", "samsyn:NetworkPhase")
    assert ("a", "CoreObjectShape-hasPhase") not in with_ontology(dataset, data, "core", engine)


def test_with_domains_and_ranges_no_class_is_wrong(dataset: Dataset) -> None:
    """The trap itself: under all rules, what is in a place has the class asked for there."""
    known = known_of(dataset, with_graph=False).triples()
    shapes = triples(
        "e:S a sh:NodeShape ; sh:targetSubjectsOf samsyn:hasPhase ; sh:property e:S-phase ."
        "e:S-phase sh:path samsyn:hasPhase ; sh:class samsyn:NetworkPhase ."
    )
    data = triples("e:a samsyn:hasPhase e:b .")
    assert examine(View(ClosedGraph([*known, *data])), shapes).results == ()
    assert Examination(data, Setup(known, shapes)).outcome.results != ()


# What is stated, and what follows.


@pytest.mark.parametrize("engine", ENGINES)
def test_a_marked_shape_sees_stated_data_alone(dataset: Dataset, engine: str) -> None:
    """What feedsInformationTo leads to is no fault until somebody states it."""
    data = f"e:a a samsyn:Body ; {LABELLED} ; samsyn:feedsInformationTo e:b . "
    data += f"e:b a samsyn:Body ; {LABELLED} ; samsyn:feedsInformationTo e:c . "
    data += f"e:c a samsyn:Body ; {LABELLED} . "
    assert with_ontology(dataset, data, "linking", engine) == set()
    found = with_ontology(dataset, data + "e:a samsyn:informs e:c .", "linking", engine)
    assert found == {("a", "LinkedInferredShape-informs")}


def test_the_reference_is_there_on_the_command_line(tmp_path: Path) -> None:
    """With --engine pyshacl a file is checked as without, and the report says by what."""
    file = tmp_path / "data.ttl"
    file.write_text(
        PREFIXES + 'e:a samsyn:hasFormality "informal"@en ; samsyn:hasYear "x"^^xsd:gYear .'
    )
    told = [
        subprocess.run(
            [sys.executable, "-m", "samsyn", "validate", str(file), "--engine", engine],
            capture_output=True,
            text=True,
            check=False,
        )
        for engine in ENGINES
    ]
    assert [each.returncode for each in told] == [1, 1]
    assert "Traceback" not in told[1].stderr
    assert "LinkedConceptShape-hasFormality" in told[0].stdout
    # Of some shapes samsyn compares the values itself, where the reference is not to be trusted.
    alike = re.sub(r"; samsyn for constraints of \d+ shapes", "", told[1].stdout)
    assert alike == told[0].stdout.replace("engine: shacl", "engine: pyshacl")


# Blank nodes, which the default engine names again.


def crowd(size: int, seed: int) -> tuple[Triple, ...]:
    """Make triples of many blank nodes in any order."""
    chance = random.Random(seed)  # noqa: S311  (no secret)
    nodes = [BlankNode(f"x{chance.getrandbits(64):x}") for _ in range(size)]
    ends = [*nodes, NamedNode("http://e/named"), Literal("text")]
    made = [
        Triple(node, NamedNode(f"http://e/{chance.choice('pqr')}"), chance.choice(ends))
        for node in nodes
        for _ in range(chance.randrange(1, 4))
    ]
    chance.shuffle(made)
    return tuple(dict.fromkeys(made))


def without_iri(data: tuple[Triple, ...]) -> set[tuple[str, str]]:
    """Say by hand what the first part of the nested shapes finds."""
    return {
        (str(t.subject), str(t.object))
        for t in data
        if t.predicate.value == "http://e/p" and not isinstance(t.object, NamedNode)
    }


@pytest.mark.parametrize(("size", "seed"), [(0, 0), (1, 1), (2, 2), (50, 3), (5000, 4)])
def test_blank_nodes_keep_their_names(size: int, seed: int) -> None:
    """Each result of the default engine names blank nodes as data and shapes do, however many."""
    data, asked = crowd(size, seed), triples(NESTED)
    outcome = validate(data, asked)
    found = {(r.focus, r.value) for r in outcome.results if r.component.startswith("NodeKind")}
    assert found == without_iri(data)
    nodes = {str(t.subject) for t in asked}
    assert {result.shape for result in outcome.results} <= nodes


@pytest.mark.parametrize("seed", range(5))
def test_blank_nodes_are_the_same_with_both_engines(seed: int) -> None:
    """Both engines name the same blank nodes of data, shapes and paths."""
    data, asked = crowd(40, seed), triples(NESTED)
    keys = [
        {
            (r.focus, r.path, r.value, r.shape, r.component)
            for r in validate(data, asked, engine=e).results
        }
        for e in ENGINES
    ]
    assert keys[0] == keys[1]
    assert len({shape for _, _, _, shape, _ in keys[0]}) == 3


def test_shapes_without_blank_nodes_leave_the_numbers_to_the_data() -> None:
    """Numbers of the data begin where those of the shapes end, be it at nought."""
    asked = triples(
        "e:S a sh:NodeShape ; sh:targetSubjectsOf e:p ; sh:property e:T ."
        "e:T sh:path e:p ; sh:nodeKind sh:IRI ."
    )
    data = crowd(300, 9)
    assert {(r.focus, r.value) for r in validate(data, asked).results} == without_iri(data)


# Details of results.


@pytest.mark.parametrize("engine", ENGINES)
def test_a_detail_is_no_result(engine: str) -> None:
    """What a report says in detail of why a node is not as another shape wants it is left out."""
    shapes = "e:S a sh:NodeShape ; sh:targetSubjectsOf e:p ; sh:node e:T . "
    shapes += "e:T a sh:NodeShape ; sh:nodeKind sh:BlankNode ; sh:property e:T-q . "
    shapes += "e:T-q sh:path e:q ; sh:minCount 1 ."
    (found,) = results("e:a e:p e:b .", shapes, engine)
    assert (found.shape, found.component) == ("http://e/S", "NodeConstraintComponent")


# Only what shapes can look at is handed over.


WIDE = {
    "a path into a list": (
        "sh:property [ sh:nodeKind sh:IRI ;"
        " sh:path ( e:p [ sh:zeroOrMorePath rdf:rest ] rdf:first ) ]"
    ),
    "another property": "sh:property [ sh:path e:p ; sh:equals e:q ]",
    "a closed shape": "sh:closed true ; sh:property [ sh:path e:p ]",
    "a query": 'sh:sparql [ sh:select "SELECT $this WHERE { $this <http://e/r> ?any }" ]',
    "a class": "sh:class e:C",
    "members of a list": "sh:property [ sh:path e:p ; sh:memberShape [ sh:nodeKind sh:IRI ] ]",
}


@pytest.mark.parametrize("name", WIDE)
def test_what_is_not_handed_over_is_not_missed(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The default engine finds the same in all data and in what shapes can look at."""
    shapes = triples(f"e:S a sh:NodeShape ; sh:targetSubjectsOf e:p ; {WIDE[name]} .")
    data = triples(
        "e:a e:p ( 1 e:b ) ; e:q e:c ; e:r e:d . e:b e:p e:c ; a e:D . e:D rdfs:subClassOf e:C ."
    )
    some = validate(data, shapes).results
    monkeypatch.setattr(module, "looked_at", lambda _: None)
    assert some == validate(data, shapes).results
    assert some
