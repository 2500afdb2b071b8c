"""Servers for the tests over a real socket: one that all share, and others as a test asks."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from tests.live.attacking import TIMEOUT
from tests.live.serving import Server, serving

COMUNICA = Path(__file__).parent / "comunica" / "node_modules" / ".bin"


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


@pytest.fixture(scope="module")
def strict() -> Iterator[Server]:
    """A server with tight limits, known under an address of its own, that logs all requests."""
    settings = {
        "TIMEOUT": str(TIMEOUT),
        "MEMORY": "256",
        "MAX_ANSWER": "1",
        "RESPONSE_BUFFER_KIB": "64",
        "HEADER_TIMEOUT": "1",
        "BODY_TIMEOUT": "1",
        "CLIENT_CONNECTIONS": "48",
        "PUBLIC_URL": "https://samsyn.example",
        "LOG": "requests",
    }
    environment = {f"SAMSYN_{name}": value for name, value in settings.items()}
    with serving(environment=environment) as running:
        yield running


@pytest.fixture(scope="session")
def comunica() -> dict[str, str]:
    """The environment in which `comunica-sparql` is found, and Node to run it."""
    programs = Path(sys.executable).parent
    if not (COMUNICA / "comunica-sparql").exists() or not (programs / "node").exists():
        pytest.skip("Comunica is not installed: `make test` does it")
    return {
        **os.environ,
        "PATH": os.pathsep.join((str(COMUNICA), str(programs), os.environ["PATH"])),
    }
