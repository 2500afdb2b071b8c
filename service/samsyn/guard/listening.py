"""How connections are taken from the kernel.

An event loop takes all that wait, one after the other, and answers nobody meanwhile. Whoever opens
connections and leaves them fills the kernel's queue with those that are dead, and each costs what a
request costs. Here few are taken in each pass, and those whose client has left end at once.
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable
from typing import Final

AT_ONCE: Final = 4
"""Connections that are taken in one pass of the event loop. Each takes a tenth of a millisecond."""
LOOKED_AT: Final = 64
"""Connections that are looked at in one pass; to end one takes a hundredth of a millisecond."""
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
        backlog: connections that may wait in the kernel.
    """

    def __init__(
        self, listener: socket.socket, protocol: Callable[[], asyncio.Protocol], backlog: int
    ) -> None:
        self._listener = listener
        self._protocol = protocol
        self._loop = asyncio.get_running_loop()
        self._tasks = set[asyncio.Task[object]]()
        self._crowded = False
        """Whether more waited at the last pass than could be taken in it."""
        self._pause: asyncio.TimerHandle | None = None
        listener.settimeout(0)
        listener.listen(backlog)
        self._listen()

    def close(self) -> None:
        """Take no more connections."""
        self._loop.remove_reader(self._listener)
        if self._pause is not None:
            self._pause.cancel()

    async def wait_closed(self) -> None:
        """Wait for nothing: each connection ends by itself."""

    def _listen(self) -> None:
        self._loop.add_reader(self._listener, self._take)

    def _take(self) -> None:
        taken = 0
        for _ in range(LOOKED_AT):
            try:
                connection, _ = self._listener.accept()
            except (BlockingIOError, ConnectionAbortedError):
                self._crowded = False
                return
            except OSError:
                self._rest()
                return
            if self._left(connection):
                connection.close()
                continue
            self._begin(connection)
            taken += 1
            if taken == AT_ONCE:
                break
        self._crowded = True

    def _left(self, connection: socket.socket) -> bool:
        """Tell whether nobody waits for an answer.

        A client may close its side and read on (RFC 9112, section 9.6), but seldom does. So this
        counts as leaving only where many wait.
        """
        state = connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 1)[0]
        return state == _CLOSED or (self._crowded and state != _ESTABLISHED)

    def _begin(self, connection: socket.socket) -> None:
        task = self._loop.create_task(self._connect(connection))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _connect(self, connection: socket.socket) -> None:
        try:
            await self._loop.connect_accepted_socket(self._protocol, connection)
        except OSError:
            # The client has left meanwhile.
            connection.close()

    def _rest(self) -> None:
        self._loop.remove_reader(self._listener)
        self._pause = self._loop.call_later(_PAUSE, self._listen)
