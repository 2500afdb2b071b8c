"""Starts keepers: a process forked before the web process has anything that must not be forked.

An event loop does not survive a fork: the copy closes files that are no longer its own. So the web
process forks once, at its very start, and whenever a keeper is needed, asks that fork for one.
"""

from __future__ import annotations

import os
import signal
import socket
from dataclasses import replace
from typing import Final
from samsyn.errors import ToolError
from samsyn.workers import confinement, keeper
from samsyn.workers.keeper import Plan


_ENVIRONMENT: Final = frozenset({"LANG", "LC_ALL", "LC_CTYPE", "OPENBLAS_NUM_THREADS", "TZ"})
"""The variables that the launcher keeps, and all that it forks: no secret that the operator handed
over so, and nothing by which libraries say more of themselves (``RUST_BACKTRACE``)."""


class Launcher:
    """The line to the process that starts keepers.

    Args:
        plan: what each keeper is to be; the launcher puts in where workers write their errors.

    Raises:
        ToolError: this process has more than one thread.
    """

    errors: int
    """Where what workers say of themselves can be read."""

    def __init__(self, plan: Plan) -> None:
        confinement.one_thread()
        self._line, theirs = keeper.pair()
        self.errors, told = os.pipe()
        os.set_blocking(self.errors, False)
        parent = os.getpid()
        if not os.fork():
            keeper.be(lambda: _launch(theirs, parent, replace(plan, errors=told)))
        theirs.close()
        os.close(told)

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
        os.close(self.errors)


def _launch(line: socket.socket, parent: int, plan: Plan) -> None:
    kept = [line.fileno()] if plan.errors is None else [line.fileno(), plan.errors]
    confinement.close_all_but(*kept)
    confinement.die_with(parent)
    confinement.forget_environment(_ENVIRONMENT)
    # A keeper that has handed over leaves its successor behind, which then is this one's child.
    confinement.adopt()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    launcher = os.getpid()
    while line.recv(keeper.PACKET):
        ours, theirs = keeper.pair()
        pid = os.fork()
        if not pid:
            keeper.begin(theirs, plan, launcher)
        theirs.close()
        socket.send_fds(line, [str(pid).encode()], [ours.fileno()])
        ours.close()
