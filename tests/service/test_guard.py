"""The head of a response leaves with the first of its body."""

from __future__ import annotations

from collections.abc import Iterable
from types import SimpleNamespace
from typing import Any

import pytest

from samsyn.server.connection.response import Gathering

HEAD = b"HTTP/1.1 200 OK\r\n\r\n"


class Wire:
    """A transport that keeps what is written to it."""

    def __init__(self) -> None:
        self.written: list[bytes] = []
        self.long: list[int] = []
        self.closed = False

    def write(self, data: bytes) -> None:
        """Keep it, unless it is nothing."""
        if data:
            self.written.append(data)

    def writelines(self, parts: Iterable[bytes]) -> None:
        """Keep them."""
        self.written += parts

    def close(self) -> None:
        """Note it."""
        self.closed = True

    def is_closing(self) -> bool:
        """Return whether it was closed."""
        return self.closed


@pytest.fixture
def wire() -> Wire:
    """A transport."""
    return Wire()


def begun(wire: Wire, method: str = "GET", *, more: bool = False) -> Any:
    """Make the transport of a response whose head has just been written."""
    cycle: Any = SimpleNamespace(
        transport=wire,
        response_started=True,
        scope={"method": method},
        more_body=more,
        keep_alive=True,
    )
    gathering = Gathering(cycle, wire.close, wire.long.append)
    gathering.write(HEAD)
    return gathering


def test_head_and_body_are_one(wire: Wire) -> None:
    """What is written first waits for what is written second, and nothing else waits."""
    gathering = begun(wire)
    assert not wire.written
    for part in (b"one", b"two", b""):
        gathering.write(part)
    assert wire.written == [HEAD + b"one", b"two"]


def test_a_head_without_body_does_not_wait(wire: Wire) -> None:
    """The answer to HEAD is only a head."""
    begun(wire, "HEAD")
    assert wire.written == [HEAD]


def test_an_empty_body_lets_the_head_go(wire: Wire) -> None:
    """Where nothing follows, that too is written."""
    begun(wire).write(b"")
    assert wire.written == [HEAD]


def test_nothing_is_lost_where_the_answer_breaks(wire: Wire) -> None:
    """Who closes before the body sends the head that was kept, once."""
    gathering = begun(wire)
    gathering.close()
    assert wire.written == [HEAD]
    assert gathering.is_closing()


def test_a_client_that_waits_to_send_is_told_at_once(wire: Wire) -> None:
    """What comes before the head, such as 100 Continue, never waits."""
    cycle: Any = SimpleNamespace(
        transport=wire, response_started=False, scope={"method": "POST"}, more_body=False
    )
    gathering = Gathering(cycle, wire.close, wire.long.append)
    gathering.write(b"HTTP/1.1 100 Continue\r\n\r\n")
    cycle.response_started = True
    gathering.write(HEAD)
    gathering.write(b"body")
    assert wire.written == [b"HTTP/1.1 100 Continue\r\n\r\n", HEAD + b"body"]


def test_a_long_body_is_not_copied(wire: Wire) -> None:
    """What many read is in memory once, no matter who holds it: it is passed on as it is."""
    body = bytes(100_000)
    begun(wire).write(body)
    assert wire.written[0] == HEAD
    assert wire.written[1] is body
    assert wire.long == [100_000]


@pytest.mark.threat("framing")
def test_an_answer_before_the_end_of_the_request_ends_the_connection(wire: Wire) -> None:
    """What is left of the request would be in the way of the next one, so the head says so."""
    begun(wire, more=True).write(b"")
    assert wire.written == [b"HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n"]
