"""Servers at fault are found out: no case passes whatever it is told."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from tests.conformance.fakes import CONSTANT, Fake, always, serving

from samsyn.conformance import Area, Endpoint, check
from samsyn.conformance.case import Case
from samsyn.conformance.client import Client
from samsyn.conformance.run import Result, Run
from samsyn.conformance.tables import cases

CASES = list(cases())


@pytest.fixture(scope="module")
def faulty() -> Iterator[dict[str, Fake]]:
    """Servers that answer everything alike."""
    running = {name: serving(always(reply)) for name, reply in CONSTANT.items()}
    try:
        yield {name: context.__enter__() for name, context in running.items()}
    finally:
        for context in running.values():
            context.__exit__(None, None, None)


def _endpoint(fake: Fake, *, token: str | None = "t") -> Endpoint:  # noqa: S107 - no secret
    address = fake.address
    return Endpoint(
        f"{address}/sparql", f"{address}/update", f"{address}/gsp", token, default_graph=True
    )


@pytest.mark.parametrize("case", CASES, ids=[case.id for case in CASES])
def test_every_case_can_fail(case: Case, faulty: dict[str, Fake]) -> None:
    """Each case fails with at least two of the servers that answer everything alike."""
    failing = []
    for name, fake in faulty.items():
        (outcome,) = Run(Client(10), _endpoint(fake)).outcomes([case])
        if outcome.result is Result.FAILED:
            assert outcome.words
            failing.append(name)
    assert len(failing) >= 2, f"fails only with {failing}"


@pytest.mark.parametrize("area", Area)
@pytest.mark.parametrize("name", ["page", "failing"])
def test_every_area_breaks(area: Area, name: str, faulty: dict[str, Fake]) -> None:
    """A server that only ever sends a page, or fails, breaks a MUST of every area."""
    report = check(_endpoint(faulty[name]), areas=[area], timeout=10)
    assert report.exit_code == 1
    assert all(outcome.case.area is area for outcome in report.outcomes)
