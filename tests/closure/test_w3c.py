"""The W3C OWL 2 RL test cases, where their folder lies beside the checkout."""

from __future__ import annotations

import os
import tomllib
from pathlib import Path
from typing import Final

import pytest
from tests.closure.matching import holds

from samsyn.closure.entailment.entailing import entails
from samsyn.closure.graph import ClosedGraph
from samsyn.closure.rules import RULES
from samsyn.dataset.exact import Literal, NamedNode, Triple, parse
from samsyn.names import OWL, RDF_TYPE

SHARED: Final = Path(
    os.environ.get("SAMSYN_SHARED", Path(__file__).resolve().parents[3] / "shared")
)
CASES: Final = SHARED / "w3c" / "owl2-rl"
TEST_KIND: Final = "http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#"
POSITIVE, CLASH, NO_CLASH = "PositiveEntailmentTest", "InconsistencyTest", "ConsistencyTest"

# Every rule of tables 4 to 9, noise included, and what they take for granted of the datatypes.
CONFORMANCE: Final = tuple(name for name in RULES if not name.startswith("rdf"))

# The cases that must fail, with the reason.
BEYOND_THE_RULES: Final = {
    "DisjointClasses-003-pe": "membership of a complement: no rule concludes one",
    "New-Feature-ObjectQCR-002-pe": "membership of a complement: no rule concludes one",
    "WebOnt-I5.26-010-pe": "a restriction that the premise does not hold: no rule makes a node",
    "WebOnt-equivalentClass-008-Direct-pe": "holds under the Direct Semantics only, which takes "
    "no account of annotations; the rules are of the RDF-Based Semantics, where the annotation of "
    "one class is not one of the other",
}
BEYOND_ENTAILS: Final = {
    name: BEYOND_THE_RULES[name] for name in ("WebOnt-equivalentClass-008-Direct-pe",)
}


def kinds() -> dict[str, str]:
    """Return each case of the manifest and its kind; nothing if the folder is not there."""
    if not CASES.is_dir():
        return {}
    quads = parse((CASES / "manifest.ttl").read_bytes(), "turtle", base="http://manifest", path="")
    said = ((q.subject, q.object) for q in quads if q.predicate.value == RDF_TYPE)
    named = ((s.value.partition("#")[2], o.value.removeprefix(TEST_KIND)) for s, o in said)
    return {name: kind for name, kind in named if kind in {POSITIVE, CLASH, NO_CLASH}}


def read(name: str) -> list[Triple]:
    """Read a file of the suite and those that it imports."""
    catalogue = tomllib.loads((CASES / "imports-catalog.toml").read_text())["imports"]
    quads = parse((CASES / name).read_bytes(), "turtle", path=name)
    found = [quad.triple for quad in quads]
    imports = [t.object.value for t in found if t.predicate == NamedNode(OWL + "imports")]
    return found + [t for iri in imports if iri in catalogue for t in read(catalogue[iri])]


@pytest.fixture(autouse=True)
def _at_hand() -> None:
    if not CASES.is_dir():
        pytest.skip("the W3C cases are not at hand: ../shared/w3c/owl2-rl is absent")


def passes(name: str, kind: str) -> bool:
    """Return whether the closure alone passes a case."""
    stem = name.rpartition("-")[0]
    graph = ClosedGraph(read(f"{stem}.premise.ttl"), CONFORMANCE)
    absurd = next(graph.clashes(), None) is not None
    if kind == POSITIVE:
        return absurd or holds(graph, read(f"{stem}.conclusion.ttl"))
    return absurd is (kind == CLASH)


def test_the_suite_is_whole() -> None:
    """The cases that are at hand are the 60 that the tests below know."""
    assert len(kinds()) == 60
    assert set(BEYOND_THE_RULES) <= set(kinds())


@pytest.mark.parametrize(("name", "kind"), [*kinds().items()] or [("none", POSITIVE)])
def test_the_closure_passes_each_case_that_rules_can_pass(name: str, kind: str) -> None:
    """A case passes by closure alone, or it is in the table of those that no rule can pass."""
    assert passes(name, kind) is (name not in BEYOND_THE_RULES)


@pytest.mark.parametrize("name", [n for n, k in kinds().items() if k == POSITIVE] or ["none"])
def test_entailment_passes_more(name: str) -> None:
    """By assuming the opposite all conclusions follow but those that must not."""
    stem = name.rpartition("-")[0]
    found = entails(read(f"{stem}.premise.ttl"), read(f"{stem}.conclusion.ttl"))
    assert found is (name not in BEYOND_ENTAILS)


@pytest.mark.parametrize("name", [n for n, k in kinds().items() if k == NO_CLASH] or ["none"])
def test_a_consistent_graph_does_not_entail_everything(name: str) -> None:
    """No case of the suite that is consistent entails a fact it has never heard of."""
    other = Triple(NamedNode("urn:a"), NamedNode("urn:p"), Literal("b"))
    assert not entails(read(f"{name.rpartition('-')[0]}.premise.ttl"), [other])
