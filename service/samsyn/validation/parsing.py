"""Documents read: their triples in order, and all their syntax errors as findings."""

from __future__ import annotations

from codecs import BOM_UTF8
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from samsyn.dataset.exact import Triple, parse_triples
from samsyn.dataset.flaws import FlawError
from samsyn.errors import SourceError
from samsyn.positions.text import Region
from samsyn.validation.finding import Finding, Place, shown
from samsyn.validation.locations import Part
from samsyn.validation.sources import Source

RULE: Final = "SAM-syntax"
LEFT_OUT: Final = "SAM-left-out"
_BAD_IRI: Final = "jsonld-bad-iri"
"""What is a syntax error in every other syntax."""


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
    faults = tuple(_left_out(source, data))
    return Part(source.name, triples, source, faults, data if faults else b"")


def _left_out(source: Source, data: bytes) -> Iterator[Finding]:
    flaws: Iterable[FlawError] = ()
    if source.form == "jsonld":
        from samsyn.dataset.jsonld.ignored import left_out

        flaws = left_out(data, base=source.base, contexts=source.contexts)
    elif source.form == "rdfxml":
        from samsyn.dataset.rdfxml.reader import remarks

        flaws = remarks(data, base=source.base)
    for flaw in flaws:
        lost = flaw.kind == _BAD_IRI
        yield Finding(
            RULE if lost else LEFT_OUT,
            "violation" if lost else "warning",
            flaw.messages,
            component=flaw.kind,
            place=Place(source.name, Region(*flaw.start, *flaw.end), "value"),
        )


def _recovered(source: Source, data: bytes, error: SourceError) -> Part:
    from samsyn.positions.recovery import flawed, recover

    recovered = flawed(error, data, source.form) or recover(
        data, source.form, base=source.base, path=source.name
    )
    faults = tuple(
        Finding(
            RULE,
            "violation",
            fault.messages,
            value=shown(fault.line.strip()),
            component=fault.kind,
            place=Place(source.name, fault.region, "value" if fault.region else "file"),
        )
        for fault in recovered.faults
    )
    triples = [quad.triple for quad in recovered.quads]
    return Part(source.name, triples, source, faults, recovered.text)
