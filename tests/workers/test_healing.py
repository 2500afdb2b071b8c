"""Whatever fails at the birth of a worker, the pool has all of them again by itself."""

from __future__ import annotations

import asyncio
import errno
import json
import os
import resource
import signal
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
from tests.workers.bench import PATIENCE, Bench, children
from tests.workers.conftest import Play, Separate, bench_of
from tests.workers.toy import BOUNDS, Toy

from samsyn.server.workers import zygote, zygote_link
from samsyn.server.workers.confinement.sandbox import Cell
from samsyn.server.workers.pool import Sizes
from samsyn.server.workers.scheduling.scheduler import BusyError
from samsyn.server.workers.zygote import Plan, Zygote
from samsyn.server.workers.zygote_link import FaultyError, Line, close_all


@contextmanager
def no_descriptors(process: int) -> Iterator[None]:
    """Leave a process no descriptor but those that it has."""
    before = resource.prlimit(process, resource.RLIMIT_NOFILE)
    resource.prlimit(process, resource.RLIMIT_NOFILE, (0, before[1]))
    try:
        yield
    finally:
        resource.prlimit(process, resource.RLIMIT_NOFILE, before)


def open_files() -> int:
    """Count the descriptors of this process."""
    return len([*Path("/proc/self/fd").iterdir()])


async def kill_all(bench: Bench) -> list[int]:
    """Kill the workers that wait for a job, and return which."""
    victims = bench.idle()
    for pid in victims:
        os.kill(pid, signal.SIGKILL)
    await bench.until(lambda: not set(victims) & set(bench.idle()))
    return victims


async def well(bench: Bench) -> None:
    """Wait until all workers are there, and see that nothing is asked for or remembered twice."""
    pool, supervisor = bench.pool, bench.pool._supervisor
    await bench.until(lambda: len(bench.idle()) == pool.sizes.quick)
    await bench.until(lambda: supervisor._line is not None and not supervisor._line.asked)
    assert supervisor._line is not None
    await bench.until(lambda: sorted(supervisor._line.forks) == sorted(bench.idle()))
    assert (supervisor._line.statuses, supervisor._line.closed) == ({}, {})
    assert await bench.ask("say well") == b"well"


def failures(bench: Bench) -> int:
    """Return how many births have failed one after the other."""
    current = bench.pool._supervisor._line
    return 0 if current is None else current.failures


@pytest.mark.threat("shortage")
def test_workers_come_back_after_a_lack_of_descriptors(play: Play) -> None:
    """A birth whose socket could not be taken in is repeated, and its process ends."""

    async def scene(bench: Bench) -> None:
        former = bench.zygote
        with no_descriptors(os.getpid()):
            before = failures(bench)
            await kill_all(bench)
            await bench.until(lambda: failures(bench) > before + 1)
            assert bench.idle() == []
        await well(bench)
        assert bench.zygote == former

    play(scene)


