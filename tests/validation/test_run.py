"""The validation of the repository's own facts."""

from __future__ import annotations

from pathlib import Path

import pytest

from samsyn.dataset.exact import Dataset, load
from samsyn.errors import SourceError
from samsyn.layout import Layout
from samsyn.validation import run

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
        (folder / "shapes" / run.EXCEPTIONS).write_text(exceptions, encoding="utf-8")
    return load(Layout(folder))


def test_a_clean_repository_is_clean(tmp_path: Path) -> None:
    """Facts that meet all shapes give exit code 0 and a line of counts."""
    outcome = run.check(repository(tmp_path, 'e:a a e:C ; rdfs:label "a" ; rdfs:comment "b" .'))
    assert outcome.exit_code == 0
    assert "checked 1 files, 3 triples, 1 focus nodes with 2 shapes: 0 findings" in "\n".join(
        run.lines(outcome)
    )


def test_a_violation_names_its_file(tmp_path: Path) -> None:
    """A violation breaks the build and names the file in which its node is described."""
    outcome = run.check(repository(tmp_path, 'e:a a e:C ; rdfs:comment "b" .'))
    assert outcome.exit_code == 1
    assert next(run.lines(outcome)) == (
        "data/stated/things.ttl: violation: <http://e/a>"
        " http://www.w3.org/2000/01/rdf-schema#label: no label"
    )


FACT = 'e:a a e:C ; rdfs:label "a" .'
ROW = "http://e/A-note\thttp://e/a\tnothing is known\n"


def test_a_warning_breaks_the_build_unless_listed(tmp_path: Path) -> None:
    """A warning fails, and passes once the table of exceptions gives a reason for it."""
    assert run.check(repository(tmp_path, FACT)).exit_code == 1
    outcome = run.check(repository(tmp_path, FACT, "shape\tfocus\treason\n" + ROW))
    assert (outcome.exit_code, len(outcome.excused)) == (0, 1)


def test_a_stale_exception_breaks_the_build(tmp_path: Path) -> None:
    """An exception that excuses nothing has to go."""
    fact = FACT.replace(" .", ' ; rdfs:comment "b" .')
    outcome = run.check(repository(tmp_path, fact, "shape\tfocus\treason\n" + ROW))
    assert outcome.exit_code == 1
    assert any("stale" in line for line in run.lines(outcome))


@pytest.mark.parametrize("table", [ROW, "shape\tfocus\treason\nhttp://e/A-note\thttp://e/a\n"])
def test_an_exception_needs_a_reason(tmp_path: Path, table: str) -> None:
    """A table without heading or a row without reason is refused."""
    with pytest.raises(SourceError, match=r"advised-exceptions\.tsv:"):
        run.check(repository(tmp_path, FACT, table))


def test_nothing_checked_is_not_clean(tmp_path: Path) -> None:
    """Facts that no shape looks at give exit code 4, so that an empty check cannot pass."""
    outcome = run.check(repository(tmp_path, 'e:a a e:D ; rdfs:label "a" .'))
    assert outcome.exit_code == 4
    assert sum("matched nothing" in line for line in run.lines(outcome)) == 2


DISJOINT = 'e:a a e:C , e:D ; rdfs:label "a" ; rdfs:comment "b" . e:C owl:disjointWith e:D .'


def test_a_contradiction_breaks_the_build_unless_it_is_allowed(tmp_path: Path) -> None:
    """A contradiction is a finding with its rule and the file of its premises."""
    owl = "@prefix owl: <http://www.w3.org/2002/07/owl#> .\n"
    dataset = repository(tmp_path, owl + DISJOINT)
    outcome = run.check(dataset)
    assert outcome.exit_code == 1
    assert (
        "data/stated/things.ttl: contradiction: <http://e/a> belongs to two disjoint classes,"
        " <http://e/C> and <http://e/D> (rule cax-dw)"
    ) in list(run.lines(outcome))
    assert run.check(dataset, allow_clashes=True).exit_code == 0
