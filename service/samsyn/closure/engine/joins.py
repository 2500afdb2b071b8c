"""The joins of a step: its scans, one after the other, over relations that grow."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

import numpy as np

from samsyn.closure.engine.columns import (
    Columns,
    bind,
    column,
    distinct_rows,
    equal,
    height,
    keep_rows,
    narrow,
)
from samsyn.closure.engine.plan import TABLE, Merge, Scan, Step
from samsyn.closure.engine.relation import EMPTY, Pairs, Relation, TooWideError, pack


class Joins:
    """Joins over the relations of an engine.

    Args:
        relations: pairs of representatives, by predicate.
        same: the predicate whose pairs the representatives show, if there is one.
        widest: how many rows a join may have at once.
    """

    def __init__(self, relations: Mapping[int, Relation], same: int | None, widest: int) -> None:
        self.relations = relations
        self.tables: dict[tuple[object, ...], Relation] = {}
        self._same = same
        self._widest = widest

    def relation(self, step: Step, scan: Scan) -> Relation:
        """Return what a scan of a step reads."""
        return self.tables[step.key] if scan.relation == TABLE else self.relations[scan.relation]

    def may_fire(self, step: Step) -> bool:
        """Return whether something meets each premise; else there is no need to join the others."""
        return all(self.relation(step, s) for s in step.body if s.relation != self._same)

    def rows(self, step: Step, place: int, pairs: Pairs) -> Columns:
        """Return what meets the body of a step with these pairs in one place of it.

        Raises:
            TooWideError: there would be too many rows at once.
        """
        left = {at: scan for at, scan in enumerate(step.body) if at != place}
        return self._join(step, bind(step.body[place], pairs), left)

    def merges(self, step: Step, place: int, pairs: Pairs, merge: Merge) -> tuple[Pairs, Pairs]:
        """Return the terms that are the same by a step, each with its neighbour in its group.

        Raises:
            TooWideError: there would be too many rows at once.
        """
        half, group, value = merge
        if place not in half:
            return EMPTY, EMPTY
        kept = {*group, value}
        scans = {at: step.body[at] for at in half}
        others = {at: scan for at, scan in scans.items() if at != place}
        rows = self._join(step, bind(step.body[place], pairs), others, kept)
        if height(rows) and group:
            groups = distinct_rows({name: rows[name] for name in group})
            rows = self._join(step, groups, scans, kept)
        return _neighbours(rows, group, value) if height(rows) else (EMPTY, EMPTY)

    def clashes(self, step: Step) -> Iterator[Columns]:
        """Give what meets the body of a step that has no conclusion."""
        scan = min(step.body, key=lambda scan: scan.relation == self._same)
        start = bind(scan, self.relation(step, scan).pairs())
        yield from self._in_parts(step, scan, start)

    def _in_parts(self, step: Step, start: Scan, columns: Columns) -> Iterator[Columns]:
        left = {at: scan for at, scan in enumerate(step.body) if scan is not start}
        try:
            found = self._join(step, columns, left, {n for s in step.body for n in s.columns})
        except TooWideError:
            middle = height(columns) // 2
            for half in (slice(None, middle), slice(middle, None)):
                part = {name: rows[half] for name, rows in columns.items()}
                yield from self._in_parts(step, start, part)
        else:
            yield found

    def _join(
        self, step: Step, columns: Columns, left: dict[int, Scan], kept: Iterable[str] = ()
    ) -> Columns:
        while left and height(columns):
            needed = {n for s in (*left.values(), *step.head) for n in s.columns} | set(kept)
            columns = narrow(columns, needed)
            columns = self._expand(step, left.pop(self._cheapest(step, left, columns)), columns)
        return columns if height(columns) else {n: EMPTY for s in step.body for n in s.columns}

    def _cheapest(self, step: Step, left: Mapping[int, Scan], columns: Columns) -> int:
        if len(left) == 1:
            return next(iter(left))
        return min(left, key=lambda at: (self._growth(step, left[at], columns), at))

    def _growth(self, step: Step, scan: Scan, columns: Columns) -> int:
        # How many rows there are after a scan; one that only narrows comes before all others.
        size, relation = height(columns), self.relation(step, scan)
        known = [isinstance(term, int) or term in columns for term in (scan.first, scan.second)]
        if all(known) or (any(known) and scan.relation == self._same):
            return -1
        if not any(known):
            return size * len(relation)
        term = scan.first if known[0] else scan.second
        keys = np.array([term]) if isinstance(term, int) else columns[term]
        return relation.count(keys, first=known[0]) * (size if isinstance(term, int) else 1)

    def _expand(self, step: Step, scan: Scan, columns: Columns) -> Columns:
        relation, size = self.relation(step, scan), height(columns)
        first, second = (column(term, columns, size) for term in (scan.first, scan.second))
        if scan.relation == self._same and (first is not None or second is not None):
            return equal(scan, columns, first, second)
        if first is not None and second is not None:
            return keep_rows(columns, relation.holds(pack(first, second)))
        if first is not None:
            place, other = relation.after(first, self._widest)
            return {**_at(columns, place), str(scan.second): other}
        if second is not None:
            place, other = relation.before(second, self._widest)
            return {**_at(columns, place), str(scan.first): other}
        return self._product(columns, bind(scan, relation.pairs()))

    def _product(self, columns: Columns, others: Columns) -> Columns:
        size, count = height(columns), height(others)
        if count * size > self._widest:
            raise TooWideError(count * size)
        grown = {name: np.repeat(rows, count) for name, rows in columns.items()}
        return {**grown, **{name: np.tile(rows, size) for name, rows in others.items()}}


def _at(columns: Columns, place: Pairs) -> Columns:
    return {name: rows[place] for name, rows in columns.items()}


def _neighbours(rows: Columns, group: list[str], value: str) -> tuple[Pairs, Pairs]:
    # All of a group are the same: to merge neighbours will do, and spares every two of them.
    order = np.lexsort([rows[value], *(rows[name] for name in group)])
    same = np.ones(order.size - 1, bool)
    for name in group:
        ordered = rows[name][order]
        same &= ordered[1:] == ordered[:-1]
    values = rows[value][order]
    differ = same & (values[1:] != values[:-1])
    return values[:-1][differ], values[1:][differ]
