"""Where a stated triple comes from: its graph, the statement behind it, the passages."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Final, NamedTuple

from samsyn import names
from samsyn.closure.proof.fact import Node
from samsyn.dataset.exact import Dataset, Graph, Literal, NamedNode, Triple

_SUBJECT, _PROPERTY, _OBJECT, _VALUE = (
    names.NS + "states" + part for part in ("Subject", "Property", "Object", "Value")
)
_HANDS_ON: Final = {names.RDFS + "subPropertyOf", names.OWL + "propertyChainAxiom"}
_DENIED: Final = names.VOCAB + "polarity/negated"


@dataclass(frozen=True)
class Passage:
    """A place in the brief.

    Args:
        iri: the passage.
        sentences: numbers of its sentences.
        sections: the sections it is in.
    """

    iri: str
    sentences: tuple[int, ...]
    sections: tuple[str, ...]


@dataclass(frozen=True)
class Statement:
    """A claim of the brief, or an editorial statement, that states a triple.

    Args:
        iri: the statement.
        is_editorial: whether it is ours.
        certainty: how sure it is, as concepts.
        quantifiers: its quantifiers, as concepts.
        reasons: why we say so, by language.
        passages: what it rests on.
    """

    iri: str
    is_editorial: bool
    certainty: tuple[str, ...]
    quantifiers: tuple[str, ...]
    reasons: tuple[Literal, ...]
    passages: tuple[Passage, ...]


@dataclass(frozen=True)
class Source:
    """A graph that holds a triple.

    Args:
        graph: its name.
        provenance_status: its provenance status, as a concept.
        statements: what states the triple, if anything does.
    """

    graph: str
    provenance_status: str
    statements: tuple[Statement, ...]


class Place(NamedTuple):
    """Where a triple is in a file."""

    file: str
    line: int
    column: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


class Sources:
    """Where the triples of a dataset come from.

    Args:
        dataset: all recorded graphs; what is inferred is no source.
    """

    def __init__(self, dataset: Dataset) -> None:
        self._graphs = [
            g for g in dataset.graphs.values() if g.provenance_status != names.IS_INFERRED
        ]

    def of(self, triple: Triple) -> tuple[Source, ...]:
        """Return every graph that holds a triple, with the statements behind it."""
        found = self._holding.get(triple, ())
        return tuple(
            Source(graph.iri, graph.provenance_status, tuple(self._statements(triple, graph)))
            for graph in found
        )

    @cached_property
    def _holding(self) -> dict[Triple, list[Graph]]:
        found: dict[Triple, list[Graph]] = defaultdict(list)
        for graph in self._graphs:
            for triple in graph.triples:
                found[triple].append(graph)
        return dict(found)

    @cached_property
    def _said(self) -> dict[str, dict[str, list[Node]]]:
        # What the descriptions of statements, passages and annotations say, by subject.
        wanted = {_SUBJECT, _PROPERTY, _OBJECT, _VALUE, names.RDF_TYPE}
        wanted |= {names.OA + "hasBody", names.OA + "hasTarget", names.NS + "restsOnPassage"}
        wanted |= {names.NS + "has" + part for part in ("Certainty", "Quantifier", "Polarity")}
        wanted |= {names.NS + "hasReason", names.NS + "hasSentenceNumber", names.NS + "isInSection"}
        found: dict[str, dict[str, list[Node]]] = defaultdict(lambda: defaultdict(list))
        for graph in self._graphs:
            for triple in graph.triples:
                name = triple.predicate.value
                if name in wanted and isinstance(triple.subject, NamedNode):
                    found[triple.subject.value][name].append(triple.object)
        return found

    @cached_property
    def _by_subject(self) -> dict[Node | None, list[str]]:
        # Under no subject: what speaks of a property as a whole.
        found: dict[Node | None, list[str]] = defaultdict(list)
        for iri, said in self._said.items():
            if _PROPERTY in said:
                subjects: list[Node | None] = [*said.get(_SUBJECT, ())]
                for subject in subjects or [None]:
                    found[subject].append(iri)
        return found

    @cached_property
    def _annotations(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = defaultdict(list)
        for iri, said in self._said.items():
            for body in said.get(names.OA + "hasBody", ()):
                found[_iri(body)].append(iri)
        return found

    def _statements(self, triple: Triple, graph: Graph) -> Iterator[Statement]:
        if graph.provenance_status == names.IS_SCHEMA:
            # What makes a property a link of chains is a reading of ours, on the whole property.
            if triple.predicate.value in _HANDS_ON:
                yield from self._of_property(triple.subject)
            return
        part = _VALUE if isinstance(triple.object, Literal) else _OBJECT
        found = [
            iri
            for iri in self._by_subject.get(triple.subject, ())
            if triple.predicate in self._get(iri, _PROPERTY)
            and triple.object in self._get(iri, part)
            and _DENIED not in map(_iri, self._get(iri, names.NS + "hasPolarity"))
        ]
        yield from map(self._statement, found)
        if not found and graph.provenance_status == names.EDITORIAL:
            yield from self._of_property(triple.predicate)

    def _of_property(self, property_: Node) -> Iterator[Statement]:
        for iri in self._by_subject.get(None, ()):
            if property_ in self._get(iri, _PROPERTY):
                yield self._statement(iri)

    def _get(self, iri: str, name: str) -> list[Node]:
        said = self._said.get(iri)
        return said.get(name, []) if said is not None else []

    def _statement(self, iri: str) -> Statement:
        kinds = map(_iri, self._get(iri, names.RDF_TYPE))
        return Statement(
            iri,
            names.NS + "EditorialStatement" in kinds,
            tuple(map(_iri, self._get(iri, names.NS + "hasCertainty"))),
            tuple(map(_iri, self._get(iri, names.NS + "hasQuantifier"))),
            tuple(t for t in self._get(iri, names.NS + "hasReason") if isinstance(t, Literal)),
            tuple(map(self._passage, dict.fromkeys(self._passages(iri)))),
        )

    def _passages(self, iri: str) -> Iterator[str]:
        yield from map(_iri, self._get(iri, names.NS + "restsOnPassage"))
        for annotation in self._annotations.get(iri, ()):
            yield from map(_iri, self._get(annotation, names.OA + "hasTarget"))

    def _passage(self, iri: str) -> Passage:
        numbers = _whole(self._get(iri, names.NS + "hasSentenceNumber"))
        sections = map(_iri, self._get(iri, names.NS + "isInSection"))
        return Passage(iri, tuple(sorted(numbers)), tuple(sections))


def _iri(term: Node) -> str:
    return term.value if isinstance(term, NamedNode) else str(term)


def _whole(terms: Iterable[Node]) -> Iterator[int]:
    for term in terms:
        if isinstance(term, Literal) and term.value.isdigit():
            yield int(term.value)
