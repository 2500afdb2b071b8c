"""The Graph Store Protocol (SPARQL 1.1 Graph Store HTTP Protocol): read always, write by token.

A graph is named in the address (``?graph=IRI``, ``?default``), or the address is its name: below
``/gsp/``, and for graphs of this project at the place of their IRI.
"""

from __future__ import annotations

import uuid
from collections.abc import Awaitable, Callable
from http import HTTPStatus
from typing import Final
from urllib.parse import quote

from samsyn import media, names
from samsyn.http import messages
from samsyn.http.filenames import disposition
from samsyn.http.negotiation import chosen
from samsyn.http.problems import Problem
from samsyn.http.sparql_protocol import unsupported
from samsyn.server.answer_head import read_head
from samsyn.server.cache import Entry
from samsyn.server.connection.bodies import Bounds
from samsyn.server.connection.exchange import Exchange, raw
from samsyn.server.routes import query_request
from samsyn.server.routes.authorization import Authorization
from samsyn.server.routes.host import Host

STORE: Final = "/gsp"
READS: Final = ("GET", "HEAD")
WRITES: Final = ("PUT", "POST", "DELETE")
OFFERED: Final = media.RDF
"""In formats of quads the graph that was asked for is the default graph."""
TAKEN: Final = (*(form.media_type for form in media.GRAPHS), "multipart/form-data")
_OURS: Final = "/graph/"
_MIB: Final = 1024 * 1024


class GraphStore:
    """The addresses of graphs.

    Args:
        gateway: the server.
        permission: says who may write.
    """

    def __init__(self, gateway: Host, permission: Authorization) -> None:
        self._gateway = gateway
        self._permission = permission

    def places(self) -> dict[str, Callable[[Exchange], Awaitable[None]]]:
        """List the addresses with what answers there."""
        return {STORE: self.answer}

    def takes(self, exchange: Exchange) -> bool:
        """Return whether an address is that of a graph, for what is asked of it.

        Graphs of the project are read as any other document.
        """
        path = exchange.path
        return path.startswith(f"{STORE}/") or (
            path.startswith(_OURS) and exchange.method in WRITES and not _is_scenario(path)
        )

    async def answer(self, exchange: Exchange) -> None:
        """Read or change a graph."""
        exchange.open = exchange.method not in WRITES
        self._gateway.allow(exchange, (*READS, *WRITES))
        if exchange.method == "OPTIONS":
            await self._gateway.preflight(exchange, READS, WRITES)
        elif exchange.method in READS:
            await self._read(exchange)
        else:
            await self._write(exchange)

    async def _read(self, exchange: Exchange) -> None:
        graph = self._graph(exchange)
        if graph is None:
            raise Problem("bad-request", "Name a graph: ?default or ?graph=IRI.")
        accept, formats = exchange.header(b"accept"), exchange.parameters.formats
        offered = chosen(formats, accept, OFFERED, what="This is a graph;")
        fields = {
            "graph": graph,
            "format": offered.format.name,
            "content_type": offered.content_type,
            "coding": query_request.coding(exchange.header(b"accept-encoding")),
            "known": None if b"if-match" in exchange.headers else exchange.header(b"if-none-match"),
        }
        answer = await self._gateway.ask(exchange, messages.Job(messages.READ, fields).pack())
        status, headers = read_head(answer)
        known = headers | self._gateway.state.modified
        known |= {"Vary": "Accept, Accept-Encoding, Origin", "Cache-Control": "no-cache"}
        if status == HTTPStatus.OK:
            name = graph.removeprefix(names.GRAPH) or "default"
            known["Content-Disposition"] = disposition(name, offered.format)
        if answer.complete:
            known.pop("content-length", None)
            entry = Entry(status, raw(known), answer.whole(), known.get("etag", "").encode())
            await exchange.entry(entry, cached=False)
        else:
            await exchange.stream(status, raw(known), answer)

    async def _write(self, exchange: Exchange) -> None:
        self._permission.check(exchange)
        graph = self._graph(exchange)
        made = graph is None
        if graph is None:
            if exchange.method != "POST" or exchange.path not in (STORE, f"{STORE}/"):
                raise Problem("bad-request", "Name a graph: ?default or ?graph=IRI.")
            graph = f"{exchange.public}{STORE}/{uuid.uuid4()}"
        # Section 5 has a document without a type taken for RDF/XML.
        content_type = exchange.header(b"content-type") or "application/rdf+xml"
        body = b""
        if exchange.method != "DELETE":
            body = await exchange.body(Bounds(self._gateway.settings.max_write * _MIB))
            _check(content_type)
        fields = {
            "method": exchange.method,
            "graph": graph,
            "base": graph or f"{exchange.public}{exchange.path}",
            "content_type": content_type,
            "if_match": exchange.header(b"if-match"),
            "if_none_match": exchange.header(b"if-none-match"),
            "if_unmodified_since": exchange.header(b"if-unmodified-since"),
        }
        answer = await self._gateway.write(
            exchange, messages.Job(messages.WRITE, fields, body).pack()
        )
        status, headers = read_head(answer)
        headers |= {"Location": graph} if made else {}
        await exchange.reply(status, raw(headers))

    def _graph(self, exchange: Exchange) -> str | None:
        """Return the IRI of the graph that is named, empty for the default graph, None for none."""
        parameters = exchange.parameters
        graph, default = parameters.one("graph"), parameters.all("default")
        if graph is not None and default:
            raise Problem("bad-request", "Name one graph: either ?default or ?graph=IRI.")
        if default:
            return ""
        if graph is not None:
            return graph
        if exchange.path.startswith(_OURS):
            return names.BASE + quote(exchange.path.removeprefix("/"), safe="/:@!$&'()*+,;=~-._")
        if exchange.path not in (STORE, f"{STORE}/"):
            return exchange.public + exchange.raw_path
        return None


def _check(content_type: str) -> None:
    listed = ", ".join(TAKEN)
    kind, charset = media.essence(content_type)
    known = media.by_name(kind, media.GRAPHS) if "/" in kind else None
    if kind != "multipart/form-data" and known is None:
        raise unsupported(f"Content-Type {kind} is not accepted here; {listed} are.", listed)
    if charset not in (None, "utf-8", "utf8"):
        raise unsupported(f"The charset {charset} is not accepted; utf-8 is.", listed)


def _is_scenario(path: str) -> bool:
    return path.startswith(f"{_OURS}scenario/")
