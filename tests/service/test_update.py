"""Updates on the store: what they change, in which graphs they look, and what they refuse."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import pytest
from pyoxigraph import BlankNode, Literal, NamedNode, Quad, Store
from tests.patience import ending

from samsyn.errors import ForbiddenError, QueryError, ToolError, UsageError
from samsyn.sparql import keywords, update

HEAD = "PREFIX e: <http://e/> PREFIX g: <http://g/> "
PREFIXES = {"known": "http://known/"}
ONE, TWO = "http://g/one", "http://g/two"
B = "{ ?s ?p ?o }"


@pytest.fixture
def store() -> Store:
    """A store with a triple in the default graph and in each of two named graphs."""
    made = Store()
    for name, graph in (("none", None), ("one", NamedNode(ONE)), ("two", NamedNode(TWO))):
        made.add(Quad(NamedNode(f"http://e/{name}"), NamedNode("http://e/p"), Literal(name), graph))
    return made


def held(store: Store) -> set[str]:
    """Write what a store holds, each triple as graph, subject and object."""
    return {
        " ".join(
            getattr(term, "value", "-").rpartition("/")[2]
            for term in (quad.graph_name, quad.subject, quad.object)
        )
        for quad in store
    }


ALL = {"- none none", "one one one", "two two two"}


def run(
    store: Store, text: str, using: tuple[str, ...] = (), using_named: tuple[str, ...] = ()
) -> None:
    """Run an update with the prefixes and base of these tests."""
    update.run(
        store, text, base="http://e/", prefixes=PREFIXES, using=using, using_named=using_named
    )


@pytest.mark.parametrize(
    ("text", "gone", "new"),
    [
        ("INSERT DATA { e:x e:p 'y' . GRAPH g:three { e:z e:p 'z' } }", "", "- x y,three z z"),
        ("DELETE DATA { GRAPH g:one { e:one e:p 'one' } }", "one one one", ""),
        ("DELETE WHERE { ?s ?p ?o }", "- none none", ""),
        (
            "WITH g:one DELETE { ?s ?p ?o } INSERT { ?s ?p 'x' } WHERE { ?s ?p ?o }",
            *("one one one", "one one x"),
        ),
        ("INSERT { ?s ?p 'x' } USING g:two WHERE { ?s ?p ?o }", "", "- two x"),
        ("CLEAR GRAPH g:one ; DROP DEFAULT", "one one one,- none none", ""),
        (
            "COPY g:one TO g:three ; INSERT DATA { <rel> known:p 'k' } ;",
            "",
            "three one one,- rel k",
        ),
        ("", "", ""),
        ("# nothing", "", ""),
    ],
    ids=["insert", "delete", "where", "with", "using", "clear", "several", "empty", "comment"],
)
def test_an_update_changes_the_store(store: Store, text: str, gone: str, new: str) -> None:
    """Each form does what it says; relative IRIs and known prefixes are resolved."""
    run(store, HEAD + text)
    assert held(store) == ALL - set(filter(None, gone.split(","))) | set(
        filter(None, new.split(","))
    )


WHERES = {
    "insert": "INSERT { ?s e:q 'new' } WHERE { ?s ?p ?o }",
    "glued": "INSERT{?s e:q 'new'}WHERE{?s ?p ?o}",
    "lower-case": "insert { ?s e:q 'new' } where { ?s ?p ?o }",
    "comment-before": "INSERT { ?s e:q 'new' } # WHERE {\n WHERE # { \n { ?s ?p ?o }",
    "both-clauses": "DELETE { ?s e:q e:WHERE } INSERT { ?s e:q 'new' } WHERE { ?s ?p ?o }",
    "sub-select": "INSERT { ?s e:q 'new' } WHERE { { SELECT ?s WHERE { ?s ?p ?o } } }",
    "exists": "INSERT { ?s e:q 'new' } WHERE"
    " { ?s ?p ?o FILTER EXISTS { SELECT * WHERE { ?s ?p ?o } } }",
    "decoys": "PREFIX where: <http://e/> INSERT { ?s where:q 'new' } WHERE"
    " { ?s ?p ?o . BIND('} WHERE {' AS ?where) FILTER(<http://e/WHERE> != 1 || 1 < 2) }",
    "after-others": "CREATE GRAPH g:where ; PREFIX where: <http://g/>"
    " DROP GRAPH where:where ; INSERT { ?s e:q 'new' } WHERE { ?s ?p ?o } ; ",
    "named-like-keywords": "PREFIX with: <http://g/> PREFIX using: <http://g/>"
    " CREATE GRAPH with:using ; DROP GRAPH using:using ;"
    " INSERT { ?s e:q 'new' } WHERE { ?s ?p ?o }",
    "words-in-braces": "INSERT { ?s e:q 'new' . } WHERE"
    " { ?s ?p ?o . BIND('USING <http://g/x>' AS ?with) }",
    "comparisons": "INSERT { ?s e:q 'new' } WHERE { ?s ?p ?o FILTER(1<2&&3>2) }",
}


@pytest.mark.parametrize("name", WHERES)
def test_a_graph_given_beside_is_where_it_looks(store: Store, name: str) -> None:
    """Each WHERE of an operation, but none inside braces, looks in the graphs given beside it."""
    run(store, HEAD + WHERES[name], using=(ONE,))
    assert held(store) == ALL | {"- one new"}


def test_several_operations_look_in_the_same_graphs(store: Store) -> None:
    """The graphs hold for all operations of a request, several of them make one default graph."""
    text = "INSERT { ?s e:q 'a' } WHERE { ?s ?p ?o } ; INSERT { ?s e:q 'b' } WHERE { ?s ?p ?o }"
    run(store, HEAD + text, using=(ONE, TWO))
    assert held(store) == ALL | {"- one a", "- two a", "- one b", "- two b"}


def test_named_graphs_given_beside_bound_what_graph_may_name(store: Store) -> None:
    """GRAPH names only the named ones given; default ones are no named ones, and the reverse."""
    text = f"{HEAD}INSERT {{ ?s e:q 'new' }} WHERE {{ GRAPH ?g {B} }}"
    run(store, text, using=(ONE,))
    assert held(store) == ALL
    run(store, f"{HEAD}INSERT {{ ?s e:q 'new' }} WHERE {B}", using_named=(TWO,))
    assert held(store) == ALL
    run(store, text, using=(ONE,), using_named=(TWO,))
    assert held(store) == ALL | {"- two new"}


@pytest.mark.parametrize(
    "text",
    [
        "DELETE WHERE { ?s ?p ?o }",
        "deletewhere{?s ?p ?o}",
        "DELETE # WHERE {\nWHERE { ?s # }\n ?p ?o . }",
        "DROP GRAPH g:two; DELETE WHERE { ?s ?p ?o . } ; CREATE GRAPH g:two",
    ],
    ids=["plain", "glued", "comments", "among-others"],
)
def test_the_short_form_looks_there_too(store: Store, text: str) -> None:
    """DELETE WHERE finds in the graphs given, and deletes from the default graph, as it says."""
    store.add(Quad(NamedNode("http://e/one"), NamedNode("http://e/p"), Literal("one")))
    run(store, HEAD + text, using=(ONE,))
    assert held(store) - {"two two two"} == {"- none none", "one one one"}


def test_the_short_form_with_graphs(store: Store) -> None:
    """DELETE WHERE with GRAPH deletes from the named graphs given, and no other."""
    run(store, f"DELETE WHERE {{ GRAPH ?g {B} }}", using_named=(TWO,))
    assert held(store) == {"- none none", "one one one"}


@pytest.mark.parametrize(
    "text",
    [
        f"INSERT {B} USING g:two WHERE {B}",
        f"insert{{}}using<http://g/two>where{B}",
        f"INSERT {B} USING NAMED g:two WHERE {B}",
        f"INSERT {B} USINGNAMED<http://g/two> WHERE {B}",
        f"INSERT {B} # x\nUSING # x\n g:two WHERE {B}",
        f"WITH g:two INSERT {{}} WHERE {B}",
        f"with<http://g/two>INSERT {{}} WHERE {B}",
        f"PREFIX a: <http://g/> WITHa:two INSERT {{}} WHERE {B}",
        f"DROP ALL; WITH g:two INSERT {{}} WHERE {B}",
        f"VERSION '1.2'WITH g:two INSERT {{}} WHERE {B}",
    ],
)
def test_graphs_both_in_and_beside_the_text_are_refused(store: Store, text: str) -> None:
    """USING or WITH in the text and graphs beside it contradict each other (Protocol, 2.2.3)."""
    with pytest.raises(UsageError, match="USING or WITH"):
        run(store, HEAD + text, using=(ONE,))
    assert held(store) == ALL


@pytest.mark.threat("injection")
def test_what_is_given_beside_must_be_iris(store: Store) -> None:
    """No text passes for a graph's name, so none reaches the update."""
    for graph in ("one", "http://g/> WHERE {} ; DROP ALL #", ""):
        with pytest.raises(UsageError, match="no IRI"):
            run(store, f"INSERT {{}} WHERE {B}", using=(graph,))
    assert held(store) == ALL


