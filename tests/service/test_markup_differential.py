"""RDF/XML compared with rdflib's reader, on documents that are made at random."""

from __future__ import annotations

import logging
from typing import Any, Final
from xml.sax.saxutils import escape

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyoxigraph import CanonicalizationAlgorithm, Dataset, Quad, RdfFormat
from pyoxigraph import parse as engine

from samsyn.dataset.flaws import FlawError
from samsyn.dataset.rdfxml.reader import read

RDF: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
BASE: Final = "http://b/c/doc"
ENTITIES: Final = {"e": "http://e/", "sq": "x&e;y", "txt": "å &#38;amp; b", "el": "<e:z>1</e:z>"}
DOCTYPE: Final = "<!DOCTYPE rdf:RDF [\n{}\n]>\n".format(
    "\n".join(f"<!ENTITY {name} '{value}'>" for name, value in ENTITIES.items())
)

texts = st.text(st.sampled_from(list("ab åäö😀<&>\"'\n\t")), max_size=6)
content = st.one_of(
    texts.map(escape),
    st.sampled_from(
        ["a<!-- c -->b", "<![CDATA[<&>]]>", "a<?p i?>b", "&txt;", "&sq;", "&#229;&#x41;", "", " "]
    ),
)
addresses = st.sampled_from(
    [
        "http://e/a",
        "&e;a",
        "a",
        "#a",
        "",
        "../a",
        "?q",
        "//h/p",
        "http://e/å",
        "urn:x:y",
        "./",
        "a/b",
    ]
)
labels = st.sampled_from(["n", "m", "å1"])
names = st.sampled_from(["e:p", "e:q", "d", "rdf:value", "rdf:li", "rdf:_2", "e:é"])
types = st.sampled_from(["e:T", "rdf:Description", "rdf:Description", "rdf:Bag", "D"])
force = st.sampled_from(
    ["", "", "", ' xml:lang="sv"', " xml:lang=''", ' xml:base="http://f/g/"', ' xml:base="h/"']
)


def attribute(name: str, value: str) -> str:
    """Write an attribute; references in its value stand."""
    return f' {name}="{value}"'


literals = texts.map(lambda text: escape(text, {'"': "&quot;"}))
extra = st.lists(
    st.tuples(st.sampled_from(["e:r", "e:s"]), literals), max_size=2, unique_by=lambda pair: pair[0]
).map(lambda pairs: "".join(attribute(*pair) for pair in pairs))


def element(name: str, attributes: str, inner: str) -> str:
    """Write an element."""
    return f"<{name}{attributes}>{inner}</{name}>"


plain = st.builds(element, names, force, content)
typed = st.builds(
    lambda name, address, inner: element(name, attribute("rdf:datatype", address), inner),
    names, st.sampled_from(["http://e/d", "&e;d"]), content,
)  # fmt: skip
linked = st.builds(
    lambda name, more, address, rest: element(
        name, more + attribute("rdf:resource", address) + rest, ""
    ),
    names, force, addresses, extra,
)  # fmt: skip
blank = st.builds(
    lambda name, label: element(name, attribute("rdf:nodeID", label), " "), names, labels
)


def nodes(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """Nodes with properties, of which some hold what is given."""
    held = st.one_of(
        st.builds(element, names, force, inner),
        st.builds(
            lambda name, items: element(name, ' rdf:parseType="Collection"', "\n".join(items)),
            names, st.lists(inner, max_size=3),
        ),
        st.builds(
            lambda name, items: element(name, ' rdf:parseType="Resource"', " ".join(items)),
            names, st.lists(st.one_of(plain, linked, blank), max_size=2),
        ),
    )  # fmt: skip
    body = st.lists(st.one_of(plain, typed, linked, blank, held), max_size=3).map("\n".join)
    named = st.one_of(
        st.just(""),
        addresses.map(lambda address: attribute("rdf:about", address)),
        labels.map(lambda label: attribute("rdf:nodeID", label)),
    )
    return st.builds(
        lambda name, more, who, rest, inside: element(name, more + who + rest, inside),
        types, force, named, extra, body,
    )  # fmt: skip


documents = st.lists(
    st.recursive(nodes(st.just("<e:Leaf/>")), nodes, max_leaves=4), max_size=3
).map(
    lambda parts: (
        f'{DOCTYPE}<rdf:RDF xmlns:rdf="{RDF}" xmlns:e="&e;" xmlns="http://d/">'
        + "\n".join(parts)
        + "</rdf:RDF>"
    )
)


def canonical(quads: Any) -> Dataset:
    """Return a graph with labels that depend on what it says alone."""
    graph = Dataset(quads)
    graph.canonicalize(CanonicalizationAlgorithm.UNSTABLE)
    return graph


@pytest.fixture(autouse=True)
def _quiet() -> None:
    logging.getLogger("rdflib").setLevel(logging.CRITICAL)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(documents)
def test_rdflib_reads_the_same(text: str) -> None:
    """Whatever is nested and written in whatever way, rdflib reads the same triples."""
    import rdflib

    graph = rdflib.Graph().parse(data=text.encode(), format="xml", publicID=BASE)
    theirs = graph.serialize(format="nt").encode()
    ours = read(text.encode(), base=BASE)
    quads = (Quad(each.subject, each.predicate, each.object) for each in ours)
    assert canonical(quads) == canonical(engine(theirs, RdfFormat.N_TRIPLES))


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(documents, st.data())
def test_expat_and_the_reader_refuse_the_same(text: str, data: st.DataObject) -> None:
    """One piece taken out or put in: what expat refuses is refused, on its line or before."""
    from xml.parsers.expat import ExpatError, ParserCreate

    at = data.draw(st.integers(0, len(text) - 1))
    put = data.draw(st.sampled_from([*"<>&\"'/;=\x01", "", "]]>", "--"]))
    broken = text[:at] + put + text[at + 1 :]
    parser = ParserCreate(namespace_separator=" ")
    try:
        parser.Parse(broken.encode(), True)  # noqa: FBT003  it has no names
    except ExpatError as error:
        line = error.lineno
    else:
        line = 0
    flaw = flaw_of(broken)
    assert not line or (flaw is not None and flaw.start[0] <= line)
    assert flaw is None or all(words for _, words in flaw.messages)


def flaw_of(text: str) -> FlawError | None:
    """Return what is wrong with a document, if anything is."""
    try:
        read(text.encode(), base=BASE)
    except FlawError as flaw:
        return flaw
    return None
