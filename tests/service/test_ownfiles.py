"""Files of your own, closed and explained: the ontology on request, prefixes, places, notes."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from samsyn.cli.program import main

ONTOLOGY = """\
@prefix : <http://example.org/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
:Cat rdfs:subClassOf :Animal .
"""
FACTS = """\
@prefix e: <http://example.org/> .

e:tom a
    e:Cat .
"""
OURS = """\
@prefix ex: <http://example.org/> .
@prefix s: <https://w3id.org/samsyn/ns#> .
ex:a s:feedsInformationTo ex:b .
ex:b s:feedsInformationTo ex:c .
"""

Captured = pytest.CaptureFixture[str]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with the files, which is the current one."""
    monkeypatch.chdir(tmp_path)
    for name, text in (("o.ttl", ONTOLOGY), ("f.ttl", FACTS), ("ours.ttl", OURS)):
        (tmp_path / name).write_text(text)
    return tmp_path


@pytest.mark.usefixtures("folder")
def test_files_without_axioms_are_told_so(capfd: Captured) -> None:
    """Nothing can follow from facts alone; with their ontology nothing is to be noted."""
    for words in (["infer", "f.ttl"], ["infer", "--plan", "f.ttl"]):
        assert main(words) == 0
        told = capfd.readouterr().err
        assert "No axioms were found" in told
        assert "--with-ontology" in told
    assert main(["explain", "e:tom", "a", "e:Animal", "f.ttl"]) == 5
    assert "No axioms were found" in capfd.readouterr().err
    assert main(["infer", "f.ttl", "o.ttl"]) == 0
    assert "note" not in capfd.readouterr().err
    assert main(["explain", "e:tom", "a", "e:Dog", "f.ttl", "o.ttl"]) == 5
    assert "note" not in capfd.readouterr().err


@pytest.mark.parametrize(
    ("text", "noted"),
    [
        ("e:p a owl:ObjectProperty . e:C a owl:Class . e:o a owl:Ontology .", True),
        ("e:a e:p e:b .", True),
        ("", True),
        ("e:a owl:differentFrom e:b .", True),
        ("e:a owl:sameAs e:b .", False),
        ("e:p a owl:SymmetricProperty .", False),
        ("e:p rdfs:domain e:C .", False),
        ("e:C owl:equivalentClass [ owl:onProperty e:p ; owl:hasValue 1 ] .", False),
        ("[] owl:sourceIndividual e:a ; owl:assertionProperty e:p ; owl:targetValue 1 .", False),
    ],
)
def test_what_counts_as_an_axiom(folder: Path, text: str, noted: bool, capfd: Captured) -> None:  # noqa: FBT001  a case
    """Declarations say nothing that leads on; whatever a rule can start from does."""
    head = "@prefix e: <http://e/> .\n@prefix owl: <http://www.w3.org/2002/07/owl#> .\n"
    head += "@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .\n"
    (folder / "x.ttl").write_text(head + text)
    main(["infer", "x.ttl"])
    assert ("No axioms were found" in capfd.readouterr().err) is noted


def test_an_import_is_not_passed_over_in_silence(folder: Path, capfd: Captured) -> None:
    """What an ontology imports is named, since it is not fetched."""
    imports = "<http://e/o> <http://www.w3.org/2002/07/owl#imports> <http://e/other> ."
    (folder / "i.ttl").write_text(imports)
    assert main(["infer", "o.ttl", "i.ttl"]) == 0
    told = capfd.readouterr().err
    assert "owl:imports is not followed (<http://e/other>)" in told


@pytest.mark.usefixtures("folder")
def test_our_ontology_is_taken_along_on_request(capfd: Captured) -> None:
    """What follows by it is written, and of itself nothing; without it, nothing follows."""
    assert main(["infer", "ours.ttl", "--only-new"]) == 0
    without = capfd.readouterr()
    assert not without.out.strip()
    assert "Nothing new follows" in without.err
    assert main(["infer", "ours.ttl", "--only-new", "--with-ontology"]) == 0
    captured = capfd.readouterr()
    assert "s:reaches" in captured.out
    lines = [line for line in captured.out.splitlines() if line and not line.startswith("@")]
    assert not [line for line in lines if line.startswith("s:")]
    assert "note" not in captured.err
    assert "with the ontology's" in captured.err
    assert main(["infer", "ours.ttl", "--with-ontology", "--format", "ntriples"]) == 0
    whole = capfd.readouterr().out.splitlines()
    stated = "<http://example.org/a> <https://w3id.org/samsyn/ns#feedsInformationTo>"
    assert [line for line in whole if line.startswith(stated)]
    assert not [line for line in whole if line.startswith("<https://w3id.org/")]
    assert not [line for line in whole if "_:" in line]


@pytest.mark.usefixtures("folder")
def test_a_proof_by_our_ontology_names_its_graph_and_the_users_lines(capfd: Captured) -> None:
    """Axioms of ours come from a graph, facts of the user's from a line; prefixes are of both."""
    words = ["explain", "ex:a", "samsyn:reaches", "ex:c", "ours.ttl", "--with-ontology"]
    assert main(words) == 0
    told = capfd.readouterr().out
    assert "schema: graph ontology/" in told
    assert "ours.ttl:3:27" in told
    assert "ours.ttl:4:27" in told
    assert main(["explain", "ex:a", "samsyn:reaches", "ex:c", "ours.ttl"]) == 2
    assert "samsyn" in capfd.readouterr().err
    assert main(["explain", "ex:a", "s:reaches", "ex:c", "ours.ttl"]) == 5


