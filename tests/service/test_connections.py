"""What a connection may hold, and that nothing is held when its client has left."""

from __future__ import annotations

import re
import select
import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from tests.service.listening import MIB, Listening, get, listening, rest, until

from samsyn.server.connection import slow_readers
from samsyn.server.connection.eviction import Holders
from samsyn.server.connection.protocol import Guard
from samsyn.server.limits.quotas import Kind, Quota, Quotas

BIG = bytes(8 * MIB)
POST = b"POST %b HTTP/1.1\r\nHost: a\r\nContent-Length: %d\r\n\r\n"


@pytest.fixture(scope="module")
def line() -> Iterator[Listening]:
    """A server with little patience."""
    with listening(
        header_timeout=0.05, body_timeout=0.05, read_time=1.0, max_body=100_000
    ) as running:
        yield running


@pytest.fixture(scope="module")
def small() -> Iterator[Listening]:
    """A server that may hold little for readers."""
    with listening(BIG, client_unsent=28, unsent=30, read_time=60.0) as running:
        yield running


def memory() -> int:
    """Return how many bytes this process holds."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096


def ended(line: socket.socket) -> bool:
    """Return whether the server has reset a connection."""
    watched = select.poll()
    watched.register(line, 0)
    return bool(watched.poll(0))


FRAGMENTS = st.sampled_from(
    (
        b"GET / HTTP/1.1\r\n", b"POST /a HTTP/1.1\r\n", b"GET /wait HTTP/1.1\r\n",
        b"HEAD / HTTP/1.0\r\n", b"OPTIONS * HTTP/1.1\r\n", b"GET  HTTP/1.1\r\n",
        b"CONNECT a:1 HTTP/1.1\r\n", b"GET //:a HTTP/1.1\r\n", b"GET /%zz?%zz#a HTTP/1.1\r\n",
        b"Host: a\r\n", b"host:\r\n", b"Content-Length: 3\r\n", b"Content-Length: 300000\r\n",
        b"Content-Length: -1\r\n", b"Transfer-Encoding: chunked\r\n", b"TE: trailers\r\n",
        b"Transfer-Encoding: gzip\r\n", b"Connection: close\r\n", b"Connection: Upgrade\r\n",
        b"Upgrade: h2c\r\n", b"Expect: 100-continue\r\n", b"A: " + b"b" * 20_000 + b"\r\n",
        b"A: b\r\n" * 60, b" folded\r\n", b"\r\n", b"\r\n", b"\r\n", b"\n", b"\x00", b"abc",
        b"3\r\nabc\r\n", b"0\r\n\r\n", b"1\r\na\r\n" * 700, b"fffff\r\n", b"x" * 70_000,
    )
)  # fmt: skip
PIECES = st.lists(st.one_of(FRAGMENTS, FRAGMENTS, FRAGMENTS, st.binary(max_size=20)), max_size=16)


@pytest.mark.threat("framing")
@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@example(pieces=[b"GET http://a:99999/ HTTP/1.1\r\nHost: a\r\n\r\n"], packets="one")
@given(pieces=PIECES, packets=st.sampled_from(("one", "many")))
def test_whatever_comes_is_answered_or_ends_and_nothing_stays(
    line: Listening, pieces: list[bytes], packets: str
) -> None:
    """No error of the server, no connection without an end, and no byte counted afterwards."""
    data = line.answered(*(pieces if packets == "many" else (b"".join(pieces),)))
    statuses = set(re.findall(rb"HTTP/1\.1 (\d{3})", data))
    assert statuses <= {b"100", b"200", b"400", b"408", b"413", b"414", b"431", b"501", b"505"}
    until(lambda: not line.held())
    assert line.faults == []


@pytest.mark.threat("long-body")
def test_a_body_is_counted_until_its_request_is_answered() -> None:
    """Its bytes are held for its client, also while more of it is to come."""
    with listening(keep_alive=60.0, max_body=100_000) as line, line.connected() as sent:
        sent.sendall(POST % (b"/", 50_000) + bytes(49_000))
        until(lambda: line.quotas.held(Kind.RECEIVED, "127.0.0.1") == 49_000)
        sent.sendall(bytes(1000))
        assert sent.recv(65536).startswith(b"HTTP/1.1 200")
        until(lambda: not line.quotas.held(Kind.RECEIVED))


@pytest.mark.threat("site")
@pytest.mark.parametrize(
    ("headers", "name"),
    [
        (b"X-Forwarded-For: 192.0.2.9\r\nX-Forwarded-For: 127.0.0.7\r\n", "192.0.2.9"),
        (b"X-Forwarded-For: 2001:db8:1:2::3\r\n", "2001:db8:1:2::/64"),
        (b"", "127.0.0.1"),
    ],
    ids=["two-proxies", "one-proxy", "none"],
)
def test_a_body_is_counted_for_whom_the_proxies_name(headers: bytes, name: str) -> None:
    """As the request is afterwards, however many headers they write."""
    with listening(trusted_proxies="127.0.0.0/8") as running, running.connected() as sent:
        sent.sendall(POST.replace(b"\r\n\r\n", b"\r\n%b\r\n") % (b"/", 9, headers) + bytes(8))
        until(lambda: running.quotas.held(Kind.RECEIVED, name) > 0)


@pytest.mark.threat("leaving")
def test_who_leaves_is_noticed(line: Listening) -> None:
    """The request that is worked on hears of it."""
    before = len(line.left)
    with line.connected() as sent:
        sent.sendall(get("/wait"))
    until(lambda: len(line.left) == before + 1)


@pytest.mark.threat("leaving")
def test_a_request_before_others_hears_that_its_connection_was_broken(line: Listening) -> None:
    """Though it is not the last that came over it."""
    before = len(line.left)
    with line.connected() as sent:
        sent.sendall(POST % (b"/wait", 9) + bytes(9) + get("/wait"))
        until(lambda: line.quotas.held(Kind.RECEIVED) == 9)
        line.each(Guard.end)
        until(lambda: len(line.left) == before + 1)


@pytest.mark.threat("slow-reader")
def test_many_readers_of_one_answer_hold_it_once() -> None:
    """What is kept is not copied for each of those who read it slowly; each is counted."""
    with listening(BIG, client_unsent=1024, unsent=1024) as running, ExitStack() as stack:
        before = memory()
        for _ in range(20):
            stack.enter_context(running.connected(buffer=4096)).sendall(get("/big"))
        until(lambda: running.quotas.held(Kind.UNSENT) > 20 * 4 * MIB)
        assert memory() - before < 5 * len(BIG)


@pytest.mark.threat("slow-reader")
def test_an_answer_that_is_not_copied_counts_whole_until_it_is_taken(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """It is in memory as long as a byte of it waits."""
    monkeypatch.setattr(slow_readers, "_ROUND", 0.02)
    with listening(BIG) as running, running.connected(buffer=4096) as taking:
        taking.sendall(get("/big"))
        until(lambda: running.quotas.held(Kind.UNSENT) == len(BIG))
        taken = 0
        while taken < len(BIG) // 2:
            taken += len(taking.recv(MIB))
        time.sleep(0.2)
        assert running.quotas.held(Kind.UNSENT) == len(BIG)
        rest(taking)
    until(lambda: not running.held())


@dataclass(eq=False)
class Held:
    """Holds so much for a client, until it is ended."""

    owner: str
    held: int
    account: Quotas

    def __post_init__(self) -> None:
        self.account.hold(self.owner, Kind.UNSENT, self.held)

    def ease(self) -> tuple[float, float]:
        """Say that it deals badly with what it holds."""
        return (0.0, -self.held)

    def end(self) -> None:
        """Hold nothing more."""
        self.account.give(self.owner, Kind.UNSENT, self.held)
        self.held = 0


@pytest.mark.threat("site")
def test_who_goes_over_its_own_quota_takes_nothing_from_others() -> None:
    """Another site may hold more, as long as all together hold no more than may be."""
    account = Quotas({Kind.UNSENT: Quota(own=10, total=100)})
    holders = Holders[Held](account, Kind.UNSENT)
    others = [Held(f"2001:db8:1:{number}::/64", 8, account) for number in range(4)]
    own = [Held("192.0.2.1", amount, account) for amount in (6, 5)]
    for each in (*others, *own):
        holders.add(each)
    holders.relieve("192.0.2.1")
    assert [each.held for each in own] == [0, 5]
    assert all(each.held for each in others)


@pytest.mark.threat("slow-reader")
def test_the_heaviest_client_gives_first(small: Listening) -> None:
    """Where too much waits in all, who has most of it loses the reader that takes least."""
    with ExitStack() as stack:
        honest = stack.enter_context(small.connected("127.0.0.9", buffer=4096))
        honest.sendall(get("/big"))
        until(lambda: small.quotas.held(Kind.UNSENT, "127.0.0.9") > 0)
        lines = []
        for number in range(6):
            lines.append(stack.enter_context(small.connected(f"127.0.1.{number // 3}", 4096)))
            lines[-1].sendall(get("/big"))
        until(lambda: sum(map(ended, lines)) >= 4)
        assert small.quotas.held(Kind.UNSENT) <= 30 * MIB
        assert len(rest(honest)) > len(BIG)
    until(lambda: not small.held())


@pytest.mark.threat("slow-reader")
def test_who_reads_slowly_is_told_from_who_does_not_read() -> None:
    """Who takes little stays, who takes nothing is cut off, whatever the kernel takes for them."""
    with (
        listening(BIG, read_time=0.5, min_client_bytes_per_second=2048) as running,
        running.connected("127.0.0.1", buffer=4096) as dead,
        running.connected("127.0.0.2", buffer=4096) as slow,
    ):
        for each in (dead, slow):
            each.sendall(get("/big"))
        until(lambda: running.quotas.held(Kind.CONNECTIONS) == 2)
        while running.quotas.held(Kind.CONNECTIONS, "127.0.0.1"):
            assert slow.recv(2048)
            time.sleep(0.05)
        for _ in range(20):
            assert slow.recv(2048)
            time.sleep(0.05)
        assert running.quotas.held(Kind.CONNECTIONS, "127.0.0.2") == 1
        assert len(rest(dead)) < MIB


@pytest.mark.threat("slow-reader")
def test_an_idle_reader_of_a_whole_answer_is_not_idle() -> None:
    """The time after which idle connections are closed begins when the answer has been taken."""
    with listening(BIG, keep_alive=60.0) as running, running.connected(buffer=4096) as taking:
        taking.sendall(get("/big"))
        until(lambda: running.quotas.held(Kind.UNSENT) > 0)
        running.each(Guard.timeout_keep_alive_handler)
        taken = 0
        while taken < len(BIG):
            taken += len(taking.recv(MIB))
        taking.sendall(get("/", "1.0"))
        assert b"HTTP/1.1 200" in rest(taking)


@pytest.mark.threat("connections")
def test_the_connections_of_all_are_bounded() -> None:
    """Who comes when all places are taken is told that they are, no matter who has them."""
    with listening(connections=3) as running, ExitStack() as stack:
        for number in range(3):
            stack.enter_context(running.connected(f"127.0.0.{number + 1}"))
        until(lambda: running.quotas.held(Kind.CONNECTIONS) == 3)
        with running.connected("127.0.0.7") as late:
            data = rest(late)
        assert data.startswith(b"HTTP/1.1 503")
        assert b"retry-after: 2" in data


@pytest.mark.threat("connections")
def test_an_idle_connection_of_who_has_most_gives_its_place() -> None:
    """Anyone who only holds connections open keeps nobody out."""
    with listening(connections=4) as running, ExitStack() as stack:
        many = [stack.enter_context(running.connected("127.0.0.1")) for _ in range(4)]
        until(lambda: running.quotas.held(Kind.CONNECTIONS) == 4)
        with running.connected("127.0.0.7") as late:
            late.sendall(get("/"))
            assert late.recv(1000).startswith(b"HTTP/1.1 200")
        until(lambda: running.quotas.held(Kind.CONNECTIONS) == 3)
        many[1].sendall(get("/"))
        assert many[1].recv(1000).startswith(b"HTTP/1.1 200")


@pytest.mark.threat("long-body")
def test_requests_that_together_are_too_large_end_the_heaviest_client() -> None:
    """An honest request is taken while another client holds all that may be received."""
    with listening(max_write=1, client_received=1, received=2, max_body=MIB) as running:
        with ExitStack() as stack:
            for number in range(4):
                line = stack.enter_context(running.connected(f"127.0.0.{number + 20}"))
                with suppress(OSError):
                    line.sendall(POST % (b"/", MIB) + bytes(700_000))
            with running.connected("127.0.0.2") as honest:
                honest.sendall(POST % (b"/", 50_000) + bytes(50_000))
                assert honest.recv(1000).startswith(b"HTTP/1.1 200")
            assert running.quotas.held(Kind.RECEIVED) <= 2 * MIB
        until(lambda: not running.held())


@pytest.mark.threat("long-body")
def test_of_a_client_the_request_that_is_still_coming_ends_first() -> None:
    """What is worked on is let be, since it will be done soon."""
    with (
        listening(max_write=1, client_received=1, received=2, max_body=MIB) as running,
        ExitStack() as stack,
    ):
        sent = 0
        for source, path, size in (("1", b"/wait", 0), ("1", b"/", 400_000), ("2", b"/", 400_000)):
            line = stack.enter_context(running.connected(f"127.0.0.{source}"))
            line.sendall(POST % (path, 300_000 + size) + bytes(300_000 + size - bool(size)))
            sent += 300_000 + size - bool(size)
            until(lambda least=sent: running.quotas.held(Kind.RECEIVED) == least)  # type: ignore[misc]
        last = stack.enter_context(running.connected("127.0.0.3"))
        last.sendall(POST % (b"/", 700_000) + bytes(699_999))
        until(lambda: running.quotas.held(Kind.RECEIVED, "127.0.0.1") == 300_000)
        assert "/wait" not in running.left


@pytest.mark.threat("long-body")
def test_who_sends_more_than_its_share_is_told() -> None:
    """The request that goes over it is refused, and those before it go on."""
    with listening(max_write=1, client_received=1, max_body=MIB) as running:
        head = POST % (b"/", 700_000)
        with running.connected() as first, running.connected() as second:
            first.sendall(head + bytes(600_000))
            until(lambda: running.quotas.held(Kind.RECEIVED) == 600_000)
            second.sendall(head + bytes(600_000))
            assert second.recv(1000).startswith(b"HTTP/1.1 429")
            first.sendall(bytes(100_000))
            assert first.recv(1000).startswith(b"HTTP/1.1 200")
        until(lambda: not running.held())


def test_a_client_of_http_1_0_is_never_told_to_continue(line: Listening) -> None:
    """It would take the first answer for the last."""
    data = line.answered(b"POST / HTTP/1.0\r\nExpect: 100-continue\r\nContent-Length: 1\r\n\r\nx")
    assert data.startswith(b"HTTP/1.1 200")


@pytest.mark.threat("slow-sender")
def test_empty_lines_do_not_keep_a_connection_for_ever() -> None:
    """They are no request, so the time for one goes on."""
    with listening(header_timeout=0.3, keep_alive=0.2) as running, running.connected() as sent:
        sent.sendall(get("/"))
        data = sent.recv(65536)
        sent.settimeout(0.02)
        with suppress(OSError):
            for _ in range(1000):
                sent.sendall(b"\r\n")
                with suppress(TimeoutError):
                    part = sent.recv(65536)
                    data += part
                    if not part:
                        break
        assert re.findall(rb"HTTP/1\.1 (\d{3})", data) == [b"200", b"408"]
    until(lambda: not running.held())
