"""The rule table: complete, well formed, and each rule fires."""

from __future__ import annotations

from typing import Final

import pytest
from tests.closure.turtle import triple, triples

from samsyn.closure.graph import ClosedGraph
from samsyn.closure.rules import LISTS, LITERALS, OWL_RL, RDFS_REGIME, RULES, Rule, Variable
from samsyn.dataset.exact import Literal
from samsyn.names import OWL, XSD

# OWL 2 Profiles (Second Edition), section 4.3, tables 4 to 9.
TABLES: Final = {
    "4": "eq-ref eq-sym eq-trans eq-rep-s eq-rep-p eq-rep-o eq-diff1 eq-diff2 eq-diff3",
    "5": "prp-ap prp-dom prp-rng prp-fp prp-ifp prp-irp prp-symp prp-asyp prp-trp prp-spo1 "
    "prp-spo2 prp-eqp1 prp-eqp2 prp-pdw prp-adp prp-inv1 prp-inv2 prp-key prp-npa1 prp-npa2",
    "6": "cls-thing cls-nothing1 cls-nothing2 cls-int1 cls-int2 cls-uni cls-com cls-svf1 cls-svf2 "
    "cls-avf cls-hv1 cls-hv2 cls-maxc1 cls-maxc2 cls-maxqc1 cls-maxqc2 cls-maxqc3 cls-maxqc4 "
    "cls-oo",
    "7": "cax-sco cax-eqc1 cax-eqc2 cax-dw cax-adc",
    "8": "dt-type1 dt-type2 dt-eq dt-diff dt-not-type",
    "9": "scm-cls scm-sco scm-eqc1 scm-eqc2 scm-op scm-dp scm-spo scm-eqp1 scm-eqp2 scm-dom1 "
    "scm-dom2 scm-rng1 scm-rng2 scm-hv scm-svf1 scm-svf2 scm-avf1 scm-avf2 scm-int scm-uni",
}

# RDF 1.1 Semantics, section 9.2: those of rdfs1 to rdfs13 that are no rule of the tables by
# another name (rdfs2 prp-dom, 3 prp-rng, 5 scm-spo, 7 prp-spo1, 9 cax-sco, 11 scm-sco).
RDFS_ROWS: Final = (
    "rdfD2 rdf-axioms rdfs-axioms rdfs1 rdfs4a rdfs4b rdfs6 rdfs8 rdfs10 rdfs12 rdfs13"
)
OWN_ROWS: Final = "dt-map"

NOISE: Final = (
    "eq-ref prp-ap cls-thing cls-nothing1 dt-type1 "
    "rdfD2 rdf-axioms rdfs-axioms rdfs1 rdfs4a rdfs4b dt-map"
)

