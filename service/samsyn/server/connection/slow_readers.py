"""Readers that are slow: what they have not taken yet is counted, and so is how fast they take it.

How fast is measured by what the other end has acknowledged, not by what the kernel has taken: with
large socket buffers the kernel takes nothing for a long time, and then much at once.
"""

from __future__ import annotations

import asyncio
import fcntl
import os
import socket
import struct
import termios
from collections.abc import Callable
from contextlib import suppress

from samsyn.server.connection.eviction import Holders, Holding
from samsyn.server.limits.quotas import Kind, Quotas
from samsyn.settings import Settings

_AT_ONCE = struct.pack("ii", 1, 0)
"""To linger for 0 seconds: the connection is reset when it is closed."""
_ROUND = 1.0
"""Seconds between two looks."""


class Reader:
    """The other end of one connection, as far as it has answers to take.

    Args:
        transport: the connection.
        loop: tells the time.
        settings: how fast it has to read.
        account: counts what is unsent.
        readers: all that have something to take.
    """

    def __init__(
        self,
        transport: asyncio.Transport,
        loop: asyncio.AbstractEventLoop,
        settings: Settings,
        account: Quotas,
        readers: Holders[Reader],
    ) -> None:
        self._transport = transport
        self._loop = loop
        self._least = settings.min_client_bytes_per_second
        self._period = settings.read_time
        self._holding = Holding(account, Kind.UNSENT)
        self._readers = readers
        self._timer: asyncio.TimerHandle | None = None
        self._since = 0.0
        self._left = 0
        self._longest = 0
        self.behind: Callable[[], int] | None = None
        """Tells how much more of the answer waits behind what was written."""

    @property
    def owner(self) -> str:
        """The name of the client."""
        return self._holding.owner

    @property
    def held(self) -> int:
        """Bytes that wait for it."""
        return self._holding.amount

    def wrote(self, size: int) -> None:
        """Take note of a body that stays in memory as a whole until its last byte has left.

        Args:
            size: its bytes.
        """
        if self._transport.get_write_buffer_size():
            self._longest = max(self._longest, size)

    def watch(self, client: str) -> None:
        """Begin to measure, since something that was written has not left.

        Args:
            client: the name of the client.
        """
        self._since = self._loop.time()
        self._left = self._untaken()
        if self._timer is None:
            self._timer = self._loop.call_later(_ROUND, self._look)
        self._readers.add(self)
        self._count(client)

    def rest(self) -> None:
        """Stop measuring: it has taken what there was, or has gone."""
        self._longest = 0
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
            self._holding.set(self.owner, 0)
            self._readers.discard(self)

    def ease(self) -> tuple[float, float]:
        """Return whether it has just begun, and how many bytes a second it takes."""
        elapsed = self._loop.time() - self._since
        return (elapsed < _ROUND, (self._left - self._untaken()) / max(elapsed, _ROUND))

    def end(self) -> None:
        """Break the connection, and have the kernel drop what it still holds for it."""
        self.rest()
        with suppress(OSError):
            line = os.dup(self._transport.get_extra_info("socket").fileno())
            with socket.socket(fileno=line) as same:
                same.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _AT_ONCE)
        self._transport.abort()

    def _look(self) -> None:
        if not self._transport.get_write_buffer_size():
            self.rest()
            return
        elapsed = self._loop.time() - self._since
        if elapsed >= self._period:
            # Nothing is written meanwhile, so what is missing was taken.
            left = self._untaken()
            if self._left - left < self._least * elapsed:
                self.end()
                return
            self._since, self._left = self._loop.time(), left
        self._timer = self._loop.call_later(_ROUND, self._look)
        self._count(self.owner)

    def _count(self, client: str) -> None:
        unsent = self._transport.get_write_buffer_size()
        if unsent:
            unsent = max(unsent, self._longest)
        if self.behind is not None:
            unsent += self.behind()
        if not self._holding.set(client, unsent):
            self._readers.relieve(client)

    def _untaken(self) -> int:
        """Count the bytes that the other end has not acknowledged."""
        return self._transport.get_write_buffer_size() + _queued(self._transport)


def _queued(transport: asyncio.Transport) -> int:
    """Return how many bytes the kernel holds for the other end (tcp(7), SIOCOUTQ)."""
    try:
        line = transport.get_extra_info("socket").fileno()
        told = fcntl.ioctl(line, termios.TIOCOUTQ, bytes(4))
    except (OSError, ValueError):
        return 0
    return int(struct.unpack("i", told)[0])
