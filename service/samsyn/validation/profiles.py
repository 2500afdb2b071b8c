"""The sets of shapes that come with the program, by name and version.

A profile for others is released: its file never changes, and a new version is a new file beside it
(``shapes/linking-2.ttl``), so that a check that is pinned as ``linking@1`` stays what it was.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Final

from samsyn import names
from samsyn.dataset.exact import Literal, Triple, parse
from samsyn.errors import UsageError
from samsyn.layout import Layout
from samsyn.positions.text import Texts
from samsyn.validation.options import PROFILES

DEFAULT: Final = "linking"
SYNTAX: Final = "syntax"
"""No shapes at all: files are read, and their terms looked up."""

_FILES: Final[Mapping[str, Mapping[str, tuple[str, ...]]]] = MappingProxyType(
    {
        "linking": {"1": ("linking-1.ttl",)},
        "core": {"1": ("linking-1.ttl", "core-1.ttl")},
        SYNTAX: {"": ()},
        "required": {"": ("required.ttl",)},
        # Its constraints use the prefixes that the required shapes declare.
        "advised": {"": ("required.ttl", "advised.ttl")},
    }
)
"""The files of each profile by version; the repository's own shapes have none."""

NAMES: Final = PROFILES
PREFIXES: Final = MappingProxyType({"linking": "Linked", "core": "Core"})
"""What the names of the shapes of each profile for others begin with; no other shape's does."""


@dataclass(frozen=True)
class Profile:
    """A set of shapes.

    Args:
        name: one of :data:`NAMES`.
        version: its version, empty for a profile that changes with the program.
        paths: its files, empty for the profile that has no shapes.
    """

    name: str
    version: str
    paths: tuple[Path, ...]

    def __str__(self) -> str:
        return f"{self.name}@{self.version}" if self.version else self.name

    @property
    def node(self) -> str:
        """The IRI under which its last file says what the profile is."""
        return f"{names.SHAPES}{self.name}-{self.version}" if self.version else ""

    def triples(self) -> tuple[Triple, ...]:
        """Read its shapes.

        Raises:
            SourceError: a file is not well formed.
        """
        return tuple(triple for path in self.paths for triple in _read(path))

    def texts(self, property_: str) -> Texts:
        """Return what its file says of it by a property, such as ``rdfs:label``, by language."""
        return tuple(sorted(_texts(self.triples(), self.node, property_)))


@cache
def _read(path: Path) -> tuple[Triple, ...]:
    return tuple(quad.triple for quad in parse(path.read_bytes(), "turtle", path=path.name))


def _texts(triples: tuple[Triple, ...], node: str, property_: str) -> Iterator[tuple[str, str]]:
    for triple in triples:
        about = str(triple.subject) == f"<{node}>" and triple.predicate.value == property_
        if about and isinstance(triple.object, Literal):
            yield triple.object.language or "", triple.object.value


def is_known(name: str) -> bool:
    """Return whether a name is that of a profile, with a version or without."""
    return name.partition("@")[0] in _FILES


def find(name: str, layout: Layout | None = None) -> Profile:
    """Return a profile.

    Args:
        name: its name for the newest version, or name and version as in ``linking@1``.
        layout: the folders of the repository; those of the running package if left out.

    Raises:
        UsageError: there is no such profile, or no such version of it.
        ToolError: the package was installed without its shapes.
    """
    known, _, wanted = name.partition("@")
    versions = _FILES.get(known, {})
    version = wanted if "@" in name else max(versions, key=_number, default="")
    if version not in versions or (not wanted and "@" in name):
        raise UsageError(f"There is no profile {name!r}.", advice=f"Profiles: {offered()}.")
    folder = (layout or Layout.find()).shapes
    return Profile(known, version, tuple(folder / file for file in versions[version]))


def _number(version: str) -> int:
    return int(version or 0)


def offered() -> str:
    """List the profiles with their versions, for a message."""
    return ", ".join(
        f"{name}@{version}" if version else name
        for name, versions in _FILES.items()
        for version in versions
    )
