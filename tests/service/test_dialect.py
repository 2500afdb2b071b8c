"""What is written for the engine: nothing where it need not be, and the same in each way."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Store
from tests.service import test_answers, test_paths

from samsyn.dataset.exact import Dataset
from samsyn.errors import QueryError
from samsyn.sparql import dialect, error_texts
from samsyn.sparql.functions import truth
from samsyn.sparql.grammar import queries
from samsyn.sparql.grammar.rewriting import concerns, ordered, quoted, rewrite, unquoted
from samsyn.sparql.index import Index
from samsyn.sparql.update import run

ROOT = Path(__file__).parents[2]
LIBRARY = sorted((ROOT / "queries").glob("*.rq"))
XSD = "http://www.w3.org/2001/XMLSchema#"


@pytest.fixture(scope="module")
def index() -> Index:
    """An index over nothing."""
    return Index(Dataset({}))


def untouched(text: str) -> bool:
    """Return whether a query goes to the engine without being read as it would if it were read."""
    return concerns(text) or rewrite(text, queries.query(text)).text == ordered(text)


OPERANDS = st.sampled_from(
    [
        *("?x", "?y", "1", "''", "'a'@en", '"x"^^xsd:integer'),
        *("BOUND(?x)", "BOUND (?x)", "MAX(?x)", "(?x)", "( ?x )", "ex:f(?x)", "<urn:f>(?x)"),
    ]
)
EXPRESSIONS: st.SearchStrategy[str] = st.recursive(
    OPERANDS,
    lambda inner: st.one_of(
        st.builds("{} {} {}".format, inner, st.sampled_from(["&&", "||", "=", "<", "+"]), inner),
        st.builds("({})".format, inner),
        st.builds("!{}".format, OPERANDS),
        st.builds("! ( {} )".format, inner),
        st.builds("IF({}, {}, {})".format, inner, inner, inner),
        st.builds("COALESCE({}, {})".format, inner, inner),
        st.builds("CONTAINS({}, 'a')".format, inner),
        st.builds("STRDT({}, xsd:integer)".format, inner),
    ),
    max_leaves=6,
)


@settings(max_examples=500, deadline=None, derandomize=True)
@given(EXPRESSIONS, st.sampled_from(["SELECT (({}) AS ?r) {{}}", "SELECT * {{ FILTER({}) }}",
    "SELECT ?x {{ ?x ?p ?y }} GROUP BY ?x HAVING ({})", "SELECT * {{ BIND({} AS ?r) }}",
    "SELECT * {{ ?x ?y ?z }} ORDER BY ({})"]))  # fmt: skip
def test_what_is_not_read_need_not_be_changed(expression: str, frame: str) -> None:
    """Where the quick look finds nothing, reading the whole query changes nothing either."""
    try:
        assert untouched(frame.format(expression))
    except queries.Fault:
        # An aggregate where none can be, or one comparison behind another.
        return


@pytest.mark.parametrize("path", LIBRARY, ids=lambda path: path.stem)
def test_queries_of_the_library_are_seen_through(path: Path) -> None:
    """So it is with each query of the project."""
    assert untouched(path.read_text())


@settings(max_examples=300, deadline=None, derandomize=True)
@given(test_paths.PATHS, st.booleans())
def test_no_path_is_overlooked(path: test_paths.Path, wide: bool) -> None:  # noqa: FBT001
    """The quick look sees every path with an alternative or a negated set."""
    written = test_paths.written(path)
    text = f"SELECT * {{ ?s {written.replace('!', '! ') if wide else written} ?o }}"
    assert untouched(text)


TEXTS = st.text(alphabet="ab\"\\\n\r\t'$ å", max_size=8)


@given(TEXTS)
def test_a_text_comes_back_from_its_string(text: str) -> None:
    """What is written into a query as a string is that string."""
    assert unquoted(quoted(text)) == text


PATTERNS = st.text(alphabet="ab.*+?()[]|^$\\dw-1{},", max_size=7)
REPLACEMENTS = st.text(alphabet="x$\\012", max_size=4)


def both(index: Index, constant: str, given_: str, arguments: list[str]) -> tuple[object, object]:
    """Ask with constants in the query, and with the same as values of variables."""
    values = " ".join(map(quoted, arguments))
    names = " ".join(f"?a{number}" for number in range(len(arguments)))
    text = f"SELECT ({constant.format(*map(quoted, arguments))} AS ?x) {{}}"
    other = f"SELECT ({given_} AS ?x) {{ VALUES ({names}) {{ ({values}) }} }}"
    return tuple(next(index.query(each).rows()).get("x") for each in (text, other))  # type: ignore[return-value]


@settings(max_examples=400, deadline=None, derandomize=True)
@given(TEXTS, PATTERNS, st.sampled_from(["", "i", "s", "m", "x", "q"]))
def test_patterns_match_alike_written_and_given(
    index: Index, text: str, pattern: str, flags: str
) -> None:
    """REGEX with a constant, which the engine runs, and with a variable, which we run, agree."""
    one, other = both(index, "REGEX({}, {}, {})", "REGEX(?a0, ?a1, ?a2)", [text, pattern, flags])
    assert one == other


@settings(max_examples=400, deadline=None, derandomize=True)
@given(TEXTS, PATTERNS, REPLACEMENTS, st.sampled_from(["", "i", "q"]))
def test_replacements_are_alike_written_and_given(
    index: Index, text: str, pattern: str, by: str, flags: str
) -> None:
    """REPLACE with constants and with variables agree."""
    one, other = both(
        index,
        "REPLACE({}, {}, {}, {})",
        "REPLACE(?a0, ?a1, ?a2, ?a3)",
        [text, pattern, by, flags],
    )
    assert one == other


@pytest.mark.parametrize(
    ("text", "datatype", "value"),
    [
        ("1", "integer", True), ("0", "integer", False), ("-0", "integer", False),
        ("+7", "integer", True), ("1.0", "integer", False), ("", "integer", False),
        ("9" * 40, "integer", True), ("127", "byte", True), ("128", "byte", False),
        ("-1", "unsignedInt", False), ("-1", "positiveInteger", False), ("5", "long", True),
        ("0.0", "decimal", False), (".5", "decimal", True), ("1e3", "decimal", False),
        ("1e3", "double", True), ("0e9", "double", False), ("NaN", "double", False),
        ("INF", "float", True), ("-INF", "double", True), ("inf", "double", False),
        ("1e-999", "double", True), ("true", "boolean", True), ("0", "boolean", False),
        ("TRUE", "boolean", False), ("", "string", False), ("x", "string", True),
        ("2020-01-01", "date", None), ("x", "anyURI", None),
    ],
)  # fmt: skip
def test_literals_have_their_truth(text: str, datatype: str, value: object) -> None:
    """Effective boolean values (section 17.2.2); what is not well-formed is false."""
    assert truth(Literal(text, datatype=NamedNode(XSD + datatype))) is value


def test_a_text_with_a_language_is_true() -> None:
    """A plain literal of some length is true, in whatever language."""
    assert truth(Literal("a", language="en")) is True
    assert truth(Literal("", language="en")) is False


def test_most_queries_are_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    """A query that holds nothing of the kind is neither parsed nor changed."""
    monkeypatch.setattr(error_texts, "read", lambda *_: pytest.fail("it was read"))
    for text in (
        "SELECT * { ?s ?p ?o FILTER(?o != 3 && LANG(?o) = 'sv') }",
        "SELECT ?s (COUNT(*) AS ?n) { ?s a ?c OPTIONAL { ?s ?p ?o } } GROUP BY ?s",
        "SELECT * { ?s ?p ?o FILTER(!BOUND(?x) || isIRI(?o)) }",
        "SELECT ?s (MAX(?o) AS ?n) { ?s ?p ?o FILTER(?o > '1'^^<http://e/d>) } GROUP BY ?s",
    ):
        assert dialect.written("query", text).text == text


def test_updates_are_written_alike() -> None:
    """What queries have, WHERE of an update has too, in each operation."""
    store = Store()
    text = """
        PREFIX : <urn:x:>
        INSERT DATA { :a :p :b , :c ; :n "x"^^<http://www.w3.org/2001/XMLSchema#integer> } ;
        INSERT { :all :is ?all } WHERE { SELECT (GROUP_CONCAT(?o; SEPARATOR="+") AS ?all)
          { SELECT ?o { ?s :p ?o } ORDER BY ?o } } ;
        INSERT { :rest :is ?x } WHERE { BIND(REPLACE("5 kr", " kr", "\\\\$") AS ?x) } ;
        INSERT { ?s :is "ill" } WHERE { ?s :n ?n FILTER(!?n) }
    """
    run(store, text, base=None, prefixes={})
    is_ = NamedNode("urn:x:is")
    found = {quad.object.value for quad in store.quads_for_pattern(None, is_, None, None)}  # type: ignore[union-attr]
    assert found == {"urn:x:b+urn:x:c", "5$", "ill"}


def test_deep_brackets_are_read(index: Index) -> None:
    """Hundreds of brackets in each other, as programs write them, are no reason to refuse."""
    deep = "(" * 300 + "?x" + ")" * 300
    (row,) = index.query(f"SELECT (IF({deep}, 1, 2) AS ?y) {{ VALUES ?x {{ 'a'@en }} }}").rows()
    assert row["y"] == Literal(1)
    groups = "{ " * 150 + "?s <urn:a>|<urn:b> ?o" + " }" * 150
    assert list(index.query(f"SELECT * {groups}").rows()) == []


def test_what_is_nested_too_deeply_is_refused(index: Index) -> None:
    """A query that cannot be read is not run without what it needs."""
    deep = "(" * 3000 + "?x" + ")" * 3000
    with pytest.raises(QueryError, match="nested too deeply"):
        index.query(f"SELECT (IF(?x, GROUP_CONCAT({deep}), 1) AS ?y) {{}}")


def test_the_tables_of_answers_need_it() -> None:
    """Of the answers worked out by hand, some are right only because the query is rewritten."""
    texts = [text for text, _ in (*test_answers.EXPRESSIONS, *test_answers.QUERIES)]
    changed = [
        text
        for text in texts
        if concerns(f"{test_answers.PROLOGUE}SELECT ({text} AS ?x) {{}}") and re.search(r"\w", text)
    ]
    assert 20 < len(changed) < len(texts)
