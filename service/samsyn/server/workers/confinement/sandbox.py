"""What the processes of a pool give up, for good, before they touch what clients send.

Each kind of process gives up more than the one that forked it: the web process hides, a zygote
loads its data without network and programs, then keeps its own folder and forks, and a worker has
one socket, its memory and the time. The first wall is that no query with SERVICE or LOAD is run at
all; these are the walls behind it.
"""

from __future__ import annotations

import ctypes
import logging
import os
import platform
import resource
import signal
from dataclasses import dataclass
from pathlib import Path
from struct import pack
from typing import Final

from samsyn.errors import ToolError
from samsyn.server.workers.confinement import landlock, seccomp, syscalls

LOG = logging.getLogger("samsyn.server.workers")

_PR_SET_PDEATHSIG: Final = 1
_PR_SET_DUMPABLE: Final = 4
_PR_SET_SECCOMP: Final = 22
_PR_SET_CHILD_SUBREAPER: Final = 36
_PR_SET_NO_NEW_PRIVS: Final = 38
_SECCOMP_MODE_FILTER: Final = 2
_CAPABILITIES: Final = 0x20080522  # _LINUX_CAPABILITY_VERSION_3
_LAST_DESCRIPTOR: Final = 0xFFFFFFFF

_NONE_OF: Final = (
    resource.RLIMIT_CORE,  # memory that others could read
    resource.RLIMIT_FSIZE,
    resource.RLIMIT_NOFILE,  # what is open stays open; nothing more can be opened
    resource.RLIMIT_NPROC,
)
_PROC: Final = Path("/proc")


def supported() -> bool:
    """Return whether this machine's calls are known."""
    return platform.system() == "Linux" and platform.machine() in syscalls.MACHINES


def one_thread() -> None:
    """Check that this process has one thread, since a fork copies only one.

    Raises:
        ToolError: a library has started more.
    """
    count = len(list(Path("/proc/self/task").iterdir()))
    if count != 1:
        raise ToolError(
            f"The process that is to fork has {count} threads.",
            advice="Set OPENBLAS_NUM_THREADS=1, and start samsyn from its command line.",
        )


def hide() -> None:
    """Keep other processes of the same user out of this one, and of all that it forks.

    They may no longer read its memory or environment, write into it, trace it or take its
    descriptors (``man 2 PR_SET_DUMPABLE``, ``man 2 ptrace``). A program that it starts, or a change
    of its user, takes this back.
    """
    _prctl(_PR_SET_DUMPABLE, 0)


def die_with(parent: int) -> None:
    """End this process when its parent ends, however that happens.

    Args:
        parent: the process id that the parent had when this process was forked from it.
    """
    _prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(0)


def live_on() -> None:
    """Take back `die_with`."""
    _prctl(_PR_SET_PDEATHSIG, 0)


def adopt() -> None:
    """Become the parent of all descendants whose own parent ends, as a zygote's does in time."""
    _prctl(_PR_SET_CHILD_SUBREAPER, 1)


def close_all_but(*kept: int) -> None:
    """Close the files that the parent had open, so that none stays open through a fork.

    Args:
        kept: the descriptors that stay open, beside the three standard ones.
    """
    start = 3
    for number in sorted({*kept} - {0, 1, 2}):
        _close_range(start, number - 1)
        start = number + 1
    _close_range(start, _LAST_DESCRIPTOR)


def _close_range(first: int, last: int) -> None:
    if first > last or _library().close_range(first, ctypes.c_uint(last), 0) == 0:
        return
    for number in [int(path.name) for path in Path("/proc/self/fd").iterdir()]:
        if first <= number <= last:
            try:
                os.close(number)
            except OSError:
                # The folder was open itself while it was listed.
                continue


def forget_environment(kept: frozenset[str]) -> None:
    """Take the environment from this process, and wipe it from its memory.

    Args:
        kept: the names of the variables that stay.
    """
    before = {name: os.environ[name] for name in kept if name in os.environ}
    place = ctypes.POINTER(ctypes.c_void_p).in_dll(_library(), "environ")
    texts: list[int] = []
    while place and place[len(texts)]:
        texts.append(place[len(texts)])
    for text in texts:
        ctypes.memset(text, 0, len(ctypes.string_at(text)))
    for value in os.environb.values():
        # Python's own copy, which nothing else uses; bytes of one character are shared.
        if len(value) > 1:
            ctypes.memset(id(value) + bytes.__basicsize__ - 1, 0, len(value))
    # By bytes, since by text each value would be copied once more.
    os.environb.clear()
    os.environ.update(before)


