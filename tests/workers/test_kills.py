"""Who has workers killed waits, and nobody else does."""

from __future__ import annotations

import asyncio

import pytest
from tests.workers.bench import Bench, Clock
from tests.workers.conftest import Play

from samsyn.server.limits import rates
from samsyn.server.limits.quotas import Kind
from samsyn.server.workers import pool
from samsyn.server.workers.answer import OverLimitError
from samsyn.server.workers.scheduling import kills
from samsyn.server.workers.scheduling.kills import BURST, Kills
from samsyn.server.workers.scheduling.scheduler import BusyError


@pytest.mark.threat("killed-jobs")
def test_a_burst_is_forgiven_and_more_is_waited_for() -> None:
    """In the long run as many are killed as the rate says, however fast they are asked for."""
    clock = Clock()
    counted = Kills(4, clock)
    killed = 0
    end = clock.now + 100
    while clock.now < end:
        if due := counted.due("a"):
            clock.now += due
        counted.count("a")
        killed += 1
    assert killed == pytest.approx(4 * (BURST + 100), abs=4)
    assert counted.due("b") == 0
    clock.now += BURST + 1
    assert counted.due("a") == 0


@pytest.mark.threat("site")
def test_the_networks_of_a_site_have_one_share() -> None:
    """Anyone who asks from many networks of one site is one client where too many are killed."""
    clock = Clock()
    counted = Kills(4, clock)
    for number in range(4 * 2 * 4 + 1):
        counted.count(f"2001:db8:7:{number:x}::/64")
    assert counted.due("2001:db8:7:ffff::/64") > 0
    assert counted.due("2001:db8:8:1::/64") == 0


@pytest.mark.threat("killed-jobs")
def test_many_clients_together_have_few_more_killed_than_two() -> None:
    """Who shares the work among many addresses gains little, and others do not wait for it."""
    clock = Clock()
    counted = Kills(4, clock)
    killed, end = 0, clock.now + 20
    while clock.now < end:
        for number in range(24):
            if not counted.due(f"127.0.0.{number}"):
                counted.count(f"127.0.0.{number}")
                killed += 1
        assert counted.due("127.9.9.9") == 0
        clock.now += 0.01
    assert killed < 20 * (2 * 4 + 24 / 4) + 4 * 2 * 4 + 24 * 2
    counted.count("127.9.9.9")
    assert counted.due("127.9.9.9") == 0


@pytest.mark.threat("killed-jobs")
def test_what_many_had_killed_is_soon_forgotten() -> None:
    """However many it was at once, those who come some seconds later do not wait for it."""
    clock = Clock()
    counted = Kills(4, clock)
    for number in range(1000):
        counted.count(f"client {number}")
    for _ in range(3):
        counted.count("early")
    assert counted.due("early") > 0
    clock.now += 5
    for _ in range(3):
        counted.count("late")
    assert counted.due("late") == 0


@pytest.mark.threat("killed-jobs")
def test_clients_that_are_remembered_are_bounded() -> None:
    """A client for each kill fills no memory."""
    counted = Kills(4, Clock())
    for number in range(10_000):
        counted.count(f"client {number}")
    assert len(counted._clients) <= rates.MOST


@pytest.mark.threat("killed-jobs")
@pytest.mark.parametrize("killed", [False, True])
def test_others_go_before_who_had_a_worker_killed(
    play: Play,
    killed: bool,  # noqa: FBT001
) -> None:
    """Whose time is over meanwhile hears of others; the pool tells whom it holds back."""

    async def scene(bench: Bench) -> None:
        if killed:
            bench.pool._kills.count("one")
        asked = [bench.begin("sleep 30", "two") for _ in range(2)]
        await bench.until(lambda: len(bench.working()) == 2 or not bench.idle())
        with pytest.raises(BusyError) as caught:
            await bench.ask("say late", wall=0.005)
        assert not caught.value.own
        assert bench.pool.doubtful("one") == killed
        assert not bench.pool.doubtful("two")
        for task in asked:
            task.cancel()

    play(scene, quick=1)


