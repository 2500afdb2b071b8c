"""The names of the files that :mod:`benchmarks.material` writes."""

from __future__ import annotations

from typing import Final

ONTOLOGY: Final = "ontology.nt"
CLOSED: Final = "closed.nt"
PROFILES: Final = ("linking", "core")


def all_shapes(profile: str) -> str:
    """Return the name of the file of a profile's shapes without the mark that no engine knows."""
    return f"{profile}-all.nt"


def after_closure(profile: str) -> str:
    """Return the name of the file of those that look at what follows from data."""
    return f"{profile}-after.nt"
