"""Which syntax a document is in: told by its ending, by the user, or by its beginning."""

from __future__ import annotations

import gzip
from pathlib import Path
from typing import Final

import pytest
from tests.validation.suites import ABSENT, FORMS, documents

from samsyn.closure.interface import read
from samsyn.dataset.exact import parse_triples
from samsyn.dataset.files import form_of, read_file
from samsyn.dataset.flaws import FlawError
from samsyn.dataset.recognition import guess
from samsyn.errors import SourceError, UsageError

OWL: Final = "http://www.w3.org/2002/07/owl#"
RDFXML: Final = (
    '<?xml version="1.0"?>\n<!-- a -->\n<!DOCTYPE rdf:RDF [<!ENTITY a "b">]>\n<rdf:RDF'
    ' xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:e="http://e/">'
    '<e:T rdf:about="http://e/s"/></rdf:RDF>'
)
TYPED: Final = (
    f'<owl:Ontology xmlns:owl="{OWL}" xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"'
    ' rdf:about="http://e/o"/>'
)
DOCUMENTS: Final = {
    RDFXML: "rdfxml",
    TYPED: "rdfxml",
    "@prefix e: <http://e/> .\ne:s a e:T .": "turtle",
    "# a comment { with braces\nPREFIX e: <http://e/>\ne:s a e:T .": "turtle",
    "<http://e/s> a <http://e/T> .": "turtle",
    "<urn:e:s> <urn:e:p> <urn:e:o> .\n": "turtle",
    "_:s a <http://e/T> .": "turtle",
    "[] a <http://e/T> .": "turtle",
    "[ a <http://e/T> ] .": "turtle",
    "@prefix e: <http://e/> .\ne:g { e:s a e:T }": "trig",
    "GRAPH <http://e/g> { <http://e/s> a <http://e/T> }": "trig",
    "{ <http://e/s> a <http://e/T> }": "trig",
    "<urn:e:s> <urn:e:p> <urn:e:o> <urn:e:g> .\n<urn:e:s> <urn:e:p> \"o\" <urn:e:g> .\n": "nquads",
    '{"@id": "http://e/s", "@type": "http://e/T"}': "jsonld",
    '\n [ {"@id": "http://e/s", "@type": "http://e/T"}]': "jsonld",
    "{}": "jsonld",
}  # fmt: skip
OTHERS: Final = {
    "Prefix(:=<http://e/>)\nOntology(<http://e/o>)": "OWL functional syntax",
    "# c\nOntology(<http://e/o>)": "OWL functional syntax",
    "Prefix: : <http://e/>\nOntology: <http://e/o>": "OWL Manchester syntax",
    "format-version: 1.2\nontology: go\n\n[Term]\nid: GO:1": "OBO",
    f'<?xml version="1.0"?>\n<Ontology xmlns="{OWL}" ontologyIRI="http://e/o"/>': "OWL/XML",
    "<!DOCTYPE html>\n<html><body>404</body></html>": "an HTML page",
}


@pytest.mark.parametrize(("text", "form"), DOCUMENTS.items(), ids=range(len(DOCUMENTS)))
@pytest.mark.parametrize("name", ["o.owl", "o.OWL", "o.rdf", "o.xml", "o.json", "o.n3", "o", "o.x"])
def test_a_file_is_read_whatever_its_ending_leaves_open(
    tmp_path: Path, name: str, text: str, form: str
) -> None:
    """Where the ending tells no single syntax, the beginning does, also if it is compressed."""
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    assert form_of(path) == form
    packed = tmp_path / f"{name}.GZ"
    packed.write_bytes(gzip.compress(text.encode()))
    assert form_of(packed) == form
    assert read_file(packed) == text.encode()
    # The two differ in their names, and so in their blank nodes.
    assert len(read(path)) == len(read(packed)) == len(parse_triples(text.encode(), form))


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_a_byte_order_mark_hides_nothing(encoding: str) -> None:
    """A document is recognised behind a byte order mark."""
    for text, form in DOCUMENTS.items():
        assert guess(text.encode(encoding)) == form


