"""The OpenAPI document: it describes what there is, and nothing else."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from starlette.routing import Route
from tests.service.conftest import Client

from samsyn import library, media
from samsyn.dataset.exact import Dataset
from samsyn.http import problems
from samsyn.layout import Layout
from samsyn.settings import Settings
from samsyn.site.app import Application, Source

METHODS = {"get", "put", "post", "delete", "head", "options", "patch", "trace"}


@pytest.fixture(scope="module")
def document(client: Client) -> dict[str, Any]:
    """The document of the small repository."""
    answer = client.get("/openapi.json")
    assert answer.status_code == 200
    written: dict[str, Any] = answer.json()
    return written


def operations(document: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Yield path, method and operation."""
    for path, item in document["paths"].items():
        for method in METHODS & set(item):
            yield path, method, item[method]


def test_every_route_is_described(
    document: dict[str, Any], small_dataset: Dataset, small_layout: Layout
) -> None:
    """Each address that is served is in the document with its methods, and no other."""
    queries = library.load(small_layout)
    application = Application(small_dataset, Source(Settings(), queries))
    served: dict[str, set[str]] = {}
    for found in application.app.routes:
        assert isinstance(found, Route)
        path = re.sub(r":path}", "}", found.path)
        served[path] = {method.lower() for method in found.endpoint.methods} - {"head", "query"}  # type: ignore[attr-defined]
    assert len(served) > 20
    for suffix in ("nq", "trig"):
        served[f"/dump.{suffix}"] = served[f"/dump-proposed.{suffix}"] = {"get"}
    del served["/dump.{suffix}"], served["/dump-proposed.{suffix}"]
    served |= {f"/queries/{name}": {"get"} for name in queries}
    # The front answers these itself, or before the application does.
    writes = {"put", "post", "delete"}
    served |= {"/update": {"post"}, "/gsp": {"get", *writes}, "/gsp/{path}": {"get", *writes}}
    served |= {"/health": {"get"}, "/ready": {"get"}, "/metrics": {"get"}}
    served["/graph/{rest}"] |= writes
    served["/queries/{name}"] |= {"delete"}
    described: dict[str, set[str]] = {}
    for path, method, _ in operations(document):
        described.setdefault(path, set()).add(method)
    assert described == served


def test_the_parameters_of_the_library_are_typed(document: dict[str, Any]) -> None:
    """A query of the library has its own parameters, defaults as examples, no default as a must."""

    def own(name: str) -> dict[str, Any]:
        listed = document["paths"][f"/queries/{name}"]["get"]["parameters"]
        return {p["name"]: p for p in listed if p["name"] not in ("format", "lang")}

    assert own("cq01-networks") == {}
    assert own("cq02-parent")["network"]["example"] == "network:a"
    assert not own("cq02-parent")["network"].get("required", False)
    size = own("cq03-counted")["size"]
    assert size["schema"] == {"type": "integer"}
    assert size["required"] is True
    assert "pattern" in own("cq04-labels")["label"]["schema"]


@pytest.mark.threat("unasked-write")
def test_only_writes_need_the_token(document: dict[str, Any]) -> None:
    """The bearer token secures updates and the writes of the graph store, nothing else."""
    secured = {(p, m) for p, m, operation in operations(document) if "security" in operation}
    writes = {
        (p, m) for p in ("/gsp", "/gsp/{path}", "/graph/{rest}") for m in ("put", "post", "delete")
    }
    assert secured == {("/update", "post"), *writes}
    scheme = document["components"]["securitySchemes"]["token"]
    assert (scheme["type"], scheme["scheme"]) == ("http", "bearer")


def test_the_formats_are_those_of_the_tables(document: dict[str, Any]) -> None:
    """The answers to queries have every media type of the tables, the problems every kind."""
    types = set(document["paths"]["/sparql"]["get"]["responses"]["200"]["content"])
    offered = (*media.RESULTS, *media.RDF, media.HTML)
    assert types == {kind for form in offered for kind in form.media_types}
    told = document["components"]["schemas"]["Problem"]["properties"]["type"]["enum"]
    assert told == [f"/problems#{kind}" for kind in problems.KINDS]
    described = "".join(r["description"] for r in document["components"]["responses"].values())
    assert all(f"`{kind}`" in described for kind in problems.KINDS)


def test_references_lead_somewhere(document: dict[str, Any]) -> None:
    """Each reference names a component, and no two operations have one name."""
    found = list(operations(document))
    names = [operation["operationId"] for _, _, operation in found]
    assert len(names) == len(set(names))
    for reference in set(re.findall(r"'#/([^']*)'", str(document))):
        place: Any = document
        for step in reference.split("/"):
            place = place[step]
        assert place


def test_the_document_is_found(client: Client, document: dict[str, Any]) -> None:
    """Its server is the public address; the front page and the Service Description lead to it."""
    assert document["openapi"].startswith("3.1")
    assert document["servers"] == [{"url": "https://samsyn.example"}]
    assert 'href="/openapi.json"' in client.get("/", "text/html").text
    link = client.get("/sparql", "text/turtle").headers["link"]
    assert '<https://samsyn.example/openapi.json>; rel="service-desc"' in link
