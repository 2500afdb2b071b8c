"""The pool over real processes: limits, deaths, readers, queues, writes."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
from pathlib import Path

import pytest
from tests.workers.bench import Bench, alive, children, state
from tests.workers.conftest import Play
from tests.workers.toy import ROW

from samsyn.server.workers.answer import EngineError, JobFailedError, LostError, OverLimitError
from samsyn.server.workers.fork import Fork
from samsyn.server.workers.scheduling import slow
from samsyn.server.workers.scheduling.scheduler import BusyError

MIB = 1024 * 1024
TWICE_ITS_BUFFER = 64
"""Rows that fill what is held for a reader twice."""


def test_a_job_is_answered(play: Play) -> None:
    """An answer comes whole, under the head that the worker gave it."""

    async def scene(bench: Bench) -> None:
        answer = await bench.pool.ask(bench.job("say hello"))
        assert answer.complete
        assert int(answer.head) in bench.idle()
        assert answer.whole() == b"hello"

    play(scene)


@pytest.mark.threat("costly-query")
@pytest.mark.parametrize(
    ("limit", "body", "bounds"),
    [
        pytest.param("time", "sleep 30", {"wall": 0.1}, id="wall-clock"),
        pytest.param("cpu", "spin 30", {"cpu": 1, "wall": 20.0}, id="processor"),
        pytest.param("memory", "keep 80", {}, id="memory"),
        pytest.param("memory", "die SIGABRT 9 FILE", {}, id="engine-aborts"),
        pytest.param("depth", "die SIGSEGV 9 FILE", {}, id="stack-is-full"),
        pytest.param("answer", "rows 600", {}, id="bytes"),
    ],
)
def test_a_limit_ends_the_job_alone(
    play: Play, tmp_path: Path, limit: str, body: str, bounds: dict[str, float]
) -> None:
    """Each limit gives its own error, once, and another job is done as if nothing had been."""
    deaths = tmp_path / "deaths"

    async def scene(bench: Bench) -> None:
        with pytest.raises(OverLimitError) as caught:
            await bench.ask(body.replace("FILE", str(deaths)), **bounds)
        assert caught.value.limit == limit
        assert "retried" not in bench.events
        assert await bench.ask("say still here") == b"still here"
        await bench.until(lambda: len(bench.idle()) == bench.pool.sizes.quick)

    play(scene)
    assert not deaths.exists() or deaths.read_bytes() == b"."


def test_a_fault_of_the_engine_is_no_limit(play: Play, tmp_path: Path) -> None:
    """It is reported as such and counts as a kill, and the query is not run once more."""
    counted: list[str] = []

    async def scene(bench: Bench) -> None:
        bench.pool._panicked = set(bench.idle()).__contains__
        bench.pool._kills.count = counted.append  # type: ignore[method-assign]
        with pytest.raises(EngineError):
            await bench.ask(f"die SIGABRT 9 {tmp_path}")
        assert bench.events == ["engine"]

    play(scene)
    assert counted == ["one"]


def test_what_the_service_says_is_passed_on(play: Play) -> None:
    """A refusal reaches the client with its words, a fault without, and the worker goes on."""

    async def scene(bench: Bench) -> None:
        before = sorted(bench.idle())
        for body, words in (("refuse why", b"why"), ("fault secret", b"")):
            with pytest.raises(JobFailedError) as caught:
                await bench.ask(body)
            assert caught.value.payload == words
        assert sorted(bench.idle()) == before

    play(scene)


@pytest.mark.threat("lost-process")
def test_a_job_whose_worker_was_killed_runs_once_more(play: Play, tmp_path: Path) -> None:
    """A worker killed from outside costs its client nothing; killed twice, it is reported."""

    async def scene(bench: Bench) -> None:
        once = await bench.ask(f"die SIGKILL 1 {tmp_path / 'once'}; say done")
        assert once == b"done"
        assert bench.events == ["lost", "retried"]
        with pytest.raises(LostError):
            await bench.ask(f"die SIGKILL 2 {tmp_path / 'twice'}; say done")
        assert await bench.ask(f"deaths {tmp_path / 'twice'}") == b"2"

    play(scene)


@pytest.mark.threat("leaving")
def test_a_reader_that_leaves_frees_its_worker(play: Play) -> None:
    """Whether it waits for the first rows or reads on, when it leaves, the worker ends."""

    async def scene(bench: Bench) -> None:
        waiting = bench.begin("sleep 30")
        (worker,) = await bench.until(bench.working)
        waiting.cancel()
        await bench.gone(worker)

        answer = await bench.pool.ask(bench.job("rows 400; sleep 30"))
        (worker,) = bench.working()
        answer.abandon()
        await bench.gone(worker)
        assert bench.pool.busy == 0

    play(scene)


def test_a_slow_reader_stops_the_clock(play: Play) -> None:
    """Time that a job waits for its reader is not its own."""

    async def scene(bench: Bench) -> None:
        job = bench.job(f"rows {TWICE_ITS_BUFFER}", wall=0.5)
        answer = await bench.pool.ask(job)
        assert not answer.complete
        await asyncio.sleep(0.7)
        read = b"".join([chunk async for chunk in answer.chunks()])
        assert read == ROW * TWICE_ITS_BUFFER

    play(scene)


@pytest.mark.threat("slow-reader")
def test_a_slow_reader_holds_no_place_in_the_slow_queue(play: Play) -> None:
    """A slow job that waits for its reader lets the next run, and those that read are not held."""

    async def scene(bench: Bench) -> None:
        answer = await bench.pool.ask(bench.job(f"spin 0.1; rows {TWICE_ITS_BUFFER}", "slow"))
        assert not answer.complete
        assert await bench.ask("spin 0.1; say next", "other") == b"next"
        held = [await bench.pool.ask(bench.job("rows 64", f"r{n}")) for n in range(8)]
        assert await bench.ask("say quick", "other") == b"quick"
        for unread in (answer, *held):
            unread.abandon()

    play(scene, slow=1)


@pytest.mark.threat("slow-reader")
def test_a_buffer_bounds_what_is_held(play: Play) -> None:
    """What nobody reads is not taken from the worker beyond the buffer."""

    async def scene(bench: Bench) -> None:
        answer = await bench.pool.ask(bench.job("rows 400"))
        await asyncio.sleep(0.2)
        # What had been read from the socket in one go may come on top.
        assert answer.size < 2 * bench.pool.sizes.buffer
        answer.abandon()

    play(scene, buffer=MIB)


def test_an_answer_that_ends_as_it_fills_the_buffer_leaves_its_worker_free(play: Play) -> None:
    """The worker does the next job though nobody has read a byte, and no clock runs any more."""

    async def scene(bench: Bench) -> None:
        job = bench.job("say " + "x" * 50_000, wall=0.5)
        first = await bench.pool.ask(job)
        answers = [await bench.pool.ask(job) for _ in range(3)]
        assert {answer.head for answer in answers} == {first.head}
        read = [b"".join([part async for part in each.chunks()]) for each in (first, *answers)]
        assert read == [b"x" * 50_000] * 4
        last = await bench.pool.ask(bench.job("sleep 1; say done"))
        assert (last.head, last.whole()) == (first.head, b"done")
        assert bench.events == []

    play(scene, buffer=32 * 1024)


def test_a_clients_second_slow_job_waits(play: Play, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is stopped until the first has had its turn; another client's runs meanwhile."""
    monkeypatch.setattr(slow, "TURN", 60.0)

    async def scene(bench: Bench) -> None:
        first = bench.begin("spin 0.6; say first")
        (one,) = await bench.until(bench.working)
        await bench.until(lambda: "slow" in bench.events)
        second = bench.begin("spin 0.1; say second")
        two = (await bench.until(lambda: bench.working()[1:]))[0]
        await bench.until(lambda: state(two) == "T")
        assert await bench.ask("spin 0.1; say other", "another") == b"other"
        assert state(two) == "T"
        assert state(one) != "T"
        assert await asyncio.gather(first, second) == [b"first", b"second"]

    play(scene)


