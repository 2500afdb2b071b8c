"""The checker of proofs: it accepts what follows by the rule table, and nothing else."""

from __future__ import annotations

import pytest

from samsyn.closure.proof.checker import Proof, ProofError, check
from samsyn.closure.proof.fact import Fact
from samsyn.dataset.exact import Literal, NamedNode
from samsyn.names import OWL, RDF, RDF_TYPE, RDFS, XSD


def node(name: str) -> NamedNode:
    """Return a term: of OWL, RDF, RDF Schema or an example."""
    spaces = {"owl": OWL, "rdf": RDF, "rdfs": RDFS}
    prefix, _, rest = name.partition(":")
    if name == "a":
        return NamedNode(RDF_TYPE)
    return NamedNode(spaces[prefix] + rest if rest else f"urn:x:{name}")


def fact(text: str) -> Fact:
    """Read three words as a fact."""
    return Fact(*map(node, text.split()))


def leaf(text: str) -> Proof:
    """Return a stated triple as a proof."""
    return Proof(fact(text))


def step(text: str, rule: str, *premises: Proof) -> Proof:
    """Return a step that concludes a triple by a rule."""
    return Proof(fact(text), rule, premises)


def stated(proof: Proof) -> set[Fact]:
    """Return the leaves of a proof."""
    return {part.conclusion for part in proof.steps() if part.rule is None}


TRANSITIVE = leaf("p a owl:TransitiveProperty")
LINKS = [leaf("x p y"), leaf("y p z"), leaf("z p w")]
CHAIN = [
    leaf("p owl:propertyChainAxiom l"),
    leaf("l rdf:first q"),
    leaf("l rdf:rest m"),
    leaf("m rdf:first r"),
    leaf("m rdf:rest rdf:nil"),
    leaf("x q y"),
    leaf("y r z"),
]
SOUND = {
    "sub-property": step("x q y", "prp-spo1", leaf("p rdfs:subPropertyOf q"), leaf("x p y")),
    "two hops": step("x p z", "prp-trp", TRANSITIVE, *LINKS[:2]),
    "three hops": step("x p w", "prp-trp", TRANSITIVE, *LINKS),
    "chain": step("x p z", "prp-spo2", *CHAIN),
    "hops of sameAs, one turned": step(
        "x owl:sameAs z", "eq-trans", leaf("y owl:sameAs x"), leaf("y owl:sameAs z")
    ),
    "itself, there and back": step(
        "x owl:sameAs x", "eq-trans", leaf("x owl:sameAs y"), leaf("x owl:sameAs y")
    ),
    "sub-class path": step(
        "c rdfs:subClassOf e", "scm-sco", leaf("c rdfs:subClassOf d"), leaf("d rdfs:subClassOf e")
    ),
}
UNSOUND = {
    "another conclusion": step("x q z", "prp-spo1", leaf("p rdfs:subPropertyOf q"), leaf("x p y")),
    "another rule": step("x q y", "prp-inv1", leaf("p rdfs:subPropertyOf q"), leaf("x p y")),
    "no such rule": step("x q y", "prp-none", leaf("p rdfs:subPropertyOf q"), leaf("x p y")),
    "a premise too few": step("x q y", "prp-spo1", leaf("x p y")),
    "an idle premise": step(
        "x q y", "prp-spo1", leaf("p rdfs:subPropertyOf q"), leaf("x p y"), leaf("x p z")
    ),
    "a path with a gap": step("x p w", "prp-trp", TRANSITIVE, LINKS[0], LINKS[2]),
    "a path of one hop": step("x p y", "prp-trp", TRANSITIVE, LINKS[0]),
    "a hop that points back": step("x p z", "prp-trp", TRANSITIVE, LINKS[0], leaf("z p y")),
    "hops in the wrong order": step("x p z", "prp-trp", TRANSITIVE, LINKS[1], LINKS[0]),
    "a property that is not transitive": step(
        "x p z", "prp-trp", leaf("q a owl:TransitiveProperty"), *LINKS[:2]
    ),
    "a hop by another property": step("x p z", "prp-trp", TRANSITIVE, LINKS[0], leaf("y q z")),
    "a chain without its list": step("x p z", "prp-spo2", CHAIN[0], *CHAIN[-2:]),
    "a chain out of order": step("x p z", "prp-spo2", *CHAIN[:5], leaf("x r y"), leaf("y q z")),
    "a chain cut short": step("x p y", "prp-spo2", *CHAIN[:-1]),
}


@pytest.mark.parametrize("name", SOUND)
def test_sound_proofs_are_accepted(name: str) -> None:
    """A step that follows by its rule is accepted, and a path is unfolded hop by hop."""
    check(SOUND[name], stated(SOUND[name]))


@pytest.mark.parametrize("name", UNSOUND)
def test_faulty_steps_are_named(name: str) -> None:
    """A step that does not follow is refused, and the error holds it."""
    with pytest.raises(ProofError) as raised:
        check(UNSOUND[name], stated(UNSOUND[name]))
    assert raised.value.step is UNSOUND[name]


def test_leaves_must_be_stated() -> None:
    """A leaf that is not stated is refused, however sound the steps."""
    proof = SOUND["three hops"]
    for missing in stated(proof):
        with pytest.raises(ProofError, match="not stated") as raised:
            check(proof, stated(proof) - {missing})
        assert raised.value.step.conclusion == missing


def test_a_circle_is_no_proof() -> None:
    """A triple that rests on itself is refused, though each step follows."""
    axiom = leaf("p owl:inverseOf q")
    turned = step("y q x", "prp-inv1", axiom, leaf("x p y"))
    back = step("x p y", "prp-inv2", axiom, turned)
    with pytest.raises(ProofError, match="rests on itself"):
        check(back, stated(back))


def test_the_fault_may_lie_deep() -> None:
    """Every step is verified, not only the last."""
    faulty = step("x p y", "prp-spo1", leaf("r rdfs:subPropertyOf p"), leaf("x r z"))
    whole = step("x p z", "prp-trp", TRANSITIVE, faulty, LINKS[1])
    with pytest.raises(ProofError) as raised:
        check(whole, stated(whole))
    assert raised.value.step is faulty


def limited(digits: str, kind: str) -> Proof:
    """Return a proof that two things are one, by a maximal cardinality that is written so."""
    value = Literal(digits, datatype=NamedNode(XSD + kind))
    return step(
        "y owl:sameAs z",
        "cls-maxc2",
        Proof(Fact(node("r"), node("owl:maxCardinality"), value)),
        *map(leaf, ("r owl:onProperty p", "x a r", "x p y", "x p z")),
    )


@pytest.mark.parametrize(("digits", "kind"), [("1", "integer"), ("01", "nonNegativeInteger")])
def test_numbers_are_compared_by_value(digits: str, kind: str) -> None:
    """A cardinality is the number that it stands for, in any of the whole-number types."""
    proof = limited(digits, kind)
    check(proof, stated(proof))


@pytest.mark.parametrize(("digits", "kind"), [("2", "integer"), ("1", "string")])
def test_other_numbers_are_refused(digits: str, kind: str) -> None:
    """Another number, or a text that looks like one, is no cardinality of one."""
    proof = limited(digits, kind)
    with pytest.raises(ProofError):
        check(proof, stated(proof))
