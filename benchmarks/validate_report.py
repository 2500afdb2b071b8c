"""The results of ``benchmarks.validate`` as a page."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Final

from benchmarks import partner
from benchmarks.agreement import Agreement
from benchmarks.report import machine
from benchmarks.validate_rows import OURS, PEER, Row

VERSION: Final = "`samsyn --version`"
REPOSITORY: Final = "this repository"
SECONDS: Final = {VERSION: 0.1, REPOSITORY: 1.0}
"""Within how many seconds ours must have ended."""
TIMES: Final = {10_000: 100.0, 100_000: 200.0}
"""How many times as long the peer must take, by triples."""
GREAT: Final = 1_000_000
GREAT_SECONDS: Final = 40.0
GREAT_BYTES: Final = 2e9
_TEXT: Final = """\
# Validation: `samsyn validate` beside pySHACL

Made by `make bench-validate`; not edited by hand. Each run is a whole process, from the shell to
its end: start, reading, inference, shapes, places in the file, output. Ours has {runs} runs on each
input, of which the medians are shown; `pyshacl` has one, with its own inference by owlrl, and one
that does not end in {limit:.0f} s counts as that long.

The dataset is that of a partner ({kinds} kinds of faults, one in a thousand triples), the same for
both; ours must report exactly the faults that were put in. Ours also looks up terms, finds
contradictions with their proofs and gives each finding its line and column. `pyshacl` gets the
ontology in one file (`-e`), and of the shapes of the profile only those that look at what follows:
those that must look at what was stated would find thousands of faults after its inference, which
would cost it more time.

Machine: {machine}. Versions: {versions}. {note}
"""
_HEAD: Final = (
    "| input | profile | program | wall s | cpu s | peak MB | ends | findings | slower |\n"
    "|---|---|---|--:|--:|--:|---|--:|--:|"
)


def report(
    rows: Sequence[Row], agreements: Iterable[Agreement], runs: int, limit: float, note: str
) -> str:
    """Write the page.

    Args:
        rows: the inputs with their runs.
        agreements: what both find in one closed graph.
        runs: how many runs ours has.
        limit: seconds that a run of the peer may take.
        note: a sentence of anyone who ran it.
    """
    text = _TEXT.format(
        runs=runs,
        limit=limit,
        kinds=len(partner.FAULTS),
        machine=machine(),
        versions=versions(),
        note=note,
    )
    lines = [text, "## Against the bars", "", *bars(rows), ""]
    lines += ["## Runs", "", _HEAD, *_runs(rows), ""]
    lines += ["## Whether both find the same", "", *_agreements(agreements), ""]
    return "\n".join(lines)


def bars(rows: Iterable[Row]) -> Iterator[str]:
    """Give a row for each bar."""
    yield "| input | profile | | measured | bar | |\n|---|---|---|--:|--:|---|"
    for row in rows:
        wall, peak = row.median(OURS, "wall"), row.median(OURS, "peak")
        if row.name in SECONDS:
            yield _bar(row, "wall s", wall, SECONDS[row.name], float.__lt__)
        if row.triples in TIMES:
            yield _bar(row, "times as fast", row.ratio, TIMES[row.triples], float.__ge__)
        if row.triples == GREAT:
            yield _bar(row, "wall s", wall, GREAT_SECONDS, float.__lt__)
            yield _bar(row, "peak MB", (peak or 0) / 1e6, GREAT_BYTES / 1e6, float.__lt__)


def _bar(
    row: Row, what: str, value: float | None, bar: float, meets: Callable[[float, float], bool]
) -> str:
    if value is None:
        return f"| {_name(row)} | {row.profile} | {what} | not measured | {bar:,g} | **missed** |"
    verdict = "met" if meets(float(value), bar) else "**missed**"
    return f"| {_name(row)} | {row.profile} | {what} | {_figure(value)} | {bar:,g} | {verdict} |"


def _runs(rows: Iterable[Row]) -> Iterator[str]:
    for row in rows:
        for program, runs in row.runs.items():
            wall, cpu, peak = (row.median(program, f) or 0 for f in ("wall", "cpu", "peak"))
            last = runs[-1]
            ends = "not in time" if last.code is None else f"with {last.code}"
            slower = f"{row.ratio:,.0f}" if program == PEER and row.ratio else ""
            slower = f"> {slower}" if last.code is None else slower
            figures = f"{_figure(wall)} | {_figure(cpu)} | {peak / 1e6:,.0f} | {ends}"
            found = "" if not row.triples or last.code is None else f"{last.findings:,}"
            yield f"| {_name(row)} | {row.profile} | {program} | {figures} | {found} | {slower} |"


def _name(row: Row) -> str:
    return f"{row.name}, {row.triples:,} triples" if row.triples else row.name


def _figure(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.2f}" if value >= 1 else f"{value:.3f}"  # noqa: PLR2004 (digits)


def _agreements(agreements: Iterable[Agreement]) -> Iterator[str]:
    yield (
        "Both commands got our closure of the smallest dataset as N-Triples, with all shapes of "
        "the profile and without inference. Results are compared by focus node, path, value, shape "
        "and component; the traps that tests/validation/test_traps.py lists would show here."
    )
    yield ""
    yield "| profile | triples | ours | pySHACL's | only ours | only pySHACL's | |"
    yield "|---|--:|--:|--:|--:|--:|---|"
    for each in agreements:
        if each.theirs is None:
            yield f"| {each.profile} | {each.triples:,} | {each.ours:,} | not in time | | | |"
            continue
        same = "the same" if each.only_ours == each.only_theirs == 0 else "**differ**"
        counts = f"{each.ours:,} | {each.theirs:,} | {each.only_ours:,} | {each.only_theirs:,}"
        yield f"| {each.profile} | {each.triples:,} | {counts} | {same} |"


def versions() -> str:
    """Name the programs and libraries with their versions."""
    from importlib.metadata import version

    packages = ("samsyn", "shacl", "pyoxigraph", "numpy", "pyshacl", "owlrl", "rdflib")
    return "; ".join(f"{name} {version(name)}" for name in packages)
