"""The report as JUnit XML."""

from __future__ import annotations

from typing import Final
from xml.etree import ElementTree

import pytest
from junitparser import Failure, JUnitXml, Skipped, TestSuite
from tests.validation.reports import AGE, CONTRADICTION, MISSING, REPORTS, UNKNOWN, report

from samsyn.validation import reports
from samsyn.validation.finding import Report

# What Jenkins' schema lets an element hold, in this order, and which attributes it has to have.
CHILDREN: Final = {
    "testsuites": ("testsuite",),
    "testsuite": ("properties", "testcase", "system-out", "system-err"),
    "properties": ("property",),
    "property": (),
    "testcase": ("skipped", "error", "failure", "system-out", "system-err"),
    "failure": (),
    "skipped": (),
    "system-out": (),
}
NEEDED: Final = {
    "testsuite": {"name", "tests"},
    "testcase": {"name"},
    "property": {"name", "value"},
}
ALLOWED: Final = {
    "testsuite": {"name", "tests", "failures", "errors", "skipped", "time"},
    "testcase": {"name", "classname", "time"},
    "property": {"name", "value"},
    "failure": {"message", "type"},
}


def suite(held: Report, language: str = "en") -> TestSuite:
    """Return the only suite of a report, as another program reads it."""
    (found,) = JUnitXml.fromstring(reports.written("junit", held, language).encode())
    return found


def cases(held: Report) -> dict[tuple[str, str], list[object]]:
    """Return what became of each case, by file and rule."""
    return {(case.classname, case.name.split(": ")[0]): case.result for case in suite(held)}


@pytest.mark.parametrize("name", REPORTS)
def test_its_elements_are_those_of_jenkins(name: str) -> None:
    """Each element holds what Jenkins' schema lets it, in its order, and nothing else."""
    root = ElementTree.fromstring(reports.written("junit", REPORTS[name]))  # noqa: S314  our own
    assert root.tag == "testsuites"
    for element in root.iter():
        order = [CHILDREN[element.tag].index(child.tag) for child in element]
        assert order == sorted(order)
        assert set(element.keys()) >= NEEDED.get(element.tag, set())
        assert set(element.keys()) <= ALLOWED.get(element.tag, set())


@pytest.mark.parametrize("name", REPORTS)
def test_its_counts_are_right(name: str) -> None:
    """Tests, failures and skipped cases are as many as the suite says, and each is there once."""
    found = suite(REPORTS[name])
    results = [type(each) for case in found for each in case.result]
    assert found.tests == len(list(found)) == len(cases(REPORTS[name]))
    assert found.failures == results.count(Failure)
    assert found.skipped == results.count(Skipped)
    assert found.errors == 0


@pytest.mark.parametrize("name", REPORTS)
def test_a_case_fails_where_the_check_does(name: str) -> None:
    """The suite has a failure just if the check has a finding that fails it."""
    assert bool(suite(REPORTS[name]).failures) == bool(REPORTS[name].failing)


def test_there_is_a_case_for_each_shape_and_file() -> None:
    """Each file has a case for each shape and one for its syntax."""
    found = cases(report())
    rules = {rule for _, rule in found}
    files = {file for file, _ in found}
    assert files == set(report().checked.files)
    assert rules >= {"SAM-syntax", "SAM-NetworkShape-label", "SAM-TreatyShape"}
    assert len(found) == len(rules) * len(files)


def test_a_shape_that_matched_nothing_is_skipped() -> None:
    """A case of a shape that looked at no node is skipped, the others are not."""
    for (_, rule), results in cases(report()).items():
        skipped = [isinstance(each, Skipped) for each in results]
        assert skipped == ([True] if rule == "SAM-TreatyShape" else [])


def test_a_failure_says_what_and_where() -> None:
    """A failure has the message and, in its text, the place, the node and the proof."""
    (failure,) = cases(report(CONTRADICTION))["data/networks.ttl", "SAM-contradiction"]
    assert isinstance(failure, Failure)
    assert failure.message == "Nothing is both a country and a network."
    assert failure.text.startswith("data/networks.ttl:12:18: violation: ")
    assert "<https://example.org/small-state>" in failure.text
    assert failure.text.endswith(CONTRADICTION.proof[-1])


def test_several_findings_are_one_failure() -> None:
    """The findings of a case are counted in its message and all stand in its text."""
    (failure,) = cases(report(MISSING, MISSING))["data/networks.ttl", "SAM-NetworkShape-label"]
    assert isinstance(failure, Failure)
    assert failure.message == "2 findings: The network has no label."
    assert failure.text.count("data/networks.ttl:7:1:") == 2


def test_what_does_not_fail_the_check_is_output() -> None:
    """A warning is no failure unless the check fails on warnings."""
    key = ("data/networks.ttl", "SAM-unknown-term")
    case = next(case for case in suite(report(UNKNOWN)) if "unknown" in case.name)
    assert case.result == []
    assert "No such term" in case.system_out
    (failure,) = cases(report(UNKNOWN, fail_on="warning"))[key]
    assert isinstance(failure, Failure)
    assert failure.type == "warning"


def test_odd_characters_arrive() -> None:
    """What XML can hold arrives as it was; a control character becomes a mark of its loss."""
    text = next(
        case.system_out for case in suite(report(AGE)) if "Ålder" in case.name and case.system_out
    )
    assert "Ålder 🙂: 100 % av |värdet|, se ]]> & <script>alert(1)</script>\nrad två" in text
    assert "\ufffd" in text


def test_the_sum_stands_in_properties() -> None:
    """How much was checked is there for programs, and as a line to read."""
    found = {each.name: each.value for each in suite(report()).properties()}
    counts = (found["files"], found["triples"], found["focus-nodes"], found["shapes"])
    assert counts == ("3", "42", "4", "3")
    assert found["unmatched-shapes"] == "https://w3id.org/samsyn/shapes#TreatyShape"
    assert "checked 3 files" in reports.written("junit", report()).split("<system-out>")[-1]
