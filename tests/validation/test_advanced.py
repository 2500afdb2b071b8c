"""SHACL Advanced Features through the reference engine, held to pySHACL itself."""

from __future__ import annotations

import logging
import warnings
from pathlib import Path

import pyshacl
import pytest
import rdflib

import samsyn
from samsyn.errors import ToolError, UsageError
from samsyn.layout import Layout
from samsyn.validation import reports
from samsyn.validation.finding import Report
from samsyn.validation.options import REPORTS, Options
from samsyn.validation.run import check

PREFIXES = """@prefix ex: <http://example.org/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
ex: sh:declare [ sh:prefix "ex" ; sh:namespace "http://example.org/"^^xsd:anyURI ] .
"""
DATA = """
ex:r1 a ex:Rectangle ; ex:w 1 ; ex:h 1 .
ex:r2 a ex:Rectangle ; ex:w 1 ; ex:h 2 ; ex:next ex:r3 ; ex:tag "a" .
ex:r3 a ex:Rectangle ; ex:w 3 ; ex:h 3 ; ex:next ex:r4 .
ex:r4 a ex:Rectangle ; ex:w 4 ; ex:h 5 ; ex:next ex:r5 .
ex:r5 a ex:Round .
"""
SQUARES = """ex:Squares a sh:NodeShape ; sh:targetClass ex:Square ;
  sh:property [ sh:path ex:name ; sh:minCount 1 ] ."""
TRIPLE = "a sh:TripleRule ; sh:subject sh:this"
FUNCTION = """ex:twice a sh:SPARQLFunction ;
  sh:parameter [ sh:path ex:of ; sh:datatype xsd:integer ] ; sh:returnType xsd:integer ;
  sh:select "SELECT ($of * 2 AS ?r) WHERE {}" ."""

