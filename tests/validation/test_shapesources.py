"""What the names of sets of shapes stand for: profiles, files, folders and patterns."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest
import rdflib

import samsyn
from samsyn.errors import NotFoundError, ToolError, UsageError
from samsyn.layout import Layout
from samsyn.validation.finding import Report
from samsyn.validation.options import Options
from samsyn.validation.run import check
from samsyn.validation.shapes_graph import sources

PREFIXES = """
@prefix ex: <http://example.org/> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
"""


def shape(name: str) -> str:
    """Return a shape that wants a property of that name."""
    return (
        f"{PREFIXES} ex:{name}Shape a sh:NodeShape ; sh:targetClass ex:P ; sh:property ex:{name}P ."
        f" ex:{name}P sh:path ex:{name} ; sh:minCount 1 ."
    )


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Make a folder with data and several places of shapes, and go there."""
    (tmp_path / "shapes/deep").mkdir(parents=True)
    (tmp_path / "empty").mkdir()
    (tmp_path / "core").mkdir()
    texts = {
        "data.ttl": PREFIXES + "ex:a a ex:P .",
        "shapes/a.ttl": shape("a"),
        "shapes/deep/b.trig": f"{shape('b')}",
        "shapes/README.md": "no RDF",
        "core/c.ttl": shape("c"),
        "d": shape("d"),
        "empty/notes.txt": "nothing",
    }
    for name, text in texts.items():
        (tmp_path / name).write_text(text)
    (tmp_path / "e.ttl.gz").write_bytes(gzip.compress(shape("e").encode()))
    (tmp_path / "bom.ttl").write_bytes(b"\xef\xbb\xbf" + shape("f").encode())
    monkeypatch.chdir(tmp_path)
    return tmp_path


def wanted(report: Report) -> set[str]:
    """Return the properties that a report finds missing."""
    return {finding.path.rpartition("/")[2] for finding in report.findings}


def of(*shapes: str) -> Report:
    """Check the data against sets of shapes."""
    return check(Options.of(paths=("data.ttl",), shapes=shapes), Layout.find())


@pytest.mark.parametrize(
    ("shapes", "found"),
    [
        (("shapes",), "ab"),
        (("shapes/",), "ab"),
        (("shapes/*.ttl",), "a"),
        (("shapes/**/*",), "ab"),
        (("shapes", "core/c.ttl", "d"), "abcd"),
        (("./core",), "c"),
        (("e.ttl.gz", "bom.ttl"), "ef"),
    ],
    ids=["folder", "slash", "pattern", "deep-pattern", "several", "name-of-a-profile", "forms"],
)
def test_files_folders_and_patterns_make_one_shapes_graph(
    folder: Path, shapes: tuple[str, ...], found: str
) -> None:
    """All that is named is read, as a path to data is."""
    assert folder.is_dir()
    pattern = "shapes/**/*" in shapes
    if pattern:
        (folder / "shapes/README.md").unlink()
    report = of(*shapes)
    assert wanted(report) == set(found)
    assert report.checked.profiles == shapes


def test_the_same_file_named_twice_is_read_once(folder: Path) -> None:
    """An anonymous shape of a file does not count twice because two names lead to it."""
    text = f"{PREFIXES} ex:S sh:targetClass ex:P ; sh:property [ sh:path ex:x ; sh:minCount 1 ] ."
    (folder / "shapes/a.ttl").write_text(text)
    report = of("shapes/a.ttl", "./shapes/a.ttl", "shapes", "shapes/*.ttl", str(folder / "shapes"))
    assert len([each for each in report.findings if each.path.endswith("/x")]) == 1


def test_blank_nodes_of_two_files_stay_apart(folder: Path) -> None:
    """The same label in two files is two nodes (RDF 1.1, section 3.4)."""
    for name in ("x", "y"):
        text = f"{PREFIXES} ex:{name} sh:targetClass ex:P ; sh:property _:p ."
        (folder / f"{name}.ttl").write_text(f"{text} _:p sh:path ex:{name} ; sh:minCount 1 .")
    assert wanted(of("x.ttl", "y.ttl")) == {"x", "y"}


