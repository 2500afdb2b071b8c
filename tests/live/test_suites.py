"""The W3C suite over HTTP, against our service: queries, updates, syntax, and entailment."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from tests.w3c import archive
from tests.w3c.client import Endpoint
from tests.w3c.manifest import Case
from tests.w3c.runs import RUNS, Result, outcome
from tests.w3c.server import serving

TESTS = [(name, case) for name, run in RUNS.items() for case in run.cases()]
IDS = [f"{name}-{case.id}" for name, case in TESTS]


@pytest.fixture(scope="module")
def service(request: pytest.FixtureRequest) -> Iterator[Endpoint | None]:
    """One service for all tests of a run."""
    if not archive.files():
        yield None
        return
    with serving(*RUNS[request.param].options) as endpoint:
        yield endpoint


@pytest.mark.parametrize(
    ("service", "name", "case"),
    [(name, name, case) for name, case in TESTS] or [("sparql", "", None)],
    ids=IDS or ["absent"],
    indirect=["service"],
)
def test_the_service_does_as_the_suite_says(
    service: Endpoint | None, name: str, case: Case | None
) -> None:
    """Each test of the suite passes, or is a miss listed with its reason."""
    if service is None or case is None:
        pytest.skip(archive.ABSENT)
    found = outcome(RUNS[name], case, service)
    assert found.result is not Result.FAILED, found.words


def test_no_test_is_lost() -> None:
    """As many tests are run as the suite has."""
    if not archive.files():
        pytest.skip(archive.ABSENT)
    assert {name: len(run.cases()) for name, run in RUNS.items()} == {
        name: run.count for name, run in RUNS.items()
    }
