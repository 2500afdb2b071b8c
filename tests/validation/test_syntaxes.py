"""Files of others through the command line: entities, contexts, endings, marks and line ends."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from pathlib import Path
from typing import Final

import pytest

from samsyn.cli.program import main
from samsyn.validation import reports

Run = Callable[[str], tuple[int, str, str]]
RDF: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
DOCTYPE: Final = '<?xml version="1.0"?>\n<!DOCTYPE rdf:RDF [\n  %s\n]>\n'
BOAT: Final = (
    f'<rdf:RDF xmlns:rdf="{RDF}" xmlns:ex="http://example.org/">\n'
    '  <rdf:Description rdf:about="http://example.org/boat1">\n'
    '    <ex:length rdf:datatype="&xsd;integer">12</ex:length>\n'
    "  </rdf:Description>\n</rdf:RDF>\n"
)
HEAD: Final = f'<?xml version="1.0"?>\n<rdf:RDF xmlns:rdf="{RDF}" xmlns:ex="http://example.org/">\n'
FILES: Final = {
    "single.rdf": DOCTYPE % "<!ENTITY xsd 'http://www.w3.org/2001/XMLSchema#'>" + BOAT,
    "later.rdf": DOCTYPE
    % '<!-- lengths > 0 -->\n  <!ENTITY xsd "http://www.w3.org/2001/XMLSchema#">'
    + BOAT,
    "order.rdf": DOCTYPE
    % '<!ENTITY xsd "&w3;2001/XMLSchema#">\n  <!ENTITY w3 "http://www.w3.org/">'
    + BOAT,
    "tag.rdf": HEAD
    + '  <ex:Boat rdf:about="http://example.org/boat1">\n    <ex:code>1</ex:name>\n',
    "amp.rdf": HEAD + '  <ex:Boat rdf:about="http://example.org/boat?x=1&y=2"/>\n</rdf:RDF>',
    "iri.rdf": HEAD + '  <ex:Boat rdf:about="http://example.org/boat 1"/>\n</rdf:RDF>',
    "web.jsonld": '{ "@context": "https://schema.org/", "@type": "Person", "name": "A" }',
    "local.jsonld": '{ "@context": "context.jsonld", "@id": "http://example.org/b", "code": "1" }',
    "context.jsonld": '{ "@context": { "code": "http://example.org/code" } }',
    "person.json": '{ "@context": { "name": "http://schema.org/name",\n  "Person": "http://schema.'
    'org/Person" } }',
    "onto.owl": "@prefix owl: <http://www.w3.org/2002/07/owl#> .\n"
    "<http://example.org/onto> a owl:Ontology .\n",
    "func.owl": "Prefix(:=<http://example.org/onto#>)\nOntology(<http://example.org/onto>\n)\n",
    "boat.ttl": "<http://example.org/boat1> a <http://example.org/Boat> .\n",
    "typo.jsonld": '{"@id": "http://example.org/b", "http://example.org/p": 1,\n "nmae": "x"}',
    "spaced.jsonld": '{"@id": "http://example.org/b 1",\n "http://example.org/p": 1}',
}


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Run:
    """Run a command in a folder with the files above."""
    monkeypatch.chdir(tmp_path)
    for name, text in FILES.items():
        (tmp_path / name).write_text(text, encoding="utf-8")

    def command(arguments: str) -> tuple[int, str, str]:
        code = main(arguments.split())
        return code, *capfd.readouterr()

    return command


@pytest.mark.parametrize("name", ["single.rdf", "later.rdf", "order.rdf"])
def test_entities_are_read_by_every_command(run: Run, name: str) -> None:
    """A valid DOCTYPE is no fault, and both commands read the same triple."""
    code, out, told = run(f"validate {name} --shapes syntax")
    assert (code, "1 triple," in out + told) == (0, True)
    code, out, _ = run(f"infer {name} --format ntriples --rules rdfs")
    assert '> "12"^^<http://www.w3.org/2001/XMLSchema#integer> .' in out


@pytest.mark.parametrize(
    ("name", "place", "said"),
    [
        ("tag.rdf", "4:15", "</ex:name> closes <ex:code>, which is opened in line 4"),
        ("amp.rdf", "3:50", "Write &amp; for the character itself"),
        ("iri.rdf", "3:12", "“http://example.org/boat 1” is no valid IRI"),
        ("web.jsonld", "1:15", "https://schema.org/ is not fetched"),
        ("func.owl", "1:1", "looks like OWL functional syntax"),
        ("spaced.jsonld", "1:9", "“http://example.org/b 1” is no valid IRI"),
    ],
)
def test_a_fault_has_a_place_and_a_sentence_that_fits(
    run: Run, name: str, place: str, said: str
) -> None:
    """What is wrong is reported where it is, in both languages, and never as the parser put it."""
    code, out, _ = run(f"validate {name} --shapes syntax")
    assert code == 1
    assert out.startswith(f"{name}:{place}: violation: ")
    assert said in out
    swedish = run(f"validate {name} --shapes syntax --lang sv")[1]
    for text in (out, swedish):
        assert not any(word in text for word in ("Compare with", "Jämför med", "range", "Callback"))
    assert swedish.splitlines()[0] != out.splitlines()[0]


def test_contexts_come_from_files(run: Run, tmp_path: Path) -> None:
    """Beside the document, from the option, or from the settings."""
    assert run("validate local.jsonld --shapes syntax")[0] == 0
    assert run("infer local.jsonld --format ntriples")[1].count("/code>") == 1
    given = "--context https://schema.org/=person.json"
    assert run(f"validate web.jsonld --shapes syntax {given}")[0] == 0
    assert "schema.org/name" in run(f"infer web.jsonld --format ntriples {given}")[1]
    assert run("validate web.jsonld --shapes syntax --context person.json")[0] == 2
    assert run("validate web.jsonld --shapes syntax --context https://schema.org/=no.json")[0] == 2
    (tmp_path / "inner").mkdir()
    (tmp_path / "inner" / "web.jsonld").write_text(FILES["web.jsonld"], encoding="utf-8")
    settings = '[validate]\ncontext = ["https://schema.org/=person.json"]\nshapes = ["syntax"]\n'
    (tmp_path / "samsyn.toml").write_text(settings, encoding="utf-8")
    assert run("validate inner/web.jsonld")[0] == 0


def test_places_hold_where_a_context_was_given(run: Run) -> None:
    """A finding on what only a context elsewhere explains points at its value."""
    shapes = (
        "@prefix sh: <http://www.w3.org/ns/shacl#> .\n<http://e/S> a sh:NodeShape ;"
        " sh:targetNode <http://example.org/b> ; sh:property [ sh:path <http://example.org/code> ;"
        " sh:in ( 2 ) ] .\n"
    )
    Path("shapes.ttl").write_text(shapes, encoding="utf-8")
    code, out, _ = run("validate local.jsonld --shapes shapes.ttl --infer none")
    assert code == 1
    column = FILES["local.jsonld"].index('"1"') + 1
    assert out.startswith(f"local.jsonld:1:{column}: violation")


def test_an_ending_that_tells_nothing_is_looked_into(run: Run) -> None:
    """A .owl in Turtle is read as such; the option is obeyed there, and refused elsewhere."""
    assert run("validate onto.owl --shapes syntax")[0] == 0
    assert run("validate onto.owl --shapes syntax --input-format turtle")[0] == 0
    assert "owl:Ontology" in run("infer onto.owl")[1]
    code, out, _ = run("validate onto.owl --shapes syntax --input-format rdfxml")
    assert (code, "looks like Turtle" in out) == (1, True)
    code, _, told = run("validate boat.ttl --shapes syntax --input-format rdfxml")
    assert (code, "is Turtle by its ending" in told) == (2, True)


def test_what_is_left_out_is_a_warning(run: Run) -> None:
    """A misspelt name of JSON-LD fails only where warnings do."""
    code, out, _ = run("validate typo.jsonld --shapes syntax")
    assert (code, out.startswith("typo.jsonld:2:2: warning: “nmae” has no meaning")) == (0, True)
    assert run("validate typo.jsonld --shapes syntax --fail-on warning")[0] == 1


def test_a_parse_type_that_there_is_not_is_a_warning(run: Run) -> None:
    """RDF/XML makes a text of it, which is hardly meant; one of its own is no matter."""
    text = HEAD + '<ex:B>\n  <ex:p\n  rdf:parseType="%s"><ex:C/></ex:p></ex:B></rdf:RDF>'
    Path("odd.rdf").write_text(text % "collection", encoding="utf-8")
    code, out, _ = run("validate odd.rdf --shapes syntax")
    assert (code, out.startswith("odd.rdf:5:3: warning: ")) == (0, True)
    Path("odd.rdf").write_text(text % "Collection", encoding="utf-8")
    assert run("validate odd.rdf --shapes syntax")[1].startswith("nothing found")


TEXTS: Final = {
    "a.ttl": '@prefix e: <http://e/> .\n# \u2028 å\ne:s e:p "å😀" ; e:q ?x .\n',
    "a.nt": '<http://e/s> <http://e/p> "å😀\u2028" .\n# c\n<http://e/s> <http://e/p> "å😀" ?x .\n',
    "a.nq": '<http://e/s> <http://e/p> "å😀\u2028" .\n# c\n<http://e/s> <http://e/p> "å😀" ?x .\n',
    "a.trig": '@prefix e: <http://e/> .\n# \u2028 å\ne:g { e:s e:p "å😀" ; e:q ?x }\n',
    "a.jsonld": '{"http://e/p":\n "å\u2028",\n "å😀": ?x}\n',
    "a.rdf": f'<rdf:RDF xmlns:rdf="{RDF}">\n<!-- \u2028 å -->\n<!-- å😀 --><x:y/></rdf:RDF>\n',
}


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
@pytest.mark.parametrize("name", TEXTS)
def test_places_count_characters_of_lines(run: Run, name: str, mark: str, end: str) -> None:
    """Marks take no column, each line end is one, U+2028 is none, and columns are characters."""
    text = TEXTS[name].replace("\n", end)
    Path(name).write_bytes((mark + text).encode())
    Path(f"{name}.gz").write_bytes(gzip.compress((mark + text).encode()))
    at = next(i for i in (TEXTS[name].find("?x"), TEXTS[name].find("x:y")) if i >= 0)
    before = TEXTS[name][:at].split("\n")
    place = f"{len(before)}:{len(before[-1]) + 1}"
    for given in (name, f"{name}.gz"):
        code, out, _ = run(f"validate {given} --shapes syntax")
        assert (code, out.split(" ")[0]) == (1, f"{given}:{place}:")


def test_a_report_has_the_places_too(run: Run) -> None:
    """Machines are reported the same region as people."""
    run("validate iri.rdf --shapes syntax --report json=report.json")
    (found,) = json.loads(Path("report.json").read_text(encoding="utf-8"))["findings"]
    region = found["place"]["region"] if "region" in found["place"] else found["place"]
    assert (region["line"], region["column"], region["end_column"]) == (3, 12, 49)


_HALF: Final = b"caf\xe9"
_NO_UTF8: Final = {
    "nt": b"<http://e/s> <http://e/"
    + _HALF
    + b"> 1 .\n<http://e/s> <http://e/p> "
    + _HALF
    + b" .\n",
    "nq": b'<http://e/s> <http://e/p> "' + _HALF + b'" <http://e/' + _HALF + b"> .\n" + _HALF,
    "ttl": b"@prefix e: <http://e/> .\ne:s e:" + _HALF + b" 1 .\ne:s " + _HALF + b" 1 .\n",
    "trig": b"<http://e/g> { <http://e/s> <http://e/" + _HALF + b"> 1 } " + _HALF,
    "jsonld": b'{"@id": "http://e/s", "http://e/' + _HALF + b'": "' + _HALF + b'"}',
    "rdf": HEAD.encode() + b'<ex:a rdf:about="http://e/' + _HALF + b'"/>' + _HALF,
}


@pytest.mark.parametrize("ending", _NO_UTF8)
def test_bytes_that_are_no_utf8_are_told_in_every_report(
    run: Run, tmp_path: Path, ending: str
) -> None:
    """A report is a text that can be sent, and tells of each place, in both languages."""
    (tmp_path / f"half.{ending}").write_bytes(_NO_UTF8[ending])
    for language in ("sv", "en"):
        asked = " ".join(f"--report {form}=report.{form}" for form in reports.MEDIA)
        code, _, errors = run(f"validate half.{ending} --lang {language} {asked}")
        assert (code, errors) == (1, "")
        for form in reports.MEDIA:
            assert "half" in (tmp_path / f"report.{form}").read_text(encoding="utf-8")
