"""SPARQL Update, behind the token: ``/update`` (SPARQL 1.1 Protocol, section 2.2)."""

from __future__ import annotations

import secrets
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Final

from samsyn.web import jobs
from samsyn.web.exchange import Exchange
from samsyn.web.problems import Problem
from samsyn.web.receiving import Bounds
from samsyn.web.trouble import problem_of
from samsyn.workers.answer import JobFailedError

if TYPE_CHECKING:
    from samsyn.web.front import Front

METHODS: Final = ("POST",)
_MIB: Final = 1024 * 1024


class Updates:
    """The address that takes updates.

    Args:
        front: the server.
        token: what allows to write; None: nothing does.
    """

    def __init__(self, front: Front, token: str | None) -> None:
        self._front = front
        self._token = token

    def places(self) -> dict[str, Callable[[Exchange], Awaitable[None]]]:
        """List the addresses with what answers there."""
        return {"/update": self.answer, "/update/": self.answer}

    async def answer(self, exchange: Exchange) -> None:
        """Do an update."""
        exchange.open = False
        self._front.allow(exchange, METHODS)
        if exchange.method == "OPTIONS":
            await self._front.preflight(exchange, METHODS)
            return
        permit(exchange, self._token)
        # It is read where it is done: large ones are honest, and would hold up all other clients.
        fields = {
            "query": exchange.raw_query.decode("latin-1"),
            "content_type": exchange.header(b"content-type") or "",
            "base": exchange.public + "/update",
            "if_unmodified_since": exchange.header(b"if-unmodified-since"),
        }
        body = await exchange.body(Bounds(self._front.settings.max_write * _MIB))
        try:
            await self._front.write(exchange, jobs.Job(jobs.UPDATE, fields, body).pack())
        except JobFailedError as error:
            if problem_of(error).kind == "forbidden":
                # A faulty text is told first. Only a worker, which reaches no network, may try it.
                await self._front.ask(exchange, jobs.Job(jobs.CHECK, fields, body).pack())
            raise
        await exchange.reply(204, [])


def permit(exchange: Exchange, token: str | None) -> None:
    """Let those pass who have the token.

    Args:
        exchange: the request.
        token: the operator's; None: writing is off.

    Raises:
        Problem: 403 where writing is off, 401 without the token or with a wrong one.
    """
    if token is None:
        raise Problem("forbidden", "Writing is off: this server only answers questions.")
    scheme, _, given = (exchange.header(b"authorization") or "").partition(" ")
    right = secrets.compare_digest(given.strip().encode(), token.encode())
    if scheme.lower() != "bearer" or not right:
        raise Problem(
            "unauthorized",
            "Writing needs the operator's token.",
            headers={"WWW-Authenticate": 'Bearer realm="samsyn"'},
        )
