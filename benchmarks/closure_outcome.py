"""What is known of one input of the closure benchmark."""

from __future__ import annotations

from dataclasses import dataclass, field
from statistics import median
from typing import Any

Figures = dict[str, Any]


@dataclass
class Outcome:
    """What is known of one input.

    Args:
        stated: how many triples it has.
        runs: the figures of each run, by engine; what ended badly has ``failed`` alone.
        floor: seconds to sort as many numbers as the closure has triples.
        agreement: by peer, whether the closures agree but for the rules that it lacks.
    """

    stated: int
    runs: dict[str, list[Figures]] = field(default_factory=dict)
    floor: float = 0.0
    agreement: dict[str, str] = field(default_factory=dict)

    def median(self, engine: str, figure: str) -> float | None:
        """Return the median of a figure over the runs that came to an end."""
        values = [run[figure] for run in self.runs.get(engine, []) if figure in run]
        return median(values) if values else None
