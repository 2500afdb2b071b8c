"""What attackers do that no library for clients does: raw requests, half of them, slow reading."""

from __future__ import annotations

import json
import socket
import time
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import urlencode, urlsplit

from tests.live.serving import Server

MIB = 1024 * 1024
PATIENCE = 30.0
TIMEOUT = 3.0
"""Seconds that a query may take on the strict server."""


@dataclass(frozen=True)
class Reply:
    """A whole response."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def problem(self) -> dict[str, Any]:
        """The body as a problem."""
        told: dict[str, Any] = json.loads(self.body)
        return told

    @property
    def kind(self) -> str:
        """The kind of problem."""
        name: str = self.problem["type"].partition("#")[2]
        return name


def request(
    server: Server, method: str, path: str, body: bytes | None = None, **headers: str
) -> Reply:
    """Send one request, with headers named as in Python (``if_match``)."""
    connection = HTTPConnection(_host(server), timeout=PATIENCE)
    try:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request(method, path, body, named)
        response = connection.getresponse()
        read = response.read()
        fields = {name.lower(): value for name, value in response.getheaders()}
        return Reply(response.status, fields, read)
    finally:
        connection.close()


def ask(server: Server, query: str, accept: str = "text/csv", **parameters: str) -> Reply:
    """Ask a query by POST."""
    body = urlencode({"query": query, **parameters}).encode()
    kind = "application/x-www-form-urlencoded"
    return request(server, "POST", "/sparql", body, accept=accept, content_type=kind)


@contextmanager
def asking(server: Server, query: str, version: str = "1.1") -> Iterator[HTTPResponse]:
    """Ask a query and read only what the test reads."""
    path = "/sparql?" + urlencode({"query": query, "format": "csv"})
    with connected(server) as line:
        line.sendall(f"GET {path} HTTP/{version}\r\nHost: localhost\r\n\r\n".encode())
        response = HTTPResponse(line, method="GET")
        response.begin()
        with response:
            yield response


@contextmanager
def connected(server: Server, buffer: int | None = None) -> Iterator[socket.socket]:
    """Open a connection; its receive buffer may be made small, so that little is read ahead."""
    line = socket.socket()
    with line:
        if buffer is not None:
            line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, buffer)
        line.settimeout(PATIENCE)
        address = urlsplit(server.address)
        line.connect((address.hostname, address.port))
        yield line


def rest(line: socket.socket) -> bytes:
    """Read until the server closes; a reset ends it too."""
    held = bytearray()
    try:
        while part := line.recv(MIB):
            held += part
    except ConnectionResetError:
        pass
    return bytes(held)


def _host(server: Server) -> str:
    return urlsplit(server.address).netloc


def memory(pid: int, what: str = "VmRSS") -> int:
    """Return how much memory a process holds, or held at most (``VmHWM``), in bytes."""
    for row in Path(f"/proc/{pid}/status").read_text().splitlines():
        if row.startswith(f"{what}:"):
            return int(row.split()[1]) * 1024
    return 0


def bomb(size: int) -> bytes:
    """Return a small gzip that expands to so many bytes; only its check sum is not right."""
    stream = zlib.compressobj(9, wbits=31)
    head = stream.compress(b"")
    # After a full flush the next part does not depend on this one, so it can be repeated.
    part = head + stream.compress(bytes(MIB)) + stream.flush(zlib.Z_FULL_FLUSH)
    return part[:10] + part[10:] * (size // MIB) + b"\x03\x00" + bytes(8)


@dataclass
class Listener:
    """A server that must not be asked; it notes every connection."""

    port: int = 0
    hits: list[bytes] = field(default_factory=list)

    @property
    def address(self) -> str:
        """Its address."""
        return f"http://127.0.0.1:{self.port}/secret"


@contextmanager
def listening() -> Iterator[Listener]:
    """Listen on a port of loopback, and answer anyone who comes."""
    listener = Listener()
    with socket.create_server(("127.0.0.1", 0)) as open_:
        listener.port = open_.getsockname()[1]
        answer = b"HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"

        def run() -> None:
            while True:
                try:
                    line, _ = open_.accept()
                except OSError:
                    return
                with line:
                    line.settimeout(5)
                    listener.hits.append(line.recv(4096))
                    line.sendall(answer)

        thread = Thread(target=run, daemon=True)
        thread.start()
        yield listener
        open_.shutdown(socket.SHUT_RDWR)
        thread.join()


def told(data: bytes) -> tuple[int, dict[str, str]]:
    """Return the status and headers of a response as sent."""
    head = data.partition(b"\r\n\r\n")[0].decode("latin-1").split("\r\n")
    pairs = (row.partition(":") for row in head[1:])
    return int(head[0].split()[1]), {name.lower(): value.strip() for name, _, value in pairs}


def lookup(server: Server) -> None:
    """Ask what no cache knows, and see that it is answered although others do their worst."""
    reply = ask(server, f"ASK {{ ?s ?p {time.monotonic_ns()} }}")
    assert (reply.status, reply.body) == (200, b"false")
