"""Requests made up by chance, the same in every run: no answer is 500, and none is unexpected."""

from __future__ import annotations

import random
import re
from urllib.parse import quote, quote_from_bytes

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from tests.patience import ending
from tests.service.conftest import QUERIES, Client, MakeClient

from samsyn import library, media
from samsyn.dataset.exact import Dataset
from samsyn.errors import QueryError
from samsyn.http.problems import KINDS
from samsyn.layout import Layout
from samsyn.sparql import keywords
from samsyn.sparql.index import Index

EXPECTED = {200, 204, 303, 304} | {kind.status for kind in KINDS.values() if kind.status < 500}
OFTEN = settings(max_examples=150)
SELDOM = settings(max_examples=60)

HOSTILE = (
    "\x00", "\ufeff", "\u2028", "\U0001f600", "e\u0301", "\\u0041", "\\U00110000", "\\", '"', "'''",
    "<", ">", "{", "}", "(", ")", "[", "]", ";", "#", "# x\n", "@", "^^", "%", "%ED%A0%80", "_:b",
    "9" * 400, "1e999999", "-0", "?", "$_x", "?_network_iri", "\r", "\n", "\t", "SERVICE",
    "INSERT DATA {}", "LIMIT 18446744073709551616", "OFFSET -1", "VALUES ?x {UNDEF}",
    "BIND(1/0 AS ?z)",
    "<<( ?a ?b ?c )>>", "FROM <urn:x>", "BASE <>", "PREFIX :<x>", "(p*)*", "EXISTS {",
    "REGEX(?a,'(a+)+$')",
)  # fmt: skip
TOKENS = tuple(dict.fromkeys(re.findall(r"\w+|[^\w\s]", " ".join(QUERIES.values()))))
LIBRARY = st.sampled_from(sorted(QUERIES.values()))


@st.composite
def queries(draw: st.DrawFn) -> str:
    """Make a query of the library worse: cut it, splice it with another, put something in."""
    text = draw(LIBRARY)
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(text)))
        end = draw(st.integers(start, min(len(text), start + 30)))
        piece = draw(
            st.one_of(
                st.just(""),
                st.sampled_from(HOSTILE),
                st.sampled_from(TOKENS).map(lambda word: f" {word} "),
                LIBRARY.map(lambda other, end=end: other[end:]),
                st.just(text[start:end].swapcase()),
                st.integers(1, 60).map(lambda depth: "{" * depth + "}" * depth),
                st.text(max_size=5),
            )
        )
        text = text[:start] + piece + text[end:]
    return text.encode("utf-8", "replace").decode()


ENDLESS = "000000001" + "1" * 5000
"""A number that Python refuses to read, behind nine digits that it reads."""