# For each rule: premises, and what follows from them by this rule alone.
CASES: Final = {
    "eq-ref": (":a :p :b", ":p owl:sameAs :p"),
    "eq-sym": (":a owl:sameAs :b", ":b owl:sameAs :a"),
    "eq-trans": (":a owl:sameAs :b . :b owl:sameAs :c", ":a owl:sameAs :c"),
    "eq-rep-s": (":a owl:sameAs :b . :a :p :c", ":b :p :c"),
    "eq-rep-p": (":p owl:sameAs :q . :a :p :c", ":a :q :c"),
    "eq-rep-o": (":a owl:sameAs :b . :c :p :a", ":c :p :b"),
    "prp-ap": ("", "rdfs:label a owl:AnnotationProperty"),
    "prp-dom": (":p rdfs:domain :A . :a :p :b", ":a a :A"),
    "prp-rng": (":p rdfs:range :A . :a :p :b", ":b a :A"),
    "prp-fp": (":p a owl:FunctionalProperty . :a :p :b , :c", ":b owl:sameAs :c"),
    "prp-ifp": (":p a owl:InverseFunctionalProperty . :b :p :a . :c :p :a", ":b owl:sameAs :c"),
    "prp-symp": (":p a owl:SymmetricProperty . :a :p :b", ":b :p :a"),
    "prp-trp": (":p a owl:TransitiveProperty . :a :p :b . :b :p :c", ":a :p :c"),
    "prp-spo1": (":p rdfs:subPropertyOf :q . :a :p :b", ":a :q :b"),
    "prp-spo2": (":p owl:propertyChainAxiom ( :q :r ) . :a :q :b . :b :r :c", ":a :p :c"),
    "prp-eqp1": (":p owl:equivalentProperty :q . :a :p :b", ":a :q :b"),
    "prp-eqp2": (":p owl:equivalentProperty :q . :a :q :b", ":a :p :b"),
    "prp-inv1": (":p owl:inverseOf :q . :a :p :b", ":b :q :a"),
    "prp-inv2": (":p owl:inverseOf :q . :a :q :b", ":b :p :a"),
    "prp-key": (
        ":A owl:hasKey ( :p :q ) . :a a :A ; :p 1 ; :q 2 . :b a :A ; :p 1 ; :q 2 , 3",
        ":a owl:sameAs :b",
    ),
    "cls-thing": ("", "owl:Thing a owl:Class"),
    "cls-nothing1": ("", "owl:Nothing a owl:Class"),
    "cls-int1": (":C owl:intersectionOf ( :A :B ) . :a a :A , :B", ":a a :C"),
    "cls-int2": (":C owl:intersectionOf ( :A :B ) . :a a :C", ":a a :B"),
    "cls-uni": (":C owl:unionOf ( :A :B ) . :a a :B", ":a a :C"),
    "cls-svf1": (
        ":R owl:someValuesFrom :A ; owl:onProperty :p . :a :p :b . :b a :A",
        ":a a :R",
    ),
    "cls-svf2": (":R owl:someValuesFrom owl:Thing ; owl:onProperty :p . :a :p :b", ":a a :R"),
    "cls-avf": (":R owl:allValuesFrom :A ; owl:onProperty :p . :a a :R ; :p :b", ":b a :A"),
    "cls-hv1": (":R owl:hasValue :b ; owl:onProperty :p . :a a :R", ":a :p :b"),
    "cls-hv2": (":R owl:hasValue :b ; owl:onProperty :p . :a :p :b", ":a a :R"),
    "cls-maxc2": (
        ":R owl:maxCardinality 1 ; owl:onProperty :p . :a a :R ; :p :b , :c",
        ":b owl:sameAs :c",
    ),
    "cls-maxqc3": (
        ":R owl:maxQualifiedCardinality 1 ; owl:onProperty :p ; owl:onClass :A . "
        ":a a :R ; :p :b , :c . :b a :A . :c a :A",
        ":b owl:sameAs :c",
    ),
    "cls-maxqc4": (
        ":R owl:maxQualifiedCardinality 1 ; owl:onProperty :p ; owl:onClass owl:Thing . "
        ":a a :R ; :p :b , :c",
        ":b owl:sameAs :c",
    ),
    "cls-oo": (":C owl:oneOf ( :a :b )", ":b a :C"),
    "cax-sco": (":A rdfs:subClassOf :B . :a a :A", ":a a :B"),
    "cax-eqc1": (":A owl:equivalentClass :B . :a a :A", ":a a :B"),
    "cax-eqc2": (":A owl:equivalentClass :B . :a a :B", ":a a :A"),
    "dt-type1": ("", "xsd:byte a rdfs:Datatype"),
    "dt-type2": (
        ":a :p 1 . :R owl:someValuesFrom xsd:byte ; owl:onProperty :p",
        ":a a :R",
    ),
    "dt-eq": (':a :p "1"^^xsd:integer . :b :q "01.0"^^xsd:decimal', ':a :p "01.0"^^xsd:decimal'),
    "dt-diff": (
        ":a :p 1 . :b :p 2 . owl:differentFrom rdfs:subPropertyOf :q . :q rdfs:range :A . "
        ":R owl:someValuesFrom :A ; owl:onProperty :p",
        ":a a :R",
    ),
    "scm-cls": (":A a owl:Class", ":A rdfs:subClassOf owl:Thing"),
    "scm-sco": (":A rdfs:subClassOf :B . :B rdfs:subClassOf :C", ":A rdfs:subClassOf :C"),
    "scm-eqc1": (":A owl:equivalentClass :B", ":B rdfs:subClassOf :A"),
    "scm-eqc2": (":A rdfs:subClassOf :B . :B rdfs:subClassOf :A", ":A owl:equivalentClass :B"),
    "scm-op": (":p a owl:ObjectProperty", ":p rdfs:subPropertyOf :p"),
    "scm-dp": (":p a owl:DatatypeProperty", ":p owl:equivalentProperty :p"),
    "scm-spo": (
        ":p rdfs:subPropertyOf :q . :q rdfs:subPropertyOf :r",
        ":p rdfs:subPropertyOf :r",
    ),
    "scm-eqp1": (":p owl:equivalentProperty :q", ":q rdfs:subPropertyOf :p"),
    "scm-eqp2": (
        ":p rdfs:subPropertyOf :q . :q rdfs:subPropertyOf :p",
        ":p owl:equivalentProperty :q",
    ),
    "scm-dom1": (":p rdfs:domain :A . :A rdfs:subClassOf :B", ":p rdfs:domain :B"),
    "scm-dom2": (":q rdfs:domain :A . :p rdfs:subPropertyOf :q", ":p rdfs:domain :A"),
    "scm-rng1": (":p rdfs:range :A . :A rdfs:subClassOf :B", ":p rdfs:range :B"),
    "scm-rng2": (":q rdfs:range :A . :p rdfs:subPropertyOf :q", ":p rdfs:range :A"),
    "scm-hv": (
        ":A owl:hasValue :a ; owl:onProperty :p . :B owl:hasValue :a ; owl:onProperty :q . "
        ":p rdfs:subPropertyOf :q",
        ":A rdfs:subClassOf :B",
    ),
    "scm-svf1": (
        ":A owl:someValuesFrom :C ; owl:onProperty :p . "
        ":B owl:someValuesFrom :D ; owl:onProperty :p . :C rdfs:subClassOf :D",
        ":A rdfs:subClassOf :B",
    ),
    "scm-svf2": (
        ":A owl:someValuesFrom :C ; owl:onProperty :p . "
        ":B owl:someValuesFrom :C ; owl:onProperty :q . :p rdfs:subPropertyOf :q",
        ":A rdfs:subClassOf :B",
    ),
    "scm-avf1": (
        ":A owl:allValuesFrom :C ; owl:onProperty :p . "
        ":B owl:allValuesFrom :D ; owl:onProperty :p . :C rdfs:subClassOf :D",
        ":A rdfs:subClassOf :B",
    ),
    "scm-avf2": (
        ":A owl:allValuesFrom :C ; owl:onProperty :p . "
        ":B owl:allValuesFrom :C ; owl:onProperty :q . :p rdfs:subPropertyOf :q",
        ":B rdfs:subClassOf :A",
    ),
    "scm-int": (":C owl:intersectionOf ( :A :B )", ":C rdfs:subClassOf :B"),
    "scm-uni": (":C owl:unionOf ( :A :B )", ":B rdfs:subClassOf :C"),
    "rdfs1": (":a :p 1", "xsd:integer a rdfs:Datatype"),
    "rdfs4a": (":a :p :b", ":a a rdfs:Resource"),
    "rdfs4b": (":a :p :b", ":b a rdfs:Resource"),
    "rdfs6": (":p a rdf:Property", ":p rdfs:subPropertyOf :p"),
    "rdfs8": (":A a rdfs:Class", ":A rdfs:subClassOf rdfs:Resource"),
    "rdfs10": (":A a rdfs:Class", ":A rdfs:subClassOf :A"),
    "rdfs12": (
        ":p a rdfs:ContainerMembershipProperty",
        ":p rdfs:subPropertyOf rdfs:member",
    ),
    "rdfs13": (":D a rdfs:Datatype", ":D rdfs:subClassOf rdfs:Literal"),
    "rdfD2": (":a :p :b", ":p a rdf:Property"),
    "rdf-axioms": ("", "rdf:type a rdf:Property"),
    "rdfs-axioms": ("", "rdfs:Datatype rdfs:subClassOf rdfs:Class"),
    "dt-map": ("", "xsd:byte rdfs:subClassOf xsd:short"),
}

