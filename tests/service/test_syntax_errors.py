"""What is said of a query that breaks the grammar: the word at fault, its place, and a hint."""

from __future__ import annotations

import random
from pathlib import Path

import pyoxigraph
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from samsyn.dataset.exact import Dataset
from samsyn.errors import QueryError
from samsyn.sparql.grammar import queries, tokens
from samsyn.sparql.index import Index
from samsyn.sparql.update import run

ROOT = Path(__file__).parents[2]

# The fault of each query begins at the mark ¦; then the word that is named, and part of the rest.
FAULTS = [
    ("¦SELEC ?s { ?s ?p ?o }", '"SELEC"', "Is SELECT meant?"),
    ("SELECT ¦COUNT(*) { ?s ?p ?o }", '"COUNT"', "(COUNT(…) AS ?name)"),
    ("SELECT ?s ¦COUNT(?o) { ?s ?p ?o }", '"COUNT"', "(COUNT(…) AS ?name)"),
    ("SELECT ¦STR(?s) { ?s ?p ?o }", '"STR"', "(STR(…) AS ?name)"),
    ("SELECT ?s¦, ?p { ?s ?p ?o }", '","', "without commas"),
    ("SELECT ?s ¦AS ?x { ?s ?p ?o }", '"AS"', "brackets"),
    ("SELECT ¦s { ?s ?p ?o }", '"s"', "?s"),
    ("SELECT ¦{ ?s ?p ?o }", '"{"', "a variable"),
    ("SELECT DISTINCT ¦{ ?s ?p ?o }", '"{"', "a variable"),
    ("SELECT ?s ¦?o { ?s ?p ?o } GROUP BY ?s", "?o", "GROUP BY ?o"),
    ("SELECT ¦?s (COUNT(?o) AS ?n) { ?s ?p ?o }", "?s", "SAMPLE(?s)"),
    ("SELECT (STR(¦?o) AS ?x) { ?s ?p ?o } GROUP BY ?s", "?o", "GROUP BY ?o"),
    ("SELECT ¦* { ?s ?p ?o } GROUP BY ?s", "SELECT *", "exclude each other"),
    ("SELECT (COUNT(?x) ¦?n) { ?s ?p ?x }", '"?n"', "AS"),
    ("SELECT (COUNT(?x ¦AS ?n) { ?s ?p ?x }", '"AS"', 'or ")"'),
    ("SELECT (SUM(?x) AS ¦n) { ?s ?p ?x }", '"n"', "?n"),
    ("SELECT (1 AS ¦?s) { ?s ?p ?x }", "?s", "has a value before"),
    ("SELECT ?s { ?s ¦foo:bar ?o }", "foo:", "PREFIX foo: <…>"),
    ("SELECT ?s { ?s a ¦foo:Bar ; b:c 1 }", "foo:", "PREFIX foo: <…> PREFIX b: <…>"),
    ("SELECT ?s { ?s ?p ¦http://e/b }", "http:", "angle brackets"),
    ("SELECT ?s {\n ?s a ?c\n ¦?s ?p ?o\n}", '"?s"', "full stop between triples"),
    ("SELECT ?s { ?s ?p ?o ¦?x }", '"?x"', "full stop between triples"),
    ("SELECT ?s\n{ ?s ?p ?o¦", "the end of the text", "The { of line 2, column 1 is not closed"),
    ("SELECT ?s { { ?s ?p ?o ¦", "the end of the text", "column 13 is not closed"),
    ("SELECT ?s { ?s ?p ¦}", '"}"', "a term"),
    ("SELECT ?s { ?s ¦}", '"}"', "a predicate"),
    ("SELECT ?s { ?s ?p ?o, ¦}", '"}"', "a term"),
    ("SELECT ?s { ?s a/ ¦?o }", '"?o"', "a predicate"),
    ("SELECT ?s { ?s (a|^ ¦?o }", '"?o"', "a predicate"),
    ("SELECT ?s { ?s ?p ?o . FILTER ¦?o > 3 }", '"?o"', "FILTER (…)"),
    ("SELECT ?s { ?s ?p ?o . FILTER (?o =¦= 3) }", '"="', "Equality is written ="),
    ("SELECT ?s { ?s ?p ?o . FILTER (?o <¦> 3) }", '">"', "Inequality is written !="),
    ("SELECT ?s { ?s ?p ?o . FILTER (?o > 3 ¦AND ?o < 5) }", '"AND"', "&&"),
    ("SELECT ?s { ?s ?p ?o . FILTER (?o > 3 ¦or ?o < 5) }", '"or"', "||"),
    ('SELECT ?s { ?s ?p ?o . FILTER (?o ¦LIKE "a") }', '"LIKE"', "CONTAINS"),
    ("SELECT ?s { ?s ?p ?o . FILTER (?o > 3 ¦}", '"}"', 'or ")"'),
    ('SELECT ?s { ?s ?p ?o . FILTER (CONTAINS(?o ¦"x")) }', '"x"', '","'),
    ('SELECT ?s { ?s ?p ?o . FILTER REGEX ¦?o "x" }', '"?o"', "brackets"),
    ("SELECT ?s { ?s ?p ?o FILTER (¦STRLEN(?o, 3)) }", "STRLEN", "takes 1 argument, not 2"),
    ("SELECT ?s { ?s ?p ?o FILTER (¦FOO(?o)) }", '"FOO"', "an expression"),
    ("SELECT ?s { ?s ?p ?o FILTER(¦COUNT(?o) > 1) }", "COUNT", "aggregate"),
    ("SELECT ?s { ?s ?p ?o . ¦NOT EXISTS { ?s a ?c } }", '"NOT"', "FILTER NOT EXISTS"),
    ("SELECT ?s { ?s ?p ?o . ¦OPTIONL { ?s a ?c } }", '"OPTIONL"', "Is OPTIONAL meant?"),
    ("SELECT ?s { ?s ?p ?o . OPTIONAL ¦?s a ?c }", '"?s"', '"{"'),
    ("SELECT ?s { ?s ?p ?o ¦UNION { ?s ?q ?o } }", '"UNION"', "Both sides of UNION"),
    ("SELECT ?s { ?s ?p ?o ¦ORDER BY ?s }", '"ORDER"', "Close the pattern first"),
    ("SELECT ?s { BIND(?x = 3¦) }", '")"', "BIND (expression AS ?variable)"),
    ("SELECT ?s { ?s ?p ?x BIND(3 AS ¦?x) }", "?x", "has a value before"),
    ("SELECT ?s { GRAPH ¦{ ?s a ?o } }", '"{"', "an IRI or a variable"),
    ("SELECT ?s { VALUES ?x { ¦?y } }", '"?y"', "UNDEF"),
    ("SELECT ?s { VALUES (?x ?y) { ¦(1) } }", "(1, 2)", "one value for each variable"),
    ("SELECT ?s { { ?s ?p _:a } UNION { ?s ?q ¦_:a } }", "_:a", "another pattern"),
    ("SELECT ?s WHERE ¦?s ?p ?o", '"?s"', "WHERE { … }"),
    ("ASK ¦?s ?p ?o", '"?s"', "braces"),
    ("SELECT ?s FROM ¦foo { ?s ?p ?o }", '"foo"', "an IRI or NAMED"),
    ("SELECT ?s { ?s ?p ?o } ¦}", '"}"', "closes nothing"),
    ("SELECT ?s { ?s ?p ?o }¦;", '";"', "without semicolon"),
    ("SELECT ?s { ?s ?p ?o } ¦WHERE { ?a ?b ?c }", '"WHERE"', "WHERE comes once"),
    ("SELECT ?s { ?s ?p ?o } GROUP ¦?s", '"?s"', "BY"),
    ("SELECT ?s { ?s ?p ?o } ORDER BY ?s ¦DESC", "DESC", "brackets"),
    ("SELECT ?s { ?s ?p ?o } ORDER BY DESC ¦?s", '"?s"', "DESC(?x)"),
    ("SELECT ?s { ?s ?p ?o } LIMIT ¦ten", '"ten"', "a number"),
    ("SELECT ?s { ?s ?p ?o } LIMIT 10 ¦ORDER BY ?s", '"ORDER"', "The order is GROUP BY"),
    ('SELECT ?s { ?s ?p ¦"abc }', '"', "no end"),
    ("SELECT ?s { ?s ?p ¦“x” }", '"“"', "straight quotes"),
    ("SELECT ?s { ?s ?p 'it'¦s' }", '"s"', "ends too early"),
    ('SELECT ?s { ?s ?p ¦"a\\d" }', r"\d", "backslash"),
    ("SELECT ?s { ?s ?p ¦<http://a b> }", '"<"', "no space"),
    ("SELECT ?s { ?s ?p ¦@en }", '"@en"', "a term"),
    ("PREFIX ¦foo <http://a/> SELECT * { ?s ?p ?o }", '"foo"', "PREFIX foo:"),
    ("PREFIX foo: ¦http://a/ SELECT * { ?s ?p ?o }", '"http:"', "angle brackets"),
    ("DESCRIBE ¦{ ?s ?p ?o }", '"{"', "an IRI"),
    ("CONSTRUCT { ?s a¦|a ?o } WHERE { ?s ?p ?o }", '"|"', "not in templates"),
    ("# only a comment¦", "the end of the text", "SELECT"),
]
UPDATES = [
    ("¦UPDATE <http://e/g> SET ?x = 1", '"UPDATE"', "no UPDATE … SET"),
    ("DELETE { ?s ?p ?o } ¦SET { ?s ?p 1 } WHERE { ?s ?p ?o }", '"SET"', "WHERE"),
    ("INSERT DATA { <urn:a> <urn:b> ¦?x }", "variable", "data"),
    ("DELETE DATA { <urn:a> <urn:b> ¦_:x }", "blank node", "deleted"),
    ("INSERT { ?s ?p ?o } ¦", "the end of the text", "WHERE"),
    ("DROP ALL ;\nDELETE WHERE { ?s ?p ¦}", '"}"', "a term"),
    ("¦SELECT ?s { ?s ?p ?o }", '"SELECT"', "This is a query"),
]


