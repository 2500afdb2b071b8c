"""The web over the facts of the repository itself: something of every kind, every question."""

from __future__ import annotations

from typing import Any

import pytest

from samsyn import library, names
from samsyn.dataset.exact import Dataset, NamedNode
from samsyn.layout import Layout
from samsyn.site.display.labels import path_of

BROWSER = "text/html, */*;q=0.8"


@pytest.fixture(scope="module")
def site(closed: Dataset, layout: Layout, client_of: Any) -> Any:
    """A client of a server of the repository's facts."""
    return client_of(closed, queries=library.load(layout))


def _one_of_each_kind(dataset: Dataset) -> list[str]:
    """Choose one of our IRIs for each folder of IRIs, such as ``id/network``."""
    found: dict[str, str] = {}
    for quad in dataset.quads():
        if isinstance(quad.subject, NamedNode) and names.ours(quad.subject.value):
            iri = quad.subject.value
            found.setdefault(iri.rpartition("/")[0], iri)
    return sorted(found.values())


def test_something_of_every_kind_dereferences(site: Any, closed: Dataset) -> None:
    """For each kind of thing, one leads to a page and to data."""
    chosen = _one_of_each_kind(closed)
    assert len(chosen) > 40
    for iri in chosen:
        path = path_of(iri).partition("#")[0]
        for accept in (BROWSER, "text/turtle"):
            response = site.get(path, accept)
            if response.status_code == 303:
                response = site.get(response.headers["location"], accept)
            assert response.status_code == 200, iri
            # The logo is a document, and no other than a picture.
            kind = "image/svg+xml" if "/doc/logo/" in iri else accept.partition(",")[0]
            assert response.headers["content-type"].startswith(kind), iri


def test_every_question_of_the_library_has_a_page(site: Any, layout: Layout) -> None:
    """Each query answers with its defaults, for readers and for programs."""
    queries = library.load(layout)
    assert queries
    for name in queries:
        page = site.get(f"/queries/{name}", BROWSER)
        assert page.status_code == 200, name
        assert 'role="alert"' not in page.text, name
        assert site.get(f"/queries/{name}", "text/csv, text/turtle").status_code == 200, name
