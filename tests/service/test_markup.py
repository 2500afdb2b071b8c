"""RDF/XML: whatever XML allows is read, and each fault has its kind and its place."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import Final

import pytest
from tests.validation.suites import ABSENT, documents

from samsyn.dataset.exact import Triple, parse_triples
from samsyn.dataset.flaws import FlawError
from samsyn.dataset.rdfxml.reader import read, walk
from samsyn.errors import SourceError

RDF: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
OPEN: Final = f'<rdf:RDF xmlns:rdf="{RDF}" xmlns:e="http://e/">'
CLOSE: Final = "</rdf:RDF>"
BASE: Final = "http://b/doc"
USE: Final = '<e:a xmlns:e="e:">&x;</e:a>'
SUITE: Final = "http://www.w3.org/2013/RDFXMLTests/"


def lines(data: str | bytes, base: str = BASE) -> list[str]:
    """Return the triples of a document as lines, sorted."""
    found = parse_triples(data if isinstance(data, bytes) else data.encode(), "rdfxml", base=base)
    return sorted(str(triple) for triple in found)


def of(text: str) -> list[str]:
    """Return the values of the triples that a node with a property of some content gives."""
    data = f'{OPEN}<e:S rdf:about="http://e/s">{text}</e:S>{CLOSE}'
    given = read(data.encode(), base=BASE)
    return [str(triple.object) for triple in given if triple.predicate.value == "http://e/p"]


def flaw(text: str | bytes) -> tuple[str, int, int]:
    """Return kind, line and column of the fault of a document."""
    with pytest.raises(FlawError) as caught:
        read(text if isinstance(text, bytes) else text.encode(), base=BASE)
    return caught.value.kind, *caught.value.start


DOCTYPES: Final = {
    "single quotes": """<!ENTITY xsd 'http://www.w3.org/2001/XMLSchema#'>""",
    "double quotes": '<!ENTITY xsd "http://www.w3.org/2001/XMLSchema#">',
    "after a comment with >": '<!-- > 0 --><!ENTITY xsd "http://www.w3.org/2001/XMLSchema#">',
    "made of a later one": '<!ENTITY xsd "&w3;2001/XMLSchema#"><!ENTITY w3 "http://www.w3.org/">',
    "made of an earlier one": '<!ENTITY w "http://www.w3.org/"><!ENTITY xsd "&w;2001/XMLSchema#">',
    "of character references": '<!ENTITY xsd "http&#58;//www.w3.org/2001/XMLSchema&#x23;">',
    "in a parameter entity": (
        "<!ENTITY % all '<!ENTITY xsd \"http://www.w3.org/2001/XMLSchema#\">'> %all;"
    ),
    "the first of two": (
        '<!ENTITY xsd "http://www.w3.org/2001/XMLSchema#"><!ENTITY xsd "http://other/">'
    ),
    "among other declarations": (
        "<!ELEMENT a ANY><!ATTLIST a b CDATA #IMPLIED><!NOTATION n SYSTEM 'x'><?pi > ?>"
        '<!ENTITY xsd "http://www.w3.org/2001/XMLSchema#">'
    ),
}


@pytest.mark.parametrize("declared", DOCTYPES.values(), ids=DOCTYPES)
@pytest.mark.parametrize("outside", ["", ' SYSTEM "http://e/x.dtd"', " PUBLIC '-//x' 'x.dtd'"])
def test_entities_of_the_doctype_are_expanded(declared: str, outside: str) -> None:
    """An entity is expanded however it is declared, and a DTD elsewhere is not asked for."""
    data = (
        f'<?xml version="1.0"?>\n<!DOCTYPE rdf:RDF{outside} [\n{declared}\n]>\n{OPEN}'
        '<e:S rdf:about="http://e/s"><e:p rdf:datatype="&xsd;integer">12</e:p></e:S></rdf:RDF>'
    )
    assert '<http://e/s> <http://e/p> "12"^^<http://www.w3.org/2001/XMLSchema#integer>' in lines(
        data
    )


def test_an_entity_may_hold_elements_and_a_doctype_defaults() -> None:
    """Entities with markup and default attributes are part of the document."""
    data = (
        '<!DOCTYPE rdf:RDF [<!ENTITY it "<e:p>x &amp; y</e:p>">'
        '<!ATTLIST rdf:RDF xmlns:e CDATA #FIXED "http://e/" xml:lang CDATA "sv">]>'
        f'<rdf:RDF xmlns:rdf="{RDF}"><rdf:Description rdf:about="http://e/s">&it;'
        "</rdf:Description></rdf:RDF>"
    )
    assert lines(data) == ['<http://e/s> <http://e/p> "x & y"@sv']


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("<e:p>a<!-- c -->b</e:p>", '"ab"'),
        ("<e:p>a<?pi x?>b</e:p>", '"ab"'),
        ("<e:p>a<![CDATA[<b> & ]]>c</e:p>", '"a<b> & c"'),
        ("<e:p>a\r\nb\rc</e:p>", '"a\\nb\\nc"'),
        ("<e:p>&#229;&#xE5;&#13;&lt;&apos;</e:p>", '"åå\\r<\'"'),
        ("<e:p> \n </e:p>", '" \\n "'),
        ("<e:p/>", '""'),
        ('<e:p rdf:datatype="http://e/d"/>', '""^^<http://e/d>'),
        ('<e:p xml:lang="sv-FI">x</e:p>', '"x"@sv-fi'),
        ('<e:p rdf:resource=""/>', "<http://b/doc>"),
        ('<e:p rdf:resource="x"> <!-- nothing --> </e:p>', "<http://b/x>"),
        ('<e:p xml:base="http://c/d/" rdf:resource="x"/>', "<http://c/d/x>"),
        ('<e:p xml:base="d/" rdf:resource="x"/>', "<http://b/d/x>"),
        ('<e:p resource="http://e/o"/>', "<http://e/o>"),
        ('<e:p rdf:parseType="Literal">a &lt; <b/></e:p>', f'"a &lt; <b></b>"^^<{RDF}XMLLiteral>'),
        ('<e:p rdf:parseType="Other">a</e:p>', f'"a"^^<{RDF}XMLLiteral>'),
        (
            '<e:p rdf:parseType="Literal"><e:b z="1" a=\'"\' xml:lang="en"><!--c--></e:b><?p i?>'
            "</e:p>",
            '"<e:b xmlns:e=\\"http://e/\\" a=\\"&quot;\\" z=\\"1\\" xml:lang=\\"en\\">'
            "<!--c--></e:b>"
            f'<?p i?>"^^<{RDF}XMLLiteral>',
        ),
    ],
)  # fmt: skip
def test_values_are_what_xml_makes_of_them(text: str, value: str) -> None:
    """Comments, sections, line ends, references, languages, bases and XML as a value."""
    assert of(text) == [value]


def test_attributes_are_what_xml_makes_of_them() -> None:
    """White space in an attribute becomes spaces, and no attribute of XML is a property."""
    given = 'e:p="a\r\n\tb&#10;c" xml:space="preserve" xmlfoo=""'
    data = f'{OPEN}<e:S rdf:about="http://e/s" {given}/>{CLOSE}'
    assert '<http://e/s> <http://e/p> "a  b\\nc"' in lines(data)
    assert len(lines(data)) == 2


def test_the_language_can_be_taken_away() -> None:
    """An empty xml:lang ends that of the elements around it."""
    assert of('<e:p xml:lang="en">a</e:p><e:p xml:lang="">b</e:p>') == ['"a"@en', '"b"']


def test_a_type_in_an_attribute_of_a_property_is_told() -> None:
    """rdf:type on an empty property is about the node that it leads to."""
    found = read(f'{OPEN}<e:S><e:p rdf:type="http://e/T"/></e:S>{CLOSE}'.encode(), base=BASE)
    assert str(found[1].object) == "<http://e/T>"
    assert found[1].subject == found[2].object


ENCODINGS: Final = ("utf-8", "utf-16", "utf-16-le", "iso-8859-1", "windows-1252", "shift_jis")


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_every_encoding_is_read(encoding: str) -> None:
    """A document is read in the encoding that it names, and its faults keep their places."""
    value = "テスト" if encoding == "shift_jis" else "åäö"
    data = (
        f'<?xml version="1.0" encoding="{encoding}"?>\n{OPEN}\n<e:S rdf:about="http://e/s">'
        f"<e:p>{value}</e:p>"
    )
    assert f'<http://e/s> <http://e/p> "{value}"' in lines(f"{data}</e:S>{CLOSE}".encode(encoding))
    bad = f"{data}</e:T>{CLOSE}".encode(encoding)
    assert flaw(bad) == ("mismatched-tag", 3, data.splitlines()[2].index("</e:p>") + 7)


@pytest.mark.parametrize(
    ("text", "kind", "line", "column"),
    [
        ('<e:S rdf:about="http://e/s">\n  <e:p>1</e:q>\n</e:S>', "mismatched-tag", 3, 9),
        ('<e:S rdf:about="http://e/?a=1&b=2"/>', "bare-ampersand", 2, 30),
        ("<e:S><e:p>A & B</e:p></e:S>", "bare-ampersand", 2, 13),
        ('<e:S e:p="a < b"/>', "bare-less-than", 2, 13),
        ("<e:S><e:p>]]></e:p></e:S>", "bare-section-end", 2, 11),
        ("<e:S><e:p>\x01</e:p></e:S>", "forbidden-character", 2, 11),
        ("<e:S e:p=1/>", "unquoted-value", 2, 10),
        ('<e:S e:p="1"e:q="2"/>', "unquoted-value", 2, 13),
        ("<e:S><!-- a -- b --></e:S>", "double-hyphen", 2, 13),
        ("<e:S><e:p>&nbsp;</e:p></e:S>", "undeclared-entity", 2, 11),
        ('<e:S\n e:p="&nbsp;"/>', "undeclared-entity", 3, 7),
        ("<x:S/>", "undeclared-prefix", 2, 2),
        ('<e:S\n x:p="1"/>', "undeclared-prefix", 3, 2),
        ('<e:S e:p="1" e:p="2"/>', "repeated-attribute", 2, 14),
        ("<e:S/>\n<e:S>", "mismatched-tag", 4, 1),
        ("<e:S/>\n<e:S", "unclosed-markup", 3, 1),
        ('<e:S\n rdf:about="http://e/boat 1"/>', "bad-iri", 3, 2),
        ('<e:S><e:p rdf:datatype="a b">1</e:p></e:S>', "bad-iri", 2, 11),
        ('<e:S><e:p xml:lang="en_GB">1</e:p></e:S>', "bad-language-tag", 2, 11),
        ('<e:S rdf:ID="a"/>\n<e:S rdf:ID="a"/>', "repeated-id", 3, 6),
        ('<e:S rdf:ID="1a"/>', "bad-id", 2, 6),
        ('<e:S rdf:nodeID="a:b"/>', "bad-id", 2, 6),
        ('<e:S rdf:about="a" rdf:ID="b"/>', "conflicting-attributes", 2, 20),
        ('<e:S><e:p rdf:resource="a" rdf:nodeID="b"/></e:S>', "conflicting-attributes", 2, 28),
        (
            '<e:S><e:p rdf:parseType="Literal" rdf:resource="b"/></e:S>',
            "conflicting-attributes",
            2,
            35,
        ),
        ('<e:S><e:p rdf:datatype="http://d" e:q="b"/></e:S>', "conflicting-attributes", 2, 35),
        ('<e:S rdf:resource="a"/>', "forbidden-attribute", 2, 6),
        ('<e:S><e:p rdf:about="a"/></e:S>', "forbidden-attribute", 2, 11),
        ('<e:S rdf:li="a"/>', "forbidden-attribute", 2, 6),
        ('<e:S rdf:aboutEach="a"/>', "forbidden-attribute", 2, 6),
        ('<e:S name="a"/>', "no-namespace", 2, 6),
        ("<S/>", "no-namespace", 2, 1),
        ("<rdf:li/>", "forbidden-element", 2, 1),
        ("<e:S><rdf:Description/></e:S>", "forbidden-element", 2, 6),
        ("boat", "stray-text", 2, 1),
        ("<e:S>\n  boat\n</e:S>", "stray-text", 3, 3),
        ("<e:S><e:p>x<e:T/></e:p></e:S>", "text-and-element", 2, 12),
        ("<e:S><e:p><e:T/>x</e:p></e:S>", "text-and-element", 2, 17),
        ("<e:S><e:p><e:T/><e:T/></e:p></e:S>", "two-elements", 2, 17),
        ('<e:S><e:p rdf:resource="a">x</e:p></e:S>', "not-empty", 2, 28),
        ('<e:S><e:p rdf:resource="a"><e:T/></e:p></e:S>', "not-empty", 2, 28),
        ('<e:S><e:p rdf:datatype="http://d"><e:T/></e:p></e:S>', "element-with-datatype", 2, 35),
    ],
)  # fmt: skip
def test_a_fault_has_its_kind_and_its_place(text: str, kind: str, line: int, column: int) -> None:
    """Each fault is reported where it is, with its own words."""
    assert flaw(f"{OPEN}\n{text}\n{CLOSE}") == (kind, line, column)


@pytest.mark.parametrize(
    ("text", "kind", "line", "column"),
    [
        ("", "empty-document", 1, 1),
        ("\n<!-- nothing -->\n", "empty-document", 3, 1),
        (f"{OPEN}\n<e:S>", "unclosed-element", 2, 6),
        (f"{OPEN}\n<e:S e:p='1'", "unclosed-markup", 2, 1),
        (f"{OPEN}{CLOSE}\n<x/>", "after-the-end", 2, 1),
        (f'\n<?xml version="1.0"?>{OPEN}{CLOSE}', "late-declaration", 2, 1),
        ("@prefix owl: <http://o/> .", "no-xml", 1, 1),
        (f"{OPEN}<e:p>\xff".encode("latin-1"), "bad-encoding", 1, len(OPEN) + 6),
        ('<?xml version="1.0" encoding="utf-16"?><a/>', "wrong-encoding", 1, 31),
        ('<?xml version="1.0" encoding="klingon"?><a/>', "unknown-encoding", 1, 1),
        (f'<!DOCTYPE e:a [\n<!ENTITY x "&x;">]>\n{USE}', "entity-loop", 3, 19),
        (f'<!DOCTYPE e:a [\n<!ENTITY x SYSTEM "f">]>\n{USE}', "external-entity", 3, 19),
        ('<!DOCTYPE e:a [\n<!ENTITY x SYSTEM "f">]>\n<a b="&x;"/>', "external-entity", 3, 7),
        ('<!DOCTYPE e:a [\n<!ENTITY % x SYSTEM "f">\n %x;]>\n<a/>', "external-entity", 3, 2),
        (f'<!DOCTYPE e:a SYSTEM "f">\n{USE}', "undeclared-entity", 2, 19),
        ('<!DOCTYPE e:a SYSTEM "f">\n<a b="&x;"/>', "undeclared-entity", 2, 7),
        (f"<!DOCTYPE e:a [<!ENTITY % y ''>%y;]>\n{USE}", "undeclared-entity", 2, 19),
        ("<!DOCTYPE e:a [<!ENTITY % x ''>%x;]>\n<a b='&y;'/>", "undeclared-entity", 2, 7),
        ('<!DOCTYPE e:a [\n<!ENTITY x "1"\n]>\n<e:a xmlns:e="e:">&x;</e:a>', "bad-doctype", 3, 1),
    ],
)  # fmt: skip
def test_a_fault_of_the_document_has_its_place(
    text: str | bytes, kind: str, line: int, column: int
) -> None:
    """Faults at the beginning and the end, of encodings and of the DOCTYPE."""
    assert flaw(text) == (kind, line, column)


@pytest.mark.threat("hostile-document")
def test_entities_cannot_grow_without_end() -> None:
    """Nested and repeated entities are refused beyond a limit, soon and in words."""
    nested = "".join(f'<!ENTITY l{i} "{f"&l{i - 1};" * 10}">' for i in range(1, 10))
    lol = f'<!DOCTYPE e:a [<!ENTITY l0 "{"lol" * 10}">{nested}]>'
    assert flaw(f"{lol}<e:a xmlns:e='e:'><e:p>&l9;</e:p></e:a>")[0] == "entity-flood"
    assert flaw(f"{lol}<a b='&l9;'/>")[0] == "entity-flood"
    long = f'<!DOCTYPE e:a [<!ENTITY x "{"x" * 50_000}">]><e:S xmlns:e="http://e/"><e:p>'
    assert flaw(f"{long}{'&x;' * 20_000}</e:p></e:S>")[0] == "entity-flood"


def test_a_fault_is_told_in_two_languages() -> None:
    """The messages name what is wrong, and never that the lines before should be compared."""
    with pytest.raises(FlawError) as caught:
        read(f"{OPEN}\n<e:S>\n<e:p>1</e:q></e:S>{CLOSE}".encode(), base=BASE)
    swedish, english = (text for _, text in caught.value.messages)
    assert english.startswith("</e:q> closes <e:p>, which is opened in line 3.")
    assert swedish.startswith("</e:q> stänger <e:p>, som öppnas på rad 3.")


def test_each_triple_has_its_element() -> None:
    """The walk gives each triple with the place and the name of its element."""
    data = f'{OPEN}\n<e:S rdf:about="a">\n <e:p>1</e:p>\n <e:q><e:T/></e:q></e:S>{CLOSE}'
    met: list[tuple[int, int, str]] = []
    walk(data.encode(), lambda _, point, name: met.append((*point, name)), base=BASE)
    assert met == [(2, 1, "e:S"), (3, 2, "e:p"), (4, 7, "e:T"), (4, 2, "e:q")]


NEW: Final = 'xmlns:its="http://www.w3.org/2005/11/its" rdf:version="1.2"'


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('<e:p rdf:annotation="http://e/r">x</e:p>',
         ['<http://e/r> <{r}reifies> <<( <http://e/s> <http://e/p> "x" )>>',
          '<http://e/s> <http://e/p> "x"']),
        ('<e:p xml:lang="en" its:dir="rtl">x</e:p>', ['<http://e/s> <http://e/p> "x"@en--rtl']),
        ('<e:p its:version="2.0" its:dir="rtl">x</e:p>', ['<http://e/s> <http://e/p> "x"']),
        ('<e:p rdf:version="1.1" xml:lang="en" its:dir="rtl">x</e:p>',
         ['<http://e/s> <http://e/p> "x"@en']),
        ('<e:p rdf:parseType="Triple"><rdf:Description rdf:about="a"><e:q>y</e:q>'
         "</rdf:Description></e:p>",
         ['<http://e/s> <http://e/p> <<( <http://b/a> <http://e/q> "y" )>>']),
        ('<e:p rdf:parseType="Triple"><rdf:Description rdf:about="a" rdf:type="T"/></e:p>',
         ["<http://e/s> <http://e/p> <<( <http://b/a> <{r}type> <http://b/T> )>>"]),
        ('<e:p rdf:parseType="Triple"><rdf:Description rdf:about="a"><e:q rdf:parseType="Triple">'
         '<e:T rdf:about="b"/></e:q></rdf:Description></e:p>',
         ["<http://e/s> <http://e/p> <<( <http://b/a> <http://e/q> "
          "<<( <http://b/b> <{r}type> <http://e/T> )>> )>>"]),
    ],
)  # fmt: skip
def test_what_version_12_adds_is_read(text: str, expected: list[str]) -> None:
    """Annotations, directions and triple terms, the latter two where the version says so."""
    data = f'{OPEN[:-1]} {NEW}><rdf:Description rdf:about="http://e/s">{text}</rdf:Description>'
    assert lines(data + CLOSE) == [line.replace("{r}", RDF) for line in expected]


def test_a_triple_term_has_one_triple() -> None:
    """None or two in it are a fault, and so is a direction that is none."""
    start = f"{OPEN[:-1]} {NEW}>\n<e:S>"
    for inner in ("", "<rdf:Description/>", "<e:T e:q='1'/>"):
        assert flaw(f'{start}<e:p rdf:parseType="Triple">{inner}</e:p></e:S>{CLOSE}') == (
            "one-triple", 2, 6,
        )  # fmt: skip
    assert flaw(f'{start}<e:p its:dir="up"/></e:S>{CLOSE}') == ("bad-direction", 2, 11)


def suite() -> Iterator[tuple[str, bytes, bytes | None]]:
    """Yield the tests of the W3C suite: name, document, and triples or none if it is wrong."""
    import rdflib

    found = documents()
    folder = "w3c/rdf-xml/"
    manifest = rdflib.Graph().parse(data=found[f"{folder}manifest.ttl"], publicID=SUITE)
    tests = rdflib.Namespace("http://www.w3.org/ns/rdftest#")
    entry = rdflib.Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#")
    for test in sorted(manifest.subjects(entry.action)):
        path = str(manifest.value(test, entry.action)).removeprefix(SUITE)
        result = str(manifest.value(test, entry.result) or "").removeprefix(SUITE)
        negative = (test, rdflib.RDF.type, tests.TestXMLNegativeSyntax) in manifest
        yield path, found[folder + path], None if negative else found[folder + result]


def test_the_suite_of_the_w3c_is_read() -> None:
    """Of the W3C suite every document gives its triples, or is refused with a place."""
    if not documents():
        pytest.skip(ABSENT)
    logging.getLogger("rdflib").setLevel(logging.CRITICAL)
    wrong, counts = [], {True: 0, False: 0}
    for path, data, expected in suite():
        counts[expected is None] += 1
        try:
            given = parse_triples(data, "rdfxml", base=SUITE + path, path=path)
        except SourceError as error:
            wrong += [] if expected is None and error.line and error.column else [path]
            continue
        right = expected is not None and alike(given, parse_triples(expected, "ntriples"))
        wrong += [] if right else [path]
    assert counts[False] > 120
    assert counts[True] > 35
    assert wrong == []


def alike(one: list[Triple], other: list[Triple]) -> bool:
    """Return whether two graphs are the same but for the labels of blank nodes."""
    from pyoxigraph import CanonicalizationAlgorithm, Dataset, Quad

    graphs = []
    for triples in (one, other):
        graph = Dataset(Quad(t.subject, t.predicate, t.object) for t in triples)
        graph.canonicalize(CanonicalizationAlgorithm.UNSTABLE)
        graphs.append(graph)
    return graphs[0] == graphs[1]


def test_the_suite_has_documents() -> None:
    """The folder of the suite is where it is sought."""
    if not documents():
        pytest.skip(ABSENT)
    assert any(PurePosixPath(path).parts[:2] == ("w3c", "rdf-xml") for path in documents())


@pytest.mark.parametrize("end", ["\n", ""])
@pytest.mark.parametrize("count", [10, 3_000, 25_000])
def test_places_hold_far_into_a_document(count: int, end: str) -> None:
    """A fault has the same words and the same place beyond what is read at a time."""
    before = OPEN + "".join(f"<e:S><e:p>å{n}</e:p></e:S>{end}" for n in range(count))
    line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
    for text, kind, offset in (
        ("<e:S><e:p>1</e:q>", "mismatched-tag", 11),
        ("<e:S><e:p>A & B</e:p></e:S>", "bare-ampersand", 12),
        ('<e:S e:p="&nbsp;"/>', "undeclared-entity", 10),
        ("<x:S/>", "undeclared-prefix", 1),
        ('<e:S e:p="a<b"/>', "bare-less-than", 11),
        ("<e:S", "unclosed-markup", 0),
        ('<e:S rdf:about="a b"/>', "bad-iri", 5),
    ):
        assert flaw(f"{before}{text}{CLOSE}") == (kind, line, column + offset)
