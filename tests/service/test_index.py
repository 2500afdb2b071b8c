"""The query index: what it answers, and what it refuses."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.patience import ending

from samsyn import names
from samsyn.dataset.exact import Dataset, Literal, NamedNode, computed, parse
from samsyn.errors import ForbiddenError, QueryError, UsageError
from samsyn.sparql import keywords
from samsyn.sparql.index import Index, trailing_values

TEXT = {"one": 'e:a e:p "x"@sv , "y" .', "two": "e:b e:p e:a ."}


@pytest.fixture(scope="module")
def small() -> Index:
    """An index over two graphs, and the prefix table."""
    head = b"@prefix e: <http://e/> . @prefix sh: <http://www.w3.org/ns/shacl#> .\n"
    table = b'e:d sh:prefix "e" ; sh:namespace "http://e/" .'
    made = {f"http://g/{name}": head + text.encode() for name, text in TEXT.items()}
    made[names.GRAPH + "ontology/prefixes"] = head + table
    graphs = [
        computed(iri, names.STATED, [quad.triple for quad in parse(text, "turtle")])
        for iri, text in made.items()
    ]
    return Index(Dataset({}).with_graph(*graphs))


def count(index: Index, query: str, **options: object) -> int:
    """Count the rows of a query."""
    return len(list(index.query(query, **options).rows()))  # type: ignore[arg-type]


P = "?s <http://e/p> ?o"


@pytest.mark.parametrize(
    ("query", "rows"),
    [
        (f"SELECT * {{ {P} }}", 3),
        (f"SELECT * {{ GRAPH ?g {{ {P} }} }}", 3),
        (f"SELECT * FROM <http://g/one> {{ {P} }}", 2),
        (f"SELECT * FROM <http://g/one> FROM <http://g/two> {{ {P} }}", 3),
        (f"SELECT * FROM <http://g/one> {{ GRAPH ?g {{ {P} }} }}", 0),
        (f"SELECT * FROM NAMED <http://g/two> {{ GRAPH ?g {{ {P} }} }}", 1),
        (f"SELECT * FROM NAMED <http://g/two> {{ {P} }}", 0),
        (f"SELECT * FROM <file:///etc/hostname> {{ {P} }}", 0),
    ],
)
def test_the_dataset_of_a_query(small: Index, query: str, rows: int) -> None:
    """The default graph is the union, unless FROM names another; FROM reads no file."""
    assert count(small, query) == rows


def test_graphs_given_beside_the_query_replace_from(small: Index) -> None:
    """Graphs named by the protocol go before FROM, and default ones are not also named ones."""
    query = f"SELECT * FROM <http://g/one> {{ {P} }}"
    assert count(small, query, default_graphs=["http://g/two"]) == 1
    named = f"SELECT * {{ GRAPH ?g {{ {P} }} }}"
    assert count(small, named, default_graphs=["http://g/two"]) == 0
    assert count(small, named, named_graphs=["http://g/one"]) == 2


def test_bindings_are_terms_not_text(small: Index) -> None:
    """A bound value is printed by the engine, so no value can change the query."""
    query = "SELECT ?s { ?s <http://e/p> ?_x }"
    assert count(small, query, bindings={"_x": Literal("x", language="sv")}) == 1
    assert count(small, query, bindings={"_x": Literal('"} #')}) == 0
    assert trailing_values({"a": NamedNode("http://e/a"), "b": Literal("x")}) == (
        '\nVALUES (?a ?b) { (<http://e/a> "x") }'
    )


def test_prefixes_of_the_dataset_on_demand(small: Index) -> None:
    """The ontology's prefix table is there for those who ask for it, and only for them."""
    assert count(small, "SELECT * { ?s e:p ?o }", prefixes=True) == 3
    with pytest.raises(QueryError):
        small.query("SELECT * { ?s e:p ?o }")


def test_a_syntax_error_has_its_place(small: Index) -> None:
    """A query that cannot be parsed is an error with line and column."""
    with pytest.raises(QueryError, match="query:2:") as caught:
        small.query("SELECT *\n{ ?s ?p")
    assert (caught.value.line, type(caught.value)) == (2, QueryError)
    assert caught.value.column is not None


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("SELECT * { ?s b:p ?o }", "PREFIX b: <…>"),
        ("SELECT * { ?s e:p ?o }", "PREFIX e: <http://e/>"),
        (
            "SELECT (COUNT(?s) AS ?n) ?o { ?s ?p ?o }",
            "?o is neither in GROUP BY nor inside an aggregate",
        ),
        ("SELECT * { ?s <http://a b> ?o }", "An IRI holds no space"),
        ("SELECT * { ?s ?p", "the end of the text comes too early"),
    ],
)
def test_a_syntax_error_says_what_is_wrong(small: Index, query: str, words: str) -> None:
    """The message is in words, without the engine's grammar, and names undeclared prefixes."""
    with pytest.raises(QueryError) as caught:
        small.query(query)
    assert words in str(caught.value)
    assert "u{" not in str(caught.value)


