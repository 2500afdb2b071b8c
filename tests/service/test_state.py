"""What the gateway makes of what a zygote says of its data."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

import pytest

from samsyn.server.revision import State


def state(hello: str) -> State:
    """Make the state of a pool whose zygote said something."""
    return State(cast("Any", SimpleNamespace(hello=hello)), lambda: None)


@pytest.mark.parametrize(
    "hello",
    [
        "no JSON",
        "[]",
        "[" * 100_000,
        "{}",
        '{"revision": 1, "loaded": 2}',
        '{"revision": "a", "loaded": "b"}',
        '{"revision": "a", "loaded": -1e300}',
        '{"revision": "a", "loaded": NaN}',
    ],
)
def test_a_zygote_that_does_not_say_what_it_has_loaded_breaks_nothing(
    hello: str, caplog: pytest.LogCaptureFixture
) -> None:
    """There is no revision then, and the log says why, once."""
    heard = state(hello)
    assert heard.revision == ""
    heard.modified  # noqa: B018  an error would be a failed request
    assert caplog.text.count("does not say what it has loaded") == 1


def test_what_a_zygote_says_is_heard() -> None:
    """A revision, and when it was loaded."""
    heard = state('{"revision": "a", "loaded": 0}')
    assert heard.revision == "a"
    assert heard.modified == {"last-modified": "Thu, 01 Jan 1970 00:00:00 GMT"}
