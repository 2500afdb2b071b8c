"""The command around the kit: options, reports, exit codes."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from pathlib import Path

import pytest
from tests.conformance.fakes import CONSTANT, always, serving

from samsyn.cli import endpoint
from samsyn.conformance import check
from samsyn.conformance.report import TESTS, comparison
from samsyn.conformance.run import Endpoint
from samsyn.dataset.exact import parse
from samsyn.errors import ToolError, UsageError
from samsyn.names import EARL


def _run(*arguments: str) -> int:
    parser = ArgumentParser()
    endpoint.define(parser)
    return endpoint.endpoint(parser.parse_args(["test", *arguments]))


def test_a_table_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    """The table counts by area and level, and names each failure with its clause."""
    with serving(always(CONSTANT["page"])) as fake:
        code = _run(f"{fake.address}/sparql", "--area", "protocol,description")
    printed = capsys.readouterr().out
    assert code == 1
    assert "query-get (Protocol, 2.1.1): answers a query sent by GET" in printed
    assert printed.index("MUST and does not") < printed.index("SHOULD and does not")
    assert "13 cases: it may write, and there is no token" in printed
    assert "formats" not in printed


def test_every_format_tells_the_same(tmp_path: Path) -> None:
    """JSON, EARL and Markdown hold every case with its result; none holds the token."""
    written = {}
    with serving(always(CONSTANT["page"])) as fake:
        for form in endpoint.FORMATS:
            path, token = tmp_path / form, tmp_path / "token"
            token.write_text("top-secret\n", encoding="utf-8")
            options = ["--area", "description", "--token-file", str(token), "--format", form]
            assert _run(f"{fake.address}/sparql", *options, "-o", str(path)) == 1
            written[form] = path.read_bytes()
    cases = json.loads(written["json"])["cases"]
    failed = {case["id"] for case in cases if case["result"] == "failed"}
    assert failed
    assert len(cases) >= 8
    quads = parse(written["earl"], "turtle")
    outcomes = [q for q in quads if q.predicate.value == EARL + "outcome"]
    assert len(outcomes) == len(cases)
    assert sum(q.object.value == EARL + "failed" for q in outcomes) == len(failed)
    assert {q.object.value for q in quads if q.predicate.value == EARL + "test"} == {
        TESTS + case["id"] for case in cases
    }
    assert all(case["id"] in written["markdown"].decode() for case in cases)
    assert not any(b"top-secret" in data for data in written.values())


def test_a_run_that_finds_nothing_wrong_ends_with_0(capsys: pytest.CaptureFixture[str]) -> None:
    """Where all that was run passes, the exit code is 0; where nothing was run, it is 4."""
    with serving(always(CONSTANT["failing"])) as fake:
        url = f"{fake.address}/sparql"
        assert _run(url, "--area", "update") == 1
        assert _run(url, "--area", "description") == 1
    with serving(always(CONSTANT["absent"])) as fake:
        assert _run(f"{fake.address}/sparql", "--area", "update") == 4
        assert _run(f"{fake.address}/sparql", "--area", "description") == 0
    assert "no address for the update" in capsys.readouterr().out


def test_an_endpoint_that_is_not_there_is_told() -> None:
    """An address where nobody listens ends the run, with exit code 3."""
    with serving(always(CONSTANT["yes"])) as fake:
        pass
    with pytest.raises(ToolError, match="does not answer") as caught:
        _run(f"{fake.address}/sparql")
    assert caught.value.exit_code == 3


@pytest.mark.parametrize(
    "arguments",
    [
        ["ftp://h/sparql"],
        ["/sparql"],
        ["http://h/sparql", "--area", "protocol,nothing"],
        ["http://h/sparql", "--token", "two words"],
        ["http://h/sparql", "--token", " "],
        ["http://h/sparql", "--timeout", "0"],
        ["http://h/sparql", "--update-url", "update"],
        ["http://h/sparql", "--token-file", "/nowhere"],
    ],
    ids=["scheme", "path", "area", "token", "empty-token", "time", "update", "token-file"],
)
def test_wrong_usage_is_told(arguments: list[str]) -> None:
    """What makes no sense is refused before anything is sent."""
    with pytest.raises(UsageError):
        _run(*arguments)


def test_reports_stand_beside_each_other() -> None:
    """The comparison has a column for each server and a row for each case."""
    with serving(always(CONSTANT["page"])) as one, serving(always(CONSTANT["yes"])) as other:
        servers = {"one": one, "other": other}
        reports = {
            name: check(Endpoint(f"{fake.address}/sparql"), timeout=10)
            for name, fake in servers.items()
        }
    text = comparison(reports)
    assert "| area | level | one | other |" in text
    (row,) = (line for line in text.splitlines() if line.startswith("| query-get |"))
    assert row.endswith("| must | **no** | yes |")
