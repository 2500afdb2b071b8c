"""One run: a whole process that loads, reasons, and tells its figures as JSON.

Usage: python -m benchmarks.run ENGINE FILE --begun SECONDS [--digest] [--write FILE]
"""

from __future__ import annotations

import argparse
import json
import resource
import sys
import time
from hashlib import blake2b
from pathlib import Path
from typing import Final

from benchmarks.engines import ENGINES, Reasoner, Text
from benchmarks.networks import OWL, RDF, RDFS

MEMORY: Final = 12 << 30
_XSD: Final = "http://www.w3.org/2001/XMLSchema#"


def main(arguments: list[str]) -> None:
    """Run once."""
    parser = argparse.ArgumentParser()
    parser.add_argument("engine", choices=ENGINES)
    parser.add_argument("file", type=Path)
    parser.add_argument("--begun", type=float, required=True)
    parser.add_argument("--without", default="")
    parser.add_argument("--digest", action="store_true")
    parser.add_argument("--write", type=Path)
    parser.add_argument("--dump", type=Path)
    given = parser.parse_args(arguments)
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    made = ENGINES[given.engine]
    engine = made(frozenset(given.without.split(","))) if given.without else made()
    figures = {"start": time.time() - given.begun, **_measured(engine, given.file)}
    if given.write:
        figures["write"] = _seconds(lambda: engine.write(given.write))
    if given.digest:
        figures["digest"], figures["signal"] = digest(engine)
    if given.dump:
        given.dump.write_text("\n".join(sorted(map(" ".join, filter(is_signal, engine.rows())))))
    print(json.dumps(figures))


def _measured(engine: Reasoner, file: Path) -> dict[str, float]:
    figures = {"load": _seconds(lambda: engine.load(file)), "reason": _seconds(engine.reason)}
    return {**figures, "peak": _peak(), "triples": engine.count()}


def _peak() -> int:
    # What getrusage tells may be the peak of the process that started this one.
    status = Path("/proc/self/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0]) * 1024


def _seconds(act: object) -> float:
    start = time.perf_counter()
    act()  # type: ignore[operator]
    return time.perf_counter() - start


def digest(engine: Reasoner) -> tuple[str, int]:
    """Return a hash of the set of triples, whatever their order, and how many they are.

    What only makes noise is left out: see :func:`is_signal`.
    """
    total = count = 0
    for row in filter(is_signal, engine.rows()):
        total += int.from_bytes(blake2b("\n".join(row).encode(), digest_size=8).digest())
        count += 1
    return f"{total % (1 << 64):016x}", count


def is_signal(row: Text) -> bool:
    """Return whether a triple is more than noise.

    Noise is that a thing is itself, its own sub-class or equal, that it is a thing or resource, and
    what the vocabularies say of their own terms.
    """
    subject, predicate, object_ = row
    if subject.startswith((RDF, RDFS, OWL, _XSD)):
        return False
    if subject == object_ and predicate.startswith((RDFS, OWL)):
        return False
    return object_ not in {OWL + "Thing", RDFS + "Resource", RDFS + "Literal"}


if __name__ == "__main__":
    main(sys.argv[1:])