@pytest.mark.parametrize(
    "query",
    [
        "ASK { ?s ?p ?o } ORDER BY <http://www.w3.org/2001/XMLSchema#dateTime>()",
        "SELECT * { ?s ?p ?o } ORDER BY DESC(<http://www.w3.org/2001/XMLSchema#integer>())",
        "SELECT (<http://www.w3.org/2001/XMLSchema#date>(1, 2) AS ?x) {}",
    ],
)
def test_a_cast_with_the_wrong_number_of_arguments_is_a_fault_of_the_query(
    small: Index, query: str
) -> None:
    """The engine finds it only when it runs the query."""
    with pytest.raises(QueryError, match="requires between 1 and 1 arguments"):
        small.query(query)


@pytest.mark.parametrize("form", ["json", "xml", "csv", "tsv", "text/csv"])
def test_results_in_each_format(small: Index, form: str) -> None:
    """Rows and yes-no answers are written in each results format."""
    assert b"http://e/b" in small.query(f"SELECT ?s {{ {P} }}").serialise(form)
    assert b"true" in small.query("ASK {}").serialise(form)


@pytest.mark.parametrize("form", ["turtle", "ntriples", "jsonld", "rdfxml", "application/trig"])
def test_graphs_in_each_format(small: Index, form: str) -> None:
    """Graphs are written in each RDF format."""
    answer = small.query(f"CONSTRUCT {{ {P} }} WHERE {{ {P} }}")
    assert answer.kind == "graph"
    assert b"http://e/" in answer.serialise(form)


def test_a_format_that_does_not_fit_is_refused(small: Index) -> None:
    """Rows as Turtle and graphs as CSV are errors that list what fits."""
    with pytest.raises(UsageError, match="json"):
        small.query(f"SELECT ?s {{ {P} }}").serialise("turtle")
    with pytest.raises(UsageError, match="turtle"):
        small.query(f"CONSTRUCT {{ {P} }} WHERE {{ {P} }}").serialise("csv")


@pytest.mark.parametrize(
    "update",
    [
        "INSERT DATA { <http://e/a> <http://e/b> <http://e/c> }",
        "# SELECT\nPREFIX select: <http://e/> delete where { ?s ?p ?o }",
        "LOAD <file:///etc/hostname>",
        "CLEAR ALL",
    ],
)
def test_updates_are_refused(small: Index, update: str) -> None:
    """An update is refused as one, and changes nothing."""
    with pytest.raises(ForbiddenError, match="is an update"):
        small.query(update)
    assert count(small, f"SELECT * {{ {P} }}") == 3


B = "{ ?s ?p ?o }"
SERVICES = {
    "plain": f"SELECT * {{ SERVICE <URL> {B} }}",
    "lower-case": f"select * {{ service <URL> {B} }}",
    "mixed-case-silent": f"SELECT * {{ SeRvIcE SiLeNt <URL> {B} }}",
    "variable": f"SELECT * {{ VALUES ?u {{ <URL> }} SERVICE ?u {B} }}",
    "comment-between": f"SELECT * {{ SERVICE # x\n <URL> {B} }}",
    "nested": f"SELECT * {{ OPTIONAL {{ SELECT * {{ GRAPH ?g {{ SERVICE <URL> {B} }} }} }} }}",
    "in-exists": f"ASK {{ FILTER EXISTS {{ SERVICE <URL> {B} }} }}",
    "no-space": f"SELECT * {{SERVICE<URL>{B}}}",
    "after-a-number": f"SELECT * {{ ?s ?p 1SERVICE<URL>{B} }}",
    "silent-without-space": f"SELECT * {{ SERVICESILENT<URL>{B} }}",
    "prefixed": f"PREFIX : <URL> SELECT * {{ SERVICE:{B} }}",
    "prefixed-no-space": f"PREFIX : <URL> SELECT * {{SERVICE:x{B}}}",
    "prefix-glued-on": f"PREFIX a: <URL> SELECT * {{SERVICEa:b{B}}}",
    "prefix-glued-on-after-a-number": f"PREFIX a: <URL> SELECT * {{?s ?p 1SERVICEa:b{B}}}",
    "after-a-direction": f'SELECT * {{ ?s ?p "x"@en--ltrSERVICE<URL>{B} }}',
    "after-a-name-and-a-stop": f"PREFIX a: <URL> SELECT * {{ ?s ?p a:.SERVICE<URL>{B} }}",
    "after-an-escape-and-a-stop": f"PREFIX a: <URL> ASK {{ ?s ?p a:\\'.1.5SERVICE<URL>{B} }}",
    "after-true-and-a-stop": f"SELECT * {{ ?s ?p true.SERVICE<URL>{B} }}",
    "comment-after-a-prefixed-name": f"PREFIX a: <URL> SELECT * {{ SERVICEa:b # x\n{B} }}",
    "after-an-escaped-hash": f"PREFIX e: <http://e/> ASK {{ ?s ?p e:a\\# . SERVICE <URL> {B} }}",
    "after-an-escaped-quote": f"PREFIX e: <http://e/> ASK {{ ?s ?p e:a\\' . SERVICE <URL> {B} }}",
    "comparison-hides-a-comment": f'SELECT * {{ FILTER(?a<?b#>"""\n) SERVICE <URL> {B} #"""\n}}',
    "comparison-hides-a-string": f"SELECT * {{ FILTER(?a<'>') SERVICE <URL> {B} FILTER('a'='b') }}",
    "after-a-relative-iri": f"BASE <URL> SELECT * {{ ?s ?p <#x> . SERVICE <URL> {B} }}",
    "after-a-string": f"""SELECT * {{ ?s ?p "it's" . SERVICE <URL> {B} }}""",
    "construct": f"CONSTRUCT {B} WHERE {{ SERVICE <URL> {B} }}",
}


