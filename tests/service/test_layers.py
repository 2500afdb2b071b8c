"""The gates on the Python sources: types, lint, layout and the direction of imports."""

from __future__ import annotations

import ast
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

GATES = {
    "mypy": ["mypy"],
    "ruff-check": ["ruff", "check", "."],
    "ruff-format": ["ruff", "format", "--check", "."],
    "import-linter": ["lint-imports", "--no-cache"],
}


def run(command: list[str], folder: Path, source: Path | None = None) -> tuple[int, str]:
    """Run one tool of the environment in a folder."""
    tool = str(Path(sys.executable).parent / command[0])
    environment = os.environ | ({"PYTHONPATH": str(source)} if source else {})
    done = subprocess.run(
        [tool, *command[1:]],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


@pytest.mark.parametrize("gate", GATES)
def test_the_sources_pass(gate: str, root: Path) -> None:
    """Types are strict and sound, the linter has nothing to say, imports go downwards only."""
    code, output = run(GATES[gate], root)
    assert code == 0, output


@pytest.mark.parametrize(
    ("file", "line", "contract"),
    [
        ("names.py", "from samsyn import layout", "layers"),
        ("library.py", "from samsyn import evidence", "layers"),
        ("stray.py", "", "stray"),
        ("sparql/keywords.py", "from samsyn.sparql import index", "layers of SPARQL"),
        ("evidence/skeleton.py", "import rdflib", "libraries"),
        ("layout.py", "import fastapi", "libraries"),
    ],
    ids=["upwards", "sideways", "unlisted", "inside", "library", "web-framework"],
)
def test_a_wrong_import_breaks_the_contract(
    file: str, line: str, contract: str, root: Path, tmp_path: Path
) -> None:
    """The import contract fails for an import upwards, sideways, or of a library out of place."""
    shutil.copytree(root / "service" / "samsyn", tmp_path / "samsyn")
    shutil.copy(root / "pyproject.toml", tmp_path)
    with (tmp_path / "samsyn" / file).open("a", encoding="utf-8") as module:
        module.write(f"\n{line}\n")
    code, output = run(GATES["import-linter"], tmp_path, tmp_path)
    assert code == 1
    assert contract in "\n".join(row for row in output.splitlines() if "KEPT" not in row), output


def imported(path: Path, known: frozenset[str]) -> set[str]:
    """List the modules that a file imports, for type checkers alone too."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {each.name for each in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            for each in node.names:
                name = f"{node.module}.{each.name}"
                found.add(name if name in known else node.module)
    return found & known


def test_no_module_imports_itself_by_way_of_others(root: Path) -> None:
    """There is no circle of imports over modules, benchmarks and types included."""
    files = [
        *(root / "service" / "samsyn").rglob("*.py"),
        *(root / "benchmarks").rglob("*.py"),
    ]
    named = {module(path, root): path for path in files}
    known = frozenset(named)
    left = {name: imported(path, known) - {name} for name, path in named.items()}
    # What imports nothing that is left is taken away until there is no more such.
    while free := [name for name, others in left.items() if not others & left.keys()]:
        for name in free:
            del left[name]
    assert sorted(left) == []


def module(path: Path, root: Path) -> str:
    """Return the name of a module."""
    base = root / "service" if "service" in path.relative_to(root).parts else root
    parts = path.relative_to(base).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
