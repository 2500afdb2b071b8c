"""A service whose jobs do what a test asks of them, in the real processes of a pool.

A pool can be started only by a process with one thread, which that of the tests may not be. So the
launcher is a program of its own: ``python -m tests.workers.toy FILE-DESCRIPTOR``.
"""

from __future__ import annotations

import os
import signal
import socket
import sys
import time
import zlib
from collections.abc import Callable, Mapping
from contextlib import suppress
from mmap import mmap
from weakref import WeakSet

from samsyn.server.workers import launcher
from samsyn.server.workers.limits import Limits
from samsyn.server.workers.worker import JobError, Reply
from samsyn.server.workers.zygote import Plan

MIB = 1024 * 1024
BOUNDS = Limits(memory=64 * MIB, answer=32 * MIB)
ROW = b"0123456789abcdef" * 4096
"""One row of an answer, as long as a frame."""
BOARD = mmap(-1, MIB)
"""Memory that all forks of the launcher share, since a worker has no files."""
LIVING: WeakSet[Toy] = WeakSet()
"""The services that this process holds."""


class Toy:
    """The service.

    Args:
        total: all of its data.
    """

    def __init__(self, total: int = 0) -> None:
        self.total = total
        self.kept: list[bytearray] = []
        self.reserved: list[mmap] = []
        LIVING.add(self)

    def hello(self) -> bytes:
        """Tell the data."""
        return str(self.total).encode()

    def work(self, job: bytes, reply: Reply) -> None:
        """Do the acts of a job in turn, such as ``spin 0.1; rows 3``; its head is the process."""
        reply.head(str(os.getpid()).encode())
        for act in job.decode().split("; "):
            name, _, argument = act.partition(" ")
            ACTS[name](self, argument, reply)

    def amend(self, job: bytes, reply: Reply) -> Toy:
        """Do the acts of a job; add the number that is its last word."""
        acts, _, number = job.decode().rpartition("; ")
        if acts:
            self.work(acts.encode(), reply)
        return Toy(self.total + int(number))


def _spin(_toy: Toy, seconds: str, _reply: Reply) -> None:
    end = time.process_time() + float(seconds)
    while time.process_time() < end:
        pass


def _rows(_toy: Toy, count: str, reply: Reply) -> None:
    for _ in range(int(count)):
        reply.write(ROW)


def _keep(toy: Toy, size: str, _reply: Reply) -> None:
    toy.kept.append(bytearray(int(size) * MIB))


def _reserve(toy: Toy, size: str, _reply: Reply) -> None:
    """Take room without touching it, which costs no time."""
    toy.reserved.append(mmap(-1, int(size) * MIB))


def _die(_toy: Toy, word: str, _reply: Reply) -> None:
    """Note a death under a name, and die unless as many as asked for are noted."""
    name, most, key = word.split(" ", 2)
    if BOARD[_place(key)] < int(most):
        BOARD[_place(key)] += 1
        os.kill(os.getpid(), signal.Signals[name])


def _await(_toy: Toy, key: str, _reply: Reply) -> None:
    while not BOARD[_place(key)]:
        time.sleep(0.005)


def _mark(_toy: Toy, key: str, _reply: Reply) -> None:
    BOARD[_place(key)] = 1


def _place(key: str) -> int:
    return zlib.crc32(key.encode()) % len(BOARD)


def _refuse(_toy: Toy, why: str, _reply: Reply) -> None:
    raise JobError(why.encode())


def _fault(_toy: Toy, why: str, _reply: Reply) -> None:
    raise ZeroDivisionError(why)


def _open(_toy: Toy, _argument: str, reply: Reply) -> None:
    try:
        socket.socket().close()
        reply.write(b"opened")
    except PermissionError:
        reply.write(b"refused")


def _send(_toy: Toy, raw: str, reply: Reply) -> None:
    """Send bytes as they are, as native code could."""
    with suppress(BrokenPipeError, ConnectionResetError):
        reply._channel.sendall(bytes.fromhex(raw))


ACTS: Mapping[str, Callable[[Toy, str, Reply], object]] = {
    "await": _await,
    "deaths": lambda _toy, key, reply: reply.write(str(BOARD[_place(key)]).encode()),
    "die": _die,
    "fault": _fault,
    "keep": _keep,
    "living": lambda _toy, _argument, reply: reply.write(str(len(LIVING)).encode()),
    "mark": _mark,
    "open": _open,
    "refuse": _refuse,
    "reserve": _reserve,
    "rows": _rows,
    "send": _send,
    "say": lambda _toy, text, reply: reply.write(text.encode()),
    "sleep": lambda _toy, seconds, _reply: time.sleep(float(seconds)),
    "spin": _spin,
    "total": lambda toy, _, reply: reply.write(str(toy.total).encode()),
}


def main() -> None:
    """Be the launcher of the process that started this one."""
    line = socket.socket(fileno=int(sys.argv[1]))
    launcher._begin(line, os.getppid(), Plan(Toy, BOUNDS))


if __name__ == "__main__":
    main()
