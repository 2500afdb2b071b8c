"""The command line, in the test's own process and as a program of its own."""

from __future__ import annotations

import io
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from samsyn import __version__
from samsyn.cli import serve
from samsyn.cli.program import main
from samsyn.layout import Layout

PREFIXES = """\
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix samsyn: <https://w3id.org/samsyn/ns#> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix t: <https://w3id.org/samsyn/id/thing/> .
"""
FILES = {
    "ontology/prefixes.ttl": """
t:one sh:prefix "t" ; sh:namespace "https://w3id.org/samsyn/id/thing/" .
t:two sh:prefix "samsyn" ; sh:namespace "https://w3id.org/samsyn/ns#" .
""",
    "ontology/samsyn.ttl": """
samsyn:informs a owl:ObjectProperty , owl:TransitiveProperty .
samsyn:A a owl:Class ; owl:disjointWith samsyn:B .
samsyn:B a owl:Class .
samsyn:wouldAttend a owl:ObjectProperty .
""",
    "data/stated/facts.ttl": """
t:a samsyn:informs t:b ; rdfs:label "första"@sv , "first"@en ; a samsyn:A .
t:b samsyn:informs t:c .
""",
    "data/proposed/wish.ttl": "t:a samsyn:wouldAttend t:c .",
    "shapes/required.ttl": """
t:S a sh:NodeShape ; sh:targetClass samsyn:A ; sh:property t:S-label .
t:S-label sh:path rdfs:label ; sh:minCount 2 ; sh:message "för få"@sv , "too few"@en .
""",
}
QUERY = """\
#+ summary: Who is informed
#+ summary-sv: Who is informed
#+ description: Through any number of steps.
#+ description-sv: Beskrivning.
#+ tags:
#+   - chains
#+ question: CQ1 Whom does it inform?
#+ question-sv: CQ1 Whom does it inform?
PREFIX samsyn: <https://w3id.org/samsyn/ns#>
PREFIX t: <https://w3id.org/samsyn/id/thing/>
SELECT ?_from_iri ?whom WHERE { ?_from_iri samsyn:informs ?whom } ORDER BY ?whom
VALUES ?_from_iri { t:a }
"""


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A tiny repository, on which the command line works instead of the real one."""
    root = tmp_path / "repository"
    for name, text in FILES.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(PREFIXES + text, encoding="utf-8")
    (root / "links").mkdir()
    (root / "queries").mkdir()
    (root / "queries" / "cq01-informed.rq").write_text(QUERY, encoding="utf-8")
    monkeypatch.setattr(Layout, "find", classmethod(lambda cls: cls(root)))
    return root


Captured = pytest.CaptureFixture[str]


def test_ask_prints_a_table(tree: Path, capfd: Captured) -> None:
    """A library query runs with its defaults and prints rows, what follows included."""
    assert tree.is_dir()
    assert main(["query", "cq01"]) == 0
    assert capfd.readouterr().out.splitlines() == [
        "_from_iri  whom",
        "─────────  ────",
        "t:a        t:b",
        "t:a        t:c",
        "2 rows",
    ]


@pytest.mark.usefixtures("tree")
def test_ask_takes_parameters_and_shows_labels(capfd: Captured) -> None:
    """A parameter replaces a default, and --lang shows labels in that language."""
    assert main(["query", "cq01-informed", "--param", "from=t:b", "--format", "csv"]) == 0
    assert capfd.readouterr().out.split()[1:] == [
        "https://w3id.org/samsyn/id/thing/b,https://w3id.org/samsyn/id/thing/c"
    ]
    assert main(["query", "cq01", "--lang", "sv"]) == 0
    assert "första" in capfd.readouterr().out


@pytest.mark.usefixtures("tree")
def test_ask_lists_the_library(capfd: Captured) -> None:
    """Without a name, the queries are listed with their questions."""
    assert main(["query", "--list"]) == 0
    assert capfd.readouterr().out == "cq01-informed: CQ1 Whom does it inform?\n"


@pytest.mark.usefixtures("tree")
def test_query_reads_standard_input(capfd: Captured, monkeypatch: pytest.MonkeyPatch) -> None:
    """A query comes from a file or from standard input, and knows the ontology's prefixes."""
    monkeypatch.setattr(
        sys, "stdin", io.TextIOWrapper(io.BytesIO(b"ASK { t:a samsyn:informs t:c }"))
    )
    assert main(["query", "-"]) == 0
    assert capfd.readouterr().out == "yes\n"


