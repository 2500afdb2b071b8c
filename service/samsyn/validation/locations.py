"""From what a finding is about to where that is in the user's files.

First it is chosen which stated triple a finding is to point at, and at which of its three parts:
the value, else the property, else the subject where its node is described. Then each file that
holds a chosen triple is read once more for the places.
"""

from __future__ import annotations

import io
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from samsyn import names
from samsyn.dataset.exact import Literal, Quad, Triple, term_of
from samsyn.positions.text import Texts
from samsyn.validation.finding import Finding, Place, Related
from samsyn.validation.sources import Source
from samsyn.validation.terms.suspect import Suspect

if TYPE_CHECKING:
    from samsyn.positions.locating import Spot

VALUE, PREDICATE, SUBJECT = "value", "predicate", "subject"
_PART: Final = {VALUE: "object", PREDICATE: "predicate", SUBJECT: "subject"}
_IRI: Final = re.compile(r"<([^>]*)>")
_MISSING: Final = frozenset(
    {
        "MinCountConstraintComponent",
        "HasValueConstraintComponent",
        "QualifiedMinCountConstraintComponent",
    }
)
_ALSO: Final = (("sv", "Här står ett värde till."), ("en", "Another value is here."))
_RESTS: Final = (("sv", "Detta leder dit."), ("en", "This leads to it."))


def _quad(triple: Triple) -> Quad:
    return Quad(triple.subject, triple.predicate, triple.object)


@dataclass(frozen=True)
class Part:
    """One document of the user's data.

    Args:
        name: what the user calls it.
        triples: its triples, in its own order, with those that it repeats.
        source: where it is read from, None for a graph that was handed over.
        faults: its syntax errors.
        text: what of it could be read, where it has any; the rest is blank.
    """

    name: str
    triples: Sequence[Triple]
    source: Source | None = None
    faults: tuple[Finding, ...] = ()
    text: bytes = b""

    def places(self, wanted: Iterable[int]) -> Mapping[int, Spot]:
        """Return where some of its triples stand, as far as these are found.

        Args:
            wanted: their numbers.
        """
        if self.source is None:
            return {}
        # Most checks find nothing, and the patterns of the syntax take time to be made.
        from samsyn.positions.locating import locate, locate_objects

        quads = {number: _quad(self.triples[number]) for number in wanted}
        with io.BytesIO(self.text) if self.faults else self.source.open() as stream:
            base, contexts = self.source.base, self.source.contexts
            if self.source.form == "jsonld":
                return locate_objects(stream, quads, base=base, contexts=contexts)
            return locate(stream, self.source.form, quads, base=base)


_Spot = tuple[int, int]
"""The number of a part, and of a triple in it."""


@dataclass(frozen=True)
class Aim:
    """A finding, and what is known of its place beforehand.

    Args:
        finding: the finding, without a place.
        grounds: the stated triples from which it follows, the chief one first, where others than
            its own do.
        at: the part, the triple and the position that it is about, where these are known.
        suspect: the term that it is about.
        language: the language of the values that it is about, where it is about one.
    """

    finding: Finding
    grounds: tuple[Triple, ...] = ()
    at: tuple[_Spot, str] | None = None
    suspect: Suspect | None = None
    language: str = ""


@dataclass(frozen=True)
class Placed:
    """A finding with its place, and where all of its triple stands.

    Args:
        finding: the finding.
        spot: the places of the triple that it points at.
        suspect: the term that it is about.
    """

    finding: Finding
    spot: Spot | None = None
    suspect: Suspect | None = None


_Choice = tuple[_Spot, str]
"""The same with the part of the triple to point at."""


@dataclass(frozen=True)
class _Target:
    chosen: _Choice | None
    also: tuple[_Choice, ...] = ()
    why: Texts = field(default=_ALSO)


def placed(aims: Iterable[Aim], parts: Sequence[Part]) -> list[Placed]:
    """Return findings with their places, as far as these are found.

    Args:
        aims: what to place.
        parts: the user's data.
    """
    given = list(aims)
    index = _Index(given, parts)
    targets = [index.target(aim) for aim in given]
    spots = _spots(targets, parts)
    return [
        Placed(
            _with_places(aim.finding, target, spots, parts),
            spots.get(target.chosen[0]) if target.chosen else None,
            aim.suspect,
        )
        for aim, target in zip(given, targets, strict=True)
    ]


