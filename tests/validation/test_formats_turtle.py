"""The report as a SHACL validation report, read by rdflib and checked by pySHACL."""

from __future__ import annotations

import pyshacl
import pytest
from rdflib import RDF, RDFS, SH, BNode, Graph, Literal, Namespace, URIRef
from rdflib.extras.shacl import parse_shacl_path
from rdflib.plugins.sparql.algebra import translateQuery
from rdflib.plugins.sparql.parser import parseQuery
from rdflib.term import Node
from tests.validation.reports import (
    AGE,
    CONTRADICTION,
    MISSING,
    NOWHERE,
    REPORTS,
    SYNTAX,
    UNKNOWN,
    report,
)

from samsyn.dataset.exact import BlankNode, Triple
from samsyn.validation import reports
from samsyn.validation.finding import Finding, Report
from samsyn.validation.reports.paths import Path

POINTERS = Namespace("http://www.w3.org/2009/pointers#")
EARL = Namespace("http://www.w3.org/ns/earl#")

# What section 3.6 of SHACL asks of a report and of its results.
RECOMMENDED = """
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
<urn:report> a sh:NodeShape ; sh:targetClass sh:ValidationReport ;
  sh:property [ sh:path sh:conforms ; sh:minCount 1 ; sh:maxCount 1 ; sh:datatype xsd:boolean ] ;
  sh:property [ sh:path sh:result ; sh:class sh:ValidationResult ] .
<urn:result> a sh:NodeShape ; sh:targetObjectsOf sh:result ;
  sh:property [ sh:path sh:focusNode ; sh:minCount 1 ; sh:maxCount 1 ] ;
  sh:property [ sh:path sh:resultPath ; sh:maxCount 1 ; sh:nodeKind sh:BlankNodeOrIRI ] ;
  sh:property [ sh:path sh:value ; sh:maxCount 1 ] ;
  sh:property [ sh:path sh:sourceShape ; sh:maxCount 1 ; sh:nodeKind sh:BlankNodeOrIRI ] ;
  sh:property [ sh:path sh:sourceConstraintComponent ; sh:minCount 1 ; sh:maxCount 1 ;
    sh:nodeKind sh:IRI ] ;
  sh:property [ sh:path sh:resultSeverity ; sh:minCount 1 ; sh:maxCount 1 ;
    sh:in ( sh:Violation sh:Warning sh:Info ) ] ;
  sh:property [ sh:path sh:resultMessage ; sh:uniqueLang true ; sh:nodeKind sh:Literal ] .
"""


def graph(held: Report) -> Graph:
    """Return the graph of a report."""
    return Graph().parse(data=reports.written("turtle", held), format="turtle")


def result(finding: Finding) -> tuple[Graph, Node]:
    """Return the graph of a report with one finding, and its result."""
    found = graph(report(finding))
    (node,) = found.objects(None, SH.result)
    return found, node


@pytest.mark.parametrize("name", REPORTS)
def test_it_is_a_report_by_the_recommendation(name: str) -> None:
    """Each report is as SHACL asks: one answer, and for each finding one whole result."""
    found = graph(REPORTS[name])
    shapes = Graph().parse(data=RECOMMENDED, format="turtle")
    conforms, _, told = pyshacl.validate(found, shacl_graph=shapes)
    assert conforms, told
    (answer,) = found.subjects(RDF.type, SH.ValidationReport)
    assert found.value(answer, SH.conforms) == Literal(not REPORTS[name].findings)
    assert len(set(found.objects(answer, SH.result))) == len(REPORTS[name].findings)


def test_the_recommendation_is_checked() -> None:
    """A report with a fault is noticed."""
    found, node = result(MISSING)
    found.remove((node, SH.focusNode, None))
    shapes = Graph().parse(data=RECOMMENDED, format="turtle")
    assert not pyshacl.validate(found, shacl_graph=shapes)[0]


def test_a_result_is_that_of_the_engine() -> None:
    """Node, property, shape, component, severity and messages are those that an engine gives."""
    found, node = result(MISSING)
    assert found.value(node, SH.focusNode) == URIRef("https://example.org/n")
    assert found.value(node, SH.resultPath) == RDFS.label
    assert found.value(node, SH.sourceConstraintComponent) == SH.MinCountConstraintComponent
    assert found.value(node, SH.resultSeverity) == SH.Violation
    assert str(found.value(node, SH.sourceShape)).endswith("shapes#NetworkShape-label")
    assert set(found.objects(node, SH.resultMessage)) == {
        Literal("Nätverket saknar etikett.", lang="sv"),
        Literal("The network has no label.", lang="en"),
    }


