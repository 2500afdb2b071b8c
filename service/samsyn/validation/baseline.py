"""The baseline: a file of known findings, so that only new ones fail a check.

Findings are matched by fingerprint, in which no line counts. Where one comes more often than the
baseline says, the rest are new. Each row also names the file, node, property and value, for people
who read it, and so that a check of some files leaves the rows of the others alone.
"""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, replace
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any, Final

from samsyn.errors import NotFoundError, UsageError
from samsyn.validation.finding import Finding, Report, unlabelled
from samsyn.validation.options import Options
from samsyn.validation.wording import program

_VERSION: Final = 2
_ADVICE: Final = "Delete it and make a new one with --update-baseline."
_STANDARD: Final = "-"


@dataclass(frozen=True, order=True)
class Row:
    """A known finding.

    Args:
        file: where it was found, from the folder of the baseline; empty where that is not known.
        rule: id of its rule.
        focus: the node, as in N-Triples.
        path: the property or path.
        value: the value, as in N-Triples.
        fingerprint: what it is matched by.
        message: what is wrong, in English.
        times: how often it came.
    """

    file: str
    rule: str
    focus: str
    path: str
    value: str
    fingerprint: str
    message: str
    times: int = 1


@dataclass(frozen=True)
class Scope:
    """What one check covered: only rows within it can be out of date.

    Args:
        baseline: the file of the baseline.
        files: the files checked, as the user named them.
        paths: the files, folders and patterns that the check was asked for.
        rules: ids of the rules that the check applied.
    """

    baseline: Path
    files: frozenset[str]
    paths: tuple[str, ...]
    rules: frozenset[str]

    @classmethod
    def of(cls, report: Report, options: Options) -> Scope:
        """Return what a check covered.

        Args:
            report: the report of the check.
            options: its settings, which name the baseline.
        """
        rules = frozenset([*report.rules, *_applied(options)])
        return cls(Path(options.baseline), frozenset(report.checked.files), options.paths, rules)

    def split(self, rows: Iterable[Row]) -> tuple[list[Row], list[Row]]:
        """Split rows into those within the scope and the others.

        A row without a file belongs to a check of everything, so it is within the scope if the
        files of all other rows are.
        """
        given = list(rows)
        covered = {file for file in {row.file for row in given} if file and self._covers(file)}
        whole = all(row.file in covered for row in given if row.file)
        within: list[Row] = []
        outside: list[Row] = []
        for row in given:
            reached = row.file in covered or (whole and not row.file)
            (within if reached and self._applies(row.rule) else outside).append(row)
        return within, outside

    def named(self, file: str) -> str:
        """Return the name of a checked file from the folder of the baseline."""
        if not file or file == _STANDARD:
            return file
        return Path(os.path.relpath(file, self.baseline.absolute().parent)).as_posix()

    def _covers(self, file: str) -> bool:
        if file in {self.named(each) for each in self.files}:
            return True
        place = _real(str(self.baseline.absolute().parent / file))
        # A deleted file was covered if its folder, or a pattern that it fits, was checked.
        return not Path(place).exists() and any(
            fnmatchcase(place, _real(path)) or place.startswith(_real(path) + "/")
            for path in self.paths
            if path != _STANDARD
        )

    def _applies(self, rule: str) -> bool:
        # The rule of an anonymous shape is listed only if it found something; that of the named
        # shape around it always is.
        return rule in self.rules or rule.rpartition("/")[0] in self.rules or "_:" in rule


def _applied(options: Options) -> Iterator[str]:
    # Some rules of the program look at nothing under some settings.
    inferred = options.infer != "none"
    active = {"SAM-unknown-thing": options.with_graph, "SAM-contradiction": inferred}
    return (rule for rule in program() if active.get(rule, True))


def read(path: Path) -> list[Row]:
    """Return the rows of a baseline.

    Raises:
        NotFoundError: there is no such file.
        UsageError: it is no baseline of this version.
    """
    try:
        content = json.loads(path.read_bytes())
    except OSError as error:
        raise NotFoundError(
            f"The baseline {path} cannot be read: {error.strerror}.",
            advice="Make it with --update-baseline.",
        ) from error
    except ValueError as error:
        raise UsageError(f"The baseline {path} is not JSON: {error}.", advice=_ADVICE) from error
    try:
        return _rows(content)
    except (KeyError, TypeError, ValueError) as error:
        raise UsageError(f"{path} is not a baseline of this version.", advice=_ADVICE) from error


def _rows(content: Any) -> list[Row]:
    if content["version"] != _VERSION:
        raise ValueError(content["version"])
    rows = [Row(**each) for each in content["findings"]]
    if not all(type(row.times) is int and isinstance(row.fingerprint, str) for row in rows):
        raise TypeError("times is a number, and fingerprint a text")
    return rows


def parted(findings: Iterable[Finding], rows: Iterable[Row]) -> tuple[list[Finding], list[Finding]]:
    """Part findings into the new and the known.

    Args:
        findings: what was found.
        rows: the rows of the baseline.
    """
    left = Counter[str]()
    for row in rows:
        left[row.fingerprint] += row.times
    new: list[Finding] = []
    old: list[Finding] = []
    for finding in findings:
        mark = finding.fingerprint
        (old if left[mark] > 0 else new).append(finding)
        left[mark] -= 1
    return new, old


def gone(findings: Iterable[Finding], rows: Iterable[Row], scope: Scope) -> int:
    """Return how many known findings within the scope of a check did not come this time.

    Args:
        findings: everything that was found.
        rows: the rows of the baseline.
        scope: what the check covered.
    """
    within, _ = scope.split(rows)
    left = Counter[str]()
    for row in within:
        left[row.fingerprint] += row.times
    left.subtract(finding.fingerprint for finding in findings)
    return sum((+left).values())


def updated(findings: Iterable[Finding], rows: Iterable[Row], scope: Scope) -> str:
    """Return the baseline with the findings of a check; rows outside its scope stay as they are.

    Args:
        findings: everything that was found.
        rows: the rows of the baseline so far.
        scope: what the check covered.
    """
    _, kept = scope.split(rows)
    times = Counter(_row(finding, scope) for finding in findings)
    found = [replace(row, times=count) for row, count in times.items()]
    return written([*kept, *found])


def _row(finding: Finding, scope: Scope) -> Row:
    return Row(
        scope.named(finding.place.file) if finding.place else "",
        finding.rule,
        unlabelled(finding.focus),
        unlabelled(finding.path),
        unlabelled(finding.value),
        finding.fingerprint,
        unlabelled(finding.message("en")),
    )


def written(rows: Iterable[Row]) -> str:
    """Return the text of a baseline: a row a line, sorted, so that versions compare well."""
    lines = [json.dumps(asdict(row), ensure_ascii=False) for row in sorted(rows)]
    body = ",\n    ".join(lines)
    listed = f"\n    {body}\n  " if lines else ""
    return f'{{\n  "version": {_VERSION},\n  "findings": [{listed}]\n}}\n'


def _real(path: str) -> str:
    return os.path.normpath(Path(path).absolute())
