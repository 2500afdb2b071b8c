"""The example of a partner dataset: its CI files run, from a built wheel in a fresh environment.

The good branch of its data passes everywhere; every fault of the other is reported at its place.
"""

from __future__ import annotations

import csv
import json
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
import yaml
from tests.validation.runner import Action, Component, Outcome, offline

PACKAGED = ("pyproject.toml", "README.md", "LICENSE", "LICENSE-DATA", ".pre-commit-hooks.yaml")
"""What pre-commit needs of the checkout, apart from the folders that the package is made of."""
FOLDERS = ("service", "ontology", "data", "links", "shapes", "queries")
KINDS = {"syntax", "wrong-class", "missing-label", "unknown-term", "contradiction"}


@pytest.fixture
def consumer(root: Path, tmp_path: Path) -> Path:
    """A copy of the example."""
    return Path(shutil.copytree(root / "examples" / "consumer", tmp_path / "consumer"))


@pytest.fixture(scope="module")
def action(root: Path, libraries: Path, tmp_path_factory: pytest.TempPathFactory) -> Action:
    """The action of the checkout, with a folder of its own for temporary files."""
    return Action(root, libraries, tmp_path_factory.mktemp("runner"))


@dataclass(frozen=True)
class Workflow:
    """One run of the example's workflow on GitHub.

    Args:
        project: the copy of the example in which it ran.
        steps: its steps.
        own: the step that uses the action.
        outcome: how the action ended.
        program: what the action has installed.
    """

    project: Path
    steps: list[dict[str, Any]]
    own: dict[str, Any]
    outcome: Outcome
    program: str


@pytest.fixture(scope="module")
def workflow(
    root: Path, action: Action, wheel: Path, tmp_path_factory: pytest.TempPathFactory
) -> Workflow:
    """The workflow run once: the wheel is installed into a fresh environment, the data checked."""
    folder = tmp_path_factory.mktemp("workflow") / "consumer"
    project = Path(shutil.copytree(root / "examples" / "consumer", folder))
    file = project / ".github" / "workflows" / "validate.yml"
    steps = yaml.safe_load(file.read_text(encoding="utf-8"))["jobs"]["validate"]["steps"]
    (own,) = (step for step in steps if step["uses"] == "OWNER/samsyn@VERSION")
    outcome = action.run(project, package=str(wheel), **own.get("with", {}))
    (program,) = action.folder.glob("samsyn.*/bin/samsyn")
    return Workflow(project, steps, own, outcome, str(program))


@pytest.fixture
def component(root: Path, libraries: Path, tmp_path: Path) -> Component:
    """The GitLab component of the checkout."""
    folder = tmp_path / "runner"
    folder.mkdir()
    return Component(root / "templates" / "validate.yml", libraries, folder)


def found(sarif: Path) -> list[tuple[str, str, int, int]]:
    """Return file, rule, line and column of each result of a SARIF report, sorted."""
    (run,) = json.loads(sarif.read_text(encoding="utf-8"))["runs"]
    return sorted(
        (
            place["artifactLocation"]["uri"],
            result["ruleId"],
            place["region"]["startLine"],
            place["region"]["startColumn"],
        )
        for result in run["results"]
        for place in [result["locations"][0]["physicalLocation"]]
    )


