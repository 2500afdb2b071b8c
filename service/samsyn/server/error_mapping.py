"""What went wrong in the pool, as a problem for the client."""

from __future__ import annotations

import json
from typing import Final

from samsyn.http import messages
from samsyn.http.problems import KINDS, Problem
from samsyn.server.limits.quotas import OverQuotaError
from samsyn.server.workers.answer import EngineError, JobFailedError, LostError, OverLimitError
from samsyn.server.workers.framing import FAIL, LARGEST
from samsyn.server.workers.scheduling.scheduler import RETRY, BusyError

_LIMITS: Final = {
    "time": "The query took longer than it may.",
    "cpu": "The query used more processor time than it may.",
    "memory": "The query used more memory than it may.",
    "depth": "The query is nested too deeply.",
    "answer": "The answer is larger than an answer may be.",
}
_LATER: Final = {"Retry-After": str(RETRY)}


def pack(problem: Problem) -> bytes:
    """Write a problem for the way from a worker."""
    told = {"kind": problem.kind, "detail": problem.detail, "headers": problem.headers}
    whole = json.dumps({**told, "members": problem.members}).encode()
    if len(whole) > LARGEST[FAIL]:
        # Whatever it lists is too much for anybody to read.
        whole = json.dumps({**told, "members": {}}).encode()
    return whole


def _unpack(payload: bytes) -> Problem | None:
    """Read a problem that a worker has packed; None for what no worker packs."""
    try:
        told = json.loads(payload)
        kind, detail, members = told["kind"], told["detail"], told["members"]
        messages.checked(told["headers"])
        if kind in KINDS and isinstance(detail, str):
            return Problem(kind, detail, headers=told["headers"], **members)
    except (AttributeError, KeyError, TypeError, ValueError, RecursionError):
        pass
    return None


def problem_of(error: Exception) -> Problem:
    """Tell a client of an error."""
    match error:
        case Problem():
            problem = error
        case OverLimitError():
            problem = Problem("query-limit", _LIMITS[error.limit], limit=error.limit)
        case BusyError() | OverQuotaError():
            kind = "over-quota" if error.own else "busy"
            problem = Problem(kind, error.message, headers=_LATER)
        case EngineError():
            problem = Problem("engine", error.message)
        case LostError():
            problem = Problem("lost", error.message, headers=_LATER)
        case JobFailedError() if error.payload and (told := _unpack(error.payload)):
            problem = told
        case _:
            problem = Problem("internal", "Nothing was changed.")
    return problem
