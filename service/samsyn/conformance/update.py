"""Cases of the update operation (SPARQL 1.1 Protocol, sections 2.2 and 2.3)."""

from __future__ import annotations

from typing import Final

from samsyn.conformance import expectation as expect
from samsyn.conformance.case import (
    Area,
    Ask,
    Case,
    Check,
    Clause,
    Given,
    Level,
    Send,
    Step,
    Target,
    says,
)

FORM: Final = ("Content-Type", "application/x-www-form-urlencoded")
DIRECT: Final = ("Content-Type", "application/sparql-update")

_INSERT: Final = "INSERT DATA { GRAPH <$graph> { <urn:x-check:s> <urn:x-check:p> 1 } }"
_WRITTEN: Final = Ask("ASK { GRAPH <$graph> { <urn:x-check:s> <urn:x-check:p> 1 } }")
_NOTHING: Final = Ask("ASK { GRAPH <$graph> { ?s ?p ?o } }", expected=False)
# The same as a form; the braces and brackets are all that has to be encoded.
_FORM_INSERT: Final = (
    "INSERT+DATA+%7B+GRAPH+%3C$graph%3E+%7B"
    "+%3Curn%3Ax-check%3As%3E+%3Curn%3Ax-check%3Ap%3E+1+%7D+%7D"
)

_GIVEN: Final = (
    Given("$graph", "<urn:x-check:one> <urn:x-check:is> <urn:x-check:One> ."),
    Given("$other", "<urn:x-check:two> <urn:x-check:is> <urn:x-check:Two> ."),
    Given("$third", "<urn:x-check:three> <urn:x-check:is> <urn:x-check:Three> ."),
)
# Copies what the dataset shows, and from where, into a graph that no dataset names.
_COPY: Final = (
    "INSERT { GRAPH <$graph> { ?s <urn:x-check:in> ?in } } WHERE {"
    ' { ?s <urn:x-check:is> ?o BIND ("default" AS ?in) }'
    " UNION { GRAPH ?g { ?s <urn:x-check:is> ?o } BIND (?g AS ?in) } }"
)


def _seen(subject: str, where: str, *, expected: bool = True) -> Ask:
    return Ask(
        f"ASK {{ GRAPH <$graph> {{ <urn:x-check:{subject}> <urn:x-check:in> {where} }} }}",
        expected,
    )


def direct(text: str | bytes, *checks: Check, query: tuple[tuple[str, str], ...] = ()) -> Send:
    """Send an update as the body."""
    return Send(Target.UPDATE, checks or (expect.SUCCESS,), "POST", query, (DIRECT,), text)


def form(body: str, *checks: Check) -> Send:
    """Send an update in a form, encoded by hand."""
    checked = checks or (expect.SUCCESS,)
    return Send(Target.UPDATE, checked, "POST", headers=(FORM,), body=body)


def _case(name: str, section: str, title: str, *steps: Step, level: Level = Level.MUST) -> Case:
    return Case(name, Area.UPDATE, Clause("Protocol", section), title, steps, level)


def _refused(*checks: Check, body: str | bytes, headers: tuple[tuple[str, str], ...] = ()) -> Send:
    sent = checks or (expect.REFUSAL,)
    return Send(Target.UPDATE, sent, "POST", headers=headers, body=body)


_WAYS: Final = (
    _case("update-form", "2.2.1", "takes a form", form(f"update={_FORM_INSERT}"), _WRITTEN),
    _case(
        "update-form-decoded-once",
        "2.2.1",
        "decodes a form once and not twice",
        form(f"update={_FORM_INSERT.replace('+1+', '+%22a%2Bb+%2541%22+')}"),
        Ask('ASK { GRAPH <$graph> { ?s ?p "a+b %41" } }'),
    ),
    _case("update-direct", "2.2.2", "takes a body", direct(_INSERT), _WRITTEN),
    _case(
        "update-direct-as-it-stands",
        "2.2.2",
        "decodes nothing in an update that is the body",
        direct(_INSERT.replace(" 1 ", ' "a+b%20c" ')),
        Ask('ASK { GRAPH <$graph> { ?s ?p "a+b%20c" } }'),
    ),
    _case(
        "update-direct-unicode",
        "2.2.2",
        "reads a body as UTF-8, however its media type is spelled",
        Send(
            Target.UPDATE,
            (expect.SUCCESS,),
            "POST",
            headers=(("Content-Type", "Application/SPARQL-Update; charset=UTF-8"),),
            body=_INSERT.replace(" 1 ", ' "åß漢😀" '),
        ),
        Ask('ASK { GRAPH <$graph> { ?s ?p "åß漢😀" } }'),
    ),
    Case(
        "update-direct-mark",
        Area.UPDATE,
        Clause("UTF-8", "6"),
        "skips a byte order mark before an update",
        (direct(f"\ufeff{_INSERT}"), _WRITTEN),
        Level.SHOULD,
    ),
    _case(
        "update-many-operations",
        "2.2.4",
        "runs all operations of one request",
        direct(
            f"{_INSERT} ; DELETE DATA {{ GRAPH <$graph> {{ <urn:x-check:s> <urn:x-check:p> 1 }} }}"
            " ; INSERT DATA { GRAPH <$graph> { <urn:x-check:s> <urn:x-check:p> 2 } }"
        ),
        Ask("ASK { GRAPH <$graph> { ?s ?p 2 FILTER NOT EXISTS { ?s ?p 1 } } }"),
    ),
)

