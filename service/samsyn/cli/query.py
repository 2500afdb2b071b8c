"""The subcommand ``query``: a query of the library by name, or one from a file."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Final

from samsyn.cli import common, terminal
from samsyn.errors import UsageError
from samsyn.layout import Layout

if TYPE_CHECKING:
    from samsyn.dataset.exact import Dataset
    from samsyn.library import Query
    from samsyn.library.words import Words
    from samsyn.sparql.index import Answer

_RESULT_FORMATS: Final = ("json", "xml", "csv", "tsv", *common.GRAPH_FORMATS)
_OF_PATHS: Final = frozenset("./\\")
"""Characters of paths that no name of the library has."""


def define(sub: ArgumentParser) -> None:
    """Define the options of ``samsyn query``."""
    sub.add_argument(
        "query",
        metavar="NAME|FILE",
        nargs="?",
        help="a query of the library by name or number (cq07), a file, or - for standard input",
    )
    sub.add_argument("--list", action="store_true", help="list the queries of the library")
    sub.add_argument(
        "--param",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="value of a parameter of a query of the library; may be repeated",
    )
    sub.add_argument("--format", choices=_RESULT_FORMATS, help="default: a table, or Turtle")
    common.language(sub, "show labels and headings in this language, not IRIs and variables")


def query(options: Namespace) -> int:
    """Ask a question: a query of the library by name, or SPARQL from a file."""
    from samsyn import library

    if options.list or not options.query:
        queries = library.load(Layout.find())
        language = options.lang or "en"
        terminal.show(
            f"{found.name}: {found.texts['question', language]}" for found in queries.values()
        )
        return 0
    if _is_file(options.query):
        return _from_file(options)
    chosen = library.find(library.load(Layout.find()), options.query)
    return _from_library(chosen, options)


def _is_file(name: str) -> bool:
    return name == "-" or bool(_OF_PATHS & set(name)) or Path(name).is_file()


def _from_file(options: Namespace) -> int:
    from samsyn import names
    from samsyn.sparql.index import Index

    if options.param:
        raise UsageError(
            f"--param {options.param[0]}: {options.query} is a file and has no parameters.",
            advice="Write the value into the file, or name a query of the library; "
            "`samsyn query --list` lists them.",
        )
    text = terminal.read(options.query)
    dataset = common.closed_dataset()
    # As at the endpoint, so that a query succeeds or fails alike.
    answer = Index(dataset).query(text, base=f"{names.BASE}sparql", prefixes=True)
    _show(answer, dataset, options.format, options.lang)
    return 0


def _from_library(chosen: Query, options: Namespace) -> int:
    from samsyn.sparql.index import Index

    values = dict(_pairs(options.param))
    if options.lang and "lang" in chosen.parameters:
        values.setdefault("lang", options.lang)
    bindings = chosen.bindings(values)
    dataset = common.closed_dataset()
    answer = Index(dataset).query(chosen.body, bindings=bindings)
    _show(answer, dataset, options.format, options.lang, chosen.words)
    return 0


def _show(
    answer: Answer,
    dataset: Dataset,
    form: str | None,
    language: str | None,
    words: Words | None = None,
) -> None:
    from samsyn.dataset import tables

    if form or answer.kind == "graph":
        terminal.write(answer.serialise(form or "turtle"), None)
        return
    if answer.kind == "ask":
        terminal.show(["yes" if answer.boolean else "no"])
        return
    known = tables.labels(dataset, language) if language else {}
    rows = (
        [tables.shown(row.get(name), dataset.prefixes, known) for name in answer.variables]
        for row in answer.rows()
    )
    headings = answer.variables
    if words is not None and language:
        headings = [words.column(name, language) for name in headings]
    terminal.show(tables.lines(headings, rows))


def _pairs(items: Iterable[str]) -> Iterator[tuple[str, str]]:
    for item in items:
        name, equals, value = item.partition("=")
        if not equals:
            raise UsageError(
                f"--param {item} is not name=value.",
                advice="Write --param NAME=VALUE; `samsyn query --list` lists the queries.",
            )
        yield name, value
