"""What holds for the reports in every format."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from tests.validation.reports import AGE, MISSING, REPORTS, report

from samsyn.errors import UsageError
from samsyn.positions.text import Region
from samsyn.validation import reports
from samsyn.validation.finding import Finding, Report

CASES = [(form, name) for form in reports.MEDIA for name in REPORTS]


@pytest.mark.parametrize("language", ["sv", "en"])
@pytest.mark.parametrize(("form", "name"), CASES, ids=[f"{f}-{n}" for f, n in CASES])
def test_every_report_can_be_written_and_encoded(form: str, name: str, language: str) -> None:
    """No report stops a format, and what it writes is UTF-8 that ends with a new line."""
    text = reports.written(form, REPORTS[name], language)
    assert text.encode().endswith(b"\n")


@pytest.mark.parametrize(("form", "name"), CASES, ids=[f"{f}-{n}" for f, n in CASES])
def test_a_report_is_the_same_each_time(form: str, name: str) -> None:
    """The same findings give the same bytes."""
    assert reports.written(form, REPORTS[name]) == reports.written(form, REPORTS[name])


@pytest.mark.parametrize("form", [form for form in reports.MEDIA if form not in ("gitlab", "json")])
@pytest.mark.parametrize("name", REPORTS)
def test_each_report_says_how_much_was_checked(form: str, name: str) -> None:
    """Files, triples, focus nodes and shapes are counted; shapes that matched nothing are named."""
    checked = REPORTS[name].checked
    text = reports.written(form, REPORTS[name])
    for number in (len(checked.files), checked.triples, checked.focus_nodes, len(checked.shapes)):
        assert re.search(rf"\b{number}\b", text)
    for shape in checked.unmatched:
        assert shape.rsplit("#", 1)[-1].rsplit("/", 1)[-1] in text


@pytest.mark.parametrize("form", ["text", "github", "junit", "sarif", "html", "turtle"])
@pytest.mark.parametrize(
    ("name", "why"), [("no-triples", "no triples were found"), ("no-nodes", "no shape looks at")]
)
def test_it_is_told_when_nothing_was_checked(form: str, name: str, why: str) -> None:
    """A report that checked nothing does not look like a clean one."""
    text = reports.written(form, REPORTS[name])
    assert f"nothing was checked: {why}" in text


def test_there_is_no_other_format() -> None:
    """An unknown format is refused, and the known ones are named."""
    with pytest.raises(UsageError, match="sarf") as told:
        reports.written("sarf", REPORTS["clean"])
    assert "sarif" in told.value.advice


def moved(finding: Finding, lines: int) -> Finding:
    """Return a finding some lines further down."""
    assert finding.place is not None
    assert finding.place.region is not None
    region = finding.place.region
    below = Region(region.line + lines, region.column, region.end_line + lines, region.end_column)
    return replace(finding, place=replace(finding.place, region=below))


@pytest.mark.parametrize("finding", [MISSING, AGE], ids=["named", "blank"])
def test_fingerprints_stay_when_lines_move(finding: Finding) -> None:
    """In the formats that have fingerprints, they are the same further down in the file."""
    pattern = re.compile(r'"(?:fingerprint|samsynFinding/v1)": "(\w+)"')
    for form in ("json", "sarif", "gitlab"):
        here, there = (
            pattern.findall(reports.written(form, report(each)))
            for each in (finding, moved(finding, 40))
        )
        assert len(here) == 1
        assert here == there


def test_the_words_are_swedish_for_a_swedish_reader() -> None:
    """The sum, the severities and the messages are all in the language asked for."""
    text = reports.written("text", REPORTS["every-kind"], "sv")
    assert "fel: Nätverket saknar etikett. [SAM-NetworkShape-label]" in text
    assert "granskade 3 filer, 42 tripplar, 4 fokusnoder med 3 former" in text
    assert "violation" not in text


def test_an_unknown_language_reads_english() -> None:
    """Where a language has no words, the English ones are in."""
    english, other = (
        reports.written("text", REPORTS["every-kind"], language) for language in ("en", "de")
    )
    assert english == other


def test_every_report_of_the_table_is_used() -> None:
    """The table of reports has the kinds that the formats differ in."""
    assert {held.exit_code for held in REPORTS.values()} == {0, 1, 4}
    assert {held.conforms for held in REPORTS.values()} == {True, False, None}
    assert all(isinstance(held, Report) for held in REPORTS.values())
