"""What the front of the server asks of a worker: a kind, some fields, a body."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from struct import Struct
from typing import Any, Final

QUERY: Final = "query"
ASKED: Final = "asked"
PAGE: Final = "page"
READ: Final = "read"
CHECK: Final = "check"
UPDATE: Final = "update"
WRITE: Final = "write"

_LENGTH: Final = Struct("<I")


@dataclass(frozen=True)
class Job:
    """One job.

    Args:
        kind: which kind.
        fields: what is to be done, in terms of JSON.
        body: the body of the request, where it matters.
    """

    kind: str
    fields: Mapping[str, Any]
    body: bytes = b""

    def pack(self) -> bytes:
        """Write it for the way to the worker."""
        head = json.dumps({"kind": self.kind, **self.fields}).encode()
        return _LENGTH.pack(len(head)) + head + self.body


def unpack(data: bytes) -> Job:
    """Read a job that was packed."""
    end = _LENGTH.size + _LENGTH.unpack_from(data)[0]
    fields = json.loads(data[_LENGTH.size : end])
    return Job(fields.pop("kind"), fields, data[end:])


def head(status: int, headers: Mapping[str, str]) -> bytes:
    """Write the status and the headers of an answer."""
    return json.dumps({"status": status, "headers": [*headers.items()]}).encode()
