"""What workers say of their answers: nothing is believed that could be more than one answer."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from samsyn.http import messages
from samsyn.http.problems import Problem
from samsyn.server.answer_head import read_head
from samsyn.server.error_mapping import pack, problem_of
from samsyn.server.workers.answer import Answer, JobFailedError
from samsyn.server.workers.framing import FAIL, LARGEST

HEADERS: dict[str, Any] = {
    "a line break in a value": {"Link": "a\r\nSet-Cookie: a=b"},
    "a bare line feed": {"Link": "a\nb"},
    "a zero": {"Link": "a\0b"},
    "a line break in a name": {"Link: a\r\nSet-Cookie": "a=b"},
    "a header that frames": {"Transfer-Encoding": "chunked"},
    "a header that ends": {"Connection": "close"},
    "a cookie": {"Set-Cookie": "a=b"},
    "rights for other pages": {"Access-Control-Allow-Credentials": "true"},
    "characters that no header has": {"Link": "å→"},
    "no text": {"Link": 5},
}
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=6,
)


SAID = st.fixed_dictionaries(
    {
        "kind": st.sampled_from(["bad-request", "conflict"]) | JSON,
        "detail": st.text(max_size=8) | JSON,
        "headers": st.just({}) | JSON,
        "members": JSON,
    }
)


async def told(head: bytes) -> tuple[tuple[int, dict[str, str]] | None, bool]:
    """Read a head; return what it says, None where it is refused, and whether it was let go."""
    left: list[bool] = []
    answer = Answer(1, lambda _: None, lambda: left.append(True))
    answer.head = head
    try:
        return read_head(answer), bool(left)
    except JobFailedError:
        return None, bool(left)


def read(head: bytes) -> tuple[tuple[int, dict[str, str]] | None, bool]:
    """Do so in a loop."""
    return asyncio.run(told(head))


@pytest.mark.threat("frames")
@pytest.mark.parametrize("headers", HEADERS.values(), ids=HEADERS)
def test_a_worker_adds_no_header_of_its_own_making(headers: dict[str, Any]) -> None:
    """Neither to an answer nor to an error, which the client then hears of as a fault."""
    assert read(messages.head(200, headers)) == (None, True)
    said = {"kind": "bad-request", "detail": "d", "headers": headers, "members": {}}
    assert problem_of(JobFailedError(json.dumps(said).encode())).kind == "internal"


@pytest.mark.threat("frames")
@pytest.mark.parametrize(
    "head",
    [
        b"",
        b"no JSON",
        b"[" * 60_000,
        b"[]",
        b'{"status": 200}',
        b'{"status": "x", "headers": []}',
        b'{"status": 100, "headers": []}',
        b'{"status": 200, "headers": [1]}',
        b'{"status": 200, "headers": [["content-length", "-1"]]}',
    ],
)
def test_a_head_that_is_none_is_a_fault(head: bytes) -> None:
    """And the worker goes."""
    assert read(head) == (None, True)


def test_a_head_is_read_as_it_was_written() -> None:
    """Names of headers are in lower case."""
    written = messages.head(206, {"Content-Type": "text/turtle", "content-length": "5"})
    read_ = (206, {"content-type": "text/turtle", "content-length": "5"})
    assert read(written) == (read_, False)


@pytest.mark.threat("frames")
@given(st.binary(max_size=64) | (JSON | SAID).map(lambda said: json.dumps(said).encode()))
def test_whatever_a_worker_says_of_an_error_is_a_problem(payload: bytes) -> None:
    """Nothing that is read of it raises."""
    assert isinstance(problem_of(JobFailedError(payload)), Problem)


@pytest.mark.parametrize(
    "changed",
    [{"kind": "nope"}, {"kind": []}, {"detail": ["d"]}, {"headers": [1]}, {"members": "x"}],
)
@pytest.mark.threat("frames")
def test_an_error_with_a_part_that_is_none_is_a_fault(changed: dict[str, Any]) -> None:
    """Only the kinds that there are, in words."""
    said = {"kind": "bad-request", "detail": "d", "headers": {}, "members": {}, **changed}
    assert problem_of(JobFailedError(json.dumps(said).encode())).kind == "internal"


def test_an_error_that_lists_too_much_goes_without_its_lists() -> None:
    """What a worker may send of it is bounded."""
    problem = Problem("conflict", "It cannot be.", clashes=["a" * 100] * 10_000)
    packed = pack(problem)
    assert len(packed) <= LARGEST[FAIL]
    again = problem_of(JobFailedError(packed))
    assert (again.kind, again.detail) == (problem.kind, problem.detail)
