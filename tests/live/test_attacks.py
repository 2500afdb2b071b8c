"""Honest clients while somebody attacks: `make soak` shows how long their lookups take."""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count
from math import ceil
from pathlib import Path
from typing import Final
from urllib.parse import quote

import pytest
from tests.live import processes, wire
from tests.live.attacks import ATTACKS, Foe
from tests.live.soak import FLAGS, serving
from tests.live.verdict import MIB, MOST_MEMORY, TIMES_SLOWER

QUIET: Final = 1.5
ATTACKED: Final = 4.0
"""Seconds of lookups before each attack, and while it goes on."""
AFTER: Final = 1.0
"""Seconds within which the server answers when an attack has stopped."""
_EACH: Final = 0.03
_SAMPLE: Final = 0.5
_START: Final = 0.7
"""Seconds within which an attacker has begun."""
_PATIENCE: Final = 10.0
_SOURCE: Final = "127.9.9.9"
_FRESH: Final = count(time.monotonic_ns())


@dataclass
class Seen:
    """What became of lookups in some seconds."""

    seconds: list[float] = field(default_factory=list)
    wrong: int = 0

    @property
    def p99(self) -> float:
        """The time within which 99 of 100 were answered."""
        return sorted(self.seconds)[ceil(0.99 * len(self.seconds)) - 1]


@dataclass
class Row:
    """What an attack did."""

    name: str
    seen: Seen
    peak: int
    after: float


async def _lookup(port: int, seen: Seen) -> None:
    begun = time.monotonic()
    target = f"/sparql?query={quote(f'ASK {{ ?s ?p {next(_FRESH)} }}')}"
    try:
        async with asyncio.timeout(_PATIENCE):
            reply = await wire.get(port, target, "*/*", _SOURCE)
    except TimeoutError:
        reply = wire.Reply()
    seen.seconds.append(time.monotonic() - begun)
    seen.wrong += not (reply.whole and reply.status == 200)


async def lookups(port: int, seconds: float) -> Seen:
    """Ask what no cache knows, whether or not the last is answered, for some seconds."""
    seen, tasks, begun = Seen(), list[asyncio.Task[None]](), time.monotonic()
    for number in range(int(seconds / _EACH)):
        await asyncio.sleep(max(0.0, begun + number * _EACH - time.monotonic()))
        tasks.append(asyncio.create_task(_lookup(port, seen)))
    await asyncio.gather(*tasks)
    return seen


async def _peak(server: int) -> int:
    most = 0
    try:
        while True:
            most = max(most, await asyncio.to_thread(processes.memory, server))
            await asyncio.sleep(_SAMPLE)
    except asyncio.CancelledError:
        return most


async def attacked(server: int, port: int, name: str) -> Row:
    """Have somebody attack while lookups are asked; see what comes after."""
    command = [sys.executable, "-m", "tests.live.attacks", name, str(port), str(ATTACKED + 10)]
    foe = await asyncio.create_subprocess_exec(*command)
    await asyncio.sleep(_START)
    watching = asyncio.create_task(_peak(server))
    asking = asyncio.create_task(lookups(port, ATTACKED))
    await asyncio.sleep(ATTACKED)
    assert foe.returncode is None, f"{name}: the attacker has ended"
    foe.kill()
    await foe.wait()
    after = Seen()
    await _lookup(port, after)
    seen = await asking
    watching.cancel()
    return Row(name, seen, await watching, after.seconds[0])


async def in_turn(server: int, port: int, names: list[str], quiet: Seen) -> list[Row]:
    """Attack in one way after the other for as long as the server answers.

    Args:
        server: its process id.
        port: where it listens.
        names: of the attacks; those that were begun are taken out.
        quiet: gets what became of lookups in between.
    """
    rows = list[Row]()
    while names:
        calm = await lookups(port, QUIET)
        if calm.wrong:
            return rows
        quiet.seconds += calm.seconds
        rows.append(await attacked(server, port, names.pop(0)))
        await asyncio.sleep(AFTER)
    return rows


def table(quiet: Seen, rows: list[Row]) -> str:
    """Write what was seen."""
    lines = [
        f"quiet: {len(quiet.seconds)} lookups, p99 {quiet.p99 * 1000:.1f} ms",
        f"{'attack':44} {'p99 ms':>8} {'ratio':>6} {'MiB':>6} {'after s':>8} {'refused':>8}",
        *(
            f"{row.name:44} {row.seen.p99 * 1000:8.1f} {row.seen.p99 / quiet.p99:6.1f} "
            f"{row.peak // MIB:6} {row.after:8.3f} {row.seen.wrong:8}"
            for row in rows
        ),
    ]
    return "\n".join(lines)


def wrong(quiet: Seen, rows: list[Row]) -> Iterator[str]:
    """Say what no attack may do."""
    for row in rows:
        if row.seen.p99 > TIMES_SLOWER * quiet.p99:
            yield f"{row.name}: p99 is {row.seen.p99 / quiet.p99:.1f} times that without"
        if row.seen.wrong:
            yield f"{row.name}: {row.seen.wrong} lookups of another client were not answered"
        if row.peak > MOST_MEMORY:
            yield f"{row.name}: {row.peak // MIB} MiB were held"
        if row.after > AFTER:
            yield f"{row.name}: {row.after:.1f} s until an answer when it had stopped"


@pytest.mark.threat("crowding-out")
@pytest.mark.timed
def test_nobody_notices_an_attack(root: Path, tmp_path: Path) -> None:
    """Lookups are at most five times slower, memory stays under its bound, then all is well."""
    names, quiet, rows, ended = list(ATTACKS), Seen(), list[Row](), list[str]()
    while names:
        log = tmp_path / "log"
        with serving(root, log, FLAGS) as (server, port):
            rows += asyncio.run(in_turn(server, port, names, quiet))
        if names:
            ended.append(f"after {rows[-1].name} nothing was answered: {log.read_text()[-3000:]}")
    print(told := table(quiet, rows))
    if faults := [*ended, *wrong(quiet, rows)]:
        pytest.fail("\n".join([*faults, told]), pytrace=False)


def test_the_verdict_sees_every_harm() -> None:
    """An attack that slows, blocks, fills or outlives itself is reported."""
    quiet, good = Seen([0.01] * 100), Row("x", Seen([0.02] * 100), 1, 0.1)
    assert list(wrong(quiet, [good])) == []
    for bad, word in (
        (Row("x", Seen([0.01] * 98 + [0.06] * 2), 1, 0.1), "times"),
        (Row("x", Seen([0.01], 1), 1, 0.1), "not answered"),
        (Row("x", Seen([0.01]), 2 * MOST_MEMORY, 0.1), "MiB"),
        (Row("x", Seen([0.01]), 1, 1.5), "stopped"),
    ):
        (told,) = wrong(quiet, [good, bad])
        assert word in told


@pytest.mark.timed
@pytest.mark.parametrize("name", ATTACKS)
def test_every_attack_goes_on_until_it_is_stopped(name: str) -> None:
    """No attacker ends by itself where the server refuses each of its connections."""

    async def once() -> None:
        async def refuse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            del reader
            writer.close()

        async with await asyncio.start_server(refuse, "127.0.0.1", 0) as listener:
            port = listener.sockets[0].getsockname()[1]
            begun = time.monotonic()
            await ATTACKS[name](Foe(port, begun + 0.05))
            assert time.monotonic() - begun >= 0.05

    asyncio.run(once())
