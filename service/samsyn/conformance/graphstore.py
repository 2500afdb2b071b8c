"""Cases of the Graph Store Protocol (SPARQL 1.1 Graph Store HTTP Protocol; RFC 9110)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from samsyn.conformance import expectation as expect
from samsyn.conformance.case import Area, Ask, Case, Check, Clause, Level, Send, Step, Target

TURTLE: Final = "text/turtle"
NTRIPLES: Final = "application/n-triples"
RDFXML: Final = "application/rdf+xml"
DEFAULT: Final = (("default", ""),)
NAMED: Final = (("graph", "$graph"),)

Query = tuple[tuple[str, str], ...] | str

# Each way in which terms differ stands here once: blank nodes, languages, datatypes, escapes.
_PREFIXES: Final = "@prefix : <urn:x-check:> .\n"
FIRST: Final = _PREFIXES + (
    ':person a :Person ; :name "Åsa \\"😀\\""@sv , "a\\nb" ; :age 7 ; :card [ a :Card ; :of :person ] .'
)
SECOND: Final = (
    _PREFIXES + ':person :born "2000-02-29"^^<http://www.w3.org/2001/XMLSchema#date> ; :card [] .'
)
_PART_1: Final = _PREFIXES + ':person :family "Lind" ; :knows _:a .'
_PART_2: Final = _PREFIXES + ':person :given "Åsa" ; :knows _:a .'
_PARTS: Final = ':person :family "Lind" ; :given "Åsa" ; :knows [] , [] .'
_BROKEN: Final = ":person a :Person ; :name"
_XML: Final = (
    '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="urn:x-check:">'
    '<Person rdf:about="urn:x-check:person"><name xml:lang="sv">Åsa</name></Person></rdf:RDF>'
)
_XML_MEANS: Final = _PREFIXES + ':person a :Person ; :name "Åsa"@sv .'
_NT: Final = '<urn:x-check:person> <urn:x-check:name> "\\u00C5sa"@sv .\n'
_NT_MEANS: Final = _PREFIXES + ':person :name "Åsa"@sv .'

_OK: Final = expect.status(200, 204)
_MADE: Final = expect.status(201)
_FINE: Final = expect.status(200, 201, 204)
_SAME: Final = expect.graph(FIRST)


def _send(
    method: str,
    *checks: Check,
    query: Query = NAMED,
    body: str | None = None,
    kind: str = "",
    path: str = "",
    extra: tuple[tuple[str, str], ...] = (),
    token: bool = True,
) -> Send:
    headers = (("Content-Type", kind), *extra) if kind else extra
    return Send(Target.STORE, checks, method, query, headers, body, path, token)


def put(turtle: str, *checks: Check, query: Query = NAMED, path: str = "") -> Send:
    """Put Turtle into a graph."""
    kind = "text/turtle; charset=utf-8"
    return _send("PUT", *checks, query=query, body=turtle, kind=kind, path=path)


def post(turtle: str, *checks: Check, query: Query = NAMED, path: str = "") -> Send:
    """Add Turtle to a graph."""
    kind = "text/turtle; charset=utf-8"
    return _send("POST", *checks, query=query, body=turtle, kind=kind, path=path)


def get(*checks: Check, query: Query = NAMED, accept: str = TURTLE, path: str = "") -> Send:
    """Fetch a graph."""
    extra = (("Accept", accept),) if accept else ()
    return _send("GET", *checks, query=query, extra=extra, path=path)


def head(*checks: Check, query: Query = NAMED, path: str = "") -> Send:
    """Fetch a graph's headers."""
    extra = (("Accept", "text/turtle; charset=utf-8"),)
    return _send("HEAD", *checks, query=query, extra=extra, path=path)


def delete(*checks: Check, query: Query = NAMED, path: str = "") -> Send:
    """Delete a graph."""
    return _send("DELETE", *checks, query=query, path=path)


def _holds(turtle: str, *, query: Query = NAMED, path: str = "") -> Send:
    wanted = (expect.status(200), expect.media(TURTLE), expect.graph(turtle))
    return get(*wanted, query=query, path=path)


def _parts(*turtles: str, kind: str = "text/turtle; charset=utf-8") -> str:
    boundary = "x-check-boundary"
    lines = []
    for number, turtle in enumerate(turtles):
        name = f'name="part{number}"; filename="part{number}.ttl"'
        lines += [f"--{boundary}", f"Content-Disposition: form-data; {name}"]
        lines += [f"Content-Type: {kind}", "", turtle]
    return "\r\n".join([*lines, f"--{boundary}--", ""])


