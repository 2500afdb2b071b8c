"""The report as SARIF 2.1.0 (OASIS), which code hosts show beside the lines of a change.

Fingerprints hold no line, so an alert stays the same one when its line moves. A column counts code
points, as ``columnKind`` says. GitHub refuses a whole file if one result has no file: where the
place is not known, the first file is in, and the result says so.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any, Final

from samsyn import __version__, names
from samsyn.positions.text import Region
from samsyn.validation.finding import NOTHING, Edit, Finding, Place, Report, Rule, text
from samsyn.validation.reports import files, words
from samsyn.validation.reports.words import word

SCHEMA: Final = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)
FINGERPRINT: Final = "samsynFinding/v1"
_LEVELS: Final[Mapping[str, str]] = {
    "violation": "error", "warning": "warning", "info": "note", "debug": "note", "trace": "note",
}  # fmt: skip
_ROOT: Final = "%SRCROOT%"


def written(report: Report, language: str, _limit: int) -> str:
    """Return the report as SARIF with all findings.

    Args:
        report: the report.
        language: the language of the messages.
    """
    log = {"$schema": SCHEMA, "version": "2.1.0", "runs": [_Run(report, language).told()]}
    return json.dumps(log, ensure_ascii=False, indent=2) + "\n"


class _Run:
    """One run of the tool.

    Args:
        report: what it found.
        language: the language of the messages.
    """

    def __init__(self, report: Report, language: str) -> None:
        self.report = report
        self.language = language
        self.numbers = {name: number for number, name in enumerate(report.rules)}

    def told(self) -> dict[str, Any]:
        """Return the run as what JSON can hold."""
        report = self.report
        profiles = "+".join(report.checked.profiles) or "none"
        return {
            "tool": {"driver": self._driver()},
            "automationDetails": {"id": f"samsyn/{profiles}/"},
            "language": self.language,
            "columnKind": "unicodeCodePoints",
            "originalUriBaseIds": {_ROOT: {"description": {"text": self._word("root")}}},
            "invocations": [self._invocation()],
            "artifacts": [
                {"location": _artifact(file), "roles": ["analysisTarget"]}
                for file in report.checked.files
            ],
            "results": [
                *map(self._result, report.findings),
                *(self._suppressed(each, "justified") for each in report.excused),
                *(self._suppressed(each, "ignoring") for each in report.ignored),
            ],
            "properties": self._properties(),
        }

    def _word(self, name: str) -> str:
        return word(name, self.language)

    def _driver(self) -> dict[str, Any]:
        return {
            "name": "samsyn",
            "version": __version__,
            "semanticVersion": __version__,
            "informationUri": names.BASE,
            "rules": [_rule(rule, self.language) for rule in self.report.rules.values()],
        }

    def _invocation(self) -> dict[str, Any]:
        checked = self.report.exit_code != NOTHING
        remarks = words.remarks(self.report, self.language)
        told = [{"level": "note", "message": {"text": remark}} for remark in remarks]
        if not checked:
            told[-1]["level"] = "error"
        told.append(
            {"level": "none", "message": {"text": words.checked(self.report, self.language)}}
        )
        return {
            "executionSuccessful": checked,
            "exitCode": self.report.exit_code,
            "toolExecutionNotifications": told,
        }

    def _properties(self) -> dict[str, Any]:
        held = self.report.checked
        return {
            "files": len(held.files),
            "triples": held.triples,
            "focusNodes": held.focus_nodes,
            "shapes": len(held.shapes),
            "unmatchedShapes": list(held.unmatched),
            "profiles": list(held.profiles),
            "inference": held.inference,
            "engine": held.engine,
            "conforms": self.report.conforms,
            "failOn": self.report.fail_on,
        }

    def _suppressed(self, finding: Finding, reason: str) -> dict[str, Any]:
        why = {"kind": "external", "status": "accepted", "justification": self._word(reason)}
        return {**self._result(finding), "suppressions": [why]}

    def _result(self, finding: Finding) -> dict[str, Any]:
        told: dict[str, Any] = {
            "ruleId": finding.rule,
            "ruleIndex": self.numbers.get(finding.rule),
            "level": _LEVELS[finding.severity],
            "message": {"text": self._message(finding)},
            "locations": [self._location(finding)],
            "partialFingerprints": {FINGERPRINT: finding.fingerprint},
            "relatedLocations": self._related(finding),
            "fixes": self._fixes(finding),
            "properties": _properties(finding),
        }
        return {key: value for key, value in told.items() if value not in (None, [])}

    def _message(self, finding: Finding) -> str:
        said = finding.message(self.language) or finding.rule
        if not finding.proof:
            return said
        return "\n".join((said, f"{self._word('proof')}:", *finding.proof))

    def _location(self, finding: Finding) -> dict[str, Any]:
        if finding.place is not None:
            location = _physical(finding.place)
        else:
            location = _physical(Place(files.of(None, self.report), None, "none"))
            location["message"] = {"text": self._word("stand-in")}
        if finding.focus:
            node = {"fullyQualifiedName": finding.focus, "kind": "resource"}
            location["logicalLocations"] = [node]
        return location

    def _related(self, finding: Finding) -> list[dict[str, Any]]:
        return [
            {
                "id": number,
                **_physical(each.place),
                "message": {"text": text(each.messages, self.language)},
            }
            for number, each in enumerate(finding.related, 1)
        ]

    def _fixes(self, finding: Finding) -> list[dict[str, Any]]:
        changes = _changes(finding.edits)
        if not changes:
            return []
        rule = self.report.rules.get(finding.rule)
        said = text(rule.remedies, self.language) if rule else ""
        return [{"description": {"text": said or self._word("fix")}, "artifactChanges": changes}]


def _rule(rule: Rule, language: str) -> dict[str, Any]:
    what, why, remedy = (text(each, language) for each in (rule.whats, rule.whys, rule.remedies))
    headed = [
        f"**{word(key, language)}**\n\n{said}"
        for key, said in (("why", why), ("fix", remedy))
        if said
    ]
    title = text(rule.titles, language) or rule.id
    level = _LEVELS[rule.severity]
    told: dict[str, Any] = {
        "id": rule.id,
        "shortDescription": {"text": title},
        "fullDescription": {"text": what or title},
        "help": {
            "text": "\n\n".join(filter(None, (what, why, remedy))) or title,
            "markdown": "\n\n".join(filter(None, (what, *headed))) or title,
        },
        "helpUri": rule.help,
        "defaultConfiguration": {"level": level},
        "properties": {
            "shape": rule.shape,
            "tags": ["rdf", "shacl"] if rule.shape else ["rdf"],
            "problem.severity": "recommendation" if level == "note" else level,
        },
    }
    return _held(told | {"properties": _held(told["properties"])})


def _properties(finding: Finding) -> dict[str, Any]:
    return _held(
        {
            "focus": finding.focus,
            "path": finding.path,
            "value": finding.value,
            "shape": finding.shape,
            "component": finding.component,
            "proof": list(finding.proof),
            "ownSeverity": finding.own_severity,
            "precision": finding.place.precision if finding.place else "none",
        }
    )


def _held(told: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in told.items() if value}


def _physical(place: Place) -> dict[str, Any]:
    held: dict[str, Any] = {"artifactLocation": _artifact(place.file)}
    if place.region is not None:
        held["region"] = _region(place.region)
    return {"physicalLocation": held}


def _artifact(file: str) -> dict[str, Any]:
    if file == files.STANDARD_INPUT:
        return {"uri": "standard-input", "description": {"text": "standard input"}}
    uri = files.uri(file)
    return {"uri": uri} if uri.startswith("file:") else {"uri": uri, "uriBaseId": _ROOT}


def _region(region: Region) -> dict[str, int]:
    return {
        "startLine": region.line,
        "startColumn": region.column,
        "endLine": region.end_line,
        "endColumn": region.end_column,
    }


def _changes(edits: Iterable[Edit]) -> list[dict[str, Any]]:
    by_file: dict[str, list[dict[str, Any]]] = {}
    for edit in edits:
        if edit.place.region is not None:
            replacement = {
                "deletedRegion": _region(edit.place.region),
                "insertedContent": {"text": edit.text},
            }
            by_file.setdefault(edit.place.file, []).append(replacement)
    return [
        {"artifactLocation": _artifact(file), "replacements": replacements}
        for file, replacements in by_file.items()
    ]