@pytest.fixture(scope="module")
def index() -> Index:
    """An index over nothing."""
    return Index(Dataset({}))


def test_there_are_some_sixty() -> None:
    """The table is not empty by mistake."""
    assert len(FAULTS) > 60


@pytest.mark.parametrize(("marked", "word", "more"), FAULTS)
def test_the_word_at_fault_is_named_and_pointed_at(
    index: Index, marked: str, word: str, more: str
) -> None:
    """Line and column are those where the word begins; the rest says what helps."""
    before = marked[: marked.index("¦")]
    with pytest.raises(QueryError) as caught:
        index.query(marked.replace("¦", ""))
    place = before.count("\n") + 1, len(before.rpartition("\n")[2]) + 1
    assert (caught.value.line, caught.value.column) == place
    assert word in caught.value.message
    assert more in str(caught.value)


def test_a_long_word_is_shortened(index: Index) -> None:
    """A message stays readable, whatever was sent."""
    with pytest.raises(QueryError) as caught:
        index.query("SELECT * { ?s ?p ?o " + "x" * 100_000 + " }")
    assert len(str(caught.value)) < 400


@pytest.mark.parametrize(("marked", "word", "more"), UPDATES)
def test_so_it_is_in_updates(marked: str, word: str, more: str) -> None:
    """Updates are read by the same grammar."""
    before = marked[: marked.index("¦")]
    with pytest.raises(QueryError) as caught:
        run(pyoxigraph.Store(), marked.replace("¦", ""), base=None, prefixes={})
    place = before.count("\n") + 1, len(before.rpartition("\n")[2]) + 1
    assert (caught.value.line, caught.value.column) == place
    assert word in caught.value.message
    assert more in str(caught.value)


