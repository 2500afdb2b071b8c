"""The status and the headers of an answer, as a worker sends them before the body."""

from __future__ import annotations

import json
from typing import Final

from samsyn.http.messages import checked
from samsyn.server.workers.answer import Answer, JobFailedError

_STATUSES: Final = range(200, 600)


def read_head(answer: Answer) -> tuple[int, dict[str, str]]:
    """Read the status and the headers of an answer, their names in lower case.

    The worker may do the will of somebody else, so nothing is taken that could be read as more than
    headers of one answer.

    Raises:
        JobFailedError: they are not what a worker says; the worker is let go.
    """
    try:
        said = json.loads(answer.head)
        status = int(said["status"])
        headers = checked(dict(said["headers"]))
        if status not in _STATUSES or not headers.get("content-length", "0").isdecimal():
            raise ValueError(status)
    except (AttributeError, KeyError, TypeError, ValueError, RecursionError):
        answer.abandon()
        raise JobFailedError(b"") from None
    return status, headers
