"""The numbers of a running server, at an address of their own."""

from __future__ import annotations

import re
import signal
from collections.abc import Callable
from contextlib import ExitStack
from urllib.request import urlopen

import pytest
from tests.live.attacking import PATIENCE, connected, request, rest
from tests.live.serving import Server, free_port

PLACES = 8


def numbers(place: str) -> str:
    """Read the numbers at an address."""
    with urlopen(f"http://{place}/metrics", timeout=PATIENCE) as response:
        text: str = response.read().decode()
    return text


def found(place: str, metric: str) -> float:
    """Return one of the numbers at an address."""
    (value,) = re.findall(rf"^{re.escape(metric)} (\S+)$", numbers(place), re.MULTILINE)
    return float(value)


@pytest.mark.threat("connections")
def test_numbers_have_an_address_of_their_own(serve: Callable[..., Server]) -> None:
    """The other address shows the numbers while the main one is full, and ends with it."""
    place = f"127.0.0.1:{free_port()}"
    environment = {"SAMSYN_METRICS_ADDRESS": place, "SAMSYN_CLIENT_CONNECTIONS": str(PLACES)}
    running = serve(environment=environment)
    assert request(running, "GET", "/sparql?query=ASK%7B%7D").status == 200
    with ExitStack() as stack:
        for _ in range(PLACES + 1):
            stack.enter_context(connected(running))
        late = stack.enter_context(connected(running))
        assert rest(late).startswith(b"HTTP/1.1 429")
        assert found(place, 'samsyn_held_places{kind="connections"}') >= PLACES
    assert found(place, 'samsyn_workers{state="idle"}') >= 1
    assert found(place, 'samsyn_forks_total{event="born"}') >= 1
    running.process.send_signal(signal.SIGTERM)
    assert running.process.wait(20) == 0
