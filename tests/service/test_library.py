"""Reading the query library."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from samsyn import library
from samsyn.dataset.exact import Dataset, Literal, NamedNode
from samsyn.errors import NotFoundError, SourceError, UsageError
from samsyn.layout import Layout
from samsyn.sparql.index import Index

HEADER = """\
#+ summary: Members of a network
#+ summary-sv: Members of a network
#+ description: Direct members,
#+   in any order.
#+ description-sv: Beskrivning.
#+ tags:
#+   - networks
#+   - members
#+ question: CQ1 Who belongs to it?
#+ question-sv: CQ1 Who belongs to it?
"""
BODY = """\
PREFIX network: <https://w3id.org/samsyn/id/network/>
PREFIX samsyn: <https://w3id.org/samsyn/ns#>
SELECT ?who WHERE { ?who samsyn:isMemberOf ?_network_iri }
"""
DEFAULTS = "VALUES ?_network_iri { network:northern }\n"


def test_a_header_becomes_fields() -> None:
    """Every key of a header has its field, with continued lines joined and lists split."""
    query = library.parse("cq01-members", HEADER + BODY + DEFAULTS)
    assert query.description == "Direct members, in any order."
    assert query.tags == ("networks", "members")
    assert query.defaults == {"network": "network:northern"}
    assert query.parameters["network"].kind == "iri"


def test_defaults_let_a_query_run_without_arguments() -> None:
    """A default stands in for a missing argument, its prefix resolved by the query's own table."""
    query = library.parse("cq01-members", HEADER + BODY + DEFAULTS)
    expected = NamedNode("https://w3id.org/samsyn/id/network/northern")
    assert query.bindings() == {"_network_iri": expected}


def test_a_value_may_use_any_prefix_of_the_table() -> None:
    """A prefix of the ontology's table will do in a value, whether or not the query declares it."""
    query = library.load(Layout.find())["cq32-claims-about-a-node"]
    assert "PREFIX body:" not in query.text
    assert query.bindings({"node": "body:nshf"})["_node_iri"] == NamedNode(
        "https://w3id.org/samsyn/id/body/nshf"
    )


def test_an_unknown_prefix_is_no_scheme() -> None:
    """A misspelt prefix is an error, and never an IRI that nothing matches."""
    query = library.parse("cq01-members", HEADER + BODY + DEFAULTS)
    with pytest.raises(UsageError) as caught:
        query.bindings({"network": "netwrok:northern"})
    assert "network" in str(caught.value.advice)
    assert query.bindings({"network": "urn:x:y"}) == {"_network_iri": NamedNode("urn:x:y")}


def test_an_unknown_parameter_lists_the_valid_ones() -> None:
    """A parameter that the query does not have is refused with those that it has."""
    query = library.parse("cq01-members", HEADER + BODY + DEFAULTS)
    with pytest.raises(UsageError, match="Parameters: network"):
        query.bindings({"group": "x"})


def test_a_parameter_without_value_is_an_error() -> None:
    """A parameter without value and default is never left unbound."""
    query = library.parse("cq01-members", HEADER + BODY)
    with pytest.raises(UsageError, match="needs a value for network"):
        query.bindings()


@pytest.mark.threat("injection")
@pytest.mark.parametrize(
    ("variable", "value", "term"),
    [
        (
            "?_n_int",
            "07",
            Literal("7", datatype=NamedNode("http://www.w3.org/2001/XMLSchema#integer")),
        ),
        ("?_l_lang", "SV", Literal("sv")),
        ("?_text", 'a"} #', Literal('a"} #')),
    ],
)
def test_the_suffix_of_a_variable_gives_the_type(variable: str, value: str, term: object) -> None:
    """A value becomes a term of the type that its variable's suffix names."""
    query = library.parse("q", f"{HEADER}SELECT ({variable} AS ?x) WHERE {{}}")
    name = next(iter(query.parameters))
    assert list(query.bindings({name: value}).values()) == [term]


