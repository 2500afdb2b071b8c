"""The literals of a graph by their values, as they come."""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Final

from samsyn.closure.literals import TEXTS, Value, is_ill_typed, value
from samsyn.dataset.exact import Literal
from samsyn.names import XSD_STRING

_OF_TEXTS: Final = frozenset({"string", "plain"})


class Valued:
    """Literals with their numbers.

    A plain text or one with a tag has no other writing but those of rarer datatypes
    (``xsd:token``, ``rdf:PlainLiteral``), so of the many texts only the numbers are kept.
    """

    def __init__(self) -> None:
        self.texts = array("q")
        """The plain texts."""
        self.tagged = array("q")
        """The texts with a language tag."""
        self.others: list[tuple[int, Literal]] = []
        """All other literals."""
        self.faulty: list[tuple[int, Literal]] = []
        """Those that have no value though their datatype is known."""
        self._by_value: dict[Value, list[int]] = defaultdict(list)
        self._shared: set[Value] = set()
        self._rewritten: dict[Literal, None] = {}

    def note(self, number: int, literal: Literal) -> None:
        """Note a literal that is new."""
        space = literal.datatype.value
        if space in TEXTS and (literal.language or space == XSD_STRING):
            (self.texts if space == XSD_STRING else self.tagged).append(number)
            return
        self.others.append((number, literal))
        found = value(literal)
        if found is not None:
            held = self._by_value[found]
            held.append(number)
            if len(held) > 1:
                self._shared.add(found)
            if found[0] in _OF_TEXTS:
                self._rewritten[_text(found)] = None
        elif is_ill_typed(literal):
            self.faulty.append((number, literal))

    def copy(self) -> Valued:
        """Return one that holds the same and grows by itself."""
        other = Valued()
        other.texts, other.tagged = self.texts[:], self.tagged[:]
        other.others, other.faulty = list(self.others), list(self.faulty)
        other._by_value |= {value: list(held) for value, held in self._by_value.items()}
        other._shared, other._rewritten = set(self._shared), dict(self._rewritten)
        return other

    @property
    def size(self) -> int:
        """How many literals there are."""
        return len(self.texts) + len(self.tagged) + len(self.others)

    def known(self) -> Iterator[int]:
        """Give the literals, but for texts, whose value is known."""
        for held in self._by_value.values():
            yield from held

    def whole(self, number: int) -> list[int]:
        """Return the literals that stand for a whole number."""
        return self._by_value.get(("decimal", number), [])

    def groups(self, ids: Mapping[object, int]) -> Iterator[set[int]]:
        """Give the literals of each value that has more than one writing.

        Args:
            ids: the number of each term.
        """
        written: dict[Value, set[int]] = {}
        for text in self._rewritten:
            if text in ids and (found := value(text)) is not None:
                written.setdefault(found, {*self._by_value[found]}).add(ids[text])
        for found in self._shared - written.keys():
            yield {*self._by_value[found]}
        yield from written.values()

    def differ(self) -> bool:
        """Return whether there are two values at least."""
        # A text and another literal may be one value, two texts never are.
        return len(self.texts) + len(self.tagged) > 1 or len(self._by_value) > 1


def _text(found: Value) -> Literal:
    # The plain writing of a text.
    if isinstance(found[1], tuple):
        return Literal(found[1][0], language=found[1][1])
    return Literal(str(found[1]))
