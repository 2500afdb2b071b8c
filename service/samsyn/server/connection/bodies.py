"""What of a request is read from its connection: headers as lists, and the body.

A body is taken in small steps, so that neither its size nor its coding holds the event loop up.
"""

from __future__ import annotations

import asyncio
import zlib
from collections.abc import Iterable, MutableMapping
from dataclasses import dataclass
from typing import Final

from starlette.types import Receive

from samsyn.http.problems import Problem
from samsyn.http.sparql_protocol import unsupported
from samsyn.server.error_mapping import problem_of
from samsyn.server.limits.quotas import Kind, OverQuotaError, Quotas

_CODINGS: Final = ("gzip", "x-gzip")
_STEP: Final = 64 * 1024
"""Bytes to which a part expands at a time."""
_CLOSING: Final = {"Connection": "close"}
"""What of a body was not read must not be taken for the next request."""

NEGOTIATING: Final = (b"accept", b"accept-encoding", b"accept-language")
MOST: Final = 2048
"""Bytes of a header that states preferences; clients send up to about a thousand."""
MOST_RANGES: Final = 64
"""Preferences in such a header."""
_LEAST: Final = 2 * MOST_RANGES - 1
"""Bytes from which on a header may have more of them."""


class BrokenError(Exception):
    """An answer ended before it was whole; the connection is to be closed without its end."""


def joined(pairs: Iterable[tuple[bytes, bytes]]) -> dict[bytes, bytes]:
    """Return headers by name; one that was sent several times is one list (RFC 9110, section 5.3).

    Args:
        pairs: names in lower case, and values.
    """
    pairs = list(pairs)
    once = dict(pairs)
    if len(once) == len(pairs):
        return once
    lists: dict[bytes, list[bytes]] = {}
    for name, value in pairs:
        lists.setdefault(name, []).append(value)
    return {name: b", ".join(values) for name, values in lists.items()}


def check_preferences(headers: MutableMapping[bytes, bytes]) -> None:
    """Refuse what states so many preferences that to weigh them would take long.

    Args:
        headers: those of the request, by name in lower case; what is refused is taken out of them,
            so that the refusal does not weigh it either.

    Raises:
        Problem: a header is too long.
    """
    for name in NEGOTIATING:
        value = headers.get(name)
        if value is None or len(value) < _LEAST:
            continue
        if len(value) > MOST or value.count(b",") >= MOST_RANGES:
            for each in NEGOTIATING:
                headers.pop(each, None)
            raise Problem(
                "header-too-large",
                f"{name.decode().title()} may have {MOST} bytes and {MOST_RANGES} preferences.",
                headers=_CLOSING,
            )


@dataclass(frozen=True)
class Bounds:
    """How large a body may be.

    Args:
        most: bytes that it may have, as sent and expanded.
        times: how many times larger than sent it may be when expanded; None: any.
        free: bytes of it, when expanded, for which that does not count.
    """

    most: int
    times: int | None = None
    free: int = 64 * 1024

    def expanded(self, received: int) -> int:
        """Return how many bytes what was received may expand to."""
        if self.times is None:
            return self.most
        return min(self.most, self.times * received + self.free)


class Body:
    """The body of one request, and the account of what is held of it.

    Args:
        receive: gives its parts.
        coding: the header ``Content-Encoding``.
        quotas: where what is held is counted.
        client: for whom.

    Raises:
        Problem: its coding is not known.
    """

    def __init__(self, receive: Receive, coding: str | None, quotas: Quotas, client: str) -> None:
        self._receive = receive
        self._quotas = quotas
        self._client = client
        self._expander = _expander(coding)
        self._held = 0

    async def read(self, bounds: Bounds) -> bytes:
        """Read it, its coding undone.

        Args:
            bounds: how large it may be.

        Raises:
            Problem: it is larger, or more is held for clients than may be, or it is not whole.
            BrokenError: the client has left.
        """
        # Not a list of the parts: a client may send each byte alone.
        held = bytearray()
        received = 0
        more = True
        while more:
            message = await self._receive()
            if message["type"] == "http.disconnect":
                raise BrokenError
            part = message.get("body", b"")
            more = message.get("more_body", False)
            received += len(part)
            if received > bounds.most:
                raise _too_large(bounds)
            for piece in (part,) if self._expander is None else self._expander.pieces(part):
                if len(held) + len(piece) > bounds.expanded(received):
                    raise _too_large(bounds)
                # The connection counts what was sent; what gzip makes more of it is counted here.
                self._hold(len(held) + len(piece) - received)
                held += piece
                if self._expander is not None and len(piece) == _STEP:
                    await asyncio.sleep(0)
        if self._expander is not None and not self._expander.whole:
            raise Problem("bad-request", "The body is not whole gzip.")
        return bytes(held)

    def release(self) -> None:
        """Take note that it is held no more."""
        if self._held:
            self._quotas.give(self._client, Kind.RECEIVED, self._held)
            self._held = 0

    def _hold(self, size: int) -> None:
        if size <= self._held:
            return
        try:
            self._quotas.take(self._client, Kind.RECEIVED, size - self._held)
        except OverQuotaError as error:
            problem = problem_of(error)
            problem.headers |= _CLOSING
            raise problem from error
        self._held = size


def _too_large(bounds: Bounds) -> Problem:
    words = f"The body has more than {bounds.most} bytes"
    if bounds.times is not None:
        words += f", or gzip makes it more than {bounds.times} times smaller"
    return Problem("too-large", f"{words}.", headers=_CLOSING)


def _expander(coding: str | None) -> _Expander | None:
    name = (coding or "identity").strip().lower()
    if name == "identity":
        return None
    if name not in _CODINGS:
        raise unsupported(f"The content coding {name} is not accepted; gzip is.", "")
    return _Expander()


class _Expander:
    """Undoes gzip, step by step."""

    def __init__(self) -> None:
        self._stream = zlib.decompressobj(wbits=31)

    def pieces(self, part: bytes) -> Iterable[bytes]:
        """Yield what a part expands to."""
        while part:
            try:
                yield self._stream.decompress(part, _STEP)
            except zlib.error:
                raise Problem("bad-request", "The body is not gzip.", headers=_CLOSING) from None
            if self._stream.unused_data:
                raise Problem(
                    "bad-request",
                    "Something follows the gzip in the body; send one gzip and nothing else.",
                    headers=_CLOSING,
                )
            part = self._stream.unconsumed_tail

    @property
    def whole(self) -> bool:
        """Whether the end has been seen."""
        return self._stream.eof
