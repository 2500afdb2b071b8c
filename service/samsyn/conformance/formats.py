"""Cases of the formats of answers, each read strictly and compared term by term.

The queries bring their data along, so that they ask the same of any endpoint.
"""

from __future__ import annotations

from typing import Final

from samsyn.conformance import expectation as expect
from samsyn.conformance import results
from samsyn.conformance.case import Area, Case, Check, Clause, Level, Send, Target

_DATE: Final = "^^<http://www.w3.org/2001/XMLSchema#date>"
_OWN: Final = "^^<urn:x-check:datatype>"

# One row for each way in which terms differ; ?n keeps them apart, ?y is unbound in one.
_ROWS: Final = (
    ("1", "<urn:x-check:iri>", "1"),
    ("2", '"plain"', ""),
    ("3", '"färg"@sv', '"colour"@en-gb'),
    ("4", f'"2000-02-29"{_DATE}', f'"own"{_OWN}'),
    ("5", '"é漢😀"', "\"<a href='x'>&amp;</a>\""),
    ("6", '"tab\\tquote\\"comma,"', '"line\\nreturn\\rboth\\r\\n"'),
    ("7", '" spaces  around "', '""'),
    ("8", '"back\\\\slash \\\\n"', "true"),
)
_VALUES: Final = " ".join(f"({' '.join(cell or 'UNDEF' for cell in row)})" for row in _ROWS)
TERMS: Final = f"SELECT ?n ?x ?y {{ VALUES (?n ?x ?y) {{ {_VALUES} }} }}"
_TABLE: Final = expect.table("n x y", *(" | ".join(row) for row in _ROWS))

NUMBERS: Final = "SELECT ?i ?d ?f { VALUES (?i ?d ?f) { (42 1.5 1.5e0) } }"
_DOUBLE: Final = "http://www.w3.org/2001/XMLSchema#double"
BLANKS: Final = (
    "SELECT ?n ?x ?y { { SELECT (BNODE() AS ?x) {} } { SELECT (BNODE() AS ?z) {} }"
    " VALUES (?n ?same) { (1 true) (2 false) } BIND (IF(?same, ?x, ?z) AS ?y) }"
)
_BLANKS: Final = expect.table("n x y", "1 | _:a | _:a", "2 | _:a | _:b")
NONE: Final = "SELECT ?b ?a { VALUES (?a ?b) { (1 2) } FILTER (false) }"
ORDER: Final = "SELECT ?zoo ?b ?apple { VALUES (?apple ?b ?zoo) { (1 2 3) } }"


def _case(
    name: str,
    document: str,
    section: str,
    title: str,
    text: str,
    accept: str,
    *checks: Check,
    level: Level = Level.MUST,
) -> Case:
    send = Send(
        Target.QUERY,
        (expect.SUCCESS, *checks),
        query=(("query", text),),
        headers=(("Accept", accept),),
    )
    return Case(name, Area.FORMATS, Clause(document, section), title, (send,), level)


def _numbers(row: results.Row) -> str | None:
    """A double may be spelled in many ways, and a store may choose one: its datatype stays."""
    integer, decimal, double = row
    if (integer, decimal) != (results.term("42"), results.term("1.5")):
        return f"{integer} and {decimal} are not 42 and 1.5"
    if not isinstance(double, results.Literal) or double.datatype.value != _DOUBLE:
        return f"{double} is no double"
    return None if float(double.value) == 1.5 else f"{double} is not 1.5"  # noqa: PLR2004


def _full(short: str, document: str, kind: str, places: dict[str, str]) -> tuple[Case, ...]:
    """Make the cases of a format that keeps terms whole."""
    typed = expect.media(kind)
    return (
        _case(
            f"{short}-terms",
            document,
            places["terms"],
            f"writes every kind of term whole in {kind}",
            TERMS,
            kind,
            typed,
            _TABLE,
        ),
        _case(
            f"{short}-numbers",
            document,
            places["terms"],
            f"writes numbers with their datatypes in {kind}",
            NUMBERS,
            kind,
            typed,
            expect.single("i d f", _numbers),
        ),
        _case(
            f"{short}-blank-nodes",
            document,
            places["terms"],
            f"keeps blank nodes together and apart in {kind}",
            BLANKS,
            kind,
            typed,
            _BLANKS,
        ),
        _case(
            f"{short}-no-rows",
            document,
            places["rows"],
            f"names the variables of a table without rows in {kind}",
            NONE,
            kind,
            typed,
            expect.table("b a"),
        ),
        _case(
            f"{short}-order",
            document,
            places["head"],
            f"keeps the order of the variables in {kind}",
            ORDER,
            kind,
            typed,
            expect.table("zoo b apple", "3 | 2 | 1"),
        ),
    )


def _booleans(short: str, document: str, section: str, kind: str) -> tuple[Case, ...]:
    return tuple(
        _case(
            f"{short}-{word}",
            document,
            section,
            f"writes {word} in {kind}",
            text,
            kind,
            expect.media(kind),
            check,
        )
        for word, text, check in (
            ("true", "ASK {}", expect.yes),
            ("false", "ASK { FILTER (false) }", expect.no),
        )
    )


