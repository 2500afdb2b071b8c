"""The description of the dataset in VoID, with the partitions that editors complete from.

Object classes and datatypes of a property stand where SIB's void-generator puts them, so that its
sparql-editor finds them.

Source: https://www.w3.org/TR/void/, http://ldf.fi/void-ext#.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Final

from samsyn import media, names
from samsyn.dataset.exact import BlankNode, Dataset, Literal, NamedNode, Triple
from samsyn.description.service import Service, formats, in_void, sizes
from samsyn.description.statements import Blanks, label, say
from samsyn.description.statistics import Statistics, Use, measure, vocabularies

_VOID: Final = names.VOID
_TYPE: Final = NamedNode(names.RDF_TYPE)
_SHOWN: Final = 8
_DUMPS: Final = ("dump.nq", "dump.trig", "dump-proposed.nq", "dump-proposed.trig")


def catalogued(dataset: Dataset) -> str:
    """Return the IRI of the dataset that the catalogue describes."""
    catalogue = dataset.graphs.get(names.CATALOGUE)
    kind = NamedNode(names.DCAT + "Dataset")
    for triple in catalogue.triples if catalogue else ():
        if (
            triple.predicate == _TYPE
            and triple.object == kind
            and isinstance(triple.subject, NamedNode)
        ):
            return triple.subject.value
    return names.ID + "dataset/samsyn"


def describe(
    service: Service, dataset: Dataset, statistics: Statistics, examples: Iterable[str]
) -> Iterator[Triple]:
    """Describe a dataset; what its catalogue and its links say already is left to them.

    Args:
        service: where it can be queried.
        dataset: what to describe.
        statistics: of the union of its graphs.
        examples: IRIs of things to look at first.
    """
    whole = catalogued(dataset)
    yield from say(
        service.void,
        label("beskrivning av datamängden", "description of the dataset")
        | {names.RDF_TYPE: _VOID + "DatasetDescription", names.FOAF + "primaryTopic": whole},
    )
    yield from say(
        whole,
        in_void(sizes(statistics))
        | {
            names.RDF_TYPE: _VOID + "Dataset",
            names.FOAF + "homepage": f"{service.url}/",
            _VOID + "sparqlEndpoint": service.endpoint,
            _VOID + "dataDump": [f"{service.url}/{name}" for name in _DUMPS],
            _VOID + "exampleResource": examples,
            _VOID + "feature": formats(media.RDF),
            _VOID + "subset": [each.value for each in linksets(dataset, whole)],
            _VOID + "vocabulary": vocabularies(statistics),
        },
    )
    yield from say(whole, {_VOID + "uriSpace": Literal(names.BASE)})
    yield from _partitions(whole, statistics)


def _partitions(whole: str, statistics: Statistics) -> Iterator[Triple]:
    blanks = Blanks("void")
    for found in statistics.properties:
        node = blanks.new()
        yield from say(whole, {_VOID + "propertyPartition": node})
        numbers = {
            "triples": found.triples,
            "distinctSubjects": found.subjects,
            "distinctObjects": found.objects,
        }
        yield from say(node, {_VOID + "property": found.iri} | in_void(numbers))
    for kind in statistics.classes:
        node = blanks.new()
        yield from say(whole, {_VOID + "classPartition": node})
        numbers = {"entities": kind.entities, "triples": kind.triples}
        yield from say(node, {_VOID + "class": kind.iri} | in_void(numbers))
        for use in kind.uses:
            yield from _use(node, use, blanks)


def _use(node: BlankNode, use: Use, blanks: Blanks) -> Iterator[Triple]:
    part = blanks.new()
    yield from say(node, {_VOID + "propertyPartition": part})
    yield from say(part, {_VOID + "property": use.iri, _VOID + "triples": use.triples})
    reached = [
        *((_VOID + "classPartition", _VOID + "class", *each) for each in use.classes.items()),
        *(
            (names.VOID_EXT + "datatypePartition", names.VOID_EXT + "datatype", *each)
            for each in use.datatypes.items()
        ),
    ]
    for partition, kind, iri, triples in reached:
        target = blanks.new()
        yield from say(part, {partition: target})
        yield from say(target, {kind: iri, _VOID + "triples": triples})


def linksets(dataset: Dataset, whole: str) -> list[NamedNode]:
    """Return the linksets that start from a dataset, as its links describe them."""
    return [
        triple.subject
        for graph in dataset.graphs.values()
        for triple in graph.triples
        if triple.predicate.value == _VOID + "subjectsTarget"
        and triple.object == NamedNode(whole)
        and isinstance(triple.subject, NamedNode)
    ]


def told_elsewhere(dataset: Dataset) -> Iterator[Triple]:
    """Yield what catalogue and links say of the dataset, its linksets and their targets."""
    whole = catalogued(dataset)
    found = linksets(dataset, whole)
    target = NamedNode(_VOID + "objectsTarget")
    triples = dataset.triples()
    targets = {t.object for t in triples if t.predicate == target and t.subject in found}
    wanted = {NamedNode(whole), *found, *targets}
    part = NamedNode(names.DCTERMS + "hasPart")
    yield from (t for t in triples if t.subject in wanted and t.predicate != part)


def examples(dataset: Dataset) -> list[str]:
    """Choose things to look at first.

    From each of the eight classes of our ontology whose instances have most properties in the
    recorded facts, the instance with most triples; among equals, the first by IRI.

    Args:
        dataset: what to choose from.
    """
    facts = dataset.select(names.STATED, names.EDITORIAL).triples()
    kinds = [kind for kind in measure(facts).classes if kind.iri.startswith(names.NS)]
    kinds.sort(key=lambda kind: (-len(kind.uses), kind.iri))
    told = Counter(chain.from_iterable((t.subject, t.object) for t in facts))
    chosen: dict[str, None] = {}
    for kind in kinds[:_SHOWN]:
        typed = NamedNode(kind.iri)
        members = {t.subject for t in facts if t.predicate == _TYPE and t.object == typed}
        named = [node for node in members if isinstance(node, NamedNode)]
        best = min(named, key=lambda node: (-told[node], node.value), default=None)
        if best is not None:
            chosen[best.value] = None
    return list(chosen)
