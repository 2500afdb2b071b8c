"""Explanations as a reader asks for them: terms as words, answers as text, JSON and PROV-O."""

from __future__ import annotations

import json

import pytest

from samsyn import names
from samsyn.closure.explanation import asking
from samsyn.closure.explanation.explainer import Explainer, Explanation
from samsyn.closure.proof.checker import check
from samsyn.closure.proof.fact import Fact
from samsyn.dataset.exact import Dataset, Literal, NamedNode, Triple, parse
from samsyn.errors import UsageError

CHAIN = ("actor:relevant-agencies", "samsyn:reaches", "body:nshf-political-level")


@pytest.fixture(scope="module")
def ours(dataset: Dataset) -> Explainer:
    """What explains the facts of this project."""
    return asking.explainer(dataset)


@pytest.fixture(scope="module")
def told(ours: Explainer, dataset: Dataset) -> Explanation:
    """The explanation of a chain."""
    return ours.explain(asking.fact_of(*CHAIN, dataset.prefixes))


@pytest.fixture(scope="module")
def denied(ours: Explainer, dataset: Dataset) -> Explanation:
    """The same for the chain the other way round, which does not follow."""
    return ours.explain(asking.fact_of(*reversed(CHAIN), dataset.prefixes))


WORDS = {
    "prefixed name": ("network:x", NamedNode(names.ID + "network/x")),
    "IRI": ("https://example.org/x", NamedNode("https://example.org/x")),
    "IRI in brackets": ("<urn:x:y>", NamedNode("urn:x:y")),
    "string": ('"text"', Literal("text")),
    "text in a language": ('"text"@sv', Literal("text", language="sv")),
    "typed literal": (
        '"7"^^xsd:integer',
        Literal("7", datatype=NamedNode(names.XSD + "integer")),
    ),
    "number": ("7", Literal("7", datatype=NamedNode(names.XSD + "integer"))),
}


@pytest.mark.parametrize("name", WORDS)
def test_terms_are_read_as_written(name: str, dataset: Dataset) -> None:
    """A term may be an IRI, a prefixed name or a literal as in Turtle."""
    word, term = WORDS[name]
    fact = asking.fact_of("network:x", "a", word, dataset.prefixes)
    assert fact == Fact(NamedNode(names.ID + "network/x"), NamedNode(names.RDF_TYPE), term)


@pytest.mark.parametrize(
    "word", ["", "x", "none:x", "http//x", '"a" , "b"', '"a" . <urn:a> <urn:b> "c"', '"a', "<a b>"]
)
def test_other_words_are_refused(word: str, dataset: Dataset) -> None:
    """Anything else is wrong usage, whatever triples it might smuggle in."""
    with pytest.raises(UsageError):
        asking.fact_of("network:x", "a", word, dataset.prefixes)


def test_text_leads_to_the_passages(told: Explanation, dataset: Dataset) -> None:
    """The tree shows each hop with its property, its claim, and the sentence and section."""
    text = asking.written(told, "text", dataset.prefixes).decode()
    for words in (
        "[because the property is transitive: prp-trp, 3 steps]",
        "-samsyn:isMemberOf-> phase:between-agencies-2 -samsyn:isSubgroupOf->",
        "claim:s45-11 (outright)",
        "passage:s45: sentence 45, section:main-results",
        "passage:s43: sentence 43, section:main-results",
        "editorial:membership-is-a-link",
        "reason: ",
    ):
        assert words in text


def test_text_says_no(denied: Explanation, dataset: Dataset) -> None:
    """For a triple that does not follow, the text says so and what is missing."""
    lines = asking.written(denied, "text", dataset.prefixes).decode().splitlines()
    assert lines[0].endswith("does not follow")
    assert any("samsyn:informs" in line for line in lines[2:])


def test_json_is_the_tree(told: Explanation, denied: Explanation) -> None:
    """JSON holds the tree with rules and sources, or what is missing."""
    answer = json.loads(asking.written(told, "json", {}))
    assert (answer["follows"], answer["height"]) == (True, 3)
    proof = answer["proof"]
    assert (proof["rule"], len(proof["path"]), len(proof["premises"])) == ("prp-trp", 3, 4)
    leaf = proof["premises"][1]["premises"][1]
    [source] = leaf["sources"]
    assert source["graph"] == names.GRAPH + "stated/actors"
    assert source["provenance_status"] == names.STATED
    assert source["statements"][0]["passages"][0]["sentences"] == [45]
    other = json.loads(asking.written(denied, "json", {}))
    assert not other["follows"]
    assert other["missing"]


def test_provenance_holds_every_step(told: Explanation, dataset: Dataset) -> None:
    """In PROV-O each step is an activity that used its premises, by the plan of its rule."""
    data = asking.written(told, "turtle", dataset.prefixes)
    triples = {quad.triple for quad in parse(data, "turtle", base="urn:x", path="proof")}
    assert told.proof is not None
    steps = [step for step in told.proof.steps() if step.rule is not None]
    used = [t for t in triples if t.predicate.value == names.PROV + "used"]
    plans = {t.object.value for t in triples if t.predicate.value == names.PROV + "hadPlan"}
    assert len(used) == sum(len(step.premises) for step in steps)
    assert plans == {f"{names.DOC}rules#{step.rule}" for step in steps}
    asserted = Triple(*told.fact)  # a proof is about its triples and does not state them
    assert asserted not in triples


def test_what_does_not_follow_has_no_provenance(denied: Explanation) -> None:
    """There is nothing to say in PROV-O of a triple that does not follow."""
    assert not asking.written(denied, "turtle", {}).strip()


def test_anyones_triples_are_explained() -> None:
    """Triples of your own are explained by the rules that they are closed under."""
    p, a, b = (NamedNode(f"urn:x:{name}") for name in "pab")
    triples = [
        Triple(p, NamedNode(names.RDF_TYPE), NamedNode(names.OWL + "SymmetricProperty")),
        Triple(a, p, b),
    ]
    proof = asking.of_triples(triples).explain(Fact(b, p, a)).proof
    assert proof is not None
    check(proof, triples)
    assert asking.of_triples(triples, ["prp-trp"]).explain(Fact(b, p, a)).proof is None
