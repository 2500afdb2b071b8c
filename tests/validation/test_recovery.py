"""All syntax errors of a document: where, what kind, in words, and what is read nevertheless."""

from __future__ import annotations

import pytest
from tests.validation.suites import BASE, of_form

from samsyn.dataset.exact import parse
from samsyn.errors import SourceError
from samsyn.positions.locating import locate
from samsyn.positions.recovery import Recovered, recover

HEAD = "@prefix e: <http://e/> .\n"
GOOD = "e:good e:p e:o .\n"


def found(text: str, form: str = "turtle") -> list[tuple[str, int, int]]:
    """Return kind, line and column of each fault of a document that begins with ``HEAD``."""
    read = recover((HEAD + text).encode(), form)
    return [
        (fault.kind, fault.region.line, fault.region.column)
        for fault in read.faults
        if fault.region
    ]


@pytest.mark.parametrize(
    ("text", "kind", "line", "column"),
    [
        ('e:a e:p "open .\n', "unclosed-string", 2, 9),
        ('e:a e:p "open ;\n  e:q "shut" .\n', "unclosed-string", 2, 9),
        ("e:a e:p '''open. And\nmore .\n", "unclosed-string", 2, 9),
        ("e:a e:p e:b\n", "missing-dot", 3, 1),
        ("e:a e:p e:b ;\n", "missing-dot", 3, 12),
        ("e:a e:p\n", "missing-dot", 3, 8),
        ("e:a f:p f:q .\n", "undeclared-prefix", 2, 5),
        ("e:a e:p <http://a b> .\n", "bad-iri", 2, 9),
        ("e:a e:p <http://a .\n", "unclosed-iri", 2, 9),
        ("e:a e:p http://a.se/b.c .\n", "bare-address", 2, 9),
        ('e:a e:p "C:\\dir. Or" .\n', "bad-escape", 2, 9),
        ('e:a e:p "x"@en_US .\n', "bad-language-tag", 2, 12),
        ('e:a e:p "x"@123 .\n', "bad-language-tag", 2, 12),
        ('"x" e:p e:b .\n', "literal-subject", 2, 1),
        ('e:a "x" e:b .\n', "literal-predicate", 2, 5),
        ("e:a e:p [ e:q e:r .\n", "unclosed-bracket", 2, 19),
        ("e:a e:p ( 1 2.5 .\n", "unclosed-bracket", 2, 17),
        ("e:a e:p e:b ] .\n", "stray-mark", 2, 13),
        ("e:a e:p .\n", "missing-object", 2, 9),
        ("e:a e:p e:b , , e:c .\n", "missing-object", 2, 15),
        ("e:a .\n", "missing-predicate", 2, 5),
        ("e:a e:p True .\n", "bare-word", 2, 9),
        ("e:a e:p ?x .\n", "variable", 2, 9),
        ('e:a e:p "1"^^"int" .\n', "missing-datatype", 2, 14),
        ("e:a e:p e:b . .\n", "stray-mark", 2, 15),
        ("{ e:a e:p e:b }\n", "graph-in-turtle", 2, 1),
        ("@prefix f <http://f/> .\nf:a f:b f:c .\n", "bad-declaration", 2, 9),
        ("@prefix f: http://f.se/ .\nf:a f:b f:c .\n", "bare-address", 2, 12),
        ("@prefix f: <http://f/>\nf:a f:b f:c .\n", "missing-dot", 3, 1),
        ("PREFIX f: <http://f/> .\nf:a f:b f:c .\n", "stray-mark", 2, 23),
        ("e:a e:p 1.5e .\n", "bad-number", 2, 9),
    ],
)
def test_one_slip_is_one_fault(text: str, kind: str, line: int, column: int) -> None:
    """Each kind of slip is reported once, at its place, and the statement after it is read."""
    assert found(text + GOOD) == [(kind, line, column)]
    quads = recover((HEAD + text + GOOD).encode(), "turtle").quads
    assert any("good" in str(quad) for quad in quads)