_DATASETS: Final = (
    _case(
        "using-graph",
        "2.2.3",
        "matches against the graph of using-graph-uri",
        *_GIVEN[1:],
        direct(_COPY, query=(("using-graph-uri", "$other"),)),
        _seen("two", '"default"'),
        _seen("three", "?in", expected=False),
    ),
    _case(
        "using-graphs",
        "2.2.3",
        "merges the graphs of repeated using-graph-uri",
        *_GIVEN,
        direct(_COPY, query=(("using-graph-uri", "$other"), ("using-graph-uri", "$third"))),
        _seen("two", '"default"'),
        _seen("three", '"default"'),
        _seen("one", "?in", expected=False),
    ),
    _case(
        "using-graphs-in-form",
        "2.2.1",
        "takes using-graph-uri in a form",
        *_GIVEN[1:],
        form(
            "using-graph-uri=$other&update=INSERT%7BGRAPH%3C$graph%3E%7B%3Fs%3Curn%3Ax-check%3Ain"
            "%3E%22default%22%7D%7DWHERE%7B%3Fs%3Curn%3Ax-check%3Ais%3E%3Fo%7D"
        ),
        _seen("two", '"default"'),
        _seen("three", "?in", expected=False),
    ),
    _case(
        "using-named-graphs",
        "2.2.3",
        "matches against the graphs of repeated using-named-graph-uri and no others",
        *_GIVEN,
        direct(
            _COPY,
            query=(("using-named-graph-uri", "$other"), ("using-named-graph-uri", "$third")),
        ),
        _seen("two", "<$other>"),
        _seen("three", "<$third>"),
        _seen("one", "?in", expected=False),
    ),
    _case(
        "using-full",
        "2.2.3",
        "takes default and named graphs together",
        *_GIVEN,
        direct(_COPY, query=(("using-graph-uri", "$other"), ("using-named-graph-uri", "$third"))),
        _seen("two", '"default"'),
        _seen("three", "<$third>"),
        _seen("three", '"default"', expected=False),
        _seen("one", "?in", expected=False),
    ),
    _case(
        "using-every-operation",
        "2.2.3",
        "applies using-graph-uri to every operation of the request",
        *_GIVEN[1:],
        direct(
            f"{_INSERT} ; {_COPY} ; {_COPY.replace('check:in', 'check:again')}",
            query=(("using-graph-uri", "$other"),),
        ),
        Ask("ASK { GRAPH <$graph> { <urn:x-check:two> <urn:x-check:again> ?in } }"),
        Ask("ASK { GRAPH <$graph> { <urn:x-check:three> ?p ?o } }", expected=False),
        level=Level.SHOULD,
    ),
    *(
        _case(
            f"{parameter}-beside-{name}",
            "2.2.3",
            f"refuses {parameter}-uri beside {clause.partition(' <')[0]}, and writes nothing",
            *_GIVEN[1:],
            direct(
                _COPY.replace("WHERE", f"{clause} WHERE")
                if name != "with"
                else f"{clause} {_COPY}",
                expect.REFUSAL,
                query=((f"{parameter}-uri", "$other"),),
            ),
            _NOTHING,
        )
        for parameter in ("using-graph", "using-named-graph")
        for name, clause in (
            ("using", "USING <$other>"),
            ("using-named", "USING NAMED <$other>"),
            ("with", "WITH <$other>"),
        )
    ),
)

