"""The benchmark of ``samsyn validate``: what it counts, and how it judges."""

from __future__ import annotations

import resource
import sys
from pathlib import Path

import pytest
from benchmarks.agreement import results
from benchmarks.processes import Run, run
from benchmarks.validate import Row
from benchmarks.validate_report import bars

from samsyn.dataset.exact import parse_triples

MEGABYTE = 1 << 20


def of(wall: float, peak: int = 0, code: int | None = 1, output: str = "") -> Run:
    """Make a run."""
    return Run(wall, wall, peak, code, output)


def verdicts(row: Row) -> list[str]:
    """Return the verdicts on a row."""
    _, *lines = bars([row])
    return [line.rstrip("| ").rpartition("| ")[2].strip("* ") for line in lines]


def test_a_bar_is_met_by_the_median() -> None:
    """One slow run of three does not count; a ratio is that of the medians."""
    row = Row("", "core", 10_000, runs={"samsyn": [of(1), of(9), of(1)], "pyshacl": [of(100)]})
    assert row.ratio == 100
    assert verdicts(row) == ["met"]
    row.runs["samsyn"][0] = of(9)
    assert verdicts(row) == ["missed"]


def test_what_was_not_measured_is_missed() -> None:
    """A bar without runs counts as missed."""
    assert verdicts(Row("", "core", 100_000)) == ["missed"]


def test_the_great_dataset_has_a_bar_of_time_and_one_of_memory() -> None:
    """A million triples in less than 40 seconds and 2 GB."""
    row = Row("", "core", 1_000_000, runs={"samsyn": [of(39.0, 1999 * 10**6)]})
    assert verdicts(row) == ["met", "met"]
    row.runs["samsyn"] = [of(40.0, 2000 * 10**6)]
    assert verdicts(row) == ["missed", "missed"]


@pytest.mark.parametrize(
    ("output", "number"),
    [
        ("Validation Report\nConforms: False\nResults (17):\nConstraint Violation\n", 17),
        ("Validation Report\nConforms: True\n", 0),
        ("a.ttl:1:1: violation: 3 infos\n2 violations, 1 warning: checked 1 file, 9 triples\n", 3),
        ("nothing found: checked 1 file, 9 triples\n", 0),
    ],
)
def test_findings_are_read_from_the_output(output: str, number: int) -> None:
    """Both programs say how many findings there are, and that number is taken."""
    assert of(1, output=output).findings == number


def test_a_process_is_measured(tmp_path: Path) -> None:
    """Time and memory are those of the process itself, and its output is kept."""
    code = f"import time; x = b'x' * (100 * {MEGABYTE}); time.sleep(0.2); print(len(x))"
    done = run([sys.executable, "-c", code], 60, tmp_path)
    assert (done.code, done.output) == (0, f"{100 * MEGABYTE}\n")
    assert 0.2 < done.wall < 60
    # A process begins with the peak of the one that started it.
    begun = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    assert 100 * MEGABYTE < done.peak < max(200 * MEGABYTE, begun + MEGABYTE)


def test_a_process_may_keep_what_it_compiles(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else ours would be compiled in each run, where the peer is compiled as it is installed."""
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    code = "import sys; print(sys.dont_write_bytecode)"
    assert run([sys.executable, "-c", code], 60, tmp_path).output == "False\n"


def test_a_process_that_does_not_end_is_ended(tmp_path: Path) -> None:
    """It counts as the limit and has no code."""
    done = run([sys.executable, "-c", "import time; time.sleep(60)"], 0.3, tmp_path)
    assert (done.code, done.wall) == (None, 0.3)


def test_results_of_shapes_are_compared() -> None:
    """Only what a named shape found counts, and a compound path is the same whatever its node."""
    text = """
    @prefix e: <http://e/> . @prefix sh: <http://www.w3.org/ns/shacl#> .
    [] sh:result _:a , _:b .
    _:a sh:focusNode e:a ; sh:resultPath [ sh:inversePath e:p ] ; sh:value 1 ; sh:sourceShape e:S ;
      sh:sourceConstraintComponent sh:NodeKindConstraintComponent ; sh:detail _:c .
    _:b sh:focusNode e:b . _:c sh:focusNode e:c ; sh:sourceShape e:T .
    """
    ((focus, path, value, shape, _),) = results(parse_triples(text.encode(), "turtle"))
    assert (focus, path, shape) == ("<http://e/a>", "", "<http://e/S>")
    assert value.startswith('"1"')
