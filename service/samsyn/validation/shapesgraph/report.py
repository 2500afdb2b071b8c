"""Faults of shapes with their places, as an error."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Final

from samsyn.errors import ToolError
from samsyn.validation.finding import Place, text
from samsyn.validation.placing import Part
from samsyn.validation.shapesgraph.checking import faults
from samsyn.validation.shapesgraph.fault import Fault
from samsyn.validation.shapesgraph.literals import place_within

_SHOWN: Final = 20


def check(documents: Sequence[Part], language: str = "en") -> None:
    """Check files of shapes, which may refer to each other.

    Args:
        documents: the files.
        language: the language of the messages.

    Raises:
        ToolError: the shapes are faulty; each line names file, line and column.
    """
    found = list(faults(triple for part in documents for triple in part.triples))
    if not found:
        return
    lines = [
        f"  {place}: {text(each.messages, language)}" for each, place in placed(found, documents)
    ]
    if len(lines) > _SHOWN:
        lines[_SHOWN:] = [f"  and {len(lines) - _SHOWN} more"]
    raise ToolError(
        "\n".join(["The shapes are faulty:", *lines]),
        advice="Correct them: an engine would pass over such faults in silence.",
    )


def placed(found: Sequence[Fault], documents: Sequence[Part]) -> Iterator[tuple[Fault, Place]]:
    """Yield each fault with its place.

    Args:
        found: the faults, whose triples are numbered through all documents.
        documents: the files.
    """
    home = [
        (number, at) for number, part in enumerate(documents) for at in range(len(part.triples))
    ]
    wanted: dict[int, set[int]] = defaultdict(set)
    for each in found:
        if each.index is not None:
            number, at = home[each.index]
            wanted[number].add(at)
    spots = {number: documents[number].places(triples) for number, triples in wanted.items()}
    for each in found:
        number, at = (0, 0) if each.index is None else home[each.index]
        spot = spots.get(number, {}).get(at)
        region = None if spot is None else getattr(spot, each.position)
        if each.within and region and spot and spot.exact:
            region = place_within(_text(documents[number]), region, each.within)
        yield each, Place(documents[number].name, region, "value" if region else "file")


def _text(document: Part) -> str:
    data = document.source.read() if document.source else b""
    return data.decode("utf-8-sig", "replace")
