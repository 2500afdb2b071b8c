"""Reports made by hand, one for each thing that a format may meet.

``python -m tests.validation.reports`` writes the expected files again; look at the difference.
"""

from __future__ import annotations

from pathlib import Path
from types import MappingProxyType

from samsyn import __version__, names
from samsyn.positions.text import Region, Texts
from samsyn.validation import reports
from samsyn.validation.finding import Checked, Edit, Finding, Place, Related, Report, Rule

EX = "https://example.org/"
LABEL = names.SHAPES + "NetworkShape-label"
SHAPE = names.SHAPES + "NetworkShape"
IDLE = names.SHAPES + "TreatyShape"
FOREIGN = "http://example.org/shapes/Ålder"


def both(swedish: str, english: str) -> Texts:
    """Return a text in both languages."""
    return (("sv", swedish), ("en", english))


def rule(name: str, severity: str = "violation", shape: str = "", **more: object) -> Rule:
    """Return a rule with words of every sort."""
    return Rule(
        id=name,
        severity=severity,
        titles=both("en titel", "a title"),
        whats=both("Något är fel.", "Something is wrong."),
        whys=both("Det spelar roll.", "It matters."),
        remedies=both("Rätta det.", "Fix it."),
        shape=shape,
        help=f"{names.DOC}validation-rules#{name}" if name.startswith("SAM-") else "",
        **more,  # type: ignore[arg-type]
    )


RULES = {
    each.id: each
    for each in (
        rule("SAM-NetworkShape-label", shape=LABEL, within=(SHAPE, LABEL)),
        rule("SAM-TreatyShape", "warning", shape=IDLE, within=(IDLE,)),
        rule("SAM-contradiction"),
        rule("SAM-syntax"),
        rule("SAM-unknown-term", "warning"),
        Rule(f"SAM-shape:{FOREIGN}", "info", (("", "Ålder"),), (), (), (), FOREIGN, "", (FOREIGN,)),
    )
}


def at(file: str, line: int, column: int, end: int = 0, precision: str = "value") -> Place:
    """Return a place within one line."""
    return Place(file, Region(line, column, line, end or column + 4), precision)


MISSING = Finding(
    rule="SAM-NetworkShape-label",
    severity="violation",
    messages=both("Nätverket saknar etikett.", "The network has no label."),
    focus=f"<{EX}n>",
    path=names.RDFS_LABEL,
    shape=LABEL,
    component="MinCountConstraintComponent",
    place=at("data/networks.ttl", 7, 1, 5, "subject"),
)
SYNTAX = Finding(
    rule="SAM-syntax",
    severity="violation",
    messages=both("Prefixet skos: är inte deklarerat.", "The prefix skos: is not declared."),
    value='"x" . <urn:a> <urn:b> <urn:c> .',
    place=at("data/broken.ttl", 3, 3, 12),
)
ITSELF = Finding(
    rule="SAM-NetworkShape-label",
    severity="warning",
    messages=both("Noden är fel.", "The node is wrong."),
    focus=f"<{EX}n>",
    value=f"<{EX}n>",
)
UNKNOWN = Finding(
    rule="SAM-unknown-term",
    severity="warning",
    messages=both("Termen finns inte; menas hasLevel?", "No such term; is hasLevel meant?"),
    value=f"<{names.NS}hasLevell>",
    place=at("data/networks.ttl", 9, 3, 20, "predicate"),
    edits=(Edit(at("data/networks.ttl", 9, 3, 20), "samsyn:hasLevel"),),
)
CONTRADICTION = Finding(
    rule="SAM-contradiction",
    severity="violation",
    messages=both("Inget är både land och nätverk.", "Nothing is both a country and a network."),
    focus=f"<{EX}small-state>",
    place=at("data/networks.ttl", 12, 18, 32),
    related=(
        Related(
            at("data/networks.ttl", 12, 35, 49), both("det andra ledet", "the other part of it")
        ),
    ),
    proof=("<s> a samsyn:Country  (stated)", "samsyn:Country owl:disjointWith samsyn:Network"),
)
AGE = Finding(
    rule=f"SAM-shape:{FOREIGN}",
    severity="info",
    messages=(("", "Ålder 🙂: 100 % av |värdet|, se ]]> & <script>alert(1)</script>\r\nrad två"),),
    focus="_:b0",
    path=f"(^<{EX}p>/<{EX}q>)",
    value='"<script>alert(\\"å\\")</script> 🙂 ]]> \u0001\u202e, :"@sv',
    shape=FOREIGN,
    component="DatatypeConstraintComponent",
    place=Place("data/år, 1:a|b`c`.ttl", Region(2, 1, 4, 2), "node"),
)
NESTED = Finding(
    rule=f"SAM-shape:{FOREIGN}",
    severity="violation",
    messages=both("Formen uppfylls inte.", "The shape is not met."),
    focus=f"<{EX}n>",
    path=f"{EX}p",
    value="_:v",
    shape=FOREIGN,
    component="NodeConstraintComponent",
    place=at("data/networks.ttl", 14, 3, 20),
    details=(
        Finding(
            rule=f"SAM-shape:{FOREIGN}",
            severity="info",
            messages=both("För kort.", "Too short."),
            focus="_:v",
            path=f"(^<{EX}p>/<{EX}q>)",
            value='"a\u0001"',
            shape=FOREIGN,
            component="MinLengthConstraintComponent",
            details=(
                Finding(
                    rule=f"SAM-shape:{FOREIGN}",
                    severity="violation",
                    messages=(("", "a whole number"),),
                    focus='"a"',
                    shape=FOREIGN,
                    component="DatatypeConstraintComponent",
                ),
            ),
        ),
    ),
)
NOWHERE = Finding(
    rule="SAM-contradiction",
    severity="violation",
    messages=both("Ingen plats.", "No place."),
    focus=f"<{EX}x>",
)

