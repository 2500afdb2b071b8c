"""The words and lines that several reports share."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from samsyn import names
from samsyn.validation.finding import (
    ANONYMOUS,
    NOTHING,
    SEVERITIES,
    Checked,
    Finding,
    Report,
    text,
)

_WORDS: Final[Mapping[str, Mapping[str, str]]] = MappingProxyType(
    {
        "en": MappingProxyType(
            {
                "checked": "checked {files}, {triples}, {nodes} with {shapes} ({how})",
                "file": "file", "files": "files", "triple": "triple", "triples": "triples",
                "node": "focus node", "nodes": "focus nodes", "shape": "shape", "shapes": "shapes",
                "inferred": "inferred: {inference}", "engine": "engine: {engine}",
                "evaluated": "{engine} for constraints of {shapes}",
                "violation": "violation", "warning": "warning", "info": "info",
                "debug": "debug", "trace": "trace", "debugs": "debugs", "traces": "traces",
                "violations": "violations", "warnings": "warnings", "infos": "infos",
                "finding": "finding", "findings": "findings",
                "excused": "not counted: {count} known, excused or ignored",
                "unmatched": "shapes that matched nothing: {shapes}",
                "unmatched-heading": "Shapes that matched nothing",
                "deactivated": "shapes switched off: {shapes}",
                "skipped": "The shape matched nothing in any file.",
                "more": "and {count} more; --max-findings 0 shows them, --report writes them all",
                "rest": "and {count} more; they are in the other reports",
                "further": "further", "fixable": "--fix fixes this",
                "nothing": "nothing was checked: {why}",
                "no-triples": "no triples were found",
                "no-nodes": "no shape looks at any node of the data",
                "clean": "nothing found", "unchecked": "nothing checked",
                "title": "Report of a check", "rule": "rule",
                "proof": "Proof", "place": "place", "message": "message", "why": "Why it matters",
                "fix": "How to fix it", "elsewhere": "without a place", "severity": "severity",
                "notes": "Notes", "files-heading": "Files", "input": "standard input",
                "excused-heading": "Known, excused or ignored", "count": "count",
                "ignored": "ignored by the settings: {rules}",
                "ignoring": "The settings ignore the rule.", "by-rule": "Findings by rule",
                "justified": "It is in the baseline or in a list of exceptions.",
                "stand-in": "The place is not known; the first file stands in for it.",
                "root": "The folder in which the check ran.",
            }
        ),
        "sv": MappingProxyType(
            {
                "checked": "granskade {files}, {triples}, {nodes} med {shapes} ({how})",
                "file": "fil", "files": "filer", "triple": "trippel", "triples": "tripplar",
                "node": "fokusnod", "nodes": "fokusnoder", "shape": "form", "shapes": "former",
                "inferred": "härlett: {inference}", "engine": "motor: {engine}",
                "evaluated": "{engine} för villkor i {shapes}",
                "violation": "fel", "warning": "varning", "info": "upplysning",
                "debug": "felsökning", "trace": "spårning",
                "debugs": "felsökningar", "traces": "spårningar",
                "violations": "fel", "warnings": "varningar", "infos": "upplysningar",
                "finding": "fynd", "findings": "fynd",
                "excused": "räknas inte: {count} kända, undantagna eller ignorerade",
                "unmatched": "former som inte träffade något: {shapes}",
                "unmatched-heading": "Former som inte träffade något",
                "deactivated": "avstängda former: {shapes}",
                "skipped": "Formen träffade ingenting i någon fil.",
                "more": "och {count} till; --max-findings 0 visar dem, --report skriver ut alla",
                "rest": "och {count} till; de står i de andra rapporterna",
                "further": "ytterligare", "fixable": "--fix rättar detta",
                "nothing": "ingenting granskades: {why}",
                "no-triples": "inga tripplar hittades",
                "no-nodes": "ingen form ser på någon nod i data",
                "clean": "inget funnet", "unchecked": "inget granskat",
                "title": "Rapport från en granskning", "rule": "regel",
                "proof": "Bevis", "place": "plats", "message": "meddelande",
                "why": "Varför det spelar roll", "fix": "Så rättas det",
                "elsewhere": "utan plats", "severity": "allvar",
                "notes": "Anmärkningar", "files-heading": "Filer", "input": "standard in",
                "excused-heading": "Kända, undantagna eller ignorerade", "count": "antal",
                "ignored": "ignorerat enligt inställningarna: {rules}",
                "ignoring": "Inställningarna ignorerar regeln.", "by-rule": "Fynd efter regel",
                "justified": "Det står i baslinjen eller i en lista över undantag.",
                "stand-in": "Platsen är inte känd; den första filen står i dess ställe.",
                "root": "Mappen där granskningen gjordes.",
            }
        ),
    }
)  # fmt: skip

_FORBIDDEN: Final = (
    "[^\t\n\r\u0020-\u007e\u00a0-\ud7ff\ue000-\ufdcf\ufdf0-\ufffd\U00010000-\U0010ffff]"
    f"|[{''.join(chr(end - 2) + chr(end - 1) for end in range(0x20000, 0x120000, 0x10000))}]"
)
"""What XML 1.0 (section 2.2) or HTML (section 13.2.3.5) has no way to write or advises against.

