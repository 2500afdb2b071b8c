"""Default graphs are sets of triples, whatever graphs they are made of."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterable, Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad, QuerySolutions, Store

from samsyn import names
from samsyn.dataset.exact import Dataset, Triple, computed
from samsyn.site.changes import update
from samsyn.sparql.index import Index
from samsyn.sparql.update import run

HUT = "<http://e/hut> <http://e/beds> 12"
ONE, TWO, THREE = (f"http://e/{name}" for name in ("one", "two", "three"))


def node(name: object) -> NamedNode:
    """Return a node of the tests."""
    return NamedNode(f"http://e/{name}")


def triple(subject: str, property_: str, object_: int | str) -> Triple:
    """Return a triple; a number is its object as a literal."""
    term = Literal(object_) if isinstance(object_, int) else node(object_)
    return Triple(node(subject), node(property_), term)


def dataset(**graphs: Iterable[Triple]) -> Dataset:
    """Return a dataset of graphs by the ends of their names; ``unnamed`` has none."""
    return Dataset({}).with_graph(
        *(
            computed("" if name == "unnamed" else f"http://e/{name}", names.STATED, triples)
            for name, triples in graphs.items()
        )
    )


def values(index: Index, query: str, **options: Sequence[str]) -> list[str]:
    """Return the first column of the answer, sorted."""
    rows = index.query(query, **options).rows()  # type: ignore[arg-type]
    return sorted(getattr(next(iter(row.values())), "value", "") for row in rows)


BEDS = triple("hut", "beds", 12)
SUM = "SELECT (SUM(?b) AS ?n) {0} {{ ?h <http://e/beds> ?b }}"


@pytest.fixture
def shared() -> Index:
    """An index in which a triple is in three graphs, one of them the unnamed one."""
    return Index(dataset(one=[BEDS], two=[BEDS, triple("a", "p", "b")], unnamed=[BEDS]))


@pytest.mark.parametrize(
    "clauses",
    ["", f"FROM <{ONE}> FROM <{TWO}>", f"FROM <{ONE}> FROM <{TWO}> FROM NAMED <{ONE}>",
     f"FROM <{TWO}> FROM <{ONE}> FROM <{TWO}>", f"FROM <{ONE}>"],
)  # fmt: skip
def test_a_triple_of_several_graphs_counts_once(shared: Index, clauses: str) -> None:
    """The sum of what two graphs say is not doubled, by FROM or in the union."""
    assert values(shared, SUM.format(clauses)) == ["12"]


@pytest.mark.parametrize(
    "index", [Index(dataset(one=[BEDS])), Index(dataset(one=[BEDS], two=[BEDS]))]
)
def test_a_graph_that_is_named_twice_counts_once(index: Index) -> None:
    """FROM, FROM NAMED and the parameters of the protocol are sets of graphs."""
    twice = f"PREFIX e: <http://e/> SELECT ?s {{}} <{ONE}> {{}} e:one {{{{ {{}} }}}}"
    assert len(values(index, twice.format("FROM", "FROM", "?s ?p ?o"))) == 1
    named = twice.format("FROM NAMED", "FROM NAMED", "GRAPH ?g { ?s ?p ?o }")
    assert len(values(index, named)) == 1
    assert len(values(index, "SELECT ?s { ?s ?p ?o }", default_graphs=[ONE, ONE])) == 1
    graph = "SELECT ?s { GRAPH ?g { ?s ?p ?o } }"
    assert len(values(index, graph, named_graphs=[ONE, ONE])) == 1


def test_so_it_is_with_graphs_given_beside_the_query(shared: Index) -> None:
    """default-graph-uri merges as FROM does, and goes before it."""
    text = SUM.format(f"FROM <{THREE}>")
    assert values(shared, text, default_graphs=[ONE, TWO]) == ["12"]
    assert values(shared, text, default_graphs=[TWO, ONE], named_graphs=[ONE]) == ["12"]


def test_names_in_from_are_those_of_the_query(shared: Index) -> None:
    """Prefixed and relative names are resolved as the query declares them."""
    text = f"PREFIX e: <http://e/> {SUM.format('FROM e:one FROM <two>')}"
    assert list(shared.query(text, base="http://e/").rows()) == [{"n": Literal(12)}]


def test_descriptions_and_constructions_hold_it_once(shared: Index) -> None:
    """A triple of two graphs is one triple of the graph that is made."""
    described = shared.query("DESCRIBE <http://e/hut>").serialise("ntriples")
    assert len(described.splitlines()) == 1
    made = shared.query("CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }").serialise("ntriples")
    assert len(made.splitlines()) == 2


def test_named_graphs_stay_as_they_are(shared: Index) -> None:
    """GRAPH finds the triple in each graph that has it, and no graph that is not of the dataset."""
    assert values(shared, "SELECT ?g { GRAPH ?g { ?s ?p 12 } }") == [ONE, TWO]
    assert values(shared, "SELECT ?g { GRAPH ?g {} }") == [ONE, TWO]
    both = f"SELECT ?g FROM <{ONE}> FROM <{TWO}> FROM NAMED <{TWO}> {{ GRAPH ?g {{ ?s ?p 12 }} }}"
    assert values(shared, both) == [TWO]
    assert values(shared, f"SELECT ?s FROM NAMED <{ONE}> {{ ?s ?p ?o }}") == []


def test_without_union_the_unnamed_graph_is_the_default_graph() -> None:
    """Nothing is merged where the default graph is the unnamed one."""
    index = Index(dataset(one=[BEDS], two=[BEDS], unnamed=[triple("a", "p", "b")]), union=False)
    assert values(index, "SELECT ?s { ?s ?p ?o }") == ["http://e/a"]
    assert values(index, "SELECT ?g { GRAPH ?g {} }") == [ONE, TWO]
    assert values(index, SUM.format(f"FROM <{ONE}> FROM <{TWO}>")) == ["12"]


def test_literals_that_the_index_makes_equal_are_one_triple() -> None:
    """Graphs share a triple also where they write its value in two ways."""
    index = Index(
        dataset(
            one=[Triple(node("hut"), node("beds"), Literal("012", datatype=INTEGER))],
            two=[Triple(node("hut"), node("beds"), Literal("12", datatype=INTEGER))],
        )
    )
    assert values(index, SUM.format("")) == ["12"]


INTEGER = NamedNode("http://www.w3.org/2001/XMLSchema#integer")


def test_a_write_changes_what_is_merged() -> None:
    """An index that takes over another knows which graphs share triples now."""
    index = Index(dataset(one=[BEDS], two=[triple("a", "p", "b")]))
    assert values(index, SUM.format("")) == ["12"]
    index = Index(dataset(one=[BEDS], two=[BEDS]), former=index)
    assert values(index, SUM.format("")) == ["12"]
    index = Index(dataset(one=[triple("hut", "beds", 3)], two=[BEDS]), former=index)
    assert values(index, SUM.format("")) == ["15"]
    index = Index(dataset(two=[BEDS], three=[BEDS]), former=index)
    assert values(index, SUM.format("")) == ["12"]
    assert values(index, "SELECT ?g { GRAPH ?g {} }") == [THREE, TWO]


@pytest.mark.parametrize(
    ("text", "beds"),
    [
        (f"INSERT DATA {{ GRAPH <{ONE}> {{ {HUT} }} GRAPH <{THREE}> {{ {HUT} }} }}", "12"),
        (f"INSERT DATA {{ {HUT} }}", "12"),
        (f"COPY <{TWO}> TO <{THREE}>", "12"),
        (f"DELETE DATA {{ GRAPH <{TWO}> {{ {HUT} }} }}", "0"),
        (f"ADD <{TWO}> TO DEFAULT ; DROP GRAPH <{TWO}>", "12"),
        ("DELETE WHERE { GRAPH ?g { ?s ?p 12 } }", "0"),
        ("DROP ALL", "0"),
    ],
)
def test_an_update_sees_and_leaves_no_merge(text: str, beds: str) -> None:
    """What is written is in its graphs alone, and counted once by the next index."""
    before = dataset(one=[triple("a", "p", "b")], two=[BEDS], four=[triple("a", "p", "b")])
    index = Index(before)
    after = update(before, index, text, base="http://e/", prefixes={})
    assert set(after.graphs) <= {"", ONE, TWO, THREE, "http://e/four"}
    index = Index(after, former=index)
    assert values(index, SUM.format("")) == [beds]
    assert values(index, "SELECT ?g { GRAPH ?g {} }") == sorted(filter(None, after.graphs))


COUNTED = """
PREFIX e: <http://e/>
INSERT {{ e:all e:sum ?n }} {0}
WHERE {{ SELECT (SUM(?b) AS ?n) {{ ?h e:beds ?b }} }}
"""


@pytest.mark.parametrize("beside", [False, True], ids=["in-the-text", "beside-it"])
def test_using_merges_what_an_update_sees(*, beside: bool) -> None:
    """USING with two graphs is a set too, and each operation sees what the one before wrote."""
    store = Store()
    clauses = f"USING <{ONE}> USING <{TWO}>"
    first = f"INSERT DATA {{ GRAPH <{ONE}> {{ {HUT} }} GRAPH <{TWO}> {{ {HUT} }} }} ;"
    text = first + COUNTED.format("" if beside else clauses)
    run(store, text, base=None, prefixes={}, using=(ONE, TWO) if beside else ())
    found = [quad.object.value for quad in store.quads_for_pattern(node("all"), None, None, None)]
    assert found == ["12"]
    assert {graph.value for graph in store.named_graphs()} == {ONE, TWO}


def test_a_blank_node_is_made_once_for_each_solution() -> None:
    """What USING merges gives one solution, so one blank node."""
    store = Store()
    store.extend([Quad(*BEDS, node("one")), Quad(*BEDS, node("two"))])
    text = f"INSERT {{ [] <http://e/of> ?h }} USING <{ONE}> USING <{TWO}> WHERE {{ ?h ?p 12 }}"
    run(store, text, base=None, prefixes={})
    assert len(list(store.quads_for_pattern(None, None, None, DefaultGraph()))) == 1


QUERIES = [
    "SELECT (COUNT(*) AS ?n) {FROM} { ?s ?p ?o }",
    "SELECT ?s (SUM(?o) AS ?n) {FROM} { ?s ?p ?o } GROUP BY ?s",
    "SELECT * {FROM} { ?s e:p ?x . ?x ?q ?o }",
    "SELECT * {FROM} { ?s e:p/e:q ?o }",
    "SELECT * {FROM} { ?s ^e:p ?o OPTIONAL { ?o e:q ?z } }",
    "SELECT * {FROM} { ?s !e:p ?o }",
    "SELECT * {FROM} { ?s e:p* ?o }",
    "SELECT ?s {FROM} { ?s e:p ?o MINUS { ?s e:q ?x } }",
    "SELECT ?s {FROM} { ?s ?p ?o FILTER NOT EXISTS { ?o e:p ?s } }",
    "SELECT ?n {FROM} { { SELECT ?s (COUNT(?o) AS ?n) { ?s ?p ?o } GROUP BY ?s } }",
    "SELECT * {FROM} { { ?s e:p ?o } UNION { ?o e:q ?s } }",
    "CONSTRUCT { ?s e:k ?o } {FROM} WHERE { ?s ?p ?x . ?x ?q ?o }",
    "DESCRIBE e:n0 {FROM}",
]
NODES = [f"n{number}" for number in range(4)]
OBJECTS: list[int | str] = [*NODES, 1, 2]
TRIPLES = st.lists(
    st.builds(triple, st.sampled_from(NODES), st.sampled_from("pq"), st.sampled_from(OBJECTS)),
    max_size=8,
)


def rows(answer: object) -> Counter[str]:
    """Return an answer as a bag of rows or triples."""
    if not isinstance(answer, QuerySolutions):
        return Counter(map(str, answer))  # type: ignore[call-overload]
    names = sorted(variable.value for variable in answer.variables)
    return Counter(" ".join(f"{name}={row[name]}" for name in names) for row in answer)


@settings(max_examples=150, deadline=None, derandomize=True)
@given(
    st.fixed_dictionaries(dict.fromkeys(("one", "two", "three", "unnamed"), TRIPLES)),
    st.sampled_from(QUERIES),
    st.sets(st.sampled_from(("one", "two", "three"))),
)
def test_every_answer_is_that_over_the_merge(
    graphs: dict[str, list[Triple]], query: str, chosen: set[str]
) -> None:
    """Over random graphs the index answers as the engine does over one graph that holds all."""
    index = Index(dataset(**graphs))
    text = "PREFIX e: <http://e/> " + query
    clauses = " ".join(f"FROM e:{name}" for name in sorted(chosen))
    whole = Store()
    for name in chosen or graphs:
        whole.extend(Quad(*each, DefaultGraph()) for each in graphs[name])
    expected = rows(whole.query(text.replace("{FROM}", "")))
    assert rows(index.query(text.replace("{FROM}", clauses)).raw) == expected
    given_beside = [f"http://e/{name}" for name in sorted(chosen)] or None
    assert (
        rows(index.query(text.replace("{FROM}", ""), default_graphs=given_beside).raw) == expected
    )


def test_a_graph_named_by_a_blank_node_is_merged_too() -> None:
    """Graphs of TriG may have such names; the union holds them once."""
    graphs = Dataset({}).with_graph(
        computed("_:g", names.STATED, [BEDS]), computed(ONE, names.STATED, [BEDS])
    )
    assert isinstance(graphs.graphs["_:g"].name, BlankNode)
    assert values(Index(graphs), SUM.format("")) == ["12"]


def test_merging_for_a_query_leaves_nothing_behind(shared: Index) -> None:
    """The merge of one query is gone behind it; that of all graphs is no graph of the dataset."""
    before = sorted(shared.dumps())
    values(shared, SUM.format(f"FROM <{ONE}> FROM <{TWO}>"))
    assert sorted(shared.dumps()) == before == ["", ONE, TWO]


def test_what_shares_nothing_is_not_merged(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a common triple nothing is copied, by FROM or in the union."""
    index = Index(dataset(one=[BEDS], two=[triple("a", "p", "b")]))
    monkeypatch.setattr("samsyn.sparql.merging._fresh", lambda: pytest.fail("a merge was made"))
    assert values(index, SUM.format("")) == ["12"]
    assert values(index, SUM.format(f"FROM <{ONE}> FROM <{TWO}>")) == ["12"]


@pytest.mark.parametrize("seed", range(5))
def test_only_the_smaller_graphs_are_read(seed: int) -> None:
    """Of graphs that share triples, the largest is left in place."""
    chance = random.Random(seed)  # noqa: S311
    large = [triple(f"s{number}", "p", number) for number in range(200)]
    few = chance.sample(large, 5)
    index = Index(dataset(one=large, two=few, three=few[:2]))
    clauses = f"FROM <{TWO}> FROM <{ONE}> FROM <{THREE}>"
    assert values(index, f"SELECT (COUNT(*) AS ?n) {clauses} {{ ?s ?p ?o }}") == ["200"]
    index._merging._store.update(f"CLEAR GRAPH <{ONE}>")
    assert values(index, f"SELECT (COUNT(*) AS ?n) {clauses} {{ ?s ?p ?o }}") == ["5"]
