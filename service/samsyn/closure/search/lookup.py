"""What a search for proofs asks of a closed graph, remembered."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Set
from itertools import islice
from typing import Final, Protocol

from samsyn.closure.proof.fact import Fact, Node, triple_of
from samsyn.dataset.exact import NamedNode, Triple
from samsyn.names import OWL, RDF, RDF_TYPE, RDFS

READINGS: Final = 4096
"""As many readings of one list as are looked at."""

_FIRST: Final = NamedNode(RDF + "first")
_REST: Final = NamedNode(RDF + "rest")
_NIL: Final = NamedNode(RDF + "nil")

Pattern = tuple[Node | None, Node | None, Node | None]


class Closed(Protocol):
    """A closed graph: what is stated, and what holds."""

    @property
    def stated(self) -> Set[Triple]:
        """The triples that it was made from."""

    def match(
        self, subject: Node | None, predicate: Node | None, object_: Node | None, /
    ) -> Iterable[Triple]:
        """Give the triples that hold and fit; ``None`` fits anything."""


class Lookup:
    """Answers about a closed graph.

    Args:
        closed: the graph; what it tells is remembered, so it must not change.
        few: as many triples as may fit a pattern for them to be tried one by one.
    """

    def __init__(self, closed: Closed, few: int = 64) -> None:
        self._closed = closed
        self._limit = few
        self._general = getattr(closed, "facts", None)
        self._few: dict[Pattern, tuple[Fact, ...] | None] = {}
        self._by_predicate: dict[Node, list[Triple]] | None = None
        self._ahead: dict[Node, dict[Node, list[Fact]]] = {}
        self._back: dict[Node, dict[Node, list[Fact]]] = {}
        self._read: dict[Node, tuple[tuple[tuple[Node, ...], tuple[Fact, ...]], ...]] = {}

    def match(self, pattern: Pattern) -> Iterator[Fact]:
        """Give the facts that fit a pattern."""
        if self._general is not None:
            yield from (Fact(*found) for found in self._general(*pattern))
            return
        for triple in self._closed.match(*pattern):
            yield Fact(triple.subject, triple.predicate, triple.object)

    def few(self, pattern: Pattern) -> tuple[Fact, ...] | None:
        """Return the facts that fit a pattern, ``None`` if they are many, or may well be."""
        try:
            return self._few[pattern]
        except KeyError:
            if pattern[0] is None and pattern[2] is None and not _is_axiomatic(pattern[1]):
                return None  # all facts of a property
            found = tuple(islice(self.match(pattern), self._limit + 1))
            answer = self._few[pattern] = found if len(found) <= self._limit else None
            return answer

    def holds(self, fact: Fact) -> bool:
        """Return whether a fact is in the closure."""
        return bool(self.few(fact))

    # -- what is stated ----------------------------------------------------------------------

    def states(self, fact: Fact) -> bool:
        """Return whether a fact is stated."""
        triple = triple_of(fact)
        return triple is not None and triple in self._closed.stated

    def stated(self, pattern: Pattern) -> Iterator[Fact]:
        """Give the stated facts that fit a pattern."""
        few = self.few(pattern)
        if few is not None:
            yield from (fact for fact in few if self.states(fact))
            return
        yield from (fact for fact in self._near(pattern) if _fits(fact, pattern))

    def _near(self, pattern: Pattern) -> Iterable[Fact]:
        subject, predicate, object_ = pattern
        if predicate is None:
            return (fact for name in self._stated() for fact in self._of(name))
        if subject is not None:
            return self._side(self._ahead, predicate, 0).get(subject, ())
        if object_ is not None:
            return self._side(self._back, predicate, 2).get(object_, ())
        return self._of(predicate)

    def _side(
        self, index: dict[Node, dict[Node, list[Fact]]], predicate: Node, place: int
    ) -> dict[Node, list[Fact]]:
        if predicate not in index:
            found: dict[Node, list[Fact]] = defaultdict(list)
            for fact in self._of(predicate):
                found[fact[place]].append(fact)
            index[predicate] = dict(found)
        return index[predicate]

    def _of(self, predicate: Node) -> Iterator[Fact]:
        for triple in self._stated().get(predicate, ()):
            yield Fact(triple.subject, predicate, triple.object)

    def _stated(self) -> dict[Node, list[Triple]]:
        if self._by_predicate is None:
            found: dict[Node, list[Triple]] = defaultdict(list)
            for triple in self._closed.stated:
                found[triple.predicate].append(triple)
            self._by_predicate = dict(found)
        return self._by_predicate

    # -- lists ---------------------------------------------------------------------------------

    def lists(self, head: Node) -> tuple[tuple[tuple[Node, ...], tuple[Fact, ...]], ...]:
        """Return each reading of an RDF list: its members, and the triples that it is made of.

        What is stated is read first.

        One that loops or does not end has none; one whose cells are the same as others may have
        several.
        """
        if head not in self._read:
            self._read[head] = tuple(islice(self._readings(head), READINGS))
        return self._read[head]

    def _readings(self, head: Node) -> Iterator[tuple[tuple[Node, ...], tuple[Fact, ...]]]:
        todo: list[tuple[Node, tuple[Node, ...], tuple[Fact, ...]]] = [(head, (), ())]
        while todo:
            cell, items, facts = todo.pop()
            if cell == _NIL:
                yield items, facts
            elif not any(fact.subject == cell for fact in facts):
                firsts = sorted(self.match((cell, _FIRST, None)), key=self.states)
                for rest in sorted(self.match((cell, _REST, None)), key=self.states):
                    # The last one is read first.
                    todo += [
                        (rest.object, (*items, first.object), (*facts, first, rest))
                        for first in firsts
                    ]


def _is_axiomatic(predicate: Node | None) -> bool:
    if not isinstance(predicate, NamedNode) or predicate.value == RDF_TYPE:
        return False
    return predicate.value.startswith((OWL, RDFS, RDF))


def _fits(fact: Fact, pattern: Pattern) -> bool:
    return all(given is None or given == term for term, given in zip(fact, pattern, strict=True))
