"""The report as JUnit XML, which nearly every CI shows: a case for each shape and file.

A file has also a case for its syntax, so that a suite without shapes is not an empty one. Findings
that do not fail the check are in the output of their case.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Final
from xml.etree import ElementTree

from samsyn.validation.finding import Finding, Report, Rule, text
from samsyn.validation.reports import files, words
from samsyn.validation.reports.words import word, writable

_SYNTAX: Final = "SAM-syntax"
_CLAIM: Final = '<?xml version="1.0" encoding="UTF-8"?>\n'


def written(report: Report, language: str, _limit: int) -> str:
    """Return the report as JUnit XML with all findings.

    Args:
        report: the report.
        language: the language of the messages.
    """
    return _CLAIM + ElementTree.tostring(_Suite(report, language).element(), "unicode") + "\n"


class _Suite:
    """The cases of a report.

    Args:
        report: the report.
        language: the language of the messages.
    """

    def __init__(self, report: Report, language: str) -> None:
        self.report = report
        self.language = language
        self.failing = set(map(id, report.failing))
        self.idle = {rule.id for rule in report.rules.values() if self._idle(rule)}
        self.counts = {"tests": 0, "failures": 0, "errors": 0, "skipped": 0}

    def element(self) -> ElementTree.Element:
        """Return the whole, with its cases and their counts."""
        root = ElementTree.Element("testsuites")
        suite = ElementTree.SubElement(root, "testsuite", name="samsyn validate")
        self._properties(suite)
        for (file, rule), findings in self._cases().items():
            self._case(suite, file, rule, findings)
        suite.attrib |= {key: str(value) for key, value in self.counts.items()}
        suite.set("time", "0")
        ElementTree.SubElement(suite, "system-out").text = self._sum()
        ElementTree.indent(root)
        return root

    def _idle(self, rule: Rule) -> bool:
        looked = [nodes for shape, nodes in self.report.checked.shapes if shape in rule.within]
        return bool(looked) and not any(looked)

    def _cases(self) -> dict[tuple[str, str], list[Finding]]:
        rules = [rule.id for rule in self.report.rules.values() if rule.shape]
        found: dict[tuple[str, str], list[Finding]] = defaultdict(list)
        for file in self.report.checked.files:
            found |= {(files.path(file), rule): [] for rule in (_SYNTAX, *rules)}
        nowhere = word("elsewhere", self.language)
        for finding in self.report.findings:
            file = files.path(finding.place.file) if finding.place else nowhere
            found[file, finding.rule].append(finding)
        return dict(sorted(found.items()))

    def _case(
        self, suite: ElementTree.Element, file: str, rule: str, findings: list[Finding]
    ) -> None:
        case = ElementTree.SubElement(
            suite, "testcase", classname=writable(file), name=self._name(rule), time="0"
        )
        failed = [finding for finding in findings if id(finding) in self.failing]
        self.counts["tests"] += 1
        self.counts["failures"] += bool(failed)
        if failed:
            self._failure(case, failed)
        elif not findings and rule in self.idle:
            self.counts["skipped"] += 1
            ElementTree.SubElement(case, "skipped").text = word("skipped", self.language)
        rest = [finding for finding in findings if id(finding) not in self.failing]
        if rest:
            ElementTree.SubElement(case, "system-out").text = self._told(rest)

    def _name(self, rule: str) -> str:
        known = self.report.rules.get(rule)
        title = text(known.titles, self.language) if known else ""
        return writable(f"{rule}: {title}" if title else rule)

    def _failure(self, case: ElementTree.Element, findings: list[Finding]) -> None:
        said = findings[0].message(self.language)
        if len(findings) > 1:
            said = f"{words.counted(len(findings), 'finding', self.language)}: {said}"
        worst = words.worst(findings)[0]
        failure = ElementTree.SubElement(
            case,
            "failure",
            message=writable(said),
            type=writable(worst.own_severity or worst.severity),
        )
        failure.text = self._told(findings)

    def _told(self, findings: Iterable[Finding]) -> str:
        return writable("\n".join(line for each in findings for line in self._lines(each)))

    def _lines(self, finding: Finding) -> Iterable[str]:
        where = f"{finding.place}: " if finding.place else ""
        yield f"{where}{words.kind(finding, self.language)}: {finding.message(self.language)}"
        yield from filter(None, (" ".join(words.about(finding)), *finding.proof))

    def _properties(self, suite: ElementTree.Element) -> None:
        held = self.report.checked
        figures = {
            "files": len(held.files),
            "triples": held.triples,
            "focus-nodes": held.focus_nodes,
            "shapes": len(held.shapes),
            "unmatched-shapes": " ".join(held.unmatched),
            "profiles": " ".join(held.profiles),
            "inference": held.inference,
            "engine": held.engine,
            "exit-code": self.report.exit_code,
        }
        properties = ElementTree.SubElement(suite, "properties")
        for name, value in figures.items():
            ElementTree.SubElement(properties, "property", name=name, value=writable(str(value)))

    def _sum(self) -> str:
        found = words.found(self.report, self.language)
        told = words.remarks(self.report, self.language)
        return writable("\n".join((*told, found, words.checked(self.report, self.language))))
