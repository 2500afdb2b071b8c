"""Conditional requests and ranges (RFC 9110, sections 13 and 14), without state.

The order of the conditions is that of section 13.2.2.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import Final

READS: Final = ("GET", "HEAD")
_RANGE: Final = re.compile(rb"bytes=[ \t]*(\d{0,18})-(\d{0,18})[ \t]*", re.IGNORECASE)


@dataclass(frozen=True)
class Validators:
    """What tells one state of a resource from another.

    Args:
        etag: the entity tag as sent, empty for none.
        modified: the header ``Last-Modified``, empty for none.
    """

    etag: bytes = b""
    modified: bytes = b""


def listed(header: bytes, etag: bytes) -> bool:
    """Return whether a list names a tag, weakly compared (RFC 9110, section 8.8.3.2)."""
    tags = [tag.strip().removeprefix(b"W/") for tag in header.split(b",")]
    return etag.removeprefix(b"W/") in tags


HEADERS: Final = frozenset(
    {b"if-match", b"if-modified-since", b"if-none-match", b"if-unmodified-since"}
)
"""The headers that state a condition for the whole of an answer."""


def judged(headers: Mapping[bytes, bytes], method: str, now: Validators) -> HTTPStatus | None:
    """Judge the conditions of a request to read that would succeed without them.

    Args:
        headers: those of the request, by name in lower case.
        method: its method.
        now: the validators of the answer.

    Returns:
        304 or 412, or None where the answer is to be sent.
    """
    if method not in READS:
        return None
    match, unmodified = headers.get(b"if-match"), headers.get(b"if-unmodified-since")
    if match is not None:
        if match.strip() != b"*" and not _strongly(match, now.etag):
            return HTTPStatus.PRECONDITION_FAILED
    elif unmodified is not None and _later(now.modified, unmodified):
        return HTTPStatus.PRECONDITION_FAILED
    unlike, since = headers.get(b"if-none-match"), headers.get(b"if-modified-since")
    if unlike is not None:
        known = unlike.strip() == b"*" or (bool(now.etag) and listed(unlike, now.etag))
    else:
        known = since is not None and _later(now.modified, since) is False
    return HTTPStatus.NOT_MODIFIED if known else None


def modified_since(modified: str, date: str) -> bool:
    """Return whether something was changed after a date; a date that is none says nothing.

    Args:
        modified: when it was changed, as HTTP writes dates; empty if nobody knows.
        date: the header ``If-Unmodified-Since``.
    """
    return _later(modified.encode(), date.encode("latin-1")) is True


def part(headers: Mapping[bytes, bytes], now: Validators, size: int) -> range | None:
    """Find the part that a request by GET asks for.

    Several ranges are answered with the whole, which section 14.2 leaves to the server.

    Args:
        headers: those of the request.
        now: the validators of the answer.
        size: bytes of the whole.

    Returns:
        The places of the bytes; empty where there are none of those asked for (416); None where
        the whole is to be sent.
    """
    found = _RANGE.fullmatch(headers.get(b"range", b""))
    if found is None or not (found[1] or found[2]) or not _same(headers.get(b"if-range"), now):
        return None
    first, last = found[1], found[2]
    if not first:
        return range(max(0, size - int(last)), size)
    if last and int(last) < int(first):
        return None
    return range(int(first), min(size, int(last) + 1) if last else size)


def _same(condition: bytes | None, now: Validators) -> bool:
    """Judge ``If-Range`` (section 13.1.5)."""
    if condition is None:
        return True
    if condition.lstrip().startswith((b'"', b"W/")):
        return _strongly(condition, now.etag)
    # Each state has a date of its own, so that the date is as good as a strong tag.
    return bool(now.modified) and condition.strip() == now.modified


def _strongly(header: bytes, etag: bytes) -> bool:
    return etag.startswith(b'"') and etag in [tag.strip() for tag in header.split(b",")]


def _later(modified: bytes, date: bytes) -> bool | None:
    """Return whether something was changed after a date; None if either is no date."""
    mine, theirs = _date(modified), _date(date)
    return None if mine is None or theirs is None else mine > theirs


def _date(text: bytes) -> datetime | None:
    try:
        found = parsedate_to_datetime(text.decode("ascii"))
        if found.tzinfo is None:
            # Of the three forms of section 5.6.7 only that of asctime has no zone; it is GMT.
            found = parsedate_to_datetime(f"{text.decode('ascii')} GMT")
    except (ValueError, OverflowError):
        return None
    # What follows a date may be no zone either; it cannot be compared with one that has.
    return found if found.tzinfo is not None else None
