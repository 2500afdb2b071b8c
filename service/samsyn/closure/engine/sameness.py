"""Which terms are the same, by union-find: one of them stands for all.

Tarjan, R. (1975): Efficiency of a good but not linear set union algorithm. J. ACM 22(2).
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from samsyn.closure.engine.relation import EMPTY, LOW, Pairs, Relation, pack


class Sameness:
    """Classes of term numbers. The lowest number of a class represents it."""

    def __init__(self) -> None:
        # Terms beyond the end stand for themselves.
        self._up: Pairs = EMPTY
        self._members: Relation | None = None

    def __bool__(self) -> bool:
        return self._up.size > 0

    def find(self, term: int) -> int:
        """Return the representative of a term."""
        up = self._up
        if term >= up.size:
            return term
        while (above := int(up[term])) != term:
            up[term] = up[above]
            term = above
        return term

    def unite(self, merges: Iterable[tuple[int, int]]) -> set[int]:
        """Merge classes and return the terms that represent theirs no more."""
        changed = set()
        for one, other in merges:
            low, high = sorted((self.find(one), self.find(other)))
            if low != high:
                self._grow(high)
                self._up[high] = low
                changed.add(high)
        if changed:
            self._members = None
        return changed

    def _grow(self, term: int) -> None:
        size = self._up.size
        if term >= size:
            more = np.arange(size, max(2 * size, 2 * term, 1024), dtype=np.int64)
            self._up = np.concatenate((self._up, more))

    def roots(self, terms: Pairs) -> Pairs:
        """Return the representative of each term of a column."""
        if not self or not terms.size:
            return terms
        self._grow(int(terms.max()))
        roots = self._up[terms]
        while (roots != (further := self._up[roots])).any():
            roots = further
        return roots

    def renamed(self, pairs: Pairs) -> Pairs:
        """Return pairs with the representatives of their terms, in the order they came."""
        return pack(self.roots(pairs >> 32), self.roots(pairs & LOW)) if self else pairs

    def current(self, pairs: Pairs) -> Pairs:
        """Return the pairs whose terms both represent their class."""
        if not self or not pairs.size:
            return pairs
        keep = self.renamed(pairs) == pairs
        return pairs if keep.all() else pairs[keep]

    def names(self, term: int) -> list[int]:
        """Return all terms that are the same as a representative, itself among them."""
        found: list[int] = self.members().after(np.array([term]))[1].tolist()
        return found or [term]

    def members(self) -> Relation:
        """Return the pairs of representative and term, for classes of more than one."""
        if self._members is None:
            terms = np.arange(self._up.size, dtype=np.int64)
            roots = self.roots(terms)
            pairs = pack(roots, terms)[np.bincount(roots, minlength=1)[roots] > 1]
            pairs.sort()
            self._members = Relation(pairs)
        return self._members

    def expanded(self, pairs: Pairs) -> Pairs:
        """Return sorted pairs of representatives with all names of each, sorted."""
        if not self or not pairs.size:
            return pairs
        touched = self._is_plural(pairs >> 32) | self._is_plural(pairs & LOW)
        if not touched.any():
            return pairs
        few = pairs[touched]
        place, first = self._with_names(few >> 32)
        further, second = self._with_names((few & LOW)[place])
        full = np.concatenate((pairs[~touched], pack(first[further], second)))
        full.sort(kind="stable")
        return full

    def weight(self, pairs: Pairs) -> int:
        """Return how many pairs :meth:`expanded` would return."""
        if not self or not pairs.size:
            return int(pairs.size)
        self._grow(int(max((pairs >> 32).max(), (pairs & LOW).max())))
        weights = np.maximum(np.bincount(self.members().pairs() >> 32, minlength=self._up.size), 1)
        return int((weights[pairs >> 32] * weights[pairs & LOW]).sum())

    def with_names(self, terms: Pairs) -> Pairs:
        """Return all names of the terms, which represent their classes."""
        return self._with_names(terms)[1] if self and terms.size else terms

    def _is_plural(self, terms: Pairs) -> NDArray[np.bool_]:
        self._grow(int(terms.max()))
        plural = np.zeros(self._up.size, bool)
        plural[self.members().pairs() >> 32] = True
        return plural[terms]

    def _with_names(self, terms: Pairs) -> tuple[Pairs, Pairs]:
        # For each term its place and each of its names.
        alone = ~self._is_plural(terms)
        place, names = self.members().after(terms)
        places = np.concatenate((np.flatnonzero(alone), place))
        return places, np.concatenate((terms[alone], names))
