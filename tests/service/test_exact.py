"""The dataset of record keeps terms as written."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from samsyn import names
from samsyn.dataset import exact
from samsyn.dataset.exact import (
    FORMATS,
    BlankNode,
    Dataset,
    Literal,
    NamedNode,
    Triple,
    computed,
    from_rdflib,
    load_graph,
    parse,
    serialize,
    to_rdflib,
)
from samsyn.errors import NotFoundError, SourceError, UsageError

XSD = names.XSD
WRITTEN = [
    Literal("01", datatype=NamedNode(XSD + "integer")),
    Literal("1.50", datatype=NamedNode(XSD + "decimal")),
    Literal("+1E0", datatype=NamedNode(XSD + "double")),
    Literal("1", datatype=NamedNode(XSD + "byte")),
    Literal("AbCd", datatype=NamedNode(XSD + "hexBinary")),
    Literal("2025-01-01T00:00:00+00:00", datatype=NamedNode(XSD + "dateTime")),
    Literal("1", datatype=NamedNode(XSD + "boolean")),
    Literal("not a number", datatype=NamedNode(XSD + "integer")),
    Literal("samsyn", language="sv"),
    Literal('"\\\n\t\r é 🙂'),
    NamedNode("https://w3id.org/samsyn/id/network/å"),
]
S, P = NamedNode("http://e/s"), NamedNode("http://e/p")


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("term", WRITTEN, ids=str)
def test_a_term_survives_every_format(term: exact.Term, form: str) -> None:
    """What is written in any format is read back with the same lexical form."""
    written = serialize([Triple(S, P, term)], form)
    assert [quad.triple for quad in parse(written, form)] == [Triple(S, P, term)]


@pytest.mark.parametrize("term", WRITTEN, ids=str)
def test_a_term_survives_rdflib(term: exact.Term) -> None:
    """A term that goes through an rdflib graph comes back with the same lexical form."""
    assert from_rdflib(to_rdflib([Triple(S, P, term)])) == (Triple(S, P, term),)


IRIS = st.from_regex(r"[a-z]{1,8}", fullmatch=True).map(lambda name: NamedNode(f"http://e/{name}"))
TEXTS = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=20)
LITERALS = st.one_of(
    TEXTS.map(Literal),
    st.builds(
        lambda text, tag: Literal(text, language=tag), TEXTS, st.sampled_from(["sv", "en-gb"])
    ),
    st.builds(
        lambda text, kind: Literal(text, datatype=NamedNode(XSD + kind)),
        st.from_regex(r"[+-]?0{0,3}[0-9]{1,5}(\.[0-9]{0,3})?", fullmatch=True),
        st.sampled_from(["integer", "decimal", "double", "string"]),
    ),
)
TRIPLES = st.lists(st.builds(Triple, IRIS, IRIS, st.one_of(IRIS, LITERALS)), max_size=12)


@given(TRIPLES, st.sampled_from(["turtle", "ntriples", "trig", "nquads"]))
def test_any_triples_survive(triples: list[Triple], form: str) -> None:
    """Whatever is written is read back the same, and written again gives the same bytes."""
    written = serialize(triples, form)
    read = {quad.triple for quad in parse(written, form)}
    assert read == set(triples)
    assert serialize(set(triples), form) == serialize(read, form)


@given(TRIPLES)
def test_any_triples_survive_rdflib(triples: list[Triple]) -> None:
    """Whatever goes through an rdflib graph comes back the same."""
    assert set(from_rdflib(to_rdflib(triples))) == set(triples)


def test_a_faulty_file_names_its_place(tmp_path: Path) -> None:
    """An error in a file begins with its path, line and column."""
    path = tmp_path / "data" / "stated" / "bad.ttl"
    path.parent.mkdir(parents=True)
    path.write_text("# a comment\n<http://e/a> <http://e/b>\n  é:c .\n", encoding="utf-8")
    with pytest.raises(SourceError, match=r"^data/stated/bad\.ttl:3:3: The prefix é: has not"):
        load_graph(path, tmp_path)


def test_a_file_that_is_not_utf_8_is_a_faulty_file() -> None:
    """Bytes that are no text are an error of the file, not of the program."""
    with pytest.raises(SourceError, match="input"):
        parse(b'<http://e/a> <http://e/b> "\xff" .', "turtle")


def test_blank_nodes_are_the_same_in_every_load() -> None:
    """Two loads of a file are equal, and files never share a blank node."""
    text = b"[] <http://e/p> ( 1 [] ) ."
    assert parse(text, "turtle", path="a") == parse(text, "turtle", path="a")

    def nodes(path: str) -> set[BlankNode]:
        quads = parse(text, "turtle", path=path)
        return {quad.subject for quad in quads if isinstance(quad.subject, BlankNode)}

    assert len(nodes("a")) == 3
    assert not nodes("a") & nodes("b")


@pytest.mark.parametrize(
    ("path", "iri", "provenance_status"),
    [
        ("data/stated/networks.ttl", "stated/networks", names.STATED),
        ("data/stated/claims/background.ttl", "stated/claims/background", names.STATED),
        ("data/editorial/iso.ttl", "editorial/iso", names.EDITORIAL),
        ("data/proposed/r1-1.ttl", "proposed/r1-1", names.PROPOSED),
        ("data/catalogue.ttl", "catalogue", names.IS_SCHEMA),
        ("ontology/vocab/level.ttl", "ontology/vocab/level", names.IS_SCHEMA),
        ("links/wikidata/linkset.ttl", "links/wikidata", names.EDITORIAL),
        ("shapes/required.ttl", "shapes/required", names.IS_SCHEMA),
    ],
)
def test_the_path_names_graph_and_provenance_status(
    path: str, iri: str, provenance_status: str
) -> None:
    """One file is one graph; its path gives the graph's name and provenance status."""
    assert exact.graph_iri(Path(path)) == names.GRAPH + iri
    assert exact.provenance_status_of(Path(path)) == provenance_status


