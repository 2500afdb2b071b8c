"""Findings with the edits that are certain to fix them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Final

from samsyn.dataset.exact import Literal, term_of
from samsyn.positions.lines import Lines
from samsyn.validation.evaluation import Setup
from samsyn.validation.finding import Edit, Finding, Place
from samsyn.validation.fixes import choosing
from samsyn.validation.locations import Part, Placed
from samsyn.validation.sources import STANDARD_INPUT, Source

_LANGUAGES: Final = frozenset(
    {
        "LanguageInConstraintComponent",
        "UniqueLangConstraintComponent",
        "OrConstraintComponent",
    }
)
_INFERRED: Final = "InConstraintComponent"


class Mending:
    """Decides which edits are certain.

    Args:
        parts: the user's data.
        setup: the shapes and the ontology.
    """

    def __init__(self, parts: Sequence[Part], setup: Setup) -> None:
        self._parts = parts
        self._setup = setup
        self._texts: dict[str, tuple[str, Lines]] = {}
        self._direct: dict[str, str | None] = {}
        self._asked: dict[str, tuple[tuple[str, ...], bool]] = {}
        self._present: dict[tuple[object, str], set[str]] = {}

    def repaired(self, found: Iterable[Placed]) -> Iterator[Finding]:
        """Give each finding, with its edits where any are certain."""
        placed = list(found)
        self._present = self._tags(each.finding for each in placed)
        for each in placed:
            finding, source = each.finding, self._source(each.finding.place)
            if source is None:
                yield finding
                continue
            edits = tuple(self._edits(each, source))
            yield replace(finding, edits=finding.edits + edits) if edits else finding

    def _source(self, place: Place | None) -> Source | None:
        if place is None or place.region is None:
            return None
        sources = (part.source for part in self._parts if part.name == place.file)
        source = next(sources, None)
        editable = source is not None and not source.packed and source.name != STANDARD_INPUT
        return source if editable else None

    def _edits(self, placed: Placed, source: Source) -> Iterator[Edit]:
        finding = placed.finding
        if placed.suspect is not None and placed.suspect.instead:
            suspect = placed.suspect
            move = choosing.Move(suspect.term, suspect.namespace, suspect.instead)
            yield from choosing.respaced(source.name, self._text(source)[0], source.form, move)
        elif finding.component in _LANGUAGES:
            yield from self._tagged(finding, source)
        elif finding.component == _INFERRED and placed.spot is not None and placed.spot.exact:
            place = Place(source.name, placed.spot.predicate, "predicate")
            yield from self._stated(finding, place, source)

    def _tagged(self, finding: Finding, source: Source) -> Iterator[Edit]:
        if finding.shape not in self._asked:
            self._asked[finding.shape] = choosing.languages(self._setup.shapes, finding.shape)
        permitted, once = self._asked[finding.shape]
        if finding.place is not None and permitted:
            token = self._token(source, finding.place)
            present = self._present[term_of(finding.focus), finding.path]
            edit = choosing.tagged(finding.place, token, permitted, present, once=once)
            yield from () if edit is None else (edit,)

    def _tags(self, findings: Iterable[Finding]) -> dict[tuple[object, str], set[str]]:
        # For all findings in one go, since to look through the data takes long.
        asked = (each for each in findings if each.component in _LANGUAGES)
        tags: dict[tuple[object, str], set[str]] = {
            (term_of(each.focus), each.path): set() for each in asked
        }
        nodes = {node for node, _ in tags}
        for triple in (triple for part in self._parts for triple in part.triples if nodes):
            if triple.subject in nodes and isinstance(triple.object, Literal):
                held = tags.get((triple.subject, triple.predicate.value))
                if held is not None and triple.object.language:
                    held.add(triple.object.language)
        return tags

    def _stated(self, finding: Finding, place: Place, source: Source) -> Iterator[Edit]:
        if not finding.path or "<" in finding.path:
            return  # a path of several steps, or none, says no property to replace
        if finding.path not in self._direct:
            self._direct[finding.path] = choosing.direct(self._setup.known, finding.path)
        right = self._direct[finding.path]
        if right is not None:
            edit = choosing.replaced(place, self._token(source, place), finding.path, right)
            yield from () if edit is None else (edit,)

    def _token(self, source: Source, place: Place) -> str:
        text, lines = self._text(source)
        stretch = None if place.region is None else lines.stretch(place.region)
        return "" if stretch is None else text[stretch[0] : stretch[1]]

    def _text(self, source: Source) -> tuple[str, Lines]:
        if source.name not in self._texts:
            text = source.read().decode("utf-8-sig", "replace")
            self._texts[source.name] = text, Lines(text)
        return self._texts[source.name]
