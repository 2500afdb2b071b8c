"""The subcommands on what follows: close, closure plan, explain, scenario."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from samsyn import terminal
from samsyn.errors import UsageError
from samsyn.layout import Layout
from samsyn.memory import uncollected

if TYPE_CHECKING:
    from samsyn.closure.explanation.explainer import Explanation
    from samsyn.closure.graph import ClosedGraph
    from samsyn.dataset.exact import Triple
    from samsyn.ownfiles import OwnFiles


@uncollected()
def close(options: Namespace) -> int:
    """Write what follows: from files of your own, or from the repository's facts."""
    from samsyn.closure.graph import ClosedGraph
    from samsyn.closure.interface import chosen_rules
    from samsyn.dataset.exact import load, serialize

    form = options.format or _form(options.output)
    _check_files(options)
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
    own = _own_files(options)
    rules = chosen_rules(options.rules)
    closed = ClosedGraph(own.triples(), rules, options.limit)
    told = list(own.own(closed, rules))
    new = [triple for triple in told if triple not in own.stated]
    known = {name: iri for name, iri in own.prefixes.items() if name or form == "turtle"}
    shown = new if options.only_new else told
    terminal.write(serialize(shown, form, prefixes=known), options.output)
    if not new:
        terminal.tell("note: Nothing new follows from these files.")
    return _report(closed, own, allowed=options.allow_clashes)


def _own_files(options: Namespace) -> OwnFiles:
    from samsyn.dataset.contexts import Contexts
    from samsyn.ownfiles import OwnFiles

    paths = [Path(name) for name in options.files]
    return OwnFiles(paths, Contexts.of(options.context), with_ontology=options.with_ontology)


def _form(output: str | None) -> str:
    from samsyn.dataset.exact import SUFFIXES

    form = SUFFIXES.get(Path(output or "").suffix.lower(), "turtle")
    # Triples alone are written; what has none but them is TriG and N-Quads too.
    return {"trig": "turtle", "nquads": "ntriples"}.get(form, form)


def _check_files(options: Namespace) -> None:
    if options.with_ontology and not options.files:
        raise UsageError(
            "--with-ontology takes the ontology along with files, and none are given.",
            advice="Leave it away: the repository's facts have it.",
        )


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


def closure(options: Namespace) -> int:
    """Print the plan that the rules become for an ontology."""
    from samsyn.closure.graph import ClosedGraph
    from samsyn.closure.interface import chosen_rules

    _check_files(options)
    triples: list[Triple] = []
    if options.files:
        own = _own_files(options)
        triples += own.triples()
        for note in own.notes():
            terminal.tell(f"note: {note}")
    else:
        from samsyn.closure import inputs
        from samsyn.dataset.exact import load

        triples += inputs(load(Layout.find())).triples()
    terminal.show(ClosedGraph(triples, chosen_rules(options.rules)).plan())
    return 0


def explain(options: Namespace) -> int:
    """Say why a triple follows, down to the passages of the brief, or what is missing for it."""
    from samsyn.closure import inputs
    from samsyn.closure.explanation import asking
    from samsyn.closure.scenario.following import Scenarios
    from samsyn.dataset.exact import load, load_scenario

    terms = (options.subject, options.property, options.object)
    if options.files and options.follow:
        raise UsageError("--follow is about the repository's facts, not about files.")
    _check_files(options)
    if options.files:
        told, prefixes = _explained(options)
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


def _explained(options: Namespace) -> tuple[Explanation, Mapping[str, str]]:
    from samsyn.closure.explanation import asking
    from samsyn.closure.interface import chosen_rules

    own = _own_files(options)
    fact = asking.fact_of(options.subject, options.property, options.object, own.prefixes)
    rules = chosen_rules(options.rules)
    told = asking.of_triples(own.triples(), rules, own.ontology).explain(fact)
    if told.proof is None:
        for note in own.notes():
            terminal.tell(f"note: {note}")
        return told, own.prefixes
    leaves = [step.conclusion for step in told.proof.steps() if step.rule is None]
    return replace(told, places=own.places(leaves)), own.prefixes


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
