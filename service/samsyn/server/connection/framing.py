"""What a request may look like on the wire (RFC 9112), beyond what the parser checks itself."""

from __future__ import annotations

from typing import Any, Final

_MOST_HEADERS: Final = 128
"""Headers of a request, those behind its body among them. Browsers behind proxies send 40."""
_LONGEST_HEADERS: Final = 32 * 1024
"""Bytes that they may have together."""
_LONGEST_ADDRESS: Final = 0xFFFF
"""Bytes of an address that the parser can take apart."""
_LONGEST: Final = _LONGEST_ADDRESS + _LONGEST_HEADERS
"""Bytes that may come without the head, or the next part of the body, being whole."""
_FEW_CHUNKS: Final = 1024
_SMALL_CHUNK: Final = 16
"""Bytes that the chunks of a body have on average, once there are more than a few. Each costs as
much time as some hundred bytes."""

BAD: Final = b"400 Bad Request"
_LONG_BODY: Final = b"413 Content Too Large"
_LONG_ADDRESS: Final = b"414 URI Too Long"
_LONG_HEADERS: Final = b"431 Request Header Fields Too Large"
_UNKNOWN_CODING: Final = b"501 Not Implemented"
_UNKNOWN_VERSION: Final = b"505 HTTP Version Not Supported"
_VERSIONS: Final = ("1.1", "1.0")


class RefusedError(Exception):
    """A request is not taken.

    Args:
        status: code and phrase of the response.
        words: what is wrong and what would be right.
    """

    def __init__(self, status: bytes, words: str) -> None:
        super().__init__(words)
        self.status = status
        self.words = words


class Framing:
    """Looks at one request after the other.

    Args:
        most: bytes that a body may have.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self.came = 0
        """Bytes that have come since the last part that was whole."""
        self.begin()
        self.complete = True
        """Whether no request is half here."""

    def begin(self) -> None:
        """Begin a request."""
        self.in_head = True
        self.complete = False
        self.expects = False
        """Whether the client waits for leave to send the body."""
        self._headers = self._chunks = self._body = 0

    def header(self) -> None:
        """Count a header, or a trailer.

        Raises:
            RefusedError: they are too many.
        """
        self._headers += 1
        if self._headers > _MOST_HEADERS:
            raise RefusedError(_LONG_HEADERS, f"A request has at most {_MOST_HEADERS} headers.")

    def check_head(
        self, version: str, address: bytes, headers: list[tuple[bytes, bytes]], parser: Any
    ) -> None:
        """Look at a whole head (RFC 9112, sections 2.3, 3.2 and 6.1).

        Args:
            version: of HTTP.
            address: what is asked for.
            headers: names in lower case, and values.
            parser: knows whether the body would be read as another protocol.

        Raises:
            RefusedError: the request is ambiguous, or more than is served.
        """
        if version not in _VERSIONS:
            raise RefusedError(_UNKNOWN_VERSION, "HTTP/1.1 and HTTP/1.0 are served.")
        if parser.should_upgrade():
            # The wish came in pieces, or it is a tunnel: the parser would read no body.
            raise RefusedError(BAD, "Neither tunnels nor other protocols are served.")
        if len(address) > _LONGEST_ADDRESS:
            raise RefusedError(
                _LONG_ADDRESS, f"An address has at most {_LONGEST_ADDRESS} bytes; use POST."
            )
        if b"#" in address:
            raise RefusedError(BAD, "An address that is asked for has no fragment (#).")
        names = [name for name, _ in headers]
        size = sum(map(len, names)) + sum([len(value) + 4 for _, value in headers])
        if size > _LONGEST_HEADERS:
            raise RefusedError(
                _LONG_HEADERS, f"The headers have at most {_LONGEST_HEADERS} bytes together."
            )
        hosts = names.count(b"host")
        if hosts > 1 or (not hosts and version == "1.1"):
            raise RefusedError(BAD, "A request names one host, in one header Host.")
        if b"transfer-encoding" in names:
            self._check_codings(version, headers, has_length=b"content-length" in names)
        self.expects = b"expect" in names and dict(headers)[b"expect"].lower() == b"100-continue"

    def _check_codings(
        self, version: str, headers: list[tuple[bytes, bytes]], *, has_length: bool
    ) -> None:
        if has_length or version == "1.0":
            raise RefusedError(
                BAD, "Transfer-Encoding stands neither beside Content-Length nor in HTTP/1.0."
            )
        codings = [value for name, value in headers if name == b"transfer-encoding"]
        if len(codings) > 1 or codings[0].strip().lower() != b"chunked":
            raise RefusedError(_UNKNOWN_CODING, "The one transfer coding that is read is chunked.")

    def end_head(self) -> None:
        """Go on to the body."""
        self.in_head = False
        self.came = 0

    def chunk(self) -> None:
        """Count a chunk.

        Raises:
            RefusedError: there are very many small ones.
        """
        self._chunks += 1
        if self._chunks > _FEW_CHUNKS + self._body // _SMALL_CHUNK:
            raise RefusedError(BAD, "The body has too many small chunks; write larger ones.")

    def body(self, size: int) -> None:
        """Count a part of the body.

        Raises:
            RefusedError: it is too long.
        """
        self.came = 0
        self._body += size
        if self._body > self._most:
            raise RefusedError(_LONG_BODY, f"A body has at most {self._most} bytes.")

    def end(self) -> None:
        """End the request."""
        self.came = 0
        self.in_head = True
        self.complete = True

    def check_came(self) -> None:
        """Look at how much has come without anything being whole.

        Raises:
            RefusedError: it is too much.
        """
        if self.came <= _LONGEST:
            return
        if self.in_head and not self._headers:
            raise RefusedError(
                _LONG_ADDRESS, f"An address has at most {_LONGEST_ADDRESS} bytes; use POST."
            )
        raise RefusedError(
            _LONG_HEADERS, f"The headers have at most {_LONGEST_HEADERS} bytes together."
        )
