"""Random shapes graphs: none makes the checking fail, and what is left of one is sound."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from samsyn import names
from samsyn.dataset.exact import BlankNode, Literal, NamedNode, Triple
from samsyn.errors import ToolError
from samsyn.validation.locations import Part
from samsyn.validation.shapes_graph.checking import faults
from samsyn.validation.shapes_graph.features import Means
from samsyn.validation.shapes_graph.report import sound
from samsyn.validation.terms.vocabularies import WellKnown

VOCABULARY = WellKnown().get(names.SH)
TERMS = sorted(VOCABULARY.terms if VOCABULARY else ())
NODES = st.sampled_from(
    [NamedNode(f"http://example.org/{name}") for name in "abc"]
    + [BlankNode(f"b{n}") for n in "1234"]
)
PROPERTIES = st.one_of(
    st.sampled_from([NamedNode(names.SH + term) for term in TERMS if term[0].islower()]),
    st.sampled_from(
        [
            NamedNode(iri)
            for iri in (
                names.RDF + "first", names.RDF + "rest", names.RDF_TYPE, names.OWL + "imports",
                names.SH + "mincount", names.SH + "property", names.SH + "path",
                names.SH + "select",
                names.SH + "targetClass", names.SH + "rule", names.SH + "sparql", names.SH + "or",
            )
        ]
    ),
)  # fmt: skip
OBJECTS = st.one_of(
    NODES,
    st.sampled_from([NamedNode(names.SH + term) for term in TERMS if term[0].isupper()]),
    st.sampled_from([NamedNode(names.RDF + "nil"), NamedNode(names.RDFS + "Class")]),
    st.sampled_from(
        [
            Literal("x"), Literal("x", language="en"), Literal("("), Literal("true"), Literal(""),
            Literal("1", datatype=NamedNode(names.XSD + "integer")),
            Literal("true", datatype=NamedNode(names.XSD + "boolean")),
            Literal("SELECT $this { $this ?p ?o }"), Literal("ASK { $this e:p ?o MINUS { ?a ?b ?c"),
            Literal("CONSTRUCT { $this ?p ?o } WHERE { $this ?p ?o { SELECT * { ?a ?b 1 } } }"),
        ]
    ),
)  # fmt: skip
GRAPHS = st.lists(st.builds(Triple, NODES, PROPERTIES, OBJECTS), max_size=25)
MEANS = st.sampled_from([Means(), Means(advanced=True), Means("pyshacl")])


@pytest.mark.threat("hostile-shapes")
@given(triples=GRAPHS, means=MEANS)
@settings(max_examples=400, deadline=None)
def test_no_shapes_graph_makes_the_checking_fail(triples: list[Triple], means: Means) -> None:
    """Each fault has a text in both languages and the number of a triple of the graph."""
    for each in faults(triples, means):
        assert dict(each.messages).keys() == {"sv", "en"}
        assert each.index is None or 0 <= each.index < len(triples)


@given(triples=GRAPHS, means=MEANS)
@settings(max_examples=400, deadline=None)
def test_what_is_left_has_no_fault(triples: list[Triple], means: Means) -> None:
    """Either nothing is left that checks anything, which is an error, or the rest is sound."""
    target = Triple(
        NamedNode("http://example.org/S"),
        NamedNode(names.SH + "targetClass"),
        NamedNode("http://example.org/C"),
    )
    given_ = [target, *triples]
    try:
        left = sound([Part("shapes", given_)], means=means)
    except ToolError as error:
        assert "No shape has a target" in error.message  # noqa: PT017  nothing else may stop it
        return
    assert list(faults(left.triples, means)) == []
    assert target in left.triples
    assert bool(left.findings) == bool(list(faults(given_, means)))