# Rules whose work is seen only through others: these are on beside them.
HELPERS: Final = {
    "dt-type2": ("cls-svf1",),
    "dt-eq": ("eq-rep-o", "eq-rep-s"),
    "dt-diff": ("prp-spo1", "prp-rng", "cls-svf1"),
}
MERGING: Final = ("eq-sym", "eq-trans", "eq-rep-s", "eq-rep-p", "eq-rep-o")

CLASHES: Final = {
    "eq-diff1": ":a owl:sameAs :b ; owl:differentFrom :b",
    "eq-diff2": "[] a owl:AllDifferent ; owl:members ( :a :b :c ) . :a owl:sameAs :c",
    "eq-diff3": "[] a owl:AllDifferent ; owl:distinctMembers ( :a :b :c ) . :b owl:sameAs :c",
    "prp-irp": ":p a owl:IrreflexiveProperty . :a :p :a",
    "prp-asyp": ":p a owl:AsymmetricProperty . :a :p :b . :b :p :a",
    "prp-pdw": ":p owl:propertyDisjointWith :q . :a :p :b ; :q :b",
    "prp-adp": "[] a owl:AllDisjointProperties ; owl:members ( :p :q :r ) . :a :p :b ; :r :b",
    "prp-npa1": "[] owl:sourceIndividual :a ; owl:assertionProperty :p ; "
    "owl:targetIndividual :b . :a :p :b",
    "prp-npa2": "[] owl:sourceIndividual :a ; owl:assertionProperty :p ; owl:targetValue 1 . "
    ":a :p 1",
    "cls-nothing2": ":a a owl:Nothing",
    "cls-com": ":A owl:complementOf :B . :a a :A , :B",
    "cls-maxc1": ":R owl:maxCardinality 0 ; owl:onProperty :p . :a a :R ; :p :b",
    "cls-maxqc1": ":R owl:maxQualifiedCardinality 0 ; owl:onProperty :p ; owl:onClass :A . "
    ":a a :R ; :p :b . :b a :A",
    "cls-maxqc2": ":R owl:maxQualifiedCardinality 0 ; owl:onProperty :p ; owl:onClass owl:Thing . "
    ":a a :R ; :p :b",
    "cax-dw": ":A owl:disjointWith :B . :a a :A , :B",
    "cax-adc": "[] a owl:AllDisjointClasses ; owl:members ( :A :B :C ) . :a a :A , :C",
    "dt-not-type": ':a :p "300"^^xsd:byte',
}


