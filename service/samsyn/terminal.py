"""What the commands write, and where."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path

from samsyn.errors import ToolError


def write(data: bytes, path: str | None) -> None:
    """Write to a file, or to standard output where there is no path.

    Raises:
        ToolError: the file cannot be written.
    """
    if path is None:
        sys.stdout.flush()
        sys.stdout.buffer.write(data if data.endswith(b"\n") else data + b"\n")
        sys.stdout.buffer.flush()
        return
    try:
        Path(path).write_bytes(data)
    except OSError as error:
        raise ToolError(f"Cannot write {path}: {error.strerror}.") from error


def show(lines: Iterable[str]) -> None:
    """Write lines to standard output."""
    for line in lines:
        sys.stdout.write(line + "\n")
    sys.stdout.flush()


def tell(line: str) -> None:
    """Write a line to standard error, which is for people."""
    sys.stderr.write(line + "\n")
    sys.stderr.flush()
