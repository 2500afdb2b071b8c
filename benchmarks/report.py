"""The results as a table, and the plot."""

from __future__ import annotations

import os
import platform
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from benchmarks.closure_outcome import Outcome
from benchmarks.engines import LACKS
from benchmarks.plot import plot

_HEAD: Final = (
    "| input | engine | start s | load s | reasoning s | write s | peak MB | triples | slower | "
    "memory |\n|---|---|--:|--:|--:|--:|--:|--:|--:|--:|"
)
_TEXT: Final = """# Closure: this engine beside its peers

Made by `make bench-closure`; not edited by hand. Each run is a process of its own; this engine has
{runs} runs on each input, of which the medians are shown, the peers one each. *Reasoning* runs from
parsed terms in memory to all distinct triples as integers, `owl:sameAs` expanded; a peer hands over
terms, and cannot be timed without that. *Slower* and *memory* tell how many times as much a peer
takes. The *floor* is what numpy's sort and a mask take for as many random numbers of 64 bits as the
closure has triples.

Machine: {machine}. {note}
"""


def report(
    sizes: Mapping[str, Outcome],
    hard: Mapping[str, Outcome],
    ours: Mapping[str, Outcome],
    folder: Path,
    note: str,
) -> None:
    """Write ``closure.md`` and ``closure.svg`` to a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    runs = max((len(o.runs["samsyn"]) for o in (*sizes.values(), *hard.values())), default=0)
    lines = [_TEXT.format(runs=runs, machine=machine(), note=note)]
    lines += ["## Inputs that grow", "", _HEAD, *_rows(sizes), ""]
    lines += ["![Reasoning against the size of the answer](closure.svg)", ""]
    lines += ["## The floor", "", *_floors(sizes), ""]
    lines += ["## Hard inputs", "", _HEAD, *_rows(hard), ""]
    lines += ["## Our own graph", "", _HEAD, *_rows(ours), ""]
    lines += ["## Whether the closures agree", "", *_agreement({**sizes, **hard}), ""]
    (folder / "closure.md").write_text("\n".join(lines), encoding="utf-8")
    if sizes:
        axes = "triples in the closure", "seconds of reasoning"
        (folder / "closure.svg").write_text(plot(_series(sizes), *axes), encoding="utf-8")


def machine() -> str:
    """Return what the figures were taken on."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / (1 << 30)
    python = f"{platform.python_implementation()} {platform.python_version()}"
    load = os.getloadavg()[2]
    return (
        f"{os.cpu_count()} cores ({platform.machine()}), {memory:.0f} GB of memory, {python}; "
        f"load {load:.1f} over the last quarter of an hour, these runs included"
    )


def _rows(outcomes: Mapping[str, Outcome]) -> Iterator[str]:
    for name, outcome in outcomes.items():
        for engine, runs in outcome.runs.items():
            label = f"{name} ({outcome.stated:,})"
            if "failed" in runs[0]:
                yield f"| {label} | {engine} | | | {_failed(outcome, runs[0]['failed'])} | |"
            else:
                yield f"| {label} | {engine} | {' | '.join(_figures(outcome, engine))} |"


def _failed(outcome: Outcome, words: str) -> str:
    own, limit = outcome.median("samsyn", "reason"), words.removeprefix("over ").removesuffix(" s")
    slower = f"> {float(limit) / own:,.0f}" if own and limit.isdigit() else ""
    return f"{words} | | | | {slower}"


def _figures(outcome: Outcome, engine: str) -> Iterator[str]:
    for figure in ("start", "load", "reason", "write"):
        value = outcome.median(engine, figure)
        yield "" if value is None else f"{value:.2f}" if value >= 1 else f"{value:.3f}"
    yield f"{(outcome.median(engine, 'peak') or 0) / 1e6:,.0f}"
    yield f"{outcome.median(engine, 'triples') or 0:,.0f}"
    for figure in ("reason", "peak"):
        own, theirs = outcome.median("samsyn", figure), outcome.median(engine, figure)
        yield "" if engine == "samsyn" or not own or not theirs else f"{theirs / own:,.1f}"


def _floors(sizes: Mapping[str, Outcome]) -> Iterator[str]:
    yield "| input | floor s | reasoning / floor |\n|---|--:|--:|"
    for name, outcome in sizes.items():
        reason = outcome.median("samsyn", "reason") or 0
        yield f"| {name} | {outcome.floor:.4f} | {reason / outcome.floor:.1f} |"


def _agreement(outcomes: Mapping[str, Outcome]) -> Iterator[str]:
    yield (
        "Compared by a hash of the whole set, without what is only noise (that a thing is itself, "
        "its own sub-class or equal; that it is a thing; what the vocabularies say of their own "
        "terms), and with this engine's run without the rules that the peer lacks."
    )
    yield ""
    for peer, rules in LACKS.items():
        yield f"- {peer} lacks {', '.join(sorted(rules)) or 'none of the rules'}."
    yield "\n| input | peer | |\n|---|---|---|"
    for name, outcome in outcomes.items():
        for peer, words in outcome.agreement.items():
            yield f"| {name} | {peer} | {words} |"


def _series(sizes: Mapping[str, Outcome]) -> dict[str, list[tuple[float, float]]]:
    series: dict[str, list[tuple[float, float]]] = {}
    for outcome in sizes.values():
        for engine in outcome.runs:
            triples, seconds = (outcome.median(engine, figure) for figure in ("triples", "reason"))
            if triples and seconds:
                series.setdefault(engine, []).append((triples, seconds))
        triples = outcome.median("samsyn", "triples") or 1
        series.setdefault("floor", []).append((triples, outcome.floor))
    return series
