"""SPARQL Update, behind the token: ``/update`` (SPARQL 1.1 Protocol, section 2.2)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Final

from samsyn.http import messages
from samsyn.server.connection.bodies import Bounds
from samsyn.server.connection.exchange import Exchange
from samsyn.server.error_mapping import problem_of
from samsyn.server.routes.authorization import Authorization
from samsyn.server.routes.host import Host
from samsyn.server.workers.answer import JobFailedError

METHODS: Final = ("POST",)
_MIB: Final = 1024 * 1024


class Updates:
    """The address that takes updates.

    Args:
        gateway: the server.
        permission: says who may write.
    """

    def __init__(self, gateway: Host, permission: Authorization) -> None:
        self._gateway = gateway
        self._permission = permission

    def places(self) -> dict[str, Callable[[Exchange], Awaitable[None]]]:
        """List the addresses with what answers there."""
        return {"/update": self.answer, "/update/": self.answer}

    async def answer(self, exchange: Exchange) -> None:
        """Do an update."""
        exchange.open = False
        self._gateway.allow(exchange, METHODS)
        if exchange.method == "OPTIONS":
            await self._gateway.preflight(exchange, METHODS)
            return
        self._permission.check(exchange)
        # It is read where it is done: large ones are honest, and would hold up all other clients.
        fields = {
            "query": exchange.raw_query.decode("latin-1"),
            "content_type": exchange.header(b"content-type") or "",
            "base": exchange.public + "/update",
            "if_unmodified_since": exchange.header(b"if-unmodified-since"),
        }
        bounds = Bounds(self._gateway.settings.max_write * _MIB)
        # Kept once only: it may be large.
        job = messages.Job(messages.UPDATE, fields, await exchange.body(bounds)).pack()
        try:
            await self._gateway.write(exchange, job)
        except JobFailedError as error:
            if problem_of(error).kind == "forbidden":
                # A faulty text is reported first. Only a worker, without network, may try it.
                body = messages.unpack(job).body
                await self._gateway.ask(exchange, messages.Job(messages.CHECK, fields, body).pack())
            raise
        await exchange.reply(204, [])
