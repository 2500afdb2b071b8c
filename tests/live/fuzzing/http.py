"""How a request is sent: whole, in pieces, in chunks, behind others, with its head made worse."""

from __future__ import annotations

import zlib
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Final

from tests.live.fuzzing.material import Dice, mutated
from tests.live.fuzzing.play import Case, Leave, Pause, Send, Step

Headers = tuple[tuple[str, bytes], ...]

_MIB: Final = 1024 * 1024
_FIELDS: Final = (
    ("Accept", (b"*/*", b"text/html", b"text/csv", b"a,", b"text/*;q=0.1,", b";q=", b"\xff")),
    ("Accept-Language", (b"sv", b"en-GB;q=0.5,", b"*", b"x" * 500)),
    ("Accept-Encoding", (b"gzip", b"identity;q=0", b"*;q=0", b"br,gzip,")),
    ("Host", (b"", b"x", b"[::1", b"a:99999", b"\xe5", b"x, y", b"..")),
    ("Content-Type", (b"text/turtle", b"a/b;", b"application/sparql-query")),
    ("Content-Encoding", (b"gzip", b"identity", b"gzip, gzip", b"br", b"x")),
    ("Content-Length", (b"0", b"-1", b"+5", b"5, 5", b"0x5", b"99999999999999999999", b"5 ")),
    ("Transfer-Encoding", (b"chunked", b"gzip, chunked", b"chunked, chunked", b"\x0b")),
    ("Connection", (b"close", b"keep-alive", b"Upgrade", b"host", b",")),
    ("Upgrade", (b"h2c", b"websocket", b"foo")),
    ("Expect", (b"100-continue", b"200-ok", b"100-continue, x")),
    ("If-None-Match", (b"*", b'"a"', b'W/"a",', b'"')),
    ("If-Modified-Since", (b"Mon, 30 Nov 2026 00:00:00 GMT", b"x", b"99999")),
    ("Range", (b"bytes=0-", b"bytes=-1", b"bytes=0-0,5-", b"bytes=9-1", b"bytes=" + b"0-0," * 500)),
    ("Forwarded", (b"for=1.2.3.4", b'for="[::1]:x";proto=http', b";=,")),
    ("X-Forwarded-For", (b"1.2.3.4", b"1.2.3.4:5555", b"a, b, c")),
    ("Authorization", (b"Bearer ", b"Bearer x", b"Basic eDp5", b"\xff")),
    ("Query-Id", (b"x", b"\xff" * 300, b"..")),
    ("Origin", (b"null", b"https://x.example")),
    ("Cookie", (b"a=b; ", b"x" * 900)),
    ("Trailer", (b"Content-Length", b"x")),
    ("Sec-WebSocket-Key", (b"AAAAAAAAAAAAAAAAAAAAAA==",)),
    ("HTTP2-Settings", (b"AAMAAABk", b"")),
)  # fmt: skip
"""Fields and pieces of what they may hold."""
_LINES: Final = (
    b" folded", b"no colon", b": no name", b"a b: c", b"a : b", b"X\0: y", b"X: \0", b"\rX: y",
    b"X: y\nZ: w", b"Host: second", b"\xe5: \xf6", b"X" * 9_000 + b": y", b"X: " + b"y" * 9_000,
    b"",
)  # fmt: skip
_VERSIONS: Final = (
    b"HTTP/1.0", b"HTTP/1.1", b"HTTP/0.9", b"HTTP/2.0", b"HTTP/1.2", b"http/1.1", b"HTTP/1.1 x",
    b"HTTP/", b"", b"HTTP/11", b"HTTP/1.1\0",
)  # fmt: skip
_CHUNKS: Final = (
    b"%x", b"%X", b"0%x", b"0x%x", b"%x;a=b", b'%x;a="\n"', b"%x ", b"-%x", b"%xg", b"\t%x",
)  # fmt: skip


@dataclass(frozen=True)
class Request:
    """A request before it is written.

    Args:
        method: such as GET.
        target: path and query, encoded.
        headers: fields beside Host, Content-Length and Connection.
        body: None where there is none.
    """

    method: bytes
    target: bytes
    headers: Headers = ()
    body: bytes | None = None

    def lines(self, *, last: bool = True, length: bool = True) -> list[bytes]:
        """Write the lines of its head."""
        fields: list[tuple[str, bytes]] = [("Host", b"127.0.0.1"), *self.headers]
        if self.body is not None and length:
            fields.append(("Content-Length", b"%d" % len(self.body)))
        if last:
            fields.append(("Connection", b"close"))
        rows = [name.encode() + b": " + value for name, value in fields]
        return [self.method + b" " + self.target + b" HTTP/1.1", *rows]

    def data(self, *, last: bool = True) -> bytes:
        """Write it."""
        return _joined(self.lines(last=last)) + (self.body or b"")


