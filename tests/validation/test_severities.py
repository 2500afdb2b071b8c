"""Severities: those of SHACL 1.0 and 1.2, and those of a shapes graph's own."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from samsyn.dataset.exact import parse_triples
from samsyn.layout import Layout
from samsyn.validation import reports
from samsyn.validation.finding import SEVERITIES, Report
from samsyn.validation.options import REPORTS, Options
from samsyn.validation.rules import Catalogue
from samsyn.validation.run import check

PREFIXES = """
@prefix ex: <http://example.org/> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
"""
BLOCKER = "http://example.org/Blocker"


def checked(folder: Path, severity: str, more: str = "", **options: object) -> Report:
    """Check a node that lacks a property against a shape of a severity."""
    (folder / "data.ttl").write_text(PREFIXES + "ex:b a ex:Boat .")
    (folder / "shapes.ttl").write_text(
        f"{PREFIXES} ex:S a sh:NodeShape ; sh:targetClass ex:Boat ;"
        f" sh:property [ sh:path ex:code ; sh:minCount 1 ; sh:severity {severity} ] . {more}"
    )
    paths = {"paths": (f"{folder}/data.ttl",), "shapes": (f"{folder}/shapes.ttl",)}
    return check(Options.of(**paths, **options), Layout.find())


@pytest.mark.parametrize("engine", ["shacl", "pyshacl"])
@pytest.mark.parametrize(
    ("severity", "weight"),
    [(f"sh:{name.capitalize()}", name) for name in SEVERITIES] + [("ex:Blocker", "violation")],
)
def test_each_severity_is_carried_through(
    tmp_path: Path, severity: str, weight: str, engine: str
) -> None:
    """The result has the severity of its shape, whichever IRI that is (SHACL 2.1.4)."""
    report = checked(tmp_path, severity, engine=engine)
    [found] = report.findings
    assert found.severity == weight
    prefix, _, local = severity.partition(":")
    spaces = {"sh": "http://www.w3.org/ns/shacl#", "ex": "http://example.org/"}
    assert found.severity_iri == spaces[prefix] + local
    assert report.exit_code == (weight == "violation")


@pytest.mark.parametrize(
    ("more", "weight"),
    [
        ("", "violation"),
        ("ex:Blocker skos:broader sh:Info .", "info"),
        ("ex:Blocker skos:broader ex:Minor . ex:Minor skos:broader sh:Warning .", "warning"),
        ("ex:Blocker skos:broader ex:Minor . ex:Minor skos:broader ex:Blocker .", "violation"),
        ("ex:Blocker skos:broader ex:Nothing .", "violation"),
    ],
    ids=["not-declared", "declared", "through-another", "circle", "unknown"],
)
def test_a_severity_of_ones_own_weighs_as_declared(tmp_path: Path, more: str, weight: str) -> None:
    """What a severity is broader than a severity of SHACL gives its place, else it is the worst."""
    report = checked(tmp_path, "ex:Blocker", more)
    [found] = report.findings
    assert (found.severity, found.own_severity) == (weight, BLOCKER)
    assert report.rules[found.rule].severity == weight


@pytest.mark.parametrize("fail_on", SEVERITIES)
@pytest.mark.parametrize("name", SEVERITIES)
def test_fail_on_knows_all_severities(tmp_path: Path, name: str, fail_on: str) -> None:
    """A finding fails the check if it weighs as much as asked for, or more."""
    report = checked(tmp_path, f"sh:{name.capitalize()}", fail_on=fail_on)
    assert report.exit_code == (SEVERITIES.index(name) <= SEVERITIES.index(fail_on))


@pytest.mark.parametrize("form", REPORTS)
@pytest.mark.parametrize("severity", ["ex:Blocker", "sh:Debug", "sh:Trace"])
@pytest.mark.parametrize("language", ["en", "sv"])
def test_every_report_can_tell_every_severity(
    tmp_path: Path, form: str, severity: str, language: str
) -> None:
    """No report fails over a severity, and the own one is named where the report has room."""
    text = reports.written(form, checked(tmp_path, severity), language)
    assert text
    if severity == "ex:Blocker" and form not in {"github", "gitlab"}:
        assert BLOCKER in text or "ex:Blocker" in text


def test_the_turtle_report_has_the_severity_as_the_recommendation_wants_it(tmp_path: Path) -> None:
    """The value of sh:resultSeverity is that of sh:severity (SHACL 3.6.2.6)."""
    text = reports.written("turtle", checked(tmp_path, "ex:Blocker"), "en")
    triples = parse_triples(text.encode(), "turtle")
    severities = [t.object for t in triples if t.predicate.value.endswith("#resultSeverity")]
    assert [str(each) for each in severities] == [f"<{BLOCKER}>"]


def test_sarif_has_a_level_for_a_severity_of_ones_own(tmp_path: Path) -> None:
    """The level is that of what the severity weighs as, and the severity stands beside it."""
    more = "ex:Blocker skos:broader sh:Warning ."
    log = json.loads(reports.written("sarif", checked(tmp_path, "ex:Blocker", more), "en"))
    [result] = log["runs"][0]["results"]
    assert result["level"] == "warning"
    assert result["properties"]["ownSeverity"] == BLOCKER


def test_a_local_name_makes_no_severity() -> None:
    """Another vocabulary's Warning is none of SHACL's."""
    assert Catalogue(()).weight("http://example.org/Warning") == "violation"
