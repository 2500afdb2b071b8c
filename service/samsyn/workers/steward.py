"""Talks with the keeper: asks it for forks, hears who died, puts another in its place."""

from __future__ import annotations

import asyncio
import json
import logging
import os
import signal
import socket
from collections.abc import Callable
from contextlib import suppress
from typing import Any, Final, Protocol

from samsyn.errors import SamsynError, ToolError
from samsyn.workers.fork import Fork
from samsyn.workers.keeper import PACKET
from samsyn.workers.lanes import BusyError

LOG = logging.getLogger("samsyn.workers")

Launch = Callable[[], tuple[int, socket.socket]]

_PAUSE: Final = 1.0
"""Seconds between two tries to start a keeper."""


class StartError(SamsynError):
    """The keeper could not load its data.

    Args:
        words: what it said.
        code: the exit code that fits.
    """

    def __init__(self, words: str, code: int) -> None:
        super().__init__(words)
        self.code = code


class House(Protocol):
    """Who is told of births and deaths."""

    def born(self, fork: Fork) -> None:
        """Take in a new worker."""

    def taken(self, fork: Fork, kind: int, payload: bytes) -> None:
        """Take a message from a worker."""

    def ended(self, fork: Fork, status: int | None) -> None:
        """Take note that a worker has ended."""

    def outdated(self, forks: list[Fork]) -> None:
        """Let the workers of an earlier revision go."""


class Line:
    """The line to one keeper, with the forks that it has made.

    Args:
        channel: the socket.
        pid: the keeper's process id.
    """

    def __init__(self, channel: socket.socket, pid: int) -> None:
        channel.settimeout(0)
        self.channel = channel
        self.pid = pid
        self.forks: dict[int, Fork] = {}
        self.ready: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        # Nobody waits for a writer that fails before it is the keeper.
        self.ready.add_done_callback(lambda done: done.cancelled() or done.exception())
        self.writer: asyncio.Future[tuple[Fork, Line]] | None = None
        self.statuses: dict[int, int | None] = {}
        self.closed: set[int] = set()

    def say(self, **message: object) -> bool:
        """Send the keeper a message; return whether it could be sent."""
        try:
            self.channel.send(json.dumps(message).encode())
        except OSError:
            return False
        return True