PIECES = st.sampled_from(
    ("text/", "csv", "*", "/", ",", ";", "q=", "0", "1", ".5", "=", '"', '\\"', "application/json",
     "text/html", "text/turtle", "gzip", "identity", "sv", "en-GB", "utf-8", "charset=", " ",
     "\t", "W/",
     "bytes=0-1", "Bearer ", "Basic ", "application/sparql-query", "multipart/form-data",
     "boundary",
     "application/x-www-form-urlencoded", "\xff", "é", "nan", "1e5")
)  # fmt: skip
VALUES = st.lists(PIECES, max_size=8).map("".join)
NAMES = st.sampled_from(
    ("Accept", "Accept-Encoding", "Accept-Language", "Content-Type", "Content-Encoding",
     "If-None-Match",
     "If-Match", "Range", "Authorization", "Host", "X-Forwarded-For", "X-Forwarded-Host", "Origin",
     "Query-Id", "Expect", "Cookie")
)  # fmt: skip
HEADERS = st.dictionaries(NAMES, VALUES, max_size=4)
SEGMENTS = st.sampled_from(
    ("sparql", "update", "gsp", "graph", "graphs", "id", "page", "data", "doc", "vocab", "ns",
     "shapes",
     "queries", "cq02-parent", "cq01", "network", "a", "things", "Network", "static", "logo.svg",
     "dump.nq",
     "dump.x", "explain", "scenario", "R1.1", "openapi.json", ".well-known", "void", "health",
     "metrics",
     "stated", "networks", "query", "problems", "..", ".", "", "%2e%2e", "%2F", "%5C", "%00",
     "%ff", "%C3%B6",
     "%25", "%0d%0a", "é%3C", "a+b", ":", "%20", "x" * 300)
)  # fmt: skip
PATHS = st.lists(SEGMENTS, max_size=5).map(lambda parts: "/" + "/".join(parts))
KEYS = st.sampled_from(
    ("query", "update", "format", "output", "default-graph-uri", "named-graph-uri",
     "using-graph-uri",
     "timeout", "graph", "default", "page", "lang", "follow", "s", "p", "o", "network", "size",
     "label", "x")
)  # fmt: skip
WORDS = st.one_of(
    st.text(max_size=6).filter(lambda text: text.encode("utf-8", "ignore").decode() == text),
    st.sampled_from(
        (*HOSTILE, "ASK {}", "ttl", "html", "json", "xml", "a", "network:a", "network:\xb2",
         "http://[",
         "urn:x:\xb2", "samsyn:Network", "1", "-1", "1e-9", "0", "nan", "inf", "1_0",
         ENDLESS,
         "9" * 5000, "\u0663", "R1.1", "en", "sv", "EN-\u00e9", '"a"@en', '"a"^^xsd:integer',
         "1.", "true")
    ),
)  # fmt: skip
PAIRS = st.lists(st.tuples(KEYS, WORDS), max_size=4).map(
    lambda pairs: "&".join(f"{key}={quote(word, safe='')}" for key, word in pairs)
)
RAW = st.one_of(
    st.binary(max_size=12).map(quote_from_bytes),
    st.lists(
        st.sampled_from(("%ED%A0%80", "%", "%zz", "&", "=", "+", ";", "query",
        "query=ASK%20%7B%7D", "%00", "[]")),
        max_size=6,
    ).map("".join),
)  # fmt: skip
METHODS = st.sampled_from(
    ("GET", "GET", "HEAD", "POST", "QUERY", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE", "X")
)


@pytest.fixture(scope="module")
def server(small_dataset: Dataset, small_layout: Layout, client_of: MakeClient) -> Client:
    """A server without a public address, so that it goes by the header Host."""
    return client_of(small_dataset, queries=library.load(small_layout))


def ask(client: Client, method: str, url: str, headers: dict[str, str], body: bytes = b"") -> int:
    """Send a request to the server in this process; return the status, one of those expected."""
    raw = [(name.encode(), value.encode("latin-1")) for name, value in headers.items()]
    answer = client.request(method, url, headers=raw, content=body)
    assert answer.status_code in EXPECTED, (method, url, headers, body, answer.text)
    if answer.status_code >= 400 and method != "HEAD":
        assert answer.headers["content-type"].partition(";")[0] in (
            "application/problem+json", "text/plain", "text/html",
        )  # fmt: skip
    return answer.status_code


@pytest.mark.threat("strange")
@OFTEN
@given(text=queries(), accept=st.sampled_from(("*/*", "text/csv", "text/turtle", "text/html")))
@example(text="SELECT * {?s ?p ?o} LIMIT 99999999999999999999", accept="*/*")
def test_no_query_is_too_strange(server: Client, text: str, accept: str) -> None:
    """A query cut, spliced and salted is answered, or refused by a problem; never by 500."""
    headers = {"Accept": accept, "Content-Type": "application/sparql-query"}
    ask(server, "POST", "/sparql", headers, text.encode())


@pytest.mark.threat("strange")
@OFTEN
@given(
    method=METHODS, headers=HEADERS, body=st.sampled_from((b"", b"ASK {}", b"query=ASK{}", b"\xff"))
)
@example(method="GET", headers={"Host": "["}, body=b"")
@example(method="GET", headers={"Host": "a b"}, body=b"")
@example(method="GET", headers={"Host": ""}, body=b"")
@example(method="GET", headers={"Host": "[1::2::3]"}, body=b"")
def test_no_header_is_too_strange(
    server: Client, method: str, headers: dict[str, str], body: bytes
) -> None:
    """Headers of any content lead to an answer or to a problem."""
    for path in (
        "/sparql?query=ASK%20%7B%7D" if method in ("GET", "HEAD") else "/sparql",
        "/gsp?default",
    ):
        ask(server, method, path, headers, body)


@pytest.mark.threat("strange")
@OFTEN
@given(method=METHODS, path=PATHS, query=st.one_of(PAIRS, RAW), headers=HEADERS)
@example(method="GET", path="/ns/%3C", query="", headers={})
@example(
    method="GET",
    path="/graph/stated/networks",
    query="page=000000001" + "1" * 5000,
    headers={"Accept": "text/html"},
)
def test_no_address_is_too_strange(
    server: Client, method: str, path: str, query: str, headers: dict[str, str]
) -> None:
    """Paths and parameters of any content lead to an answer or to a problem."""
    ask(server, method, f"{path}?{query}" if query else path, headers)


@pytest.mark.threat("strange")
@SELDOM
@given(
    path=st.sampled_from(
        (
            "/explain",
            "/scenario",
            "/queries/cq02-parent",
            "/queries/cq03-counted",
            "/queries/cq04-labels",
            "/query",
            "/sparql",
            "/graph/stated/networks",
            "/gsp",
            "/id/network/a",
        )
    ),
    query=PAIRS,
    accept=st.sampled_from(("*/*", "text/html", "text/turtle")),
)
def test_no_parameter_is_too_strange(server: Client, path: str, query: str, accept: str) -> None:
    """Where parameters mean something, their values may be anything."""
    ask(server, "GET", f"{path}?{query}", {"Accept": accept})


def altered(text: str, filler: str) -> str:
    """Put a filler where a query has white space, outside strings and IRIs (there are none)."""
    return re.sub(r"[ \n]+", lambda _: filler, text.strip())


@given(
    text=st.sampled_from([re.sub(r"#\+.*\n", "", query) for query in sorted(QUERIES.values())]),
    filler=st.lists(
        st.sampled_from((" ", "\n", "\t", "\r\n", "# it's <a \"b\n", "#\r")), min_size=1
    ).map("".join),
)
@example(text="SELECT * { ?s ?p 'a  b' }", filler="  ")
def test_space_and_comments_do_not_matter(text: str, filler: str) -> None:
    """White space and comments outside strings and IRIs leave the key of the cache as it is."""
    if "'" not in text:
        assert keywords.normal(altered(text, filler)) == keywords.normal(text)
    assert keywords.normal(f"{filler}{text}{filler}") == keywords.normal(text)


@pytest.mark.threat("kept-answer")
@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param("ASK { ?s ?p 'a b' }", "ASK { ?s ?p 'a  b' }", id="in-a-string"),
        pytest.param("ASK { ?s ?p 'a#b' }", "ASK { ?s ?p 'a#c' }", id="hash-in-a-string"),
        pytest.param("ASK { ?s ?p <a:#b> }", "ASK { ?s ?p <a:#c> }", id="hash-in-an-iri"),
        pytest.param(
            'ASK { ?s ?p """a\n b""" }', 'ASK { ?s ?p """a  b""" }', id="in-a-long-string"
        ),
        pytest.param("ASK { ?s ?p a:b\\#c }", "ASK { ?s ?p a:b\\#d }", id="escaped-hash"),
        pytest.param("ASK { FILTER(?a<?b#>\n) }", "ASK { FILTER(?a<?b#> ) }", id="compared"),
        pytest.param("ASK {}", "ASK {}\x0c", id="no-space-of-sparql"),
        pytest.param("ASK { ?s ?p ?o } # a\nLIMIT 1", "ASK { ?s ?p ?o } # a LIMIT 1", id="line"),
    ],
)
def test_what_matters_is_told_apart(one: str, other: str) -> None:
    """What is in strings and IRIs, and where a comment ends, is part of the key."""
    assert keywords.normal(one) != keywords.normal(other)