@pytest.mark.usefixtures("tree")
def test_a_query_that_is_not_utf_8_is_refused(
    capfd: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Standard input that is not UTF-8 is a fault in words, as a file's would be."""
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"\xff\xfe")))
    assert main(["query", "-"]) == 2
    assert "Standard input is not UTF-8" in capfd.readouterr().err


def test_query_writes_the_format_asked_for(tree: Path, capfd: Captured) -> None:
    """Rows come as JSON where that is asked for, and graphs as Turtle without asking."""
    (tree / "q.rq").write_text("SELECT (COUNT(*) AS ?n) { ?s samsyn:informs ?o }", encoding="utf-8")
    assert main(["query", str(tree / "q.rq"), "--format", "json"]) == 0
    rows = json.loads(capfd.readouterr().out)["results"]["bindings"]
    assert [row["n"]["value"] for row in rows] == ["3"]
    (tree / "c.rq").write_text("DESCRIBE t:b", encoding="utf-8")
    assert main(["query", str(tree / "c.rq")]) == 0
    assert "t:b samsyn:informs t:c" in capfd.readouterr().out


@pytest.mark.usefixtures("tree")
def test_close_writes_what_follows(capfd: Captured) -> None:
    """The inferred graph has what follows and nothing that was stated; its size is on stderr."""
    assert main(["infer", "--format", "ntriples"]) == 0
    captured = capfd.readouterr()
    assert captured.out.splitlines() == [
        "<https://w3id.org/samsyn/id/thing/a> <https://w3id.org/samsyn/ns#informs>"
        " <https://w3id.org/samsyn/id/thing/c> ."
    ]
    assert captured.err == "1 inferred triples\n"


@pytest.mark.usefixtures("tree")
@pytest.mark.parametrize("form", ["nquads", "trig", "turtle", "ntriples", "jsonld", "rdfxml"])
def test_export_writes_each_format(form: str, capfd: Captured) -> None:
    """Every export format holds the stated facts."""
    assert main(["export", "--format", form, "--provenance-status", "stated"]) == 0
    out = capfd.readouterr().out
    assert "första" in out
    assert "wouldAttend" not in out


def test_export_chooses_graphs(tree: Path) -> None:
    """A graph is chosen by its IRI or the end of it, and written to a file on demand."""
    target = tree / "out.nq"
    short, whole = "proposed/wish", "https://w3id.org/samsyn/graph/inferred"
    code = main(["export", "--graph", short, "--graph", whole, "--output", str(target)])
    assert code == 0
    graphs = {line.split()[-2] for line in target.read_text(encoding="utf-8").splitlines()}
    assert graphs == {"<https://w3id.org/samsyn/graph/proposed/wish>", f"<{whole}>"}


