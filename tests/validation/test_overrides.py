"""Rules can be ignored or weigh more or less, but never so that something passes unchecked."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from samsyn.cli import main
from samsyn.errors import UsageError
from samsyn.layout import Layout
from samsyn.validation import reports, run
from samsyn.validation.finding import SEVERITIES, Report
from samsyn.validation.options import REPORTS, Options
from samsyn.validation.reports import words
from samsyn.validation.shapes_graph import overrides
from samsyn.validation.wording import program

DATA = """\
@prefix samsyn: <https://w3id.org/samsyn/ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix ex: <https://example.org/> .
ex:n a samsyn:Network ; rdfs:label "n"@en ; samsyn:isMemberOf 1 , 2 , 3 ;
  samsyn:hasFormality 1 , 2 , 3 .
ex:m a samsyn:Network .
"""
OBJECT, BILINGUAL, LABEL = "SAM-wrong-object", "SAM-CoreBilingualShape", "SAM-CoreLabelShape"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Return a file with findings of several rules."""
    path = tmp_path / "a.ttl"
    path.write_text(DATA, encoding="utf-8")
    return path


def _report(file: Path, **given: object) -> Report:
    options = Options.of(paths=(str(file),), shapes=("core",), **given)
    return run.check(options, Layout.find())


def _rules(report: Report) -> set[str]:
    return {finding.rule for finding in report.findings}


def test_an_ignored_rule_does_not_count_and_is_named(file: Path) -> None:
    """Its findings are kept apart, every report says how many, and the others stay."""
    before = _report(file)
    after = _report(file, ignore=(OBJECT,))
    assert _rules(after) == _rules(before) - {OBJECT}
    assert len(after.ignored) == 3
    for form in REPORTS:
        if form not in ("gitlab", "github"):
            assert OBJECT in reports.written(form, after, "en"), form
    assert "ignored by the settings: SAM-wrong-object (3)" in reports.written("text", after, "en")
    assert "SAM-wrong-object (3)" in reports.written("text", after, "sv")


@pytest.mark.parametrize("severity", SEVERITIES)
def test_a_severity_that_is_set_decides_what_fails(file: Path, severity: str) -> None:
    """It holds for the findings, for the rule in the report, and for the exit code."""
    ignore = tuple(_rules(_report(file)) - {BILINGUAL})
    report = _report(file, ignore=ignore, severities=(f"{BILINGUAL}={severity}",))
    assert {each.severity for each in report.findings} == {severity}
    assert report.rules[BILINGUAL].severity == severity
    assert report.exit_code == (1 if severity == "violation" else 0)


@pytest.mark.parametrize("rule", sorted(overrides.FIXED))
def test_what_was_not_checked_cannot_be_ignored(file: Path, rule: str) -> None:
    """A syntax error, or a shape that looked at nothing, is no matter of taste."""
    assert rule in program()
    for given in ({"ignore": (rule,)}, {"severities": (f"{rule}=info",)}):
        with pytest.raises(UsageError, match="not checked"):
            _report(file, **given)


def test_a_rule_that_there_is_not_is_refused(file: Path) -> None:
    """A misspelt name would ignore nothing, and nobody would see it; a near one is offered."""
    with pytest.raises(UsageError, match="There is no rule SAM-CoreLabelShap") as caught:
        _report(file, ignore=("SAM-CoreLabelShap",))
    assert LABEL in str(caught.value)
    options = Options.of(paths=(str(file),), shapes=("linking",), ignore=(LABEL,))
    assert run.check(options, Layout.find()).ignored == ()


@pytest.mark.parametrize("wrong", ["SAM-x", "SAM-x=", "=info", "SAM-x=grave"])
def test_a_severity_without_sense_is_refused(wrong: str) -> None:
    """It needs a rule and a severity that there is."""
    with pytest.raises(UsageError, match="RULE=SEVERITY"):
        Options.of(severities=(wrong,))


def test_a_rule_of_ones_own_shapes_can_be_ignored(tmp_path: Path, file: Path) -> None:
    """It is named as the report names it, by its IRI."""
    shapes = tmp_path / "own.ttl"
    shapes.write_text(
        "@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix ex: <https://example.org/> .\n"
        "ex:S a sh:NodeShape ; sh:targetNode ex:n ; sh:property ex:P .\n"
        "ex:P sh:path ex:none ; sh:minCount 1 .\n",
        encoding="utf-8",
    )
    options = Options.of(
        paths=(str(file),), shapes=(str(shapes),), ignore=("SAM-shape:https://example.org/P",)
    )
    report = run.check(options, Layout.find())
    assert (report.findings, len(report.ignored), report.exit_code) == ((), 1, 0)
    misspelt = replace(options, ignore=("SAM-shape:https://example.org/Q",))
    with pytest.raises(UsageError, match="There is no rule SAM-shape"):
        run.check(misspelt, Layout.find())


