"""What the dataset says of itself: ``graph/catalogue``.

The description of the whole (title, licence, citation) stands by hand in ``data/catalogue.ttl``.
Here each graph gets its file, digest, provenance status and size, and the inferred graph the
activity that made it with its inputs.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from samsyn import names
from samsyn.dataset.exact import Dataset, Graph, Literal, NamedNode, Term, Triple, computed

CLOSURE_ACTIVITY: Final = names.ID + "activity/closure"
_COUNT: Final = NamedNode(names.XSD + "nonNegativeInteger")
MADE: Final = frozenset(
    names.NS + name for name in ("hasProvenanceStatus", "hasFile", "hasDigest", "countsTriples")
)
"""What is said here and nowhere else, so that what is there of it is out of date."""
_TOLD: Final = MADE | {
    *(names.RDF_TYPE, names.RDFS_LABEL, names.DCTERMS + "hasPart"),
    *(names.PROV + "wasGeneratedBy", names.PROV + "used"),
}
"""The properties by which graphs are described here, apart from those of the file."""
_DATASET: Final = names.DCAT + "Dataset"
_HEX: Final = NamedNode(names.XSD + "hexBinary")


def complete(dataset: Dataset, inputs: Iterable[str] = ()) -> Dataset:
    """Return the dataset with its catalogue completed; done again, it changes nothing.

    The catalogue does not list its own digest and size, which listing them would change; nor can
    it speak of graphs that no IRI names.

    Args:
        dataset: the graphs to describe, with the inferred graph if there is one.
        inputs: IRIs of the graphs that the inferred graph was made from.
    """
    stored = dataset.graphs.get(names.CATALOGUE)
    written = tuple(t for t in stored.triples if t.predicate.value not in MADE) if stored else ()
    made = [*_graphs(dataset, written), *_activity(dataset, inputs)]
    triples = tuple(dict.fromkeys([*written, *made]))
    digest = computed(names.CATALOGUE, names.IS_SCHEMA, triples).digest
    path = stored.path if stored else None
    graph = Graph(names.CATALOGUE, names.IS_SCHEMA, path, digest, triples)
    return dataset.with_graph(graph)


def provenance(dataset: Dataset, triples: Iterable[Triple]) -> Iterator[Triple]:
    """Give those of some triples that only the catalogue may say, or that lead to such.

    They are those on the provenance status, file, digest and size of anything; those that say
    something of these properties, from which others would follow; and those that say of a graph
    or dataset of ours what the catalogue says of such.

    Args:
        dataset: the graphs, with a catalogue if there is one.
        triples: what somebody wants to write.
    """
    catalogue = dataset.graphs.get(names.CATALOGUE)
    stored = catalogue.triples if catalogue else ()
    told = _TOLD.union(triple.predicate.value for triple in stored)
    ours = set(map(str, _instances(stored, _DATASET)))
    for triple in triples:
        subject, predicate = str(triple.subject), triple.predicate.value
        places = (subject[1:-1], predicate, str(triple.object)[1:-1])
        of_graph = subject in ours or subject.startswith(f"<{names.GRAPH}")
        if not MADE.isdisjoint(places) or (of_graph and predicate in told):
            yield triple


def _graphs(dataset: Dataset, written: tuple[Triple, ...]) -> Iterator[Triple]:
    label = NamedNode(names.RDFS_LABEL)
    labelled = {triple.subject for triple in written if triple.predicate == label}
    wholes = _instances(written, _DATASET)
    for iri in sorted({*filter(_is_iri, dataset.graphs), names.CATALOGUE}):
        subject = NamedNode(iri)
        yield from (
            Triple(whole, NamedNode(names.DCTERMS + "hasPart"), subject) for whole in wholes
        )
        if subject not in labelled:
            name = iri.removeprefix(names.GRAPH)
            yield Triple(subject, label, Literal(f"graf {name}", language="sv"))
            yield Triple(subject, label, Literal(f"graph {name}", language="en"))
        graph = dataset.graphs.get(iri)
        yield from (
            _describe(graph)
            if graph and iri != names.CATALOGUE
            else _own_provenance_status(subject)
        )


def _is_iri(name: str) -> bool:
    return bool(name) and not name.startswith("_:")


def _instances(triples: tuple[Triple, ...], kind: str) -> list[NamedNode]:
    typed = (t for t in triples if t.predicate.value == names.RDF_TYPE)
    return [
        t.subject for t in typed if isinstance(t.subject, NamedNode) and t.object == NamedNode(kind)
    ]


def _own_provenance_status(subject: NamedNode) -> Iterator[Triple]:
    yield Triple(subject, NamedNode(names.NS + "hasProvenanceStatus"), NamedNode(names.IS_SCHEMA))


def _describe(graph: Graph) -> Iterator[Triple]:
    values: dict[str, Term | None] = {
        "hasProvenanceStatus": NamedNode(graph.provenance_status),
        "hasFile": Literal(graph.path.as_posix()) if graph.path else None,
        "hasDigest": Literal(graph.digest, datatype=_HEX),
        "countsTriples": Literal(str(len(graph.triples)), datatype=_COUNT),
    }
    for name, value in values.items():
        if value is not None:
            yield Triple(NamedNode(graph.iri), NamedNode(names.NS + name), value)


def _activity(dataset: Dataset, inputs: Iterable[str]) -> Iterator[Triple]:
    if names.INFERRED not in dataset.graphs:
        return
    activity = NamedNode(CLOSURE_ACTIVITY)
    label = NamedNode(names.RDFS_LABEL)
    kind = NamedNode(names.PROV + "Activity")
    yield Triple(NamedNode(names.INFERRED), NamedNode(names.PROV + "wasGeneratedBy"), activity)
    yield Triple(activity, NamedNode(names.RDF_TYPE), kind)
    yield Triple(activity, label, Literal("beräkning av vad som följer", language="sv"))
    yield Triple(activity, label, Literal("computation of what follows", language="en"))
    for iri in sorted(filter(_is_iri, inputs)):
        yield Triple(activity, NamedNode(names.PROV + "used"), NamedNode(iri))
