"""How much was done lately under each name, and how often something may be done.

The names are bounded in number: anyone who has many addresses fills no memory.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from math import ceil, inf
from time import monotonic
from typing import Final

MOST: Final = 4096
"""Names that are remembered; of more, those go that have been used least lately."""


class Levels:
    """Adds up an amount for each name, and forgets it at a constant rate (leaky buckets).

    Args:
        rate: what is forgotten of each in a second.
        most: what is remembered of each at most.
        names: names that are remembered.
        clock: gives the time, in seconds.
    """

    def __init__(
        self,
        rate: float,
        *,
        most: float = inf,
        names: int = MOST,
        clock: Callable[[], float] = monotonic,
    ) -> None:
        self.rate = rate
        self._most = most
        self._names = names
        self._clock = clock
        self._levels: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def __len__(self) -> int:
        """Return how many names are remembered."""
        return len(self._levels)

    def __getitem__(self, name: str) -> float:
        """Return what is remembered of a name."""
        level, since = self._levels.get(name, (0.0, 0.0))
        return max(0.0, level - self.rate * (self._clock() - since))

    def add(self, name: str, amount: float = 1) -> None:
        """Add to the amount of a name."""
        self._levels[name] = (min(self._most, self[name] + amount), self._clock())
        self._levels.move_to_end(name)
        while len(self._levels) > self._names:
            self._levels.popitem(last=False)


class Rates:
    """Token buckets. A bucket is full at first, loses one with each use, and fills by a rate.

    Args:
        rate: uses a second, in the long run.
        burst: uses at once, by anyone who has been quiet for long.
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
        self.burst = burst
        self._used = Levels(rate, names=most, clock=clock)

    def __len__(self) -> int:
        """Return how many names are remembered."""
        return len(self._used)

    def take(self, name: str = "") -> bool:
        """Use one, if there is one; tell whether there was."""
        free = self._used[name] + 1 <= self.burst
        # Who asks in vain is remembered too, and so never begins again with a full bucket.
        self._used.add(name, free)
        return free

    def wait(self, name: str = "") -> int:
        """Return in how many whole seconds there is one to use; 0: there is one."""
        return max(0, ceil((self._used[name] + 1 - self.burst) / self._used.rate))
