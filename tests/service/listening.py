"""The HTTP protocol of the server before a small application, in a thread of its own."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from threading import Thread
from time import monotonic, sleep
from typing import Any, Final

import uvicorn
import uvloop
from uvicorn.server import ServerState

from samsyn.server.connection.protocol import Guard, guarded
from samsyn.server.limits.budgets import Places, bound_kernel, quotas
from samsyn.server.limits.quotas import Kind, Quotas
from samsyn.settings import Settings

PATIENCE: Final = 20.0
MIB: Final = 1024 * 1024


@dataclass
class Listening:
    """A server in this process.

    Args:
        port: where it listens.
        quotas: its account.
        loop: in which it runs.
        lines: its connections, by client.
        left: the paths of requests whose clients left before the answer was whole.
        faults: what went wrong in the event loop.
    """

    port: int
    quotas: Quotas
    loop: asyncio.AbstractEventLoop
    lines: Mapping[str, Collection[Guard]]
    left: list[str] = field(default_factory=list)
    faults: list[dict[str, Any]] = field(default_factory=list)

    @contextmanager
    def connected(self, source: str = "127.0.0.1", buffer: int = 0) -> Iterator[socket.socket]:
        """Open a connection from an address of loopback, with a receive buffer if one is given."""
        with socket.socket() as line:
            if buffer:
                line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, buffer)
            line.settimeout(PATIENCE)
            line.bind((source, 0))
            line.connect(("127.0.0.1", self.port))
            yield line

    def answered(self, *parts: bytes) -> bytes:
        """Send bytes, and return what comes until the server closes."""
        with self.connected() as line:
            with suppress(BrokenPipeError, ConnectionResetError):
                for part in parts:
                    line.sendall(part)
            return rest(line)

    def each(self, act: Callable[[Guard], None]) -> None:
        """Do something with each connection."""

        async def run() -> None:
            for one in [one for lines in self.lines.values() for one in lines]:
                act(one)

        asyncio.run_coroutine_threadsafe(run(), self.loop).result(PATIENCE)

    def held(self) -> dict[Kind, int]:
        """Return what is held for clients, of each kind of which anything is."""
        return {kind: self.quotas.held(kind) for kind in Kind if self.quotas.held(kind)}


def rest(line: socket.socket) -> bytes:
    """Read until the end, or a reset."""
    held = bytearray()
    with suppress(ConnectionResetError):
        while part := line.recv(MIB):
            held += part
    return bytes(held)


def until(holds: Callable[[], bool]) -> None:
    """Wait until something holds."""
    end = monotonic() + PATIENCE
    while not holds():
        assert monotonic() < end, "it never held"
        sleep(0.01)


def get(path: str, version: str = "1.1") -> bytes:
    """Write a request."""
    return f"GET {path} HTTP/{version}\r\nHost: localhost\r\n\r\n".encode()


@contextmanager
def listening(big: bytes = b"", keep_alive: float = 1.0, **settings: Any) -> Iterator[Listening]:
    """Listen on a free port of loopback for as long as the context lasts.

    Args:
        big: what ``/big`` is answered with; other paths get their request's body back, and
            ``/wait`` gets nothing until its client leaves.
        keep_alive: seconds that an idle connection may stay.
        settings: of the server.
    """
    chosen = Settings(**settings)
    account = quotas(chosen, Places(connections=settings.get("connections", 1000), jobs=100))
    loop = uvloop.new_event_loop()
    protocol = guarded(chosen, account)
    found = Listening(0, account, loop, protocol.lines)
    loop.set_exception_handler(lambda _, fault: found.faults.append(fault))

    async def application(scope: Any, receive: Any, send: Any) -> None:
        body = b""
        more = scope["method"] != "GET" or scope["path"] == "/wait"
        while more:
            message = await receive()
            if message["type"] == "http.disconnect":
                found.left.append(scope["path"])
                return
            body += message["body"]
            more = message["more_body"] or scope["path"] == "/wait"
        body = big if scope["path"] == "/big" else body
        headers = [(b"content-length", b"%d" % len(body))]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    config = uvicorn.Config(
        application,
        http=protocol,
        ws="none",
        lifespan="off",
        log_config=None,
        access_log=False,
        timeout_keep_alive=keep_alive,
    )
    config.load()
    factory: Any = partial(
        config.http_protocol_class,  # type: ignore[arg-type]
        config=config,
        server_state=ServerState(),
        app_state={},
        _loop=loop,
    )
    listener = socket.create_server(("127.0.0.1", 0))
    bound_kernel(listener)
    found.port = listener.getsockname()[1]
    server = loop.run_until_complete(loop.create_server(factory, sock=listener))
    thread = Thread(target=loop.run_forever)
    thread.start()
    try:
        yield found
    finally:
        loop.call_soon_threadsafe(server.close)
        asyncio.run_coroutine_threadsafe(_ended(), loop).result(PATIENCE)
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()
    assert found.faults == []


async def _ended() -> None:
    """Let all requests end."""
    mine = asyncio.current_task()
    for task in asyncio.all_tasks():
        if task is not mine:
            task.cancel()
    await asyncio.sleep(0)
