"""All tables of cases, in the order in which they are run."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from samsyn.conformance import (
    datasets,
    description,
    documents,
    evaluation,
    exchange,
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
    tables = [
        *(protocol, negotiation, exchange, datasets, update, graphstore, documents),
        *(description, formats, evaluation),
    ]
    yield from (case for table in tables for case in table.CASES if case.area in areas)