def test_every_error_of_a_document_is_told() -> None:
    """Errors in three places are three faults, and what is between them is read."""
    text = (
        f'{HEAD}{GOOD}e:a e:p "open .\n{GOOD}e:b e:p e:c\ne:d e:p e:e .\n{GOOD}'
        f"e:f e:p [ e:q <a b> ] .\n{GOOD}"
    )
    read = recover(text.encode(), "turtle", base="http://b/")
    places = [(fault.kind, fault.region.line) for fault in read.faults if fault.region]
    assert places == [("unclosed-string", 3), ("missing-dot", 6), ("bad-iri", 8)]
    assert read.faults[0].line == 'e:a e:p "open .'
    assert len(read.quads) == 5
    assert read.complete


def test_a_fault_is_told_in_two_languages() -> None:
    """A message quotes the text and says what to do, in Swedish and in English."""
    [fault] = recover((HEAD + "e:a e:p True .").encode(), "turtle").faults
    messages = dict(fault.messages)
    assert messages.keys() == {"sv", "en"}
    assert "”True”" in messages["sv"]
    assert "“True”" in messages["en"]
    assert "quotation marks" in messages["en"]


def test_an_undeclared_prefix_is_one_fault() -> None:
    """However many statements use it, a prefix is reported once, with their number."""
    text = HEAD + "f:a e:p f:b .\n" * 50 + "f:a e:p e:q e:r .\n" + GOOD
    read = recover(text.encode(), "turtle")
    assert [(fault.kind, fault.count) for fault in read.faults] == [
        ("undeclared-prefix", 50),
        ("missing-dot", 1),
    ]
    assert len(read.quads) == 1


def test_a_prefix_declared_too_late_holds_from_there() -> None:
    """A prefix is a fault before its declaration only."""
    text = HEAD + "f:a e:p e:b .\n@prefix f: <http://f/> .\nf:c e:p f:d .\n"
    read = recover(text.encode(), "turtle")
    assert [fault.count for fault in read.faults] == [1]
    assert [str(quad.subject) for quad in read.quads] == ["<http://f/c>"]


def test_a_faulty_declaration_is_fixed_where_it_is_clear() -> None:
    """Without its dot or its colon a declaration holds; one without an IRI spoils its uses only."""
    declared = "@prefix f <http://f/> .\n@prefix g: <http://g/>\n@prefix h: .\n"
    text = declared + "f:a g:b f:c .\nh:a g:b f:c .\n"
    read = recover(text.encode(), "turtle")
    assert [fault.region.line for fault in read.faults if fault.region] == [1, 3, 3]
    assert [str(quad.subject) for quad in read.quads] == ["<http://f/a>"]


@pytest.mark.parametrize(
    ("text", "expected", "quads"),
    [
        ("e:g { e:a e:p e:b . e:c e:p . e:d e:p e:e }", [("missing-object", 2)], 2),
        ("e:g { e:a e:p }\n{ e:d e:p e:e }", [("missing-object", 2)], 1),
        ("e:g { e:a e:p e:b .\ne:c e:p ( }\n{ e:d e:p e:e }", [("missing-object", 3)], 2),
        ("e:g { e:a e:p e:b", [("unexpected-end", 2)], 0),
        ("e:g { e:a e:p e:b .\n", [("unexpected-end", 3)], 1),
        ("e:g { e:a e:p e:b } .\ne:d e:p e:e .", [("stray-mark", 2)], 2),
        ("GRAPH { e:a e:p e:b }\ne:d e:p e:e .", [("syntax", 2)], 1),
        ("e:g {\n@prefix f: <http://f/> .\ne:d e:p e:e }", [("declaration-in-graph", 3)], 1),
        ("f:g { e:a e:p e:b }", [("undeclared-prefix", 2)], 1),
    ],
)
def test_graphs_are_read_on_within(text: str, expected: list[tuple[str, int]], quads: int) -> None:
    """In TriG a fault spoils one statement of its graph, and no brace is lost to it."""
    assert [(kind, line) for kind, line, _ in found(text, "trig")] == expected
    assert len(recover((HEAD + text).encode(), "trig").quads) == quads