@pytest.mark.parametrize(
    ("text", "varies"),
    [
        pytest.param("ASK { FILTER(now() = ?a) }", True, id="call"),
        pytest.param("ASK { FILTER(NOW # when\n # else\n ( ) = ?a) }", True, id="comments"),
        pytest.param("ASK { FILTER(?a<now()&&?b>?c) }", True, id="compared"),
        pytest.param("ASK { FILTER(?a<now#>\n()) }", True, id="doubtful"),
        pytest.param("ASK { BIND(struuid() AS ?a) }", True, id="longer-name"),
        pytest.param("ASK { ?now ?b 'now()' } # now()", False, id="no-call"),
        pytest.param("ASK { ?a <http://a.example/brand#x> ?b }", False, id="in-an-iri"),
    ],
)
def test_an_answer_varies_where_the_time_or_chance_is_asked_for(text: str, *, varies: bool) -> None:
    """A call that cannot be reported from an IRI counts; a word in a string or comment does not."""
    assert keywords.varies(text) is varies


@pytest.fixture(scope="module")
def small_index(small_dataset: Dataset) -> Index:
    """The index of the small repository."""
    return Index(small_dataset)


def answer(index: Index, text: str) -> object:
    """Return the answer to a query, its rows sorted; of an error only that there is one."""
    try:
        found = index.query(text, base="http://samsyn.example/sparql", prefixes=True)
        if found.kind == "ask":
            return found.boolean
        if found.kind == "select":
            return found.variables, sorted(str(sorted(row.items())) for row in found.rows())
        return sorted(map(str, found.triples()))
    except QueryError:
        return None


