"""The page on security says what is tested, and nothing that is not."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from tests.security import page
from tests.security.threats import THREATS, Held, held

LONGEST = 1000


@pytest.fixture(scope="module")
def text(root: Path) -> str:
    """The page."""
    return (root / page.PAGE).read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def marked(root: Path) -> list[Held]:
    """The tests that carry a mark."""
    return held(root)


def test_the_tables_are_up_to_date(root: Path, text: str) -> None:
    """The tables are those that `python -m tests.security` writes."""
    assert page.current(root) == text, "run: python -m tests.security"


def test_a_page_without_marks_is_refused(tmp_path: Path) -> None:
    """Without the marks around a table there is no telling where it belongs."""
    (tmp_path / "docs").mkdir()
    (tmp_path / page.PAGE).write_text("no marks", encoding="utf-8")
    (tmp_path / "requirements.txt").write_text("", encoding="utf-8")
    with pytest.raises(ValueError, match="lacks the marks"):
        page.current(tmp_path)


def test_every_mark_names_an_attack_of_the_list(marked: list[Held]) -> None:
    """No test is marked with a word that the list does not have."""
    assert {each.key for each in marked} <= set(THREATS)


def test_every_mark_is_on_a_test(marked: list[Held], root: Path) -> None:
    """A mark on anything but a test, or given in another way, would not be seen on the page."""
    written = sum(
        file.read_text(encoding="utf-8").count("mark.threat(")
        for folder in (root / "tests").iterdir()
        if folder.name != Path(__file__).parent.name
        for file in folder.glob("*.py")
    )
    elsewhere = [each for each in marked if not each.file.startswith("tests/security/")]
    assert len(elsewhere) == written
    assert all(each.test.startswith("test_") for each in marked)


@pytest.mark.parametrize("key", THREATS)
def test_every_attack_has_a_test(key: str, marked: list[Held]) -> None:
    """Each attack of the list is tried by a test of the gate."""
    assert [each for each in marked if each.key == key and not each.timed]


def test_settings_and_metrics_are_those_there_are(root: Path, text: str) -> None:
    """Each setting and metric that the page names is in the page on operations."""
    operations = (root / "docs" / "operations.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`([a-z]+(?:_[a-z]+)+)`", text))
    assert named
    assert named <= set(re.findall(r"`(\w+)`", operations))


def test_links_lead_to_files(root: Path, text: str) -> None:
    """Each relative link names a file of the repository."""
    targets = {target for target in re.findall(r"\]\(([^)#]+)[^)]*\)", text) if "://" not in target}
    assert targets
    assert [each for each in sorted(targets) if not (root / "docs" / each).exists()] == []


def test_the_page_is_short(text: str) -> None:
    """Apart from its tables, the page can be read in five minutes."""
    prose = [line for line in text.splitlines() if not line.startswith(("|", "<!--"))]
    assert len(" ".join(prose).split()) <= LONGEST
