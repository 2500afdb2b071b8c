"""The entailment tests of W3C SPARQL 1.1, asked of the closure of their data."""

from __future__ import annotations

from functools import cache
from typing import Final

import pytest
from tests.closure import suite

from samsyn import names
from samsyn.closure.graph import ClosedGraph
from samsyn.closure.rules import OWL_RL, RDFS_REGIME, RULES
from samsyn.dataset.exact import Dataset, Literal, NamedNode, computed
from samsyn.dataset.index import Index

_NOISE: Final = tuple(name for name, rule in RULES.items() if rule.noise)
_RDF: Final = ("rdfD2", "rdf-axioms")
_RDFS: Final = (*RDFS_REGIME, *(name for name in _NOISE if name.startswith("rdf")))

REGIMES: Final = {
    "RDF": _RDF,
    "RDFS": _RDFS,
    "D": (*_RDFS, "dt-type1", "dt-type2", "dt-not-type", "dt-map"),
    "OWL-RL": OWL_RL,
    "OWL-RDF-Based": (*OWL_RL, *(name for name in _NOISE if not name.startswith("rdf"))),
}
"""The rules of each regime. OWL-RL are the tests of that profile, whatever their regime; none of
the snapshot asks for simple entailment or RIF."""

LATER: Final = {"paper-sparqldl-Q5": frozenset({"RDF", "RDFS", "D", "OWL-RDF-Based"})}
"""The regimes that the present suite of the W3C gives to tests beyond those of the snapshot."""

COUNTS: Final = {"RDF": 22, "RDFS": 36, "D": 37, "OWL-RL": 29, "OWL-RDF-Based": 37}

DIRECT: Final = "OWL Direct alone: a pattern of the query may describe a class that the data do not"
LEFT_OUT: Final = {
    **{f"paper-sparqldl-Q{number}": DIRECT for number in (2, 3)},
    **{f"sparqldl-{number}": DIRECT for number in (11, 12)},
    **{f"parent{number}": DIRECT for number in range(3, 11)},
    **{f"simple{number}": DIRECT for number in range(2, 9)},
}
"""Tests of no regime above, and why."""

MISSES: Final = {
    ("OWL-RL", "simple1"): "in the profile, but of the Direct Semantics: it asks for the members of"
    " an intersection that only the query describes, and rules say nothing of a class without node",
}
"""Tests that fail, and why they must."""


def under(regime: str) -> list[str]:
    """Return the names of the tests of a regime."""
    return [
        name
        for name, case in suite.cases().items()
        if regime in case.regimes | LATER.get(name, frozenset())
        or (regime == "OWL-RL" and "RL" in case.profiles)
    ]


@pytest.fixture
def at_hand() -> None:
    """Skip where nothing has been fetched."""
    if not suite.files():
        pytest.skip("the W3C suites are not at hand: make test fetches them")


@cache
def index(data: str, regime: str) -> Index:
    """Return an index of the closure of a file."""
    closed = ClosedGraph(suite.triples(data), REGIMES[regime])
    graph = computed("http://example.org/graph", names.STATED, tuple(closed))
    return Index(Dataset({}).with_graph(graph))


RUN: Final = [(regime, name) for regime in REGIMES for name in under(regime)]


@pytest.mark.usefixtures("at_hand")
@pytest.mark.parametrize(
    ("regime", "name"), RUN or [("", "")], ids=["-".join(pair) for pair in RUN] or ["absent"]
)
def test_the_closure_answers_as_the_regime_demands(regime: str, name: str) -> None:
    """A query over the closure has the answers of the suite, but for the misses that are listed."""
    case = suite.cases()[name]
    answer = index(case.data, regime).query(suite.query(case.query))
    found, wanted = suite.answered(answer), suite.expected(case.result)
    if (regime, name) in MISSES:
        assert suite.comparable(found) != suite.comparable(wanted), "a miss no more: strike it out"
    else:
        assert suite.comparable(found) == suite.comparable(wanted)


@pytest.mark.usefixtures("at_hand")
def test_every_test_of_the_suite_is_run_or_left_out_for_a_reason() -> None:
    """No test is lost: as many as the snapshot holds are run, and every other one is listed."""
    assert {regime: len(under(regime)) for regime in REGIMES} == COUNTS
    assert suite.cases().keys() - {name for _, name in RUN} == LEFT_OUT.keys()
    assert MISSES.keys() <= set(RUN)


def test_answers_are_compared_by_meaning() -> None:
    """Order, names of blank nodes and the writing of numbers count for nothing, repetition does."""
    one, same, other = (
        Literal(text, datatype=NamedNode(names.XSD + "decimal")) for text in ("1.0", "1.00", "1.1")
    )
    first, second = NamedNode("urn:x-test:a"), NamedNode("urn:x-test:b")
    row, alike = {"x": one, "y": first}, {"y": first, "x": same}

    def seen(*rows: dict[str, object]) -> object:
        return suite.comparable((["x", "y"], list(rows)))  # type: ignore[arg-type]

    assert seen(row, {"x": second}) == seen({"x": second}, alike)
    assert seen(row) != seen(row, alike)
    assert seen(row) != seen({"x": other, "y": first})
