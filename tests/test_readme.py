"""The README is true: its blocks run, its map and lists are those of the repository."""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from urllib.request import urlopen

import pytest

from samsyn.cli.program import parser

ADDRESS = "http://127.0.0.1:8000"
PATIENCE = 120
LONGEST = 700

BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@pytest.fixture(scope="module")
def readme(root: Path) -> str:
    """The text of the README."""
    return (root / "README.md").read_text(encoding="utf-8")


def _blocks(text: str) -> list[tuple[str, str]]:
    return [(found[1], found[2]) for found in BLOCK.finditer(text)]


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@pytest.fixture(scope="module")
def address(root: Path) -> Iterator[str]:
    """A server started by the README's command, stopped with its process group."""
    port = _free_port()
    process = subprocess.Popen(
        ["make", "serve", f"PORT={port}"],
        cwd=root,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )
    try:
        _await(f"http://127.0.0.1:{port}/health", process)
        yield f"http://127.0.0.1:{port}"
    finally:
        # `make` and the server it started are a group of their own.
        os.killpg(process.pid, signal.SIGINT)
        process.communicate(timeout=PATIENCE)


def _await(url: str, process: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end and process.poll() is None:
        try:
            with urlopen(url, timeout=5):  # noqa: S310 - our own address
                return
        except OSError:
            time.sleep(0.1)
    pytest.fail("`make serve` did not start a server")


def test_every_block_is_of_a_known_kind(readme: str) -> None:
    """Each block is shell or an answer, and the first is `make serve`."""
    blocks = _blocks(readme)
    assert blocks[0] == ("sh", "make serve\n")
    assert {kind for kind, _ in blocks} == {"sh", "text"}


def test_the_question_has_the_answer_given(readme: str, address: str, root: Path) -> None:
    """`make serve` serves, and the question asked by curl gives exactly the answer shown."""
    if shutil.which("curl") is None:
        pytest.skip("no curl")
    blocks = _blocks(readme)
    asked = [(a[1], b[1]) for a, b in pairwise(blocks) if b[0] == "text"]
    assert asked
    for command, answer in asked:
        assert ADDRESS in command
        script = command.replace(ADDRESS, address)
        done = subprocess.run(
            ["sh", "-euc", script], cwd=root, capture_output=True, text=True, check=True
        )
        assert done.stdout.split("\n") == answer.split("\n")


def test_the_other_commands_run(readme: str, root: Path) -> None:
    """Every other line of shell runs without an error."""
    lines = [line for kind, text in _blocks(readme) if kind == "sh" for line in text.splitlines()]
    commands = [line for line in lines if ".venv/bin/samsyn" in line]
    assert commands
    for command in commands:
        subprocess.run(["sh", "-euc", command], cwd=root, capture_output=True, check=True)


def test_the_folder_map_is_true(readme: str, root: Path) -> None:
    """The table lists every folder of the repository, and no other."""
    listed = set(re.findall(r"^\| `([\w-]+)/` \|", readme, re.MULTILINE))
    ignored = {"build", "dist"}
    present = {path.name for path in root.iterdir() if path.is_dir() and path.name[0] not in "._"}
    assert listed == present - ignored


def test_the_commands_named_are_those_there_are(readme: str) -> None:
    """The README names each subcommand, and none that the program lacks."""
    named = set(re.findall(r"samsyn (serve|[a-z]+(?:-[a-z]+)?)(?= |`)", readme))
    help_text = parser().format_help().partition("options:\n")[0]
    present = set(re.findall(r"^  ([a-z]+(?:-[a-z]+)?)(?=\s)", help_text, re.MULTILINE))
    assert present
    assert named == present


def test_links_lead_to_files(readme: str, root: Path) -> None:
    """Every relative link names a file or folder of the repository."""
    targets = [t for t in re.findall(r"\]\(([^)]+)\)", readme) if "://" not in t]
    assert targets
    assert [target for target in targets if not (root / target).exists()] == []


def test_the_readme_is_short(readme: str) -> None:
    """Apart from blocks it can be read in three minutes."""
    prose = BLOCK.sub("", readme)
    assert len(prose.split()) <= LONGEST
