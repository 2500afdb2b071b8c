"""Whatever happens, nothing of a run stays behind, and what was there is there again."""

from __future__ import annotations

import pytest
from tests.conformance.fakes import Store, serving

from samsyn.conformance import Endpoint, check
from samsyn.conformance.answer import Answer
from samsyn.conformance.case import Area
from samsyn.conformance.client import Client
from samsyn.conformance.run import Result, Run
from samsyn.conformance.tables import cases

STORE_CASES = list(cases([Area.STORE]))


def _endpoint(address: str, *, default_graph: bool = False) -> Endpoint:
    return Endpoint(f"{address}/sparql", None, f"{address}/gsp", "t", default_graph=default_graph)


@pytest.mark.parametrize("spoiled", [False, True], ids=["sound", "spoiled"])
def test_the_graphs_of_a_run_are_removed(spoiled: bool) -> None:  # noqa: FBT001
    """After a run the store is as it was, be its answers right or wrong."""
    store, told = Store(spoiled=spoiled), list[str]()
    store.graphs["urn:mine"] = "<urn:a> <urn:b> <urn:c> ."
    with serving(store) as fake:
        report = check(_endpoint(fake.address), areas=[Area.STORE], timeout=10, tell=told.append)
    assert store.graphs.keys() == {"urn:mine"}
    assert told == []
    results = {outcome.case.id: outcome.result for outcome in report.outcomes}
    assert results["graphs-apart"] is (Result.FAILED if spoiled else Result.PASSED)


def test_an_interrupted_run_cleans_up() -> None:
    """Ctrl-C in the middle of a case removes its graphs, and then goes on."""

    class Interrupted(Client):
        def send(self, method: str, url: str, *args: object) -> Answer:
            if method == "GET":
                raise KeyboardInterrupt
            return super().send(method, url, *args)  # type: ignore[arg-type]

    store = Store()
    with serving(store) as fake:
        run = Run(Interrupted(10), _endpoint(fake.address))
        with pytest.raises(KeyboardInterrupt):
            list(run.outcomes(case for case in STORE_CASES if case.id == "put-get"))
        assert [asked.method for asked in fake.asked][:2] == ["PUT", "DELETE"]
    assert store.graphs == {}


def test_what_stays_behind_is_told() -> None:
    """A server that keeps what it should delete is named with the graph that stays."""
    store, told = Store(stubborn=True), list[str]()
    with serving(store) as fake:
        run = Run(Client(10), _endpoint(fake.address), told.append)
        list(run.outcomes(case for case in STORE_CASES if case.id == "put-get"))
    (name,) = store.graphs
    assert told == [f"put-get left the graph <{name}> behind"]


def test_a_default_graph_in_use_is_left_alone() -> None:
    """The default graph is not written to unless it is empty or that is allowed."""
    store = Store(graphs={"default": "<urn:a> <urn:b> <urn:c> ."})
    chosen = [case for case in STORE_CASES if case.touches_default]
    assert len(chosen) >= 4
    with serving(store) as fake:
        outcomes = list(Run(Client(10), _endpoint(fake.address)).outcomes(chosen))
        assert {asked.method for asked in fake.asked} == {"GET"}
    assert {outcome.words for outcome in outcomes} == {"the default graph is not empty"}


def test_a_default_graph_is_put_back() -> None:
    """Where writing to it is allowed, the default graph holds afterwards what it held before."""
    before = "<urn:a> <urn:b> <urn:c> .\n"
    store, told = Store(graphs={"default": before}), list[str]()
    chosen = [case for case in STORE_CASES if case.touches_default]
    with serving(store) as fake:
        run = Run(Client(10), _endpoint(fake.address, default_graph=True), told.append)
        assert Result.PASSED in {outcome.result for outcome in run.outcomes(chosen)}
        assert "PUT" in {asked.method for asked in fake.asked}
    assert store.graphs == {"default": before}
    assert told == []
