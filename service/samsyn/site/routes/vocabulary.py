"""The ontology and the shapes: one document each, with an anchor for every term."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from samsyn import media, names
from samsyn.dataset import exact
from samsyn.dataset.exact import Graph, Quad
from samsyn.http.problems import Problem
from samsyn.site.display.triple_index import Fact
from samsyn.site.display.views import Views
from samsyn.site.routes.resources import DOCUMENT, choose, rdf
from samsyn.site.routing import route
from samsyn.site.shared import Site


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
        # What is asked for need not be an IRI, so texts are compared.
        versions = self.site.record.objects(names.ONTOLOGY, names.OWL + "versionIRI")
        if f"<{iri}>" not in map(str, versions):
            raise Problem("not-found", f"There is no version {iri}.")
        return await self._send(request, "ns")

    async def shapes(self, request: Request) -> Response:
        """Send the shapes."""
        return await self._send(request, "shapes")

    async def _send(self, request: Request, name: str) -> Response:
        choice = choose(request, DOCUMENT)
        if choice.format is not media.HTML:
            quads = self._quads(name)
            return rdf(self.site, quads, choice)
        views = self.site.views(request)
        return self.site.pages.respond(request, "terms.html", **self._page(name, views.lang))

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
