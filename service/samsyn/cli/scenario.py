"""The subcommand ``scenario``: what would change if recommendations were followed."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from samsyn.cli import common, terminal
from samsyn.layout import Layout


def define(sub: ArgumentParser) -> None:
    """Define the options of ``samsyn scenario``."""
    sub.add_argument("items", metavar="ITEM", nargs="+", help="recommendation items, such as R3.2")
    sub.add_argument(
        "--format", choices=("table", "csv", "json", *common.GRAPH_FORMATS), default="table"
    )
    sub.add_argument("--lang", choices=("sv", "en"), help="language of the table (default en)")
    common.output(sub)


def scenario(options: Namespace) -> int:
    """Report what would change if some recommendations were followed."""
    import json

    from samsyn.closure import inputs
    from samsyn.dataset import tables
    from samsyn.dataset.exact import load, load_scenario
    from samsyn.scenario.following import follow
    from samsyn.scenario.report import Account, rdf

    layout = Layout.find()
    dataset = load(layout)
    outcome = follow(inputs(dataset), dataset, load_scenario(layout), options.items)
    language = options.lang or "en"
    account = Account(outcome, tables.labels(dataset, language), dataset.prefixes, language)
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
