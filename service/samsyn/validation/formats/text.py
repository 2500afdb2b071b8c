"""The report for a person at a terminal."""

from __future__ import annotations

from collections.abc import Iterator

from samsyn.validation.finding import Finding, Report, text
from samsyn.validation.formats import words
from samsyn.validation.formats.words import word


def written(report: Report, language: str, limit: int) -> str:
    """Return the report: the findings, a few lines each, and the sum.

    Args:
        report: the report.
        language: the language of the messages.
        limit: how many findings are shown; 0: all.
    """
    return "".join(f"{line}\n" for line in _lines(report, language, limit))


def _lines(report: Report, language: str, limit: int) -> Iterator[str]:
    shown = report.findings[: limit or None]
    for finding in shown:
        yield from _finding(finding, language)
    left = len(report.findings) - len(shown)
    if left:
        yield word("more", language, count=left)
    yield from words.notes(report, language)
    yield f"{words.found(report, language)}: {words.checked(report, language)}"


def _finding(finding: Finding, language: str) -> Iterator[str]:
    where = f"{finding.place}: " if finding.place else ""
    kind = word(finding.severity, language)
    yield f"{where}{kind}: {_plain(finding.message(language))} [{finding.rule}]"
    about = " ".join(filter(None, (finding.focus, _path(finding.path), finding.value)))
    if about:
        yield f"    {_plain(about)}"
    for related in finding.related:
        yield f"    {related.place}: {_plain(text(related.messages, language))}"
    yield from (f"    {_plain(line)}" for line in finding.proof)
    if finding.edits:
        yield f"    {word('fixable', language)}"


def _path(path: str) -> str:
    return f"<{path}>" if path and not path.startswith(("(", "^", "<")) else path


def _plain(line: str) -> str:
    # A control character in somebody's data must not move the cursor of who reads the report.
    return "".join(c if c.isprintable() else f"\\u{ord(c):04x}" for c in line)
