"""Where quads are in files: each place is held against the text, read by another parser."""

from __future__ import annotations

import gzip
import io
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.validation.suites import BASE, of_form
from tests.validation.turtles import Turtles

from samsyn.dataset.exact import (
    BlankNode,
    DefaultGraph,
    Literal,
    NamedNode,
    Quad,
    Triple,
    parse,
    rdflib_module,
    serialize,
    to_rdflib,
)
from samsyn.errors import SourceError
from samsyn.positions import window
from samsyn.positions.locating import Spot, locate
from samsyn.positions.text import Region

PREFIX = "@prefix : <http://e/> .\n"
DECLARATION = re.compile(
    r"(?:@prefix|prefix)\s+[^\s:]*:\s*<[^>]*>|(?:@base|base)\s*<[^>]*>", re.IGNORECASE
)
XSD_STRING = "http://www.w3.org/2001/XMLSchema#string"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"


def spots(text: str, form: str = "turtle", base: str | None = None) -> list[Spot | None]:
    """Find the place of every quad of a document, None where there is none."""
    quads = parse(text.encode(), form, base=base, path="test")
    found = locate(text.encode(), form, dict(enumerate(quads)), base=base, total=len(quads))
    return [found.get(number) for number in range(len(quads))]


def at(text: str, region: Region) -> str:
    """Return the text of a region, counting lines and columns here."""
    lines = re.split(r"(?<=\n)|(?<=\r)(?!\n)", text)
    first, last = lines[region.line - 1], lines[region.end_line - 1]
    if region.line == region.end_line:
        return first[region.column - 1 : region.end_column - 1]
    between = lines[region.line : region.end_line - 1]
    return "".join([first[region.column - 1 :], *between, last[: region.end_column - 1]])


def shown(text: str, form: str = "turtle") -> list[tuple[str, str, str]]:
    """Return the texts at the places of all quads of a document."""
    found = spots(text, form)
    assert None not in found
    return [
        (at(text, spot.subject), at(text, spot.predicate), at(text, spot.object))
        for spot in found
        if spot
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (":s a :o .", [(":s", "a", ":o")]),
        (":s :p 1.5, 2. ", [(":s", ":p", "1.5"), (":s", ":p", "2")]),
        (':s :p "x"@sv ; :q "y" ^^ :t.', [(":s", ":p", '"x"@sv'), (":s", ":q", '"y" ^^ :t')]),
        ("[] :p [ ] .", [("[]", ":p", "[ ]")]),
        (":s :p [ :q :r ] .", [("[", ":q", ":r"), (":s", ":p", "[")]),
        ("[ :q :r ] :p :o .", [("[", ":q", ":r"), ("[", ":p", ":o")]),
        (":s :p () .", [(":s", ":p", "()")]),
        (
            ":s :p ( :a [] ) .",
            [
                ("(", ":a", ":a"),
                (":s", ":p", "("),
                ("(", "[", "["),
                ("[", "[", "[]"),
                ("[", ")", ")"),
            ],
        ),
        (":s :p '''a\nb''' .", [(":s", ":p", "'''a\nb'''")]),
        (":s :p <<( :a :b :c )>> .", [(":s", ":p", "<<( :a :b :c )>>")]),
        (
            ":s :p :o {| :q :r |} .",
            [(":s", ":p", ":o"), ("{|", "{|", ":s :p :o"), ("{|", ":q", ":r")],
        ),
        ("<< :a :b :c ~ :r >> :p :o .", [(":r", ":r", ":a :b :c"), (":r", ":p", ":o")]),
        ("_:a.b :p.q\\,r _:c.", [("_:a.b", ":p.q\\,r", "_:c")]),
        ("# :x :y :z .\n:s # , \n:p\t:o.", [(":s", ":p", ":o")]),
        ("PREFIX x: <n#> BASE <http://b/> <s> x:p <o>.", [("<s>", "x:p", "<o>")]),
    ],
    ids=lambda value: value[:24] if isinstance(value, str) else "",
)
def test_each_construct_has_its_token(text: str, expected: list[tuple[str, str, str]]) -> None:
    """A term has the place of its token; what is not written, that of a bracket or an item."""
    text = f"@base <http://e/> . {PREFIX}{text}"
    assert sorted(shown(text)) == sorted(expected)


def test_graphs_have_places() -> None:
    """Triples are found inside and outside of the graphs of TriG and N-Quads."""
    text = PREFIX + "{ :a :b :c } :g { :d :e :f . :h :i 1 } GRAPH _:x { } :j :k :l ."
    assert shown(text, "trig") == [
        (":a", ":b", ":c"), (":d", ":e", ":f"), (":h", ":i", "1"), (":j", ":k", ":l"),
    ]  # fmt: skip
    line = '<http://e/s> <http://e/p> "x"@en {} .\n'
    lines = line.format("<http://e/g>") + line.format("_:g") + line.format("")
    assert shown(lines, "nquads") == [("<http://e/s>", "<http://e/p>", '"x"@en')] * 3


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"], ids=["lf", "crlf", "cr"])
def test_lines_and_columns_count_characters(end: str) -> None:
    """Any line end ends a line; a tab and a character beyond the basic plane are one column."""
    text = f'{PREFIX.strip()}{end}\t:s :p "😀å" , :o .{end}'
    first, second = spots(text)
    assert first is not None
    assert second is not None
    assert first.object == Region(2, 8, 2, 12)
    assert second.object == Region(2, 15, 2, 17)


