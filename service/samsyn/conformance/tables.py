"""All tables of cases, in the order in which they are run."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from samsyn.conformance import (
    datasets,
    description,
    documents,
    formats,
    graphstore,
    negotiation,
    protocol,
    update,
)
from samsyn.conformance.case import Area, Case


def cases(areas: Collection[Area] = tuple(Area)) -> Iterator[Case]:
    """Yield the cases of some areas.

    Args:
        areas: by default all.
    """
    tables = (protocol.CASES, negotiation.CASES, datasets.CASES, update.CASES) + (
        graphstore.CASES,
        documents.CASES,
        description.CASES,
        formats.CASES,
    )
    yield from (case for table in tables for case in table if case.area in areas)
