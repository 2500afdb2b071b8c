"""Requests made up by chance over a real socket, byte for byte as they are: no 500."""

from __future__ import annotations

import socket
from urllib.parse import urlsplit

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from tests.live.serving import Server
from tests.service.test_fuzz import EXPECTED, HEADERS, METHODS, PAIRS, PATHS, RAW, queries

SOME = settings(max_examples=120)
BY_THE_SERVER = {408, 431}
"""What the HTTP server says before the program hears of a request; 503 is a limit."""
WAIT = 30


def status(server: Server, sent: bytes) -> int:
    """Send bytes, and return the status of the answer; 0 where the server hung up on them."""
    host = urlsplit(server.address)
    with socket.create_connection((host.hostname, host.port), WAIT) as connection:
        connection.sendall(sent)
        received = b""
        while part := connection.recv(65536):
            received += part
    return int(received.split(b" ", 2)[1]) if received.startswith(b"HTTP/1.1 ") else 0


def request(method: str, target: str, headers: dict[str, str], body: bytes = b"") -> bytes:
    """Write a request that ends its connection."""
    fields = {"Host": "127.0.0.1", **headers, "Content-Length": str(len(body))}
    lines = [f"{method} {target} HTTP/1.1", *(f"{name}: {text}" for name, text in fields.items())]
    return "\r\n".join([*lines, "Connection: close", "", ""]).encode("latin-1") + body


@pytest.mark.threat("strange")
@SOME
@given(method=METHODS, path=PATHS, query=st.one_of(PAIRS, RAW), headers=HEADERS)
@example(method="GET", path="/sparql", query="", headers={"Host": "[::1"})
@example(method="GET", path="/ns/%3C", query="", headers={})
def test_no_request_is_too_strange(
    server: Server, method: str, path: str, query: str, headers: dict[str, str]
) -> None:
    """Methods, addresses and headers of any content lead to an answer or to a problem."""
    sent = request(method, f"{path}?{query}", headers)
    assert status(server, sent) in EXPECTED | BY_THE_SERVER | {503}, sent


@pytest.mark.threat("strange")
@SOME
@given(text=queries())
def test_no_query_is_too_strange(server: Server, text: str) -> None:
    """A query cut, spliced and salted is answered or refused by the workers."""
    headers = {"Content-Type": "application/sparql-query"}
    sent = request("POST", "/sparql", headers, text.encode())
    assert status(server, sent) in EXPECTED | {503}, sent


@pytest.mark.threat("costly-query")
@pytest.mark.parametrize(
    "text",
    [
        "SELECT * " + "{" * 50_000 + "}" * 50_000,
        "ASK { FILTER(" + "(" * 50_000 + "1" + ")" * 50_000,
    ],
    ids=["groups", "terms"],
)
def test_depth_is_a_limit_like_others(server: Server, text: str) -> None:
    """A query so deep that its parser would overflow is refused before, and costs no worker."""
    headers = {"Content-Type": "application/sparql-query"}
    assert status(server, request("POST", "/sparql", headers, text.encode())) == 400
    assert status(server, request("POST", "/sparql", headers, b"ASK {}")) == 200


@pytest.mark.threat("strange")
@SOME
@given(
    start=st.sampled_from((b"!", b"GET ", b"GET / HTTP/1.1\r\n", b"GET /%", b"\x16\x03\x01")),
    rest=st.binary(max_size=60),
)
def test_bytes_that_are_no_request(server: Server, start: bytes, rest: bytes) -> None:
    """Bytes of any kind are refused, or hung up on."""
    sent = start + rest + b"\r\nConnection: close\r\n\r\n"
    assert status(server, sent) in {0, 200, 400, 404, 501, 505}, sent
