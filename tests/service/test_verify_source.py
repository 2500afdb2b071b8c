"""`samsyn verify-source` as a reader types it."""

from __future__ import annotations

from pathlib import Path

import pytest

from samsyn.cli.program import main


@pytest.fixture
def copy(brief: str, tmp_path: Path) -> Path:
    """A reader's copy of the brief, hyphenated and laid out again."""
    path = tmp_path / "brief.txt"
    path.write_text("\n".join(brief.split()).replace("nätverk", "nät-\nverk"), encoding="utf-8")
    return path


def test_an_honest_copy_verifies(copy: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Every passage is found exactly once, and the exit code is 0."""
    assert main(["verify-source", str(copy)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[-1] == "78 of 78 passages were found exactly once."
    assert {line.split()[0] for line in lines[:-1]} == {"found"}


def test_a_changed_word_is_told_and_ends_in_an_error(
    copy: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """One changed word makes one passage missing, and the exit code is 1."""
    changed = copy.read_text(encoding="utf-8").replace("Island\ninte", "Island\nicke", 1)
    copy.write_text(changed, encoding="utf-8")
    assert main(["verify-source", str(copy)]) == 1
    lines = capsys.readouterr().out.splitlines()
    missing = [line.split() for line in lines if line.startswith("missing")]
    assert missing == [["missing", "s61", "sentence", "61"]]
    assert "77 of 78 passages were found exactly once." in lines


def test_a_passage_is_described_for_a_new_claim(
    copy: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """First and last words give the evidence block of their passage, and the exit code is 0."""
    words = ["Att exempelvis Island", "I sådana fall"]
    assert main(["verify-source", str(copy), "--passage", *words]) == 0
    out = capsys.readouterr().out
    assert "samsyn:hasSentenceNumber 61 , 62 ;" in out
    assert "oa:hasTarget passage:s61-s62-" in out


def test_words_that_fit_nowhere_end_in_an_error(
    copy: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Words that the copy lacks are refused with what to do, and the exit code is 2."""
    assert main(["verify-source", str(copy), "--passage", "Valen dök", "upp igen"]) == 2
    assert "Copy them from it" in capsys.readouterr().err


def test_a_pdf_is_refused_with_what_to_do(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A PDF is refused with the command that takes its text out, and the exit code is 2."""
    path = tmp_path / "brief.pdf"
    path.write_bytes(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
    assert main(["verify-source", str(path)]) == 2
    assert "pdftotext" in capsys.readouterr().err


def test_another_text_is_told_apart(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A text that holds no passage is asked about, and the exit code is 1."""
    path = tmp_path / "other.txt"
    path.write_text("En bok om en ö och dess fyrvaktare.\n", encoding="utf-8")
    assert main(["verify-source", str(path)]) == 1
    assert "Is this the brief" in capsys.readouterr().out
