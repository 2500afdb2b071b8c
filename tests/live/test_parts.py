"""Parts of a dump that is larger than what the server holds of an answer."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from tests.live.attacking import request
from tests.live.serving import Server, serving


@pytest.fixture(scope="module")
def narrow() -> Iterator[Server]:
    """A server that holds 64 KiB of an answer and keeps none, so that dumps are streamed."""
    with serving(environment={"SAMSYN_RESPONSE_BUFFER_KIB": "64", "SAMSYN_CACHE": "0"}) as running:
        yield running


def test_a_streamed_dump_has_a_length_and_parts(narrow: Server) -> None:
    """Each part is that of the whole; HEAD, conditions and what is not there are as for others."""
    whole = request(narrow, "GET", "/dump.nq")
    size = len(whole.body)
    assert size > 1024 * 1024
    assert whole.headers["content-length"] == str(size)
    head = request(narrow, "HEAD", "/dump.nq")
    assert (head.status, head.body) == (200, b"")
    assert head.headers["content-length"] == str(size)
    tag = whole.headers["etag"]
    for first, last in ((0, 0), (1000, 99_999), (65_535, 65_536), (size - 5, size - 1)):
        part = request(narrow, "GET", "/dump.nq", range=f"bytes={first}-{last}", if_range=tag)
        assert part.status == 206
        assert part.body == whole.body[first : last + 1]
        assert part.headers["content-range"] == f"bytes {first}-{last}/{size}"
    assert request(narrow, "GET", "/dump.nq", range=f"bytes={size}-").status == 416
    since = whole.headers["last-modified"]
    assert request(narrow, "GET", "/dump.nq", if_modified_since=since).status == 304
    assert request(narrow, "GET", "/dump.nq", if_match='"x"').status == 412
    assert request(narrow, "GET", "/dump.nq").body == whole.body
