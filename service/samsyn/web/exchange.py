"""One request and its response, over bare ASGI: what the front of the server works with.

Nothing is sent as 200 before there is enough of the answer, and one that fails later breaks the
connection, so that no half answer is dressed as a whole one.
"""

from __future__ import annotations

import tempfile
import zlib
from collections.abc import Mapping
from functools import cached_property
from http import HTTPStatus
from time import monotonic
from typing import Final

from starlette.types import Message, Receive, Scope, Send

from samsyn.web import problems
from samsyn.web.cache import Entry, RawHeaders
from samsyn.web.problems import Problem
from samsyn.web.protocol import Parameters, Sent, address, unsupported
from samsyn.workers.answer import Answer

FIXED: Final[RawHeaders] = [
    (
        b"content-security-policy",
        b"default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; "
        b"object-src 'none'",
    ),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
]
OPEN: Final[RawHeaders] = [
    (b"access-control-allow-origin", b"*"),
    (
        b"access-control-expose-headers",
        b"Allow, Content-Location, ETag, Link, Location, Query-Id, Retry-After",
    ),
]
"""For all that anybody may read; never for addresses that write."""

_PIECE: Final = 256 * 1024
_CODINGS: Final = ("gzip", "x-gzip")


class BrokenError(Exception):
    """An answer ended before it was whole; the connection is to be closed without its end."""


