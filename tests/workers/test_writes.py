"""Writes are done one after the other, and those that wait are bounded."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from tests.workers.bench import Bench
from tests.workers.conftest import Play

from samsyn.server.error_mapping import problem_of
from samsyn.server.workers import writes
from samsyn.server.workers.scheduling.scheduler import RETRY, BusyError


@pytest.mark.threat("shortage")
def test_only_so_many_writes_wait_for_their_turn(
    play: Play, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One more is refused at once and changes nothing; all that were taken on are done."""
    monkeypatch.setattr(writes, "WAITING", 2)

    async def scene(bench: Bench) -> None:
        gate = tmp_path / "gate"
        taken = [
            asyncio.ensure_future(bench.pool.write(bench.job(f"await {gate}; 1", wall=60)))
            for _ in range(3)
        ]
        await bench.until(lambda: bench.pool._writes.waiting == 2)
        with pytest.raises(BusyError) as caught:
            await bench.pool.write(bench.job("100"))
        problem = problem_of(caught.value)
        assert (problem.kind, problem.headers) == ("busy", {"Retry-After": str(RETRY)})
        await bench.ask(f"mark {gate}")
        await asyncio.gather(*taken)
        assert bench.pool.hello == "3"
        assert bench.pool._writes.waiting == 0

    play(scene)


@pytest.mark.threat("shortage")
def test_a_write_whose_turn_does_not_come_in_its_time_is_refused(
    play: Play, tmp_path: Path
) -> None:
    """It changes nothing, and those after it are done."""

    async def scene(bench: Bench) -> None:
        gate = tmp_path / "gate"
        first = asyncio.ensure_future(bench.pool.write(bench.job(f"await {gate}; 1")))
        await bench.until(bench.working)
        with pytest.raises(BusyError):
            await bench.pool.write(bench.job("100", wall=0.05))
        last = asyncio.ensure_future(bench.pool.write(bench.job("10")))
        await bench.ask(f"mark {gate}")
        await asyncio.gather(first, last)
        assert bench.pool.hello == "11"

    play(scene)


@pytest.mark.threat("memory")
def test_a_writer_keeps_nothing_of_the_data_before_its_write(play: Play) -> None:
    """It is let go at once, not when the collector of cycles comes round."""

    async def scene(bench: Bench) -> None:
        for _ in range(3):
            await bench.pool.write(bench.job("1"))
        # The first revision is held by those who started the zygote.
        assert await bench.ask("living") == b"2"

    play(scene)
