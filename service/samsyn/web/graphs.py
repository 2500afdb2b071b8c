"""Graphs, dumps, terms and shapes: documents that answer at their own address."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from samsyn import media, names
from samsyn.dataset import exact
from samsyn.dataset.exact import Graph, Quad
from samsyn.web.labels import path_of
from samsyn.web.problems import Problem
from samsyn.web.protocol import url_parameters
from samsyn.web.record import Fact
from samsyn.web.resources import choose, rdf
from samsyn.web.routing import route
from samsyn.web.site import Site
from samsyn.web.views import Views

PER_PAGE: Final = 200
DOCUMENT: Final = (*media.RDF, media.HTML)
DUMPS: Final = {"nq": media.NQUADS, "trig": media.TRIG}


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
        return RedirectResponse("/graphs" + (f"?{query}" if query else ""), 303)

    async def list(self, request: Request) -> Response:
        """List every graph with its standing."""
        return await self.site.page(
            request, "graphs.html", lambda: overview(self.site, self.site.views(request))
        )

    async def graph(self, request: Request) -> Response:
        """Send a graph exactly as it is."""
        iri = names.BASE + request.scope["path"].removeprefix("/")
        graph = self.site.dataset.graphs.get(iri)
        if graph is None:
            raise Problem("not-found", f"There is no graph {iri}; /graphs lists them.")
        choice = choose(request, DOCUMENT)
        if choice.format is not media.HTML:
            return await self.site.run(lambda: self._rdf(graph, choice))
        number = _page_number(request)
        return await self.site.page(
            request, "graph.html", lambda: leaf(self.site.views(request), graph, number)
        )

    def _rdf(self, graph: Graph, choice: media.Choice) -> Response:
        # The graph is asked for by name, so even inferred triples are told from others.
        items: Any = graph.quads() if choice.format in media.DATASETS else graph.triples
        body = exact.serialize(items, choice.format.name, prefixes=self.site.dataset.prefixes)
        headers = {"Vary": "Accept, Origin"}
        return Response(body, media_type=choice.content_type, headers=headers)

    async def dump(self, request: Request) -> Response:
        """Send every graph but the proposed ones."""
        others = tuple(s for s in names.STANDINGS if s != names.PROPOSED)
        return await self._send_dump(request, others)

    async def proposed(self, request: Request) -> Response:
        """Send the proposed graphs."""
        return await self._send_dump(request, (names.PROPOSED,))

    async def _send_dump(self, request: Request, standings: tuple[str, ...]) -> Response:
        form = DUMPS.get(request.path_params["suffix"])
        if form is None:
            raise Problem("not-found", f"Dumps are offered as {', '.join(DUMPS)}.")
        body = await self.site.run(lambda: self._dump(form, standings))
        return Response(body, media_type=form.content_type())

    def _write_dump(self, form: media.Format, standings: tuple[str, ...]) -> bytes:
        quads = self.site.dataset.select(*standings).quads()
        return exact.serialize(quads, form.name, prefixes=self.site.dataset.prefixes)


def _page_number(request: Request) -> int:
    raw = url_parameters(request).one("page") or "1"
    if not (raw.isascii() and raw.isdigit() and 0 < int(raw[:9]) < 10**8):
        raise Problem("bad-parameter", f"page is a number from 1, not {raw!r}.")
    return int(raw)


def overview(site: Site, views: Views) -> dict[str, Any]:
    """Gather the graphs by standing, with the number of their triples."""
    groups = []
    for standing in names.STANDINGS:
        graphs = [g for g in site.dataset.graphs.values() if g.standing == standing]
        rows = [(views.resource(graph.iri), graph) for graph in graphs]
        groups.append(
            {
                "standing": views.resource(standing),
                "name": names.local(standing),
                "meaning": views.labels.description(standing, views.lang),
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
        "standing": views.resource(graph.standing),
        "standing_name": names.local(graph.standing),
        "rows": [[views.term(node) for node in triple] for triple in triples],
        "path": path_of(graph.iri),
        "number": number,
        "pages": pages,
        "formats": media.RDF,
    }


class Terms:
    """The ontology and the shapes, each one document of many terms.

    Args:
        site: the state of the server.
    """

    def __init__(self, site: Site) -> None:
        self.site = site
        self._page = lru_cache(maxsize=4)(self._gather)

    def routes(self) -> list[Route]:
        """List the routes."""
        return [
            route("/ns", self.ontology),
            route("/ns/{version}", self.version),
            route("/shapes", self.shapes),
        ]

    async def ontology(self, request: Request) -> Response:
        """Send the ontology."""
        return await self._send(request, "ns")

    async def version(self, request: Request) -> Response:
        """Send the ontology under its version IRI."""
        iri = names.BASE + request.scope["path"].removeprefix("/")
        versions = self.site.record.objects(names.ONTOLOGY, names.OWL + "versionIRI")
        if exact.NamedNode(iri) not in versions:
            raise Problem("not-found", f"There is no version {iri}.")
        return await self._send(request, "ns")

    async def shapes(self, request: Request) -> Response:
        """Send the shapes."""
        return await self._send(request, "shapes")

    async def _send(self, request: Request, name: str) -> Response:
        choice = choose(request, DOCUMENT)
        if choice.format is not media.HTML:
            quads = self._quads(name)
            return await self.site.run(lambda: rdf(self.site, quads, choice))
        views = self.site.views(request)
        return await self.site.page(request, "terms.html", lambda: self._page(name, views.lang))

    def _quads(self, name: str) -> Iterator[Quad]:
        for graph in document_graphs(self.site.dataset.graphs.values(), name):
            yield from graph.quads()

    def _gather(self, name: str, lang: str) -> dict[str, Any]:
        views = Views(self.site.record, self.site.labels, lang)
        base = names.NS if name == "ns" else names.SHAPES
        sections: dict[str, list[dict[str, Any]]] = {"classes": [], "properties": []}
        sections["individuals"] = []
        for iri in self._terms(name, base):
            sections[self._section(iri)].append(self._entry(views, iri))
        return {
            "name": name,
            "head": views.groups(self.site.record.outgoing(names.BASE + name)),
            "label": views.resource(names.BASE + name),
            "description": views.labels.description(names.BASE + name, lang),
            "sections": {key: found for key, found in sections.items() if found},
            "formats": media.RDF,
        }

    def _terms(self, name: str, base: str) -> list[str]:
        graphs = document_graphs(self.site.dataset.graphs.values(), name)
        nodes = {triple.subject for graph in graphs for triple in graph.triples}
        found = {node.value for node in nodes if isinstance(node, exact.NamedNode)}
        return sorted(iri for iri in found if iri.startswith(base) and iri != base)

    def _section(self, iri: str) -> str:
        types = {str(t) for t in self.site.record.objects(iri, names.RDF_TYPE)}
        if f"<{names.OWL}Class>" in types:
            return "classes"
        return "properties" if any("Property>" in kind for kind in types) else "individuals"

    def _entry(self, views: Views, iri: str) -> dict[str, Any]:
        return {
            "id": names.local(iri),
            "term": views.resource(iri),
            "description": views.labels.description(iri, views.lang),
            "groups": views.groups(_plain(self.site.record.outgoing(iri))),
            "instances": len(self.site.record.types.get(iri, [])),
        }


def _plain(found: Iterable[Fact]) -> list[Fact]:
    """Leave out what every term says alike or the heading shows."""
    hidden = {names.RDFS + "isDefinedBy"}
    return [fact for fact in found if fact.predicate not in hidden]


def document_graphs(graphs: Iterable[Graph], name: str) -> list[Graph]:
    """List the graphs that make up a document.

    Args:
        graphs: all graphs.
        name: ``ns`` for the ontology's own theme files, ``shapes`` for the shapes.
    """
    folder = names.GRAPH + ("ontology/" if name == "ns" else "shapes/")
    return [
        graph
        for graph in graphs
        if graph.iri.startswith(folder) and "/" not in graph.iri.removeprefix(folder)
    ]
