"""Requests that ask for another protocol, as Java's HttpClient does with each: they are ordinary.

The parser of the server takes the body of such a request for the next one, so each test counts
the answers that come back.
"""

from __future__ import annotations

import re
import socket
import time
from collections.abc import Callable
from contextlib import suppress

import pytest
from tests.live.attacking import connected, rest
from tests.live.serving import Server

BODY = b"ASK {}"
JAVA = (
    b"Connection: Upgrade, HTTP2-Settings\r\nHTTP2-Settings: AAEAAEAAAAIAAAABAAMAAABkAAQBAAAA\r\n"
    b"Upgrade: h2c\r\n"
)
WEBSOCKET = b"Connection: keep-alive, Upgrade\r\nUPGRADE: websocket\r\n"
HIDDEN = b"GET /health HTTP/1.1\r\nHost: hidden.example\r\n\r\n"


def post(wish: bytes, body: bytes = BODY, framing: bytes = b"") -> bytes:
    """Write a request by POST."""
    length = framing or b"Content-Length: %d\r\n" % len(body)
    kind = b"Content-Type: application/sparql-query\r\n"
    head = b"POST /sparql HTTP/1.1\r\nHost: localhost\r\n" + kind
    return head + wish + length + b"\r\n" + body


LAST = b"GET /health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"


def statuses(server: Server, *requests: bytes) -> list[int]:
    """Send requests one after the other, then a last one, and list the statuses that come back."""
    received = b""
    with connected(server) as line:
        for number, request in enumerate(requests, 1):
            line.sendall(request)
            while received.count(b"HTTP/1.1 ") < number and (part := line.recv(65536)):
                received += part
        return listed(received + ended(line))


def in_two(server: Server, whole: bytes, place: int) -> list[int]:
    """Send a request in two pieces, then a last one, and list the statuses that come back."""
    with connected(server) as line:
        line.sendall(whole[:place])
        time.sleep(0.02)
        line.sendall(whole[place:])
        return listed(ended(line))


def ended(line: socket.socket) -> bytes:
    """Send the last request, and read to the end; the server may have ended before."""
    with suppress(BrokenPipeError, ConnectionResetError):
        line.sendall(LAST)
    return rest(line)


def listed(received: bytes) -> list[int]:
    """List the statuses of answers."""
    return [int(code) for code in re.findall(rb"HTTP/1\.1 (\d{3})", received)]


@pytest.mark.threat("framing")
@pytest.mark.parametrize("wish", [JAVA, WEBSOCKET], ids=["h2c", "websocket"])
@pytest.mark.parametrize(
    "sent",
    [
        pytest.param(post, id="length"),
        pytest.param(
            lambda wish: post(wish, b"6\r\nASK {}\r\n0\r\n\r\n", b"Transfer-Encoding: chunked\r\n"),
            id="chunks",
        ),
        pytest.param(
            lambda wish: b"GET /ready HTTP/1.1\r\nHost: localhost\r\n" + wish + b"\r\n", id="get"
        ),
    ],
)
def test_a_wish_for_another_protocol_is_overlooked(
    server: Server, wish: bytes, sent: Callable[[bytes], bytes]
) -> None:
    """The request is answered as it stands, and so is the next one on the connection."""
    assert statuses(server, sent(wish)) == [200, 200]
    assert statuses(server, sent(wish), sent(wish)) == [200, 200, 200]


@pytest.mark.threat("framing")
@pytest.mark.parametrize("wish", [JAVA, WEBSOCKET], ids=["h2c", "websocket"])
def test_a_body_is_never_taken_for_a_request(server: Server, wish: bytes) -> None:
    """A request hidden in a body is a body: one answer comes for both, at whatever place they part.

    Where the wish comes in pieces, it may be refused, and the connection ends.
    """
    whole = post(wish, HIDDEN)
    assert statuses(server, whole) == [400, 200]
    middle = whole.lower().index(b"\r\nupgrade") + 2
    for place in (middle - 1, middle, middle + 1, middle + 5, middle + 7, middle + 8):
        assert in_two(server, whole, place) in ([400, 200], [400])


def test_words_of_a_body_stay_as_they_are(server: Server) -> None:
    """What looks like the header inside a query is part of the query."""
    text = b'SELECT ("""a\r\nUpgrade: b""" AS ?x) {}'
    head = b"POST /sparql HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
    kind = b"Content-Type: application/sparql-query\r\nAccept: application/json\r\n"
    length = b"Content-Length: %d\r\n\r\n" % len(text)
    for parts in ([head + kind + length + text], [head + kind + length, text]):
        with connected(server) as line:
            for part in parts:
                line.sendall(part)
            assert b'"a\\r\\nUpgrade: b"' in rest(line)