def expected(consumer: Path) -> list[tuple[str, str, int, int]]:
    """Return the same from the example's table."""
    with (consumer / "faulty" / "expected.tsv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    return sorted((r["file"], r["rule"], int(r["line"]), int(r["column"])) for r in rows)


def test_there_is_a_fault_of_each_kind(consumer: Path) -> None:
    """Every kind of fault has a file of its own, and the one with bad syntax has three places."""
    rows = expected(consumer)
    assert {Path(file).stem for file, *_ in rows} == KINDS
    assert {path.stem for path in (consumer / "faulty").glob("*.ttl")} == KINDS
    syntax = [row for row in rows if row[0] == "faulty/syntax.ttl" and row[1] == "SAM-syntax"]
    assert len(syntax) == 3


def test_the_example_is_marked_as_invented(consumer: Path) -> None:
    """The example mints names of example.org only, and its dataset says in words what it is."""
    text = "".join(path.read_text("utf-8") for path in sorted(consumer.rglob("*.ttl")))
    assert set(re.findall(r"^@prefix ex: <(.*)>", text, re.MULTILINE)) == {
        "https://example.org/counselling/"
    }
    description = (consumer / "good" / "dataset.ttl").read_text("utf-8")
    assert "allt i det är påhittat" in description
    assert "everything in it is invented" in description


def test_the_workflow_of_the_example_runs(workflow: Workflow) -> None:
    """On GitHub the good branch passes, and the report is there for the step that hands it in."""
    done = workflow.outcome
    assert done.code == 0, done.log
    assert done.outputs == {"exit-code": "0", "sarif-file": "samsyn.sarif"}
    assert found(workflow.project / done.outputs["sarif-file"]) == []
    assert "4 files" in done.summary
    (upload,) = (step for step in workflow.steps if "sarif_file" in step.get("with", {}))
    name = f"steps.{workflow.own['id']}.outputs.sarif-file"
    assert upload["with"]["sarif_file"] == f"${{{{ {name} }}}}"
    assert upload["if"] == f"${{{{ !cancelled() && {name} }}}}"


def test_every_fault_is_reported_at_its_place(
    consumer: Path, action: Action, workflow: Workflow
) -> None:
    """Each fault of the other branch is in the SARIF report with its rule, line and column."""
    inputs = {"inputs.paths": "faulty", "steps.install.outputs.program": workflow.program}
    done = action.step("validate", consumer, **inputs)
    assert done.code == 1, done.log
    assert done.outputs == {"exit-code": "1", "sarif-file": "samsyn.sarif"}
    assert found(consumer / "samsyn.sarif") == expected(consumer)
    assert "::error file=faulty/syntax.ttl,line=13,col=3," in done.log
    assert "SAM-syntax" in done.summary


def test_the_component_runs_on_the_example(
    consumer: Path, component: Component, wheel: Path
) -> None:
    """On GitLab the faulty branch fails, and both reports are there with each of its faults."""
    text = (consumer / ".gitlab-ci.yml").read_text(encoding="utf-8")
    (include,) = yaml.safe_load(text)["include"]
    assert include["component"].endswith("/samsyn/validate@VERSION")
    inputs = include["inputs"] | {"package": str(wheel), "paths": "faulty"}
    done = component.run(consumer, **inputs)
    assert done.code == 1, done.log
    listed = json.loads((consumer / "samsyn-codequality.json").read_text("utf-8"))
    places = {(entry["location"]["path"], entry["check_name"]) for entry in listed}
    assert places == {(file, rule) for file, rule, *_ in expected(consumer)}
    suites = ElementTree.parse(consumer / "samsyn-junit.xml").getroot()  # noqa: S314  our own
    assert suites.findall(".//failure")
    _, job = component.job(**inputs)
    assert set(job["artifacts"]["reports"].values()) <= {file.name for file in consumer.iterdir()}


@dataclass(frozen=True)
class PreCommit:
    """pre-commit in a copy of the example that is a repository.

    Args:
        project: the copy.
        environment: the variables with which it runs.
    """

    project: Path
    environment: dict[str, str]

    def run(self, *arguments: str) -> tuple[int, str]:
        """Stage everything and run pre-commit."""
        git(self.project, self.environment, "add", "--all")
        done = subprocess.run(
            [sys.executable, "-m", "pre_commit", "run", *arguments],
            cwd=self.project,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        return done.returncode, done.stdout


def git(folder: Path, environment: dict[str, str], *arguments: str) -> str:
    """Run git in a folder and return what it writes."""
    command = ["git", "-c", "user.name=x", "-c", "user.email=x@example.org", *arguments]
    done = subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, check=True
    )
    return done.stdout.strip()


@pytest.fixture
def pre_commit(root: Path, consumer: Path, libraries: Path, tmp_path: Path) -> PreCommit:
    """pre-commit, with the hooks of this checkout where the example names a place on the web."""
    if shutil.which("git") is None:
        pytest.skip("no git")
    environment = offline(tmp_path, libraries) | {
        "GIT_CONFIG_GLOBAL": "/dev/null",
        "GIT_CONFIG_NOSYSTEM": "1",
        # The build tool is among the borrowed libraries.
        "PIP_NO_BUILD_ISOLATION": "0",
        "PRE_COMMIT_HOME": str(tmp_path / "pre-commit"),
        "VIRTUALENV_NO_PERIODIC_UPDATE": "1",
        "VIRTUALENV_OVERRIDE_APP_DATA": str(tmp_path / "virtualenv"),
    }
    hooks = tmp_path / "hooks"
    hooks.mkdir()
    for name in PACKAGED:
        shutil.copy(root / name, hooks)
    for name in FOLDERS:
        ignored = shutil.ignore_patterns("__pycache__")
        shutil.copytree(root / name, hooks / name, ignore=ignored)
    for folder in (hooks, consumer):
        git(folder, environment, "init", "--quiet")
    git(hooks, environment, "add", "--all")
    git(hooks, environment, "commit", "--quiet", "--message", "hooks")
    config = consumer / ".pre-commit-config.yaml"
    text = config.read_text(encoding="utf-8")
    text = text.replace("https://github.com/OWNER/samsyn", str(hooks))
    text = text.replace("rev: VERSION", f"rev: {git(hooks, environment, 'rev-parse', 'HEAD')}")
    config.write_text(text, encoding="utf-8")
    return PreCommit(consumer, environment)


def test_the_hooks_run_on_the_example(pre_commit: PreCommit) -> None:
    """pre-commit installs the package by itself; the good branch passes both hooks."""
    code, log = pre_commit.run("--all-files")
    assert code == 0, log
    assert len(re.findall(r"^samsyn, .*Passed$", log, re.MULTILINE)) == 2

    faulty = pre_commit.project / "faulty" / "syntax.ttl"
    shutil.copy(faulty, pre_commit.project / "good" / "new.ttl")
    code, log = pre_commit.run("samsyn-syntax")
    assert code == 1
    (first, *_) = [row for row in expected(pre_commit.project) if row[0] == "faulty/syntax.ttl"]
    assert f"good/new.ttl:{first[2]}:{first[3]}" in log

    wrong = pre_commit.project / "faulty" / "wrong-class.ttl"
    shutil.copy(wrong, pre_commit.project / "good" / "new.ttl")
    assert pre_commit.run("samsyn-syntax")[0] == 0
    code, log = pre_commit.run("samsyn-validate")
    assert code == 1
    assert "SAM-LinkedConceptShape-hasLevel" in log


def test_the_readme_of_the_example_is_true(
    consumer: Path, action: Action, workflow: Workflow
) -> None:
    """Its two commands end as it says, and a baseline lets only new findings fail."""

    def run(line: str) -> int:
        assert line.startswith("samsyn ")
        command = [workflow.program, *line.split()[1:]]
        environment = action.environment
        return subprocess.run(command, cwd=consumer, env=environment, check=False).returncode

    readme = (consumer / "README.md").read_text(encoding="utf-8")
    lines = re.findall(r"^```sh\n(.*)\n```$", readme, re.MULTILINE)
    assert [run(line) for line in lines] == [0, 1]
    inline = re.findall(r"`(samsyn validate [^`]+)`", readme)
    assert [run(line) for line in inline] == [1, 0]
    assert (consumer / "found.sarif").is_file()
    run("samsyn validate faulty --baseline known.json --update-baseline")
    assert run("samsyn validate faulty --baseline known.json") == 0
    new = (consumer / "faulty" / "wrong-class.ttl").read_text("utf-8").replace("lawyers-", "new-")
    (consumer / "faulty" / "new.ttl").write_text(new, encoding="utf-8")
    assert run("samsyn validate faulty --baseline known.json") == 1
