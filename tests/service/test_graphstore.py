"""What the Graph Store Protocol makes of documents and datasets."""

from __future__ import annotations

from typing import Final

import pytest
from tests.patience import ending

from samsyn import names
from samsyn.dataset import graph_store
from samsyn.dataset.exact import BlankNode, Dataset, Graph, Literal, NamedNode, Triple, serialize
from samsyn.errors import SamsynError, SourceError, UsageError

G: Final = "http://e/graphs/g"
A, P, B = (NamedNode(f"http://e/{name}") for name in "apb")
EXACT: Final = Triple(A, P, Literal("01", datatype=NamedNode(names.XSD + "integer")))

FORMS: Final = {
    "text/turtle": "turtle",
    "TEXT/Turtle;charset=UTF-8": "turtle",
    "application/x-turtle": "turtle",
    "application/n-triples": "ntriples",
    "application/rdf+xml": "rdfxml",
    "application/ld+json": "jsonld",
}


def read(
    body: str | bytes, kind: str = "text/turtle", *, base: str = G, apart: str = "1"
) -> list[Triple]:
    """Read a body."""
    return graph_store.read(body if isinstance(body, bytes) else body.encode(), kind, base, apart)


@pytest.mark.parametrize("kind", FORMS)
def test_a_document_is_read_by_its_content_type(kind: str) -> None:
    """Each format of graphs is read, every term as written."""
    assert read(serialize([EXACT], FORMS[kind]), kind) == [EXACT]


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ("<x> <#p> <> .", "text/turtle"),
        ('{"@id": "x", "http://e/graphs/g#p": {"@id": ""}}', "application/ld+json"),
        (
            f'<rdf:RDF xmlns:rdf="{names.RDF}" xmlns:g="http://e/graphs/g#">'
            '<rdf:Description rdf:about="x"><g:p rdf:resource=""/></rdf:Description></rdf:RDF>',
            "application/rdf+xml",
        ),
    ],
    ids=["turtle", "json-ld", "rdf-xml"],
)
def test_relative_names_are_resolved_against_the_graph(body: str, kind: str) -> None:
    """A relative IRI in a document is relative to the name of its graph (protocol, 4.2)."""
    place = NamedNode("http://e/graphs/x"), NamedNode(f"{G}#p"), NamedNode(G)
    assert read(body, kind) == [Triple(*place)]


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("application/trig", "holds many graphs"),
        ("application/n-quads", "holds many graphs"),
        ("text/html", "cannot be read from text/html"),
        ("", "cannot be read from"),
        ("text/turtle; charset=latin-1", "charset latin-1 is not accepted"),
    ],
)
def test_other_documents_are_refused(kind: str, words: str) -> None:
    """What holds many graphs, or none, is refused with what is taken."""
    with pytest.raises(UsageError, match=words):
        read("<http://e/a> <http://e/p> <http://e/b> .", kind)


def test_a_faulty_document_names_its_place() -> None:
    """A syntax error has its line and column."""
    with pytest.raises(SourceError, match=r"^body:2:13") as caught:
        read("@prefix e: <http://e/> .\ne:a e:p e:b f:c .")
    assert (caught.value.line, caught.value.column) == (2, 13)


DOCTYPES: Final = {
    "first": '<!DOCTYPE rdf:RDF [<!ENTITY a "aaaa">]>{}',
    "lower-case": '<!doctype rdf:RDF [<!ENTITY a "aaaa">]>{}',
    "after-a-declaration": '<?xml version="1.0"?>\n<!DOCTYPE rdf:RDF [<!ENTITY a "aaaa">]>{}',
    "after-a-comment": '<!-- x -->\n\n<!DOCTYPE rdf:RDF [<!ENTITY a "aaaa">]>{}',
    "external": '<!DOCTYPE rdf:RDF SYSTEM "file:///etc/hostname">{}',
    "inside": '<rdf:RDF xmlns:rdf="x"><!DOCTYPE x [<!ENTITY a "aaaa">]>{}</rdf:RDF>',
    "after-a-byte-order-mark": '\ufeff<!DOCTYPE rdf:RDF [<!ENTITY a "aaaa">]>{}',
}
XML: Final = (
    f'<rdf:RDF xmlns:rdf="{names.RDF}" xmlns:e="http://e/"><rdf:Description '
    'rdf:about="http://e/a"><e:p>&a;</e:p></rdf:Description></rdf:RDF>'
)