def isolate() -> None:
    """Take the network, programs and other processes from a zygote, before it loads its data.

    Raises:
        ToolError: the kernel refused.
    """
    _prctl(_PR_SET_NO_NEW_PRIVS, 1)
    _filter(seccomp.of_loading(platform.machine()))


@dataclass(frozen=True)
class Cell:
    """What workers are put into, prepared once by their zygote.

    Args:
        rules: the descriptor of the rules of Landlock under which nothing can be opened; None
            where the kernel has no Landlock.
        program: the filter of system calls, with a place for the id of a process.
    """

    rules: int | None
    program: bytes

    @property
    def descriptors(self) -> tuple[int, ...]:
        """What has to stay open until a worker enters."""
        return () if self.rules is None else (self.rules,)


def confine(cell: Cell | None = None) -> None:
    """Take from this process all that a worker does not need, for good.

    Args:
        cell: what its zygote has prepared; None: it is made here.

    Raises:
        OSError: the kernel refused.
        ToolError: it refused the filter.
    """
    _prctl(_PR_SET_NO_NEW_PRIVS, 1)
    cell = _cell(landlock.version()) if cell is None else cell
    for kind in _NONE_OF:
        resource.setrlimit(kind, (0, 0))
    _drop_capabilities()
    if cell.rules is not None:
        landlock.restrict(cell.rules)
        os.close(cell.rules)
    _filter(seccomp.for_process(cell.program, os.getpid()))


def _cell(known: int) -> Cell:
    rules = landlock.ruleset(known, {}) if known else None
    return Cell(rules, seccomp.of_worker(platform.machine()))


def settle(folder: Path | None) -> Cell:
    """Take from this process what a zygote does not need once its data is loaded.

    What is left: to fork and to wait, to write to one folder, and to read in ``/proc``, where its
    forks find out how large they are.

    Args:
        folder: the folder of the record; None: nothing is written.

    Returns:
        What its workers are put into.

    Raises:
        ToolError: the kernel refused.
    """
    known = landlock.version()
    if not known:
        LOG.warning("this kernel has no Landlock, so only system calls confine the workers")
    try:
        cell = _cell(known)
        if known:
            _fence(known, folder)
    except OSError as error:
        raise ToolError(
            f"The kernel refused to confine the zygote: {error}.",
            advice="Look whether a container engine forbids Landlock; samsyn needs it allowed or "
            "absent.",
        ) from error
    _filter(seccomp.of_zygote(platform.machine()))
    return cell


def _fence(known: int, folder: Path | None) -> None:
    allowed = {_PROC: landlock.READ}
    if folder is not None:
        allowed[folder] = landlock.READ | landlock.WRITE
    own = landlock.ruleset(known, allowed)
    landlock.restrict(own)
    os.close(own)


def _drop_capabilities() -> None:
    """Give up what root may do and others may not; an ordinary user has none of it."""
    header = pack("Ii", _CAPABILITIES, 0)
    if _library().capset(header, bytes(24)) != 0:
        raise OSError(ctypes.get_errno(), "capset was refused")


def _filter(program: bytes) -> None:
    buffer = ctypes.create_string_buffer(program, len(program))
    # struct sock_fprog: a count, padding, the address.
    header = ctypes.create_string_buffer(
        pack("HxxxxxxQ", len(program) // 8, ctypes.addressof(buffer))
    )
    _prctl(_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, ctypes.addressof(header))


def _library() -> ctypes.CDLL:
    return ctypes.CDLL(None, use_errno=True)


def _prctl(option: int, *arguments: int) -> None:
    padded = [ctypes.c_ulong(value) for value in (*arguments, 0, 0, 0, 0)[:4]]
    if _library().prctl(option, *padded) != 0:
        reason = os.strerror(ctypes.get_errno())
        raise ToolError(
            f"The kernel refused to confine a worker (prctl {option}): {reason}.",
            advice="`serve` needs Linux with seccomp; query, validate and close need neither.",
        )
