"""What a worker can no longer do: outlive its keeper, open a connection, start a program.

seccomp needs no privilege once the process has given up gaining any (``man 2 seccomp``). The filter
is the second wall: the first is that no query with SERVICE or LOAD is run at all.
"""

from __future__ import annotations

import ctypes
import errno
import os
import platform
import signal
from pathlib import Path
from struct import pack
from typing import Final

from samsyn.errors import ToolError

_PR_SET_PDEATHSIG: Final = 1
_PR_SET_DUMPABLE: Final = 4
_PR_SET_CHILD_SUBREAPER: Final = 36
_PR_SET_NO_NEW_PRIVS: Final = 38
_PR_SET_SECCOMP: Final = 22
_SECCOMP_MODE_FILTER: Final = 2

_LOAD: Final = 0x20  # BPF_LD | BPF_W | BPF_ABS
_EQUAL: Final = 0x15  # BPF_JMP | BPF_JEQ | BPF_K
_AT_LEAST: Final = 0x35  # BPF_JMP | BPF_JGE | BPF_K
_RETURN: Final = 0x06  # BPF_RET | BPF_K
_ALLOW: Final = 0x7FFF0000
_REFUSE: Final = 0x00050000 | errno.EPERM
_NUMBER: Final = 0  # where the number of the call and the machine stand in seccomp_data
_MACHINE: Final = 4
_X32: Final = 0x40000000  # a second table of calls on x86-64

# socket, connect, bind, listen, execve, execveat, ptrace, process_vm_readv and _writev, io_uring.
_MACHINES: Final = {
    "x86_64": (0xC000003E, (41, 42, 49, 50, 59, 322, 101, 310, 311, 425, 426, 427)),
    "aarch64": (0xC00000B7, (198, 203, 200, 201, 221, 281, 117, 270, 271, 425, 426, 427)),
}


def supported() -> bool:
    """Tell whether this machine's calls are known."""
    return platform.system() == "Linux" and platform.machine() in _MACHINES


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


def adopt() -> None:
    """Become the parent of all descendants whose own parent ends, as a keeper's does in time."""
    _prctl(_PR_SET_CHILD_SUBREAPER, 1)


def confine() -> None:
    """Take the network and other programs from this process, for good.

    Raises:
        ToolError: the kernel refused.
    """
    program = _program()
    buffer = ctypes.create_string_buffer(program)
    # struct sock_fprog: a count, padding, the address.
    header = ctypes.create_string_buffer(
        pack("HxxxxxxQ", len(program) // 8, ctypes.addressof(buffer))
    )
    _prctl(_PR_SET_NO_NEW_PRIVS, 1)
    _prctl(_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, ctypes.addressof(header))


def _program() -> bytes:
    machine, calls = _MACHINES[platform.machine()]
    refusals = len(calls)
    lines = [
        pack("HBBI", _LOAD, 0, 0, _MACHINE),
        pack("HBBI", _EQUAL, 0, refusals + 3, machine),  # another table of calls: refuse
        pack("HBBI", _LOAD, 0, 0, _NUMBER),
        pack("HBBI", _AT_LEAST, refusals + 1, 0, _X32),
    ]
    # Each jump is counted from the line after it to the refusal, the last line.
    lines += [pack("HBBI", _EQUAL, refusals - place, 0, call) for place, call in enumerate(calls)]
    lines += [pack("HBBI", _RETURN, 0, 0, _ALLOW), pack("HBBI", _RETURN, 0, 0, _REFUSE)]
    return b"".join(lines)


def _prctl(option: int, *arguments: int) -> None:
    library = ctypes.CDLL(None, use_errno=True)
    padded = [ctypes.c_ulong(value) for value in (*arguments, 0, 0, 0, 0)[:4]]
    if library.prctl(option, *padded) != 0:
        reason = os.strerror(ctypes.get_errno())
        raise ToolError(
            f"The kernel refused to confine a worker (prctl {option}): {reason}.",
            advice="`serve` needs Linux with seccomp; query, validate and close need neither.",
        )
