"""Closing anyone's data: an rdflib graph, a pyoxigraph dataset or store, or files.

A user of owlrl changes one line: ``DeductiveClosure(OWLRL_Semantics).expand(graph)`` becomes
``samsyn.close(graph)``.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from samsyn.closure.graph import Clash, ClosedGraph
from samsyn.closure.rules import OWL_RL, RDFS_REGIME, RULES
from samsyn.dataset.exact import Quad, Triple, from_rdflib, parse, to_rdflib
from samsyn.errors import UsageError

RULE_SETS: Final = {"owl-rl": OWL_RL, "rdfs": RDFS_REGIME}
SUFFIXES: Final = {
    ".ttl": "turtle",
    ".nt": "ntriples",
    ".trig": "trig",
    ".nq": "nquads",
    ".jsonld": "jsonld",
    ".rdf": "rdfxml",
    ".owl": "rdfxml",
}


@dataclass(frozen=True)
class Summary:
    """What closing a graph did.

    Args:
        stated: how many distinct triples there were.
        inferred: how many were added.
        counts: how many triples each rule gave, repeated ones included, by its W3C name.
        clashes: the contradictions.
    """

    stated: int
    inferred: int
    counts: dict[str, int]
    clashes: tuple[Clash, ...]


def close(graph: Any, *, rules: str = "owl-rl", limit: int | None = None) -> Summary:
    """Add to a graph, in place, all that follows from it.

    Args:
        graph: an rdflib graph, or a pyoxigraph dataset or store (its graphs are read as one, and
            what follows is added to the default graph).
        rules: ``owl-rl``, ``rdfs``, or W3C names of rules with commas between them.
        limit: how many triples there may be in all.

    Raises:
        UsageError: the graph is of no known kind, or a rule is unknown.
        LimitError: more triples would follow than the limit allows.
    """
    kind = type(graph).__module__.partition(".")[0]
    if kind == "rdflib":
        stated: Iterable[Triple] = from_rdflib(graph)
    elif kind == "pyoxigraph":
        stated = [quad.triple for quad in graph]
    else:
        raise UsageError(
            f"A graph of type {type(graph).__qualname__} cannot be closed.",
            advice="Pass an rdflib Graph, a pyoxigraph Dataset or Store, or use close_files.",
        )
    closed = ClosedGraph(stated, chosen_rules(rules), limit)
    new = [triple for triple in closed if triple not in closed.stated]
    if kind == "rdflib":
        for triple in to_rdflib(new):
            graph.add(triple)
    else:
        for triple in new:
            graph.add(Quad(triple.subject, triple.predicate, triple.object))
    return summary(closed, len(new))


def close_files(
    paths: Iterable[Path], *, rules: str = "owl-rl", limit: int | None = None
) -> ClosedGraph:
    """Return the closure of the triples of some files, their graphs taken as one.

    Args:
        paths: files of RDF in any syntax that their endings tell.
        rules: as for :func:`close`.
        limit: as for :func:`close`.

    Raises:
        SourceError: a file is not well formed.
        UsageError: a file is not there or its ending is unknown, or a rule is.
        LimitError: more triples would follow than the limit allows.
    """
    triples = [triple for path in paths for triple in read(path)]
    return ClosedGraph(triples, chosen_rules(rules), limit)


def read(path: Path) -> list[Triple]:
    """Return the triples of a file, in whatever graph they stand."""
    form = SUFFIXES.get(path.suffix.lower())
    if form is None:
        raise UsageError(
            f"The ending of {path} does not tell its syntax.",
            advice=f"Known endings: {' '.join(SUFFIXES)}",
        )
    try:
        data = path.read_bytes()
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror}.") from error
    base = path.resolve().as_uri()
    return [quad.triple for quad in parse(data, form, base=base, path=str(path))]


def chosen_rules(names: str) -> tuple[str, ...]:
    """Return the rules of a set, or those named.

    Raises:
        UsageError: a name is unknown; it lists the sets.
    """
    if names in RULE_SETS:
        return RULE_SETS[names]
    chosen = tuple(name.strip() for name in names.split(",") if name.strip())
    unknown = [name for name in chosen if name not in RULES]
    if unknown or not chosen:
        raise UsageError(
            f"Unknown rule {unknown[0] if unknown else names!r}.",
            advice=f"Sets: {', '.join(RULE_SETS)}; or W3C names such as prp-trp,cax-sco.",
        )
    return chosen


def summary(closed: ClosedGraph, inferred: int) -> Summary:
    """Return the figures of a closed graph."""
    return Summary(len(closed.stated), inferred, closed.counts, tuple(closed.clashes()))
