"""What a search for proofs asks of a closed graph, remembered."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Set
from itertools import islice
from typing import Final, Protocol

from samsyn.closure.proof import Fact
from samsyn.dataset.exact import Literal, NamedNode, Term, Triple
from samsyn.names import RDF

READINGS: Final = 4096
"""As many readings of one list as are looked at."""

_FIRST: Final = NamedNode(RDF + "first")
_REST: Final = NamedNode(RDF + "rest")
_NIL: Final = NamedNode(RDF + "nil")

Pattern = tuple[Term | None, Term | None, Term | None]


class Closed(Protocol):
    """A closed graph: what is stated, and what holds."""

    @property
    def stated(self) -> Set[Triple]:
        """The triples that it was made from."""

    def match(
        self, subject: Term | None, predicate: Term | None, object_: Term | None, /
    ) -> Iterable[Triple]:
        """Give the triples that hold and fit; ``None`` fits anything."""


def triple_of(fact: Fact) -> Triple | None:
    """Return a fact as an RDF triple, ``None`` if it is more general than those."""
    subject, predicate, object_ = fact
    if isinstance(subject, Literal) or not isinstance(predicate, NamedNode):
        return None
    return Triple(subject, predicate, object_)


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
        self._by_predicate: dict[Term, list[Triple]] | None = None
        self._ahead: dict[Term, dict[Term, list[Fact]]] = {}
        self._back: dict[Term, dict[Term, list[Fact]]] = {}
        self._read: dict[Term, tuple[tuple[tuple[Term, ...], tuple[Fact, ...]], ...]] = {}

    def match(self, pattern: Pattern) -> Iterator[Fact]:
        """Give the facts that fit a pattern."""
        if self._general is not None:
            yield from (Fact(*found) for found in self._general(*pattern))
            return
        for triple in self._closed.match(*pattern):
            yield Fact(triple.subject, triple.predicate, triple.object)

    def few(self, pattern: Pattern) -> tuple[Fact, ...] | None:
        """Return the facts that fit a pattern, ``None`` if they are many."""
        try:
            return self._few[pattern]
        except KeyError:
            found = tuple(islice(self.match(pattern), self._limit + 1))
            answer = self._few[pattern] = found if len(found) <= self._limit else None
            return answer

    def holds(self, fact: Fact) -> bool:
        """Tell whether a fact is in the closure."""
        return bool(self.few(fact))

    # -- what is stated ----------------------------------------------------------------------

    def states(self, fact: Fact) -> bool:
        """Tell whether a fact is stated."""
        triple = triple_of(fact)
        return triple is not None and triple in self._closed.stated

    def stated(self, pattern: Pattern) -> Iterator[Fact]:
        """Give the stated facts that fit a pattern."""
        few = self.few(pattern)
        if few is not None:
            yield from (fact for fact in few if self.states(fact))
            return
        subject, predicate, object_ = pattern
        if predicate is None:
            rows = (fact for name in self._stated() for fact in self._of(name))
        elif subject is not None:
            rows = iter(self._side(self._ahead, predicate, 0).get(subject, ()))
        elif object_ is not None:
            rows = iter(self._side(self._back, predicate, 2).get(object_, ()))
        else:
            rows = self._of(predicate)
        yield from (fact for fact in rows if _fits(fact, pattern))

    def _side(
        self, index: dict[Term, dict[Term, list[Fact]]], predicate: Term, place: int
    ) -> dict[Term, list[Fact]]:
        if predicate not in index:
            found: dict[Term, list[Fact]] = defaultdict(list)
            for fact in self._of(predicate):
                found[fact[place]].append(fact)
            index[predicate] = dict(found)
        return index[predicate]

    def _of(self, predicate: Term) -> Iterator[Fact]:
        for triple in self._stated().get(predicate, ()):
            yield Fact(triple.subject, predicate, triple.object)

    def _stated(self) -> dict[Term, list[Triple]]:
        if self._by_predicate is None:
            found: dict[Term, list[Triple]] = defaultdict(list)
            for triple in self._closed.stated:
                found[triple.predicate].append(triple)
            self._by_predicate = dict(found)
        return self._by_predicate

    # -- lists ---------------------------------------------------------------------------------

    def lists(self, head: Term) -> tuple[tuple[tuple[Term, ...], tuple[Fact, ...]], ...]:
        """Return each reading of an RDF list: its members, and the triples that it is made of.

        What is stated is read first.

        One that loops or does not end has none; one whose cells are the same as others may have
        several.
        """
        if head not in self._read:
            self._read[head] = tuple(islice(self._readings(head), READINGS))
        return self._read[head]

    def _readings(self, head: Term) -> Iterator[tuple[tuple[Term, ...], tuple[Fact, ...]]]:
        todo: list[tuple[Term, tuple[Term, ...], tuple[Fact, ...]]] = [(head, (), ())]
        while todo:
            cell, items, facts = todo.pop()
            if cell == _NIL:
                yield items, facts
            elif not any(fact.subject == cell for fact in facts):
                firsts = sorted(self.match((cell, _FIRST, None)), key=self.states)
                for rest in sorted(self.match((cell, _REST, None)), key=self.states):
                    for first in firsts:  # the last one is read first
                        todo.append((rest.object, (*items, first.object), (*facts, first, rest)))


def _fits(fact: Fact, pattern: Pattern) -> bool:
    return all(given is None or given == term for term, given in zip(fact, pattern, strict=True))
