"""How connections are taken: in turns of their clients, and none whose client has left."""

from __future__ import annotations

import asyncio
import errno
import socket
import struct
from collections.abc import Callable, Coroutine, Iterator
from typing import Any

import pytest
import uvloop

from samsyn.guard import listening
from samsyn.guard.listening import Listening
from samsyn.guard.turns import AT_ONCE

RESET = struct.pack("ii", 1, 0)
PATIENCE = 20.0


class Noted(asyncio.Protocol):
    """A protocol that notes what it is given."""

    def __init__(self, made: list[Noted]) -> None:
        self.made = made
        self.received = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Note the connection."""
        self.made.append(self)
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        """Note the bytes."""
        self.received += data


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    """A socket that is bound."""
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
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


Run = Callable[[Coroutine[Any, Any, None]], None]


@pytest.mark.threat("connections")
def test_connections_that_were_left_get_no_protocol(listener: socket.socket, run: Run) -> None:
    """However many of them wait, the next client that is there gets its own."""

    async def scene() -> None:
        made: list[Noted] = []
        listener.listen(512)
        reset(opened(listener, 300))
        (line,) = opened(listener, 1)
        server = Listening(listener, lambda: Noted(made), str, 512)
        await until(lambda: bool(made and made[0].received))
        await asyncio.sleep(0.02)
        assert len(made) == 1
        server.close()
        line.close()

    run(scene())


@pytest.mark.threat("connections")
def test_whoever_closes_counts_as_gone_where_many_wait(listener: socket.socket, run: Run) -> None:
    """A client that closes its side alone may read on, unless the queue is full of such."""

    async def scene() -> None:
        made: list[Noted] = []
        listener.listen(512)
        lines = opened(listener, 200)
        for line in lines:
            line.shutdown(socket.SHUT_WR)
        server = Listening(listener, lambda: Noted(made), str, 512)
        (last,) = opened(listener, 1)
        mine = last.getsockname()
        await until(lambda: any(each.transport.get_extra_info("peername") == mine for each in made))
        await asyncio.sleep(0.02)
        # Of the others, those that were the last to wait, and those that came into an empty line.
        assert len(made) < 20
        server.close()
        for line in (*lines, last):
            line.close()

    run(scene())


@pytest.mark.threat("connections")
def test_clients_have_turns(listener: socket.socket, run: Run) -> None:
    """Who opens one connection does not wait for all those of another, who came before."""

    async def scene() -> None:
        made: list[Noted] = []
        listener.listen(512)
        lines = [*opened(listener, 60), *opened(listener, 1, "127.9.9.9")]
        server = Listening(listener, lambda: Noted(made), str, 512)
        await until(lambda: len(made) == len(lines))
        clients = [each.transport.get_extra_info("peername")[0] for each in made]
        assert clients.index("127.9.9.9") <= 3 * AT_ONCE
        server.close()
        for line in lines:
            line.close()

    run(scene())


@pytest.mark.threat("connections")
def test_connections_that_wait_for_their_turn_are_bounded(
    listener: socket.socket, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """More wait in the kernel, and all of them have their turn; at the end none waits."""
    monkeypatch.setattr(listening, "MOST", 20)
    waited: list[int] = []

    async def scene() -> None:
        made: list[Noted] = []
        listener.listen(512)
        lines = opened(listener, 100)
        server = Listening(
            listener, lambda: waited.append(server._waiting) or Noted(made), str, 512
        )
        await until(lambda: len(made) == len(lines))
        assert 10 < max(waited) <= 20
        reset(lines)
        more = opened(listener, 30)
        await asyncio.sleep(0)
        server.close()
        listener.close()
        await until(lambda: not server._waiting)
        for line in more:
            line.close()

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
        made: list[Noted] = []
        with Lacking(fileno=listener.detach()) as bound:
            server = Listening(bound, lambda: Noted(made), str, 16)
            with socket.create_connection(bound.getsockname()):
                await until(lambda: bool(made))
                assert len(asked) <= 6
            server.close()

    run(scene())
