"""Where a user's own shapes ask for what a finding says."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final

from samsyn.dataset.exact import NamedNode
from samsyn.validation.finding import Finding, Place, Related
from samsyn.validation.locations import Part

_HERE: Final = (("sv", "Krävs här."), ("en", "Required here."))


def with_shapes(findings: Iterable[Finding], files: Sequence[Part]) -> Iterator[Finding]:
    """Give each finding, with the place of its shape where that is in a file of the user's.

    Args:
        findings: what was found.
        files: the user's files of shapes.
    """
    given = list(findings)
    places = _places({finding.shape for finding in given}, files)
    for finding in given:
        place = places.get(finding.shape)
        also = () if place is None else (Related(place, _HERE),)
        yield replace(finding, related=finding.related + also) if also else finding


def _places(shapes: set[str], files: Sequence[Part]) -> Mapping[str, Place]:
    found: dict[str, Place] = {}
    for part in files:
        first: dict[int, str] = {}
        for number, triple in enumerate(part.triples):
            subject = triple.subject
            if isinstance(subject, NamedNode) and subject.value in shapes:
                shapes = shapes - {subject.value}
                first[number] = subject.value
        for number, spot in part.places(first).items():
            found[first[number]] = Place(part.name, spot.subject, "subject")
    return found
