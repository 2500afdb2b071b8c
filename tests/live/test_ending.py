"""How queries, processes and the server end: by wish, by accident, in good order."""

from __future__ import annotations

import json
import os
import signal
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from http.client import IncompleteRead
from urllib.parse import urlencode

import pytest
from tests.live.attacking import MIB, ask, asking, connected, request
from tests.live.serving import Server
from tests.workers.bench import alive, children

MILLION = "SELECT ?a ?b ?d ?e { ?a ?b ?c . ?d ?e ?f } LIMIT 1000000"
ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"


def test_a_query_can_be_ended_by_its_id(server: Server) -> None:
    """Its answer breaks off and its worker goes; another's id is of no use."""
    with asking(server, MILLION) as answer:
        before = children(server.process.pid)
        number = answer.getheader("query-id")
        assert request(server, "DELETE", "/queries/0123456789abcdef01234567").status == 404
        assert request(server, "DELETE", f"/queries/{number}").status == 204
        with pytest.raises(IncompleteRead):
            answer.read()
        _until(lambda: not all(alive(pid) for pid in before))
    assert request(server, "DELETE", f"/queries/{number}").status == 404


@pytest.mark.threat("leaving")
def test_a_client_that_leaves_frees_its_worker(server: Server) -> None:
    """When the connection closes, the query ends, though it has not answered anything."""
    running = "samsyn_jobs_running 1.0"

    def metrics() -> str:
        return request(server, "GET", "/metrics").body.decode()

    _until(lambda: "samsyn_jobs_running 0.0" in metrics())
    with connected(server) as line:
        path = "/sparql?" + urlencode({"query": ENDLESS})
        line.sendall(f"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
        _until(lambda: running in metrics())
    _until(lambda: running not in metrics())


@pytest.mark.parametrize(
    ("query", "whole"),
    [
        pytest.param("SELECT * { ?a ?b ?c . ?d ?e ?f } LIMIT 300000", True, id="within-grace"),
        pytest.param(ENDLESS, False, id="beyond-grace"),
    ],
)
def test_a_server_told_to_end_ends_in_good_order(
    serve: Callable[..., Server],
    query: str,
    whole: bool,  # noqa: FBT001
) -> None:
    """What runs may end within its grace; then all processes are gone, and the exit code is 0."""
    ending = serve(environment={"SAMSYN_SHUTDOWN_TIMEOUT": "2" if not whole else "30"})
    family = children(ending.process.pid)
    with ThreadPoolExecutor(1) as threads:
        asked = threads.submit(_all_or_nothing, ending, query)
        _until(lambda: b"samsyn_jobs_running 1.0" in request(ending, "GET", "/metrics").body)
        ending.process.send_signal(signal.SIGTERM)
        assert ending.process.wait(30) == 0
        assert (len(asked.result()) > MIB) is whole
    _until(lambda: not any(alive(pid) for pid in family))


def test_signals_of_terminals_and_of_log_rotation_end_nothing_at_once(
    serve: Callable[..., Server],
) -> None:
    """A closed terminal ends the server in good order; SIGUSR1 and SIGUSR2 do nothing."""
    ending = serve()
    family = children(ending.process.pid)
    for number in (signal.SIGUSR1, signal.SIGUSR2):
        ending.process.send_signal(number)
        assert ask(ending, "ASK {}").body == b"true"
    ending.process.send_signal(signal.SIGHUP)
    assert ending.process.wait(30) == 0
    _until(lambda: not any(alive(pid) for pid in family))


def _all_or_nothing(server: Server, query: str) -> bytes:
    try:
        return ask(server, query).body
    except OSError:
        return b""
    except IncompleteRead:
        return b""


def _until(holds: Callable[[], object]) -> None:
    end = time.monotonic() + 20
    while not holds():
        assert time.monotonic() < end, "it never came to hold"
        time.sleep(0.01)


def test_a_server_that_cannot_go_on_ends(serve: Callable[..., Server]) -> None:
    """Without zygote, and without what would start another, it ends for anyone who watches it."""
    lost = serve()
    _until(lambda: len(_launchers(lost)) == 2)
    family = children(lost.process.pid)
    for pid in _launchers(lost):
        os.kill(pid, signal.SIGKILL)
    for pid in family:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    assert lost.process.wait(20) == 3
    _until(lambda: not any(alive(pid) for pid in family))


def _launchers(server: Server) -> set[int]:
    """Return what starts zygotes, and what stands in for it."""
    launcher, zygote, *others = children(server.process.pid)
    return {launcher, *others} - set(children(zygote))


def test_a_slow_query_is_logged_however_it_was_sent(serve: Callable[..., Server]) -> None:
    """The line of a posted query has its text, and no full address."""
    slow = serve(environment={"SAMSYN_SLOW_QUERY": "0"})
    text = "ASK { ?posted ?p ?o }"
    assert (
        request(
            slow, "POST", "/sparql", text.encode(), content_type="application/sparql-query"
        ).status
        == 200
    )
    _until(lambda: "posted" in slow.output())
    (line,) = [each for each in slow.output().splitlines() if "posted" in each]
    told = json.loads(line)
    assert told["query"] == text
    assert told["slow"] is True
    assert told["client"] == "127.0.0.0/24"