def multipart(body: str, *checks: Check, query: Query = NAMED, path: str = "") -> Send:
    """Add the documents of a web form to a graph."""
    kind = "multipart/form-data; boundary=x-check-boundary"
    return _send("POST", *checks, query=query, body=body, kind=kind, path=path)


def _case(
    name: str,
    section: str,
    title: str,
    *steps: Step,
    level: Level = Level.MUST,
    document: str = "Graph Store",
    declines: frozenset[int] = frozenset(),
) -> Case:
    return Case(name, Area.STORE, Clause(document, section), title, steps, level, declines)


_READING: Final = (
    _case("get-absent", "5.1", "says 404 to a graph there is none of", get(expect.status(404))),
    _case(
        "head-absent",
        "5.6",
        "says 404 to HEAD of a graph there is none of, without content",
        head(expect.status(404), expect.empty),
    ),
    _case(
        "head-default",
        "4.2",
        "has a default graph to be read",
        head(expect.status(200), expect.empty, query="default"),
    ),
    _case(
        "graph-relative",
        "4.2",
        "says 400 to a graph whose IRI is not absolute",
        get(expect.status(400), query=(("graph", "person/1"),)),
    ),
    _case(
        "graph-twice",
        "4.2",
        "refuses two graphs at once",
        get(expect.status(400), query=(("graph", "$graph"), ("graph", "$other"))),
        level=Level.SHOULD,
    ),
    _case(
        "graph-and-default",
        "4.2",
        "refuses a graph and the default graph at once",
        get(expect.status(400), query="default&graph=$graph"),
        level=Level.SHOULD,
    ),
    _case(
        "store-unknown-method",
        "5.1",
        "says 405 to another method",
        _send("SEARCH", expect.status(405, 501)),
    ),
    _case(
        "store-allow",
        "15.5.6",
        "names GET and HEAD in Allow where it says 405",
        _send("SEARCH", expect.status(405), expect.header("Allow", "GET", "HEAD")),
        document="HTTP",
        declines=frozenset({501}),
    ),
    _case(
        "store-options",
        "9.3.7",
        "names its methods to OPTIONS",
        _send("OPTIONS", expect.SUCCESS, expect.header("Allow", "GET", "HEAD")),
        document="HTTP",
        level=Level.SHOULD,
    ),
)


def _identified(query: Query, path: str, section: str, suffix: str, level: Level) -> Iterator[Case]:
    """Yield what holds for a graph however it is identified."""

    def case(name: str, title: str, *steps: Step) -> Case:
        return _case(f"{name}{suffix}", section, title, *steps, level=level)

    def holds(turtle: str) -> Send:
        return _holds(turtle, query=query, path=path)

    def first(*checks: Check) -> Send:
        return put(FIRST, *checks, query=query, path=path)

    yield case(
        "put-get",
        "replaces a graph by PUT: 201 when new, 200 or 204 after",
        first(_MADE),
        holds(FIRST),
        put(SECOND, _OK, query=query, path=path),
        holds(SECOND),
    )
    yield case(
        "delete",
        "deletes a graph, which then is not found",
        first(_FINE),
        delete(_OK, query=query, path=path),
        get(expect.status(404), query=query, path=path),
        delete(expect.status(404), query=query, path=path),
    )
    yield case(
        "post-merges",
        "merges what is posted, documents of a web form too",
        post(FIRST, _FINE, query=query, path=path),
        holds(FIRST),
        multipart(_parts(_PART_1, _PART_2), _OK, query=query, path=path),
        holds(FIRST + _PARTS),
    )
    yield case(
        "head",
        "answers HEAD with the headers of GET and no content",
        first(_FINE),
        head(expect.status(200), expect.media(TURTLE), expect.empty, query=query, path=path),
    )


_INDIRECT: Final = tuple(_identified(NAMED, "", "4.2", "", Level.MUST))
_DIRECT: Final = (
    *_identified("", "/$path", "4.1", "-direct", Level.SHOULD),
    _case(
        "direct-is-indirect",
        "4.2",
        "finds a graph that was put to its own address under that name too",
        put(FIRST, _FINE, query="", path="/$path"),
        _holds(FIRST, query=(("graph", "$direct"),)),
        level=Level.SHOULD,
    ),
)

