"""The subcommands on what follows: close, closure plan, scenario."""

from __future__ import annotations

import csv
import io
from argparse import Namespace
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Final

from samsyn import terminal
from samsyn.layout import Layout

if TYPE_CHECKING:
    from samsyn.closure.graph import ClosedGraph
    from samsyn.closure.scenario import Outcome
    from samsyn.dataset.exact import Dataset, Triple

_COLUMNS: Final = {
    "en": ("who", "whom", "hops before", "hops after"),
    "sv": ("vem", "vad", "led före", "led efter"),
}
_NONE: Final = {"en": "no chain", "sv": "ingen kedja"}
_ASSUMING: Final = {"en": "assumption:", "sv": "antagande:"}
_NO_CHANGE: Final = {"en": "no chain changes", "sv": "ingen kedja ändras"}


def close(options: Namespace) -> int:
    """Write what follows: from files of your own, or from the repository's facts."""
    from samsyn.dataset.exact import load, serialize

    if not options.files:
        from samsyn.closure import close as close_dataset
        from samsyn.names import INFERRED

        whole = close_dataset(load(Layout.find()))
        graph = whole.graph(INFERRED)
        data = serialize(graph.triples, options.format, prefixes=whole.prefixes)
        terminal.write(data, options.output)
        terminal.tell(f"{len(graph.triples)} inferred triples")
        return 0
    from samsyn.closure.interface import close_files

    paths = [Path(name) for name in options.files]
    closed = close_files(paths, rules=options.rules, limit=options.limit)
    triples = [t for t in closed if not (options.only_new and t in closed.stated)]
    terminal.write(serialize(triples, options.format), options.output)
    return _report(closed, allowed=options.allow_clashes)


def _report(closed: ClosedGraph, *, allowed: bool) -> int:
    from samsyn.closure.executors.memory import in_words

    for rule, count in sorted(closed.counts.items()):
        if count:
            terminal.tell(f"{rule:<12} {count:>12,}")
    clashes = [in_words(clash) for clash in closed.clashes()]
    for words in clashes:
        terminal.tell(f"contradiction: {words}")
    terminal.tell(f"{len(closed.stated):,} stated, {len(closed):,} in all")
    return 1 if clashes and not allowed else 0


def closure(options: Namespace) -> int:
    """Print the plan that the rules become for an ontology."""
    from samsyn.closure.graph import ClosedGraph
    from samsyn.closure.interface import chosen_rules, read

    triples: list[Triple] = [t for name in options.files for t in read(Path(name))]
    if not options.files:
        from samsyn.closure import inputs
        from samsyn.dataset.exact import load

        triples = list(inputs(load(Layout.find())).triples())
    terminal.show(ClosedGraph(triples, chosen_rules(options.rules)).plan())
    return 0


def scenario(options: Namespace) -> int:
    """Report what would change if some recommendations were followed."""
    from samsyn import table
    from samsyn.closure import inputs
    from samsyn.closure.scenario import follow
    from samsyn.dataset.exact import load, load_graph, serialize

    layout = Layout.find()
    dataset = load(layout)
    lifting = load_graph(layout.ontology / "scenario.ttl", layout.root)
    outcome = follow(inputs(dataset), dataset, lifting, options.items)
    language = options.lang or "en"
    if options.format == "table":
        terminal.show(_table(outcome, dataset, language))
    elif options.format == "csv":
        terminal.write(_csv(outcome, table.labels(dataset, language)), options.output)
    else:
        data = serialize(outcome.gained, options.format, prefixes=dataset.prefixes)
        terminal.write(data, options.output)
    return 0


def _table(outcome: Outcome, dataset: Dataset, language: str) -> Iterator[str]:
    from samsyn import table

    known = table.labels(dataset, language)
    for bridge in outcome.assumptions:
        yield f"{_ASSUMING[language]} {known.get(bridge.value, bridge.value)}"
    if not outcome.changes:
        yield _NO_CHANGE[language]
        return
    rows = (
        [known.get(node, node) for node in (change.start.value, change.end.value)]
        + [_hops(change.before, language), str(change.after)]
        for change in outcome.changes
    )
    yield from table.lines(_COLUMNS[language], rows)


def _csv(outcome: Outcome, known: Mapping[str, str]) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(("start", "start_label", "end", "end_label", "before", "after"))
    for change in outcome.changes:
        start, end = change.start.value, change.end.value
        before = "" if change.before is None else change.before
        labelled = (start, known.get(start, ""), end, known.get(end, ""))
        writer.writerow((*labelled, before, change.after))
    return out.getvalue().encode()


def _hops(count: int | None, language: str) -> str:
    return _NONE[language] if count is None else str(count)
