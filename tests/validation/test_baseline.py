"""Known findings do not fail a check, and new ones do."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from samsyn.errors import NotFoundError, UsageError
from samsyn.validation.baseline import parted, read, written
from samsyn.validation.finding import Finding, Place, Region

findings = st.lists(
    st.builds(
        lambda number, line: Finding(
            "SAM-x",
            "violation",
            (("en", f"finding {number}"),),
            focus=f"<urn:x-{number}>",
            place=Place("a.ttl", Region(line, 1, line, 2), "value"),
        ),
        st.integers(0, 3),
        st.integers(1, 99),
    ),
    max_size=12,
)


@given(findings)
def test_what_was_written_is_known(
    tmp_path_factory: pytest.TempPathFactory, found: list[Finding]
) -> None:
    """All findings of a baseline are known afterwards, wherever they went, and none is gone."""
    path = tmp_path_factory.mktemp("baseline") / "known.json"
    path.write_text(written(found), encoding="utf-8")
    new, old, gone = parted(found, read(path))
    assert (new, old, gone) == ([], found, 0)


@given(findings, findings)
def test_the_new_and_the_known_are_all(known: list[Finding], found: list[Finding]) -> None:
    """Each finding is new or known, and the known are counted: one excuses one."""
    marks = Counter(finding.fingerprint for finding in known)
    new, old, gone = parted(found, marks)
    assert sorted(map(id, new + old)) == sorted(map(id, found))
    assert not Counter(f.fingerprint for f in old) - marks
    assert gone == sum((marks - Counter(f.fingerprint for f in found)).values())


def test_a_baseline_has_a_finding_a_line() -> None:
    """The file is sorted JSON with a line for each finding, so that changes to it read well."""
    found = [Finding("SAM-b", "info", (("en", "b"),)), Finding("SAM-a", "info", (("en", "a"),))]
    lines = written(found).splitlines()
    assert [line for line in lines if '"rule"' in line] == sorted(
        line for line in lines if '"rule"' in line
    )[::1]
    assert len(json.loads(written(found))["findings"]) == 2
    assert json.loads(written([]))["findings"] == []


@pytest.mark.parametrize(
    "content",
    ["", "{", "[]", '{"version": 2, "findings": []}', '{"version": 1, "findings": [{}]}'],
)
def test_what_is_no_baseline_is_refused(tmp_path: Path, content: str) -> None:
    """A file that is something else is wrong usage, with advice."""
    path = tmp_path / "known.json"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(UsageError) as caught:
        read(path)
    assert "--update-baseline" in str(caught.value)


def test_a_baseline_that_is_not_there_is_told(tmp_path: Path) -> None:
    """A missing file is no empty one."""
    with pytest.raises(NotFoundError):
        read(tmp_path / "known.json")
