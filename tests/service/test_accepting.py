"""How connections are taken: in turns of their clients, and none whose client has left."""

from __future__ import annotations

import asyncio
import errno
import socket
import struct
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
import uvloop

from samsyn.server.connection import listening
from samsyn.server.connection.listening import Listening
from samsyn.server.connection.turns import AT_ONCE

RESET = struct.pack("ii", 1, 0)
PATIENCE = 20.0


class Noted(asyncio.Protocol):
    """A protocol that notes what it is given."""

    def __init__(self, made: list[Noted]) -> None:
        self.made = made
        self.received = b""
        self.lost = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Note the connection."""
        self.made.append(self)
        self.transport: Any = transport
        self.peer = transport.get_extra_info("peername")

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002  the protocol's
        """Note its end."""
        self.lost = True

    def data_received(self, data: bytes) -> None:
        """Note the bytes."""
        self.received += data


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    """A socket that listens."""
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        bound.listen(512)
        yield bound


@pytest.fixture(params=["uvloop", "asyncio"])
def run(request: pytest.FixtureRequest) -> Callable[[Coroutine[Any, Any, None]], None]:
    """Run a coroutine in either event loop."""
    loops = {"uvloop": uvloop.new_event_loop, "asyncio": asyncio.new_event_loop}

    def play(scene: Coroutine[Any, Any, None]) -> None:
        with asyncio.Runner(loop_factory=loops[request.param]) as runner:
            runner.run(asyncio.wait_for(scene, PATIENCE))

    return play


def opened(listener: socket.socket, number: int, source: str = "127.0.0.1") -> list[socket.socket]:
    """Open connections and send a byte over each."""
    place = listener.getsockname()
    lines = [socket.create_connection(place, None, (source, 0)) for _ in range(number)]
    for line in lines:
        line.sendall(b"x")
    return lines


def reset(lines: list[socket.socket]) -> None:
    """Leave without a word."""
    for line in lines:
        line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
        line.close()


async def until(holds: Callable[[], bool]) -> None:
    """Wait until something holds."""
    while not holds():
        await asyncio.sleep(0.001)


@asynccontextmanager
async def taking(
    listener: socket.socket, lines: list[socket.socket]
) -> AsyncIterator[tuple[Listening, list[Noted]]]:
    """Take connections, and end all of them afterwards, and what clients have opened."""
    made: list[Noted] = []
    server = Listening(listener, lambda: Noted(made), str, 512)
    try:
        yield server, made
    finally:
        server.close()
        await until(lambda: not server._waiting and not server._tasks)
        for each in made:
            each.transport.abort()
        for line in lines:
            line.close()
        await until(lambda: all(each.lost for each in made))


Run = Callable[[Coroutine[Any, Any, None]], None]


@pytest.mark.threat("connections")
def test_connections_that_were_left_get_no_protocol(listener: socket.socket, run: Run) -> None:
    """However many of them wait, the next client that is there gets its own."""

    async def scene() -> None:
        reset(opened(listener, 300))
        async with taking(listener, opened(listener, 1)) as (_, made):
            await until(lambda: any(each.received for each in made))
            await asyncio.sleep(0.02)
            assert len(made) == 1

    run(scene())


@pytest.mark.threat("connections")
def test_who_closes_counts_as_gone_where_many_wait(listener: socket.socket, run: Run) -> None:
    """A client that closes its side alone may read on, unless the queue is full of such."""

    async def scene() -> None:
        lines = opened(listener, 200)
        for line in lines:
            line.shutdown(socket.SHUT_WR)
        lines += opened(listener, 1)
        mine = lines[-1].getsockname()
        async with taking(listener, lines) as (_, made):
            await until(lambda: any(each.peer == mine for each in made))
            await asyncio.sleep(0.02)
            # Of the others, those that were the last to wait, and that came into an empty line.
            assert len(made) < 20

    run(scene())


@pytest.mark.threat("connections")
def test_clients_have_turns(listener: socket.socket, run: Run) -> None:
    """Who opens one connection does not wait for all those of another, who came before."""

    async def scene() -> None:
        lines = [*opened(listener, 60), *opened(listener, 1, "127.9.9.9")]
        async with taking(listener, lines) as (_, made):
            await until(lambda: len(made) == len(lines))
            clients = [each.peer[0] for each in made]
            assert clients.index("127.9.9.9") <= 3 * AT_ONCE

    run(scene())


@pytest.mark.threat("connections")
def test_connections_that_wait_for_their_turn_are_bounded(
    listener: socket.socket, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """More wait in the kernel, and all of them have their turn; at the end none waits."""
    monkeypatch.setattr(listening, "MOST", 20)
    waited: list[int] = []

    async def scene() -> None:
        lines = opened(listener, 100)
        async with taking(listener, lines) as (server, made):
            while len(made) < len(lines):
                waited.append(server._waiting)
                await asyncio.sleep(0)
            assert 10 < max(waited) <= 20
            lines += opened(listener, 30)
            await asyncio.sleep(0)
        assert len(made) < len(lines)

    run(scene())


@pytest.mark.threat("connections")
def test_a_lack_of_descriptors_is_waited_out(
    listener: socket.socket, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The loop does not run in circles meanwhile, and the connection is taken afterwards."""
    monkeypatch.setattr(listening, "_PAUSE", 0.02)
    lacking = [True] * 3
    asked: list[bool] = []

    class Lacking(socket.socket):
        def accept(self) -> tuple[socket.socket, Any]:
            asked.append(True)
            if lacking:
                lacking.pop()
                raise OSError(errno.EMFILE, "no descriptor")
            return super().accept()

    async def scene() -> None:
        lines = opened(listener, 1)
        with Lacking(fileno=listener.detach()) as bound:
            async with taking(bound, lines) as (_, made):
                await asyncio.sleep(0.01)
                assert len(asked) == 1
                await until(lambda: bool(made))
                assert len(asked) <= 6

    run(scene())
