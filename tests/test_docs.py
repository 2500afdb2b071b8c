"""The pages that explain the model and the reasoning say what is so."""

from __future__ import annotations

import re
import shlex
from itertools import pairwise
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from tests.workers import probes

from samsyn import names
from samsyn.cli.program import main, parser
from samsyn.dataset.exact import Dataset
from samsyn.http.problems import KINDS
from samsyn.server.cache import Cache
from samsyn.server.limits.quotas import Quotas
from samsyn.server.observation.access_log import AccessLog
from samsyn.settings import Settings
from samsyn.sparql.index import Index

_DOCS = Path(__file__).parents[1] / "docs"
_QUERIES = re.findall(r"```sparql\n(.*?)```", (_DOCS / "model.md").read_text("utf-8"), re.DOTALL)
_BLOCKS = re.findall(
    r"^```(\w+)\n(.*?)^```$", (_DOCS / "reasoning.md").read_text("utf-8"), re.MULTILINE | re.DOTALL
)
_COMMANDS = [
    (line, after[1] if after[0] == "text" else None)
    for block, after in pairwise([*_BLOCKS, ("", "")])
    if block[0] == "sh"
    for line in block[1].splitlines()
]


def test_the_page_has_five_queries() -> None:
    """Five queries let a reader start."""
    assert len(_QUERIES) == 5


@pytest.mark.parametrize("query", _QUERIES, ids=lambda text: f"query-{_QUERIES.index(text) + 1}")
def test_each_query_of_the_page_answers(query: str, index: Index) -> None:
    """Each query of the page runs as it stands and gives rows."""
    assert list(index.query(query).rows())


