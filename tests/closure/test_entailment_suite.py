"""The entailment tests of W3C SPARQL 1.1, asked of the closure of their data."""

from __future__ import annotations

from functools import cache
from typing import Final

import pytest
from tests.w3c import archive, comparing, running
from tests.w3c.comparing import Result, Table
from tests.w3c.manifest import Case
from tests.w3c.regimes import COUNTS, LEFT_OUT, MISSES, REGIMES, entailment, under

from samsyn import names
from samsyn.closure.graph import ClosedGraph
from samsyn.dataset.exact import Dataset, computed
from samsyn.sparql.index import Answer, Index


@pytest.fixture
def at_hand() -> None:
    """Skip where nothing has been fetched."""
    if not archive.files():
        pytest.skip(archive.ABSENT)


@cache
def index(data: str, regime: str) -> Index:
    """Return an index of the closure of a file."""
    closed = ClosedGraph(archive.triples(data), REGIMES[regime])
    graph = computed("http://example.org/graph", names.STATED, tuple(closed))
    return Index(Dataset({}).with_graph(graph))


def answered(answer: Answer) -> Result:
    """Return an answer as a result."""
    if answer.kind == "ask":
        return answer.boolean
    return Table(tuple(answer.variables), tuple(answer.rows()))


RUN: Final = [(regime, case.name) for regime in REGIMES for case in under(regime)]


@pytest.mark.usefixtures("at_hand")
@pytest.mark.parametrize(
    ("regime", "name"), RUN or [("", "")], ids=["-".join(pair) for pair in RUN] or ["absent"]
)
def test_the_closure_answers_as_the_regime_demands(regime: str, name: str) -> None:
    """A query over the closure has the answers of the suite, but for the misses that are listed."""
    case: Case = entailment()[name]
    ((_, data),) = case.data
    found = answered(index(data, regime).query(case.text))
    fault = comparing.difference(found, running.expected(case.result))
    assert bool(fault) == ((regime, name) in MISSES), fault or "a miss no more: strike it out"


@pytest.mark.usefixtures("at_hand")
def test_every_test_of_the_suite_is_run_or_left_out_for_a_reason() -> None:
    """No test is lost: as many as the snapshot holds are run, and every other one is listed."""
    assert {regime: len(under(regime)) for regime in REGIMES} == COUNTS
    assert entailment().keys() - {name for _, name in RUN} == LEFT_OUT.keys()
    assert MISSES.keys() <= set(RUN)
