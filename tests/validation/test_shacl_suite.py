"""The W3C SHACL suite, result by result, with both engines."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from tests.validation.shacl_suite import ABSENT, FAILURE, Answer, cases, unpacked
from tests.validation.shacl_table import DIFFERENCES, ENGINES, PAGE, outcomes, page

from samsyn.layout import Layout

SPOKEN = ("core/node/in-001", "core/complex/shacl-shacl", "sparql/pre-binding/pre-binding-006")
"""Some that run through the command itself: with a result, without one, and refused."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the files of the suite are."""
    if not cases():
        pytest.skip(ABSENT)
    return unpacked(tmp_path_factory.mktemp("shacl"))


@pytest.fixture(scope="module")
def told(folder: Path, layout: Layout) -> dict[tuple[str, str], Answer]:
    """What samsyn finds in each test with each engine."""
    return outcomes(folder, layout)


def test_the_suite_is_whole() -> None:
    """All 121 tests are read, with some two hundred results and the refusals."""
    if not cases():
        pytest.skip(ABSENT)
    expected = [case.expected for case in cases()]
    assert len(expected) == 121
    assert sum(each.total() for each in expected if not isinstance(each, str)) > 200
    assert expected.count(FAILURE) == 7


@pytest.mark.parametrize("engine", ENGINES)
def test_each_test_is_passed_or_listed_with_a_reason(
    engine: str, told: dict[tuple[str, str], Answer]
) -> None:
    """What a test expects is found, each result as often; the others are in the table."""
    wrong = {
        case.name: (told[case.name, engine], case.expected)
        for case in cases()
        if told[case.name, engine] != case.expected
    }
    assert wrong.keys() == DIFFERENCES.keys(), wrong


@pytest.mark.parametrize("engine", ENGINES)
def test_nothing_is_passed_over(engine: str, told: dict[tuple[str, str], Answer]) -> None:
    """Where a test is not passed, the shapes are refused or more is found, and never less."""
    expected = {case.name: case.expected for case in cases()}
    for name in DIFFERENCES:
        found, wanted = told[name, engine], expected[name]
        assert found == FAILURE or (not isinstance(wanted, str) and not wanted - Counter(found))


def test_the_page_says_what_is_so(told: dict[tuple[str, str], Answer]) -> None:
    """The page in the documentation is that which its command makes."""
    assert PAGE.read_text(encoding="utf-8") == page(told)


@pytest.mark.parametrize("name", SPOKEN)
def test_the_command_answers_by_its_exit_code(name: str, folder: Path) -> None:
    """The command gives 1 for results, 0 for none and 3 for faulty shapes, without a traceback."""
    (case,) = (case for case in cases() if case.name == name)
    file = str(folder / case.data)
    command = [sys.executable, "-m", "samsyn", "validate", file, "--infer", "none"]
    done = subprocess.run(
        [*command, "--shapes", str(folder / case.shapes)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == (3 if case.expected == FAILURE else 1 if case.expected else 0)
    assert "Traceback" not in done.stderr
