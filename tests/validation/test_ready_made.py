"""The GitHub action, the hooks for pre-commit and the GitLab component hold what they promise."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from tests.validation.runner import Action, Component

from samsyn.cli.program import parser
from samsyn.dataset.exact import SUFFIXES

WICKED = "a b'\"; touch hacked; $(touch hacked) `touch hacked` ${{ x }} *"
"""Text that does harm wherever a shell reads it as a program."""

RARE = (".json", ".n3", ".xml")
"""The endings of RDF files that a folder is not searched for."""


def options() -> dict[str, object]:
    """Return the options of `samsyn validate` by name."""
    top = next(action for action in parser()._actions if action.choices)
    actions = top.choices["validate"]._actions  # type: ignore[index,call-overload]
    return {name: action for action in actions for name in action.option_strings}


@pytest.fixture
def action(root: Path, libraries: Path, tmp_path: Path) -> Action:
    """The action of the checkout, with a folder of its own for temporary files."""
    folder = tmp_path / "runner temp"
    folder.mkdir()
    return Action(root, libraries, folder)


@pytest.fixture
def component(root: Path, libraries: Path, tmp_path: Path) -> Component:
    """The GitLab component of the checkout."""
    folder = tmp_path / "temp"
    folder.mkdir()
    return Component(root / "templates" / "validate.yml", libraries, folder)


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    """An empty folder whose name has a blank."""
    folder = tmp_path / "work space"
    folder.mkdir()
    return folder


@pytest.fixture
def echo(tmp_path: Path) -> Path:
    """A program that writes its arguments to standard output, as JSON, and ends with 7."""
    program = tmp_path / "echo it"
    program.write_text(
        f"#!{sys.executable}\nimport json, sys\nprint(json.dumps(sys.argv[1:]))\nsys.exit(7)\n",
        encoding="utf-8",
    )
    program.chmod(0o755)
    return program


def schema(name: str, file: Path) -> None:
    """Hold a file against the schema of a service."""
    done = subprocess.run(
        [sys.executable, "-m", "check_jsonschema", "--builtin-schema", f"vendor.{name}", str(file)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


# The action.


def test_the_action_is_one(root: Path) -> None:
    """The action fits the schema that GitHub's editors use."""
    schema("github-actions", root / "action.yml")


def test_no_script_of_the_action_holds_an_expression(action: Action) -> None:
    """Expressions are in `env` only, each a plain name; every input is used in one."""
    used = set()
    for step in action.description["runs"]["steps"]:
        assert "${{" not in step["run"]
        for text in step["env"].values():
            used |= set(re.findall(r"\$\{\{ inputs\.([\w-]+) \}\}", text))
            assert "${{" not in re.sub(r"\$\{\{ [\w.-]+ \}\}", "", text)
    assert used == set(action.description["inputs"])


def test_the_action_knows_the_options(action: Action) -> None:
    """Each option that the action gives is one of `samsyn validate`."""
    script = "".join(step["run"] for step in action.description["runs"]["steps"][1:])
    given = set(re.findall(r"(--[a-z][a-z-]+)[= )]", script))
    assert "--shapes" in given
    assert given <= set(options())


def test_the_action_hands_on_every_line(action: Action, workspace: Path, echo: Path) -> None:
    """Each line of an input becomes one argument with the blanks in it; empty ones are left out."""
    done = action.step(
        "validate",
        workspace,
        **{
            "steps.install.outputs.program": str(echo),
            "inputs.paths": "data/a b.ttl\n\n  more/*.ttl  \n--odd.ttl\n",
            "inputs.shapes": "linking@1\nown shapes.ttl",
            "inputs.with-graph": "true",
            "inputs.fail-on": "warning",
            "inputs.arguments": "--engine\npyshacl",
        },
    )
    assert json.loads(done.log) == [
        "validate",
        "--report=github=-",
        "--shapes=linking@1",
        "--shapes=own shapes.ttl",
        "--fail-on=warning",
        "--report=sarif=samsyn.sarif",
        "--with-graph",
        "--engine",
        "pyshacl",
        "--",
        "data/a b.ttl",
        "more/*.ttl",
        "--odd.ttl",
    ]
    assert (done.code, done.outputs) == (7, {"exit-code": "7"})


def test_nothing_in_an_input_of_the_action_is_run(
    action: Action, workspace: Path, echo: Path
) -> None:
    """Whatever is in an input reaches the program as text."""
    inputs = {f"inputs.{key}": WICKED for key in action.description["inputs"]}
    harmless = {"inputs.with-graph": "false", "steps.install.outputs.program": str(echo)}
    done = action.step("validate", workspace, **(inputs | harmless))
    assert sum(text.endswith(WICKED) for text in json.loads(done.log)) == 12
    refused = action.step("install", workspace, **(inputs | {"github.action_path": WICKED}))
    assert refused.code == 2
    assert not list(action.folder.parent.rglob("hacked"))


def test_the_action_hands_on_one_line_of_a_name(
    action: Action, workspace: Path, echo: Path
) -> None:
    """A name with a line break in it cannot pass for an output of its own."""
    (workspace / "a").write_text("{}", encoding="utf-8")
    done = action.step(
        "validate",
        workspace,
        **{"steps.install.outputs.program": str(echo), "inputs.sarif-file": "a\nexit-code=0"},
    )
    assert done.outputs == {"exit-code": "7", "sarif-file": "a"}


