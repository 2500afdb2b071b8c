"""The repository's own facts meet the shapes, by both engines."""

from __future__ import annotations

from collections.abc import Callable

from samsyn import names
from samsyn.dataset.exact import Dataset, Triple
from samsyn.validation import own_shapes, reports

LOST = 20  # one fact in so many is left out where damaged facts are wanted
Agree = Callable[[tuple[Triple, ...]], int]


def test_the_facts_are_clean(dataset: Dataset) -> None:
    """The repository's own facts break no required and no unexcused advised shape."""
    checked = own_shapes.check(dataset)
    assert checked.exit_code == 0, reports.written("text", checked)
    # Nothing is the same as anything, so that shape alone has nothing to look at.
    assert checked.checked.unmatched == (names.SHAPES + "SameAsShape",)


def test_every_class_of_facts_has_a_shape(dataset: Dataset, shapes: tuple[Triple, ...]) -> None:
    """Every own class with an instance among the facts is a target, itself or one above it."""
    targets = {t.object for t in shapes if t.predicate.value == names.SH + "targetClass"}
    above: dict[object, set[object]] = {}
    for triple in facts(dataset):
        if triple.predicate.value == names.RDFS + "subClassOf":
            above.setdefault(triple.subject, set()).add(triple.object)
    used = {
        t.object
        for t in facts(dataset)
        if t.predicate.value == names.RDF_TYPE and str(t.object).startswith("<" + names.NS)
    }
    assert used
    assert {kind for kind in used if not targets & {kind, *above.get(kind, set())}} == set()


def test_the_engines_agree_on_the_facts(dataset: Dataset, agree: Agree) -> None:
    """The fast engine and the reference find the same in the repository's facts."""
    agree(facts(dataset))


def test_the_engines_agree_on_damaged_facts(dataset: Dataset, agree: Agree) -> None:
    """They agree too where some of the facts are lost, so that there is much to report."""
    ontology = set(dataset.select(names.IS_SCHEMA).triples())
    known = [triple for triple in facts(dataset) if triple in ontology]
    rest = sorted(set(facts(dataset)) - ontology, key=str)
    left = (triple for number, triple in enumerate(rest) if number % LOST)
    assert agree((*known, *left)) > 100


def facts(dataset: Dataset) -> tuple[Triple, ...]:
    """What ``samsyn validate`` checks."""
    graphs = own_shapes.facts(dataset)
    return tuple(dict.fromkeys(triple for graph in graphs for triple in graph.triples))
