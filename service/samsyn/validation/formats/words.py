"""The words that several reports share."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from samsyn import names
from samsyn.validation.finding import NOTHING, Report, text

_WORDS: Final[Mapping[str, Mapping[str, str]]] = MappingProxyType(
    {
        "en": MappingProxyType(
            {
                "checked": "checked {files}, {triples}, {nodes} with {shapes} ({profiles}; {how})",
                "file": "file", "files": "files", "triple": "triple", "triples": "triples",
                "node": "focus node", "nodes": "focus nodes", "shape": "shape", "shapes": "shapes",
                "inferred": "inferred: {inference}, engine: {engine}",
                "finding": "finding", "findings": "findings",
                "violation": "violation", "warning": "warning", "info": "info",
                "violations": "violations", "warnings": "warnings", "infos": "infos",
                "excused": "{count} more are known or excused",
                "unmatched": "matched nothing: {shapes}",
                "unmatched-heading": "Shapes that matched nothing",
                "more": "{count} more; all are in the reports",
                "fixable": "--fix mends this",
                "nothing": "nothing was checked: {why}",
                "no-triples": "no triples were found",
                "no-nodes": "no shape looks at any node of the data",
                "clean": "nothing found", "title": "Report of a check", "rule": "rule",
                "proof": "proof", "place": "place", "message": "message", "why": "Why it matters",
                "mend": "How to mend it", "elsewhere": "Without a place", "severity": "severity",
                "passed": "passed", "failed": "failed", "also": "see also", "notes": "Notes",
                "excused-heading": "Known or excused",
            }
        ),
        "sv": MappingProxyType(
            {
                "checked": "granskade {files}, {triples}, {nodes} med {shapes} ({profiles}; {how})",
                "file": "fil", "files": "filer", "triple": "trippel", "triples": "tripplar",
                "node": "fokusnod", "nodes": "fokusnoder", "shape": "form", "shapes": "former",
                "inferred": "härlett: {inference}, motor: {engine}",
                "finding": "fynd", "findings": "fynd",
                "violation": "fel", "warning": "varning", "info": "upplysning",
                "violations": "fel", "warnings": "varningar", "infos": "upplysningar",
                "excused": "{count} till är kända eller undantagna",
                "unmatched": "träffade ingenting: {shapes}",
                "unmatched-heading": "Former som inte träffade något",
                "more": "{count} till; alla finns i rapporterna",
                "fixable": "--fix rättar detta",
                "nothing": "ingenting granskades: {why}",
                "no-triples": "inga tripplar hittades",
                "no-nodes": "ingen form ser på någon nod i data",
                "clean": "inget funnet", "title": "Rapport från en granskning", "rule": "regel",
                "proof": "bevis", "place": "plats", "message": "meddelande",
                "why": "Varför det spelar roll", "mend": "Så rättas det",
                "elsewhere": "Utan plats", "severity": "allvar", "passed": "godkänt",
                "failed": "underkänt", "also": "se även", "notes": "Anmärkningar",
                "excused-heading": "Kända eller undantagna",
            }
        ),
    }
)  # fmt: skip


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
    return word(
        "checked",
        language,
        files=counted(len(held.files), "file", language),
        triples=counted(held.triples, "triple", language),
        nodes=counted(held.focus_nodes, "node", language),
        shapes=counted(len(held.shapes), "shape", language),
        profiles=", ".join(held.profiles),
        how=word("inferred", language, inference=held.inference, engine=held.engine),
    )


def unmatched(report: Report, language: str) -> str:
    """Return which shapes matched nothing, as one line, empty if all matched something."""
    shapes = ", ".join(short(shape) for shape in report.checked.unmatched)
    return word("unmatched", language, shapes=shapes) if shapes else ""


def short(shape: str) -> str:
    """Return the IRI of a shape, without the namespace if it is ours."""
    return shape.removeprefix(names.SHAPES)


def found(report: Report, language: str) -> str:
    """Return what was found, as one line."""
    kinds = [finding.severity for finding in report.findings]
    parts = [
        counted(kinds.count(kind), kind, language)
        for kind in ("violation", "warning", "info")
        if kind in kinds
    ]
    told = ", ".join(parts) or word("clean", language)
    excused = word("excused", language, count=len(report.excused)) if report.excused else ""
    return f"{told} ({excused})" if excused else told


def nothing(report: Report, language: str) -> str:
    """Return that nothing was checked and why, empty if something was."""
    if report.exit_code != NOTHING:
        return ""
    why = "no-nodes" if report.checked.triples else "no-triples"
    return word("nothing", language, why=word(why, language))


def notes(report: Report, language: str) -> list[str]:
    """Return all else that a reader should know, a line each."""
    lines = [text(note, language) for note in report.notes]
    return [*lines, *filter(None, (unmatched(report, language), nothing(report, language)))]