@pytest.mark.threat("kept-answer")
@OFTEN
@given(text=queries())
def test_one_key_one_answer(small_index: Index, text: str) -> None:
    """The normal form of a query has its answer, or fails as it does, and is its own."""
    normal = keywords.normal(text)
    assert keywords.normal(normal) == normal
    if not keywords.varies(text) and "_:" not in text and "CONSTRUCT" not in text:
        assert answer(small_index, normal) == answer(small_index, text)


OFFERS = st.sampled_from(((*media.RESULTS, media.HTML), (*media.RDF, media.HTML), media.DATASETS))
TYPES = sorted(
    {kind for form in (*media.RESULTS, *media.RDF, media.HTML) for kind in form.media_types}
)
RANGES = st.tuples(
    st.sampled_from((*TYPES, "*/*", "text/*", "application/*", "image/png", "TEXT/HTML")),
    st.sampled_from((None, 0, 0.1, 0.5, 0.999, 1)),
)


def header(ranges: list[tuple[str, float | None]]) -> str:
    """Write ranges as a header."""
    return ", ".join(name if q is None else f"{name};q={q}" for name, q in ranges)


def weight(kind: str, ranges: list[tuple[str, float | None]]) -> float:
    """Return what a client thinks of a media type, by RFC 9110, section 12.5.1."""
    family = kind.partition("/")[0]
    for name in (kind, f"{family}/*", "*/*"):
        found = [1.0 if q is None else q for given, q in ranges if given.lower() == name]
        if found:
            return max(found)
    return 0.0


@OFTEN
@given(ranges=st.lists(RANGES, min_size=1, max_size=6), offered=OFFERS, order=st.randoms())
def test_the_choice_is_a_best_one(
    ranges: list[tuple[str, float | None]], offered: tuple[media.Format, ...], order: random.Random
) -> None:
    """Nothing excluded is chosen, nothing offered weighs more, the order of ranges is no matter."""
    chosen = media.negotiate(header(ranges), offered)
    registered = [form.media_type for form in offered]
    weights = {kind: weight(kind, ranges) for kind in registered}
    if chosen is None:
        assert not any(weights.values())
        return
    assert weight(chosen.media_type, ranges) > 0
    assert weight(chosen.media_type, ranges) >= max(weights.values())
    assert media.negotiate(chosen.media_type, offered) == chosen
    mixed = ranges.copy()
    order.shuffle(mixed)
    assert media.negotiate(header(mixed), offered) == chosen


@OFTEN
@given(
    codings=st.dictionaries(
        st.sampled_from(("gzip", "br", "identity", "*", "x")), st.sampled_from((0, 0.3, 0.7, 1))
    ),
    languages=st.dictionaries(
        st.sampled_from(("sv", "en", "de", "*")), st.sampled_from((0, 0.3, 1))
    ),
)
def test_codings_and_languages_are_best_ones(
    codings: dict[str, float], languages: dict[str, float]
) -> None:
    """No coding that is excluded is used, and no language that another outweighs."""
    coding = media.negotiate_coding(header(list(codings.items())), ("br", "gzip"))
    assert coding in ("br", "gzip", "")
    if coding:
        liked = codings.get(coding, codings.get("*", 0))
        assert liked > 0
        assert liked >= max(codings.get(name, codings.get("*", 0)) for name in ("br", "gzip"))
        assert liked >= codings.get("identity", 0)
    language = media.negotiate_language(header(list(languages.items())), ("en", "sv"))
    liked = languages.get(language, languages.get("*", 0))
    assert liked >= max(languages.get(name, languages.get("*", 0)) for name in ("en", "sv"))


@pytest.mark.threat("event-loop")
@pytest.mark.parametrize(
    "text", ['"' + '\\"' * 30_000, 'a;"' + '\\"' * 30_000, 'a;x="' + "\\" * 60_001]
)
def test_no_header_is_read_more_than_once(text: str) -> None:
    """A quoted text that never ends costs no more than its length; by its square, half a minute."""
    with ending():
        media.negotiate(text, media.RESULTS)
        media.essence(text)
