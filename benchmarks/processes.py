"""A whole process, run and measured.

The system counts what this process has taken up as the least of what those take that it starts, so
anyone who measures memory keeps small.
"""

from __future__ import annotations

import os
import re
import resource
import subprocess
import tempfile
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

MEMORY: Final = 16 << 30
"""Bytes that a process may take up."""
_FOUND: Final = re.compile(
    r"^Results \((\d+)\):$|(\d+) (?:violation|warning|info)s?\b(?=.*: checked )", re.M
)


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

    @property
    def findings(self) -> int:
        """How many findings the output tells of."""
        told = _FOUND.findall(self.output)
        return sum(int(one or other) for one, other in told)


def run(command: Sequence[str], limit: float, folder: Path) -> Run:
    """Run a process.

    Args:
        command: the program and its arguments.
        limit: seconds after which it is ended.
        folder: where it runs.
    """
    begun = time.perf_counter()
    late = threading.Event()
    with tempfile.TemporaryFile() as out:
        process = subprocess.Popen(  # noqa: S603 (our own command)
            command, cwd=folder, env=_environment(), stdout=out, stderr=subprocess.STDOUT
        )
        resource.prlimit(process.pid, resource.RLIMIT_AS, (MEMORY, MEMORY))
        timer = threading.Timer(limit, _end, (process, late))
        timer.start()
        # Only the call that takes the process off the system's list says what it took.
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        timer.cancel()
        out.seek(0)
        output = out.read().decode(errors="replace")
    wall = time.perf_counter() - begun
    code = None if late.is_set() else process.returncode
    return Run(
        limit if code is None else wall,
        used.ru_utime + used.ru_stime,
        used.ru_maxrss * 1024,
        code,
        output,
    )


def _environment() -> dict[str, str]:
    # What pip installs is compiled; a checkout is so after its first run, if that may be kept.
    return {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}


def _end(process: subprocess.Popen[bytes], late: threading.Event) -> None:
    late.set()
    process.kill()
