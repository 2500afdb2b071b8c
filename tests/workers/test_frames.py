"""Messages on a stream of bytes that may be cut anywhere."""

from __future__ import annotations

import socket
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from samsyn.server.workers import framing

MESSAGES = st.lists(
    st.tuples(st.sampled_from((framing.HEAD, framing.DATA, framing.FAIL)), st.binary(max_size=300)),
    max_size=8,
)


@given(MESSAGES, st.lists(st.integers(0, 3000), max_size=12))
def test_messages_survive_any_cut(messages: list[tuple[int, bytes]], cuts: list[int]) -> None:
    """However the stream is cut, the same messages come out, each once."""
    stream = b"".join(framing.frame(kind, payload) for kind, payload in messages)
    places = [0, *sorted(cut for cut in cuts if cut < len(stream)), len(stream)]
    parser = framing.Parser()
    read = [
        message for start, end in pairwise(places) for message in parser.feed(stream[start:end])
    ]
    assert read == messages


def test_a_message_comes_with_its_last_byte() -> None:
    """Fed byte by byte, each message is there as soon as its last byte is, and not before."""
    messages = [(framing.HEAD, b"head"), (framing.DATA, b""), (framing.FAIL, b"x" * 300)]
    parser = framing.Parser()
    for kind, payload in messages:
        data = framing.frame(kind, payload)
        early = [list(parser.feed(data[place : place + 1])) for place in range(len(data) - 1)]
        assert early == [[]] * (len(data) - 1)
        assert list(parser.feed(data[-1:])) == [(kind, payload)]


def test_a_message_is_received_whole_or_not() -> None:
    """A worker gets what a message carries, and nothing when the other side ends within one."""
    ours, theirs = socket.socketpair()
    with ours, theirs:
        whole = framing.frame(framing.JOB, b"job")
        ours.sendall(whole + whole[:-1])
        ours.shutdown(socket.SHUT_WR)
        assert framing.receive(theirs) == b"job"
        assert framing.receive(theirs) is None
