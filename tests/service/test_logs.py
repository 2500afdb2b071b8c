"""Lines of the log: bounded, one object each, and no more of them than a log can bear."""

from __future__ import annotations

import fcntl
import io
import json
import logging
import os
import socket
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from samsyn.server.limits import budgets
from samsyn.server.observation import log_writer
from samsyn.server.observation.log_writer import FRAMES, LONGEST, Formatter, Handler, cut, line

HOSTILE = ["\xff" * 120_000, '"' * 9000, "\\" * 9000, "\n" * 9000, "\x7f\x1b[2J" * 900, "😀" * 9000]
OF_REQUESTS = ["client_id", "path", "query", "method", "client", "id", "retry_after"]
OF_FAULTS = ["message", "error", "traceback", "level"]
NAMES = [*OF_REQUESTS, *OF_FAULTS]


def record(message: object, error: BaseException | None = None) -> logging.LogRecord:
    """Make a record, as a logger would."""
    info = (type(error), error, error.__traceback__) if error else None
    return logging.LogRecord("samsyn.site", logging.ERROR, __file__, 1, message, (), info)


@pytest.mark.threat("log")
@pytest.mark.parametrize("names", [OF_REQUESTS, OF_FAULTS], ids=["request", "fault"])
@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: repr(text[0]))
def test_no_line_is_long(text: str, names: list[str]) -> None:
    """Whatever a client sent in each field, a line is one JSON object of at most 4,000 bytes."""
    written = line(dict.fromkeys(names, text))
    assert len(written.encode()) <= LONGEST
    assert written.isprintable()
    assert {*json.loads(written)} == {"time", *names}


def test_a_line_of_too_many_fields_is_no_longer() -> None:
    """Where all fields together are too long for a line, it says that it was cut."""
    assert json.loads(line(dict.fromkeys(NAMES, "x" * 9000)))["cut"]


@given(some.text(max_size=300), some.integers(10, 60))
def test_a_text_is_cut_by_its_escaped_length(text: str, most: int) -> None:
    """A text that fits stays; of another the longest beginning that fits is kept."""
    kept = cut(text, most)
    assert len(json.dumps(kept)) - 2 <= most
    if len(json.dumps(text)) - 2 <= most:
        assert kept == text
    else:
        assert text.startswith(kept[:-1])
        longer = text[: len(kept)] + "…"
        assert len(json.dumps(longer)) - 2 > most


@pytest.mark.threat("log")
@given(some.dictionaries(some.sampled_from(NAMES), some.text(max_size=3000)))
def test_nothing_that_is_sent_begins_a_line_of_its_own(told: dict[str, str]) -> None:
    """A line has no end of a line and no control character in it, and stays an object."""
    written = Formatter().format(record(told))
    assert written.isascii()
    assert written.isprintable()
    assert len(written) <= LONGEST
    json.loads(written)


def deep(calls: int) -> None:
    """Fail after so many calls."""
    if not calls:
        raise ValueError("x\n" * 9000)
    deep(calls - 1)


@pytest.mark.threat("log")
def test_a_traceback_has_the_innermost_calls() -> None:
    """A fault is reported with its error and at most 20 calls, in one bounded line."""
    try:
        deep(900)
    except ValueError as error:
        written = Formatter().format(record("request failed", error))
    told = json.loads(written)
    assert len(written) <= LONGEST
    assert told["error"].startswith("ValueError: x")
    assert told["traceback"].count(" deep") == FRAMES
    assert told["message"] == "request failed"


def test_what_led_to_a_fault_is_told_too() -> None:
    """A fault that came of another is reported with it; of a long chain the last ones."""
    error: Exception | None = None
    for number in range(9):
        try:
            raise KeyError(number) from error
        except KeyError as raised:
            error = raised
    assert error is not None
    assert log_writer.traced(error).count("Traceback") == 3


class Sink(io.StringIO):
    """Takes lines, or fails."""

    full = False

    def write(self, text: str) -> int:
        """Take a text, unless there is no room."""
        if self.full:
            raise OSError(28, "No space left on device")
        return super().write(text)