@dataclass(frozen=True)
class Sending:
    """How a case goes on a connection; what `Case` has beside its name and source."""

    steps: tuple[Step, ...]
    answers: int = 1
    slow: float = 0.0
    extra: dict[str, bool] = field(default_factory=dict)

    def case(self, name: str, source: str) -> Case:
        """Give it a name and a client."""
        return Case(name, source, self.steps, self.answers, slow=self.slow, **self.extra)


def _joined(lines: list[bytes]) -> bytes:
    return b"\r\n".join((*lines, b"", b""))


def whole(_: Dice, request: Request) -> Sending:
    """Send it as any client would."""
    return Sending((Send(request.data()),))


def field_of(dice: Dice) -> tuple[str, bytes]:
    """Make a header field."""
    name, pieces = dice.choice(_FIELDS)
    value = b"".join(dice.choice(pieces) for _ in range(dice.choice((1, 1, 2, 4))))
    return name, value * dice.choice((1, 1, 1, 1, 30, 500))


def fields(dice: Dice, request: Request) -> Sending:
    """Add fields that mean something to somebody."""
    more = tuple(field_of(dice) for _ in range(dice.choice((1, 2, 5))))
    return whole(dice, replace(request, headers=request.headers + more))


def head(dice: Dice, request: Request) -> Sending:
    """Spoil the head: its first line, its lines, its bytes, or their number."""
    lines = request.lines()
    match dice.randrange(6):
        case 0:
            lines[0] = b" ".join((request.method, request.target, dice.choice(_VERSIONS)))
        case 1:
            lines.insert(dice.randint(1, len(lines)), dice.choice(_LINES))
        case 2:
            lines[1:1] = [b"x%d: y" % dice.randrange(3)] * dice.choice((50, 600, 9_000))
        case 3:
            targets = (
                b"*",
                b"http://x/",
                b"//x",
                b"x",
                b"/%",
                b"/%00",
                b"/\xff",
                b"/" + b"a" * 70_000,
            )
            lines[0] = b" ".join((request.method, dice.choice(targets), b"HTTP/1.1"))
        case 4:
            lines = mutated(dice, b"\r\n".join(lines)).split(b"\r\n")
        case 5:
            ends = dice.choice((b"\n", b"\r", b"\n\r"))
            return Sending((Send(ends.join((*lines, b"", b"")) + (request.body or b"")),))
    return Sending((Send(_joined(lines) + (request.body or b"")),))


