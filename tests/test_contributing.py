"""What CONTRIBUTING.md names is there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
PATHS = sorted(
    {
        word
        for span in re.findall(r"`([^`\n]+)`", PAGE)
        for word in re.findall(r"[\w./-]+/[\w./-]*", span)
        if not re.search(r"[A-Z]{2}|^\.venv", word)
    }
)


def test_paths_are_found() -> None:
    """There are enough of them for the next test to mean something."""
    assert len(PATHS) > 15


@pytest.mark.parametrize("path", PATHS)
def test_a_path_that_is_named_is_there(path: str) -> None:
    """It is a file or folder of the repository, or of the package."""
    if path.endswith("_"):
        assert list((ROOT / path).parent.glob(Path(path).name + "*"))
        return
    assert any((base / path).exists() for base in (ROOT, ROOT / "service/samsyn"))


def test_commands_that_are_named_are_there() -> None:
    """Each `make` target has its rule, and its line in `make help`."""
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    head = makefile.partition("\n\n")[0]
    for target in set(re.findall(r"(?:`|^)make ([a-z-]+)", PAGE, re.MULTILINE)) - {"help", "lock"}:
        assert re.search(rf"^{target}:", makefile, re.MULTILINE), target
        assert f"# make {target}" in head, target
    assert re.search(r"^help:", makefile, re.MULTILINE)
