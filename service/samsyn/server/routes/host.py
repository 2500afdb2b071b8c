"""What routes need of the gateway that they are parts of."""

from __future__ import annotations

from typing import Protocol

from samsyn.server.connection.exchange import Exchange
from samsyn.server.revision import State
from samsyn.server.workers.answer import Answer
from samsyn.server.workers.pool import Pool
from samsyn.settings import Settings


class Host(Protocol):
    """The gateway, as its routes see it."""

    pool: Pool
    settings: Settings
    state: State

    def allow(self, exchange: Exchange, methods: tuple[str, ...]) -> None:
        """Refuse a method that is not served."""

    def metrics(self) -> tuple[str, bytes]:
        """Write the numbers as Prometheus reads them: content type and body."""

    async def ask(self, exchange: Exchange, body: bytes, timeout: float | None = None) -> Answer:
        """Have a worker do a job."""

    async def preflight(
        self, exchange: Exchange, methods: tuple[str, ...], writes: tuple[str, ...] = ()
    ) -> None:
        """Answer OPTIONS."""

    async def write(self, exchange: Exchange, body: bytes) -> Answer:
        """Have a job done that changes the data."""
