"""The real server, whose workers run programs that a test sends: `python -m tests.live.probed`.

What is shipped has no such thing: here the service is wrapped before the server forks anything. A
body that begins with `MARK` is a program; the options are those of `samsyn`.
"""

from __future__ import annotations

import mmap  # noqa: F401  the programs use it, and a worker cannot load it
import os
import sys
from typing import TYPE_CHECKING

from tests.workers import probes

from samsyn.cli import serving
from samsyn.cli.program import main
from samsyn.http import messages
from samsyn.server.workers.confinement import seccomp, syscalls
from samsyn.server.workers.worker import Reply
from samsyn.settings import Settings

if TYPE_CHECKING:
    from samsyn.site.job_handlers import Service

MARK = b"# a program of the tests\n"

STRICT = "PROBED_STRICT"
"""A variable: with it, workers say what they import and open, and end for what is refused."""


class Probed:
    """A service that runs programs too.

    Args:
        service: does all other jobs.
    """

    working = False
    """Whether this process has been given a job."""

    def __init__(self, service: Service) -> None:
        self.service = service

    def hello(self) -> bytes:
        """Say what the service says."""
        return self.service.hello()

    def work(self, job: bytes, reply: Reply) -> None:
        """Run a program and answer what became of it, or do what the service does."""
        Probed.working = True
        body = messages.unpack(job).body
        if body.startswith(MARK):
            reply.head(messages.head(200, {"content-type": "text/plain"}))
            reply.write(probes.outcome(body.decode()).encode())
        else:
            self.service.work(job, reply)

    def amend(self, job: bytes, reply: Reply) -> Probed:
        """Do what the service does, and wrap what it has become."""
        return Probed(self.service.amend(job, reply))


_LET_GO = frozenset({"open", "openat"})
"""Libraries of the engines look for the limits of a container, and go on without."""

# The environment is wiped before the data is loaded.
_watched = STRICT in os.environ
_start, _of_worker = serving.start, seccomp.of_worker


def _probed(settings: Settings) -> Probed:
    service = Probed(_start(settings))
    if _watched:
        sys.addaudithook(_tell)
    return service


def _tell(event: str, arguments: tuple[object, ...]) -> None:
    """Say what a worker imports or opens, in its log."""
    if event in ("import", "open", "os.listdir", "os.scandir") and Probed.working:
        os.write(2, f"{event}: {arguments[0]!r}\n".encode())


def _strict(machine: str) -> bytes:
    """Write the filter of a worker so that what libraries might go on without ends it."""
    hostile = syscalls.HOSTILE
    syscalls.HOSTILE = hostile | (syscalls.ZYGOTE - syscalls.WORKER - _LET_GO)  # type: ignore[misc]
    try:
        return _of_worker(machine)
    finally:
        syscalls.HOSTILE = hostile  # type: ignore[misc]


if __name__ == "__main__":
    serving.start = _probed  # type: ignore[assignment]
    if _watched:
        seccomp.of_worker = _strict
    sys.exit(main())
