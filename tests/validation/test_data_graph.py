"""The data graph of a user's shapes is the user's: our ontology is beside it, never in it.

pySHACL, called on the user's data alone, is the oracle.
"""

from __future__ import annotations

import warnings

import pyshacl
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from samsyn.dataset.exact import Dataset, Triple, parse_triples, to_rdflib
from samsyn.names import SH
from samsyn.validation.configuration import known_of
from samsyn.validation.evaluation import Examination, Setup

HEAD = """\
@prefix ex: <http://example.org/> .
@prefix network: <https://w3id.org/samsyn/id/network/> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix prov: <http://www.w3.org/ns/prov#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix samsyn: <https://w3id.org/samsyn/ns#> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""
LABELLED = (
    "ex:Labelled sh:targetObjectsOf rdf:type ; sh:property [ sh:path rdfs:label ; sh:minCount 1 ] ."
)
DECLARED = """
ex:Declared sh:targetSubjectsOf ex:uses ; sh:property [ sh:path ex:uses ; sh:class owl:Class ] .
"""
CLASSES = (
    "ex:Classes sh:targetClass owl:Class ; sh:property [ sh:path rdfs:label ; sh:minCount 1 ] ."
)
NOTED = "sh:property [ sh:path ex:note ; sh:minCount 1 ] ."
BELOW = f"ex:Below sh:targetSubjectsOf rdfs:subClassOf ; {NOTED}"
ABOVE = f"ex:Above sh:targetClass samsyn:Collective ; {NOTED}"
SOME_LABEL = """
ex:Some sh:targetNode ex:Graph ; sh:sparql [ sh:message "no concept has a label" ;
  sh:select '''SELECT $this WHERE { FILTER NOT EXISTS { ?x
    <http://www.w3.org/2000/01/rdf-schema#label> ?label } }''' ] .
"""
EVERY_CLASS = """
ex:Every sh:targetNode ex:Graph ; sh:sparql [ sh:message "a class in use has no label" ;
  sh:select '''SELECT DISTINCT $this ?value WHERE { ?x a ?value FILTER NOT EXISTS { ?value
    <http://www.w3.org/2000/01/rdf-schema#label> ?label } }''' ] .
"""
OF_OURS = """
ex:Ours sh:targetNode skos:Concept , prov:Activity , "text" ;
  sh:property [ sh:path [ sh:inversePath rdf:type ] ; sh:minCount 1 ; sh:maxCount 1 ] .
"""
SHAPES = LABELLED + DECLARED + CLASSES + BELOW + ABOVE + SOME_LABEL + EVERY_CLASS + OF_OURS
LINKED = "sh:path ex:uses ; sh:class samsyn:Network ] ."
THINGS = ("ex:a", "ex:b", "ex:Own", "skos:Concept", "prov:Activity", "samsyn:Network", "_:b")
CLASSES_IN_USE = ("skos:Concept", "prov:Activity", "samsyn:Network", "owl:Class", "ex:Own")
STATEMENT = st.one_of(
    st.builds("{} a {} .".format, st.sampled_from(THINGS), st.sampled_from(CLASSES_IN_USE)),
    st.builds(
        "{} {} {} .".format,
        st.sampled_from(THINGS),
        st.sampled_from(("ex:uses", "rdfs:subClassOf", "ex:note")),
        st.sampled_from(THINGS),
    ),
    st.builds('{} rdfs:label "x" .'.format, st.sampled_from(THINGS)),
)
SLOW = settings(
    max_examples=25, deadline=None, suppress_health_check=list(HealthCheck), phases=[Phase.generate]
)

Found = set[tuple[str, str, str]]


def triples(text: str) -> tuple[Triple, ...]:
    """Read Turtle with the prefixes of this module; each text has blank nodes of its own."""
    return tuple(parse_triples((HEAD + text).encode(), "turtle", path=text))


@pytest.fixture(scope="module")
def ontology(dataset: Dataset) -> tuple[Triple, ...]:
    """What we know of our own terms."""
    return known_of(dataset, with_graph=False).triples()


def examine(
    data: str,
    shapes: str,
    known: tuple[Triple, ...],
    inference: str = "none",
    published: tuple[Triple, ...] = (),
) -> Examination:
    """Examine a user's data with a user's shapes."""
    own = triples(shapes)
    setup = Setup(
        (*known, *published),
        own,
        inference,
        own=frozenset(own),
        published=frozenset(published),
    )
    return Examination(triples(data), setup)


def found(examination: Examination) -> Found:
    """Return focus, value and component of each result."""
    return {(r.focus, r.value, r.component) for r in examination.outcome.results}


def told(data: str, shapes: str) -> Found:
    """Return the same of what pySHACL finds in the user's data alone."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        _, report, _ = pyshacl.validate(
            to_rdflib(triples(data)), shacl_graph=to_rdflib(triples(shapes)), inference="none"
        )
    rows = report.query(
        f"PREFIX sh: <{SH}> SELECT ?focus ?value ?component WHERE {{ ?r sh:focusNode ?focus ;"
        " sh:sourceConstraintComponent ?component OPTIONAL { ?r sh:value ?value } }"
    )
    return {
        (focus.n3(), "" if value is None else value.n3(), str(component).partition("#")[2])
        for focus, value, component in rows
    }