@pytest.mark.parametrize("form", ["ntriples", "nquads"])
def test_lines_are_read_one_by_one(form: str) -> None:
    """In N-Triples and N-Quads a fault spoils its line only."""
    good = '<http://e/s> <http://e/p> "x" .\n'
    bad = ('<http://e/s> <http://e/p> "x\n', "<s> <p> <o> .\n", "<http://e/s> <http://e/p>\n")
    read = recover((good + good.join(bad) + good).encode(), form)
    places = [(fault.kind, fault.region.line) for fault in read.faults if fault.region]
    assert places == [("unclosed-string", 2), ("bad-iri", 4), ("broken-line", 6)]
    assert len(read.quads) == 4


@pytest.mark.parametrize(
    ("text", "form", "line"),
    [('{"@id":\n "http://e/a",, }', "jsonld", 2), ("<rdf:RDF>\n<x>\n</rdf:RDF>", "rdfxml", 3)],
    ids=["jsonld", "rdfxml"],
)
def test_other_syntaxes_tell_the_first_error(text: str, form: str, line: int) -> None:
    """JSON-LD and RDF/XML cannot be read on after an error, so nothing else is reported or read."""
    read = recover(text.encode(), form)
    assert len(read.faults) == 1
    assert read.quads == ()
    assert not read.complete
    assert read.faults[0].region is None or read.faults[0].region.line <= line


def test_a_byte_order_mark_is_no_fault() -> None:
    """A byte order mark, which the parser does not take, is passed over."""
    read = recover(b"\xef\xbb\xbf" + (HEAD + GOOD).encode(), "turtle")
    assert read.faults == ()
    assert len(read.quads) == 1


def test_bytes_that_are_no_text_are_a_fault() -> None:
    """Bytes that are not UTF-8 are reported as such, and the next statement is read."""
    read = recover(HEAD.encode() + b'e:a e:p "\xff" .\n' + GOOD.encode(), "turtle")
    assert [fault.kind for fault in read.faults] == ["bad-encoding"]
    assert len(read.quads) == 1


def test_there_is_an_end_to_faults() -> None:
    """After a number of faults the rest is left, and the answer says so."""
    text = HEAD + GOOD + "e:a e:p .\n" * 30 + GOOD
    read = recover(text.encode(), "turtle", most=10)
    assert len(read.faults) == 10
    assert not read.complete
    assert len(read.quads) == 1


@pytest.mark.parametrize("form", ["turtle", "trig", "ntriples", "nquads"])
def test_the_parser_is_the_judge(form: str) -> None:
    """On the W3C suites a document has faults if and only if the parser rejects it, the first on
    the line that it names; what is read has its places in the document without its faults.
    """  # noqa: D205
    rejected, wrong = 0, []
    for path, data, read in of_form(form):
        got = recover(data, form, base=BASE, path=path)
        if not isinstance(read, SourceError):
            wrong += [path] if got.faults or list(got.quads) != read else []
            continue
        rejected += 1
        region = got.faults[0].region if got.faults else None
        spots = locate(got.text, form, dict(enumerate(got.quads)), base=BASE, total=len(got.quads))
        right = region and region.line == read.line and len(spots) == len(got.quads)
        wrong += [] if right else [path]
    assert rejected > 10
    assert wrong == []


def test_what_is_blanked_moves_nothing() -> None:
    """The text without its faults has the lines and columns of the document."""
    text = HEAD + "e:a e:p å ;\n  e:q e:r .\r\n\te:s e:p e:o .\n"
    read: Recovered = recover(text.encode(), "turtle")
    repaired = read.text.decode()
    assert [len(line) for line in repaired.splitlines()] == [
        len(line) for line in text.splitlines()
    ]
    assert parse(read.text, "turtle", path="input") == list(read.quads)
    assert locate(read.text, "turtle", {0: read.quads[0]})[0].subject.column == 2
