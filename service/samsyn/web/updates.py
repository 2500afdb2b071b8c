"""SPARQL Update, behind the token: ``/update`` (SPARQL 1.1 Protocol, section 2.2)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Final

from samsyn.web import jobs
from samsyn.web.exchange import Exchange
from samsyn.web.permission import Permission
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
        permission: tells who may write.
    """

    def __init__(self, front: Front, permission: Permission) -> None:
        self._front = front
        self._permission = permission

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
        self._permission.check(exchange)
        # It is read where it is done: large ones are honest, and would hold up all other clients.
        fields = {
            "query": exchange.raw_query.decode("latin-1"),
            "content_type": exchange.header(b"content-type") or "",
            "base": exchange.public + "/update",
            "if_unmodified_since": exchange.header(b"if-unmodified-since"),
        }
        bounds = Bounds(self._front.settings.max_write * _MIB)
        # Kept once only: it may be large.
        job = jobs.Job(jobs.UPDATE, fields, await exchange.body(bounds)).pack()
        try:
            await self._front.write(exchange, job)
        except JobFailedError as error:
            if problem_of(error).kind == "forbidden":
                # A faulty text is told first. Only a worker, which reaches no network, may try it.
                body = jobs.unpack(job).body
                await self._front.ask(exchange, jobs.Job(jobs.CHECK, fields, body).pack())
            raise
        await exchange.reply(204, [])
