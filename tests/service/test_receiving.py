"""What of a request is read from its connection: how much, in which coding, for whom."""

from __future__ import annotations

import asyncio
import gzip
from collections.abc import Iterable
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.types import Message
from tests.service.conftest import Client

from samsyn.http.problems import Problem
from samsyn.server.connection.bodies import MOST, MOST_RANGES, Body, Bounds, BrokenError, joined
from samsyn.server.limits.quotas import Kind, Quota, Quotas

KIB = 1024
MIB = 1024 * KIB
SPARQL = Bounds(MIB, 20)


def read(
    parts: Iterable[bytes], coding: str | None = None, bounds: Bounds = SPARQL, **given: Any
) -> tuple[bytes, Quotas]:
    """Read a body that comes in parts."""
    left = list(parts)
    quotas = given.get("quotas", Quotas({}))

    async def receive() -> Message:
        if not left:
            return {"type": "http.disconnect"}
        return {"type": "http.request", "body": left.pop(0), "more_body": bool(left)}

    async def run() -> bytes:
        return await Body(receive, coding, quotas, "client").read(bounds)

    return asyncio.run(run()), quotas


def split(data: bytes, size: int) -> list[bytes]:
    """Cut some bytes into parts."""
    return [data[at : at + size] for at in range(0, len(data), size)] or [b""]


@given(data=st.binary(max_size=300), size=st.integers(1, 50), level=st.integers(0, 9))
def test_a_body_is_what_was_sent(data: bytes, size: int, level: int) -> None:
    """In whatever parts it comes, and with gzip undone."""
    assert read(split(data, size))[0] == data
    assert read(split(gzip.compress(data, level), size), "gzip")[0] == data


