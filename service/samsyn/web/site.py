"""What all routes share: the dataset, its index and record, the pages."""

from __future__ import annotations

from collections.abc import Mapping

from starlette.requests import Request

from samsyn import names
from samsyn.dataset.exact import Dataset
from samsyn.dataset.index import Index
from samsyn.library import Query
from samsyn.settings import Settings
from samsyn.web import pages
from samsyn.web.labels import Labels
from samsyn.web.record import Record
from samsyn.web.views import Views


class Site:
    """The state of one server; nothing in it changes after the start.

    Args:
        dataset: the term-exact dataset, with catalogue and inferred graph.
        settings: the settings of the process.
        queries: the query library by name.
    """

    def __init__(self, dataset: Dataset, settings: Settings, queries: Mapping[str, Query]) -> None:
        self.dataset = dataset
        self.settings = settings
        self.queries = queries
        self.index = Index(dataset)
        self.record = Record(dataset)
        self.labels = Labels(self.record, dataset.prefixes)
        self.pages = pages.Pages({"revision": dataset.revision[:12], "base": names.BASE})

    def views(self, request: Request) -> Views:
        """Return the views in the reader's language."""
        return Views(self.record, self.labels, pages.language(request))

    def public_url(self, request: Request) -> str:
        """Return the address under which readers see the server, without a slash at the end."""
        return self.settings.public_url.rstrip("/") or str(request.base_url).rstrip("/")