Compiled when it is used."""

_TURNING: Final = "[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]"


_SHORT: Final = 10


def word(name: str, language: str, **values: object) -> str:
    """Return a word or sentence in a language, English if there is none.

    Args:
        name: its key.
        language: sv or en.
        values: what is put into it.
    """
    return _WORDS.get(language, _WORDS["en"])[name].format(**values)


def counted(number: int, name: str, language: str) -> str:
    """Return a number with the word for what is counted, as in ``3 files``."""
    return f"{number} {word(name if number == 1 else name + 's', language)}"


def checked(report: Report, language: str) -> str:
    """Return how much was checked, as one line."""
    held = report.checked
    engine = word("engine", language, engine=held.engine) if held.engine else ""
    inferred = word("inferred", language, inference=held.inference) if held.inference else ""
    return word(
        "checked",
        language,
        files=counted(len(held.files), "file", language),
        triples=counted(held.triples, "triple", language),
        nodes=counted(held.focus_nodes, "node", language),
        shapes=counted(len(held.shapes), "shape", language),
        how="; ".join(
            filter(None, (", ".join(held.profiles), inferred, engine, *_evaluated(held, language)))
        ),
    )


def _evaluated(held: Checked, language: str) -> Iterator[str]:
    for name in sorted({by for _, by in held.evaluated}):
        shapes = sum(by == name for _, by in held.evaluated)
        whole = counted(shapes, "shape", language)
        yield word("evaluated", language, engine=name, shapes=whole)


def unmatched(report: Report) -> list[str]:
    """Return the shapes that matched nothing, those of ours by their short names."""
    return [shape.removeprefix(names.SHAPES) for shape in report.checked.unmatched]


def found(report: Report, language: str) -> str:
    """Return what was found, as one line."""
    kinds = [finding.severity for finding in report.findings]
    parts = [counted(kinds.count(kind), kind, language) for kind in SEVERITIES if kind in kinds]
    # "Nothing found" would sound like a clean check.
    none = "unchecked" if report.exit_code == NOTHING else "clean"
    told = ", ".join(parts) or word(none, language)
    left_out = len(report.excused) + len(report.ignored)
    excused = word("excused", language, count=left_out) if left_out else ""
    return f"{told} ({excused})" if excused else told


def kind(finding: Finding, language: str) -> str:
    """Return the severity of a finding in words, with the IRI where the shape states its own."""
    known = word(finding.severity, language)
    return f"{known} ({finding.own_severity})" if finding.own_severity else known


@dataclass(frozen=True)
class Row:
    """How often a rule was broken.

    Args:
        rule: id of the rule.
        severity: severity of the findings.
        count: how many there are.
        title: what the rule is called.
    """

    rule: str
    severity: str
    count: int
    title: str


def by_rule(report: Report, language: str) -> list[Row]:
    """Return the findings counted by rule and severity: the worst first, then the most frequent."""
    counts = Counter((finding.severity, finding.rule) for finding in report.findings)
    rows = [
        Row(rule, severity, count, _title(report, rule, language))
        for (severity, rule), count in counts.items()
    ]
    return sorted(rows, key=lambda row: (SEVERITIES.index(row.severity), -row.count, row.rule))


def _title(report: Report, rule: str, language: str) -> str:
    return text(report.rules[rule].titles, language) if rule in report.rules else ""


def is_long(report: Report) -> bool:
    """Return whether there are so many findings that a reader wants them counted by rule first."""
    return len(report.findings) > _SHORT


def nothing(report: Report, language: str) -> str:
    """Return that nothing was checked and why, empty if something was."""
    if report.exit_code != NOTHING:
        return ""
    why = "no-nodes" if report.checked.triples else "no-triples"
    return word("nothing", language, why=word(why, language))


def notes(report: Report, language: str) -> list[str]:
    """Return what a reader should know as well, a line each; at last if nothing was checked."""
    lines = [text(note, language) for note in report.notes]
    off = ", ".join(shape.removeprefix(names.SHAPES) for shape in report.checked.deactivated)
    if off:
        lines.append(word("deactivated", language, shapes=off))
    ignored = Counter(finding.rule for finding in report.ignored)
    if ignored:
        rules = ", ".join(f"{rule} ({count})" for rule, count in sorted(ignored.items()))
        lines.append(word("ignored", language, rules=rules))
    return [*lines, *filter(None, (nothing(report, language),))]


def remarks(report: Report, language: str) -> list[str]:
    """Return the notes and, as a line of its own, the shapes that matched nothing."""
    shapes = ", ".join(unmatched(report))
    told = [word("unmatched", language, shapes=shapes)] if shapes else []
    return [*told, *notes(report, language)]


def about(finding: Finding) -> tuple[str, ...]:
    """Return the node, property and value of a finding, those that it has.

    They are written as in N-Triples, but for blank nodes, which have no label of their own.
    """
    path = finding.path
    if path and not path.startswith(("(", "^", "<")):
        path = f"<{path}>"
    # A shape of the node itself gives the node as the value too.
    value = finding.value if path or finding.value != finding.focus else ""
    terms = (finding.focus, path, value)
    return tuple(ANONYMOUS if term.startswith("_:") else term for term in terms if term)


def fixable(finding: Finding) -> bool:
    """Return whether ``--fix`` can fix a finding: streams and packed files are not edited."""
    held = [edit.place.file for edit in finding.edits]
    return bool(held) and not any(file == "-" or file.endswith(".gz") for file in held)


def worst(findings: Iterable[Finding]) -> list[Finding]:
    """Return findings in the order of their severity, else in their own order."""
    return sorted(findings, key=lambda finding: SEVERITIES.index(finding.severity))


def readable(said: str) -> str:
    """Return a text with the characters that turn the direction of writing made visible."""
    return re.sub(_TURNING, lambda found: f"\\u{ord(found[0]):04X}", said)


def writable(said: str) -> str:
    """Return a text as XML and HTML can hold it."""
    return re.sub(_FORBIDDEN, "\ufffd", said.replace("\r\n", "\n").replace("\r", "\n"))
