"""Runs the steps of the GitHub action and of the GitLab component as those services would.

Everything happens in a folder of its own and without a network: pip may not ask an index, and
finds the libraries of the test environment.
"""

from __future__ import annotations

import os
import re
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

_EXPRESSION = re.compile(r"\$\{\{ *(.*?) *\}\}")
_INPUT = re.compile(r"\$\[\[ *inputs\.([\w-]+) *\]\]")
_PASSED_ON = ("PATH", "LANG", "LC_ALL", "CI")


@dataclass(frozen=True)
class Outcome:
    """How a run ended.

    Args:
        code: the exit code of the last step that ran.
        outputs: what the steps passed on.
        log: what they wrote.
        summary: the page that GitHub would show.
    """

    code: int
    outputs: dict[str, str]
    log: str
    summary: str = ""


def offline(folder: Path, libraries: Path) -> dict[str, str]:
    """Return an environment in which nothing is fetched and nothing of the user's is read."""
    return {name: os.environ[name] for name in _PASSED_ON if name in os.environ} | {
        "HOME": str(folder),
        "TMPDIR": str(folder),
        "PIP_NO_INDEX": "1",
        "PIP_NO_CACHE_DIR": "1",
        "PIP_CONFIG_FILE": os.devnull,
        "PYTHONPATH": str(libraries),
    }


class Action:
    """The action at the root of a checkout.

    Args:
        root: the checkout.
        libraries: what a new environment may borrow.
        folder: where temporary files go.
    """

    def __init__(self, root: Path, libraries: Path, folder: Path) -> None:
        self.root = root
        self.description = yaml.safe_load((root / "action.yml").read_text(encoding="utf-8"))
        self.environment = offline(folder, libraries)
        self.folder = folder

    def run(self, workspace: Path, **inputs: str) -> Outcome:
        """Run all steps in a workspace until one fails; ``_`` in a name stands for ``-``."""
        given = {f"inputs.{key.replace('_', '-')}": value for key, value in inputs.items()}
        values = self._defaults()
        assert given.keys() <= values.keys(), "the action has no such input"
        values |= given
        logs, summary, code = [], self.folder / "summary.md", 0
        summary.write_text("", encoding="utf-8")
        for step in self.description["runs"]["steps"]:
            done = self._step(step, workspace, values, summary)
            logs.append(done.stdout)
            code = done.returncode
            if code:
                break
        outputs = {
            key: values.get(value["value"].strip("${ }"), "")
            for key, value in self.description["outputs"].items()
        }
        return Outcome(code, outputs, "".join(logs), summary.read_text(encoding="utf-8"))

    def step(self, name: str, workspace: Path, **values: str) -> Outcome:
        """Run one step with values for the expressions that it names, such as ``inputs.paths``."""
        (step,) = (each for each in self.description["runs"]["steps"] if each["id"] == name)
        every = self._defaults() | values
        summary = self.folder / "summary.md"
        summary.write_text("", encoding="utf-8")
        done = self._step(step, workspace, every, summary)
        prefix = f"steps.{name}.outputs."
        outputs = {key.removeprefix(prefix): every[key] for key in every if key.startswith(prefix)}
        return Outcome(done.returncode, outputs, done.stdout, summary.read_text(encoding="utf-8"))

    def _defaults(self) -> dict[str, str]:
        inputs = self.description["inputs"].items()
        place = {"github.action_path": str(self.root)}
        return {f"inputs.{key}": value["default"] for key, value in inputs} | place

    def _step(
        self, step: dict[str, Any], workspace: Path, values: dict[str, str], summary: Path
    ) -> subprocess.CompletedProcess[str]:
        assert step.keys() == {"id", "name", "shell", "env", "run"}
        assert step["shell"] == "bash"
        script, output = self.folder / f"{step['id']}.sh", self.folder / f"{step['id']}.output"
        script.write_text(step["run"], encoding="utf-8")
        output.write_text("", encoding="utf-8")
        given = {
            name: _EXPRESSION.sub(lambda found: values[found[1]], text)
            for name, text in step["env"].items()
        }
        github = {
            "GITHUB_ACTIONS": "true",
            "GITHUB_OUTPUT": str(output),
            "GITHUB_STEP_SUMMARY": str(summary),
            "GITHUB_WORKSPACE": str(workspace),
            "RUNNER_TEMP": str(self.folder),
        }
        done = subprocess.run(
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", str(script)],
            cwd=workspace,
            env=self.environment | github | given,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        for line in output.read_text(encoding="utf-8").splitlines():
            key, _, value = line.partition("=")
            values[f"steps.{step['id']}.outputs.{key}"] = value
        return done


class Component:
    """The GitLab component of a checkout.

    Args:
        file: its file.
        libraries: what a new environment may borrow.
        folder: where temporary files go.
    """

    def __init__(self, file: Path, libraries: Path, folder: Path) -> None:
        self.spec, self.template = yaml.safe_load_all(file.read_text(encoding="utf-8"))
        self.environment = offline(folder, libraries)

    def job(self, **inputs: str) -> tuple[str, dict[str, Any]]:
        """Return the name and the text of the job that the inputs make."""
        known = self.spec["spec"]["inputs"]
        assert inputs.keys() <= known.keys(), "the component has no such input"
        values = {key: value["default"] for key, value in known.items() if "default" in value}
        ((name, job),) = _filled(self.template, values | inputs).items()
        return name, job

    def run(self, project: Path, shell: str = "bash", **inputs: str) -> Outcome:
        """Run the script of the job in a project, as the runner does: all lines in one shell."""
        _, job = self.job(**inputs)
        assert not any(variable["expand"] for variable in job["variables"].values())
        variables = {name: variable["value"] for name, variable in job["variables"].items()}
        done = subprocess.run(
            [shell, "-e", "-c", "\n".join(job["script"])],
            cwd=project,
            env=self.environment | {"GITLAB_CI": "true"} | variables,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        return Outcome(done.returncode, {}, done.stdout)


def _filled(node: Any, values: dict[str, str]) -> Any:
    if isinstance(node, dict):
        return {_filled(key, values): _filled(value, values) for key, value in node.items()}
    if isinstance(node, list):
        return [_filled(item, values) for item in node]
    return _INPUT.sub(lambda found: values[found[1]], node) if isinstance(node, str) else node
