"""Documents read: their triples in order, and all their syntax errors as findings."""

from __future__ import annotations

from collections.abc import Sequence

from samsyn.dataset.exact import Triple, parse_triples
from samsyn.errors import SourceError
from samsyn.validation.finding import Finding, Place
from samsyn.validation.placing import Part
from samsyn.validation.positions import recover
from samsyn.validation.sources import Source

RULE = "SAM-syntax"


def read(source: Source) -> Part:
    """Read a document; of one with syntax errors, what can be read all the same.

    Raises:
        NotFoundError: it cannot be read at all.
    """
    data = source.read()
    try:
        triples: Sequence[Triple] = parse_triples(
            data, source.form, base=source.base, path=source.name
        )
    except SourceError as error:
        return _recovered(source, data, error)
    return Part(source.name, triples, source)


def _recovered(source: Source, data: bytes, error: SourceError) -> Part:
    recovery = recover(data, source.form, base=source.base, path=source.name)
    faults = tuple(
        Finding(
            RULE,
            "violation",
            fault.messages,
            value=fault.text,
            place=Place(source.name, fault.region, "value"),
        )
        for fault in recovery.faults
    )
    return Part(source.name, recovery.triples, source, faults or (_only(source, error),))


def _only(source: Source, error: SourceError) -> Finding:
    # The parser refuses what the recovery reads: its word counts.
    return Finding(
        RULE,
        "violation",
        (("en", error.message), ("sv", error.message)),
        value=error.place,
        place=Place(source.name, None, "file"),
    )
