"""A set of pairs of term numbers, held in sorted columns.

A pair is one integer, ``first << 32 | second``. A relation keeps its pairs as a few sorted runs:
what a round adds is a run of its own, and runs are merged by size, so that a round costs by what
it adds and not by what is there. Pairs looked up from their second side have runs of their own,
made when first asked for.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

Pairs = NDArray[np.int64]
"""Sorted, distinct pairs; elsewhere a plain column of term numbers."""

LOW: Final = 0xFFFFFFFF
EMPTY: Final[Pairs] = np.empty(0, np.int64)
_RUNS: Final = 4


def pack(first: Pairs, second: Pairs) -> Pairs:
    """Return the pairs of two columns, in their order."""
    return (first << 32) | second


def swap(pairs: Pairs) -> Pairs:
    """Return the pairs the other way round, sorted."""
    turned = ((pairs & LOW) << 32) | (pairs >> 32)
    turned.sort()
    return turned


def distinct(values: Pairs) -> Pairs:
    """Return the distinct values, sorted.

    numpy's own ``unique`` hashes, and is far slower.
    """
    if values.size < 2:
        return values
    ordered = np.sort(values)
    keep = np.empty(ordered.size, bool)
    keep[0] = True
    np.not_equal(ordered[1:], ordered[:-1], out=keep[1:])
    return ordered if keep.all() else ordered[keep]


class TooWideError(Exception):
    """More rows would be found at once than there is room for."""


class Relation:
    """A set of pairs that grows by sorted runs."""

    def __init__(self, pairs: Pairs = EMPTY) -> None:
        self._runs: list[Pairs] = [pairs] if pairs.size else []
        self._turned: list[Pairs | None] = [None] * len(self._runs)

    def __bool__(self) -> bool:
        return bool(self._runs)

    def __len__(self) -> int:
        return sum(run.size for run in self._runs)

    def pairs(self) -> Pairs:
        """Return all pairs, sorted."""
        if len(self._runs) > 1:
            merged = np.concatenate(self._runs)
            merged.sort(kind="stable")
            self._runs, self._turned = [merged], [None]
        return self._runs[0] if self._runs else EMPTY

    def holds(self, pairs: Pairs) -> NDArray[np.bool_]:
        """Return for each of the pairs whether it is here."""
        found = np.zeros(pairs.size, bool)
        for run in self._runs:
            at = np.searchsorted(run, pairs)
            at[at == run.size] = 0
            found |= run[at] == pairs
        return found

    def add(self, pairs: Pairs) -> Pairs:
        """Add sorted, distinct pairs and return those that were not here."""
        for run in self._runs:
            pairs = _without(pairs, run)
        if pairs.size:
            self._runs.append(pairs)
            self._turned.append(None)
            self._merge()
        return pairs

    def _merge(self) -> None:
        # Two runs of about one size become one; a few great ones may stand side by side.
        while len(self._runs) > _RUNS and self._runs[-2].size < 2 * self._runs[-1].size:
            runs, turned = self._runs, self._turned
            merged = np.concatenate(runs[-2:])
            merged.sort(kind="stable")
            both = None
            if turned[-1] is not None and turned[-2] is not None:
                both = np.concatenate((turned[-2], turned[-1]))
                both.sort(kind="stable")
            runs[-2:], turned[-2:] = [merged], [both]

    def about(self, terms: Pairs) -> Pairs:
        """Return the pairs that have one of these terms on either side."""
        (one, second), (other, first) = self.after(terms), self.before(terms)
        return np.concatenate((pack(terms[one], second), pack(first, terms[other])))

    def after(self, keys: Pairs, most: int | None = None) -> tuple[Pairs, Pairs]:
        """Return, for pairs that begin with a key, the key's place and the second of the pair.

        Args:
            keys: what to look up; repeated ones are found again.
            most: how many pairs may be found.

        Raises:
            TooWideError: more would be found.
        """
        return _look_up(self._runs, keys, most)

    def before(self, keys: Pairs, most: int | None = None) -> tuple[Pairs, Pairs]:
        """Return, for pairs that end with a key, the key's place and the first of the pair."""
        return _look_up(self._turn(), keys, most)

    def count(self, keys: Pairs, *, first: bool) -> int:
        """Return how many pairs begin, or end, with one of the keys; repeated ones count again."""
        runs = self._runs if first else self._turn()
        return sum(int(_ranges(run, keys)[2].sum()) for run in runs)

    def _turn(self) -> list[Pairs]:
        for number, turned in enumerate(self._turned):
            if turned is None:
                self._turned[number] = swap(self._runs[number])
        return [run for run in self._turned if run is not None]


def _without(pairs: Pairs, run: Pairs) -> Pairs:
    # Look up the fewer among the more.
    if not pairs.size or not run.size or run[0] > pairs[-1] or pairs[0] > run[-1]:
        return pairs
    if run.size < pairs.size:
        at = np.searchsorted(pairs, run)
        at = at[pairs[np.minimum(at, pairs.size - 1)] == run]
        return np.delete(pairs, at) if at.size else pairs
    at = np.searchsorted(run, pairs)
    at[at == run.size] = 0
    here = run[at] == pairs
    return pairs[~here] if here.any() else pairs


def _look_up(runs: list[Pairs], keys: Pairs, most: int | None) -> tuple[Pairs, Pairs]:
    places, others = [], []
    found = 0
    for run in runs:
        hit, start, count = _ranges(run, keys)
        total = int(count.sum())
        found += total
        if most is not None and found > most:
            raise TooWideError(found)
        if total:
            at = np.repeat(start - (np.cumsum(count) - count), count)
            at += np.arange(total)
            places.append(np.repeat(hit, count))
            others.append(run[at] & LOW)
    if len(places) == 1:
        return places[0], others[0]
    return (np.concatenate(places), np.concatenate(others)) if places else (EMPTY, EMPTY)


def _ranges(run: Pairs, keys: Pairs) -> tuple[Pairs, Pairs, Pairs]:
    # The places of the keys that the run has, where in it their pairs start, and how many there
    # are. For many keys a table of all terms is made; that is quicker than so many searches.
    top = int(run[-1] >> 32) + 2
    if keys.size * 8 < max(top, run.size):
        low = keys << 32
        start = np.searchsorted(run, low)
        count = np.searchsorted(run, low + LOW, side="right") - start
        hit = np.flatnonzero(count)
        return hit, start[hit], count[hit]
    counts = np.bincount(run >> 32, minlength=top)
    found = counts.take(keys, mode="clip")  # beyond the last key, to which none belong
    hit = np.flatnonzero(found)
    offsets = np.cumsum(counts) - counts
    return hit, offsets[keys[hit]], found[hit]
