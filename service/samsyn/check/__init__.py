"""Rules on the repository itself: layout, prefixes, labels, headers, names, generated files.

``samsyn check`` prints what :func:`run` finds, and ``samsyn check --write`` writes the files that
are made from others (:func:`write`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from samsyn import links, names
from samsyn.check import files, labels, mappings, pages, queries
from samsyn.check.finding import RULES, Finding
from samsyn.dataset.exact import Dataset, load
from samsyn.errors import ToolError
from samsyn.layout import Layout

__all__ = ["RULES", "Finding", "run", "write"]

_NAMED: Final = ("ontology", "data", "links", "shapes", "queries", "service", "tests")
"""The folders whose files are named by the rule."""
_RDF: Final = ("ontology", "data", "links", "shapes")
"""The folders whose Turtle is laid out by the rule."""


def run(layout: Layout) -> list[Finding]:
    """Return every breach of the house's rules, by path and line.

    Args:
        layout: the folders of the repository.

    Raises:
        SourceError: a file cannot be read at all.
        ToolError: there is nothing to check.
    """
    dataset = load(layout)
    table = dataset.prefixes
    turtle = [path for folder in _RDF for path in sorted((layout.root / folder).rglob("*.ttl"))]
    if not turtle or not table:
        raise ToolError(
            f"There are no Turtle files, or no prefix table, under {layout.root}.",
            advice="Run this from a checkout.",
        )
    found = list(_turtle(layout.root, turtle, table))
    found += labels.check(graph for graph in dataset.graphs.values() if graph.path)
    found += _queries(layout, table)
    found += _links(layout, dataset, table)
    found += files.check_names(_named(layout.root))
    return sorted(set(found))


def _turtle(root: Path, paths: list[Path], table: Mapping[str, str]) -> Iterator[Finding]:
    for path in paths:
        where = path.relative_to(root).as_posix()
        generated = path.name == links.LINKSET
        yield from pages.check(where, path.read_text("utf-8"), table, generated=generated)


def _queries(layout: Layout, table: Mapping[str, str]) -> Iterator[Finding]:
    for path in sorted(layout.queries.glob("*.rq")):
        where = path.relative_to(layout.root).as_posix()
        yield from queries.check(where, path.read_text("utf-8"), table)


def _links(layout: Layout, dataset: Dataset, table: Mapping[str, str]) -> Iterator[Finding]:
    known = {
        str(getattr(triple.subject, "value", ""))
        for graph in dataset.graphs.values()
        if not graph.iri.startswith(names.GRAPH + "links/")
        for triple in graph.triples
    }
    for source in links.sources(layout):
        where = source.relative_to(layout.root).as_posix()
        yield from mappings.check(where, links.read_mappings(source), table, known)
    yield from files.check_made(layout.root, links.linksets(layout, table))


def _named(root: Path) -> list[Path]:
    paths = [path for folder in _NAMED for path in sorted((root / folder).rglob("*"))]
    return [
        path.relative_to(root)
        for path in paths
        if path.is_file() and not {"__pycache__", "node_modules"} & set(path.parts)
    ]


def write(layout: Layout) -> list[Path]:
    """Write the files that are made from others, and return those that changed.

    Args:
        layout: the folders of the repository.

    Raises:
        SourceError: a source cannot be read.
    """
    changed = []
    for path, content in links.linksets(layout, load(layout).prefixes).items():
        if not path.is_file() or path.read_bytes() != content:
            path.write_bytes(content)
            changed.append(path)
    return changed