@pytest.mark.parametrize("coding", ["GZIP", " x-gzip "])
def test_large_gzip_is_undone_step_by_step(coding: str) -> None:
    """Parts that expand to more than is undone at a time are read whole, however it is named."""
    data = Random(7).randbytes(MIB // 4).hex().encode()  # noqa: S311  no secret
    sent = gzip.compress(data)
    assert read(split(sent, MIB // 8), coding)[0] == data


@pytest.mark.threat("long-body")
@pytest.mark.parametrize(
    ("sent", "bounds", "size"),
    [
        pytest.param(gzip.compress(bytes(MIB)), SPARQL, 85 * KIB, id="twenty-times-and-64-KiB"),
        pytest.param(gzip.compress(bytes(MIB)), Bounds(MIB // 2), MIB // 2, id="too-large"),
    ],
)
def test_gzip_that_makes_too_much_is_refused_before_it_is_undone(
    sent: bytes, bounds: Bounds, size: int
) -> None:
    """Its client gets 413, and no more was held than the bound."""
    quotas = Quotas({})
    with pytest.raises(Problem) as caught:
        read([sent], "gzip", bounds, quotas=quotas)
    assert (caught.value.kind, caught.value.headers) == ("too-large", {"Connection": "close"})
    assert quotas.held(Kind.RECEIVED) <= size


@pytest.mark.threat("long-body")
@pytest.mark.parametrize(
    ("sent", "coding", "status"),
    [
        pytest.param(gzip.compress(b"a") + b"b", "gzip", 400, id="something-behind"),
        pytest.param(gzip.compress(b"a") * 2, "gzip", 400, id="two-of-them"),
        pytest.param(gzip.compress(b"a")[:-1], "gzip", 400, id="not-whole"),
        pytest.param(b"", "gzip", 400, id="nothing"),
        pytest.param(b"a", "gzip", 400, id="no-gzip"),
        pytest.param(gzip.compress(b"a")[:-5] + bytes(5), "gzip", 400, id="wrong-sum"),
        pytest.param(b"a", "br", 415, id="another-coding"),
        pytest.param(gzip.compress(b"a"), "gzip, gzip", 415, id="several"),
        pytest.param(bytes(MIB + 1), None, 413, id="too-large"),
    ],
)
@pytest.mark.parametrize("size", [1, 7, MIB])
def test_a_body_that_is_not_whole_and_alone_is_refused(
    sent: bytes, coding: str | None, status: int, size: int
) -> None:
    """What is wrong with it is reported, wherever its parts end."""
    if len(sent) > MIB and size < MIB:
        size = 64 * KIB
    with pytest.raises(Problem) as caught:
        read(split(sent, size), coding)
    assert caught.value.status == status


@pytest.mark.threat("leaving")
def test_who_leaves_in_the_middle_breaks_it_off() -> None:
    """There is nobody to be reported."""

    async def receive() -> Message:
        return {"type": "http.disconnect"}

    with pytest.raises(BrokenError):
        asyncio.run(Body(receive, None, Quotas({}), "client").read(SPARQL))


@pytest.mark.threat("long-body")
@pytest.mark.parametrize(("own", "total", "status"), [(50, 1000, 429), (1000, 50, 503)])
def test_what_gzip_makes_is_counted_for_its_client(own: int, total: int, status: int) -> None:
    """Beyond the quota it is refused with a time to come back; in the end all is given back."""
    quotas = Quotas({Kind.RECEIVED: Quota(own * KIB, total * KIB)})
    sent = gzip.compress(bytes(60 * KIB))
    with pytest.raises(Problem) as caught:
        read([sent], "gzip", Bounds(MIB), quotas=quotas)
    assert caught.value.status == status
    assert "Retry-After" in caught.value.headers
    assert caught.value.headers["Connection"] == "close"


@pytest.mark.threat("long-body")
def test_a_request_that_has_ended_holds_nothing(client: Client) -> None:
    """Whether it was answered or refused."""
    quotas = client.app.quotas
    for text in (b"ASK {}", b"ASK {", b"SELECT * { ?s ?p ?o }" + b" " * 60_000):
        headers = {"Content-Type": "application/sparql-query", "Content-Encoding": "gzip"}
        client.request("POST", "/sparql", content=gzip.compress(text), headers=headers)
        assert quotas.held(Kind.RECEIVED) == 0


@given(pairs=st.lists(st.tuples(st.sampled_from((b"a", b"b", b"c")), st.binary(max_size=3))))
def test_a_header_that_is_sent_twice_is_one_list(pairs: list[tuple[bytes, bytes]]) -> None:
    """In the order in which it was sent (RFC 9110, section 5.3)."""
    told = joined(pairs)
    assert set(told) == {name for name, _ in pairs}
    for name, value in told.items():
        assert value == b", ".join(value for other, value in pairs if other == name)


@pytest.mark.threat("event-loop")
@pytest.mark.parametrize("name", ["Accept", "Accept-Language", "Accept-Encoding"])
@pytest.mark.parametrize("path", ["/", "/sparql?query=ASK+%7B%7D", "/health", "/shapes", "/gsp"])
def test_too_many_preferences_are_refused(client: Client, path: str, name: str) -> None:
    """What clients send fits; what takes long to weigh is refused with 431, and named."""
    fits = ", ".join(f"a/b{n};q=0.1" for n in range(MOST_RANGES - 1)) + ", */*"
    assert client.request("GET", path, headers={name: fits}).status_code != 431
    for value in ("x" * (MOST + 1), "*," * MOST_RANGES):
        answer = client.request("GET", path, headers={"Accept": "*/*", name: value})
        assert (answer.status_code, answer.headers["connection"]) == (431, "close")
        if name != "Accept":
            assert answer.json()["detail"].startswith(name)


@pytest.mark.threat("cross-site")
@pytest.mark.parametrize("path", ["/gsp", "/gsp?default", "/update", "/graph/x", "/gsp/x"])
@pytest.mark.parametrize("origin", ["https://elsewhere.example", "null"])
def test_a_page_elsewhere_is_not_offered_to_write(client: Client, path: str, origin: str) -> None:
    """A preflight lets through what reads, and never PUT, DELETE, PATCH or a POST that writes."""
    headers = {"Origin": origin, "Access-Control-Request-Method": "PUT"}
    answer = client.request("OPTIONS", path, headers=headers)
    assert answer.status_code == 204
    offered = answer.headers.get("access-control-allow-methods", "")
    assert not {"PUT", "DELETE", "POST", "PATCH"} & set(offered.replace(" ", "").split(","))
