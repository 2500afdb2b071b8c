"""Pools over the toy service."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
import uvloop
from tests.workers import child as programs
from tests.workers.bench import PATIENCE, Bench
from tests.workers.toy import MIB

from samsyn.server.limits.quotas import Kind, Quota, Quotas
from samsyn.server.workers import zygote
from samsyn.server.workers.launcher import Launcher
from samsyn.server.workers.pool import Pool, Sizes


class Separate(Launcher):
    """The line to a launcher that is a program of its own."""

    def __init__(self, root: Path) -> None:
        line, theirs = zygote.pair()
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.workers.toy", str(theirs.fileno())],
            cwd=root,
            pass_fds=[theirs.fileno()],
        )
        theirs.close()
        self._connect(line)

    def begin_loop(self) -> None:
        """Serve another event loop from now on."""
        self._busy = asyncio.Lock()


Play = Callable[..., None]


@pytest.fixture(scope="session")
def launch(root: Path) -> Iterator[Separate]:
    """What starts zygotes of the toy service."""
    separate = Separate(root)
    yield separate
    separate.close()
    assert separate.process.wait(PATIENCE) == 0


@pytest.fixture
def child(root: Path) -> Callable[[str], programs.Child]:
    """Runs a program in a process of its own."""
    return lambda program: programs.run(program, root)


@pytest.fixture(params=["uvloop", "asyncio"])
def play(request: pytest.FixtureRequest, launch: Separate) -> Play:
    """Runs a coroutine with a pool of the sizes given, in either event loop."""
    loops = {"uvloop": uvloop.new_event_loop, "asyncio": asyncio.new_event_loop}

    def run(scene: Callable[[Bench], Awaitable[None]], **sizes: int) -> None:
        async def main() -> None:
            async with bench_of(launch, *sized(sizes)) as bench:
                await asyncio.wait_for(scene(bench), 3 * PATIENCE)

        with asyncio.Runner(loop_factory=loops[request.param]) as runner:
            runner.run(main())

    return run


def sized(sizes: dict[str, int]) -> tuple[Sizes, Quotas]:
    """Make the sizes of a pool, and its quotas of jobs (in all and per client) and memory."""
    jobs = Quota(sizes.pop("max_requests_per_client", 64), sizes.pop("jobs", 512))
    memory = sizes.pop("memory", 1024 * MIB)
    quotas = Quotas({Kind.JOBS: jobs, Kind.WORKERS: Quota(memory, memory)})
    return Sizes(**{"quick": 2, "kills": 1000, **sizes}), quotas


@asynccontextmanager
async def bench_of(
    launch: Separate, sizes: Sizes, quotas: Quotas | None = None
) -> AsyncIterator[Bench]:
    """Start a pool of these sizes, and end it."""
    events: list[str] = []
    launch.begin_loop()
    pool = Pool(launch, sizes, events.append, quotas)
    await pool.start()
    bench = Bench(pool, events)
    await bench.until(lambda: len(bench.idle()) == sizes.quick)
    zygote_ = bench.zygote
    try:
        yield bench
    finally:
        forks = [fork for line in pool._supervisor._lines for fork in line.forks.values()]
        pool.close()
        # Workers born meanwhile are let go too, and the loop hears of it before it ends.
        await asyncio.gather(*pool._supervisor._tasks)
        for fork in forks:
            fork.kill()
        await asyncio.sleep(0.01)
        await bench.gone(zygote_)