def valid() -> list[str]:
    """Return the queries of the project, whole and without their comments."""
    texts = [path.read_text() for path in sorted((ROOT / "queries").glob("*.rq"))]
    return [*texts, *(marked for marked in CLEAN)]


KNOWN = {"rdf": "urn:x:", "skos": "urn:x:"}
CLEAN = [
    "SELECT * { ?s <urn:a>|^<urn:b>/<urn:c>* ?o FILTER(?o IN (1, 2) && !BOUND(?x)) }",
    "SELECT ?s (COUNT(DISTINCT ?o) AS ?n) { ?s ?p ?o } GROUP BY ?s HAVING(COUNT(*) > 1+1) LIMIT 3",
    'ASK { [ a <urn:c> ; <urn:p> (1 2.0 3e0 "a"@sv "b"^^<urn:t>) ] MINUS { ?a ?b ?c } }',
    "CONSTRUCT { ?s a ?o } FROM <urn:g> WHERE { GRAPH ?g { ?s a ?o } OPTIONAL { ?o ?p ?x } }",
    "DESCRIBE <urn:a> { { ?x a ?y } UNION { VALUES (?x ?y) { (UNDEF 1) (<urn:q> true) } } }",
    "SELECT ?x { { SELECT (MAX(?y) AS ?x) { ?s ?p ?y } } BIND(IF(?x<3,'a',\"b\") AS ?z) }",
]


def cut(text: str) -> list[tokens.Token]:
    """Return the terminals of a text."""
    found: list[tokens.Token] = []
    here = tokens.token(text, 0)
    while here.kind != tokens.END:
        found.append(here)
        here = tokens.token(text, here.end)
    return found


def fault(text: str) -> queries.Fault | None:
    """Return the first fault of a query."""
    try:
        queries.query(text, KNOWN)
    except queries.Fault as found:
        return found
    return None


def taken(text: str) -> bool:
    """Return whether the engine takes a query, whatever its prefixes."""
    try:
        pyoxigraph.Store().query(text, base_iri="urn:x:", prefixes=KNOWN)
    except SyntaxError:
        return False
    return True


@pytest.mark.parametrize("number", range(len(valid())))
def test_what_the_engine_takes_has_no_fault(number: int) -> None:
    """The grammar takes each query of the project."""
    assert fault(valid()[number]) is None


@settings(max_examples=400, deadline=None, derandomize=True)
@given(st.sampled_from(valid()), st.randoms(use_true_random=False))
def test_no_place_is_before_the_slip_or_behind_the_first_fault(
    text: str, chance: random.Random
) -> None:
    """With one terminal deleted, doubled or exchanged, the place fits and the engine agrees."""
    parts = cut(text)
    at = chance.randrange(len(parts) - 1)
    one, two = parts[at], parts[at + 1]
    first, second = text[one.start : one.end], text[two.start : two.end]
    middle = chance.choice(["", f"{first} {first} {second}", f"{second} {first}"]) or second
    changed = f"{text[: one.start]} {middle} {text[two.end :]}"
    found = fault(changed)
    if found is not None and found.reason is not None:
        return
    assert taken(changed) is (found is None), found
    if found is None:
        return
    # Not before the slip, at the beginning of a terminal, and all before it could go on.
    assert found.found.start >= one.start
    cut_off = fault(changed[: found.found.start])
    if cut_off is None or cut_off.reason is not None:
        return
    assert cut_off.found.start >= len(changed[: found.found.start].rstrip())
