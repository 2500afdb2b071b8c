"""Routes that know all their methods, so that ``Allow`` and OPTIONS are complete."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from samsyn.http.problems import Problem

Endpoint = Callable[[Request], Awaitable[Response]]

READ: Final = ("GET", "HEAD")


class _Methods:
    """An endpoint that answers OPTIONS itself and refuses what it does not serve."""

    def __init__(self, endpoint: Endpoint, methods: Sequence[str]) -> None:
        self.endpoint = endpoint
        self.methods = methods
        self.allow = ", ".join(sorted({*methods, "OPTIONS"}))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive, send)
        response = await self.respond(request)
        await response(scope, receive, send)

    async def respond(self, request: Request) -> Response:
        if request.method == "OPTIONS":
            return Response(status_code=204, headers={"Allow": self.allow})
        if request.method in self.methods:
            return await self.endpoint(request)
        raise Problem(
            "method-not-allowed",
            f"{request.method} is not served here; {self.allow} are.",
            headers={"Allow": self.allow},
        )


def route(path: str, endpoint: Endpoint, methods: Sequence[str] = READ) -> Route:
    """Make a route that answers OPTIONS, and 405 with a complete ``Allow``.

    Args:
        path: the path, with parameters in braces.
        endpoint: takes a request, returns a response.
        methods: those the endpoint serves, OPTIONS apart.
    """
    return Route(path, _Methods(endpoint, methods))
