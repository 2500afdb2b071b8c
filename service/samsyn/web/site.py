"""What all routes share: the dataset, its index and record, the pages, the threads."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final, TypeVar

import anyio
from anyio import to_thread
from starlette.requests import Request
from starlette.responses import Response

from samsyn import names
from samsyn.dataset.exact import Dataset
from samsyn.dataset.index import Index
from samsyn.description import Description, Service
from samsyn.library import Query
from samsyn.settings import Settings
from samsyn.web import pages
from samsyn.web.labels import Labels
from samsyn.web.problems import Problem
from samsyn.web.record import Record
from samsyn.web.views import Views

T = TypeVar("T")

# Threads for each of the two kinds of work; what finds none free waits.
THREADS: Final = 4


class Site:
    """The state of one server; nothing in it changes after the start.

    Its ``dataset`` is what was given, which dumps and revision are of; ``served`` has its own
    description and the examples too, and is what queries and pages see.

    Args:
        dataset: the term-exact dataset, with catalogue and inferred graph.
        settings: the settings of the process.
        queries: the query library by name.
    """

    def __init__(self, dataset: Dataset, settings: Settings, queries: Mapping[str, Query]) -> None:
        self.description = Description(dataset, queries)
        self.dataset = dataset
        self.served = self.description.graphs(endpoint(settings))
        self.settings = settings
        self.queries = queries
        self.index = Index(self.served)
        self.record = Record(self.served)
        self.labels = Labels(self.record, dataset.prefixes)
        self.pages = pages.Pages({"revision": dataset.revision[:12], "base": names.BASE})
        # Apart, so that queries that never end leave the pages free.
        self._for_pages = anyio.CapacityLimiter(THREADS)
        self._for_queries = anyio.CapacityLimiter(THREADS)

    async def run(self, work: Callable[[], T]) -> T:
        """Do work on pages and data in a thread, so that the event loop stays free.

        Raises:
            Problem: the work raised it.
        """
        return await self._run(work, self._for_pages)

    async def query(self, work: Callable[[], T]) -> T:
        """Do work that asks the index, in a thread of its own kind.

        Raises:
            Problem: the work raised it.
        """
        return await self._run(work, self._for_queries)

    async def _run(self, work: Callable[[], T], places: anyio.CapacityLimiter) -> T:
        done = await to_thread.run_sync(lambda: _guard(work), limiter=places)
        if isinstance(done, Problem):
            raise done
        return done

    def views(self, request: Request) -> Views:
        """Return the views in the reader's language."""
        return Views(self.record, self.labels, pages.language(request))

    def service(self, request: Request) -> Service:
        """Return the endpoint as the asker sees it."""
        return Service(self.public_url(request))

    def public_url(self, request: Request) -> str:
        """Return the address under which readers see the server, without a slash at the end."""
        return self.settings.public_url.rstrip("/") or str(request.base_url).rstrip("/")

    async def page(
        self, request: Request, template: str, context: Callable[[], dict[str, Any]]
    ) -> Response:
        """Answer with a page whose content takes work to find.

        Args:
            request: the request.
            template: the template's file name.
            context: finds what the template shows; runs in a thread.
        """
        return await self.run(lambda: self.pages.respond(request, template, **context()))


def endpoint(settings: Settings) -> Service:
    """Return the endpoint as the dataset describes it: without a public address, under our base."""
    return Service((settings.public_url or names.BASE).rstrip("/"))


def _guard(work: Callable[[], T]) -> T | Problem:
    """Return a problem without its traceback.

    The frames in it hold the engine's results, which must die in the thread that made them.
    """
    try:
        return work()
    except Problem as problem:
        problem.__traceback__ = problem.__cause__ = problem.__context__ = None
        return problem
