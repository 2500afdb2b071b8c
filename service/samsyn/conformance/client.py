"""The one seam to the network: requests exactly as a case wants them, and questions of state.

Requests go by ``http.client``, which adds nothing but a Host and a length; no redirect leads to
another host, and the token goes to nobody but the endpoint. Questions about the state of the store
go by SPARQLWrapper, so that they do not depend on what is under test.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from socket import socket as Socket  # noqa: N812 - the name is wanted for its instances
from typing import Final
from urllib.parse import SplitResult, urljoin, urlsplit

from samsyn.conformance import results
from samsyn.conformance.answer import Answer

LARGEST: Final = 16 * 1024 * 1024
"""Bytes of an answer that are read; no case has a longer one."""
_HOPS: Final = 3
_CHUNK: Final = 65_536
_MOMENT: Final = 0.5
_REDIRECTS: Final = (301, 302, 303, 307, 308)


class NetworkError(Exception):
    """A request came to nothing: no connection, no answer in time, or one that is broken."""


def origin(url: str) -> tuple[str, str, int]:
    """Return scheme, host and port of an address."""
    parts = urlsplit(url)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    return parts.scheme, (parts.hostname or "").lower(), port


class Client:
    """Sends requests and asks questions.

    Args:
        timeout: seconds that one request may take in all.
    """

    def __init__(self, timeout: float) -> None:
        self.timeout = timeout

    def send(
        self,
        method: str,
        url: str,
        headers: Sequence[tuple[str, str]] = (),
        body: bytes | None = None,
        hosts: Sequence[str] | None = None,
    ) -> Answer:
        """Send a request, and follow redirects on the same host.

        Args:
            method: the HTTP method.
            url: what is asked.
            headers: names and values.
            body: the content.
            hosts: what is in the header Host; None: the host that is asked.

        Raises:
            NetworkError: there was no answer.
        """
        for _ in range(_HOPS):
            answer = self._once(method, url, headers, body, hosts)
            location = answer.header("Location")
            if answer.status not in _REDIRECTS or location is None:
                return answer
            target = urljoin(url, location)
            if origin(target) != origin(url):
                return answer
            url = target
            if answer.status == 303:  # noqa: PLR2004 - See Other: the answer is to be fetched
                method, body = "GET", None
        return answer

    def _once(
        self,
        method: str,
        url: str,
        headers: Sequence[tuple[str, str]],
        body: bytes | None,
        hosts: Sequence[str] | None,
    ) -> Answer:
        end = time.monotonic() + self.timeout
        parts = urlsplit(url)
        connection = self._connection(parts)
        try:
            # Closing at the end lets one see what wrongly follows the headers of HEAD.
            sent = [*(("Host", host) for host in hosts or ()), *headers, ("Connection", "close")]
            own = hosts is not None
            connection.putrequest(method, _path(parts), skip_host=own, skip_accept_encoding=True)
            for name, value in sent:
                connection.putheader(name, value)
            if body is not None or method in ("POST", "PUT", "PATCH"):
                connection.putheader("Content-Length", str(len(body or b"")))
            connection.endheaders(body)
            socket = connection.sock
            response = connection.getresponse()
            content = self._stray(socket, response) if response.length == 0 else b""
            content = content or self._content(socket, response, end)
            return Answer(url, response.status, tuple(response.getheaders()), content)
        except (OSError, HTTPException, ValueError) as error:
            words = str(error) or type(error).__name__
            raise NetworkError(f"{method} came to nothing: {words}") from error
        finally:
            connection.close()

    def _connection(self, parts: SplitResult) -> HTTPConnection:
        kind = HTTPSConnection if parts.scheme == "https" else HTTPConnection
        return kind(parts.hostname or "", parts.port, timeout=self.timeout)

    def _stray(self, socket: Socket, response: HTTPResponse) -> bytes:
        """Return what follows the headers where nothing may, as after those of HEAD."""
        socket.settimeout(min(_MOMENT, self.timeout))
        try:
            return response.fp.read(_CHUNK)
        except TimeoutError:
            return b""

    def _content(self, socket: Socket, response: HTTPResponse, end: float) -> bytes:
        content = bytearray()
        while True:
            left = end - time.monotonic()
            if left <= 0:
                raise TimeoutError(f"no whole answer in {self.timeout:g} s")
            socket.settimeout(left)
            part = response.read1(_CHUNK)
            content += part
            if len(content) > LARGEST:
                raise ValueError(f"the answer has more than {LARGEST} bytes")
            if not part:
                return bytes(content)

    def ask(self, url: str, query: str) -> bool:
        """Put an ASK query by SPARQLWrapper, without the token.

        Raises:
            NetworkError: there was no answer, or none that can be read.
        """
        from SPARQLWrapper import JSON, POST, SPARQLWrapper
        from SPARQLWrapper.SPARQLExceptions import SPARQLWrapperException

        wrapper = SPARQLWrapper(url)
        wrapper.setQuery(query)
        wrapper.setMethod(POST)
        wrapper.setReturnFormat(JSON)
        wrapper.setOnlyConneg(True)
        wrapper.setTimeout(max(1, round(self.timeout)))
        try:
            answer = wrapper.query()
            if origin(answer.geturl()) != origin(url):
                raise ValueError(f"it is redirected to {answer.geturl()}")
            kind = answer.response.headers.get_content_type()
            return results.boolean(kind, answer.response.read(LARGEST))
        except (OSError, ValueError, HTTPException, SPARQLWrapperException) as error:
            words = str(error).strip().splitlines()
            raise NetworkError(f"ASK came to nothing: {words[0] if words else error!r}") from error


def _path(parts: SplitResult) -> str:
    path = parts.path or "/"
    return f"{path}?{parts.query}" if parts.query else path