def test_the_table_holds_exactly_the_rules_of_the_recommendations() -> None:
    """Each rule of tables 4 to 9 is there under its name, in order, and nothing unaccounted for."""
    tables = [name for names in TABLES.values() for name in names.split()]
    assert list(RULES) == [*tables, *RDFS_ROWS.split(), *OWN_ROWS.split()]


@pytest.mark.parametrize(("table", "names"), TABLES.items())
def test_each_rule_stands_under_the_table_of_the_recommendation(table: str, names: str) -> None:
    """The heading of a rule names its table."""
    assert {RULES[name].table.split(":")[0] for name in names.split()} == {f"table {table}"}


def test_the_rules_that_are_off_are_these() -> None:
    """Only what makes noise is off by default; a contradiction never is."""
    assert [name for name, rule in RULES.items() if rule.noise] == NOISE.split()
    assert set(OWL_RL) == {n for n in RULES if n not in NOISE.split() and not n.startswith("rdf")}
    assert set(RDFS_REGIME) <= set(RULES)


@pytest.mark.parametrize("rule", RULES.values(), ids=str)
def test_every_variable_of_a_conclusion_is_bound_by_a_premise(rule: Rule) -> None:
    """A rule speaks of nothing that its premises do not find, and writes IRIs elsewhere."""
    bound = {variable for premise in rule.premises for variable in premise.variables}
    assert {v for head in rule.conclusions for v in head.variables} <= bound
    assert all(not head.name and len(head.arguments) == 3 for head in rule.conclusions)
    assert {premise.name for premise in rule.premises} <= {"", *LISTS, *LITERALS}
    assert all(isinstance(v, Variable) for v in bound)


