"""What a check finds: findings, their places, and the edits that would fix them.

Lines and columns count from 1 and columns in code points; the end of a region is the place after
its last character. Texts are pairs of language and text, Swedish and English.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

from samsyn import names
from samsyn.positions.text import Region, Texts

SEVERITIES: Final = ("violation", "warning", "info", "debug", "trace")
"""From the worst to the least; the last two are those of SHACL 1.2."""

SEVERITY_IRIS: Final = {f"{names.SH}{name.capitalize()}": name for name in SEVERITIES}
"""The severities of SHACL by their IRIs."""

ANONYMOUS: Final = "[ … ]"
"""How a blank node is written to a reader: its label is in no file, and is new in every run."""

_SHOWN: Final = 500
"""Characters of a value or of a line of a file that are shown in words."""

_BLANK: Final = re.compile(r"_:[\w.-]+")


@dataclass(frozen=True, order=True)
class Place:
    """Where in the user's data a finding is.

    Args:
        file: the file as the user named it, with slashes; ``-`` for standard input.
        region: the stretch of text; None where only the file is known.
        precision: how exact it is: ``value``, ``predicate`` or ``subject`` (the token itself),
            ``node`` (the element or object that describes the node), ``file``.
    """

    file: str
    region: Region | None
    precision: str

    def __str__(self) -> str:
        if self.region is None:
            return self.file
        return f"{self.file}:{self.region.line}:{self.region.column}"


@dataclass(frozen=True)
class Related:
    """Another place that belongs to a finding.

    Args:
        place: where it is.
        messages: why it belongs.
    """

    place: Place
    messages: Texts


@dataclass(frozen=True)
class Edit:
    """A change to a file that is certain to fix a finding.

    Args:
        place: the stretch to replace; its region is known.
        text: what to put there.
    """

    place: Place
    text: str


@dataclass(frozen=True)
class Rule:
    """What a check looks for.

    Args:
        id: its stable name, which begins ``SAM-``.
        severity: what its findings weigh unless they say otherwise.
        titles: its name, a few words.
        whats: what is wrong when it finds something.
        whys: why that matters.
        remedies: how to fix it.
        shape: IRI of the shape it comes from, empty for a rule of the program.
        help: address of its help page.
        within: IRIs of the shapes that it is part of, its own among them.
    """

    id: str
    severity: str
    titles: Texts
    whats: Texts
    whys: Texts
    remedies: Texts
    shape: str = ""
    help: str = ""
    within: tuple[str, ...] = ()


@dataclass(frozen=True)
class Finding:
    """One thing found.

    Args:
        rule: id of the rule.
        severity: one of :data:`SEVERITIES`.
        messages: what is wrong here.
        focus: the node it is about as in N-Triples, empty where there is none.
        path: the property or path, an IRI or a path as in SPARQL, empty where there is none.
        value: the offending value as in N-Triples, empty if one is missing.
        shape: IRI of the shape, empty for a rule of the program.
        component: the kind of constraint, such as ``MinCountConstraintComponent``, or empty.
        place: where it is, None where that is not known.
        related: other places that belong to it.
        proof: the steps that lead to a contradiction, a line each.
        edits: changes that are certain to fix it.
        own_severity: IRI of the severity that the shape states, where SHACL does not define it;
            the finding then weighs as ``severity``.
        details: why a value does not conform to a shape, without places.
    """

    rule: str
    severity: str
    messages: Texts
    focus: str = ""
    path: str = ""
    value: str = ""
    shape: str = ""
    component: str = ""
    place: Place | None = None
    related: tuple[Related, ...] = ()
    proof: tuple[str, ...] = ()
    edits: tuple[Edit, ...] = ()
    own_severity: str = ""
    details: tuple[Finding, ...] = ()

    @property
    def severity_iri(self) -> str:
        """The severity as an IRI, as ``sh:resultSeverity`` has it."""
        return self.own_severity or names.SH + self.severity.capitalize()

    def message(self, language: str) -> str:
        """Return what is wrong in a language, else in English."""
        return text(self.messages, language)

    @property
    def fingerprint(self) -> str:
        """What the finding is called from one run to the next: its line and its file do not count.

        Labels of blank nodes are drawn again in every run and do not count either.
        """
        file = self.place.file if self.place and not self.focus else ""
        about = (self.rule, self.focus, self.path, self.value, file)
        plain = "\n".join(map(unlabelled, about))
        # The name of a file may be no UTF-8.
        return sha256(plain.encode(errors="surrogatepass")).hexdigest()


@dataclass(frozen=True)
class Checked:
    """How much was looked at.

    Args:
        files: names of the files, in the order in which they were read.
        triples: how many triples they hold, each counted once.
        focus_nodes: how many nodes at least one shape looked at: those of the files, and those that
            shapes of the user's name.
        shapes: each shape that has a target, with the number of nodes that it matched.
        profiles: the sets of shapes: names with versions, or files.
        inference: what was inferred first: none, rdfs or owl-rl.
        engine: the SHACL engine.
        deactivated: the shapes that are switched off.
        may_be_idle: whether looking at no node is what was asked for: without shapes, or with none
            but those that may match nothing.
        evaluated: pairs of a shape and what evaluated constraints of it in place of the engine.
    """

    files: tuple[str, ...]
    triples: int
    focus_nodes: int
    shapes: tuple[tuple[str, int], ...]
    profiles: tuple[str, ...]
    inference: str
    engine: str
    deactivated: tuple[str, ...] = ()
    may_be_idle: bool = False
    evaluated: tuple[tuple[str, str], ...] = ()

    @property
    def unmatched(self) -> tuple[str, ...]:
        """The shapes that matched nothing."""
        return tuple(shape for shape, nodes in self.shapes if not nodes)


@dataclass(frozen=True)
class Report:
    """The outcome of a check.

    Args:
        findings: what was found and counts, by file, line and rule.
        excused: what was found and does not count, since a baseline or a list of exceptions has it.
        ignored: what was found and does not count, since the settings ignore its rule.
        rules: the rules by id: those of all findings, and those of all shapes that were used.
        checked: how much was looked at.
        fail_on: the least severity that fails the check: a severity, or ``never``.
        notes: what the reader should know as well, a text each.
    """

    findings: tuple[Finding, ...]
    excused: tuple[Finding, ...]
    rules: dict[str, Rule]
    checked: Checked
    fail_on: str = "violation"
    notes: tuple[Texts, ...] = ()
    ignored: tuple[Finding, ...] = ()

    @property
    def failing(self) -> tuple[Finding, ...]:
        """The findings that fail the check."""
        if self.fail_on not in SEVERITIES:
            return ()
        worst = SEVERITIES[: SEVERITIES.index(self.fail_on) + 1]
        return tuple(finding for finding in self.findings if finding.severity in worst)

    @property
    def conforms(self) -> bool | None:
        """Whether nothing fails; None where nothing was checked."""
        if self.failing:
            return False
        return None if self.exit_code == NOTHING else True

    @property
    def exit_code(self) -> int:
        """0 clean, 1 findings, 4 nothing was checked."""
        if self.failing:
            return 1
        looked = self.checked.focus_nodes or self.checked.may_be_idle
        return 0 if self.checked.triples and looked else NOTHING


NOTHING: Final = 4
"""The exit code where nothing was checked: a clean answer would be a false one."""


def unlabelled(text: str) -> str:
    """Return a text with every blank node label made the same, since labels differ in every run."""
    return _BLANK.sub("_:b", text)


def shown(said: str) -> str:
    """Return what a file says as it is shown to a reader: cut where it is long."""
    return said if len(said) <= _SHOWN else said[: _SHOWN - 1] + "…"


def text(texts: Texts, language: str) -> str:
    """Return a text in a language, else in English, else in any, else nothing."""
    by_language = dict(texts)
    return (
        by_language.get(language) or by_language.get("en") or next(iter(by_language.values()), "")
    )
