"""The subcommands on what follows: close with files, closure plan, scenario."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

from samsyn.cli.program import main
from samsyn.dataset.exact import parse

TURTLE = """\
@prefix : <http://example.org/> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
:above a owl:TransitiveProperty .
:a :above :b .
:Cat rdfs:subClassOf :Animal .
"""
FACTS = "<http://example.org/b> <http://example.org/above> <http://example.org/c> .\n"
CLASH = """\
<http://example.org/Cat> <http://www.w3.org/2002/07/owl#disjointWith> <http://example.org/Dog> .
<http://example.org/tom> a <http://example.org/Cat>, <http://example.org/Dog> .
"""
FOLLOWS = "<http://example.org/a> <http://example.org/above> <http://example.org/c> ."

Captured = pytest.CaptureFixture[str]


@pytest.fixture
def files(tmp_path: Path) -> list[str]:
    """An ontology in Turtle and facts in N-Triples."""
    one, two = tmp_path / "ontology.ttl", tmp_path / "facts.nt"
    one.write_text(TURTLE)
    two.write_text(FACTS)
    return [str(one), str(two)]


def test_files_are_closed_together(files: list[str], capfd: Captured) -> None:
    """What follows from several files is written with what they state; the summary is on stderr."""
    assert main(["infer", *files, "--format", "ntriples"]) == 0
    captured = capfd.readouterr()
    assert FOLLOWS in captured.out.splitlines()
    assert len(captured.out.splitlines()) == 5
    rules = {line.split()[0] for line in captured.err.splitlines()[:-1]}
    assert "prp-trp" in rules
    assert captured.err.endswith("4 stated, 5 in all\n")


def test_only_what_is_new_is_written(files: list[str], capfd: Captured) -> None:
    """With --only-new the stated triples are left out."""
    assert main(["infer", *files, "--only-new", "--format", "ntriples"]) == 0
    assert capfd.readouterr().out.splitlines() == [FOLLOWS]


@pytest.mark.parametrize(
    ("name", "form"),
    [
        ("out.ttl", "turtle"),
        ("out.nt", "ntriples"),
        ("out.rdf", "rdfxml"),
        ("out.jsonld", "jsonld"),
        ("out.nq", "nquads"),
        ("out.trig", "trig"),
        ("out", "turtle"),
    ],
)
def test_the_ending_of_the_output_tells_its_syntax(
    name: str, form: str, files: list[str], tmp_path: Path, capfd: Captured
) -> None:
    """With -o nothing goes to standard output, and the file is in the syntax of its ending."""
    path = tmp_path / name
    assert main(["infer", *files, "-o", str(path)]) == 0
    assert capfd.readouterr().out == ""
    assert len(parse(path.read_bytes(), form)) == 5


def test_prefixes_are_those_of_the_files(files: list[str], capfd: Captured) -> None:
    """What is written in Turtle has the prefixes that the files declare."""
    assert main(["infer", *files]) == 0
    assert ":a :above :b , :c" in capfd.readouterr().out


def test_rules_are_chosen(files: list[str], capfd: Captured) -> None:
    """With --rules only those rules derive; an unknown one is wrong usage."""
    assert main(["infer", *files, "--rules", "cax-sco", "--only-new"]) == 0
    assert capfd.readouterr().out.strip() == ""
    assert main(["infer", *files, "--rules", "rdfs", "--only-new"]) == 0
    assert "above" not in capfd.readouterr().out
    assert main(["infer", *files, "--rules", "cax-soc"]) == 2
    assert "cax-soc" in capfd.readouterr().err


def test_a_limit_is_kept(files: list[str], tmp_path: Path, capfd: Captured) -> None:
    """Where more would follow than --limit allows, the exit code is 1 and nothing is written."""
    long = tmp_path / "long.nt"
    lines = (f"<urn:n{n}> <http://example.org/above> <urn:n{n + 1}> .\n" for n in range(200))
    long.write_text("".join(lines))
    path = tmp_path / "out.ttl"
    assert main(["infer", *files, str(long), "--limit", "2000", "-o", str(path)]) == 1
    assert "http://example.org/above" in capfd.readouterr().err
    assert not path.exists()
    assert main(["infer", *files, str(long), "--limit", "30000", "-o", str(path)]) == 0


def test_a_contradiction_is_a_finding(files: list[str], tmp_path: Path, capfd: Captured) -> None:
    """A contradiction is reported with its rule and gives 1, unless allowed; all is written."""
    clash = tmp_path / "clash.ttl"
    clash.write_text(CLASH)
    assert main(["infer", *files, str(clash), "--format", "ntriples"]) == 1
    captured = capfd.readouterr()
    assert FOLLOWS in captured.out
    assert "contradiction: " in captured.err
    assert "cax-dw" in captured.err
    assert main(["infer", *files, str(clash), "--allow-inconsistency"]) == 0
    assert "cax-dw" in capfd.readouterr().err


@pytest.mark.parametrize(
    ("name", "text", "code"),
    [("none.ttl", None, 2), ("notes.docx", "", 2), ("broken.ttl", "<a> <b> .", 1)],
    ids=["missing", "unknown-ending", "syntax"],
)
def test_faulty_files_are_named(
    name: str, text: str | None, code: int, tmp_path: Path, capfd: Captured
) -> None:
    """A missing file or an unknown ending is wrong usage, a syntax error a finding."""
    path = tmp_path / name
    if text is not None:
        path.write_text(text)
    assert main(["infer", str(path)]) == code
    assert name in capfd.readouterr().err


def test_the_plan_is_printed(files: list[str], capfd: Captured) -> None:
    """The plan names the rules that can fire and what is taken as given."""
    assert main(["infer", "--plan", *files]) == 0
    out = capfd.readouterr().out
    assert "given" in out
    assert "prp-trp" in out
    assert "http://example.org/above" in out
    assert main(["infer", "--plan", *files, "--rules", "cax-sco"]) == 0
    assert "prp-trp" not in capfd.readouterr().out


def test_the_plan_of_the_repository_is_printed(capfd: Captured) -> None:
    """Without files the plan is that of the repository's own ontology."""
    assert main(["infer", "--plan"]) == 0
    assert "https://w3id.org/samsyn/ns#reaches" in capfd.readouterr().out


