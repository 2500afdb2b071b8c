"""Results that look the same: how many there are, and what each says."""

from __future__ import annotations

from pathlib import Path

import pytest

from samsyn.layout import Layout
from samsyn.validation import run
from samsyn.validation.finding import Finding
from samsyn.validation.options import Options
from samsyn.validation.reports.json_report import told
from samsyn.validation.reports.words import about, checked

PREFIXES = "@prefix e: <http://e/> . @prefix sh: <http://www.w3.org/ns/shacl#> . "
CLASSES = (
    "sh:targetSubjectsOf e:owner ; sh:property [ sh:path e:owner ; sh:class e:Person , e:Adult ]"
)
XONE = "sh:targetClass e:P ; sh:xone ( [ sh:class e:A ] [ sh:class e:B ] ) , ( [ sh:class e:C ] )"
LANGUAGES = "sh:targetSubjectsOf e:name ; sh:property [ sh:path e:name ; sh:uniqueLang true ]"
ENGINES = ("shacl", "pyshacl")


def findings(folder: Path, data: str, shape: str, engine: str) -> list[Finding]:
    """Check data against a shape, and return what it finds."""
    for name, text in (("data.ttl", data), ("shapes.ttl", f"e:S a sh:NodeShape ; {shape} .")):
        (folder / name).write_text(PREFIXES + text, encoding="utf-8")
    options = Options.of(
        paths=(str(folder / "data.ttl"),),
        shapes=(str(folder / "shapes.ttl"),),
        infer="none",
        engine=engine,
    )
    return list(run.check(options, Layout.find()).findings)


@pytest.mark.parametrize("engine", ENGINES)
def test_each_result_names_the_class_that_is_missing(tmp_path: Path, engine: str) -> None:
    """A value without two classes has two results, and one that has one of them has one."""
    data = "e:boat1 e:owner e:ann . e:ann a e:Person . e:boat2 e:owner e:thing ."
    found = findings(tmp_path, data, CLASSES, engine)
    told = sorted((each.focus, each.message("en")) for each in found)
    assert told == [
        ("<http://e/boat1>", "The value <http://e/ann> is no <http://e/Adult>."),
        ("<http://e/boat2>", "The value <http://e/thing> is no <http://e/Adult>."),
        ("<http://e/boat2>", "The value <http://e/thing> is no <http://e/Person>."),
    ]
    assert len({each.fingerprint for each in found}) == 2


@pytest.mark.parametrize("engine", ENGINES)
def test_two_lists_give_two_results_without_labels(tmp_path: Path, engine: str) -> None:
    """Each result says which list is not met, and anonymous shapes are written out."""
    told = [each.message("en") for each in findings(tmp_path, "e:x a e:P .", XONE, engine)]
    assert len(told) == 2
    assert len(set(told)) == 2
    assert not any("_:" in each for each in told)
    assert any("[ sh:class <http://e/A> ], [ sh:class <http://e/B> ]" in each for each in told)


@pytest.mark.parametrize("engine", ENGINES)
def test_each_language_has_a_result_and_its_own_places(tmp_path: Path, engine: str) -> None:
    """The texts of a language stand beside its result, and those of no other."""
    data = 'e:a e:name "a"@en , "b"@en , "c"@de , "d"@de , "e"@sv .'
    found = findings(tmp_path, data, LANGUAGES, engine)
    told = [each.message("en") for each in found]
    assert sorted(each.rpartition(" ")[2] for each in told) == ["de.", "en."]
    places = [(each.place, *(other.place for other in each.related)) for each in found]
    columns = [[p.region.column for p in held if p and p.region] for held in places]
    text = (tmp_path / "data.ttl").read_text("utf-8")
    for each, at in zip(told, columns, strict=True):
        tag = each.rpartition(" ")[2].strip(".")
        here = [text[column - 1 :][:6] for column in at if text[column - 1] == '"']
        assert len(here) == 2
        assert all(part.endswith(f"@{tag}") for part in here)


@pytest.mark.parametrize("engine", ENGINES)
def test_a_result_about_a_node_itself_has_a_report(tmp_path: Path, engine: str) -> None:
    """A constraint without a path gives a finding and no exception."""
    shape = "sh:targetObjectsOf e:status ; sh:in ( e:open e:closed )"
    (found,) = findings(tmp_path, "e:case e:status e:pending .", shape, engine)
    assert (found.component, found.path) == ("InConstraintComponent", "")


def test_the_report_says_what_evaluated_which_shapes(tmp_path: Path) -> None:
    """A shape whose query compares dates is named with what answered the query."""
    shape = "sh:targetSubjectsOf e:p ; sh:sparql [ sh:select "
    shape += '"SELECT $this { $this <http://e/p> ?p FILTER(YEAR(?p) < 2000) }" ]'
    data = 'e:a e:p "1999-01-01"^^<http://www.w3.org/2001/XMLSchema#date> .'
    findings(tmp_path, data, shape, "shacl")
    files = {"paths": (str(tmp_path / "data.ttl"),), "shapes": (str(tmp_path / "shapes.ttl"),)}
    report = run.check(Options.of(**files, infer="none"), Layout.find())
    assert report.checked.evaluated == (("http://e/S", "pyoxigraph"),)
    assert "engine: shacl; pyoxigraph for constraints of 1 shape" in checked(report, "en")
    assert told(report, "en")["checked"]["evaluated"] == {"pyoxigraph": ["http://e/S"]}


