"""A loop that stands still is noticed, counted, and told with what ran."""

from __future__ import annotations

import asyncio
import logging
import time
from types import SimpleNamespace
from typing import Any

import pytest

from samsyn.server.cache import Cache
from samsyn.server.limits.quotas import Quotas
from samsyn.server.observation import watchdog
from samsyn.server.observation.access_log import AccessLog
from samsyn.server.observation.watchdog import STALL, Stall, Watchdog
from samsyn.settings import Settings


async def watched(*acts: Any) -> list[Stall]:
    """Watch a loop that does something between its pauses."""
    found: list[Stall] = []
    watching = Watchdog(found.append)
    watching.start()
    watching.path = "/sparql"
    for act in acts:
        await asyncio.sleep(2 * watchdog._STEP)
        act()
    await asyncio.sleep(2 * watchdog._STEP)
    watching.stop()
    await asyncio.sleep(0)
    return found


@pytest.mark.threat("event-loop")
def test_a_loop_that_stands_still_is_noticed() -> None:
    """How long it was is told to the accuracy of the looks, and which path came last."""
    stalls = asyncio.run(watched(lambda: time.sleep(6 * STALL)))
    longest = max(stalls, key=lambda stall: stall.seconds)
    # A busy machine may make it longer, and others beside it.
    assert longest.seconds > 5 * STALL
    assert longest.processor < longest.seconds
    assert longest.path == "/sparql"


def test_who_watches_no_more_tells_nothing() -> None:
    """After the end no timer is left."""

    async def run() -> list[Stall]:
        found: list[Stall] = []
        watching = Watchdog(found.append)
        watching.start()
        watching.stop()
        time.sleep(3 * STALL)
        await asyncio.sleep(2 * watchdog._STEP)
        return found

    assert asyncio.run(run()) == []


@pytest.mark.threat("event-loop")
def test_stalls_are_counted_and_few_are_logged(caplog: pytest.LogCaptureFixture) -> None:
    """The metric has the number and the seconds of all; the log has one line for many."""
    access_log = AccessLog(Settings())
    with caplog.at_level(logging.WARNING):
        for _ in range(20):
            access_log.stalled(Stall(0.2, 0.1, "/sparql"))
    pool: Any = SimpleNamespace(busy=0, states=dict, forks={})
    body = access_log.metrics(pool, Cache(0), Quotas({}))[1].decode()
    assert "samsyn_loop_stalls_count 20.0" in body
    assert "samsyn_loop_stalls_sum 4.0" in body
    assert "samsyn_loop_stalls_processor_sum 2.0" in body
    lines = [record for record in caplog.records if "stood still" in str(record.msg)]
    assert len(lines) == 1
    assert lines[0].msg["path"] == "/sparql"
