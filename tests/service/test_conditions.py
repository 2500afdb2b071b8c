"""Conditions, dates and ranges (RFC 9110, sections 13 and 14), at every address that has them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime, parsedate_to_datetime
from typing import Any, Protocol

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from samsyn.server.connection.conditional_requests import Validators, judged, part

ASK = "/sparql?query=ASK+%7B%7D"
DUMP = "/dump.nq"
STORED = "/gsp?graph=https%3A%2F%2Fw3id.org%2Fsamsyn%2Fgraph%2Fstated%2Fnetworks"
DATED = [ASK, DUMP, STORED, "/ns", "/data/id/network/a", "/queries/cq01", "/openapi.json"]
RANGED = [DUMP, "/dump.trig", "/graph/stated/networks?format=ttl", STORED]


class Asker(Protocol):
    """What the fixture `client` can do."""

    def request(self, method: str, url: str, **arguments: Any) -> httpx.Response:
        """Send a request."""
        ...

    def get(self, url: str, accept: str | None = None, **arguments: Any) -> httpx.Response:
        """Send a GET."""
        ...


def ask(client: Asker, path: str, method: str = "GET", **headers: str) -> httpx.Response:
    """Ask with headers, whose names are written with underscores."""
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    return client.request(method, path, headers=sent)


def moved(date: str, seconds: int) -> str:
    """Return another date as HTTP writes it."""
    return format_datetime(parsedate_to_datetime(date) + timedelta(seconds=seconds), usegmt=True)


@pytest.mark.parametrize("path", DATED)
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_who_has_it_since_then_gets_304(client: Asker, path: str, method: str) -> None:
    """The server's own date, or a later one, brings 304; an earlier one the whole."""
    same = {"accept": "text/turtle, */*", "accept_encoding": "identity"}
    whole = ask(client, path, **same)
    date = whole.headers["last-modified"]
    for seconds, status in ((0, 304), (60, 304), (-1, 200)):
        since = moved(date, seconds)
        found = ask(client, path, method, if_modified_since=since, **same)
        assert found.status_code == status
        assert found.headers["last-modified"] == date
        assert found.headers["etag"] == whole.headers["etag"]
    assert found.headers["content-length"] == str(len(whole.content))


@pytest.mark.parametrize("path", DATED)
def test_a_tag_outweighs_a_date(client: Asker, path: str) -> None:
    """Where If-None-Match stands, If-Modified-Since is not looked at (section 13.2.2)."""
    whole = ask(client, path)
    later = moved(whole.headers["last-modified"], 60)
    tag = whole.headers["etag"]
    assert ask(client, path, if_none_match='"x"', if_modified_since=later).status_code == 200
    earlier = moved(whole.headers["last-modified"], -60)
    assert ask(client, path, if_none_match=tag, if_modified_since=earlier).status_code == 304


@pytest.mark.parametrize(
    "date",
    ["yesterday", "", "0", "2026-11-30T00:00:00Z", "Mon, 99 Foo 1",
     "Mon, 01 Jan 99999999999999999999 00:00:00 GMT", "Mon, 01 Jan 2022 00:00:00 +99999999999999",
     "Mon, 30 Nov 2026 00:00:00 GMTx9x", "Mon, 30 Nov 2026 00:00:00 x"],
)  # fmt: skip
def test_what_is_no_date_is_overlooked(client: Asker, date: str) -> None:
    """A date that is none is as good as none (section 13.1.3)."""
    assert ask(client, ASK, if_modified_since=date).status_code == 200
    assert ask(client, ASK, if_unmodified_since=date).status_code == 200


def test_a_query_that_fails_is_never_not_modified(client: Asker) -> None:
    """A condition counts only where the answer would be a success (section 13.2.1)."""
    later = format_datetime(datetime.now(UTC) + timedelta(days=1), usegmt=True)
    assert ask(client, "/sparql?query=ASK", if_modified_since=later).status_code == 400
    assert ask(client, "/data/id/none", if_modified_since=later).status_code == 404


@pytest.mark.parametrize("path", RANGED)
def test_conditions_to_read_only_this_state(client: Asker, path: str) -> None:
    """If-Match and If-Unmodified-Since that do not hold bring 412."""
    whole = ask(client, path)
    tag, date = whole.headers["etag"], whole.headers["last-modified"]
    for headers, status in (
        ({"if_match": tag}, 200),
        ({"if_match": "*"}, 200),
        ({"if_match": '"x"'}, 412),
        ({"if_match": f"W/{tag}"}, 412),
        ({"if_match": '"x"', "if_none_match": tag}, 412),
        ({"if_unmodified_since": date}, 200),
        ({"if_unmodified_since": moved(date, -1)}, 412),
        ({"if_match": tag, "if_unmodified_since": moved(date, -1)}, 200),
    ):
        assert ask(client, path, **headers).status_code == status, headers


