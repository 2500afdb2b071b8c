"""What one job may use: time, memory, size of its answer."""

from __future__ import annotations

import os
import resource
import time
from dataclasses import dataclass
from math import ceil
from typing import Final

_STATM: Final = "/proc/self/statm"
_PAGE: Final = resource.getpagesize()
_ROOM: Final = 256 * 1024 * 1024
"""Bytes of addresses that the jobs of a worker may leave taken, beside what one job may take."""


@dataclass(frozen=True)
class Limits:
    """What one job may use.

    Args:
        wall: seconds until it is killed; time in which it waits for its reader does not count.
        cpu: seconds of processor time, a whole number.
        memory: bytes beyond what its process had before.
        answer: bytes of the answer as sent.
    """

    wall: float = 10.0
    cpu: int = 10
    memory: int = 512 * 1024 * 1024
    answer: int = 1024 * 1024 * 1024


class Size:
    """The size of this process, from a file that is opened once: a worker opens none later."""

    def __init__(self) -> None:
        self._file = os.open(_STATM, os.O_RDONLY | os.O_CLOEXEC)

    def now(self) -> int:
        """Return the bytes of addresses that are taken."""
        # As bare as can be, since it is done for every job.
        return int(os.pread(self._file, 128, 0).split(b" ", 1)[0]) * _PAGE


def apply(limits: Limits, size: Size) -> None:
    """Put the limits on this process, counted from now; they hold until the next call."""
    # The limit on time counts from the birth of the process.
    spent = ceil(time.process_time())
    _soft(resource.RLIMIT_CPU, spent + limits.cpu)
    _soft(resource.RLIMIT_AS, size.now() + limits.memory)


def lift() -> None:
    """Take the limits from this process."""
    _soft(resource.RLIMIT_CPU, resource.RLIM_INFINITY)
    _soft(resource.RLIMIT_AS, resource.RLIM_INFINITY)


def _soft(kind: int, value: int) -> None:
    soft, hard = resource.getrlimit(kind)
    bounded = value if hard == resource.RLIM_INFINITY else min(value, hard)
    if bounded != soft:
        resource.setrlimit(kind, (bounded, hard))


def cap(limits: Limits, size: Size) -> None:
    """Bound for good what this process can take, whatever the limits of its jobs are set to."""
    most = size.now() + 2 * limits.memory + _ROOM
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    bounded = most if hard == resource.RLIM_INFINITY else min(most, hard)
    resource.setrlimit(resource.RLIMIT_AS, (bounded, bounded))


def peak() -> int:
    """Return the most memory that this process ever held, in bytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
