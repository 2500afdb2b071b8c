"""A whole process, run and measured."""

from __future__ import annotations

import os
import resource
import subprocess
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

MEMORY: Final = 16 << 30
"""Bytes that a process may take up."""


@dataclass(frozen=True)
class Run:
    """What a process took.

    Args:
        wall: seconds on the clock; the limit where it did not end.
        cpu: seconds of all processors.
        peak: bytes of memory at the most.
        code: its exit code, None where it did not end in time.
        output: what it wrote.
    """

    wall: float
    cpu: float
    peak: int
    code: int | None
    output: str


def run(
    command: Sequence[str],
    limit: float,
    folder: Path,
    environment: Mapping[str, str] | None = None,
) -> Run:
    """Run a process.

    Args:
        command: the program and its arguments.
        limit: seconds after which it is ended.
        folder: where it runs.
        environment: its environment; this process's own if left out.
    """
    begun = time.perf_counter()
    with subprocess.Popen(  # noqa: S603 (our own command)
        command,
        cwd=folder,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        resource.prlimit(process.pid, resource.RLIMIT_AS, (MEMORY, MEMORY))
        late = threading.Event()
        timer = threading.Timer(limit, _end, (process, late))
        timer.start()
        assert process.stdout is not None
        output = process.stdout.read()
        # Only the call that takes the process off the system's list tells what it took.
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        timer.cancel()
    wall = time.perf_counter() - begun
    code = None if late.is_set() else process.returncode
    return Run(
        limit if code is None else wall,
        used.ru_utime + used.ru_stime,
        used.ru_maxrss * 1024,
        code,
        output,
    )


def _end(process: subprocess.Popen[str], late: threading.Event) -> None:
    late.set()
    process.kill()
