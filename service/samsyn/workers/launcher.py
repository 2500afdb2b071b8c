"""Starts keepers: a process forked before the web process has anything that must not be forked.

An event loop does not survive a fork: the copy closes files that are no longer its own. So the web
process forks once, at its very start, and whenever a keeper is needed, asks that fork for one.
"""

from __future__ import annotations

import os
import signal
import socket
from collections.abc import Callable

from samsyn.errors import ToolError
from samsyn.workers import confinement, keeper
from samsyn.workers.limits import Limits
from samsyn.workers.worker import Service


class Launcher:
    """The line to the process that starts keepers.

    Args:
        start: loads the data, in the keeper.
        bounds: the limits of each job.

    Raises:
        ToolError: this process has more than one thread.
    """

    def __init__(self, start: Callable[[], Service], bounds: Limits) -> None:
        confinement.one_thread()
        self._line, theirs = keeper.pair()
        parent = os.getpid()
        if not os.fork():
            keeper.be(lambda: _launch(theirs, parent, start, bounds))
        theirs.close()

    def __call__(self) -> tuple[int, socket.socket]:
        """Start a keeper; return its process id and the socket to talk with it.

        Raises:
            ToolError: the launcher is gone.
        """
        self._line.send(b"launch")
        data, numbers, _, _ = socket.recv_fds(self._line, keeper.PACKET, 1)
        if not data:
            raise ToolError("The process that starts others is gone.", advice="Start samsyn anew.")
        return int(data), socket.socket(fileno=numbers[0])

    def close(self) -> None:
        """End the launcher; keepers end when their own line is closed."""
        self._line.close()


def _launch(line: socket.socket, parent: int, start: Callable[[], Service], bounds: Limits) -> None:
    keeper.close_all_but(line)
    confinement.die_with(parent)
    # A keeper that has handed over leaves its successor behind, which then is this one's child.
    confinement.adopt()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    while line.recv(keeper.PACKET):
        ours, theirs = keeper.pair()
        pid = os.fork()
        if not pid:
            keeper.begin(theirs, start, bounds)
        theirs.close()
        socket.send_fds(line, [str(pid).encode()], [ours.fileno()])
        ours.close()
