"""Results that look the same: how many there are, and what each says."""

from __future__ import annotations

from pathlib import Path

import pytest

from samsyn.layout import Layout
from samsyn.validation import run
from samsyn.validation.finding import Finding
from samsyn.validation.formats.json_report import told
from samsyn.validation.formats.words import checked
from samsyn.validation.options import Options

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
