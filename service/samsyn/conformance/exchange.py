"""Cases of requests as HTTP has them: hosts, conditions, lengths, ranges, pages of other origins.

RFC 9110 (HTTP), RFC 9112 (HTTP/1.1) and the Fetch standard.
"""

from __future__ import annotations

from typing import Final

from samsyn.conformance import expectation as expect
from samsyn.conformance.answer import Answer
from samsyn.conformance.asking import ACCEPT, DIRECT, get
from samsyn.conformance.case import Area, Case, Clause, Declines, Level, Names, Send, Step, Target

_ASK: Final = (("query", "ASK {}"),)
_MODIFIED: Final = ("modified", "Last-Modified")


def _case(  # noqa: PLR0913  a case has that many sides
    name: str,
    document: str,
    section: str,
    title: str,
    *steps: Step,
    level: Level = Level.MUST,
    declines: Declines | None = None,
) -> Case:
    return Case(name, Area.PROTOCOL, Clause(document, section), title, steps, level, declines)


def _hosts(*hosts: str) -> Send:
    return Send(Target.QUERY, (expect.status(400),), query=_ASK, headers=(ACCEPT,), hosts=hosts)


def _again(*headers: tuple[str, str], then: int) -> Send:
    checks = (expect.status(then), *((expect.yes,) if then == 200 else ()))  # noqa: PLR2004
    return Send(Target.QUERY, checks, query=_ASK, headers=(ACCEPT, *headers))


def _first(name: str, header: str) -> Send:
    checks = (expect.SUCCESS, expect.yes)
    return Send(Target.QUERY, checks, query=_ASK, headers=(ACCEPT,), learn=(name, header))


def _lacks(header: str) -> Declines:
    return lambda answer: answer.status == 200 and answer.header(header) is None  # noqa: PLR2004


def _same_length(answer: Answer, names: Names) -> str | None:
    told, known = answer.header("Content-Length"), names["length"]
    if told is None or known in ("absent", told):
        return None
    return f"Content-Length {told} where {known} is wanted"


def _part_or_whole(answer: Answer, names: Names) -> str | None:
    if answer.status == 200:  # noqa: PLR2004
        return expect.yes(answer, names)
    if answer.status != 206:  # noqa: PLR2004
        return f"status {answer.status} where 200 or 206 is wanted"
    if not (answer.header("Content-Range") or "").startswith("bytes 0-0/"):
        return f"Content-Range {answer.header('Content-Range')!r} where bytes 0-0 is wanted"
    return None if len(answer.body) == 1 else f"{len(answer.body)} bytes where 1 is wanted"


def _lets_through(answer: Answer, _: Names) -> str | None:
    allowed = (answer.header("Access-Control-Allow-Headers") or "").lower()
    if allowed == "*" or "content-type" in [part.strip() for part in allowed.split(",")]:
        return None
    return f"Access-Control-Allow-Headers {allowed!r} without content-type"


_HOSTS: Final = (
    _case("host-missing", "HTTP/1.1", "3.2", "says 400 where no host is named", _hosts()),
    _case(
        "host-twice",
        "HTTP/1.1",
        "3.2",
        "says 400 where two hosts are named",
        _hosts("a.example", "b.example"),
    ),
    _case(
        "host-invalid", "HTTP/1.1", "3.2", "says 400 where the host is none", _hosts("a.example/b")
    ),
)

_CONDITIONS: Final = (
    _case(
        "condition-tag",
        "HTTP",
        "13.1.2",
        "says 304 to a client that has the tag already",
        _first("tag", "ETag"),
        _again(("If-None-Match", "$tag"), then=304),
        declines=_lacks("ETag"),
    ),
    _case(
        "condition-date",
        "HTTP",
        "13.1.3",
        "says 304 to a client that has had it since then",
        _first(*_MODIFIED),
        _again(("If-Modified-Since", "$modified"), then=304),
        level=Level.SHOULD,
        declines=_lacks("Last-Modified"),
    ),
    _case(
        "condition-tag-outweighs-date",
        "HTTP",
        "13.1.3",
        "overlooks If-Modified-Since where If-None-Match stands",
        _first(*_MODIFIED),
        _again(("If-None-Match", '"x-check"'), ("If-Modified-Since", "$modified"), then=200),
        declines=_lacks("Last-Modified"),
    ),
    _case(
        "condition-no-date",
        "HTTP",
        "13.1.3",
        "overlooks a date that is none",
        _again(("If-Modified-Since", "yesterday"), then=200),
    ),
)

_PARTS: Final = (
    _case(
        "head-length",
        "HTTP",
        "8.6",
        "tells by HEAD the length that GET has, or none",
        _first("length", "Content-Length"),
        Send(
            Target.QUERY,
            (expect.SUCCESS, expect.empty, _same_length),
            "HEAD",
            _ASK,
            (ACCEPT,),
        ),
    ),
    _case(
        "range",
        "HTTP",
        "14.2",
        "sends the part that is asked for, or the whole",
        Send(Target.QUERY, (_part_or_whole,), "GET", _ASK, (ACCEPT, ("Range", "bytes=0-0"))),
    ),
    _case(
        "range-unknown-unit",
        "HTTP",
        "14.2",
        "overlooks ranges in a unit that it does not know",
        _again(("Range", "x-check=0-0"), then=200),
    ),
)

_CLIENTS: Final = (
    _case(
        "upgrade-overlooked",
        "HTTP",
        "7.8",
        "answers a body although its client would like another protocol",
        Send(
            Target.QUERY,
            (expect.SUCCESS, expect.yes),
            "POST",
            headers=(ACCEPT, DIRECT, ("Connection", "Upgrade"), ("Upgrade", "h2c")),
            body="ASK {}",
        ),
    ),
    _case(
        "parameters-repeated-format",
        "Protocol",
        "2.1",
        "overlooks that a parameter outside the Protocol is given twice",
        get("ASK {}", expect.yes, more=(("format", "json"), ("format", "json"))),
        level=Level.SHOULD,
    ),
    _case(
        "parameters-empty",
        "Protocol",
        "2.1.4",
        "takes graphs that a form sends empty for none",
        get("ASK {}", expect.yes, more=(("default-graph-uri", ""), ("named-graph-uri", ""))),
        level=Level.SHOULD,
    ),
    _case(
        "preflight",
        "Fetch",
        "3.2.2",
        "lets a page of another origin post a query",
        Send(
            Target.QUERY,
            (
                expect.SUCCESS,
                expect.header("Access-Control-Allow-Origin"),
                _lets_through,
            ),
            "OPTIONS",
            headers=(
                ("Origin", "https://page.example"),
                ("Access-Control-Request-Method", "POST"),
                ("Access-Control-Request-Headers", "content-type"),
            ),
        ),
        level=Level.SHOULD,
    ),
)

CASES: Final = (*_HOSTS, *_CONDITIONS, *_PARTS, *_CLIENTS)
