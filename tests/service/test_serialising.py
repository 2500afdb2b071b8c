"""What is sent can be read: every term of RDF in every format, or a refusal with nothing sent."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from typing import Any
from xml.etree import ElementTree as ET

import pyoxigraph
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from samsyn import names
from samsyn.conformance import results
from samsyn.dataset.exact import (
    FORMATS,
    BlankNode,
    Dataset,
    Literal,
    NamedNode,
    Term,
    Triple,
    computed,
    from_rdflib,
    parse,
    rdflib_module,
    serialize,
)
from samsyn.dataset.rdfxml import writer
from samsyn.errors import FormatError
from samsyn.sparql.index import Answer, Index

RDF, XSD = names.RDF, names.XSD
S, P = NamedNode("http://example.org/s"), NamedNode("http://example.org/p")
OFTEN = settings(max_examples=150)
RDFLIB = {"turtle": "turtle", "ntriples": "nt11", "rdfxml": "xml", "jsonld": "json-ld"}
PREFIXES = {
    "e": "http://example.org/", "h": "http://example.org/a#", "x.y": "http://x.example/",
    "xml": "http://odd.example/", "rdf": "http://other.example/", "1": "urn:one:", "é": "urn:two:",
}  # fmt: skip

ENDS = (
    "", "/", "#", "a", "é", "漢", "𐀀", "·", "-", ".", "_", "1", ":", "%20", "%C3%A9", "%41", "~",
    "'", "&", "(", ")", "?q=1", "2024", "Ⅷ", "xml", "ªb", "e\u0301",
)  # fmt: skip
STARTS = (
    "http://example.org/", "http://example.org/a#", "urn:", "urn:x:", "e:", RDF,
    "http://www.w3.org/2000/xmlns/", "http://www.w3.org/XML/1998/namespace", "http://é.example/",
)  # fmt: skip


def _is_iri(text: str) -> bool:
    try:
        NamedNode(text)
    except ValueError:
        return False
    return True


IRIS = (
    st.builds(
        lambda start, ends: start + "".join(ends),
        st.sampled_from(STARTS),
        st.lists(st.sampled_from(ENDS), max_size=4),
    )
    .filter(_is_iri)
    .map(NamedNode)
)
LABELS = st.from_regex(r"[a-z0-9_é][a-z0-9_é·.-]{0,5}[a-z0-9é_-]|[0-9a-z]", fullmatch=True)
BLANKS = LABELS.map(BlankNode)
# What Unicode has, with what means something in some format as often as all the rest.
TEXTS = st.text(
    st.one_of(
        st.characters(exclude_categories=("Cs",)),
        st.sampled_from(
            "\r\n\t\0\x01\x0b\x1f\x7f\x85\u2028\ufeff\ufffe\uffff\U0010ffff<>&\"'\\]{}"
        ),
    ),
    max_size=8,
)
TAGS = st.sampled_from(["sv", "en-gb", "zh-hant-tw", "x-private"])
KINDS = st.one_of(
    st.sampled_from([RDF + "XMLLiteral", RDF + "HTML", RDF + "JSON", XSD + "token"]).map(NamedNode),
    IRIS.filter(lambda iri: iri.value not in (RDF + "langString", RDF + "dirLangString")),
)
NUMBERS = st.builds(
    lambda text, kind: Literal(text, datatype=NamedNode(XSD + kind)),
    st.sampled_from(["1", "01", "+1", "1.", ".5", "1e0", "1E", "true", "TRUE", "-0", "INF", ""]),
    st.sampled_from(["integer", "decimal", "double", "boolean", "float"]),
)
LITERALS = st.one_of(
    TEXTS.map(Literal),
    st.builds(lambda text, tag: Literal(text, language=tag), TEXTS, TAGS),
    st.builds(lambda text, kind: Literal(text, datatype=kind), TEXTS, KINDS),
    NUMBERS,
)
PREDICATES = st.one_of(IRIS, IRIS, st.just(NamedNode(names.RDF_TYPE)))
TRIPLES = st.builds(
    Triple, st.one_of(IRIS, BLANKS), PREDICATES, st.one_of(IRIS, BLANKS, LITERALS, LITERALS)
)
GRAPHS = st.lists(TRIPLES, max_size=5)
DIRECTED = st.builds(
    lambda text, tag, way: Literal(text, language=tag, direction=way),
    TEXTS,
    TAGS,
    st.sampled_from([pyoxigraph.BaseDirection.LTR, pyoxigraph.BaseDirection.RTL]),
)
NEW_TRIPLES = st.recursive(
    st.builds(Triple, st.one_of(IRIS, BLANKS), PREDICATES, st.one_of(DIRECTED, LITERALS)),
    lambda inner: st.builds(Triple, st.one_of(IRIS, BLANKS), PREDICATES, inner),
    max_leaves=3,
)


def graph(text: str) -> list[Triple]:
    """Read triples as Turtle writes them."""
    return [quad.triple for quad in parse(text.encode(), "turtle", base="http://example.org/")]


def canonical(triples: Any) -> frozenset[str]:
    """Name the blank nodes alike in all graphs that are equal up to them."""
    held = pyoxigraph.Dataset(
        pyoxigraph.Quad(triple.subject, triple.predicate, triple.object) for triple in triples
    )
    held.canonicalize(pyoxigraph.CanonicalizationAlgorithm.UNSTABLE)
    return frozenset(map(str, held))


def by_rdflib(data: bytes, form: str) -> tuple[Triple, ...]:
    """Read a document by the other library."""
    module = rdflib_module()
    read = module.Graph(bind_namespaces="none")
    return from_rdflib(read.parse(data=data, format=RDFLIB[form]))


@pytest.mark.parametrize("form", FORMATS)
@given(GRAPHS)
@example([Triple(S, NamedNode("http://example.org/2024"), S)])
@example([Triple(S, P, Literal("one\r\ntwo"))])
@example([Triple(BlankNode("1"), P, BlankNode("_x-31")), Triple(BlankNode("_x-31"), P, S)])
@OFTEN
def test_a_graph_comes_back_or_is_refused(form: str, triples: list[Triple]) -> None:
    """In each format the same triples are read, with any prefixes; only XML refuses some."""
    try:
        written = serialize(triples, form, prefixes=PREFIXES)
    except FormatError:
        assert form == "rdfxml"
        assert any(map(unwritable, triples))
        return
    read = [quad.triple for quad in pyoxigraph.parse(written, format=FORMATS[form])]
    assert canonical(read) == canonical(triples)


@given(GRAPHS)
@OFTEN
def test_rdfxml_is_read_alike_by_all(triples: list[Triple]) -> None:
    """RDF/XML is well-formed to expat, and the other library and our reader see the same graph."""
    writable = [triple for triple in triples if not unwritable(triple)]
    written = serialize(writable, "rdfxml", prefixes=PREFIXES)
    ET.fromstring(written)  # noqa: S314 - our own document
    assert canonical(by_rdflib(written, "rdfxml")) == canonical(writable)
    assert canonical(quad.triple for quad in parse(written, "rdfxml")) == canonical(writable)


def unwritable(triple: Triple) -> bool:
    """Tell, by other means than the writer, whether XML has no way to write a triple.

    A name is what expat takes for an element behind a namespace that it declares.
    """
    text = triple.object.value if isinstance(triple.object, Literal) else ""
    if not _is_xml(f"<a>&#9;{text.replace('&', '').replace('<', '')}</a>"):
        return True
    iri = triple.predicate.value
    if iri.removeprefix(RDF) in RESERVED and iri.startswith(RDF):
        return True
    whole = re.split(r"(%..)", iri)[-1]
    tails = (whole[at:] for at in range(0 if whole != iri else 1, len(whole)))
    spaces = ("http://www.w3.org/2000/xmlns/", "http://www.w3.org/XML/1998/namespace")
    return not any(
        tail[0] not in "&<: " and iri.removesuffix(tail) not in spaces and _is_xml(f"<{tail}/>")
        for tail in tails
        if ":" not in tail and "/" not in tail
    )


RESERVED = frozenset(
    ("RDF", "ID", "about", "parseType", "resource", "nodeID", "datatype", "Description", "li",
     "aboutEach", "aboutEachPrefix", "bagID", "version", "annotation", "annotationNodeID")
)  # fmt: skip


def _is_xml(text: str) -> bool:
    try:
        ET.fromstring(text.encode())  # noqa: S314 - our own document
    except ET.ParseError:
        return False
    return True


@pytest.mark.parametrize("form", ["turtle", "ntriples", "trig", "nquads", "rdfxml", "jsonld"])
@given(NEW_TRIPLES)
@OFTEN
def test_terms_of_rdf_1_2_come_back_or_are_refused(form: str, triple: Triple) -> None:
    """Triple terms and base directions come back, or a format that has none refuses them."""
    nested = isinstance(triple.object, Triple)
    directed = isinstance(triple.object, Literal) and triple.object.direction is not None
    if (nested and form == "jsonld") or ((nested or directed) and form == "rdfxml"):
        with pytest.raises(FormatError):
            serialize([triple], form)
        return
    if form == "rdfxml" and unwritable(triple):
        return
    written = serialize([triple], form)
    read = [quad.triple for quad in pyoxigraph.parse(written, format=FORMATS[form])]
    assert [*map(_labelless, map(str, read))] == [_labelless(str(triple))]
    ours = [str(quad.triple) for quad in parse(written, form)]
    assert [*map(_labelless, ours)] == [_labelless(str(triple))]


def _labelless(text: str) -> str:
    return re.sub(r"_:[\w·.-]+", "_:", text)


@pytest.mark.parametrize(
    ("iri", "space", "local"),
    [
        ("http://example.org/2024-begun", "http://example.org/2024-", "begun"),
        ("http://example.org/a%20b", "http://example.org/a%20", "b"),
        ("http://example.org/%C3%A9t", "http://example.org/%C3%A9", "t"),
        ("http://example.org/färg", "http://example.org/", "färg"),
        ("http://example.org/a:b", "http://example.org/a:", "b"),
        ("http://www.w3.org/2000/xmlns/foo", "http://www.w3.org/2000/xmlns/f", "oo"),
        (RDF + "_1", RDF, "_1"),
        ("urn:x", "urn:", "x"),
    ],
)
def test_a_property_is_split_where_a_name_may_begin(iri: str, space: str, local: str) -> None:
    """The local part is the longest name that ends the IRI, and no escape is cut in two."""
    assert writer.parted(iri) == (space, local)


@pytest.mark.parametrize(
    "iri",
    [
        "http://example.org/2024",
        "http://example.org/p/",
        "http://example.org/p#",
        "http://example.org/%C3%A9",
        "http://example.org/a%20",
        "http://example.org/p(1)",
        # The fifth edition of XML 1.0 has this letter, the fourth and so expat has not.
        "http://example.org/𐀀",
        "http://www.w3.org/2000/xmlns/a",
        RDF + "li",
        RDF + "Description",
        RDF + "about",
    ],
)
def test_a_property_that_xml_cannot_name_is_refused_by_name(iri: str) -> None:
    """The refusal names the property and the formats that can write it."""
    with pytest.raises(FormatError, match=re.escape(f"<{iri}>")) as refused:
        serialize([Triple(S, NamedNode(iri), S)], "rdfxml")
    assert "turtle" in str(refused.value)


ROWS = st.lists(
    st.tuples(st.one_of(IRIS, LITERALS, DIRECTED), st.one_of(st.none(), IRIS, LITERALS)), max_size=4
)
READERS: dict[str, Callable[[bytes], Any]] = {
    "json": lambda body: results.table(results.JSON, body),
    "xml": lambda body: results.table(results.XML, body),
    "tsv": lambda body: results.table(results.TSV, body),
}


def answer(text: str, *triples: Triple) -> Answer:
    """Ask an index that holds some triples."""
    held = Dataset({}).with_graph(computed("http://example.org/g", names.STATED, triples))
    return Index(held).query(text)


def table(rows: list[tuple[Term, Term | None]]) -> str:
    """Write rows as the query that gives them."""
    cells = " ".join(f"({x} {'UNDEF' if y is None else y})" for x, y in rows)
    return f"SELECT ?x ?y {{ VALUES (?x ?y) {{ {cells} }} }}"


@pytest.mark.parametrize("form", READERS)
@given(ROWS)
@example([(Literal("one\rtwo"), None)])
@example([(Literal("\x01"), None)])
@OFTEN
def test_a_table_comes_back_or_is_refused(form: str, rows: list[tuple[Term, Term | None]]) -> None:
    """In JSON, XML and TSV each row is read as the engine has it; only XML refuses some."""
    text = table(rows)
    known = [[row.get("x"), row.get("y")] for row in answer(text).rows()]
    try:
        written = answer(text).serialise(form)
    except FormatError:
        assert form == "xml"
        assert writer.NO_CHARACTER.search("".join(t.value for row in rows for t in row if t))
        return
    read = [list(row) for row in READERS[form](written).rows]
    assert [[*map(_undirected, row)] for row in read] == [[*map(_undirected, row)] for row in known]
    assert written.count(b"--ltr" if form == "tsv" else b'ltr"') == _count(known, "ltr")


def _undirected(term: Any) -> Any:
    # The strict reader is of SPARQL 1.1, which has no directions.
    directed = isinstance(term, Literal) and term.direction is not None
    return Literal(term.value, language=term.language) if directed else term


def _count(rows: list[list[Any]], way: str) -> int:
    cells = [t for row in rows for t in row if isinstance(t, Literal)]
    texts = sum(t.value.count('ltr"') for t in cells)
    return texts + sum(str(t.direction) == way for t in cells)


@given(ROWS)
@OFTEN
def test_csv_has_the_strings_of_terms(rows: list[tuple[Term, Term | None]]) -> None:
    """CSV keeps each character of a term's string, and nothing else of it (section 3.2)."""
    text = table(rows)
    known = [[_string(row.get("x")), _string(row.get("y"))] for row in answer(text).rows()]
    written = answer(text).serialise("csv").decode()
    head, *read = csv.reader(io.StringIO(written, newline=""), strict=True)
    assert head == ["x", "y"]
    assert read == known


