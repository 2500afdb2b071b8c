"""Closures kept on disk, by the content they were computed from.

A file is N-Triples under a first line with their digest, so that a damaged one is noticed and
computed anew. It is written aside and renamed, so that no reader sees half of it.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import Final

from samsyn.dataset.exact import Dataset, Triple, parse, serialize
from samsyn.errors import SourceError

# Raise it when the same inputs would give another result: other rules, other noise left out.
RULES_VERSION: Final = 1
_MARK: Final = b"# sha256 "


def folder() -> Path:
    """Return the user's cache folder for this program (XDG)."""
    home = os.environ.get("XDG_CACHE_HOME")
    return (Path(home) if home else Path.home() / ".cache") / "samsyn"


def key(engine: str, inputs: Dataset) -> str:
    """Name a result by everything it depends on."""
    return sha256(f"{RULES_VERSION} {engine} {inputs.revision}".encode()).hexdigest()


def read(name: str, where: Path | None) -> tuple[Triple, ...] | None:
    """Return a kept result, or None if there is none or it is damaged."""
    path = (where or folder()) / f"{name}.nt"
    try:
        head, _, body = path.read_bytes().partition(b"\n")
    except OSError:
        return None
    if head != _MARK + sha256(body).hexdigest().encode():
        return None
    with suppress(SourceError):
        return tuple(quad.triple for quad in parse(body, "ntriples"))
    return None


def write(name: str, triples: Iterable[Triple], where: Path | None) -> None:
    """Keep a result; where nothing can be written, do without."""
    target = where or folder()
    body = serialize(triples, "ntriples")
    with suppress(OSError):
        target.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=target, suffix=".new", delete=False) as file:
            file.write(_MARK + sha256(body).hexdigest().encode() + b"\n" + body)
        Path(file.name).replace(target / f"{name}.nt")
