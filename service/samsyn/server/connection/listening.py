"""How connections are taken from the kernel.

An event loop takes all that wait, one by one, and answers nobody meanwhile. A client that opens
connections and leaves them fills the kernel's queue with those that are dead, and each costs what a
request costs. Here clients have turns, and a connection whose client has left ends at once.
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable
from functools import partial
from typing import Final

from samsyn.server.connection.turns import Turns

AT_ONCE: Final = 64
"""Connections that are taken in one pass of the event loop; it takes half a millisecond."""
MOST: Final = 512
"""Connections that are taken and wait for their turn. More wait in the kernel."""
_PAUSE: Final = 0.1
"""Seconds without new connections where the system has no descriptor left."""

_ESTABLISHED: Final = 1
_CLOSED: Final = 7
"""States of a connection (``enum`` in ``netinet/tcp.h``): a reset leaves it closed."""


class Listening:
    """Takes connections of a socket, and gives each a protocol.

    Args:
        listener: a socket that is bound.
        protocol: makes the protocol of a connection.
        name: returns the name of the client that has an address.
        backlog: connections that may wait in the kernel.
    """

    def __init__(
        self,
        listener: socket.socket,
        protocol: Callable[[], asyncio.Protocol],
        name: Callable[[str], str],
        backlog: int,
    ) -> None:
        self._listener = listener
        self._protocol = protocol
        self._name = name
        self._loop = asyncio.get_running_loop()
        self._turns = Turns()
        self._tasks = set[asyncio.Task[object]]()
        self._waiting = 0
        self._pause: asyncio.TimerHandle | None = None
        self._closed = False
        listener.settimeout(0)
        listener.listen(backlog)
        self._listen()

    def close(self) -> None:
        """Take no more connections, and end those that wait for their turn."""
        self._closed = True
        self._rest(None)

    async def wait_closed(self) -> None:
        """Wait for nothing: each connection ends by itself."""

    def _listen(self) -> None:
        self._pause = None
        self._loop.add_reader(self._listener, self._take)

    def _rest(self, seconds: float | None) -> None:
        self._loop.remove_reader(self._listener)
        if self._pause is not None:
            self._pause.cancel()
        self._pause = None if seconds is None else self._loop.call_later(seconds, self._listen)

    def _take(self) -> None:
        for _ in range(AT_ONCE):
            try:
                connection, address = self._listener.accept()
            except (BlockingIOError, ConnectionAbortedError):
                return
            except OSError:
                self._rest(_PAUSE)
                return
            self._waiting += 1
            if self._turns.come():
                self._begin(connection)
            else:
                self._turns.wait(self._name(address[0]), partial(self._begin, connection))
            if self._waiting == MOST:
                self._rest(None)
                return

    def _begin(self, connection: socket.socket) -> None:
        if self._waiting == MOST and not self._closed:
            self._listen()
        self._waiting -= 1
        if self._closed or self._left(connection):
            connection.close()
            return
        task = self._loop.create_task(self._connect(connection))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _left(self, connection: socket.socket) -> bool:
        """Return whether nobody waits for an answer.

        A client may close its side and read on (RFC 9112, section 9.6), but seldom does. So this
        counts as leaving only where others wait.
        """
        state = connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 1)[0]
        return state == _CLOSED or (self._turns.crowded and state != _ESTABLISHED)

    async def _connect(self, connection: socket.socket) -> None:
        try:
            await self._loop.connect_accepted_socket(self._protocol, connection)
        except OSError:
            # The client has left meanwhile.
            connection.close()
