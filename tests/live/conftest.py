"""Servers for the tests over a real socket: one that all share, and others as a test asks."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest
from tests.live.serving import Server, serving


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """The server that is asked without being harmed: no options, the facts of the checkout."""
    with serving() as running:
        yield running


@pytest.fixture
def serve() -> Iterator[Callable[..., Server]]:
    """Starts further servers with ``serve("--public-url", …)``; they stop when the test ends.

    A fixture that outlives one test uses `tests.live.serving.serving` itself.
    """
    with ExitStack() as stack:
        yield lambda *arguments, **where: stack.enter_context(serving(*arguments, **where))
