"""How the descriptors and the memory of the server are shared among its clients."""

from __future__ import annotations

import os
import resource
import socket
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from samsyn.errors import ToolError, UsageError
from samsyn.server.limits.quotas import Kind, Quota, Quotas
from samsyn.settings import Settings, cores

_SHOWN: Final = "0"
_HIDING: Final = frozenset({"1", "2", "noaccess", "invisible"})
_MIB: Final = 1024 * 1024
_MOST_DESCRIPTORS: Final = 65536
"""Descriptors that are asked for where the system sets no bound."""
_LAST_STANDARD: Final = 2
"""Input, output and errors have the numbers 0 to 2."""
_MOST_JOBS: Final = 512
"""Requests under way in all."""
_OF_A_WORKER: Final = 3
"""Descriptors that the web process holds for a worker: its channel, its process, one to spare."""
_NOT_SENT: Final = 256 * 1024
"""Bytes that the kernel takes for a connection before it has sent them."""
_SPARE: Final = 16
"""One descriptor in so many is for all else: log, data, and connections that are refused."""


@dataclass(frozen=True)
class Places:
    """How many there may be of what needs descriptors.

    Args:
        connections: connections of clients.
        jobs: requests that are worked on or wait.
    """

    connections: int
    jobs: int

    @classmethod
    def of(cls, descriptors: int, settings: Settings) -> Places:
        """Share the descriptors of the process, workers first.

        Args:
            descriptors: how many the process may have.
            settings: the settings of the process.
        """
        usable = descriptors - descriptors // _SPARE
        jobs = max(1, min(_MOST_JOBS, usable // (2 * _OF_A_WORKER) - settings.quick))
        left = max(1, usable - _OF_A_WORKER * (jobs + settings.quick))
        return cls(min(left, settings.connections or left), jobs)


def open_standard() -> None:
    """Put nothing in the place of standard files that anyone who started this process has closed.

    Else a socket would get such a number, and be taken for the output of errors.
    """
    number = os.open(os.devnull, os.O_RDWR)
    while number <= _LAST_STANDARD:
        number = os.dup(number)
    os.close(number)


def raise_descriptors() -> int:
    """Raise the number of descriptors of this process as far as it may; return it."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    most = hard
    if hard == resource.RLIM_INFINITY or hard > _MOST_DESCRIPTORS:
        most = _MOST_DESCRIPTORS
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))
    return most


def bound_kernel(listener: socket.socket) -> None:
    """Have the kernel take little of what a reader does not take, for all connections to come.

    Else it takes some 4 MB for each, which nobody counts, and which stay when the connection is
    given up. What is under way on the network is not bounded, so nothing becomes slower.
    """
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NOTSENT_LOWAT, _NOT_SENT)


def check_folder(settings: Settings) -> None:
    """See that answers can be kept in files.

    Raises:
        UsageError: the folder is none, or nothing can be written to it.
    """
    folder = settings.spool_folder
    if folder and not (Path(folder).is_dir() and os.access(folder, os.W_OK | os.X_OK)):
        raise UsageError(
            f"spool_folder is {folder!r}, which is no folder that can be written to.",
            advice="Make it, or leave the setting away for the folder of the system.",
        )


def quotas(settings: Settings, places: Places) -> Quotas:
    """Make the account of what is held for clients."""
    workers = (settings.total_memory or cores() * settings.memory) * _MIB
    return Quotas(
        {
            Kind.CONNECTIONS: Quota(settings.client_connections, places.connections),
            Kind.JOBS: Quota(settings.max_requests_per_client, places.jobs),
            Kind.RECEIVED: Quota(settings.client_received * _MIB, settings.received * _MIB),
            Kind.UNSENT: Quota(settings.client_unsent * _MIB, settings.unsent * _MIB),
            Kind.SPOOLED: Quota(settings.client_spooled * _MIB, settings.spooled * _MIB),
            Kind.WORKERS: Quota(workers, workers),
        }
    )


def check_processes(mounts: Path = Path("/proc/self/mountinfo")) -> None:
    """Refuse a machine that hides workers from the web process, which reads what they hold.

    Workers cannot be looked into, and such a ``/proc`` does not show what cannot be
    (``man 5 proc``, hidepid). Root sees them, and so does the group that the mount names.

    Args:
        mounts: the file that lists the mounts.

    Raises:
        ToolError: it hides them.
    """
    lines = [line.split() for line in mounts.read_text(encoding="utf-8").splitlines()]
    options = next((line[-1].split(",") for line in reversed(lines) if line[4] == "/proc"), [])
    known = dict(option.partition("=")[::2] for option in options)
    group = known.get("gid", "")
    seen = group.isdigit() and int(group) in {os.getegid(), *os.getgroups()}
    if known.get("hidepid", _SHOWN) in _HIDING and os.geteuid() and not seen:
        raise ToolError(
            f"/proc hides processes from each other (hidepid={known['hidepid']}), so the server"
            " cannot see how much memory its workers hold.",
            advice="Name a group of the server's user in gid= of that mount, or leave hidepid and"
            " ProtectProc= away.",
        )
