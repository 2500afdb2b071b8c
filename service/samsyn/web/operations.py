"""What operators ask: is it alive, is it ready, what are its numbers."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from http import HTTPStatus
from typing import TYPE_CHECKING, Final

from samsyn.web.exchange import Exchange, raw
from samsyn.web.readiness import Readiness

if TYPE_CHECKING:
    from samsyn.web.front import Front

READ: Final = ("GET", "HEAD")


class Operations:
    """The addresses for operators.

    Args:
        front: the server.
    """

    def __init__(self, front: Front) -> None:
        self._front = front
        self._readiness = Readiness(front.pool, front.state)

    def places(self) -> dict[str, Callable[[Exchange], Awaitable[None]]]:
        """List the addresses with what answers there."""
        return {
            "/health": lambda exchange: self._answer(exchange, self._health),
            "/ready": lambda exchange: self._answer(exchange, self._ready),
            "/metrics": lambda exchange: self._answer(exchange, self._metrics),
        }

    async def _answer(
        self, exchange: Exchange, tell: Callable[[], Awaitable[tuple[int, str, bytes]]]
    ) -> None:
        self._front.allow(exchange, READ)
        if exchange.method == "OPTIONS":
            await self._front.preflight(exchange, READ)
            return
        status, content_type, body = await tell()
        headers = {"Content-Type": content_type, "Cache-Control": "no-store"}
        if status != HTTPStatus.OK:
            headers["Retry-After"] = "2"
        await exchange.reply(status, raw(headers), body)

    async def _health(self) -> tuple[int, str, bytes]:
        body = json.dumps({"status": "ok", "revision": self._front.state.revision or None})
        return 200, "application/json", body.encode() + b"\n"

    async def _ready(self) -> tuple[int, str, bytes]:
        ready = await self._readiness.now()
        body = json.dumps({"ready": ready, "revision": self._front.state.revision or None})
        return 200 if ready else 503, "application/json", body.encode() + b"\n"

    async def _metrics(self) -> tuple[int, str, bytes]:
        content_type, body = self._front.journal.metrics(self._front.pool, self._front.cache)
        return 200, content_type, body
