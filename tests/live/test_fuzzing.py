"""What the fuzzer found is sent again; its cases and oracles do not fail silently."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from tests.live.fuzzing import oracles
from tests.live.fuzzing.cases import KINDS, WRITES, case
from tests.live.fuzzing.http import WAYS
from tests.live.fuzzing.oracles import PATIENCE, Watched, watched
from tests.live.fuzzing.play import Case, Leave, Pause, Send, answers, play
from tests.live.serving import Server

FINDINGS = sorted((Path(__file__).parent / "fuzzing" / "findings").glob("*.json"))
SOME = 400
AWAY = 45678

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
CHUNKS = b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n"
HEAD = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n"
UNCHANGED = b"HTTP/1.1 304 Not Modified\r\nContent-Length: 2\r\n\r\n"
CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"


def finding(path: Path) -> Case:
    """Read a case that has been found."""
    told = json.loads(path.read_text(encoding="utf-8"))
    del told["told"]
    return Case.from_json(told)


@pytest.fixture(scope="module")
def target() -> Iterator[Watched]:
    """A server with the limits of the fuzzer that takes writes."""
    with watched([], writable=True) as server:
        yield server


@pytest.mark.threat("strange")
def test_findings_stay_fixed(target: Watched) -> None:
    """No case that once did harm does it again, and the server is as before."""
    assert FINDINGS

    async def all_of_them() -> list[str]:
        await target.begin()
        told = []
        for path in FINDINGS:
            outcome = await play(finding(path), target.port, PATIENCE)
            told += [f"{path.name}: {fault}" for fault in outcome.faults()]
        return told + await target.faults()

    assert asyncio.run(all_of_them()) == []


def test_each_finding_is_told() -> None:
    """The list of findings has a line for each file, and none for another."""
    rows = FINDINGS[0].with_name("README.md").read_text(encoding="utf-8").splitlines()
    listed = [row.split("`")[1] for row in rows if row.startswith("| `")]
    assert sorted(listed) == [path.name for path in FINDINGS]


@pytest.mark.parametrize("kinds", [KINDS, WRITES], ids=["reads", "writes"])
def test_a_seed_gives_the_same_cases(kinds: dict) -> None:
    """A case can be made again from the seed and its number, and read back from what is kept."""
    for number in range(30):
        made = case("7", number, AWAY, kinds)
        assert made == case("7", number, AWAY, kinds)
        assert made == Case.from_json(json.loads(json.dumps(made.to_json())))
    assert case("7", 1, AWAY, kinds) != case("8", 1, AWAY, kinds)


def test_every_kind_is_sent_in_every_way() -> None:
    """A run of some hundred cases leaves out no kind and no way, and names the listener."""
    made = [case("1", number, AWAY, KINDS) for number in range(SOME)]
    kinds, ways = zip(*(one.name.split(", ") for one in made), strict=True)
    assert set(kinds) == set(KINDS)
    assert set(ways) == set(WAYS)
    sent = b"".join(step.data for one in made for step in one.steps if isinstance(step, Send))
    assert b"127.0.0.1:%d" % AWAY in sent
    assert b"127.0.0.1:11111" not in sent


def outcome(raw: bytes, patience: float = 5.0, *, hangs: bool = False) -> list[str]:
    """Play a case against a server that always answers with these bytes; return its faults."""

    async def once() -> list[str]:
        async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await reader.readuntil(b"\r\n\r\n")
            writer.write(raw)
            if hangs:
                await reader.read()
            writer.close()

        async with await asyncio.start_server(handle, "127.0.0.1", 0) as listener:
            port = listener.sockets[0].getsockname()[1]
            asked = Case("x", "127.0.0.1", (Send(b"GET / HTTP/1.1\r\n\r\n"),))
            return list((await play(asked, port, patience)).faults())

    return asyncio.run(once())


@pytest.mark.parametrize("raw", [OK, CHUNKS, UNCHANGED, b"", OK.replace(b"200", b"503")])
def test_an_honest_answer_is_no_fault(raw: bytes) -> None:
    """Answers, limits, and a connection closed without a word, are what a client may get."""
    assert outcome(raw) == []


@pytest.mark.parametrize(
    ("raw", "word"),
    [
        (OK.replace(b"200", b"500"), "status 500"),
        (CONTINUE + OK.replace(b"200", b"502"), "status 502"),
        (b"SSH-2.0-x\r\n", "no HTTP"),
    ],
)
def test_a_fault_in_an_answer_is_seen(raw: bytes, word: str) -> None:
    """Failures of the server and what is no HTTP are reported."""
    (fault,) = outcome(raw)
    assert word in fault


@pytest.mark.parametrize("raw", [b"", b"HTTP/1.1 200 OK\r\n", HEAD + b"o"])
def test_silence_is_a_fault(raw: bytes) -> None:
    """An answer that neither comes nor ends is reported when the patience is over."""
    (fault,) = outcome(raw, 0.2, hangs=True)
    assert "no end" in fault


@pytest.mark.parametrize(
    ("received", "bare", "expected"),
    [
        (OK, False, ([200], 1)),
        (OK + CHUNKS + UNCHANGED + OK, False, ([200, 200, 304, 200], 4)),
        (HEAD + HEAD, True, ([200, 200], 2)),
        (CONTINUE + OK, False, ([200], 1)),
        (OK[:-1], False, ([200], 0)),
        (CHUNKS[:-2], False, ([200], 0)),
        (CHUNKS[:-5], False, ([200], 0)),
        (b"HTTP/1.1 200", False, ([], 0)),
        (b"HTTP/1.1 400 Bad Request\r\n\r\n", False, ([400], 0)),
    ],
)
def test_whole_answers_are_counted(
    received: bytes, *, bare: bool, expected: tuple[list[int], int]
) -> None:
    """Where one answer ends and the next begins is read from their framing."""
    assert answers(received, bare=bare) == expected


def test_who_leaves_reads_nothing(server: Server) -> None:
    """A client that closes or resets is no fault of the server."""
    for reset in (False, True):
        made = Case("x", "127.0.0.1", (Send(b"GET"), Pause(0.0), Leave(reset)))
        found = asyncio.run(play(made, urlsplit(server.address).port or 0, 5.0))
        assert (found.end, list(found.faults())) == ("left", [])


def test_what_is_left_at_rest_is_a_fault(target: Watched, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each oracle sees what should not be: files, hits, stalls, memory, workers, lines of a log."""
    monkeypatch.setattr(oracles, "SETTLING", 0.0)

    async def spoilt() -> list[str]:
        await target.begin()
        target._start |= {"workers": 99, "descriptors": -99, "memory": -(1 << 40)}
        target._answers = [b"another"]
        target._stalls = -1
        left = target.folder / "tmp" / "left"
        left.touch()
        target.hits.append(b"GET /secret")
        target.peak, target.stall = 1 << 40, 9.0
        with Path(target.server.log.name).open("a") as log:
            log.write('Traceback (most recent call last):\n  File "x"\n')
        _, writer = await asyncio.open_connection("127.0.0.1", target.port)
        faults = await target.faults()
        writer.close()
        left.unlink()
        return [" ".join(re.sub(r"\d+", "", fault).split()[:2]) for fault in faults]

    assert asyncio.run(spoilt()) == [
        'samsyn_held_places kind="connections"', "workers, not", "descriptors more", "the log:",
        "the listener", "MiB were", "MiB more", "a probe", "files were", "the event",
        "another answer",
    ]  # fmt: skip