def test_each_rule_has_a_case_here() -> None:
    """No rule is left without a graph on which it fires."""
    assert {*CASES, *CLASHES} == set(RULES)


@pytest.mark.parametrize("name", CASES)
def test_a_rule_gives_its_conclusion(name: str) -> None:
    """On a tiny graph the rule, alone as far as can be, gives what it should, and is counted."""
    premises, conclusion = CASES[name]
    rules = MERGING if name in MERGING else (name, *HELPERS.get(name, ()))
    graph = ClosedGraph(triples(f"{premises} ." if premises else ""), rules)
    assert triple(conclusion) in graph
    if "owl:sameAs" not in conclusion and name not in MERGING:
        assert graph.counts[name] > 0


@pytest.mark.parametrize("name", [n for n in CASES if n not in MERGING and n[:2] != "dt"])
def test_a_conclusion_is_not_there_without_its_rule(name: str) -> None:
    """With no rule at all nothing follows, so the case above shows the rule's own work."""
    premises, conclusion = CASES[name]
    graph = ClosedGraph(triples(f"{premises} ." if premises else ""), ())
    assert triple(conclusion) not in graph


@pytest.mark.parametrize("name", CLASHES)
def test_a_rule_finds_its_contradiction(name: str) -> None:
    """On a tiny graph the rules that are on find exactly this contradiction, with premises."""
    clashes = [*ClosedGraph(triples(f"{CLASHES[name]} .")).clashes()]
    assert {clash.rule for clash in clashes} == {name}
    assert all(clash.premises for clash in clashes)


@pytest.mark.parametrize("name", [n for n in CLASHES if n not in {"cls-nothing2", "dt-not-type"}])
def test_half_a_contradiction_is_none(name: str) -> None:
    """Without its last fact the graph is consistent."""
    facts = triples(f"{CLASHES[name]} .")
    assert not [*ClosedGraph(facts[:-1]).clashes()]


def test_two_values_of_a_functional_property_contradict_each_other() -> None:
    """Literals of different values are never one, though dt-diff is off; of one value they may."""
    graph = "owl:FunctionalProperty . :a :p 1 , "
    (clash,) = ClosedGraph(triples(f":p a {graph} 2 .")).clashes()
    assert clash.rule == "eq-diff1"
    assert [*map(str, clash.premises)] == [
        f'"1"^^<{XSD}integer> <{OWL}{name}> "2"^^<{XSD}integer>'
        for name in ("sameAs", "differentFrom")
    ]
    assert not [*ClosedGraph(triples(f":p a {graph} 1.0 .")).clashes()]


def test_noise_is_said_only_when_asked_for() -> None:
    """By default an empty graph stays empty, and no literal is a subject of what is given."""
    assert not [*ClosedGraph([])]
    every = ClosedGraph(triples(":a :p 1 ."), RULES)
    assert triple(":a owl:sameAs :a") in every
    assert not [t for t in every if isinstance(t.subject, Literal)]
