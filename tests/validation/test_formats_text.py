"""The report for a person at a terminal, and the expected files of every format."""

from __future__ import annotations

import json
import unicodedata

import pytest
from tests.validation.reports import (
    AGE,
    EXPECTED,
    FILES,
    ITSELF,
    MISSING,
    REPORTS,
    UNKNOWN,
    at,
    expected,
    flood,
    report,
)

from samsyn.validation import reports
from samsyn.validation.finding import Edit, Finding


@pytest.mark.parametrize("file", FILES)
def test_a_report_of_every_kind_is_as_expected(file: str) -> None:
    """The expected files hold; ``python -m tests.validation.reports`` writes them again."""
    assert (EXPECTED / file).read_bytes().decode() == expected(file)


def test_no_expected_file_is_left_over() -> None:
    """Each file of the folder belongs to a format, and each format has one."""
    assert {file.name for file in EXPECTED.iterdir()} == set(FILES)
    assert {form for form, _ in FILES.values()} == {*reports.MEDIA, ""}


def test_a_finding_begins_with_its_place() -> None:
    """File, line, column, severity, message and rule are in one line, the node below."""
    first, second, *_ = reports.written("text", report(MISSING)).splitlines()
    assert first == (
        "data/networks.ttl:7:1: violation: The network has no label. [SAM-NetworkShape-label]"
    )
    assert second == ("    <https://example.org/n> <http://www.w3.org/2000/01/rdf-schema#label>")


def test_a_node_that_is_its_own_value_stands_once() -> None:
    """A shape of the node itself does not show the node twice."""
    assert reports.written("text", report(ITSELF)).count(ITSELF.focus) == 1


def test_the_worst_are_shown_and_the_rest_counted() -> None:
    """Of a flood the worst findings are shown, in their order, and the others counted."""
    text = reports.written("text", flood(30), limit=40)
    assert text.count(": violation: ") == 30
    assert text.count(": warning: ") == 10
    assert ": info: " not in text
    assert "and 50 more; --max-findings 0 shows them" in text
    assert text.index(": warning: ") < text.index(": violation: ")


def test_all_are_shown_without_a_limit() -> None:
    """A limit of 0 is none."""
    text = reports.written("text", flood(30))
    assert text.count("data/networks.ttl:") == 90
    assert "more" not in text


@pytest.mark.parametrize(
    ("file", "said"), [("data/a.ttl", True), ("-", False), ("data/a.ttl.gz", False)]
)
def test_it_says_what_can_be_fixed(file: str, said: bool) -> None:  # noqa: FBT001  it is the rule
    """A finding with an edit says so, unless its file is one that is not edited."""
    edit = Edit(at(file, 1, 1), "x")
    found = Finding(
        "SAM-unknown-term", "warning", UNKNOWN.messages, place=edit.place, edits=(edit,)
    )
    assert ("--fix fixes this" in reports.written("text", report(found))) == said


@pytest.mark.parametrize("name", REPORTS)
def test_data_cannot_move_the_cursor(name: str) -> None:
    """No control character reaches the terminal, nor one that turns the direction of writing."""
    text = reports.written("text", REPORTS[name])
    categories = {unicodedata.category(character) for character in text.replace("\n", "")}
    assert categories.isdisjoint({"Cc", "Zl", "Zp", "Cs"})
    assert "\u202e" not in text


def test_letters_and_signs_are_kept() -> None:
    """Swedish letters, signs of several characters and spaces of every width stay themselves."""
    said = "Å\u00a0ä ö — 👩‍👩‍👧 \u2003é"
    found = Finding("SAM-unknown-term", "info", (("", said),))
    assert said in reports.written("text", report(found))
    assert "🙂" in reports.written("text", report(AGE))


def test_long_lists_of_shapes_are_wrapped() -> None:
    """Shapes that matched nothing are listed in lines of a screen's width."""
    held = REPORTS["clean"]
    shapes = tuple((f"https://w3id.org/samsyn/shapes#Shape-{n}", 0) for n in range(60))
    many = report(checked=type(held.checked)(("a.ttl",), 1, 0, shapes, (), "", ""))
    lines = reports.written("text", many).splitlines()
    assert max(map(len, lines[:-1])) <= 100
    assert sum(line.count("Shape-") for line in lines) == 60


def test_the_rest_of_a_report_file_is_whole() -> None:
    """JSON has all findings, whatever the limit of the screen."""
    found = json.loads(reports.written("json", flood(30), limit=5))
    assert len(found["findings"]) == 90
