"""The links to other datasets: SSSOM is the source, a linkset in Turtle its copy.

Each folder of ``links/`` is one target and holds both files.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from samsyn.layout import Layout
from samsyn.links.linkset import natural, render
from samsyn.links.sssom import COLUMNS, NO_TERM, MappingSet, Row, read_mappings

__all__ = [
    "COLUMNS",
    "LINKSET",
    "NO_TERM",
    "SOURCE",
    "MappingSet",
    "Row",
    "linksets",
    "natural",
    "read_mappings",
    "render",
    "sources",
]

SOURCE: Final = "mappings.sssom.tsv"
LINKSET: Final = "linkset.ttl"


def sources(layout: Layout) -> list[Path]:
    """Return the files of mappings, one in each folder of ``links``.

    Args:
        layout: the folders of the repository.
    """
    return sorted(layout.links.glob(f"*/{SOURCE}"))


def linksets(layout: Layout, prefixes: Mapping[str, str]) -> dict[Path, bytes]:
    """Return what the linkset of every target has to be, by its path.

    Args:
        layout: the folders of the repository.
        prefixes: the one prefix table.

    Raises:
        SourceError: a file of mappings cannot be read.
    """
    return {
        source.with_name(LINKSET): render(read_mappings(source), prefixes)
        for source in sources(layout)
    }