def test_a_profile_goes_before_a_folder_of_its_name(folder: Path) -> None:
    """What the command means does not change because a folder comes to be; a note says so."""
    report = of("core")
    assert folder.joinpath("core").is_dir()
    assert report.checked.profiles == ("core@1",)
    [note] = report.notes
    assert "./core" in dict(note)["en"]
    assert "./core" in dict(note)["sv"]


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("nothing", "no profile, file or folder of shapes nothing"),
        ("no/where.ttl", "no profile, file or folder of shapes no/where.ttl"),
        ("no*", "nor does a file match it"),
        ("empty", "The folder empty holds no RDF file"),
        ("linking@99", "no profile 'linking@99'"),
        ("-", "not read from standard input"),
    ],
)
def test_a_message_says_what_was_looked_for(folder: Path, name: str, said: str) -> None:
    """Wrong names are wrong usage, with what there is."""
    assert folder.is_dir()
    with pytest.raises(UsageError) as caught:
        sources.choose([name], Layout.find())
    assert said in caught.value.message
    assert caught.value.advice


def test_nothing_is_found_as_such(folder: Path) -> None:
    """What is not there is an error of its own kind."""
    assert folder.is_dir()
    with pytest.raises(NotFoundError):
        of("nothing")


def test_the_settings_file_takes_folders_and_patterns(folder: Path) -> None:
    """Names in the settings count from the file's folder; a profile's name is a profile."""
    (folder / "samsyn.toml").write_text('[validate]\nshapes = ["shapes", "core", "d", "no*"]\n')
    (folder / "below").mkdir()
    options = Options.read(folder / "below")
    assert [Path(name).resolve() for name in options.shapes if name != "core"] == [
        folder / "shapes",
        folder / "d",
        folder / "no*",
    ]
    assert "core" in options.shapes


def test_python_takes_several_names(folder: Path) -> None:
    """A graph is checked against one name or several."""
    graph = rdflib.Graph().parse(folder / "data.ttl")
    assert wanted(samsyn.validate(graph, profile="shapes")) == {"a", "b"}
    assert wanted(samsyn.validate(graph, profile=["shapes/a.ttl", "d"])) == {"a", "d"}
    assert wanted(samsyn.validate(graph, profile=folder / "shapes")) == {"a", "b"}
    assert wanted(samsyn.validate(graph, profile=[folder / "d", "shapes/a.ttl"])) == {"a", "d"}


def test_what_is_imported_and_not_named_is_told(folder: Path) -> None:
    """owl:imports is not followed; an ontology that a named file declares itself to be is there."""
    owl = "@prefix owl: <http://www.w3.org/2002/07/owl#> ."
    (folder / "shapes/a.ttl").write_text(
        f"{owl} {shape('a')} ex:A a owl:Ontology ; owl:imports ex:B , <http://example.org/gone> ,"
        " <deep/b.trig> ."
    )
    (folder / "shapes/deep/b.trig").write_text(f"{owl} {shape('b')} ex:B a owl:Ontology .")
    [note] = of("shapes").notes
    assert "owl:imports of <http://example.org/gone> is not followed" in dict(note)["en"]
    assert "owl:imports av <http://example.org/gone> följs inte" in dict(note)["sv"]
    [alone] = of("shapes/a.ttl").notes
    assert "<http://example.org/B>" in dict(alone)["en"]


def test_shapes_may_refer_to_those_of_a_profile(folder: Path) -> None:
    """What a profile describes is described, where both are named."""
    shapes = "@prefix s: <https://w3id.org/samsyn/shapes#> ."
    (folder / "x.ttl").write_text(f"{shapes} {shape('x')} ex:xShape sh:not s:LinkedBlank .")
    with pytest.raises(ToolError, match="is not described"):
        of("x.ttl")
    assert "x" in wanted(of("linking", "x.ttl"))
