"""The subcommands on what follows: close, closure plan, explain, scenario."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path
from typing import TYPE_CHECKING

from samsyn import terminal
from samsyn.errors import UsageError
from samsyn.layout import Layout

if TYPE_CHECKING:
    from samsyn.closure.graph import ClosedGraph
    from samsyn.dataset.exact import Triple


def close(options: Namespace) -> int:
    """Write what follows: from files of your own, or from the repository's facts."""
    from samsyn.dataset.exact import load, serialize

    form = options.format or _form(options.output)
    if not options.files:
        from samsyn.closure import close as close_dataset
        from samsyn.closure import inputs
        from samsyn.closure.contradiction import contradictions
        from samsyn.names import INFERRED

        dataset = load(Layout.find())
        for clash in contradictions(inputs(dataset)) if options.allow_clashes else ():
            terminal.tell(f"contradiction: {clash.words}")
        whole = close_dataset(dataset, allow_clashes=options.allow_clashes)
        graph = whole.graph(INFERRED)
        data = serialize(graph.triples, form, prefixes=whole.prefixes)
        terminal.write(data, options.output)
        terminal.tell(f"{len(graph.triples)} inferred triples")
        return 0
    from samsyn.closure.interface import close_files, prefixes_of
    from samsyn.dataset.contexts import Contexts

    paths = [Path(name) for name in options.files]
    contexts = Contexts.of(options.context)
    closed = close_files(paths, rules=options.rules, limit=options.limit, contexts=contexts)
    triples = [t for t in closed if not (options.only_new and t in closed.stated)]
    known = {name: iri for name, iri in prefixes_of(paths).items() if name or form == "turtle"}
    terminal.write(serialize(triples, form, prefixes=known), options.output)
    return _report(closed, allowed=options.allow_clashes)


def _form(output: str | None) -> str:
    from samsyn.dataset.exact import SUFFIXES

    form = SUFFIXES.get(Path(output or "").suffix.lower(), "turtle")
    # Triples alone are written; what has none but them is TriG and N-Quads too.
    return {"trig": "turtle", "nquads": "ntriples"}.get(form, form)


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
    from samsyn.dataset.contexts import Contexts

    contexts = Contexts.of(options.context)
    triples: list[Triple] = [t for name in options.files for t in read(Path(name), contexts)]
    if not options.files:
        from samsyn.closure import inputs
        from samsyn.dataset.exact import load

        triples = list(inputs(load(Layout.find())).triples())
    terminal.show(ClosedGraph(triples, chosen_rules(options.rules)).plan())
    return 0


def explain(options: Namespace) -> int:
    """Say why a triple follows, down to the passages of the brief, or what is missing for it."""
    from samsyn.closure import inputs
    from samsyn.closure.explanation import asking
    from samsyn.closure.interface import chosen_rules, read
    from samsyn.closure.scenario.following import Scenarios
    from samsyn.dataset.contexts import Contexts
    from samsyn.dataset.exact import load, load_scenario

    terms = (options.subject, options.property, options.object)
    if options.files and options.follow:
        raise UsageError("--follow is about the repository's facts, not about files.")
    if options.files:
        contexts = Contexts.of(options.context)
        triples = [t for name in options.files for t in read(Path(name), contexts)]
        explainer, prefixes = asking.of_triples(triples, chosen_rules(options.rules)), {}
    else:
        layout = Layout.find()
        dataset = load(layout)
        prefixes = dict(dataset.prefixes)
        scenarios = Scenarios(inputs(dataset), dataset, load_scenario(layout))
        follow = options.follow
        explainer = scenarios.explainer(follow) if follow else asking.explainer(dataset)
    told = explainer.explain(asking.fact_of(*terms, prefixes))
    language = options.lang or "en"
    terminal.write(asking.written(told, options.format, prefixes, language), options.output)
    return 0 if told.proof is not None else asking.DOES_NOT_FOLLOW


def scenario(options: Namespace) -> int:
    """Report what would change if some recommendations were followed."""
    import json

    from samsyn import table
    from samsyn.account import Account, rdf
    from samsyn.closure import inputs
    from samsyn.closure.scenario.following import follow
    from samsyn.dataset.exact import load, load_scenario

    layout = Layout.find()
    dataset = load(layout)
    outcome = follow(inputs(dataset), dataset, load_scenario(layout), options.items)
    language = options.lang or "en"
    account = Account(outcome, table.labels(dataset, language), dataset.prefixes, language)
    if options.format == "table":
        data = "".join(f"{line}\n" for line in account.lines()).encode()
    elif options.format == "csv":
        data = account.csv()
    elif options.format == "json":
        data = json.dumps(account.json(), ensure_ascii=False, indent=2).encode() + b"\n"
    else:
        data = rdf(outcome, options.format, dataset.prefixes)
    terminal.write(data, options.output)
    return 0
