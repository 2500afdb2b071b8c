"""The work for a text grows with its length, and no faster, whatever the text.

A function is given a text of one piece repeated, and one four times as long. What takes four times
the work is linear, sixteen times is quadratic; the bound lies between. Work is processor time of
this thread, of which the least of several measurements counts, so that other processes matter
little.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import product
from time import thread_time
from typing import Final

import pytest

from samsyn import media
from samsyn.http import negotiation, problems, sparql_protocol
from samsyn.http.problems import Problem
from samsyn.http.sparql_protocol import Parameters
from samsyn.server import public_address
from samsyn.server.client_address import Clients
from samsyn.server.connection import bodies, conditional_requests
from samsyn.server.connection.conditional_requests import Validators
from samsyn.server.relevant_parameters import relevant
from samsyn.sparql import keywords

SHORT: Final = 2048
LONG: Final = 4 * SHORT
MOST: Final = 9.0
"""Times the work for a text four times as long."""
NOTHING: Final = 2e-4
"""Seconds of work that are not worth measuring."""

PIECES: Final = (
    "now", "rand(", "uuid ", "bnode\n", "service", "service ", "service.", "service a:",
    "prefix a:", "from ", "select ", "insert ", "a:", "a.", "a-", "?a", "$", "@a", "@a-", "://",
    "a://", "\\", "\\a", '"', "'", '"""', "'''", '""', '"\\', "#", "#\n", "\n", "\r", " ",
    "<", "<a", "<a>", "<'>", ">", "{", "}", "{}", ";", ",", "&", "=", "%", "%4", "%41", "+", "é",
    "0", "1", "_", ".", "-", ":", "[", "W/", '"a",', "q=", ";q=1", "*/*,", "a/a,", "bytes=", "0-",
    "for=", "Mon, ", "00:",
)  # fmt: skip
MIXED: Final = (
    "#now", "#{}'", "<#'", "'\n\"", "\"\"\"'''", "?a\\", "service<", "service{a:", ",;\"", "a=&b=",
    "a&a", "now#\n", "#\nnow ", "1.", "1_", "1e",
)  # fmt: skip


def refused(work: Callable[[], object]) -> None:
    """Do a piece of work that may end in a refusal."""
    try:
        work()
    except Problem as problem:
        problems.written(problem, "text/plain", "0")
        problems.written(problem, None, "0")


TAG: Final = Validators(b'W/"a"', b"Sat, 01 Jan 2022 00:00:00 GMT")
CLIENTS: Final = Clients("127.0.0.1")
OFFERED: Final = (*media.RESULTS, media.HTML)

FUNCTIONS: Final[dict[str, Callable[[str], object]]] = {
    "keywords": keywords.keywords,
    # It makes a thing of each word, and only a writer calls it.
    "outline": lambda text: keywords.outline(text[: len(text) // 4]),
    "varies": keywords.varies,
    "normal": keywords.normal,
    "variables": lambda text: list(keywords.variables(text)),
    "survey": keywords.survey,
    "undeclared": keywords.undeclared,
    "place": lambda text: problems.place(text, text.count("\n"), 1),
    "negotiate": lambda text: media.negotiate(text, OFFERED),
    "negotiate_language": lambda text: media.negotiate_language(text, ("en", "sv")),
    "negotiate_coding": lambda text: media.negotiate_coding(text, ("gzip",)),
    "essence": media.essence,
    "known": media.known,
    "decode": lambda text: sparql_protocol.decode(text.encode()),
    "form": lambda text: sparql_protocol.query(
        sparql_protocol.Sent("POST", Parameters([]), sparql_protocol.FORM, text.encode())
    ),
    "hurry": lambda text: sparql_protocol.hurry(text.encode()),
    "relevant": lambda text: [relevant(path, text.encode()) for path in ("/", "/queries/a")],
    "preferences": lambda text: bodies.check_preferences({b"accept": text.encode()}),
    "is_host": lambda text: [sparql_protocol.is_host(text), sparql_protocol.is_host(f"[{text}]")],
    "timeout": lambda text: sparql_protocol.timeout(Parameters([("timeout", text)])),
    "formats": lambda text: negotiation.chosen([text], text, OFFERED, strict=True),
    "if-none-match": lambda text: conditional_requests.judged(
        {b"if-none-match": text.encode()}, "GET", TAG
    ),
    "if-match": lambda text: conditional_requests.judged({b"if-match": text.encode()}, "GET", TAG),
    "if-modified-since": lambda text: conditional_requests.judged(
        {b"if-modified-since": text.encode()}, "GET", TAG
    ),
    "range": lambda text: conditional_requests.part({b"range": text.encode()}, TAG, 10),
    "client": CLIENTS.node,
    "inner": lambda text: public_address.inner(text, "/a"),
}


def work(function: Callable[[str], object], text: str, times: int) -> float:
    """Return the least processor time that a function took over a text."""
    taken = []
    for turn in range(times):
        # What was seen last is kept by some.
        fresh = f"{text} {turn}"
        start = thread_time()
        refused(lambda fresh=fresh: function(fresh))
        taken.append(thread_time() - start)
    return min(taken)


def repeated(piece: str, size: int) -> str:
    """Return a text of a piece repeated."""
    return piece * (size // len(piece))


def grows(function: Callable[[str], object], piece: str) -> float:
    """Return how many times the work a text four times as long takes; 0 where it is hardly any."""
    long = work(function, repeated(piece, LONG), 1)
    if long < NOTHING:
        return 0.0
    for times in (1, 3, 10):
        long = work(function, repeated(piece, LONG), times)
        growth = long / max(work(function, repeated(piece, SHORT), times), NOTHING / MOST)
        if growth < MOST:
            break
    return growth


@pytest.mark.threat("event-loop")
@pytest.mark.parametrize("function", FUNCTIONS.values(), ids=FUNCTIONS)
def test_the_work_grows_with_the_text_and_no_faster(function: Callable[[str], object]) -> None:
    """Four times the text takes about four times the work, for every piece and pair of pieces."""
    pairs = [one + other for one, other in product(PIECES[::4], PIECES[::3])]
    grown = {piece: grows(function, piece) for piece in (*PIECES, *MIXED, *pairs)}
    assert {piece: growth for piece, growth in grown.items() if growth >= MOST} == {}


def test_a_quadratic_function_would_be_seen() -> None:
    """The measure tells a function that reads each character once from one that does not."""
    assert grows(lambda text: re.findall("a*b", text), "a") >= MOST
    assert grows(lambda text: re.findall("a*+b?", text), "a") < MOST
