"""Documents read: their triples in order, and all their syntax errors as findings."""

from __future__ import annotations

from codecs import BOM_UTF8
from collections.abc import Iterable, Sequence
from typing import Final

from samsyn.dataset.exact import Triple, parse_triples
from samsyn.errors import SourceError
from samsyn.validation.finding import Finding, Place
from samsyn.validation.placing import Part
from samsyn.validation.sources import Source

RULE: Final = "SAM-syntax"


def read(source: Source, contexts: Iterable[str] = ()) -> Part:
    """Read a document; of one with syntax errors, what can be read all the same.

    Args:
        source: the document.
        contexts: files of JSON-LD contexts, as ``IRI=FILE``.

    Raises:
        NotFoundError: it cannot be read at all.
    """
    source = source.with_contexts(contexts)
    data = source.read().removeprefix(BOM_UTF8)
    try:
        triples: Sequence[Triple] = parse_triples(
            data, source.form, base=source.base, path=source.name, contexts=source.contexts
        )
    except SourceError as error:
        return _recovered(source, data, error)
    return Part(source.name, triples, source)


def _recovered(source: Source, data: bytes, error: SourceError) -> Part:
    from samsyn.validation.positions.recovery import flawed, recover

    recovered = flawed(error, data, source.form) or recover(
        data, source.form, base=source.base, path=source.name
    )
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
