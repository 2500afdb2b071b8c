"""An endpoint over HTTP: questions, updates, and its graph store."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPSConnection
from typing import Final
from urllib.parse import quote, urlsplit

from tests.w3c import archive, comparing
from tests.w3c.comparing import Result, Table

PATIENCE: Final = 60
"""Seconds that one answer may take."""
_NAMES: Final = "SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } }"
_OK, _NOT_FOUND = 200, 404


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    media_type: str
    body: bytes

    @property
    def good(self) -> bool:
        """Whether the request was done."""
        return self.status // 100 == _OK // 100

    def __str__(self) -> str:
        shown = " ".join(self.body.decode(errors="replace").split())[:200]
        return f"status {self.status}: {shown}" if shown else f"status {self.status}"


def over_http(method: str, address: str, headers: Mapping[str, str], body: bytes | None) -> Answer:
    """Send one request, on a connection of its own."""
    parts = urlsplit(address)
    kind = HTTPSConnection if parts.scheme == "https" else HTTPConnection
    connection = kind(parts.netloc, timeout=PATIENCE)
    try:
        target = f"{parts.path}?{parts.query}" if parts.query else parts.path
        connection.request(method, target, body, dict(headers))
        response = connection.getresponse()
        return Answer(response.status, response.headers.get_content_type(), response.read())
    finally:
        connection.close()


class UnfitError(Exception):
    """The endpoint does not do what every test needs of it."""


@dataclass
class Endpoint:
    """Where an endpoint is.

    Args:
        query: address for queries.
        update: address for updates.
        store: address of the graph store.
        token: what allows to write; empty if nothing is asked for.
        send: what sends a request: method, address, headers and body.
        held: what was loaded and has not been changed since.
    """

    query: str
    update: str
    store: str
    token: str = ""
    send: Callable[[str, str, Mapping[str, str], bytes | None], Answer] = over_http
    held: tuple[tuple[str, str], ...] | None = None

    def ask(self, text: str, accept: str) -> Answer:
        """Put a query."""
        headers = {"Content-Type": "application/sparql-query", "Accept": accept}
        return self.send("POST", self.query, headers, text.encode())

    def change(self, text: str) -> Answer:
        """Do an update."""
        self.held = None
        headers = {"Content-Type": "application/sparql-update"} | self._permit
        return self.send("POST", self.update, headers, text.encode())

    def load(self, data: tuple[tuple[str, str], ...]) -> None:
        """Put these files in place of all that is there, each in the graph that is named.

        Raises:
            UnfitError: it was refused.
        """
        if data == self.held:
            return
        self._needed(self.change("DROP ALL"), "DROP ALL")
        for name, path in data:
            form = "application/rdf+xml" if path.endswith(".rdf") else "text/turtle"
            headers = {"Content-Type": form} | self._permit
            answer = self.send("PUT", self._graph(name), headers, archive.document(path))
            self._needed(answer, f"PUT {path}")
        self.held = data

    def graphs(self) -> dict[str, Result]:
        """Return the default graph, by the empty name, and all others that are not empty.

        Raises:
            UnfitError: they were not to be had.
        """
        answer = self.ask(_NAMES, comparing.TYPES["srj"])
        self._needed(answer, "the names of the graphs")
        table = comparing.read(answer.body, comparing.TYPES["srj"])
        if not isinstance(table, Table):
            raise UnfitError("the names of the graphs are no table")
        names = [str(row["g"]).strip("<>") for row in table.rows]
        return {name: self._fetch(name) for name in ["", *names]}

    def _fetch(self, name: str) -> Result:
        kind = comparing.TYPES["ttl"]
        answer = self.send("GET", self._graph(name), {"Accept": kind}, None)
        self._needed(answer, f"GET {name or 'the default graph'}")
        return comparing.read(answer.body, kind)

    def _graph(self, name: str) -> str:
        return f"{self.store}?graph={quote(name, safe='')}" if name else f"{self.store}?default"

    @property
    def _permit(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"} if self.token else {}

    @staticmethod
    def _needed(answer: Answer, what: str) -> None:
        if not answer.good:
            raise UnfitError(f"{what}: {answer}")
