"""What operators ask: is it alive, is it ready, what are its numbers."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from http import HTTPStatus
from typing import TYPE_CHECKING, Final

from samsyn.web.exchange import Exchange, raw

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

    def places(self) -> dict[str, Callable[[Exchange], Awaitable[None]]]:
        """List the addresses with what answers there."""
        return {
            "/health": lambda exchange: self._answer(exchange, self._health),
            "/ready": lambda exchange: self._answer(exchange, self._ready),
            "/metrics": lambda exchange: self._answer(exchange, self._metrics),
        }

    async def _answer(self, exchange: Exchange, told: Callable[[], tuple[int, str, bytes]]) -> None:
        self._front.allow(exchange, READ)
        if exchange.method == "OPTIONS":
            await self._front.preflight(exchange, READ)
            return
        status, content_type, body = told()
        headers = {"Content-Type": content_type, "Cache-Control": "no-store"}
        if status != HTTPStatus.OK:
            headers["Retry-After"] = "2"
        await exchange.reply(status, raw(headers), body)

    def _health(self) -> tuple[int, str, bytes]:
        body = json.dumps({"status": "ok", "revision": self._front.state.revision or None})
        return 200, "application/json", body.encode() + b"\n"

    def _ready(self) -> tuple[int, str, bytes]:
        revision = self._front.state.revision
        body = json.dumps({"ready": bool(revision), "revision": revision or None})
        return 200 if revision else 503, "application/json", body.encode() + b"\n"

    def _metrics(self) -> tuple[int, str, bytes]:
        content_type, body = self._front.journal.metrics(self._front.pool, self._front.cache)
        return 200, content_type, body
