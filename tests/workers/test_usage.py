"""Who uses much leaves the last workers to others."""

from __future__ import annotations

import asyncio
import os
from uuid import uuid4

import pytest
from tests.workers.bench import Bench, Clock
from tests.workers.conftest import Play

from samsyn.server.limits import rates
from samsyn.server.limits.quotas import Quotas
from samsyn.server.workers.scheduling.admission import Admission
from samsyn.server.workers.scheduling.free import LATELY, FreeWorkers
from samsyn.server.workers.scheduling.kills import Kills
from samsyn.server.workers.scheduling.usage import BURST, SHARE, Usage
from samsyn.server.workers.zygote import NICE


@pytest.mark.threat("crowding-out")
def test_who_has_used_much_is_heavy_for_some_seconds() -> None:
    """A share of a core is light for ever; what goes beyond is soon forgotten."""
    clock = Clock()
    used = Usage(clock)
    for _ in range(1000):
        used.count("light", SHARE / 10)
        clock.now += 0.1
        assert not used.heavy("light")
    for _ in range(100):
        used.count("heavy", BURST)
    assert used.heavy("heavy")
    assert not used.heavy("light")
    clock.now += 10
    assert not used.heavy("heavy")


@pytest.mark.threat("site")
def test_a_site_may_use_as_much_as_four_clients() -> None:
    """Anyone who asks from many networks of one site is heavy in all of them."""
    used = Usage(Clock())
    for number in range(9):
        assert not used.heavy(f"2001:db8:7:{number:x}::/64")
        used.count(f"2001:db8:7:{number:x}::/64", BURST / 2)
    assert used.heavy("2001:db8:7:ffff::/64")
    assert not used.heavy("2001:db8:8:1::/64")


@pytest.mark.threat("crowding-out")
def test_the_names_that_are_remembered_are_bounded() -> None:
    """A client for each job fills no memory."""
    used = Usage(Clock())
    for number in range(10_000):
        used.count(f"client {number}", 0.01)
    assert len(used._levels) <= rates.MOST


@pytest.mark.threat("crowding-out")
def test_light_clients_come_before_heavy_ones() -> None:
    """Heavy ones begin when no other waits, and get nothing that is kept for others."""

    async def scene() -> str:
        admission = Admission(Quotas({}), Kills(4))
        admission.used("heavy", 2 * BURST)
        for client in ["heavy", *"abc"]:
            admission.stand_in_line(admission.enter(client))
        found = [admission.next() for _ in range(3)]
        left = [admission.next(doubtful=False), admission.next()]
        return " ".join(place.client if place else "-" for place in [*found, *left])

    assert asyncio.run(scene()) == "a b c - heavy"


@pytest.mark.threat("crowding-out")
def test_a_heavy_client_leaves_half_of_the_workers_to_others(play: Play) -> None:
    """Those of others are served at once, however many of its own wait."""
    key = uuid4().hex

    async def scene(bench: Bench) -> None:
        bench.pool._kills.count("heavy")
        await bench.until(lambda: len(bench.idle()) == 4)
        waiting = [bench.begin(f"await {key}", "heavy") for _ in range(8)]
        await bench.until(lambda: len(bench.working()) == 2)
        for _ in range(20):
            assert await bench.ask("say prompt", "light") == b"prompt"
        assert len(bench.working()) == 2
        await bench.ask(f"mark {key}", "light")
        await asyncio.gather(*waiting)

    play(scene, quick=4)


@pytest.mark.threat("crowding-out")
def test_heavy_clients_have_one_worker_while_others_ask(play: Play) -> None:
    """Two of theirs would take both cores of a small machine from all others."""

    async def scene(bench: Bench) -> None:
        await bench.until(lambda: len(bench.idle()) == 4)
        clock, working, spare = Clock(), ["heavy"], [*bench.pool._free.idle]
        admission = Admission(Quotas({}), Kills(4))
        admission.used("heavy", 2 * BURST)
        free = FreeWorkers(4, admission, lambda: working, clock)
        free.idle.extend(spare)
        assert free.take("light") is spare.pop()
        assert free.take("heavy") is None
        admission.stand_in_line(place := admission.enter("heavy"))
        clock.now += LATELY
        free.put(spare[0])
        assert place.worker.result() is spare[0]
        assert free.take("heavy") is None
        free.received(spare[0])
        assert free.take("heavy") is not None

    play(scene, quick=4)


@pytest.mark.threat("crowding-out")
def test_a_heavy_client_has_the_only_worker(play: Play) -> None:
    """Nothing is kept for others where there is but one."""

    async def scene(bench: Bench) -> None:
        for _ in range(3):
            await bench.ask("spin 0.15", "heavy")
        asked = [bench.begin("say done", "heavy") for _ in range(8)]
        assert await asyncio.gather(*asked) == [b"done"] * 8

    play(scene, quick=1)


@pytest.mark.threat("crowding-out")
def test_workers_yield_to_the_web_process_and_slow_ones_to_all(play: Play) -> None:
    """So that what a client has computed stops neither answers nor what is done in a moment."""
    key = uuid4().hex

    async def scene(bench: Bench) -> None:
        (quick,) = bench.idle()
        own = os.getpriority(os.PRIO_PROCESS, 0)
        assert os.getpriority(os.PRIO_PROCESS, quick) == min(19, own + NICE)
        assert os.sched_getscheduler(quick) == os.SCHED_OTHER
        slow = bench.begin(f"spin 0.05; await {key}")
        await bench.until(lambda: os.sched_getscheduler(quick) == os.SCHED_IDLE)
        await bench.ask(f"mark {key}", "other")
        await slow

    play(scene, quick=1)
