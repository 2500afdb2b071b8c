"""Answers that lie in files until their length is known, for clients of HTTP/1.0."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, Final

from samsyn.http.problems import Problem
from samsyn.server.limits.quotas import Kind, OverQuotaError, Quotas

_STEP: Final = 1024 * 1024
"""Bytes that are counted at a time, so that a small file, which takes a descriptor, counts too."""
_PIECE: Final = 256 * 1024
_ADVICE: Final = "By HTTP/1.1 answers of any length are sent as they come."
_LATER: Final = {"Retry-After": "2"}


class Spool:
    """Makes files for answers.

    Args:
        quotas: counts what they hold.
        most: bytes that one may have.
        folder: where they are; empty for the folder of the system.
    """

    def __init__(self, quotas: Quotas, most: int, folder: str) -> None:
        self._quotas = quotas
        self._most = most
        self._folder = folder or None

    @contextmanager
    def file(self, client: str) -> Iterator[SpoolFile]:
        """Make a file for one answer; it is gone, and counted no more, with the context.

        Args:
            client: the name of the client that is answered.

        Raises:
            Problem: the disk has no room.
        """
        try:
            opened = tempfile.TemporaryFile(dir=self._folder)  # noqa: SIM115  closed below
        except OSError:
            raise _no_room() from None
        file = SpoolFile(opened, self._quotas, client, self._most)
        try:
            yield file
        finally:
            file.close()


class SpoolFile:
    """One answer in a file.

    Args:
        file: open for writing and reading; it vanishes when it is closed.
        quotas: counts what it holds.
        client: for whom it is.
        most: bytes that it may have.
    """

    def __init__(self, file: IO[bytes], quotas: Quotas, client: str, most: int) -> None:
        self.size = 0
        self._file = file
        self._quotas = quotas
        self._client = client
        self._most = most
        self._counted = 0

    async def write(self, data: bytes) -> None:
        """Add to the answer. The disk may be slow, so a thread waits for it.

        Raises:
            Problem: the answer is too long, or there is no room for it.
        """
        self._count(self.size + len(data))
        try:
            await asyncio.to_thread(self._store, data)
        except OSError:
            raise _no_room() from None
        self.size += len(data)

    def _store(self, data: bytes) -> None:
        self._file.write(data)
        # Now, while the client can still be told that there is no room.
        self._file.flush()

    def pieces(self) -> Iterator[bytes]:
        """Yield the answer from its beginning.

        Raises:
            OSError: it cannot be read.
        """
        self._file.seek(0)
        while piece := self._file.read(_PIECE):
            yield piece

    def close(self) -> None:
        """Let the file vanish."""
        self._quotas.give(self._client, Kind.SPOOLED, self._counted)
        try:
            self._file.close()
        except OSError:
            # What the disk did not take is not needed any more.
            return

    def _count(self, size: int) -> None:
        if size > self._most:
            raise Problem(
                "query-limit",
                f"The answer has more than {self._most} bytes, the most that a client of HTTP/1.0 "
                f"gets. {_ADVICE}",
                limit="answer",
            )
        more = max(_STEP, size - self._counted) if size > self._counted else 0
        try:
            self._quotas.take(self._client, Kind.SPOOLED, more)
        except OverQuotaError as error:
            kind = "over-quota" if error.own else "busy"
            detail = f"{error.message} {_ADVICE}"
            raise Problem(kind, detail, headers=_LATER) from None
        self._counted += more


def _no_room() -> Problem:
    return Problem("busy", f"The disk has no room for the answer. {_ADVICE}", headers=_LATER)
