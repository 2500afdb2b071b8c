"""What workers write to their outputs, as it gets into the log."""

from __future__ import annotations

import json
import logging
import os
from collections.abc import Iterator

import pytest

from samsyn.server.observation import log_writer
from samsyn.server.workers.output import BURST, FAULTS, LINES, LONGEST, Overheard


@pytest.fixture
def pipe() -> Iterator[tuple[Overheard, int]]:
    """Who reads, and where workers write."""
    ours, theirs = os.pipe()
    os.set_blocking(ours, False)
    yield Overheard(ours), theirs
    os.close(ours)
    os.close(theirs)


@pytest.mark.threat("log")
def test_words_of_a_library_are_told_as_those_of_a_worker(
    pipe: tuple[Overheard, int], caplog: pytest.LogCaptureFixture
) -> None:
    """They may come in pieces; a line is reported when it is whole."""
    overheard, theirs = pipe
    for piece in (b"memory allocation of ", b"5120000000", b" bytes failed"):
        os.write(theirs, piece)
        overheard.read()
    assert caplog.records == []
    os.write(theirs, b"\nbegun")
    overheard.read()
    words = "memory allocation of 5120000000 bytes failed"
    assert [record.msg for record in caplog.records] == [{"process": "worker", "output": words}]


def test_a_line_of_the_log_of_a_worker_keeps_its_members(
    pipe: tuple[Overheard, int], caplog: pytest.LogCaptureFixture
) -> None:
    """Those that such a line has, and no others, whatever a worker makes up."""
    overheard, theirs = pipe
    made = {"message": "a job failed", "level": "error", "client": "10.0.0.0/24", "status": 500}
    os.write(theirs, json.dumps(made).encode() + b"\n")
    overheard.read()
    (record,) = caplog.records
    assert record.msg == {"process": "worker", "message": "a job failed", "level": "error"}


@pytest.mark.threat("log")
def test_lines_are_bounded_in_length_and_number(
    pipe: tuple[Overheard, int], caplog: pytest.LogCaptureFixture
) -> None:
    """A worker that writes all the time fills neither the memory nor the log."""
    overheard, theirs = pipe
    looked_at: list[bytes] = []
    overheard._note = looked_at.append  # type: ignore[method-assign]
    for _ in range(20):
        os.write(theirs, b"x" * 60_000)
        overheard.read()
        assert len(overheard._begun) <= LONGEST
    for _ in range(10):
        os.write(theirs, b"\n" + b"y\n" * 20_000)
        overheard.read()
    assert len(looked_at) <= 10 * LINES
    assert len(caplog.records) <= BURST + 60
    for record in caplog.records:
        assert len(log_writer.line(record.msg)) < 1000


def test_nothing_is_told_where_the_log_is_off(
    pipe: tuple[Overheard, int], caplog: pytest.LogCaptureFixture
) -> None:
    """What is written is read all the same, so that no worker has to wait."""
    overheard, theirs = pipe
    logging.disable(logging.CRITICAL)
    try:
        os.write(theirs, b"words\n")
        overheard.read()
    finally:
        logging.disable(logging.NOTSET)
    assert caplog.records == []
    with pytest.raises(BlockingIOError):
        os.read(overheard._file, 1)


def test_a_fault_of_the_engine_is_known_by_its_process(pipe: tuple[Overheard, int]) -> None:
    """Each process is reported once, also where its words have not been read before its end."""
    overheard, theirs = pipe
    for pid in (71, 72):
        os.write(theirs, b"\nthread '<unnamed>' (%d) panicked at sort.rs:854:5:\nand why\n" % pid)
    assert not overheard.panicked(7)
    assert overheard.panicked(72)
    assert not overheard.panicked(72)
    assert overheard.panicked(71)


@pytest.mark.threat("log")
def test_no_more_faults_are_kept_than_processes_may_be(pipe: tuple[Overheard, int]) -> None:
    """A worker that makes up faults of others fills no memory."""
    overheard, theirs = pipe
    for start in range(0, 3 * FAULTS, 100):
        pids = range(start, start + 100)
        os.write(theirs, b"".join(b"thread '' (%d) panicked at x\n" % pid for pid in pids))
        overheard.read()
    assert len(overheard._panicked) <= FAULTS
    assert overheard.panicked(pids[-1])
