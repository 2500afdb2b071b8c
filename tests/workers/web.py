"""A web process that has a pool and does nothing else, for tests that kill it.

It prints the ids of the processes that it has started, and then waits.
"""

from __future__ import annotations

import asyncio
import json
import sys

import uvloop
from tests.workers.bench import Bench
from tests.workers.toy import BOUNDS, Toy

from samsyn.server.workers.launcher import Launcher
from samsyn.server.workers.pool import Pool, Sizes
from samsyn.server.workers.zygote import Plan


async def main(launcher: Launcher) -> None:
    """Have one job rest, one wait in the slow queue, one write, and some workers idle."""
    bench = Bench(Pool(launcher, Sizes(slow=1)), [])
    await bench.pool.start()
    tasks = [bench.begin("sleep 50"), bench.begin("spin 50"), bench.begin("spin 50")]
    await bench.until(lambda: len(bench.pool._slow.queue.waiting) == 1)
    tasks.append(asyncio.ensure_future(bench.pool.write(bench.job("sleep 1; 5"))))  # type: ignore[arg-type]
    await bench.until(lambda: len(bench.working()) == len(tasks))
    await bench.until(lambda: len(bench.idle()) == bench.pool.sizes.quick - 1)
    told = {"zygote": bench.zygote, "workers": [*bench.working(), *bench.idle()]}
    print(json.dumps(told), flush=True)
    await asyncio.gather(*tasks)


if __name__ == "__main__":
    launcher_ = Launcher(Plan(Toy, BOUNDS))
    uvloop.run(main(launcher_))
    sys.exit(3)
