"""The report for GitHub Actions: annotations on the lines of a change, and the summary of a step.

GitHub shows ten annotations of each sort for a step, so the worst come first and the rest are
counted; the summary has room for more.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from samsyn.validation.finding import Finding, Place, Report, text
from samsyn.validation.reports import files, words
from samsyn.validation.reports.words import word

CAP: Final = 10
"""How many annotations of a sort GitHub shows for a step."""
ROOM: Final = 1024 * 1024
"""How many bytes the summary of a step may have."""

_SORTS: Final[Mapping[str, str]] = {
    "violation": "error", "warning": "warning", "info": "notice", "debug": "notice",
    "trace": "notice",
}  # fmt: skip
_MARKUP: Final = re.compile(r"([\\`*_\[\]<>|~&#])")
_KEPT: Final = 256
"""Bytes of the summary that are kept for the line that counts the rest."""


def written(report: Report, language: str, _limit: int) -> str:
    """Return the annotations as workflow commands, a line each, within GitHub's caps.

    Args:
        report: the report.
        language: the language of the messages.
    """
    return "".join(f"{line}\n" for line in _lines(report, language))


def _lines(report: Report, language: str) -> Iterator[str]:
    left = 0
    for sort in dict.fromkeys(_SORTS.values()):
        found = [each for each in words.worst(report.findings) if _SORTS[each.severity] == sort]
        # One notice is kept for the sum.
        room = CAP - 1 if sort == _SORTS["info"] else CAP
        yield from (_annotation(finding, language) for finding in found[:room])
        left += max(0, len(found) - room)
    told = [words.found(report, language)]
    told += [word("rest", language, count=left)] if left else []
    told += [*words.remarks(report, language), words.checked(report, language)]
    lines = "\n".join(told)
    yield f"::notice title=samsyn validate::{_escaped(lines)}"


def _annotation(finding: Finding, language: str) -> str:
    message = "\n".join((finding.message(language), *finding.proof))
    place = finding.place
    if place is not None and place.file == files.STANDARD_INPUT:
        message = f"{word('input', language)}, {str(place).removeprefix('-:')}: {message}"
        place = None
    held = {**(_place(place) if place else {}), "title": finding.rule}
    listed = ",".join(f"{key}={_property(str(value))}" for key, value in held.items())
    return f"::{_SORTS[finding.severity]} {listed}::{_escaped(message)}"


def _place(place: Place) -> dict[str, object]:
    held: dict[str, object] = {"file": files.path(place.file)}
    region = place.region
    if region is None:
        return held
    if region.line != region.end_line:
        # GitHub takes columns within one line only.
        return held | {"line": region.line, "endLine": region.end_line}
    held |= {"line": region.line, "col": region.column}
    return held | {"endLine": region.end_line, "endColumn": region.end_column}


def _escaped(said: str) -> str:
    return said.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(said: str) -> str:
    return _escaped(said).replace(":", "%3A").replace(",", "%2C")


def summary(report: Report, language: str) -> str:
    """Return the summary of the step: the worst findings first, as many as there is room for.

    Args:
        report: the report.
        language: the language of the messages.
    """
    head = f"## samsyn validate\n\n**{words.found(report, language)}**\n"
    counts = _counts(report, language)
    # So many rules that their counts would take the room of the findings are counted nowhere.
    head += counts if len(counts.encode()) < ROOM // 4 else ""
    tail = "".join(f"\n{_marked(note)}\n" for note in words.notes(report, language))
    tail += f"\n{_marked(words.checked(report, language))}\n"
    rows, left = _rows(report, language, ROOM - _KEPT - len((head + tail).encode()))
    more = f"\n{word('rest', language, count=left)}\n" if left else ""
    room = ROOM - _KEPT - len((head + rows + more + tail).encode())
    return head + rows + more + _unmatched(words.unmatched(report), language, room) + tail


def _counts(report: Report, language: str) -> str:
    if not words.is_long(report):
        return ""
    names = [word(name, language) for name in ("count", "severity", "rule")]
    rows = (
        (str(row.count), word(row.severity, language), f"{_marked(row.title)} {_marked(row.rule)}")
        for row in words.by_rule(report, language)
    )
    lines = [names, ["---"] * len(names), *rows]
    return "".join(f"\n| {' | '.join(cells)} |" for cells in lines) + "\n"


def _rows(report: Report, language: str, room: int) -> tuple[str, int]:
    if not report.findings:
        return "", 0
    names = [word(name, language) for name in ("place", "severity", "rule", "message")]
    lines = [f"\n| {' | '.join(names)} |\n|---|---|---|---|\n"]
    room -= len(lines[0].encode())
    for number, finding in enumerate(words.worst(report.findings)):
        lines.append(_row(finding, report, language))
        room -= len(lines[-1].encode())
        if room < 0:
            return "".join(lines[:-1]), len(report.findings) - number
    return "".join(lines), 0


def _row(finding: Finding, report: Report, language: str) -> str:
    rule = report.rules.get(finding.rule)
    name = _marked(finding.rule)
    if rule and rule.help:
        name = f"[{name}](<{rule.help}>)"
    said = "<br>".join(_marked(line) for line in (finding.message(language), *finding.proof))
    title = _marked(text(rule.titles, language)) if rule else ""
    kind = _marked(words.kind(finding, language))
    return f"| {_marked(str(finding.place or ''))} | {kind} | {name} | {said or title} |\n"


def _unmatched(shapes: Iterable[str], language: str, room: int) -> str:
    items = "".join(f"- {_marked(shape)}\n" for shape in shapes)
    heading = word("unmatched-heading", language)
    told = f"\n<details><summary>{heading}</summary>\n\n{items}\n</details>\n"
    return told if items and len(told.encode()) <= room else ""


def _marked(said: str) -> str:
    return " ".join(_MARKUP.sub(r"\\\1", said).split())
