"""The closure engine beside its peers: runs, checks and the results table.

Usage: python -m benchmarks.closure [--only WORD] [--runs N]

Every run is a process of its own. The whole takes ten minutes at most: this engine's runs come
first, then those of the peers for as long as there is time.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Final

from benchmarks.closure_outcome import Figures, Outcome
from benchmarks.engines import LACKS
from benchmarks.hard import HARD
from benchmarks.networks import SIZES, actor_networks, write
from benchmarks.report import report

LIMIT: Final = 120.0
"""Seconds that a run of a peer may take."""
HARD_LIMIT: Final = 15.0
"""Seconds that a run of a peer on a hard input may take; there are many of these."""
WHOLE: Final = 600.0
"""Seconds that everything may take."""
OURS: Final = "this repository"
RESULTS: Final = Path(__file__).parent / "results"
PEERS: Final = tuple(LACKS)


class Bench:
    """Inputs, runs and what came out."""

    def __init__(self, folder: Path, only: str, runs: int) -> None:
        self._folder, self._runs, self._begun = folder, runs, time.monotonic()
        self._given_up: set[str] = set()
        self.sizes = {name: self._made(name, actor_networks(SIZES[name])) for name in SIZES}
        self.hard = {name: self._made(name, rows()) for name, rows in HARD.items() if only in name}
        self.sizes = {name: outcome for name, outcome in self.sizes.items() if only in name}
        self.ours = {OURS: Outcome(own_graph(self._file(OURS)))}

    def _made(self, name: str, rows: Iterator[tuple[str, str, str]]) -> Outcome:
        return Outcome(write(rows, self._file(name)))

    def _file(self, name: str) -> Path:
        return self._folder / f"{name.replace(' ', '-').replace(',', '')}.nt"

    @property
    def _left(self) -> float:
        return WHOLE - (time.monotonic() - self._begun)

    def own(self) -> None:
        """Run this engine, and measure the floor."""
        for name, outcome in {**self.sizes, **self.hard, **self.ours}.items():
            for number in range(self._runs):
                extra = ("--write", str(self._folder / "out.nt")) if number == 0 else ()
                self._run("samsyn", name, outcome, LIMIT, *extra)
            outcome.floor = floor(int(outcome.median("samsyn", "triples") or 1), self._runs)

    def peers(self) -> None:
        """Run the peers: the inputs that grow from the small one up, then the hard ones."""
        for name, outcome in self.sizes.items():
            for peer in PEERS:
                if peer not in self._given_up:
                    self._peer(peer, name, outcome, LIMIT)
                else:
                    outcome.runs[peer] = [{"failed": "spared"}]
        for name, outcome in self.hard.items():
            for peer in PEERS:
                self._peer(peer, name, outcome, HARD_LIMIT)

    def _peer(self, peer: str, name: str, outcome: Outcome, limit: float) -> None:
        if self._left < limit / 4:
            outcome.runs[peer] = [{"failed": "no time left"}]
            return
        figures = self._run(peer, name, outcome, min(limit, self._left), "--digest")
        if "failed" in figures:
            self._given_up.add(peer)
        else:
            outcome.agreement[peer] = self._agreement(peer, name, figures)

    def _agreement(self, peer: str, name: str, theirs: Figures) -> str:
        without = ",".join(sorted(LACKS[peer]))
        ours = self._run("samsyn", name, Outcome(0), LIMIT, "--digest", "--without", without)
        if ours["digest"] == theirs["digest"]:
            return "agrees"
        return f"differs: {ours['signal']:,} here, {theirs['signal']:,} there"

    def _run(self, engine: str, name: str, outcome: Outcome, limit: float, *extra: str) -> Figures:
        command = [sys.executable, "-m", "benchmarks.run", engine, str(self._file(name))]
        begun = ["--begun", repr(time.time())]
        try:
            done = subprocess.run(  # noqa: S603 (our own program)
                [*command, *begun, *extra], capture_output=True, timeout=limit, check=False
            )
            last = (done.stderr.decode().splitlines() or ["memory"])[-1]
            figures = json.loads(done.stdout) if done.returncode == 0 else {"failed": last[:60]}
        except subprocess.TimeoutExpired:
            figures = {"failed": f"over {limit:.0f} s"}
        outcome.runs.setdefault(engine, []).append(figures)
        print(f"{name}: {engine} {json.dumps(figures)}", file=sys.stderr, flush=True)
        return figures


def floor(count: int, runs: int) -> float:
    """Return the median seconds of :mod:`benchmarks.floor`, a process each time."""
    command = [sys.executable, "-m", "benchmarks.floor", str(count)]
    return median(
        float(subprocess.run(command, capture_output=True, check=True).stdout)  # noqa: S603
        for _ in range(runs)
    )


def own_graph(path: Path) -> int:
    """Write what is reasoned over in this repository as N-Triples, and return how many."""
    from samsyn.closure import inputs
    from samsyn.dataset.exact import load, serialize
    from samsyn.layout import Layout

    triples = inputs(load(Layout.find())).triples()
    path.write_bytes(serialize(triples, "ntriples"))
    return len(set(triples))


def main() -> None:
    """Run everything and write the results."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--only", default="")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--results", type=Path, default=RESULTS)
    parser.add_argument("--note", default="")
    given = parser.parse_args()
    with TemporaryDirectory() as folder:
        bench = Bench(Path(folder), given.only, given.runs)
        bench.own()
        bench.peers()
    report(bench.sizes, bench.hard, bench.ours, given.results, given.note)


if __name__ == "__main__":
    main()