@pytest.mark.parametrize(
    ("language", "agencies", "none"),
    [
        ("en", "relevant agencies", "not connected"),
        ("sv", "relevanta myndigheter", "inte förbundna"),
    ],
)
def test_a_scenario_shows_before_and_after(
    language: str, agencies: str, none: str, capfd: Captured
) -> None:
    """R3.2 takes relevant agencies from three hops to two, logistics agencies from none to two."""
    assert main(["scenario", "R3.2", "--lang", language]) == 0
    lines = capfd.readouterr().out.splitlines()
    level = {"en": "NSHF's political level", "sv": "NSHF:s politiska nivå"}[language]
    rows = [line.split("  ") for line in lines if line.count(level) == 1]
    cells = [[cell.strip() for cell in row if cell.strip()] for row in rows]
    assert [agencies, level, "3", "2"] in cells
    assert any(row[1:] == [level, none, "2"] for row in cells)


def test_a_scenario_without_changes_tells_what_would_hold(capfd: Captured) -> None:
    """R2.1 changes no chain: the norms that would be defined are listed."""
    assert main(["scenario", "R2.1"]) == 0
    out = capfd.readouterr().out
    assert "no chain changes" in out
    assert "would have norm status" in out


def test_a_scenario_is_written_as_csv_json_and_rdf(tmp_path: Path, capfd: Captured) -> None:
    """CSV, JSON and RDF are for programs; -o writes to a file."""
    assert main(["scenario", "R3.1", "R5.3", "--format", "csv"]) == 0
    rows = list(csv.DictReader(io.StringIO(capfd.readouterr().out)))
    assert {row["kind"] for row in rows} == {"chain", "fact"}
    assert main(["scenario", "R3.1", "--format", "json"]) == 0
    assert json.loads(capfd.readouterr().out)["chains"]
    path = tmp_path / "gained.trig"
    assert main(["scenario", "R3.1", "--format", "trig", "-o", str(path)]) == 0
    assert capfd.readouterr().out == ""
    assert "https://w3id.org/samsyn/graph/scenario/r3-1" in {
        getattr(quad.graph_name, "value", None) for quad in parse(path.read_bytes(), "trig")
    }


def test_an_unknown_item_is_wrong_usage(capfd: Captured) -> None:
    """An item that is not there gives 2 and the list of those that are."""
    assert main(["scenario", "R9.9"]) == 2
    err = capfd.readouterr().err
    assert "R9.9" in err
    assert "R3.2" in err


CHAIN = ("actor:logistics-agencies", "samsyn:reaches", "body:nshf-political-level")


def test_what_a_scenario_gains_is_explained(capfd: Captured) -> None:
    """With --follow a triple is proved from the proposed facts too; without, it does not follow."""
    assert main(["explain", *CHAIN, "--follow", "R3.2"]) == 0
    out = capfd.readouterr().out
    assert "proposed: graph proposed/r3-2" in out
    assert "claim:s43-5" in out
    assert "schema: graph ontology/scenario" in out
    assert main(["explain", *CHAIN, "--follow", "R2.1"]) == 5
    assert main(["explain", *CHAIN]) == 5


def test_only_the_repository_can_be_followed(files: list[str], capfd: Captured) -> None:
    """Following an item says nothing of somebody's files, and an unknown item is wrong usage."""
    assert main(["explain", *CHAIN, *files, "--follow", "R3.2"]) == 2
    assert main(["explain", *CHAIN, "--follow", "R9.9"]) == 2
    assert "R9.9" in capfd.readouterr().err
