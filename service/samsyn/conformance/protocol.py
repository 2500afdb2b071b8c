"""Cases of the query operation: its ways, its base and what it refuses.

SPARQL 1.1 Protocol, sections 2.1 and 2.3.
"""

from __future__ import annotations

from typing import Final

from samsyn.conformance import expectation as expect
from samsyn.conformance.asking import (
    ACCEPT,
    DIRECT,
    FORM,
    advice,
    case,
    direct,
    form,
    get,
    refused,
)
from samsyn.conformance.case import Area, Case, Clause, Level, Send, Target, says
from samsyn.conformance.results import Row
from samsyn.dataset.exact import NamedNode

_BROWSER: Final = ("Accept", "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8")
_ALONE: Final = "SELECT ?x { VALUES ?x { <relative> 1 } }"


def _absolute(row: Row) -> str | None:
    value = row[0]
    if isinstance(value, NamedNode) and ":" in value.value and value.value != "thing":
        return None
    return f"{value} is no absolute IRI"


_WAYS: Final = (
    case("query-get", "2.1.1", "answers a query sent by GET", get("ASK {}", expect.yes)),
    case(
        "query-get-any-order",
        "2.1.1",
        "takes the parameters of GET in any order",
        Send(
            Target.QUERY,
            (expect.SUCCESS, expect.yes),
            query="unknown=1&query=ASK%20%7B%7D&other=2",
            headers=(ACCEPT,),
        ),
    ),
    case(
        "query-get-plus",
        "2.1.1",
        "decodes a plus in a query by GET to a space, and %2B to a plus",
        Send(
            Target.QUERY,
            (expect.SUCCESS, expect.table("x", '"a+b c"')),
            query="query=SELECT+(%22a%2Bb+c%22+AS+%3Fx)+%7B%7D",
            headers=(ACCEPT,),
        ),
    ),
    case(
        "query-get-decoded-once",
        "2.1.1",
        "decodes percent signs of a query by GET once and not twice",
        get('SELECT ("%41%2B" AS ?x) {}', expect.table("x", '"%41%2B"')),
    ),
    case(
        "query-get-unicode",
        "2.1.1",
        "reads a query by GET as UTF-8",
        get('SELECT ("åß漢😀" AS ?x) {}', expect.table("x", '"åß漢😀"')),
    ),
    case("query-post-form", "2.1.2", "answers a form", form("query=ASK%20%7B%7D", expect.yes)),
    case(
        "query-post-form-decoded-once",
        "2.1.2",
        "decodes a form once and not twice",
        form("query=SELECT+(%22a%2Bb+%2541%22+AS+%3Fx)+%7B%7D", expect.table("x", '"a+b %41"')),
    ),
    case(
        "query-post-form-type-with-charset",
        "2.1.2",
        "compares the media type of a form without regard to case and parameters",
        Send(
            Target.QUERY,
            (expect.SUCCESS, expect.yes),
            "POST",
            headers=(ACCEPT, ("Content-Type", "Application/X-WWW-Form-URLencoded; charset=UTF-8")),
            body="query=ASK%20%7B%7D",
        ),
    ),
    case("query-post-direct", "2.1.3", "answers a body", direct("ASK {}", expect.yes)),
    case(
        "query-post-direct-as-it-stands",
        "2.1.3",
        "decodes nothing in a query that is the body",
        direct('SELECT ("a+b%20c" AS ?x) {}', expect.table("x", '"a+b%20c"')),
    ),
    case(
        "query-post-direct-charset",
        "2.1.3",
        "takes a body that says it is UTF-8, and reads it as such",
        Send(
            Target.QUERY,
            (expect.SUCCESS, expect.table("x", '"åß漢😀"')),
            "POST",
            headers=(ACCEPT, ("Content-Type", 'application/sparql-query; charset="UTF-8"')),
            body='SELECT ("åß漢😀" AS ?x) {}',
        ),
    ),
    advice(
        "query-get-mark",
        "UTF-8",
        "6",
        "skips a byte order mark before a query by GET",
        get("\ufeffASK {}", expect.yes),
    ),
    advice(
        "query-post-form-mark",
        "UTF-8",
        "6",
        "skips a byte order mark before a query in a form",
        form("query=%EF%BB%BFASK%20%7B%7D", expect.yes),
    ),
    advice(
        "query-post-direct-mark",
        "UTF-8",
        "6",
        "skips a byte order mark before a query that is the body",
        direct("\ufeffASK {}", expect.yes),
    ),
    advice(
        "query-post-long",
        "Protocol",
        "3.1.12",
        "takes a query of 60,000 characters as a body",
        direct("ASK {} #" + "x" * 60_000, expect.yes),
    ),
    Case(
        "query-by-query",
        Area.PROTOCOL,
        Clause("HTTP QUERY", "2"),
        "answers the method QUERY as it does a body",
        (
            Send(
                Target.QUERY,
                (expect.SUCCESS, expect.yes),
                "QUERY",
                headers=(ACCEPT, DIRECT),
                body="ASK {}",
            ),
        ),
        Level.SHOULD,
        declines=says(404, 405, 501),
    ),
)

