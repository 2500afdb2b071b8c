"""The report as SARIF 2.1.0 (OASIS), which code hosts show beside the lines of a change.

Fingerprints hold no line, so an alert stays the same one when its line moves. A column counts code
points, as ``columnKind`` says.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path, PurePosixPath
from typing import Any, Final
from urllib.parse import quote

from samsyn import __version__, names
from samsyn.validation.finding import Edit, Finding, Place, Region, Report, Rule, text
from samsyn.validation.formats.words import word

SCHEMA: Final = "https://json.schemastore.org/sarif-2.1.0.json"
_LEVELS: Final[Mapping[str, str]] = {"violation": "error", "warning": "warning", "info": "note"}
_ROOT: Final = "%SRCROOT%"


def written(report: Report, language: str, _limit: int) -> str:
    """Return the report as SARIF with all findings.

    Args:
        report: the report.
        language: the language of the messages.
    """
    log = {"$schema": SCHEMA, "version": "2.1.0", "runs": [_run(report, language)]}
    return json.dumps(log, ensure_ascii=False, indent=2) + "\n"


def _run(report: Report, language: str) -> dict[str, Any]:
    numbers = {name: number for number, name in enumerate(report.rules)}
    results = [_result(finding, numbers, language) for finding in report.findings]
    known = [_result(finding, numbers, language) for finding in report.excused]
    for result in known:
        result["suppressions"] = [{"kind": "external", "status": "accepted"}]
    return {
        "tool": {
            "driver": {
                "name": "samsyn",
                "semanticVersion": __version__,
                "informationUri": names.BASE,
                "rules": [_rule(rule, language) for rule in report.rules.values()],
            }
        },
        "language": language,
        "columnKind": "unicodeCodePoints",
        "originalUriBaseIds": {_ROOT: {"description": {"text": "The folder of the check."}}},
        "invocations": [_invocation(report, language)],
        "results": [*results, *known],
        "properties": _properties(report),
    }


def _invocation(report: Report, language: str) -> dict[str, Any]:
    told = [text(note, language) for note in report.notes]
    return {
        "executionSuccessful": True,
        "exitCode": report.exit_code,
        "toolExecutionNotifications": [
            {"level": "note", "message": {"text": note}} for note in told
        ],
    }


def _properties(report: Report) -> dict[str, Any]:
    held = report.checked
    return {
        "files": len(held.files),
        "triples": held.triples,
        "focusNodes": held.focus_nodes,
        "shapes": len(held.shapes),
        "unmatchedShapes": list(held.unmatched),
        "profiles": list(held.profiles),
        "inference": held.inference,
        "engine": held.engine,
    }


def _rule(rule: Rule, language: str) -> dict[str, Any]:
    what, why, mend = (text(each, language) for each in (rule.whats, rule.whys, rule.mends))
    title = text(rule.titles, language)
    headed = [
        f"**{word(key, language)}**\n\n{said}"
        for key, said in (("why", why), ("mend", mend))
        if said
    ]
    told: dict[str, Any] = {
        "id": rule.id,
        "name": rule.id,
        "shortDescription": {"text": title or rule.id},
        "fullDescription": {"text": what or title or rule.id},
        "help": {
            "text": "\n\n".join(filter(None, (what, why, mend))) or rule.id,
            "markdown": "\n\n".join(filter(None, (what, *headed))) or rule.id,
        },
        "defaultConfiguration": {"level": _LEVELS[rule.severity]},
    }
    if rule.help:
        told["helpUri"] = rule.help
    if rule.shape:
        told["properties"] = {"shape": rule.shape}
    return told


def _result(finding: Finding, numbers: Mapping[str, int], language: str) -> dict[str, Any]:
    told: dict[str, Any] = {
        "ruleId": finding.rule,
        "level": _LEVELS[finding.severity],
        "message": {"text": _message(finding, language)},
        "partialFingerprints": {"samsynFinding/v1": finding.fingerprint},
        "locations": [_location(finding)],
    }
    if finding.rule in numbers:
        told["ruleIndex"] = numbers[finding.rule]
    related = [
        {**_physical(each.place), "id": number, "message": {"text": text(each.messages, language)}}
        for number, each in enumerate(finding.related, 1)
    ]
    if related:
        told["relatedLocations"] = related
    if finding.edits:
        told["fixes"] = [_fix(finding.edits, language)]
    told["properties"] = _about(finding)
    return told


def _message(finding: Finding, language: str) -> str:
    said = finding.message(language) or finding.rule
    if not finding.proof:
        return said
    return "\n".join((said, f"{word('proof', language)}:", *finding.proof))


def _about(finding: Finding) -> dict[str, Any]:
    held = {
        "focus": finding.focus,
        "path": finding.path,
        "value": finding.value,
        "shape": finding.shape,
        "component": finding.component,
        "precision": finding.place.precision if finding.place else "none",
    }
    return {key: value for key, value in held.items() if value}


def _location(finding: Finding) -> dict[str, Any]:
    location = _physical(finding.place) if finding.place else {}
    if finding.focus:
        location["logicalLocations"] = [{"fullyQualifiedName": finding.focus, "kind": "resource"}]
    return location


def _physical(place: Place) -> dict[str, Any]:
    held: dict[str, Any] = {"artifactLocation": _artifact(place.file)}
    if place.region is not None:
        held["region"] = _region(place.region)
    return {"physicalLocation": held}


def _artifact(file: str) -> dict[str, Any]:
    if PurePosixPath(file).is_absolute() or Path(file).is_absolute():
        return {"uri": Path(file).as_uri()}
    name = "standard-input" if file == "-" else file
    return {"uri": quote(name), "uriBaseId": _ROOT}


def _region(region: Region) -> dict[str, int]:
    return {
        "startLine": region.line,
        "startColumn": region.column,
        "endLine": region.end_line,
        "endColumn": region.end_column,
    }


def _fix(edits: tuple[Edit, ...], language: str) -> dict[str, Any]:
    files = dict.fromkeys(edit.place.file for edit in edits)
    return {
        "description": {"text": word("mend", language)},
        "artifactChanges": [
            {
                "artifactLocation": _artifact(file),
                "replacements": [
                    {
                        "deletedRegion": _region(edit.place.region),
                        "insertedContent": {"text": edit.text},
                    }
                    for edit in edits
                    if edit.place.file == file and edit.place.region is not None
                ],
            }
            for file in files
        ],
    }
