"""The contract of ``samsyn validate``: every exit code, option and format, as a user meets them."""

from __future__ import annotations

import gc
import gzip
import io
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.live.attacking import listening

from samsyn.cli.program import main

HEAD = """\
@prefix e: <https://example.org/id/> .
@prefix network: <https://w3id.org/samsyn/id/network/> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix samsyn: <https://w3id.org/samsyn/ns#> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
"""
GOOD = HEAD + 'e:n rdfs:label "n"@en ; skos:closeMatch network:return-working-group .\n'
WARNED = HEAD + "e:n skos:closeMatch network:return-working-group .\n"
BAD = HEAD + 'e:n rdfs:label "n"@en ; owl:sameAs network:return-working-group .\n'
BROKEN = HEAD + 'e:n rdfs:label "n"@en\ne:m rdfs:label "m"@en .\n'
ELSEWHERE = "<urn:x-a> <urn:x-b> <urn:x-c> .\n"
SHAPES = HEAD + (
    "e:S a sh:NodeShape ; sh:targetSubjectsOf rdfs:label ; sh:property e:S-note .\n"
    "e:S-note a sh:PropertyShape ; sh:path skos:note ; sh:minCount 1 .\n"
)
UNMATCHED = SHAPES.replace("rdfs:label", "skos:prefLabel")
MISSPELT = SHAPES.replace("sh:minCount", "sh:mincount")
FILES = {
    "good.ttl": GOOD,
    "warned.ttl": WARNED,
    "bad.ttl": BAD,
    "broken.ttl": BROKEN,
    "elsewhere.nt": ELSEWHERE,
    "empty.ttl": "",
    "odd": GOOD,
    "notes": "Dear diary,",
    "shapes.ttl": SHAPES,
    "unmatched.ttl": UNMATCHED,
    "misspelt.ttl": MISSPELT,
    "no-shapes.ttl": "e:S a",
}
Run = Callable[[str], tuple[int, str, str]]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with data of every sort, as the current one."""
    for name, text in FILES.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    (tmp_path / "good.ttl.gz").write_bytes(gzip.compress(GOOD.encode()))
    (tmp_path / "nothing").mkdir()
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("GITHUB_STEP_SUMMARY", raising=False)
    return tmp_path


@pytest.fixture
def run(folder: Path, capsys: pytest.CaptureFixture[str]) -> Run:  # noqa: ARG001  it runs there
    """Run ``samsyn validate`` with some arguments."""

    def validate(arguments: str) -> tuple[int, str, str]:
        try:
            code = main(["validate", *arguments.split()])
        except SystemExit as stop:
            code = int(stop.code or 0)
        told = capsys.readouterr()
        return code, told.out, told.err

    return validate


CODES = {
    "clean": ("good.ttl", 0),
    "clean-compressed": ("good.ttl.gz", 0),
    "warning": ("warned.ttl", 0),
    "findings": ("bad.ttl", 1),
    "syntax": ("broken.ttl", 1),
    "warning-that-fails": ("warned.ttl --fail-on warning", 1),
    "violation-that-does-not": ("bad.ttl --fail-on never", 0),
    "info-fails-with-warnings": ("warned.ttl --fail-on info", 1),
    "no-path": ("no.ttl", 2),
    "no-match": ("no/*.ttl", 2),
    "no-option": ("good.ttl --no-such-option", 2),
    "no-profile": ("good.ttl --shapes nothing", 2),
    "no-version": ("good.ttl --shapes linking@99", 2),
    "pinned": ("good.ttl --shapes linking@1", 0),
    "no-shapes-file": ("good.ttl --shapes no/shapes.ttl", 2),
    "no-regime": ("good.ttl --infer owl-dl", 2),
    "no-severity": ("good.ttl --fail-on error", 2),
    "no-format": ("good.ttl --report word=a", 2),
    "no-file-of-report": ("good.ttl --report json", 2),
    "no-folder-of-report": ("good.ttl --report json=no/a.json", 2),
    "no-ending": ("odd", 0),
    "no-syntax": ("notes", 2),
    "contrary-format": ("good.ttl --input-format rdfxml", 2),
    "no-language": ("good.ttl --lang de", 2),
    "no-engine": ("good.ttl --engine jena", 2),
    "no-baseline": ("good.ttl --baseline no.json", 2),
    "update-of-no-baseline": ("good.ttl --update-baseline", 2),
    "edits-of-no-file": ("- --input-format turtle --fix", 2),
    "nothing-named": ("", 2),
    "shapes-that-are-none": ("good.ttl --shapes no-shapes.ttl", 3),
    "misspelt-shapes": ("good.ttl --shapes misspelt.ttl", 3),
    "empty": ("empty.ttl", 4),
    "empty-folder": ("nothing", 4),
    "no-focus-node": ("elsewhere.nt", 4),
    "2-before-3": ("no.ttl --shapes misspelt.ttl", 2),
    "2-before-1": ("bad.ttl no.ttl", 2),
    "2-before-4": ("empty.ttl no.ttl", 2),
    "3-before-1": ("bad.ttl --shapes misspelt.ttl", 3),
    "3-before-4": ("empty.ttl --shapes misspelt.ttl", 3),
    "1-before-4": ("broken.ttl --shapes unmatched.ttl --allow-unmatched S", 1),
    "without-inference": ("good.ttl --infer none", 0),
    "with-rdfs": ("good.ttl --infer rdfs", 0),
    "with-the-graph": ("good.ttl --with-graph", 0),
    "the-other-engine": ("bad.ttl --engine pyshacl --infer none", 1),
    "syntax-alone": ("elsewhere.nt --shapes syntax", 0),
    "syntax-alone-broken": ("broken.ttl --shapes syntax", 1),
    "syntax-alone-empty": ("empty.ttl --shapes syntax", 4),
    "format-given": ("odd --input-format turtle", 0),
    "shapes-of-ones-own": ("good.ttl --shapes shapes.ttl", 1),
    "two-sets-of-shapes": ("good.ttl --shapes linking --shapes shapes.ttl", 1),
    "folder": ("nothing good.ttl", 0),
}


@pytest.mark.parametrize(("arguments", "code"), CODES.values(), ids=CODES)
def test_exit_codes(run: Run, arguments: str, code: int) -> None:
    """Each outcome has its exit code, and the worse one goes first."""
    assert run(arguments)[0] == code


@pytest.mark.parametrize("arguments", [args for args, code in CODES.values() if code in (2, 3)])
def test_what_goes_wrong_is_told_with_advice(run: Run, arguments: str) -> None:
    """Wrong usage and faulty shapes are on standard error, in words, without a traceback."""
    _, out, err = run(arguments)
    assert out == ""
    assert "samsyn" in err
    assert "Traceback" not in err


@pytest.mark.parametrize("arguments", [args for args, code in CODES.values() if code in (0, 1, 4)])
def test_every_outcome_says_how_much_was_checked(run: Run, arguments: str) -> None:
    """Files, triples, focus nodes and shapes are counted in the text, whatever the outcome."""
    _, out, _ = run(arguments)
    for word in ("file", "triple", "focus node", "shape"):
        assert word in out


def test_a_caller_in_the_same_process_keeps_its_garbage_collector(run: Run) -> None:
    """It is off while there is a check, however that ends, and afterwards as it was."""
    for arguments in ("good.ttl", "no.ttl", "good.ttl --shapes misspelt.ttl"):
        assert gc.isenabled()
        run(arguments)
    assert gc.isenabled()
    gc.disable()
    try:
        run("good.ttl")
        assert not gc.isenabled()
    finally:
        gc.enable()


FORMATS = ("text", "json", "sarif", "junit", "github", "gitlab", "turtle", "html")


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("name", ["good.ttl", "bad.ttl", "broken.ttl", "elsewhere.nt"])
def test_every_format_goes_to_a_file_or_to_standard_output(
    run: Run, folder: Path, form: str, name: str
) -> None:
    """A report is the same in a file and on standard output, where it takes the text's place."""
    code, out, _ = run(f"{name} --report {form}=report --max-findings 0")
    assert (folder / "report").stat().st_size
    assert "checked" in out
    again, printed, _ = run(f"{name} --report {form}=- --max-findings 0")
    assert (code, (folder / "report").read_text(encoding="utf-8")) == (again, printed)


