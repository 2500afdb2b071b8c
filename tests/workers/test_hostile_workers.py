"""Workers that obey somebody else: whatever they send, the web process stays as it is."""

from __future__ import annotations

import asyncio
import json
import os
import socket
import subprocess
import sys
from struct import pack

import pytest
from tests.workers.bench import Bench
from tests.workers.conftest import Play

from samsyn.server.workers import framing
from samsyn.server.workers.answer import LostError
from samsyn.server.workers.fork import Fork
from samsyn.server.workers.worker import Reply
from samsyn.server.workers.zygote_link import is_child

DONE = framing.frame(framing.END, b"")
NONSENSE = {
    "a kind that there is not": framing.frame(99, b""),
    "a job": framing.frame(framing.JOB, b"job"),
    "data without end": pack("<BI", framing.DATA, 2**32 - 1),
    "a head without end": pack("<BI", framing.HEAD, 2**32 - 1),
    "a reason without end": pack("<BI", framing.FAIL, 2**32 - 1),
    "heads again and again": framing.frame(framing.HEAD, b"{}") * 20_000,
    "data of nothing": framing.frame(framing.DATA, b"") * 20_000,
    "a limit that there is not": framing.frame(framing.LIMIT, b"patience"),
    "a limit that is no text": framing.frame(framing.LIMIT, b"\xff\xfe"),
}


@pytest.mark.threat("frames")
@pytest.mark.parametrize("sent", NONSENSE.values(), ids=NONSENSE)
def test_a_worker_that_sends_what_is_no_message_is_ended(play: Play, sent: bytes) -> None:
    """Its job is lost, nothing that it sends is held, and the next job is done by another."""

    async def scene(bench: Bench) -> None:
        with pytest.raises(LostError):
            await bench.ask(f"send {sent.hex()}; sleep 30")
        assert await bench.ask("say well") == b"well"

    play(scene)


@pytest.mark.threat("frames")
def test_a_worker_that_speaks_unasked_is_ended(play: Play) -> None:
    """It cannot answer a job before it has it, nor fill the memory between two jobs."""

    async def scene(bench: Bench) -> None:
        before = bench.idle()
        false = framing.frame(framing.DATA, b"false") + DONE
        assert await bench.ask(f"send {(DONE + false).hex()}; sleep 30") == b""
        await bench.until(lambda: len(set(bench.idle()) - set(before)) > 0)
        answers = await asyncio.gather(*(bench.ask("say true") for _ in range(4)))
        assert answers == [b"true"] * 4

    play(scene)


@pytest.mark.threat("frames")
def test_a_zygote_has_nothing_ended_that_is_not_its_own(play: Play) -> None:
    """Who says that it has forked another process, or all of them, is itself ended."""

    async def scene(bench: Bench) -> None:
        supervisor = bench.pool._supervisor
        with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as other:
            for pid in (other.pid, -1, 0, 2**70, True):
                line, zygote = supervisor._line, bench.zygote
                assert line is not None
                ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
                with theirs:
                    asyncio.get_running_loop().remove_reader(line.channel.fileno())
                    line.channel.close()
                    ours.settimeout(0)
                    line.channel = ours
                    told = json.dumps({"born": pid}).encode()
                    socket.send_fds(theirs, [told], [theirs.fileno()])
                    supervisor._hear(line)
                await bench.gone(zygote)
                await bench.until(lambda: supervisor._line and bench.idle())
            assert other.poll() is None
            other.communicate(b"\n")

    play(scene)


def test_a_child_is_known_by_its_parent() -> None:
    """Of a process that there is not, nobody is the parent."""
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as other:
        assert is_child(other.pid, os.getpid())
        assert not is_child(other.pid, other.pid)
        assert not is_child(-1, os.getpid())
        other.communicate(b"\n")


def test_who_is_ended_is_not_heard_any_more() -> None:
    """Neither does it harm, nor is it told of as one that does."""
    heard: list[bytes] = []

    def take(fork: Fork, _: int, payload: bytes) -> None:
        heard.append(payload)
        fork.kill()

    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as other:
        fork = Fork(other.pid, take, lambda _: None)
        fork.data_received(b"".join(framing.frame(framing.DATA, data) for data in (b"1", b"2")))
        fork.forget()
    assert heard == [b"1"]


def test_a_body_is_sent_in_parts() -> None:
    """However long it is, no message is longer than a worker's may be."""

    class Channel:
        sent = b""

        def sendall(self, data: bytes) -> None:
            self.sent += data

    channel = Channel()
    body = bytes(range(256)) * 5000
    reply = Reply(channel, len(body))  # type: ignore[arg-type]
    reply.write(body)
    reply.end()
    parser = framing.Parser()
    *data, end = parser.feed(channel.sent)
    assert end == (framing.END, b"")
    assert b"".join(payload for _, payload in data) == body
    assert len(data) > 1
