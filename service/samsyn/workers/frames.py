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
    # The other side says no more until it is answered, so nothing comes behind this message.
    held = bytearray()
    end = _PREFIX.size
    while len(held) < end:
        part = channel.recv(SIZE)
        if not part:
            return None
        held += part
        if len(held) >= _PREFIX.size:
            end = _PREFIX.size + _PREFIX.unpack_from(held)[1]
    return bytes(held[_PREFIX.size : end])
