"""Every block of the page on clients runs as it stands, apart from the ports."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pytest
from tests.live.serving import PATIENCE, ROOT, Server, serving, serving_files

PAGE: Final = (ROOT / "docs" / "clients.md").read_text(encoding="utf-8")
ENDPOINT: Final = "http://127.0.0.1:8000"
NOTES: Final = "http://127.0.0.1:8001"

# The last name in code before a block of SPARQL or Turtle is that of the file it shows.
FILE = re.compile(r"`([\w-]+\.\w+)`[^`]*\n\n```(?:sparql|turtle)\n(.*?)^```$", re.M | re.S)
BLOCK = re.compile(
    r"^## (.*?)$|^```(sh|python)\n(.*?)^```$(?:\n\n```text\n(.*?)^```$)?", re.M | re.S
)


@dataclass(frozen=True)
class Recipe:
    """A block that runs.

    Args:
        section: the heading under which it stands.
        language: ``sh`` or ``python``.
        text: what is run.
        answer: what it prints, where the page shows it.
    """

    section: str
    language: str
    text: str
    answer: str | None


def _recipes() -> Iterator[Recipe]:
    section = ""
    for found in BLOCK.finditer(PAGE):
        if found[1]:
            section = found[1]
        else:
            yield Recipe(section, *found.groups()[1:])


RECIPES: Final = tuple(_recipes())


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, server: Server) -> Path:
    """A folder with the files that the page shows, to work in."""
    folder = tmp_path_factory.mktemp("clients")
    for name, text in FILE.findall(PAGE):
        (folder / name).write_text(text.replace(ENDPOINT, server.address), encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def writable(folder: Path) -> Iterator[Server]:
    """A server that takes updates from anyone who holds the token."""
    (folder / "token.txt").touch(mode=0o600)
    (folder / "token.txt").write_text("a-token-of-these-tests-only", encoding="utf-8")
    with serving(
        "--update-token-file", "token.txt", "--data-dir", "record", directory=folder
    ) as it:
        yield it


@pytest.fixture(scope="module")
def notes(folder: Path) -> Iterator[str]:
    """The address of a web server of the reader's own, over the same folder."""
    with serving_files(folder) as address:
        yield address


def test_the_page_has_what_it_promises() -> None:
    """Each block is of a known language and taken up by the tests, and each client has one."""
    fences = re.findall(r"^```(\w+)$", PAGE, re.MULTILINE)
    answers = [recipe for recipe in RECIPES if recipe.answer]
    files = FILE.findall(PAGE)
    assert len(fences) == len(RECIPES) + len(answers) + len(files)
    assert [name for name, _ in files] == ["networks.rq", "notes.ttl", "noted.rq"]
    clients = set(re.findall(r"^## (.*)$", PAGE, re.MULTILINE))
    # What YASGUI sends is a test of its own: it needs a browser, and no code.
    assert clients - {recipe.section for recipe in RECIPES} == {
        "Addresses",
        "YASGUI",
        "What an answer means",
    }


@pytest.mark.parametrize(
    "recipe",
    RECIPES,
    ids=[f"{recipe.section}-{number}" for number, recipe in enumerate(RECIPES, start=1)],
)
def test_each_recipe_runs(
    recipe: Recipe, folder: Path, server: Server, notes: str, request: pytest.FixtureRequest
) -> None:
    """Each recipe runs without an error or warning, and prints exactly the answer shown."""
    environment = dict(os.environ)
    if "curl " in recipe.text and shutil.which("curl") is None:
        pytest.skip("no curl")
    if "comunica-" in recipe.text:
        environment = request.getfixturevalue("comunica")
    asked = request.getfixturevalue("writable") if recipe.section == "Writing" else server
    text = recipe.text.replace(ENDPOINT, asked.address).replace(NOTES, notes)
    run = {"sh": ["sh", "-euc"], "python": [sys.executable, "-W", "error", "-c"]}
    done = subprocess.run(
        [*run[recipe.language], text],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE,
    )
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    if recipe.answer is not None:
        assert done.stdout.replace("\r\n", "\n") == recipe.answer


def test_the_joining_query_is_refused_here(folder: Path, server: Server) -> None:
    """The query that runs in the client is forbidden at the endpoint, with its place."""
    query = urllib.parse.urlencode({"query": (folder / "noted.rq").read_text(encoding="utf-8")})
    with pytest.raises(urllib.error.HTTPError, match="403") as refused:
        urllib.request.urlopen(f"{server.address}/sparql?{query}")  # noqa: S310 - our own address
    with refused.value as answer:
        assert json.loads(answer.read())["line"] == 4