def test_a_doubtful_text_takes_no_graphs(store: Store) -> None:
    """Where brackets leave it open what is a string, no clause is written into the text."""
    text = f"BASE <http://e/> INSERT {{ <#x> ?p ?o }} WHERE {B}"
    with pytest.raises(UsageError, match="unclear"):
        run(store, text, using=(ONE,))
    assert held(store) == ALL
    run(store, text)
    assert held(store) == ALL | {"- #x none"}


@pytest.mark.parametrize("using", [(), (ONE,)], ids=["alone", "with-graphs"])
def test_declarations_between_operations(store: Store, using: tuple[str, ...]) -> None:
    """A PREFIX may be before each operation, said again or new (SPARQL 1.1 Query, rule 29)."""
    text = (
        "PREFIX e: <http://e/> INSERT DATA { e:a e:p 'a' } ;\n"
        "PREFIX e: <http://e/>\nPREFIX : <http://f/> INSERT DATA { e:b :p 'b' } ;"
        "prefix : <http://f/> INSERT DATA { :c e:p 'PREFIX x: <y>' } ; PREFIX y: <http://y/>"
    )
    run(store, text, using=using)
    assert held(store) == ALL | {"- a a", "- b b", "- c PREFIX x: <y>"}
    assert Quad(NamedNode("http://e/b"), NamedNode("http://f/p"), Literal("b")) in store


