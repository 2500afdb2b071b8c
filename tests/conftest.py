"""Fixtures that several folders of tests share; each is built once."""

from __future__ import annotations

from pathlib import Path

import pytest

from samsyn.closure import close
from samsyn.dataset.exact import Dataset, load
from samsyn.dataset.index import Index
from samsyn.layout import Layout

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def root() -> Path:
    """The root of the checkout."""
    return ROOT


@pytest.fixture(scope="session")
def layout() -> Layout:
    """The RDF folders of the checkout."""
    return Layout(ROOT)


@pytest.fixture(scope="session")
def dataset(layout: Layout) -> Dataset:
    """The files of the repository as graphs, nothing inferred."""
    return load(layout)


@pytest.fixture(scope="session")
def closed(dataset: Dataset) -> Dataset:
    """The same with ``graph/inferred`` and the catalogue completed."""
    return close(dataset)


@pytest.fixture(scope="session")
def index(closed: Dataset) -> Index:
    """The query index over all of it."""
    return Index(closed)
