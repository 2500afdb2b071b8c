"""Talks with the zygote: asks it for forks, hears who died, puts another in its place."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import socket
from collections.abc import Coroutine
from contextlib import suppress
from typing import Any, Final, Protocol

from samsyn.errors import SamsynError, ToolError
from samsyn.server.workers.answer import LostError
from samsyn.server.workers.fork import Fork
from samsyn.server.workers.scheduling.scheduler import BusyError
from samsyn.server.workers.zygote_link import SILENCE, FaultyError, Line, close_all, is_child

LOG = logging.getLogger("samsyn.server.workers")


class Launch(Protocol):
    """What starts zygotes."""

    async def __call__(self) -> tuple[int, socket.socket]:
        """Start a zygote; return its process id and the socket to talk with it.

        Raises:
            OSError: it cannot be started now.
            ToolError: it can never be started again.
        """

    async def tend(self) -> None:
        """Put right what can be put right; to be called often."""


_PAUSE: Final = 1.0
"""Seconds between two tries to start a zygote."""

_LOADING: Final = 600.0
"""Seconds that a zygote may take to load its data."""

_AT_ONCE: Final = 64
"""Messages of one zygote that are heard before others have their turn."""


class StartError(SamsynError):
    """The zygote could not load its data.

    Args:
        words: what it said.
        code: the exit code that fits.
    """

    def __init__(self, words: str, code: int) -> None:
        super().__init__(words)
        self.code = code


class House(Protocol):
    """Who is reported of births and deaths."""

    def born(self, fork: Fork) -> None:
        """Take in a new worker."""

    def taken(self, fork: Fork, kind: int, payload: bytes) -> None:
        """Take a message from a worker."""

    def closed(self, fork: Fork) -> None:
        """Give a worker no other job: it has ended, or is about to."""

    def ended(self, fork: Fork, status: int | None) -> None:
        """Take note that a worker has ended."""

    def outdated(self, forks: list[Fork]) -> None:
        """Let the workers of an earlier revision go."""


class Supervisor:
    """Sees to it that there is a zygote.

    Args:
        launch: forks a zygote that loads the data.
        house: who is told of births and deaths.
    """

    def __init__(self, launch: Launch, house: House) -> None:
        self._launch = launch
        self._house = house
        self._line: Line | None = None
        self._lines: set[Line] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._starting: asyncio.Task[None] | None = None
        self._closing = False
        self.hello: str | None = None

    async def start(self) -> None:
        """Launch a zygote and wait until it has loaded its data.

        Raises:
            StartError: it could not.
        """
        pid, channel = await self._launch()
        line = self._listen(channel, pid)
        try:
            async with asyncio.timeout(_LOADING):
                hello = await line.ready
        except TimeoutError:
            self._end(line)
            raise StartError(f"It did not load its data in {_LOADING:.0f} s.", 3) from None
        if self._line is not None:
            # A writer has become the zygote meanwhile; what it holds is newer.
            self._end(line)
            return
        self.hello, self._line = hello, line
        self._house.outdated([])

    @property
    def expected(self) -> int:
        """How many workers were asked for that are neither born nor known to have failed."""
        return 0 if self._line is None else self._line.asked

    def fork(self, count: int) -> None:
        """Ask for workers, if there is a zygote to ask."""
        if self._line is not None:
            self._line.ask(count)

    def tend(self) -> None:
        """Replace a zygote that hangs, and repeat what could not be said; to be called often."""
        if self._line is not None and self._line.silent:
            LOG.error("the zygote does not answer")
            self._kill(self._line)
        for line in list(self._lines):
            if line.retiring:
                line.retire()
            for pid in line.untold():
                line.statuses.setdefault(pid, None)
                self._settle(line, pid)
        self._do(self._launch.tend())

    async def writer(self) -> tuple[Fork, Line]:
        """Ask for a fork that writes, with the line to it once it has become the zygote.

        Raises:
            BusyError: there is no zygote now, or it could not fork.
        """
        line = self._line
        if line is None or not line.say(write=True):
            raise BusyError(own=False)
        line.writer = asyncio.get_running_loop().create_future()
        try:
            async with asyncio.timeout(SILENCE):
                return await line.writer
        except (TimeoutError, StartError) as error:
            if isinstance(error, TimeoutError):
                LOG.error("the zygote does not answer")
                self._kill(line)
            raise BusyError(own=False) from error

    async def hand_over(self, line: Line) -> None:
        """Make a writer that has done its job the zygote.

        Raises:
            LostError: it does not say that it is the zygote.
        """
        try:
            async with asyncio.timeout(SILENCE):
                hello = await line.ready
        except (TimeoutError, StartError) as error:
            self._kill(line)
            raise LostError from error
        former, self._line, self.hello = self._line, line, hello
        if former is not None:
            former.retire()
            self._house.outdated(list(former.forks.values()))

    async def restart(self) -> None:
        """Load the data again, in another zygote."""
        line, self._line, self.hello = self._line, None, None
        if line is not None:
            self._kill(line)
            self._house.outdated(list(line.forks.values()))
        if self._starting is None or self._starting.done():
            self._starting = self._do(self._start_again())
        await asyncio.shield(self._starting)

    async def _start_again(self) -> None:
        # A writer may have become the zygote meanwhile.
        while self._line is None and not self._closing:
            try:
                await self.start()
            except (StartError, OSError) as error:
                LOG.error("the zygote could not start: %s", error)
                await asyncio.sleep(_PAUSE)
            except ToolError as error:
                # Nothing can be answered any more. What watches the server starts it again; its
                # other processes end when this one is gone.
                LOG.critical("no zygote can be started, so the server ends: %s", error)
                os._exit(ToolError.exit_code)
            else:
                return

    def close(self) -> None:
        """End all zygotes; their workers end with them."""
        self._closing = True
        self._line = None
        for line in list(self._lines):
            self._hang_up(line)
            line.fail(StartError("The server ends.", 3))

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
        # What is left is heard in the next round of the loop, so that no zygote can hold it up.
        for _ in range(_AT_ONCE):
            if line not in self._lines:
                return
            try:
                heard = line.hear()
                if heard is None:
                    self._lost(line)
                    return
                self._heed(line, *heard)
            except BlockingIOError:
                return
            except FaultyError as error:
                LOG.error("%s", error)
                self._kill(line)
                return

    def _heed(self, line: Line, message: dict[str, Any], channels: list[socket.socket]) -> None:
        match message:
            case {"born": int(pid)}:
                self._welcome(line, pid, channels)
            case {"writing": int(pid)}:
                self._welcome_writer(line, pid, channels)
            case {"unborn": int(count), "why": str(why)}:
                self._failed(line, count, why)
            case {"unwritten": str(why)}:
                self._no_writer(line, why)
            case {"gone": int(pid), "status": int(status)}:
                if pid in line.forks:
                    line.statuses[pid] = status
                    self._settle(line, pid)
            case {"ready": str(hello)} if not line.ready.done():
                line.ready.set_result(hello)
            case {"failed": str(words), "code": int(code)} if not line.ready.done():
                line.ready.set_exception(StartError(words, code))
            case _:
                close_all(channels)

    def _welcome(self, line: Line, pid: int, channels: list[socket.socket]) -> None:
        fork = self._fork(line, pid, channels, 1)
        if fork is not None:
            self._do(self._take_in(line, fork, channels[0]))

    async def _take_in(self, line: Line, fork: Fork, channel: socket.socket) -> None:
        try:
            await self._connect(fork, channel)
        except OSError as error:
            self._failed(line, 1, str(error))
            self._closed(line, fork)
            return
        line.born()
        if line is self._line and fork.pid not in line.statuses:
            self._house.born(fork)
        else:
            fork.kill()

    def _welcome_writer(self, line: Line, pid: int, channels: list[socket.socket]) -> None:
        fork = self._fork(line, pid, channels, 2)
        if fork is not None:
            fork.writes = fork.last = True
            self._do(self._take_in_writer(line, fork, *channels))

    async def _take_in_writer(
        self, line: Line, fork: Fork, channel: socket.socket, control: socket.socket
    ) -> None:
        try:
            await self._connect(fork, channel)
        except OSError as error:
            control.close()
            self._no_writer(line, str(error))
            self._closed(line, fork)
            return
        if line.writer is not None and not line.writer.done():
            line.writer.set_result((fork, self._listen(control, fork.pid)))
        else:
            # Anyone who asked for it waits no more.
            control.close()
            fork.kill()

    def _fork(self, line: Line, pid: int, channels: list[socket.socket], count: int) -> Fork | None:
        """Make the near side of a fork; None where it cannot be used, and is ended.

        Raises:
            FaultyError: it is no child of the zygote, and not to be ended by its word.
        """
        why = "no descriptor is left for its socket"
        if len(channels) == count:
            try:
                if is_child(pid, line.pid):
                    line.forks[pid] = Fork(
                        pid, self._house.taken, lambda fork: self._closed(line, fork)
                    )
                    return line.forks[pid]
            except OSError as error:
                why = str(error)
            else:
                close_all(channels)
                raise FaultyError
        # Without a socket it ends by itself.
        close_all(channels)
        if count == 1:
            self._failed(line, 1, why)
        else:
            self._no_writer(line, why)
        return None

    async def _connect(self, fork: Fork, channel: socket.socket) -> None:
        """Let a fork speak through its socket.

        Raises:
            OSError: it cannot, and is ended.
        """
        try:
            await asyncio.get_running_loop().create_unix_connection(lambda: fork, sock=channel)
        except OSError:
            channel.close()
            fork.kill()
            raise

    def _failed(self, line: Line, count: int, why: str) -> None:
        line.unborn(count)
        if line.failures == 1:
            LOG.error("a worker could not be born: %s", why)

    def _no_writer(self, line: Line, why: str) -> None:
        LOG.error("a writer could not be born: %s", why)
        if line.writer is not None and not line.writer.done():
            line.writer.set_exception(BusyError(own=False))

    def _closed(self, line: Line, fork: Fork) -> None:
        line.closed[fork.pid] = asyncio.get_running_loop().time()
        self._house.closed(fork)
        self._settle(line, fork.pid)

    def _settle(self, line: Line, pid: int) -> None:
        # What a worker sent before it died may still be on its way when its death is known.
        fork = line.forks.get(pid)
        if fork is None or pid not in line.statuses:
            return
        if pid in line.closed:
            del line.closed[pid]
            del line.forks[pid]
            if not fork.used:
                # Something is wrong with births as such, so the next one comes after a pause.
                line.unborn(0)
            self._house.ended(fork, line.statuses.pop(pid))

    def _kill(self, line: Line) -> None:
        """End a zygote that cannot be worked with."""
        self._signal(line.pid)
        self._lost(line)

    def _end(self, line: Line) -> None:
        """End a zygote that is not in office."""
        self._signal(line.pid)
        self._lose(line)

    @staticmethod
    def _signal(pid: int) -> None:
        with suppress(OSError):
            os.kill(pid, signal.SIGKILL)

    def _lost(self, line: Line) -> None:
        """The zygote is gone; if it was in office, start another."""
        self._lose(line)
        if line is self._line and not self._closing:
            LOG.error("the zygote was lost; another is started")
            self._line = None
            # They end with it, and are to get no other job until that is known.
            self._house.outdated(list(line.forks.values()))
            self._do(self.restart())

    def _lose(self, line: Line) -> None:
        self._hang_up(line)
        line.fail(StartError("The process that holds the data was lost.", 3))
        for pid in list(line.forks):
            line.statuses.setdefault(pid, None)
            self._settle(line, pid)

    def _do(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._done)
        return task

    def _done(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and task.exception() is not None:
            LOG.error("the pool has a fault", exc_info=task.exception())