@pytest.fixture
def checkout(tree: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The small repository as a checkout, and the current folder."""
    (tree / "pyproject.toml").touch()
    monkeypatch.chdir(tree)
    return tree


@pytest.mark.usefixtures("checkout")
@pytest.mark.parametrize("engine", ["shacl", "pyshacl"])
def test_validate_is_clean(engine: str, capfd: Captured) -> None:
    """Facts that meet the shapes give 0 and the counts of what was checked."""
    assert main(["validate", "--engine", engine]) == 0
    out = capfd.readouterr().out
    assert "nothing found: checked" in out
    assert "1 focus node with 1 shape" in out


def test_validate_names_what_is_wrong(checkout: Path, capfd: Captured) -> None:
    """A finding gives 1, with file and message in the language asked for."""
    path = checkout / "data" / "stated" / "facts.ttl"
    path.write_text(path.read_text(encoding="utf-8").replace(', "first"@en', ""), encoding="utf-8")
    assert main(["validate", "--lang", "sv"]) == 1
    out = capfd.readouterr().out
    assert re.match(r"data/stated/facts\.ttl:\d+:\d+: fel: ", out)
    assert "<https://w3id.org/samsyn/id/thing/a>" in out
    assert "för få" in out


def test_validate_elsewhere_needs_paths(tree: Path, capfd: Captured) -> None:
    """In a folder that is no checkout, what to check has to be named."""
    assert tree
    assert main(["validate"]) == 2
    assert "Nothing to check is named" in capfd.readouterr().err


FAULTS = {
    "unknown-query": (["query", "cq99"], 2, "Nearest: cq01-informed"),
    "unknown-parameter": (["query", "cq01", "--param", "to=x"], 2, "Parameters: from"),
    "parameter-without-value": (["query", "cq01", "--param", "from"], 2, "name=value"),
    "no-such-file": (["query", "nowhere.rq"], 2, "Cannot read nowhere.rq"),
    "no-such-graph": (["export", "--graph", "stated/nothing"], 2, "stated/facts"),
    "not-writable": (["infer", "--output", "no/such/folder.ttl"], 2, "Cannot write"),
    "two-choices": (
        ["export", "--provenance-status", "stated", "--graph", "stated/networks"],
        2,
        "the one or the other",
    ),
    "not-an-address": (["serve", "--public-url", "notaurl"], 2, "no public address"),
    "a-folder": (["query", "."], 2, "Is a directory"),
    "bad-setting": (["serve", "--port", "70000"], 2, "no port 70000"),
    "not-a-checkout": (["lint"], 2, "Clone the repository"),
}


@pytest.mark.usefixtures("tree")
@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_says_what_to_do(name: str, capfd: Captured) -> None:
    """Every fault has its exit code, and a message on stderr that helps."""
    arguments, code, words = FAULTS[name]
    assert main(arguments) == code
    captured = capfd.readouterr()
    assert words in captured.err
    assert captured.out == ""


@pytest.mark.parametrize(
    ("text", "code", "words"),
    [
        ("SELECT {", 1, "query:1:"),
        ("SELECT * { SERVICE <http://e/> { ?s ?p ?o } }", 1, "SERVICE is refused"),
        ("CLEAR ALL", 1, "is an update"),
    ],
    ids=["syntax", "service", "update"],
)
def test_a_faulty_query_is_a_finding(
    tree: Path, text: str, code: int, words: str, capfd: Captured
) -> None:
    """A query that cannot or may not run gives 1 and its reason."""
    (tree / "q.rq").write_text(text, encoding="utf-8")
    assert main(["query", str(tree / "q.rq")]) == code
    assert words in capfd.readouterr().err


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("t:a samsyn:informs .", "data/stated/facts.ttl:6:20"),
        ("t:x a samsyn:A , samsyn:B .", "t:x belongs to two disjoint classes"),
    ],
    ids=["syntax", "contradiction"],
)
def test_faulty_facts_are_a_finding(tree: Path, text: str, words: str, capfd: Captured) -> None:
    """A file that cannot be read or contradicts the ontology gives 1 and the place or the clash."""
    (tree / "data" / "stated" / "facts.ttl").write_text(PREFIXES + text, encoding="utf-8")
    assert main(["infer"]) == 1
    assert words in capfd.readouterr().err


def test_contradicting_facts_are_closed_where_that_is_allowed(tree: Path, capfd: Captured) -> None:
    """With --allow-inconsistency the inferred graph is written, and the contradiction told."""
    clash = "t:a a samsyn:A , samsyn:B ; samsyn:informs t:b . t:b samsyn:informs t:c ."
    (tree / "data" / "stated" / "facts.ttl").write_text(PREFIXES + clash, encoding="utf-8")
    assert main(["infer", "--allow-inconsistency"]) == 0
    captured = capfd.readouterr()
    assert "t:a samsyn:informs t:c" in captured.out
    assert "contradiction: " in captured.err
    assert "cax-dw" in captured.err


def test_serve_says_when_the_port_is_taken(tree: Path, capfd: Captured) -> None:
    """A port in use is wrong usage, and the message names the option."""
    assert tree.is_dir()
    with serve.listening("127.0.0.1", 0) as listener:
        assert main(["serve", "--port", str(listener.getsockname()[1])]) == 2
    assert "--port" in capfd.readouterr().err


@pytest.mark.parametrize(
    "arguments", [["--colour"], ["paint"], ["infer", "--format", "nquads"], ["query", "--li"], []]
)
def test_wrong_usage_is_two(arguments: list[str], capfd: Captured) -> None:
    """An unknown option, command or choice gives 2 and the usage; nothing is abbreviated."""
    with pytest.raises(SystemExit) as caught:
        main(arguments)
    assert caught.value.code == 2
    assert "usage: samsyn" in capfd.readouterr().err


def test_help_lists_commands_and_exit_codes(capfd: Captured) -> None:
    """The help names every subcommand and exit code, that of serve every setting."""
    with pytest.raises(SystemExit) as caught:
        main(["--help"])
    out = capfd.readouterr().out
    assert caught.value.code == 0
    for word in ("serve", "verify-source", "  4    nothing was checked"):
        assert word in out
    with pytest.raises(SystemExit):
        main(["serve", "--help"])
    assert "SAMSYN_PORT" in capfd.readouterr().out


def program(*arguments: str, text: str = "") -> subprocess.CompletedProcess[str]:
    """Run the installed program."""
    command = [str(Path(sys.executable).parent / "samsyn"), *arguments]
    return subprocess.run(command, input=text, capture_output=True, text=True, check=False)


def test_the_program_answers() -> None:
    """The installed program tells its version and answers a query about the real graph."""
    assert program("--version").stdout == f"samsyn {__version__}\n"
    done = program("query", "-", "--format", "csv", text="ASK { ?s ?p ?o }")
    assert (done.returncode, done.stdout.strip()) == (0, "true")
    module = [sys.executable, "-m", "samsyn", "--version"]
    assert subprocess.run(module, capture_output=True, check=True).stdout.decode().split()[1:] == [
        __version__
    ]


HEAVY = {
    "asyncio",
    "fastapi",
    "numpy",
    "owlrl",
    "pyshacl",
    "rdflib",
    "scipy",
    "starlette",
    "uvicorn",
}
LISTING = """
import sys
from samsyn.cli import main
try:
    main(sys.argv[1:])
except SystemExit:
    pass
print("modules", *sys.modules)
"""


@pytest.mark.parametrize(
    ("arguments", "unwanted"),
    [
        (["--version"], HEAVY | {"pyoxigraph", "shacl", "importlib.metadata"}),
        # The closure counts with numpy.
        (["validate"], HEAVY - {"numpy"} | {"importlib.metadata"}),
        (["validate", "examples/consumer/faulty"], HEAVY - {"numpy"} | {"importlib.metadata"}),
    ],
    ids=["version", "validate", "validate-with-findings"],
)
def test_quick_commands_load_little(arguments: list[str], unwanted: set[str], root: Path) -> None:
    """Asking for the version loads no library, and validating only what it needs."""
    command = [sys.executable, "-c", LISTING, *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=root)
    (modules,) = (line for line in done.stdout.splitlines() if line.startswith("modules "))
    assert unwanted & set(modules.split()) == set()


def test_a_reader_that_goes_away_is_no_error() -> None:
    """When the reader of a long output stops, the program ends without a complaint."""
    samsyn = Path(sys.executable).parent / "samsyn"
    command = [str(samsyn), "export"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert process.stdout.read(1)
        process.stdout.close()
        errors = process.stderr.read().decode()
        process.wait(timeout=30)
    assert errors == ""
    assert process.returncode in {0, 141}


def test_a_variable_that_is_no_setting_is_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A misspelt setting is said to be ignored; the server goes on."""
    monkeypatch.setenv("SAMSYN_HEADER_TIME", "1")
    monkeypatch.setattr("samsyn.cli.serving.serve", lambda *_: 0)
    assert main(["serve", "--port", "0"]) == 0
    assert "SAMSYN_HEADER_TIME is no setting" in capsys.readouterr().err
