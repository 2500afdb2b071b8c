"""Requests that come at the same time are begun few at a time, one of each client in turn."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import partial

import pytest

from samsyn.server.connection.turns import AT_ONCE, Turns


def begin(turns: Turns, client: str, start: Callable[[], None]) -> None:
    """Begin a request as a connection does."""
    if turns.come():
        start()
    else:
        turns.wait(client, start)


@pytest.mark.threat("crowding-out")
def test_who_asks_once_does_not_wait_for_who_asks_much() -> None:
    """It is begun in the next pass of the event loop, whatever others sent before."""
    begun = list[str]()

    async def scene() -> None:
        turns = Turns()
        for number in range(100):
            begin(turns, "127.0.0.1", partial(begun.append, f"many {number}"))
        begin(turns, "127.0.0.2", partial(begun.append, "one"))
        assert len(begun) == AT_ONCE
        await asyncio.sleep(0)
        assert len(begun) == 2 * AT_ONCE
        assert "one" in begun
        for _ in range(100 // AT_ONCE):
            await asyncio.sleep(0)

    asyncio.run(scene())
    begun.remove("one")
    assert begun == [f"many {number}" for number in range(100)]


def test_a_request_alone_is_begun_at_once() -> None:
    """Where nobody waits nothing is put off."""
    begun = list[int]()

    async def scene() -> None:
        turns = Turns()
        for number in range(10):
            begin(turns, "127.0.0.1", partial(begun.append, number))
            assert begun[-1] == number
            await asyncio.sleep(0)
            await asyncio.sleep(0)

    asyncio.run(scene())