@pytest.mark.threat("killed-jobs")
def test_the_next_job_of_who_had_many_killed_waits(
    play: Play, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It has no worker meanwhile; that of another client goes on; who leaves costs no worker."""
    monkeypatch.setattr(kills, "BURST", 2)

    async def scene(bench: Bench) -> None:
        for _ in range(3):
            await bench.until(lambda: len(bench.idle()) == bench.pool.sizes.quick)
            with pytest.raises(OverLimitError):
                await bench.ask("sleep 30", wall=0.03)
        await bench.until(lambda: len(bench.idle()) == bench.pool.sizes.quick)
        delayed = bench.begin("say late")
        assert await bench.ask("say prompt", "other") == b"prompt"
        assert not delayed.done()
        left = bench.begin("sleep 30")
        await bench.until(lambda: bench.events.count("delayed") == 2)
        left.cancel()
        with pytest.raises(BusyError) as caught:
            await bench.ask("say never", wall=0.01)
        assert caught.value.own
        assert await delayed == b"late"
        assert bench.pool._kills.due("one") == 0
        await bench.until(lambda: len(bench.idle()) == bench.pool.sizes.quick)
        assert bench.pool.quotas.held(Kind.JOBS) == 0

    play(scene, kills=1)


@pytest.mark.threat("killed-jobs")
def test_few_jobs_of_a_client_are_delayed_at_a_time(
    play: Play, monkeypatch: pytest.MonkeyPatch
) -> None:
    """So that they cannot take the places of others: one more is refused at once."""
    monkeypatch.setattr(kills, "BURST", 0.1)

    async def scene(bench: Bench) -> None:
        for _ in range(20):
            bench.pool._kills.count("one")
        delayed = [bench.begin("say late") for _ in range(kills.DELAYED)]
        await bench.until(lambda: bench.events.count("delayed") == kills.DELAYED)
        with pytest.raises(BusyError) as caught:
            await bench.ask("say too many")
        assert caught.value.own
        assert await asyncio.gather(*delayed) == [b"late"] * kills.DELAYED

    play(scene, kills=10)


@pytest.mark.threat("killed-jobs")
def test_a_job_that_is_given_up_at_once_keeps_its_worker(
    play: Play, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its client is told, and the worker that is done a moment later does the next job."""
    monkeypatch.setattr(pool, "FORGIVEN", 60.0)

    async def scene(bench: Bench) -> None:
        (worker,) = bench.idle()
        for _ in range(9):
            with pytest.raises(OverLimitError):
                await bench.ask("sleep 0.03; say late", wall=0.001)
            await bench.until(lambda: bench.idle() == [worker])
        left = bench.begin("sleep 0.03; say late")
        await bench.until(bench.working)
        left.cancel()
        await bench.until(lambda: bench.idle() == [worker])
        assert await bench.ask("say done") == b"done"
        assert bench.idle() == [worker]
        assert "lost" not in bench.events

    play(scene, quick=1, kills=1)


@pytest.mark.threat("killed-jobs")
def test_a_job_that_is_given_up_and_goes_on_is_ended(play: Play) -> None:
    """What a client does not want is not done behind its back, and counts for it."""

    async def scene(bench: Bench) -> None:
        (worker,) = bench.idle()
        with pytest.raises(OverLimitError):
            await bench.ask("sleep 30", wall=0.001)
        await bench.gone(worker)
        await bench.until(lambda: bench.pool.busy == 0)
        assert bench.pool._kills.recent("one")
        assert bench.pool._kills.delayed == {}

    play(scene, quick=1)


@pytest.mark.threat("killed-jobs")
def test_who_had_workers_killed_comes_after_those_who_had_none(play: Play) -> None:
    """Anyone who keeps its workers finds one, however many others have theirs killed."""

    async def scene(bench: Bench) -> None:
        admission, free = bench.pool._admission, bench.pool._free
        early = [admission.enter("foe") for _ in range(2)]
        for place in early:
            admission.stand_in_line(place)
        bench.pool._kills.count("foe")
        free._working = lambda: ["foe"]
        assert free.take("foe") is None
        assert free.take("friend") is not None
        friend = admission.enter("friend")
        admission.stand_in_line(friend)
        assert admission.next(doubtful=False) is friend
        assert admission.next(doubtful=False) is None
        assert [admission.next() for _ in early] == early

    play(scene)
