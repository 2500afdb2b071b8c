"""The named graphs, each at its own address, and the dumps of them all."""

from __future__ import annotations

from functools import lru_cache
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from samsyn import media, names
from samsyn.dataset import exact
from samsyn.dataset.exact import Graph
from samsyn.http.filenames import disposition
from samsyn.http.problems import Problem
from samsyn.http.sparql_protocol import url_parameters
from samsyn.pages import see_other
from samsyn.site.display.labels import path_of
from samsyn.site.display.views import Views
from samsyn.site.routes.resources import DOCUMENT, choose
from samsyn.site.routing import route
from samsyn.site.shared import Site

PER_PAGE: Final = 200
LONGEST: Final = 9
"""Digits below which the number of a page stays; Python reads no more than some thousands."""
DUMPS: Final = {"nq": media.NQUADS, "trig": media.TRIG}
PARTS: Final = {"Accept-Ranges": "bytes"}
"""For what is the same bytes as long as the data is the same, so that it can be had in parts."""


class Graphs:
    """The named graphs and the dumps.

    Args:
        site: the state of the server.
    """

    def __init__(self, site: Site) -> None:
        self.site = site
        self._dump = lru_cache(maxsize=4)(self._write_dump)

    def routes(self) -> list[Route]:
        """List the routes."""
        return [
            route("/graphs", self.list),
            route("/graph", self.to_list),
            route("/graph/{rest:path}", self.graph),
            route("/dump.{suffix}", self.dump),
            route("/dump-proposed.{suffix}", self.proposed),
        ]

    async def to_list(self, request: Request) -> Response:
        """Lead from the folder of the graphs to their list."""
        query = request.url.query
        return see_other(request, "/graphs" + (f"?{query}" if query else ""))

    async def list(self, request: Request) -> Response:
        """List every graph with its provenance status."""
        return self.site.pages.respond(
            request, "graphs.html", **overview(self.site, self.site.views(request))
        )

    async def graph(self, request: Request) -> Response:
        """Send a graph exactly as it is."""
        iri = names.BASE + request.scope["path"].removeprefix("/")
        graph = self.site.served.graphs.get(iri)
        if graph is None:
            raise Problem("not-found", f"There is no graph {iri}; /graphs lists them.")
        choice = choose(request, DOCUMENT)
        if choice.format is not media.HTML:
            return self._rdf(graph, choice)
        number = _page_number(request)
        return self.site.pages.respond(
            request, "graph.html", **leaf(self.site.views(request), graph, number)
        )

    def _rdf(self, graph: Graph, choice: media.Choice) -> Response:
        # The graph is asked for by name, so even inferred triples are told from others. It is its
        # own document, and so the default graph of one; its name says where its triples are from.
        items: list[Any] = list(graph.triples)
        if choice.format in media.DATASETS:
            items += graph.quads()
        body = exact.serialize(items, choice.format.name, prefixes=self.site.dataset.prefixes)
        name = graph.iri.removeprefix(names.GRAPH)
        headers = PARTS | {"Content-Disposition": disposition(name, choice.format)}
        headers["Vary"] = "Accept, Origin"
        return Response(body, media_type=choice.content_type, headers=headers)

    async def dump(self, request: Request) -> Response:
        """Send every graph but the proposed ones."""
        others = tuple(s for s in names.PROVENANCE_STATUSES if s != names.PROPOSED)
        return self._send_dump(request, others, "samsyn-dump")

    async def proposed(self, request: Request) -> Response:
        """Send the proposed graphs."""
        return self._send_dump(request, (names.PROPOSED,), "samsyn-dump-proposed")

    def _send_dump(
        self, request: Request, provenance_statuses: tuple[str, ...], name: str
    ) -> Response:
        form = DUMPS.get(request.path_params["suffix"])
        if form is None:
            raise Problem("not-found", f"Dumps are offered as {', '.join(DUMPS)}.")
        body = self._dump(form, provenance_statuses)
        headers = {**PARTS, "Content-Disposition": disposition(name, form, attached=True)}
        return Response(body, media_type=form.content_type(), headers=headers)

    def _write_dump(self, form: media.Format, provenance_statuses: tuple[str, ...]) -> bytes:
        quads = self.site.dataset.select(*provenance_statuses).quads()
        return exact.serialize(quads, form.name, prefixes=self.site.dataset.prefixes)


def _page_number(request: Request) -> int:
    raw = url_parameters(request).one("page") or "1"
    if not (raw.isascii() and raw.isdigit() and len(raw) < LONGEST and int(raw)):
        raise Problem("bad-parameter", f"page is a number from 1, not {raw!r}.")
    return int(raw)


def overview(site: Site, views: Views) -> dict[str, Any]:
    """Gather the graphs by provenance status, with the number of their triples."""
    groups = []
    for provenance_status in names.PROVENANCE_STATUSES:
        graphs = [
            g for g in site.served.graphs.values() if g.provenance_status == provenance_status
        ]
        rows = [(views.graph(graph.iri), graph) for graph in graphs]
        groups.append(
            {
                "provenance_status": views.resource(provenance_status),
                "name": names.local(provenance_status),
                "meaning": views.labels.description(provenance_status, views.lang),
                "rows": rows,
                "triples": sum(len(graph.triples) for graph in graphs),
            }
        )
    return {"groups": groups, "suffixes": tuple(DUMPS)}


def leaf(views: Views, graph: Graph, number: int) -> dict[str, Any]:
    """Gather one page of a graph's triples.

    Raises:
        Problem: the graph has no such page.
    """
    pages = max(1, -(-len(graph.triples) // PER_PAGE))
    if number > pages:
        raise Problem("not-found", f"The graph has {pages} pages.")
    start = (number - 1) * PER_PAGE
    triples = graph.triples[start : start + PER_PAGE]
    return {
        "graph": graph,
        "term": views.resource(graph.iri),
        "provenance_status": views.resource(graph.provenance_status),
        "provenance_status_name": names.local(graph.provenance_status),
        "rows": [[views.term(node) for node in triple] for triple in triples],
        "path": path_of(graph.iri),
        "number": number,
        "pages": pages,
        "formats": media.RDF,
    }
