"""Proofs: there is one for all that follows, it is a lowest one, and the checker accepts it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some
from tests.closure.heights import FixedGraph
from tests.patience import ending

from samsyn import names
from samsyn.closure.explanation import asking
from samsyn.closure.explanation.explainer import Explainer
from samsyn.closure.explanation.rendering import origin
from samsyn.closure.graph import ClosedGraph
from samsyn.closure.proof.checker import Proof, ProofError, check
from samsyn.closure.proof.fact import Fact
from samsyn.dataset.exact import Dataset, Literal, NamedNode, Triple
from samsyn.names import NS, OWL, RDF, RDF_TYPE, RDFS, XSD

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
WRITINGS = (Literal("a"), Literal(" a ", datatype=NamedNode(XSD + "token")), Literal("b"))
text = some.builds(Triple, thing, prop, some.sampled_from(WRITINGS))
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
@given(graphs, some.sampled_from([1, 64]))
def test_every_triple_has_a_lowest_proof(stated: list[Triple], few: int) -> None:
    """All that follows has a proof; it holds, step by step, and none is lower."""
    graph = FixedGraph(stated)
    explainer = Explainer(graph, few=few)
    for row, height in graph.heights.items():
        proof = explainer.proof(Fact(*row))
        assert proof is not None
        assert proof.conclusion == row
        assert proof.height == height, row
        check(proof, graph.stated)


def are_whole(stated: list[Triple]) -> bool:
    """Return whether every cell of a list has one first and one rest."""
    parts = (NamedNode(RDF + "first"), NamedNode(RDF + "rest"))
    cells = [(t.subject, t.predicate) for t in set(stated) if t.predicate in parts]
    return len(set(cells)) == len(cells)


@settings(max_examples=60)
@given(graphs.filter(are_whole))
def test_all_that_the_engine_derives_is_proven(stated: list[Triple]) -> None:
    """Whatever the engine derives, generalised triples among it, has a lowest proof that holds."""
    graph, least = ClosedGraph(stated), FixedGraph(stated).heights
    explainer = Explainer(graph)
    for row in graph.facts(None, None, None):
        proof = explainer.proof(Fact(*row))
        assert proof is not None
        assert proof.height == least[tuple(row)]
        check(proof, graph.stated)


def mutilated(proof: Proof) -> Iterator[Proof]:
    """Change one thing about the last step of a proof: a term that it concludes, or a premise."""
    for place in range(3):
        terms = list(proof.conclusion)
        terms[place] = NamedNode(EX + "another")
        yield replace(proof, conclusion=Fact(*terms))
    for at in range(len(proof.premises)):
        yield replace(proof, premises=proof.premises[:at] + proof.premises[at + 1 :])
    if proof.rule is not None:
        yield replace(proof, rule="prp-none")


@settings(max_examples=50)
@given(graphs)
def test_mutilated_proofs_are_refused(stated: list[Triple]) -> None:
    """A proof with another conclusion, without one of its premises or by no rule does not hold."""
    graph = FixedGraph(stated)
    explainer = Explainer(graph)
    for row in graph.heights:
        proof = explainer.proof(Fact(*row))
        assert proof is not None
        for broken in mutilated(proof):
            with pytest.raises(ProofError):
                check(broken, graph.stated)


@settings(max_examples=50)
@given(graphs, some.builds(Fact, thing, prop, thing))
def test_what_does_not_follow_has_no_proof(stated: list[Triple], fact: Fact) -> None:
    """A triple has a proof if and only if it follows; else what is missing does not hold either."""
    graph = FixedGraph(stated)
    explanation = Explainer(graph).explain(fact)
    assert (explanation.proof is not None) == (fact in graph.heights)
    for gap in explanation.gaps:
        assert gap.missing not in graph.heights
        assert all(held in graph.heights for held in gap.present)


def chain(length: int) -> list[Triple]:
    """Return a line of links of a transitive property, each by a sub-property."""
    p, q = PROPERTIES[:2]
    nodes = [NamedNode(f"{EX}{at}") for at in range(length + 1)]
    links = [Triple(one, q, other) for one, other in pairwise(nodes)]
    transitive = Triple(p, TYPE, owl("TransitiveProperty"))
    return [transitive, Triple(q, rdfs("subPropertyOf"), p), *links]


def test_a_path_is_one_step() -> None:
    """A path of a transitive property is one step with all hops in order, however long."""
    graph = ClosedGraph(chain(1000))
    ends = Fact(NamedNode(EX + "0"), PROPERTIES[0], NamedNode(EX + "1000"))
    proof = Explainer(graph).proof(ends)
    assert proof is not None
    assert (proof.rule, proof.height, len(proof.hops)) == ("prp-trp", 2, 1000)
    assert [hop.conclusion.subject.value for hop in proof.hops][:2] == [EX + "0", EX + "1"]
    check(proof, graph.stated)


def test_paths_are_shortest() -> None:
    """Of paths of one height the one with the fewest hops is shown."""
    ends = (NamedNode(EX + "3"), PROPERTIES[1], NamedNode(EX + "90"))
    graph = ClosedGraph([*chain(100), Triple(*ends)])
    proof = Explainer(graph).proof(Fact(NamedNode(EX + "0"), PROPERTIES[0], NamedNode(EX + "100")))
    assert proof is not None
    assert len(proof.hops) == 3 + 1 + 10


def test_gaps_name_the_missing_premise() -> None:
    """For a triple that does not follow, the missing fact is named, and what it would take."""
    graph = ClosedGraph(chain(3))
    fact = Fact(NamedNode(EX + "2"), PROPERTIES[0], NamedNode(EX + "0"))
    explanation = Explainer(graph).explain(fact)
    assert explanation.proof is None
    nearest = explanation.gaps[0]
    assert nearest.rule == "prp-spo1"
    assert nearest.missing == (fact.subject, PROPERTIES[1], fact.object)


def test_millions_of_pairs_are_not_gone_through() -> None:
    """A proof in a transitive closure of three million pairs comes to an end."""
    graph = ClosedGraph(chain(2450))
    fact = Fact(NamedNode(EX + "100"), PROPERTIES[0], NamedNode(EX + "400"))
    explainer = Explainer(graph)
    with ending():
        proof = explainer.proof(fact)
    assert proof is not None
    assert len(proof.hops) == 300


SAMSYN = {
    "s": "https://w3id.org/samsyn/id/actor/relevant-agencies",
    "p": NS + "reaches",
    "o": "https://w3id.org/samsyn/id/body/nshf-political-level",
}


@pytest.fixture(scope="module")
def ours(dataset: Dataset) -> Explainer:
    """What explains the facts of this project."""
    return asking.explainer(dataset)


def test_agencies_reach_the_political_level(ours: Explainer) -> None:
    """The chain is explained hop by hop, by the original properties, to passages S45 and S43."""
    explanation = ours.explain(Fact(*map(NamedNode, SAMSYN.values())))
    assert explanation.proof is not None
    links = [origin(hop) for hop in explanation.proof.hops]
    properties = [names.local(link.predicate.value) for link in links]
    assert properties == ["isMemberOf", "isSubgroupOf", "feedsInformationTo"]
    passages = [
        {number for s in source.statements for p in s.passages for number in p.sentences}
        for link in links
        for source in explanation.sources[link]
    ]
    assert passages == [{45}, {45}, {43}]


def test_every_inferred_fact_is_explained(ours: Explainer, closed: Dataset) -> None:
    """Each inferred triple of ours has a proof that holds, down to facts with a source."""
    inferred = closed.graph(names.INFERRED).triples
    recorded = {t for t in closed.triples() if t not in set(inferred)}
    assert inferred
    for triple in inferred[::29]:
        explanation = ours.explain(Fact(triple.subject, triple.predicate, triple.object))
        assert explanation.proof is not None
        check(explanation.proof, recorded)
        leaves = {s.conclusion for s in explanation.proof.steps() if s.rule is None}
        assert leaves == explanation.sources.keys()


def test_a_proposed_fact_is_no_proof(ours: Explainer, dataset: Dataset) -> None:
    """What only a recommendation proposes does not follow; the explanation says where it stands."""
    graph = dataset.graph(names.GRAPH + "proposed/r3-2")
    triple = next(t for t in graph.triples if "would" in t.predicate.value)
    explanation = ours.explain(Fact(triple.subject, triple.predicate, triple.object))
    assert explanation.proof is None
    [source] = explanation.sources[explanation.fact]
    assert source.provenance_status == names.PROPOSED


def test_proofs_may_be_high() -> None:
    """A derivation of thousands of steps is explained too, and each format holds it."""
    far = PROPERTIES[0]
    on = Triple(CLASSES[0], owl("onProperty"), far)
    some_ = Triple(CLASSES[0], owl("someValuesFrom"), CLASSES[0])
    nodes = [NamedNode(f"{EX}{at}") for at in range(2001)]
    links = [Triple(one, far, other) for one, other in pairwise(nodes)]
    graph = ClosedGraph([on, some_, *links, Triple(nodes[-1], TYPE, CLASSES[0])])
    explanation = Explainer(graph).explain(Fact(nodes[0], TYPE, CLASSES[0]))
    assert explanation.proof is not None
    assert explanation.proof.height == 2000
    check(explanation.proof, graph.stated)
    assert all(asking.written(explanation, form, {}) for form in asking.FORMATS)