@pytest.mark.threat("shortage")
def test_workers_come_back_after_their_handles_could_not_be_had(
    play: Play, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A process that cannot be held is ended, and another asked for."""
    opened, refused = os.pidfd_open, []

    def open_later(pid: int) -> int:
        if len(refused) < 3:
            refused.append(pid)
            raise OSError(errno.EMFILE, "no descriptor")
        return opened(pid)

    async def scene(bench: Bench) -> None:
        refused.clear()
        former = bench.zygote
        monkeypatch.setattr(os, "pidfd_open", open_later)
        await kill_all(bench)
        await well(bench)
        assert bench.zygote == former
        await bench.gone(*refused)

    play(scene)
    assert len(refused) == 3


def test_workers_come_back_after_a_failed_connection(
    play: Play, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same where the event loop does not take the socket."""

    async def scene(bench: Bench) -> None:
        supervisor, former = bench.pool._supervisor, bench.zygote
        connect, refused = supervisor._connect, []

        async def refuse(fork: Any, channel: Any) -> None:
            if not refused:
                refused.append(fork.pid)
                channel.close()
                fork.kill()
                raise OSError(errno.ENOMEM, "no memory")
            await connect(fork, channel)

        monkeypatch.setattr(supervisor, "_connect", refuse)
        await kill_all(bench)
        await well(bench)
        assert bench.zygote == former
        await bench.gone(*refused)

    play(scene)


@pytest.mark.threat("shortage")
def test_workers_come_back_after_the_zygote_could_not_fork(play: Play) -> None:
    """It says so, lives on, and is asked again."""

    async def scene(bench: Bench) -> None:
        former = bench.zygote
        with no_descriptors(former):
            await kill_all(bench)
            await bench.until(lambda: failures(bench) > 3)
            with pytest.raises(BusyError):
                await bench.pool.write(bench.job("5"))
        await well(bench)
        assert bench.zygote == former

    play(scene)


def test_a_zygote_that_cannot_fork_says_how_many_are_missing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Whatever the system lacks, one message tells of all births that failed."""

    def fork() -> int:
        raise BlockingIOError(errno.EAGAIN, "no process")

    ours, theirs = zygote.pair()
    before = open_files()
    with ours, theirs:
        holder = Zygote(theirs, Toy(), Plan(Toy, BOUNDS), Cell(None, b""))
        monkeypatch.setattr(os, "fork", fork)
        assert holder._obey(b'{"fork": 3}')
        assert holder._obey(b'{"write": true}')
        told = [json.loads(ours.recv(zygote.PACKET)) for _ in range(2)]
        holder._deaths.close()
        holder._wakeup.close()
        assert open_files() == before
    assert told[0]["unborn"] == 3
    assert "no process" in told[1]["unwritten"]


@pytest.mark.threat("lost-process")
def test_a_zygote_that_hangs_is_replaced(play: Play, monkeypatch: pytest.MonkeyPatch) -> None:
    """If nothing is born though it was asked for, another zygote is started."""
    monkeypatch.setattr(zygote_link, "SILENCE", 0.3)

    async def scene(bench: Bench) -> None:
        former = bench.zygote
        os.kill(former, signal.SIGSTOP)
        for pid in bench.idle():
            os.kill(pid, signal.SIGKILL)
        assert await bench.ask("say done") == b"done"
        assert bench.zygote != former
        await bench.gone(former)
        await well(bench)

    play(scene)


@pytest.mark.threat("lost-process")
def test_a_worker_whose_end_is_not_told_is_lost_all_the_same(
    play: Play, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its job is done by another, though the zygote says nothing."""
    monkeypatch.setattr(zygote_link, "UNTOLD", 0.1)

    async def scene(bench: Bench) -> None:
        former = bench.zygote
        running = bench.begin("sleep 0.4; say done")
        (worker,) = await bench.until(bench.working)
        os.kill(bench.zygote, signal.SIGSTOP)
        os.kill(worker, signal.SIGKILL)
        assert await running == b"done"
        os.kill(bench.zygote, signal.SIGCONT)
        assert bench.zygote == former
        await well(bench)

    play(scene)


def test_a_zygote_that_sends_no_message_is_replaced(
    play: Play, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was cut or is no object ends it, and the next one serves."""

    async def scene(bench: Bench) -> None:
        former, hear = bench.zygote, Line.hear

        def garbled(self: Line) -> Any:
            heard = hear(self)
            if heard is not None and self.pid == former:
                close_all(heard[1])
                raise FaultyError
            return heard

        monkeypatch.setattr(Line, "hear", garbled)
        await kill_all(bench)
        await bench.until(lambda: bench.pool.hello is not None and bench.zygote != former)
        await well(bench)
        await bench.gone(former)

    play(scene)


@pytest.mark.parametrize("packet", [b'{"born": 12', b"[]", b"7", b"\xff"])
def test_a_packet_that_is_no_message_leaves_nothing_open(packet: bytes) -> None:
    """The sockets that came with it are closed."""

    async def scene() -> None:
        ours, theirs = zygote.pair()
        near, far = socket.socketpair()
        with ours, theirs, near, far:
            before = open_files()
            socket.send_fds(theirs, [packet], [far.fileno()])
            with pytest.raises(FaultyError):
                Line(ours, 0).hear()
            assert open_files() == before

    asyncio.run(scene())


@pytest.mark.threat("shortage")
def test_workers_that_die_at_their_birth_are_replaced_in_measure(play: Play) -> None:
    """Births that come to nothing are repeated after pauses that grow, not as fast as may be."""

    async def scene(bench: Bench) -> None:
        current = bench.pool._supervisor._line
        assert current is not None
        asked: list[int] = []
        ask = current.ask
        current.ask = lambda count: ask(count) and not asked.append(count)  # type: ignore[method-assign,func-returns-value]
        end = asyncio.get_running_loop().time() + 0.5
        while asyncio.get_running_loop().time() < end:
            for pid in bench.idle():
                # It may have been buried, and its socket not yet be known to be closed.
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            await asyncio.sleep(0.001)
        assert len(asked) < 20
        await well(bench)

    play(scene)


@pytest.mark.threat("lost-process")
def test_launchers_and_zygote_are_replaced(root: Path) -> None:
    """One launcher stands in for another, and is itself replaced, so that a zygote can start."""

    async def scene() -> None:
        async with bench_of(separate, Sizes(quick=2)) as bench:
            launcher = separate.process.pid
            for _ in range(2):
                await bench.until(lambda: len(separate._lines) == 2)
                first, former = separate._lines[0], bench.zygote
                (spare,) = set(children(launcher)) - {former, *children(former)}
                os.kill(launcher, signal.SIGKILL)
                await bench.until(lambda gone=first: gone not in separate._lines)  # type: ignore[misc]
                os.kill(former, signal.SIGKILL)
                await bench.until(lambda gone=former: bench.pool.hello and bench.zygote != gone)  # type: ignore[misc]
                await well(bench)
                launcher = spare

    separate = Separate(root)
    asyncio.run(asyncio.wait_for(scene(), PATIENCE))
    separate.close()
    separate.process.wait(PATIENCE)