SHAPES = {
    "sparql-rule": SQUARES
    + """ ex:S a sh:NodeShape ; sh:targetClass ex:Rectangle ; sh:rule [ a sh:SPARQLRule ;
      sh:prefixes ex: ;
      sh:construct "CONSTRUCT { $this a ex:Square } { $this ex:w ?x ; ex:h ?x }" ] .""",
    "triple-rule": f"""ex:S a sh:NodeShape ; sh:targetClass ex:Rectangle ;
      sh:rule [ {TRIPLE} ; sh:predicate ex:size ; sh:object [ sh:path ex:w ] ] .
      ex:T a sh:NodeShape ; sh:targetSubjectsOf ex:size ;
      sh:property [ sh:path ex:size ; sh:maxInclusive 2 ] .""",
    "condition": SQUARES
    + f""" ex:S a sh:NodeShape ; sh:targetClass ex:Rectangle ; sh:rule [ {TRIPLE} ;
      sh:condition [ sh:property [ sh:path ex:tag ; sh:minCount 1 ] ] ;
      sh:predicate <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> ; sh:object ex:Square ] .""",
    "order": f"""ex:S a sh:NodeShape ; sh:targetClass ex:Rectangle ;
      sh:rule [ {TRIPLE} ; sh:order 2 ; sh:predicate ex:b ; sh:object [ sh:path ex:a ] ] ,
              [ {TRIPLE} ; sh:order 1 ; sh:predicate ex:a ; sh:object [ sh:path ex:h ] ] .
      ex:T sh:targetSubjectsOf ex:b ; sh:property [ sh:path ex:b ; sh:maxInclusive 2 ] .""",
    "order-the-other-way": f"""ex:S a sh:NodeShape ; sh:targetClass ex:Rectangle ;
      sh:rule [ {TRIPLE} ; sh:order 1 ; sh:predicate ex:b ; sh:object [ sh:path ex:a ] ] ,
              [ {TRIPLE} ; sh:order 2 ; sh:predicate ex:a ; sh:object [ sh:path ex:h ] ] .
      ex:T sh:targetClass ex:Rectangle ; sh:property [ sh:path ex:b ; sh:maxInclusive 2 ] .""",
    "deactivated": SQUARES
    + f""" ex:S a sh:NodeShape ; sh:targetClass ex:Rectangle ; sh:rule [ {TRIPLE} ;
      sh:deactivated true ; sh:predicate ex:name ; sh:object "x" ] .""",
    "chain": """ex:S a sh:NodeShape ; sh:targetClass ex:Rectangle ; sh:rule [ a sh:SPARQLRule ;
      sh:prefixes ex: ;
      sh:construct "CONSTRUCT { $this ex:reaches ?y } { $this ex:next|(ex:next/ex:reaches) ?y }" ] .
      ex:T sh:targetSubjectsOf ex:reaches ; sh:property [ sh:path ex:reaches ; sh:maxCount 1 ] .""",
    "union": f"""ex:S a sh:NodeShape ; sh:targetClass ex:Rectangle ; sh:rule [ {TRIPLE} ;
      sh:predicate ex:side ; sh:object [ sh:union ( [ sh:path ex:w ] [ sh:path ex:h ] ) ] ] .
      ex:T sh:targetSubjectsOf ex:side ; sh:property [ sh:path ex:side ; sh:maxCount 1 ] .""",
    "intersection": f"""ex:S a sh:NodeShape ; sh:targetClass ex:Rectangle ; sh:rule [ {TRIPLE} ;
      sh:predicate ex:side ; sh:object [ sh:intersection ( [ sh:path ex:w ] [ sh:path ex:h ] ) ] ] .
      ex:T sh:targetSubjectsOf ex:side ; sh:property [ sh:path ex:side ; sh:maxInclusive 2 ] .""",
    "function": FUNCTION
    + """ ex:S a sh:NodeShape ; sh:targetClass ex:Rectangle ; sh:sparql [ sh:prefixes ex: ;
      sh:select "SELECT $this ?v { $this ex:w ?v ; ex:h ?h FILTER(ex:twice(?v) = ?h) }" ] .""",
    "function-in-a-rule": FUNCTION
    + f""" ex:S a sh:NodeShape ; sh:targetClass ex:Rectangle ; sh:rule [ {TRIPLE} ;
      sh:predicate ex:double ; sh:object [ ex:twice ( [ sh:path ex:w ] ) ] ] .
      ex:T sh:targetSubjectsOf ex:double ;
      sh:property [ sh:path ex:double ; sh:maxInclusive 4 ] .""",
    "expression": """ex:less a sh:SPARQLFunction ; sh:parameter [ sh:path ex:a ; sh:order 1 ] ,
        [ sh:path ex:b ; sh:order 2 ] ; sh:ask "ASK { FILTER($a < $b) }" .
      ex:S a sh:NodeShape ; sh:targetClass ex:Rectangle ;
      sh:expression [ ex:less ( [ sh:path ex:w ] [ sh:path ex:h ] ) ; sh:message "too low" ] .""",
    "expression-constant": "ex:S sh:targetClass ex:Rectangle ; sh:expression false .",
    "target": """ex:S a sh:NodeShape ; sh:target [ a sh:SPARQLTarget ; sh:prefixes ex: ;
      sh:select "SELECT ?this { ?this ex:h ?h FILTER(?h > 2) }" ] ;
      sh:property [ sh:path ex:tag ; sh:minCount 1 ] .""",
    "target-type": """ex:Higher a sh:SPARQLTargetType ; rdfs:subClassOf sh:Target ;
        sh:parameter [ sh:path ex:than ] ; sh:prefixes ex: ;
        sh:select "SELECT ?this { ?this ex:h ?h FILTER(?h > $than) }" .
      ex:S a sh:NodeShape ; sh:target [ a ex:Higher ; ex:than 2 ] ;
      sh:property [ sh:path ex:tag ; sh:minCount 1 ] .""",
    "rule-on-a-sparql-target": SQUARES
    + f""" ex:S a sh:NodeShape ; sh:target [ a sh:SPARQLTarget ; sh:prefixes ex: ;
      sh:select "SELECT ?this {{ ?this ex:h ?h FILTER(?h > 2) }}" ] ; sh:rule [ {TRIPLE} ;
      sh:predicate <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> ; sh:object ex:Square ] .""",
    "new-blank-node": """ex:S a sh:NodeShape ; sh:targetClass ex:Round ; sh:rule [ a sh:SPARQLRule ;
      sh:prefixes ex: ;
      sh:construct "CONSTRUCT { $this ex:part [ a ex:Part ] } { $this a ex:Round }" ] .
      ex:T sh:targetClass ex:Part ; sh:property [ sh:path ex:name ; sh:minCount 1 ] .""",
    "core-beside": SQUARES
    + """ ex:S a sh:NodeShape ; sh:targetClass ex:Rectangle ; sh:closed true ;
      sh:ignoredProperties ( <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> ex:next ) ;
      sh:property [ sh:path ex:w ] , [ sh:path ex:h ] .""",
}
RESULT = tuple[str, str, str, str, str]