def test_a_byte_order_mark_takes_no_column() -> None:
    """The first line of a file counts from the character after a byte order mark."""
    text = b"<http://e/s> <http://e/p> <http://e/o> ."
    quads = parse(text, "turtle", path="test")
    found = locate(b"\xef\xbb\xbf" + text, "turtle", dict(enumerate(quads)))
    assert found[0].subject == Region(1, 1, 1, 13)


def test_no_place_rather_than_a_wrong_one() -> None:
    """A quad that is not where it should be has no place, nor has any if the numbers differ."""
    text = (PREFIX + ":s :p :o . _:a :p _:b . _:b :p _:a .").encode()
    quads = parse(text, "turtle", path="test")
    assert set(locate(text, "turtle", dict(enumerate(quads)))) == {0, 1, 2}
    assert locate(text, "turtle", {1: quads[0], 5: quads[1]}) == {}
    assert locate(text, "turtle", {0: quads[0]}, total=4) == {}
    swapped = {1: quads[1], 2: quads[1]}
    assert set(locate(text, "turtle", swapped)) == {1}
    assert locate(b":s :p ?x", "turtle", {0: quads[0]}) == {}


@pytest.mark.parametrize("form", ["turtle", "trig", "ntriples", "nquads"])
def test_the_suites_are_placed(form: str) -> None:
    """Every quad of every valid document of the W3C has a place, inside of the document."""
    missing, files = [], 0
    for path, data, read in of_form(form):
        if isinstance(read, list):
            files += 1
            found = locate(data, form, dict(enumerate(read)), base=BASE, total=len(read))
            ends = len(re.split(r"\r\n|\r|\n", data.decode()))
            inside = all(spot.object.end_line <= ends for spot in found.values())
            missing += [path] if len(found) != len(read) or not inside else []
    assert files > (40 if form == "nquads" else 70)
    assert missing == []


def rebuilt(text: str, spot: Spot) -> Iterator[tuple[str, str, str] | None]:
    """Read the tokens at a place with rdflib; None for what it does not read alone."""
    rdflib = rdflib_module()
    for region in (spot.subject, spot.predicate, spot.object):
        written_there = at(text, region)
        if written_there[0] in "[(_)" or written_there == "a":
            yield None
            continue
        head = "".join(text.splitlines(keepends=True)[: region.line - 1])
        said = [f"{found[0].lstrip('@')}\n" for found in DECLARATION.finditer(head)]
        graph = rdflib.Graph()
        data = "".join(said) + f"<urn:s> <urn:p> {written_there} ."
        graph.parse(data=data, format="turtle", publicID=BASE)
        [(_, _, term)] = graph
        yield (
            str(term),
            (getattr(term, "language", None) or "").lower(),
            str(getattr(term, "datatype", None) or ""),
        )


def written(term: NamedNode | Literal) -> tuple[str, str, str]:
    """Return a term of the parser in the same manner."""
    if isinstance(term, NamedNode):
        return term.value, "", ""
    datatype = "" if term.language else term.datatype.value
    return term.value, term.language or "", datatype


def same(ours: tuple[str, str, str], theirs: tuple[str, str, str]) -> bool:
    """Return whether two are one term; rdflib writes numbers again, and leaves out xsd:string."""
    if theirs[2].endswith(("#integer", "#decimal", "#double")):
        return float(ours[0]) == float(theirs[0]) and ours[2] == theirs[2]
    return ours[:2] == theirs[:2] and (ours[2] or XSD_STRING) == (theirs[2] or XSD_STRING)


def test_another_parser_reads_the_same_terms_at_the_places() -> None:
    """The text at each place, read by rdflib with the prefixes before it, is the parser's term."""
    compared, wrong = 0, []
    for path, data, read in of_form("turtle"):
        # A document of many statements tells no more, and takes rdflib long.
        if "w3c/turtle/" not in path or isinstance(read, SourceError) or len(data) > 3000:
            continue
        for number, spot in locate(data, "turtle", dict(enumerate(read)), base=BASE).items():
            quad = read[number]
            terms = (quad.subject, quad.predicate, quad.object)
            for ours, term in zip(rebuilt(data.decode(), spot), terms, strict=True):
                implied = isinstance(term, BlankNode) or str(term).startswith(f"<{RDF}")
                if ours is not None and not implied:
                    compared += 1
                    wrong += [] if same(ours, written(term)) else [(path, ours, str(term))]
    assert compared > 500
    assert wrong == []


@given(st.integers(0, 10**6), st.booleans(), st.booleans())
def test_whatever_nests_is_placed(seed: int, graphs: bool, speaking: bool) -> None:  # noqa: FBT001
    """In random documents in which everything nests every quad has its place."""
    text = Turtles(seed, graphs=graphs, speaking=speaking).document()
    assert None not in spots(text, "trig" if graphs else "turtle", "http://b/")


