"""What operators ask: is it alive, is it ready, what are its numbers."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from http import HTTPStatus
from ipaddress import ip_address
from typing import Final

from starlette.types import Receive, Scope, Send

from samsyn.http.problems import Problem
from samsyn.server.connection.exchange import Exchange, raw
from samsyn.server.routes.host import Host
from samsyn.server.routes.readiness import Readiness

READ: Final = ("GET", "HEAD")
_FORWARDED: Final = frozenset({b"x-forwarded-for", b"forwarded", b"via", b"x-real-ip"})
"""Headers that proxies add to what they pass on."""


class Health:
    """The addresses for operators.

    Args:
        gateway: the server.
    """

    def __init__(self, gateway: Host) -> None:
        self._gateway = gateway
        self._readiness = Readiness(gateway.pool, gateway.state)

    def places(self) -> dict[str, Callable[[Exchange], Awaitable[None]]]:
        """List the addresses with what answers there."""
        return {
            "/health": lambda exchange: self._answer(exchange, self._health),
            "/ready": lambda exchange: self._answer(exchange, self._ready),
            "/metrics": self._metrics,
        }

    async def _answer(
        self, exchange: Exchange, tell: Callable[[], Awaitable[tuple[int, str, bytes]]]
    ) -> None:
        self._gateway.allow(exchange, READ)
        if exchange.method == "OPTIONS":
            await self._gateway.preflight(exchange, READ)
            return
        status, content_type, body = await tell()
        headers = {"Content-Type": content_type, "Cache-Control": "no-store"}
        if status != HTTPStatus.OK:
            headers["Retry-After"] = "2"
        await exchange.reply(status, raw(headers), body)

    async def _health(self) -> tuple[int, str, bytes]:
        body = json.dumps({"status": "ok", "revision": self._gateway.state.revision or None})
        return 200, "application/json", body.encode() + b"\n"

    async def _ready(self) -> tuple[int, str, bytes]:
        ready = await self._readiness.now()
        body = json.dumps({"ready": ready, "revision": self._gateway.state.revision or None})
        return 200 if ready else 503, "application/json", body.encode() + b"\n"

    async def _metrics(self, exchange: Exchange) -> None:
        """Show the numbers to this machine alone, where they have no address of their own.

        Raises:
            Problem: they have one, or somebody else asks.
        """
        if self._gateway.settings.metrics_address:
            raise Problem("not-found", "The numbers have an address of their own.")
        if not _is_near(exchange):
            raise Problem(
                "forbidden",
                "The numbers are shown to this machine alone; metrics_address gives them an"
                " address of their own.",
            )
        await self._answer(exchange, self._numbers)

    async def _numbers(self) -> tuple[int, str, bytes]:
        return 200, *self._gateway.metrics()


def _is_near(exchange: Exchange) -> bool:
    """Return whether a client is on this machine, and nobody has passed its request on."""
    if not _FORWARDED.isdisjoint(exchange.headers):
        return False
    try:
        return ip_address(exchange.client).is_loopback
    except ValueError:
        return False


class Numbers:
    """The application behind the address of the metrics: it answers nothing else.

    Args:
        metrics: writes the numbers: content type and body.
    """

    def __init__(self, metrics: Callable[[], tuple[str, bytes]]) -> None:
        self._metrics = metrics

    async def __call__(self, scope: Scope, _: Receive, send: Send) -> None:
        """Answer one request."""
        status, kind, body = HTTPStatus.NOT_FOUND, "text/plain", b"The numbers are at /metrics.\n"
        headers = {}
        if scope["path"] == "/metrics" and scope["method"] in READ:
            status, (kind, body) = HTTPStatus.OK, self._metrics()
        elif scope["path"] == "/metrics":
            status, body = HTTPStatus.METHOD_NOT_ALLOWED, b"Only GET and HEAD are served.\n"
            headers["Allow"] = ", ".join(READ)
        headers |= {"Content-Type": kind, "Content-Length": str(len(body))}
        start = {"type": "http.response.start", "status": int(status), "headers": raw(headers)}
        await send(start)
        sent = b"" if scope["method"] == "HEAD" else body
        await send({"type": "http.response.body", "body": sent})
