"""The settings of a check: what is given, the user's file, the defaults."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from samsyn.errors import UsageError
from samsyn.validation.options import Options

EVERYTHING = """\
paths = ["data", "more/*.ttl", "-"]
shapes = ["linking@1", "own.ttl", "shapes/more"]
infer = "rdfs"
input-format = "trig"
with-graph = true
fail-on = "warning"
report = ["text=-", "sarif=out/found.sarif"]
baseline = "known.json"
allow-unmatched = "https://example.org/shapes#Rare"
max-findings = 7
lang = "sv"
engine = "pyshacl"
"""


def put(folder: Path, name: str, text: str) -> Path:
    """Write a settings file into a folder, which is made first."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(text, encoding="utf-8")
    return folder


@pytest.mark.parametrize(
    ("name", "table"), [("samsyn.toml", "validate"), ("pyproject.toml", "tool.samsyn.validate")]
)
def test_every_setting_can_stand_in_the_file(
    name: str, table: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each setting is read from either file, and one text may stand for a list."""
    put(tmp_path, name, f"[{table}]\n{EVERYTHING}")
    monkeypatch.chdir(tmp_path)
    assert Options.read(Path()) == Options(
        paths=("data", "more/*.ttl", "-"),
        shapes=("linking@1", "own.ttl", "shapes/more"),
        infer="rdfs",
        input_format="trig",
        with_graph=True,
        fail_on="warning",
        reports=("text=-", "sarif=out/found.sarif"),
        baseline="known.json",
        allow_unmatched=("https://example.org/shapes#Rare",),
        max_findings=7,
        lang="sv",
        engine="pyshacl",
    )


def test_without_a_file_the_defaults_hold(tmp_path: Path) -> None:
    """Where there is no file, nothing is set but the defaults."""
    (tmp_path / ".git").mkdir()
    assert Options.read(tmp_path) == Options()


def test_what_is_given_wins(tmp_path: Path) -> None:
    """A given value wins, and one that is not given (None, no values) leaves the file's."""
    put(tmp_path, "samsyn.toml", '[validate]\nlang = "sv"\nfail-on = "info"\npaths = "a"\n')
    options = Options.read(tmp_path, lang="en", fail_on=None, paths=[], reports=["json=-"])
    assert (options.lang, options.fail_on) == ("en", "info")
    assert options.paths == ((tmp_path / "a").as_posix(),)
    assert options.reports == ("json=-",)


def test_paths_count_from_the_folder_of_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Started in a folder below, the same files are meant; given paths stay as they are."""
    text = 'paths = ["data"]\nshapes = ["core", "own.ttl"]\nreport = ["json=-", "html=a.html"]\n'
    put(tmp_path, "samsyn.toml", f"[validate]\n{text}")
    below = tmp_path / "one" / "two"
    below.mkdir(parents=True)
    monkeypatch.chdir(below)
    options = Options.read(Path(), baseline="known.json")
    assert options.paths == ("../../data",)
    assert options.shapes == ("core", "../../own.ttl")
    assert options.reports == ("json=-", "html=../../a.html")
    assert options.baseline == "known.json"


def test_the_nearest_file_counts(tmp_path: Path) -> None:
    """The nearest folder goes first, and in one folder samsyn.toml before pyproject.toml."""
    put(tmp_path, "samsyn.toml", '[validate]\nlang = "sv"\n')
    below = put(tmp_path / "below", "pyproject.toml", "[tool.samsyn.validate]\nmax-findings = 3\n")
    options = Options.read(below)
    assert (options.lang, options.max_findings) == ("en", 3)
    put(below, "samsyn.toml", "[validate]\nmax-findings = 4\n")
    assert Options.read(below).max_findings == 4


def test_a_file_about_something_else_is_passed_over(tmp_path: Path) -> None:
    """A file without our table, and a pyproject.toml that never names us, do not end the search."""
    put(tmp_path, "samsyn.toml", '[validate]\nlang = "sv"\n')
    below = put(tmp_path / "below", "samsyn.toml", "[serve]\nport = 8100\n")
    put(below, "pyproject.toml", "this is [no TOML")
    assert Options.read(below).lang == "sv"
    put(below, "pyproject.toml", '[project]\ndependencies = ["samsyn"]\n')
    assert Options.read(below).lang == "sv"


def test_the_search_ends_at_the_repository(tmp_path: Path) -> None:
    """A file above the folder that holds .git belongs to somebody else."""
    put(tmp_path, "samsyn.toml", '[validate]\nlang = "sv"\n')
    below = tmp_path / "repository" / "data"
    below.mkdir(parents=True)
    assert Options.read(below).lang == "sv"
    (tmp_path / "repository" / ".git").mkdir()
    assert Options.read(below).lang == "en"


@pytest.mark.parametrize(
    ("text", "key", "advice"),
    [
        ("fail_on = 'info'", "fail_on", "fail-on"),
        ("shape = ['core']", "shape", "shapes"),
        ("infer = 'owlrl'", "infer", "owl-rl"),
        ("fail-on = 'warn'", "fail-on", "warning"),
        ("with-graph = 'yes'", "with-graph", "true or false"),
        ("max-findings = true", "max-findings", "whole number"),
        ("max-findings = -1", "max-findings", "0 or more"),
        ("paths = 3", "paths", "list"),
        ("paths = [3]", "paths", "list"),
        ("baseline = ['a']", "baseline", "a text"),
        ("report = 'sarf=-'", "report", "sarif"),
        ("report = 'sarif'", "report", "sarif=FILE"),
        ("report = ['json=-', 'text=-']", "report", "file of its own"),
    ],
)
def test_what_makes_no_sense_is_refused(text: str, key: str, advice: str, tmp_path: Path) -> None:
    """A wrong key or value is refused with the file, the key and what would be right."""
    put(tmp_path, "samsyn.toml", f"[validate]\n{text}\n")
    with pytest.raises(UsageError) as caught:
        Options.read(tmp_path)
    assert f"{tmp_path.as_posix()}/samsyn.toml: " in caught.value.message
    assert key in caught.value.message
    assert advice in str(caught.value.advice)
    assert caught.value.exit_code == 2


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("samsyn.toml", "[valdate]\n", "there is no table valdate"),
        ("samsyn.toml", "paths = ['a']\n", "paths stands outside of a table"),
        ("samsyn.toml", "validate = 3\n", "validate is no table"),
        ("samsyn.toml", "[validate\n", "is no TOML"),
        ("samsyn.toml", "# \udcff\n", "is no TOML"),
        ("pyproject.toml", "tool.samsyn = 3\n", "samsyn is no table"),
    ],
)
def test_a_file_out_of_shape_is_refused(name: str, text: str, words: str, tmp_path: Path) -> None:
    """A file that is no TOML or has its tables wrong is refused with its name."""
    (tmp_path / name).write_bytes(text.encode(errors="surrogateescape"))
    with pytest.raises(UsageError, match=words) as caught:
        Options.read(tmp_path)
    assert name in caught.value.message


def test_a_given_value_is_checked_too() -> None:
    """A wrong value that is given is named as the option it came from, a wrong name is a fault."""
    with pytest.raises(UsageError, match="--fail-on"):
        Options.read(Path(), fail_on="never ever")
    with pytest.raises(TypeError, match="colour"):
        Options.read(Path(), colour="red")


def test_toml_is_read_only_where_there_is_a_file(tmp_path: Path) -> None:
    """Without a settings file neither tomllib nor difflib is imported."""
    (tmp_path / ".git").mkdir()
    code = (
        "import sys; from pathlib import Path; from samsyn.validation.options import Options;"
        "Options.read(Path()); print({'tomllib', 'difflib'} & set(sys.modules))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert done.stdout == "set()\n"
