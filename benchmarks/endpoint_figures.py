"""The figures of the endpoints, round by round."""

from __future__ import annotations

from dataclasses import dataclass, field
from statistics import median

from benchmarks.load import Figures

Cell = tuple[str, str, int]


@dataclass
class Measured:
    """The figures of all rounds, by cell (class, mode, clients) and server."""

    rounds: dict[tuple[Cell, str], list[Figures]] = field(default_factory=dict)

    def add(self, cell: Cell, server: str, figures: Figures) -> None:
        """Add what one round brought."""
        self.rounds.setdefault((cell, server), []).append(figures)

    def median(self, cell: Cell, server: str) -> Figures:
        """Return the median of each figure over the rounds, and how many failed in all."""
        rounds = self.rounds[cell, server]
        return Figures(
            median(r.rate for r in rounds),
            median(r.median for r in rounds),
            median(r.p99 for r in rounds),
            sum(r.failed for r in rounds),
        )

    def ratio(self, cell: Cell, one: str, other: str) -> float:
        """Return how many times the rate of the other one server has.

        It is the median over the rounds, in each of which both were measured one after another.
        """
        pairs = zip(self.rounds[cell, one], self.rounds[cell, other], strict=True)
        return median(first.rate / second.rate for first, second in pairs)
