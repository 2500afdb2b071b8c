"""The messages between the web process and a worker: a kind, a length, bytes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from socket import socket
from struct import Struct
from typing import Final

from samsyn.errors import SamsynError

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

LARGEST: Final[Mapping[int, int]] = {
    HEAD: 256 * 1024,
    DATA: 2 * SIZE,
    END: 16,
    FAIL: 64 * 1024,
    LIMIT: 16,
    FAULT: 0,
}
"""What a worker may send, and the bytes that each may carry."""

_MOST: Final = 1024
"""Messages that come at once at most: a worker sends small ones at the end, and twice a second."""

_PREFIX: Final = Struct("<BI")


class FrameError(SamsynError):
    """A worker sent what is no message; it does not do what it was made for."""

    exit_code = 3

    def __init__(self) -> None:
        super().__init__("A worker sent what is no message.")


def frame(kind: int, payload: bytes) -> bytes:
    """Write one message."""
    return _PREFIX.pack(kind, len(payload)) + payload


class Parser:
    """Cuts what comes from a worker into messages; what is held of it is bounded."""

    def __init__(self) -> None:
        self._rest = b""

    def feed(self, data: bytes) -> Iterator[tuple[int, bytes]]:
        """Take the next bytes of the stream and yield each message that they complete.

        Raises:
            FrameError: no worker sends this, nor anything that comes behind it.
        """
        held = self._rest + data if self._rest else data
        start, length, count = 0, len(held), 0
        while length - start >= _PREFIX.size:
            kind, size = _PREFIX.unpack_from(held, start)
            count += 1
            if size > LARGEST.get(kind, -1) or count > _MOST:
                raise FrameError
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
