"""The wheel: built without network, installed into an empty environment, asked a question."""

from __future__ import annotations

import csv
import os
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

from samsyn import __version__
from samsyn.layout import FOLDERS

QUESTION = """\
SELECT ?provenanceStatus (COUNT(DISTINCT ?g) AS ?graphs)
WHERE { ?g samsyn:hasProvenanceStatus ?provenanceStatus }
GROUP BY ?provenanceStatus
"""


@pytest.fixture(scope="module")
def environment(wheel: Path, libraries: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An environment with the wheel in it, which borrows the test environment's libraries."""
    folder = tmp_path_factory.mktemp("environment")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(folder)], check=True)
    python = folder / "bin" / "python"
    offline = ["install", "--quiet", "--no-index", "--no-deps", "--disable-pip-version-check"]
    subprocess.run(
        [sys.executable, "-m", "pip", "--python", str(python), *offline, wheel], check=True
    )
    (packages,) = folder.glob("lib/python3*/site-packages")
    (packages / "borrowed.pth").write_text(f"{libraries}\n", encoding="utf-8")
    return folder


def run(environment: Path, *arguments: str, text: str = "") -> str:
    """Run a program of the environment away from the checkout."""
    program, *rest = arguments
    done = subprocess.run(
        [str(environment / "bin" / program), *rest],
        input=text,
        capture_output=True,
        text=True,
        check=False,
        cwd=environment,
        # What an outer environment lays on the path would come before the wheel.
        env={name: value for name, value in os.environ.items() if name != "PYTHONPATH"},
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_wheel_carries_the_graph_and_no_tests(wheel: Path, root: Path) -> None:
    """Every file of the RDF folders is in the wheel, the reports' schema too, and no test is."""
    inside = set(zipfile.ZipFile(wheel).namelist())
    wanted = {
        f"samsyn/_rdf/{path.relative_to(root).as_posix()}"
        for folder in FOLDERS
        for path in (root / folder).rglob("*")
        if path.is_file()
    }
    assert wanted
    assert wanted <= inside
    assert "samsyn/py.typed" in inside
    assert "samsyn/validation/reports/report.schema.json" in inside
    assert not [name for name in inside if name.startswith(("tests/", "docs/"))]
    assert [name for name in inside if name.endswith("licenses/LICENSE-DATA")]


def test_the_wheel_is_what_runs(environment: Path) -> None:
    """The environment runs the package from the wheel, not from the checkout."""
    where = run(environment, "python", "-c", "import samsyn; print(samsyn.__file__)")
    assert Path(where.strip()).is_relative_to(environment)
    assert run(environment, "samsyn", "--version") == f"samsyn {__version__}\n"


def test_the_wheel_answers(environment: Path) -> None:
    """Installed alone, the package computes the closure and answers from all its graphs."""
    out = run(environment, "samsyn", "query", "-", "--format", "csv", text=QUESTION)
    rows = {
        row["provenanceStatus"].rsplit("/", 1)[-1]: int(row["graphs"])
        for row in csv.DictReader(out.splitlines())
    }
    assert {"stated", "editorial", "proposed", "inferred", "schema"} <= set(rows)
    assert rows["inferred"] == 1


def test_the_wheel_knows_the_questions(environment: Path) -> None:
    """A question of the library is asked by name and answered with rows."""
    names = [
        line.split(":")[0] for line in run(environment, "samsyn", "query", "--list").splitlines()
    ]
    assert names
    answer = run(environment, "samsyn", "query", names[0]).splitlines()
    assert answer[-1].endswith(("row", "rows"))
    assert len(answer) > 3


def test_the_source_distribution_carries_what_is_used_in_place(root: Path, tmp_path: Path) -> None:
    """The source distribution has the action, the hooks, the component and the example."""
    command = [sys.executable, "-m", "build", "--sdist", "--no-isolation", "--outdir", tmp_path]
    subprocess.run([*command, root], check=True, capture_output=True)
    (built,) = tmp_path.glob("*.tar.gz")
    with tarfile.open(built) as archive:
        inside = {name.partition("/")[2] for name in archive.getnames()}
    example = root / "examples" / "consumer"
    wanted = {
        path.relative_to(root).as_posix()
        for path in [
            *(root / name for name in ("action.yml", ".pre-commit-hooks.yaml")),
            *(root / "templates").iterdir(),
            *(path for path in example.rglob("*") if path.is_file()),
        ]
    }
    assert f"{example.relative_to(root).as_posix()}/.gitlab-ci.yml" in wanted
    assert wanted <= inside