@pytest.mark.parametrize(
    "later", ["PREFIX e: <http://f/>", "PREFIX known: <http://f/>", "BASE <http://f/>"]
)
def test_a_declaration_of_another_meaning_is_a_fault(store: Store, later: str) -> None:
    """What the engine cannot take is refused with its place, never taken for something else."""
    with pytest.raises(QueryError, match="query:2:"):
        run(store, f"{HEAD}INSERT DATA {{ e:a e:p known:b }} ;\n{later} DROP ALL")
    assert held(store) == ALL


@pytest.mark.parametrize("using", [(), (ONE,)], ids=["alone", "with-graphs"])
@pytest.mark.parametrize(
    ("text", "place", "words"),
    [
        ("INSERT DATA {\n ?x <http://e/p> 1 }", 2, "there can be no variable in data"),
        ("DROP ALL ;\n\nDELETE WHERE { ?s ?p }", 3, "cannot be parsed"),
        ("DROP ALL ;\nINSERT {} WHERE {} ;\nINSERT {} WHERE { ?s ?p 1", 3, "cannot be parsed"),
        ("DROP ALL ;\nINSERT { ?s b:p 1 } WHERE { ?s ?p ?o }", 2, "PREFIX b: <…>"),
        ("SELECT * { ?s ?p ?o }", 1, "cannot be parsed"),
    ],
    ids=["variable", "short-form", "brace", "prefix", "query"],
)
def test_a_fault_has_its_place_in_the_text_as_sent(
    store: Store, text: str, place: int, words: str, using: tuple[str, ...]
) -> None:
    """A text that cannot be parsed changes nothing, and its fault has a line and a column."""
    with pytest.raises(QueryError, match=f"query:{place}:") as caught:
        run(store, text, using=using)
    assert words.lower() in str(caught.value).lower()
    assert "The update cannot be parsed" in str(caught.value)
    assert held(store) == ALL


