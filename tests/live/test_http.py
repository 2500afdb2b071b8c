"""Requests as bytes: what RFC 9110 and 9112 do not allow is refused, and ends the connection."""

from __future__ import annotations

import re
from contextlib import suppress

import pytest
from tests.live.attacking import connected, rest
from tests.live.serving import Server

GET = b"GET /health HTTP/1.1\r\n"
HOST = b"Host: localhost\r\n"
POST = b"POST /sparql HTTP/1.1\r\n" + HOST + b"Content-Type: application/sparql-query\r\n"
CHUNKED = b"Transfer-Encoding: chunked\r\n"
AGAIN = GET + HOST + b"\r\n"

REFUSED = {
    "no host": (400, GET + b"\r\n"),
    "two hosts": (400, GET + HOST + HOST + b"\r\n"),
    "a host that is none": (400, GET + b"Host: a b\r\n\r\n"),
    "HTTP/0.9": (505, b"GET /health\r\n\r\n"),
    "HTTP/1.2": (400, b"GET /health HTTP/1.2\r\n" + HOST + b"\r\n"),
    "HTTP/2 with a head of 1.1": (505, b"GET /health HTTP/2.0\r\n" + HOST + b"\r\n"),
    "HTTP/2 with prior knowledge": (400, b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"),
    "TLS": (400, b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(40)),
    "an unknown method": (400, b"FROB / HTTP/1.1\r\n" + HOST + b"\r\n"),
    "a method in lower case": (400, b"get / HTTP/1.1\r\n" + HOST + b"\r\n"),
    "a tunnel": (400, b"CONNECT localhost:80 HTTP/1.1\r\n" + HOST + b"\r\n"),
    "a space in the address": (400, b"GET /a b HTTP/1.1\r\n" + HOST + b"\r\n"),
    "a control in the address": (400, b"GET /a\x01b HTTP/1.1\r\n" + HOST + b"\r\n"),
    "a fragment": (400, b"GET /health#a HTTP/1.1\r\n" + HOST + b"\r\n"),
    "lines that end by LF": (400, b"GET /health HTTP/1.1\nHost: localhost\n\n"),
    "a space before the colon": (400, GET + b"Host : localhost\r\n\r\n"),
    "a folded header": (400, GET + HOST + b"A: b\r\n c\r\n\r\n"),
    "a name of nothing": (400, GET + HOST + b": b\r\n\r\n"),
    "a name with a space": (400, GET + HOST + b"A b: c\r\n\r\n"),
    "NUL in a header": (400, GET + HOST + b"A: b\x00c\r\n\r\n"),
    "CR in a header": (400, GET + HOST + b"A: b\rc\r\n\r\n"),
    "length and coding": (400, POST + b"Content-Length: 6\r\n" + CHUNKED + b"\r\n0\r\n\r\n"),
    "coding and length": (400, POST + CHUNKED + b"Content-Length: 6\r\n\r\n0\r\n\r\n"),
    "two lengths": (400, POST + b"Content-Length: 6\r\nContent-Length: 7\r\n\r\nASK {}"),
    "the same length twice": (400, POST + b"Content-Length: 6\r\n" * 2 + b"\r\nASK {}"),
    "two lengths in one": (400, POST + b"Content-Length: 6, 6\r\n\r\nASK {}"),
    "a negative length": (400, POST + b"Content-Length: -6\r\n\r\nASK {}"),
    "a length with a sign": (400, POST + b"Content-Length: +6\r\n\r\nASK {}"),
    "a length in base 16": (400, POST + b"Content-Length: 0x6\r\n\r\nASK {}"),
    "a length beyond 64 bits": (400, POST + b"Content-Length: 99999999999999999999\r\n\r\n"),
    "gzip, chunked": (501, POST + b"Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n"),
    "chunked, gzip": (400, POST + b"Transfer-Encoding: chunked, gzip\r\n\r\n0\r\n\r\n"),
    "chunked twice": (400, POST + CHUNKED + CHUNKED + b"\r\n0\r\n\r\n"),
    "chunked, chunked": (400, POST + b"Transfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n"),
    "identity as a coding": (501, POST + b"Transfer-Encoding: identity\r\n\r\nASK {}"),
    "xchunked": (501, POST + b"Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n"),
    "chunked after a tab": (400, POST + b"Transfer-Encoding:\x0bchunked\r\n\r\n0\r\n\r\n"),
    "chunks in HTTP/1.0": (
        400,
        b"POST /sparql HTTP/1.0\r\n" + CHUNKED + b"\r\n6\r\nASK {}\r\n0\r\n\r\n",
    ),
    "a chunk size that is none": (400, POST + CHUNKED + b"\r\nx\r\nASK {}\r\n0\r\n\r\n"),
    "a negative chunk": (400, POST + CHUNKED + b"\r\n-6\r\nASK {}\r\n0\r\n\r\n"),
    "a chunk beyond 64 bits": (400, POST + CHUNKED + b"\r\n11111111111111111\r\n"),
    "a chunk longer than it says": (400, POST + CHUNKED + b"\r\n5\r\nASK {}\r\n0\r\n\r\n"),
    "a chunk size with a space": (400, POST + CHUNKED + b"\r\n6 \r\nASK {}\r\n0\r\n\r\n"),
    "a chunk that ends by LF": (400, POST + CHUNKED + b"\r\n6\nASK {}\r\n0\r\n\r\n"),
    "a body of one-byte chunks": (400, POST + CHUNKED + b"\r\n" + b"1\r\nx\r\n" * 1500),
    "too many headers": (431, GET + HOST + b"A: b\r\n" * 200 + b"\r\n"),
    "headers that are too long": (431, GET + HOST + b"A: " + b"b" * 40_000 + b"\r\n\r\n"),
    "a header without an end": (431, GET + HOST + b"A: " + b"b" * 200_000),
    "an address that is too long": (
        414,
        b"GET /" + b"a" * 66_000 + b" HTTP/1.1\r\n\r\n",
    ),
    "an address without an end": (414, b"GET /" + b"a" * 200_000),
    "trailers without end": (
        431,
        POST + CHUNKED + b"\r\n6\r\nASK {}\r\n0\r\n" + b"A: b\r\n" * 200,
    ),
}
"""What is refused: the status, and the bytes."""

TAKEN = {
    "HTTP/1.0 without a host": b"GET /health HTTP/1.0\r\n\r\n",
    "HTTP/1.0 that asks to stay": b"GET /health HTTP/1.0\r\nConnection: keep-alive\r\n\r\n",
    "empty lines before": b"\r\n\r\n" + AGAIN,
    "names in any case": b"GET /health HTTP/1.1\r\nhOsT: localhost\r\n\r\n",
    "no space behind the colon": b"GET /health HTTP/1.1\r\nHost:localhost\r\n\r\n",
    "white space around a value": b"GET /health HTTP/1.1\r\nHost: \t localhost \t\r\n\r\n",
    "an absolute address": b"GET http://localhost/health HTTP/1.1\r\n" + HOST + b"\r\n",
    "an address of IPv6": b"GET /health HTTP/1.1\r\nHost: [::1]:8000\r\n\r\n",
    "a query of 60,000 bytes": b"GET /health?" + b"a" * 60_000 + b" HTTP/1.1\r\n" + HOST + b"\r\n",
    "cookies of 16 KB": GET + HOST + b"Cookie: " + b"a" * 16_000 + b"\r\n\r\n",
    "a hundred headers": GET + HOST + b"X-A: b\r\n" * 100 + b"\r\n",
    "an empty header": GET + HOST + b"A:\r\n\r\n",
    "a header of 8-bit characters": GET + HOST + b"A: \xe5\xe4\xf6\r\n\r\n",
    "a length of nothing": GET + HOST + b"Content-Length: 0\r\n\r\n",
    "a query by its length": POST + b"Content-Length: 6\r\n\r\nASK {}",
    "a query in one chunk": POST + CHUNKED + b"\r\n6\r\nASK {}\r\n0\r\n\r\n",
    "chunks of one byte": POST + CHUNKED + b"\r\n1\r\nA\r\n1\r\nS\r\n4\r\nK {}\r\n0\r\n\r\n",
    "a chunk with an extension": POST + CHUNKED + b"\r\n6;a=b\r\nASK {}\r\n0\r\n\r\n",
    "a chunk size with zeros": POST + CHUNKED + b"\r\n0006\r\nASK {}\r\n0\r\n\r\n",
    "a trailer": POST + CHUNKED + b"\r\n6\r\nASK {}\r\n0\r\nX-Sum: 1\r\n\r\n",
    "Chunked": POST + b"Transfer-Encoding: Chunked\r\n\r\n6\r\nASK {}\r\n0\r\n\r\n",
}
"""What honest clients send."""


def answered(server: Server, *parts: bytes) -> bytes:
    """Send bytes, and return all that comes until the server closes."""
    with connected(server) as line:
        line.settimeout(5)
        with suppress(BrokenPipeError, ConnectionResetError):
            for part in parts:
                line.sendall(part)
        return rest(line)


def statuses(data: bytes) -> list[int]:
    """List the statuses of answers."""
    return [int(code) for code in re.findall(rb"HTTP/1\.1 (\d{3})", data)]


@pytest.mark.threat("framing")
@pytest.mark.parametrize("name", REFUSED)
def test_what_is_no_request_is_refused_and_ends_the_connection(server: Server, name: str) -> None:
    """One answer comes, none for what is behind, and it says that the connection closes."""
    status, request = REFUSED[name]
    data = answered(server, request + AGAIN)
    assert statuses(data) == [status], data[:300]
    assert b"\r\nconnection: close\r\n" in data.lower()


@pytest.mark.parametrize("name", TAKEN)
def test_what_honest_clients_send_is_taken(server: Server, name: str) -> None:
    """It is answered by 200, and so is the next request, where the connection stays."""
    closing = GET + HOST + b"Connection: close\r\n\r\n"
    data = answered(server, TAKEN[name] + closing)
    assert statuses(data) == ([200] if b"HTTP/1.0" in TAKEN[name] else [200, 200]), data[:300]


def test_a_refusal_says_what_is_wrong(server: Server) -> None:
    """The body is a sentence, and the length is right."""
    head, _, body = answered(server, GET + b"\r\n").partition(b"\r\n\r\n")
    assert body == b"A request names one host, in one header Host.\n"
    assert b"content-length: %d" % len(body) in head


@pytest.mark.threat("framing")
def test_the_trailer_of_a_body_is_no_header(server: Server) -> None:
    """What is behind a body changes nothing of the request (RFC 9110, section 6.5.1)."""
    trailer = b"6\r\nASK {}\r\n0\r\nAccept: text/html\r\nHost: evil.example\r\n\r\n"
    sent = POST + b"Accept: text/csv\r\nConnection: close\r\n" + CHUNKED + b"\r\n" + trailer
    data = answered(server, sent)
    assert statuses(data) == [200]
    assert b"text/csv" in data


@pytest.mark.threat("pipelining")
def test_a_client_may_send_some_requests_ahead(server: Server) -> None:
    """Those that wait are answered in their order."""
    closing = GET + HOST + b"Connection: close\r\n\r\n"
    assert statuses(answered(server, AGAIN * 8 + closing)) == [200] * 9


@pytest.mark.threat("pipelining")
def test_who_sends_hundreds_ahead_is_cut_off(server: Server) -> None:
    """The first is answered, and no more is held."""
    data = answered(server, AGAIN * 500)
    assert statuses(data) == [200]
    assert b"\r\nconnection: close\r\n" in data


@pytest.mark.threat("framing")
def test_an_error_behind_a_request_does_not_answer_it(server: Server) -> None:
    """The request before gets its own answer, and the connection ends."""
    assert statuses(answered(server, AGAIN + b"nonsense\r\n\r\n")) == [200]


@pytest.mark.threat("long-body")
def test_a_body_is_never_read_on_behind_its_answer(server: Server) -> None:
    """A GET is answered at once, and what goes on coming ends the connection."""
    with connected(server) as line:
        line.sendall(GET + HOST + CHUNKED + b"\r\n")
        data = line.recv(65536)
        assert statuses(data) == [200]
        assert b"connection: close" in data
        piece = b"10000\r\n" + b"x" * 65536 + b"\r\n"
        sent = 0
        with suppress(OSError):
            while sent < 64 * 1024 * 1024:
                line.sendall(piece)
                sent += len(piece)
        assert sent < 64 * 1024 * 1024


@pytest.mark.threat("long-body")
def test_who_is_refused_before_the_end_of_a_body_sees_why(server: Server) -> None:
    """The rest of a body that is too long is read on for a moment, so that no reset comes."""
    for size in (1_100_000, 1_500_000, 1_900_000):
        head = POST + b"Content-Length: %d\r\n\r\n" % size
        assert statuses(answered(server, head, b"x" * size)) == [413]
