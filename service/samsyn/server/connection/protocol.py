"""The protocol of one connection.

uvicorn waits for ever for a header that comes byte by byte and for a reader that does not read, and
it holds heads, bodies and requests that wait for their turn without bound. Its parser ends a
request at its head where it asks for another protocol, and takes the body for the next request; a
server may overlook such a wish (RFC 9110, section 7.8), so it is taken out before the parser sees
it.
"""

from __future__ import annotations

import asyncio
import re
from collections import defaultdict
from functools import partial
from typing import Any, Final, cast

import httptools
from uvicorn.protocols.http.flow_control import HIGH_WATER_LIMIT, FlowControl
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

from samsyn.server.connection.bodies import joined
from samsyn.server.connection.eviction import Holders, Holding
from samsyn.server.connection.framing import BAD, Framing, RefusedError
from samsyn.server.connection.response import Gathering, refusal
from samsyn.server.connection.slow_readers import Reader
from samsyn.server.connection.turns import Turns
from samsyn.server.limits.quotas import Kind, Quotas
from samsyn.server.public_address import Addresses
from samsyn.settings import Settings

_MIB: Final = 1024 * 1024
_MORE: Final = _MIB // 2
"""Bytes of a body beyond the settings, so that the application refuses first what it reads."""
_MOST_WAITING: Final = 8
"""Requests that may wait on a connection for the answers to those before them."""
_LINGER: Final = 2.0
"""Seconds for which the rest of a refused request is read on, so that its client sees why."""
_LINGER_BYTES: Final = _MIB
"""Bytes of it that are read on."""

_UPGRADE: Final = re.compile(rb"(?<=\r\n)upgrade(?=:)", re.IGNORECASE)
_OVERLOOKED: Final = b"x-not-upgrade"

_LATE: Final = b"408 Request Timeout"
_OWN: Final = b"429 Too Many Requests\r\nretry-after: 2"
_FULL: Final = b"503 Service Unavailable\r\nretry-after: 2"
_OWN_WORDS: Final = "The server holds as much for you as it may. Let earlier requests end first."
_FULL_WORDS: Final = "The server holds as much as it may. Try again after 2 seconds."


def guarded(settings: Settings, quotas: Quotas) -> type[Guard]:
    """Make the protocol with the limits of these settings.

    Args:
        settings: how long headers and a body may take, and how fast a client has to read.
        quotas: counts what is held for clients.
    """
    of_clients = defaultdict[str, dict[Guard, None]](dict)

    class Guarded(Guard):
        limits = settings
        account = quotas
        addresses = Addresses(settings)
        readers = Holders[Reader](quotas, Kind.UNSENT)
        senders = Holders[Guard](quotas, Kind.RECEIVED)
        lines = of_clients
        turns = Turns()
        most_body = _MORE + max(
            settings.max_body, settings.max_write * _MIB if settings.writable else 0
        )

    return Guarded


def _without_upgrade(data: bytes) -> bytes:
    """Blank the header Upgrade of the first head in some bytes that begin in or before it."""
    # The expression takes long over bytes in which there is nothing.
    if b"upgrade" not in data.lower():
        return data
    head, end, rest = data.partition(b"\r\n\r\n")
    return _UPGRADE.sub(_OVERLOOKED, head) + end + rest


class _Flow(FlowControl):
    """Reads on only when no request waits for its turn."""

    def __init__(self, connection: Guard) -> None:
        super().__init__(connection.transport)
        self._connection = connection

    def resume_reading(self) -> None:
        if not self._connection.pipeline:
            super().resume_reading()