def test_who_finds_no_place_is_told_whose_jobs_take_it(play: Play) -> None:
    """The bounds of the slow queue's queue, and of jobs under way, hold for each and for all."""

    async def scene(bench: Bench) -> None:
        running = bench.begin("spin 5")
        await bench.until(lambda: bench.events.count("slow") == 1)
        waiting = bench.begin("spin 5")
        await bench.until(lambda: bench.events.count("slow") == 2)
        for client, own in (("one", True), ("two", False)):
            with pytest.raises(BusyError) as caught:
                await bench.ask("spin 5", client)
            assert caught.value.own is own
        resting = bench.begin("sleep 5")
        await bench.until(lambda: bench.pool.busy == 3)
        with pytest.raises(BusyError) as caught:
            await bench.ask("say one too many")
        assert caught.value.own
        for task in (running, waiting, resting):
            task.cancel()

    play(scene, slow=1, waiting=1, own=1, max_requests_per_client=3)


def test_who_waited_in_the_slow_queue_in_vain_is_told_for_whom(
    play: Play, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A job that is stopped for all its time is turned away, and told whose was before it."""
    monkeypatch.setattr(slow, "TURN", 60.0)

    async def scene(bench: Bench) -> None:
        running = bench.begin("spin 15")
        await bench.until(lambda: bench.events.count("slow") == 1)
        for client, own in (("one", True), ("two", False)):
            with pytest.raises(BusyError) as caught:
                await bench.ask("spin 15", client, wall=1)
            assert caught.value.own is own
        running.cancel()

    play(scene, slow=1)


def test_slow_jobs_take_turns(play: Play) -> None:
    """Where one job runs at a time, one that needs little is done before one that needs much."""

    async def scene(bench: Bench) -> None:
        running = bench.begin("spin 15")
        await bench.until(lambda: bench.events.count("slow") == 1)
        await bench.ask("spin 0.3", "two")
        assert not running.done()
        running.cancel()

    play(scene, slow=1)


def test_the_slow_queue_holds_no_more_than_its_running_jobs_may(play: Play) -> None:
    """Of jobs that together hold too much, the one that holds most gives way, with that reason."""

    async def scene(bench: Bench) -> None:
        small = bench.begin("spin 0.5; say small", "small", memory=64 * MIB)
        large = [
            bench.begin("keep 40; spin 1; say large", f"large {n}", memory=64 * MIB)
            for n in range(2)
        ]
        assert await small == b"small"
        told = await asyncio.gather(*large, return_exceptions=True)
        busy = [each for each in told if isinstance(each, BusyError)]
        assert len(busy) == 1
        assert not busy[0].own
        assert "crowded" in bench.events
        assert b"large" in told

    play(scene, slow=1, memory=64 * MIB)


def test_a_job_that_is_stopped_as_its_buffer_fills_goes_on(
    play: Play, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Out of the queue since it waits for its reader, it is not left stopped for ever."""
    monkeypatch.setattr(slow, "TURN", 60.0)

    async def scene(bench: Bench) -> None:
        running = bench.begin("spin 4")
        (first,) = await bench.until(bench.working)
        await bench.until(lambda: bench.events.count("slow") == 1)
        held = bench.begin("spin 0.2; say done", "two")
        second = (await bench.until(lambda: [p for p in bench.working() if p != first]))[0]
        await bench.until(lambda: state(second) == "T")
        (run,) = [run for fork, run in bench.pool._runs.items() if fork.pid == second]
        bench.pool.unread(run)
        assert await held == b"done"
        running.cancel()

    play(scene, slow=1)


def test_who_waits_for_a_quick_worker_in_vain_is_told(play: Play) -> None:
    """A job that gets no worker in its time is turned away, not left to wait."""

    async def scene(bench: Bench) -> None:
        resting = bench.begin("sleep 5")
        await bench.until(bench.working)
        with pytest.raises(BusyError) as caught:
            await bench.ask("say too late", "two", wall=0.1)
        assert not caught.value.own
        resting.cancel()

    play(scene, quick=1)


def test_no_more_workers_are_born_than_are_missing(
    play: Play, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One that was given to a job that has not gone on yet is not taken to be missing."""

    async def scene(bench: Bench) -> None:
        freed = bench.pool._release

        def free(fork: Fork) -> None:
            freed(fork)
            # Anything else may happen in the same turn of the loop.
            bench.pool._refill()

        monkeypatch.setattr(bench.pool, "_release", free)
        assert await asyncio.gather(*(bench.ask("say done") for _ in range(8))) == [b"done"] * 8
        assert bench.pool.forks["born"] == 1
        assert bench.pool._supervisor.expected == 0

    play(scene, quick=1)


def test_workers_that_are_too_many_end(play: Play) -> None:
    """However they came to be, in the end there are as many as there are to be."""

    async def scene(bench: Bench) -> None:
        bench.pool._supervisor.fork(3)
        await bench.until(lambda: bench.pool.forks["born"] == 5)
        assert len(bench.idle()) == 2
        await bench.until(lambda: sorted(children(bench.zygote)) == sorted(bench.idle()))

    play(scene)


def test_a_write_hands_the_data_over(play: Play, tmp_path: Path) -> None:
    """New jobs see the new data, those under way the old, and idle workers are replaced."""

    async def scene(bench: Bench) -> None:
        gate = tmp_path / "gate"
        old = bench.begin(f"await {gate}; total")
        (reader,) = await bench.until(bench.working)
        idle, zygote = bench.idle(), bench.zygote
        for total in (5, 10):
            await bench.pool.write(bench.job("5"))
            assert bench.pool.hello == str(total)
            assert await bench.ask("total") == str(total).encode()
        await bench.gone(*idle)
        await bench.ask(f"mark {gate}")
        assert await old == b"0"
        await bench.gone(reader, zygote)
        assert alive(bench.zygote)

    play(scene)


def test_a_write_that_fails_changes_nothing(play: Play) -> None:
    """The zygote, its workers and the data are the same as before."""

    async def scene(bench: Bench) -> None:
        await bench.pool.write(bench.job("5"))
        await bench.until(lambda: len(bench.idle()) == bench.pool.sizes.quick)
        before = (bench.zygote, sorted(bench.idle()), bench.pool.hello)
        with pytest.raises(JobFailedError, match=r".*"):
            await bench.pool.write(bench.job("refuse it; 5"))
        assert (bench.zygote, sorted(bench.idle()), bench.pool.hello) == before
        assert await bench.ask("total") == b"5"

    play(scene)


@pytest.mark.threat("lost-process")
@pytest.mark.parametrize(
    ("acts", "error"),
    [
        pytest.param("die SIGKILL 9 FILE", LostError, id="killed"),
        pytest.param("sleep 30", OverLimitError, id="too-long"),
        pytest.param("die SIGABRT 9 FILE", EngineError, id="engine"),
    ],
)
def test_a_writer_that_dies_has_the_data_loaded_again(
    play: Play, tmp_path: Path, acts: str, error: type[Exception]
) -> None:
    """Nobody knows whether its change was put on record, so all start from the record again."""

    async def scene(bench: Bench) -> None:
        await bench.pool.write(bench.job("5"))
        former = bench.zygote
        bench.pool._panicked = lambda _: error is EngineError
        acts_ = acts.replace("FILE", str(tmp_path / "deaths"))
        with pytest.raises(error):
            await bench.pool.write(bench.job(f"{acts_}; 5", wall=0.3))
        assert bench.pool.hello == "0"
        assert await bench.ask("total") == b"0"
        await bench.gone(former)

    play(scene)


@pytest.mark.threat("lost-process")
def test_a_zygote_that_is_killed_is_replaced(play: Play) -> None:
    """No job is lost by it: those under way and those that wait are done by the next."""

    async def scene(bench: Bench) -> None:
        running = bench.begin("sleep 0.3; say ran")
        (worker,) = await bench.until(bench.working)
        waiting = bench.begin("say waited")
        await asyncio.sleep(0.05)
        former = bench.zygote
        os.kill(former, signal.SIGKILL)
        assert await asyncio.gather(running, waiting) == [b"ran", b"waited"]
        await bench.gone(worker)
        assert bench.zygote != former

    play(scene, quick=1)


def test_workers_of_a_lost_zygote_get_no_job(play: Play, monkeypatch: pytest.MonkeyPatch) -> None:
    """They end with it, though not at once, so none is kept ready when the next is started."""

    async def scene(bench: Bench) -> None:
        supervisor = bench.pool._supervisor
        starter = supervisor._launch
        launch, ready = type(starter).__call__, []

        async def launched(_: object) -> tuple[int, socket.socket]:
            ready.append(bench.idle())
            return await launch(starter)

        monkeypatch.setattr(type(starter), "__call__", launched)
        await supervisor.restart()
        await bench.until(lambda: len(bench.idle()) == bench.pool.sizes.quick)
        os.kill(bench.zygote, signal.SIGKILL)
        await bench.until(lambda: len(ready) == 2)
        assert ready == [[], []]
        assert await bench.ask("say done") == b"done"
        assert bench.events == []

    play(scene)


def test_every_process_has_one_thread(play: Play) -> None:
    """A fork copies only one thread, so none of those that fork may have more."""

    async def scene(bench: Bench) -> None:
        processes = [bench.zygote, *bench.idle(), *children(bench.zygote)]
        assert {len(list(Path(f"/proc/{pid}/task").iterdir())) for pid in processes} == {1}

    play(scene)


@pytest.mark.threat("system-calls")
def test_workers_are_confined(play: Play) -> None:
    """No worker of the pool can open a socket, nor can a writer, or a worker of what it becomes."""

    async def scene(bench: Bench) -> None:
        assert await bench.ask("open") == b"refused"
        written = await bench.pool.write(bench.job("open; 5"))
        assert written.whole() == b"refused"
        assert await bench.ask("open") == b"refused"

    play(scene)


def test_memory_is_counted_again_for_each_job(play: Play) -> None:
    """Two jobs in one worker may each take most of the limit, though it keeps what it took."""

    async def scene(bench: Bench) -> None:
        for _ in range(2):
            answer = await bench.pool.ask(bench.job("reserve 40; say kept"))
            assert (answer.whole(), int(answer.head)) == (b"kept", bench.idle()[0])

    play(scene, quick=1)


def test_a_worker_that_has_grown_is_replaced(play: Play) -> None:
    """Memory that a worker does not give back goes with it."""

    async def scene(bench: Bench) -> None:
        (first,) = bench.idle()
        for _ in range(40):
            await bench.ask("keep 2")
        await bench.gone(first)
        assert "slow" not in bench.events

    play(scene, quick=1)


def test_a_quick_job_is_not_kept_waiting_by_slow_ones(play: Play) -> None:
    """With as many slow jobs as may be, a quick one is answered at once."""

    async def scene(bench: Bench) -> None:
        slow = [bench.begin("spin 15", f"client {number}") for number in range(6)]
        await bench.until(lambda: bench.events.count("slow") == len(slow))
        assert await bench.ask("say quick") == b"quick"
        assert not any(task.done() for task in slow)
        for task in slow:
            task.cancel()

    play(scene, slow=1)
