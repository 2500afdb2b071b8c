"""The numbers of a running server, at an address of their own."""

from __future__ import annotations

import re
import signal
from collections.abc import Callable
from urllib.request import urlopen

import pytest
from tests.live.attacking import connected
from tests.live.serving import Server, free_port


@pytest.mark.threat("connections")
def test_numbers_have_an_address_of_their_own(serve: Callable[..., Server]) -> None:
    """The other address shows the numbers while the main one is full, and ends with it."""
    place = f"127.0.0.1:{free_port()}"
    environment = {"SAMSYN_METRICS_ADDRESS": place, "SAMSYN_CLIENT_CONNECTIONS": "1"}
    running = serve(environment=environment)
    with connected(running), urlopen(f"http://{place}/metrics", timeout=30) as response:
        text = response.read().decode()
    assert 'samsyn_held_places{kind="connections"} 1.0' in text
    assert re.search(r'samsyn_workers\{state="idle"\} [1-9]', text)
    assert re.search(r'samsyn_forks_total\{event="born"\} [1-9]', text)
    running.process.send_signal(signal.SIGTERM)
    assert running.process.wait(20) == 0
