"""Many questions at a time: they wait for each other and none is refused, no matter who asks them.

What is counted is refusals and the order of answers, never seconds: the server gives each question
two minutes here, so that a slow machine refuses nothing either.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from itertools import count
from urllib.parse import urlencode, urlsplit

import pytest
from tests.live import wire
from tests.live.serving import PATIENCE, Server, serving

PAGE, OTHER = "127.0.0.1", "127.0.0.9"
CHART = """
SELECT ?p (COUNT(*) AS ?n)
{{ ?s ?p ?o FILTER (CONTAINS(LCASE(STR(?o)), "nord") || ?o = {}) }} GROUP BY ?p
"""
NUMBERS = count(time.monotonic_ns())
CSV = "text/csv"


@pytest.fixture(scope="module")
def patient() -> Iterator[Server]:
    """A server that gives each question two minutes."""
    with serving(environment={"SAMSYN_TIMEOUT": "120"}) as running:
        yield running


def port(server: Server) -> int:
    """Return the port that a server listens on."""
    return urlsplit(server.address).port or 0


def target(query: str) -> str:
    """Write the target of a query that nobody has asked before."""
    return "/sparql?" + urlencode({"query": query.format(next(NUMBERS))})


async def ask(server: Server, query: str, source: str = PAGE) -> int:
    """Ask over a connection of its own, and return the status of a whole answer."""
    reply = await wire.get(port(server), target(query), CSV, source)
    assert reply.whole
    return reply.status


async def running(server: Server) -> int:
    """Return how many jobs the server is working on."""
    reply = await wire.get(port(server), "/metrics", "*/*")
    rows = (row.split() for row in reply.body.decode().splitlines())
    return next(int(float(row[1])) for row in rows if row[0] == "samsyn_jobs_running")


async def until_running(server: Server, most: int) -> None:
    """Wait until a server works on some jobs."""
    end = time.monotonic() + PATIENCE
    while await running(server) < most:
        assert time.monotonic() < end, "it never came to work on them"
        await asyncio.sleep(0.01)


@pytest.mark.parametrize("many", [8, 12, 30])
def test_the_charts_of_a_page_wait_for_each_other(patient: Server, many: int) -> None:
    """None of the questions that a page asks at the same time is refused."""

    async def scene() -> list[int]:
        return await asyncio.gather(*(ask(patient, CHART) for _ in range(many)))

    assert asyncio.run(scene()) == [200] * many


@pytest.mark.threat("crowding-out")
def test_another_reader_is_answered_in_between(patient: Server) -> None:
    """Who comes last with one question has its answer before a page of thirty has all of its own.

    A lookup and a question as long as the others both go in between.
    """
    done: list[str] = []

    async def one(name: str, query: str, source: str) -> int:
        status = await ask(patient, query, source)
        done.append(name)
        return status

    async def scene() -> list[int]:
        page = [asyncio.ensure_future(one("page", CHART, PAGE)) for _ in range(30)]
        await until_running(patient, 3)
        lookup = "ASK {{ <x:none> ?p {} }}"
        others = [one("lookup", lookup, OTHER), one("chart", CHART, OTHER)]
        return [*await asyncio.gather(*others), *await asyncio.gather(*page)]

    assert asyncio.run(scene()) == [200] * 32
    assert "page" in done[done.index("lookup") :]
    assert "page" in done[done.index("chart") :]


def test_readers_behind_one_address_are_not_refused(patient: Server) -> None:
    """A class behind one address, a question and a lookup each, is served whole."""

    async def scene() -> list[int]:
        asked = (query for _ in range(20) for query in (CHART, "ASK {{ ?s ?p {} }}"))
        return await asyncio.gather(*(ask(patient, query) for query in asked))

    assert asyncio.run(scene()) == [200] * 40


def test_what_is_refused_says_when_to_come_again() -> None:
    """Beyond the limits that are set a client is told 429, and when to ask again."""
    limits = {"SAMSYN_TIMEOUT": "120", "SAMSYN_CLIENT_WAITING": "1", "SAMSYN_WAITING": "2"}
    with serving(environment=limits) as narrow:

        async def scene() -> list[wire.Reply]:
            asked = (wire.get(port(narrow), target(CHART), CSV) for _ in range(24))
            return await asyncio.gather(*asked)

        replies = asyncio.run(scene())
    refused = [reply for reply in replies if reply.status != 200]
    assert {reply.status for reply in refused} == {429}
    assert {reply.headers["retry-after"] for reply in refused} == {"2"}
    assert len(refused) < len(replies)
