"""The HTTP protocol of the server: uvicorn's, with limits on slow and greedy clients.

uvicorn waits for ever for a header that comes byte by byte, and for a reader that does not read,
and it holds an address or a header of any length. Its parser ends a request at its head where it
asks for another protocol, and takes the body for the next request; a server may overlook such a
wish (RFC 9110, section 7.8), so it is taken out before the parser sees it.
"""

from __future__ import annotations

import asyncio
import re
from typing import Any, cast

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

from samsyn.quotas import Kind, Quotas
from samsyn.settings import Settings
from samsyn.web.clients import Clients

_ROUND = 5.0
"""Seconds between two looks at what a reader has read."""

_LONGEST = 128 * 1024
"""Bytes that the head of a request may have, and what is between two parts of its body."""

_UPGRADE = re.compile(rb"(?<=\r\n)upgrade(?=:)", re.IGNORECASE)
_OVERLOOKED = b"x-not-upgrade"

_LONGEST_ADDRESS = 0xFFFF
"""Bytes of an address that the parser can take apart."""

_BAD = b"400 Bad Request"
_BUSY = b"429 Too Many Requests\r\nretry-after: 2"
_FULL = b"503 Service Unavailable\r\nretry-after: 2"
_LATE = b"408 Request Timeout"
_LONG_ADDRESS = b"414 URI Too Long"
_LONG_HEADERS = b"431 Request Header Fields Too Large"


def guarded(settings: Settings, quotas: Quotas) -> type[HttpToolsProtocol]:
    """Make the protocol with the limits of these settings.

    Args:
        settings: how long headers and a body may take, and how fast a client has to read.
        quotas: counts what is held for clients.
    """

    class Guarded(_Guarded):
        limits = settings
        account = quotas
        clients = Clients(settings.trusted_proxies)

    return Guarded


def _without_upgrade(data: bytes) -> bytes:
    """Blank the header Upgrade of the first head in some bytes that begin in or before it."""
    # The expression takes long over bytes in which there is nothing.
    if b"upgrade" not in data.lower():
        return data
    head, end, rest = data.partition(b"\r\n\r\n")
    return _UPGRADE.sub(_OVERLOOKED, head) + end + rest


class _Gathering:
    """The transport of one response, whose head leaves with the first of its body, not before.

    Two packets cost the server and the client twice the time of one.

    Args:
        cycle: the request and its response; it writes something for each part of the body, if only
            nothing, except in answer to HEAD.
    """

    def __init__(self, cycle: RequestResponseCycle) -> None:
        self._cycle = cycle
        self._transport = cycle.transport
        self._head: bytes | None = None

    def __getattr__(self, name: str) -> Any:
        return getattr(self._transport, name)

    def write(self, data: bytes) -> None:
        """Send, or keep the head."""
        if self._head is None and self._cycle.response_started:
            self._head = b""
            if self._cycle.scope["method"] != "HEAD":
                self._head = data
                return
        self._transport.write(self._flushed() + data)

    def close(self) -> None:
        """Close when all is sent."""
        self._transport.write(self._flushed())
        self._transport.close()

    def _flushed(self) -> bytes:
        held = self._head or b""
        if held:
            self._head = b""
        return held


class _Guarded(HttpToolsProtocol):
    limits: Settings
    account: Quotas
    clients: Clients

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._peer = self.client[0] if self.client else ""
        self._deadline: asyncio.TimerHandle | None = None
        self._reading: asyncio.TimerHandle | None = None
        self._unread = 0
        self._head = 0
        self._in_head = True
        self._client = self.clients.name(self._peer)
        room = self.account.hold(self._client, Kind.CONNECTIONS)
        if not room and self.account.full(Kind.CONNECTIONS):
            self._refuse(_FULL)
            return
        # A proxy brings the connections of many.
        if not room and not self.clients.trusts(self._peer):
            self._refuse(_BUSY)
            return
        self._expect(self.limits.header_time)

    def connection_lost(self, exc: Exception | None) -> None:
        self.account.give(self._client, Kind.CONNECTIONS)
        self._expect(None)
        if self._reading is not None:
            self._reading.cancel()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        if self.transport.is_closing():
            return
        self._head += len(data)
        super().data_received(_without_upgrade(data) if self._in_head else data)
        if self._head > _LONGEST and not self.transport.is_closing():
            self._refuse(_LONG_HEADERS if self.headers else _LONG_ADDRESS)

    def on_message_begin(self) -> None:
        self._expect(self.limits.header_time)
        self._in_head = True
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        self._expect(self.limits.body_time)
        self._head = 0
        self._in_head = False
        if self.parser.should_upgrade():
            # The wish came in pieces, or it is a tunnel: the parser would read no body.
            self._refuse(_BAD)
        elif len(self.url) > _LONGEST_ADDRESS:
            self._refuse(_LONG_ADDRESS)
        else:
            super().on_headers_complete()
            self.cycle.transport = cast("asyncio.Transport", _Gathering(self.cycle))

    def on_body(self, body: bytes) -> None:
        self._head = 0
        if not self.transport.is_closing():
            super().on_body(body)

    def on_message_complete(self) -> None:
        self._expect(None)
        self._head = 0
        self._in_head = True
        if not self.transport.is_closing():
            super().on_message_complete()

    def timeout_keep_alive_handler(self) -> None:
        if self.transport.get_write_buffer_size():
            self.transport.abort()
        else:
            super().timeout_keep_alive_handler()

    def pause_writing(self) -> None:
        super().pause_writing()
        self._unread = self.transport.get_write_buffer_size()
        self._reading = self.loop.call_later(_ROUND, self._look)

    def resume_writing(self) -> None:
        if self._reading is not None:
            self._reading.cancel()
        super().resume_writing()

    def _look(self) -> None:
        # Nothing is written while the buffer is full, so what is missing from it was read.
        left = self.transport.get_write_buffer_size()
        if self._unread - left < self.limits.least_rate * _ROUND:
            self.transport.abort()
            return
        self._unread = left
        self._reading = self.loop.call_later(_ROUND, self._look)

    def _expect(self, seconds: float | None) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
        late = self._late
        self._deadline = None if seconds is None else self.loop.call_later(seconds, late)

    def _late(self) -> None:
        if not self.transport.is_closing():
            self._refuse(_LATE)

    def _refuse(self, status: bytes) -> None:
        cycle: Any = self.cycle
        if cycle is None or cycle.response_complete or not cycle.response_started:
            self.transport.write(
                b"HTTP/1.1 " + status + b"\r\nconnection: close\r\ncontent-length: 0\r\n\r\n"
            )
        self.transport.close()