def chunked(dice: Dice, request: Request) -> Sending:
    """Send the body in chunks, well or badly framed."""
    body, good = request.body or b"x", dice.random() < 0.5
    size = max(dice.choice((1, 7, 1_000, 65_536)), len(body) // 20_000)
    sizes = (b"%x",) if good else _CHUNKS
    rows = [
        dice.choice(sizes) % len(part) + b"\r\n" + part + b"\r\n"
        for part in (body[at : at + size] for at in range(0, len(body), size))
    ]
    end = b"0\r\n\r\n" if good else dice.choice(
        (b"0\r\n\r\n", b"0\r\nX: y\r\n\r\n", b"", b"0\r\n", b"fffffffffffffff\r\n", b"0\r\n\r\nGET",
         b"0\r\n" + b"X: y\r\n" * 9_000 + b"\r\n")
    )  # fmt: skip
    lines = [*request.lines(length=False), b"Transfer-Encoding: chunked"]
    if dice.random() < 0.2:
        lines.append(b"Content-Length: %d" % dice.choice((0, 3, len(body))))
    return _pieces(dice, _joined(lines) + b"".join(rows) + end)


def framed(dice: Dice, request: Request) -> Sending:
    """Say a wrong length, or none."""
    body = request.body or b"ASK {}"
    said = dice.choice((0, 1, len(body) - 1, len(body) + 1, len(body) + 9, 2 * _MIB, 10**12))
    lines = request.lines(length=False)
    lines += [b"Content-Length: %d" % said] * dice.choice((0, 1, 1, 1, 2))
    if dice.random() < 0.2:
        lines.append(b"Content-Length: %d" % len(body))
    return Sending((Send(_joined(lines) + body),))


def pipelined(dice: Dice, request: Request) -> Sending:
    """Send further requests before the first is answered."""
    count = dice.choice((1, 3, 7, 30, 300, 3_000))
    others = [b"GET / HTTP/1.1\r\nHost: x\r\n\r\n", b"GET /health HTTP/1.1\r\nHost: x\r\n\r\n"]
    if len(request.data()) < 5_000:
        others.append(request.data(last=False))
    behind = b"".join(dice.choice(others) for _ in range(count))
    steps = (Send(request.data(last=False)), Send(behind), Send(request.data()))
    return Sending(steps, answers=count + 2, slow=dice.choice((0.0, 0.0, 0.2)))


def upgrading(dice: Dice, request: Request) -> Sending:
    """Ask for another protocol, with a body and with more behind it."""
    if dice.random() < 0.2:
        return Sending((Send(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + dice.randbytes(40)),))
    protocol = dice.choice((b"h2c", b"websocket", b"TLS/1.0", b"foo, h2c", b""))
    more = (
        ("Connection", dice.choice((b"Upgrade", b"upgrade, close", b"keep-alive, Upgrade"))),
        ("Upgrade", protocol),
        ("HTTP2-Settings", b"AAMAAABkAAQAAP__"),
    )
    asked = replace(request, headers=request.headers + more)
    hidden = b"GET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n" if dice.random() < 0.5 else b""
    return Sending((Send(asked.data(last=dice.random() < 0.5) + hidden),))


def expecting(dice: Dice, request: Request) -> Sending:
    """Wait before the body is sent, if it is."""
    value = dice.choice((b"100-continue", b"100-Continue", b"100-continue, 100-continue", b"x"))
    asked = replace(
        request, headers=(*request.headers, ("Expect", value)), body=request.body or b""
    )
    steps: list[Step] = [Send(_joined(asked.lines()))]
    if dice.random() < 0.8:
        steps += [Pause(dice.choice((0.0, 0.05, 0.3))), Send(asked.body or b"")]
    return Sending(tuple(steps))


def gzipped(dice: Dice, request: Request) -> Sending:
    """Send the body as gzip: right, cut, spoilt, doubled, or much of it."""
    body = request.body or b"ASK {}"
    if dice.random() < 0.2:
        body += dice.choice((b" ", b"#", b"\n", b"%41", b"?a")) * dice.choice((60_000, 2 * _MIB))
    data = zlib.compress(body, 9, wbits=31)
    match dice.randrange(8):
        case 0:
            data = data[: dice.randrange(len(data))]
        case 1:
            data = mutated(dice, data)
        case 2:
            data += dice.choice((data, b"\0" * 9, b"trailing"))
        case 3:
            data = zlib.compress(data, wbits=31)
        case 4:
            data = zlib.compress(body)
    more = (("Content-Encoding", dice.choice((b"gzip", b"gzip", b"x-gzip", b"gzip, gzip"))),)
    return whole(dice, replace(request, headers=request.headers + more, body=data))


def dribbled(dice: Dice, request: Request) -> Sending:
    """Send it in pieces, with breaks, and maybe stop."""
    return _pieces(dice, request.data())


def leaving(dice: Dice, request: Request) -> Sending:
    """Leave before the answer, before the end of the request, or in the middle of either."""
    data = request.data(last=dice.random() < 0.5)
    data = data[: dice.choice((len(data), len(data), dice.randint(1, len(data))))]
    pause = Pause(dice.choice((0.0, 0.001, 0.005, 0.02, 0.1, 0.5)))
    return Sending((Send(data), pause, Leave(reset=dice.random() < 0.5)))


def read_slowly(dice: Dice, request: Request) -> Sending:
    """Take the answer slowly."""
    return Sending((Send(request.data()), Pause(0.5)), slow=dice.choice((0.05, 0.3)))


def _pieces(dice: Dice, data: bytes) -> Sending:
    cuts = sorted(dice.randint(0, len(data)) for _ in range(dice.choice((0, 1, 2, 5))))
    steps: list[Step] = []
    for start, end in zip([0, *cuts], [*cuts, len(data)], strict=True):
        steps += [Send(data[start:end]), Pause(dice.choice((0.0, 0.0, 0.02, 0.2)))]
    if dice.random() < 0.1:
        steps = steps[:-2]
    return Sending(tuple(steps))


WAYS: Final[dict[str, tuple[int, Callable[[Dice, Request], Sending]]]] = {
    "whole": (12, whole),
    "fields": (5, fields),
    "head": (4, head),
    "chunked": (3, chunked),
    "framed": (1, framed),
    "pipelined": (2, pipelined),
    "upgrading": (2, upgrading),
    "expecting": (1, expecting),
    "gzipped": (3, gzipped),
    "dribbled": (2, dribbled),
    "leaving": (3, leaving),
    "read-slowly": (1, read_slowly),
}
"""Ways to send a request, each with how often it is chosen."""
