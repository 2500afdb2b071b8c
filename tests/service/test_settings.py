"""The table of settings."""

from __future__ import annotations

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