class Steward:
    """Sees to it that there is a keeper.

    Args:
        launch: forks a keeper that loads the data.
        house: who is told of births and deaths.
    """

    def __init__(self, launch: Launch, house: House) -> None:
        self._launch = launch
        self._house = house
        self._line: Line | None = None
        self._lines: set[Line] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._closing = False
        self.hello: str | None = None

    async def start(self) -> None:
        """Launch a keeper and wait until it has loaded its data.

        Raises:
            StartError: it could not.
        """
        pid, channel = self._launch()
        line = self._listen(channel, pid)
        self.hello = await line.ready
        self._line = line
        self._house.outdated([])

    def fork(self, count: int) -> bool:
        """Ask for workers; return whether there is a keeper to ask."""
        return self._line is not None and self._line.say(fork=count)

    async def writer(self) -> tuple[Fork, Line]:
        """Ask for a fork that writes, with the line to it once it has become the keeper.

        Raises:
            BusyError: there is no keeper now.
        """
        line = self._line
        if line is None or not line.say(write=True):
            raise BusyError(own=False)
        line.writer = asyncio.get_running_loop().create_future()
        return await line.writer

    async def hand_over(self, line: Line) -> None:
        """Make a writer that has done its job the keeper."""
        hello = await line.ready
        former, self._line, self.hello = self._line, line, hello
        if former is not None:
            former.say(retire=True)
            self._house.outdated(list(former.forks.values()))

    async def restart(self) -> None:
        """Load the data anew, in another keeper."""
        line, self._line, self.hello = self._line, None, None
        if line is not None:
            with suppress(ProcessLookupError):
                os.kill(line.pid, signal.SIGKILL)
            self._lose(line)
            self._house.outdated(list(line.forks.values()))
        while not self._closing:
            try:
                await self.start()
            except StartError as error:
                LOG.error("the keeper could not start: %s", error)
                await asyncio.sleep(_PAUSE)
            except (OSError, ToolError) as error:
                # Nothing can be answered any more. Whoever watches the server starts it anew; its
                # other processes end when this one is gone.
                LOG.critical("no keeper can be started, so the server ends: %s", error)
                os._exit(ToolError.exit_code)
            else:
                return

    def close(self) -> None:
        """End all keepers; their workers end with them."""
        self._closing = True
        self._line = None
        for line in list(self._lines):
            self._hang_up(line)

    def _listen(self, channel: socket.socket, pid: int) -> Line:
        line = Line(channel, pid)
        self._lines.add(line)
        asyncio.get_running_loop().add_reader(channel.fileno(), self._hear, line)
        return line

    def _hang_up(self, line: Line) -> None:
        if line in self._lines:
            self._lines.discard(line)
            asyncio.get_running_loop().remove_reader(line.channel.fileno())
            line.channel.close()

    def _hear(self, line: Line) -> None:
        while line in self._lines:
            try:
                data, numbers, _, _ = socket.recv_fds(line.channel, PACKET, 2)
            except BlockingIOError:
                return
            except OSError:
                data, numbers = b"", []
            if not data:
                self._lost(line)
                return
            self._heed(line, json.loads(data), [socket.socket(fileno=n) for n in numbers])

    def _heed(self, line: Line, message: dict[str, Any], channels: list[socket.socket]) -> None:
        match message:
            case {"born": pid}:
                self._do(self._welcome(line, pid, channels[0]))
            case {"writing": pid}:
                self._do(self._welcome_writer(line, pid, *channels))
            case {"gone": pid, "status": status}:
                line.statuses[pid] = status
                self._settle(line, pid)
            case {"ready": hello} if not line.ready.done():
                line.ready.set_result(hello)
            case {"failed": words, "code": code} if not line.ready.done():
                line.ready.set_exception(StartError(words, code))

    async def _welcome(self, line: Line, pid: int, channel: socket.socket) -> None:
        fork = await self._connect(line, pid, channel)
        if line is self._line and fork.pid not in line.statuses:
            self._house.born(fork)
        else:
            fork.kill()

    async def _welcome_writer(
        self, line: Line, pid: int, channel: socket.socket, control: socket.socket
    ) -> None:
        fork = await self._connect(line, pid, channel)
        fork.writes = fork.last = True
        if line.writer is not None and not line.writer.done():
            line.writer.set_result((fork, self._listen(control, pid)))

    async def _connect(self, line: Line, pid: int, channel: socket.socket) -> Fork:
        fork = Fork(pid, self._house.taken, lambda fork: self._closed(line, fork))
        line.forks[pid] = fork
        loop = asyncio.get_running_loop()
        await loop.create_unix_connection(lambda: fork, sock=channel)
        return fork

    def _closed(self, line: Line, fork: Fork) -> None:
        line.closed.add(fork.pid)
        self._settle(line, fork.pid)

    def _settle(self, line: Line, pid: int) -> None:
        # What a worker sent before it died may still be on its way when its death is known.
        fork = line.forks.get(pid)
        if fork is None or pid not in line.statuses:
            return
        if pid in line.closed:
            line.closed.discard(pid)
            del line.forks[pid]
            self._house.ended(fork, line.statuses.pop(pid))

    def _lost(self, line: Line) -> None:
        """The keeper is gone; if it was in office, start another."""
        self._lose(line)
        if line is self._line and not self._closing:
            LOG.error("the keeper was lost; another is started")
            self._line = None
            # They end with it, and are to get no other job until that is known.
            self._house.outdated(list(line.forks.values()))
            self._do(self.restart())

    def _lose(self, line: Line) -> None:
        self._hang_up(line)
        lost = StartError("The process that holds the data was lost.", 3)
        for waited in (line.ready, line.writer):
            if waited is not None and not waited.done():
                waited.set_exception(lost)
        for pid in list(line.forks):
            line.statuses.setdefault(pid, None)
            self._settle(line, pid)

    def _do(self, work: Any) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._done)

    def _done(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and task.exception() is not None:
            LOG.error("the pool has a fault", exc_info=task.exception())