@pytest.mark.threat("hostile-document")
@pytest.mark.parametrize("name", DOCTYPES)
@pytest.mark.parametrize("kind", ["application/rdf+xml", "application/xml", "text/xml"])
def test_a_doctype_is_refused_unread(name: str, kind: str) -> None:
    """XML that could declare entities is refused, wherever it does, with the place."""
    with pytest.raises(SourceError, match="DOCTYPE is refused") as caught:
        read(DOCTYPES[name].format(XML), kind)
    assert caught.value.line is not None


@pytest.mark.threat("hostile-document")
def test_entities_never_expand() -> None:
    """A document whose entities would become a hundred million characters is refused."""
    layers = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 8))
    bomb = f'<!DOCTYPE rdf:RDF [<!ENTITY l0 "{"x" * 10}">{layers}]>' + XML.replace("&a;", "&l7;")
    with ending(), pytest.raises(SourceError, match="DOCTYPE"):
        read(bomb, "application/rdf+xml")


CONTEXTS: Final = {
    "address": '"http://127.0.0.1:9/context"',
    "file": '"file:///etc/hostname"',
    "list": '[{"e": "http://e/"}, "http://127.0.0.1:9/context"]',
    "import": '{"@version": 1.1, "@import": "http://127.0.0.1:9/context"}',
    "relative": '"context"',
}


@pytest.mark.threat("outward")
@pytest.mark.parametrize("name", CONTEXTS)
def test_a_context_is_never_fetched(name: str) -> None:
    """A JSON-LD context from elsewhere is refused, in our words."""
    body = f'{{"@context": {CONTEXTS[name]}, "@id": "http://e/a", "http://e/p": 1}}'
    with pytest.raises(SourceError, match="context from elsewhere is never fetched"):
        read(body, "application/ld+json")


def test_a_context_in_the_document_is_used() -> None:
    """A context that is in the document itself is used."""
    body = '{"@context": {"p": {"@id": "http://e/p", "@type": "@id"}}, "@id": "http://e/a", "p": "http://e/b"}'
    assert read(body, "application/ld+json") == [Triple(A, P, B)]


def form(*parts: tuple[str, bytes], end: bytes = b"--X--\r\n") -> bytes:
    """Make the body of a form of parts: their headers and contents."""
    made = (f"--X\r\n{head}\r\n\r\n".encode() + content + b"\r\n" for head, content in parts)
    return b"".join(made) + end


FORM: Final = "multipart/form-data; boundary=X"
FIELD: Final = 'Content-Disposition: form-data; name="f"'


def test_a_form_of_several_documents_is_read() -> None:
    """All parts of a form go into the graph, each by its type or else by the name of its file."""
    parts = (
        (f"{FIELD}\r\nContent-Type: application/n-triples", serialize([EXACT], "ntriples")),
        (f'{FIELD}; filename="x.JSONLD"', serialize([Triple(A, P, A)], "jsonld")),
        (f"{FIELD}\r\nContent-Type: text/turtle; charset=utf-8", b"<x> <http://e/p> <> ."),
        (FIELD, b'<http://e/a> <http://e/p> """\xc3\xa5\r\n""" .'),
    )
    assert read(form(*parts), FORM) == [
        EXACT,
        Triple(A, P, A),
        Triple(NamedNode("http://e/graphs/x"), P, NamedNode(G)),
        Triple(A, P, Literal("å\r\n")),
    ]


def test_blank_nodes_of_two_parts_are_two() -> None:
    """A label means another node in each part of a form."""
    part = (f"{FIELD}\r\nContent-Type: text/turtle", b"_:x <http://e/p> <http://e/a> .")
    assert len(set(read(form(part, part), FORM))) == 2


FORMS_AT_FAULT: Final = {
    "no-end": (form((FIELD, b""), end=b""), FORM),
    "cut-off": (form((FIELD, b"<http://e/a> <http://e/p> <http://e/b> ."))[:-20], FORM),
    "no-parts": (b"--X--\r\n", FORM),
    "nothing": (b"", FORM),
    "no-boundary": (form((FIELD, b"")), "multipart/form-data"),
    "other-boundary": (form((FIELD, b"")), "multipart/form-data; boundary=Y"),
    "part-of-no-graph": (form((f"{FIELD}\r\nContent-Type: image/png", b"")), FORM),
    "part-of-many-graphs": (form((f"{FIELD}\r\nContent-Type: application/trig", b"")), FORM),
    "parts-in-a-part": (
        form((f"{FIELD}\r\nContent-Type: multipart/mixed; boundary=Y", b"--Y\r\n\r\n\r\n--Y--")),
        FORM,
    ),
    "bad-coding": (form((f"{FIELD}\r\nContent-Transfer-Encoding: base64", b"!!!")), FORM),
    "no-header": (form(("Content-Type text/turtle", b"")), FORM),
    "doctype": (form((f"{FIELD}\r\nContent-Type: text/xml", b"<!DOCTYPE x>")), FORM),
    "not-utf-8": (form((f"{FIELD}\r\nContent-Type: text/turtle", b'<a> <b> "\xff" .')), FORM),
}