def checked(folder: Path, shapes: str, **options: object) -> Report:
    """Check the data against shapes, without inference."""
    (folder / "data.ttl").write_text(PREFIXES + DATA)
    (folder / "shapes.ttl").write_text(PREFIXES + shapes)
    names = {"paths": (f"{folder}/data.ttl",), "shapes": (f"{folder}/shapes.ttl",)}
    return check(Options.of(**names, infer="none", **options), Layout.find())


def ours(report: Report) -> list[RESULT]:
    """Return what we find, by what can be compared."""
    return sorted(
        (
            "_:" if each.focus.startswith("_:") else each.focus,
            each.path,
            each.value,
            each.component,
            each.severity_iri,
        )
        for each in report.findings
        if each.component
    )


def theirs(shapes: str, *, iterate: bool = False) -> list[RESULT]:
    """Return what pySHACL finds."""
    quiet = logging.getLogger("samsyn.pyshacl")
    quiet.setLevel(logging.CRITICAL)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        _, report, _ = pyshacl.validate(
            rdflib.Graph().parse(data=PREFIXES + DATA),
            shacl_graph=rdflib.Graph().parse(data=PREFIXES + shapes),
            advanced=True, iterate_rules=iterate, logger=quiet,
        )  # fmt: skip
    sh = rdflib.SH
    found = []
    for node in report.subjects(rdflib.RDF.type, sh.ValidationResult):
        path, value = report.value(node, sh.resultPath), report.value(node, sh.value)
        focus = report.value(node, sh.focusNode)
        found.append(
            (
                "_:" if isinstance(focus, rdflib.BNode) else focus.n3(),
                str(path or ""),
                "" if value is None else value.n3(),
                str(report.value(node, sh.sourceConstraintComponent)).partition("#")[2],
                str(report.value(node, sh.resultSeverity)),
            )
        )
    return sorted(found)


@pytest.mark.parametrize("text", SHAPES.values(), ids=SHAPES)
def test_each_feature_gives_what_pyshacl_gives(tmp_path: Path, text: str) -> None:
    """With --advanced the results are those of pySHACL."""
    assert ours(checked(tmp_path, text, advanced=True)) == theirs(text)


ENDLESS = {"new-blank-node"}
"""Each run of the rule makes another blank node."""


@pytest.mark.parametrize("name", sorted(SHAPES.keys() - ENDLESS))
def test_iterated_rules_give_what_pyshacl_gives(tmp_path: Path, name: str) -> None:
    """With --iterate-rules the results are those of pySHACL with the same option."""
    report = checked(tmp_path, SHAPES[name], advanced=True, iterate_rules=True)
    assert ours(report) == theirs(SHAPES[name], iterate=True)


def test_the_comparison_is_no_empty_one() -> None:
    """Nearly all shapes find something, and iteration finds more."""
    assert len([text for text in SHAPES.values() if theirs(text)]) >= len(SHAPES) - 3
    assert theirs(SHAPES["chain"], iterate=True) != theirs(SHAPES["chain"])


