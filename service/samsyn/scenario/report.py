"""A scenario's outcome told: as lines for a terminal, CSV, JSON or RDF."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from samsyn import names
from samsyn.dataset import tables
from samsyn.dataset.exact import FORMATS, Literal, NamedNode, Quad, Term, Triple, serialize
from samsyn.scenario.chains import Chain, Hop
from samsyn.scenario.outcome import Change, Outcome, Wish, item_name

LANGUAGES: Final = ("en", "sv")
_WORDS: Final[Mapping[str, tuple[str, str]]] = {
    "if": ("If this is followed:", "Om detta följs:"),
    "assumption": ("assumption:", "antagande:"),
    "who": ("from", "från"),
    "whom": ("to", "till"),
    "before": ("steps today", "steg i dag"),
    "after": ("steps after", "steg efter"),
    "none": ("not connected", "inte förbundna"),
    "same": ("no chain changes", "ingen kedja ändras"),
    "levels": ("Who reaches which level, in steps:", "Vem når vilken nivå, i antal steg:"),
    "chains": ("Step by step:", "Steg för steg:"),
    "now": ("today", "i dag"),
    "then": ("after", "efter"),
    "wishes": ("What would be in place:", "Vad som skulle finnas på plats:"),
    "subject": ("subject", "subjekt"),
    "property": ("property", "egenskap"),
    "object": ("object", "objekt"),
    "holds": ("today", "i dag"),
    "gained": ("new conclusions in all", "nya slutsatser sammanlagt"),
}
_COLUMNS: Final = (
    *("kind", "subject", "subject_label", "property", "property_label"),
    *("object", "object_label", "before", "after", "path"),
)
_REACHES: Final = names.NS + "reaches"


@dataclass(frozen=True)
class Account:
    """What a scenario changes, told in one language.

    Args:
        outcome: what changes.
        labels: what to call things in that language, by IRI.
        prefixes: to shorten the IRIs that have no label.
        language: ``sv`` or ``en``.
    """

    outcome: Outcome
    labels: Mapping[str, str]
    prefixes: Mapping[str, str]
    language: str

    def lines(self) -> Iterator[str]:
        """Tell it line by line."""
        yield self._word("if")
        yield from (f"  {self._label(item)}" for item in self.outcome.items)
        for statement in self.outcome.assumptions:
            yield f"  {self._word('assumption')} {self._label(statement)}"
        yield ""
        yield from self._changes() if self.outcome.chains else [self._word("same")]
        yield ""
        yield from self._wishes()
        yield f"{len(self.outcome.gained)} {self._word('gained')}"

    def _changes(self) -> Iterator[str]:
        columns = [self._word(name) for name in ("who", "whom", "before", "after")]
        rows = (
            [self._label(change.start), self._label(change.end), *self._hops(change)]
            for change in self.outcome.chains
        )
        yield from tables.lines(columns, rows)
        yield from ("", self._word("levels"))
        yield from self._levels()
        yield from ("", self._word("chains"))
        for change in self.outcome.chains:
            yield from self._chain(change)

    def _hops(self, change: Change) -> list[str]:
        return [self._count(change.before), str(change.after)]

    def _count(self, hops: int | None) -> str:
        return self._word("none") if hops is None else str(hops)

    def _levels(self) -> Iterator[str]:
        for end in dict.fromkeys(change.end for change in self.outcome.levels):
            yield f"  {self._label(end)}"
            for change in self.outcome.levels:
                if change.end == end:
                    before = f"{self._count(change.before)} → " if change.news else ""
                    yield f"    {self._label(change.start)}: {before}{change.after}"

    def _chain(self, change: Change) -> Iterator[str]:
        yield f"  {self._label(change.start)} → {self._label(change.end)}"
        for word, chain in (("now", change.old), ("then", change.new)):
            yield from (f"    {self._word(word)}: {self._hop(hop)}" for hop in chain)

    def _hop(self, hop: Hop) -> str:
        said = [self._short(NamedNode(statement.iri)) for statement in hop.statements]
        provenance_status = self._label(NamedNode(hop.provenance_status))
        start, property_, end = (self._label(term) for term in hop.triple)
        return f"{start} · {property_} · {end} [{', '.join([provenance_status, *said])}]"

    def _wishes(self) -> Iterator[str]:
        yield self._word("wishes")
        columns = [self._word(name) for name in ("subject", "property", "object", "holds")]
        rows = (
            [*map(self._label, wish.hop.triple), ", ".join(map(self._label, wish.now))]
            for wish in self.outcome.wishes
        )
        yield from tables.lines(columns, rows)

    def csv(self) -> bytes:
        """Tell it as CSV: a row for each chain that changes and each proposed fact."""
        out = io.StringIO()
        writer = csv.writer(out)
        writer.writerow(_COLUMNS)
        for change in self.outcome.chains:
            reaching = (change.start, NamedNode(_REACHES), change.end)
            path = " ; ".join(self._steps(change.new))
            before = "" if change.before is None else change.before
            writer.writerow(("chain", *self._cells(reaching), before, change.after, path))
        for wish in self.outcome.wishes:
            before = " ; ".join(map(str, map(_value, wish.now)))
            writer.writerow(("fact", *self._cells(wish.hop.triple), before, "", ""))
        return out.getvalue().encode()

    def _cells(self, terms: Iterable[object]) -> Iterator[str]:
        for term in terms:
            yield from (_value(term), self.labels.get(_value(term), ""))

    def _steps(self, chain: Chain) -> Iterator[str]:
        for hop in chain:
            yield " ".join(self._short(term) for term in hop.triple)

    def json(self) -> dict[str, Any]:
        """Tell it as an object to be written as JSON."""
        return {
            "language": self.language,
            "graph": self.outcome.graph,
            "items": [self._named(item) for item in self.outcome.items],
            "assumptions": [self._named(statement) for statement in self.outcome.assumptions],
            "chains": [self._told(change) for change in self.outcome.chains],
            "levels": [self._told(change) for change in self.outcome.levels],
            "proposed": [self._wished(wish) for wish in self.outcome.wishes],
            "gained": [[_value(term) for term in triple] for triple in self.outcome.gained],
        }

    def _named(self, term: object) -> dict[str, str]:
        return {"iri": _value(term), "label": self._label(term)}

    def _told(self, change: Change) -> dict[str, Any]:
        return {
            "start": self._named(change.start),
            "end": self._named(change.end),
            "to_level": change.to_level,
            "before": change.before,
            "after": change.after,
            "path_before": [self._linked(hop) for hop in change.old],
            "path_after": [self._linked(hop) for hop in change.new],
        }

    def _linked(self, hop: Hop) -> dict[str, Any]:
        start, property_, end = (self._named(term) for term in hop.triple)
        return {
            "start": start,
            "property": property_,
            "end": end,
            "provenance_status": names.local(hop.provenance_status),
            "graphs": [source.graph for source in hop.sources],
            "statements": [
                {"iri": said.iri, "passages": [passage.iri for passage in said.passages]}
                for said in hop.statements
            ],
        }

    def _wished(self, wish: Wish) -> dict[str, Any]:
        return self._linked(wish.hop) | {"now": [self._named(term) for term in wish.now]}

    def _word(self, key: str) -> str:
        return _WORDS[key][LANGUAGES.index(self.language)]

    def _label(self, term: object) -> str:
        return self.labels.get(_value(term)) or self._short(term)

    def _short(self, term: object) -> str:
        return tables.shown(_term(term), self.prefixes, {})


def rdf(outcome: Outcome, form: str, prefixes: Mapping[str, str]) -> bytes:
    """Write what is gained, in a graph of its own, and beside it where that graph comes from.

    Args:
        outcome: what changes.
        form: a format; one of triples alone writes both together.
        prefixes: to write shorter with.
    """
    name = NamedNode(outcome.graph)
    gained = [Quad(t.subject, t.predicate, t.object, name) for t in outcome.gained]
    quads = [*gained, *(Quad(*triple) for triple in _origin(outcome, name))]
    if FORMATS[form].supports_datasets:
        return serialize(quads, form, prefixes=prefixes)
    return serialize([quad.triple for quad in quads], form, prefixes=prefixes)


def _origin(outcome: Outcome, graph: NamedNode) -> Iterator[Triple]:
    activity = NamedNode(graph.value.replace(names.GRAPH, names.ID + "activity/", 1))
    items = " + ".join(item_name(item) for item in outcome.items)
    words = {"sv": f"vad som skulle gälla: {items}", "en": f"what would hold: {items}"}
    yield Triple(graph, NamedNode(names.RDF_TYPE), NamedNode(names.PROV + "Entity"))
    for language, text in words.items():
        yield Triple(graph, NamedNode(names.RDFS_LABEL), Literal(text, language=language))
    yield Triple(graph, NamedNode(names.PROV + "wasGeneratedBy"), activity)
    yield Triple(activity, NamedNode(names.RDF_TYPE), NamedNode(names.PROV + "Activity"))
    used = [*outcome.items, *outcome.assumptions, *map(NamedNode, outcome.sources)]
    for entity in used:
        yield Triple(activity, NamedNode(names.PROV + "used"), entity)
    for entity in (*outcome.items, *outcome.assumptions):
        yield Triple(graph, NamedNode(names.PROV + "wasDerivedFrom"), entity)


def _value(term: object) -> str:
    return term.value if isinstance(term, NamedNode | Literal) else str(term)


def _term(term: object) -> Term:
    return term if isinstance(term, NamedNode | Literal) else Literal(str(term))
