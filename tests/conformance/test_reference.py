"""The cases of the graph store can be passed: a store in memory that keeps to them does."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pyoxigraph
import pytest
from tests.conformance.fakes import Asked, Reply, serving
from tests.conformance.reference import TOKEN, ReferenceStore

from samsyn.conformance import Endpoint
from samsyn.conformance.case import Area, Case
from samsyn.conformance.client import Client
from samsyn.conformance.run import Result, Run
from samsyn.conformance.tables import cases
from samsyn.dataset.exact import Triple

CASES = list(cases([Area.STORE]))


@pytest.fixture(scope="module")
def store() -> Iterator[ReferenceStore]:
    """The store, running."""
    store = ReferenceStore()
    with serving(store) as fake:
        store.address = fake.address
        yield store


def _result(store: ReferenceStore, case: Case, address: str) -> str:
    endpoint = Endpoint(f"{address}/sparql", None, f"{address}/gsp", TOKEN)
    (outcome,) = Run(Client(10), endpoint, pytest.fail).outcomes([case])
    assert store.graphs == {"default": []}
    return outcome.words if outcome.result is Result.FAILED else outcome.result


@pytest.mark.parametrize("case", CASES, ids=[case.id for case in CASES])
def test_a_sound_store_passes(case: Case, store: ReferenceStore) -> None:
    """Each case passes, and the store is empty again."""
    assert _result(store, case, store.address) == "passed"


def _twice(asked: Asked) -> Asked:
    return replace(asked, path=asked.path.replace("%25", "%"))


def _post_as_put(asked: Asked) -> Asked:
    return replace(asked, method="PUT" if asked.method == "POST" else asked.method)


def _put_as_post(asked: Asked) -> Asked:
    return replace(asked, method="POST" if asked.method == "PUT" else asked.method)


def _unconditional(asked: Asked) -> Asked:
    kept = {key: value for key, value in asked.headers.items() if not key.startswith("if-")}
    return replace(asked, headers=kept)


def _as_turtle(asked: Asked) -> Asked:
    return replace(asked, headers={**asked.headers, "content-type": "text/turtle"})


def _as_any(asked: Asked) -> Asked:
    return replace(asked, headers={**asked.headers, "accept": "application/rdf+xml"})


def _unmarked(asked: Asked) -> Asked:
    """What comes of a mark in a store that takes it for a letter."""
    return replace(asked, body=asked.body.replace(b"\xef\xbb\xbf", b"*"))


FAULTS = {
    "overlooks-marks": (_unmarked, {"put-turtle-mark", "put-ntriples-mark", "put-rdfxml-mark"}),
    "decodes-twice": (_twice, {"graph-encoded-twice"}),
    "post-replaces": (_post_as_put, {"post-merges", "default-post", "post-merges-direct"}),
    "put-adds": (_put_as_post, {"put-get", "default-put-get", "put-get-direct"}),
    "overlooks-conditions": (_unconditional, {"if-match", "if-none-match", "etag-not-modified"}),
    "overlooks-types": (_as_turtle, {"put-rdfxml", "put-unknown-type", "post-merges"}),
    "overlooks-accept": (_as_any, {"get-turtle", "head", "get-ntriples"}),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_store_with_one_fault_is_found_out(fault: str) -> None:
    """A store that is sound but for one fault fails the cases about it, and not all others."""
    spoil, wanted = FAULTS[fault]
    store = ReferenceStore()

    def reply(asked: Asked) -> Reply:
        return store(spoil(asked))

    with serving(reply) as fake:
        store.address = fake.address
        failed = {c.id for c in CASES if _result(store, c, fake.address) != "passed"}
    assert wanted <= failed
    assert len(failed) < len(CASES)


class EngineStore(ReferenceStore):
    """A store that writes RDF/XML as the engine does."""

    def written(self, triples: list[Triple], kind: str) -> bytes:
        """Write a graph."""
        form = pyoxigraph.RdfFormat.from_media_type(kind)
        assert form is not None
        return pyoxigraph.serialize(triples, format=form) or b""


def test_a_store_that_breaks_xml_is_found_out() -> None:
    """One that writes what no reader takes, and drops carriage returns, fails the cases on it."""
    store = EngineStore()
    with serving(store) as fake:
        store.address = fake.address
        failed = {c.id for c in CASES if _result(store, c, fake.address) != "passed"}
    assert failed == {"get-carriage-return", "get-unwritable"}
