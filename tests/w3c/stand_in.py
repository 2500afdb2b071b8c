"""An endpoint without a network: the engine alone, and ways to spoil what it does."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final, NamedTuple
from urllib.parse import parse_qs, urlsplit

from pyoxigraph import (
    DefaultGraph,
    NamedNode,
    QueryResultsFormat,
    QueryTriples,
    RdfFormat,
    Store,
    serialize,
)
from tests.w3c import running
from tests.w3c.client import Answer, Endpoint


class Asked(NamedTuple):
    """What was asked: the method, the kind of address (query, update or store), the body."""

    method: str
    kind: str
    body: str


Spoil = Callable[[Asked, Callable[[], Answer]], Answer]
"""Gets what was asked and what would answer."""


_UNKNOWN: Final = NamedNode("http://example/function")
"""A function that one query calls and nobody knows: a fault of the row, not of the query."""
_CUT_OFF: Final = "x:cut-off"


def _cut_off(body: bytes | None) -> str:
    """Return a request so that nothing in it leads into the network."""
    text = (body or b"").decode()
    return text.replace("http:", _CUT_OFF) if running.BEYOND.search(text) else text


def honest(_asked: Asked, answer: Callable[[], Answer]) -> Answer:
    """Spoil nothing."""
    return answer()


class StandIn:
    """Takes requests in place of a network.

    Args:
        spoil: what comes between it and those who ask.
    """

    def __init__(self, spoil: Spoil = honest) -> None:
        self.held = Store()
        self.spoil = spoil

    @property
    def endpoint(self) -> Endpoint:
        """The endpoint that it stands in for."""
        return Endpoint("x:query", "x:update", "x:store", send=self)

    def __call__(
        self, method: str, address: str, headers: Mapping[str, str], body: bytes | None
    ) -> Answer:
        """Answer a request."""
        parts = urlsplit(address)

        def answer() -> Answer:
            try:
                if parts.path == "store":
                    return self._store(method, parts.query, headers, body)
                if parts.path == "query":
                    return self._ask(_cut_off(body), headers["Accept"])
                self.held.update(_cut_off(body))
                return Answer(204, "", b"")
            except SyntaxError as error:
                return Answer(400, "text/plain", str(error).encode())
            except (OSError, RuntimeError) as error:
                status = 403 if _CUT_OFF in _cut_off(body) else 400
                return Answer(status, "text/plain", str(error).encode())

        return self.spoil(Asked(method, parts.path, (body or b"").decode()), answer)

    def _ask(self, text: str, accept: str) -> Answer:
        raw = self.held.query(text, custom_functions={_UNKNOWN: lambda *_: None})
        kind = accept.split(",", maxsplit=1)[0]
        if isinstance(raw, QueryTriples):
            return Answer(200, "text/turtle", serialize(raw, format=RdfFormat.TURTLE) or b"")
        form = QueryResultsFormat.from_media_type(kind) or QueryResultsFormat.JSON
        return Answer(200, kind, raw.serialize(format=form) or b"")

    def _store(
        self, method: str, query: str, headers: Mapping[str, str], body: bytes | None
    ) -> Answer:
        named = parse_qs(query).get("graph")
        graph = NamedNode(named[0]) if named else DefaultGraph()
        if method == "GET":
            written = self.held.dump(format=RdfFormat.TURTLE, from_graph=graph)
            return Answer(200, "text/turtle", written or b"")
        self.held.clear_graph(graph)
        if isinstance(graph, NamedNode):
            self.held.add_graph(graph)
        form = RdfFormat.from_media_type(headers["Content-Type"])
        self.held.load(body or b"", format=form, base_iri="x:store", to_graph=graph)
        return Answer(204, "", b"")