class _Index:
    """The triples of the user's data that say something of the nodes of some findings."""

    def __init__(self, aims: Iterable[Aim], parts: Sequence[Part]) -> None:
        self._parts = parts
        self._ahead: dict[str, list[_Spot]] = defaultdict(list)
        self._back: dict[str, list[_Spot]] = defaultdict(list)
        nodes = {text for aim in aims for text in _nodes(aim)}
        # The terms are compared as such: to write each out would take longer than all the rest.
        wanted: dict[object, str] = {term_of(text): text for text in nodes if text}
        for number, part in enumerate(parts):
            for place, triple in enumerate(part.triples):
                if triple.subject in wanted:
                    self._ahead[wanted[triple.subject]].append((number, place))
                if triple.object in wanted:
                    self._back[wanted[triple.object]].append((number, place))

    def _triple(self, spot: _Spot) -> Triple:
        return self._parts[spot[0]].triples[spot[1]]

    def target(self, aim: Aim) -> _Target:
        """Choose what a finding points at."""
        finding = aim.finding
        if aim.at is not None:
            return _Target(aim.at)
        for choose in (self._at_value, self._at_grounds, self._at_property):
            found = choose(aim)
            if found is not None:
                return found
        return _Target(self._at_subject(finding.focus))

    def _at_value(self, aim: Aim) -> _Target | None:
        finding = aim.finding
        if not finding.value or finding.value == finding.focus:
            return None
        ways = set(_IRI.findall(finding.path)) or {finding.path}
        ahead = [s for s in self._ahead[finding.focus] if self._object(s) == finding.value]
        # A path the other way round: the value is the subject.
        back = [s for s in self._back[finding.focus] if self._subject(s) == finding.value]
        # A finding about a property itself, in the shapes on what is never stated.
        used = [s for s in self._ahead[finding.value] if self._predicate(s) == finding.focus]
        sorts = ((ahead, VALUE), (back, SUBJECT), (used, PREDICATE))
        choices = [(spot, part) for spots, part in sorts for spot in spots]
        along = [c for c in choices if self._triple(c[0]).predicate.value in ways]
        return _Target((along or choices)[0]) if choices else None

    def _at_grounds(self, aim: Aim) -> _Target | None:
        spots = [(spot, VALUE) for triple in aim.grounds for spot in self._stating(triple)]
        return _Target(spots[0], tuple(spots[1:]), _RESTS) if spots else None

    def _stating(self, triple: Triple) -> Iterator[_Spot]:
        spots = (s for s in self._ahead[str(triple.subject)] if self._triple(s) == triple)
        yield from list(spots)[:1]

    def _at_property(self, aim: Aim) -> _Target | None:
        finding = aim.finding
        if finding.component in _MISSING:
            return None
        ways = set(_IRI.findall(finding.path)) or {finding.path}
        spots = [s for s in self._ahead[finding.focus] if self._triple(s).predicate.value in ways]
        if aim.language:
            spots = [s for s in spots if self._language(s) == aim.language]
        if not spots:
            return None
        if finding.value:
            return _Target((spots[0], PREDICATE))
        return _Target((spots[-1], VALUE), tuple((spot, VALUE) for spot in spots[:-1]))

    def _language(self, spot: _Spot) -> str:
        term = self._triple(spot).object
        return (term.language or "").lower() if isinstance(term, Literal) else ""

    def _at_subject(self, focus: str) -> _Choice | None:
        spots = self._ahead[focus]
        typed = (s for s in spots if self._triple(s).predicate.value == names.RDF_TYPE)
        found = next(typed, next(iter(spots), None))
        if found is not None:
            return found, SUBJECT
        return next(((spot, VALUE) for spot in self._back[focus]), None)

    def _subject(self, spot: _Spot) -> str:
        return str(self._triple(spot).subject)

    def _predicate(self, spot: _Spot) -> str:
        return str(self._triple(spot).predicate)

    def _object(self, spot: _Spot) -> str:
        return str(self._triple(spot).object)


def _nodes(aim: Aim) -> Iterator[str]:
    if aim.at is not None:
        return
    yield aim.finding.focus
    if not aim.finding.value.startswith('"'):
        yield aim.finding.value
    for triple in aim.grounds:
        yield str(triple.subject)


def _spots(targets: Iterable[_Target], parts: Sequence[Part]) -> Mapping[_Spot, Spot]:
    wanted: dict[int, set[int]] = defaultdict(set)
    for target in targets:
        for choice in (target.chosen, *target.also):
            if choice is not None:
                wanted[choice[0][0]].add(choice[0][1])
    found: dict[_Spot, Spot] = {}
    for number, places in wanted.items():
        located = parts[number].places(places)
        found |= {(number, place): spot for place, spot in located.items()}
    return found


def _with_places(
    finding: Finding, target: _Target, spots: Mapping[_Spot, Spot], parts: Sequence[Part]
) -> Finding:
    if target.chosen is None:
        return finding
    also = (_place(choice, spots, parts) for choice in target.also)
    related = tuple(Related(place, target.why) for place in also if place is not None)
    place = _place(target.chosen, spots, parts)
    return replace(finding, place=place, related=finding.related + related)


def _place(choice: _Choice, spots: Mapping[_Spot, Spot], parts: Sequence[Part]) -> Place | None:
    spot, which = choice
    part = parts[spot[0]]
    if part.source is None:
        return None
    found = spots.get(spot)
    if found is None:
        return Place(part.name, None, "file")
    return Place(part.name, getattr(found, _PART[which]), which if found.exact else "node")
