"""Servers at fault are found out: no case passes whatever it is reported."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import pyoxigraph
import pytest
from tests.conformance.fakes import CONSTANT, Asked, Fake, Reply, always, serving

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


def _engine(asked: Asked) -> Reply:
    """Answer a query by GET as the bare engine does, in the first format that is accepted."""
    text = parse_qs(urlsplit(asked.path).query)["query"][0]
    kind = asked.headers["accept"].partition(",")[0]
    try:
        answer = pyoxigraph.Store().query(text)
        if isinstance(answer, pyoxigraph.QueryTriples):
            triples = pyoxigraph.RdfFormat.from_media_type(kind)
            body = answer.serialize(format=triples)
        else:
            body = answer.serialize(format=pyoxigraph.QueryResultsFormat.from_media_type(kind))
    except (SyntaxError, OSError):
        return Reply(400)
    return Reply(200, kind, (body or b"").decode())


def test_the_bare_engine_is_found_out() -> None:
    """Its XML breaks over properties, characters, labels and carriage returns; it knows no mark."""
    with serving(_engine) as fake:
        run = Run(Client(10), Endpoint(f"{fake.address}/sparql"))
        asked = [case for case in CASES if case.id.startswith(("rdfxml-", "xml-", "query-get-m"))]
        outcomes = run.outcomes([case for case in asked if not case.writes])
        failed = {outcome.case.id for outcome in outcomes if outcome.result is Result.FAILED}
    assert failed == {
        *(f"rdfxml-property-{name}" for name in ("digits", "slash", "xmlns")),
        *("rdfxml-control", "xml-control", "rdfxml-label"),
        *("rdfxml-carriage-return", "xml-carriage-return", "rdfxml-graph"),
        "query-get-mark",
    }
