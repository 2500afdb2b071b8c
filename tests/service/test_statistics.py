"""The numbers of the dataset, against those that SPARQL counts."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from samsyn.dataset.exact import Dataset, parse
from samsyn.description.statistics import Statistics, Use, measure, vocabularies
from samsyn.sparql.index import Index

COUNTED = {
    "triples": "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }",
    "entities": "SELECT (COUNT(DISTINCT ?s) AS ?n) { ?s a ?c FILTER (isIRI(?c)) }",
    "subjects": "SELECT (COUNT(DISTINCT ?s) AS ?n) { ?s ?p ?o }",
    "objects": "SELECT (COUNT(DISTINCT ?o) AS ?n) { ?s ?p ?o }",
}
CLASSES = """
SELECT ?class (COUNT(DISTINCT ?s) AS ?n) { ?s a ?class FILTER (isIRI(?class)) } GROUP BY ?class
"""
OF_CLASSES = "SELECT ?class (COUNT(*) AS ?n) { ?s a ?class ; ?p ?o } GROUP BY ?class"
PROPERTIES = """
SELECT ?p (COUNT(*) AS ?n) (COUNT(DISTINCT ?s) AS ?subjects) (COUNT(DISTINCT ?o) AS ?objects)
{ ?s ?p ?o } GROUP BY ?p
"""
USES = "SELECT ?class ?p (COUNT(*) AS ?n) { ?s a ?class ; ?p ?o } GROUP BY ?class ?p"
REACHED = """
SELECT ?class ?p ?target (COUNT(*) AS ?n)
{ ?s a ?class ; ?p ?o . ?o a ?target FILTER (isIRI(?target)) } GROUP BY ?class ?p ?target
"""
DATATYPES = """
SELECT ?class ?p ?type (COUNT(*) AS ?n)
{ ?s a ?class ; ?p ?o FILTER (isLiteral(?o)) BIND (DATATYPE(?o) AS ?type) }
GROUP BY ?class ?p ?type
"""


@pytest.fixture(scope="module")
def statistics(closed: Dataset) -> Statistics:
    """The numbers of the repository's graphs."""
    return measure(closed.triples())


def table(index: Index, query: str) -> dict[tuple[str, ...], tuple[int, ...]]:
    """Ask for numbers, by the IRIs in the same row."""
    answer = index.query(query)
    key = [name for name in answer.variables if name in {"class", "p", "target", "type"}]
    numbers = [name for name in answer.variables if name not in key]
    return {
        tuple(str(row[name].value) for name in key): tuple(int(row[name].value) for name in numbers)
        for row in answer.rows()
    }


def uses(statistics: Statistics) -> Iterator[tuple[str, Use]]:
    """List the uses of properties with their classes."""
    return ((kind.iri, use) for kind in statistics.classes for use in kind.uses)


@pytest.mark.parametrize("name", COUNTED)
def test_totals_are_those_that_sparql_counts(
    name: str, statistics: Statistics, index: Index
) -> None:
    """Each total equals the answer to the query by which VoID's authors define it."""
    assert table(index, COUNTED[name]) == {(): (getattr(statistics, name),)}
    assert getattr(statistics, name) > 0


def test_properties_are_counted(statistics: Statistics, index: Index) -> None:
    """Each property has its triples, distinct subjects and distinct objects."""
    found = {(p.iri,): (p.triples, p.subjects, p.objects) for p in statistics.properties}
    assert found == table(index, PROPERTIES)
    assert sum(p.triples for p in statistics.properties) == statistics.triples


def test_classes_are_counted(statistics: Statistics, index: Index) -> None:
    """Each class has its instances, and the triples that have one of them as subject."""
    assert {(c.iri,): (c.entities,) for c in statistics.classes} == table(index, CLASSES)
    assert {(c.iri,): (c.triples,) for c in statistics.classes} == table(index, OF_CLASSES)


def test_uses_are_counted(statistics: Statistics, index: Index) -> None:
    """Each property of a class has its triples, and those to each class and datatype."""
    totals = {(kind, use.iri): (use.triples,) for kind, use in uses(statistics)}
    assert totals == table(index, USES)
    classes = {(k, u.iri, to): (n,) for k, u in uses(statistics) for to, n in u.classes.items()}
    assert classes == table(index, REACHED)
    types = {(k, u.iri, to): (n,) for k, u in uses(statistics) for to, n in u.datatypes.items()}
    assert types == table(index, DATATYPES)


def test_an_object_counts_in_each_of_its_classes() -> None:
    """A triple to a thing of two classes counts for both; a plain thing and a text have none."""
    text = b"""
    @prefix : <http://e/#> .
    :a a :A ; :p :b , :c , "x"@en , 1 . :b a :B , :C .
    """
    statistics = measure(quad.triple for quad in parse(text, "turtle"))
    kind = next(kind for kind in statistics.classes if kind.iri == "http://e/#A")
    use = next(use for use in kind.uses if use.iri == "http://e/#p")
    assert (kind.entities, kind.triples, use.triples) == (1, 5, 4)
    assert use.classes == {"http://e/#B": 1, "http://e/#C": 1}
    assert {iri.rpartition("#")[2]: n for iri, n in use.datatypes.items()} == {
        "integer": 1,
        "langString": 1,
    }
    assert list(vocabularies(statistics)) == [
        "http://e/#",
        "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    ]


def test_nothing_has_no_numbers() -> None:
    """An empty graph can be measured."""
    assert measure(()) == Statistics(0, 0, 0, 0, (), ())


def test_the_order_of_triples_does_not_matter(closed: Dataset, statistics: Statistics) -> None:
    """The same triples in another order give the same numbers in the same order."""
    assert measure(reversed(closed.triples())) == statistics