_NAMES: Final = (
    _case(
        "graph-encoded",
        "4.2",
        "decodes the name of a graph, however much of it is encoded",
        put(FIRST, _MADE),
        _holds(FIRST, query="graph=$graph"),
        _holds(FIRST, query="graph=$graph_encoded"),
    ),
    _case(
        "graph-encoded-twice",
        "4.2",
        "decodes the name of a graph once and not twice",
        put(FIRST, _MADE, query="graph=$graph"),
        _holds(FIRST, query="graph=$graph_encoded"),
        get(expect.status(400, 404), query="graph=$graph_twice"),
    ),
    _case(
        "graphs-apart",
        "5.3",
        "leaves other graphs alone",
        put(FIRST, _MADE),
        put(SECOND, _MADE, query=(("graph", "$other"),)),
        delete(_OK),
        _holds(SECOND, query=(("graph", "$other"),)),
    ),
    _case(
        "graph-is-queried",
        "5.3",
        "shows to queries what was put",
        put(FIRST, _MADE),
        Ask('ASK { GRAPH <$graph> { ?s <urn:x-check:name> "a\\nb" ; <urn:x-check:age> 7 } }'),
        delete(_OK),
        Ask("ASK { GRAPH <$graph> { ?s ?p ?o } }", expected=False),
    ),
    _case(
        "post-collection",
        "5.5",
        "makes a graph for what is posted to the store, and says where",
        Send(
            Target.STORE,
            (expect.status(201), expect.header("Location")),
            "POST",
            "",
            (("Content-Type", "text/turtle; charset=utf-8"),),
            FIRST,
            learn=("created", "Location"),
        ),
        _holds(FIRST, query=(("graph", "$created"),)),
        declines=frozenset({403, 404, 405}),
    ),
)

_DEFAULT: Final = (
    _case(
        "default-put-get",
        "5.3",
        "replaces the default graph by PUT",
        put(FIRST, _FINE, query=DEFAULT),
        _holds(FIRST, query=DEFAULT),
        put(SECOND, _OK, query=DEFAULT),
        _holds(SECOND, query=DEFAULT),
    ),
    _case(
        "default-post",
        "5.5",
        "merges what is posted into the default graph",
        put(FIRST, _FINE, query=DEFAULT),
        post(SECOND, _OK, query=DEFAULT),
        _holds(FIRST + SECOND.removeprefix(_PREFIXES), query=DEFAULT),
    ),
    _case(
        "default-apart",
        "5.2",
        "keeps named graphs out of the default graph of the store",
        put(FIRST, _FINE, query=DEFAULT),
        put(SECOND, _MADE),
        _holds(FIRST, query=DEFAULT),
    ),
    _case(
        "default-delete",
        "5.4",
        "empties the default graph by DELETE",
        put(FIRST, _FINE, query=DEFAULT),
        delete(_OK, query=DEFAULT),
        put("", _FINE, query=DEFAULT),
        _holds("", query=DEFAULT),
    ),
)

_FORMATS: Final = (
    *(
        _case(
            f"put-{name}",
            "5",
            f"reads {kind}",
            _send("PUT", _MADE, body=body, kind=kind),
            _holds(means),
        )
        for name, kind, body, means in (
            ("ntriples", NTRIPLES, _NT, _NT_MEANS),
            ("rdfxml", RDFXML, _XML, _XML_MEANS),
        )
    ),
    _case(
        "put-without-type",
        "5",
        "reads RDF/XML where no content type is given",
        _send("PUT", _MADE, body=_XML),
        _holds(_XML_MEANS),
        level=Level.SHOULD,
    ),
    *(
        _case(
            f"get-{name}",
            "5.2",
            f"writes {kind} where it is preferred",
            put(FIRST, _FINE),
            get(expect.status(200), expect.media(kind), _SAME, accept=kind),
            level=Level.SHOULD,
        )
        for name, kind in (("turtle", TURTLE), ("ntriples", NTRIPLES), ("rdfxml", RDFXML))
    ),
    _case(
        "get-any",
        "5",
        "writes RDF/XML, Turtle or N-Triples where no Accept is given",
        put(FIRST, _FINE),
        get(expect.status(200), expect.media(TURTLE, NTRIPLES, RDFXML), _SAME, accept=""),
    ),
    _case(
        "get-nothing-offered",
        "5.2",
        "says 406 where nothing it has is acceptable",
        put(FIRST, _FINE),
        get(expect.status(406), accept="image/png"),
        level=Level.SHOULD,
    ),
    *(
        _case(
            f"{method.lower()}-broken",
            "5.1",
            f"says 400 to {method} of RDF that is none, and keeps what there was",
            put(FIRST, _FINE),
            _send(method, expect.status(400), body=FIRST + SECOND + _BROKEN, kind=TURTLE),
            _holds(FIRST),
        )
        for method in ("PUT", "POST")
    ),
    _case(
        "multipart-broken",
        "5.1",
        "says 400 to a web form of which one document is broken, and keeps what there was",
        put(FIRST, _FINE),
        multipart(_parts(_PART_1, _PREFIXES + _BROKEN), expect.status(400)),
        _holds(FIRST),
    ),
    *(
        _case(
            f"{method.lower()}-unknown-type",
            "5.1",
            f"says 415 to {method} of a media type that is not RDF, and keeps what there was",
            put(FIRST, _FINE),
            _send(method, expect.status(415), body="x", kind="application/x-check"),
            _holds(FIRST),
        )
        for method in ("PUT", "POST")
    ),
)

