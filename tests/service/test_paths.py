"""Property paths give as many solutions as the Recommendation says (SPARQL 1.1, section 18.4)."""

from __future__ import annotations

from collections import Counter
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import NamedNode, Store

from samsyn import names
from samsyn.dataset.exact import Dataset, Triple, computed
from samsyn.errors import QueryError
from samsyn.sparql.index import Index
from samsyn.sparql.update import run

# A path is an IRI's letter, or an operator with paths.
Path = str | tuple  # type: ignore[type-arg]
Row = tuple[str, Path, str]
Pairs = Counter[tuple[str, str]]


def node(name: str) -> NamedNode:
    """Return a node of the tests."""
    return NamedNode(f"http://e/{name}")


def index_of(triples: set[tuple[str, str, str]]) -> Index:
    """Return an index over triples of letters."""
    made = [Triple(node(s), node(p), node(o)) for s, p, o in sorted(triples)]
    return Index(Dataset({}).with_graph(computed("http://e/g", names.STATED, made)))


def written(path: Path) -> str:
    """Write a path."""
    if isinstance(path, str):
        return f":{path}"
    kind, *parts = path
    if kind in "*+?":
        return f"({written(parts[0])}){kind}"
    if kind == "!":
        return f"!({'|'.join(map(written, parts))})"
    if kind == "^":
        return f"^{written(parts[0])}" if isinstance(parts[0], str) else f"^({written(parts[0])})"
    return f"({kind.join(map(written, parts))})"


def pairs(  # noqa: PLR0911  a definition for each kind
    path: Path, graph: set[tuple[str, str, str]]
) -> Pairs:
    """Evaluate a path by its definition: pairs of nodes, each as often as it is a solution."""
    if isinstance(path, str):
        return Counter((s, o) for s, p, o in graph if p == path)
    kind, *parts = path
    if kind == "!":
        plain = [part for part in parts if isinstance(part, str)]
        inverse = [part[1] for part in parts if not isinstance(part, str)]
        found = Counter((s, o) for s, p, o in graph if plain and p not in plain)
        return found + Counter((o, s) for s, p, o in graph if inverse and p not in inverse)
    if kind == "^":
        return Counter({(o, s): n for (s, o), n in pairs(parts[0], graph).items()})
    if kind == "|":
        return sum((pairs(part, graph) for part in parts), Counter())
    if kind == "/":
        found = pairs(parts[0], graph)
        for part in parts[1:]:
            found = joined(found, pairs(part, graph))
        return found
    nodes = {term for s, _, o in graph for term in (s, o)}
    once = set(pairs(parts[0], graph))
    if kind == "?":
        return Counter(once | {(n, n) for n in nodes})
    reached = set(once)
    while more := {(a, d) for (a, b), (c, d) in product(reached, once) if b == c} - reached:
        reached |= more
    return Counter(reached if kind == "+" else reached | {(n, n) for n in nodes})


def joined(left: Pairs, right: Pairs) -> Pairs:
    """Join two paths at the node between them."""
    found: Pairs = Counter()
    for ((a, b), n), ((c, d), m) in product(left.items(), right.items()):
        if b == c:
            found[a, d] += n * m
    return found


def solutions(
    rows: list[Row], graph: set[tuple[str, str, str]]
) -> Counter[tuple[tuple[str, str], ...]]:
    """Evaluate a pattern: each solution by its variables, as often as it is one."""
    found: Counter[tuple[tuple[str, str], ...]] = Counter({(): 1})
    for subject, path, object_ in rows:
        further: Counter[tuple[tuple[str, str], ...]] = Counter()
        for (known, times), ((s, o), n) in product(found.items(), pairs(path, graph).items()):
            bound = dict(known)
            fits = True
            for term, value in ((subject, s), (object_, o)):
                if term[0] == ":":
                    fits = fits and term[1:] == value
                elif bound.setdefault(term, value) != value:
                    fits = False
            if fits:
                further[tuple(sorted(bound.items()))] += times * n
        found = further
    seen: Counter[tuple[tuple[str, str], ...]] = Counter()
    for known, times in found.items():
        seen[tuple(each for each in known if each[0][0] == "?")] += times
    return seen


