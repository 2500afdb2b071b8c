"""The subcommand ``explain``: the proof of a triple, or what is missing for it."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from samsyn.cli import common, rules, terminal
from samsyn.errors import UsageError
from samsyn.layout import Layout

if TYPE_CHECKING:
    from samsyn.closure.explanation.explainer import Explanation


def define(sub: ArgumentParser) -> None:
    """Define the options of ``samsyn explain``."""
    sub.add_argument("subject", metavar="S", help="an IRI, or a prefixed name such as actor:x")
    sub.add_argument("property", metavar="P", help="the same, or a")
    sub.add_argument("object", metavar="O", help="the same, or a literal as in Turtle")
    sub.add_argument("files", metavar="FILE", nargs="*", help="default: the repository's facts")
    sub.add_argument(
        "--follow",
        action="append",
        metavar="ITEM",
        help="as if this recommendation item (R3.2) were followed; may be repeated",
    )
    sub.add_argument("--format", choices=("text", "turtle", "json"), default="text")
    sub.add_argument("--lang", choices=("sv", "en"), help="language of the reasons (default en)")
    rules.define(sub)
    common.output(sub)


def explain(options: Namespace) -> int:
    """Say why a triple follows, down to the passages of the brief, or what is missing for it."""
    from samsyn.closure import inputs
    from samsyn.closure.explanation import asking
    from samsyn.dataset.exact import load, load_scenario
    from samsyn.scenario.following import Scenarios

    terms = (options.subject, options.property, options.object)
    if options.files and options.follow:
        raise UsageError("--follow is about the repository's facts, not about files.")
    rules.check_files(options)
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

    own = rules.user_files(options)
    fact = asking.fact_of(options.subject, options.property, options.object, own.prefixes)
    chosen = chosen_rules(options.rules)
    told = asking.of_triples(own.triples(), chosen, own.ontology).explain(fact)
    if told.proof is None:
        for note in own.notes():
            terminal.tell(f"note: {note}")
        return told, own.prefixes
    leaves = [step.conclusion for step in told.proof.steps() if step.rule is None]
    return replace(told, places=own.places(leaves)), own.prefixes
