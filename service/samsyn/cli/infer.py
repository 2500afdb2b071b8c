"""The subcommand ``infer``: what follows from files, or from the repository's facts."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path
from typing import TYPE_CHECKING

from samsyn.cli import common, rules, terminal
from samsyn.cli.memory import uncollected
from samsyn.layout import Layout

if TYPE_CHECKING:
    from samsyn.cli.user_files import OwnFiles
    from samsyn.closure.graph import ClosedGraph
    from samsyn.dataset.exact import Triple


def define(sub: ArgumentParser) -> None:
    """Define the options of ``samsyn infer``."""
    sub.add_argument("files", metavar="FILE", nargs="*", help="default: the repository's facts")
    sub.add_argument(
        "--format",
        choices=common.GRAPH_FORMATS[:4],
        help="default: by the extension of the output, or turtle",
    )
    sub.add_argument("--only-new", action="store_true", help="leave out the triples of the files")
    sub.add_argument(
        "--plan", action="store_true", help="print the plan that the rules become, infer nothing"
    )
    sub.add_argument(
        "--limit", type=int, metavar="N", help="stop where there would be more triples"
    )
    sub.add_argument(
        "--allow-inconsistency",
        action="store_true",
        help="contradictions do not change the exit code",
    )
    rules.define(sub)
    common.output(sub)


@uncollected()
def infer(options: Namespace) -> int:
    """Infer what follows by OWL 2 RL or RDFS from files, or from the repository's facts."""
    if options.plan:
        return _plan(options)
    from samsyn.closure.graph import ClosedGraph
    from samsyn.closure.interface import chosen_rules
    from samsyn.dataset.exact import load, serialize

    form = options.format or _form(options.output)
    rules.check_files(options)
    if not options.files:
        from samsyn.closure import close as close_dataset
        from samsyn.closure import inputs
        from samsyn.closure.contradiction import contradictions
        from samsyn.names import INFERRED

        dataset = load(Layout.find())
        for clash in contradictions(inputs(dataset)) if options.allow_inconsistency else ():
            terminal.tell(f"contradiction: {clash.words}")
        whole = close_dataset(dataset, allow_inconsistency=options.allow_inconsistency)
        graph = whole.graph(INFERRED)
        data = serialize(graph.triples, form, prefixes=whole.prefixes)
        terminal.write(data, options.output)
        terminal.tell(f"{len(graph.triples)} inferred triples")
        return 0
    own = rules.user_files(options)
    chosen = chosen_rules(options.rules)
    closed = ClosedGraph(own.triples(), chosen, options.limit)
    told = list(own.own(closed, chosen))
    new = [triple for triple in told if triple not in own.stated]
    known = {name: iri for name, iri in own.prefixes.items() if name or form == "turtle"}
    shown = new if options.only_new else told
    terminal.write(serialize(shown, form, prefixes=known), options.output)
    if not new:
        terminal.tell("note: Nothing new follows from these files.")
    return _report(closed, own, allowed=options.allow_inconsistency)


def _form(output: str | None) -> str:
    from samsyn.dataset.exact import SUFFIXES

    form = SUFFIXES.get(Path(output or "").suffix.lower(), "turtle")
    # Triples alone are written; what has none but them is TriG and N-Quads too.
    return {"trig": "turtle", "nquads": "ntriples"}.get(form, form)


def _report(closed: ClosedGraph, own: OwnFiles, *, allowed: bool) -> int:
    from samsyn.closure.executors.memory import in_words

    for rule, count in sorted(closed.counts.items()):
        if count:
            terminal.tell(f"{rule:<12} {count:>12,}")
    clashes = [in_words(clash) for clash in closed.clashes()]
    for words in clashes:
        terminal.tell(f"contradiction: {words}")
    for note in own.notes():
        terminal.tell(f"note: {note}")
    along = f" with the ontology's {len(closed.stated - own.stated):,}" if own.ontology else ""
    terminal.tell(f"{len(own.stated):,} stated, {len(closed):,} in all{along}")
    return 1 if clashes and not allowed else 0


def _plan(options: Namespace) -> int:
    from samsyn.closure.graph import ClosedGraph
    from samsyn.closure.interface import chosen_rules

    rules.check_files(options)
    triples: list[Triple] = []
    if options.files:
        own = rules.user_files(options)
        triples += own.triples()
        for note in own.notes():
            terminal.tell(f"note: {note}")
    else:
        from samsyn.closure import inputs
        from samsyn.dataset.exact import load

        triples += inputs(load(Layout.find())).triples()
    terminal.show(ClosedGraph(triples, chosen_rules(options.rules)).plan())
    return 0
