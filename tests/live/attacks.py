"""Attacks that took the server from others once, each as what one process does for some seconds.

Usage: python -m tests.live.attacks NAME PORT SECONDS

A process of its own, that yields to others, stands for a machine of its own.
"""

from __future__ import annotations

import asyncio
import os
import socket
import struct
import sys
import time
import zlib
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import count
from typing import Final
from urllib.parse import quote

from tests.live.fuzzing.play import answers

MIB: Final = 1024 * 1024
RESET: Final = struct.pack("ii", 1, 0)
ENDLESS: Final = "SELECT (COUNT(*) AS ?n{}) {{ ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }}"
MANY_ROWS: Final = "SELECT * { ?a ?b ?c . ?d ?e ?f }"
SMALL: Final = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"
FORM: Final = "application/x-www-form-urlencoded"
QUERY: Final = "application/sparql-query"
_PAUSE: Final = 0.02
"""Seconds before an attacker whose connection was closed comes again."""
_POLITENESS: Final = 15
"""How far the attacker yields: its load is to be the server's, not the machine's."""
_BUFFER: Final = 8192
_SEGMENT: Final = 536
"""Bytes that a slow reader lets be on their way."""


@dataclass(frozen=True)
class Foe:
    """Who attacks.

    Args:
        port: where the server listens.
        end: when the attack is over, on the monotonic clock.
    """

    port: int
    end: float

    @property
    def on(self) -> bool:
        """Whether it goes on."""
        return time.monotonic() < self.end

    async def line(self, source: str) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        """Open a connection."""
        return await asyncio.open_connection(
            "127.0.0.1", self.port, local_addr=(source, 0), limit=4 * MIB
        )

    async def ask(self, source: str, request: Callable[[int], bytes]) -> None:
        """Send one request after the other, each when the last is answered."""
        numbers = count(time.monotonic_ns())
        while self.on:
            with suppress(OSError, asyncio.IncompleteReadError, ValueError):
                reader, writer = await self.line(source)
                try:
                    while self.on:
                        writer.write(request(next(numbers)))
                        await _answer(reader)
                finally:
                    writer.transport.abort()
            await asyncio.sleep(_PAUSE)

    async def pour(self, source: str, start: bytes, block: bytes) -> None:
        """Send without end and read nothing."""
        while self.on:
            with suppress(OSError):
                _, writer = await self.line(source)
                try:
                    writer.write(start)
                    while self.on:
                        writer.write(block)
                        await writer.drain()
                finally:
                    writer.transport.abort()
            await asyncio.sleep(_PAUSE)

    async def leave(self, source: str, request: Callable[[int], bytes], most: int) -> None:
        """Ask, read so many bytes or for 5 ms, and leave; again and again."""
        numbers = count(time.monotonic_ns())
        while self.on:
            with suppress(OSError):
                reader, writer = await self.line(source)
                try:
                    writer.write(request(next(numbers)))
                    if most:
                        with suppress(asyncio.IncompleteReadError):
                            await reader.readexactly(most)
                    else:
                        await asyncio.sleep(0.005)
                finally:
                    writer.transport.abort()

    async def drip(self, source: str, request: bytes, size: int = 8192) -> None:
        """Ask once and read slowly: so many bytes each quarter of a second."""
        loop = asyncio.get_running_loop()
        while self.on:
            line = socket.socket()
            with line, suppress(OSError):
                line.settimeout(0)
                line.setsockopt(socket.IPPROTO_TCP, socket.TCP_MAXSEG, _SEGMENT)
                line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _BUFFER)
                line.bind((source, 0))
                await loop.sock_connect(line, ("127.0.0.1", self.port))
                await loop.sock_sendall(line, request)
                while self.on and await loop.sock_recv(line, size):
                    await asyncio.sleep(0.25)
            await asyncio.sleep(0.1)

    async def hold(self, source: str, start: bytes) -> None:
        """Keep a connection open; send some bytes first."""
        while self.on:
            with suppress(OSError):
                reader, writer = await self.line(source)
                try:
                    writer.write(start)
                    async with asyncio.timeout(max(0.0, self.end - time.monotonic())):
                        while await reader.read(65536):
                            pass
                except TimeoutError:
                    pass
                finally:
                    writer.transport.abort()
            await asyncio.sleep(0.1)


