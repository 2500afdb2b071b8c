"""Send a server what nobody would send, for some minutes, and see that it stays as it was.

Usage: python -m tests.live.fuzzing [--minutes 5] [--seed SEED]

The seed is printed; with it a run sends the same cases again. One case, or some, are sent again by
their numbers: ``--seed SEED --first NUMBER --count 1 [--writes]``. What went wrong is kept as JSON
in ``--keep``, to be moved to ``findings`` once its fault is fixed.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from itertools import count, cycle, islice
from pathlib import Path
from typing import Final

from tests.live.attacking import Listener, listening
from tests.live.fuzzing.cases import KINDS, WRITES, case
from tests.live.fuzzing.oracles import MIB, PATIENCE, Watched, files, watched
from tests.live.fuzzing.play import Case, play
from tests.live.serving import ROOT

BLOCK: Final = 8.0
"""Seconds of sending between two looks at the server."""
AT_ONCE: Final = 24
"""Cases under way at the same time."""
WRITING_AT_ONCE: Final = 4
"""The same where writes are taken, which are done one after the other."""
_TURNS: Final = (False, False, False, True)
"""Which server has its turn: one in four is that which takes writes."""


@dataclass
class Run:
    """A run and what came out.

    Args:
        seed: of all cases.
        away: the listener that nobody may ask.
        keep: the folder for cases that went wrong.
    """

    seed: str
    away: Listener
    keep: Path
    faults: list[str] = field(default_factory=list)
    ends: Counter[str] = field(default_factory=Counter)
    sent: Counter[str] = field(default_factory=Counter)
    most: Counter[str] = field(default_factory=Counter)

    def case(self, number: int, server: Watched) -> Case:
        """Make the case of a number for a server."""
        kinds = WRITES if server.writable else KINDS
        return case(self.seed, number, self.away.port, kinds)

    async def block(self, server: Watched, numbers: Iterator[int], seconds: float) -> None:
        """Send cases for some seconds, then look at the server."""
        end, first = time.monotonic() + seconds, next(numbers)
        last = first

        async def sender(number: int) -> None:
            nonlocal last
            while True:
                last = max(last, number)
                await self._send(server, number)
                following = next(numbers, None)
                if following is None or time.monotonic() > end:
                    return
                number = following

        senders = [first, *islice(numbers, (WRITING_AT_ONCE if server.writable else AT_ONCE) - 1)]
        async with server.watching():
            await asyncio.gather(*map(sender, senders))
        self.most["stall, ms"] = max(self.most["stall, ms"], round(server.stall * 1000))
        self.most["memory, MiB"] = max(self.most["memory, MiB"], server.peak // MIB)
        for fault in await server.faults():
            self._note(server, first, last - first + 1, fault)

    async def _send(self, server: Watched, number: int) -> None:
        made = self.case(number, server)
        outcome = await play(made, server.port, PATIENCE)
        self.sent[made.name] += 1
        self.ends[outcome.end] += 1
        self.ends.update(map(str, outcome.statuses))
        for fault in outcome.faults():
            self._note(server, number, 1, f"{made.name}: {fault}", made)

    def _note(
        self, server: Watched, first: int, many: int, fault: str, made: Case | None = None
    ) -> None:
        writes = " --writes" if server.writable else ""
        again = f"--seed {self.seed} --first {first} --count {many}{writes}"
        self.faults.append(f"{fault}\n  again: python -m tests.live.fuzzing {again}")
        print(self.faults[-1], flush=True)
        if made is not None:
            self.keep.mkdir(parents=True, exist_ok=True)
            told = {"told": fault, **made.to_json()}
            (self.keep / f"{self.seed}-{first}.json").write_text(json.dumps(told, indent=1) + "\n")


async def fuzz(run: Run, servers: list[Watched], minutes: float) -> None:
    """Send cases to servers in turn for some minutes."""
    end, numbers = time.monotonic() + minutes * 60, {id(server): count() for server in servers}
    for server in servers:
        await server.begin()
    for writes in cycle(_TURNS):
        left = end - time.monotonic()
        if left <= 0:
            return
        server = next(server for server in servers if server.writable == writes)
        await run.block(server, numbers[id(server)], min(BLOCK, left))


async def again(run: Run, server: Watched, first: int, many: int) -> None:
    """Send some cases one by one, with a look at the server after each."""
    await server.begin()
    for number in range(first, first + many):
        await run.block(server, iter([number]), 0)


def main() -> int:
    """Fuzz, and print what came out."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--minutes", type=float, default=5.0)
    parser.add_argument("--seed", default="")
    parser.add_argument("--first", type=int)
    parser.add_argument("--count", type=int, default=1)
    parser.add_argument("--writes", action="store_true")
    parser.add_argument("--keep", type=Path, default=ROOT / ".cache" / "fuzzing")
    given = parser.parse_args()
    seed = given.seed or str(random.SystemRandom().randrange(10**9))
    print(f"seed {seed}", flush=True)
    before = files()
    with listening() as away, ExitStack() as stack:
        run = Run(seed, away, given.keep)
        sides = [given.writes] if given.first is not None else [False, True]
        servers = [stack.enter_context(watched(away.hits, writable=side)) for side in sides]
        if given.first is not None:
            asyncio.run(again(run, servers[0], given.first, given.count))
        else:
            asyncio.run(fuzz(run, servers, given.minutes))
    run.faults += [f"a file was written: {name}" for name in sorted(files() - before)]
    print(f"{sum(run.sent.values())} cases:", dict(run.sent.most_common()))
    print("ends and statuses:", dict(run.ends.most_common()))
    print("at most:", dict(run.most))
    print(f"{len(run.faults)} faults; seed {seed}", *run.faults, sep="\n")
    return 1 if run.faults else 0


if __name__ == "__main__":
    sys.exit(main())
