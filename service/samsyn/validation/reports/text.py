"""The report for a person at a terminal."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from typing import Final

from samsyn.validation.finding import Finding, Report, text
from samsyn.validation.reports import words
from samsyn.validation.reports.words import word

_WIDTH: Final = 100
_INDENT: Final = "    "
_HIDDEN: Final = frozenset({"Cc", "Co", "Cs", "Zl", "Zp"})
"""Categories of characters that a terminal obeys or cannot show."""


def written(report: Report, language: str, limit: int) -> str:
    """Return the report: the findings, a few lines each, and the sum.

    Args:
        report: the report.
        language: the language of the messages.
        limit: how many findings are shown, the worst ones; 0: all.
    """
    return "".join(f"{line}\n" for line in _lines(report, language, limit))


def _lines(report: Report, language: str, limit: int) -> Iterator[str]:
    yield from _summary(report, language)
    kept = set(map(id, words.worst(report.findings)[: limit or None]))
    for finding in report.findings:
        if id(finding) in kept:
            yield from _finding(finding, language)
    left = len(report.findings) - len(kept)
    if left:
        yield word("more", language, count=left)
    yield from _unmatched(report, language)
    yield from map(_plain, words.notes(report, language))
    yield _plain(f"{words.found(report, language)}: {words.checked(report, language)}")


def _summary(report: Report, language: str) -> Iterator[str]:
    if not words.is_long(report):
        return
    rows = words.by_rule(report, language)
    kinds = {row.severity: word(row.severity, language) for row in rows}
    width = max(len(str(row.count)) for row in rows)
    longest = max(map(len, kinds.values()))
    for row in rows:
        kind = kinds[row.severity]
        yield _plain(f"{row.count:>{width}} {kind:<{longest}} {row.title} [{row.rule}]")
    yield ""


def _unmatched(report: Report, language: str) -> Iterator[str]:
    from textwrap import wrap

    shapes = ", ".join(words.unmatched(report))
    if shapes:
        said = _plain(word("unmatched", language, shapes=shapes))
        yield from wrap(
            said,
            _WIDTH,
            subsequent_indent=_INDENT,
            break_long_words=False,
            break_on_hyphens=False,
        )


def _finding(finding: Finding, language: str) -> Iterator[str]:
    where = f"{finding.place}: " if finding.place else ""
    kind = words.kind(finding, language)
    yield _plain(f"{where}{kind}: {finding.message(language)} [{finding.rule}]")
    about = words.about(finding)
    if about:
        yield _INDENT + _plain(" ".join(about))
    for related in finding.related:
        yield _INDENT + _plain(f"{related.place}: {text(related.messages, language)}")
    yield from (_INDENT + _plain(line) for line in _details(finding, language))
    yield from (_INDENT + _plain(step) for step in finding.proof)
    if words.fixable(finding):
        yield _INDENT + word("fixable", language)


def _details(finding: Finding, language: str) -> Iterator[str]:
    for detail in finding.details:
        yield f"{' '.join(words.about(detail))}: {detail.message(language)}"
        yield from (_INDENT + line for line in _details(detail, language))


def _plain(line: str) -> str:
    if line.isprintable():
        return line
    # A character in somebody's data must not move the cursor of who reads the report.
    return "".join(map(_shown, words.readable(" ".join(line.splitlines()))))


def _shown(character: str) -> str:
    if unicodedata.category(character) in _HIDDEN:
        number = ord(character)
        return f"\\u{number:04X}" if number <= 0xFFFF else f"\\U{number:08X}"  # noqa: PLR2004
    return character
