"""The report for GitHub Actions: annotations on the lines of a change, and the summary of a step.

GitHub shows ten annotations of each sort for a step, so the worst come first and the rest are
counted; the summary has room for more.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from samsyn.validation.finding import SEVERITIES, Finding, Report, text
from samsyn.validation.formats import words
from samsyn.validation.formats.words import word

CAP: Final = 10
"""How many annotations of a sort GitHub shows for a step."""
ROOM: Final = 1024 * 1024
"""How many bytes the summary of a step may have."""

_SORTS: Final[Mapping[str, str]] = {"violation": "error", "warning": "warning", "info": "notice"}


def written(report: Report, language: str, _limit: int) -> str:
    """Return the annotations as workflow commands, a line each, within GitHub's caps.

    Args:
        report: the report.
        language: the language of the messages.
    """
    return "".join(f"{line}\n" for line in _lines(report, language))


def _lines(report: Report, language: str) -> Iterator[str]:
    left = 0
    for severity in SEVERITIES:
        found = [finding for finding in report.findings if finding.severity == severity]
        # One notice is kept for the sum.
        room = CAP - 1 if severity == "info" else CAP
        yield from (_annotation(finding, language) for finding in found[:room])
        left += max(0, len(found) - room)
    told = [words.found(report, language)]
    told += [word("more", language, count=left)] if left else []
    told += [*words.notes(report, language), words.checked(report, language)]
    yield f"::notice title=samsyn validate::{_escaped('. '.join(told))}"


def _annotation(finding: Finding, language: str) -> str:
    place = finding.place
    held: dict[str, object] = {}
    if place is not None:
        held["file"] = place.file
    if place is not None and place.region is not None:
        region = place.region
        held |= {"line": region.line, "col": region.column}
        held |= {"endLine": region.end_line, "endColumn": region.end_column}
    held["title"] = finding.rule
    listed = ",".join(f"{key}={_property(str(value))}" for key, value in held.items())
    message = "\n".join((finding.message(language), *finding.proof))
    return f"::{_SORTS[finding.severity]} {listed}::{_escaped(message)}"


def _escaped(said: str) -> str:
    return said.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(said: str) -> str:
    return _escaped(said).replace(":", "%3A").replace(",", "%2C")


def summary(report: Report, language: str) -> str:
    """Return the summary of the step: a table of the findings, as many as there is room for.

    Args:
        report: the report.
        language: the language of the messages.
    """
    head = f"## samsyn validate\n\n{words.found(report, language)}\n\n"
    tail = "".join(f"\n{_cell(line)}\n" for line in words.notes(report, language))
    tail += f"\n{words.checked(report, language)}\n"
    rows, left = _rows(report, language, ROOM - len((head + tail).encode()) - 1024)
    more = f"\n{word('more', language, count=left)}\n" if left else ""
    return head + rows + more + tail


def _rows(report: Report, language: str, room: int) -> tuple[str, int]:
    if not report.findings:
        return "", 0
    names = [word(name, language) for name in ("place", "severity", "rule", "message")]
    lines = [f"| {' | '.join(names)} |\n|---|---|---|---|\n"]
    room -= len(lines[0].encode())
    for number, finding in enumerate(report.findings):
        lines.append(_row(finding, report, language))
        room -= len(lines[-1].encode())
        if room < 0:
            return "".join(lines[:-1]), len(report.findings) - number
    return "".join(lines), 0


def _row(finding: Finding, report: Report, language: str) -> str:
    rule = report.rules.get(finding.rule)
    name = f"[{finding.rule}]({rule.help})" if rule and rule.help else finding.rule
    title = text(rule.titles, language) if rule else ""
    cells = (str(finding.place or ""), word(finding.severity, language), name)
    message = finding.message(language) or title
    return f"| {' | '.join((*map(_cell, cells), _cell(message)))} |\n"


def _cell(said: str) -> str:
    plain = said.replace("\\", "\\\\").replace("|", "\\|").replace("<", "&lt;")
    return " ".join(plain.replace("`", "\\`").split())