def test_the_column_is_that_of_the_text_as_sent(store: Store) -> None:
    """Neither what is written into the text nor what is taken out of it shifts a column."""
    text = "INSERT {} WHERE {} ; PREFIX e: <http://e/> INSERT {} WHERE { ?s ?p %% }"
    plain = text.replace("PREFIX e: <http://e/>", " " * 21)
    columns = set()
    for sent, using in ((plain, ()), (text, ()), (text, (ONE,))):
        with pytest.raises(QueryError) as caught:
            run(store, sent, using=using)
        columns.add(caught.value.column)
    assert len(columns) == 1


@pytest.mark.parametrize("using", [(), (ONE,)], ids=["alone", "with-graphs"])
@pytest.mark.parametrize(
    "last",
    ["CLEAR GRAPH <http://g/none>", "CREATE GRAPH <http://g/two>", "DROP GRAPH <http://g/none>"],
)
def test_all_or_nothing(store: Store, last: str, using: tuple[str, ...]) -> None:
    """Where the third operation fails while it runs, the first two have not happened."""
    text = f"INSERT DATA {{ <a> <p> 'b' }} ; DELETE {B} WHERE {B} ; {last}"
    with pytest.raises(QueryError, match="nothing has changed: The graph"):
        run(store, text, using=using)
    assert held(store) == ALL
    run(store, text.replace("GRAPH", "SILENT GRAPH"), using=using)
    assert held(store) != ALL


def test_a_graph_is_named_by_an_iri(store: Store) -> None:
    """What would go to a graph without a name is left out."""
    store.add(Quad(BlankNode(), NamedNode("http://e/p"), Literal("b")))
    run(store, f"INSERT {{ GRAPH ?s {B} }} WHERE {{ ?s ?p ?o FILTER isBlank(?s) }}")
    assert set(store.named_graphs()) == {NamedNode(ONE), NamedNode(TWO)}


LOADS = {
    "plain": "LOAD <URL>",
    "into": "LOAD <URL> INTO GRAPH <http://g/one>",
    "lower-case": "load <URL>",
    "mixed-case-silent-after-another": "LoAd SiLeNt <URL> ; LOAD <URL>",
    "no-space": "LOAD<URL>INTO GRAPH<http://g/one>",
    "silent-without-space": "LOADSILENT<URL>",
    "comment-between": "LOAD # x\n <URL>",
    "comment-before": "# INSERT { '\nLOAD <URL>",
    "comment-ended-by-a-return": "# x\rLOAD <URL>",
    "prefixed": "PREFIX : <URL> LOAD :",
    "prefixed-no-space": "PREFIX : <URL>LOAD:x",
    "prefix-glued-on": "PREFIX a: <URL> LOADa:b",
    "prefix-glued-on-silent": "PREFIX a: <URL> loadsilenta:b",
    "prefix-like-the-keyword": "PREFIX load: <URL> LOAD load:x",
    "relative": "BASE <URL>LOAD<>",
    "version-before": "VERSION '1.2'LOAD <URL>",
    "escaped-iri": "LOAD <\\u0068ttpURL>",
    "second": f"DELETE {B} WHERE {B};LOAD <URL>",
    "second-with-declarations": "INSERT DATA {} ; PREFIX a: <URL>LOAD a:x",
    "last-before-a-stop": "INSERT DATA { } ; LOAD <URL> ;",
    "after-a-string": """INSERT DATA { <a> <b> "it's {" } ; LOAD <URL>""",
    "after-a-brace-in-a-string": """INSERT DATA { <a> <b> '''}'{''' } ; LOAD <URL>""",
    "after-an-escaped-quote": HEAD + "INSERT DATA { e:a\\' <b> 1 } ; LOAD <URL> # '",
    "after-an-escaped-hash": HEAD + "INSERT DATA { e:a\\# <b> 1 } ; LOAD <URL>",
    "after-a-relative-iri": "INSERT DATA { <#> <b> 1 } ; LOAD <URL>",
    "after-a-quote-in-an-iri": "INSERT DATA { <'> <b> 1 } ; LOAD <URL> # '",
    "base-hides-a-comment": "BASE <URL#'> LOAD <'>",
    "comparison-hides-a-comment": f"DELETE {B} WHERE {{ FILTER(?a<?b#>'''\n) }}"
    " ; LOAD <URL> #'''\n",
    "comparison-hides-a-string": f"DELETE {B} WHERE {{ FILTER(?a<'>') }}; LOAD <URL> #'",
    "comparison-hides-a-brace": f"DELETE {B} WHERE {{ FILTER(?a<?b&&'>'!='{{') }}; LOAD <URL>",
    "after-a-triple-term": "INSERT DATA { <a> <b> <<( <a> <b> 1 )>> {| <c> 1 |} } ; LOAD <URL>",
}


