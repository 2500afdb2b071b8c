"""A closed graph as others read it: as N-Triples, and by what is in its places."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Set
from functools import cached_property
from typing import Final

import numpy as np

from samsyn.closure.engine.relation import LOW, Pairs
from samsyn.closure.graph import ClosedGraph, Node
from samsyn.dataset.exact import BlankNode, Literal, NamedNode, Triple

_WIDE: Final = re.compile(r"[^\x00-\x7f]")


class View:
    """What a closed graph holds, term by term; of the writings of a value each thing has its own.

    Args:
        closed: the graph; it must not change meanwhile.
        like: a view of the same triples under other rules, whose text is used again.
        pairs: the part of the graph that is seen, as :func:`apart` gives it; default: all of it.
    """

    def __init__(
        self,
        closed: ClosedGraph,
        like: View | None = None,
        pairs: Mapping[int, Pairs] | None = None,
    ) -> None:
        self._closed = closed
        self._pairs = closed.as_written() if pairs is None else pairs
        self._terms = closed.terms()
        self._written: list[str] = [] if like is None else like._written
        self.blank: list[BlankNode] = []
        """The blank nodes in the order in which :meth:`lines` first wrote them."""
        self._seen: set[int] = set()

    @cached_property
    def _predicates(self) -> dict[str, int]:
        # What rules say with a literal or a blank node as property is no triple.
        named = ((self._terms[number], number) for number in self._pairs)
        return {term.value: number for term, number in named if isinstance(term, NamedNode)}

    @property
    def properties(self) -> Set[str]:
        """The properties that have triples."""
        return self._predicates.keys()

    def subjects(self, predicate: str, object_: Node | None = None) -> set[Node]:
        """Return what has a property, or what has it with a value."""
        pairs = self._of(predicate)
        if pairs is None:
            return set()
        if object_ is not None:
            pairs = pairs[pairs & LOW == self._closed.number(object_)]
        return {self._terms[number] for number in set((pairs >> 32).tolist())}

    def objects(self, predicate: str) -> set[Node]:
        """Return the values of a property."""
        pairs = self._of(predicate)
        return set() if pairs is None else {self._terms[n] for n in set((pairs & LOW).tolist())}

    def couples(self, predicate: str) -> Iterator[tuple[Node, Node]]:
        """Yield subject and object of each triple of a property."""
        pairs = self._of(predicate)
        for pair in () if pairs is None else pairs.tolist():
            yield self._terms[pair >> 32], self._terms[pair & LOW]

    def triples(self) -> Iterator[Triple]:
        """Yield the closure as triples."""
        for predicate in self._predicates:
            name = NamedNode(predicate)
            for subject, object_ in self.couples(predicate):
                if not isinstance(subject, Literal):
                    yield Triple(subject, name, object_)

    def nodes(self) -> set[Node]:
        """Return all subjects and objects."""
        return {end for triple in self.triples() for end in (triple.subject, triple.object)}

    def _of(self, predicate: str) -> Pairs | None:
        number = self._predicates.get(predicate)
        return None if number is None else self._pairs[number]

    def lines(self, wanted: Set[str] | None = None) -> Iterator[str]:
        """Yield the closure as N-Triples in ASCII, a piece for each property.

        Args:
            wanted: IRIs of the properties; all where there are none.
        """
        self._written += [""] * (len(self._terms) - len(self._written))
        self.blank.clear()
        self._seen.clear()
        for predicate, number in self._predicates.items():
            if wanted is None or predicate in wanted:
                yield self._piece(f" {self._text(number)} ", self._pairs[number])

    def _piece(self, middle: str, pairs: Pairs) -> str:
        terms, written, text = self._terms, self._written, self._text
        firsts, seconds = (pairs >> 32).tolist(), (pairs & LOW).tolist()
        return "".join(
            [
                f"{written[first] or text(first)}{middle}{written[second] or text(second)} .\n"
                for first, second in zip(firsts, seconds, strict=True)
                if not isinstance(terms[first], Literal)
            ]
        )

    def _text(self, number: int) -> str:
        # ASCII, since one wide character would make each character of the piece as wide.
        term = self._terms[number]
        if isinstance(term, BlankNode):
            return self._blank(number, term)
        found = _inside(term) if isinstance(term, Triple) else str(term)
        if not found.isascii():
            found = _WIDE.sub(_escaped, found)
        self._written[number] = found
        return found

    def _blank(self, number: int, term: BlankNode) -> str:
        # Never taken from what is written, so that its first place in the text is noted.
        if number not in self._seen:
            self._seen.add(number)
            self.blank.append(term)
        return str(term)


def apart(closed: ClosedGraph, other: ClosedGraph, kept: Iterable[Triple]) -> dict[int, Pairs]:
    """Return what one graph holds and another does not, as :meth:`~ClosedGraph.as_written` does.

    Args:
        closed: the graph, closed under the same rules and with all that is stated in the other.
        other: the graph whose triples are left out.
        kept: triples of both that are not left out.
    """
    numbers = np.array([closed.number(term) for term in other.terms()], np.int64)
    held: dict[int, list[int]] = defaultdict(list)
    for triple in kept:
        ends = closed.number(triple.subject), closed.number(triple.object)
        held[closed.number(triple.predicate)].append(ends[0] << 32 | ends[1])
    found = dict(closed.as_written())
    for predicate, pairs in other.pairs().items():
        number = int(numbers[predicate])
        left_out = numbers[pairs >> 32] << 32 | numbers[pairs & LOW]
        left_out = np.setdiff1d(left_out, np.array(held.get(number, []), np.int64))
        whole = found.get(number)
        if whole is not None:
            found[number] = whole[~np.isin(whole, left_out)]
    return {number: pairs for number, pairs in found.items() if pairs.size}


def _inside(term: Node) -> str:
    if isinstance(term, Triple):
        return f"<<( {term.subject} {term.predicate} {_inside(term.object)} )>>"
    return str(term)


def _escaped(character: re.Match[str]) -> str:
    code = ord(character[0])
    return f"\\u{code:04X}" if code <= 0xFFFF else f"\\U{code:08X}"
