"""Servers on loopback that answer as a test wants, and keep what they were asked."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote_plus, urlsplit

RESULTS = "application/sparql-results+json"
EAGER = {"Allow": "GET, HEAD, POST", "Vary": "Accept", "ETag": '"1"', "Location": "/made"}


@dataclass(frozen=True)
class Asked:
    """A request as it came."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def text(self) -> str:
        """All that it says, decoded."""
        return unquote_plus(self.path + " " + self.body.decode("utf-8", "replace"))


@dataclass(frozen=True)
class Reply:
    """What goes back."""

    status: int = 200
    kind: str = ""
    body: str = ""
    headers: dict[str, str] = field(default_factory=dict)


@dataclass
class Fake:
    """A running fake: its address and what it was asked."""

    address: str
    asked: list[Asked]


@contextmanager
def serving(reply: Callable[[Asked], Reply]) -> Iterator[Fake]:
    """Serve until the block ends."""
    asked: list[Asked] = []

    class Handler(BaseHTTPRequestHandler):
        def __getattr__(self, name: str) -> Any:
            if name.startswith("do_"):
                return self._answer
            raise AttributeError(name)

        def _answer(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            headers = {key.lower(): value for key, value in self.headers.items()}
            asked.append(Asked(self.command, self.path, headers, self.rfile.read(length)))
            answer = reply(asked[-1])
            self.send_response(answer.status)
            for name, value in answer.headers.items():
                self.send_header(name, value)
            if answer.kind:
                self.send_header("Content-Type", answer.kind)
            content = answer.body.encode()
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield Fake(f"http://127.0.0.1:{server.server_port}", asked)
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def always(reply: Reply) -> Callable[[Asked], Reply]:
    """Answer everything alike."""
    return lambda _: reply


def boolean(*, value: bool) -> Reply:
    """Say yes or no, with every header that somebody might like."""
    body = f'{{"head": {{}}, "boolean": {str(value).lower()}}}'
    return Reply(200, RESULTS, body, EAGER)


XML = "application/sparql-results+xml"
_HEAD = '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
_OTHER = '<rdf:Description rdf:about="urn:a"><b xmlns="urn:">c</b></rdf:Description>'
_TABLE = (
    '<sparql xmlns="http://www.w3.org/2005/sparql-results#"><head><variable name="x"/></head>'
    '<results><result><binding name="x">'
)
_END = "</binding></result></results></sparql>"
CONSTANT = {
    "page": Reply(200, "text/html", "<p>Hello</p>", EAGER),
    "yes": boolean(value=True),
    "no": boolean(value=False),
    "graph": Reply(200, "text/turtle", "<urn:a> <urn:b> <urn:c> .", EAGER),
    "broken-rdfxml": Reply(200, "application/rdf+xml", "<rdf:RDF><oxprefix:/></rdf:RDF>", EAGER),
    "other-rdfxml": Reply(200, "application/rdf+xml", f"{_HEAD}{_OTHER}</rdf:RDF>", EAGER),
    "broken-xml": Reply(200, XML, f"{_TABLE}<literal>\x01</literal>{_END}", EAGER),
    "other-xml": Reply(200, XML, f"{_TABLE}<literal>?</literal>{_END}", EAGER),
    "named-quads": Reply(200, "application/n-quads", "<urn:a> <urn:b> <urn:c> <urn:d> .", EAGER),
    "made": Reply(201, headers=EAGER),
    "nothing": Reply(204, headers=EAGER),
    "bad-request": Reply(400, headers=EAGER),
    "absent": Reply(404, headers=EAGER),
    "failing": Reply(500, headers=EAGER),
}
"""Servers that answer everything alike, each of which is right about something."""


@dataclass
class Store:
    """A graph store of sorts: it keeps documents, and knows which graphs there are.

    Args:
        spoiled: whether it gives back other triples than it was given.
        stubborn: whether it overlooks DELETE.
    """

    spoiled: bool = False
    stubborn: bool = False
    graphs: dict[str, str] = field(default_factory=dict)

    def __call__(self, asked: Asked) -> Reply:
        """Answer a request."""
        parts = urlsplit(asked.path)
        if parts.path == "/sparql":
            named = re.search(r"GRAPH <([^>]*)>", asked.text)
            return boolean(value=bool(named and self.graphs.get(named[1])))
        if parts.path == "/update":
            return Reply(204)
        name = parse_qs(parts.query).get("graph", ["default"])[0]
        if parts.query:
            return self._stored(asked, name)
        if parts.path == "/gsp":
            name = f"urn:made:{len(self.graphs)}"
        return replace(
            self._stored(asked, name if parts.path == "/gsp" else parts.path),
            headers={"Location": name},
        )

    def _stored(self, asked: Asked, name: str) -> Reply:
        if asked.method in ("PUT", "POST"):
            new = name not in self.graphs
            self.graphs[name] = asked.body.decode()
            return Reply(201 if new else 204)
        if asked.method == "DELETE":
            there = name in self.graphs
            if not self.stubborn:
                self.graphs.pop(name, None)
            return Reply(204 if there else 404)
        if name not in self.graphs:
            return Reply(404)
        spoiled = "<urn:a> <urn:b> <urn:c> ."
        return Reply(200, "text/turtle", spoiled if self.spoiled else self.graphs[name])
