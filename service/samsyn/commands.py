"""What each subcommand does: parsed options in, exit code out.

Imports that cost are made inside the functions, so that ``samsyn --version`` loads none of them.
"""

from __future__ import annotations

import os
from argparse import Namespace
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from socket import AF_INET, AF_INET6, create_server, socket
from typing import TYPE_CHECKING, Final

from samsyn import terminal
from samsyn.errors import UsageError
from samsyn.layout import Layout
from samsyn.settings import Settings

if TYPE_CHECKING:
    from samsyn.dataset.exact import Dataset
    from samsyn.dataset.index import Answer

LAST_PORT: Final = 65535


def serve(options: Namespace) -> int:
    """Build closure and index, then serve until interrupted."""
    from samsyn import resources, serving

    resources.open_standard()
    given = {name: getattr(options, name, None) for name, _, _ in Settings.table()}
    file = Path(options.config) if options.config else None
    settings = Settings.read(os.environ, file, **given)
    place = settings.metrics_place
    with (
        listening(settings.host, settings.port) as listener,
        listening(*place) if place else nullcontext() as metrics,
    ):
        return serving.serve(settings, listener, terminal.tell, metrics)


@contextmanager
def listening(host: str, port: int) -> Iterator[socket]:
    """Listen on an address before the slow work, so that a port in use is told at once.

    Raises:
        UsageError: the address cannot be had.
    """
    if not 0 <= port <= LAST_PORT:
        raise UsageError(f"There is no port {port}.", advice=f"Ports go from 0 to {LAST_PORT}.")
    family = AF_INET6 if ":" in host else AF_INET
    try:
        listener = create_server((host, port), family=family, backlog=128)
    except OSError as error:
        raise UsageError(
            f"Cannot listen on {host}:{port}: {error.strerror or error}.",
            advice="Choose another port with --port, or `make serve PORT=8080`.",
        ) from error
    with listener:
        yield listener


def query(options: Namespace) -> int:
    """Run a query from a file or from standard input."""
    from samsyn import names
    from samsyn.dataset.index import Index

    text = terminal.read(options.file)
    dataset = closed_dataset()
    # As at the endpoint, so that a query succeeds or fails alike.
    answer = Index(dataset).query(text, base=f"{names.BASE}sparql", prefixes=True)
    _show(answer, dataset, options.format, options.lang)
    return 0


def ask(options: Namespace) -> int:
    """Run a query of the library by name, or list them."""
    from samsyn import library
    from samsyn.dataset.index import Index

    queries = library.load(Layout.find())
    if options.list or not options.name:
        terminal.show(f"{found.name}: {found.question}" for found in queries.values())
        return 0
    chosen = library.find(queries, options.name)
    values = dict(_pairs(options.param))
    if options.lang and "lang" in chosen.parameters:
        values.setdefault("lang", options.lang)
    bindings = chosen.bindings(values)
    dataset = closed_dataset()
    _show(
        Index(dataset).query(chosen.body, bindings=bindings), dataset, options.format, options.lang
    )
    return 0


def check(options: Namespace) -> int:
    """Check the rules on the repository's files; with --write, write the generated ones first."""
    from samsyn import check as rules

    layout = _checkout()
    if options.write:
        terminal.show(f"wrote {path}" for path in rules.write(layout))
    findings = rules.run(layout)
    terminal.show(str(finding) for finding in findings)
    terminal.tell(f"{len(findings)} findings")
    return 1 if findings else 0


def export(options: Namespace) -> int:
    """Write graphs, all of them or those chosen by name or provenance status."""
    from samsyn.dataset.exact import FORMATS, serialize

    dataset = closed_dataset()
    chosen = _chosen(dataset, options.graph, options.provenance_status)
    # Without named graphs in the format, a triple that stands in two graphs is written once.
    with_graphs = FORMATS[options.format].supports_datasets
    if not with_graphs and len({graph.provenance_status for graph in chosen.graphs.values()}) > 1:
        terminal.tell(
            f"{options.format} has no named graphs: stated, proposed and inferred triples are told"
            " apart no more; choose with --provenance-status, or write nquads or trig"
        )
    items = chosen.quads() if with_graphs else chosen.triples()
    terminal.write(serialize(items, options.format, prefixes=dataset.prefixes), options.output)
    return 0


def verify_source(options: Namespace) -> int:
    """Check every recorded passage against a reader's own copy of the brief."""
    from samsyn import evidence
    from samsyn.dataset.exact import load

    text = evidence.read_copy(Path(options.file))
    recorded = evidence.read_passages(load(Layout.find()))
    if options.passage:
        first, last = options.passage
        found = evidence.passage(text, first, last, recorded)
        terminal.show([evidence.block(found, recorded=found in recorded)])
        return 0
    findings = evidence.verify(text, recorded)
    terminal.show(evidence.report(findings))
    return 0 if all(finding.holds for finding in findings) else 1


def closed_dataset() -> Dataset:
    """Return the repository's graphs with what follows from them."""
    from samsyn.closure import close as compute
    from samsyn.dataset.exact import load

    return compute(load(Layout.find()))


def _checkout() -> Layout:
    layout = Layout.find()
    if not layout.is_checkout:
        raise UsageError(
            "`samsyn check` looks at the files of a checkout, and this is an installed package.",
            advice="Clone the repository and run it there.",
        )
    return layout


def _chosen(
    dataset: Dataset, graphs: list[str] | None, provenance_statuses: list[str] | None
) -> Dataset:
    from samsyn import names
    from samsyn.dataset.exact import Dataset as Chosen

    if provenance_statuses and graphs:
        raise UsageError(
            "--graph and --provenance-status both choose graphs.",
            advice="Give the one or the other.",
        )
    if provenance_statuses:
        return dataset.select(
            *(
                names.PROVENANCE_STATUS + provenance_status
                for provenance_status in provenance_statuses
            )
        )
    if not graphs:
        return dataset
    iris = [name if "://" in name else names.GRAPH + name for name in graphs]
    return Chosen({iri: dataset.graph(iri) for iri in iris}, dataset.root)


def _show(answer: Answer, dataset: Dataset, form: str | None, language: str | None) -> None:
    from samsyn import table

    if form or answer.kind == "graph":
        terminal.write(answer.serialise(form or "turtle"), None)
        return
    if answer.kind == "ask":
        terminal.show(["yes" if answer.boolean else "no"])
        return
    known = table.labels(dataset, language) if language else {}
    rows = (
        [table.shown(row.get(name), dataset.prefixes, known) for name in answer.variables]
        for row in answer.rows()
    )
    terminal.show(table.lines(answer.variables, rows))


def _pairs(items: Iterable[str]) -> Iterator[tuple[str, str]]:
    for item in items:
        name, equals, value = item.partition("=")
        if not equals:
            raise UsageError(
                f"--param {item} is not name=value.",
                advice="Write --param NAME=VALUE; `samsyn ask --list` names the queries.",
            )
        yield name, value