def test_several_reports_are_written_at_once(run: Run, folder: Path) -> None:
    """Each report that is asked for is written, and the text is shown as well."""
    arguments = " ".join(f"--report {form}={form}.out" for form in FORMATS)
    assert run(f"bad.ttl {arguments}")[0] == 1
    assert all((folder / f"{form}.out").stat().st_size for form in FORMATS)


def test_known_findings_do_not_fail(run: Run, folder: Path) -> None:
    """A baseline is written once; then the same findings pass, also elsewhere in the file."""
    assert run("bad.ttl --baseline known.json --update-baseline")[0] == 0
    assert run("bad.ttl --baseline known.json")[0] == 0
    (folder / "bad.ttl").write_text("# moved\n\n" + BAD, encoding="utf-8")
    assert run("bad.ttl --baseline known.json")[0] == 0
    worse = BAD + "e:m owl:sameAs network:return-working-group .\n"
    (folder / "bad.ttl").write_text(worse, encoding="utf-8")
    assert run("bad.ttl --baseline known.json")[0] == 1
    (folder / "bad.ttl").write_text(GOOD, encoding="utf-8")
    assert "--update-baseline" in run("bad.ttl --baseline known.json")[1]


@pytest.mark.parametrize("name", ["https://example.org/id/S", "S"])
def test_a_shape_that_matches_nothing_has_to_be_allowed(run: Run, name: str) -> None:
    """A shape of the user's own that looked at nothing is a finding, unless it is named."""
    plain = run("good.ttl --shapes linking --shapes unmatched.ttl --fail-on warning")
    assert plain[0] == 1
    assert "SAM-unmatched-shape" in plain[1]
    allowed = f"good.ttl --shapes linking --shapes unmatched.ttl --allow-unmatched {name}"
    assert run(f"{allowed} --fail-on warning")[0] == 0


