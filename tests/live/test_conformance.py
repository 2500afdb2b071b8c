"""Our own server passes the whole conformance kit, over a real socket."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from tests.live.attacking import request
from tests.live.serving import TOKEN, Server, writing

from samsyn.conformance import Endpoint, check
from samsyn.conformance.run import Result

DATED = frozenset({"condition-date", "condition-tag-outweighs-date"})
"""The cases that need a date: two hundred writes in a few seconds put that of the last one ahead of
the clock, and until then there is none (RFC 9110, section 8.8.2.1)."""


def test_our_server_passes_every_case(serve: Callable[..., Server], tmp_path: Path) -> None:
    """With a token every case is run and passes, advice too, and nothing stays behind.

    The store is emptied first, so that the two hundred writes take seconds.
    """
    server = serve(*writing(tmp_path), "--entailment", "none")
    headers = {"authorization": f"Bearer {TOKEN}", "content_type": "application/sparql-update"}
    assert request(server, "POST", "/update", b"DROP ALL", **headers).status == 204
    told: list[str] = []
    report = check(Endpoint(f"{server.address}/sparql", token=TOKEN), tell=told.append)
    wrong = {o.case.id: o.result for o in report.outcomes if o.result is not Result.PASSED}
    assert wrong.keys() <= DATED
    assert set(wrong.values()) <= {Result.NOT_RUN}
    assert told == []
    assert len(report.outcomes) > 190


def test_the_cases_that_need_a_date_pass_before_any_write(serve: Callable[..., Server]) -> None:
    """A server that nobody has written to has a date at once, so they run there, and pass."""
    report = check(Endpoint(f"{serve().address}/sparql"), areas=["protocol"])
    ended = {outcome.case.id: outcome.result for outcome in report.outcomes}
    assert {name: ended[name] for name in DATED} == dict.fromkeys(DATED, Result.PASSED)
