"""Contradictions of a dataset: each with its rule, its premises and where these stand."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from samsyn.closure.executors.memory import in_words
from samsyn.closure.graph import Clash, ClosedGraph
from samsyn.dataset.exact import Dataset


@dataclass(frozen=True)
class Contradiction:
    """Facts that cannot hold together.

    Args:
        rule: the W3C name of the rule that finds it.
        words: the contradiction as a sentence, resources in angle brackets.
        sources: the files or graphs in which its stated premises stand; a premise that follows
            from others is in none.
    """

    rule: str
    words: str
    sources: tuple[str, ...]


def contradictions(dataset: Dataset) -> Iterator[Contradiction]:
    """Give the contradictions of a dataset, each once.

    Args:
        dataset: all that is to be reasoned over.
    """
    for clash in ClosedGraph(dataset.triples()).clashes():
        yield Contradiction(clash.rule, in_words(clash), tuple(_sources(clash, dataset)))


def _sources(clash: Clash, dataset: Dataset) -> list[str]:
    premises = {str(premise) for premise in clash.premises}
    return sorted(
        graph.path.as_posix() if graph.path else graph.iri
        for graph in dataset.graphs.values()
        if any(str(triple) in premises for triple in graph.triples)
    )
