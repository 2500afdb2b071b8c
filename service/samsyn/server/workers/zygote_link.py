"""The line to one zygote: what is asked of it, what it says, the forks that it has made."""

from __future__ import annotations

import asyncio
import json
import socket
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from samsyn.errors import SamsynError
from samsyn.server.workers.zygote import PACKET

if TYPE_CHECKING:
    from samsyn.server.workers.fork import Fork

SILENCE: Final = 10.0
"""Seconds without a birth after which a zygote that was asked for one is taken to hang."""

PAUSES: Final = (0.02, 1.0)
"""Seconds after a birth that failed until the next is asked for: at first, and at most."""

UNTOLD: Final = 2.0
"""Seconds after which a fork whose socket is closed is taken to have ended, told or not."""

_MOST_CHANNELS: Final = 2
"""Descriptors that one packet brings at most."""


class FaultyError(SamsynError):
    """A zygote sent what is no message."""

    exit_code = 3

    def __init__(self) -> None:
        super().__init__("The process that holds the data sent what is no message.")


class Line:
    """The line to one zygote, with the forks that it has made.

    Args:
        channel: the socket.
        pid: the zygote's process id.
    """

    def __init__(self, channel: socket.socket, pid: int) -> None:
        channel.settimeout(0)
        self.channel = channel
        self.pid = pid
        self.forks: dict[int, Fork] = {}
        self._loop = asyncio.get_running_loop()
        self.ready: asyncio.Future[str] = self._loop.create_future()
        # Nobody waits for a writer that fails before it is the zygote.
        self.ready.add_done_callback(lambda done: done.cancelled() or done.exception())
        self.writer: asyncio.Future[tuple[Fork, Line]] | None = None
        self.statuses: dict[int, int | None] = {}
        self.closed: dict[int, float] = {}
        """When the socket of each fork was closed whose end the zygote has not told."""
        self.asked = 0
        """Workers that were asked for and are neither born nor known to have failed."""
        self.failures = 0
        """Births that failed one after the other."""
        self.retiring = False
        """Whether the zygote has still to be told to end with its last worker."""
        self._since = 0.0
        self._not_before = 0.0

    def ask(self, count: int) -> bool:
        """Ask for workers; return whether it was done."""
        now = self._loop.time()
        if now < self._not_before or not self.say(fork=count):
            return False
        if not self.asked:
            self._since = now
        self.asked += count
        return True

    def born(self) -> None:
        """Count a birth."""
        self._count(1)

    def unborn(self, count: int = 1) -> None:
        """Count births that failed; the next is asked for after a pause, longer each time."""
        now = self._loop.time()
        first, longest = PAUSES
        if now > self._not_before + longest:
            self.failures = 0
        self._count(count)
        self._not_before = now + min(longest, first * 2**self.failures)
        self.failures += 1

    def _count(self, count: int) -> None:
        self.asked = max(0, self.asked - count)
        self._since = self._loop.time()

    @property
    def silent(self) -> bool:
        """Whether births are due for so long that the zygote must hang."""
        return self.asked > 0 and self._loop.time() - self._since > SILENCE

    def untold(self) -> list[int]:
        """List the forks whose end should have been told by now."""
        before = self._loop.time() - UNTOLD
        return [pid for pid, closed in self.closed.items() if closed < before]

    def fail(self, error: SamsynError) -> None:
        """Tell those who wait for the zygote that it never answers."""
        for waited in (self.ready, self.writer):
            if waited is not None and not waited.done():
                waited.set_exception(error)

    def retire(self) -> None:
        """Tell the zygote to end with its last worker; to be tried again as long as it is due."""
        self.retiring = not self.say(retire=True)

    def say(self, **message: object) -> bool:
        """Send the zygote a message; return whether it could be sent."""
        try:
            self.channel.send(json.dumps(message).encode())
        except OSError:
            return False
        return True

    def hear(self) -> tuple[dict[str, Any], list[socket.socket]] | None:
        """Take the next message with the sockets that came with it; None if the line is dead.

        Where this process has no descriptors left, the message comes without its sockets or with
        some of them.

        Raises:
            BlockingIOError: there is none now.
            FaultyError: what came is no message.
        """
        try:
            data, numbers, _, _ = socket.recv_fds(self.channel, PACKET, _MOST_CHANNELS)
        except BlockingIOError:
            raise
        except OSError:
            return None
        if not data:
            return None
        channels = [socket.socket(fileno=number) for number in numbers]
        try:
            message = json.loads(data)
        except (ValueError, RecursionError):
            message = None
        if not isinstance(message, dict):
            close_all(channels)
            raise FaultyError
        return message, channels


def is_child(pid: int, parent: int) -> bool:
    """Return whether a process was started by another (``man 5 proc_pid_stat``).

    Args:
        pid: the process.
        parent: the other.

    Raises:
        OSError: it cannot be reported now.
    """
    try:
        stat = Path(f"/proc/{pid}/stat").read_bytes()
    except (FileNotFoundError, ProcessLookupError):
        return False
    return int(stat.rpartition(b")")[2].split()[1]) == parent


def close_all(channels: list[socket.socket]) -> None:
    """Close sockets that nobody uses."""
    for channel in channels:
        channel.close()