@pytest.mark.threat("outward")
@pytest.mark.parametrize("using", [(), (ONE,)], ids=["alone", "with-graphs"])
@pytest.mark.parametrize("name", LOADS)
def test_load_is_refused(
    store: Store, name: str, using: tuple[str, ...], listener: tuple[str, list[bytes]]
) -> None:
    """However LOAD is written, the update is refused, nothing is called and nothing changed."""
    url, calls = listener
    text = LOADS[name].replace("\\u0068ttpURL", "\\u0068" + url[1:]).replace("URL", url)
    with pytest.raises(ForbiddenError, match="LOAD is refused") as caught:
        run(store, text, using=using)
    assert caught.value.line is not None
    assert caught.value.advice
    assert calls == []
    assert held(store) == ALL


SILENT = {
    "plain": "LOAD SILENT <URL>",
    "mixed-case": "LoAd SiLeNt <URL>",
    "into": "LOAD SILENT <URL> INTO GRAPH <http://g/one>",
    "comment-between": "LOAD # x\n SILENT <URL>",
    "after-a-base": "BASE <http://b/> LOAD SILENT <URL>",
    "among-others": f"INSERT DATA {{}} ; LOAD SILENT <URL> ; DELETE {B} WHERE {{ FILTER(false) }}",
}


@pytest.mark.parametrize("name", SILENT)
def test_a_silent_load_does_nothing_and_succeeds(
    store: Store, name: str, listener: tuple[str, list[bytes]]
) -> None:
    """LOAD SILENT succeeds where LOAD fails (section 3.1.4), which is always: nothing is called."""
    url, calls = listener
    run(store, SILENT[name].replace("URL", url))
    assert calls == []
    assert held(store) == ALL


