"""The processes of a server, seen through ``/proc``: what they hold, and which may be killed."""

from __future__ import annotations

import os
import signal
from contextlib import suppress
from pathlib import Path
from typing import Final

_PROC: Final = Path("/proc")
_WORKER: Final = 3
"""Generations from the server to its workers: it, what starts zygotes, the zygote, workers."""


def generations(server: int) -> list[set[int]]:
    """Return the server and its descendants, generation by generation."""
    parents: dict[int, int] = {}
    for folder in _PROC.iterdir():
        if folder.name.isdigit():
            with suppress(OSError):
                fields = (folder / "stat").read_text().rpartition(")")[2].split()
                parents[int(folder.name)] = int(fields[1])
    found = [{server}]
    while found[-1]:
        found.append({child for child, parent in parents.items() if parent in found[-1]})
    return found[:-1]


def workers(server: int) -> list[int]:
    """Return the workers of a server, and none of what it cannot do without."""
    found = generations(server)
    return sorted(found[_WORKER]) if len(found) > _WORKER else []


def kill(worker: int) -> None:
    """Kill a worker, as nothing of its own could."""
    with suppress(ProcessLookupError):
        os.kill(worker, signal.SIGKILL)


def memory(server: int) -> int:
    """Return the bytes that the server and all its descendants hold, what they share once."""
    return sum(_share(process) for generation in generations(server) for process in generation)


def _share(process: int) -> int:
    # Of a process that has just ended nothing can be read.
    with suppress(OSError):
        for line in (_PROC / str(process) / "smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) * 1024
    return 0
