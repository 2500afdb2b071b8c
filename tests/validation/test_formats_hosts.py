"""The reports for GitHub and GitLab."""

from __future__ import annotations

import json
import re
from collections import Counter
from dataclasses import replace
from typing import Any

import pytest
from tests.validation.reports import AGE, CONTRADICTION, MISSING, REPORTS, UNKNOWN, flood, report

from samsyn.validation import reports
from samsyn.validation.finding import Finding, Report

Command = tuple[str, dict[str, str], str]


def commands(held: Report) -> list[Command]:
    """Read the workflow commands as GitHub's runner does: split, then undo the escapes."""
    found = []
    for line in reports.written("github", held).split("\n")[:-1]:
        matched = re.fullmatch(r"::(\w+) (.*?)::(.*)", line)
        assert matched is not None
        pairs = (pair.split("=", 1) for pair in matched[2].split(","))
        found.append((matched[1], {key: plain(value) for key, value in pairs}, plain(matched[3])))
    return found


def plain(text: str) -> str:
    """Undo the escapes of a workflow command."""
    for mark, character in (("%0D", "\r"), ("%0A", "\n"), ("%3A", ":"), ("%2C", ","), ("%25", "%")):
        text = text.replace(mark, character)
    return text


def test_an_annotation_stands_at_its_lines() -> None:
    """Sort, file, line, columns, rule and message are those of the finding."""
    first, last = commands(report(MISSING))
    place = {"line": "7", "endLine": "7", "col": "1", "endColumn": "5"}
    title = {"title": "SAM-NetworkShape-label"}
    file = {"file": "data/networks.ttl"}
    assert first == ("error", file | place | title, "The network has no label.")
    assert last[0] == "notice"
    assert "checked 3 files, 42 triples, 4 focus nodes with 3 shapes" in last[2]
    assert "TreatyShape" in last[2]


def test_odd_characters_come_back() -> None:
    """Percent signs, line ends, colons and commas survive; columns within one line only."""
    sort, held, message = commands(report(AGE))[0]
    assert sort == "notice"
    assert held["file"] == "data/år, 1:a|b`c`.ttl"
    assert held["title"] == AGE.rule
    assert message == AGE.message("en")
    assert (held["line"], held["endLine"]) == ("2", "4")
    assert "col" not in held


def test_a_literal_cannot_give_a_command() -> None:
    """A line end in a message starts no command of its own."""
    evil = replace(MISSING, messages=(("", "x\n::set-env name=PATH::/evil\r::error::y"),))
    assert [sort for sort, _, _ in commands(report(evil))] == ["error", "notice"]


def test_standard_input_has_no_file() -> None:
    """What was read from standard input is reported in the message, since no file can be marked."""
    _, held, message = commands(REPORTS["standard-input"])[0]
    assert "file" not in held
    assert message.startswith("standard input, 8:3: ")


def test_annotations_keep_to_the_caps() -> None:
    """At most ten of each sort, the worst first, and the rest is counted."""
    found = commands(flood(30))
    assert Counter(sort for sort, _, _ in found) == {"error": 10, "warning": 10, "notice": 10}
    assert [sort for sort, _, _ in found][:20] == ["error"] * 10 + ["warning"] * 10
    assert "and 61 more" in found[-1][2]
    assert "more" not in commands(flood(9))[-1][2]


def table(summary: str) -> list[list[str]]:
    """Return the rows of a summary's table of findings, without its head."""
    lines = [line for line in summary.splitlines() if line.startswith("|")]
    rows = lines[lines.index("|---|---|---|---|") + 1 :]
    return [re.split(r"(?<!\\)\|", row)[1:-1] for row in rows]


def test_the_summary_counts_by_rule_first() -> None:
    """A flood begins with a row for each rule and severity; they add up to all findings."""
    found = flood(30)
    lines = reports.summary(found).splitlines()
    counts = lines[lines.index("| --- | --- | --- |") + 1 :]
    numbers = [int(line.split("|")[1]) for line in counts[: counts.index("")]]
    assert sum(numbers) == len(found.findings)


def test_the_summary_has_all_findings_and_the_sum() -> None:
    """Each finding is a row, also those beyond the caps of annotations, the worst first."""
    summary = reports.summary(flood(30))
    rows = table(summary)
    assert len(rows) == 90
    assert [row[1].strip() for row in rows] == ["violation"] * 30 + ["warning"] * 30 + ["info"] * 30
    assert "checked 3 files, 42 triples" in summary
    assert "- TreatyShape" in summary


def test_a_message_is_no_markup_in_the_summary() -> None:
    """Bars, tags, backticks and brackets of the data stay what they are."""
    (row,) = table(reports.summary(report(AGE)))
    assert len(row) == 4
    cell = row[3].strip()
    assert re.search(r"(?<!\\)[<>|`*_\[\]&]", cell) is None
    assert re.sub(r"\\(.)", r"\1", cell) == " ".join(AGE.message("en").split())


def test_a_proof_stands_in_the_summary() -> None:
    """The steps of a contradiction are lines of its cell."""
    (row,) = table(reports.summary(report(CONTRADICTION)))
    assert row[3].count("<br>") == 2


def test_the_summary_has_room() -> None:
    """A flood is cut where GitHub's limit of a mebibyte would be passed, and the rest counted."""
    found = flood(4000)
    summary = reports.summary(found)
    assert 1_000_000 < len(summary.encode()) <= 1024 * 1024
    rows = len(table(summary))
    assert f"and {len(found.findings) - rows} more" in summary
    assert "checked 3 files" in summary


def issues(held: Report) -> list[dict[str, Any]]:
    """Return the issues of GitLab's report."""
    return list(json.loads(reports.written("gitlab", held)))


@pytest.mark.parametrize("name", REPORTS)
def test_gitlab_takes_each_issue(name: str) -> None:
    """Each issue has the keys that GitLab asks for, and a fingerprint of its own."""
    found = issues(REPORTS[name])
    assert len(found) == len(REPORTS[name].findings)
    for each in found:
        assert each.keys() == {"description", "check_name", "fingerprint", "severity", "location"}
        assert each["description"]
        assert each["severity"] in {"info", "minor", "major", "critical", "blocker"}
        assert not each["location"]["path"].startswith("./")
        assert each["location"]["lines"]["begin"] >= 1
    assert len({each["fingerprint"] for each in found}) == len(found)


@pytest.mark.parametrize(
    ("finding", "severity"), [(MISSING, "major"), (UNKNOWN, "minor"), (AGE, "info")]
)
def test_gitlab_has_severities_of_its_own(finding: Finding, severity: str) -> None:
    """A violation is major, a warning minor, an info an info."""
    assert issues(report(finding))[0]["severity"] == severity


def test_gitlab_knows_a_finding_again() -> None:
    """The same finding has the same fingerprint, also when another is before it."""
    alone = issues(report(MISSING))[0]["fingerprint"]
    assert alone == issues(report(UNKNOWN, MISSING))[1]["fingerprint"]
    assert alone == issues(report(MISSING, MISSING))[0]["fingerprint"]