class Guard(HttpToolsProtocol):
    """One connection.

    Each connection of a server has the same limits, account and lists of others.
    """

    limits: Settings
    account: Quotas
    addresses: Addresses
    readers: Holders[Reader]
    senders: Holders[Guard]
    lines: defaultdict[str, dict[Guard, None]]
    """The connections of each client."""
    turns: Turns
    most_body: int

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Count the connection, or refuse it."""
        super().connection_made(transport)
        self.flow = _Flow(self)
        self._address = self.client[0] if self.client else ""
        self._trusted = self.addresses.clients.trusts(self._address)
        self._peer = self.addresses.clients.name(self._address)
        self._asker = self._peer
        self._framing = Framing(self.most_body)
        self._deadline: asyncio.TimerHandle | None = None
        self._timed = False
        self._ending = False
        self._discarded = 0
        self._current: RequestResponseCycle | None = None
        self._bodies: dict[RequestResponseCycle, int] = {}
        self._received = Holding(self.account, Kind.RECEIVED)
        self._reader = Reader(transport, self.loop, self.limits, self.account, self.readers)
        room = self.account.hold(self._peer, Kind.CONNECTIONS)
        self.lines[self._peer][self] = None
        if not room and self.account.full(Kind.CONNECTIONS) and not self._made_room():
            self._turn_away(_FULL, _FULL_WORDS)
        elif not (room or self._trusted or self.account.full(Kind.CONNECTIONS)):
            # A trusted proxy brings the connections of many.
            self._turn_away(_OWN, _OWN_WORDS)
        else:
            self._expect(self.limits.header_timeout)

    def _made_room(self) -> bool:
        """End a connection without a request of the site that has most, if that has more."""
        most = self.account.heaviest(Kind.CONNECTIONS) or self._peer
        held, own = (
            self.account.held_at_site(Kind.CONNECTIONS, name) for name in (most, self._peer)
        )
        idle = (other for other in self.lines[most] if other.idle)
        other = next(idle, None) if held > own + 1 else None
        if other is not None:
            other.transport.abort()
        return other is not None

    @property
    def idle(self) -> bool:
        """Whether no request of it is under way."""
        current = self._current
        return not self.transport.is_closing() and (current is None or current.response_complete)

    def connection_lost(self, exc: Exception | None) -> None:
        """Count it no more, and let its requests know."""
        self.account.give(self._peer, Kind.CONNECTIONS)
        del self.lines[self._peer][self]
        if not self.lines[self._peer]:
            del self.lines[self._peer]
        self._expect(None)
        self._reader.rest()
        self._hold(0)
        if self._current is not None and not self._current.response_complete:
            self._current.disconnected = True
            self._current.message_event.set()
        self.pipeline.clear()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Take bytes of requests."""
        if self._ending:
            self._discarded += len(data)
            if self._discarded > _LINGER_BYTES:
                self.transport.close()
            return
        if self.transport.is_closing():
            return
        self._unset_keepalive_if_required()
        framing = self._framing
        framing.came += len(data)
        try:
            self.parser.feed_data(_without_upgrade(data) if framing.in_head else data)
            framing.check_came()
        except httptools.HttpParserCallbackError as error:
            cause = error.__context__
            if isinstance(cause, RefusedError):
                self._refuse(cause.status, cause.words)
            else:
                self._refuse(BAD, "The address is none.")
        except RefusedError as error:
            self._refuse(error.status, error.words)
        except (httptools.HttpParserError, httptools.HttpParserUpgrade):
            self._refuse(BAD, "This is not HTTP/1.1 as RFC 9112 has it.")
        else:
            self._await_more()

    def _await_more(self) -> None:
        """Bound the time in which the rest of a request may come, and count what has."""
        framing, current = self._framing, self._current
        if framing.complete and current is not None and not current.response_complete:
            if self._deadline is not None:
                self._expect(None)
        elif not self._timed:
            # Empty lines before a request are no request, and give no more time for one.
            self._timed = True
            limits = self.limits
            self._expect(limits.header_timeout if framing.in_head else limits.body_timeout)
        if not framing.complete or self._bodies or self._received.amount:
            self._hold(sum(self._bodies.values()) + framing.came)

    # What the parser finds

    def on_message_begin(self) -> None:
        """Begin a request, if not too many wait."""
        if len(self.pipeline) >= _MOST_WAITING:
            raise RefusedError(BAD, f"More than {_MOST_WAITING} requests wait for their turn.")
        self._framing.begin()
        self._timed = False
        super().on_message_begin()

    def on_header(self, name: bytes, value: bytes) -> None:
        """Take a header; those behind the body are overlooked (RFC 9110, section 6.5.1)."""
        self._framing.header()
        if self._framing.in_head:
            self.headers.append((name.lower(), value.rstrip(b" \t")))

    def on_headers_complete(self) -> None:
        """Begin to answer, if the head is as it has to be."""
        parser = self.parser
        version = parser.get_http_version()
        self._framing.check_head(version, self.url, self.headers, parser)
        if self._trusted:
            told = self.addresses.told(self._address, joined(self.headers))
            self._asker = self.addresses.name(told, self._address)
        free = self._current is None or self._current.response_complete
        # Clients of HTTP/1.0 do not know of 100 (RFC 9110, section 10.1.1).
        self.expect_100_continue = self._framing.expects and version == "1.1"
        super().on_headers_complete()
        self._framing.end_head()
        self._timed = False
        cycle = self.cycle
        cycle.transport = cast("asyncio.Transport", Gathering(cycle, self._end, self._reader.wrote))
        self.scope["state"]["reader"] = self._reader
        if free:
            self._current = cycle

    def _start_asgi_task(self, cycle: RequestResponseCycle, app: Any) -> None:
        if self.turns.come():
            super()._start_asgi_task(cycle, app)
        else:
            self.turns.wait(self._asker, partial(self._answer, cycle, app))

    def _answer(self, cycle: RequestResponseCycle, app: Any) -> None:
        if not self.transport.is_closing():
            super()._start_asgi_task(cycle, app)

    def on_chunk_header(self) -> None:
        """Count the chunks of a body."""
        self._framing.chunk()

    def on_body(self, body: bytes) -> None:
        """Take a part of a body."""
        self._framing.body(len(body))
        cycle = self.cycle
        cycle.body += body
        self._bodies[cycle] = self._bodies.get(cycle, 0) + len(body)
        if len(cycle.body) > HIGH_WATER_LIMIT:
            self.flow.pause_reading()
        cycle.message_event.set()

    def on_message_complete(self) -> None:
        """Take note that a request is whole."""
        self._framing.end()
        super().on_message_complete()

    def on_response_complete(self) -> None:
        """Go on with the next request."""
        if self._bodies and self._current is not None:
            self._bodies.pop(self._current, None)
            self._hold(sum(self._bodies.values()))
        if self.transport.get_write_buffer_size():
            self._reader.watch(self._asker)
        self._current = self.pipeline[-1][0] if self.pipeline else self._current
        super().on_response_complete()

    # How much is held

    @property
    def held(self) -> int:
        """Bytes of its requests."""
        return self._received.amount

    @property
    def owner(self) -> str:
        """The name of the client; behind a proxy, that of the last request."""
        return self._received.owner

    def ease(self) -> tuple[float, float]:
        """Return whether no body is still coming, and how little is held."""
        return (self._framing.complete, -self.held)

    def end(self) -> None:
        """Break the connection for another that needs its room."""
        self._hold(0)
        self._bodies.clear()
        self.transport.abort()

    def _hold(self, amount: int) -> None:
        if not amount and not self._received.amount:
            return
        (self.senders.add if amount else self.senders.discard)(self)
        if self._received.set(self._asker, amount):
            return
        if self.account.full(Kind.RECEIVED):
            self.senders.relieve(self._asker)
        elif not self._framing.complete:
            self._refuse(_OWN, _OWN_WORDS)

    # Slow readers

    def pause_writing(self) -> None:
        """Wait for the reader, and measure it."""
        super().pause_writing()
        self._reader.watch(self._asker)

    def resume_writing(self) -> None:
        """Go on writing."""
        self._reader.rest()
        super().resume_writing()

    def timeout_keep_alive_handler(self) -> None:
        """Close an idle connection; one whose reader still reads is none."""
        if self.transport.get_write_buffer_size():
            self.timeout_keep_alive_task = self.loop.call_later(
                self.timeout_keep_alive, self.timeout_keep_alive_handler
            )
        else:
            super().timeout_keep_alive_handler()

    # Ends

    def _expect(self, seconds: float | None) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
        self._deadline = None if seconds is None else self.loop.call_later(seconds, self._late)

    def _late(self) -> None:
        if self.flow.read_paused:
            # It is the server that does not read.
            self._expect(self.limits.header_timeout)
        elif not self.transport.is_closing():
            self._refuse(_LATE, "The request did not come in time.")

    def _turn_away(self, status: bytes, words: str) -> None:
        """Refuse a connection. It is not lingered for: many of them would take all places."""
        self._ending = True
        self.transport.write(refusal(status, words))
        self.transport.close()

    def _refuse(self, status: bytes, words: str) -> None:
        """Refuse the request that is coming; those before it are answered first."""
        current: Any = self._current
        if current is None or current.response_complete:
            self.transport.write(refusal(status, words))
            self._end()
            return
        self._ending = True
        self.pipeline.clear()
        current.keep_alive = False
        if current is self.cycle and not self._framing.in_head:
            # It is the request under way whose body is refused.
            current.disconnected = True
            current.message_event.set()
            if current.response_started:
                self.transport.abort()
            else:
                self.transport.write(refusal(status, words))
                self._end()

    def _end(self) -> None:
        """Close once all is sent; read on for a moment what is still coming of a request.

        A connection that is closed while something comes in is reset, and its client may lose what
        it was reported (RFC 9112, section 9.6).
        """
        coming = self._ending or not self._framing.complete
        self._ending = True
        if self.transport.get_write_buffer_size():
            self._reader.watch(self._asker)
        if not coming or self.transport.is_closing():
            self.transport.close()
            return
        self.flow.resume_reading()
        self.transport.write_eof()
        self._expect(None)
        self._deadline = self.loop.call_later(_LINGER, self.transport.close)
