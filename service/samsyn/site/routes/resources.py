"""Our IRIs of things: 303 from the thing to a page or to data about it.

The path of an IRI after the base is its path here: ``/id/network/return-working-group``. A thing
is not a document, so its own address redirects; ``/page/…`` and ``/data/…`` are the documents.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from samsyn import media, names
from samsyn.dataset import exact
from samsyn.dataset.exact import Quad
from samsyn.http.filenames import disposition
from samsyn.http.negotiation import chosen
from samsyn.http.problems import Problem
from samsyn.http.sparql_protocol import url_parameters
from samsyn.pages import see_other
from samsyn.site.display.labels import ascii_iri, path_of
from samsyn.site.display.natural_order import natural
from samsyn.site.display.triple_index import STATES, Fact, document, without_inferred
from samsyn.site.display.views import HEADING, Views
from samsyn.site.routing import route
from samsyn.site.shared import Site

# Shown by other means than as facts that point here.
ELSEWHERE: Final = frozenset((*STATES, names.RDF_TYPE))
POINTING: Final = 300

# What a document of ours may be sent as.
DOCUMENT: Final = (*media.RDF, media.HTML)


class Resources:
    """Pages and data for everything that is neither a term, a shape nor a graph.

    Args:
        site: the state of the server.
    """

    def __init__(self, site: Site) -> None:
        self.site = site

    def routes(self) -> list[Route]:
        """List the routes."""
        kinds = ("id", "vocab", "doc")
        return [
            *(route(f"/{kind}/{{rest:path}}", self.redirect) for kind in kinds),
            *(route(f"/page/{kind}/{{rest:path}}", self.page) for kind in kinds),
            *(route(f"/data/{kind}/{{rest:path}}", self.data) for kind in kinds),
        ]

    async def redirect(self, request: Request) -> Response:
        """Send a reader from a thing to a document about it."""
        path = path_of(known(self.site, request, ""))
        choice = choose(request, DOCUMENT)
        folder = "/page" if choice.format is media.HTML else "/data"
        query = request.url.query
        target = folder + path + (f"?{query}" if query else "")
        return see_other(request, target)

    async def data(self, request: Request) -> Response:
        """Send what is recorded about a thing, with the claims about it."""
        iri = known(self.site, request, "/data")
        choice = choose(request, media.RDF)
        return self._data(iri, choice)

    def _data(self, iri: str, choice: media.Choice) -> Response:
        quads = self.site.record.description(iri)
        headers = {
            "Link": f'<{ascii_iri(iri)}>; rel="describes"',
            "Content-Disposition": disposition(iri.rpartition("/")[2], choice.format),
        }
        return rdf(self.site, quads, choice, headers=headers)

    async def page(self, request: Request) -> Response:
        """Show a thing."""
        iri = known(self.site, request, "/page")
        return self.site.pages.respond(
            request, "resource.html", **thing(self.site.views(request), iri)
        )


def known(site: Site, request: Request, prefix: str) -> str:
    """Return the IRI that a path mirrors.

    Args:
        site: the state of the server.
        request: its path, decoded once, is read after the prefix.
        prefix: what is before the mirrored path.

    Raises:
        Problem: nothing is said about it.
    """
    path: str = request.scope["path"]
    iri = names.BASE + path.removeprefix(prefix).removeprefix("/")
    if not site.record.describes(iri):
        raise Problem("not-found", f"Nothing is said about {iri}.")
    return iri


def choose(
    request: Request, offered: tuple[media.Format, ...], *, strict: bool = False
) -> media.Choice:
    """Choose the format of a document.

    Args:
        request: the request.
        offered: the formats, the default first.
        strict: whether a name of no format is refused.

    Raises:
        Problem: the formats asked for contradict each other, or none acceptable is offered.
    """
    formats = url_parameters(request).formats
    return chosen(formats, request.headers.get("accept"), offered, strict=strict)


def rdf(
    site: Site, quads: Iterable[Quad], choice: media.Choice, headers: dict[str, str] | None = None
) -> Response:
    """Write facts; without the inferred ones where nothing tells them from recorded ones.

    Args:
        site: the state of the server.
        quads: facts with their graphs.
        choice: the format.
        headers: further headers.
    """
    datasets = choice.format in media.DATASETS
    items = (document if datasets else without_inferred)(site.dataset, quads)
    body = exact.serialize(items, choice.format.name, prefixes=site.dataset.prefixes)
    return Response(
        body,
        media_type=choice.content_type,
        headers={"Vary": "Accept, Origin", **(headers or {})},
    )


def thing(views: Views, iri: str) -> dict[str, Any]:
    """Gather what a page about a thing shows.

    Args:
        views: how to show terms.
        iri: the thing.
    """
    record = views.record
    facts = [fact for fact in record.outgoing(iri) if fact.predicate not in HEADING]
    pointing = [fact for fact in record.incoming(iri) if fact.predicate not in ELSEWHERE]
    pointing.sort(key=_by_subject)
    order = names.PROVENANCE_STATUSES.index
    statements = sorted(
        record.statements(iri),
        key=lambda name: (order(record.provenance_status(name)), natural(name)),
    )
    return {
        "term": views.resource(iri),
        "types": views.types(iri),
        "reasons": views.reasons(iri),
        "description": views.labels.description(iri, views.lang),
        "said": views.statement(iri) if record.outgoing(iri, STATES[0]) else None,
        "statements": [views.statement(statement) for statement in statements],
        "groups": views.groups(facts),
        "incoming": views.groups(pointing[:POINTING]),
        "pointing": len(pointing),
        "shown": min(len(pointing), POINTING),
        "data": "/data" + path_of(iri),
        "scenario": _scenario(views, iri),
        "formats": media.RDF,
    }


def _scenario(views: Views, iri: str) -> str | None:
    """Return where a page says what following a recommendation item would change."""
    item = iri.removeprefix(names.ID + "recommendation/")
    proposes = names.GRAPH + "proposed/" + item in views.record.dataset.graphs
    return f"/scenario?follow={item.upper().replace('-', '.')}" if proposes else None


def _by_subject(fact: Fact) -> tuple[str, object]:
    return fact.predicate, natural(str(fact.triple.subject))
