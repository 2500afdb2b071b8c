"""Where triples are in RDF/XML and JSON-LD."""

from __future__ import annotations

import pytest
from tests.validation.suites import BASE, of_form

from samsyn.dataset.exact import parse
from samsyn.positions.locating import locate

RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
XML = f"""<?xml version="1.0"?>
<!DOCTYPE rdf:RDF [<!ENTITY e "http://e/">]>
<rdf:RDF xmlns:rdf="{RDF}" xmlns:e="http://e/" xml:base="http://b/" xml:lang="sv">
  <e:T rdf:about="å" e:attribute="lit">
    <e:nested><rdf:Description rdf:nodeID="n">
      <e:to rdf:resource="&e;y"/></rdf:Description></e:nested>
    <e:label>hej</e:label><e:label xml:lang="en">hi</e:label>
    <e:list rdf:parseType="Collection"><e:X/><e:Y/></e:list>
    <e:inner rdf:parseType="Resource"><e:z>1</e:z></e:inner>
    <rdf:li>a</rdf:li><rdf:li>b</rdf:li>
    <e:markup rdf:parseType="Literal"><b/></e:markup>
    <e:typed rdf:datatype="http://e/type">5</e:typed>
    <e:next><e:T rdf:ID="k"/></e:next>
  </e:T>
</rdf:RDF>
"""
JSON = """{"@context": {"@vocab": "http://e/", "e": "http://e/", "id": "@id", "n": "e:name",
  "k": {"@id": "e:knows", "@type": "@id"}, "lab": {"@id": "e:label", "@container": "@language"},
  "rev": {"@reverse": "e:r"}, "born": {"@id": "e:born", "@type": "e:Date"}},
 "@graph": [
  {"id": "e:å", "n": "x",
   "@type": ["T", "U"],
   "k": ["e:b", "http://e/c"],
   "o": {"n": "inner"}, "list": {"@list": [7, 8]},
   "t": {"@value": "q", "@language": "sv"},
   "lab": {"sv": "hej", "en": ["hi", "hello"]},
   "rev": {"id": "e:z"}, "number": [1, 2], "born": "1990", "true": true}
 ]}
"""


def lines(text: str, form: str) -> dict[str, tuple[int, str] | None]:
    """Return for each triple its line and the text at its place, by predicate and object."""
    quads = parse(text.encode(), form, path="test")
    found = locate(text.encode(), form, dict(enumerate(quads)))
    rows = text.splitlines()
    shown: dict[str, tuple[int, str] | None] = {}
    for number, quad in enumerate(quads):
        spot = found.get(number)
        name = quad.predicate.value.rpartition("/")[2].rpartition("#")[2]
        value = str(quad.object).rpartition("/")[2].strip('">')
        key = f"{name} {'_' if value.startswith('_:') else value}"
        region = spot.object if spot else None
        shown[key] = region and (
            region.line,
            rows[region.line - 1][region.column - 1 : region.end_column - 1],
        )
        assert spot is None or not spot.exact
    return shown


def test_a_triple_of_rdf_xml_has_its_element() -> None:
    """The place is the tag of the property's element, for attributes and types the node's."""
    found = lines(XML, "rdfxml")
    assert {
        key: place for key, place in found.items() if not key.startswith(("first", "rest"))
    } == {
        "type T": (13, "<e:T"),
        'attribute lit"@sv': (4, "<e:T"),
        "nested _": (5, "<e:nested"),
        "to y": (6, "<e:to"),
        'label hej"@sv': (7, "<e:label"),
        'label hi"@en': (7, "<e:label"),
        "list _": (8, "<e:list"),
        "type X": (8, "<e:X"),
        "type Y": (8, "<e:Y"),
        "inner _": (9, "<e:inner"),
        'z 1"@sv': (9, "<e:z"),
        '_1 a"@sv': (10, "<rdf:li"),
        '_2 b"@sv': (10, "<rdf:li"),
        "markup 22-rdf-syntax-ns#XMLLiteral": (11, "<e:markup"),
        "typed type": (12, "<e:typed"),
        "next #k": (13, "<e:next"),
    }