async def _answer(reader: asyncio.StreamReader) -> None:
    received = b""
    while not answers(received, bare=False)[1]:
        part = await reader.read(65536)
        if not part:
            raise asyncio.IncompleteReadError(received, None)
        received += part


def get(target: str, *fields: str, version: str = "1.1") -> bytes:
    """Write a request by GET."""
    lines = (f"GET {target} HTTP/{version}", "Host: x", *fields, "", "")
    return "\r\n".join(lines).encode("latin-1")


def post(path: str, kind: str, body: bytes, *fields: str) -> bytes:
    """Write a request by POST."""
    lines = (f"POST {path} HTTP/1.1", "Host: x", f"Content-Type: {kind}", *fields)
    return "\r\n".join((*lines, f"Content-Length: {len(body)}", "", "")).encode("latin-1") + body


def asked(text: str, more: str = "", *fields: str, version: str = "1.1") -> bytes:
    """Write a query by GET."""
    return get(f"/sparql?{more}query={quote(text)}", *fields, version=version)


def zipped(kind: str, body: bytes) -> bytes:
    """Write a query by POST whose body is gzip."""
    return post("/sparql", kind, zlib.compress(body, 9, wbits=31), "Content-Encoding: gzip")


def _sources(third: int, many: int) -> list[str]:
    return [f"127.0.{third}.{number}" for number in range(1, many + 1)]


def _asking(
    make: Callable[[int], bytes], clients: int, each: int = 1
) -> Callable[[Foe], Awaitable[object]]:
    """Attack by asking from so many addresses over so many connections."""
    return lambda foe: asyncio.gather(
        *(foe.ask(source, make) for source in _sources(60, clients) for _ in range(each))
    )


def _same(data: bytes, clients: int, each: int = 1) -> Callable[[Foe], Awaitable[object]]:
    return _asking(lambda _: data, clients, each)


def _dripping(data: bytes, clients: int, each: int) -> Callable[[Foe], Awaitable[object]]:
    return lambda foe: asyncio.gather(
        *(foe.drip(source, data) for source in _sources(61, clients) for _ in range(each))
    )


def _pouring(start: bytes, block: bytes, lines: int) -> Callable[[Foe], Awaitable[object]]:
    return lambda foe: asyncio.gather(
        *(foe.pour(source, start, block) for source in _sources(62, lines))
    )


def _holding(start: bytes, clients: int, each: int) -> Callable[[Foe], Awaitable[object]]:
    return lambda foe: asyncio.gather(
        *(foe.hold(source, start) for source in _sources(63, clients) for _ in range(each))
    )


def _leaving(
    make: Callable[[int], bytes], lines: int, most: int = 0
) -> Callable[[Foe], Awaitable[object]]:
    return lambda foe: asyncio.gather(
        *(foe.leave(f"127.0.64.{number % 2 + 1}", make, most) for number in range(lines))
    )


def _cache_keys(number: int) -> bytes:
    return get("/sparql?query=ASK%7B%7D", f"Accept-Language: {number}{'x' * 14_000}")


def _cache_graphs(number: int) -> bytes:
    body = b"query=ASK%7B%7D&named-graph-uri=urn:x:" + b"%d" % number + b"y" * 1_000_000
    return post("/sparql", FORM, body)


def _deep_shapes(number: int) -> bytes:
    path = "[ sh:inversePath " * 900 + "<urn:p>" + " ]" * 900
    parts = {
        "data": f"<urn:a> a <urn:C> ; <urn:p> {number} .",
        "shapes": "@prefix sh: <http://www.w3.org/ns/shacl#> . <urn:S> a sh:NodeShape ; "
        f"sh:targetClass <urn:C> ; sh:property [ sh:path {path} ] .",
    }
    body = "".join(
        f'--q\r\nContent-Disposition: form-data; name="{name}"\r\n'
        f"Content-Type: text/turtle\r\n\r\n{text}\r\n"
        for name, text in parts.items()
    )
    return post("/validate", "multipart/form-data; boundary=q", f"{body}--q--\r\n".encode())


def _rows(number: int) -> str:
    return f"SELECT (COUNT(*) AS ?n{number}) {{ {{ SELECT * {{ ?a ?b ?c }} LIMIT 30000 }} }}"


