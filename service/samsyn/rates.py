"""How often something may be done: token buckets, one for each name, bounded in number."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from math import ceil
from time import monotonic
from typing import Final

MOST: Final = 4096
"""Names that are remembered; of more, those go that have been used least lately."""


class Rates:
    """Token buckets. A bucket is full at first, loses one with each use, and fills by a rate.

    Args:
        rate: uses a second, in the long run.
        burst: uses at once, by whoever has been quiet for long.
        most: names that are remembered.
        clock: gives the time, in seconds.
    """

    def __init__(
        self,
        rate: float,
        burst: float,
        *,
        most: int = MOST,
        clock: Callable[[], float] = monotonic,
    ) -> None:
        self.rate = rate
        self.burst = burst
        self._most = most
        self._clock = clock
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def __len__(self) -> int:
        """Return how many names are remembered."""
        return len(self._buckets)

    def take(self, name: str = "") -> bool:
        """Use one, if there is one; tell whether there was."""
        left = self._left(name)
        taken = left >= 1
        # Who asks in vain is remembered too, and so never begins anew with a full bucket.
        self._put(name, left - taken)
        return taken

    def wait(self, name: str = "") -> int:
        """Return in how many whole seconds there is one to use; 0: there is one."""
        return max(0, ceil((1 - self._left(name)) / self.rate))

    def used(self, name: str = "") -> bool:
        """Tell whether one was used that has not come back yet."""
        return self._left(name) < self.burst

    def _left(self, name: str) -> float:
        left, since = self._buckets.get(name, (self.burst, 0.0))
        return min(self.burst, left + (self._clock() - since) * self.rate)

    def _put(self, name: str, left: float) -> None:
        self._buckets[name] = (left, self._clock())
        self._buckets.move_to_end(name)
        while len(self._buckets) > self._most:
            self._buckets.popitem(last=False)
