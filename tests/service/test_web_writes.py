"""Writes through the gateway: the Graph Store Protocol and updates, on one service."""

from __future__ import annotations

import resource
from collections.abc import Callable
from pathlib import Path
from typing import Final

import httpx
import pytest
from tests.service.conftest import TOKEN, Client, front_of

from samsyn import names
from samsyn.dataset.archive import MANIFEST, Archive
from samsyn.dataset.exact import Dataset
from samsyn.settings import Settings
from samsyn.site import changes
from samsyn.site.app import Application, Source
from samsyn.site.job_handlers import Service

STORE: Final = "/gsp"
G: Final = "http://e/g"

Send = Callable[..., httpx.Response]


@pytest.fixture
def send(small_dataset: Dataset) -> Send:
    """Send a request with the token to a server of its own; ``graph=None``: the default graph."""
    settings = Settings(public_url="https://samsyn.example")
    stated = small_dataset.without(names.INFERRED)
    served = changes.closed(stated, settings.entailment)
    application = Application(served, Source(settings), stated)
    client = Client(front_of(Service(application), settings, TOKEN))

    def sent(
        method: str, graph: str | None = G, body: str = "", kind: str = "text/turtle", **more: str
    ) -> httpx.Response:
        where = f"{STORE}?default" if graph is None else f"{STORE}?graph={graph}"
        headers = {"Authorization": f"Bearer {TOKEN}", "Content-Type": kind, **more}
        return client.request(method, where, content=body.encode(), headers=headers)

    return sent


def lines(answer: httpx.Response) -> list[str]:
    """Return the lines of an answer."""
    assert answer.status_code == 200
    return answer.text.splitlines()


def read(send: Send, graph: str | None = G) -> list[str]:
    """Read a graph as N-Triples."""
    return lines(send("GET", graph, Accept="application/n-triples"))


def test_a_graph_lives_and_dies(send: Send) -> None:
    """A graph is made, replaced, added to, deleted and then gone (protocol, section 5)."""
    assert send("GET").status_code == 404
    assert send("PUT", G, "<x> <http://e/p> 01 .").status_code == 201
    assert read(send) == [
        '<http://e/x> <http://e/p> "01"^^<http://www.w3.org/2001/XMLSchema#integer> .'
    ]
    assert send("PUT", G, "<x> <http://e/p> <> .").status_code == 204
    assert send("POST", G, "<y> <http://e/p> <> .").status_code == 204
    assert len(read(send)) == 2
    assert send("DELETE").status_code == 204
    assert send("DELETE").status_code == 404
    assert send("GET").status_code == 404


def test_a_fault_leaves_the_graph_as_it_was(send: Send) -> None:
    """A document that cannot be read changes nothing, and its error has the place."""
    send("PUT", G, "<x> <http://e/p> <> .")
    before = read(send)
    refused = send("PUT", G, "<x> <http://e/p> <> .\n<y> .")
    assert refused.status_code == 400
    assert refused.json()["line"] == 2
    assert read(send) == before


@pytest.mark.threat("provenance_status")
def test_a_contradiction_changes_nothing(send: Send) -> None:
    """A document that contradicts itself or what is there is refused, with what is contradicted."""
    send("PUT", G, f"<A> <{names.OWL}disjointWith> <B> . <x> a <A> .")
    refused = send("POST", G, "<x> a <B> .")
    assert refused.status_code == 409
    assert "disjoint" in refused.json()["clashes"][0]
    assert len(read(send)) == 2


def test_blank_nodes_of_documents_are_kept_apart(send: Send) -> None:
    """Posted twice, a blank node is two; put again, the graph keeps its tag."""
    send("PUT", G, "[] <http://e/p> <> .")
    tag = send("GET").headers["etag"]
    send("PUT", G, "[] <http://e/p> <> .")
    assert send("GET").headers["etag"] == tag
    send("POST", G, "[] <http://e/p> <> .")
    assert len(read(send)) == 2
    assert send("GET").headers["etag"] != tag