def _string(term: Any) -> str:
    return "" if term is None else str(term.value)


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("CONSTRUCT { ?s <http://example.org/2024> 7 } { ?s ?p ?o }", "rdfxml"),
        ('CONSTRUCT { ?s <urn:p> ?x } { ?s ?p ?o BIND("\\u0001" AS ?x) }', "rdfxml"),
        ("CONSTRUCT { ?s ?q 7 } { ?s ?p ?o BIND(IRI(CONCAT('urn:', ' 1')) AS ?q) }", "rdfxml"),
        ('SELECT ?s ("\\u0001" AS ?x) { ?s ?p ?o }', "xml"),
        ("SELECT ?s (<<( ?s ?p ?o )>> AS ?x) { ?s ?p ?o }", "xml"),
        ("CONSTRUCT { ?s <urn:p> ?x } { ?s ?p ?o BIND(<<( ?s ?p ?o )>> AS ?x) }", "jsonld"),
        ("CONSTRUCT { ?s <urn:p> ?x } { ?s ?p ?o BIND(TRIPLE(?s, ?p, ?o) AS ?x) }", "jsonld"),
    ],
)
def test_nothing_is_written_of_an_answer_that_is_refused(text: str, form: str) -> None:
    """However long the answer, the refusal comes before its first byte."""
    many = [Triple(NamedNode(f"urn:s:{n}"), P, Literal(f"text {n}")) for n in range(20_000)]
    last = Triple(NamedNode("urn:s:last"), P, Literal("\x01"))
    output = io.BytesIO()
    asked = answer(text, *many, last)
    if "' 1'" in text:
        # The IRI is none, so there is nothing to write.
        asked.write(form, output)
        assert b"urn:" not in output.getvalue()
        return
    with pytest.raises(FormatError):
        asked.write(form, output)
    assert output.getvalue() == b""


