"""What every answer carries: security and CORS headers, a request id, no body on HEAD."""

from __future__ import annotations

import logging
import uuid
from typing import Final

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from samsyn.web.problems import Problem, respond

LOG = logging.getLogger("samsyn.web")

FIXED: Final = {
    "Content-Security-Policy": (
        "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; "
        "object-src 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "Allow, Content-Location, Link, X-Request-Id",
}


class Headers:
    """The outermost layer around the routes.

    Args:
        app: the application to wrap.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request; a failure becomes a 500 that says nothing but its id."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        scope["samsyn.request_id"] = request_id = uuid.uuid4().hex
        answer = _Answer(scope, send)
        try:
            await self.app(scope, receive, answer.send)
        except Exception:
            LOG.exception("request %s failed", request_id)
            if answer.started:
                raise
            problem = Problem("internal", f"Nothing was changed. Request id: {request_id}.")
            await respond(Request(scope), problem)(scope, receive, answer.send)


class _Answer:
    """The sending side of one request."""

    def __init__(self, scope: Scope, send: Send) -> None:
        self.scope = scope
        self.forward = send
        self.started = False

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.started = True
            headers = MutableHeaders(scope=message)
            for name, value in FIXED.items():
                headers.setdefault(name, value)
            headers["X-Request-Id"] = self.scope["samsyn.request_id"]
        elif message["type"] == "http.response.body" and self.scope["method"] == "HEAD":
            message = {**message, "body": b""}
        await self.forward(message)
