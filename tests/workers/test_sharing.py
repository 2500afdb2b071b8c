"""What clients may hold and take together: memory, places, readers, time."""

from __future__ import annotations

import asyncio
import os
import signal
from contextlib import suppress
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from tests.workers.bench import Bench, state
from tests.workers.conftest import Play

from samsyn.server.limits.quotas import Kind
from samsyn.server.workers.answer import Answer, LostError, OverLimitError
from samsyn.server.workers.pool import Pool, Sizes
from samsyn.server.workers.scheduling import readers, slow
from samsyn.server.workers.scheduling.scheduler import BusyError

MIB = 1024 * 1024
UNREAD = 64
"""Rows that fill what is held for a reader twice."""
PAGE = os.sysconf("SC_PAGE_SIZE")


def resident(pid: int) -> int:
    """Return the bytes that a process holds."""
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * PAGE
    except (OSError, IndexError):
        return 0


async def unread(bench: Bench, body: str, client: str) -> Answer:
    """Have a job done whose answer nobody reads."""
    answer = await bench.pool.ask(bench.job(f"{body}; rows {UNREAD}", client))
    assert not answer.complete
    return answer


def nothing_is_held(bench: Bench) -> bool:
    """Return whether nothing is counted any more."""
    return not any(bench.pool.quotas.held(kind) for kind in Kind)


@pytest.mark.threat("slow-reader")
def test_jobs_that_wait_for_their_readers_hold_no_more_than_all_may(play: Play) -> None:
    """However many a client has, what their processes really hold stays under the bound."""
    bound, size = 100 * MIB, 30

    async def scene(bench: Bench) -> None:
        born = resident(bench.idle()[0])
        asked: list[Answer] = []
        most = 0
        for _ in range(8):
            with suppress(BusyError):
                asked.append(await unread(bench, f"keep {size}", "large"))
            assert bench.pool.quotas.held(Kind.WORKERS) <= bound
            held = sum(max(0, resident(pid) - born) for pid in bench.working())
            most = max(most, held)
        assert bound / 2 < most < bound + 2 * size * MIB
        await bench.until(lambda: bench.events.count("crowded") >= 4)
        assert await bench.ask("keep 5; say small", "small") == b"small"
        for answer in asked:
            answer.abandon()
        await bench.until(lambda: nothing_is_held(bench))

    play(scene, memory=bound)


def test_what_a_slow_job_copies_is_counted(play: Play) -> None:
    """It counts locks in what it shares with the others, and has a copy of these pages then."""

    async def scene(bench: Bench) -> None:
        asked = bench.begin("spin 30")
        (pid,) = await bench.until(bench.working)
        born = resident(pid)
        await bench.until(lambda: bench.pool.quotas.held(Kind.WORKERS) > born / 7)
        assert bench.pool.quotas.held(Kind.WORKERS) < born / 2
        asked.cancel()
        await bench.until(lambda: nothing_is_held(bench))

    play(scene)


@pytest.mark.threat("slow-reader")
def test_the_largest_of_who_holds_most_gives_way(play: Play) -> None:
    """Several small ones of one client give way before a larger one of another."""

    async def scene(bench: Bench) -> None:
        one = await unread(bench, "keep 40", "one")
        many = [await unread(bench, f"keep {size}", "many") for size in (15, 25, 15, 15)]
        await bench.until(lambda: "crowded" in bench.events)
        with pytest.raises(BusyError):
            b"".join([chunk async for chunk in many[1].chunks()])
        assert len(b"".join([chunk async for chunk in one.chunks()])) == UNREAD * 65536
        for answer in many:
            answer.abandon()

    play(scene, memory=100 * MIB)


def test_a_job_that_is_computed_counts_as_one_that_waits_for_its_reader(play: Play) -> None:
    """Neither is a way to hold more than others."""

    async def scene(bench: Bench) -> None:
        waiting = await unread(bench, "keep 20", "reader")
        computed = bench.begin("keep 50; sleep 20", "computer")
        with pytest.raises(BusyError):
            await computed
        assert waiting.taken == 0
        assert len(b"".join([chunk async for chunk in waiting.chunks()])) == UNREAD * 65536

    play(scene, memory=64 * MIB)


@pytest.mark.threat("slow-reader")
def test_a_client_has_so_many_answers_unread(play: Play) -> None:
    """One more is refused with nothing sent; when one has been read, there is a place again."""

    async def scene(bench: Bench) -> None:
        asked = [await unread(bench, "total", "slow") for _ in range(3)]
        with pytest.raises(BusyError) as caught:
            await unread(bench, "total", "slow")
        assert caught.value.own
        assert await bench.ask("say small", "slow") == b"small"
        (await unread(bench, "total", "other")).abandon()
        asked[0].abandon()
        asked[0] = await unread(bench, "total", "slow")
        for answer in asked:
            answer.abandon()
        await bench.until(lambda: nothing_is_held(bench))

    play(scene, unread=3)


