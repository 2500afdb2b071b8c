"""What the gateway of the server asks of a worker: a kind, some fields, a body."""

from __future__ import annotations

import json
import re
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
_OF_ANSWERS: Final = frozenset({
    "accept-post", "accept-ranges", "allow", "cache-control", "content-disposition",
    "content-encoding", "content-language", "content-length", "content-location", "content-type",
    "etag", "last-modified", "link", "location", "retry-after", "vary", "www-authenticate",
})  # fmt: skip
"""The headers that a worker may give an answer: none that frames it or sets something."""
_VALUE: Final = re.compile(r"[\t -~\x80-\xff]*")


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


def checked(headers: Mapping[str, str]) -> dict[str, str]:
    """Return the headers that a worker names, their names in lower case.

    Raises:
        ValueError: one of them is none that a worker may give.
    """
    found = {name.lower(): value for name, value in headers.items()}
    if not found.keys() <= _OF_ANSWERS or not all(map(_VALUE.fullmatch, found.values())):
        raise ValueError(headers)
    return found
