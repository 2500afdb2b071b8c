"""Rows held as columns: what joins are made of."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from samsyn.closure.engine.plan import TABLE, Scan, Term
from samsyn.closure.engine.relation import EMPTY, LOW, Pairs, distinct, pack

Columns = dict[str, Pairs]
"""The rows of an intermediate result: a column of term numbers for each variable."""


def bind(scan: Scan, pairs: Pairs) -> Columns:
    """Return the columns of a relation's pairs, as a scan names them."""
    first, second = pairs >> 32, pairs & LOW
    if isinstance(scan.first, str) and isinstance(scan.second, str) and scan.first != scan.second:
        return {scan.second: second, scan.first: first}
    keep = np.ones(pairs.size, bool)
    if isinstance(scan.first, int):
        keep &= first == scan.first
    if isinstance(scan.second, int) and scan.relation != TABLE:
        keep &= second == scan.second
    if scan.first == scan.second:
        keep &= first == second
    columns = {}
    if isinstance(scan.second, str):
        columns[scan.second] = second
    if isinstance(scan.first, str):
        columns[scan.first] = first
    columns = columns or {"": first}
    return columns if keep.all() else keep_rows(columns, keep)


def height(columns: Columns) -> int:
    """Return how many rows there are."""
    return next(iter(columns.values())).size if columns else 0


def keep_rows(columns: Columns, keep: NDArray[np.bool_]) -> Columns:
    """Return the rows where the flag is set."""
    return {name: column[keep] for name, column in columns.items()}


def column(term: Term, columns: Columns, size: int) -> Pairs | None:
    """Return the column of a term: a named one, a constant one, or none if it is unbound."""
    return columns.get(term) if isinstance(term, str) else np.full(size, term, np.int64)


def equal(scan: Scan, columns: Columns, first: Pairs | None, second: Pairs | None) -> Columns:
    """Return the rows where two terms are the same: one representative, so each is itself too.

    Args:
        scan: names the terms.
        columns: the rows so far.
        first: the rows' values of the first term, if they have any.
        second: those of the second; one of the two must be there.
    """
    if first is not None and second is not None:
        return keep_rows(columns, first == second)
    if first is not None:
        return {**columns, str(scan.second): first}
    return {**columns, str(scan.first): np.asarray(second)}


def narrow(columns: Columns, needed: set[str]) -> Columns:
    """Return the rows without the columns that nothing asks for any more, and so fewer of them."""
    # A column that nothing asks for any more only repeats the rows.
    kept = {name: column for name, column in columns.items() if name in needed}
    return columns if len(kept) == len(columns) or not kept else distinct_rows(kept)


def distinct_rows(columns: Columns) -> Columns:
    """Return each row once."""
    names = list(columns)
    if len(names) == 1:
        column = columns[names[0]]
        flags = np.zeros(int(column.max(initial=0)) + 1, bool)
        flags[column] = True
        return {names[0]: np.flatnonzero(flags)}
    if len(names) == 2:
        pairs = distinct(pack(columns[names[0]], columns[names[1]]))
        return {names[0]: pairs >> 32, names[1]: pairs & LOW}
    order = np.lexsort([columns[name] for name in names])
    keep = np.zeros(order.size, bool)
    keep[:1] = True
    for name in names:
        column = columns[name][order]
        keep[1:] |= column[1:] != column[:-1]
    return {name: columns[name][order][keep] for name in names}


def project(head: Scan, columns: Columns) -> Pairs:
    """Return the pairs that a conclusion makes of the rows."""
    size = height(columns)
    if not size:
        return EMPTY
    first, second = column(head.first, columns, size), column(head.second, columns, size)
    if first is None or second is None:
        return EMPTY
    if isinstance(head.first, str) and isinstance(head.second, str):
        return pack(first, second)
    names = [name for name in (head.first, head.second) if isinstance(name, str)]
    if len(names) != 1:
        return pack(first[:1], second[:1])
    value = distinct_rows({names[0]: columns[names[0]]})[names[0]]
    other = np.full(
        value.size, head.first if isinstance(head.first, int) else head.second, np.int64
    )
    return pack(value, other) if isinstance(head.first, str) else pack(other, value)