@pytest.mark.threat("slow-reader")
def test_an_answer_that_waits_for_its_reader_gives_its_place(play: Play) -> None:
    """Where all places are taken, a client with fewer gets that of who has most unread."""

    async def scene(bench: Bench) -> None:
        asked = [await unread(bench, "total", name) for name in ("many", "many", "few")]
        assert await bench.ask("say hello", "newcomer") == b"hello"
        with pytest.raises(BusyError):
            b"".join([chunk async for chunk in asked[0].chunks()])
        for answer in asked[1:]:
            answer.abandon()
        await bench.until(lambda: nothing_is_held(bench))

    play(scene, jobs=3)


@pytest.mark.threat("slow-reader")
def test_a_job_whose_reader_came_late_has_its_turns_as_others(play: Play) -> None:
    """To let an answer wait is no way past the slow queue."""

    async def scene(bench: Bench) -> None:
        answers = [
            await bench.pool.ask(bench.job(f"rows {UNREAD}; spin 20", "foe")) for _ in range(3)
        ]
        await bench.until(lambda: all(run.slow for run in bench.pool._runs.values()))
        reading = [asyncio.create_task(_read(answer)) for answer in answers]
        await bench.until(lambda: len(bench.pool._slow.queue.waiting) == len(answers) - 1)
        for task in reading:
            task.cancel()
        for answer in answers:
            answer.abandon()
        await bench.until(lambda: nothing_is_held(bench))

    play(scene, slow=2)


async def _read(answer: Answer) -> None:
    async for _ in answer.chunks():
        pass


@pytest.mark.threat("site")
def test_a_site_has_so_many_answers_unread(play: Play) -> None:
    """The networks of one site share four times what one client has."""

    async def scene(bench: Bench) -> None:
        networks = [f"2001:db8:7:{number}::/64" for number in range(5)]
        asked = [await unread(bench, "total", network) for network in networks[:4]]
        with pytest.raises(BusyError):
            await unread(bench, "total", networks[4])
        for answer in asked:
            answer.abandon()

    play(scene, unread=1)