@pytest.mark.parametrize("path", RANGED)
def test_parts_make_up_the_whole(client: Asker, path: str) -> None:
    """Ranges are parts of what is sent without them; HEAD knows its length."""
    whole = ask(client, path, accept_encoding="identity")
    size = len(whole.content)
    head = ask(client, path, "HEAD", accept_encoding="identity")
    assert head.headers["accept-ranges"] == "bytes"
    assert head.headers["content-length"] == str(size)
    for asked, first, last in (
        ("bytes=0-9", 0, 9),
        ("bytes=10-", 10, size - 1),
        ("bytes=-7", size - 7, size - 1),
        ("bytes=-999999999", 0, size - 1),
        (f"bytes={size - 1}-{size + 5}", size - 1, size - 1),
        ("Bytes=3-3", 3, 3),
    ):
        found = ask(client, path, range=asked, accept_encoding="identity")
        assert found.status_code == 206, asked
        assert found.headers["content-range"] == f"bytes {first}-{last}/{size}"
        assert found.headers["content-length"] == str(last - first + 1)
        assert found.headers["etag"] == whole.headers["etag"]
        assert found.content == whole.content[first : last + 1]
        assert ask(client, path, "HEAD", range=asked).status_code == 200


@pytest.mark.parametrize("path", RANGED)
def test_a_part_is_never_compressed(client: Asker, path: str) -> None:
    """A part of gzip could not be read; so parts are of the document itself, and have its tag."""
    zipped = ask(client, path, accept_encoding="gzip")
    plain = ask(client, path, accept_encoding="identity")
    found = ask(client, path, range="bytes=5-20", accept_encoding="gzip")
    assert found.content == plain.content[5:21]
    assert "content-encoding" not in found.headers
    if "content-encoding" in zipped.headers:
        tag = zipped.headers["etag"]
        assert tag != plain.headers["etag"]
        assert ask(client, path, range="bytes=5-20", if_range=tag).status_code == 200


@pytest.mark.parametrize("path", RANGED)
def test_a_part_that_is_not_there_is_told(client: Asker, path: str) -> None:
    """What begins behind the end is 416, with the length (section 14.4)."""
    size = len(ask(client, path, accept_encoding="identity").content)
    for asked in (f"bytes={size}-", f"bytes={size + 5}-{size + 9}", "bytes=-0"):
        found = ask(client, path, range=asked, accept_encoding="identity")
        assert found.status_code == 416
        assert found.headers["content-range"] == f"bytes */{size}"


@pytest.mark.parametrize("path", RANGED)
@pytest.mark.parametrize(
    "asked",
    ["bytes=0-1,5-6", "bytes=", "bytes=-", "bytes=9-2", "bytes=a-b", "lines=1-2", "0-5", "bytes"],
)
def test_other_ranges_bring_the_whole(client: Asker, path: str, asked: str) -> None:
    """Several ranges, other units and what cannot be read are overlooked (section 14.2)."""
    assert ask(client, path, range=asked).status_code == 200


@pytest.mark.parametrize("path", RANGED)
def test_a_part_of_another_state_is_not_sent(client: Asker, path: str) -> None:
    """If-Range sends the whole unless the state is the very same (section 13.1.5)."""
    whole = ask(client, path, accept_encoding="identity")
    tag, date = whole.headers["etag"], whole.headers["last-modified"]
    for condition, status in (
        (tag, 206),
        (date, 206),
        (f"W/{tag}", 200),
        ('"x"', 200),
        (moved(date, 1), 200),
        (moved(date, -1), 200),
        ("nonsense", 200),
    ):
        assert ask(client, path, range="bytes=0-3", if_range=condition).status_code == status


def test_answers_without_parts_overlook_ranges(client: Asker) -> None:
    """Rows may come in another order each time, so that parts of them would not fit."""
    found = ask(client, "/sparql?query=SELECT+*+%7B%3Fs+%3Fp+%3Fo%7D", range="bytes=0-3")
    assert found.status_code == 200
    assert "accept-ranges" not in found.headers


@given(
    st.integers(0, 60),
    st.one_of(st.just(""), st.integers(0, 70).map(str)),
    st.one_of(st.just(""), st.integers(0, 70).map(str)),
)
def test_a_part_is_what_the_recommendation_says(size: int, first: str, last: str) -> None:
    """Every range means what section 14.1.2 says, worked out byte by byte."""
    found = part({b"range": f"bytes={first}-{last}".encode()}, Validators(), size)
    if (not first and not last) or (first and last and int(last) < int(first)):
        assert found is None
        return
    if first:
        wanted = [n for n in range(size) if int(first) <= n <= (int(last) if last else size)]
    else:
        wanted = [n for n in range(size) if n >= size - int(last)]
    assert found is not None
    assert list(found) == wanted