@pytest.fixture(scope="module")
def small_index(small_dataset: Dataset) -> Index:
    """The index of the small repository."""
    return Index(small_dataset)


@pytest.mark.threat("injection")
@given(value=st.text(alphabet=st.characters(exclude_categories=["Cs"])))
@example('"} # ')
@example("\\u0022 ) } #")
@example("'''\"\"\"\\")
@example("\r\n\x00\x7f\u2028")
def test_a_text_cannot_bring_syntax_along(small_index: Index, value: str) -> None:
    """Whatever a parameter holds, the query stays as it is, and finds the same text again."""
    query = library.parse("q", f"{HEADER}SELECT ?_text (1 AS ?one) WHERE {{}}")
    answer = small_index.query(query.body, bindings=query.bindings({"text": value}))
    assert [row["_text"] for row in answer.rows()] == [Literal(value)]


@pytest.mark.threat("injection")
@pytest.mark.parametrize("value", ["no scheme", "http://a/ b> }"])
def test_an_iri_cannot_bring_syntax_along(value: str) -> None:
    """What is no IRI is refused, so that no argument can change the query."""
    query = library.parse("q", HEADER + BODY)
    with pytest.raises(UsageError, match="network"):
        query.bindings({"network": value})


@pytest.mark.parametrize(
    "header",
    [
        "",
        HEADER.replace("summary", "title"),
        HEADER.replace("#+ summary: Members of a network\n", ""),
        "#+ tags:\n#+   - a\n" + HEADER.replace("#+ tags:\n#+   - networks\n#+   - members\n", ""),
        HEADER + "#+ defaults:\n#+   - network: network:northern\n",
        HEADER + "#+nothing\n",
    ],
    ids=[
        "none",
        "unknown-key",
        "no-summary",
        "wrong-order",
        "defaults-in-the-header",
        "no-header-line",
    ],
)
def test_a_faulty_header_is_refused(header: str) -> None:
    """A header with a key too many, too few or out of order is refused with its file."""
    with pytest.raises(SourceError, match=r"^cq01"):
        library.parse("cq01", header + BODY, path="cq01.rq")


@pytest.mark.parametrize(
    ("values", "found"),
    [
        ("VALUES ?_network_iri { network:a }", {"network": "network:a"}),
        ("VALUES (?_network_iri) { (<http://e/a>) }\n", {"network": "http://e/a"}),
        ("values $_network_iri{network:a}\n\n", {"network": "network:a"}),
        ("# at the end\nVALUES (?_network_iri) {\n  (network:a)\n}\n", {"network": "network:a"}),
        ("LIMIT 3", {}),
    ],
)
def test_defaults_stand_at_the_end(values: str, found: dict[str, str]) -> None:
    """However they are laid out; what comes before them is the body."""
    query = library.parse("cq01", HEADER + BODY + values)
    assert query.defaults == found
    assert ("VALUES" in query.body.upper()) == (not found and "VALUES" in values)
    assert query.text == HEADER + BODY + values


@pytest.mark.parametrize(
    "values",
    ["VALUES ?_nobody_iri { network:a }", "VALUES (?_network_iri ?_x_int) { (network:a) }"],
    ids=["no-parameter", "too-few"],
)
def test_faulty_defaults_are_refused_with_their_line(values: str) -> None:
    """Defaults of what is no parameter, or of another number."""
    with pytest.raises(SourceError, match=r"^cq01\.rq:14"):
        library.parse("cq01", HEADER + BODY + values, path="cq01.rq")


def test_a_query_is_found_by_name_or_number() -> None:
    """A query answers to its file name and to the number that begins it."""
    query = library.parse("cq01-members", HEADER + BODY)
    queries = {query.name: query}
    assert library.find(queries, "cq01") is library.find(queries, "cq01-members") is query
    with pytest.raises(NotFoundError, match="cq01-members"):
        library.find(queries, "cq02")