@pytest.fixture
def family(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with the file that the page on reasoning begins with, to work in."""
    (turtle,) = (text for kind, text in _BLOCKS if kind == "turtle")
    (tmp_path / "family.ttl").write_text(turtle, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_page_on_reasoning_has_every_kind_of_block() -> None:
    """Each block is one file, Python, shell or the answer to the shell before it."""
    kinds = [kind for kind, _ in _BLOCKS]
    assert set(kinds) == {"turtle", "python", "sh", "text"}
    assert kinds.count("turtle") == 1
    assert all(one == "sh" for one, other in pairwise(kinds) if other == "text")
    assert {shlex.split(line)[1] for line, _ in _COMMANDS} == {
        "infer",
        "explain",
        "scenario",
    }


@pytest.mark.usefixtures("family")
@pytest.mark.parametrize(
    ("command", "answer"), _COMMANDS, ids=[" ".join(line.split()[1:4]) for line, _ in _COMMANDS]
)
def test_each_command_of_the_page_runs(command: str, answer: str | None, capfd: Any) -> None:
    """Each command runs without an error, and gives exactly the answer that is shown."""
    program, *arguments = shlex.split(command)
    assert program == "samsyn"
    assert main(arguments) == 0
    written = capfd.readouterr().out
    assert written if answer is None and "-o" not in arguments else True
    if answer is not None:
        assert written == answer


@pytest.mark.usefixtures("family")
def test_the_python_of_the_page_runs() -> None:
    """The Python blocks run one after the other, and what they assert holds."""
    code = "\n".join(text for kind, text in _BLOCKS if kind == "python")
    assert code.count("assert") >= 4
    exec(compile(code, "reasoning.md", "exec"), {})  # noqa: S102  our own page


def test_the_page_names_only_options_there_are() -> None:
    """Every option that the page names is one of the commands it is about."""
    text = (_DOCS / "reasoning.md").read_text("utf-8")
    named = set(re.findall(r"--[a-z][a-z-]+", text))
    subcommands = next(action for action in parser()._actions if action.choices)
    known = {
        option
        for name in ("infer", "explain", "scenario")
        for action in subcommands.choices[name]._actions
        for option in action.option_strings
    }
    assert named <= known


def test_the_page_on_operations_names_every_metric() -> None:
    """The table of metrics has those that there are."""
    page = (_DOCS / "operations.md").read_text("utf-8")
    pool: Any = SimpleNamespace(busy=0, states=dict, forks={})
    _, body = AccessLog(Settings()).metrics(pool, Cache(0), Quotas({}))
    present = set(
        re.findall(
            r"^# TYPE (samsyn_\w+?)(?:_total)? (?:counter|gauge|histogram)$",
            body.decode(),
            re.MULTILINE,
        )
    )
    created = {name for name in present if name.endswith("_created")}
    assert set(re.findall(r"`(samsyn_\w+)`", page)) == present - created


def test_the_page_on_operations_tells_when_to_try_again() -> None:
    """The table of what clients are told has each kind of 429, 503 and 507."""
    page = (_DOCS / "operations.md").read_text("utf-8")
    table = page.partition("## What clients are told")[2].partition("\n##")[0]
    told = {
        (int(status), kind)
        for status, kinds in re.findall(r"^\| (\d+) \| ([^|]*) \|", table, re.MULTILINE)
        for kind in re.findall(r"`([\w-]+)`", kinds)
    }
    assert told == {
        (kind.status, name) for name, kind in KINDS.items() if kind.status in (429, 500, 503, 507)
    }


def test_what_an_exploit_cannot_do_is_tried() -> None:
    """Each row is tried in a worker of the running server, or by a test that the page names."""
    page = (_DOCS / "confinement.md").read_text()
    table = page.partition("## What it cannot do")[2].partition("## What it can do")[0]
    rows = re.findall(r"^\| ([^|]+) \| (?!outcome|---)", table, re.MULTILINE)
    otherwise = {
        "find the token in its own memory",
        "find variables of the operator's environment in its own memory",
        "fill the memory of the web process, or hold its loop, by what it sends",
        "add a header that frames an answer or sets something (`Transfer-Encoding`, `Set-Cookie`), "
        "split it into two",
        "calls of 32-bit programs",
    }
    assert set(rows) - otherwise == set(probes.ROWS)
    assert otherwise <= set(rows)


def test_the_page_on_architecture_names_every_package(root: Path) -> None:
    """Its table has each package once, in an order in which none imports one above it."""
    page = (_DOCS / "architecture.md").read_text("utf-8")
    listed = re.findall(r"^\| `(\w+)/` \|", page, re.MULTILINE)
    source = root / "service" / "samsyn"
    assert sorted(listed) == sorted(path.parent.name for path in source.glob("*/__init__.py"))
    for at, name in enumerate(listed):
        text = "".join(path.read_text("utf-8") for path in (source / name).rglob("*.py"))
        imported = set(re.findall(r"^\s*(?:from|import) samsyn\.(\w+)", text, re.MULTILINE))
        imported |= set(re.findall(r"^\s*from samsyn import (\w+)", text, re.MULTILINE))
        assert imported & set(listed[:at]) == set(), name


def test_the_modules_that_the_page_on_architecture_names_are_there(root: Path) -> None:
    """Each module or folder named by its path is there; those in diagrams too."""
    page = (_DOCS / "architecture.md").read_text("utf-8")
    packages = "|".join(re.findall(r"^\| `(\w+)/` \|", page, re.MULTILINE))
    named = set(re.findall(rf"\b(?:{packages})(?:/\w+)+(?:\.\w+)?", page))
    assert len(named) > 30
    source = root / "service" / "samsyn"
    for name in named:
        assert (source / name).exists() or (source / f"{name}.py").exists(), name


def test_the_examples_of_classes_are_of_their_classes(dataset: Dataset) -> None:
    """Each row of the table of classes that are easy to confuse has an instance of its class."""
    page = (_DOCS / "model.md").read_text("utf-8")
    rows = re.findall(r"^\| (\w+) \| [^|]+ \| `([\w-]+):([\w-]+)` \|$", page, re.MULTILINE)
    assert len(rows) > 10
    typed = {
        (str(getattr(each.subject, "value", "")), str(getattr(each.object, "value", "")))
        for each in dataset.select(names.STATED, names.EDITORIAL).triples()
        if each.predicate.value == names.RDF_TYPE
    }
    for kind, prefix, name in rows:
        assert (dataset.prefixes[prefix] + name, names.NS + kind) in typed, name
