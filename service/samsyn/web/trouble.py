"""What went wrong in the pool, as a problem for the client."""

from __future__ import annotations

import json
from typing import Final

from samsyn.quotas import OverQuotaError
from samsyn.web.problems import Problem
from samsyn.workers.answer import JobFailedError, LostError, OverLimitError
from samsyn.workers.lanes import RETRY, BusyError

_LIMITS: Final = {
    "time": "The query took longer than it may.",
    "cpu": "The query used more processor time than it may.",
    "memory": "The query used more memory than it may.",
    "answer": "The answer is larger than an answer may be.",
}
_LATER: Final = {"Retry-After": str(RETRY)}


def pack(problem: Problem) -> bytes:
    """Write a problem for the way from a worker."""
    told = {"kind": problem.kind, "detail": problem.detail, "headers": problem.headers}
    return json.dumps({**told, "members": problem.members}).encode()


def problem_of(error: Exception) -> Problem:
    """Tell a client of an error."""
    match error:
        case Problem():
            return error
        case OverLimitError():
            return Problem("query-limit", _LIMITS[error.limit], limit=error.limit)
        case BusyError() | OverQuotaError():
            kind = "over-quota" if error.own else "busy"
            return Problem(kind, error.message, headers=_LATER)
        case LostError():
            return Problem("lost", error.message, headers=_LATER)
        case JobFailedError() if error.payload:
            told = json.loads(error.payload)
            return Problem(told["kind"], told["detail"], headers=told["headers"], **told["members"])
    return Problem("internal", "Nothing was changed.")
