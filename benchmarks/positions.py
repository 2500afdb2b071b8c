"""How long it takes to find places in large files, and how much memory.

``python -m benchmarks.positions`` writes a file of 100 MB in each of two syntaxes to a temporary
folder and looks for one quad in a thousand, each in a process of its own.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TextIO

SIZE = 100_000_000
LINE = '<http://example.org/thing/{0}> <http://example.org/ns#label> "the value {1} of this" .\n'
BLOCK = """\
t:thing-{0} a e:Thing ;
    e:label "thing {0} (å, ö)"@sv , "a thing, number {0}"@en ;
    e:value {0}.5 ;
    e:next t:thing-{1} .

"""
HEAD = "@prefix e: <http://example.org/ns#> .\n@prefix t: <http://example.org/thing/> .\n"
WORKER = """
import resource, sys, time
from samsyn.dataset.exact import DefaultGraph, Literal, NamedNode as N, Quad
from samsyn.names import RDF_TYPE
from samsyn.positions.locating import locate
path, form, blocks = sys.argv[1], sys.argv[2], int(sys.argv[3])
thing, space = "http://example.org/thing/", "http://example.org/ns#"
def quad(number):
    if form == "turtle":
        return Quad(N(f"{thing}thing-{number}"), N(RDF_TYPE), N(space + "Thing"), DefaultGraph())
    text = Literal(f"the value {number + 1} of this")
    return Quad(N(f"{thing}{number}"), N(space + "label"), text, DefaultGraph())
each = 5 if form == "turtle" else 1
wanted = {number * each: quad(number) for number in range(0, blocks, 1000 // each)}
with open(path, "rb") as file:
    start = time.perf_counter()
    found = locate(file, form, wanted, total=blocks * each)
seconds = time.perf_counter() - start
assert len(found) == len(wanted)
print(len(wanted), seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


def write(file: TextIO, form: str) -> int:
    """Write a file of the size that is asked for, and return how many blocks it has."""
    written = file.write(HEAD if form == "turtle" else "")
    number = 0
    while written < SIZE:
        block = BLOCK if form == "turtle" else LINE
        written += file.write(block.format(number, number + 1))
        number += 1
    return number


def main() -> None:
    """Print a row for each syntax: quads, places, seconds, megabytes."""
    with tempfile.TemporaryDirectory() as folder:
        for form in ("ntriples", "turtle"):
            path = Path(folder) / form
            with path.open("w", encoding="utf-8") as file:
                blocks = write(file, form)
            done = subprocess.run(  # noqa: S603  a program of our own
                [sys.executable, "-c", WORKER, str(path), form, str(blocks)],
                capture_output=True,
                text=True,
                check=True,
            )
            places, seconds, kilobytes = done.stdout.split()
            quads = blocks * (5 if form == "turtle" else 1)
            taken = f"{float(seconds):.1f} s, {int(kilobytes) // 1024} MB"
            print(f"{form}: {quads} quads, {places} places, {taken}")


if __name__ == "__main__":
    main()