@pytest.mark.parametrize("name", SERVICES)
def test_service_is_refused(small: Index, name: str, listener: tuple[str, list[bytes]]) -> None:
    """However SERVICE is written, the query is refused and nothing is called."""
    url, calls = listener
    with pytest.raises(ForbiddenError, match="SERVICE is refused"):
        small.query(SERVICES[name].replace("URL", url))
    assert calls == []


@pytest.mark.parametrize(
    "query",
    [
        "SELECT ?service { ?service ?p ?o }",
        'SELECT * { ?s ?p "SERVICE <http://e/> {" }',
        "SELECT * { ?s ?p '''a\nSERVICE <http://e/> {''' }",
        "SELECT * { ?s ?p ?o } # SERVICE <http://e/> {",
        "PREFIX service: <http://e/> SELECT * { ?s service:of service:x }",
        "SELECT * { ?s <http://e/service#SERVICE> ?o }",
        "SELECT * { ?s <http://e/a#b> 'customer service' }",
        'SELECT * { ?s ?p "x"@service }',
        "PREFIX e: <http://e/> SELECT * { ?s e:service ?o FILTER(?s < ?o && ?o > ?s) }",
    ],
)
def test_the_word_service_is_no_crime(small: Index, query: str) -> None:
    """The word in a variable, string, comment, IRI or name is left alone."""
    small.query(query)


@pytest.mark.parametrize(
    "text",
    ["a.", "a-", "<", "<a", '"""', "'", "service:x ", "# ", "service:x# # ", "\\", "a:", "%20"],
)
def test_no_text_makes_the_scan_slow(text: str) -> None:
    """A text of half a million characters is scanned to its end, whatever it repeats."""
    with ending():
        keywords.keywords("SELECT " + text * (500_000 // len(text)))


@pytest.mark.parametrize(
    "query",
    ["a:b\\-FROM", "?FROM", "?x.FROM", "@from", "<FROM>", "'FROM'", "# FROM", "a:FROM", "FROM_"],
)
def test_a_keyword_stands_by_itself(query: str) -> None:
    """The letters of FROM in a name, variable, string, IRI or comment name no dataset."""
    assert not keywords.keywords(f"SELECT * {{ ?s ?p {query}\n}}").names_dataset
    assert keywords.keywords(f"SELECT * {{ ?s ?p {query}\n}} FROM<g>").names_dataset


def test_prefixes_are_told_from_schemes_and_labels() -> None:
    """Prefixes are listed as used and as declared; a scheme and a blank node are none."""
    text = "PREFIX a: <http://a/> SELECT * { ?s a:p b:c, http://x/y, 'd:e', ?v:w, _:l ; c:\\~ 1 }"
    used, declared = keywords.prefixes(text)
    assert used == ["a", "b", "", "_", "c"]
    assert declared == {"_", "a"}


def test_a_place_counts_lines_and_columns_from_one() -> None:
    """Line and column both count from 1."""
    assert keywords.place("ab\ncd", 4) == (2, 2)
    assert keywords.keywords("SELECT *\n{ SERVICE <http://e/> {} }").service == (2, 3)


def test_no_query_reads_a_file(small: Index, tmp_path: Path) -> None:
    """Naming a file in any place of a query gives nothing of its content."""
    secret = tmp_path / "secret.ttl"
    secret.write_text('<http://e/secret> <http://e/p> "secret" .', encoding="utf-8")
    uri = secret.as_uri()
    for query in (
        f"SELECT * FROM <{uri}> {{ ?s ?p ?o }}",
        f"SELECT * FROM NAMED <{uri}> {{ GRAPH ?g {{ ?s ?p ?o }} }}",
        f"SELECT * {{ GRAPH <{uri}> {{ ?s ?p ?o }} }}",
    ):
        assert count(small, query) == 0
    assert b"secret" not in small.query(f"DESCRIBE <{uri}>").serialise("ntriples")
