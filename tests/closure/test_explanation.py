"""Proofs: there is one for all that follows, it is a lowest one, and the checker accepts it."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as some

from samsyn.closure.explanation import Explainer
from samsyn.closure.proof import Fact, check
from samsyn.dataset.exact import Literal, NamedNode, Triple
from samsyn.names import OWL, RDF, RDF_TYPE, RDFS
from tests.closure.heights import FixedGraph

EX = "urn:x:"
THINGS = [NamedNode(EX + name) for name in "abcde"]
PROPERTIES = [NamedNode(EX + name) for name in "pqr"]
CLASSES = [NamedNode(EX + name) for name in "CDE"]
TYPE = NamedNode(RDF_TYPE)


def owl(name: str) -> NamedNode:
    """Return a term of OWL."""
    return NamedNode(OWL + name)


def rdfs(name: str) -> NamedNode:
    """Return a term of RDF Schema."""
    return NamedNode(RDFS + name)


def listed(name: str, items: list[NamedNode]) -> tuple[NamedNode, list[Triple]]:
    """Write an RDF list; return its head and its triples."""
    nil = NamedNode(RDF + "nil")
    cells = [NamedNode(f"{EX}{name}{at}") for at in range(len(items))] + [nil]
    triples = []
    for cell, item, rest in zip(cells, items, cells[1:], strict=False):
        triples += [Triple(cell, NamedNode(RDF + "first"), item)]
        triples += [Triple(cell, NamedNode(RDF + "rest"), rest)]
    return cells[0], triples


thing = some.sampled_from(THINGS)
prop = some.sampled_from(PROPERTIES)
klass = some.sampled_from(CLASSES)
fact = some.builds(Triple, thing, prop, thing)
typed = some.builds(Triple, thing, some.just(TYPE), klass)
text = some.builds(Triple, thing, prop, some.just(Literal("1")))
same = some.builds(Triple, thing, some.just(owl("sameAs")), thing)
simple_axiom = some.one_of(
    some.builds(Triple, prop, some.just(rdfs("subPropertyOf")), prop),
    some.builds(Triple, prop, some.just(owl("inverseOf")), prop),
    some.builds(Triple, prop, some.just(owl("equivalentProperty")), prop),
    some.builds(Triple, prop, some.sampled_from([rdfs("domain"), rdfs("range")]), klass),
    some.builds(Triple, klass, some.just(rdfs("subClassOf")), klass),
    some.builds(Triple, klass, some.just(owl("equivalentClass")), klass),
    some.builds(
        Triple,
        prop,
        some.just(TYPE),
        some.sampled_from(
            [owl(kind + "Property") for kind in ("Transitive", "Symmetric", "Functional")]
        ),
    ),
)
odd_axiom = some.one_of(
    some.builds(Triple, prop, some.just(rdfs("subPropertyOf")), some.just(owl("sameAs"))),
    some.builds(Triple, prop, some.just(rdfs("subPropertyOf")), some.just(TYPE)),
    some.builds(Triple, prop, some.just(owl("sameAs")), prop),
    some.builds(Triple, klass, some.just(owl("sameAs")), klass),
)


@some.composite
def list_axiom(draw: some.DrawFn) -> list[Triple]:
    """Draw a chain, key, intersection, union or enumeration."""
    name = draw(some.sampled_from("lmn"))
    kind = draw(some.sampled_from(["chain", "key", "intersectionOf", "unionOf", "oneOf"]))
    of = {"chain": prop, "key": prop, "oneOf": thing}.get(kind, klass)
    head, triples = listed(name, draw(some.lists(of, min_size=1, max_size=3)))
    if kind == "chain":
        return [*triples, Triple(draw(prop), owl("propertyChainAxiom"), head)]
    if kind == "key":
        return [*triples, Triple(draw(klass), owl("hasKey"), head)]
    return [*triples, Triple(draw(klass), owl(kind), head)]


@some.composite
def restriction(draw: some.DrawFn) -> list[Triple]:
    """Draw a restriction that stands for a class."""
    name, on = draw(klass), draw(prop)
    kind = draw(some.sampled_from(["someValuesFrom", "allValuesFrom", "hasValue", "max"]))
    if kind == "max":
        value = Triple(name, owl("maxCardinality"), Literal("1", datatype=XSD_INTEGER))
    else:
        value = Triple(name, owl(kind), draw(thing if kind == "hasValue" else klass))
    return [value, Triple(name, owl("onProperty"), on)]


XSD_INTEGER = NamedNode("http://www.w3.org/2001/XMLSchema#integer")
graphs = some.builds(
    lambda facts, axioms, odd, more: [*facts, *axioms, *odd, *(t for part in more for t in part)],
    some.lists(some.one_of(fact, fact, typed, text, same), min_size=1, max_size=8),
    some.lists(simple_axiom, max_size=5),
    some.lists(odd_axiom, max_size=1),
    some.lists(some.one_of(list_axiom(), restriction()), max_size=2),
)


@settings(max_examples=150)
@given(graphs)
def test_every_triple_has_a_lowest_proof(stated: list[Triple]) -> None:
    """All that follows has a proof; it holds, step by step, and none is lower."""
    graph = FixedGraph(stated)
    explainer = Explainer(graph)
    for row, height in graph.heights.items():
        proof = explainer.proof(Fact(*row))
        assert proof is not None
        assert proof.conclusion == row
        assert proof.height == height, row
        check(proof, graph.stated)
