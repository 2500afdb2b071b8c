"""The floor: how long it takes to sort as many numbers as a closure has triples.

Usage: python -m benchmarks.floor COUNT
"""

from __future__ import annotations

import sys
import time

import numpy as np


def floor(count: int) -> float:
    """Return the seconds to sort random numbers, mask repeated ones and keep the others."""
    numbers = np.random.default_rng(1).integers(0, 1 << 62, count)
    start = time.perf_counter()
    ordered = np.sort(numbers)
    keep = np.ones(count, bool)
    np.not_equal(ordered[1:], ordered[:-1], out=keep[1:])
    ordered = ordered[keep]
    return time.perf_counter() - start


if __name__ == "__main__":
    print(floor(int(sys.argv[1])))
