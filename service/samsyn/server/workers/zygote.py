"""The zygote: the one process that holds the data. It forks, says who died, and hands over.

It talks with the web process over a socket of packets, each a small JSON object:

- ``{"fork": n}`` asks for workers; each is answered by ``{"born": pid}`` with its socket, and those
  that could not be forked by ``{"unborn": n, "why": words}``;
- ``{"write": true}`` asks for a fork that writes; ``{"writing": pid}`` comes with two sockets: one
  for the job, one to talk with it once it has become the zygote; or ``{"unwritten": words}``;
- ``{"retire": true}`` ends the zygote when its last worker is gone;
- ``{"gone": pid, "status": n}`` says how a fork ended, ``{"ready": hello}`` and
  ``{"failed": words, "code": n}`` how the start went.
"""

from __future__ import annotations

import gc
import json
import logging
import os
import select
import signal
import socket
from collections.abc import Callable
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, NoReturn

from samsyn.errors import SamsynError
from samsyn.server.workers import framing, limits, worker
from samsyn.server.workers.confinement import sandbox
from samsyn.server.workers.confinement.sandbox import Cell
from samsyn.server.workers.limits import Allowance, Limits
from samsyn.server.workers.worker import Reply, Service

LOG = logging.getLogger("samsyn.server.workers")

PACKET: Final = 64 * 1024

NICE: Final = 5
"""How far zygotes and workers yield to the web process, for which every client waits."""

_SWEEP: Final = 4
"""Writes after which the memory of earlier revisions is collected. A revision leaves some 13 MiB in
cycles of references; to collect it takes a tenth of a second, in which no worker is born."""


def pair() -> tuple[socket.socket, socket.socket]:
    """Make two ends of a line that carries packets."""
    return socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)


def be(body: Callable[[], None]) -> NoReturn:
    """Be a forked process: run the body, then end without running what the parent had planned."""
    code = 3
    try:
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        # An interrupt from the terminal reaches every process of the group, but only the web
        # process ends by it; the others end when it is gone.
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, signal.SIG_IGN)
        body()
        code = 0
    except Exception:
        LOG.exception("a process of the pool failed")
    finally:
        os._exit(code)


@dataclass(frozen=True)
class Plan:
    """What a zygote is to be.

    Args:
        start: loads the data.
        bounds: the limits of each job.
        folder: where writers keep the record; None: nothing is written.
        errors: where workers write what they have to say of themselves; None: nowhere.
    """

    start: Callable[[], Service]
    bounds: Limits
    folder: Path | None = None
    errors: int | None = None

    @property
    def descriptors(self) -> tuple[int, ...]:
        """What has to stay open from its launcher to its workers."""
        return () if self.errors is None else (self.errors,)


def begin(control: socket.socket, plan: Plan, parent: int) -> NoReturn:
    """Be the zygote, in a process forked for it.

    Args:
        control: the socket to the web process.
        plan: what it is to be.
        parent: the process that forked it.
    """
    be(lambda: _load(control, plan, parent))


def _load(control: socket.socket, plan: Plan, parent: int) -> None:
    sandbox.close_all_but(control.fileno(), *plan.descriptors)
    # While it loads it does not hear that the web process has gone; the launcher goes with that.
    sandbox.die_with(parent)
    os.nice(NICE)
    try:
        # All that is forked from here inherits it: workers, writers, and the zygotes they become.
        sandbox.isolate()
        service = plan.start()
        sandbox.one_thread()
        cell = sandbox.settle(plan.folder)
        sandbox.live_on()
    except SamsynError as error:
        with control:
            _say(control, {"failed": str(error), "code": error.exit_code})
        return
    _say(control, {"ready": service.hello().decode()})
    Zygote(control, service, plan, cell).run()


def _say(control: socket.socket, message: dict[str, Any], *channels: socket.socket) -> None:
    data = json.dumps(message).encode()
    numbers = [channel.fileno() for channel in channels]
    socket.send_fds(control, [data], numbers)


class _Writing(Exception):  # noqa: N818  no error
    """Leads a fork that writes out of the loop of the zygote that it was forked from."""

    def __init__(self, channel: socket.socket, control: socket.socket) -> None:
        super().__init__()
        self.channel = channel
        self.control = control


