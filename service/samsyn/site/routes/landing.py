"""The front page, the classes, the list of problems, the assets, and a sign of life."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any, Final
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from samsyn import media, names, pages
from samsyn.http.problems import KINDS, Problem
from samsyn.site.display.labels import path_of
from samsyn.site.display.natural_order import natural
from samsyn.site.display.results import Question
from samsyn.site.display.views import Views
from samsyn.site.routes.graphs import overview
from samsyn.site.routes.queries import ordered, teaser
from samsyn.site.routes.query_form import EXAMPLE
from samsyn.site.routes.resources import choose
from samsyn.site.routing import route
from samsyn.site.shared import Site

# Counted on the front page.
COUNTED: Final = ("Claim", "Passage", "Actant", "RecommendationItem", "EditorialStatement")
TEASERS: Final = 6
LARGEST: Final = 12

ASSETS: Final = {".css": "text/css; charset=utf-8", ".svg": "image/svg+xml"}
LOGO: Final = "logo.svg"


@cache
def _assets() -> Mapping[str, bytes]:
    folder = files("samsyn.pages").joinpath("static")
    return {item.name: item.read_bytes() for item in folder.iterdir()}


class Landing:
    """Everything that leads elsewhere.

    Args:
        site: the state of the server.
    """

    def __init__(self, site: Site) -> None:
        self.site = site
        self._dataset = next(iter(site.record.types.get(names.DCAT + "Dataset", [])), None)
        self._assets = _assets()

    def routes(self) -> list[Route]:
        """List the routes."""
        return [
            route("/", self.front),
            route("/browse", self.classes),
            route("/browse/{name}", self.instances),
            route("/problems", self.problems),
            route("/health", self.health),
            route("/static/{name}", self.asset),
            # The ontology names its logo by an IRI of ours.
            route("/doc/logo/{version}", self.logo),
        ]

    async def front(self, request: Request) -> Response:
        """Show the front page, or lead a program to what the dataset says of itself."""
        choice = choose(request, (media.HTML, *media.RDF))
        if choice.format is not media.HTML and self._dataset:
            target = path_of(self._dataset)
            return pages.see_other(request, target)
        return self.site.pages.respond(request, "landing.html", **self._front(request))

    def _front(self, request: Request) -> dict[str, Any]:
        views = self.site.views(request)
        types = self.site.record.types
        figures = [(name, len(types.get(names.NS + name, []))) for name in COUNTED]
        queries = ordered(self.site)
        about = {names.local(iri) for iri in self.site.record.classes_of_facts}
        step = max(1, len(queries) // TEASERS)
        return {
            "figures": [figure for figure in figures if figure[1]],
            "question": Question(EXAMPLE),
            "queries": [(q.name, teaser(q, views.lang)) for q in queries[::step][:TEASERS]],
            "query_count": len(queries),
            "classes": [c for c in class_counts(self.site, views) if c[1] in about][:LARGEST],
            "dataset": views.resource(self._dataset) if self._dataset else None,
            "endpoint": self.site.public_url(request) + "/sparql",
            "prefixes": self.site.dataset.prefixes,
            **overview(self.site, views),
        }

    async def classes(self, request: Request) -> Response:
        """List our classes with the number of their instances."""
        classes = class_counts(self.site, self.site.views(request))
        return self.site.pages.respond(request, "classes.html", classes=classes)

    async def instances(self, request: Request) -> Response:
        """List the instances of one class."""
        iri = names.NS + request.path_params["name"]
        if not self.site.record.describes(iri):
            raise Problem("not-found", f"There is no class {iri}; /browse lists them.")
        return self.site.pages.respond(
            request, "instances.html", **self._instances(iri, self.site.views(request))
        )

    def _instances(self, iri: str, views: Views) -> dict[str, Any]:
        members = sorted(self.site.record.types.get(iri, []), key=natural)
        named = [member for member in members if not member.startswith("_:")]
        return {
            "term": views.resource(iri),
            "description": views.labels.description(iri, views.lang),
            "members": [
                (views.resource(member), views.labels.description(member, views.lang))
                for member in named
            ],
        }

    async def problems(self, request: Request) -> Response:
        """Explain the kinds of errors."""
        return self.site.pages.respond(request, "problems.html", kinds=KINDS)

    async def health(self, _: Request) -> Response:
        """Tell that the server is alive, and which revision it serves."""
        content = {
            "status": "ok",
            "revision": self.site.dataset.revision,
            "graphs": len(self.site.dataset.graphs),
            "queries": len(self.site.queries),
        }
        return Response(json.dumps(content) + "\n", media_type="application/json")

    async def asset(self, request: Request) -> Response:
        """Send an asset, from memory."""
        return self._asset(request.path_params["name"])

    async def logo(self, request: Request) -> Response:
        """Send the logo; what is said about it stands elsewhere."""
        response = self._asset(LOGO)
        described = pages.rooted(request, f"/data{request.scope['path']}")
        response.headers["Link"] = f'<{quote(described)}>; rel="describedby"'
        return response

    def _asset(self, name: str) -> Response:
        body = self._assets.get(name)
        if body is None:
            raise Problem("not-found", f"There is no asset {name!r}.")
        kind = ASSETS[name[name.rindex(".") :]]
        return Response(body, media_type=kind, headers={"Cache-Control": "max-age=3600"})


def class_counts(site: Site, views: Views) -> list[tuple[Any, str, int]]:
    """List our classes that have instances, the largest first: term, local name, number."""
    found = [
        (views.resource(iri), names.local(iri), len(members))
        for iri, members in site.record.types.items()
        if iri.startswith(names.NS)
    ]
    return sorted(found, key=lambda entry: (-entry[2], entry[1]))