_COMMENT: Final = b"ASK{}#" + b"now#" * 16_000
_SORTED: Final = "SELECT * { { SELECT * { ?a ?b ?c . ?d ?e ?f } LIMIT 300000 } } ORDER BY ?f"
_HIDDEN: Final = b"GET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n"
_CHUNKED: Final = b"GET /health HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"

ATTACKS: Final[dict[str, Callable[[Foe], Awaitable[object]]]] = {
    "a comment that is searched again and again": _same(post("/sparql", QUERY, _COMMENT), 4),
    "the same, as gzip": _same(zipped(QUERY, _COMMENT), 4),
    "a long Accept": _same(asked("CONSTRUCT WHERE {?s ?p ?o}", "", "Accept: " + "a," * 61_000), 4),
    "an Accept as long as heads may be": _asking(
        lambda number: asked(f"ASK {{}} #{number}", "", "Accept: " + "a," * 1_000), 4
    ),
    "headers of one name": _same(get("/health", *["a:b"] * 25_000), 4),
    "new keys for the cache by GET": _asking(_cache_keys, 4),
    "new keys for the cache by POST": _asking(_cache_graphs, 4),
    "pipelines behind a slow query": lambda foe: asyncio.gather(
        *(foe.pour(s, asked(ENDLESS.format(7)), SMALL * 4000) for s in _sources(62, 16))
    ),
    "pipelines": _pouring(b"", SMALL * 4000, 4),
    "idle connections": _holding(b"", 9, 128),
    "heads that never end": _holding(b"GET / HTTP/1.1\r\nHost: x\r\nA", 8, 60),
    "endless queries": _asking(lambda number: asked(ENDLESS.format(number)), 6, 5),
    "slow readers of long answers": _dripping(asked(MANY_ROWS, "format=csv&"), 1, 60),
    "slow readers of sorted answers": _dripping(asked(_SORTED, "format=csv&"), 2, 7),
    "slow readers by HTTP/1.0": _dripping(asked(MANY_ROWS, "format=csv&", version="1.0"), 1, 6),
    "slow readers of one kept answer": _dripping(
        asked("SELECT * { ?a ?b ?c } LIMIT 13000", "format=csv&"), 1, 120
    ),
    "leaving in the middle of answers": _leaving(
        lambda number: asked(f"{MANY_ROWS} #{number}", "format=csv&"), 8, 200_000
    ),
    "leaving at once": _leaving(lambda number: asked(ENDLESS.format(number)), 40),
    "a time of a millisecond": _asking(
        lambda number: asked(ENDLESS.format(number), "timeout=0.001&"), 2, 20
    ),
    "many queries of 20 ms": _asking(lambda number: asked(_rows(number), "format=csv&"), 4, 60),
    "long lines for the log": _asking(
        lambda number: asked(
            ENDLESS.format(number), "timeout=0.001&", "Query-Id: " + "\xff" * 8_000
        ),
        2,
        2,
    ),
    "deep shapes": _asking(_deep_shapes, 2, 2),
    "requests hidden behind Upgrade": _same(
        post("/sparql", QUERY, _HIDDEN, "Connection: Upgrade", "Upgrade: h2c"), 4
    ),
    "a body of GET without end": _pouring(_CHUNKED, b"10000\r\n" + b"x" * 65536 + b"\r\n", 4),
    "the same in chunks of a byte": _pouring(_CHUNKED, b"1\r\nx\r\n" * 10_000, 4),
    "a form of %41 as gzip": _same(zipped(FORM, b"query=ASK{}&x=" + b"%41" * 349_000), 6),
    "a query of ?a as gzip": _same(zipped(QUERY, b"ASK {} #\n" + b"?a" * 32_000), 6),
    "a query of backslashes as gzip": _same(zipped(QUERY, b"ASK {} #\n" + b"\\a" * 32_000), 6),
    "wrong tokens": _same(
        post("/update", QUERY, b"DROP ALL", "Authorization: Bearer wrong-wrong-wrong"), 4
    ),
}
"""Each by what is sent."""


def main(arguments: Sequence[str]) -> None:
    """Attack."""
    name, port, seconds = arguments
    os.nice(_POLITENESS)

    async def attack() -> None:
        end = time.monotonic() + float(seconds)
        with suppress(TimeoutError):
            async with asyncio.timeout(float(seconds)):
                await ATTACKS[name](Foe(int(port), end))

    asyncio.run(attack())


if __name__ == "__main__":
    main(sys.argv[1:])