@pytest.mark.parametrize("name", FORMS_AT_FAULT)
def test_a_form_at_fault_is_refused(name: str) -> None:
    """A form that is cut off, or holds what cannot be read, is refused as a whole."""
    body, kind = FORMS_AT_FAULT[name]
    with pytest.raises(SamsynError):
        read(body, kind)


@pytest.mark.threat("hostile-document")
def test_too_many_parts_are_refused() -> None:
    """A form of a thousand documents is read, a longer one is refused for its length."""
    part = b"--B\r\nContent-Type: text/turtle\r\n\r\n\r\n"
    kind = "multipart/form-data; boundary=B"
    assert read(part * 999 + b"--B--\r\n", kind) == []
    with pytest.raises(SourceError, match="more than"):
        read(part * 2000 + b"--B--\r\n", kind)


@pytest.mark.threat("hostile-document")
def test_parts_without_end_are_refused() -> None:
    """Parts in parts in parts are refused before the interpreter's stack is at its end."""
    deep = b"".join(
        b"--B%d\r\nContent-Type: multipart/mixed; boundary=B%d\r\n\r\n" % (level, level + 1)
        for level in range(2_000)
    )
    with pytest.raises(SourceError):
        read(deep, "multipart/form-data; boundary=B0")


def test_blank_nodes_are_kept_apart() -> None:
    """The same document posted twice brings two nodes; put twice, it stays what it was."""
    body = "_:x <http://e/p> <http://e/a> , <<( _:x <http://e/p> _:y )>> ."
    before = Dataset({})
    once = graph_store.merge(before, G, read(body, apart=before.revision))
    twice = graph_store.merge(once, G, read(body, apart=once.revision))
    assert len(twice.graph(G).triples) == 4
    subjects = {triple.subject for triple in twice.graph(G).triples}
    assert len(subjects) == 2
    again = graph_store.put(once, G, read(body, apart=once.without(G).revision))
    assert again.revision == once.revision


def test_a_blank_node_is_one_in_a_triple_term() -> None:
    """Inside a triple term a label means the node that it means outside."""
    plain, nested = read("_:x <http://e/p> <http://e/a> , <<( <http://e/a> <http://e/p> _:x )>> .")
    inner = nested.object
    assert isinstance(plain.subject, BlankNode)
    assert isinstance(inner, Triple)
    assert inner.object == plain.subject == nested.subject
    alone = "<http://e/a> <http://e/p> <<( <http://e/a> <http://e/p> _:x )>> ."
    assert read(alone) == read(alone)
    assert read(alone) != read(alone, apart="2")


@pytest.mark.threat("provenance_status")
def test_put_replaces_and_says_whose_word_it_is() -> None:
    """A graph that is put is just what was sent; it has no file, and is received."""
    ours = names.GRAPH + "stated/networks"
    done = graph_store.put(graph_store.put(Dataset({}), G, [EXACT]), G, [Triple(A, P, B)])
    done = graph_store.put(graph_store.put(done, ours, [EXACT]), "", [EXACT])
    assert done.graph(G).triples == (Triple(A, P, B),)
    provenance_statuses = {iri: graph.provenance_status for iri, graph in done.graphs.items()}
    assert provenance_statuses == {
        G: names.CONTRIBUTED,
        ours: names.CONTRIBUTED,
        "": names.CONTRIBUTED,
    }
    assert {graph.path for graph in done.graphs.values()} == {None}


def test_merging_nothing_new_changes_nothing() -> None:
    """What is posted and is there already leaves the graph as it was, with its digest."""
    dataset = Dataset({}).with_graph(Graph(G, names.STATED, None, "0" * 64, (EXACT,)))
    assert graph_store.merge(dataset, G, [EXACT]) is dataset
    assert graph_store.merge(dataset, G, [Triple(A, P, B)]).graph(G).triples[0] == EXACT


def test_empty_graphs_exist() -> None:
    """A graph that nothing was put into is there, until it is deleted."""
    done = graph_store.merge(graph_store.put(Dataset({}), G, []), "http://e/h", [])
    assert set(done.graphs) == {G, "http://e/h"}
    assert set(graph_store.without(done, G).graphs) == {"http://e/h"}
