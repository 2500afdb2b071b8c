"""One request over a connection of its own, read to the letter: a small client for HTTP/1.1.

A client for use would fix what it can; this one says how an answer ended.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Final

_MOST: Final = 1 << 20


@dataclass(frozen=True)
class Reply:
    """What came back.

    Args:
        status: of the status line; 0 if none came.
        headers: names in lower case.
        body: what was read of it.
        whole: whether it ended as its framing says that it ends.
    """

    status: int = 0
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    whole: bool = False


async def get(port: int, target: str, accept: str, source: str = "127.0.0.1") -> Reply:
    """Ask a server on loopback once.

    Args:
        port: where it listens.
        target: path and query, encoded.
        accept: the media type wanted.
        source: the loopback address that the request comes from.
    """
    try:
        reader, writer = await asyncio.open_connection(
            "127.0.0.1", port, local_addr=(source, 0), limit=_MOST
        )
    except OSError:
        return Reply()
    head = f"GET {target} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nAccept: {accept}\r\n"
    try:
        writer.write(f"{head}Connection: close\r\n\r\n".encode())
        return await _reply(reader)
    finally:
        writer.close()
        with suppress(OSError):
            await writer.wait_closed()


async def _reply(reader: asyncio.StreamReader) -> Reply:
    try:
        lines = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
    except (OSError, asyncio.IncompleteReadError):
        return Reply()
    pairs = (line.partition(":") for line in lines[1:] if line)
    headers = {name.lower(): value.strip() for name, _, value in pairs}
    status = int(lines[0].split(" ")[1])
    body = bytearray()
    try:
        if headers.get("transfer-encoding", "").lower() == "chunked":
            while size := int(await reader.readuntil(b"\r\n"), 16):
                body += (await reader.readexactly(size + 2))[:-2]
            await reader.readexactly(2)
        else:
            body += await reader.readexactly(int(headers["content-length"]))
    except (OSError, ValueError, KeyError, asyncio.IncompleteReadError) as error:
        body += getattr(error, "partial", b"")
        return Reply(status, headers, bytes(body))
    return Reply(status, headers, bytes(body), whole=True)
