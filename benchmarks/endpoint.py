"""The endpoint beside its peers: the same graph, the same questions, the same load.

Usage: python -m benchmarks.endpoint [--quick]

The servers are measured by turns, in rounds, and medians over the rounds are shown, for a machine
is never quiet. The whole takes ten minutes at most.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final, TypeVar

from benchmarks.endpoint_figures import Cell, Measured
from benchmarks.endpoint_report import report
from benchmarks.load import LoadError, load
from benchmarks.questions import CLASSES, Question, differences, questions
from benchmarks.servers import Server, servers

CLIENTS: Final = (1, 4, 16)
MODES: Final = ("cold", "warm")
RESULTS: Final = Path(__file__).parent / "results" / "endpoint.md"

Item = TypeVar("Item")


def cells() -> Iterator[Cell]:
    """Yield what is measured in a round."""
    yield from product(CLASSES, MODES, CLIENTS)


def measure(
    asked: dict[str, list[Question]], running: list[Server], rounds: int, seconds: int, folder: Path
) -> Measured:
    """Measure every cell, server by server, as many rounds as told."""
    measured = Measured()
    for number in range(rounds):
        for kind, mode, clients in cells():
            targets = [question.target(cold=mode == "cold") for question in asked[kind]]
            # Each round begins with another server and another question.
            for server in _turned(running, number):
                server.rest()
                file = folder / "targets.txt"
                figures = load(server, _turned(targets, number), clients, seconds, file)
                measured.add((kind, mode, clients), server.name, figures)
                print(f"{kind} {mode} {clients} {server.name} {figures}", file=sys.stderr)
    return measured


def _turned(items: list[Item], number: int) -> list[Item]:
    start = number % len(items)
    return items[start:] + items[:start]


def check(asked: dict[str, list[Question]], running: list[Server]) -> None:
    """See that all servers answer all questions alike.

    Raises:
        LoadError: they do not; it says which.
    """
    found = differences([question for kind in asked.values() for question in kind], running)
    if found:
        raise LoadError("; ".join(found))


def main() -> int:
    """Run everything and write the results."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--quick", action="store_true", help="one round of a second each")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=int, default=2)
    parser.add_argument("--results", type=Path, default=RESULTS)
    parser.add_argument("--note", default="")
    given = parser.parse_args()
    rounds, seconds = (1, 1) if given.quick else (given.rounds, given.seconds)
    asked = questions()
    with TemporaryDirectory() as name, servers(Path(name)) as running:
        check(asked, running)
        measured = measure(asked, running, rounds, seconds, Path(name))
        check(asked, running)
        given.results.parent.mkdir(parents=True, exist_ok=True)
        form = f"{rounds} rounds of {seconds} s each"
        given.results.write_text(report(measured, running, form, given.note), encoding="utf-8")
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except LoadError as error:
        sys.exit(f"bench-endpoint: {error}")
