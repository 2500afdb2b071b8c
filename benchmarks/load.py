"""Load by wrk: as many clients as told, each asking again as soon as it has its answer."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from shutil import which
from typing import Final

from benchmarks.servers import Server

_SCRIPT: Final = Path(__file__).with_name("load.lua")
_SPACE: Final = 10_000_000
_starts = count(1)


class LoadError(Exception):
    """The load tool is missing, or the servers do not answer alike."""


@dataclass(frozen=True)
class Figures:
    """What came of one measurement.

    Args:
        rate: answers a second, of status 200.
        median: milliseconds within which half of the answers came.
        p99: milliseconds within which 99 of 100 came.
        failed: answers of another status, broken connections and those without an answer.
    """

    rate: float
    median: float
    p99: float
    failed: int = 0


def load(server: Server, targets: Sequence[str], clients: int, seconds: int, file: Path) -> Figures:
    """Ask a server for some seconds.

    Args:
        server: whom.
        targets: what is in the request lines behind the path, in turn.
        clients: how many ask at the same time.
        seconds: for how long.
        file: where the targets may be written.

    Raises:
        LoadError: wrk is missing or failed.
    """
    file.write_text("\n".join(targets) + "\n")
    # No number comes twice in a run: each measurement has a range of its own.
    start = str(next(_starts) * _SPACE)
    command = [_wrk(), "--threads", "1", "--connections", str(clients), "--timeout", "60s"]
    command += ["--duration", f"{seconds}s", "--script", str(_SCRIPT), server.endpoint]
    done = subprocess.run(  # noqa: S603 (a program that we looked up)
        [*command, "--", str(file), start], capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        raise LoadError(f"wrk failed: {done.stderr.strip() or done.stdout.strip()}")
    told = json.loads(done.stdout.strip().splitlines()[-1])
    # A slow server may not have ended anything; one answer is then the most that it was near to.
    good = max(told["answers"] - told["refused"], 1)
    failed = told["refused"] + told["broken"]
    return Figures(good / told["seconds"], told["median"], told["p99"], failed)


def version() -> str:
    """Return the version of wrk.

    Raises:
        LoadError: it is missing.
    """
    said = subprocess.run([_wrk(), "-v"], capture_output=True, text=True, check=False)  # noqa: S603
    return " ".join(said.stdout.split()[:2])


def _wrk() -> str:
    found = which("wrk")
    if found is None:
        raise LoadError("wrk is not installed; on Debian: apt-get install wrk")
    return found