def blind(results: Found) -> Found:
    """Forget the labels of blank nodes."""
    return {
        tuple("_:" if part.startswith("_:") else part for part in each)  # type: ignore[misc]
        for each in results
    }


def test_the_data_graph_is_that_of_the_user(ontology: tuple[Triple, ...]) -> None:
    """Without inference, all shapes find what pySHACL finds in the user's data alone."""
    sizes = set[int]()

    @SLOW
    @given(st.lists(STATEMENT, max_size=8))
    def compare(statements: list[str]) -> None:
        data = "\n".join(statements)
        ours = found(examine(data, SHAPES, ontology))
        assert blind(ours) == blind(told(data, SHAPES))
        sizes.add(len(ours))

    compare()
    assert max(sizes) > 5


@pytest.mark.parametrize("inference", ["none", "rdfs", "owl-rl"])
def test_a_finding_on_a_term_of_ours_is_the_users(
    inference: str, ontology: tuple[Triple, ...]
) -> None:
    """A class that our ontology describes too is checked as any other, and its labels are ours."""
    data = "ex:a a prov:Activity . ex:c a skos:Concept . ex:d a ex:Fine . ex:Fine rdfs:label 'x' ."
    assert found(examine(data, LABELLED, ontology, inference)) == {
        ("<http://www.w3.org/ns/prov#Activity>", "", "MinCountConstraintComponent"),
        ("<http://www.w3.org/2004/02/skos/core#Concept>", "", "MinCountConstraintComponent"),
    }


@pytest.mark.parametrize("inference", ["none", "rdfs", "owl-rl"])
def test_nothing_conforms_by_what_our_ontology_declares(
    inference: str, ontology: tuple[Triple, ...]
) -> None:
    """A class that only our ontology declares is not declared in the user's graph."""
    data = "ex:m ex:uses prov:Activity , ex:Own ."
    values = {value for _, value, _ in found(examine(data, DECLARED, ontology, inference))}
    assert values == {"<http://www.w3.org/ns/prov#Activity>", "<http://example.org/Own>"}
    stated = data + "prov:Activity a owl:Class ."
    values = {value for _, value, _ in found(examine(stated, DECLARED, ontology, inference))}
    assert values == {"<http://example.org/Own>"}


def test_what_follows_about_the_users_things_is_seen(ontology: tuple[Triple, ...]) -> None:
    """A network of the user's is a collective by our ontology, if inference is asked for."""
    data = "ex:n a samsyn:Network ."
    assert found(examine(data, ABOVE, ontology, "none")) == set()
    for inference in ("rdfs", "owl-rl"):
        ((focus, _, _),) = found(examine(data, ABOVE, ontology, inference))
        assert focus == "<http://example.org/n>"