TAGS = st.sampled_from([b"", b'"a"', b'W/"a"', b'"b"', b'W/"b"'])
LISTS = st.one_of(st.just(b"*"), st.lists(TAGS.filter(bool), min_size=1).map(b", ".join))
DATES = [b"Mon, 30 Nov 2026 10:00:0%d GMT" % second for second in range(3)]
SINCE = st.sampled_from([*DATES, b"nonsense"])
CONDITIONS = st.fixed_dictionaries(
    {},
    optional={
        b"if-match": LISTS,
        b"if-none-match": LISTS,
        b"if-unmodified-since": SINCE,
        b"if-modified-since": SINCE,
    },
)


@given(TAGS, st.sampled_from([b"", DATES[1]]), CONDITIONS)
def test_the_order_of_conditions_is_that_of_the_recommendation(
    etag: bytes, modified: bytes, headers: dict[bytes, bytes]
) -> None:
    """The outcome is that of the five steps of section 13.2.2, written out again."""
    outcome = judged(headers, "GET", Validators(etag, modified))
    assert outcome == expected(etag, modified, headers)
    assert judged(headers, "POST", Validators(etag, modified)) is None


def expected(etag: bytes, modified: bytes, headers: dict[bytes, bytes]) -> int | None:
    """Work the outcome out step by step."""
    known = modified in DATES
    if b"if-match" in headers:
        tags = headers[b"if-match"].split(b", ")
        if tags != [b"*"] and (etag not in tags or not etag.startswith(b'"')):
            return 412
    elif known and headers.get(b"if-unmodified-since") == DATES[0]:
        return 412
    if b"if-none-match" in headers:
        tags = headers[b"if-none-match"].split(b", ")
        bare = {tag.removeprefix(b"W/") for tag in tags}
        return 304 if tags == [b"*"] or (etag and etag.removeprefix(b"W/") in bare) else None
    return 304 if known and headers.get(b"if-modified-since") in DATES[1:] else None


DOCUMENTS = [
    *((path, kind) for path in DATED for kind in ("*/*",)),
    *((path, "text/html") for path in ("/", "/ns", "/shapes", "/graphs", "/browse", "/query")),
    ("/sparql", "text/turtle"),
    ("/sparql", "text/html"),
    ("/sparql?query=ASK+%7B%7D", "text/html"),
    ("/sparql?query=ASK+%7B%7D%23" + "x" * 9000, "text/csv"),
    ("/sparql?query=ASK+%7B%7D%23" + "x" * 9000, "text/html"),
    ("/shapes", "text/turtle"),
    ("/queries", "application/json"),
    ("/queries/cq01", "text/html"),
    ("/explain", "text/html"),
    ("/scenario", "application/json"),
    ("/scenario", "text/html"),
    ("/graph/stated/networks", "text/html"),
    ("/graph/stated/networks", "text/turtle"),
    ("/dump.trig", "*/*"),
    ("/page/id/network/a", "text/html"),
    ("/data/id/network/a", "text/turtle"),
    ("/.well-known/void", "text/turtle"),
    ("/problems", "text/html"),
    ("/browse/Network", "text/html"),
    ("/static/logo.svg", "*/*"),
]
OF_CONTENT = {"content-type", "content-length", "content-disposition", "content-encoding"}
OF_REQUEST = {"date", "query-id"}


@pytest.mark.threat("kept-answer")
@pytest.mark.parametrize("kept", [True, False], ids=["from-the-cache", "not-kept"])
@pytest.mark.parametrize(("path", "accept"), DOCUMENTS)
def test_not_modified_says_what_the_answer_would(
    client: Any, path: str, accept: str, *, kept: bool
) -> None:
    """A cache takes over the headers of a 304, so they are those of the 200 (RFC 9110, 15.4.5)."""
    headers = {"accept": accept, "accept_encoding": "gzip", "accept_language": "sv"}
    whole = ask(client, path, **headers)
    assert whole.status_code == 200
    if not kept:
        client.app.cache.clear()
    for method in ("GET", "HEAD"):
        known = ask(client, path, method, **headers, if_none_match=f'"x", {whole.headers["etag"]}')
        assert known.status_code == 304
        left_out = OF_CONTENT | OF_REQUEST | {"accept-ranges", "link"}
        told = {k: v for k, v in whole.headers.items() if k not in left_out}
        assert {k: v for k, v in known.headers.items() if k not in left_out} == told