@pytest.mark.parametrize("form", REPORTS)
def test_the_report_says_what_rules_added(tmp_path: Path, form: str) -> None:
    """Each report that has notes says that the reference engine ran and what rules added."""
    report = checked(tmp_path, SHAPES["sparql-rule"], advanced=True)
    assert report.checked.engine == "pyshacl"
    [note] = report.notes
    assert dict(note)["en"].endswith("rules added: 2.")
    assert dict(note)["sv"].endswith("lade till: 2.")
    if form not in {"gitlab", "turtle"}:
        assert "rules added: 2" in reports.written(form, report, "en")


def test_what_rules_add_counts_as_looked_at(tmp_path: Path) -> None:
    """A shape whose targets only rules make is not one that matched nothing."""
    report = checked(tmp_path, SHAPES["sparql-rule"], advanced=True)
    assert report.checked.unmatched == ()
    assert dict(report.checked.shapes)["http://example.org/Squares"] == 2


def test_the_data_itself_is_not_changed(tmp_path: Path) -> None:
    """Rules add to what shapes see, not to a graph that was handed over."""
    (tmp_path / "shapes.ttl").write_text(PREFIXES + SHAPES["sparql-rule"])
    graph = rdflib.Graph().parse(data=PREFIXES + DATA)
    before = set(graph)
    found = samsyn.validate(graph, profile=f"{tmp_path}/shapes.ttl", advanced=True, infer="none")
    assert found.exit_code == 1
    assert set(graph) == before


NEEDING = ["sparql-rule", "triple-rule", "function", "function-in-a-rule", "expression"]


@pytest.mark.parametrize("name", NEEDING)
def test_without_the_option_a_feature_is_refused_by_name(tmp_path: Path, name: str) -> None:
    """Nothing is passed over: the message names the feature, the place and the option."""
    with pytest.raises(ToolError, match=r"shapes.ttl:\d+:\d+: sh:\w+.* --advanced"):
        checked(tmp_path, SHAPES[name])


def test_iterated_rules_need_rules(tmp_path: Path) -> None:
    """--iterate-rules alone would do nothing, and is wrong usage."""
    with pytest.raises(UsageError, match="--advanced"):
        checked(tmp_path, SHAPES["core-beside"], iterate_rules=True)


def test_the_settings_file_may_turn_it_on(tmp_path: Path) -> None:
    """The options have the same names there."""
    (tmp_path / "samsyn.toml").write_text("[validate]\nadvanced = true\niterate-rules = true\n")
    options = Options.read(tmp_path)
    assert options.advanced
    assert options.iterate_rules


