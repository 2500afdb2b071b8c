"""Closing anyone's data: an rdflib graph, a pyoxigraph dataset or store, or files.

A user of owlrl changes one line: ``DeductiveClosure(OWLRL_Semantics).expand(graph)`` becomes
``samsyn.infer(graph)``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from samsyn.closure.entailment import entailing
from samsyn.closure.graph import Clash, ClosedGraph
from samsyn.closure.rules import OWL_RL, RDFS_REGIME, RULES
from samsyn.dataset import files
from samsyn.dataset.exact import (
    Quad,
    Triple,
    from_rdflib,
    parse_triples,
    prefixes,
    rdflib_settings_kept,
    to_rdflib,
)
from samsyn.dataset.jsonld.contexts import NO_CONTEXTS, Contexts
from samsyn.errors import UsageError
from samsyn.names import OWL, RDF, RDF_TYPE, RDFS

RULE_SETS: Final[Mapping[str, tuple[str, ...]]] = {
    "owl-rl": OWL_RL,
    "rdfs": RDFS_REGIME,
    "all": tuple(RULES),
}


_PREMISES: Final = [atom for rule in RULES.values() for atom in rule.premises if not atom.name]
_AXIOMS: Final = frozenset(
    atom.arguments[1] for atom in _PREMISES if isinstance(atom.arguments[1], str)
) - {RDF_TYPE, OWL + "differentFrom"}
"""The properties that rules name: whatever is said by one of them may lead to something."""
_KINDS: Final = (
    frozenset(atom.arguments[2] for atom in _PREMISES if isinstance(atom.arguments[2], str))
    - {RDF + "Property", RDFS + "Class", RDFS + "Datatype", OWL + "Class"}
    - {OWL + name for name in ("ObjectProperty", "DatatypeProperty", "Thing", "Nothing")}
)
"""The classes that rules name, but for those that only declare."""


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


def infer(graph: Any, *, rules: str = "owl-rl", limit: int | None = None) -> Summary:
    """Add to a graph, in place, all that follows from it.

    Args:
        graph: an rdflib graph, or a pyoxigraph dataset or store (its graphs are read as one, and
            what follows is added to the default graph).
        rules: ``owl-rl``, ``rdfs``, ``all`` (with the rules that only make noise), or W3C names of
            rules with commas between them.
        limit: how many triples there may be in all.

    Raises:
        UsageError: the graph is of no known kind, or a rule is unknown.
        LimitError: more triples would follow than the limit allows.
    """
    closed = ClosedGraph(triples_of(graph), chosen_rules(rules), limit)
    new = [triple for triple in closed if triple not in closed.stated]
    add = _add_rdflib if _home(graph) == "rdflib" else _add_quads
    add(graph, new)
    return summary(closed, len(new))


def entails(graph: Any, conclusion: Any) -> bool:
    """Return whether one graph follows from another, also by assuming the opposite.

    Args:
        graph: what is known, as for :func:`close`; it is left as it is.
        conclusion: what is to follow, of any of these kinds; its blank nodes stand for anything.

    Raises:
        UsageError: a graph is of no known kind.
    """
    return entailing.entails(triples_of(graph), triples_of(conclusion))


def _home(graph: Any) -> str:
    homes = {kind.__module__.partition(".")[0] for kind in type(graph).__mro__}
    for home in ("rdflib", "pyoxigraph"):
        if home in homes:
            return home
    raise UsageError(
        f"A graph of type {type(graph).__qualname__} cannot be closed.",
        advice="Pass an rdflib Graph, a pyoxigraph Dataset or Store, or use infer_files.",
    )


def triples_of(graph: Any) -> Iterable[Triple]:
    """Return the triples of a graph of a kind that :func:`close` takes, in whatever graph.

    Raises:
        UsageError: the graph is of no known kind.
    """
    if _home(graph) == "pyoxigraph":
        return [quad.triple for quad in graph]
    # A dataset has its triples with their graphs.
    found = (quad[:3] for quad in graph.quads()) if hasattr(graph, "quads") else graph
    with rdflib_settings_kept():
        return from_rdflib(found)


def _add_rdflib(graph: Any, new: Iterable[Triple]) -> None:
    target = getattr(graph, "default_graph", graph)
    with rdflib_settings_kept():
        for triple in to_rdflib(new):
            target.add(triple)


def _add_quads(graph: Any, new: Iterable[Triple]) -> None:
    quads = [Quad(triple.subject, triple.predicate, triple.object) for triple in new]
    if hasattr(graph, "extend"):
        graph.extend(quads)
    else:
        for quad in quads:
            graph.add(quad)


def infer_files(
    paths: Iterable[Path],
    *,
    rules: str = "owl-rl",
    limit: int | None = None,
    contexts: Contexts = NO_CONTEXTS,
) -> ClosedGraph:
    """Return the closure of the triples of some files, their graphs taken as one.

    Args:
        paths: files of RDF in any syntax that their endings or beginnings tell.
        rules: as for :func:`close`.
        limit: as for :func:`close`.
        contexts: where contexts that JSON-LD names may be taken from, apart from the file's folder.

    Raises:
        SourceError: a file is not well formed.
        NotFoundError: a file cannot be read.
        UsageError: the ending of a file is unknown, or a rule is.
        LimitError: more triples would follow than the limit allows.
    """
    triples = [triple for path in paths for triple in read(path, contexts)]
    return ClosedGraph(triples, chosen_rules(rules), limit)


def read(path: Path, contexts: Contexts = NO_CONTEXTS) -> list[Triple]:
    """Return the triples of a file, in whatever graph they stand.

    Blank nodes of different files differ.

    Args:
        path: the file.
        contexts: where contexts that JSON-LD names may be taken from, apart from the file's folder.

    Raises:
        SourceError: the file is not well formed.
        NotFoundError: it cannot be read.
        UsageError: neither its ending nor its beginning tells its syntax.
    """
    data, form = _text(path)
    base = path.resolve().as_uri()
    return parse_triples(data, form, base=base, path=str(path), contexts=contexts.beside(path))


def prefixes_of(paths: Iterable[Path]) -> dict[str, str]:
    """Return the prefixes that files declare at their beginning; the first to do so decides.

    Raises:
        NotFoundError: a file cannot be read.
        UsageError: neither the ending of a file nor its beginning tells its syntax.
    """
    found: dict[str, str] = {}
    for path in paths:
        found = prefixes(*_text(path)) | found
    return found


def _text(path: Path) -> tuple[bytes, str]:
    form = files.form_of(path)
    return files.read_file(path), form


def has_axioms(triples: Iterable[Triple]) -> bool:
    """Return whether some triples say what follows from what, so that a rule has more than facts.

    Args:
        triples: the triples.
    """
    for triple in triples:
        name = triple.predicate.value
        if name in _AXIOMS or (name == RDF_TYPE and str(triple.object)[1:-1] in _KINDS):
            return True
    return False


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
    counts = {rule: count for rule, count in sorted(closed.counts.items()) if count}
    return Summary(len(closed.stated), inferred, counts, tuple(closed.clashes()))
