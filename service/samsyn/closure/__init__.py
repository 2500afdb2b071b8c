"""What follows from the facts by the ontology (OWL 2 RL), as ``graph/inferred``.

The seam to whatever computes it is one function, :data:`~samsyn.closure.executors.Executor`:
triples in, entailed triples and clashes out. Which graphs go in and which triples are worth
publishing is decided here, once for all executors.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Set
from types import MappingProxyType
from typing import Final

from samsyn import names
from samsyn.closure import regimes
from samsyn.closure.executors import Executor, executor
from samsyn.dataset.catalogue import MADE, complete
from samsyn.dataset.exact import BlankNode, Dataset, NamedNode, Triple, computed
from samsyn.errors import InconsistencyError

__all__ = ["close", "entailments", "inputs", "relevant"]

_WITHOUT_AXIOMS: Final = frozenset(
    {names.GRAPH + "stated/passages", names.GRAPH + "stated/evidence"}
)
_NO_INPUT: Final = tuple(
    names.GRAPH + start
    for start in ("links/", "ontology/alignments/", "ontology/prefixes", "proposed/", "shapes/")
)
_ABOUT: Final = frozenset(
    names.RDFS + name for name in ("label", "comment", "isDefinedBy", "seeAlso")
)
_FACTS: Final = (names.STATED, names.EDITORIAL, names.CONTRIBUTED)


def close(
    dataset: Dataset,
    *,
    engine: str | Executor = "memory",
    allow_inconsistency: bool = False,
    regime: str = regimes.STANDARD,
    described: bool = True,
) -> Dataset:
    """Return the dataset with ``graph/inferred`` and its catalogue completed.

    Args:
        dataset: the graphs as read from the files.
        engine: name of an executor, or one itself.
        regime: the rules, by the name of their regime.
        described: whether the catalogue is completed.
        allow_inconsistency: whether facts that contradict the ontology are closed all the same.

    Raises:
        InconsistencyError: the facts contradict the ontology; it names each clash.
    """
    sources = inputs(dataset)
    run = regimes.executor_of(regime, executor(engine))
    closed = dataset.without(names.INFERRED)
    if run is not None:
        triples = entailments(
            sources,
            run,
            prefixes=dataset.prefixes,
            allow_inconsistency=allow_inconsistency,
            selected=regime != regimes.AXIOMATIC,
        )
        # What is inferred of a passage may be stated in a graph that was kept out of the reasoning.
        stated = set(dataset.select(*_FACTS).triples())
        inferred = [triple for triple in triples if triple not in stated]
        if inferred or described:
            closed = closed.with_graph(computed(names.INFERRED, names.IS_INFERRED, inferred))
    return complete(closed, sources.graphs) if described else closed


def inputs(dataset: Dataset) -> Dataset:
    """Return the graphs that are reasoned over: ontology, stated, editorial and contributed facts.

    Links, alignments, prefixes, passages and annotations stay out: no answer depends on reasoning
    over them. So do proposals and shapes, no matter who wrote them.
    """
    kept = {
        iri: graph
        for iri, graph in dataset.graphs.items()
        if (graph.provenance_status in _FACTS or iri.startswith(names.GRAPH + "ontology/"))
        and iri not in _WITHOUT_AXIOMS
        and not iri.startswith(_NO_INPUT)
    }
    return Dataset(kept, dataset.root)


def entailments(
    dataset: Dataset,
    run: Executor,
    *,
    prefixes: Mapping[str, str] = MappingProxyType({}),
    allow_inconsistency: bool = False,
    selected: bool = True,
) -> tuple[Triple, ...]:
    """Return the triples worth publishing that follow from a dataset and are not in it.

    Of our own graphs that is a choice of ours. What somebody hands in we cannot tell to be worth
    less: all that follows with the received graphs and not without them is worth publishing.

    Args:
        dataset: all that is to be reasoned over.
        run: the executor.
        prefixes: to shorten IRIs with in the words of a contradiction.
        allow_inconsistency: whether a contradiction is no error.
        selected: whether a choice is made at all.

    Raises:
        InconsistencyError: the dataset contradicts itself.
    """
    given = dataset.triples()
    ours = dataset.without(*dataset.select(names.CONTRIBUTED).graphs)
    alone = selected and len(ours.graphs) == len(dataset.graphs)
    result = run(relevant(given) if alone else given)
    if result.clashes and not allow_inconsistency:
        raise InconsistencyError(tuple(_shortened(clash, prefixes) for clash in result.clashes))
    known = set(given)
    # What is said of graphs is said by the catalogue alone.
    new = [t for t in result.triples if t not in known and t.predicate.value not in MADE]
    if not selected:
        return tuple(new)
    before = None if alone else set(run(ours.triples()).triples)
    return tuple(t for t in new if _worth_publishing(t) or (before is not None and t not in before))


def _worth_publishing(triple: Triple) -> bool:
    if not isinstance(triple.subject, NamedNode) or isinstance(triple.object, BlankNode):
        return False
    if triple.predicate.value == names.RDF_TYPE:
        return isinstance(triple.object, NamedNode) and triple.object.value.startswith(names.NS)
    return triple.predicate.value.startswith(names.NS)


def relevant(triples: Iterable[Triple]) -> list[Triple]:
    """Leave out the triples that no rule can use, which are most of them.

    A string under a property that is not ours and is in no axiom (labels, definitions) leads
    to nothing worth publishing. Without them owlrl takes a fraction of the time.
    """
    given = list(triples)
    schema = (names.RDFS, names.OWL)
    in_axioms = {
        term
        for t in given
        if t.predicate.value.startswith(schema) and t.predicate.value not in _ABOUT
        for term in (t.subject, t.object)
    }
    return [t for t in given if not _is_text(t.object) or _may_matter(t.predicate, in_axioms)]


def _is_text(term: object) -> bool:
    datatype = getattr(term, "datatype", None)
    return datatype is not None and datatype.value in {names.XSD_STRING, names.LANG_STRING}


def _may_matter(predicate: NamedNode, in_axioms: Set[object]) -> bool:
    return predicate.value.startswith(names.BASE) or predicate in in_axioms


def _shortened(clash: str, prefixes: Mapping[str, str]) -> str:
    for prefix, namespace in sorted(prefixes.items(), key=lambda pair: -len(pair[1])):
        clash = re.sub(rf"<{re.escape(namespace)}([\w-]+)>", rf"{prefix}:\1", clash)
    return clash
