"""Paths of a user become documents, each with its syntax."""

from __future__ import annotations

import gzip
import io
from pathlib import Path

import pytest

from samsyn.errors import NotFoundError, UsageError
from samsyn.validation.sources import Source, find


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with files of many sorts, as the current one."""
    for name in ("a.ttl", "b/c.nq", "b/d.jsonld", "b/pom.xml", "b/notes.txt", ".git/e.ttl",
                 "node_modules/f.ttl", "g.rdf", "odd"):  # fmt: skip
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("", encoding="utf-8")
    (tmp_path / "h.nt.gz").write_bytes(gzip.compress(b"<urn:a> <urn:b> <urn:c> .\n"))
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize(
    ("paths", "names"),
    [
        (["."], ["a.ttl", "b/c.nq", "b/d.jsonld", "g.rdf", "h.nt.gz"]),
        (["a.ttl", "a.ttl", "./a.ttl"], ["a.ttl"]),
        (["b"], ["b/c.nq", "b/d.jsonld"]),
        (["**/*.nq"], ["b/c.nq"]),
        (["*.gz", "a.ttl"], ["h.nt.gz", "a.ttl"]),
        (["b/pom.xml"], ["b/pom.xml"]),
    ],
    ids=["folder", "repeated", "sub-folder", "pattern", "two", "named-xml"],
)
def test_paths_name_documents(paths: list[str], names: list[str]) -> None:
    """Folders give what is surely RDF, hidden ones nothing; a file that is named is always read."""
    assert [source.name for source in find(paths)] == names


@pytest.mark.usefixtures("folder")
def test_the_syntax_comes_from_the_ending_or_the_option() -> None:
    """The ending tells the syntax, also below .gz; the option serves where it tells nothing."""
    forms = {source.name: source.form for source in find(["."])}
    assert forms["h.nt.gz"] == "ntriples"
    assert forms["g.rdf"] == "rdfxml"
    assert [source.form for source in find(["odd"], "trig")] == ["trig"]
    forms = {source.name: source.form for source in find(["."], "trig")}
    assert (forms["a.ttl"], forms["g.rdf"]) == ("turtle", "trig")


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize(
    ("path", "form", "error"),
    [
        ("no.ttl", None, NotFoundError),
        ("no/*.ttl", None, NotFoundError),
        ("odd", None, UsageError),
        ("a.ttl", "word", UsageError),
        ("a.ttl", "trig", UsageError),
        ("-", None, UsageError),
    ],
)
def test_a_wrong_path_says_what_to_do(path: str, form: str | None, error: type[Exception]) -> None:
    """What is not there or cannot be told apart is wrong usage, with advice."""
    with pytest.raises(error) as caught:
        find([path], form)
    assert getattr(caught.value, "advice", None)


def test_standard_input_is_a_document(monkeypatch: pytest.MonkeyPatch) -> None:
    """A dash is what is piped in."""
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(b"<urn:a> a <urn:b> .")))
    (source,) = find(["-"], "turtle")
    assert (source.name, source.read()) == ("-", b"<urn:a> a <urn:b> .")


@pytest.mark.usefixtures("folder")
def test_a_compressed_file_is_expanded(folder: Path) -> None:
    """What is compressed is read as what it holds, and one that is cut short is refused."""
    (source,) = find(["h.nt.gz"])
    assert source.read().startswith(b"<urn:a>")
    whole = (folder / "h.nt.gz").read_bytes()
    (folder / "h.nt.gz").write_bytes(whole[:-9])
    with pytest.raises(NotFoundError, match="cannot be read"):
        find(["h.nt.gz"])[0].read()


def test_relative_addresses_are_the_same_on_every_machine() -> None:
    """The base of a document is made of its name and not of the folder that it happens to be in."""
    assert Source("data/å.ttl", "turtle", None).base == "file:///data/%C3%A5.ttl"
    assert Source("-", "turtle", None).base == "file:///standard-input"
