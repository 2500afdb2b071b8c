"""Reports on thousands of findings stay within what their readers can take."""

from __future__ import annotations

import json
import time
from xml.etree import ElementTree

import html5rdf
import pytest
from tests.validation.reports import flood

from samsyn.validation import reports

MANY = flood(2000)


@pytest.mark.timed
@pytest.mark.parametrize("form", reports.MEDIA)
def test_a_flood_is_written_soon(form: str) -> None:
    """Six thousand findings are written in a few seconds, in every format."""
    began = time.process_time()
    reports.written(form, MANY)
    assert time.process_time() - began < 10


@pytest.mark.parametrize("form", ["text", "json", "sarif", "junit", "gitlab", "turtle", "html"])
def test_a_flood_is_written_whole(form: str) -> None:
    """Each finding of a flood is in the report, whatever the format."""
    text = reports.written(form, MANY)
    assert all(f"Finding {number}." in text for number in (1, 999, 2000))


def test_annotations_of_a_flood_are_few() -> None:
    """GitHub gets thirty lines, of which the last counts the 5,971 others."""
    lines = reports.written("github", MANY).splitlines()
    assert len(lines) == 30
    assert "and 5971 more" in lines[-1]


def test_the_summary_of_a_flood_fits() -> None:
    """The summary of a step keeps below a mebibyte, also where letters take several bytes."""
    assert len(reports.summary(flood(9000), "sv").encode()) <= 1024 * 1024


def test_a_flood_of_a_file_is_folded() -> None:
    """A page shows the worst hundred findings of a file; the rest is folded and counted."""
    root: ElementTree.Element = html5rdf.parse(
        reports.written("html", flood(100)), namespaceHTMLElements=False
    )
    shown = root.findall(".//section/ol/li")
    folded = root.findall(".//section/details/ol/li")
    assert (len(shown), len(folded)) == (100, 200)
    assert {each.get("class") for each in shown} == {"violation"}
    summary = root.find(".//section/details/summary")
    assert summary is not None
    assert summary.text == "further: 200 findings"


def test_few_findings_are_not_folded() -> None:
    """A page with a hundred findings of a file shows them all, in their order."""
    root: ElementTree.Element = html5rdf.parse(
        reports.written("html", flood(33)), namespaceHTMLElements=False
    )
    assert len(root.findall(".//section/ol/li")) == 99
    assert root.find(".//section/details") is None


def test_fingerprints_of_a_flood_differ() -> None:
    """GitLab and SARIF tell six thousand findings apart."""
    issues = json.loads(reports.written("gitlab", MANY))
    assert len({each["fingerprint"] for each in issues}) == 6000
    (run,) = json.loads(reports.written("sarif", MANY))["runs"]
    marks = {tuple(each["partialFingerprints"].values()) for each in run["results"]}
    assert len(marks) == 6000