_REFUSALS: Final = (
    case(
        "query-syntax",
        "2.1.7",
        "says 400 to a query that is none",
        refused(expect.status(400), method="GET", query=(("query", "ASK {"),)),
    ),
    case(
        "query-syntax-browser",
        "2.1.7",
        "says 400 to a query that is none, in a browser too",
        refused(expect.status(400), method="GET", query=(("query", "ASK {"),), headers=(_BROWSER,)),
    ),
    case(
        "query-browser",
        "2.1.6",
        "answers a browser as well as a program",
        Send(Target.QUERY, (expect.SUCCESS,), query=(("query", _ALONE),), headers=(_BROWSER,)),
        Send(Target.QUERY, (expect.SUCCESS,), query=(("query", _ALONE),), headers=(ACCEPT,)),
    ),
    case(
        "query-syntax-direct",
        "2.1.7",
        "says 400 to a body that is no query",
        refused(expect.status(400), headers=(DIRECT,), body="SELECT nothing"),
    ),
    case(
        "query-empty",
        "2.1.7",
        "says 400 to an empty query",
        refused(expect.status(400), headers=(DIRECT,), body=""),
    ),
    case(
        "query-twice",
        "2.1",
        "refuses two queries by GET",
        refused(method="GET", query="query=ASK%20%7B%7D&query=SELECT%20%2A%20%7B%7D"),
    ),
    case(
        "query-twice-in-form",
        "2.1",
        "refuses two queries in a form",
        refused(headers=(FORM,), body="query=ASK%20%7B%7D&query=ASK%20%7B%7D"),
    ),
    advice(
        "query-twice-form-and-address",
        "Protocol",
        "2.1",
        "refuses one query in the address and one in the form",
        refused(query=(("query", "ASK {}"),), headers=(FORM,), body="query=ASK%20%7B%7D"),
    ),
    advice(
        "query-twice-direct-and-address",
        "Protocol",
        "2.1.3",
        "refuses one query in the address and one as the body",
        refused(query=(("query", "ASK {}"),), headers=(DIRECT,), body="ASK {}"),
    ),
    case(
        "query-none-in-form",
        "2.1",
        "refuses a form without a query",
        refused(headers=(FORM,), body="quer=ASK%20%7B%7D"),
    ),
    case(
        "query-wrong-type",
        "2.1",
        "refuses a body of another media type",
        refused(headers=(("Content-Type", "text/plain"),), body="ASK {}"),
    ),
    advice(
        "query-wrong-type-415",
        "HTTP",
        "15.5.16",
        "says 415 to a body of another media type",
        refused(expect.status(415), headers=(("Content-Type", "text/plain"),), body="ASK {}"),
    ),
    case(
        "query-form-without-type",
        "2.1.2",
        "refuses a form without a content type",
        refused(body="query=ASK%20%7B%7D"),
    ),
    case(
        "query-direct-without-type",
        "2.1.3",
        "refuses a query as body without a content type",
        refused(body="ASK {}"),
    ),
    case(
        "query-utf-16",
        "2.1.3",
        "refuses a body in UTF-16 that says so",
        refused(
            headers=(("Content-Type", "application/sparql-query; charset=UTF-16"),),
            body="ASK {}".encode("utf-16"),
        ),
    ),
    case(
        "query-not-utf-8",
        "2.1.3",
        "refuses a body that is not UTF-8",
        refused(headers=(DIRECT,), body=b'ASK { FILTER ("\xff\xfe" = "") }'),
    ),
    advice(
        "query-get-not-utf-8",
        "Protocol",
        "2.1.1",
        "refuses percent signs that do not make up UTF-8",
        refused(method="GET", query="query=ASK%20%7B%20FILTER%20(%22%FF%22%20%3D%20%22%22)%20%7D"),
    ),
    advice(
        "query-coding",
        "HTTP",
        "15.5.16",
        "refuses a content coding that there is none of",
        refused(headers=(DIRECT, ("Content-Encoding", "x-check")), body="ASK {}"),
    ),
)

_BASE: Final = (
    case(
        "query-base",
        "2.3",
        "resolves relative IRIs against a base of its own",
        get("SELECT (<thing> AS ?x) {}", expect.single("x", _absolute)),
    ),
    case(
        "query-base-given",
        "2.3",
        "resolves relative IRIs against BASE where it is given",
        get(
            "BASE <http://example.org/a/> SELECT (<../thing> AS ?x) {}",
            expect.table("x", "<http://example.org/thing>"),
        ),
    ),
)

CASES: Final = (*_WAYS, *_REFUSALS, *_BASE)