ANONYMOUS = "_:x a e:P ; e:q _:y . [] a e:P ; e:q [ e:r 3 ] ."
QUERY = "SELECT $this ?value { $this ?p ?value }"
PLACEHOLDERS = 'sh:message "of {$this} and {?value}"'
LABELLED = {
    "length": "sh:property [ sh:path e:q ; sh:minLength 2 ]",
    "node": "sh:nodeKind sh:IRI",
    "query": f'sh:sparql [ {PLACEHOLDERS} ; sh:select "{QUERY}" ]',
    "own-words": f"sh:property [ sh:path e:q ; {PLACEHOLDERS} ; sh:nodeKind sh:Literal ]",
    "parts": "sh:property [ sh:path e:q ; sh:nodeKind sh:IRI ; sh:node [ sh:class e:No ] ]",
}


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("shape", LABELLED.values(), ids=LABELLED)
def test_no_message_has_the_label_of_a_blank_node(
    tmp_path: Path, shape: str, engine: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Engines make such labels, with or without "_:"; the place says which node is meant."""
    found = findings(tmp_path, ANONYMOUS, f"sh:targetClass e:P ; {shape}", engine)
    assert len(found) >= 2
    for each in found:
        labels = [term[2:] for term in (each.focus, each.value) if term.startswith("_:")]
        assert labels
        told_of = each.message("en") + each.message("sv")
        assert "_:" not in told_of
        assert not any(label in told_of for label in labels)
        assert not any("_:" in part for part in about(each))
    capsys.readouterr()


def test_words_that_look_like_a_label_stay_in_a_message(tmp_path: Path) -> None:
    """A message about a node with an IRI is left as the shape has it."""
    shape = 'sh:targetClass e:P ; sh:message "my_:name and x::_:y" ; sh:nodeKind sh:Literal'
    (found,) = findings(tmp_path, "e:a a e:P .", shape, "shacl")
    assert found.message("en") == "my_:name and x::_:y"


COMPONENT = """sh:targetClass e:P ; sh:property [ sh:path e:q ; e:filled true ] .
e:C a sh:ConstraintComponent ; sh:parameter [ sh:path e:filled ] ; sh:propertyValidator [
  sh:select "SELECT $this { FILTER NOT EXISTS { $this $PATH ?any } }" ]"""


@pytest.mark.parametrize("engine", ENGINES)
def test_a_result_without_a_value_names_none(tmp_path: Path, engine: str) -> None:
    """A sentence about the condition ends there, where no value is at fault."""
    (found,) = findings(tmp_path, "e:a a e:P .", COMPONENT, engine)
    assert found.value == ""
    assert found.message("en") == "The node does not meet the condition C."
    assert found.message("sv") == "Noden uppfyller inte villkoret C."


def test_an_expression_belongs_to_the_shape_that_has_it(tmp_path: Path) -> None:
    """Its node is anonymous: the rule has the IRI of the shape, and the shape has a place."""
    (tmp_path / "data.ttl").write_text(PREFIXES + "e:a a e:P .", encoding="utf-8")
    shape = "e:S a sh:NodeShape ; sh:targetClass e:P ; sh:expression [ sh:path e:flag ] ."
    (tmp_path / "shapes.ttl").write_text(PREFIXES + shape, encoding="utf-8")
    paths = (str(tmp_path / "data.ttl"),)
    shapes = (str(tmp_path / "shapes.ttl"),)
    options = Options.of(paths=paths, shapes=shapes, infer="none", advanced=True)
    (found,) = run.check(options, Layout.find()).findings
    assert found.rule == "SAM-shape:http://e/S/ExpressionConstraintComponent"
    assert found.shape == "http://e/S"
    assert found.related


@pytest.mark.parametrize(
    "stated",
    [
        "e:K owl:disjointWith e:L . [] a e:K , e:L .",
        "e:K rdfs:subClassOf [ a owl:Restriction ; owl:onProperty e:p ;"
        ' owl:maxCardinality "0"^^xsd:nonNegativeInteger ] . e:a a e:K ; e:p 0 .',
    ],
)
def test_no_contradiction_is_told_with_the_label_of_a_blank_node(
    tmp_path: Path, stated: str
) -> None:
    """Neither the thing nor the class without a name is called by a label that no file has."""
    heads = {"owl": "2002/07/owl", "rdfs": "2000/01/rdf-schema", "xsd": "2001/XMLSchema"}
    head = "".join(f"@prefix {p}: <http://www.w3.org/{at}#> . " for p, at in heads.items())
    (tmp_path / "data.ttl").write_text(PREFIXES + head + stated, encoding="utf-8")
    found = run.check(Options.of(paths=(str(tmp_path / "data.ttl"),)), Layout.find()).findings
    told_of = [each.message("en") for each in found if each.rule == "SAM-contradiction"]
    assert told_of
    assert not any("_:" in each for each in told_of)