class Zygote:
    """Forks workers of a service.

    Args:
        control: the socket to the web process.
        service: what the workers do.
        plan: what it is to be.
        cell: what its workers are put into.
        number: how many there were before it.
    """

    def __init__(
        self, control: socket.socket, service: Service, plan: Plan, cell: Cell, number: int = 0
    ) -> None:
        self._number = number
        self._control = control
        self._service = service
        self._plan = plan
        self._cell = cell
        self._forks: set[int] = set()
        self._writers: set[int] = set()
        self._retired = False
        self._deaths, self._wakeup = socket.socketpair()

    def run(self) -> None:
        """Serve until the web process is gone, or retired and the last worker is.

        A fork that has written goes on from here as the next zygote.
        """
        zygote: Zygote | None = self
        while zygote is not None:
            zygote = zygote._term()

    def _term(self) -> Zygote | None:
        # What earlier terms left behind is looked for now and then: it takes time, and touches
        # pages that forks share.
        if self._number % _SWEEP == 0:
            gc.unfreeze()
            gc.collect()
        # What is frozen is not touched by collections, so its pages stay shared with the forks.
        gc.freeze()
        self._wakeup.settimeout(0)
        self._deaths.settimeout(0)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.set_wakeup_fd(self._wakeup.fileno())
        writing: tuple[socket.socket, socket.socket] | None = None
        # A writer closes these copies, but no others: files that the service holds open, such as a
        # lock, stay open with it.
        with self._control, self._deaths, self._wakeup:
            try:
                with suppress(BrokenPipeError, ConnectionResetError):
                    self._keep()
            except _Writing as raised:
                # To keep the exception would keep its frames, and with them all the earlier data.
                writing = raised.channel, raised.control
            signal.set_wakeup_fd(-1)
        return None if writing is None else self._write(*writing)

    def _keep(self) -> None:
        # The writer that is its successor lives on.
        while not (self._retired and self._forks <= self._writers):
            ready, _, _ = select.select([self._control, self._deaths], [], [])
            if self._deaths in ready:
                self._bury()
            if self._control in ready and not self._obey(self._control.recv(PACKET)):
                return

    def _bury(self) -> None:
        with suppress(BlockingIOError):
            while self._deaths.recv(PACKET):
                pass
        while self._forks:
            pid, status = os.waitpid(-1, os.WNOHANG)
            if not pid:
                return
            self._forks.discard(pid)
            _say(self._control, {"gone": pid, "status": os.waitstatus_to_exitcode(status)})

    def _obey(self, packet: bytes) -> bool:
        if not packet:
            return False
        message = json.loads(packet)
        self._fork_all(message.get("fork", 0))
        if message.get("write"):
            try:
                self._fork_writer()
            except (BrokenPipeError, ConnectionResetError):
                raise
            except OSError as error:
                _say(self._control, {"unwritten": str(error)})
        self._retired = self._retired or bool(message.get("retire"))
        return True

    def _fork_all(self, count: int) -> None:
        for made in range(count):
            try:
                self._fork()
            except (BrokenPipeError, ConnectionResetError):
                raise
            except OSError as error:
                # There is no process, memory or descriptor left for it now; it is asked for again.
                _say(self._control, {"unborn": count - made, "why": str(error)})
                return

    def _fork(self) -> None:
        ours, theirs = socket.socketpair()
        parent = os.getpid()
        # The web process may have gone meanwhile; its end is closed all the same.
        with ours, theirs:
            pid = os.fork()
            if not pid:
                be(lambda: self._work(theirs, parent))
            self._forks.add(pid)
            self._tell(pid, {"born": pid}, ours)

    def _tell(self, pid: int, message: dict[str, Any], *channels: socket.socket) -> None:
        """Say that a fork is there, or end it."""
        try:
            _say(self._control, message, *channels)
        except OSError:
            os.kill(pid, signal.SIGKILL)
            raise

    def _work(self, channel: socket.socket, parent: int) -> None:
        plan, cell = self._plan, self._cell
        sandbox.close_all_but(channel.fileno(), *plan.descriptors, *cell.descriptors)
        sandbox.die_with(parent)
        for errors in plan.descriptors:
            os.dup2(errors, 1)
            os.dup2(errors, 2)
            os.close(errors)
        with Allowance(plan.bounds) as allowance:
            allowance.cap()
            sandbox.confine(cell)
            worker.serve(channel, self._service.work, allowance)

    def _fork_writer(self) -> None:
        with ExitStack() as stack:
            ours, theirs, control, next_control = (
                stack.enter_context(channel)
                for make in (socket.socketpair, pair)
                for channel in make()
            )
            pid = os.fork()
            if not pid:
                stack.pop_all()
                ours.close()
                control.close()
                raise _Writing(theirs, next_control)
            self._forks.add(pid)
            self._writers.add(pid)
            self._tell(pid, {"writing": pid}, ours, control)

    def _write(self, channel: socket.socket, control: socket.socket) -> Zygote | None:
        """Do a job that changes the data, and return the zygote of what it has become.

        This process does not end with the old zygote, which it is to outlive.
        """
        amended: list[Service] = []

        def amend(job: bytes, reply: Reply) -> None:
            amended.append(self._service.amend(job, reply))
            sandbox.one_thread()

        with channel, Allowance(self._plan.bounds) as allowance:
            message = framing.receive(channel)
            done = message is not None and worker.do(channel, amend, message, allowance)
            limits.lift()
        if not done:
            control.close()
            return None
        _say(control, {"ready": amended[0].hello().decode()})
        return Zygote(control, amended[0], self._plan, self._cell, self._number + 1)
