"""Findings that are known: a file of them, so that only new ones fail a check.

A finding is known by its fingerprint, in which no line counts; where the same one comes more often
than the file says, the rest are new.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

from samsyn.errors import NotFoundError, UsageError
from samsyn.validation.finding import Finding

_VERSION: Final = 1
_ADVICE: Final = "Make it anew with --update-baseline."


def read(path: Path) -> Counter[str]:
    """Return how often each fingerprint is known.

    Raises:
        NotFoundError: there is no such file.
        UsageError: it is no baseline.
    """
    try:
        content = json.loads(path.read_bytes())
    except OSError as error:
        raise NotFoundError(
            f"The baseline {path} cannot be read: {error.strerror}.", advice=_ADVICE
        ) from error
    except ValueError as error:
        raise UsageError(f"The baseline {path} is no JSON: {error}.", advice=_ADVICE) from error
    try:
        return _counted(content)
    except (KeyError, TypeError, ValueError) as error:
        raise UsageError(f"{path} is no baseline of this version.", advice=_ADVICE) from error


def _counted(content: Any) -> Counter[str]:
    if content["version"] != _VERSION:
        raise ValueError(content["version"])
    return Counter({str(each["fingerprint"]): int(each["times"]) for each in content["findings"]})


def parted(
    findings: Iterable[Finding], known: Counter[str]
) -> tuple[list[Finding], list[Finding], int]:
    """Part findings into the new and the known.

    Args:
        findings: what was found.
        known: how often each fingerprint is known.

    Returns:
        The new ones, the known ones, and how many of the known did not come this time.
    """
    left = Counter(known)
    new: list[Finding] = []
    old: list[Finding] = []
    for finding in findings:
        mark = finding.fingerprint
        (old if left[mark] > 0 else new).append(finding)
        left[mark] -= 1
    return new, old, sum((+left).values())


def written(findings: Iterable[Finding]) -> str:
    """Return the file that makes findings known, a line each, sorted, so that it compares well."""
    rows = Counter((f.rule, f.fingerprint, f.message("en")) for f in findings)
    lines = [
        json.dumps(
            {"rule": rule, "fingerprint": mark, "times": times, "message": message},
            ensure_ascii=False,
        )
        for (rule, mark, message), times in sorted(rows.items())
    ]
    body = ",\n    ".join(lines)
    listed = f"\n    {body}\n  " if lines else ""
    return f'{{\n  "version": {_VERSION},\n  "findings": [{listed}]\n}}\n'
