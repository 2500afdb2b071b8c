"""The report as JSON; ``report.schema.json`` beside this module says what the keys hold."""

from __future__ import annotations

import json
from typing import Any, Final

from samsyn import __version__
from samsyn.validation.finding import Edit, Finding, Place, Report, Rule, text
from samsyn.validation.reports import words

VERSION: Final = 1
"""The version of the form; a key that goes, or means something else, makes another one."""


def written(report: Report, language: str, _limit: int) -> str:
    """Return the report as JSON with all findings.

    Args:
        report: the report.
        language: the language of the messages.
    """
    return json.dumps(told(report, language), ensure_ascii=False, indent=2) + "\n"


def told(report: Report, language: str) -> dict[str, Any]:
    """Return the report as what JSON can hold.

    Args:
        report: the report.
        language: the language of the messages.
    """
    return {
        "version": VERSION,
        "tool": {"name": "samsyn", "version": __version__},
        "language": language,
        "conforms": report.conforms,
        "exit_code": report.exit_code,
        "fail_on": report.fail_on,
        "checked": _checked(report),
        "unmatched": list(report.checked.unmatched),
        "notes": [text(note, language) for note in report.notes],
        "summary": [
            {"rule": row.rule, "severity": row.severity, "count": row.count, "title": row.title}
            for row in words.by_rule(report, language)
        ],
        "findings": [_finding(finding, language) for finding in report.findings],
        "excused": [_finding(finding, language) for finding in report.excused],
        "ignored": [_finding(finding, language) for finding in report.ignored],
        "rules": {name: _rule(rule, language) for name, rule in report.rules.items()},
    }


def _checked(report: Report) -> dict[str, Any]:
    held = report.checked
    return {
        "files": list(held.files),
        "triples": held.triples,
        "focus_nodes": held.focus_nodes,
        "shapes": dict(held.shapes),
        "deactivated": list(held.deactivated),
        "profiles": list(held.profiles),
        "inference": held.inference,
        "engine": held.engine,
        "evaluated": {
            name: [shape for shape, by in held.evaluated if by == name]
            for name in sorted({by for _, by in held.evaluated})
        },
    }


def _finding(finding: Finding, language: str) -> dict[str, Any]:
    return {
        "rule": finding.rule,
        "severity": finding.severity,
        "severity_iri": finding.severity_iri,
        "message": finding.message(language),
        "focus": finding.focus or None,
        "path": finding.path or None,
        "value": finding.value or None,
        "shape": finding.shape or None,
        "component": finding.component or None,
        "place": _place(finding.place),
        "related": [
            {"place": _place(each.place), "message": text(each.messages, language)}
            for each in finding.related
        ],
        "details": [_detail(each, language) for each in finding.details],
        "proof": list(finding.proof),
        "fixes": [_edit(edit) for edit in finding.edits],
        "fingerprint": finding.fingerprint,
    }


def _detail(finding: Finding, language: str) -> dict[str, Any]:
    return {
        "severity": finding.severity,
        "message": finding.message(language),
        "focus": finding.focus or None,
        "path": finding.path or None,
        "value": finding.value or None,
        "component": finding.component or None,
        "details": [_detail(each, language) for each in finding.details],
    }


def _place(place: Place | None) -> dict[str, Any] | None:
    if place is None:
        return None
    region = place.region
    found: dict[str, Any] = {"file": place.file, "precision": place.precision}
    if region is not None:
        found |= {"line": region.line, "column": region.column}
        found |= {"end_line": region.end_line, "end_column": region.end_column}
    return found


def _edit(edit: Edit) -> dict[str, Any]:
    return {"place": _place(edit.place), "text": edit.text}


def _rule(rule: Rule, language: str) -> dict[str, Any]:
    return {
        "severity": rule.severity,
        "title": text(rule.titles, language),
        "what": text(rule.whats, language),
        "why": text(rule.whys, language),
        "fix": text(rule.remedies, language),
        "shape": rule.shape or None,
        "help": rule.help or None,
    }