iris = st.sampled_from([f"http://e/{name}" for name in "abcd"] + ["http://e/å#b.c", "urn:x:y"])
nodes = st.one_of(st.builds(NamedNode, iris), st.builds(BlankNode, st.sampled_from("xyz")))
texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=8)
literals = st.one_of(
    st.builds(Literal, texts),
    st.builds(lambda text: Literal(text, language="sv-fi"), texts),
    st.builds(lambda text: Literal(text, datatype=NamedNode("http://e/type")), texts),
    st.builds(Literal, st.integers()),
    st.builds(Literal, st.booleans()),
)
triples = st.builds(Triple, nodes, st.builds(NamedNode, iris), st.one_of(nodes, literals))


@given(st.lists(triples, min_size=1, max_size=12))
def test_what_a_serialiser_writes_is_placed(said: list[Triple]) -> None:
    """Documents that the engine and rdflib lay out, each in several ways, are placed in full."""
    prefixes = {"e": "http://e/"}
    for form in ("turtle", "ntriples", "nquads", "trig"):
        quads = [Quad(t.subject, t.predicate, t.object, DefaultGraph()) for t in said]
        items = said if form in {"turtle", "ntriples"} else quads
        assert None not in spots(serialize(items, form, prefixes=prefixes).decode(), form)
    graph = to_rdflib(said)
    for layout in ("turtle", "longturtle", "nt11"):
        laid_out = graph.serialize(format=layout)
        assert None not in spots(laid_out, "ntriples" if layout == "nt11" else "turtle")


@pytest.mark.parametrize("seed", range(40))
def test_the_window_changes_nothing(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """A document read in tiny parts gives the places that it gives as a whole."""
    text = Turtles(seed, graphs=True, speaking=True).document()
    whole = spots(text, "trig", "http://b/")
    monkeypatch.setattr(window, "CHUNK", 60)
    monkeypatch.setattr(window, "_MARGIN", 40)
    assert spots(text, "trig", "http://b/") == whole


def test_a_packed_file_is_read_as_it_is_unpacked(tmp_path: Path) -> None:
    """A file of bytes may unpack another."""
    path = tmp_path / "a.ttl.gz"
    path.write_bytes(gzip.compress((PREFIX + ":s :p :o .").encode()))
    quad = Quad(*(NamedNode(f"http://e/{name}") for name in "spo"), DefaultGraph())
    with gzip.open(path) as file:
        found = locate(file, "turtle", {0: quad})
    assert found[0].object == Region(2, 7, 2, 9)


PROGRAM = """
import io, re, sys
from samsyn.dataset.exact import DefaultGraph, Literal, NamedNode, Quad
from samsyn.positions.locating import locate
kind, size = sys.argv[1], int(sys.argv[2])
HEAD = b"@prefix e: <http://e/> .\\ne:s e:p 'first' "
MORE = {
    "statements": b".\\ne:s e:p [ e:q 'x y z' ] , 'next' ",
    "objects": b",\\n  'another value of it' ",
}

class Endless(io.RawIOBase):
    def __init__(self):
        self.left, self.done = HEAD, 0
    def read(self, wanted=-1):
        while len(self.left) < wanted and self.done < size:
            self.left += MORE[kind] * 1000
            self.done += len(MORE[kind]) * 1000
            if self.done >= size:
                self.left += b"."
        read, self.left = self.left[:wanted], self.left[wanted:]
        return read

n = NamedNode
step = 3 if kind == "statements" else 1
value = "next" if kind == "statements" else "another value of it"
quad = Quad(n("http://e/s"), n("http://e/p"), Literal(value), DefaultGraph())
wanted = {step * 1000 * number: quad for number in range(1, 51)}
def peak():  # of this program alone; getrusage counts the one that started it too
    return int(re.search(r"VmHWM:\\s+(\\d+)", open("/proc/self/status").read())[1])
before = peak()
wanted[10**9] = quad  # so that all of it is read
found = locate(Endless(), "turtle", wanted)
print(len(found), peak() - before)
"""


@pytest.mark.parametrize("kind", ["statements", "objects"])
def test_memory_follows_what_is_wanted(kind: str) -> None:
    """In 5 MB of text, even of one statement, 50 places take less than 4 MB of memory."""
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, kind, "5000000"],
        capture_output=True,
        text=True,
        check=True,
    )
    found, kilobytes = done.stdout.split()
    assert found == "50"
    assert int(kilobytes) < 4_000


def test_a_file_is_left_when_all_is_found() -> None:
    """Without a number to compare, reading ends at the last quad that is wanted."""
    text = (PREFIX + ":s :p :o .\n" + "# filler\n" * 200_000).encode()
    quads = parse(text, "turtle", path="test")
    file = io.BytesIO(text)
    assert set(locate(file, "turtle", {0: quads[0]})) == {0}
    assert file.tell() < len(text)
