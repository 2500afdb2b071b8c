"""Answers that are on their way: their readers leave, or need them whole."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from samsyn.http.problems import Problem
from samsyn.server.connection.exchange import Exchange
from samsyn.server.connection.spool import Spool, SpoolFile
from samsyn.server.limits.quotas import Kind, Quota, Quotas
from samsyn.server.workers.answer import Answer

MIB = 1024 * 1024


class Endless:
    """An answer that goes on until its reader has left."""

    def __init__(self, chunk: bytes = b"", most: int | None = None) -> None:
        self.abandoned = False
        self.held = 0
        self._chunk = chunk
        self._most = most

    async def chunks(self) -> AsyncIterator[bytes]:
        """Yield pieces for ever, or as many as were said."""
        place = 0
        while self._most is None or place < self._most:
            yield self._chunk
            place += 1
            await asyncio.sleep(0)

    def abandon(self) -> None:
        """Note it."""
        self.abandoned = True


class Line:
    """The other end: it takes what is sent, and leaves when it is reported."""

    def __init__(self) -> None:
        self.sent: list[dict[str, Any]] = []
        self.left = asyncio.Event()

    async def receive(self) -> dict[str, str]:
        """Say that it has left, once it has."""
        await self.left.wait()
        return {"type": "http.disconnect"}

    async def send(self, message: Any) -> None:
        """Take a part of the answer."""
        self.sent.append(message)
        await asyncio.sleep(0)

    def exchange(self, spool: Spool, version: str = "1.1") -> Exchange:
        """Begin a request."""
        scope = {
            "type": "http", "method": "GET", "path": "/", "query_string": b"", "headers": [],
            "http_version": version,
        }  # fmt: skip
        receive: Any = self.receive
        exchange = Exchange(scope, receive, self.send, "1", spool._quotas, spool)
        exchange.client = "a"
        return exchange

    @property
    def body(self) -> bytes:
        """What was sent behind the head."""
        return b"".join(message.get("body", b"") for message in self.sent)


@pytest.fixture
def quotas() -> Quotas:
    """An account of two MiB in files for a client, and three in all."""
    return Quotas({Kind.SPOOLED: Quota(2 * MIB, 3 * MIB)})


@pytest.fixture
def spool(quotas: Quotas, tmp_path: Path) -> Spool:
    """Files of at most one MiB and a half."""
    return Spool(quotas, 3 * MIB // 2, str(tmp_path))


@pytest.mark.threat("leaving")
@pytest.mark.parametrize("version", ["1.0", "1.1"])
def test_who_leaves_in_the_middle_of_an_answer_ends_the_work(
    spool: Spool, quotas: Quotas, version: str
) -> None:
    """Nothing is worked on for nobody, nor kept in a file."""

    async def scene() -> None:
        line, answer = Line(), Endless(b"row" if version == "1.1" else b"")
        exchange = line.exchange(spool, version)
        taken: Any = answer
        task = asyncio.ensure_future(exchange.stream(200, [], taken))
        for _ in range(20):
            await asyncio.sleep(0.001)
        assert not task.done()
        line.left.set()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert answer.abandoned
        assert exchange.left
        assert not quotas.held(Kind.SPOOLED)

    asyncio.run(scene())


def spooled(spool: Spool, answer: Endless) -> Line:
    """Have an answer sent to a client of HTTP/1.0."""
    line_: list[Line] = []

    async def scene() -> None:
        line = Line()
        line_.append(line)
        taken: Any = answer
        await line.exchange(spool, "1.0").stream(200, [], taken)

    asyncio.run(scene())
    return line_[0]


def test_an_answer_goes_through_a_file_as_it_is(spool: Spool, quotas: Quotas) -> None:
    """Its length is before it, and the file counts no more afterwards."""
    line = spooled(spool, Endless(bytes(range(256)) * 1024, most=4))
    assert (b"content-length", b"%d" % MIB) in line.sent[0]["headers"]
    assert line.body == bytes(range(256)) * 4096
    assert not quotas.held(Kind.SPOOLED)


@pytest.mark.threat("old-http")
def test_an_answer_that_is_too_long_for_a_file_is_refused(spool: Spool, quotas: Quotas) -> None:
    """The client is told how it would get it, and the work ends."""
    answer = Endless(bytes(MIB // 4))
    with pytest.raises(Problem, match=r"HTTP/1\.1") as caught:
        spooled(spool, answer)
    assert (caught.value.status, answer.abandoned) == (503, True)
    assert not quotas.held(Kind.SPOOLED)


@pytest.mark.threat("old-http")
@pytest.mark.parametrize(("client", "kind"), [("a", "over-quota"), ("b", "busy")])
def test_what_lies_in_files_is_bounded(
    spool: Spool, quotas: Quotas, client: str, kind: str
) -> None:
    """For a client, and for all together."""
    quotas.hold(client, Kind.SPOOLED, 2 * MIB)
    quotas.hold("c", Kind.SPOOLED, 0 if client == "a" else MIB)
    with pytest.raises(Problem, match=r"HTTP/1\.1") as caught:
        spooled(spool, Endless(b"x", most=1))
    assert caught.value.kind == kind
    assert quotas.held(Kind.SPOOLED, "a") == (2 * MIB if client == "a" else 0)


def test_a_small_file_counts_as_one(spool: Spool, quotas: Quotas) -> None:
    """It takes a descriptor however small it is."""
    with spool.file("a") as file:
        asyncio.run(file.write(b"x"))
        assert quotas.held(Kind.SPOOLED, "a") == MIB


@pytest.mark.threat("old-http")
@pytest.mark.parametrize("disk", ["gone", "full"])
def test_a_disk_without_room_is_told(
    quotas: Quotas, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, disk: str
) -> None:
    """The client can come back, or ask by HTTP/1.1."""

    def fails(*_: object) -> None:
        raise OSError

    if disk == "full":
        monkeypatch.setattr(SpoolFile, "_store", fails)
    spool = Spool(quotas, MIB, str(tmp_path / "gone" if disk == "gone" else tmp_path))
    with pytest.raises(Problem, match="no room") as caught:
        spooled(spool, Endless(b"x", most=1))
    assert json.dumps(caught.value.headers) == '{"Retry-After": "2"}'
    assert not quotas.held(Kind.SPOOLED)


def test_what_waits_behind_an_answer_is_counted_with_it(spool: Spool) -> None:
    """The reader of the connection is reported, for as long as the answer is on its way."""

    class Reader:
        behind: Any = None

    async def scene() -> None:
        line, reader, answer = Line(), Reader(), Endless(b"row", most=3)
        exchange = line.exchange(spool)
        exchange.scope["state"] = {"reader": reader}
        answer.held = 77
        seen = []
        send = line.send

        async def look(message: Any) -> None:
            seen.append(reader.behind() if reader.behind else 0)
            await send(message)

        exchange._send = look
        taken: Any = answer
        await exchange.stream(200, [], taken)
        assert 77 in seen
        assert reader.behind is None

    asyncio.run(scene())


def test_an_answer_tells_how_much_of_it_waits() -> None:
    """What was taken waits no more."""

    async def scene() -> None:
        answer = Answer(100, lambda _: None, lambda: None)
        answer.feed(b"abc")
        assert answer.held == 3
        answer.finish()
        assert answer.whole() == b"abc"
        assert answer.held == 0

    asyncio.run(scene())
