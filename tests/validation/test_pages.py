"""The pages on checking data, and on doing so in CI, say what is so."""

from __future__ import annotations

import re
from dataclasses import fields
from pathlib import Path

import pytest
import yaml

from samsyn.cli.program import EPILOG, parser
from samsyn.validation.options import Options
from samsyn.validation.profiles import NAMES


@pytest.fixture(scope="module")
def page(root: Path) -> str:
    """The text of the page."""
    return (root / "docs" / "validate-ci.md").read_text(encoding="utf-8")


def table(page: str, head: str) -> list[list[str]]:
    """Return the rows of the table with this head, cell by cell."""
    rows = page.partition(f"{head}\n|---")[2].partition("\n\n")[0].splitlines()[1:]
    assert rows
    return [[cell.strip() for cell in row.strip("|").split("|")] for row in rows]


def names(cell: str) -> list[str]:
    """Return the names in a cell."""
    return re.findall(r"`([\w-]+)`", cell)


def test_the_page_lists_every_setting(page: str) -> None:
    """Each key of the settings file is in the table with its default."""
    listed = [
        (row[0].strip("`"), row[1].strip("`")) for row in table(page, "| key | default | what |")
    ]
    defaults = {False: "false", (): ""}
    assert listed == [
        (option.metadata["key"], str(defaults.get(option.default, option.default)))
        for option in fields(Options)
    ]


def test_the_settings_shown_are_read(page: str, tmp_path: Path) -> None:
    """The settings file of the page is one."""
    text = re.search(r"^```toml\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)
    assert text
    (tmp_path / "samsyn.toml").write_text(text[1], encoding="utf-8")
    options = Options.read(tmp_path)
    assert (options.fail_on, options.shapes[0]) == ("warning", "linking@1")


def test_the_page_lists_the_inputs_of_the_action(page: str, root: Path) -> None:
    """Each input and output of the action is listed."""
    action = yaml.safe_load((root / "action.yml").read_text(encoding="utf-8"))
    listed = [name for row in table(page, "| input | what |") for name in names(row[0])]
    assert sorted(listed) == sorted(action["inputs"])
    listed = [name for row in table(page, "| output | what |") for name in names(row[0])]
    assert listed == list(action["outputs"])


def test_the_page_lists_the_inputs_of_the_component(page: str, root: Path) -> None:
    """Each input of the component is listed with its default."""
    text = (root / "templates" / "validate.yml").read_text(encoding="utf-8")
    spec, _ = yaml.safe_load_all(text)
    listed = {
        name: row[1].strip("`")
        for row in table(page, "| input | default | what |")
        for name in names(row[0])
    }
    inputs = spec["spec"]["inputs"]
    assert listed == {name: value.get("default", "") for name, value in inputs.items()}


def test_the_page_lists_the_hooks(page: str, root: Path) -> None:
    """Each hook is listed."""
    hooks = yaml.safe_load((root / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
    listed = [row[0].strip("`") for row in table(page, "| hook | looks at | finds |")]
    assert listed == [hook["id"] for hook in hooks]


@pytest.fixture(scope="module")
def guide(root: Path) -> str:
    """The text of the page on checking data."""
    return (root / "docs" / "validate.md").read_text(encoding="utf-8")


def test_the_python_of_the_guide_runs(guide: str) -> None:
    """What the guide asserts of the library call holds."""
    (code,) = re.findall(r"^```python\n(.*?)^```$", guide, re.MULTILINE | re.DOTALL)
    assert code.count("assert") >= 2
    exec(compile(code, "validate.md", "exec"), {})  # noqa: S102  our own page


def test_the_guide_names_every_profile_and_exit_code(guide: str) -> None:
    """The profiles are those there are, and the exit codes those of the command line."""
    listed = [name for row in table(guide, "| profile | for |") for name in names(row[0])]
    assert sorted(listed) == sorted(NAMES)
    codes = [row[0] for row in table(guide, "| exit | means |")]
    assert codes == ["0", "1", "2", "3", "4"]
    assert all(re.search(rf"^  {code} ", EPILOG, re.MULTILINE) for code in codes)


def test_the_guide_names_only_options_there_are(guide: str) -> None:
    """Every option that the guide names is one of ``samsyn validate``."""
    subcommands = next(action for action in parser("validate")._actions if action.choices)
    known = {
        option
        for action in subcommands.choices["validate"]._actions
        for option in action.option_strings
    }
    named = set(re.findall(r"(?<![\w-])--[a-z][a-z-]+", guide)) - {"--data-binary"}
    assert named <= known
    assert len(named) >= 6