def test_the_iri_of_a_shape_names_all_rules_inside_it(tmp_path: Path, file: Path) -> None:
    """The rules of its anonymous parts have its IRI and the kind of constraint for a name."""
    shapes = tmp_path / "own.ttl"
    shapes.write_text(
        "@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix ex: <https://example.org/> .\n"
        "ex:S a sh:NodeShape ; sh:targetNode ex:n ;\n"
        "  sh:property [ sh:path ex:none ; sh:minCount 1 ] , [ sh:path ex:p ; sh:hasValue 1 ] .\n",
        encoding="utf-8",
    )
    rule = "SAM-shape:https://example.org/S"
    options = Options.of(paths=(str(file),), shapes=(str(shapes),), ignore=(rule,))
    assert len(run.check(options, Layout.find()).ignored) == 2
    lighter = replace(options, ignore=(), severities=(f"{rule}=info",))
    report = run.check(lighter, Layout.find())
    assert [each.severity for each in report.findings] == ["info", "info"]


def test_settings_may_stand_in_the_file(
    file: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The keys are the options' names; what the command line says goes before them."""
    settings = (
        f'[validate]\npaths = ["a.ttl"]\nshapes = ["core"]\nignore = ["{OBJECT}"]\n'
        f'severity = ["{LABEL}=info"]\n'
    )
    (file.parent / "samsyn.toml").write_text(settings, encoding="utf-8")
    monkeypatch.chdir(file.parent)
    main(["validate", "--report", "json=-"])
    told = json.loads(capsys.readouterr().out)
    assert {each["rule"] for each in told["ignored"]} == {OBJECT}
    assert {each["severity"] for each in told["findings"] if each["rule"] == LABEL} == {"info"}


def test_an_update_of_the_baseline_leaves_ignored_findings_out(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Once the rule counts again, its findings are new."""
    monkeypatch.chdir(file.parent)
    arguments = ["validate", "a.ttl", "--shapes", "core", "--baseline", "known.json"]
    assert main([*arguments, "--ignore", OBJECT, "--update-baseline"]) == 0
    assert OBJECT not in Path("known.json").read_text(encoding="utf-8")
    assert main(arguments) == 1


def test_many_findings_are_counted_by_rule_first(file: Path) -> None:
    """The counts add up, the worst rule comes first, and the list follows."""
    report = _report(file)
    assert words.is_long(report)
    rows = words.by_rule(report, "en")
    assert sum(row.count for row in rows) == len(report.findings)
    order = [SEVERITIES.index(row.severity) for row in rows]
    assert order == sorted(order)
    text = reports.written("text", report, "en")
    table, _, rest = text.partition("\n\n")
    assert [line.split()[0] for line in table.splitlines()] == [str(row.count) for row in rows]
    assert all(f"[{row.rule}]" in table for row in rows)
    assert "a.ttl:4:" in rest and "a.ttl:4:" not in table  # noqa: PT018
    told = json.loads(reports.written("json", report, "en"))
    assert [row["count"] for row in told["summary"]] == [row.count for row in rows]


def test_few_findings_need_no_counting(file: Path) -> None:
    """A short report begins with its first finding."""
    report = _report(file, ignore=(OBJECT, "SAM-CoreObjectShape-isMemberOf"))
    assert not words.is_long(report)
    first = reports.written("text", report, "en").splitlines()[0]
    assert first.startswith(str(file))


def test_a_shape_without_a_constraint_has_not_looked(tmp_path: Path, file: Path) -> None:
    """A forgotten component leaves a shape that asks for nothing: it is named, and counts none."""
    shapes = tmp_path / "own.ttl"
    head = "@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix ex: <https://example.org/> .\n"
    empty = "ex:U a sh:NodeShape ; sh:targetNode ex:n ; ex:maxYears 5 .\n"
    shapes.write_text(head + empty, encoding="utf-8")
    options = Options.of(paths=(str(file),), shapes=(str(shapes),))
    report = run.check(options, Layout.find())
    assert (_rules(report), report.exit_code) == ({"SAM-not-evaluated"}, 4)
    full = "ex:S a sh:NodeShape ; sh:targetNode ex:n ; sh:nodeKind sh:IRI .\n"
    shapes.write_text(head + empty + full, encoding="utf-8")
    report = run.check(options, Layout.find())
    assert (_rules(report), report.exit_code) == ({"SAM-not-evaluated"}, 0)
    assert dict(report.checked.shapes) == {"https://example.org/S": 1}
