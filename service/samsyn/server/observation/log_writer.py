"""Lines of the log: one JSON object each, bounded in length and in number.

Whatever a client sends may get into a line. So every text in it is cut, by the length that it has
when it is escaped, and JSON leaves no control character and no end of a line as it was.
"""

from __future__ import annotations

import json
import logging
import select
from bisect import bisect_right
from collections import deque
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from io import UnsupportedOperation
from json.encoder import encode_basestring_ascii as escaped
from pathlib import PurePath
from time import monotonic
from traceback import format_exception_only, walk_tb
from typing import IO, Any, Final

from samsyn.server.limits.rates import Rates

LONGEST: Final = 4000
"""Bytes of a line; a pipe takes as many at once, so lines of several processes stay whole."""
FRAMES: Final = 20
"""Calls of a traceback that are reported: the innermost."""

_TEXT: Final = 100
"""Bytes of a text that has no bound of its own."""
_BOUNDS: Final = {
    "client_id": 100,
    "error": 500,
    "method": 20,
    "message": 800,
    "output": 800,
    "path": 500,
    "query": 1600,
    "traceback": 2400,
}
_CUT: Final = "…"
_CHAIN: Final = 3
"""Exceptions of one that was raised because of another."""
_BURST: Final = 2
"""Seconds in which a quiet log may take all lines of a longer time."""
_SHARE: Final = 0.5
"""The part of all lines that one client may cause."""
_TRACES: Final = 1.0
"""Tracebacks a second, in the long run."""
_TRACE_BURST: Final = 10


def configure(rate: int, *, off: bool = False) -> None:
    """Have this process, and all that it forks, write its log to standard error.

    Args:
        rate: lines a second, in the long run.
        off: whether nothing is to be written.
    """
    handler = Handler(rate)
    logging.basicConfig(handlers=[handler], level=logging.WARNING)
    if off:
        logging.disable(logging.CRITICAL)


def line(told: Mapping[str, Any]) -> str:
    """Write one line, with the time before what is reported.

    Args:
        told: what to write; None is left out, and each text is cut.
    """
    time = datetime.now(UTC).isoformat(timespec="milliseconds")
    bounded = {
        name: cut(value, _BOUNDS.get(name, _TEXT)) if isinstance(value, str) else value
        for name, value in told.items()
        if value is not None
    }
    written = json.dumps({"time": time, **bounded})
    return written if len(written) <= LONGEST else json.dumps({"time": time, "cut": True})


def cut(text: str, most: int) -> str:
    """Return a text, or its beginning and an ellipsis, so that it is short when it is escaped.

    Args:
        text: the text.
        most: bytes that it may have when it is escaped.
    """
    if len(text) <= most and len(escaped(text)) - 2 <= most:
        return text
    room = most - len(escaped(_CUT)) + 2
    fits = bisect_right(range(min(len(text), room)), room, key=lambda n: len(escaped(text[:n])) - 2)
    return text[: max(0, fits - 1)] + _CUT


class Formatter(logging.Formatter):
    """Writes a record as one line; a message that is a mapping becomes the members of the line.

    Args:
        clock: gives the time, in seconds.
    """

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        super().__init__()
        self._traces = Rates(_TRACES, _TRACE_BURST, most=1, clock=clock)

    def format(self, record: logging.LogRecord) -> str:
        """Write a record."""
        if isinstance(record.msg, Mapping):
            return line(record.msg)
        told = {"level": record.levelname.lower(), "message": _message(record)}
        error = record.exc_info[1] if record.exc_info else None
        if error is not None:
            told["error"] = _last(error)
            if self._traces.take():
                told["traceback"] = traced(error)
        return line(told)


def _message(record: logging.LogRecord) -> str:
    try:
        return record.getMessage()
    except (TypeError, ValueError):
        return str(record.msg)


def traced(error: BaseException) -> str:
    """Return where an exception was raised: the innermost calls, and those of what led to it."""
    parts = []
    found: BaseException | None = error
    for _ in range(_CHAIN):
        if found is None:
            break
        parts.append(_calls(found))
        found = found.__cause__ or (None if found.__suppress_context__ else found.__context__)
    return "\n".join(parts)


def _calls(error: BaseException) -> str:
    frames = deque(walk_tb(error.__traceback__), maxlen=FRAMES)
    places = (
        f"{_place(frame.f_code.co_filename)}:{number} {frame.f_code.co_name}"
        for frame, number in frames
    )
    return "\n".join(["Traceback, innermost call last:", *places, cut(_last(error), 300)])


def _place(path: str) -> str:
    return "/".join(PurePath(path).parts[-3:])


def _last(error: BaseException) -> str:
    return "".join(format_exception_only(error)).strip()


class Handler(logging.StreamHandler[Any]):
    """Writes lines to standard error, and no more of them than a log can bear.

    Lines that name a client count for it too, so that one cannot use up what there is for all.
    What is left out is counted, and told in the next line that is written.

    Args:
        rate: lines a second, in the long run.
        clock: gives the time, in seconds.
    """

    def __init__(self, rate: int, clock: Callable[[], float] = monotonic) -> None:
        super().__init__()
        self.setFormatter(Formatter(clock))
        self._all = Rates(rate, _BURST * rate, most=1, clock=clock)
        self._own = Rates(rate * _SHARE, rate * _BURST * _SHARE, clock=clock)
        self.left_out = 0
        """Lines that were not written, since the start."""
        self._told = 0

    def emit(self, record: logging.LogRecord) -> None:
        """Write a line, or count it."""
        client = record.msg.get("client") if isinstance(record.msg, Mapping) else None
        if (client is not None and not self._own.take(client)) or not self._all.take():
            self.left_out += 1
            return
        missing, before = self.left_out - self._told, self._told
        if missing:
            self._told = self.left_out
            told = line({"message": f"{missing} lines were left out", "left_out": missing})
            if not self._write(told):
                self._told = before
        if not self._write(self.format(record)):
            self.left_out += 1

    def _write(self, text: str) -> bool:
        # A log that cannot be written is no reason to fail, nor to complain where nobody reads, and
        # a reader that reads no more is none to wait: all clients would wait too.
        try:
            if not has_room(self.stream):
                return False
            self.stream.write(text + "\n")
            self.flush()
        except (AttributeError, OSError, ValueError):
            return False
        return True


def has_room(stream: IO[str]) -> bool:
    """Return whether a line can be written to a stream at once.

    A pipe that has room takes 4,096 bytes (``man 7 pipe``), so a line fits.

    Args:
        stream: where lines go; one that is no file of the system always has room.
    """
    try:
        number = stream.fileno()
    except UnsupportedOperation:
        return True
    watched = select.poll()
    watched.register(number, select.POLLOUT)
    try:
        return bool(watched.poll(0))
    except OSError:
        # A worker may not ask; what it writes to is read by the web process all the time.
        return True


def left_out() -> int:
    """Return how many lines this process has not written, since the start."""
    handlers = logging.getLogger().handlers
    return sum(handler.left_out for handler in handlers if isinstance(handler, Handler))
