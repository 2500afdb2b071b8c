"""One request and its response, over bare ASGI: what the gateway of the server works with.

Nothing is sent as 200 before there is enough of the answer, and one that fails later breaks the
connection, so that no half answer is dressed as a whole one.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cached_property
from http import HTTPStatus
from time import monotonic
from typing import Final

from starlette.types import Message, Receive, Scope, Send

from samsyn.http import problems
from samsyn.http.problems import Problem
from samsyn.http.sparql_protocol import Parameters, address
from samsyn.server.cache import Entry, RawHeaders
from samsyn.server.connection import conditional_requests
from samsyn.server.connection.bodies import Body, Bounds, BrokenError, joined
from samsyn.server.connection.conditional_requests import Validators
from samsyn.server.connection.spool import Spool
from samsyn.server.limits.quotas import Quotas
from samsyn.server.workers.answer import Answer

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
        b"Accept-Post, Accept-Ranges, Allow, Content-Disposition, Content-Encoding, "
        b"Content-Location, Content-Range, ETag, Link, Location, Query-Id, Retry-After, Vary, "
        b"WWW-Authenticate",
    ),
]
"""For all that anybody may read; never for addresses that write."""

_BARE: Final = (HTTPStatus.NO_CONTENT, HTTPStatus.NOT_MODIFIED)
"""Responses that have no content: what came behind would be read as the next response."""
_RANGED: Final = (b"accept-ranges", b"bytes")
_OF_CONTENT: Final = (b"content-type", b"content-length", b"content-disposition")
"""What a response without content has none of."""


class Exchange:
    """One request and its response.

    Args:
        scope: the ASGI scope of the request.
        receive: gives its body.
        send: takes the response.
        number: the id under which it is logged, which the client sees too.
        quotas: where what is held for the client is counted.
        spool: keeps answers in files for clients of HTTP/1.0.
    """

    def __init__(  # noqa: PLR0913, PLR0917  ASGI brings the first three
        self,
        scope: Scope,
        receive: Receive,
        send: Send,
        number: str,
        quotas: Quotas,
        spool: Spool,
    ) -> None:
        self.scope = scope
        self.number = number
        self.method: str = scope["method"]
        self.path: str = scope["path"]
        """As this server knows it, without what a proxy put before it."""
        self.raw_path: str = scope.get("raw_path", b"").decode("latin-1").partition("?")[0]
        self.public = ""
        """The address under which the reader sees the server."""
        self.root = ""
        """The path of that address."""
        self.client = ""
        """The address that stands for the client in budgets."""
        self.raw_query: bytes = scope["query_string"]
        self.relevant: bytes = b""
        """What of it says what is asked."""
        self.exact: bytes = b""
        """The digest of all that the answer depends on."""
        self.headers = joined(scope["headers"])
        self.started = monotonic()
        self.status = 0
        self.cached = False
        self.asked: str | None = None
        """The text of a query, however it was sent."""
        self.answers: list[Answer] = []
        """What workers were asked for."""
        self.sent_bytes = 0
        self.refusal: Problem | None = None
        """What the client was told instead of an answer."""
        self.lowered = False
        """Whether the client gave its query less time than it might have."""
        self.open = True
        self.left = False
        """Whether the client has left before its answer was whole."""
        self._quotas = quotas
        self._body: Body | None = None
        self._receive = receive
        self._send = send
        self._spool = spool

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

    async def body(self, bounds: Bounds) -> bytes:
        """Read the body, its coding undone.

        Args:
            bounds: how large it may be.

        Raises:
            Problem: it is larger, its coding is not known, or too much is held for clients.
        """
        coding = self.header(b"content-encoding")
        self._body = Body(self._receive, coding, self._quotas, self.client)
        return await self._body.read(bounds)

    def release(self) -> None:
        """Take note that nothing is held for the request any more."""
        if self._body is not None:
            self._body.release()

    @contextmanager
    def watching(self) -> Iterator[None]:
        """Cancel the task at work here as soon as the client has left."""
        task = asyncio.current_task()
        assert task is not None  # noqa: S101  a coroutine is run by one

        async def watch() -> None:
            while (await self._receive())["type"] != "http.disconnect":
                pass
            self.left = True
            task.cancel()

        watcher = asyncio.get_running_loop().create_task(watch())
        try:
            yield
        finally:
            watcher.cancel()

    async def reply(
        self, status: int, headers: RawHeaders, body: bytes = b"", *, cached: bool = False
    ) -> None:
        """Send a whole response."""
        self.cached = cached
        bare = status in _BARE
        length = [] if bare else [(b"content-length", b"%d" % len(body))]
        await self._start(status, [*headers, *length])
        self.sent_bytes = len(body)
        await self._send(
            {"type": "http.response.body", "body": b"" if self.method == "HEAD" or bare else body}
        )

    async def entry(self, entry: Entry, *, cached: bool = True) -> None:
        """Send a whole answer, a part of it, or that the client has it already.

        Raises:
            Problem: a condition of the client does not hold, or there is no such part.
        """
        if await self._is_known(entry.status, entry.headers, cached=cached):
            return
        wanted = self._part(entry.status, entry.headers, len(entry.body))
        if wanted is None:
            await self.reply(entry.status, entry.headers, entry.body, cached=cached)
            return
        headers = [*entry.headers, _content_range(wanted, len(entry.body))]
        body = entry.body[wanted.start : wanted.stop]
        await self.reply(HTTPStatus.PARTIAL_CONTENT, headers, body, cached=cached)

    def has(self, etag: bytes) -> bool:
        """Return whether the client lists this very tag (weakly compared) among those that it has.

        ``*`` stands for any answer that there is, and is judged once there is one.
        """
        listed = self.headers.get(b"if-none-match")
        unconditional = b"if-match" not in self.headers
        reads = self.method in conditional_requests.READS and unconditional
        return reads and listed is not None and conditional_requests.listed(listed, etag)

    async def _is_known(self, status: int, headers: RawHeaders, *, cached: bool = False) -> bool:
        """Say so, if the client has the answer already.

        Raises:
            Problem: a condition of the client does not hold.
        """
        if status != HTTPStatus.OK or conditional_requests.HEADERS.isdisjoint(self.headers):
            return False
        outcome = conditional_requests.judged(self.headers, self.method, _validators(headers))
        if outcome is HTTPStatus.PRECONDITION_FAILED:
            raise Problem("precondition-failed", "The document is not as the condition says.")
        if outcome is None:
            return False
        kept = [pair for pair in headers if pair[0] not in _OF_CONTENT]
        await self.reply(HTTPStatus.NOT_MODIFIED, kept, cached=cached)
        return True

    def _part(self, status: int, headers: RawHeaders, size: int) -> range | None:
        """Find the part that is asked for, where parts are sent; None for the whole.

        Raises:
            Problem: there is no such part.
        """
        if self.method != "GET" or status != HTTPStatus.OK or _RANGED not in headers:
            return None
        wanted = conditional_requests.part(self.headers, _validators(headers), size)
        if wanted is not None and not wanted:
            raise Problem(
                "range",
                f"The document has {size} bytes.",
                headers={"Content-Range": f"bytes */{size}"},
            )
        return wanted

    async def stream(self, status: int, headers: RawHeaders, answer: Answer) -> None:
        """Send an answer that is not whole yet, as it comes; its length may be known.

        Raises:
            Problem: a condition of the client does not hold, or there is no such part.
            SamsynError: it will never be whole, and nothing was sent.
            BrokenError: the same, and some was.
        """
        size = int(dict(headers).get(b"content-length", b"-1"))
        try:
            if await self._is_known(status, headers):
                answer.abandon()
                return
            wanted = self._part(status, headers, size)
        except Problem:
            answer.abandon()
            raise
        if wanted is not None:
            headers = [pair for pair in headers if pair[0] != b"content-length"]
            headers += [_content_range(wanted, size), (b"content-length", b"%d" % len(wanted))]
            status = HTTPStatus.PARTIAL_CONTENT
        if self.method == "HEAD" or status in _BARE:
            answer.abandon()
            await self._start(status, headers)
            await self._send({"type": "http.response.body", "body": b""})
        elif self.scope["http_version"] == "1.0" and size < 0:
            with self.watching():
                await self._spooled(status, headers, answer)
        else:
            await self._start(status, headers)
            with self.watching(), self._counting(answer):
                await self._chunks(answer, wanted)

    @contextmanager
    def _counting(self, answer: Answer) -> Iterator[None]:
        """Have what waits for the reader counted with what was written for it already."""
        reader = self.scope.get("state", {}).get("reader")
        if reader is None:
            yield
            return
        reader.behind = lambda: answer.held
        try:
            yield
        finally:
            reader.behind = None

    async def _chunks(self, answer: Answer, wanted: range | None) -> None:
        place = 0
        try:
            async for chunk in answer.chunks():
                start, place = place, place + len(chunk)
                sent = chunk
                if wanted is not None:
                    sent = chunk[max(0, wanted.start - start) : max(0, wanted.stop - start)]
                self.sent_bytes += len(sent)
                await self._send({"type": "http.response.body", "body": sent, "more_body": True})
                if wanted is not None and place >= wanted.stop:
                    break
        except Exception as error:
            raise BrokenError from error
        finally:
            answer.abandon()
        await self._send({"type": "http.response.body", "body": b""})

    async def _spooled(self, status: int, headers: RawHeaders, answer: Answer) -> None:
        # HTTP/1.0 has no chunks: its clients can tell a broken answer from a whole one only by
        # the length, so they get it when it is known.
        with self._spool.file(self.client) as file:
            try:
                async for chunk in answer.chunks():
                    await file.write(chunk)
            finally:
                answer.abandon()
            await self._start(status, [*headers, (b"content-length", b"%d" % file.size)])
            try:
                for piece in file.pieces():
                    self.sent_bytes += len(piece)
                    message = {"type": "http.response.body", "body": piece, "more_body": True}
                    await self._send(message)
            except OSError as error:
                raise BrokenError from error
            await self._send({"type": "http.response.body", "body": b""})

    async def problem(self, problem: Problem) -> None:
        """Send an error as JSON, or as plain text where the client likes that better."""
        accept = self.header(b"accept")
        content_type, body = problems.written(problem, accept, self.number, self.root)
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


def _validators(headers: RawHeaders) -> Validators:
    known = dict(headers)
    return Validators(known.get(b"etag", b""), known.get(b"last-modified", b""))


def _content_range(wanted: range, size: int) -> tuple[bytes, bytes]:
    return b"content-range", b"bytes %d-%d/%d" % (wanted.start, wanted.stop - 1, size)


def raw(headers: Mapping[str, str]) -> RawHeaders:
    """Write headers as ASGI has them."""
    return [(name.lower().encode(), value.encode("latin-1")) for name, value in headers.items()]
