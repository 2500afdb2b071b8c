"""The word list: its page, and words that are no longer used."""

from __future__ import annotations

from pathlib import Path

import pytest

from samsyn.dataset.exact import Dataset
from samsyn.layout import Layout
from samsyn.lint import RULES, words


def found(tmp_path: Path, name: str, text: str, known: dict[str, str]) -> list[tuple[int, str]]:
    """Check one file and return line and message of each finding."""
    path = tmp_path / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return [(each.line, each.message) for each in words.check(tmp_path, [path], known)]


@pytest.mark.parametrize(
    "text",
    ["a keeper", "A Keeper dies", "kill_keeper()", "keeper:x", "id/keeper/1", "class Keeper(X):"],
)
def test_a_retired_word_is_found(tmp_path: Path, text: str) -> None:
    """It is found as a word of its own, in any case, in names and in IRIs, on its line."""
    assert "retired-word" in RULES
    assert found(tmp_path, "docs/x.md", f"# x\n{text}\n", {"keeper": "zygote"}) == [
        (2, f"the word {text[text.lower().index('keeper') :][:6]!r} is no longer used")
    ]


@pytest.mark.parametrize("text", ["understanding", "notwithstanding", "Standings", "outstanding"])
def test_part_of_another_word_is_not_found(tmp_path: Path, text: str) -> None:
    """A word inside another one is another word."""
    assert found(tmp_path, "docs/x.md", text, {"standing": "provenance status"}) == []


def test_history_keeps_its_words(tmp_path: Path) -> None:
    """The changelog and the decisions speak of what was."""
    for name in ("CHANGELOG.md", "docs/decisions/0001-x.md"):
        assert found(tmp_path, name, "keeper", {"keeper": "zygote"}) == []


def test_what_is_no_text_is_passed_over(tmp_path: Path) -> None:
    """A picture is not read for words."""
    path = tmp_path / "x.png"
    path.write_bytes(b"\x89PNG\xff keeper")
    assert list(words.check(tmp_path, [path], {"keeper": "zygote"})) == []


def test_retired_words_come_from_the_list(dataset: Dataset) -> None:
    """A hidden label leads to the preferred one of its concept, in its language."""
    known = words.retired(dataset)
    assert known["keeper"] == "zygote"
    assert (known["bridge"], known["bro"]) == ("editorial statement", "redaktionell tolkning")
    assert len(known) > 30


def test_the_page_has_every_concept(layout: Layout, dataset: Dataset) -> None:
    """Each concept of both lists has a row; its module is there."""
    page = words.page(dataset)
    assert page.count("\n| ") > 70
    for row in page.splitlines():
        for part in row.split("`")[1::2]:
            if part.endswith(".py"):
                assert (layout.root / "service" / "samsyn" / part).is_file(), part
