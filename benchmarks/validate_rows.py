"""One row of the validation benchmark: an input with a profile, and its runs."""

from __future__ import annotations

from dataclasses import dataclass, field
from statistics import median
from typing import Final

from benchmarks.processes import Run

OURS: Final = "samsyn"
PEER: Final = "pyshacl"


@dataclass
class Row:
    """One input with one profile.

    Args:
        name: what is checked.
        profile: the profile, empty where none is chosen.
        triples: how many it has, nought if that does not matter.
        expected: how many findings ours must have.
        runs: the runs of each program.
    """

    name: str
    profile: str = ""
    triples: int = 0
    expected: int = 0
    runs: dict[str, list[Run]] = field(default_factory=dict)

    def median(self, program: str, figure: str) -> float | None:
        """Return the median of a figure over the runs of a program, None if there were none."""
        values = [getattr(each, figure) for each in self.runs.get(program, ())]
        return median(values) if values else None

    @property
    def ratio(self) -> float | None:
        """How many times as long the peer took."""
        ours, theirs = (self.median(program, "wall") for program in (OURS, PEER))
        return theirs / ours if ours and theirs else None
