"""What all routes share: the dataset, its index and record, the pages."""

from __future__ import annotations

from collections.abc import Mapping

from starlette.requests import Request

from samsyn import names, pages
from samsyn.dataset.exact import Dataset
from samsyn.description import Description, Service
from samsyn.library import Query
from samsyn.settings import Settings
from samsyn.site.display.labels import Labels
from samsyn.site.display.triple_index import TripleIndex
from samsyn.site.display.views import Views
from samsyn.sparql.index import Index


class Site:
    """The state of one server; nothing in it changes after the start.

    Its ``dataset`` is what was given, which dumps and revision are of; ``served`` has its own
    description and the examples too, and is what queries and pages see.

    Args:
        dataset: the term-exact dataset, with catalogue and inferred graph.
        settings: the settings of the process.
        queries: the query library by name.
        former: an index that is not needed any more.
    """

    def __init__(
        self,
        dataset: Dataset,
        settings: Settings,
        queries: Mapping[str, Query],
        former: Index | None = None,
    ) -> None:
        self.description = Description(dataset, queries)
        self.dataset = dataset
        self.served = self._served(settings)
        self.settings = settings
        self.queries = queries
        self.index = Index(self.served, union=settings.union, former=former)
        self.record = TripleIndex(self.served)
        self.labels = Labels(self.record, dataset.prefixes)
        self.pages = pages.Pages({"revision": dataset.revision[:12], "base": names.BASE})

    def _served(self, settings: Settings) -> Dataset:
        # What describes itself nowhere, such as a store that was emptied, is not described here.
        catalogue = self.dataset.graphs.get(names.CATALOGUE)
        if catalogue is None or not catalogue.triples:
            return self.dataset
        return self.description.graphs(endpoint(settings))

    def views(self, request: Request) -> Views:
        """Return the views in the reader's language."""
        return Views(self.record, self.labels, pages.language(request))

    def service(self, request: Request) -> Service:
        """Return the endpoint as the asker sees it."""
        settings = self.settings
        url = self.public_url(request)
        return Service(url, union=settings.union, writes=settings.writable)

    def public_url(self, request: Request) -> str:
        """Return the address under which readers see the server, without a slash at the end."""
        url: str = request.scope["samsyn.public"]
        return url


def endpoint(settings: Settings) -> Service:
    """Return the endpoint as the dataset describes it: without a public address, under our base."""
    url = (settings.public_url or names.BASE).rstrip("/")
    return Service(url, union=settings.union, writes=settings.writable)
