"""The report as GitLab's code quality report, which merge requests show.

Its form has no room for how much was checked, and a finding without a place stands at the first
line of the first file.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from hashlib import sha256
from typing import Any, Final

from samsyn.validation.finding import Report

_SEVERITIES: Final[Mapping[str, str]] = {"violation": "major", "warning": "minor", "info": "info"}


def written(report: Report, language: str, _limit: int) -> str:
    """Return the report as a list of issues.

    Args:
        report: the report.
        language: the language of the messages.
    """
    met: Counter[str] = Counter()
    issues: list[dict[str, Any]] = []
    for finding in report.findings:
        mark = finding.fingerprint
        met[mark] += 1
        # GitLab shows one issue for each fingerprint.
        unique = mark if met[mark] == 1 else sha256(f"{mark} {met[mark]}".encode()).hexdigest()
        place = finding.place
        first = report.checked.files[0] if report.checked.files else "."
        issues.append(
            {
                "description": finding.message(language) or finding.rule,
                "check_name": finding.rule,
                "fingerprint": unique,
                "severity": _SEVERITIES[finding.severity],
                "location": {
                    "path": place.file if place else first,
                    "lines": {"begin": place.region.line if place and place.region else 1},
                },
            }
        )
    return json.dumps(issues, ensure_ascii=False, indent=2) + "\n"