def answered(index: Index, query: str) -> Counter[tuple[tuple[str, str], ...]]:
    """Return the solutions of a query as a bag."""
    return Counter(
        tuple(sorted((f"?{name}", value.value[-1]) for name, value in row.items()))  # type: ignore[union-attr]
        for row in index.query(f"PREFIX : <http://e/> {query}").rows()
    )


PROPERTIES = "pqr"
IRIS = st.sampled_from(PROPERTIES)
MEMBERS = st.one_of(IRIS, st.tuples(st.just("^"), IRIS))
PATHS: st.SearchStrategy[Path] = st.recursive(
    st.one_of(IRIS, st.builds(lambda m: ("!", *m), st.lists(MEMBERS, min_size=1, max_size=3))),
    lambda inner: st.one_of(
        st.tuples(st.just("^"), inner),
        st.tuples(st.sampled_from("*+?"), inner),
        st.builds(
            lambda k, p: (k, *p),
            st.sampled_from("||/"),
            st.lists(inner, min_size=2, max_size=3),
        ),
    ),
    max_leaves=6,
)  # fmt: skip
TERMS = st.sampled_from(["?x", "?y", "?z", "?x", "?y", "_:b", ":a"])
ROWS = st.lists(st.tuples(TERMS, PATHS, TERMS), min_size=1, max_size=3)
GRAPHS = st.sets(
    st.tuples(st.sampled_from("abc"), IRIS, st.sampled_from("abc")), min_size=1, max_size=9
)
SHAPES = {
    "select": "SELECT {vars} {{ {rows} }}",
    "where-all": "SELECT * {{ {rows} FILTER(true) }}",
    "graph": "SELECT {vars} {{ GRAPH :g {{ {rows} }} }}",
    "subquery": "SELECT {vars} {{ {{ SELECT {vars} {{ {rows} }} }} }}",
    "union": "SELECT {vars} {{ {{ {rows} }} UNION {{ ?none :none :none }} }}",
    "optional": "SELECT {vars} {{ {{}} OPTIONAL {{ {rows} }} FILTER(BOUND({first})) }}",
    "inside": "SELECT {vars} {{ {{ {{ {rows} }} MINUS {{ ?none :none|^:none :none }} }} }}",
}


@pytest.mark.parametrize("shape", SHAPES)
@settings(max_examples=120, deadline=None, derandomize=True)
@given(rows=ROWS, graph=GRAPHS)
def test_every_path_is_answered_by_its_definition(
    shape: str, rows: list[Row], graph: set[tuple[str, str, str]]
) -> None:
    """Random paths over random graphs, wherever a pattern can be, give each solution as often."""
    # The engine finds no path of length zero from a node that is not in the data.
    graph = graph | {("a", "r", "a")}
    variables = dict.fromkeys(t for s, _, o in rows for t in (s, o) if t[0] == "?")
    if not variables:
        return
    text = " . ".join(f"{s} {written(path)} {o}" for s, path, o in rows)
    query = SHAPES[shape].format(vars=" ".join(variables), rows=text, first=next(iter(variables)))
    assert answered(index_of(graph), query) == solutions(rows, graph)


SMALL = {("a", "p", "b"), ("a", "q", "b"), ("b", "p", "c"), ("b", "q", "c"), ("c", "r", "a")}


@pytest.fixture(scope="module")
def small() -> Index:
    """An index over a small graph with two ways from a to b to c."""
    return index_of(SMALL)