def test_the_rest_of_a_flood_is_counted(run: Run, folder: Path) -> None:
    """The screen has as many findings as were asked for, a report has all."""
    flood = "".join(f"e:n{n} owl:sameAs network:return-working-group .\n" for n in range(80))
    (folder / "flood.ttl").write_text(HEAD + flood, encoding="utf-8")
    _, out, _ = run("flood.ttl --report json=all.json --max-findings 3")
    found = json.loads((folder / "all.json").read_text(encoding="utf-8"))["findings"]
    assert out.count("flood.ttl:") == 3
    assert len(found) >= 80
    assert f"{len(found) - 3} more" in out
    assert run("flood.ttl --max-findings 0")[1].count("flood.ttl:") == len(found)


def test_messages_come_in_the_language_asked_for(run: Run) -> None:
    """Swedish messages are others than the English ones."""
    assert run("bad.ttl --lang sv")[1] != run("bad.ttl --lang en")[1]


def test_standard_input_is_checked(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """A dash reads standard input, whose findings are placed as those of a file."""
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(BAD.encode())))
    code, out, _ = run("- --input-format turtle")
    assert code == 1
    assert out.startswith("-:8:")


def test_settings_can_stand_in_a_file(run: Run, folder: Path) -> None:
    """What samsyn.toml says holds where the command line says nothing."""
    settings = '[validate]\npaths = ["warned.ttl"]\nfail-on = "warning"\n'
    (folder / "samsyn.toml").write_text(settings, encoding="utf-8")
    assert run("")[0] == 1
    assert run("--fail-on violation")[0] == 0
    assert run("bad.ttl --fail-on never")[0] == 0
    (folder / "samsyn.toml").write_text("[validate]\npath = 1\n", encoding="utf-8")
    assert run("good.ttl")[0] == 2


def test_the_summary_of_a_github_step_is_added(
    run: Run, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Annotations go to standard output, and the rest to the step's summary."""
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(folder / "summary.md"))
    _, out, _ = run("bad.ttl --report github=-")
    assert out.startswith("::error file=bad.ttl,line=8,")
    assert "bad.ttl" in (folder / "summary.md").read_text(encoding="utf-8")


def test_links_into_the_graph_are_checked_with_it(run: Run, folder: Path) -> None:
    """A thing of ours that does not exist is found when the graph is at hand, and only then."""
    text = GOOD.replace("return-working-group", "no-such-network")
    (folder / "lost.ttl").write_text(text, encoding="utf-8")
    assert run("lost.ttl --fail-on warning")[0] == 0
    code, out, _ = run("lost.ttl --with-graph --fail-on warning")
    assert code == 1
    assert "no-such-network" in out


FETCHING = {
    "remote.jsonld": '{"@context": "{address}context", "@id": "urn:x-a"}',
    "imports.ttl": GOOD + "e:o a owl:Ontology ; owl:imports <{address}more> .\n",
    "entity.rdf": '<!DOCTYPE r [<!ENTITY e SYSTEM "{address}e">]>'
    '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">&e;</rdf:RDF>',
}


@pytest.mark.parametrize("name", FETCHING)
def test_nothing_is_fetched(run: Run, folder: Path, name: str) -> None:
    """No context, import or entity that data or shapes name makes the program open a connection."""
    with listening() as listener:
        for file, text in (
            (name, FETCHING[name]),
            ("importing.ttl", SHAPES + "e:S owl:imports <{address}shapes> .\n"),
        ):
            address = f"{listener.address.rstrip('/')}/"
            (folder / file).write_text(text.replace("{address}", address), encoding="utf-8")
        code, out, _ = run(f"{name} --shapes linking --shapes importing.ttl --fail-on never")
        assert code in (0, 4), out
        assert listener.hits == []
