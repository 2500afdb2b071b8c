"""`/ready` says what a query says, and costs no more than one query a second."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from samsyn.server.routes import readiness
from samsyn.server.routes.readiness import Readiness
from samsyn.server.workers.answer import LostError
from samsyn.server.workers.scheduling.scheduler import BusyError


class Answered:
    """An answer that is whole."""

    complete = True

    def __init__(self, body: bytes) -> None:
        self.whole = lambda: body


class Asked:
    """A pool that answers as told, and the state of its data."""

    def __init__(self, answer: Callable[[], Awaitable[Any]], revision: str = "r") -> None:
        self.jobs: list[Any] = []
        self.revision = revision
        self._answer = answer

    async def ask(self, job: Any) -> Any:
        """Answer."""
        self.jobs.append(job)
        return await self._answer()

    def readiness(self) -> Readiness:
        """Make what is tested."""
        pool: Any = self
        return Readiness(pool, pool)


async def true() -> Answered:
    """Answer as the engine does."""
    return Answered(b'{"head": {}, "boolean": true}')


async def never() -> None:
    """Answer never."""
    await asyncio.get_running_loop().create_future()


def failing(error: Exception) -> Callable[[], Awaitable[Any]]:
    """Make an answer that fails."""

    async def fail() -> None:
        raise error

    return fail


def test_a_server_that_answers_is_ready() -> None:
    """The query goes through the pool as that of a client of its own."""
    pool = Asked(true)
    assert asyncio.run(pool.readiness().now())
    assert [job.client for job in pool.jobs] == [readiness.CLIENT]
    assert b"ASK {}" in pool.jobs[0].body


@pytest.mark.threat("readiness")
@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(never, id="no-worker-answers"),
        pytest.param(failing(BusyError(own=False)), id="no-place"),
        pytest.param(failing(LostError()), id="workers-die"),
    ],
)
def test_a_server_that_does_not_answer_is_not_ready(
    answer: Callable[[], Awaitable[Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever it is that keeps a query from its answer."""
    monkeypatch.setattr(readiness, "PATIENCE", 0.01)
    assert not asyncio.run(Asked(answer).readiness().now())


@pytest.mark.threat("readiness")
def test_a_server_without_data_is_not_ready() -> None:
    """While a zygote is started."""
    assert not asyncio.run(Asked(true, revision="").readiness().now())


@pytest.mark.threat("readiness")
def test_many_who_ask_cost_one_query(monkeypatch: pytest.MonkeyPatch) -> None:
    """A verdict holds for a second, for all who ask; then it is found again."""
    time = [100.0]
    monkeypatch.setattr(readiness, "monotonic", lambda: time[0])
    pool = Asked(true)

    async def scene() -> None:
        asked = pool.readiness()
        assert all(await asyncio.gather(*(asked.now() for _ in range(50))))
        assert len(pool.jobs) == 1
        time[0] += readiness.KEPT / 2
        assert await asked.now()
        assert len(pool.jobs) == 1
        time[0] += readiness.KEPT
        pool._answer = failing(LostError())
        assert not await asked.now()
        assert len(pool.jobs) == 2

    asyncio.run(scene())


def test_who_leaves_does_not_end_the_query_of_others() -> None:
    """The query is that of all who wait for it."""
    pool = Asked(true)

    async def scene() -> None:
        asked = pool.readiness()
        first = asyncio.ensure_future(asked.now())
        second = asyncio.ensure_future(asked.now())
        await asyncio.sleep(0)
        first.cancel()
        assert await second
        assert len(pool.jobs) == 1

    asyncio.run(scene())
