"""Changes to the data: a dataset in, a dataset out, nothing else touched."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from typing import Any

from samsyn import names
from samsyn.closure import close
from samsyn.dataset import graph_store
from samsyn.dataset.catalogue import provenance
from samsyn.dataset.exact import Dataset, Literal, Triple, read_back, written
from samsyn.errors import NotFoundError, ReservedError, UsageError
from samsyn.sparql.index import Index
from samsyn.sparql.stored_terms import rewritten
from samsyn.sparql.update import run


@dataclass(frozen=True)
class Change:
    """A change of one graph.

    Args:
        method: PUT, POST or DELETE.
        graph: the graph's IRI, empty for the default graph.
        triples: what is put there.
    """

    method: str
    graph: str
    triples: Sequence[Triple] = ()


def closed(dataset: Dataset, regime: str) -> Dataset:
    """Return the dataset with what follows from it.

    One whose catalogue has been emptied or dropped is not described again.

    Args:
        dataset: the graphs that are not computed.
        regime: the rules.

    Raises:
        InconsistencyError: the facts contradict the ontology.
    """
    catalogue = dataset.graphs.get(names.CATALOGUE)
    return close(dataset, regime=regime, described=bool(catalogue and catalogue.triples))


def apply(dataset: Dataset, change: Change) -> tuple[Dataset, bool]:
    """Change one graph.

    Args:
        dataset: the graphs that are not computed.
        change: the change.

    Returns:
        The changed dataset, and whether the graph was not there before.

    Raises:
        NotFoundError: a graph is to be deleted that is not there.
        UsageError: the graph is computed.
        ReservedError: it is the catalogue, or what is put there is for the catalogue to say.
    """
    iri = change.graph
    _refuse(iri)
    if change.method != "DELETE":
        _refuse_catalogue(iri)
    # The default graph is always there.
    new = bool(iri) and iri not in dataset.graphs
    if change.method == "DELETE":
        if new:
            raise NotFoundError(f"There is no graph <{iri}>.")
        return graph_store.without(dataset, iri), False
    act = graph_store.put if change.method == "PUT" else graph_store.merge
    changed = act(dataset, iri, change.triples)
    _refuse_provenance(dataset, changed)
    return changed, new


def update(  # noqa: PLR0913  an update has that many sides
    dataset: Dataset,
    index: Index,
    text: str,
    *,
    base: str,
    prefixes: Mapping[str, str],
    using: Sequence[str] = (),
    using_named: Sequence[str] = (),
) -> Dataset:
    """Run an update, and return what the dataset has become.

    The index is changed on the way, so afterwards it is fit for nothing but to be taken over. The
    update sees what queries see; what it takes away of computed facts comes back.

    Args:
        dataset: the graphs that are not computed.
        index: the index of these and of the computed graphs.
        text: the update.
        base: what relative IRIs in it are resolved against.
        prefixes: prefixes that need no declaration.
        using: graphs that make up the default graph of each WHERE.
        using_named: graphs that each WHERE may name.

    Raises:
        QueryError: it cannot be parsed or run.
        UsageError: its datasets conflict, or it writes to a graph that is computed.
        ReservedError: it adds to the catalogue, or what is for the catalogue to say.
    """
    former = dataset
    before = index.dumps()
    run(index.store, text, base=base, prefixes=prefixes, using=using, using_named=using_named)
    after = index.dumps()
    for iri in sorted({*before, *after}):
        old, new = before.get(iri, b""), after.get(iri, b"")
        if (iri in before) is (iri in after) and (old == new or _lines(old) == _lines(new)):
            continue
        index.forget(iri)
        if iri in names.COMPUTED:
            # What is taken away comes back; a deletion from all graphs need not spare these.
            if _lines(new) - _lines(old):
                _refuse(iri)
        elif iri == names.CATALOGUE and new:
            if _lines(new) - _lines(old):
                _refuse_catalogue(iri)
        elif iri in after:
            graph = dataset.graphs.get(iri)
            changed = written(iri, _merged(graph.triples if graph else (), old, new))
            dataset = dataset.with_graph(changed)
            index.hold(changed)
        else:
            dataset = dataset.without(iri)
    _refuse_provenance(former, dataset)
    return dataset


def _lines(dump: bytes) -> set[bytes]:
    return set(dump.splitlines(keepends=True))


def _merged(exact: Sequence[Triple], old: bytes, new: bytes) -> list[Triple]:
    """Return a graph after a change; what stood there before stays as it was written.

    Args:
        exact: its triples before the change.
        old: the same as the index had them.
        new: what the index has now.
    """
    before, after = _lines(old), _lines(new)
    added = read_back(b"".join(sorted(after - before)), path="index")
    gone = set(read_back(b"".join(before - after), path="index"))
    return [*_without(exact, gone), *added]


def _without(exact: Sequence[Triple], gone: Set[Triple]) -> Iterable[Triple]:
    if not gone:
        return exact
    about = {(triple.subject, triple.predicate) for triple in gone}
    doubtful = [triple for triple in exact if (triple.subject, triple.predicate) in about]
    literals = (triple.object for triple in doubtful if isinstance(triple.object, Literal))
    other: Mapping[Any, Any] = rewritten(dict.fromkeys(literals))
    lost = {
        triple
        for triple in doubtful
        if Triple(triple.subject, triple.predicate, other.get(triple.object, triple.object)) in gone
    }
    return [triple for triple in exact if triple not in lost]


def _refuse(iri: str) -> None:
    if iri in names.COMPUTED:
        raise UsageError(
            f"<{iri}> is computed from the other graphs.", advice="Write to those instead."
        )


def _refuse_catalogue(iri: str) -> None:
    if iri == names.CATALOGUE:
        raise ReservedError(
            f"<{iri}> is what the dataset says of its graphs, and nobody adds to it.",
            advice="Describe your data in a graph of your own, under IRIs of your own.",
        )


def _refuse_provenance(before: Dataset, after: Dataset) -> None:
    for iri, graph in after.graphs.items():
        former = before.graphs.get(iri)
        if former is graph:
            continue
        known = set(former.triples) if former else set()
        new = (triple for triple in graph.triples if triple not in known)
        found = next(provenance(before, new), None)
        if found is not None:
            raise ReservedError(
                f"{found} is for <{names.CATALOGUE}> to say: whose word a graph is, its file, "
                "digest and size are reported by the server, and by nobody who writes.",
                advice="Leave the triple out. What is written here is contributed.",
            )
