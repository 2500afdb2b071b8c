"""Where triples are in RDF/XML: the element that gives a property, else that of its subject.

The place is the opening of the tag.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from typing import BinaryIO

from samsyn.dataset.exact import BlankNode, Quad, Triple
from samsyn.dataset.flaws import FlawError, Point
from samsyn.dataset.rdfxml.reader import walk
from samsyn.positions.text import Region


class _AllMetError(Exception):
    pass


def elements(
    source: bytes | BinaryIO, wanted: Mapping[int, Quad], *, base: str | None = None
) -> dict[int, Region]:
    """Find the elements that give triples.

    Args:
        source: the document, or the file open for reading bytes.
        wanted: the triples to find, by their number in the order of the document.
        base: the base IRI that the document was parsed with.

    Returns:
        The places by number, without the triples that were not met where they should be.
    """
    found: dict[int, Region] = {}
    count, last = 0, max(wanted, default=-1)

    def meet(triple: Triple, point: Point, name: str) -> None:
        nonlocal count
        quad = wanted.get(count)
        if quad is not None and _alike(triple, quad.triple):
            line, column = point
            found[count] = Region(line, column, line, column + 1 + len(name))
        if count >= last:
            raise _AllMetError
        count += 1

    with suppress(_AllMetError, FlawError):
        walk(source, meet, base=base)
    return found


def _alike(ours: Triple, theirs: Triple) -> bool:
    # Blank nodes have other labels in each reading.
    pairs = zip(ours, theirs, strict=True)
    return all(
        one == other or (isinstance(one, BlankNode) and isinstance(other, BlankNode))
        for one, other in pairs
    )
