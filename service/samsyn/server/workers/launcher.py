"""Starts zygotes: a process forked before the web process has anything that must not be forked.

An event loop does not survive a fork: the copy closes files that are no longer its own. So the web
process forks once, at its very start, and whenever a zygote is needed, asks that fork for one.
"""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import socket
from contextlib import suppress
from dataclasses import replace
from typing import Final

from samsyn.errors import SamsynError, ToolError
from samsyn.server.workers import zygote
from samsyn.server.workers.confinement import sandbox
from samsyn.server.workers.zygote import Plan

LOG = logging.getLogger("samsyn.server.workers")

PATIENCE: Final = 10.0
"""Seconds after which a launcher that does not answer is taken to hang."""

_LAUNCH: Final = b"launch"
_SPARE: Final = b"spare"
_FAILED: Final = b"failed "

_ENVIRONMENT: Final = frozenset({"LANG", "LC_ALL", "LC_CTYPE", "OPENBLAS_NUM_THREADS", "TZ"})
"""The variables that launchers keep, and all that they fork: no secret that the operator handed
over so, and nothing by which libraries say more of themselves (``RUST_BACKTRACE``)."""


class _SilentError(SamsynError):
    """A launcher does not answer."""

    exit_code = 3


class Launcher:
    """The line to the process that starts zygotes, and to a spare one that stands in for it.

    The web process has no fork that could start another by then; so the launcher forks its spare,
    and the spare that takes its place the next.

    Args:
        plan: what a zygote is to be; here it learns where its workers write their errors.

    Raises:
        ToolError: this process has more than one thread.
    """

    errors: int = -1
    """Where what workers write to their outputs can be read; -1: nowhere."""

    def __init__(self, plan: Plan) -> None:
        sandbox.one_thread()
        self.errors, told = os.pipe()
        os.set_blocking(self.errors, False)
        line, theirs = zygote.pair()
        parent = os.getpid()
        if not os.fork():
            zygote.be(lambda: _begin(theirs, parent, replace(plan, errors=told)))
        theirs.close()
        os.close(told)
        # Zygotes outlive a launcher that is lost, and are this process's children from then on.
        sandbox.adopt()
        signal.signal(signal.SIGCHLD, signal.SIG_IGN)
        self._connect(line)

    def _connect(self, line: socket.socket) -> None:
        line.settimeout(0)
        self._lines = [line]
        self._busy = asyncio.Lock()

    async def __call__(self) -> tuple[int, socket.socket]:
        """Start a zygote; return its process id and the socket to talk with it.

        Raises:
            OSError: it cannot be forked now.
            ToolError: neither the launcher nor its spare is there.
        """
        async with self._busy:
            while self._lines:
                try:
                    return await _ask(self._lines[0], _LAUNCH)
                except _SilentError:
                    self._lines.pop(0).close()
        raise ToolError("The process that starts others is gone.", advice="Start samsyn again.")

    async def tend(self) -> None:
        """See to it that there is a launcher and a spare one; to be called often."""
        if self._busy.locked():
            return
        async with self._busy:
            for line in [line for line in self._lines if _closed(line)]:
                LOG.error("a process that starts others was lost")
                self._lines.remove(line)
                line.close()
            if len(self._lines) == 1:
                # A fork that fails now is tried again the next time.
                with suppress(_SilentError, OSError):
                    _, spare = await _ask(self._lines[0], _SPARE)
                    spare.settimeout(0)
                    self._lines.append(spare)

    def close(self) -> None:
        """End the launchers; zygotes end when their own line is closed."""
        for line in self._lines:
            line.close()
        if self.errors >= 0:
            os.close(self.errors)


def _closed(line: socket.socket) -> bool:
    try:
        return not line.recv(1, socket.MSG_PEEK)
    except BlockingIOError:
        return False
    except OSError:
        return True


def _set(future: asyncio.Future[None]) -> None:
    if not future.done():
        future.set_result(None)


async def _ask(line: socket.socket, what: bytes) -> tuple[int, socket.socket]:
    loop = asyncio.get_running_loop()
    readable: asyncio.Future[None] = loop.create_future()
    try:
        line.send(what)
        loop.add_reader(line.fileno(), _set, readable)
        try:
            async with asyncio.timeout(PATIENCE):
                await readable
        finally:
            loop.remove_reader(line.fileno())
        data, numbers, _, _ = socket.recv_fds(line, zygote.PACKET, 1)
    except (OSError, TimeoutError):
        raise _SilentError("A process that starts others does not answer.") from None
    if not data:
        raise _SilentError("A process that starts others is gone.")
    if data.startswith(_FAILED):
        raise OSError(data.removeprefix(_FAILED).decode())
    if not numbers:
        raise OSError("no descriptor is left for the line to a process that was started")
    return int(data), socket.socket(fileno=numbers[0])


def _begin(line: socket.socket, parent: int, plan: Plan) -> None:
    _keep_open(line, plan)
    sandbox.die_with(parent)
    sandbox.forget_environment(_ENVIRONMENT)
    # None of these processes reads what the operator types, nor opens a file in its place.
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    serve(line, plan)


def _keep_open(line: socket.socket, plan: Plan) -> None:
    sandbox.close_all_but(line.fileno(), *plan.descriptors)


def serve(line: socket.socket, plan: Plan) -> None:
    """Be a launcher until the web process is gone.

    Args:
        line: the line to it.
        plan: what a zygote is to be.
    """
    # A zygote that has handed over leaves its successor behind, which then is this one's child.
    sandbox.adopt()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    while order := line.recv(zygote.PACKET):
        try:
            pid, ours = _fork(order, plan)
        except OSError as error:
            line.send(_FAILED + str(error).encode())
            continue
        with ours:
            socket.send_fds(line, [str(pid).encode()], [ours.fileno()])


def _fork(order: bytes, plan: Plan) -> tuple[int, socket.socket]:
    ours, theirs = zygote.pair()
    launcher = os.getpid()
    try:
        pid = os.fork()
    except OSError:
        ours.close()
        theirs.close()
        raise
    if not pid:
        if order == _LAUNCH:
            zygote.begin(theirs, plan, launcher)
        # It does not end with this one, whose place it is to take, but with the web process.
        zygote.be(lambda: _stand_by(theirs, plan))
    theirs.close()
    return pid, ours


def _stand_by(line: socket.socket, plan: Plan) -> None:
    _keep_open(line, plan)
    serve(line, plan)