@pytest.mark.parametrize(
    ("step", "words"),
    [("validate", "with-graph is neither true nor false"), ("install", "3.11 or newer")],
)
def test_a_wrong_input_of_the_action_is_wrong_usage(
    step: str, words: str, action: Action, workspace: Path, echo: Path
) -> None:
    """An input that makes no sense ends with 2 and an annotation that says what it has to be."""
    inputs = {"inputs.with-graph": "perhaps", "inputs.python": "no-such"}
    done = action.step(step, workspace, **inputs, **{"steps.install.outputs.program": str(echo)})
    assert done.code == 2
    assert "::error" in done.log
    assert words in done.log


def test_the_action_installs_itself(action: Action, workspace: Path) -> None:
    """Without a package given, the action installs its own checkout and the locked libraries."""
    done = action.step("install", workspace)
    assert done.code == 0, done.log
    program = Path(done.outputs["program"])
    assert program.is_relative_to(action.folder)
    answer = subprocess.run([program, "--version"], capture_output=True, text=True, check=True)
    assert answer.stdout.startswith("samsyn ")


# The hooks.


def test_the_hooks_are_a_manifest(root: Path) -> None:
    """pre-commit takes the hooks for what they are."""
    file = root / ".pre-commit-hooks.yaml"
    subprocess.run([sys.executable, "-m", "pre_commit", "validate-manifest", file], check=True)
    hooks = yaml.safe_load(file.read_text(encoding="utf-8"))
    assert [hook["id"] for hook in hooks] == ["samsyn-syntax", "samsyn-validate"]
    for hook in hooks:
        assert set(re.findall(r"--[a-z-]+", hook["entry"])) <= set(options())


@pytest.mark.parametrize(
    ("name", "chosen"),
    [
        # What a folder is searched for; other files of these endings are mostly something else.
        *((f"data/a b{ending}", (True, True)) for ending in SUFFIXES if ending not in RARE),
        *((f"data/a b{ending}", (False, False)) for ending in RARE),
        ("a.nq.gz", (True, True)),
        ("samsyn.toml", (False, True)),
        ("sub/pyproject.toml", (False, True)),
        ("my-samsyn.toml", (False, False)),
        ("a.ttl.txt", (False, False)),
        ("attl", (False, False)),
    ],
)
def test_the_hooks_choose_their_files(name: str, chosen: tuple[bool, bool], root: Path) -> None:
    """Both hooks look at RDF in every format, and the one on the whole set at settings too."""
    hooks = yaml.safe_load((root / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
    assert tuple(bool(re.search(hook["files"], name)) for hook in hooks) == chosen


# The component.


def test_the_component_is_one(component: Component, tmp_path: Path) -> None:
    """Its head and the job that it makes fit the schema that GitLab's editors use."""
    for number, document in enumerate((component.spec, dict([component.job(package="x")]))):
        file = tmp_path / f"{number}.yml"
        file.write_text(yaml.safe_dump(document), encoding="utf-8")
        schema("gitlab-ci", file)


def test_the_component_wants_a_package(component: Component) -> None:
    """What is installed has to be named: no name is taken from an index unasked."""
    inputs = component.spec["spec"]["inputs"]
    assert [name for name, value in inputs.items() if "default" not in value] == ["package"]


def test_no_script_of_the_component_holds_an_input(component: Component) -> None:
    """Inputs are in variables that are not expanded, and in names; never in the script."""
    ((_, job),) = component.template.items()
    assert "$[[" not in "".join(job["script"])
    assert all(variable["expand"] is False for variable in job["variables"].values())


@pytest.fixture
def stand_in(tmp_path: Path, component: Component) -> None:
    """Puts a python3 first on the path that makes environments of programs like itself.

    Each writes its arguments to standard output, as JSON.
    """
    program = tmp_path / "programs" / "python3"
    program.parent.mkdir()
    program.write_text(
        f"#!{sys.executable}\n"
        "import json, os, shutil, sys\n"
        "if sys.argv[1:3] == ['-m', 'venv']:\n"
        "    os.mkdir(sys.argv[3] + '/bin')\n"
        "    for name in ('python', 'samsyn'):\n"
        "        shutil.copy(sys.argv[0], f'{sys.argv[3]}/bin/{name}')\n"
        "else:\n"
        "    print(json.dumps(sys.argv[1:]))\n",
        encoding="utf-8",
    )
    program.chmod(0o755)
    component.environment["PATH"] = f"{program.parent}:{component.environment['PATH']}"


@pytest.mark.usefixtures("stand_in")
@pytest.mark.parametrize("shell", ["bash", "sh"])
def test_nothing_in_an_input_of_the_component_is_run(
    shell: str, component: Component, workspace: Path
) -> None:
    """Each line of an input becomes one argument, and none is run, in any shell."""
    done = component.run(
        workspace,
        shell,
        package=WICKED,
        paths=f"data/a b.ttl\n\n  {WICKED}\n--odd.ttl\n",
        shapes=f"linking@1\n{WICKED}",
        arguments="--engine\npyshacl\nEND",
    )
    assert done.code == 0, done.log
    installing, validating = (json.loads(line) for line in done.log.splitlines())
    assert installing[-2:] == ["--", WICKED]
    assert validating == [
        "validate",
        "--report=text=-",
        "--report=gitlab=samsyn-codequality.json",
        "--report=junit=samsyn-junit.xml",
        "--shapes=linking@1",
        f"--shapes={WICKED}",
        "--engine",
        "pyshacl",
        "END",
        "--",
        "data/a b.ttl",
        WICKED,
        "--odd.ttl",
    ]
    assert not list(workspace.parent.rglob("hacked"))