def test_the_revision_follows_the_content() -> None:
    """The revision changes with any graph's content or name, and with nothing else."""
    one = computed("http://e/g", names.STATED, [Triple(S, P, S)])
    two = computed("http://e/g", names.STATED, [Triple(S, P, P)])
    empty = Dataset({})
    assert empty.with_graph(one).revision == empty.with_graph(one).revision
    assert empty.with_graph(one).revision != empty.with_graph(two).revision


def test_a_graph_that_is_not_there_is_named() -> None:
    """Asking for an unknown graph lists those there are."""
    dataset = Dataset({}).with_graph(computed("http://e/g", names.STATED, []))
    with pytest.raises(NotFoundError, match=r"http://e/g$"):
        dataset.graph("http://e/h")


def test_an_unknown_format_lists_the_known() -> None:
    """An unknown format is refused with the names of those there are."""
    with pytest.raises(UsageError, match="turtle"):
        serialize([], "yaml")


def test_unused_prefixes_are_left_out() -> None:
    """Only prefixes that the triples use are declared."""
    written = serialize([Triple(S, P, S)], "turtle", prefixes={"e": "http://e/", "f": "http://f/"})
    assert written == b"@prefix e: <http://e/> .\ne:s e:p e:s .\n"


def test_rdflib_neither_fetches_nor_rewrites() -> None:
    """Rdflib is only ever used with literal rewriting and graph loading switched off."""
    module = exact.rdflib_module()
    assert module.NORMALIZE_LITERALS is False
    assert module.plugins.sparql.SPARQL_LOAD_GRAPHS is False


def test_every_file_of_the_repository_is_a_graph(dataset: Dataset, root: Path) -> None:
    """Every Turtle file of the RDF folders is loaded, the scenario vocabulary apart."""
    folders = [root / name for name in ("ontology", "data", "links", "shapes")]
    files = {path.relative_to(root) for folder in folders for path in folder.rglob("*.ttl")}
    assert files
    assert {g.path for g in dataset.graphs.values()} == files - {Path("ontology/scenario.ttl")}
