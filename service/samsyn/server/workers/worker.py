"""One worker: takes a job, answers in frames, takes the next, until it is killed or left."""

from __future__ import annotations

import gc
import logging
import os
import time
from collections.abc import Callable
from socket import socket
from struct import Struct
from typing import Final, Protocol

from samsyn.errors import SamsynError
from samsyn.server.workers import framing, limits
from samsyn.server.workers.limits import Allowance

LOG = logging.getLogger("samsyn.server.workers")

JOB: Final = Struct("<I")
"""Before a job: seconds of processor time that it may use."""

LAST: Final = b"last"
"""At the end of an answer: the worker takes no other job."""

_LEAK: Final = 64 * 1024 * 1024
"""Bytes by which a worker may have grown before its place is given to a fresh fork."""

_PATIENCE: Final = 0.5
"""Seconds after which rows are sent although they do not fill a frame."""


class JobError(SamsynError):
    """A job cannot be done; what the client is to be reported is in the payload.

    Args:
        payload: opaque to this package; the web process reads it.
    """

    exit_code = 3

    def __init__(self, payload: bytes) -> None:
        super().__init__("The job cannot be done.")
        self.payload = payload


class TooMuchError(SamsynError):
    """An answer would be longer than it may be."""

    exit_code = 3


class Service(Protocol):
    """What a zygote holds: the data, and what can be done with it."""

    def hello(self) -> bytes:
        """Say what the web process has to know of the data."""

    def work(self, job: bytes, reply: Reply) -> None:
        """Do a job.

        Raises:
            JobError: it cannot be done.
        """

    def amend(self, job: bytes, reply: Reply) -> Service:
        """Do a job that changes the data, and return what holds the changed data.

        Raises:
            JobError: it cannot be done, and nothing has changed.
        """


class Reply:
    """The answer to one job, as a file that can be written to.

    Args:
        channel: where it goes.
        most: bytes that it may have.
    """

    def __init__(self, channel: socket, most: int) -> None:
        self._channel = channel
        self._left = most
        self._held = bytearray()
        self._frames: list[bytes] = []
        self._sent = time.monotonic()

    def head(self, payload: bytes) -> None:
        """Say what kind of answer follows; goes out with its first bytes."""
        self._frames.append(framing.frame(framing.HEAD, payload))

    def write(self, data: bytes) -> int:
        """Add to the answer.

        Raises:
            TooMuchError: it would be longer than it may be.
        """
        self._left -= len(data)
        if self._left < 0:
            raise TooMuchError("The answer is larger than an answer may be.")
        for start in range(0, len(data), framing.SIZE):
            self._held += data[start : start + framing.SIZE]
            if len(self._held) >= framing.SIZE or time.monotonic() - self._sent > _PATIENCE:
                self.flush()
        return len(data)

    def flush(self) -> None:
        """Send what is held."""
        self._frames.append(framing.frame(framing.DATA, bytes(self._held)))
        self._held.clear()
        self._send()

    def end(self, payload: bytes = b"") -> None:
        """Send what is left, and that this was all.

        Args:
            payload: ``last`` if the worker takes no other job.
        """
        if self._held:
            self._frames.append(framing.frame(framing.DATA, bytes(self._held)))
        self._frames.append(framing.frame(framing.END, payload))
        self._send()

    def fail(self, kind: int, payload: bytes = b"") -> None:
        """Say that the job failed; what was not sent yet never is."""
        self._frames = [framing.frame(kind, payload)]
        self._send()

    def _send(self) -> None:
        self._channel.sendall(b"".join(self._frames))
        self._frames = []
        self._sent = time.monotonic()


def serve(channel: socket, work: Callable[[bytes, Reply], None], allowance: Allowance) -> None:
    """Do the jobs that come over a socket until the other side closes it.

    Args:
        channel: the socket.
        work: does one job.
        allowance: the limits of each job, set again before it.
    """
    gc.disable()
    start = limits.peak()
    while not _leaks(start):
        message = framing.receive(channel)
        if message is None:
            return
        do(channel, work, message, allowance, lambda: _leaks(start))


def _leaks(start: int) -> bool:
    return limits.peak() - start > _LEAK


def do(
    channel: socket,
    work: Callable[[bytes, Reply], None],
    message: bytes,
    allowance: Allowance,
    is_last: Callable[[], bool] = lambda: False,
) -> bool:
    """Do one job under its limits.

    Args:
        channel: where the answer goes.
        work: does it.
        message: the job, with its limit of processor time before it.
        allowance: its other limits.
        is_last: tells afterwards whether the worker ends.

    Returns:
        Whether it was done.
    """
    reply = Reply(channel, allowance.limits.answer)
    try:
        allowance.apply(cpu=JOB.unpack_from(message)[0])
        work(message[JOB.size :], reply)
    except JobError as error:
        reply.fail(framing.FAIL, error.payload)
    except MemoryError:
        limits.lift()
        reply.fail(framing.LIMIT, b"memory")
    except TooMuchError:
        reply.fail(framing.LIMIT, b"answer")
    except (BrokenPipeError, ConnectionResetError):
        os._exit(0)
    except Exception:
        LOG.exception("a job failed")
        reply.fail(framing.FAULT)
    else:
        reply.end(LAST if is_last() else b"")
        return True
    return False
