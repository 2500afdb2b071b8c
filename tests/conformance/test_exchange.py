"""Each case of requests as HTTP has them finds the server that has just this fault."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from tests.conformance.fakes import Asked, Reply, boolean, serving

from samsyn.conformance import Endpoint
from samsyn.conformance.client import Client
from samsyn.conformance.exchange import CASES
from samsyn.conformance.run import Result, Run

TAG, DATE = '"a"', "Mon, 30 Nov 2026 10:00:00 GMT"
ALLOW = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Allow-Methods": "GET, POST",
    "Access-Control-Allow-Headers": "Content-Type",
}
YES = boolean(value=True)


def good(asked: Asked) -> Reply:
    """Answer as HTTP says."""
    headers = asked.headers
    if headers.get("host", "").partition(":")[0] != "127.0.0.1":
        return Reply(400)
    if asked.method == "OPTIONS":
        return Reply(204, headers=ALLOW)
    answer = Reply(200, YES.kind, YES.body, {"ETag": TAG, "Last-Modified": DATE})
    if headers.get("if-none-match") == TAG:
        return Reply(304, headers=answer.headers)
    if "if-none-match" not in headers and headers.get("if-modified-since") == DATE:
        return Reply(304, headers=answer.headers)
    if headers.get("range") == "bytes=0-0":
        size = len(answer.body)
        told = {**answer.headers, "Content-Range": f"bytes 0-0/{size}"}
        return replace(answer, status=206, body=answer.body[:1], headers=told)
    return answer


def unless(holds: Callable[[Asked], bool], reply: Reply) -> Callable[[Asked], Reply]:
    """Answer well, but for some requests."""
    return lambda asked: reply if holds(asked) else good(asked)


def bare(asked: Asked) -> Asked:
    """Return a request without its conditions."""
    kept = {k: v for k, v in asked.headers.items() if not k.startswith("if-") and k != "range"}
    return replace(asked, headers=kept)


def careless(asked: Asked) -> Reply:
    """Answer whatever host is named."""
    return good(replace(asked, headers={**asked.headers, "host": "127.0.0.1"}))


FAULTY: dict[str, Callable[[Asked], Reply]] = {
    "host-missing": careless,
    "host-twice": careless,
    "host-invalid": careless,
    "condition-tag": lambda asked: good(bare(asked)),
    "condition-date": lambda asked: good(bare(asked)),
    "condition-tag-outweighs-date": unless(
        lambda asked: "if-modified-since" in asked.headers, Reply(304)
    ),
    "condition-no-date": unless(lambda asked: "if-modified-since" in asked.headers, Reply(400)),
    "head-length": unless(lambda asked: asked.method == "HEAD", replace(YES, body=YES.body + " ")),
    "range": unless(lambda asked: "range" in asked.headers, replace(YES, status=206)),
    "range-unknown-unit": unless(lambda asked: "range" in asked.headers, Reply(416)),
    "upgrade-overlooked": unless(lambda asked: "upgrade" in asked.headers, Reply(400)),
    "parameters-repeated-format": unless(lambda a: a.path.count("format=") > 1, Reply(400)),
    "parameters-empty": unless(lambda asked: "graph-uri=&" in asked.path, Reply(400)),
    "preflight": unless(lambda asked: asked.method == "OPTIONS", Reply(204)),
}


def outcomes(reply: Callable[[Asked], Reply]) -> dict[str, Result]:
    """Run all cases against a server."""
    with serving(reply) as fake:
        run = Run(Client(10), Endpoint(f"{fake.address}/sparql"))
        return {outcome.case.id: outcome.result for outcome in run.outcomes(CASES)}


def test_a_good_server_passes_every_case() -> None:
    """Nothing is asked that HTTP does not ask."""
    assert set(outcomes(good).values()) == {Result.PASSED}


@pytest.mark.parametrize("case", [case.id for case in CASES])
def test_each_case_finds_its_fault(case: str) -> None:
    """A server with one fault fails the case that is about it."""
    assert outcomes(FAULTY[case])[case] is Result.FAILED


def test_a_server_without_tags_and_dates_is_not_judged_by_them() -> None:
    """What a server leaves out where it may is no fault."""
    found = outcomes(lambda asked: replace(good(bare(asked)), headers=ALLOW))
    assert {case for case, result in found.items() if result is Result.NOT_RUN} == {
        "condition-tag",
        "condition-date",
        "condition-tag-outweighs-date",
    }
    assert Result.FAILED not in found.values()
