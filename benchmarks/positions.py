"""How long it takes to find places in large files, and how much memory.

``python -m benchmarks.positions`` writes a file of 100 MB in each of two syntaxes to a temporary
folder and looks for one quad in a thousand, each in a process of its own.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
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
from samsyn.validation.positions.locating import locate
from samsyn.validation.positions.walk import Walk
from samsyn.validation.positions.window import Window
from samsyn.dataset.exact import parse
path, form, step = sys.argv[1], sys.argv[2], 1000
with open(path, "rb") as file:
    start = time.perf_counter()
    walk = Walk(Window(file), form, (), lambda *_: None)
    walk.run(to_the_end=True)
print(walk.count, time.perf_counter() - start, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


def write(file: TextIO, form: str) -> None:
    """Write a file of the size that is asked for."""
    written = file.write(HEAD if form == "turtle" else "")
    number = 0
    while written < SIZE:
        block = BLOCK if form == "turtle" else LINE
        written += file.write(block.format(number, number + 1))
        number += 1


def main() -> None:
    """Print a row for each syntax: quads, seconds, megabytes."""
    with tempfile.TemporaryDirectory() as folder:
        for form in ("ntriples", "turtle"):
            path = Path(folder) / form
            with path.open("w", encoding="utf-8") as file:
                write(file, form)
            done = subprocess.run(  # noqa: S603  a program of our own
                [sys.executable, "-c", WORKER, str(path), form],
                capture_output=True,
                text=True,
                check=True,
            )
            count, seconds, kilobytes = done.stdout.split()
            print(f"{form}: {count} quads, {float(seconds):.1f} s, {int(kilobytes) // 1024} MB")


if __name__ == "__main__":
    main()
