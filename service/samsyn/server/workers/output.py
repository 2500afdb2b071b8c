"""What workers write to their outputs, put into the log line by line.

It may be a line of their own log, or words of a library that ends the process. A worker that
obeys somebody else may write whatever it wants. So each line is logged as that of a worker, is cut,
and there are only so many of them.
"""

from __future__ import annotations

import asyncio
import json
import logging
import os
import re
from collections.abc import Iterator
from contextlib import suppress
from typing import Final

from samsyn.server.limits.rates import Rates

LOG = logging.getLogger("samsyn.server.workers")

LONGEST: Final = 4096
"""Bytes of a line that are looked at; of a longer one the rest is left out."""
RATE: Final = 5.0
"""Lines a second, in the long run."""
BURST: Final = 50

_PANIC: Final = re.compile(rb"thread '[^']*' \((\d+)\) panicked at ")
"""How a library in Rust says that it ends the process by a fault of its own."""
FAULTS: Final = 1024
"""Processes that are remembered for it; each is asked about when its end is known."""

_PART: Final = 64 * 1024
_REST: Final = 0.05
"""Seconds after a full part until the next is read."""
LINES: Final = 256
"""Lines of a part that are looked at: anyone who writes more writes short ones to keep us busy."""
_OWN: Final = frozenset({"level", "message", "error", "traceback"})
"""What a line of the log of a worker has, beside its time."""


class Overheard:
    """Reads what workers write.

    Args:
        file: the pipe to read from, which does not block; it is closed by who opened it.
    """

    def __init__(self, file: int) -> None:
        self._file = file
        self._begun = bytearray()
        self._rates = Rates(RATE, BURST, most=1)
        self._left_out = 0
        self._panicked: set[int] = set()

    def panicked(self, pid: int) -> bool:
        """Return whether a process that has ended said that a library in it has a fault."""
        # What it wrote before its end may not have been read yet.
        self.read()
        said = pid in self._panicked
        self._panicked.discard(pid)
        return said

    def listen(self) -> None:
        """Read from now on, in the event loop that runs."""
        asyncio.get_running_loop().add_reader(self._file, self.read)

    def read(self) -> None:
        """Put into the log what has been written; nothing if nothing has."""
        try:
            data = os.read(self._file, _PART)
        except BlockingIOError:
            return
        if not data:
            # Nobody is left who could write.
            with suppress(RuntimeError):
                asyncio.get_running_loop().remove_reader(self._file)
        for line in self._lines(data):
            self._note(line)
            self._tell(line)
        if len(data) == _PART:
            self._pause()

    def _pause(self) -> None:
        """Let a worker wait that writes without end, since to read on takes time from others."""
        with suppress(RuntimeError):
            loop = asyncio.get_running_loop()
            loop.remove_reader(self._file)
            loop.call_later(_REST, self.listen)

    def _lines(self, data: bytes) -> Iterator[bytes]:
        *whole, rest = data.split(b"\n")
        self._left_out += len(whole[LINES:])
        for part in whole[:LINES]:
            self._add(part)
            yield bytes(self._begun)
            self._begun.clear()
        self._add(rest)

    def _add(self, part: bytes) -> None:
        self._begun += part[: LONGEST - len(self._begun)]

    def _note(self, line: bytes) -> None:
        found = _PANIC.match(line)
        if found:
            if len(self._panicked) >= FAULTS:
                self._panicked.clear()
            self._panicked.add(int(found[1]))

    def _tell(self, line: bytes) -> None:
        if not line.strip():
            return
        if not self._rates.take():
            self._left_out += 1
            return
        told = {"process": "worker", **_members(line.decode("utf-8", "replace"))}
        if self._left_out:
            told["lines_left_out"] = str(self._left_out)
            self._left_out = 0
        LOG.error(told)


def _members(text: str) -> dict[str, str]:
    """Return the members of a line of a log, or the line as it is if it is none."""
    with suppress(ValueError, RecursionError):
        told = json.loads(text)
        if isinstance(told, dict) and "message" in told:
            return {name: str(told[name]) for name in told.keys() & _OWN}
    return {"output": text}
