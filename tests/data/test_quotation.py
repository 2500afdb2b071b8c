"""No sentence of the brief is in the repository: names and titles apart, nothing is quoted."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from samsyn.dataset.exact import Dataset, Literal
from samsyn.evidence import skeleton

LENGTH = 40
"""How many letters and digits in a row make a quotation."""

NAMES = (
    # The report, the bodies and what the brief calls them.
    "Nordiskt samarbete inom återvändande och återtagande",
    "nordiska samrådsgruppen på hög nivå för flyktingfrågor (NSHF)",
    "NSHF-arbetsgruppen för återvändandefrågor",
    "nordiska plattformen för stöd till återvändande till och återintegrering i Irak (NORAQ)",
    "nordiska återvändandesambandsmän och migrationsattachéer",
    # Headings and the caption of the figure.
    "En enad nordisk front inom återvändande och återtagande?",
    "Bakgrund: historiska grundvalar och nyare förändringar i det nordiska migrationssamarbetet",
    "Figur 1. Viktiga formella och informella nätverk i det nordiska samarbetet kring återvändande",
)
"""Names and titles, which may be in full but not with more than a word around them."""

AROUND = 20
"""How many letters may agree beside a name, by chance or since a word belongs there."""

SKIPPED = {".git", ".venv", ".cache", ".hypothesis", "__pycache__", "build", "dist", "node_modules"}
BINARY = {".png", ".ico", ".woff2", ".gz", ".zip", ".whl", ".pyc"}


def quotations(text: str, grams: frozenset[str]) -> Iterator[str]:
    """Yield the longest runs of letters and digits that a text shares with the brief."""
    letters = skeleton(text)
    begin = -1
    for place in range(len(letters) - LENGTH + 2):
        if letters[place : place + LENGTH] in grams:
            begin = place if begin < 0 else begin
        elif begin >= 0:
            yield letters[begin : place - 1 + LENGTH]
            begin = -1


def unnamed(text: str, grams: frozenset[str]) -> list[str]:
    """Return the quotations in a text that are no part of a listed name or title."""
    return [run for run in quotations(text, grams) if not any(covers(name, run) for name in NAMES)]


def covers(name: str, run: str) -> bool:
    """Return whether a run is part of a name, or the name with hardly more."""
    letters = skeleton(name)
    return run in letters or (letters in run and len(run) - len(letters) < AROUND)


def grams_of(text: str) -> frozenset[str]:
    """Return every run of 40 letters and digits in a text."""
    letters = skeleton(text)
    return frozenset(letters[n : n + LENGTH] for n in range(len(letters) - LENGTH + 1))


def text_files(root: Path) -> list[Path]:
    """Return every file of the checkout that may hold text."""
    found: list[Path] = []
    for path in sorted(root.iterdir()):
        if path.name in SKIPPED or path.name.endswith(".egg-info") or path.is_symlink():
            continue
        if path.is_dir():
            found += text_files(path)
        elif path.suffix not in BINARY:
            found.append(path)
    return found


@pytest.fixture(scope="module")
def grams(brief: str) -> frozenset[str]:
    """Every run of 40 letters and digits in the brief."""
    return grams_of(brief)


def test_no_file_quotes_the_brief(root: Path, grams: frozenset[str]) -> None:
    """No file shares 40 letters and digits in a row with the brief, names and titles apart."""
    files = text_files(root)
    folders = {path.relative_to(root).parts[0] for path in files}
    assert {"data", "links", "ontology", "service", "tests", "pyproject.toml"} <= folders
    found = {
        path.relative_to(root).as_posix(): runs
        for path in files
        if (runs := unnamed(path.read_text(encoding="utf-8", errors="replace"), grams))
    }
    assert found == {}, "say it in our own words, or list the name or title in this test"


def test_no_literal_quotes_the_brief(dataset: Dataset, grams: frozenset[str]) -> None:
    """No literal does either, once its escapes are read."""
    found = {
        str(triple.object): runs
        for graph in dataset.graphs.values()
        for triple in graph.triples
        if isinstance(triple.object, Literal) and len(triple.object.value) >= LENGTH
        if (runs := unnamed(triple.object.value, grams))
    }
    assert found == {}, "say it in our own words, or list the name or title in this test"


def test_every_listed_name_stands_in_the_brief(brief: str) -> None:
    """A name or title is excepted only if the brief has it."""
    letters = skeleton(brief)
    assert [name for name in NAMES if skeleton(name) not in letters] == []


WORDS = "Kaptenen bar ut kaffet på däck medan hamnen frös till, och läste vädret högt för alla."

COPIED = {
    "whole": WORDS,
    "within-other-text": f"Man säger: {WORDS} Så var det.",
    "over-lines": "# " + "\n# ".join(WORDS.split()),
    "in-two-strings": WORDS.replace("däck ", 'däck "\n    "'),
    "at-the-end": "Ni vet: " + WORDS[:60],
    "at-the-start": WORDS[-60:] + " Eller?",
}


@pytest.mark.parametrize("text", COPIED.values(), ids=COPIED)
def test_a_quotation_is_found_wherever_it_stands(text: str) -> None:
    """A quotation is found at either end of a text and over lines, comments and strings."""
    assert unnamed(text, grams_of(WORDS))


def test_short_agreement_and_names_are_no_quotation() -> None:
    """Fewer than 40 letters are no quotation, nor is a listed name; a name with more words is."""
    assert not unnamed(WORDS[:40], grams_of(WORDS))
    sentence = f"Den tjocka rapporten {NAMES[0]} kom ut i våras."
    assert not unnamed(f"Rapporten {NAMES[0]} är ny", grams_of(sentence))
    assert unnamed(f"den tjocka rapporten {NAMES[0]} kom ut", grams_of(sentence))