@pytest.fixture
def handler(monkeypatch: pytest.MonkeyPatch) -> Handler:
    """A handler of ten lines a second, that writes to a sink, at a time that stands still."""
    now = [1000.0]
    made = Handler(10, clock=lambda: now[0])
    made.now = now  # type: ignore[attr-defined]
    monkeypatch.setattr(made, "stream", Sink())
    return made


def lines(handler: Any) -> list[dict[str, Any]]:
    """Read what a handler has written."""
    return [json.loads(row) for row in handler.stream.getvalue().splitlines()]


@pytest.mark.threat("log")
def test_the_log_takes_so_many_lines_a_second(handler: Any) -> None:
    """A flood leaves a bounded number of lines, and one that says how many were left out."""
    for _ in range(500):
        handler.emit(record("a fault"))
    assert len(lines(handler)) == 20
    handler.now[0] += 1
    for _ in range(500):
        handler.emit(record("a fault"))
    written = lines(handler)
    assert len(written) == 20 + 1 + 10
    assert written[20]["left_out"] == 480
    assert handler.left_out == 480 + 490


@pytest.mark.threat("log")
def test_one_network_cannot_use_up_the_log(handler: Any) -> None:
    """Lines about one client are at most half of all, so that others are still seen."""
    for _ in range(500):
        handler.emit(record({"client": "192.0.2.0/24"}))
    for _ in range(3):
        handler.emit(record({"client": "198.51.100.0/24"}))
    clients = [told["client"] for told in lines(handler) if "client" in told]
    assert clients.count("192.0.2.0/24") == 10
    assert clients.count("198.51.100.0/24") == 3


@pytest.mark.threat("log")
def test_tracebacks_are_rarer_than_lines(handler: Any) -> None:
    """Faults in a row are reported with their error each, and the first few with their calls."""
    for _ in range(15):
        handler.emit(record("a fault", ValueError("x")))
    written = lines(handler)
    assert [told["error"] for told in written] == ["ValueError: x"] * 15
    assert sum("traceback" in told for told in written) == 10


@pytest.mark.threat("log")
def test_a_log_that_cannot_be_written_harms_nothing(handler: Any) -> None:
    """On a full disk lines are counted as left out, and told when there is room again."""
    handler.stream.full = True
    handler.emit(record("lost"))
    handler.stream.full = False
    handler.emit(record("there"))
    assert [told["message"] for told in lines(handler)] == ["1 lines were left out", "there"]


@pytest.mark.threat("log")
def test_a_reader_that_reads_no_more_holds_nothing_up() -> None:
    """A pipe that is full loses lines, which are counted; with room again it takes the next."""
    ours, theirs = os.pipe()
    fcntl.fcntl(theirs, fcntl.F_SETPIPE_SZ, 2 * 4096)
    made = Handler(1000)
    with os.fdopen(ours, "rb") as reader, os.fdopen(theirs, "w", encoding="ascii") as writer:
        made.stream = writer
        for number in range(100):
            made.emit(record(f"{number}" * 300))
        assert made.left_out > 0
        os.set_blocking(ours, False)
        reader.read()
        made.emit(record("there"))
        told = [json.loads(text) for text in reader.read().splitlines()]
    assert told[0]["left_out"] == made.left_out
    assert told[1]["message"] == "there"


@pytest.mark.parametrize("closed", [(0,), (2,), (1, 2), (0, 1, 2)])
def test_no_socket_takes_the_place_of_the_output(closed: tuple[int, ...]) -> None:
    """What was closed by who started the process is open to nowhere; what was not, stays."""
    pid = os.fork()
    if not pid:
        for number in closed:
            os.close(number)
        budgets.open_standard()
        with socket.socket() as first:
            null = Path(os.devnull).stat()
            same = all(os.path.samestat(os.fstat(number), null) for number in closed)
            os._exit(0 if same and first.fileno() > 2 else 1)
    assert os.waitpid(pid, 0)[1] == 0
