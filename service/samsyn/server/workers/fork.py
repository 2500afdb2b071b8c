"""The web process's side of one forked process: its socket, its life and death."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Final, cast

from samsyn.server.workers import framing
from samsyn.server.workers.limits import Limits
from samsyn.server.workers.worker import JOB

LOG = logging.getLogger("samsyn.server.workers")

_PAGE: Final = os.sysconf("SC_PAGE_SIZE")
_COPIED: Final = 6
"""Which part of what it was born with a slow job has copied, as it counts locks in it: of 106 MiB,
15 were measured, whatever the query."""
_STATM: Final = 128
"""Bytes that are enough for the seven numbers of ``/proc/PID/statm``."""


class Fork(asyncio.Protocol):
    """One worker or writer.

    Args:
        pid: its process id.
        take: called with each message that comes from it.
        closed: called once when its socket is closed.
    """

    def __init__(
        self,
        pid: int,
        take: Callable[[Fork, int, bytes], None],
        closed: Callable[[Fork], None],
    ) -> None:
        self.pid = pid
        self._take = take
        self._closed = closed
        self._parser = framing.Parser()
        self._transport: asyncio.Transport | None = None
        self._cpu_before = 0.0
        # A process id may be given to another process; what these name is always the same. Both
        # are opened once, so that they go on working where no descriptor is left.
        self._handle = os.pidfd_open(pid)
        try:
            self._statm = os.open(f"/proc/{pid}/statm", os.O_RDONLY | os.O_CLOEXEC)
        except OSError:
            os.close(self._handle)
            raise
        self._born_with = self._resident()
        self.gone = False
        self.forgotten = False
        self.used = False
        """Whether it was given a job."""
        self.writes = False
        self.last = False
        """Whether it is not to be given another job."""
        self.slow = False
        """Whether it yields to all others."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the socket."""
        self._transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        """Pass on each message, and end what sends anything else."""
        try:
            for kind, payload in self._parser.feed(data):
                if self.gone:
                    return
                self._take(self, kind, payload)
        except framing.FrameError as error:
            LOG.error("%s", error)
            self.kill()

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002  the protocol's
        """Say that no more will come."""
        self._closed(self)

    def send(self, job: bytes, bounds: Limits) -> None:
        """Hand a job over."""
        self.used = True
        self._cpu_before = self._cpu()
        if self._transport is None or self._transport.is_closing():
            # It has just died, and the news of it is on the way.
            self.gone = True
        else:
            self._transport.write(framing.frame(framing.JOB, JOB.pack(bounds.cpu) + job))

    def pace(self, *, wait: bool) -> None:
        """Stop or go on reading what it sends, so that it has to wait or may go on."""
        if self._transport is not None and not self._transport.is_closing():
            if wait:
                self._transport.pause_reading()
            else:
                self._transport.resume_reading()

    def spent(self) -> float:
        """Return the seconds of processor time that it has used for its job."""
        return self._cpu() - self._cpu_before

    def _cpu(self) -> float:
        # The processor clock of another process (``man 3 clock_getcpuclockid``), which has
        # nanoseconds where /proc has hundredths of a second.
        try:
            return time.clock_gettime((~self.pid << 3) | 2)
        except OSError:
            return self._cpu_before

    def held(self) -> int:
        """Return the bytes of memory that it holds beyond what all share."""
        resident = self._resident()
        if not resident:
            return 0
        # To count what it has copied takes the kernel a millisecond, for which all would wait.
        copied = self._born_with // _COPIED if self.slow else 0
        return copied + max(0, resident - self._born_with)

    def _resident(self) -> int:
        try:
            pages = os.pread(self._statm, _STATM, 0).split(maxsplit=2)[1]
        except (OSError, IndexError):
            # It has ended.
            return 0
        return int(pages) * _PAGE

    def yield_to_all(self) -> None:
        """Let it run only when nothing else wants to, from now on."""
        self.last = self.slow = True
        # What is only nice keeps its turn of some milliseconds when a quick worker wakes up; what
        # is idle gives way at once (``man 7 sched``).
        with suppress(OSError):
            os.sched_setscheduler(self.pid, os.SCHED_IDLE, os.sched_param(0))

    def signal(self, number: signal.Signals) -> None:
        """Send it a signal, if it is still there."""
        with suppress(ProcessLookupError, OSError):
            signal.pidfd_send_signal(self._handle, number)

    def kill(self) -> None:
        """End it at once, and hear no more of it."""
        self.gone = True
        self.signal(signal.SIGKILL)
        if self._transport is not None:
            self._transport.abort()

    def forget(self) -> None:
        """Give back what the system keeps for it; it has ended."""
        if not self.forgotten:
            self.gone = self.forgotten = True
            os.close(self._handle)
            os.close(self._statm)
