"""A small reverse proxy that shows a server below a path, beside another site at the root."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Final
from urllib.parse import urlsplit

_OWN: Final = {"connection", "date", "keep-alive", "server", "transfer-encoding", "content-length"}


@dataclass
class Proxy:
    """A proxy that runs.

    Args:
        address: where it is.
        path: below which it shows the server.
        target: the address of the server, once it is known.
        strips: whether it takes the path away from what it passes on.
        headers: what it tells the server of a request.
    """

    address: str
    path: str
    target: str = ""
    strips: bool = True
    headers: tuple[tuple[str, str], ...] = ()

    @property
    def public(self) -> str:
        """Where readers see the server."""
        return self.address + self.path


@contextmanager
def proxying(path: str, *, strips: bool) -> Iterator[Proxy]:
    """Run a proxy on a free port of loopback for as long as the context lasts."""
    proxy = Proxy("", path, strips=strips)

    class Handler(_Handler):
        shown = proxy

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as running:
        proxy.address = f"http://127.0.0.1:{running.server_port}"
        thread = Thread(target=running.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield proxy
        finally:
            running.shutdown()
            thread.join()


class _Handler(BaseHTTPRequestHandler):
    shown: Proxy

    def do_GET(self) -> None:
        proxy = self.shown
        if not self.path.startswith(f"{proxy.path}/"):
            self.send_error(404, "another site")
            return
        length = int(self.headers.get("Content-Length", 0))
        path = self.path.removeprefix(proxy.path) if proxy.strips else self.path
        sent = {**dict(self.headers.items()), **dict(proxy.headers)}
        connection = HTTPConnection(urlsplit(proxy.target).netloc, timeout=60)
        connection.request(self.command, path, self.rfile.read(length) or None, sent)
        response = connection.getresponse()
        body = response.read()
        self.send_response(response.status)
        for name, value in response.getheaders():
            if name.lower() not in _OWN:
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)
        connection.close()

    do_POST = do_HEAD = do_PUT = do_DELETE = do_OPTIONS = do_GET  # noqa: N815  the library's names

    def log_message(self, *_: object) -> None:
        """Say nothing."""
