"""The check of the repository's own facts."""

from __future__ import annotations

from pathlib import Path

import pytest

from samsyn.dataset.exact import Dataset, load
from samsyn.errors import SourceError
from samsyn.layout import Layout
from samsyn.validation import own_shapes, reports
from samsyn.validation.finding import Report

PREFIXES = """\
@prefix e: <http://e/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
"""
REQUIRED = """
e:S a sh:NodeShape ; sh:targetClass e:C ; sh:property e:S-label .
e:S-label sh:path rdfs:label ; sh:minCount 1 ; sh:message "no label"@en .
"""
ADVISED = """
e:A a sh:NodeShape ; sh:targetClass e:C ; sh:property e:A-note .
e:A-note sh:path rdfs:comment ; sh:minCount 1 ; sh:severity sh:Warning ; sh:message "no note"@en .
"""


def repository(folder: Path, fact: str, exceptions: str | None = None) -> Dataset:
    """Lay out a tiny repository with one fact file and load it."""
    files = {
        "data/stated/things.ttl": PREFIXES + fact,
        "shapes/required.ttl": PREFIXES + REQUIRED,
        "shapes/advised.ttl": PREFIXES + ADVISED,
    }
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    if exceptions is not None:
        (folder / "shapes" / own_shapes.EXCEPTIONS).write_text(exceptions, encoding="utf-8")
    return load(Layout(folder))


def text(report: Report) -> str:
    """Return what a person reads."""
    return reports.written("text", report)


def test_a_clean_repository_is_clean(tmp_path: Path) -> None:
    """Facts that meet all shapes give exit code 0 and a line of counts."""
    outcome = own_shapes.check(
        repository(tmp_path, 'e:a a e:C ; rdfs:label "a" ; rdfs:comment "b" .')
    )
    assert outcome.exit_code == 0
    assert "nothing found: checked 1 file, 3 triples, 1 focus node with 2 shapes" in text(outcome)


def test_a_violation_names_its_file(tmp_path: Path) -> None:
    """A violation breaks the build and names the file in which its node is described."""
    outcome = own_shapes.check(repository(tmp_path, 'e:a a e:C ; rdfs:comment "b" .'))
    assert outcome.exit_code == 1
    assert text(outcome).startswith("data/stated/things.ttl:4:1: violation: no label [")


FACT = 'e:a a e:C ; rdfs:label "a" .'
ROW = "http://e/A-note\thttp://e/a\tnothing is known\n"


def test_a_warning_breaks_the_build_unless_listed(tmp_path: Path) -> None:
    """A warning fails, and passes once the table of exceptions gives a reason for it."""
    assert own_shapes.check(repository(tmp_path, FACT)).exit_code == 1
    outcome = own_shapes.check(repository(tmp_path, FACT, "shape\tfocus\treason\n" + ROW))
    assert (outcome.exit_code, len(outcome.excused)) == (0, 1)


def test_a_stale_exception_breaks_the_build(tmp_path: Path) -> None:
    """An exception that excuses nothing has to go."""
    fact = FACT.replace(" .", ' ; rdfs:comment "b" .')
    outcome = own_shapes.check(repository(tmp_path, fact, "shape\tfocus\treason\n" + ROW))
    assert outcome.exit_code == 1
    (finding,) = outcome.findings
    assert (finding.rule, str(finding.place)) == (
        own_shapes.STALE,
        f"shapes/{own_shapes.EXCEPTIONS}:2:1",
    )


@pytest.mark.parametrize("table", [ROW, "shape\tfocus\treason\nhttp://e/A-note\thttp://e/a\n"])
def test_an_exception_needs_a_reason(tmp_path: Path, table: str) -> None:
    """A table without heading or a row without reason is refused."""
    with pytest.raises(SourceError, match=r"advised-exceptions\.tsv:"):
        own_shapes.check(repository(tmp_path, FACT, table))


def test_nothing_checked_is_not_clean(tmp_path: Path) -> None:
    """Facts that no shape looks at give exit code 4, so that an empty check cannot pass."""
    outcome = own_shapes.check(repository(tmp_path, 'e:a a e:D ; rdfs:label "a" .'))
    assert outcome.exit_code == 4
    assert outcome.checked.unmatched == ("http://e/A", "http://e/S")


DISJOINT = 'e:a a e:C , e:D ; rdfs:label "a" ; rdfs:comment "b" . e:C owl:disjointWith e:D .'


def test_a_contradiction_breaks_the_build(tmp_path: Path) -> None:
    """A contradiction is a finding with its proof, at a triple that it rests on."""
    prefix = "@prefix owl: <http://www.w3.org/2002/07/owl#> .\n"
    outcome = own_shapes.check(repository(tmp_path, prefix + DISJOINT))
    assert outcome.exit_code == 1
    (finding,) = outcome.findings
    assert finding.rule == "SAM-contradiction"
    assert "http://e/C" in finding.message("en")
    assert "http://e/D" in finding.message("en")
    assert str(finding.place) == "data/stated/things.ttl:5:13"
    assert len(finding.proof) == 2
