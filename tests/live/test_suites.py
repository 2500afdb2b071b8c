"""The W3C suite over HTTP, against our service: queries, updates, syntax, and entailment."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import cache

import pytest
from tests.w3c import archive
from tests.w3c.client import Endpoint
from tests.w3c.manifest import Case
from tests.w3c.runs import RUNS, Result, outcome
from tests.w3c.server import writable

TESTS = [(name, case) for name, run in RUNS.items() for case in run.cases()]
IDS = [f"{name}-{case.id}" for name, case in TESTS]


@pytest.fixture(scope="module")
def service() -> Iterator[Callable[[str], Endpoint]]:
    """Starts one service for each run, when its first test comes."""
    with ExitStack() as stack:
        yield cache(lambda name: stack.enter_context(writable(*RUNS[name].options)))


@pytest.mark.parametrize(("name", "case"), TESTS or [("", None)], ids=IDS or ["absent"])
def test_the_service_does_as_the_suite_says(
    service: Callable[[str], Endpoint], name: str, case: Case | None
) -> None:
    """Each test of the suite passes, or is a miss listed with its reason."""
    if case is None:
        pytest.skip(archive.ABSENT)
    found = outcome(RUNS[name], case, service(name))
    assert found.result is not Result.FAILED, found.words


def test_no_test_is_lost() -> None:
    """As many tests are run as the suite has."""
    if not archive.files():
        pytest.skip(archive.ABSENT)
    assert {name: len(run.cases()) for name, run in RUNS.items()} == {
        name: run.count for name, run in RUNS.items()
    }