class Exchange:
    """One request and its response.

    Args:
        scope: the ASGI scope of the request.
        receive: gives its body.
        send: takes the response.
        number: the id under which it is logged, which the client sees too.
    """

    def __init__(self, scope: Scope, receive: Receive, send: Send, number: str) -> None:
        self.scope = scope
        self.number = number
        self.method: str = scope["method"]
        self.path: str = scope["path"]
        self.raw_query: bytes = scope["query_string"]
        self.headers: dict[bytes, bytes] = {}
        for name, value in scope["headers"]:
            # A header sent twice is one list (RFC 9110, section 5.3).
            before = self.headers.get(name)
            self.headers[name] = value if before is None else before + b", " + value
        self.started = monotonic()
        self.status = 0
        self.cached = False
        self.asked: str | None = None
        """The text of a query, however it was sent."""
        self.sent_bytes = 0
        self.open = True
        self._receive = receive
        self._send = send

    def header(self, name: bytes) -> str | None:
        """Return a header of the request, by its name in lower case."""
        value = self.headers.get(name)
        return None if value is None else value.decode("latin-1")

    @cached_property
    def parameters(self) -> Parameters:
        """The parameters in the address.

        Raises:
            Problem: it is too long, or not percent-encoded UTF-8.
        """
        return address(self.raw_query)

    async def body(self, most: int) -> bytes:
        """Read the body, its coding undone.

        Args:
            most: bytes that it may have, as sent and expanded.

        Raises:
            Problem: it has more, or its coding is not known.
        """
        expand = self._expander()
        held = bytearray()
        received = 0
        more = True
        while more:
            message = await self._receive()
            if message["type"] == "http.disconnect":
                raise BrokenError
            part = message.get("body", b"")
            received += len(part)
            held += part if expand is None else expand.take(part, most + 1 - len(held))
            more = message.get("more_body", False)
            if received > most or len(held) > most:
                raise Problem(
                    "too-large",
                    f"The body has more than {most} bytes.",
                    headers={"Connection": "close"},
                )
        if expand is not None and not expand.whole:
            raise Problem("bad-request", "The body is not whole gzip.")
        return bytes(held)

    def _expander(self) -> _Expander | None:
        coding = (self.header(b"content-encoding") or "identity").strip().lower()
        if coding == "identity":
            return None
        if coding not in _CODINGS:
            raise unsupported(f"The content coding {coding} is not accepted; gzip is.", "")
        return _Expander()

    async def sent(self, most: int) -> Sent:
        """Return what of the request the SPARQL protocol is about."""
        if self.method in ("GET", "HEAD"):
            return Sent(self.method, self.parameters)
        kind = self.header(b"content-type") or ""
        return Sent(self.method, self.parameters, kind, await self.body(most))

    async def gone(self) -> None:
        """Wait until the client has left."""
        while (await self._receive())["type"] != "http.disconnect":
            pass

    async def reply(
        self, status: int, headers: RawHeaders, body: bytes = b"", *, cached: bool = False
    ) -> None:
        """Send a whole response."""
        self.cached = cached
        bare = status in (HTTPStatus.NO_CONTENT, HTTPStatus.NOT_MODIFIED)
        length = [] if bare else [(b"content-length", b"%d" % len(body))]
        await self._start(status, [*headers, *length])
        self.sent_bytes = len(body)
        await self._send(
            {"type": "http.response.body", "body": b"" if self.method == "HEAD" else body}
        )

    async def entry(self, entry: Entry, *, cached: bool = True) -> None:
        """Send a whole answer, or that the client has it already."""
        if entry.etag and (self.has(entry.etag) or self.has(b"*")):
            kept = [pair for pair in entry.headers if pair[0] != b"content-type"]
            await self.reply(HTTPStatus.NOT_MODIFIED, kept, cached=cached)
        else:
            await self.reply(entry.status, entry.headers, entry.body, cached=cached)

    def has(self, etag: bytes) -> bool:
        """Tell whether the client lists this very tag (weakly compared) among those that it has.

        ``*`` stands for any answer that there is, so it counts only once there is one.
        """
        listed = self.headers.get(b"if-none-match")
        if listed is None or self.method not in ("GET", "HEAD"):
            return False
        tags = [tag.strip().removeprefix(b"W/") for tag in listed.split(b",")]
        return etag.removeprefix(b"W/") in tags

    async def stream(self, status: int, headers: RawHeaders, answer: Answer) -> None:
        """Send an answer that is not whole yet, as it comes.

        Raises:
            SamsynError: it will never be whole, and nothing was sent.
            BrokenError: the same, and some was.
        """
        if self.method == "HEAD":
            answer.abandon()
            await self._start(status, headers)
            await self._send({"type": "http.response.body", "body": b""})
        elif self.scope["http_version"] == "1.0":
            await self._spooled(status, headers, answer)
        else:
            await self._start(status, headers)
            await self._chunks(answer)

    async def _chunks(self, answer: Answer) -> None:
        try:
            async for chunk in answer.chunks():
                self.sent_bytes += len(chunk)
                await self._send({"type": "http.response.body", "body": chunk, "more_body": True})
        except Exception as error:
            raise BrokenError from error
        finally:
            answer.abandon()
        await self._send({"type": "http.response.body", "body": b""})

    async def _spooled(self, status: int, headers: RawHeaders, answer: Answer) -> None:
        # HTTP/1.0 has no chunks: its clients can tell a broken answer from a whole one only by
        # the length, so they get it when it is known.
        with tempfile.TemporaryFile() as file:
            try:
                async for chunk in answer.chunks():
                    file.write(chunk)
            finally:
                answer.abandon()
            length = file.tell()
            await self._start(status, [*headers, (b"content-length", b"%d" % length)])
            self.sent_bytes = length
            file.seek(0)
            while piece := file.read(_PIECE):
                await self._send({"type": "http.response.body", "body": piece, "more_body": True})
            await self._send({"type": "http.response.body", "body": b""})

    async def problem(self, problem: Problem) -> None:
        """Send an error as JSON, or as plain text where the client likes that better."""
        content_type, body = problems.written(problem, self.header(b"accept"), self.number)
        await self.reply(
            problem.status,
            raw(
                {
                    "Content-Type": content_type,
                    "Vary": problems.VARY,
                    **problem.headers,
                }
            ),
            body,
        )

    async def _start(self, status: int, headers: RawHeaders) -> None:
        self.status = status
        message: Message = {
            "type": "http.response.start",
            "status": status,
            "headers": [
                *headers,
                *FIXED,
                *(OPEN if self.open else ()),
                (b"query-id", self.number.encode()),
            ],
        }
        await self._send(message)


class _Expander:
    """Undoes gzip, never further than asked for."""

    def __init__(self) -> None:
        self._stream = zlib.decompressobj(wbits=31)

    def take(self, part: bytes, most: int) -> bytes:
        """Return at most so many bytes of what a part expands to."""
        try:
            return self._stream.decompress(part, max(1, most)) if part else b""
        except zlib.error:
            raise Problem("bad-request", "The body is not gzip.") from None

    @property
    def whole(self) -> bool:
        """Whether the end has been seen."""
        return self._stream.eof


def raw(headers: Mapping[str, str]) -> RawHeaders:
    """Write headers as ASGI has them."""
    return [(name.lower().encode(), value.encode("latin-1")) for name, value in headers.items()]