@pytest.mark.usefixtures("folder")
def test_the_ontology_goes_along_with_files_only(capfd: Captured) -> None:
    """Without files there is nothing to take it along with."""
    for words in (["infer"], ["infer", "--plan"], ["explain", "actor:x", "a", "actor:y"]):
        assert main([*words, "--with-ontology"]) == 2
        assert "none are given" in capfd.readouterr().err


@pytest.mark.usefixtures("folder")
def test_the_prefixes_of_the_files_are_known(capfd: Captured) -> None:
    """In the question as in the answer, the empty prefix too; the first file decides."""
    assert main(["explain", "e:tom", "a", ":Animal", "f.ttl", "o.ttl"]) == 0
    told = capfd.readouterr().out
    assert told.splitlines()[0] in {
        ":tom a :Animal  [because of a subclass: cax-sco]",
        "e:tom a e:Animal  [because of a subclass: cax-sco]",
    }
    assert (
        main(["explain", "http://example.org/tom", "rdf:type", "<http://example.org/Cat>", "f.ttl"])
        == 0
    )
    assert "e:tom a e:Cat" in capfd.readouterr().out
    assert main(["explain", "x:tom", "a", ":Animal", "f.ttl", "o.ttl"]) == 2
    assert "Prefixes: :, e:," in capfd.readouterr().err


def test_a_premise_has_its_line_in_every_syntax(folder: Path, capfd: Captured) -> None:
    """Turtle, N-Triples, TriG, RDF/XML and JSON-LD; compressed or not; twice if stated twice."""
    one = "<http://example.org/tom> a <http://example.org/Cat> ."
    (folder / "f.nt").write_text(
        one.replace(" a ", " <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> ") + "\n"
    )
    (folder / "f.trig").write_text(f"\n<http://e/g> {{ {one} }}\n")
    (folder / "f.ttl.gz").write_bytes(gzip.compress(f"\n\n\n{one}\n".encode()))
    (folder / "f.rdf").write_text(
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:e="http://example.org/">'
        '\n<e:Cat rdf:about="http://example.org/tom"/>\n</rdf:RDF>\n'
    )
    (folder / "f.jsonld").write_text(
        '{\n "@id": "http://example.org/tom",\n "@type": "http://example.org/Cat"\n}\n'
    )
    for name, line in (
        *(("f.ttl", 4), ("f.nt", 1), ("f.trig", 2), ("f.ttl.gz", 4), ("f.rdf", 2), ("f.jsonld", 3)),
    ):
        words = ["http://example.org/tom", "a", "http://example.org/Animal", name, "o.ttl"]
        assert main(["explain", *words, "--format", "json"]) == 0
        proof = json.loads(capfd.readouterr().out)["proof"]
        leaves = {leaf["triple"]["p"]["value"]: leaf for leaf in proof["premises"]}
        (place,) = next(v for k, v in leaves.items() if k.endswith("#type"))["places"]
        assert (place["file"], place["line"]) == (name, line), name
    (folder / "twice.ttl").write_text(f"{one}\n{one}\n")
    assert (
        main(["explain", "http://example.org/tom", "a", "http://example.org/Cat", "twice.ttl"]) == 0
    )
    assert "twice.ttl:1:28" in (told := capfd.readouterr().out)
    assert "twice.ttl:2:28" in told


@pytest.mark.usefixtures("folder")
def test_places_are_said_in_turtle_too(capfd: Captured) -> None:
    """PROV-O has a property for where something is."""
    words = ["e:tom", "a", "e:Animal", "f.ttl", "o.ttl", "--format", "turtle"]
    assert main(["explain", *words]) == 0
    assert 'prov:atLocation "f.ttl:4:5"' in capfd.readouterr().out


def test_why_a_literal_has_to_be_of_a_datatype_is_explained(folder: Path, capfd: Captured) -> None:
    """The contradiction is reported with its triple, and its premise can be asked for."""
    (folder / "r.ttl").write_text(
        "@prefix e: <http://e/> .\n@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .\n"
        "@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .\n"
        'e:length rdfs:range xsd:integer .\ne:boat e:length "twelve" .\n'
    )
    assert main(["infer", "r.ttl", "--only-new"]) == 1
    told = capfd.readouterr().err
    assert '"twelve", as in <http://e/boat> <http://e/length> "twelve", must be a value of' in told
    assert main(["explain", '"twelve"', "a", "xsd:integer", "r.ttl"]) == 0
    told = capfd.readouterr().out
    assert '"twelve" a xsd:integer  [because of the property\'s range: prp-rng]' in told
    assert "r.ttl:5:17" in told
    for form in ("json", "turtle"):
        words = ["explain", '"twelve"', "a", "xsd:integer", "r.ttl", "--format", form]
        assert main(words) == 0
        assert "twelve" in capfd.readouterr().out
