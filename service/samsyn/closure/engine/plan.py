"""A plan: what is left of the rules when the ontology is known, as scans of relations.

To run it takes six operations (scan, join, project, distinct, difference, and the closure of
one relation), so that another executor can be handed the same plan.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final, NamedTuple

TABLE: Final = -1
"""The relation number of a step's own table."""

Term = str | int
"""In a step: the name of a column, or a term's number."""


class Scan(NamedTuple):
    """Pairs of one relation, with a column name or a constant on each side."""

    relation: int
    first: Term
    second: Term

    @property
    def columns(self) -> frozenset[str]:
        """The names of its columns."""
        return frozenset(term for term in (self.first, self.second) if isinstance(term, str))

    def text(self, shown: Callable[[int], str], rows: int) -> str:
        """Return it as a pattern, or as columns with their number of rows if it is of a table."""
        ends = (
            f"?{end}" if isinstance(end, str) else shown(end) for end in (self.first, self.second)
        )
        if self.relation != TABLE:
            return f" {shown(self.relation)} ".join(ends)
        names = " ".join(f"?{end}" for end in (self.first, self.second) if isinstance(end, str))
        return f"[{names}: {rows}]"


@dataclass
class Step:
    """One specialised rule.

    Args:
        rule: the W3C name of the rule that it comes from.
        body: what must hold.
        head: what then holds; none for a contradiction.
        table: columns and rows that the ontology gave, read by a scan of :data:`TABLE`.
    """

    rule: str
    body: tuple[Scan, ...]
    head: tuple[Scan, ...]
    table: set[tuple[int, int]] = field(default_factory=set)

    @cached_property
    def key(self) -> tuple[object, ...]:
        """What makes it the same step in the next plan."""
        return (self.rule, self.body, self.head)

    def line(self, shown: Callable[[int], str]) -> str:
        """Return the step as a line of text, with the number of rows of its table."""
        body = ", ".join(scan.text(shown, len(self.table)) for scan in self.body)
        head = ", ".join(scan.text(shown, 0) for scan in self.head) or "FALSE"
        return f"{self.rule}: {body} -> {head}"


@dataclass
class Plan:
    """The steps, and the predicates whose triples they took as given."""

    steps: dict[tuple[object, ...], Step]
    given: frozenset[int]
    given_types: frozenset[int]

    @property
    def terms(self) -> frozenset[int]:
        """The numbers that its steps name, and those of what was given."""
        scans = [scan for step in self.steps.values() for scan in (*step.body, *step.head)]
        named = {t for s in scans for t in (s.relation, s.first, s.second) if isinstance(t, int)}
        return frozenset(named - {TABLE, 0}) | self.given | self.given_types

    def moves(self, without: int) -> dict[int, dict[tuple[int, bool], str]]:
        """Return where the pairs of a relation go on to by plain property axioms, to their end.

        Args:
            without: a relation whose pairs are no plain ones (``owl:sameAs``).

        Returns:
            For each relation the others, which way round, and by which rule in the end.
        """
        direct: dict[int, dict[tuple[int, bool], str]] = defaultdict(dict)
        for step in self.steps.values():
            move = as_move(step)
            if move and without not in move[:2]:
                direct[move[0]].setdefault(move[1:], step.rule)
        closed = {}
        for start in direct:
            found: dict[tuple[int, bool], str] = {}
            todo = [(start, False)]
            for at, turned in todo:  # it grows
                for (target, flip), rule in direct.get(at, {}).items():
                    reached = (target, turned ^ flip)
                    if reached not in found and reached != (start, False):
                        found[reached] = rule
                        todo.append(reached)
            closed[start] = found
        return closed

    def lines(self, shown: Callable[[int], str]) -> Iterator[str]:
        """Give the plan as text: what was given, moves, closures, and all other steps.

        Args:
            shown: writes the term of a number.
        """
        yield "given: " + ", ".join(sorted(map(shown, self.given)))
        yield "given types: " + ", ".join(sorted(map(shown, self.given_types)))
        groups: dict[str, list[str]] = {"moves": [], "closures": [], "steps": []}
        for step in self.steps.values():
            group = "moves" if as_move(step) else "closures" if is_transitive(step) else "steps"
            groups[group].append(step.line(shown))
        for heading, lines in groups.items():
            yield f"{heading}: {len(lines)}"
            yield from (f"  {line}" for line in sorted(lines))


Merge = tuple[list[int], list[str], str]
"""How a step merges: see :func:`as_merge`."""


def as_move(step: Step) -> tuple[int, int, bool] | None:
    """Return a plain property axiom as (from, to, turned round), or None for any other step."""
    if len(step.body) != 1 or len(step.head) != 1 or step.body[0].relation == TABLE:
        return None
    body, head = step.body[0], step.head[0]
    if len(body.columns) != 2 or not isinstance(body.first, str):
        return None
    if (head.first, head.second) == (body.first, body.second):
        return body.relation, head.relation, False
    if (head.first, head.second) == (body.second, body.first):
        return body.relation, head.relation, True
    return None


def is_transitive(step: Step) -> bool:
    """Return whether the step composes a relation with itself."""
    if len(step.body) != 2 or len(step.head) != 1:
        return False
    one, other = step.body
    head = step.head[0]
    return (
        one.relation == other.relation == head.relation != TABLE
        and len(one.columns) == len(other.columns) == 2
        and one.second == other.first
        and (head.first, head.second) == (one.first, other.second)
        and one.first != other.second
    )


def as_merge(step: Step) -> Merge | None:
    """Return how a step that merges does so, or None if its body is not the same twice.

    Returns:
        The places in the body that speak of one of the two, the columns that make a group, and
        the column whose values in a group are the same.
    """
    head = step.head[0]
    one, other = head.first, head.second
    if not isinstance(one, str) or not isinstance(other, str):
        return None
    half = [at for at, scan in enumerate(step.body) if other not in scan.columns]
    turned = {_renamed(step.body[at], one, other) for at in half}
    if {scan for scan in step.body if other in scan.columns} != {
        scan for scan in turned if other in scan.columns
    }:
        return None
    group = sorted({n for at in half for n in step.body[at].columns} - {one})
    return half, group, one


def _renamed(scan: Scan, old: str, new: str) -> Scan:
    first = new if scan.first == old else scan.first
    return Scan(scan.relation, first, new if scan.second == old else scan.second)
