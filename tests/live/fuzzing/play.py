"""One case of the fuzzer: what a client sends, piece by piece, and what it gets back."""

from __future__ import annotations

import asyncio
import base64
import re
import socket
import struct
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Final

ENOUGH: Final = 256 * 1024
"""Bytes of an answer after which a client leaves."""
PLACE: Final = b"127.0.0.1:11111"
"""Stands for the listener that must not be asked. Any port that is put there has five digits, so
that lengths stay as they are."""
_RESET: Final = struct.pack("ii", 1, 0)
_STATUS: Final = re.compile(rb"HTTP/1\.[01] ([1-5]\d\d)[ \r]")
_LENGTH: Final = re.compile(rb"\r\ncontent-length:[ \t]*(\d+)[ \t]*\r\n", re.IGNORECASE)
_CHUNKED: Final = re.compile(rb"\r\ntransfer-encoding:[ \t]*chunked", re.IGNORECASE)
_NO_BODY: Final = frozenset({204, 304})
_INTERIM: Final = 200
_FAULT: Final = 500
_HONEST: Final = frozenset({501, 503, 505, 507})
"""Server errors that are answers: not implemented, full, another version, no room on the disk."""


@dataclass(frozen=True)
class Send:
    """Bytes that are sent."""

    data: bytes


@dataclass(frozen=True)
class Pause:
    """Seconds in which nothing is sent or read."""

    seconds: float


@dataclass(frozen=True)
class Leave:
    """The connection is closed, or reset, before the answer is read."""

    reset: bool


Step = Send | Pause | Leave


@dataclass(frozen=True)
class Case:
    """What one client does.

    Args:
        name: the kinds of what is sent.
        source: the loopback address that it comes from.
        steps: what it does in turn; then it reads.
        answers: how many answers it waits for.
        bare: whether answers have no body (HEAD).
        slow: seconds that it waits after each read.
    """

    name: str
    source: str
    steps: tuple[Step, ...]
    answers: int = 1
    bare: bool = False
    slow: float = 0.0

    def to_json(self) -> dict[str, Any]:
        """Write the case as JSON, bytes in base64 where they are no plain text."""
        return {**vars(self), "steps": [_written(step) for step in self.steps]}

    @classmethod
    def from_json(cls, told: dict[str, Any]) -> Case:
        """Read a case from JSON."""
        return cls(**{**told, "steps": tuple(_read(step) for step in told["steps"])})


def _written(step: Step) -> dict[str, Any]:
    if isinstance(step, Send):
        if step.data.isascii() and b"\0" not in step.data:
            return {"send": step.data.decode()}
        return {"base64": base64.b64encode(step.data).decode()}
    if isinstance(step, Pause):
        return {"pause": step.seconds}
    return {"leave": "reset" if step.reset else "close"}


def _read(told: dict[str, Any]) -> Step:
    ((kind, value),) = told.items()
    match kind:
        case "send":
            return Send(value.encode())
        case "base64":
            return Send(base64.b64decode(value))
        case "pause":
            return Pause(value)
        case "leave":
            return Leave(value == "reset")
    raise ValueError(kind)


@dataclass
class Outcome:
    """What a client got.

    Args:
        end: ``answered``, ``closed`` by the server, ``left`` by the client, ``refused`` or
            ``silent`` when its patience was over.
        received: the bytes that came.
        statuses: of the answers among them.
        seconds: from the first byte sent to the end.
    """

    end: str = "silent"
    received: bytes = b""
    statuses: list[int] = field(default_factory=list)
    seconds: float = 0.0

    def faults(self) -> Iterator[str]:
        """Say what no client may be given."""
        if self.end == "silent":
            yield f"no end of the answer in {self.seconds:.0f} s after {self.received[:80]!r}"
        if self.received and not _STATUS.match(self.received):
            yield f"no HTTP: {self.received[:80]!r}"
        for status in self.statuses:
            if status >= _FAULT and status not in _HONEST:
                yield f"status {status}: {self.received[-300:]!r}"


async def play(case: Case, port: int, patience: float) -> Outcome:
    """Do what a client does against a server on loopback.

    Args:
        case: what it does.
        port: where the server listens.
        patience: seconds after which an answer that has not ended never will.
    """
    outcome, begun = Outcome(), time.monotonic()
    try:
        reader, writer = await asyncio.open_connection(
            "127.0.0.1", port, local_addr=(case.source, 0)
        )
    except OSError:
        return Outcome("refused")
    try:
        async with asyncio.timeout(patience):
            outcome.end = await _played(case, reader, writer, outcome)
    except TimeoutError:
        pass
    finally:
        outcome.seconds = time.monotonic() - begun
        writer.transport.abort()
        with suppress(OSError):
            await writer.wait_closed()
    return outcome


async def _played(
    case: Case, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, outcome: Outcome
) -> str:
    for step in case.steps:
        if isinstance(step, Pause):
            await asyncio.sleep(step.seconds)
        elif isinstance(step, Leave):
            if step.reset:
                line: socket.socket = writer.get_extra_info("socket")
                line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
            return "left"
        else:
            writer.write(step.data)
            # A server that has refused reads no more; what it said is read below.
            with suppress(OSError):
                await writer.drain()
    received = bytearray()
    while True:
        try:
            part = await reader.read(65536)
        except OSError:
            part = b""
        received += part
        outcome.received = bytes(received)
        outcome.statuses, whole = answers(outcome.received, bare=case.bare)
        if whole >= case.answers:
            return "answered"
        if not part:
            return "closed"
        if len(received) > ENOUGH:
            return "left"
        await asyncio.sleep(case.slow)


def answers(received: bytes, *, bare: bool) -> tuple[list[int], int]:
    """Return the statuses of all answers that have begun, and how many are whole."""
    statuses, at, whole = list[int](), 0, 0
    while told := _STATUS.match(received, at):
        status, end = int(told[1]), received.find(b"\r\n\r\n", at)
        if end < 0:
            break
        head, at = received[at : end + 4], end + 4
        if status < _INTERIM:
            continue
        statuses.append(status)
        after = at if bare or status in _NO_BODY else _after(received, at, head)
        if after is None or after > len(received):
            break
        at, whole = after, whole + 1
    return statuses, whole


def _after(received: bytes, at: int, head: bytes) -> int | None:
    if length := _LENGTH.search(head):
        return at + int(length[1])
    if not _CHUNKED.search(head):
        return None
    while (end := received.find(b"\r\n", at)) >= 0:
        try:
            size = int(received[at:end].partition(b";")[0], 16)
        except ValueError:
            return None
        at = end + 4 + size
        if not size:
            return at
    return None
