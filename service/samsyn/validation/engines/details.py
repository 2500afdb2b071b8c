"""The results that explain a result: why a value does not conform to a shape (``sh:detail``).

One engine has details for ``sh:node`` alone, the other has none. So the shapes of ``sh:node`` and
``sh:and`` are asked again, with the values as their targets, and what they find are the details,
whatever the engine. Of alternatives (``sh:or``, ``sh:xone``) one is enough, so that no result of
theirs has to be fixed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import Any, Final

from samsyn import names
from samsyn.dataset.exact import NamedNode, Triple, term_of
from samsyn.validation.engines.model import Shapes, plain
from samsyn.validation.engines.paths import Facts, reached
from samsyn.validation.engines.result import Result
from samsyn.validation.engines.targets import is_target

_TARGET: Final = NamedNode(names.SH + "targetNode")
_SUFFIX: Final = "ConstraintComponent"
_NESTING: Final = frozenset({"Node" + _SUFFIX, "And" + _SUFFIX})
_DEEP: Final = 8
"""How far details are followed into one another: shapes may be recursive."""
_STEPS: Final = 2 * _DEEP
"""The same with the property shapes that are between."""

Examine = Callable[[tuple[Triple, ...]], Iterable[Result]]
"""Checks the data against a shapes graph."""


def with_details(
    found: Iterable[Result], shapes: Iterable[Triple], facts: Facts, examine: Examine
) -> tuple[Result, ...]:
    """Return results with the results that explain them (SHACL, section 3.6.2.6).

    Args:
        found: the results.
        shapes: the shapes graph.
        facts: the data.
        examine: checks the data against a shapes graph.
    """
    given = tuple(found)
    if not any(result.component in _NESTING for result in given):
        return given
    details = _Details(Shapes(shapes), facts)
    details.ask(given, examine)
    return tuple(details.explained(result, set()) for result in given)


class _Details:
    """What nested shapes find in the values that they were asked of.

    Args:
        shapes: the shapes graph.
        facts: the data.
    """

    def __init__(self, shapes: Shapes, facts: Facts) -> None:
        self._shapes = shapes
        self._facts = facts
        self._nodes = {plain(node): node for node in shapes.nodes}
        self._found: dict[tuple[str, str], dict[Result, None]] = defaultdict(dict)

    def ask(self, results: Iterable[Result], examine: Examine) -> None:
        """Ask the nested shapes of all results, and those that are in them, at once."""
        waiting = dict.fromkeys(pair for result in results for pair in self._asked(result))
        wanted: dict[tuple[Any, Any], None] = {}
        for _ in range(_STEPS):
            wanted |= waiting
            below = (pair for each in waiting for pair in self._below(*each))
            waiting = {pair: None for pair in below if pair not in wanted}
        aims = (Triple(shape, _TARGET, value) for shape, value in wanted)
        plainly = (triple for triple in self._shapes.triples if not is_target(triple))
        for result in examine((*plainly, *aims)):
            self._found[result.shape, result.focus][result] = None

    def explained(self, result: Result, told: set[tuple[Any, Any]], depth: int = 0) -> Result:
        """Return a result with its details, and these with theirs.

        Args:
            result: the result.
            told: the shapes with values that have been explained, reported once in a result.
            depth: how far inside other details it is.
        """
        if depth == _DEEP:
            return result
        pairs = [pair for pair in self._asked(result) if pair not in told]
        told.update(pairs)
        each = sorted({part for pair in pairs for part in self._results(*pair, set())})
        return replace(result, details=tuple(self.explained(d, told, depth + 1) for d in each))

    def _asked(self, result: Result) -> Iterator[tuple[Any, Any]]:
        """Yield the shapes that the value of a result had to conform to, each with the value."""
        shape = self._nodes.get(result.shape)
        if shape is None or result.component not in _NESTING or not result.value:
            return
        name = result.component.removesuffix(_SUFFIX).lower()
        asked = self._shapes.values(shape, name)
        if result.parameter:
            asked = [each for each in asked if str(each) == result.parameter]
        value = term_of(result.value)
        for each in asked:
            members = self._shapes.members(each) if name == "and" else [each]
            yield from ((member, value) for member in members)

    def _below(self, shape: Any, focus: Any) -> Iterator[tuple[Any, Any]]:
        """Yield what a shape asks of its value nodes, and what its property shapes ask."""
        for value in self._values(shape, focus):
            asked = [*self._shapes.values(shape, "node"), *self._shapes.values(shape, "property")]
            for head in self._shapes.values(shape, "and"):
                asked += self._shapes.members(head)
            yield from ((each, value) for each in asked)

    def _values(self, shape: Any, focus: Any) -> list[Any]:
        path = self._shapes.value(shape, "path")
        return [focus] if path is None else reached(path, focus, self._facts, self._shapes)

    def _results(self, shape: Any, focus: Any, met: set[tuple[Any, Any]]) -> Iterator[Result]:
        """Yield what a shape and its property shapes found in a focus node."""
        if (shape, focus) in met:
            return
        met.add((shape, focus))
        yield from self._found.get((plain(shape), str(focus)), ())
        for part in self._shapes.values(shape, "property"):
            for value in self._values(shape, focus):
                yield from self._results(part, value, met)
