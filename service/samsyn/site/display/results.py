"""Runs a query and writes its answer: the engine writes the formats, the page shows labels."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, Final
from urllib.parse import urlencode

from samsyn import media
from samsyn.dataset.exact import NamedNode
from samsyn.dataset.exact import Term as Node
from samsyn.errors import QueryError
from samsyn.http.answers import OFFERED, problem
from samsyn.http.problems import Problem
from samsyn.library.words import Words
from samsyn.site.display.views import Term, Views
from samsyn.sparql.index import Answer, Index, trailing_values

# A page of more rows than this is of no use to a reader; the files have them all, and it says so.
SHOWN: Final = 500

# A page counts no further, so that a huge answer costs it no memory.
COUNTED: Final = 10_000


@dataclass(frozen=True)
class Question:
    """One query to be run.

    Args:
        text: the query.
        default_graphs: graphs that replace FROM.
        named_graphs: graphs that replace FROM NAMED.
        bindings: values of variables.
        base: what relative IRIs are resolved against.
    """

    text: str
    default_graphs: tuple[str, ...] = ()
    named_graphs: tuple[str, ...] = ()
    bindings: Mapping[str, Node] = field(default_factory=dict)
    base: str | None = None

    def address(self, path: str, **others: str) -> str:
        """Return the address that asks this question, its bindings written into it."""
        pairs = [("query", self.text + trailing_values(self.bindings))]
        pairs += [("default-graph-uri", iri) for iri in self.default_graphs]
        pairs += [("named-graph-uri", iri) for iri in self.named_graphs]
        return f"{path}?{urlencode([*pairs, *others.items()])}"


def run(index: Index, question: Question, *, prefixes: bool = False) -> Answer:
    """Run a query.

    Args:
        index: what is asked.
        question: the query.
        prefixes: whether the dataset's prefixes need no declaration.

    Raises:
        Problem: it cannot be parsed or run, or asks for what is never done.
    """
    for iri in (*question.default_graphs, *question.named_graphs):
        check_iri(iri)
    dataset = bool(question.default_graphs or question.named_graphs)
    try:
        return index.query(
            question.text,
            base=question.base,
            prefixes=prefixes,
            bindings=question.bindings,
            default_graphs=question.default_graphs if dataset else None,
            named_graphs=question.named_graphs if dataset else None,
        )
    except QueryError as error:
        raise problem(question.text, error) from error


def check_iri(iri: str) -> None:
    """Check that a graph is named by an absolute IRI.

    Raises:
        Problem: it is not.
    """
    try:
        NamedNode(iri)
    except ValueError:
        raise Problem("bad-request", f"Not an absolute IRI: {iri}") from None


def write(text: str, answer: Answer, choice: media.Choice) -> bytes:
    """Write an answer in a format that is not a page.

    Raises:
        Problem: the query fails while it runs.
    """
    try:
        return answer.serialise(choice.format.name)
    except QueryError as error:
        raise problem(text, error) from error


@dataclass(frozen=True)
class Shown:
    """An answer as a page shows it."""

    kind: str
    boolean: bool
    columns: list[str]
    rows: list[list[Term | None]]
    count: int
    formats: tuple[media.Format, ...]

    @property
    def cut(self) -> bool:
        """Whether the page leaves rows out."""
        return self.count > len(self.rows)

    @property
    def uncounted(self) -> bool:
        """Whether there are more rows than a page counts."""
        return self.count > COUNTED


def show(answer: Answer, views: Views, words: Words | None = None) -> Shown:
    """Read an answer for a page, every term with its label.

    Args:
        answer: a fresh answer; its rows are used up.
        views: how to show terms.
        words: what columns are called; None: by their variables.
    """
    formats = tuple(form for form in OFFERED[answer.kind] if form is not media.HTML)
    if answer.kind == "ask":
        return Shown("ask", answer.boolean, [], [], 1, formats)
    columns, nodes = _table(answer)
    rows = [[None if n is None else views.term(n) for n in row] for row in nodes[:SHOWN]]
    if words is not None:
        columns = [words.column(name, views.lang) for name in columns]
    return Shown(answer.kind, False, columns, rows, len(nodes), formats)  # noqa: FBT003


def _table(answer: Answer) -> tuple[list[str], list[list[Any]]]:
    if answer.kind == "graph":
        columns = ["subject", "predicate", "object"]
        return columns, [list(triple) for triple in islice(answer.triples(), COUNTED + 1)]
    columns = answer.variables
    rows = islice(answer.rows(), COUNTED + 1)
    return columns, [[row.get(name) for name in columns] for row in rows]
