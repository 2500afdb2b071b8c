"""Puts together what the workers show: pages, and data about every IRI."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Protocol

from fastapi import FastAPI
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from samsyn import names
from samsyn.dataset.archive import Archive
from samsyn.dataset.exact import Dataset, Graph, computed
from samsyn.errors import FormatError
from samsyn.http import problems
from samsyn.http.problems import Problem
from samsyn.library import Query
from samsyn.settings import Settings
from samsyn.site.routes.explain import Explain
from samsyn.site.routes.graphs import Graphs
from samsyn.site.routes.landing import Landing
from samsyn.site.routes.openapi import OpenApi
from samsyn.site.routes.queries import Queries
from samsyn.site.routes.query_form import Sparql
from samsyn.site.routes.resources import Resources
from samsyn.site.routes.scenario import Scenario
from samsyn.site.routes.validate import Validate
from samsyn.site.routes.vocabulary import Terms
from samsyn.site.routes.well_known import WellKnown
from samsyn.site.shared import Site
from samsyn.sparql.index import Index


class Part(Protocol):
    """A group of routes."""

    def routes(self) -> list[Route]:
        """List the routes."""


@dataclass(frozen=True)
class Source:
    """What an application shows beside the data.

    Args:
        settings: the settings of the process.
        queries: the query library by name.
        lifting: what a proposed fact would mean if it came true; for scenarios.
        archive: the record, where writing is on.
    """

    settings: Settings
    queries: Mapping[str, Query] = field(default_factory=dict)
    lifting: Graph | None = None
    archive: Archive | None = None


class Application:
    """The web application of one revision of the data; it runs in workers, one request at a time.

    Args:
        dataset: the term-exact dataset, with catalogue and inferred graph.
        source: what it shows beside the data.
        stated: the same without what is computed, for changes.
        former: an index that is not needed any more.
    """

    def __init__(
        self,
        dataset: Dataset,
        source: Source,
        stated: Dataset | None = None,
        former: Index | None = None,
    ) -> None:
        self.source = source
        self.stated = dataset if stated is None else stated
        self.site = Site(dataset, source.settings, source.queries, former)
        # Its own pages of documentation load scripts from elsewhere, and its document would
        # describe nothing but what it answers itself: both are off.
        # A slash more or less is another address, and a redirect would name the header Host.
        self.app = FastAPI(
            title="samsyn",
            docs_url=None,
            redoc_url=None,
            openapi_url=None,
            redirect_slashes=False,
        )
        lifting = source.lifting or computed(names.GRAPH, names.IS_SCHEMA, ())
        for part in parts(self.site, lifting):
            self.app.router.routes.extend(part.routes())
        self.app.add_exception_handler(Problem, _handler(self.site))
        self.app.add_exception_handler(FormatError, _handler(self.site))
        self.app.add_exception_handler(HTTPException, _handler(self.site))

    def followed(self, dataset: Dataset, stated: Dataset) -> Application:
        """Return the application of other data, which takes over the index of this one."""
        return Application(dataset, self.source, stated, self.site.index)


def parts(site: Site, lifting: Graph) -> list[Part]:
    """List the groups of routes; of two that fit an address, the first answers."""
    # The logo stands among the documents, and scenarios have names among the graphs.
    scenario = Scenario(site, lifting)
    return [
        Landing(site),
        Explain(site, scenario.explainer),
        scenario,
        Sparql(site),
        Queries(site),
        Graphs(site),
        WellKnown(site),
        OpenApi(site),
        Terms(site),
        Validate(site),
        Resources(site),
    ]


def _handler(site: Site) -> Callable[[Request, Exception], Awaitable[Response]]:
    async def handle(request: Request, error: Exception) -> Response:
        problem = error if isinstance(error, Problem) else _translate(request, error)
        number, accept = request.scope.get("samsyn.request_id", ""), request.headers.get("accept")
        if problems.on_page(accept):
            return site.pages.problem(request, problem, number)
        kind, body = problems.written(problem, accept, number, request.scope["samsyn.root"])
        headers = {**problem.headers, "Vary": problems.VARY}
        return Response(body, status_code=problem.status, media_type=kind, headers=headers)

    return handle


def _translate(request: Request, error: Exception) -> Problem:
    """Turn an error into one that is told to clients."""
    if isinstance(error, FormatError):
        return problems.unwritable(error)
    status = error.status_code if isinstance(error, HTTPException) else 500
    if status == HTTPStatus.NOT_FOUND:
        return Problem("not-found", f"There is nothing at {request.scope['path']}.")
    return Problem("bad-request", HTTPStatus(status).phrase)
