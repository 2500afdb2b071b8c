"""``POST /validate`` over a socket: in the workers, and within their limits."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from tests.live.attacking import Listener, Reply, listening, request
from tests.live.serving import Server, serving

NETWORK = "<urn:x-a> a <https://w3id.org/samsyn/ns#Network> ."
TIMEOUT = 3.0


@pytest.fixture(scope="module")
def hurried() -> Iterator[Server]:
    """A server on which no job may take long."""
    with serving(environment={"SAMSYN_TIMEOUT": str(TIMEOUT)}) as running:
        yield running


@pytest.fixture
def listener() -> Iterator[Listener]:
    """A server on loopback that no document may reach."""
    with listening() as open_:
        yield open_


def post(server: Server, body: str, kind: str = "text/turtle") -> Reply:
    """Post a document."""
    return request(server, "POST", "/validate?profile=core", body.encode(), content_type=kind)


def test_a_worker_checks_a_document(server: Server) -> None:
    """The report comes whole, and names what the document lacks."""
    reply = post(server, NETWORK)
    told = json.loads(reply.body)
    assert reply.status == 200
    assert told["conforms"] is False
    assert {each["focus"] for each in told["findings"]} == {"<urn:x-a>"}
    assert told["findings"][0]["place"]["line"] == 1


@pytest.mark.threat("costly-query")
def test_a_document_that_takes_too_long_is_stopped(hurried: Server) -> None:
    """A chain whose closure is its square gives 503, and the next document is checked."""
    chain = "".join(f"<urn:x-{n}> <urn:x-p> <urn:x-{n + 1}> .\n" for n in range(6000))
    axiom = "<urn:x-p> a <http://www.w3.org/2002/07/owl#TransitiveProperty> ."
    reply = post(hurried, chain + axiom)
    assert (reply.status, reply.kind) == (503, "query-limit")
    # On a busy machine this one may take longer than the server allows, once or twice.
    later = [post(hurried, NETWORK).status for _ in range(5)]
    assert 200 in later


@pytest.mark.threat("outward")
def test_a_document_reaches_nothing(server: Server, listener: Listener) -> None:
    """A context from elsewhere is a fault of the document, and is not fetched."""
    context = json.dumps({"@context": listener.address, "@id": "urn:x-a"})
    reply = post(server, context, "application/ld+json")
    assert reply.status == 200
    assert [each["rule"] for each in json.loads(reply.body)["findings"]] == ["SAM-syntax"]
    assert listener.hits == []


DEEP = {
    "property lists": ("text/turtle", "[ <urn:p> ", "1", " ]"),
    "lists": ("text/turtle", "( ", "1", " )"),
    "quoted triples": ("application/n-triples", "<<( <urn:a> <urn:b> ", '"1"', " )>>"),
    "quoted in Turtle": ("text/turtle", "<<( <urn:a> <urn:b> ", '"1"', " )>>"),
}


@pytest.mark.threat("hostile-document")
@pytest.mark.parametrize("times", [900, 3000])
@pytest.mark.parametrize("kind", DEEP)
def test_nothing_nested_deeply_is_a_fault_of_the_server(
    server: Server, kind: str, times: int
) -> None:
    """A document or shapes of any depth get a report, 400, 403, or at most a limit of a worker."""
    content_type, before, inner, after = DEEP[kind]
    text = f"<urn:a> <urn:p> {before * times}{inner}{after * times} ."
    shapes = (
        f'--q\r\nContent-Disposition: form-data; name="data"\r\n'
        f"Content-Type: text/turtle\r\n\r\n<urn:a> <urn:p> 1 .\r\n"
        f'--q\r\nContent-Disposition: form-data; name="shapes"\r\n'
        f"Content-Type: {content_type}\r\n\r\n{text}\r\n--q--\r\n"
    )
    replies = [
        post(server, text, content_type),
        post(server, shapes, "multipart/form-data; boundary=q"),
    ]
    for reply in replies:
        assert reply.status in {200, 400, 403} or reply.problem["limit"] == "memory"