REFUSED = {
    "script": ("sh:js [ sh:jsFunctionName 'f' ]", "JavaScript is not run: sh:js"),
    "script-rule": ("sh:rule [ a sh:JSRule ; sh:jsFunctionName 'f' ]", "JavaScript is not run"),
    "script-target": ("sh:target [ a sh:JSTarget ; sh:jsFunctionName 'f' ]", "JavaScript is not"),
    "values": ("sh:property [ sh:path ex:p ; sh:values ex:x ]", "No engine here evaluates sh:val"),
    "by-expression": ("sh:nodeByExpression ex:S", "No engine here evaluates sh:nodeByExpression"),
    "rule-of-no-kind": ("sh:rule [ sh:subject sh:this ]", "either a sh:TripleRule or"),
    "rule-without-object": (f"sh:rule [ {TRIPLE} ; sh:predicate ex:p ]", "exactly one sh:object"),
    "rule-without-query": ("sh:rule [ a sh:SPARQLRule ]", "no sh:construct here"),
    "filter-shape": (
        f"sh:rule [ {TRIPLE} ; sh:predicate ex:p ;"
        " sh:object [ sh:nodes [ sh:path ex:next ] ; sh:filterShape ex:S ] ]",
        "no such node expression",
    ),
    "unknown-expression": ("sh:expression [ ex:unknown ( 1 ) ]", "no such node expression"),
    "two-expressions": (
        f"sh:rule [ {TRIPLE} ; sh:predicate ex:p ; sh:object [ sh:path ex:p ; sh:union ( 1 2 ) ] ]",
        "no such node expression",
    ),
    "service": (
        "sh:rule [ a sh:SPARQLRule ; sh:construct"
        " 'CONSTRUCT { $this ?p ?o } { SERVICE <http://127.0.0.1:9/> { $this ?p ?o } }' ]",
        "SERVICE must not",
    ),
    "service-escaped": (
        "sh:rule [ a sh:SPARQLRule ; sh:construct"
        r" 'CONSTRUCT { $this ?p ?o } { \\u0053ERVICE <http://127.0.0.1:9/> { $this ?p ?o } }' ]",
        "cannot be read",
    ),
    "from": (
        "sh:rule [ a sh:SPARQLRule ; sh:construct"
        " 'CONSTRUCT { $this ?p ?o } FROM <file:///etc/hostname> { $this ?p ?o }' ]",
        "FROM looks at another graph",
    ),
    "shacl-1.2": ("sh:property [ sh:path ex:p ; sh:singleLine true ]", "(--advanced) does not"),
    "load": (
        "sh:rule [ a sh:SPARQLRule ; sh:construct 'LOAD <http://127.0.0.1:9/>' ]", "cannot be read",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("text", "words"), REFUSED.values(), ids=REFUSED)
def test_what_the_reference_cannot_do_is_refused(tmp_path: Path, text: str, words: str) -> None:
    """Scripts, what no engine evaluates and what reaches out are refused by name."""
    shapes = f"ex:S a sh:NodeShape ; sh:targetClass ex:Rectangle ; {text} ."
    with pytest.raises(ToolError) as caught:
        checked(tmp_path, shapes, advanced=True)
    assert words in caught.value.message
    with pytest.raises(ToolError):
        checked(tmp_path, shapes, engine="pyshacl")


def test_rules_without_end_are_an_error(tmp_path: Path) -> None:
    """Iterated rules that always add more end with an error, not never."""
    rule = (
        "sh:rule [ a sh:SPARQLRule ; sh:prefixes ex: ; sh:construct"
        " 'CONSTRUCT { $this ex:n ?m } { $this ex:n|ex:w ?n BIND(?n + 1 AS ?m) }' ]"
    )
    with pytest.raises(ToolError, match="could not use the shapes"):
        checked(
            tmp_path, f"ex:S sh:targetClass ex:Rectangle ; {rule} .", advanced=True,
            iterate_rules=True,
        )  # fmt: skip


def test_the_reference_fails_over_filter_shapes() -> None:
    """The fault in docs/engines.md: when this fails, expressions.py may take sh:filterShape."""
    shapes = f"""ex:S a sh:NodeShape ; sh:targetClass ex:Rectangle ; sh:rule [ {TRIPLE} ;
      sh:predicate ex:after ; sh:object [ sh:nodes [ sh:path ex:next ] ; sh:filterShape ex:F ] ] .
      ex:F a sh:NodeShape ; sh:class ex:Rectangle ."""
    with pytest.raises(AttributeError, match="sparql_mode"):
        theirs(shapes)


SILENT = (
    "sh:property [ sh:path ex:w ; sh:values ex:x ; sh:maxCount 0 ]",
    "sh:js [ a sh:JSConstraint ; sh:jsFunctionName 'f' ]",
)


@pytest.mark.parametrize("said", SILENT, ids=["values", "js"])
def test_the_reference_passes_over_some_features_in_silence(said: str) -> None:
    """The faults in docs/engines.md: when this fails, features.py may let these through."""
    data = "ex:S a sh:NodeShape ; sh:targetClass ex:Round ; "
    assert theirs(f"{data} {said} .") == []
