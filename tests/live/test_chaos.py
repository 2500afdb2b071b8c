"""Whatever is done to a server from outside, afterwards all is as it was before."""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from random import Random

import pytest
from tests.live.attacking import ask
from tests.live.chaos import QUERY, WORKERS, Victim
from tests.live.serving import serving

MINUTE = 60.0


@pytest.fixture(scope="module")
def victim() -> Iterator[Victim]:
    """A server of its own."""
    settings = {"SAMSYN_LOG": "off", "SAMSYN_CLIENT_KILLS": "1000", "SAMSYN_CACHE": "0"}
    with serving("--workers", str(WORKERS), environment=settings) as server:
        yield Victim(server, Random(11))  # noqa: S311  no secret


@pytest.mark.threat("shortage")
@pytest.mark.threat("lost-process")
def test_after_each_harm_all_is_as_before(victim: Victim) -> None:
    """Workers, descriptors, what is counted, readiness and answers; harm by harm."""
    before = victim.whole()
    for name, harm in victim.harms().items():
        harm()
        if name == "zygote":
            assert victim.seen() != before, "harm is seen where it is done"
        try:
            victim.settled(before)
        except AssertionError as error:
            pytest.fail(f"after harm to {name}: {error}")


@pytest.mark.threat("lost-process")
@pytest.mark.timed
def test_after_a_minute_of_harm_by_chance_all_is_as_before(victim: Victim) -> None:
    """Several at a time, while clients ask: no answer is wrong, and in the end nothing is lost."""
    before = victim.whole()
    end = time.monotonic() + MINUTE
    wrong: list[bytes] = []
    right = 0

    def client() -> None:
        nonlocal right
        while time.monotonic() < end:
            try:
                reply = ask(victim.server, QUERY % time.monotonic_ns())
            except (OSError, ValueError):
                continue
            if reply.status == 200 and reply.body != before["answer"]:
                wrong.append(reply.body)
            right += reply.status == 200
            time.sleep(0.02)

    with ThreadPoolExecutor(3) as threads:
        asked = [threads.submit(client) for _ in range(2)]
        harms = list(victim.harms().values())
        while time.monotonic() < end:
            for harm in victim.chance.sample(harms, victim.chance.randint(1, 3)):
                harm()
            time.sleep(victim.chance.random())
        for each in asked:
            each.result()
    assert not wrong
    assert right
    victim.settled(before)