_REFUSALS: Final = (
    _case(
        "update-get",
        "2.2",
        "refuses an update by GET, and writes nothing",
        Send(Target.UPDATE, (expect.REFUSAL,), query=(("update", _INSERT),)),
        _NOTHING,
    ),
    _case(
        "update-get-as-query",
        "2.1.7",
        "refuses an update sent as a query, and writes nothing",
        Send(Target.QUERY, (expect.status(400, 403),), query=(("query", _INSERT),)),
        _NOTHING,
    ),
    _case(
        "update-twice",
        "2.2",
        "refuses two updates in a form, and writes nothing",
        form(f"update={_FORM_INSERT}&update={_FORM_INSERT}", expect.REFUSAL),
        _NOTHING,
    ),
    _case("update-none", "2.2", "refuses a form without update", form("upd=1", expect.REFUSAL)),
    _case(
        "update-wrong-type",
        "2.2",
        "refuses a body of another media type, and writes nothing",
        _refused(body=_INSERT, headers=(("Content-Type", "text/plain"),)),
        _NOTHING,
    ),
    _case(
        "update-query-type",
        "2.2.2",
        "refuses an update under the media type of queries, and writes nothing",
        _refused(body=_INSERT, headers=(("Content-Type", "application/sparql-query"),)),
        _NOTHING,
    ),
    _case(
        "update-form-without-type",
        "2.2.1",
        "refuses a form without a content type, and writes nothing",
        _refused(body=f"update={_FORM_INSERT}"),
        _NOTHING,
    ),
    _case(
        "update-direct-without-type",
        "2.2.2",
        "refuses an update as body without a content type, and writes nothing",
        _refused(body=_INSERT),
        _NOTHING,
    ),
    _case(
        "update-utf-16",
        "2.2.2",
        "refuses a body in UTF-16 that says so",
        _refused(
            body="INSERT DATA {}".encode("utf-16"),
            headers=(("Content-Type", "application/sparql-update; charset=UTF-16"),),
        ),
    ),
    _case(
        "update-not-utf-8",
        "2.2.2",
        "refuses a body that is not UTF-8",
        _refused(body=b"INSERT DATA { } # \xff\xfe", headers=(DIRECT,)),
    ),
    _case(
        "update-syntax",
        "2.2.5",
        "refuses an update that is none",
        form("update=CLEAR+XYZ", expect.REFUSAL),
    ),
    _case(
        "update-syntax-400",
        "2.2.5",
        "says 400 to an update that is none",
        direct("INSERT NOTHING", expect.status(400)),
        level=Level.SHOULD,
    ),
    _case(
        "update-syntax-late",
        "2.2.5",
        "writes nothing where the second operation is none",
        direct(f"{_INSERT} ; INSERT NOTHING", expect.REFUSAL),
        _NOTHING,
    ),
    Case(
        "update-without-token",
        Area.UPDATE,
        Clause("HTTP", "15.5.2"),
        "names a way to authenticate where it says 401",
        (
            Send(
                Target.UPDATE,
                (expect.status(401), expect.header("WWW-Authenticate")),
                "POST",
                headers=(DIRECT,),
                body=_INSERT,
                token=False,
            ),
            _NOTHING,
        ),
        declines=says(200, 204, 403),
    ),
    Case(
        "update-allow",
        Area.UPDATE,
        Clause("HTTP", "15.5.6"),
        "names POST in Allow where it says 405",
        (Send(Target.UPDATE, (expect.status(405), expect.header("Allow", "POST")), "SEARCH"),),
        declines=says(501),
    ),
)

_BASE: Final = (
    _case(
        "update-base",
        "2.3",
        "resolves relative IRIs against a base of its own",
        direct(_INSERT.replace(" 1 ", " <thing> ")),
        Ask(
            "ASK { GRAPH <$graph> { ?s ?p ?o"
            ' FILTER (ISIRI(?o) && REGEX(STR(?o), "^[A-Za-z][^:]*:.*thing$$")) } }'
        ),
    ),
    _case(
        "update-base-given",
        "2.3",
        "resolves relative IRIs against BASE where it is given",
        direct("BASE <http://example.org/a/> " + _INSERT.replace(" 1 ", " <../thing> ")),
        Ask("ASK { GRAPH <$graph> { ?s ?p <http://example.org/thing> } }"),
    ),
)

CASES: Final = (*_WAYS, *_DATASETS, *_REFUSALS, *_BASE)
