"""The messages between the web process and a worker: a kind, a length, bytes."""

from __future__ import annotations

from collections.abc import Iterator
from socket import socket
from struct import Struct
from typing import Final

JOB: Final = 1
HEAD: Final = 2
"""What kind of answer follows."""
DATA: Final = 3
END: Final = 4
FAIL: Final = 5
"""The job cannot be done, and why."""
LIMIT: Final = 6
"""The job went over the limit named."""
FAULT: Final = 7
"""The service has a fault; the log has it."""

SIZE: Final = 64 * 1024
"""Bytes of an answer that are sent at a time."""

_PREFIX: Final = Struct("<BI")


def frame(kind: int, payload: bytes) -> bytes:
    """Write one message."""
    return _PREFIX.pack(kind, len(payload)) + payload


class Parser:
    """Cuts a stream of bytes into messages."""

    def __init__(self) -> None:
        self._rest = b""

    def feed(self, data: bytes) -> Iterator[tuple[int, bytes]]:
        """Take the next bytes of the stream and yield each message that they complete."""
        held = self._rest + data if self._rest else data
        start, length = 0, len(held)
        while length - start >= _PREFIX.size:
            kind, size = _PREFIX.unpack_from(held, start)
            end = start + _PREFIX.size + size
            if end > length:
                break
            yield kind, held[start + _PREFIX.size : end]
            start = end
        self._rest = held[start:]


def receive(channel: socket) -> bytes | None:
    """Wait for one message and return what it carries, or None when the other side is gone."""
    prefix = _exactly(channel, _PREFIX.size)
    return None if prefix is None else _exactly(channel, _PREFIX.unpack(prefix)[1])


def _exactly(channel: socket, size: int) -> bytes | None:
    held = bytearray()
    while len(held) < size:
        part = channel.recv(size - len(held))
        if not part:
            return None
        held += part
    return bytes(held)
