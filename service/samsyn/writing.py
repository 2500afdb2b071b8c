"""Changes to the data: a dataset in, a dataset out, nothing else touched."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from samsyn import names
from samsyn.closure import close
from samsyn.dataset import graphstore
from samsyn.dataset.exact import Dataset, Graph, Literal, Triple, computed, standing_of_graph
from samsyn.dataset.index import Index, rewritten
from samsyn.dataset.update import changed, contents, run
from samsyn.errors import NotFoundError, UsageError


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

    One whose catalogue has been emptied or dropped is not described anew.

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
    """
    iri = change.graph
    _refuse(iri)
    # The default graph is always there.
    new = bool(iri) and iri not in dataset.graphs
    if change.method == "DELETE":
        if new:
            raise NotFoundError(f"There is no graph <{iri}>.")
        return graphstore.without(dataset, iri), False
    act = graphstore.put if change.method == "PUT" else graphstore.merge
    return act(dataset, iri, change.triples), new


def update(  # noqa: PLR0913  an update has that many sides
    dataset: Dataset,
    served: Dataset,
    index: Index,
    text: str,
    *,
    base: str,
    prefixes: Mapping[str, str],
    using: Sequence[str] = (),
    using_named: Sequence[str] = (),
) -> Dataset:
    """Run an update, and return what the dataset has become.

    The index is changed on the way, so it is fit for nothing else afterwards.

    Args:
        dataset: the graphs that are not computed.
        served: all graphs that the index holds.
        index: the index.
        text: the update.
        base: what relative IRIs in it are resolved against.
        prefixes: prefixes that need no declaration.
        using: graphs that make up the default graph of each WHERE.
        using_named: graphs that each WHERE may name.

    Raises:
        QueryError: it cannot be parsed or run.
        UsageError: its datasets conflict, or it writes to a graph that is computed.
    """
    store = index.store
    before = contents(store)
    run(store, text, base=base, prefixes=prefixes, using=using, using_named=using_named)
    after = contents(store)
    for iri in sorted(changed(before, after)):
        if iri in names.COMPUTED:
            # That all graphs are emptied is no wish of its own for these.
            if any(index.triples(iri)):
                _refuse(iri)
        elif iri in after:
            dataset = dataset.with_graph(_read(dataset, served, index, iri))
        else:
            dataset = dataset.without(iri)
    return dataset


def _read(dataset: Dataset, served: Dataset, index: Index, iri: str) -> Graph:
    """Read a graph from the index; what stood there before stays as it was written."""
    found = set(index.triples(iri))
    told = served.graphs.get(iri)
    stood = _indexed(told.triples if told else ())
    own = dataset.graphs.get(iri)
    indexed = _indexed(own.triples if own else ())
    kept = [triple for triple, seen in indexed.items() if seen in found]
    new = found - set(stood.values())
    return computed(iri, standing_of_graph(iri), [*kept, *new])


def _indexed(triples: Sequence[Triple]) -> dict[Triple, Triple]:
    """Return each triple as the index has it."""
    objects = (triple.object for triple in triples)
    other = rewritten(dict.fromkeys(term for term in objects if isinstance(term, Literal)))
    seen: dict[Triple, Triple] = {}
    for triple in triples:
        as_indexed = other.get(triple.object) if isinstance(triple.object, Literal) else None
        seen[triple] = (
            triple if as_indexed is None else Triple(triple.subject, triple.predicate, as_indexed)
        )
    return seen


def _refuse(iri: str) -> None:
    if iri in names.COMPUTED:
        raise UsageError(
            f"<{iri}> is computed from the other graphs.", advice="Write to those instead."
        )