def test_names_in_the_default_graph_are_relative_to_its_address(send: Send) -> None:
    """A document for the default graph has the address of the store for base."""
    send("PUT", None, "<x> <http://e/p> <#y> .")
    place = "https://samsyn.example"
    assert read(send, None) == [f"<{place}/x> <http://e/p> <{place}{STORE}#y> ."]


def test_conditions_are_kept(send: Send) -> None:
    """A write under a condition that does not hold is refused and changes nothing (RFC 9110)."""
    absent = {"If-None-Match": "*"}
    assert send("PUT", G, "<x> <http://e/p> 1 .", **absent).status_code == 201
    assert send("PUT", G, "<x> <http://e/p> 2 .", **absent).status_code == 412
    tag = send("GET").headers["etag"]
    assert send("PUT", G, "<x> <http://e/p> 3 .", **{"If-Match": tag}).status_code == 204
    assert send("DELETE", G, **{"If-Match": tag}).status_code == 412
    assert "3" in read(send)[0]
    tag = send("GET").headers["etag"]
    assert send("DELETE", G, **{"If-Match": f"W/{tag}"}).status_code == 412
    assert send("DELETE", G, **{"If-None-Match": tag}).status_code == 412
    assert send("DELETE", G, **{"If-Match": f'"other", {tag}'}).status_code == 204
    assert send("DELETE", G, **{"If-Match": "*"}).status_code == 412


@pytest.mark.threat("full-disk")
def test_a_full_disk_is_told_and_passes(small_dataset: Dataset, tmp_path: Path) -> None:
    """A write that the disk does not take gets 507; reads go on, and so do later writes."""
    settings = Settings(public_url="https://samsyn.example")
    stated = small_dataset.without(names.INFERRED)
    kept = Archive(tmp_path / "store")
    kept.write(stated)
    served = changes.closed(stated, settings.entailment)
    application = Application(served, Source(settings, archive=kept), stated)
    client = Client(front_of(Service(application), settings, TOKEN))
    headers = {"Authorization": f"Bearer {TOKEN}", "Content-Type": "text/turtle"}

    def put(size: int) -> httpx.Response:
        body = f'<urn:a> <urn:b> "{"x" * size}" .'.encode()
        return client.request("PUT", f"{STORE}?graph={G}", content=body, headers=headers)

    former = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (5000, former[1]))
    try:
        refused = put(6000)
        assert client.get(f"{STORE}?graph={G}").status_code == 404
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, former)
    assert refused.status_code == 507
    assert "Nothing was changed" in refused.json()["detail"]
    assert str(tmp_path) not in refused.text
    assert refused.headers["retry-after"] == "60"
    assert not list((tmp_path / "store").glob("*.new"))
    assert put(6000).status_code == 201
    assert kept.read() is not None


@pytest.mark.threat("store-folder")
@pytest.mark.parametrize("kind", ["folder", "text"])
def test_a_manifest_that_was_damaged_meanwhile_is_told(
    small_dataset: Dataset, tmp_path: Path, kind: str
) -> None:
    """A write to a record that somebody has damaged gets 507, and no traceback is logged."""
    settings = Settings(public_url="https://samsyn.example")
    kept = Archive(tmp_path / "store")
    manifest = tmp_path / "store" / MANIFEST
    if kind == "folder":
        manifest.mkdir()
    else:
        manifest.write_text("[" * 9000, encoding="utf-8")
    application = Application(small_dataset, Source(settings, archive=kept), small_dataset)
    client = Client(front_of(Service(application), settings, TOKEN))
    headers = {"Authorization": f"Bearer {TOKEN}", "Content-Type": "text/turtle"}
    body = b"<urn:a> <urn:b> <urn:c> ."
    answer = client.request("PUT", f"{STORE}?graph={G}", content=body, headers=headers)
    assert answer.status_code == 507