def test_the_listener_hears_a_load_that_is_let_through(
    listener: tuple[str, list[bytes]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without the refusal each way to write LOAD does call, but for those that cannot be parsed."""
    url, calls = listener
    monkeypatch.setattr(update, "_refuse_load", lambda *_: None)
    unheard = set()
    for name, text in LOADS.items():
        calls.clear()
        sent = text.replace("\\u0068ttpURL", "\\u0068" + url[1:]).replace("URL", url)
        with suppress(QueryError, ToolError):
            run(Store(), sent)
        if not calls:
            unheard.add(name)
    assert unheard == set()


@pytest.mark.threat("files")
def test_load_reads_no_file(store: Store, tmp_path: Path) -> None:
    """No LOAD of a file: is run, nor does USING read one."""
    secret = tmp_path / "secret.ttl"
    secret.write_text('<http://e/secret> <http://e/p> "secret" .', encoding="utf-8")
    with pytest.raises(ForbiddenError):
        run(store, f"LOAD <{secret.as_uri()}>")
    run(store, f"LOAD SILENT <{secret.as_uri()}>")
    run(store, f"INSERT {B} WHERE {B}", using=(secret.as_uri(),))
    run(store, f"INSERT {B} USING <{secret.as_uri()}> WHERE {B}")
    assert held(store) == ALL


@pytest.mark.threat("outward")
@pytest.mark.parametrize(
    "text",
    [
        "\\u004cOAD <URL>",
        "\\u004COAD <URL>",
        "LO\\u0041D <URL>",
        "\ufeffLOAD <URL>",
        "\u00a0LOAD <URL>",
    ],
    ids=["first", "upper", "inside", "byte-order-mark", "hard-space"],
)
def test_no_spelling_makes_the_engine_load(
    store: Store, text: str, listener: tuple[str, list[bytes]]
) -> None:
    """An escaped keyword or a strange space is no LOAD for the engine either."""
    url, calls = listener
    with pytest.raises(QueryError):
        run(store, text.replace("URL", url))
    assert calls == []


SERVICES = {
    "plain": f"INSERT {B} WHERE {{ SERVICE <URL> {B} }}",
    "lower-case-silent": f"insert {B} where {{ service silent <URL> {B} }}",
    "glued": f"DELETE{{}}WHERE{{SERVICE<URL>{B}}}",
    "variable": f"INSERT {B} WHERE {{ VALUES ?u {{ <URL> }} SERVICE ?u {B} }}",
    "comment-between": f"INSERT {B} WHERE {{ SERVICE # x\n <URL> {B} }}",
    "sub-select": f"INSERT {B} WHERE {{ {{ SELECT * {{ SERVICE <URL> {B} }} }} }}",
    "exists": f"INSERT {B} WHERE {{ FILTER EXISTS {{ SERVICE <URL> {B} }} }}",
    "prefix-glued-on": f"PREFIX a: <URL> INSERT {B} WHERE {{SERVICEa:b{B}}}",
    "after-a-number": f"INSERT {{}} WHERE {{ ?s ?p 1SERVICE<URL>{B} }}",
    "second": f"DROP ALL ; INSERT {B} WHERE {{ SERVICE <URL> {B} }}",
    "with-using": f"INSERT {B} USING <http://g/one> WHERE {{ SERVICE <URL> {B} }}",
    "comparison-hides-a-string": f"INSERT {{}} WHERE {{ FILTER(?a<'>')"
    f" SERVICE <URL> {B} FILTER('a'='b') }}",
}


@pytest.mark.threat("outward")
@pytest.mark.parametrize("name", SERVICES)
def test_service_is_refused(store: Store, name: str, listener: tuple[str, list[bytes]]) -> None:
    """However SERVICE is written in an update, it is refused and nothing is called."""
    url, calls = listener
    with pytest.raises(ForbiddenError, match="SERVICE is refused"):
        run(store, SERVICES[name].replace("URL", url))
    assert calls == []
    assert held(store) == ALL


def test_a_refusal_has_its_place(store: Store) -> None:
    """LOAD and SERVICE are refused with line and column."""
    with pytest.raises(ForbiddenError, match="query:2:8"):
        run(store, "DROP ALL\n;      LOAD <http://e/>")
    with pytest.raises(ForbiddenError, match="query:2:2"):
        run(store, f"INSERT {B} WHERE {{\n SERVICE <http://e/> {B} }}")


@pytest.mark.parametrize(
    "text",
    [
        "PREFIX load: <http://e/> INSERT DATA { load:a load:b load:c }",
        "PREFIX load: <http://g/> CREATE GRAPH load:x ; DROP GRAPH load:x",
        "INSERT DATA { <http://e/a> <http://e/b> 'x ; LOAD <http://e/>' }",
        "INSERT DATA { <http://e/a> <http://e/b> '''} ;\nLOAD <http://e/>''' }",
        "INSERT DATA {} # ; LOAD <http://e/>",
        "DELETE { ?load ?p ?o } WHERE { ?load ?p ?o FILTER(?load < ?o) }",
        "INSERT DATA { <http://e/load#LOAD> <http://e/b> 'payload'@en }",
        "PREFIX e: <http://e/> INSERT DATA { e:load e:workload e:x.load }",
    ],
)
def test_the_word_load_is_no_crime(store: Store, text: str) -> None:
    """The word in a variable, string, comment, IRI or name is left alone."""
    run(store, text)


@pytest.mark.threat("event-loop")
@pytest.mark.parametrize(
    "text",
    [
        "load ",
        ";LOAD",
        "load# ",
        "{",
        "}",
        "{}",
        "WHERE{}",
        "DELETE WHERE {} ;",
        "<a",
        "'",
        "with:x ",
    ],
)
def test_no_text_makes_the_scan_slow(text: str) -> None:
    """A text of half a million characters is looked through to its end, whatever it repeats."""
    with ending():
        keywords.outline("DROP ALL ;" + text * (500_000 // len(text)))
