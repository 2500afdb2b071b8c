"""The soak test in a short form, and that neither its driver nor its verdict lets a fault pass."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from tests.live import processes
from tests.live.arrivals import (
    AGGREGATES,
    CHAINS,
    EXPORTS,
    HOSTILE,
    JSON,
    LOOKUPS,
    QUERIES,
    Arrival,
    arrivals,
)
from tests.live.soak import Driver, run, serving
from tests.live.verdict import MIB, OUTCOMES, TIME, Record, Soak, faults, slowness, table

from samsyn.sparql.index import Index

SECONDS, RATE = 8.0, 40.0
"""So few requests that a machine with half of its time to itself is done with each in time."""

ROWS = [{"n": {"type": "literal", "value": str(number)}} for number in range(3)]


@pytest.mark.threat("lost-process")
def test_nobody_notices_hostile_queries_and_killed_workers(
    root: Path, index: Index, tmp_path: Path
) -> None:
    """Under load, hostile queries and kills, every answer is right or honestly refused."""
    with serving(root, tmp_path / "log") as (server, port):
        found = asyncio.run(run(server, port, index, SECONDS, RATE))
    if wrong := faults(found, idle=False):
        pytest.fail("\n".join([*dict.fromkeys(wrong), table(found)]), pytrace=False)


def answer(rows: list[dict[str, dict[str, str]]], columns: tuple[str, ...] = ("n",)) -> bytes:
    """Write an answer in JSON."""
    return json.dumps({"head": {"vars": columns}, "results": {"bindings": rows}}).encode()


def reply(status: str, body: bytes, *headers: str) -> bytes:
    """Write a response with its length."""
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", *headers, "", ""]
    return "\r\n".join(lines).encode() + body


def chunks(*parts: bytes) -> bytes:
    """Write a response in chunks; without an empty one at the end it is cut."""
    head = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
    return head + b"".join(b"%x\r\n%b\r\n" % (len(part), part) for part in parts)


LIMIT = b'{"type": "/problems#query-limit", "status": 503}'
REPLIES = {
    "the-bytes": (reply("200 OK", answer(ROWS)), "right"),
    "the-bytes-in-chunks": (chunks(answer(ROWS)[:9], answer(ROWS)[9:], b""), "right"),
    "the-rows-in-another-order": (reply("200 OK", answer(ROWS[::-1])), "right"),
    "a-row-too-few": (reply("200 OK", answer(ROWS[:2])), "wrong"),
    "a-row-twice": (reply("200 OK", answer([*ROWS, ROWS[0]])), "wrong"),
    "another-column": (reply("200 OK", answer(ROWS, ("n", "m"))), "wrong"),
    "an-error-inside": (reply("200 OK", answer(ROWS)[:-2] + b"time-out"), "wrong"),
    "nothing-inside": (reply("200 OK", b""), "wrong"),
    "too-short-for-its-length": (reply("200 OK", answer(ROWS))[:-1], "cut"),
    "no-last-chunk": (chunks(answer(ROWS)), "cut"),
    "no-length": (b"HTTP/1.1 200 OK\r\n\r\n" + answer(ROWS), "cut"),
    "500": (reply("500 Internal Server Error", b""), "error"),
    "404": (reply("404 Not Found", b"", "Retry-After: 1"), "error"),
    "limit": (reply("503 Service Unavailable", LIMIT), "limit"),
    "503-without-type": (reply("503 Service Unavailable", b"busy"), "error"),
    "503-with-retry-after": (reply("503 Service Unavailable", b"", "Retry-After: 1"), "full"),
    "429-with-retry-after": (reply("429 Too Many Requests", b"", "Retry-After: 1"), "full"),
    "429-without": (reply("429 Too Many Requests", b""), "error"),
    "half-a-head": (b"HTTP/1.1 200", "broken"),
    "silence": (b"", "broken"),
}


def outcome(raw: bytes, kind: str = LOOKUPS) -> Record:
    """Have the driver ask a server that always answers with these bytes."""

    async def once() -> Record:
        async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await reader.readuntil(b"\r\n\r\n")
            writer.write(raw)
            writer.close()

        async with await asyncio.start_server(handle, "127.0.0.1", 0) as listener:
            port = listener.sockets[0].getsockname()[1]
            driver = Driver(port, {(LOOKUPS, "cq00"): answer(ROWS)})
            arrival = Arrival(0.0, kind, "cq00", "127.0.0.9", "/sparql?query=x", JSON)
            (record,) = await driver.phase("quiet", [arrival])
            return record

    return asyncio.run(once())


@pytest.mark.parametrize(("raw", "expected"), REPLIES.values(), ids=REPLIES)
def test_the_driver_sees_what_an_answer_is(raw: bytes, expected: str) -> None:
    """Whatever a server may send has its name, and nothing bad passes for something good."""
    assert outcome(raw).outcome == expected


def test_every_outcome_has_a_server_that_shows_it() -> None:
    """No outcome is named that the driver was never seen to tell."""
    assert {expected for _, expected in REPLIES.values()} == set(OUTCOMES)


def test_a_hostile_query_has_no_right_answer() -> None:
    """An answer to a hostile query that looks whole is a wrong one."""
    assert outcome(reply("200 OK", answer(ROWS)), HOSTILE).outcome == "wrong"


def good() -> Soak:
    """A run in which all went well."""
    ordinary = (LOOKUPS, CHAINS, AGGREGATES, EXPORTS)
    quiet = [Record("quiet", kind, "right", 0.005) for kind in ordinary for _ in range(100)]
    hostile = [replace(record, phase="hostile", seconds=0.02) for record in quiet]
    refused = [Record("hostile", HOSTILE, outcome, 2.0) for outcome in ("limit", "full")]
    return Soak([*quiet, *hostile, *refused], [1.0], 100 * MIB, 500 * MIB, 110 * MIB)


def with_one(
    kind: str, outcome: str, phase: str = "hostile", seconds: float = 0.02, ended: float = 0.0
) -> Soak:
    """A run in which one more request came to this."""
    run = good()
    run.records.append(Record(phase, kind, outcome, seconds, ended=ended))
    return run


def slow() -> Soak:
    """A run in which two of a hundred lookups were slow among hostile queries."""
    run = with_one(LOOKUPS, "right", seconds=0.026)
    run.records.append(run.records[-1])
    return run


def only(phase: str, kind: str) -> Soak:
    """A run without requests of a phase and kind."""
    run = good()
    run.records = [r for r in run.records if (r.phase, r.kind) != (phase, kind)]
    return run


BAD = {
    "a-wrong-lookup": (with_one(LOOKUPS, "wrong"), "another answer"),
    "a-wrong-export": (with_one(EXPORTS, "wrong"), "another answer"),
    "a-500": (with_one(CHAINS, "error"), "another status"),
    "a-500-for-a-hostile-query": (with_one(HOSTILE, "error"), "another status"),
    "a-broken-connection": (with_one(AGGREGATES, "broken"), "no answer"),
    "a-lookup-refused": (with_one(LOOKUPS, "full"), "Retry-After"),
    "a-lookup-over-its-limit": (with_one(LOOKUPS, "limit"), "query-limit"),
    "a-chain-over-its-limit": (with_one(CHAINS, "limit"), "query-limit"),
    "an-aggregate-cut": (with_one(AGGREGATES, "cut"), "ends too soon"),
    "an-export-refused-in-quiet": (with_one(EXPORTS, "full", "quiet"), "Retry-After"),
    "a-hostile-query-answered": (with_one(HOSTILE, "wrong"), "another answer"),
    "a-hostile-query-cut": (with_one(HOSTILE, "cut"), "ends too soon"),
    "no-hostile-query": (only("hostile", HOSTILE), "no hostile query"),
    "no-lookup": (only("quiet", LOOKUPS), "no lookups"),
    "no-kill": (replace(good(), kills=[]), "no worker was killed"),
    "an-export-cut-without-a-kill": (with_one(EXPORTS, "cut", ended=1.2), "ends too soon"),
    "an-export-cut-before-a-kill": (with_one(EXPORTS, "cut", ended=0.99), "ends too soon"),
    "a-lookup-cut-by-a-kill": (with_one(LOOKUPS, "cut", ended=1.05), "ends too soon"),
    "an-export-cut-at-its-limit-in-quiet": (
        with_one(EXPORTS, "cut", "quiet", seconds=TIME),
        "ends too soon",
    ),
    "a-chain-cut-at-its-limit": (with_one(CHAINS, "cut", seconds=TIME), "ends too soon"),
    "no-measure": (replace(good(), before=0, after=0), "not measured"),
    "too-much-memory": (replace(good(), peak=1025 * MIB), "1025 MiB were held"),
    "growing-memory": (replace(good(), after=149 * MIB), "memory grew"),
}


def test_a_good_run_has_no_faults() -> None:
    """Where all went well, the verdict finds nothing."""
    assert faults(good()) == []
    assert faults(with_one(EXPORTS, "cut", ended=1.05)) == []
    assert faults(with_one(EXPORTS, "cut", seconds=TIME)) == []
    behind = with_one(EXPORTS, "cut", ended=1.14)
    assert faults(behind)
    behind.records[0] = replace(behind.records[0], late=0.05)
    assert faults(behind) == []
    behind.records[-1] = replace(behind.records[-1], ended=1.3)
    behind.records[0] = replace(behind.records[0], late=9.0)
    assert faults(behind)
    assert faults(with_one(CHAINS, "full")) == []


@pytest.mark.parametrize(("bad", "words"), BAD.values(), ids=BAD)
def test_the_verdict_finds_each_fault(bad: Soak, words: str) -> None:
    """Each thing that must not be is found by itself, and named."""
    found = faults(bad)
    assert any(words in fault for fault in found), found
    assert table(bad)


def test_a_busy_machine_may_refuse_but_not_be_wrong() -> None:
    """What depends on the machine is let pass in the gate, and what is wrong never is."""
    for kind, outcome, phase in ((LOOKUPS, "full", "quiet"), (CHAINS, "limit", "hostile"),
                                 (EXPORTS, "limit", "quiet")):  # fmt: skip
        assert faults(with_one(kind, outcome, phase))
        assert faults(with_one(kind, outcome, phase), idle=False) == []
    late = with_one(EXPORTS, "cut", "quiet", seconds=TIME)
    assert faults(late)
    assert faults(late, idle=False) == []
    wrong = ((LOOKUPS, "wrong"), (CHAINS, "error"), (LOOKUPS, "cut"), (HOSTILE, "wrong"))
    for kind, outcome in (*wrong, (EXPORTS, "cut"), (AGGREGATES, "broken")):
        assert faults(with_one(kind, outcome, ended=1.5), idle=False)
    none = good()
    none.records = [replace(r, outcome="full") if r.kind == LOOKUPS else r for r in none.records]
    assert faults(none, idle=False) == ["no question of the kind lookups was answered"]


def test_slow_lookups_are_told_apart_from_faults() -> None:
    """Only the long run on a machine of its own looks at seconds."""
    assert faults(slow()) == []
    assert list(slowness(slow())) == [
        "p99 of lookups is 26.0 ms, and 5.0 ms without hostile queries"
    ]
    assert list(slowness(good())) == []


def test_the_same_arrivals_come_each_time() -> None:
    """Times, kinds and sources are the same in each phase; new questions are new in each."""
    first, second = (list(arrivals(5, 100, "/sparql", first=number)) for number in (1, 2))
    assert [(a.due, a.kind, a.source) for a in first] == [(a.due, a.kind, a.source) for a in second]
    assert 400 < len(first) < 600
    assert {a.name for a in first if a.kind == HOSTILE} == set(QUERIES)
    assert sum(a.kind == HOSTILE for a in first) == len(first) // 20
    repeated = {a.target for a in first} & {a.target for a in second}
    assert 0.1 < sum(a.target in repeated for a in second) / len(second) < 0.35


SLEEPER = """
import os, sys, time
for _ in range(3):
    if os.fork():
        break
