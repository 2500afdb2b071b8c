"""What the gateway knows of the data: what the zygote said of it."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from email.utils import formatdate
from time import time

from samsyn.server.workers.pool import Pool

LOG = logging.getLogger("samsyn.server")


class State:
    """The data as it is now.

    Args:
        pool: knows what its zygote said.
        changed: called when the data is no longer what it was.
    """

    def __init__(self, pool: Pool, changed: Callable[[], None]) -> None:
        self._pool = pool
        self._changed = changed
        self._heard: str | None = None
        self._revision = ""
        self._loaded: float = 0

    @property
    def revision(self) -> str:
        """The revision of the data, empty while there is none."""
        self._listen()
        return self._revision

    @property
    def modified(self) -> dict[str, str]:
        """The header that says when this revision was loaded or written.

        Revisions of one second have different dates, so one may lie a little ahead; then there is
        none yet (RFC 9110, section 8.8.2.1).
        """
        self._listen()
        due = self._loaded <= time()
        return {"last-modified": formatdate(self._loaded, usegmt=True)} if due else {}

    def _listen(self) -> None:
        if self._pool.hello is self._heard:
            return
        self._heard = self._pool.hello
        before = self._revision
        self._revision, self._loaded = _told(self._heard) if self._heard else ("", 0)
        if before != self._revision:
            self._changed()


def _told(hello: str) -> tuple[str, float]:
    """Return the revision and the time of what a zygote said; none where it is no such message."""
    try:
        match json.loads(hello):
            case {"revision": str(revision), "loaded": int() | float() as loaded} if loaded >= 0:
                return revision, loaded
    except (ValueError, RecursionError):
        pass
    LOG.error("the zygote does not say what it has loaded")
    return "", 0