def test_a_triple_of_json_ld_has_its_value() -> None:
    """The place is the value, expanded by the context of the document itself."""
    assert {
        key: place
        for key, place in lines(JSON, "jsonld").items()
        if not key.startswith(("first", "rest"))
    } == {
        "type T": (6, '"T"'),
        "type U": (6, '"U"'),
        "name x": (5, '"x"'),
        "knows b": (7, '"e:b"'),
        "knows c": (7, '"http://e/c"'),
        "o _": (8, "{"),
        "name inner": (8, '"inner"'),
        "list _": (8, '"list"'),
        't q"@sv': (9, "{"),
        'label hej"@sv': (10, '"hej"'),
        'label hi"@en': (10, '"hi"'),
        'label hello"@en': (10, '"hello"'),
        "r å": (11, "{"),
        "number XMLSchema#integer": (11, "2"),
        "born Date": (11, '"1990"'),
        "true XMLSchema#boolean": (11, "true"),
    }


def test_of_two_nodes_without_a_name_none_is_taken_for_the_other() -> None:
    """Two blank nodes that say the same have no place, since it may be either."""
    text = '{"@context": {"@vocab": "http://e/"}, "p": [{"q": "x"}, {"q": "x"}, {"q": "y"}]}'
    quads = parse(text.encode(), "jsonld", path="test")
    found = locate(text.encode(), "jsonld", dict(enumerate(quads)))
    placed = {
        str(quads[number].object) for number in found if quads[number].predicate.value[-1] == "q"
    }
    assert placed == {'"y"'}


def test_a_subject_stands_in_for_what_is_not_understood() -> None:
    """A value that only a remote context would explain has the place of its node."""
    text = '{"@context": {"p": "http://e/p"},\n "@id": "http://e/a", "p": "x"}'
    quads = parse(text.encode(), "jsonld", path="test")
    other = '{"@context": "http://remote/",\n "@id": "http://e/a", "p": "x"}'
    [spot] = locate(other.encode(), "jsonld", dict(enumerate(quads))).values()
    assert (spot.subject.line, spot.subject.column) == (2, 9)


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("{", "jsonld"),
        ("[" * 100_000, "jsonld"),
        ('{"@id": 1 2}', "jsonld"),
        ("<a>", "rdfxml"),
        ('<!DOCTYPE a [<!ENTITY x "y"><!ENTITY z "&x;&x;">]><a>&z;</a>', "rdfxml"),
        ('<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>', "rdfxml"),
    ],
    ids=["cut", "deep", "no-json", "no-xml", "bomb", "outside"],
)
def test_what_cannot_be_read_gives_no_places(text: str, form: str) -> None:
    """A document that is broken, or whose entities could grow or reach out, has no places."""
    quads = parse(b"<http://e/a> <http://e/p> 1 .", "turtle", path="test")
    assert locate(text.encode(), form, dict(enumerate(quads))) == {}


def test_the_suite_of_rdf_xml_is_placed() -> None:
    """In the W3C suite nearly every triple has a place, at a tag; not so the cells of lists and
    the statements about statements, which no element gives.
    """  # noqa: D205
    implied = {RDF + name for name in ("subject", "predicate", "object", "rest", "first")}
    placed = triples = 0
    for path, data, read in of_form("rdfxml"):
        if not isinstance(read, list) or "w3c/rdf-xml/" not in path:
            continue
        text = data.decode(errors="replace").splitlines()
        found = locate(data, "rdfxml", dict(enumerate(read)), base=BASE)
        told = {number for number, quad in enumerate(read) if quad.predicate.value not in implied}
        triples += len(told)
        placed += len(told & found.keys())
        for spot in found.values():
            assert text[spot.object.line - 1][spot.object.column - 1] == "<"
    assert triples > 150
    assert placed > 0.9 * triples
