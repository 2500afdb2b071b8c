"""Whether the server answers queries: found out by a query."""

from __future__ import annotations

import asyncio
from time import monotonic
from typing import TYPE_CHECKING, Final

from samsyn import names
from samsyn.errors import SamsynError
from samsyn.http import sparql_protocol
from samsyn.server.routes import query_request
from samsyn.server.workers.limits import Limits
from samsyn.server.workers.running import Job

if TYPE_CHECKING:
    from samsyn.server.revision import State
    from samsyn.server.workers.pool import Pool

CLIENT: Final = "readiness"
"""The client that asks, which has its own turns as every client has."""

PATIENCE: Final = 2.0
"""Seconds in which the answer has to come."""

KEPT: Final = 1.0
"""Seconds for which a verdict holds, so that asking for it costs nothing."""

_QUERY: Final = "ASK {}"
_MEMORY: Final = 64 * 1024 * 1024


class Readiness:
    """Asks the pool a query, once for all that want to know at the same time.

    Args:
        pool: is asked.
        state: knows whether there is data.
    """

    def __init__(self, pool: Pool, state: State) -> None:
        self._pool = pool
        self._state = state
        asked = sparql_protocol.Asked(_QUERY)
        self._body = query_request.question(asked, _QUERY, None, "", names.BASE).job()
        self._verdict: asyncio.Task[bool] | None = None
        self._asked = 0.0

    async def now(self) -> bool:
        """Return whether a query was answered within the last second, or is now."""
        if self._verdict is None or (self._verdict.done() and monotonic() - self._asked > KEPT):
            self._asked = monotonic()
            self._verdict = asyncio.get_running_loop().create_task(self._ask())
        return await asyncio.shield(self._verdict) and bool(self._state.revision)

    async def _ask(self) -> bool:
        limits = Limits(wall=PATIENCE, cpu=1, memory=_MEMORY, answer=_MEMORY)
        try:
            async with asyncio.timeout(PATIENCE):
                answer = await self._pool.ask(Job(self._body, CLIENT, limits))
        except (SamsynError, TimeoutError):
            return False
        if answer.complete:
            return b"true" in answer.whole()
        answer.abandon()
        return False
