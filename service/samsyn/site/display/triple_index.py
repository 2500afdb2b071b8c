"""The term-exact facts, found by subject or object: what pages and dereferencing show."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType

from samsyn import names
from samsyn.dataset.exact import BlankNode, Dataset, Graph, Literal, NamedNode, Quad, Triple

Node = NamedNode | BlankNode | Literal | Triple

STATES_SUBJECT = names.NS + "statesSubject"
STATES_PROPERTY = names.NS + "statesProperty"
STATES_OBJECT = names.NS + "statesObject"
STATES_VALUE = names.NS + "statesValue"
STATES = (STATES_SUBJECT, STATES_PROPERTY, STATES_OBJECT)
RESTS_ON = names.NS + "restsOnPassage"
SENTENCE = names.NS + "hasSentenceNumber"
SECTION = names.NS + "isInSection"
HAS_BODY = names.OA + "hasBody"
HAS_TARGET = names.OA + "hasTarget"


@dataclass(frozen=True, slots=True)
class Fact:
    """One triple in one graph."""

    graph: Graph
    triple: Triple

    @property
    def subject(self) -> Node:
        """The triple's subject."""
        return self.triple.subject

    @property
    def predicate(self) -> str:
        """The IRI of the triple's predicate."""
        return self.triple.predicate.value

    @property
    def object(self) -> Node:
        """The triple's object."""
        return self.triple.object


def key(node: Node) -> str:
    """Name a node: its IRI, or a blank node's label after ``_:``; a triple as it is written."""
    if isinstance(node, Triple):
        return str(node)
    return f"_:{node.value}" if isinstance(node, BlankNode) else node.value


class TripleIndex:
    """Every fact of a dataset, by subject and by object.

    Args:
        dataset: the term-exact dataset, with catalogue and inferred graph.
    """

    def __init__(self, dataset: Dataset) -> None:
        self.dataset = dataset
        outgoing: dict[str, list[Fact]] = defaultdict(list)
        incoming: dict[str, list[Fact]] = defaultdict(list)
        for graph in dataset.graphs.values():
            for triple in graph.triples:
                fact = Fact(graph, triple)
                outgoing[key(fact.subject)].append(fact)
                if not isinstance(fact.object, Literal):
                    incoming[key(fact.object)].append(fact)
        self._outgoing: Mapping[str, list[Fact]] = MappingProxyType(dict(outgoing))
        self._incoming: Mapping[str, list[Fact]] = MappingProxyType(dict(incoming))

    def describes(self, iri: str) -> bool:
        """Return whether anything is said about a resource."""
        return iri in self._outgoing

    def outgoing(self, name: str, predicate: str | None = None) -> list[Fact]:
        """List the facts with a subject, and a predicate if one is given."""
        return _having(self._outgoing.get(name, []), predicate)

    def incoming(self, name: str, predicate: str | None = None) -> list[Fact]:
        """List the facts with an object, and a predicate if one is given."""
        return _having(self._incoming.get(name, []), predicate)

    def objects(self, name: str, predicate: str) -> list[Node]:
        """List the objects of a subject's predicate, each once."""
        return list(dict.fromkeys(fact.object for fact in self.outgoing(name, predicate)))

    def subjects(self, predicate: str, name: str) -> list[str]:
        """List the subjects that have an object by a predicate, each once."""
        return list(dict.fromkeys(key(f.subject) for f in self.incoming(name, predicate)))

    def statements(self, name: str) -> list[str]:
        """List the statements that name a resource as subject, property or object."""
        found = (iri for part in STATES for iri in self.subjects(part, name))
        return list(dict.fromkeys(found))

    def provenance_status(self, name: str) -> str:
        """Return the provenance status of a resource: that of its first graph, inferred last."""
        found = [fact.graph.provenance_status for fact in self.outgoing(name)]
        return min(found, key=names.PROVENANCE_STATUSES.index, default=names.IS_SCHEMA)

    def passages(self, statement: str) -> list[str]:
        """List the passages that a claim or editorial statement rests on."""
        found = [key(passage) for passage in self.objects(statement, RESTS_ON)]
        for note in self.subjects(HAS_BODY, statement):
            found += [key(passage) for passage in self.objects(note, HAS_TARGET)]
        return list(dict.fromkeys(found))

    @cached_property
    def types(self) -> dict[str, list[str]]:
        """The instances of each class, by IRI, each once."""
        found: dict[str, dict[str, None]] = defaultdict(dict)
        for facts in self._outgoing.values():
            for fact in _having(facts, names.RDF_TYPE):
                found[key(fact.object)][key(fact.subject)] = None
        return {name: sorted(members) for name, members in found.items()}

    def alike(self, iri: str) -> list[str]:
        """List the resources that share a class with one, not counting inferred classes."""
        facts = self.outgoing(iri, names.RDF_TYPE)
        own = [key(f.object) for f in facts if f.graph.provenance_status != names.IS_INFERRED]
        members = {member for name in own for member in self.types[name]}
        return sorted(member for member in members if not member.startswith("_:"))

    @cached_property
    def classes_of_facts(self) -> frozenset[str]:
        """The classes that a fact, not the vocabulary or a rule, gives an instance."""
        provenance_statuses = (names.STATED, names.EDITORIAL, names.PROPOSED)
        return frozenset(
            key(fact.object)
            for facts in self._outgoing.values()
            for fact in _having(facts, names.RDF_TYPE)
            if fact.graph.provenance_status in provenance_statuses
        )

    def description(self, iri: str) -> Iterator[Quad]:
        """Yield what is recorded about a resource, with the statements that name it.

        Args:
            iri: one of our resources. Blank nodes of its facts are followed, and for a claim its
                evidence.
        """
        subjects = [iri, *self.statements(iri), *self.subjects(HAS_BODY, iri)]
        seen: set[str] = set()
        while subjects:
            name = subjects.pop(0)
            if name in seen:
                continue
            seen.add(name)
            for fact in self.outgoing(name):
                triple = fact.triple
                yield Quad(triple.subject, triple.predicate, triple.object, fact.graph.name)
                if isinstance(fact.object, BlankNode):
                    subjects.append(key(fact.object))


def _having(facts: list[Fact], predicate: str | None) -> list[Fact]:
    return facts if predicate is None else [f for f in facts if f.predicate == predicate]


def document(dataset: Dataset, quads: Iterable[Quad]) -> Iterator[Quad]:
    """Yield quads, and in the default graph what a format of triples alone would have of them.

    Anyone who dereferences an IRI and asks without GRAPH sees the default graph only.

    Args:
        dataset: the dataset that knows each graph's provenance status.
        quads: facts with their graphs.
    """
    told = list(quads)
    yield from told
    for triple in dict.fromkeys(without_inferred(dataset, told)):
        yield Quad(triple.subject, triple.predicate, triple.object)


def without_inferred(dataset: Dataset, quads: Iterable[Quad]) -> Iterator[Triple]:
    """Yield the triples of quads, but those of inferred graphs.

    A format of triples alone cannot tell inferred facts from recorded ones.

    Args:
        dataset: the dataset that knows each graph's provenance status.
        quads: facts with their graphs.
    """
    for quad in quads:
        name = quad.graph_name
        graph = dataset.graphs.get(name.value) if isinstance(name, NamedNode) else None
        if graph is None or graph.provenance_status != names.IS_INFERRED:
            yield quad.triple