def test_what_follows_from_our_ontology_alone_is_not_seen(ontology: tuple[Triple, ...]) -> None:
    """The subclass tree of ours has no part in the user's graph, unless the user states it."""
    data = "ex:n a samsyn:Network ."
    assert found(examine(data, BELOW, ontology, "owl-rl")) == set()
    stated = data + "samsyn:Network rdfs:subClassOf samsyn:Collective ."
    ((focus, _, _),) = found(examine(stated, BELOW, ontology, "owl-rl"))
    assert focus == "<https://w3id.org/samsyn/ns#Network>"


def test_what_the_data_alone_entails_is_seen_though_our_ontology_says_so_too() -> None:
    """What follows from the user's own triples is the user's, no matter who else says it."""
    known = triples("ex:A rdfs:subClassOf ex:C . ex:C rdfs:label 'c' .")
    shape = "ex:S sh:targetNode ex:A ; sh:property [ sh:path rdfs:subClassOf ; sh:hasValue ex:C ] ."
    assert found(examine("ex:A rdfs:subClassOf ex:B .", shape, known, "rdfs")) != set()
    data = "ex:A rdfs:subClassOf ex:B . ex:B rdfs:subClassOf ex:C ."
    assert found(examine(data, shape, known, "rdfs")) == set()


def test_shapes_of_both_kinds_see_each_its_own_graph() -> None:
    """In one run, shapes of ours know our things, and shapes of the user's the user's alone."""
    known = triples("network:n a samsyn:Network .")
    shape = "{} sh:targetSubjectsOf ex:uses ; sh:property [ " + LINKED
    own, ours = triples(shape.format("ex:Own")), triples(shape.format("samsyn:Ours"))
    data = triples("ex:a ex:uses network:n , ex:b .")
    outcome = Examination(data, Setup(known, (*ours, *own), "none", own=frozenset(own))).outcome
    assert {r.value for r in outcome.results} == {
        "<https://w3id.org/samsyn/id/network/n>",
        "<http://example.org/b>",
    }
    assert len(outcome.results) == 3
    assert [len(target.nodes) for target in outcome.targets] == [1, 1]


def test_the_published_graph_is_in_the_users_graph_on_request() -> None:
    """With it, links into it are checked, and only what the user has or names is reported on."""
    published = triples("network:n a samsyn:Network . network:m a samsyn:Network .")
    shape = f"ex:S sh:targetClass samsyn:Network ; {NOTED}"
    linked = "ex:L sh:targetSubjectsOf ex:uses ; sh:property [ " + LINKED
    data = "ex:a ex:uses network:n . ex:own a samsyn:Network ."
    assert {focus for focus, _, _ in found(examine(data, shape + linked, ()))} == {
        "<http://example.org/a>",
        "<http://example.org/own>",
    }
    examination = examine(data, shape + linked, (), published=published)
    expected = {"<https://w3id.org/samsyn/id/network/n>", "<http://example.org/own>"}
    assert {focus for focus, _, _ in found(examination)} == expected
    counts = {target.shape[-1]: len(target.nodes) for target in examination.outcome.targets}
    assert counts == {"L": 1, "S": 2}
    named = shape + f"ex:M sh:targetNode network:m ; {NOTED}"
    focuses = {focus for focus, _, _ in found(examine(data, named, (), published=published))}
    assert focuses == expected | {"<https://w3id.org/samsyn/id/network/m>"}


def test_a_graph_without_triples_has_the_nodes_that_are_named(
    ontology: tuple[Triple, ...],
) -> None:
    """In an empty graph, what must be there is missing."""
    results = found(examine("", SOME_LABEL + OF_OURS, ontology))
    assert results == told("", SOME_LABEL + OF_OURS)
    assert len(results) == 4