@pytest.mark.threat("slow-reader")
def test_a_reader_that_takes_too_little_is_cut_off_where_places_are_few(
    play: Play, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With places to spare it may go on; as they are taken, more is asked of it."""
    monkeypatch.setattr(readers, "GRACE", 0.2)

    async def scene(bench: Bench) -> None:
        answer = await unread(bench, "total", "slow")
        chunks = answer.chunks()
        await anext(chunks)
        await asyncio.sleep(0.6)
        assert "slow-reader" not in bench.events
        monkeypatch.setattr(readers, "_STEEPNESS", 1e12)
        await bench.until(lambda: "slow-reader" in bench.events)
        assert nothing_is_held(bench)

    play(scene, min_client_bytes_per_second=100)


@pytest.mark.threat("slow-reader")
def test_who_has_no_job_takes_the_place_of_one_that_waits(play: Play) -> None:
    """Where all places are taken, the last to come of who has most is refused, at once."""

    async def scene(bench: Bench) -> None:
        resting = bench.begin("sleep 0.5; say rested", "many")
        await bench.until(bench.working)
        waiting = [bench.begin(f"say {number}", "many") for number in range(4)]
        await asyncio.sleep(0)
        assert await bench.ask("say hello", "newcomer") == b"hello"
        told = await asyncio.gather(resting, *waiting, return_exceptions=True)
        assert told[:4] == [b"rested", b"0", b"1", b"2"]
        assert isinstance(told[4], BusyError)
        assert told[4].own
        assert nothing_is_held(bench)

    play(scene, quick=1, jobs=5)


@pytest.mark.threat("costly-query")
def test_of_endless_jobs_of_one_client_one_is_told_that_it_needs_too_much(play: Play) -> None:
    """The others waited for it, and may be done another time."""

    async def scene(bench: Bench) -> None:
        asked = [bench.begin("spin 30", wall=0.8) for _ in range(6)]
        told = await asyncio.gather(*asked, return_exceptions=True)
        limits = [each for each in told if isinstance(each, OverLimitError)]
        busy = [each for each in told if isinstance(each, BusyError)]
        assert len(limits) + len(busy) == 6
        assert limits
        assert all(each.limit == "time" for each in limits)
        assert all(each.own for each in busy)

    play(scene, quick=6, slow=1)


class Late:
    """A job whose time is over, as far as the pool looks at it.

    Args:
        waited: seconds of its ten for which it waited.
        had: seconds of processor time that it has had.
        given: seconds that it was given beyond its time.
    """

    def __init__(self, waited: float, had: float, given: float = 0.0) -> None:
        self.client = "one"
        self.waited, self.had, self.given = waited, had, given
        self.stopped = self.begun = False
        self.job = SimpleNamespace(bounds=SimpleNamespace(wall=10.0))
        self.fork = SimpleNamespace(spent=lambda: had)
        self.ends: list[object] = []

    def extend(self, seconds: float) -> None:
        """Take note."""
        self.ends.append(seconds)


@pytest.mark.parametrize(
    ("late", "others", "end"),
    [
        pytest.param(Late(0.0, 9.0), [0.1], OverLimitError, id="it-ran-all-the-time"),
        pytest.param(Late(8.0, 2.0), [0.1, 0.3], 8.0, id="its-own-kept-it-waiting"),
        pytest.param(Late(8.0, 0.2), [0.1, 2.0], BusyError, id="another-goes-first"),
        pytest.param(Late(8.0, 2.0), [], BusyError, id="others-kept-it-waiting"),
        pytest.param(Late(8.0, 9.0, 8.0), [0.1], OverLimitError, id="it-had-its-time-once-more"),
        pytest.param(Late(16.0, 1.0, 8.0), [0.1], BusyError, id="and-waited-for-others"),
    ],
)
def test_what_a_job_is_told_whose_time_is_over(
    monkeypatch: pytest.MonkeyPatch, late: Late, others: list[float], end: object
) -> None:
    """It needs too much if it ran; if its own took its time, the longest has that once more."""
    launch: Any = None
    run: Any = late
    over = Pool(launch, Sizes())
    over._slow.queue.enter(run)
    for had in others:
        other: Any = Late(0.0, had)
        over._slow.queue.enter(other)
    late.ends.clear()
    monkeypatch.setattr(over, "_give_up", lambda each, error: each.ends.append(type(error)))
    monkeypatch.setattr(over, "_dismiss", lambda each, error: each.ends.append(type(error)))
    over.overdue(run)
    assert late.ends == [end]


@pytest.mark.threat("leaving")
@pytest.mark.parametrize("moment", ["arriving", "computed", "stopped", "begun", "unread"])
def test_who_leaves_ends_the_work_whenever_it_is(
    play: Play, monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    """Before there is a worker, while it computes, held back by others, sending, or waiting."""
    monkeypatch.setattr(slow, "TURN", 60.0)

    async def scene(bench: Bench) -> None:
        others = []
        if moment == "arriving":
            others = [bench.begin("sleep 30", "other") for _ in range(2)]
            await bench.until(lambda: len(bench.working()) == 2)
        if moment == "stopped":
            others = [bench.begin("spin 30", "other")]
            await bench.until(lambda: "slow" in bench.events)
        before = set(bench.working())
        body = {"stopped": "spin 30", "begun": "rows 1; sleep 30", "unread": "rows 90; sleep 30"}
        asked = asyncio.ensure_future(bench.pool.ask(bench.job(body.get(moment, "sleep 30"))))
        if moment == "arriving":
            await asyncio.sleep(0.01)
            asked.cancel()
        else:
            await bench.until(lambda: set(bench.working()) - before)
            (worker,) = set(bench.working()) - before
            if moment in ("begun", "unread"):
                answer = await asked
                assert not answer.complete
                answer.abandon()
            else:
                stopped = "T" if moment == "stopped" else "S"
                await bench.until(lambda: state(worker) == stopped)
                asked.cancel()
            await bench.gone(worker)
        assert set(bench.working()) <= before
        for task in others:
            task.cancel()
        await bench.until(lambda: nothing_is_held(bench))
        await bench.until(lambda: len(bench.idle()) == 2)

    play(scene, slow=1)


@pytest.mark.threat("crash")
def test_a_crash_is_counted_and_not_tried_again(play: Play, tmp_path: Path) -> None:
    """A query that runs the engine out of its stack ends one worker, and is reported so."""
    deaths = tmp_path / "deaths"

    async def scene(bench: Bench) -> None:
        with pytest.raises(OverLimitError):
            await bench.ask(f"die SIGSEGV 9 {deaths}")
        assert bench.events == ["limit-depth"]
        assert bench.pool._kills.recent("one")
        assert await bench.ask(f"deaths {deaths}") == b"1"

    play(scene)


@pytest.mark.threat("crash")
def test_a_worker_killed_from_outside_counts_for_nobody(play: Play, tmp_path: Path) -> None:
    """Its client is not made to wait for what it did not do."""

    async def scene(bench: Bench) -> None:
        with pytest.raises(LostError):
            await bench.ask(f"die SIGKILL 2 {tmp_path / 'deaths'}")
        for pid in bench.idle():
            os.kill(pid, signal.SIGKILL)
        await bench.until(lambda: len(bench.idle()) == 2)
        assert not bench.pool._kills.recent("one")
        assert len(bench.pool._kills._clients) == 0

    play(scene)
