"""The subcommand ``export``: graphs of the dataset in a format of RDF."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from typing import TYPE_CHECKING, Final

from samsyn.cli import common, terminal
from samsyn.errors import UsageError

if TYPE_CHECKING:
    from samsyn.dataset.exact import Dataset

_PROVENANCE_STATUSES: Final = (
    "stated",
    "editorial",
    "contributed",
    "proposed",
    "inferred",
    "schema",
)


def define(sub: ArgumentParser) -> None:
    """Define the options of ``samsyn export``."""
    sub.add_argument(
        "--format", choices=common.GRAPH_FORMATS, default="nquads", help="default: nquads"
    )
    sub.add_argument(
        "--graph",
        action="append",
        metavar="GRAPH",
        help="IRI of a graph, or its end (stated/networks); may be repeated",
    )
    sub.add_argument(
        "--provenance-status",
        action="append",
        choices=_PROVENANCE_STATUSES,
        help="all graphs of a provenance status",
    )
    common.output(sub)


def export(options: Namespace) -> int:
    """Write graphs, all of them or those chosen by name or provenance status."""
    from samsyn.dataset.exact import FORMATS, serialize

    dataset = common.closed_dataset()
    chosen = _chosen(dataset, options.graph, options.provenance_status)
    # Without named graphs in the format, a triple that is in two graphs is written once.
    with_graphs = FORMATS[options.format].supports_datasets
    if not with_graphs and len({graph.provenance_status for graph in chosen.graphs.values()}) > 1:
        terminal.tell(
            f"{options.format} has no named graphs: stated, proposed and inferred triples can no"
            " longer be told apart; choose with --provenance-status, or write nquads or trig"
        )
    items = chosen.quads() if with_graphs else chosen.triples()
    terminal.write(serialize(items, options.format, prefixes=dataset.prefixes), options.output)
    return 0


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
