"""Rules on the repository itself: layout, prefixes, labels, headers, names, generated files.

``samsyn lint`` prints what :func:`run` finds, and ``samsyn lint --write`` writes the files that
are made from others (:func:`write`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from samsyn import library, links, names
from samsyn.dataset.exact import Dataset, load
from samsyn.errors import ToolError
from samsyn.layout import Layout
from samsyn.library.words import FILE
from samsyn.library.words import read as read_words
from samsyn.lint import (
    catalogue,
    diagram,
    files,
    labels,
    mappings,
    pages,
    queries,
    questions,
    rulebook,
    vocabularies,
    words,
)
from samsyn.lint.finding import RULES, Finding
from samsyn.lint.turtle import read

__all__ = ["RULES", "Finding", "run", "write"]

_NAMED: Final = ("ontology", "data", "links", "shapes", "queries", "service", "tests")
"""The folders whose files are named by the rule."""
_WORDED: Final = (*_NAMED, "benchmarks", "deploy", "docs", "examples", "templates")
"""The folders whose texts keep to the word list."""
_RDF: Final = ("ontology", "data", "links", "shapes")
"""The folders whose Turtle is laid out by the rule."""


def run(layout: Layout) -> list[Finding]:
    """Return every breach of the house's rules, by path and line.

    Args:
        layout: the folders of the repository.

    Raises:
        SourceError: a file cannot be read at all.
        ToolError: there is nothing to check, or a page with a made part has lost its marks.
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
    found += _labels(layout.root, dataset)
    found += _queries(layout, table)
    found += _links(layout, dataset, table)
    found += files.check_made(layout.root, _made(layout, dataset))
    found += files.check_names(_named(layout.root))
    found += words.check(layout.root, _texts(layout.root), words.retired(dataset))
    return sorted(set(found))


def _turtle(root: Path, paths: list[Path], table: Mapping[str, str]) -> Iterator[Finding]:
    for path in paths:
        where = path.relative_to(root).as_posix()
        generated = path.name == links.LINKSET
        yield from pages.check(where, path.read_text("utf-8"), table, generated=generated)


def _labels(root: Path, dataset: Dataset) -> Iterator[Finding]:
    def line(path: str, iri: str) -> int:
        return read((root / path).read_text("utf-8")).line(iri)

    yield from labels.check((each for each in dataset.graphs.values() if each.path), line)


def _queries(layout: Layout, table: Mapping[str, str]) -> Iterator[Finding]:
    words_ = read_words(layout.queries / FILE)
    paths = sorted(layout.queries.glob("*.rq"))
    found = []
    for path in paths:
        where = path.relative_to(layout.root).as_posix()
        found += list(queries.check(where, path.read_text("utf-8"), table, words_))
    yield from found
    if not any(each.rule == "query-header" for each in found):
        yield from queries.check_words(map(library.read, paths), words_)


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


def _made(layout: Layout, dataset: Dataset) -> dict[Path, bytes]:
    """Return what the files that are made from others have to be, by path."""
    made = links.linksets(layout, dataset.prefixes)
    page = layout.root / diagram.PAGE
    if page.is_file():
        made[page] = diagram.place(page.read_text("utf-8"), dataset).encode()
    rules = layout.root / rulebook.PAGE
    if rules.is_file():
        made[rules] = rulebook.page().encode()
    terms = layout.root / vocabularies.PAGE
    if terms.is_file():
        made[terms] = vocabularies.listing().encode()
    glossary = layout.root / words.PAGE
    if glossary.is_file():
        made[glossary] = words.page(dataset).encode()
    validation = layout.root / catalogue.PAGE
    if validation.is_file():
        made[validation] = catalogue.page(layout).encode()
    readme = layout.root / questions.PAGE
    if readme.is_file():
        made[readme] = questions.place(readme.read_text("utf-8"), library.load(layout)).encode()
    return made


def _named(root: Path) -> list[Path]:
    paths = [path for folder in _NAMED for path in sorted((root / folder).rglob("*"))]
    return [
        path.relative_to(root)
        for path in paths
        if path.is_file() and not {"__pycache__", "node_modules"} & set(path.parts)
    ]


def _texts(root: Path) -> list[Path]:
    """List the files that are read for words: those at the top and in folders that are named."""
    paths = [path for path in sorted(root.iterdir()) if path.is_file()]
    paths += [path for folder in _WORDED for path in sorted((root / folder).rglob("*"))]
    ignored = {"__pycache__", "node_modules"}
    return [
        path
        for path in paths
        if path.is_file()
        and not ignored & set(path.parts)
        and not path.name.startswith((".", "requirements"))
    ]


def write(layout: Layout) -> list[Path]:
    """Write the files that are made from others, and return those that changed.

    Args:
        layout: the folders of the repository.

    Raises:
        SourceError: a source cannot be read.
        ToolError: a page with a made part has lost the marks around it.
    """
    changed = []
    for path, content in _made(layout, load(layout)).items():
        if not path.is_file() or path.read_bytes() != content:
            path.write_bytes(content)
            changed.append(path)
    return changed
