"""What the runs of ``benchmarks.validate`` need apart from the data, written to files.

Usage: python -m benchmarks.material FOLDER DATA

A process of its own, so that what it takes up is not counted as a program's that runs later.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from benchmarks.files import CLOSED, ONTOLOGY, PROFILES, after_closure, all_shapes
from samsyn import names
from samsyn.closure.graph import ClosedGraph
from samsyn.closure.rules import OWL_RL
from samsyn.closure.view import View
from samsyn.dataset.exact import Triple, parse_triples, serialize
from samsyn.layout import Layout
from samsyn.validation.configuration import of
from samsyn.validation.engines.targets import without_targets
from samsyn.validation.evaluation import SIMPLE
from samsyn.validation.options import Options

_LEFT_OUT: Final = frozenset({"prp-dom", "prp-rng"})


def main(folder: Path, data: Path) -> None:
    """Write all of it.

    Args:
        folder: where to.
        data: the dataset whose closure is written, in Turtle.
    """
    for profile in PROFILES:
        setup = of(Options(shapes=(profile,)), Layout.find()).setup
        marked = {t.subject for t in setup.shapes if str(t.object) == f"<{SIMPLE}>"}
        shapes = [t for t in setup.shapes if t.predicate.value != names.SH + "entailment"]
        _write(folder / all_shapes(profile), shapes)
        _write(folder / after_closure(profile), without_targets(shapes, marked))
    _write(folder / ONTOLOGY, setup.known)
    triples = parse_triples(data.read_bytes(), "turtle")
    rules = [rule for rule in OWL_RL if rule not in _LEFT_OUT]
    closed = View(ClosedGraph([*setup.known, *triples], rules))
    with (folder / CLOSED).open("w", encoding="ascii") as file:
        file.writelines(closed.lines())


def _write(path: Path, triples: Iterable[Triple]) -> None:
    path.write_bytes(serialize(triples, "ntriples"))


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
