"""What the commands write, and where."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path

from samsyn.errors import NotFoundError, UsageError


def write(data: bytes, path: str | None) -> None:
    """Write to a file, or to standard output where there is no path.

    Raises:
        UsageError: the file cannot be written.
    """
    if path is None:
        sys.stdout.flush()
        sys.stdout.buffer.write(data if data.endswith(b"\n") else data + b"\n")
        sys.stdout.buffer.flush()
        return
    try:
        Path(path).write_bytes(data)
    except OSError as error:
        raise UsageError(
            f"Cannot write {path}: {error.strerror}.",
            advice="Name a file in a folder that exists and that you may write to.",
        ) from error


def read(path: str) -> str:
    """Return the text of a file, or of standard input for ``-``.

    Raises:
        NotFoundError: there is no such file, or it cannot be read.
        UsageError: it is not UTF-8.
    """
    try:
        data = sys.stdin.buffer.read() if path == "-" else Path(path).read_bytes()
    except OSError as error:
        raise NotFoundError(
            f"Cannot read {path}: {error.strerror}.",
            advice="Give the path of a file, or - for standard input.",
        ) from error
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        name = "Standard input" if path == "-" else path
        raise UsageError(f"{name} is not UTF-8.", advice="Give it as UTF-8.") from error


def show(lines: Iterable[str]) -> None:
    """Write lines to standard output."""
    for line in lines:
        sys.stdout.write(line + "\n")
    sys.stdout.flush()


def tell(line: str) -> None:
    """Write a line to standard error, which is for people; to nobody where it is closed."""
    if sys.stderr is not None:
        sys.stderr.write(line + "\n")
        sys.stderr.flush()