SHAPES = ((SHAPE, 3), (IDLE, 0), (FOREIGN, 1))


def report(*findings: Finding, **more: object) -> Report:
    """Return a report on three files with these findings."""
    files = ("data/networks.ttl", "data/broken.ttl", "data/år, 1:a|b`c`.ttl")
    held = {
        "rules": RULES,
        "checked": Checked(files, 42, 4, SHAPES, ("linking@1",), "owl-rl", "shacl"),
    }
    return Report(findings=findings, **(held | {"excused": ()} | more))  # type: ignore[arg-type]


def checked(files: tuple[str, ...], triples: int, nodes: int, **more: object) -> Checked:
    """Return a sum of other files."""
    shapes = tuple((shape, 0) for shape, _ in SHAPES)
    held = {"shapes": shapes, "profiles": ("linking@1",), "inference": "none", "engine": "shacl"}
    return Checked(files, triples, nodes, **(held | more))  # type: ignore[arg-type]


def in_file(name: str) -> Report:
    """Return a report on one file with a finding in it."""
    found = Finding(
        MISSING.rule, "violation", MISSING.messages, MISSING.focus, place=at(name, 8, 3)
    )
    return report(found, checked=checked((name,), 1, 1))


def flood(number: int) -> Report:
    """Return a report with many findings of each severity, the least first."""
    return report(
        *(
            Finding(
                rule="SAM-unknown-term",
                severity=severity,
                messages=both(f"Fynd {each}.", f"Finding {each}."),
                focus=f"<{EX}{severity}/{each}>",
                place=at("data/networks.ttl", each, 1),
            )
            for severity in ("info", "warning", "violation")
            for each in range(1, number + 1)
        )
    )


REPORTS = MappingProxyType(
    {
        "clean": report(),
        "every-kind": report(
            SYNTAX, MISSING, UNKNOWN, CONTRADICTION, AGE, NOWHERE, NESTED, excused=(MISSING,)
        ),
        "known": report(excused=(MISSING, UNKNOWN)),
        "warning": report(UNKNOWN),
        "warning-that-fails": report(UNKNOWN, fail_on="warning"),
        "violation-that-does-not": report(MISSING, fail_on="never"),
        "no-triples": report(checked=checked((), 0, 0)),
        "no-nodes": report(checked=checked(("data/a.nt",), 3, 0)),
        "no-shapes": report(
            SYNTAX,
            rules={"SAM-syntax": RULES["SAM-syntax"]},
            checked=checked(
                ("data/broken.ttl",), 3, 0, shapes=(), profiles=("syntax@1",), engine=""
            ),
        ),
        "notes": report(notes=(both("Två rader\när en.", "Two lines\nare one."),)),
        "twice": report(MISSING, MISSING),
        "graph-in-memory": report(NOWHERE, checked=checked((), 3, 1)),
        "standard-input": in_file("-"),
        "file-of-windows": in_file("C:\\data\\net works.ttl"),
        "absolute-file": in_file("/srv/data/nät.ttl"),
        "file-with-detours": in_file("./data/../more/%41?#.ttl"),
        "file-of-no-encoding": in_file("data/\udce5r.ttl"),
        "no-message": report(Finding("SAM-unknown-rule", "info", ())),
        "flood": flood(30),
    }
)
"""By name; each is a case of every format's tests."""

EXPECTED = Path(__file__).with_name("expected")
FILES = MappingProxyType(
    {
        "report.txt": ("text", "en"),
        "rapport.txt": ("text", "sv"),
        "report.json": ("json", "en"),
        "report.sarif": ("sarif", "en"),
        "report.junit.xml": ("junit", "en"),
        "report.github.txt": ("github", "en"),
        "report.gitlab.json": ("gitlab", "en"),
        "report.ttl": ("turtle", "en"),
        "report.html": ("html", "en"),
        "summary.md": ("", "en"),
    }
)
"""The files of the report with every kind of finding, with format and language."""


def expected(file: str) -> str:
    """Return what a file of :data:`EXPECTED` has to hold, whatever the version."""
    form, language = FILES[file]
    full = REPORTS["every-kind"]
    text = reports.written(form, full, language) if form else reports.summary(full, language)
    return text.replace(f'"{__version__}"', '"VERSION"')


if __name__ == "__main__":
    for file in FILES:
        (EXPECTED / file).write_text(expected(file), encoding="utf-8", newline="")
