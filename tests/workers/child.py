"""A program in a process of its own."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Child:
    """What became of it."""

    returncode: int
    output: str
    errors: str


def run(program: str, root: Path) -> Child:
    """Run a program in Python, with the checkout at hand."""
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=root,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    return Child(done.returncode, done.stdout, done.stderr)
