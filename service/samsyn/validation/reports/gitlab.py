"""The report as GitLab's code quality report, which merge requests show.

Its form has no room for how much was checked. A finding without a place is at the first line
of the first file.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from hashlib import sha256
from typing import Any, Final

from samsyn.validation.finding import Finding, Report
from samsyn.validation.reports import files

_SEVERITIES: Final[Mapping[str, str]] = {
    "violation": "major", "warning": "minor", "info": "info", "debug": "info", "trace": "info",
}  # fmt: skip


def written(report: Report, language: str, _limit: int) -> str:
    """Return the report as a list of issues.

    Args:
        report: the report.
        language: the language of the messages.
    """
    met: Counter[str] = Counter()
    issues: list[dict[str, Any]] = []
    for finding in report.findings:
        met[finding.fingerprint] += 1
        mark = _unique(finding.fingerprint, met[finding.fingerprint])
        issues.append(_issue(finding, report, language) | {"fingerprint": mark})
    return json.dumps(issues, ensure_ascii=False, indent=2) + "\n"


def _unique(fingerprint: str, number: int) -> str:
    # GitLab shows one issue for each fingerprint.
    return fingerprint if number == 1 else sha256(f"{fingerprint} {number}".encode()).hexdigest()


def _issue(finding: Finding, report: Report, language: str) -> dict[str, Any]:
    region = finding.place.region if finding.place else None
    return {
        "description": finding.message(language) or finding.rule,
        "check_name": finding.rule,
        "severity": _SEVERITIES[finding.severity],
        "location": {
            "path": files.of(finding.place, report),
            "lines": {"begin": region.line if region else 1},
        },
    }
