"""Documents read: their triples in order, and all their syntax errors as findings."""

from __future__ import annotations

from codecs import BOM_UTF8
from collections.abc import Sequence
from typing import Final

from samsyn.dataset.exact import Triple, parse_triples
from samsyn.errors import SourceError
from samsyn.validation.finding import Finding, Place
from samsyn.validation.placing import Part
from samsyn.validation.sources import Source

RULE: Final = "SAM-syntax"


def read(source: Source) -> Part:
    """Read a document; of one with syntax errors, what can be read all the same.

    Raises:
        NotFoundError: it cannot be read at all.
    """
    data = source.read().removeprefix(BOM_UTF8)
    try:
        triples: Sequence[Triple] = parse_triples(
            data, source.form, base=source.base, path=source.name
        )
    except SourceError:
        return _recovered(source, data)
    return Part(source.name, triples, source)


def _recovered(source: Source, data: bytes) -> Part:
    from samsyn.validation.positions.recovery import recover

    recovered = recover(data, source.form, base=source.base, path=source.name)
    faults = tuple(
        Finding(
            RULE,
            "violation",
            fault.messages,
            value=fault.line.strip(),
            component=fault.kind,
            place=Place(source.name, fault.region, "value" if fault.region else "file"),
        )
        for fault in recovered.faults
    )
    triples = [quad.triple for quad in recovered.quads]
    return Part(source.name, triples, source, faults, recovered.text)
