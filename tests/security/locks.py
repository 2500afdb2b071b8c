"""The lock files, read: which release of each package is installed, by which digests."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

SERVER = "requirements.txt"
BUILD = "requirements-build.txt"
WHEELS = "--only-binary :all:"
"""The line that keeps pip from building packages, for which it would fetch tools of its own."""


@dataclass(frozen=True)
class Pin:
    """One release of one package, as a lock names it.

    Args:
        requirement: the name, the version, and for which interpreters.
        hashes: the digests that pip accepts, each with its algorithm, as in ``sha256:…``.
    """

    requirement: Requirement
    hashes: tuple[str, ...]

    @property
    def name(self) -> str:
        """The name, normalised."""
        return canonicalize_name(self.requirement.name)

    @property
    def version(self) -> str:
        """The version, without the operator before it."""
        return str(self.requirement.specifier).removeprefix("==")

    @property
    def applies(self) -> bool:
        """Whether it is installed for the interpreter that runs."""
        marker = self.requirement.marker
        return marker is None or marker.evaluate()


def pins(lock: Path) -> list[Pin]:
    """Read a lock file.

    Args:
        lock: a file in pip's format of requirements, with digests.

    Raises:
        ValueError: a line is neither :data:`WHEELS`, a comment, nor a requirement with digests.
    """
    lines = lock.read_text(encoding="utf-8").replace("\\\n", " ").splitlines()
    return [_pin(line) for line in lines if line not in ("", WHEELS) and line[0] != "#"]


def _pin(line: str) -> Pin:
    release, *hashes = (word.strip() for word in line.split(" --hash="))
    if not hashes or " @ " in release:
        raise ValueError(f"Not a release with its digests: {line}")
    return Pin(Requirement(release), tuple(hashes))
