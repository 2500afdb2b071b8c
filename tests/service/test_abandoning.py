"""Whatever goes wrong on the way to the reader, the worker that answers is let go."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from samsyn.server.connection.exchange import Exchange
from samsyn.server.gateway import Gateway
from samsyn.server.limits.quotas import Quotas
from samsyn.server.observation.access_log import AccessLog
from samsyn.server.workers.answer import Answer
from samsyn.settings import Settings


class Begun:
    """A pool whose answers never end.

    Args:
        left: takes note of those that were abandoned.
    """

    hello = '{"revision": "r", "loaded": 0}'

    def __init__(self, left: list[str]) -> None:
        self._left = left

    async def ask(self, _: Any) -> Answer:
        """Begin to answer."""
        answer = Answer(2, lambda _: None, lambda: self._left.append("left"))
        answer.head = b'{"status": 200, "headers": []}'
        answer.feed(b"some of it")
        return answer


@pytest.mark.threat("leaving")
@pytest.mark.parametrize("failure", [OSError("disk full"), KeyError("fault"), MemoryError()])
@pytest.mark.parametrize("path", ["/sparql", "/dump"])
def test_a_failure_before_the_first_byte_lets_the_worker_go(
    monkeypatch: pytest.MonkeyPatch, failure: Exception, path: str
) -> None:
    """Its clock stands while it waits for its reader, so nothing else would ever end it."""
    left: list[str] = []
    sent: list[dict[str, Any]] = []

    async def fail(*_: Any) -> None:
        raise failure

    async def receive() -> dict[str, Any]:
        await asyncio.get_running_loop().create_future()
        return {}

    async def send(message: Any) -> None:
        sent.append(message)

    async def scene() -> None:
        pool: Any = Begun(left)
        settings = Settings()
        gateway = Gateway(pool, settings, AccessLog(settings), Quotas({}))
        scope = {
            "type": "http", "http_version": "1.1", "method": "GET", "path": path,
            "raw_path": path.encode(), "query_string": b"query=ASK%7B%7D", "scheme": "http",
            "headers": [(b"host", b"localhost")], "client": ("127.0.0.1", 1),
            "server": ("127.0.0.1", 2),
        }  # fmt: skip
        await gateway(scope, receive, send)

    monkeypatch.setattr(Exchange, "stream", fail)
    asyncio.run(scene())
    assert sent[0]["status"] == 500
    assert left == ["left"]