else:
    held = bytearray(b"x") * (int(sys.argv[1]) << 20)
    print(os.getpid(), flush=True)
time.sleep(60)
"""


@contextmanager
def family(held: int) -> Iterator[tuple[int, int]]:
    """Four generations of processes; yield the ids of the first and the last."""
    command = [sys.executable, "-c", SLEEPER, str(held)]
    first = subprocess.Popen(command, stdout=subprocess.PIPE)
    assert first.stdout
    try:
        yield first.pid, int(first.stdout.readline())
    finally:
        for generation in reversed(processes.generations(first.pid)):
            for process in generation:
                processes.kill(process)
        first.stdout.close()
        first.wait()


def test_workers_are_killed_and_nothing_else() -> None:
    """The fourth generation are workers; those between them and the server are none."""
    with family(1) as (first, last):
        assert [len(generation) for generation in processes.generations(first)] == [1, 1, 1, 1]
        assert processes.workers(first) == [last]
        processes.kill(last)
        assert first not in processes.workers(first)


def test_memory_is_that_of_the_whole_family() -> None:
    """What a worker holds counts, and shared memory counts once."""
    with family(1) as (small, _), family(65) as (large, _):
        grown = processes.memory(large) - processes.memory(small)
        assert 60 * MIB < grown < 70 * MIB
