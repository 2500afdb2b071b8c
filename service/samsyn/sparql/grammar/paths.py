"""Property paths written out as the Recommendation defines them (SPARQL 1.1, section 18.4).

There an alternative is a union, which adds the numbers of solutions; the engine takes each pair of
nodes once. A negated set matches each triple; the engine takes a pair of nodes once where both are
known. So an alternative becomes a union, and a negated set a filter.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import product
from math import prod
from typing import Final

from samsyn.sparql.grammar.tree import Path

_MOST: Final = 16
"""How many paths a sequence is spread into, before its steps are joined by variables."""


def alternates(path: Path) -> bool:
    """Return whether the engine may give a path too few solutions.

    Under ``*``, ``+`` and ``?`` it does not: these give each pair of nodes once (ALP).
    """
    if path.kind == "repeated":
        return False
    return path.kind in ("alternative", "negated") or any(map(alternates, path.parts))


def pattern(subject: str, path: Path, object_: str, fresh: Callable[[], str]) -> str:
    """Write the pattern that a subject, a path and an object are.

    Args:
        subject: the subject, as text.
        path: the path.
        object_: the object, as text.
        fresh: gives a variable that nothing else uses.
    """
    if not alternates(path):
        return f"{subject} {path.text} {object_}"
    if path.kind == "inverse":
        return pattern(object_, path.parts[0], subject, fresh)
    if path.kind == "negated":
        return _negated(subject, path.parts, object_, fresh)
    if path.kind == "alternative":
        return _union([pattern(subject, each, object_, fresh) for each in path.parts])
    if 0 < _width(path) <= _MOST:
        return _union([f"{subject} {each} {object_}" for each in _spread(path)])
    nodes = [subject, *(fresh() for _ in path.parts[1:]), object_]
    steps = zip(nodes, path.parts, nodes[1:], strict=False)
    return " . ".join(pattern(start, step, end, fresh) for start, step, end in steps)


def _union(sides: Sequence[str]) -> str:
    return " UNION ".join(f"{{ {side} }}" for side in sides)


def _negated(subject: str, members: Sequence[Path], object_: str, fresh: Callable[[], str]) -> str:
    """Write a negated set: the union of its plain and its inverse members (section 18.2.2.1)."""
    inverse = [member.parts[0].text for member in members if member.kind == "inverse"]
    plain = [member.text for member in members if member.kind == "iri"]
    sides = []
    for start, end, excluded in ((subject, object_, plain), (object_, subject, inverse)):
        if excluded or (excluded is plain and not members):
            predicate = fresh()
            filtered = f"FILTER({predicate} NOT IN ({', '.join(excluded)}))"
            sides.append(f"{start} {predicate} {end} {filtered}")
    return _union(sides)


def _width(path: Path) -> int:
    """Return into how many paths a path is spread; 0 where it cannot be."""
    if not alternates(path):
        return 1
    if path.kind == "negated":
        return 0
    widths = [_width(part) for part in path.parts]
    if path.kind == "alternative":
        return sum(widths) if all(widths) else 0
    return prod(widths)


def _spread(path: Path) -> list[str]:
    """Return paths without alternatives whose union is the path."""
    if not alternates(path):
        return [path.text]
    if path.kind == "alternative":
        return [each for side in path.parts for each in _spread(side)]
    spread = [_spread(part) for part in path.parts]
    if path.kind == "inverse":
        return [f"^({each})" for each in spread[0]]
    return ["/".join(f"({step})" for step in steps) for steps in product(*spread)]
