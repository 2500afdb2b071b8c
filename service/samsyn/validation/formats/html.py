"""The report as a page to read: one file, no script, everything escaped."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from html import escape
from typing import Final

from samsyn.validation.finding import Finding, Report, Rule, text
from samsyn.validation.formats import words
from samsyn.validation.formats.words import word

_STYLE: Final = """\
:root{color-scheme:light dark;
--ink:#1b1f24;--paper:#fff;--line:#8a929b;--bad:#a3151b;--warn:#7a4b00;--info:#0a4f8f}
@media(prefers-color-scheme:dark){:root{
--ink:#e8eaed;--paper:#15181c;--line:#7d858e;--bad:#ff9a9a;--warn:#ffc56b;--info:#8cc4ff}}
body{margin:0 auto;max-width:72rem;padding:1rem 1.5rem 4rem;
font:1rem/1.5 system-ui,sans-serif;color:var(--ink);background:var(--paper)}
h1{font-size:1.5rem}h2{font-size:1.2rem;margin-top:2.5rem;overflow-wrap:anywhere}
ol,ul.plain{list-style:none;padding:0}
li.finding{border-left:.3rem solid var(--line);padding:.2rem 0 .2rem 1rem;margin:0 0 1.2rem}
li.violation{border-color:var(--bad)}li.warning{border-color:var(--warn)}
li.info{border-color:var(--info)}.kind{font-weight:700}.violation .kind{color:var(--bad)}
.warning .kind{color:var(--warn)}.info .kind{color:var(--info)}p{margin:.2rem 0}
code,pre{font:.9rem/1.4 ui-monospace,monospace;overflow-wrap:anywhere}pre{white-space:pre-wrap}
a{color:var(--info)}details{margin:.2rem 0}summary{cursor:pointer}
"""


def written(report: Report, language: str, _limit: int) -> str:
    """Return the report as a page with all findings, by file.

    Args:
        report: the report.
        language: the language of the page.
    """
    return "\n".join(_page(report, language)) + "\n"


def _page(report: Report, language: str) -> Iterator[str]:
    title = escape(word("title", language))
    yield "<!DOCTYPE html>"
    yield f'<html lang="{escape(language)}"><head><meta charset="utf-8">'
    yield '<meta name="viewport" content="width=device-width, initial-scale=1">'
    yield f"<title>{title}</title><style>{_STYLE}</style></head><body><main>"
    yield f"<h1>{title}</h1>"
    yield f"<p><strong>{escape(words.found(report, language))}</strong></p>"
    yield f"<p>{escape(words.checked(report, language))}</p>"
    for note in [text(note, language) for note in report.notes]:
        yield f"<p>{escape(note)}</p>"
    if words.nothing(report, language):
        yield f"<p>{escape(words.nothing(report, language))}</p>"
    by_file: dict[str, list[Finding]] = defaultdict(list)
    for finding in report.findings:
        by_file[finding.place.file if finding.place else ""].append(finding)
    for number, (file, findings) in enumerate(sorted(by_file.items()), 1):
        heading = file or word("elsewhere", language)
        yield f'<h2 id="file-{number}">{escape(heading)}</h2><ol>'
        for finding in findings:
            yield from _finding(finding, report.rules.get(finding.rule), language)
        yield "</ol>"
    yield from _unmatched(report, language)
    yield "</main></body></html>"


def _finding(finding: Finding, rule: Rule | None, language: str) -> Iterator[str]:
    place = finding.place
    region = place.region if place else None
    where = f" <code>{region.line}:{region.column}</code>" if region else ""
    kind = escape(word(finding.severity, language))
    yield f'<li class="finding {escape(finding.severity)}">'
    yield f'<p><span class="kind">{kind}</span>{where} {escape(finding.message(language))}</p>'
    about = [part for part in (finding.focus, finding.path, finding.value) if part]
    if about:
        yield f"<p>{' '.join(f'<code>{escape(part)}</code>' for part in about)}</p>"
    for each in finding.related:
        said = escape(text(each.messages, language))
        yield f"<p><code>{escape(str(each.place))}</code> {said}</p>"
    if finding.proof:
        yield f"<pre>{escape(chr(10).join(finding.proof))}</pre>"
    if finding.edits:
        yield f"<p>{escape(word('fixable', language))}</p>"
    yield from _rule(finding.rule, rule, language)
    yield "</li>"


def _rule(name: str, rule: Rule | None, language: str) -> Iterator[str]:
    title = text(rule.titles, language) if rule else ""
    yield f"<details><summary><code>{escape(name)}</code> {escape(title)}</summary>"
    for heading, said in (("why", rule.whys), ("mend", rule.mends)) if rule else ():
        if said:
            label, reason = escape(word(heading, language)), escape(text(said, language))
            yield f"<p><strong>{label}.</strong> {reason}</p>"
    if rule and rule.help:
        yield f'<p><a href="{escape(rule.help)}">{escape(rule.help)}</a></p>'
    yield "</details>"


def _unmatched(report: Report, language: str) -> Iterator[str]:
    if report.checked.unmatched:
        heading = escape(word("unmatched-heading", language))
        yield f'<h2>{heading}</h2><ul class="plain">'
        for shape in report.checked.unmatched:
            yield f"<li><code>{escape(words.short(shape))}</code></li>"
        yield "</ul>"
