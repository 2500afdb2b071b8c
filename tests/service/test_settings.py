"""The table of settings."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from samsyn.errors import UsageError
from samsyn.settings import Settings


def test_an_argument_beats_the_environment_and_that_the_default() -> None:
    """A setting comes from an argument, else from the environment, else from the default."""
    environment = {"SAMSYN_PORT": "8100", "SAMSYN_HOST": "127.0.0.2"}
    settings = Settings.read(environment, port=8200, host=None)
    assert (settings.port, settings.host, settings.public_url) == (8200, "127.0.0.2", "")


def test_a_value_of_the_wrong_type_names_its_variable() -> None:
    """A value that cannot be converted is refused with the name of its variable."""
    with pytest.raises(UsageError, match="SAMSYN_PORT"):
        Settings.read({"SAMSYN_PORT": "many"})


def test_an_unknown_setting_lists_the_known() -> None:
    """An unknown setting is refused with a list of the known ones."""
    with pytest.raises(UsageError, match="public_url"):
        Settings.read({}, colour="red")


def test_the_page_on_operations_lists_every_setting(root: Path) -> None:
    """The table of the page is the table of the settings, with defaults and words."""
    page = (root / "docs" / "operations.md").read_text(encoding="utf-8")
    table = page.partition("| setting | default | what |\n|---|---|---|\n")[2].partition("\n\n")[0]
    listed = re.findall(r"^\| `(\w+)` \| (?:`([^`]*)` )?\| (.*) \|$", table, re.MULTILINE)
    assert listed == [(name, str(default), words) for name, default, words in Settings.table()]
