"""The driver passes an honest endpoint and fails every other."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import replace

import pytest
from pyoxigraph import RdfFormat, parse
from tests.w3c import archive, manifest, regimes, report, running, runs
from tests.w3c.client import Answer
from tests.w3c.manifest import Case, Kind
from tests.w3c.runs import RUNS, Result, outcome, outcomes
from tests.w3c.stand_in import Asked, Spoil, StandIn

KINDS = {
    Kind.QUERY: 180,
    Kind.CSV: 3,
    Kind.UPDATE: 93,
    Kind.RIGHT: 63,
    Kind.WRONG: 35,
    Kind.RIGHT_UPDATE: 42,
    Kind.WRONG_UPDATE: 21,
}


@pytest.fixture(autouse=True)
def _at_hand() -> None:
    if not archive.files():
        pytest.skip(archive.ABSENT)


def case(name: str) -> Case:
    """Return a test by its folder and name."""
    return manifest.cases()[name]


def test_the_suite_is_whole() -> None:
    """The snapshot has 437 tests of queries, updates and syntax, 66 of entailment, and 44 more."""
    assert Counter(case.kind for case in RUNS["sparql"].cases()) == KINDS
    assert {name: len(run.cases()) for name, run in RUNS.items()} == {
        "sparql": 437,
        "rdfs": 36,
        "owl-rl": 29,
    }
    assert len(regimes.entailment()) == 66
    both = {case.name for name in ("rdfs", "owl-rl") for case in RUNS[name].cases()}
    assert len(both) == 40
    left = sum(int(reason.split()[0]) for reason in manifest.NOT_RUN.values())
    assert (len(manifest.cases()), left) == (437 + 66, 34 + 3 + 7)
    assert manifest.NOT_RUN.keys() <= set(manifest.folders())


def test_an_update_is_never_sent_as_a_query() -> None:
    """What is wrong must be so of itself: no request goes where every one of its sort is wrong."""
    updates = {Kind.UPDATE, Kind.RIGHT_UPDATE, Kind.WRONG_UPDATE}
    for case in RUNS["sparql"].cases():
        assert case.request.endswith(".ru" if case.kind in updates else ".rq"), case.id


def test_every_listed_miss_is_a_test() -> None:
    """No reason stands for a test that is not there."""
    run = {case.id for run in RUNS.values() for case in run.cases()}
    assert runs.MISSES.keys() <= run


def test_the_engine_alone_passes_but_for_the_listed() -> None:
    """What the engine in this process does is judged as the lists say."""
    found = [*outcomes(RUNS["sparql"], StandIn().endpoint)]
    assert [(o.case.id, o.words) for o in found if o.result is Result.FAILED] == []


def _other(status: int, kind: str) -> Spoil:
    def spoil(asked: Asked, answer: Callable[[], Answer]) -> Answer:
        met = asked.kind == kind and asked.body != "DROP ALL"
        return Answer(status, "text/plain", b"") if met else answer()

    return spoil


def _changed(old: bytes, new: bytes) -> Spoil:
    def spoil(asked: Asked, answer: Callable[[], Answer]) -> Answer:
        given = answer()
        seen = asked.kind == "query" or asked.method == "GET"
        return replace(given, body=re.sub(old, new, given.body, count=1)) if seen else given

    return spoil


def _typed(asked: Asked, answer: Callable[[], Answer]) -> Answer:
    given = answer()
    return replace(given, media_type="text/html") if asked.kind == "query" else given


def _unloaded(asked: Asked, answer: Callable[[], Answer]) -> Answer:
    return Answer(204, "", b"") if asked.method == "PUT" else answer()


def _unchanged(asked: Asked, answer: Callable[[], Answer]) -> Answer:
    return Answer(204, "", b"") if asked.kind == "update" else answer()


BIND, BUILD, INSERT = "bind/bind01", "construct/constructwhere01", "basic-update/insert-data-spo1"
NAMED = "basic-update/insert-data-spo-named1"
RIGHT, WRONG, FEDERATED = "syntax-query/test_1", "syntax-query/test_45", "syntax-fed/test_1"
RIGHT_UPDATE, WRONG_UPDATE = "syntax-update-1/test_9", "syntax-update-1/test_45"

SPOILT = {
    "literal-changed": (BIND, _changed(b">11<", b">19<"), "1 missing"),
    "datatype-changed": (BIND, _changed(b"#integer", b"#decimal"), "1 missing"),
    "row-lost": (BIND, _changed(b"<result>.*?</result>", b""), "1 missing"),
    "row-repeated": (BIND, _changed(b"(<result>.*?</result>)", rb"\1\1"), "1 too many"),
    "no-instead-of-yes": ("json-res/jsonres03", _changed(b"true", b"false"), "no instead of yes"),
    "graph-changed": (BUILD, _changed(b"/o1", b"/o9"), "1 missing"),
    "format-not-asked-for": (BIND, _typed, "text/html instead of"),
    "xml-cut-off": (BIND, _changed(b"</sparql>", b""), "ValueError: not well formed"),
    "json-cut-off": ("json-res/jsonres01", _changed(rb"}\Z", b""), "JSONDecodeError"),
    "data-not-loaded": (BIND, _unloaded, "4 missing"),
    "data-refused": (BIND, _other(401, "store"), "UnfitError: PUT bind/data.ttl: status 401"),
    "query-refused": (BIND, _other(403, "query"), "status 403"),
    "FROM-not-loaded": ("construct/constructwhere04", _unloaded, "4 missing"),
    "update-not-done": (INSERT, _unchanged, "default graph: 1 missing"),
    "update-refused": (INSERT, _other(403, "update"), "status 403"),
    "update-elsewhere": (NAMED, _changed(b"/g1", b"/g2"), "http://example.org/g1: 1 missing"),
    "default-graph-missing": (INSERT, _other(404, "store"), "UnfitError: GET the default graph"),
    "wrong-query-done": (WRONG, _other(200, "query"), "status 200"),
    "wrong-query-broken": (WRONG, _other(500, "query"), "status 500"),
    "wrong-query-forbidden": (WRONG, _other(403, "query"), "status 403"),
    "right-query-taken-for-wrong": (RIGHT, _other(400, "query"), "status 400"),
    "right-query-forbidden": (RIGHT, _other(403, "query"), "status 403"),
    "federated-query-taken-for-wrong": (FEDERATED, _other(400, "query"), "status 400"),
    "wrong-update-done": (WRONG_UPDATE, _other(204, "update"), "status 204"),
    "wrong-update-forbidden": (WRONG_UPDATE, _other(403, "update"), "status 403"),
    "right-update-forbidden": (RIGHT_UPDATE, _other(403, "update"), "status 403"),
    "right-update-taken-for-wrong": (RIGHT_UPDATE, _other(400, "update"), "status 400"),
}


@pytest.mark.parametrize(("name", "spoil", "words"), SPOILT.values(), ids=SPOILT)
def test_a_spoilt_answer_fails(name: str, spoil: Spoil, words: str) -> None:
    """What passes as the engine does it fails when one thing about it is wrong."""
    assert running.fault(case(name), StandIn().endpoint) == ""
    assert running.fault(case(name), StandIn(spoil).endpoint).startswith(words)


def test_an_extra_graph_fails_an_update() -> None:
    """An update that leaves a graph nobody wants fails, whatever else is right."""
    stand_in = StandIn()

    def spoil(asked: Asked, answer: Callable[[], Answer]) -> Answer:
        given = answer()
        if asked.kind == "update":
            stand_in.held.update("INSERT DATA { GRAPH <x:extra> { <x:a> <x:b> <x:c> } }")
        return given

    stand_in.spoil = spoil
    fault = running.fault(case("basic-update/insert-data-spo1"), stand_in.endpoint)
    assert fault.startswith("x:extra: 1 too many")


@pytest.mark.parametrize("name", ["syntax-fed/test_1", "syntax-update-1/test_1"])
def test_what_reaches_out_may_be_refused(name: str) -> None:
    """SERVICE and LOAD may be answered by 403, since no endpoint need fetch for others."""
    spoil = _other(403, "query" if "fed" in name else "update")
    assert running.fault(case(name), StandIn(spoil).endpoint) == ""


def test_a_miss_is_the_one_that_is_listed(monkeypatch: pytest.MonkeyPatch) -> None:
    """A listed miss is no failure; one that passes, or fails in another way, is."""
    run, missed, passed = RUNS["sparql"], case("functions/strdt03"), case(BIND)
    assert outcome(run, missed, StandIn().endpoint).result is Result.LISTED
    broken = outcome(run, missed, StandIn(_other(500, "query")).endpoint)
    assert (broken.result, broken.words) == (Result.FAILED, "status 500")
    monkeypatch.setattr(runs, "MISSES", {passed.id: runs.Miss("1 missing", "none")})
    assert outcome(run, missed, StandIn().endpoint).result is Result.FAILED
    found = outcome(run, passed, StandIn().endpoint)
    assert (found.result, found.words) == (Result.FAILED, "a miss no more, strike it out: none")


def test_data_is_loaded_again_once_it_was_changed() -> None:
    """What a query left as it was is used again, what an update touched is not."""
    asked: list[Asked] = []

    def spoil(request: Asked, answer: Callable[[], Answer]) -> Answer:
        asked.append(request)
        return answer()

    endpoint = StandIn(spoil).endpoint
    for name in (BIND, BIND, INSERT, BIND):
        assert running.fault(case(name), endpoint) == ""
    puts = [request.method for request in asked].count("PUT")
    assert (puts, [request.body for request in asked].count("DROP ALL")) == (2, 3)


def test_too_few_tests_fail() -> None:
    """A suite of another size than the one that is known is no suite."""
    with pytest.raises(LookupError, match="437 tests, where the suite has 438"):
        list(outcomes(replace(RUNS["sparql"], count=438), StandIn().endpoint))


def test_earl_has_one_assertion_for_each_test() -> None:
    """Each outcome is one assertion with its test, and a listed miss is said to fail."""
    names = ("functions/strdt03", "bind/bind01")
    found = [outcome(RUNS["sparql"], case(name), StandIn().endpoint) for name in names]
    triples = [*parse(report.earl(found, "http://example.org/"), format=RdfFormat.TURTLE)]
    ended = Counter(t.object.value for t in triples if t.predicate.value == report.EARL + "outcome")
    assert ended == {report.EARL + "passed": 1, report.EARL + "failed": 1}
    tests = {t.object.value for t in triples if t.predicate.value == report.EARL + "test"}
    assert tests == {archive.ROOT + name.replace("/", "/manifest#") for name in names}


def test_the_table_counts_by_folder() -> None:
    """The table has a line for each folder, one for all, and the reasons below."""
    names = ("functions/strdt03", "bind/bind01", "bind/bind02")
    table = report.text([outcome(RUNS["sparql"], case(name), StandIn().endpoint) for name in names])
    lines = [line.split() for line in table.splitlines()]
    assert ["bind", "2", "2", "0", "0"] in lines
    assert ["functions", "1", "0", "1", "0"] in lines
    assert ["all", "3", "2", "1", "0"] in lines
    assert "functions/strdt03: a fault of the snapshot" in table