@pytest.mark.parametrize("form", ["json", "xml", "csv", "tsv", "turtle", "ntriples", "jsonld"])
def test_an_answer_without_doubt_streams(form: str) -> None:
    """Where neither data nor query can hold what a format cannot write, nothing is held back."""
    many = [Triple(NamedNode(f"urn:s:{n}"), P, Literal(f"text {n}")) for n in range(5_000)]
    query = "SELECT * { ?s ?p ?o }" if form in ("json", "xml", "csv", "tsv") else "CONSTRUCT WHERE"
    sizes: list[int] = []

    class Counting:
        def write(self, data: bytes) -> int:
            sizes.append(len(data))
            return len(data)

        def flush(self) -> None:
            """Take note of nothing."""

    held = Dataset({}).with_graph(computed("http://example.org/g", names.STATED, many))
    asked = Index(held).query(query if "SELECT" in query else f"{query} {{ ?s ?p ?o }}")
    assert asked.doubt() is False
    asked.write(form, Counting())
    assert len(sizes) > 1


PREFIX_NAMES = (
    "a b",
    "1",
    "a.",
    "_",
    "x>y",
    ".\n<urn:x> <urn:x> 1 .\n@prefix a",
    "é",
    "",
    "a.b",
    "a-1",
)


@pytest.mark.parametrize("form", ["turtle", "trig", "rdfxml", "jsonld"])
@pytest.mark.parametrize("prefix", PREFIX_NAMES)
@pytest.mark.parametrize("space", ["http://example.org/", "no iri", "http://example.org/> <x"])
def test_a_declared_prefix_breaks_no_document(form: str, prefix: str, space: str) -> None:
    """Whatever clients declare in the prefix table, what is sent with it can be read."""
    declared = NamedNode("http://example.org/declared")
    table = computed(
        f"{names.GRAPH}ontology/prefixes",
        names.IS_SCHEMA,
        [
            Triple(declared, NamedNode(f"{names.SH}prefix"), Literal(prefix)),
            Triple(declared, NamedNode(f"{names.SH}namespace"), Literal(space)),
        ],
    )
    known = Dataset({}).with_graph(table).prefixes
    written = serialize([Triple(S, P, S)], form, prefixes=known)
    assert [quad.triple for quad in parse(written, form)] == [Triple(S, P, S)]
    good = prefix in ("é", "", "a.b", "a-1") and space == "http://example.org/"
    assert dict(known) == ({prefix: space} if good else {})
