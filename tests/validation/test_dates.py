"""Dates, times and durations that are none are found, and those that are one are left."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from samsyn import names
from samsyn.dataset.exact import Literal, NamedNode, Triple
from samsyn.layout import Layout
from samsyn.validation import run
from samsyn.validation.dates import RULE, misdated
from samsyn.validation.options import Options

RIGHT = {
    "date": ["2020-02-29", "2000-02-29", "-0001-01-01", "12020-12-31", "2020-01-01+14:00"],
    "time": ["00:00:00", "23:59:59.999Z", "24:00:00"],
    "gYear": ["2019", "0000", "-0044", "2019Z"],
    "gYearMonth": ["2019-12"],
    "gMonth": ["--12"],
    "gMonthDay": ["--02-29", "--12-31Z"],
    "gDay": ["---31"],
    "duration": ["P1Y", "-P1Y2M3DT4H5M6.7S", "PT0S", "P1M"],
    "dayTimeDuration": ["P1D", "PT1M", "-P1DT1H"],
    "yearMonthDuration": ["P1Y", "P13M"],
}
WRONG = {
    "date": ["2019-13-45", "2019-02-29", "1900-02-29", "2019-04-31", "2019-1-1", "soon", "2019"],
    "time": ["24:00:01", "25:00:00", "12:00", "12:00:00+15:00"],
    "gYear": ["soon", "19", "02019", "2019-01"],
    "gYearMonth": ["2019-13", "2019"],
    "gMonth": ["12", "--13", "--1"],
    "gMonthDay": ["--02-30", "--04-31", "12-31"],
    "gDay": ["---32", "31", "--31"],
    "duration": ["P", "PT", "P1S", "1Y", "P1DT", "P-1Y"],
    "dayTimeDuration": ["P1Y", "P1M", "P", "P1DT"],
    "yearMonthDuration": ["P1D", "P", "PT1M"],
}


def _found(name: str, value: str) -> bool:
    literal = Literal(value, datatype=NamedNode(names.XSD + name))
    node = NamedNode("https://example.org/n")
    return bool(list(misdated([Triple(node, node, literal)])))


@pytest.mark.parametrize(("name", "value"), [(n, v) for n, each in RIGHT.items() for v in each])
def test_a_value_of_its_datatype_is_left(name: str, value: str) -> None:
    """Every way to write it that XML Schema has, with blanks around it as well."""
    assert not _found(name, value)
    assert not _found(name, f" {value}\n")


@pytest.mark.parametrize(("name", "value"), [(n, v) for n, each in WRONG.items() for v in each])
def test_no_value_of_its_datatype_is_found(name: str, value: str) -> None:
    """What no calendar or clock has, and what is written otherwise."""
    assert _found(name, value)


@given(st.integers(1, 9999), st.integers(1, 12), st.integers(1, 31))
def test_days_are_those_of_the_calendar(year: int, month: int, day: int) -> None:
    """A date is found exactly if the calendar has no such day."""
    try:
        datetime.date(year, month, day)
        exists = True
    except ValueError:
        exists = False
    assert _found("date", f"{year:04}-{month:02}-{day:02}") != exists


def test_the_check_points_at_the_date(tmp_path: Path) -> None:
    """The finding has the line and column of the literal, and fails the check."""
    file = tmp_path / "a.ttl"
    line = '<urn:n> <urn:begins> "2019-02-30"^^<http://www.w3.org/2001/XMLSchema#date> .\n'
    file.write_text(line, encoding="utf-8")
    report = run.check(Options.of(paths=(str(file),)), Layout.find())
    (finding,) = (each for each in report.findings if each.rule == RULE)
    assert str(finding.place) == f"{file}:1:22"
    assert report.exit_code == 1
