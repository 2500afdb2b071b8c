"""Cases of the formats of answers, each read strictly and compared term by term.

The queries bring their data along, so that they ask the same of any endpoint.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from samsyn.conformance import expectation as expect
from samsyn.conformance import results
from samsyn.conformance.answer import Answer
from samsyn.conformance.case import Area, Case, Check, Clause, Declines, Level, Names, Send, Target
from samsyn.dataset.exact import Literal

_DATE: Final = "^^<http://www.w3.org/2001/XMLSchema#date>"
_OWN: Final = "^^<urn:x-check:datatype>"

# One row for each way in which terms differ; ?n keeps them apart, ?y is unbound in one.
_ROWS: Final = (
    ("1", "<urn:x-check:iri>", "1"),
    ("2", '"plain"', ""),
    ("3", '"färg"@sv', '"colour"@en-gb'),
    ("4", f'"2000-02-29"{_DATE}', f'"own"{_OWN}'),
    ("5", '"é漢😀"', "\"<a href='x'>&amp;</a>\""),
    ("6", '"tab\\tquote\\"comma,"', '"line\\nline"'),
    ("7", '" spaces  around "', '""'),
    ("8", '"back\\\\slash \\\\n"', "true"),
)
_VALUES: Final = " ".join(f"({' '.join(cell or 'UNDEF' for cell in row)})" for row in _ROWS)
TERMS: Final = f"SELECT ?n ?x ?y {{ VALUES (?n ?x ?y) {{ {_VALUES} }} }}"
_TABLE: Final = expect.table("n x y", *(" | ".join(row) for row in _ROWS))

RETURNS: Final = 'SELECT ?x { VALUES ?x { "one\\rtwo\\r\\nthree" } }'
NUMBERS: Final = "SELECT ?i ?d ?f { VALUES (?i ?d ?f) { (42 1.5 1.5e0) } }"
_DOUBLE: Final = "http://www.w3.org/2001/XMLSchema#double"
BLANKS: Final = (
    "SELECT ?n ?x ?y { { SELECT (BNODE() AS ?x) {} } { SELECT (BNODE() AS ?z) {} }"
    " VALUES (?n ?same) { (1 true) (2 false) } BIND (IF(?same, ?x, ?z) AS ?y) }"
)
_BLANKS: Final = expect.table("n x y", "1 | _:a | _:a", "2 | _:a | _:b")
NONE: Final = "SELECT ?b ?a { VALUES (?a ?b) { (1 2) } FILTER (1 = 2) }"
ORDER: Final = "SELECT ?zoo ?b ?apple { VALUES (?apple ?b ?zoo) { (1 2 3) } }"


@dataclass(frozen=True, slots=True)
class Form:
    """A format in which answers may come; a service offers those it likes.

    Args:
        short: its name in the names of cases.
        document: where it is laid down.
        kind: its media type.
    """

    short: str
    document: str
    kind: str

    def case(self, name: str, section: str, title: str, text: str, *checks: Check) -> Case:
        """Make a case that holds where the format is offered at all."""
        steps = (self._ask(text, expect.media(self.kind), *checks),)
        clause, whole = Clause(self.document, section), f"{title} in {self.kind}"
        return Case(
            f"{self.short}-{name}", Area.FORMATS, clause, whole, steps, declines=self._declined
        )

    def advice(self, name: str, section: str, title: str, text: str, *checks: Check) -> Case:
        """Make a case of what should be."""
        clause, steps = Clause(self.document, section), (self._ask(text, *checks),)
        return Case(f"{self.short}-{name}", Area.FORMATS, clause, title, steps, Level.SHOULD)

    def _ask(self, text: str, *checks: Check) -> Send:
        query, headers = (("query", text),), (("Accept", self.kind),)
        return Send(Target.QUERY, (expect.SUCCESS, *checks), query=query, headers=headers)

    def _declined(self, answer: Answer) -> bool:
        return answer.status == 406 or (  # noqa: PLR2004 - Not Acceptable
            answer.status < 300 and answer.media_type != self.kind  # noqa: PLR2004
        )


JSON: Final = Form("json", "Results JSON", results.JSON)
XML: Final = Form("xml", "Results XML", results.XML)
TSV: Final = Form("tsv", "Results CSV/TSV", results.TSV)
CSV: Final = Form("csv", "Results CSV/TSV", results.CSV)


def _numbers(row: results.Row) -> str | None:
    """A double may be spelled in many ways, and a store may choose one: its datatype stays."""
    integer, decimal, double = row
    if (integer, decimal) != (results.term("42"), results.term("1.5")):
        return f"{integer} and {decimal} are not 42 and 1.5"
    if not isinstance(double, Literal) or double.datatype.value != _DOUBLE:
        return f"{double} is no double"
    return None if float(double.value) == 1.5 else f"{double} is not 1.5"  # noqa: PLR2004


def _whole(form: Form, terms: str, rows: str, head: str) -> Iterator[Case]:
    """Yield the cases of a format that keeps terms whole; the rest are sections."""
    yield form.advice("offered", head, f"offers {form.kind}", ORDER, expect.media(form.kind))
    yield form.case("terms", terms, "writes every kind of term whole", TERMS, _TABLE)
    numbers = expect.single("i d f", _numbers)
    yield form.case("numbers", terms, "writes numbers with their datatypes", NUMBERS, numbers)
    returns = expect.table("x", '"one\\rtwo\\r\\nthree"')
    yield form.case("carriage-return", terms, "keeps carriage returns", RETURNS, returns)
    title = "keeps blank nodes together and apart"
    yield form.case("blank-nodes", terms, title, BLANKS, _BLANKS)
    title = "names the variables of a table without rows"
    yield form.case("no-rows", rows, title, NONE, expect.table("b a"))
    order = expect.table("zoo b apple", "3 | 2 | 1")
    yield form.case("order", head, "keeps the order of the variables", ORDER, order)


def _booleans(form: Form, section: str) -> Iterator[Case]:
    yield form.case("true", section, "writes true", "ASK {}", expect.yes)
    yield form.case("false", section, "writes false", "ASK { FILTER (1 = 2) }", expect.no)


_TERMS_AS_CELLS: Final = expect.lines(
    ("n", "x", "y"),
    ("1", "urn:x-check:iri", "1"),
    ("2", "plain", ""),
    ("3", "färg", "colour"),
    ("4", "2000-02-29", "own"),
    ("5", "é漢😀", "<a href='x'>&amp;</a>"),
    ("6", 'tab\tquote"comma,', "line\nline"),
    ("7", " spaces  around ", ""),
    ("8", "back\\slash \\n", "true"),
)
_BLANK_CELLS: Final = "SELECT ?x ?y { { SELECT (BNODE() AS ?x) {} } BIND (?x AS ?y) }"


def _blank_cells(answer: Answer, _: Names) -> str | None:
    try:
        _head, row = results.cells(answer.body)
    except ValueError as error:
        return f"the answer cannot be read: {error}"
    if row[0].startswith("_:") and row[0] == row[1]:
        return None
    return f"{row} is not twice the same _:label"


def _strings() -> Iterator[Case]:
    """Yield the cases of CSV, which keeps the strings of terms only."""
    yield CSV.advice("offered", "3", f"offers {CSV.kind}", ORDER, expect.media(CSV.kind))
    title = "writes terms as their strings, quoted where they have to be"
    yield CSV.case("terms", "3.2", title, TERMS, _TERMS_AS_CELLS)
    returns = expect.lines(("x",), ("one\rtwo\r\nthree",))
    yield CSV.case("carriage-return", "3.2", "keeps carriage returns", RETURNS, returns)
    yield CSV.case("blank-nodes", "3.2", "writes _:label", _BLANK_CELLS, _blank_cells)
    yield CSV.case("no-rows", "3.1", "has a header without rows", NONE, expect.lines(("b", "a")))
    order = expect.lines(("zoo", "b", "apple"), ("3", "2", "1"))
    yield CSV.case("order", "3.1", "keeps the order of the variables", ORDER, order)
    for form in (CSV, TSV):
        title, checks = f"says charset=utf-8 of {form.kind}", (expect.media(form.kind),)
        yield form.advice("charset", "2", title, ORDER, *checks, expect.charset)


_GRAPH: Final = (
    '<urn:x-check:s> <urn:x-check:p> <urn:x-check:o> , "färg"@sv , "é漢😀" , 42 ,'
    ' "tab\\tquote\\"line\\nreturn\\rback\\\\slash" , "<&amp;>" ,'
    f' "2000-02-29"{_DATE} , "own"{_OWN} , _:a . _:a <urn:x-check:p> _:b .'
)
CONSTRUCT: Final = f"CONSTRUCT {{ {_GRAPH} }} {{}}"
NOTHING: Final = "CONSTRUCT { ?s ?p ?o } { VALUES (?s ?p ?o) { (1 2 3) } FILTER (1 = 2) }"


def _graphs() -> Iterator[Case]:
    """Yield the cases of graphs: each format where it is offered."""
    kinds = ("text/turtle", "application/n-triples", "application/rdf+xml", "application/ld+json")
    for short, kind in zip(("turtle", "ntriples", "rdfxml", "jsonld"), kinds, strict=True):
        form, graph = Form(short, "Protocol", kind), expect.graph(_GRAPH)
        yield form.advice("offered", "2.1.6", f"offers {kind}", CONSTRUCT, expect.media(kind))
        yield form.case("graph", "2.1.6", "writes every kind of term whole", CONSTRUCT, graph)
        yield form.case("no-triples", "2.1.6", "writes no triples", NOTHING, expect.graph(""))


_RDFXML: Final = "application/rdf+xml"
_P: Final = "<urn:x-check:s> <urn:x-check:p>"
_RETURNING: Final = f'{_P} "one\\rtwo\\r\\nthree" .'


def _answered(kind: str) -> Declines:
    """Tell that another format comes; a refusal says nothing of what is offered."""
    return lambda answer: answer.status < 300 and answer.media_type != kind  # noqa: PLR2004


def _unwritable(name: str, clause: Clause, title: str, text: str, check: Check) -> Case:
    """Make a case of what a format cannot write: refused, or whole all the same."""
    form = RDFXML if name.startswith(RDFXML.short) else XML
    headers = (("Accept", form.kind),)
    sent = Send(
        Target.QUERY, (expect.refused_or(check),), query=(("query", text),), headers=headers
    )
    whole = f"{title} in {form.kind}"
    return Case(name, Area.FORMATS, clause, whole, (sent,), declines=_answered(form.kind))


RDFXML: Final = Form("rdfxml", "Protocol", _RDFXML)


def _limits() -> Iterator[Case]:
    """Yield the cases of what is hard to write, or cannot be written, in XML."""
    returning = f"CONSTRUCT {{ {_RETURNING} }} {{}}"
    whole = expect.graph(_RETURNING)
    yield replace(
        RDFXML.case("carriage-return", "2.1.6", "keeps carriage returns", returning, whole),
        clause=Clause("XML", "2.11"),
    )
    text = f'CONSTRUCT {{ ?x {_P.split()[1]} 1 }} {{ BIND (BNODE("1") AS ?x) }}'
    labelled = expect.graph(f"_:a {_P.split()[1]} 1 .")
    yield replace(
        RDFXML.case("label", "2.1.6", "gives blank nodes labels that are names", text, labelled),
        clause=Clause("RDF/XML", "7.2.25"),
    )
    for name, property_ in (
        ("digits", "http://x-check.example/2024"),
        ("slash", "http://x-check.example/p/"),
        ("escape", "http://x-check.example/%C3%A9"),
        ("reserved", "http://www.w3.org/1999/02/22-rdf-syntax-ns#li"),
        ("xmlns", "http://www.w3.org/2000/xmlns/a"),
    ):
        triple = f"<urn:x-check:s> <{property_}> 1 ."
        yield _unwritable(
            f"rdfxml-property-{name}",
            Clause("RDF/XML", "7.2.14"),
            "never breaks over a property that cannot be named",
            f"CONSTRUCT {{ {triple} }} {{}}",
            expect.graph(triple),
        )
    title = "never breaks over a character that XML lacks"
    control = f'{_P} "\\u0001" .'
    text, check = f"CONSTRUCT {{ {control} }} {{}}", expect.graph(control)
    yield _unwritable("rdfxml-control", Clause("XML", "2.2"), title, text, check)
    text, check = 'SELECT ("\\u0001" AS ?x) {}', expect.table("x", '"\\u0001"')
    yield _unwritable("xml-control", Clause("XML", "2.2"), title, text, check)


def _quads() -> Iterator[Case]:
    """Yield the cases of graphs in formats of quads, which name no graph that nobody named."""
    for short, kind in (("nquads", "application/n-quads"), ("trig", "application/trig")):
        form, title = Form(short, "Protocol", kind), "writes a graph as the default graph"
        checks = (expect.graph(_GRAPH), expect.unnamed)
        yield form.case("graph", "2.1.6", title, CONSTRUCT, *checks)


def _some() -> Iterator[Case]:
    """Yield what binds every service: each answer comes in one of the formats laid down."""
    tables = (results.JSON, results.XML, results.CSV, results.TSV)
    graphs = ("text/turtle", "application/n-triples", "application/rdf+xml")
    for name, title, text, kinds, checks in (
        ("table", "writes a table in one of the four formats of tables", ORDER, tables, ()),
        ("graph", "writes a graph as RDF", CONSTRUCT, graphs, (expect.graph(_GRAPH),)),
    ):
        form = Form("some", "Protocol", ", ".join(kinds))
        whole = form.advice(name, "2.1.6", title, text, expect.media(*kinds), *checks)
        yield replace(whole, level=Level.MUST)


CASES: Final = (
    *_whole(JSON, "3.2.2", "3.2.1", "3.1.1"),
    *_booleans(JSON, "4.2"),
    *_whole(XML, "2.3.1", "2.3", "2.2"),
    *_booleans(XML, "2.3.2"),
    *_whole(TSV, "4.2", "4.1", "4.1"),
    *_strings(),
    *_graphs(),
    *_limits(),
    *_quads(),
    *_some(),
)