_JSON_AND_XML: Final = (
    *_full(
        "json",
        "Results JSON",
        results.JSON,
        {"terms": "3.2.2", "rows": "3.2.1", "head": "3.1.1"},
    ),
    *_booleans("json", "Results JSON", "4.2", results.JSON),
    *_full("xml", "Results XML", results.XML, {"terms": "2.3.1", "rows": "2.3", "head": "2.2"}),
    *_booleans("xml", "Results XML", "2.3.2", results.XML),
    *_full("tsv", "Results CSV/TSV", results.TSV, {"terms": "4.2", "rows": "4.1", "head": "4.1"}),
)


def _csv(name: str, section: str, title: str, text: str, *checks: Check) -> Case:
    typed = expect.media(results.CSV)
    return _case(name, "Results CSV/TSV", section, title, text, results.CSV, typed, *checks)


_BLANK_CELLS: Final = "SELECT ?x ?y { { SELECT (BNODE() AS ?x) {} } BIND (?x AS ?y) }"


def _blank_cells(answer: expect.Answer, _: expect.Names) -> str | None:
    try:
        _, row = results.cells(answer.body)
    except ValueError as error:
        return f"the answer cannot be read: {error}"
    if row[0].startswith("_:") and row[0] == row[1]:
        return None
    return f"{row} is not twice the same _:label"


_CSV: Final = (
    _csv(
        "csv-terms",
        "3.2",
        "writes terms as their strings in text/csv, quoted where they have to be",
        TERMS,
        expect.lines(
            ("n", "x", "y"),
            ("1", "urn:x-check:iri", "1"),
            ("2", "plain", ""),
            ("3", "färg", "colour"),
            ("4", "2000-02-29", "own"),
            ("5", "é漢😀", "<a href='x'>&amp;</a>"),
            ("6", 'tab\tquote"comma,', "line\nreturn\rboth\r\n"),
            ("7", " spaces  around ", ""),
            ("8", "back\\slash \\n", "true"),
        ),
    ),
    _csv("csv-blank-nodes", "3.2", "writes blank nodes as _:label", _BLANK_CELLS, _blank_cells),
    _csv("csv-no-rows", "3.1", "has a header without rows", NONE, expect.lines(("b", "a"))),
    _csv(
        "csv-order",
        "3.1",
        "keeps the order of the variables in text/csv",
        ORDER,
        expect.lines(("zoo", "b", "apple"), ("3", "2", "1")),
    ),
    *(
        _case(
            f"{short}-charset",
            "Results CSV/TSV",
            "2",
            f"says charset=utf-8 of {kind}",
            ORDER,
            kind,
            expect.media(kind),
            expect.charset,
            level=Level.SHOULD,
        )
        for short, kind in (("csv", results.CSV), ("tsv", results.TSV))
    ),
)

_GRAPH: Final = (
    '<urn:x-check:s> <urn:x-check:p> <urn:x-check:o> , "färg"@sv , "é漢😀" , 42 ,'
    ' "tab\\tquote\\"line\\nreturn\\rback\\\\slash" , "<&amp;>" ,'
    f' "2000-02-29"{_DATE} , "own"{_OWN} , _:a . _:a <urn:x-check:p> _:b .'
)
CONSTRUCT: Final = f"CONSTRUCT {{ {_GRAPH} }} {{}}"


def _graph(short: str, kind: str, level: Level = Level.SHOULD) -> Case:
    return _case(
        f"construct-{short}",
        "Protocol",
        "2.1.6",
        f"writes every kind of term whole in {kind}",
        CONSTRUCT,
        kind,
        expect.media(kind),
        expect.graph(_GRAPH),
        level=level,
    )


_GRAPHS: Final = (
    _graph("turtle", "text/turtle"),
    _graph("ntriples", "application/n-triples"),
    _graph("rdfxml", "application/rdf+xml"),
    _graph("jsonld", "application/ld+json"),
    _case(
        "construct-whole",
        "Protocol",
        "2.1.6",
        "writes every kind of term whole in a format of its choice",
        CONSTRUCT,
        "text/turtle, application/n-triples, application/rdf+xml",
        expect.media("text/turtle", "application/n-triples", "application/rdf+xml"),
        expect.graph(_GRAPH),
    ),
    _case(
        "construct-nothing",
        "Protocol",
        "2.1.6",
        "writes a graph without triples as well-formed RDF",
        "CONSTRUCT { ?s ?p ?o } { VALUES (?s ?p ?o) { (1 2 3) } FILTER (false) }",
        "text/turtle, application/n-triples, application/rdf+xml",
        expect.media("text/turtle", "application/n-triples", "application/rdf+xml"),
        expect.graph(""),
    ),
)

CASES: Final = (*_JSON_AND_XML, *_CSV, *_GRAPHS)
