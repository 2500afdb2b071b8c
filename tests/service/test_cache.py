"""What the cache says that it takes is what it takes."""

from __future__ import annotations

import gc
import os
import tracemalloc
from collections.abc import Callable
from typing import Any
from urllib.parse import clear_cache, quote

import pytest
from tests.service.conftest import Client

from samsyn.server.cache import Cache, Entry, digest

MIB = 1024 * 1024


def entry(body: int, headers: int) -> Entry:
    """Make an answer whose parts nothing else holds."""
    pairs = [(os.urandom(12), os.urandom(30)) for _ in range(headers)]
    return Entry(200, pairs, os.urandom(body), os.urandom(40))


def named(cache: Cache) -> None:
    """Ask the same in another way."""
    key = digest(b"what is asked")
    if not cache.get(key):
        cache.put(key, entry(10, 5))
    cache.name(os.urandom(20), key)


FILLED: dict[str, Callable[[Cache], None]] = {
    "tiny-answers": lambda cache: cache.put(os.urandom(20), entry(2, 6)),
    "no-headers": lambda cache: cache.put(os.urandom(20), entry(2, 0)),
    "many-headers": lambda cache: cache.put(os.urandom(20), entry(2, 60)),
    "large-answers": lambda cache: cache.put(os.urandom(20), entry(50_000, 6)),
    "other-names": named,
}


@pytest.mark.threat("cache")
@pytest.mark.parametrize("fill", FILLED.values(), ids=FILLED)
def test_the_cache_takes_what_it_says(fill: Callable[[Cache], None]) -> None:
    """Its figure agrees within a tenth with the memory of the process, when full as well."""
    budget = MIB
    gc.collect()
    tracemalloc.start()
    try:
        before = tracemalloc.get_traced_memory()[0]
        cache = Cache(budget)
        size = -1
        # Until nothing more is taken in but for what goes.
        while size < cache.size <= budget - 60_000:
            size = cache.size
            fill(cache)
        for _ in range(len(cache) // 2):
            fill(cache)
        gc.collect()
        taken = tracemalloc.get_traced_memory()[0] - before
    finally:
        tracemalloc.stop()
    assert 0.9 * taken < cache.size < 1.1 * taken
    assert cache.size <= budget


@pytest.mark.threat("cache")
def test_what_is_forgotten_takes_nothing() -> None:
    """When the data has changed, nothing is held any more."""
    cache = Cache(MIB)
    empty = cache.size
    for _ in range(500):
        FILLED["tiny-answers"](cache)
    cache.clear()
    assert (len(cache), cache.size) == (0, empty)


@pytest.mark.threat("cache")
@pytest.mark.parametrize(
    "sent",
    [
        pytest.param(lambda n: {"headers": {"Accept-Language": f"x{n}," * 250}}, id="language"),
        pytest.param(lambda n: {"headers": {"Content-Type": f"a/b{n}" * 4000}}, id="content-type"),
        pytest.param(
            lambda n: {"params": {"default-graph-uri": f"urn:{n}:" + "x" * 20_000}}, id="graph"
        ),
        pytest.param(lambda n: {"params": {f"v{n}": "x" * 20_000}}, id="unknown-parameter"),
    ],
)
def test_no_request_makes_a_key_longer(client: Client, sent: Callable[[int], Any]) -> None:
    """However long what tells two requests apart, the cache keeps no more of it than a digest."""
    gateway = client.app
    gateway.cache.clear()

    def ask(n: int) -> None:
        arguments = sent(n)
        arguments["params"] = {"query": "ASK {}", **arguments.get("params", {})}
        assert client.request("GET", "/sparql", **arguments).status_code in (200, 431)

    ask(0)
    gc.collect()
    tracemalloc.start()
    try:
        for n in range(1, 41):
            ask(n)
        # What the client of the test remembers does not count.
        clear_cache()
        gc.collect()
        taken = tracemalloc.get_traced_memory()[0]
    finally:
        tracemalloc.stop()
    assert taken < 40 * 5_000
    assert gateway.cache.size < 40 * 5_000


@pytest.mark.threat("cache")
@pytest.mark.parametrize("path", ["/shapes", "/graphs", "/query", "/ns", "/explain", "/browse"])
def test_what_nobody_knows_makes_no_other_answer(client: Client, path: str) -> None:
    """Parameters that links on other sites add are overlooked, and what was kept is sent."""
    gateway = client.app
    gateway.cache.clear()
    first = client.get(path, "text/html")
    assert first.status_code == 200
    held = gateway.cache.size
    for added in ("utm_source=a&fbclid=b", "v=1", "%76=2", "lang=xx", f"a={quote('ä' * 999)}"):
        again = client.get(f"{path}?{added}", "text/html")
        assert (again.status_code, again.headers["etag"]) == (200, first.headers["etag"])
        assert again.content == first.content
    assert gateway.cache.size == held
    if "lang" in first.text:
        assert client.get(f"{path}?lang=sv&v=1", "text/html").text != first.text
        assert client.get(f"{path}?l%61ng=sv", "text/html").text != first.text


@pytest.mark.threat("cache")
def test_the_answer_that_was_kept_first_is_sent_to_all() -> None:
    """Where many ask the same before it is kept, the answers of the later are let go."""
    cache = Cache(100_000)
    first, second = (Entry(200, [], bytes(1000), b'"a"') for _ in range(2))
    assert cache.put(b"key", first) is first
    assert cache.put(b"key", second) is first
    newer = Entry(200, [], b"other", b'"b"')
    assert cache.put(b"key", newer) is newer
    assert cache.get(b"key") is newer