def test_odd_values_come_back() -> None:
    """A literal is the same after the way through Turtle."""
    found, node = result(AGE)
    expected = Literal('<script>alert("å")</script> 🙂 ]]> \u0001\u202e, :', lang="sv")
    assert found.value(node, SH.value) == expected


def test_a_place_is_a_pointer() -> None:
    """File, line and character are at the result."""
    found, node = result(SYNTAX)
    pointer = found.value(node, EARL.pointer)
    assert found.value(pointer, RDF.type) == POINTERS.LineCharPointer
    numbers = (found.value(pointer, POINTERS[name]) for name in ("lineNumber", "charNumber"))
    assert [number.toPython() for number in numbers] == [3, 3]
    document = found.value(pointer, POINTERS.reference)
    assert found.value(document, RDFS.label) == Literal("data/broken.ttl")
    assert found.value(node, SH.focusNode) == document


def test_what_no_shape_found_has_a_component_of_its_own() -> None:
    """Syntax, terms and contradictions are results by the rule that found them."""
    for finding in (SYNTAX, UNKNOWN, CONTRADICTION, NOWHERE):
        found, node = result(finding)
        component = found.value(node, SH.sourceConstraintComponent)
        assert component == URIRef(f"https://w3id.org/samsyn/shapes#{finding.rule}")


def test_blank_nodes_of_the_data_keep_to_themselves() -> None:
    """A blank node that is called as one of the report's is another one."""
    found, node = result(Finding("SAM-syntax", "violation", (), focus="_:report"))
    focus = found.value(node, SH.focusNode)
    assert isinstance(focus, BNode)
    assert found.value(focus, RDF.type) is None


def test_the_line_of_a_syntax_error_is_no_value() -> None:
    """A line that looks like a term is not taken for one."""
    found, node = result(SYNTAX)
    assert found.value(node, SH.value) is None


def test_a_quoted_triple_is_left_out() -> None:
    """A value that RDF 1.1 cannot hold does not stop the report."""
    quoted = "<<( <urn:a> <urn:b> <urn:c> )>>"
    found, node = result(Finding("SAM-syntax", "violation", (), focus="<urn:a>", value=quoted))
    assert found.value(node, SH.value) is None


def shown(triples: list[Triple], node: object) -> str:
    """Return a path as rdflib reads it from the triples that describe it."""
    text = "".join(f"{triple} .\n" for triple in triples)
    described = Graph().parse(data=text, format="nt", bnode_context={})
    if not isinstance(node, BlankNode):
        return str(parse_shacl_path(described, URIRef(node.value)).n3())  # type: ignore[attr-defined]
    (start,) = set(described.subjects()) - set(described.objects())
    return str(parse_shacl_path(described, start).n3())


PATHS = (
    "<urn:a>",
    "^<urn:a>",
    "<urn:a>*",
    "<urn:a>+",
    "<urn:a>?",
    "(<urn:a>/<urn:b>)",
    "(<urn:a>|<urn:b>|<urn:c>)",
    "^(<urn:a>/^<urn:b>/<urn:c>)",
    "(<urn:a>/(<urn:b>|^<urn:c>)*)",
    "((<urn:a>|<urn:b>)+/<urn:c>?)",
    "^(<urn:a>|(<urn:b>/<urn:c>))",
)


@pytest.mark.parametrize("written", PATHS)
def test_a_compound_path_is_described_as_shacl_does(written: str) -> None:
    """The nodes of a path are, for rdflib, the path that SPARQL means by the same text."""
    path = Path(written, "p")
    query = translateQuery(parseQuery(f"SELECT * WHERE {{ ?s {written} ?o }}")).algebra
    ((_, meant, _),) = query.p.p.triples
    assert shown(path.triples, path.node) == meant.n3()


def test_a_plain_iri_is_a_path() -> None:
    """A property is itself, with nothing to describe."""
    path = Path("urn:a", "p")
    assert (str(path.node), path.triples) == ("<urn:a>", [])
