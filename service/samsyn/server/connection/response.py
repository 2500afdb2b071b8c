"""How the bytes of a response leave."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from uvicorn.protocols.http.httptools_impl import RequestResponseCycle

_JOINED: Final = 16 * 1024
"""Bytes up to which a body is copied behind the head; a longer one is only referred to."""
_CLOSE: Final = b"connection: close\r\n\r\n"


class Gathering:
    """The transport of one response, whose head leaves with the first of its body, not before.

    Two packets cost the server and the client twice the time of one. A long body is not copied: the
    transport refers to it, so an answer that many read is in memory once.

    A response that begins before the whole request has come ends the connection, since what is
    left of the request would be in the way of the next one.

    Args:
        cycle: the request and its response; it writes something for each part of the body, if only
            nothing, except in answer to HEAD.
        end: ends the connection once all is sent.
        wrote: is reported how long a body is that the transport refers to.
    """

    def __init__(
        self, cycle: RequestResponseCycle, end: Callable[[], None], wrote: Callable[[int], None]
    ) -> None:
        self._cycle = cycle
        self._transport = cycle.transport
        self._end = end
        self._wrote = wrote
        self._head: bytes | None = None

    def __getattr__(self, name: str) -> Any:
        return getattr(self._transport, name)

    def write(self, data: bytes) -> None:
        """Send, or keep the head."""
        cycle = self._cycle
        if self._head is None and cycle.response_started:
            self._head = b""
            if cycle.more_body and cycle.keep_alive:
                cycle.keep_alive = False
                data = data[:-2] + _CLOSE
            if cycle.scope["method"] != "HEAD":
                self._head = data
                return
        head = self._flushed()
        if head and len(data) > _JOINED:
            self._transport.writelines((head, data))
            self._wrote(len(data))
        else:
            self._transport.write(head + data)

    def close(self) -> None:
        """Close when all is sent."""
        self._transport.write(self._flushed())
        self._end()

    def _flushed(self) -> bytes:
        held = self._head or b""
        if held:
            self._head = b""
        return held


def refusal(status: bytes, words: str) -> bytes:
    """Write the response to a request that is not taken; the connection ends with it.

    Args:
        status: code and phrase, and further headers after CRLF.
        words: what is wrong and what would be right.
    """
    body = f"{words}\n".encode()
    return (
        b"HTTP/1.1 %b\r\nconnection: close\r\ncontent-type: text/plain; charset=utf-8\r\n"
        b"content-length: %d\r\n\r\n%b" % (status, len(body), body)
    )
