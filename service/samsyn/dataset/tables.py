"""Answers as text for a terminal: a table whose IRIs are prefixed names or labels."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from samsyn import names
from samsyn.dataset.exact import BlankNode, Dataset, Literal, NamedNode, Term

_LABELS = frozenset({names.RDFS_LABEL, names.SKOS + "prefLabel"})


def labels(dataset: Dataset, language: str) -> dict[str, str]:
    """Return the label in a language of everything that has one, by IRI."""
    return {
        triple.subject.value: triple.object.value
        for graph in dataset.graphs.values()
        for triple in graph.triples
        if triple.predicate.value in _LABELS
        and isinstance(triple.subject, NamedNode)
        and isinstance(triple.object, Literal)
        and triple.object.language == language
    }


def shown(term: Term | None, prefixes: Mapping[str, str], known: Mapping[str, str]) -> str:
    """Write one term for a reader.

    Args:
        term: the term; None for an unbound variable.
        prefixes: to shorten IRIs with.
        known: labels to show instead of an IRI.
    """
    if term is None:
        return ""
    if isinstance(term, BlankNode):
        return str(term)
    if isinstance(term, NamedNode):
        return known.get(term.value) or _prefixed(term.value, prefixes)
    text = " ".join(term.value.split())
    return f"{text} @{term.language}" if term.language else text


def _prefixed(iri: str, prefixes: Mapping[str, str]) -> str:
    fitting = [pair for pair in prefixes.items() if iri.startswith(pair[1]) and iri != pair[1]]
    if not fitting:
        return f"<{iri}>"
    prefix, namespace = max(fitting, key=lambda pair: len(pair[1]))
    return f"{prefix}:{iri.removeprefix(namespace)}"


def lines(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """Lay out rows under their columns, and say how many there are.

    >>> list(lines(["a", "b"], [["1", "two"]]))
    ['a  b', '─  ───', '1  two', '1 row']
    """
    body = [list(row) for row in rows]
    widths = [max(map(len, cells)) for cells in zip(columns, *body, strict=True)]
    yield _line(columns, widths)
    yield _line(["─" * width for width in widths], widths)
    for row in body:
        yield _line(row, widths)
    yield f"{len(body)} row{'' if len(body) == 1 else 's'}"


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    return "  ".join(cell.ljust(width) for cell, width in zip(cells, widths, strict=True)).rstrip()
