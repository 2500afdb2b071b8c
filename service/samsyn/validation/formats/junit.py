"""The report as JUnit XML, which nearly every CI shows: a case for each shape and file."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from typing import Final
from xml.etree import ElementTree

from samsyn.validation.finding import Finding, Report, text
from samsyn.validation.formats import words

_FORBIDDEN: Final = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 (section 2.2) has no way to write."""


def written(report: Report, language: str, _limit: int) -> str:
    """Return the report as JUnit XML with all findings.

    Args:
        report: the report.
        language: the language of the messages.
    """
    suite = ElementTree.Element("testsuite", name="samsyn validate")
    _properties(suite, report, language)
    cases = _cases(report)
    failing = set(map(id, report.failing))
    skipped = set(report.checked.unmatched)
    counts = {"tests": len(cases), "failures": 0, "errors": 0, "skipped": 0}
    for (file, rule), findings in cases.items():
        case = ElementTree.SubElement(suite, "testcase", classname=_clean(file), name=_clean(rule))
        failed = [finding for finding in findings if id(finding) in failing]
        shape = report.rules[rule].shape if rule in report.rules else ""
        counts["failures"] += bool(failed)
        if failed:
            _failure(case, failed, language)
        elif not findings and shape in skipped:
            counts["skipped"] += 1
            ElementTree.SubElement(
                case, "skipped", message=words.word("unmatched-heading", language)
            )
        rest = [finding for finding in findings if id(finding) not in failing]
        if rest:
            ElementTree.SubElement(case, "system-out").text = _told(rest, language)
    suite.attrib |= {key: str(value) for key, value in counts.items()}
    ElementTree.SubElement(suite, "system-out").text = _clean(_sum(report, language))
    root = ElementTree.Element("testsuites")
    root.append(suite)
    ElementTree.indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ElementTree.tostring(root, "unicode") + "\n"


def _cases(report: Report) -> dict[tuple[str, str], list[Finding]]:
    found: dict[tuple[str, str], list[Finding]] = defaultdict(list)
    for file in report.checked.files:
        for rule in report.rules.values():
            if rule.shape:
                found[file, rule.id] = []
    for finding in report.findings:
        found[finding.place.file if finding.place else "", finding.rule].append(finding)
    return dict(sorted(found.items()))


def _properties(suite: ElementTree.Element, report: Report, language: str) -> None:
    held = report.checked
    figures = {
        "files": len(held.files),
        "triples": held.triples,
        "focus-nodes": held.focus_nodes,
        "shapes": len(held.shapes),
        "unmatched-shapes": " ".join(held.unmatched),
        "profiles": " ".join(held.profiles),
        "inference": held.inference,
        "engine": held.engine,
        "exit-code": report.exit_code,
        "checked": words.checked(report, language),
    }
    held_by = ElementTree.SubElement(suite, "properties")
    for name, value in figures.items():
        ElementTree.SubElement(held_by, "property", name=name, value=_clean(str(value)))


def _failure(case: ElementTree.Element, findings: list[Finding], language: str) -> None:
    first = findings[0]
    failure = ElementTree.SubElement(
        case, "failure", message=_clean(first.message(language)), type=first.severity
    )
    failure.text = _told(findings, language)


def _told(findings: Iterable[Finding], language: str) -> str:
    lines = (line for finding in findings for line in _lines(finding, language))
    return _clean("\n".join(lines))


def _lines(finding: Finding, language: str) -> Iterable[str]:
    where = f"{finding.place}: " if finding.place else ""
    yield f"{where}{finding.severity}: {finding.message(language)}"
    about = " ".join(filter(None, (finding.focus, finding.path, finding.value)))
    yield from filter(None, (about, *finding.proof))


def _sum(report: Report, language: str) -> str:
    told = [text(note, language) for note in report.notes]
    return "\n".join((*told, words.checked(report, language)))


def _clean(said: str) -> str:
    return _FORBIDDEN.sub("\ufffd", said)
