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


class Allowance:
    """What this process may use for each of its jobs.

    How large the process is is in a file that is opened once: a worker can open none later.

    Args:
        limits: the limits of a job.
    """

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self._file = os.open(_STATM, os.O_RDONLY | os.O_CLOEXEC)

    def __enter__(self) -> Allowance:
        """Have the file open."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the file."""
        os.close(self._file)

    def apply(self, cpu: int | None = None) -> None:
        """Put the limits on this process, counted from now; they hold until the next call.

        Args:
            cpu: seconds of processor time; None: those of the limits.
        """
        # The limit on time counts from the birth of the process.
        spent = ceil(time.process_time())
        _soft(resource.RLIMIT_CPU, spent + (self.limits.cpu if cpu is None else cpu))
        _soft(resource.RLIMIT_AS, self._size() + self.limits.memory)

    def cap(self) -> None:
        """Bound for good what this process can take, whatever the limits of its jobs become."""
        most = self._size() + 2 * self.limits.memory + _ROOM
        _, hard = resource.getrlimit(resource.RLIMIT_AS)
        bounded = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(resource.RLIMIT_AS, (bounded, bounded))

    def _size(self) -> int:
        # As bare as can be, since it is done for every job.
        return int(os.pread(self._file, 128, 0).split(b" ", 1)[0]) * _PAGE


def lift() -> None:
    """Take the limits from this process."""
    _soft(resource.RLIMIT_CPU, resource.RLIM_INFINITY)
    _soft(resource.RLIMIT_AS, resource.RLIM_INFINITY)


def _soft(kind: int, value: int) -> None:
    soft, hard = resource.getrlimit(kind)
    # Of the two, "no limit" is the larger, though its number is the smaller.
    known = [each for each in (value, hard) if each != resource.RLIM_INFINITY]
    bounded = min(known, default=resource.RLIM_INFINITY)
    if bounded != soft:
        resource.setrlimit(kind, (bounded, hard))


def peak() -> int:
    """Return the most memory that this process ever held, in bytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
