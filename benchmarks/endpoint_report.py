"""The results of the endpoint's benchmark as tables."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from benchmarks import load
from benchmarks.endpoint_figures import Cell, Measured
from benchmarks.questions import CLASSES, RULE
from benchmarks.report import machine
from benchmarks.servers import OURS, OXIGRAPH, RDFLIB, Server

BARS: Final[dict[tuple[str, str], dict[int, float]]] = {
    ("lookups", "cold"): {1: 1 / 4, 4: 1 / 4, 16: 1 / 4},
    ("lookups", "warm"): {1: 3 / 4, 4: 3 / 4, 16: 1},
    ("chains", "cold"): {1: 1 / 2, 4: 1 / 2, 16: 1 / 2},
    ("chains", "warm"): {1: 1, 4: 1, 16: 1},
    ("aggregates", "cold"): {1: 2 / 3, 4: 2 / 3, 16: 2 / 3},
    ("aggregates", "warm"): {1: 5, 4: 5, 16: 5},
}
"""What share of Oxigraph's rate is wanted, by class and mode and by clients."""
TIMES_RDFLIB: Final = {("chains", "cold"): 20.0, ("aggregates", "cold"): 20.0}
"""How many times rdflib-endpoint's rate is wanted."""
_TEXT: Final = """\
# Endpoint: this server beside its peers

Made by `make bench-endpoint`; not edited by hand. Three servers hold the same graph in memory, the
export of our closed one, and answer the same queries of the library, by GET and in JSON, to wrk on
the same machine: ours with all its limits on, Oxigraph's with `--union-default-graph`, and
rdflib-endpoint by its own command. Before and after the measurement all three gave the same rows to
every query. During it an answer of another status than 200 counts as failed, not as one, and a bar
is missed where any of ours failed. The servers took turns in {form};
every figure is the median over the rounds, a ratio that of the ratios within each round. Rates are
answers a second. rdflib-endpoint ends few queries in that time, so its figures are rough.

Warm: the same queries again and again. Cold: each query is new to every cache, for it ends in a
`LIMIT` above the number of its rows, another one each time. Such a limit is part of what is asked,
whatever a cache makes of blanks and comments, and costs nothing: Oxigraph's server, which has no
cache, is about as fast cold as warm.

{rule}

{classes}

Machine: {machine}. Versions: {versions}. {note}
"""


def report(measured: Measured, running: Sequence[Server], form: str, note: str) -> str:
    """Write the page.

    Args:
        measured: all figures.
        running: the servers, for their versions.
        form: how many rounds there were, in words.
        note: a sentence of anyone who ran it.
    """
    head = _TEXT.format(
        form=form,
        rule=RULE,
        classes="\n".join(f"- {kind}: {', '.join(names)}" for kind, names in CLASSES.items()),
        machine=machine(),
        versions="; ".join([*(f"{each.name} {each.version}" for each in running), load.version()]),
        note=note,
    )
    cells = list(dict.fromkeys(cell for cell, _ in measured.rounds))
    parts = [head, "## Against the bars", "", *_bars(measured, cells), ""]
    return "\n".join([*parts, "## All figures", "", *_figures(measured, cells), ""])


def _bars(measured: Measured, cells: Sequence[Cell]) -> Iterator[str]:
    yield "| class | cache | clients | peer | times its rate | bar | |"
    yield "|---|---|--:|---|--:|--:|---|"
    for cell in cells:
        kind, mode, clients = cell
        bars = {OXIGRAPH: BARS[kind, mode][clients], RDFLIB: TIMES_RDFLIB.get((kind, mode))}
        for peer, bar in bars.items():
            if bar is not None:
                ratio = measured.ratio(cell, OURS, peer)
                failed = measured.median(cell, OURS).failed
                verdict = "met" if ratio >= bar and not failed else "**missed**"
                what = f"{kind} | {mode} | {clients} | {peer}"
                yield f"| {what} | {ratio:,.2f} | {bar:.2f} | {verdict} |"


def _figures(measured: Measured, cells: Sequence[Cell]) -> Iterator[str]:
    yield "| class | cache | clients | server | rate | median ms | p99 ms | failed | by round |"
    yield "|---|---|--:|---|--:|--:|--:|--:|---|"
    for cell in cells:
        kind, mode, clients = cell
        for server in (OURS, OXIGRAPH, RDFLIB):
            figures = measured.median(cell, server)
            rates = ", ".join(f"{each.rate:,.0f}" for each in measured.rounds[cell, server])
            yield (
                f"| {kind} | {mode} | {clients} | {server} | {figures.rate:,.0f} "
                f"| {figures.median:.2f} | {figures.p99:.2f} | {figures.failed} | {rates} |"
            )
