"""``samsyn validate`` beside the ``pyshacl`` command: whole processes, from the shell to the end.

Usage: python -m benchmarks.validate [--quick] [--runs N] [--results FOLDER] [--note TEXT]
           [--most N]

The whole takes more than an hour, most of it pySHACL's, whose runs end after a quarter of an hour.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from benchmarks import partner
from benchmarks.agreement import Agreement, agreement
from benchmarks.files import ONTOLOGY, PROFILES, after_closure
from benchmarks.processes import Run, run
from benchmarks.validate_report import REPOSITORY, VERSION, report
from benchmarks.validate_rows import OURS, PEER, Row

ROOT: Final = Path(__file__).resolve().parent.parent
RESULTS: Final = ROOT / "benchmarks" / "results"
SIZES: Final = (10_000, 100_000, 1_000_000)
QUICK: Final = (1_000, 10_000)
LIMIT: Final = 900.0
"""Seconds that a run of the peer may take, and for which one counts that does not end."""
QUICK_LIMIT: Final = 60.0


class Bench:
    """Inputs, runs and what came out.

    Args:
        folder: where inputs are written.
        sizes: how many triples the partner's datasets have.
        runs: how often ours runs on each input.
        limit: seconds that a run of the peer may take.
    """

    def __init__(self, folder: Path, sizes: Iterable[int], runs: int, limit: float) -> None:
        self._folder, self._runs, self._limit = folder, runs, limit
        self.rows = [Row(VERSION), Row(REPOSITORY), *self._partners(sizes)]
        self.agreements: list[Agreement] = []

    def _partners(self, sizes: Iterable[int]) -> Iterator[Row]:
        for size in sizes:
            with self._file(size).open("w", encoding="utf-8") as file:
                file.writelines(partner.turtle(size))
            for profile in PROFILES:
                expected = sum(partner.expected(size, profile).values())
                yield Row("a partner's dataset", profile, size, expected)

    def _file(self, size: int) -> Path:
        return self._folder / f"partner-{size}.ttl"

    def own(self) -> None:
        """Run ours, in turns over all inputs, so that what else the machine does falls on all."""
        for _ in range(self._runs):
            for row in self.rows:
                done = self._run(row, OURS, [str(program(OURS)), *self._arguments(row)])
                if done.code not in (0, 1) or (row.triples and done.findings != row.expected):
                    raise SystemExit(f"{row.name} {row.profile}: {done.output[-2000:]}")

    def _arguments(self, row: Row) -> list[str]:
        if not row.triples:
            return ["--version"] if row.name == VERSION else ["validate"]
        return ["validate", str(self._file(row.triples)), "--shapes", row.profile]

    def prepare(self) -> None:
        """Write what the peer needs, in a process of its own."""
        command = [sys.executable, "-m", "benchmarks.material", str(self._folder)]
        subprocess.run([*command, str(self._file(self._smallest))], cwd=ROOT, check=True)  # noqa: S603 (our own program)

    def peer(self, most: int) -> None:
        """Run the peer, once on each dataset that has no more triples than that."""
        for row in self.rows:
            if 0 < row.triples <= most:
                shapes = str(self._folder / after_closure(row.profile))
                given = ["-s", shapes, "-e", str(self._folder / ONTOLOGY), "-i", "owlrl"]
                self._run(row, PEER, [str(program(PEER)), *given, str(self._file(row.triples))])

    def agree(self) -> None:
        """Compare what both find in our closure of the smallest dataset."""
        for profile in PROFILES:
            commands = program(OURS), program(PEER)
            self.agreements.append(agreement(*commands, profile, self._folder, self._limit))
            print(self.agreements[-1], file=sys.stderr, flush=True)

    @property
    def _smallest(self) -> int:
        return min(row.triples for row in self.rows if row.triples)

    def _run(self, row: Row, name: str, command: list[str]) -> Run:
        done = run(command, self._limit, ROOT)
        row.runs.setdefault(name, []).append(done)
        told = f"{done.wall:.2f} s, {done.cpu:.2f} s cpu, {done.peak / 1e6:.0f} MB, {done.code}"
        print(row.name, row.profile, row.triples, name, told, file=sys.stderr, flush=True)
        return done


def program(name: str) -> Path:
    """Return the command of that name beside this interpreter."""
    return Path(sys.executable).with_name(name)


def main() -> None:
    """Run everything and write the results."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--quick", action="store_true", help="small inputs, and a minute for each")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--results", type=Path, default=RESULTS)
    parser.add_argument("--note", default="")
    parser.add_argument("--most", type=int, default=SIZES[-1], help="spare the peer larger data")
    given = parser.parse_args()
    sizes, limit = (QUICK, QUICK_LIMIT) if given.quick else (SIZES, LIMIT)
    with TemporaryDirectory() as folder:
        bench = Bench(Path(folder), sizes, given.runs, limit)
        bench.own()
        bench.prepare()
        bench.agree()
        bench.peer(given.most)
    given.results.mkdir(parents=True, exist_ok=True)
    page = report(bench.rows, bench.agreements, given.runs, limit, given.note)
    (given.results / "validate.md").write_text(page, encoding="utf-8")


if __name__ == "__main__":
    main()