@pytest.mark.parametrize(("text", "name"), OTHERS.items(), ids=OTHERS.values())
@pytest.mark.parametrize("form", ["rdfxml", "turtle", "jsonld"])
def test_other_syntaxes_of_ontologies_are_named(text: str, name: str, form: str) -> None:
    """What is not RDF is named for what it is, with what to do."""
    assert guess(text.encode()) is None
    with pytest.raises(SourceError, match=f"looks like {name}") as caught:
        parse_triples(text.encode(), form)
    flaw = caught.value.flaw
    assert isinstance(flaw, FlawError)
    assert (flaw.kind, flaw.start) == ("other-syntax", (1, 1))
    assert ("robot convert" in flaw.messages[1][1]) == (name != "an HTML page")


@pytest.mark.parametrize(("text", "form"), DOCUMENTS.items(), ids=range(len(DOCUMENTS)))
def test_a_document_of_another_syntax_is_named(text: str, form: str) -> None:
    """What cannot be read as one syntax but looks like another is named, without its errors."""
    other = "jsonld" if form == "rdfxml" else "rdfxml"
    with pytest.raises(SourceError, match="but looks like"):
        parse_triples(text.encode(), other)


def test_an_error_is_not_hidden_by_a_guess() -> None:
    """A faulty document of the right syntax keeps its own error."""
    with pytest.raises(SourceError) as caught:
        parse_triples(b"@prefix e: <http://e/> .\ne:s e:p .", "turtle")
    assert caught.value.line == 2


def test_the_option_is_obeyed_or_refused(tmp_path: Path) -> None:
    """The user's word counts where the ending is open; where it is not, it may not differ."""
    (tmp_path / "o.owl").write_text(RDFXML, encoding="utf-8")
    (tmp_path / "o.ttl").write_text("", encoding="utf-8")
    assert form_of(tmp_path / "o.owl", "trig") == "trig"
    assert form_of(tmp_path / "o.ttl", "turtle") == "turtle"
    with pytest.raises(UsageError, match="Turtle by its ending") as caught:
        form_of(tmp_path / "o.ttl", "rdfxml")
    assert caught.value.advice


def test_what_nothing_tells_is_wrong_usage(tmp_path: Path) -> None:
    """A file that looks like nothing known is not guessed at."""
    (tmp_path / "notes.txt").write_text("Dear diary,", encoding="utf-8")
    with pytest.raises(UsageError, match="tells its syntax"):
        form_of(tmp_path / "notes.txt")
    assert form_of(tmp_path / "notes.txt", otherwise="turtle") == "turtle"


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-be", "utf-32"])
def test_text_that_is_not_in_utf_8_is_named(encoding: str) -> None:
    """Turtle in UTF-16 is reported as what it is."""
    with pytest.raises(SourceError, match="Save the file as UTF-8"):
        parse_triples("@prefix e: <http://e/> .\ne:s a e:T .".encode(encoding), "turtle")


def test_the_suites_are_recognised() -> None:
    """A document of the W3C suites that can be read says the same in the syntax that is guessed."""
    if not documents():
        pytest.skip(ABSENT)
    wrong, known = [], 0
    for path, data in documents().items():
        try:
            triples = parse_triples(data, FORMS[Path(path).suffix], base="http://e/")
        except SourceError:
            continue
        guessed = guess(data)
        known += guessed is not None
        same = guessed is None or parse_triples(data, guessed, base="http://e/") == triples
        wrong += [] if same else [(path, guessed)]
    assert known > 1500
    assert wrong == []


@pytest.mark.parametrize("piece", ["<!---->", "<?a?>", " ", "#\n", "<!DOCTYPE a>", "!\n", "<a "])
def test_a_guess_takes_no_time(piece: str) -> None:
    """No beginning makes the patterns go over it again and again."""
    assert guess((piece * 9000).encode()) in {None, "rdfxml"}