_EMPTY: Final = (
    _case(
        "put-empty",
        "5.3",
        "makes an empty graph of an empty document",
        put("", _MADE),
        _holds(""),
        put(FIRST, _OK),
        level=Level.SHOULD,
    ),
    _case(
        "post-empty",
        "5.5",
        "says 204 to a POST without content",
        put(FIRST, _FINE),
        post("", expect.status(204)),
        _holds(FIRST),
        level=Level.SHOULD,
    ),
)


def _tagged() -> Send:
    return Send(
        Target.STORE,
        (expect.status(200), expect.header("ETag")),
        query=NAMED,
        headers=(("Accept", TURTLE),),
        learn=("etag", "ETag"),
    )


def _conditional(name: str, section: str, title: str, *steps: Step) -> Case:
    return _case(name, section, title, *steps, level=Level.SHOULD, document="HTTP")


_CONDITIONS: Final = (
    _conditional(
        "etag-not-modified",
        "13.1.2",
        "says 304 without content to a reader who has the graph",
        put(FIRST, _FINE),
        _tagged(),
        _send(
            "GET",
            expect.status(304),
            expect.empty,
            extra=(("Accept", TURTLE), ("If-None-Match", "$etag")),
        ),
        put(SECOND, _OK),
        _send(
            "GET",
            expect.status(200),
            expect.graph(SECOND),
            extra=(("Accept", TURTLE), ("If-None-Match", "$etag")),
        ),
    ),
    _conditional(
        "if-match",
        "13.1.1",
        "says 412 to a writer who has another version, and lets the one who has this",
        put(FIRST, _FINE),
        _tagged(),
        _send(
            "PUT",
            expect.status(412),
            body=SECOND,
            kind=TURTLE,
            extra=(("If-Match", '"x-check"'),),
        ),
        _holds(FIRST),
        _send("PUT", _OK, body=SECOND, kind=TURTLE, extra=(("If-Match", "$etag"),)),
        _send("DELETE", expect.status(412), extra=(("If-Match", "$etag"),)),
        _holds(SECOND),
    ),
    _conditional(
        "if-none-match",
        "13.1.2",
        "says 412 to a writer who wants to make a graph that there is",
        _send("PUT", _MADE, body=FIRST, kind=TURTLE, extra=(("If-None-Match", "*"),)),
        _send(
            "PUT",
            expect.status(412),
            body=SECOND,
            kind=TURTLE,
            extra=(("If-None-Match", "*"),),
        ),
        _holds(FIRST),
    ),
    _case(
        "store-without-token",
        "15.5.2",
        "names a way to authenticate where it says 401",
        _send(
            "PUT",
            expect.status(401),
            expect.header("WWW-Authenticate"),
            body=FIRST,
            kind=TURTLE,
            token=False,
        ),
        get(expect.status(404)),
        document="HTTP",
        declines=frozenset({200, 201, 204, 403}),
    ),
)

CASES: Final = (
    *_READING,
    *_INDIRECT,
    *_NAMES,
    *_DEFAULT,
    *_FORMATS,
    *_EMPTY,
    *_CONDITIONS,
    *_DIRECT,
)
