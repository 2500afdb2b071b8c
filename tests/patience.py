"""A long time, after which what has not come to an end never will.

No test of the gate says how fast something is: a machine may be slow or busy. What a test does say
is that work ends at all, where it would go on for hours if it grew with the square of its input.
Tests marked `timed` do measure; `make soak` runs them, on a machine that has nothing else to do.
"""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NoReturn

LONG = 600
"""Seconds."""


@contextmanager
def ending(seconds: int = LONG) -> Iterator[None]:
    """Fail if what is inside has not come to an end after a long time."""

    def late(*_: object) -> NoReturn:
        raise AssertionError(f"it has not come to an end after {seconds} seconds")

    before = signal.signal(signal.SIGALRM, late)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)
