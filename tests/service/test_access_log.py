"""What is noted down of requests: which lines are written, and what is in them."""

from __future__ import annotations

import asyncio
import json
import logging
import re
from collections.abc import Iterator
from typing import Any

import pytest
from tests.service.conftest import TOKEN, Client, front_of

from samsyn.dataset.exact import Dataset
from samsyn.server import gateway
from samsyn.server.limits.quotas import Kind
from samsyn.server.observation.log_writer import LONGEST, Formatter
from samsyn.server.routes import authorization, health
from samsyn.server.workers.answer import OverLimitError
from samsyn.server.workers.scheduling.scheduler import BusyError
from samsyn.settings import Settings
from samsyn.site.app import Application, Source
from samsyn.site.job_handlers import Service


class Lines(logging.Handler):
    """Keeps what is logged, as it would be written."""

    def __init__(self) -> None:
        super().__init__()
        self.setFormatter(Formatter())
        self.text: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep a line."""
        self.text.append(self.format(record))

    def told(self) -> list[dict[str, Any]]:
        """Read the lines."""
        return [json.loads(text) for text in self.text]


@pytest.fixture
def log() -> Iterator[Lines]:
    """The log of a test."""
    lines = Lines()
    logger = logging.getLogger("samsyn")
    logger.addHandler(lines)
    yield lines
    logger.removeHandler(lines)


def client(dataset: Dataset, token: str | None = None, **settings: Any) -> Client:
    """Make a client of a server of its own."""
    chosen = Settings(**settings)
    application = Application(dataset, Source(chosen))
    return Client(front_of(Service(application), chosen, token))


def failing(client: Client, error: Exception) -> Client:
    """Have every job of a server fail."""

    async def ask(*_: object) -> None:
        raise error

    client.app.pool.ask = ask
    return client


@pytest.mark.threat("log")
@pytest.mark.parametrize("number", [b"\xff" * 20_000, b'"' * 20_000, b"\\" * 20_000])
def test_a_line_is_short_whatever_is_sent(
    small_dataset: Dataset, log: Lines, number: bytes
) -> None:
    """Long and unprintable headers, paths and queries leave one short line."""
    asking = client(small_dataset, log="requests")
    place = "/" + "%0A%22" * 3000 + "?q=" + "%5C" * 3000
    asking.request("GET", place, headers={"Query-Id": number})
    text = "ASK { " + "\x00\x0a\\" * 3000
    content = {"Content-Type": "application/sparql-query", "Query-Id": number}
    asking.request("POST", "/sparql", content=text, headers=content)
    assert [told["status"] for told in log.told()] == [404, 400]
    assert all(len(row) <= LONGEST and row.isprintable() for row in log.text)


@pytest.mark.threat("log")
@pytest.mark.parametrize(
    "error", [OverLimitError("time"), OverLimitError("cpu"), BusyError(own=False)]
)
def test_a_limit_that_the_client_lowered_makes_no_line(
    small_dataset: Dataset, log: Lines, error: Exception
) -> None:
    """A time that is over is no trouble of the server where the client made it short."""
    asking = failing(client(small_dataset), error)
    assert asking.get("/sparql?query=ASK%7B%7D&timeout=0.001").status_code == 503
    assert log.text == []
    assert asking.get("/sparql?query=ASK%7B%7D&timeout=99").status_code == 503
    assert len(log.text) == 1


def test_memory_is_logged_whatever_time_the_client_gave(small_dataset: Dataset, log: Lines) -> None:
    """A lowered time hides no other limit."""
    asking = failing(client(small_dataset), OverLimitError("memory"))
    asking.get("/sparql?query=ASK%7B%7D&timeout=1")
    assert len(log.text) == 1


def test_a_line_tells_what_the_client_was_told_to_wait(small_dataset: Dataset, log: Lines) -> None:
    """Retry-After is in the line where it was sent, and nowhere else."""
    failing(client(small_dataset), BusyError(own=False)).get("/sparql?query=ASK%7B%7D")
    failing(client(small_dataset), OverLimitError("time")).get("/sparql?query=ASK%7B%7D")
    assert [told.get("retry_after") for told in log.told()] == ["2", None]


@pytest.mark.threat("killed-jobs")
@pytest.mark.parametrize("own", [True, False])
@pytest.mark.parametrize("doubtful", [True, False])
def test_who_asks_too_much_is_told_late(
    small_dataset: Dataset,
    monkeypatch: pytest.MonkeyPatch,
    own: bool,  # noqa: FBT001
    doubtful: bool,  # noqa: FBT001
) -> None:
    """One that asks again at once is no burden then; where all are busy, nobody is to blame."""
    slept: list[float] = []

    async def sleep(seconds: float) -> None:
        slept.append(seconds)

    asking = failing(client(small_dataset), BusyError(own=own))
    asking.app.pool.doubtful = lambda _: doubtful
    monkeypatch.setattr(gateway.asyncio, "sleep", sleep)
    assert asking.get("/sparql?query=ASK%7B%7D").status_code == (429 if own else 503)
    assert slept == [gateway._PAUSE] * (own or doubtful)


def test_refusals_are_counted_by_kind(small_dataset: Dataset) -> None:
    """The numbers tell what was refused, and why."""
    asking = failing(client(small_dataset), OverLimitError("time"))
    asking.get("/sparql?query=ASK%7B%7D")
    asking.get("/sparql?query=ASK%7B%7D")
    asking.request("PATCH", "/sparql")
    text = asking.get("/metrics").text
    assert 'samsyn_refused_total{kind="query-limit"} 2.0' in text
    assert 'samsyn_refused_total{kind="method-not-allowed"} 1.0' in text


def write(client: Client, token: str, source: str = "192.0.2.1") -> int:
    """Try to write with a token from an address; return the status."""
    answer = client.request(
        "DELETE",
        "/gsp?graph=urn:none",
        headers={"Authorization": f"Bearer {token}", "X-Forwarded-For": source},
    )
    return answer.status_code


@pytest.fixture
def writing(small_dataset: Dataset) -> Client:
    """A client of a server that takes writes, behind a proxy that is believed."""
    return client(small_dataset, TOKEN, trusted_proxies="127.0.0.1")


@pytest.mark.threat("guessing")
def test_a_wrong_token_is_logged_without_the_token(writing: Client, log: Lines) -> None:
    """The line tells from which network, and nothing of what was tried."""
    assert write(writing, "guess-0123456789-secret") == 401
    (told,) = log.told()
    assert told["message"] == "a wrong token"
    assert told["client"] == "192.0.2.0/24"
    assert "guess" not in log.text[0]
    assert "samsyn_wrong_tokens_total 1.0" in writing.get("/metrics").text


@pytest.mark.threat("guessing")
def test_guesses_are_slowed(writing: Client, log: Lines) -> None:
    """After ten wrong tokens a client gets 429, even for the right one; others get in."""
    assert [write(writing, f"guess-{n}") for n in range(12)] == [401] * 10 + [429] * 2
    assert write(writing, TOKEN) == 429
    assert write(writing, TOKEN, "198.51.100.1") == 404
    assert sum("a wrong token" in row for row in log.text) == 10


def test_who_is_slowed_is_told_for_how_long(writing: Client) -> None:
    """429 has Retry-After, and after that time the right token is taken."""
    for number in range(10):
        write(writing, f"guess-{number}")
    headers = {"Authorization": "Bearer guess", "X-Forwarded-For": "192.0.2.1"}
    answer = writing.request("DELETE", "/gsp?graph=urn:none", headers=headers)
    assert answer.status_code == 429
    assert 0 < int(answer.headers["retry-after"]) <= 10


@pytest.mark.threat("site")
def test_the_networks_of_a_site_are_slowed_together(writing: Client) -> None:
    """Anyone who has a network of 48 bits guesses as four clients, not as 65,536."""
    statuses = [write(writing, "guess", f"2001:db8:1:{n:x}::1") for n in range(45)]
    assert statuses == [401] * 40 + [429] * 5
    assert write(writing, TOKEN, "2001:db8:2::1") == 404


@pytest.mark.threat("guessing")
def test_what_is_remembered_of_guesses_is_bounded(writing: Client) -> None:
    """Guesses from ever new addresses fill no memory."""
    found = authorization.Authorization(TOKEN, writing.app.access_log)
    for number in range(5000):
        found._clients.take(str(number))
    assert len(found._clients) == 4096


@pytest.mark.parametrize("header", [None, "Basic Z3Vlc3M6Z3Vlc3M=", "Bearer"])
def test_without_a_token_nobody_is_slowed(writing: Client, header: str | None, log: Lines) -> None:
    """A request without a token, as programs send first, is no guess."""
    headers = {"Authorization": header} if header else {}
    statuses = {
        writing.request("DELETE", "/gsp?graph=urn:none", headers=headers).status_code
        for _ in range(12)
    }
    assert statuses == {401}
    assert log.text == []


def test_what_is_held_is_told(small_dataset: Dataset) -> None:
    """Each kind of what is held for clients has its number, in bytes or in places."""
    asking = client(small_dataset)
    asking.app.quotas.hold("192.0.2.1", Kind.UNSENT, 1234)
    asking.app.quotas.hold("192.0.2.1", Kind.CONNECTIONS, 5)
    text = asking.get("/metrics").text
    told = dict(re.findall(r'^samsyn_held_\w+\{kind="(\w+)"\} (\S+)$', text, re.MULTILINE))
    assert {*told} == {*map(str, Kind), "cache"}
    assert float(told["unsent"]) == 1234
    assert float(told["connections"]) == 5
    asking.app.quotas.give("192.0.2.1", Kind.UNSENT, 1234)
    asking.app.quotas.give("192.0.2.1", Kind.CONNECTIONS, 5)
    assert 'samsyn_held_bytes{kind="unsent"} 0.0' in asking.get("/metrics").text


@pytest.mark.parametrize(
    "headers",
    [{"X-Forwarded-For": "127.0.0.1"}, {"Forwarded": "for=127.0.0.1"}, {"Via": "1.1 proxy"}],
    ids=lambda headers: next(iter(headers)),
)
def test_numbers_are_for_this_machine(small_dataset: Dataset, headers: dict[str, str]) -> None:
    """What a proxy passes on gets no numbers, whatever it says of its client."""
    asking = client(small_dataset)
    assert asking.request("GET", "/metrics").status_code == 200
    refused = asking.request("GET", "/metrics", headers=headers)
    assert refused.status_code == 403
    assert "metrics_address" in refused.json()["detail"]


def test_numbers_are_not_for_other_machines(small_dataset: Dataset) -> None:
    """Anyone who reaches the server without a proxy gets none either."""
    near = client(small_dataset).app

    async def far(scope: Any, receive: Any, send: Any) -> None:
        await near({**scope, "client": ("192.0.2.1", 5)}, receive, send)

    assert Client(far).get("/metrics").status_code == 403


def sent(application: Any, method: str) -> bytes:
    """Return the body that is sent for the numbers; a client would drop that of HEAD."""
    messages: list[dict[str, Any]] = []

    async def send(message: dict[str, Any]) -> None:
        messages.append(message)

    scope = {"type": "http", "method": method, "path": "/metrics"}
    asyncio.run(application(scope, None, send))
    return b"".join(message.get("body", b"") for message in messages)


def test_numbers_with_an_address_of_their_own_are_nowhere_else(small_dataset: Dataset) -> None:
    """The main address has no numbers then, and the other nothing but them."""
    asking = client(small_dataset, metrics_address="127.0.0.1:9464")
    assert asking.get("/metrics").status_code == 404
    other = Client(health.Numbers(asking.app.metrics))
    assert b"samsyn_requests_total" in other.get("/metrics").content
    assert sent(other.app, "HEAD") == b""
    assert sent(other.app, "GET")
    assert other.request("POST", "/metrics").status_code == 405
    assert other.get("/sparql?query=ASK%7B%7D").status_code == 404
