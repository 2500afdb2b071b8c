"""Adding to a closed graph gives what closing all at once would."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as some
from tests.closure.turtle import triple, triples
from tests.closure.worlds import worlds

from samsyn.closure.graph import ClosedGraph
from samsyn.dataset.exact import Triple
from samsyn.names import OWL


def said(graph: ClosedGraph) -> set[Triple]:
    """Return the triples of a graph but for those that a thing is itself."""
    return {t for t in graph if t.predicate.value != OWL + "sameAs" or t.subject != t.object}


@settings(max_examples=150)
@given(worlds(late=True), some.randoms(use_true_random=False), some.integers(1, 3))
def test_adding_equals_closing_all_at_once(
    facts: list[Triple], chance: some.Random, parts: int
) -> None:
    """Whatever is added and when, axioms among it, triples and contradictions are the same."""
    whole = ClosedGraph(facts)
    mixed = list(facts)
    chance.shuffle(mixed)
    graph = ClosedGraph(mixed[:: parts + 1])
    for part in range(1, parts + 1):
        graph.add(mixed[part :: parts + 1])
    assert said(graph) == said(whole)
    assert {clash.rule for clash in graph.clashes()} == {clash.rule for clash in whole.clashes()}
    assert graph.stated == whole.stated


@settings(max_examples=60)
@given(worlds(late=True), some.randoms(use_true_random=False))
def test_removing_equals_never_having_had_it(facts: list[Triple], chance: some.Random) -> None:
    """Whatever is taken back, axioms among it, leaves what closing the rest would give."""
    gone = [fact for fact in facts if chance.random() < 0.3]
    graph = ClosedGraph(facts)
    graph.remove(gone)
    rest = ClosedGraph([fact for fact in facts if fact not in set(gone)])
    assert said(graph) == said(rest)
    assert graph.stated == rest.stated
    graph.add(gone)
    assert said(graph) == said(ClosedGraph(facts))


def test_what_was_not_stated_cannot_be_taken_back() -> None:
    """To remove a triple that only follows changes nothing."""
    graph = ClosedGraph(triples(":p a owl:TransitiveProperty . :a :p :b . :b :p :c ."))
    graph.remove([triple(":a :p :c")])
    assert triple(":a :p :c") in graph


def test_what_is_known_may_be_added_again() -> None:
    """Adding nothing, or the same once more, changes nothing."""
    facts = triples(":p a owl:TransitiveProperty . :a :p :b . :b :p :c . :c owl:sameAs :d .")
    graph = ClosedGraph(facts)
    before = {*graph}
    graph.add([])
    graph.add(facts)
    graph.add(before)
    assert {*graph} == before


def test_a_property_that_becomes_transitive_tells_every_axiom() -> None:
    """Pairs that a late axiom gives are seen by the steps that were there before it."""
    graph = ClosedGraph(triples(":R owl:allValuesFrom :A ; owl:onProperty :p . :a a :R ."))
    graph.add(triples(":a :p :b . :b :p :c ."))
    graph.add(triples(":p a owl:TransitiveProperty ."))
    assert triple(":c a :A") in graph


def test_a_graph_can_be_asked_between_additions() -> None:
    """A look-up sees what has been added so far, and all names of what was merged."""
    graph = ClosedGraph(triples(":p a owl:TransitiveProperty . :a :p :b ."))
    assert triple(":a :p :c") not in graph
    graph.add(triples(":b :p :c ."))
    assert triple(":a :p :c") in graph
    graph.add(triples(":c owl:sameAs :d ."))
    assert triple(":a :p :d") in graph
    assert len([*graph.match(None, triple(":a :p :d").predicate, triple(":a :p :d").object)]) == 2
