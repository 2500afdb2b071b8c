"""Whether ours and the peer find the same in one and the same closed graph."""

from __future__ import annotations

import sys
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from benchmarks.files import CLOSED, all_shapes
from benchmarks.processes import run
from samsyn import names

if TYPE_CHECKING:
    from samsyn.dataset.exact import Triple

_PARTS: Final = ("focusNode", "resultPath", "value", "sourceShape", "sourceConstraintComponent")

Key = tuple[str, ...]


@dataclass(frozen=True)
class Agreement:
    """What both find in the closure of a dataset.

    Args:
        profile: the shapes.
        triples: how many triples the closure has, the ontology's included.
        ours: how many results ours has.
        theirs: how many the peer has, None if it did not end.
        only_ours: how many of ours the peer lacks.
        only_theirs: how many of the peer's ours lacks.
    """

    profile: str
    triples: int
    ours: int
    theirs: int | None = None
    only_ours: int = 0
    only_theirs: int = 0


def agreement(ours: Path, peer: Path, profile: str, folder: Path, limit: float) -> Agreement:
    """Check a closed graph with both, and compare.

    Args:
        ours: the ``samsyn`` command.
        peer: the ``pyshacl`` command.
        profile: the shapes.
        folder: where :mod:`benchmarks.material` wrote to.
        limit: seconds that either may take.
    """
    from samsyn.dataset.exact import parse_triples

    closed, own, other = folder / CLOSED, folder / "ours.ttl", folder / "theirs.nt"
    told = [str(ours), "validate", str(closed), "--shapes", profile, "--infer", "none"]
    run([*told, "--report", f"turtle={own}"], limit, folder)
    given = [str(peer), "-s", str(folder / all_shapes(profile)), "-f", "nt", "-o", str(other)]
    done = run([*given, str(closed)], limit, folder)
    size = closed.read_bytes().count(b"\n")
    found = results(parse_triples(own.read_bytes(), "turtle"))
    if done.code not in (0, 1):
        print(done.output[-2000:], file=sys.stderr)
        return Agreement(profile, size, len(found))
    theirs = results(parse_triples(other.read_bytes(), "ntriples"))
    return Agreement(
        profile, size, len(found), len(theirs), len(found - theirs), len(theirs - found)
    )


def results(report: Iterable[Triple]) -> set[Key]:
    """Return the results of a SHACL report by what both programs tell of them.

    What ours finds without a shape, such as a misspelt term, is left out; and so is which blank
    node a compound path is.
    """
    from samsyn.dataset.exact import NamedNode

    nodes: dict[object, dict[str, object]] = defaultdict(dict)
    results_ = set()
    for triple in report:
        nodes[triple.subject][triple.predicate.value] = triple.object
        if triple.predicate.value == names.SH + "result":
            results_.add(triple.object)
    told = ([nodes[result].get(names.SH + part) for part in _PARTS] for result in results_)
    return {tuple(map(_text, key)) for key in told if isinstance(key[3], NamedNode)}


def _text(term: object) -> str:
    return str(term) if term is not None and not str(term).startswith("_:") else ""