@pytest.mark.parametrize(
    ("pattern", "number"),
    [
        (":a :p|:q ?o", 2),
        (":a (:p|:p) ?o", 2),
        ("?s :p|:q|:r ?o", 5),
        ("?s ^(:p|:q) ?o", 4),
        ("?s (^:p|:q) ?o", 4),
        (":a (:p|:q)/(:p|:q) ?o", 4),
        (":a ((:p|:q)/:p)|:r ?o", 2),
        (":a !(:p|:q|:r) ?o", 0),
        (":a !(:p|^:q) ?o", 2),
        ("?s !(:r|^:r) ?o", 8),
        (":a (:p|:q)* ?o", 3),
        (":a (:p|:q)+ ?o", 2),
        (":a (:p|:q)? ?o", 2),
        (":a ((:p|:q)/(:p|:q))? ?o", 2),
        (":a (:p|:q)/:p* ?o", 4),
        (":a :p|:q [ :p|:q ?o ]", 4),
        (":a :p|:q _:x . _:x :p|:q ?o", 4),
        (":a :p|:q ?o , ?x ; :p ?y", 4),
        (":a :p|:q :b", 2),
        ("(?a ?b) :p|:q ?o", 0),
        (":a (:p|:q)/(:p|:q)/(:r|:r)/(:p|:q)/(:p|:q)/(:r|:r) ?o", 64),
        ("?s a|:p ?o", 2),
        ("{ ?s :p|:q ?o } { SELECT ?s { ?s :p|:q ?z } }", 8),
        ("?s :r ?o FILTER EXISTS { ?o :p|:q ?z }", 1),
        ("?s :p|:q ?o MINUS { ?s :p|:q :c }", 2),
        ("?s :r ?o OPTIONAL { ?o :p|:q ?z }", 2),
        ("GRAPH ?g { ?s :p|:q ?o }", 4),
        ("?s :p|:q ?o BIND(?o AS ?b) ?b :p|:q ?z", 4),
    ],
)
def test_alternatives_keep_duplicates(small: Index, pattern: str, number: int) -> None:
    """Worked out by hand: an alternative is a union, which adds numbers of solutions."""
    count = f"PREFIX : <http://e/> SELECT (COUNT(*) AS ?n) {{ {pattern} }}"
    (row,) = small.query(count).rows()
    assert row["n"].value == str(number)  # type: ignore[union-attr]


def test_what_is_made_for_a_path_stays_out_of_sight(small: Index) -> None:
    """No column shows a variable that stands for a blank node."""
    query = "PREFIX : <http://e/> SELECT * { :a :p|:q _:x . _:x :p|:q ?_0 }"
    answer = small.query(query)
    assert answer.variables == ["_0"]
    assert len(list(answer.rows())) == 4
    counted = "PREFIX : <http://e/> SELECT (COUNT(DISTINCT *) AS ?n) { _:x :p|:q _:y . _:y :p ?o }"
    (row,) = small.query(counted).rows()
    assert row["n"].value == "1"  # type: ignore[union-attr]


def test_what_cannot_be_written_out_is_refused(small: Index) -> None:
    """A query without a variable has no columns, so nothing can stand for its blank nodes."""
    with pytest.raises(QueryError, match="names no variable"):
        small.query("PREFIX : <http://e/> SELECT * { _:a :p|:q _:b . _:b :p _:c }")


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("INSERT { [] :of ?o } WHERE { :a :p|:q ?o }", 2),
        ("INSERT { :n :of ?n } WHERE { SELECT (COUNT(*) AS ?n) { :a :p|:q ?o } }", 1),
        ("DELETE { ?s :r ?o } INSERT { [] :of ?o } USING :g WHERE { ?s :p|:q ?o }", 4),
    ],
)
def test_alternatives_in_updates(text: str, number: int) -> None:
    """WHERE of an update is a pattern as any other."""
    store = Store()
    graph = " ".join(f":{s} :{p} :{o} ." for s, p, o in SMALL)
    run(store, f"INSERT DATA {{ {graph} GRAPH :g {{ {graph} }} }} ; {text}".replace(":", "e:"),
        base=None, prefixes={"e": "http://e/"})  # fmt: skip
    assert len(list(store.quads_for_pattern(None, node("of"), None, None))) == number


def test_a_fault_keeps_its_place(small: Index) -> None:
    """What is written for the engine does not shift the place of a fault."""
    with pytest.raises(QueryError) as caught:
        small.query("PREFIX : <http://e/>\nSELECT * {\n  ?s :p|:q ?o ;\n  foo:bar ?x }")
    assert (caught.value.line, caught.value.column) == (4, 3)
    with pytest.raises(QueryError) as caught:
        small.query("PREFIX : <http://e/>\nSELECT * {\n  ?s :p|:q ?o .\n  ?s <http://[> ?x }")
    assert caught.value.line == 4
