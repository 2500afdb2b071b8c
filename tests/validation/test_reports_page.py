"""The page on reports says what is so."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

import pytest
from tests.validation.reports import REPORTS

from samsyn.cli.program import main
from samsyn.validation import reports
from samsyn.validation.reports.github import CAP, ROOM

PAGE: Final = (Path(__file__).parents[2] / "docs" / "validate-reports.md").read_text("utf-8")
BLOCK: Final = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
INTRODUCTION, *REST = re.split(r"^## ", PAGE, flags=re.MULTILINE)
SECTIONS: Final = {section.split("\n")[0]: section for section in REST}
SHOWN: Final = [form for form, section in SECTIONS.items() if BLOCK.search(section)]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with the file of the page, as the current one."""
    data = next(text for kind, text in BLOCK.findall(INTRODUCTION) if kind == "turtle")
    (tmp_path / "data.ttl").write_text(data, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("GITHUB_STEP_SUMMARY", raising=False)
    return tmp_path


def test_the_page_has_every_format() -> None:
    """Each format has its row with its media type, and its section; all but one an example."""
    rows = re.findall(r"^\| `(\w+)` \|.*\| `([\w./+-]+)` \|$", INTRODUCTION, re.MULTILINE)
    assert dict(rows) == reports.MEDIA
    assert list(SECTIONS) == [form for form, _ in rows]
    assert set(SECTIONS) - set(SHOWN) == {"html"}


@pytest.mark.parametrize("form", SHOWN)
def test_the_examples_are_true(form: str, folder: Path) -> None:
    """Each example is in the report on the file of the page, line by line."""
    assert main(["validate", "data.ttl", "--report", f"{form}=report"]) == 1
    written = (folder / "report").read_text("utf-8")
    for _, example in BLOCK.findall(SECTIONS[form]):
        assert example in written


@pytest.mark.usefixtures("folder")
def test_the_command_of_the_page_runs() -> None:
    """The command that begins the page writes the reports that it names."""
    (command,) = (text for kind, text in BLOCK.findall(INTRODUCTION) if kind == "sh")
    assert main(command.split()[1:]) == 1
    assert Path("found.sarif").stat().st_size
    assert Path("found.xml").stat().st_size


def test_the_page_names_each_key_of_the_json() -> None:
    """The table of keys has those that the report has, in their order."""
    rows = re.findall(r"^\| (`[^|]+`) \|", SECTIONS["json"], re.MULTILINE)
    listed = [name for cell in rows for name in re.findall(r"`(\w+)`", cell)]
    told = reports.written("json", REPORTS["every-kind"])
    assert listed == re.findall(r'^  "(\w+)":', told, re.MULTILINE)


def test_the_caps_of_the_page_are_those_of_the_program() -> None:
    """Ten annotations of a sort."""
    assert "ten errors, ten warnings and ten notices" in SECTIONS["github"]
    assert (CAP, ROOM) == (10, 1024 * 1024)
