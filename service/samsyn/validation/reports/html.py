"""The report as a page to read: one file, no script, everything escaped.

A text in another language than the page says so, for those who have the page read to them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from html import escape as escaped
from typing import Final

from samsyn.positions.text import Texts
from samsyn.validation.finding import Finding, Report, Rule, text
from samsyn.validation.reports import files, words
from samsyn.validation.reports.words import readable, word, writable

FOLD: Final = 100
"""How many findings of a file are shown unfolded."""

_STYLE: Final = """\
:root { color-scheme: light dark; --ink: #1b1f24; --paper: #fff; --line: #6b7480;
  --bad: #a3151b; --warn: #7a4b00; --info: #0a4f8f; }
@media (prefers-color-scheme: dark) { :root { --ink: #e8eaed; --paper: #15181c; --line: #8d959e;
  --bad: #ff9a9a; --warn: #ffc56b; --info: #8cc4ff; } }
body { margin: 0 auto; max-width: 72rem; padding: 1rem 1.5rem 4rem;
  font: 1rem/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper); }
h1 { font-size: 1.6rem; }
h2 { font-size: 1.25rem; margin-top: 2.5rem; overflow-wrap: anywhere; }
.findings { list-style: none; padding: 0; }
.findings > li { border-left: .3rem solid var(--line); margin: 0 0 1.25rem; padding: .2rem 1rem; }
.findings > .violation { border-color: var(--bad); }
.findings > .warning { border-color: var(--warn); }
.findings > .info { border-color: var(--info); }
.kind { font-weight: 700; }
.violation .kind { color: var(--bad); }
.warning .kind { color: var(--warn); }
.info .kind { color: var(--info); }
p { margin: .25rem 0; }
code, pre { font: .9rem/1.5 ui-monospace, monospace; overflow-wrap: anywhere; }
pre { margin: .25rem 0; white-space: pre-wrap; }
a { color: var(--info); overflow-wrap: anywhere; }
summary { cursor: pointer; }
"""


def written(report: Report, language: str, _limit: int) -> str:
    """Return the report as a page with all findings, by file.

    Args:
        report: the report.
        language: the language of the page.
    """
    return "\n".join(map(writable, _Page(report, language).lines())) + "\n"


def _escape(said: str) -> str:
    """Return a text as HTML that shows it; none of its characters turns what stands after it."""
    return escaped(readable(said))


class _Page:
    """The page of a report.

    Args:
        report: the report.
        language: its language.
    """

    def __init__(self, report: Report, language: str) -> None:
        self.report = report
        self.language = language

    def lines(self) -> Iterator[str]:
        """Yield the lines of the page."""
        title = self._word("title")
        yield "<!DOCTYPE html>"
        yield f'<html lang="{_escape(self.language)}">'
        yield '<head><meta charset="utf-8">'
        yield '<meta name="viewport" content="width=device-width, initial-scale=1">'
        yield f"<title>{title}</title>"
        yield f"<style>\n{_STYLE}</style></head>"
        yield f"<body><main><h1>{title}</h1>"
        yield from self._sum()
        yield from self._by_rule()
        yield from self._findings()
        yield from self._unmatched()
        yield from self._excused()
        yield "</main></body></html>"

    def _word(self, name: str) -> str:
        return _escape(word(name, self.language))

    def _said(self, texts: Texts) -> str:
        said = text(texts, self.language)
        held = next((language for language, each in texts if each == said), "")
        if held in ("", self.language):
            return _escape(said)
        return f'<span lang="{_escape(held)}">{_escape(said)}</span>'

    def _sum(self) -> Iterator[str]:
        report = self.report
        yield f"<p><strong>{_escape(words.found(report, self.language))}</strong></p>"
        yield f"<p>{_escape(words.checked(report, self.language))}</p>"
        for note in words.notes(report, self.language):
            yield f"<p>{_escape(note)}</p>"

    def _by_rule(self) -> Iterator[str]:
        if not words.is_long(self.report):
            return
        heads = "".join(f"<th>{self._word(each)}</th>" for each in ("count", "severity", "rule"))
        yield f"<section><h2>{self._word('by-rule')}</h2><table><thead><tr>{heads}</tr></thead>"
        yield "<tbody>"
        for row in words.by_rule(self.report, self.language):
            name = f"{_escape(row.title)} <code>{_escape(row.rule)}</code>"
            kind = self._word(row.severity)
            yield f"<tr><td>{row.count}</td><td>{kind}</td><td>{name}</td></tr>"
        yield "</tbody></table></section>"

    def _by_file(self) -> dict[str, list[Finding]]:
        found: dict[str, list[Finding]] = {}
        for finding in self.report.findings:
            file = files.path(finding.place.file) if finding.place else ""
            found.setdefault(file, []).append(finding)
        # Those without a place come last.
        return dict(sorted(found.items(), key=lambda pair: (not pair[0], pair[0])))

    def _findings(self) -> Iterator[str]:
        by_file = self._by_file()
        if len(by_file) > 1:
            yield f'<nav aria-labelledby="files"><h2 id="files">{self._word("files-heading")}</h2>'
            yield "<ul>"
            for number, (file, found) in enumerate(by_file.items(), 1):
                count = words.counted(len(found), "finding", self.language)
                yield f'<li><a href="#file-{number}">{self._file(file)}</a>: {_escape(count)}</li>'
            yield "</ul></nav>"
        for number, (file, found) in enumerate(by_file.items(), 1):
            yield f'<section><h2 id="file-{number}">{self._file(file)}</h2>'
            yield from self._long(found)
            yield "</section>"

    def _file(self, file: str) -> str:
        if file == files.STANDARD_INPUT:
            return self._word("input")
        return _escape(file) or self._word("elsewhere")

    def _long(self, findings: Sequence[Finding]) -> Iterator[str]:
        # Of a flood the worst come first and the rest is folded; a search opens the fold.
        if len(findings) <= FOLD:
            yield from self._list(findings)
            return
        sorted_ = words.worst(findings)
        yield from self._list(sorted_[:FOLD])
        count = words.counted(len(findings) - FOLD, "finding", self.language)
        yield f"<details><summary>{self._word('further')}: {_escape(count)}</summary>"
        yield from self._list(sorted_[FOLD:])
        yield "</details>"

    def _list(self, findings: Iterable[Finding]) -> Iterator[str]:
        yield '<ol class="findings">'
        for finding in findings:
            yield f'<li class="{_escape(finding.severity)}">'
            yield from self._finding(finding)
            yield "</li>"
        yield "</ol>"

    def _finding(self, finding: Finding) -> Iterator[str]:
        region = finding.place.region if finding.place else None
        where = f" <code>{region.line}:{region.column}</code>" if region else ""
        kind = _escape(words.kind(finding, self.language))
        said = self._said(finding.messages)
        yield f'<p><span class="kind">{kind}</span>{where} {said}</p>'
        about = words.about(finding)
        if about:
            yield f"<p>{' '.join(f'<code>{_escape(part)}</code>' for part in about)}</p>"
        for each in finding.related:
            yield f"<p><code>{_escape(str(each.place))}</code> {self._said(each.messages)}</p>"
        if finding.proof:
            yield f"<p>{self._word('proof')}:</p>"
            yield f"<pre>{_escape(chr(10).join(finding.proof))}</pre>"
        if words.fixable(finding):
            yield f"<p>{self._word('fixable')}</p>"
        yield from self._rule(finding.rule, self.report.rules.get(finding.rule))

    def _rule(self, name: str, rule: Rule | None) -> Iterator[str]:
        title = self._said(rule.titles) if rule else ""
        yield f"<details><summary><code>{_escape(name)}</code> {title}</summary>"
        for heading, said in (("why", rule.whys), ("fix", rule.remedies)) if rule else ():
            if said:
                yield f"<p><strong>{self._word(heading)}.</strong> {self._said(said)}</p>"
        if rule and rule.help.startswith(("https:", "http:")):
            yield f'<p><a href="{_escape(rule.help)}">{_escape(rule.help)}</a></p>'
        yield "</details>"

    def _unmatched(self) -> Iterator[str]:
        shapes = words.unmatched(self.report)
        if shapes:
            yield f"<section><h2>{self._word('unmatched-heading')}</h2><ul>"
            yield from (f"<li><code>{_escape(shape)}</code></li>" for shape in shapes)
            yield "</ul></section>"

    def _excused(self) -> Iterator[str]:
        excused = (*self.report.excused, *self.report.ignored)
        if excused:
            yield f"<section><h2>{self._word('excused-heading')}</h2><ul>"
            for finding in excused:
                where = f"<code>{_escape(str(finding.place))}</code> " if finding.place else ""
                name = f"<code>{_escape(finding.rule)}</code>"
                yield f"<li>{where}{name} {self._said(finding.messages)}</li>"
            yield "</ul></section>"
