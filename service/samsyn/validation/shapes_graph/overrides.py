"""What the user's settings make of rules: some are ignored, some weigh more or less.

A rule that says that something was not checked can be neither ignored nor made lighter.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from typing import Final, Self

from samsyn.errors import UsageError
from samsyn.validation import profiles
from samsyn.validation.finding import Finding, Rule
from samsyn.validation.options import Options
from samsyn.validation.rules import FOREIGN, Catalogue
from samsyn.validation.wording import program

FIXED: Final = frozenset(
    {"SAM-faulty-shape", "SAM-not-evaluated", "SAM-syntax", "SAM-unmatched-shape"}
)
"""The rules of the program that say that something was not checked."""

_INSTEAD: Final[Mapping[str, str]] = {
    "SAM-faulty-shape": "Correct the shape.",
    "SAM-not-evaluated": "Name the shape with --allow-unmatched, or delete it.",
    "SAM-unmatched-shape": "Name the shape with --allow-unmatched.",
}


@dataclass(frozen=True)
class Overrides:
    """What the settings make of rules.

    Args:
        ignored: ids of the rules whose findings do not count.
        severities: other severities, by id of the rule.
    """

    ignored: frozenset[str]
    severities: Mapping[str, str]

    @classmethod
    def of(cls, options: Options, known: Collection[str], shapes: Set[str] = frozenset()) -> Self:
        """Return what some settings make of rules.

        Args:
            options: the settings.
            known: ids of the rules of this check.
            shapes: IRIs of what the user's own shapes describe; none: no shapes were brought.

        Raises:
            UsageError: there is no such rule, or it cannot be overridden.
        """
        severities = dict(each.rsplit("=", 1) for each in options.severities)
        named = dict.fromkeys([*options.ignore, *severities])
        for rule in named:
            if rule in FIXED:
                advice = _INSTEAD.get(rule, "Correct the file.")
                raise UsageError(f"{rule} says that something was not checked.", advice=advice)
        missing = [rule for rule in named if rule not in known]
        _check_shapes([rule for rule in missing if rule.startswith(FOREIGN)], shapes)
        _check_known([rule for rule in missing if not rule.startswith(FOREIGN)])
        return cls(frozenset(options.ignore), severities)

    def findings(self, findings: Iterable[Finding]) -> tuple[list[Finding], list[Finding]]:
        """Return the findings that count, with their severities, and those that are ignored."""
        weighed = [self._weighed(finding) for finding in findings]
        ignored = [finding for finding in weighed if _match(finding.rule, self.ignored)]
        return [finding for finding in weighed if not _match(finding.rule, self.ignored)], ignored

    def rules(self, rules: Mapping[str, Rule]) -> dict[str, Rule]:
        """Return rules with their severities."""
        return {
            name: replace(rule, severity=self.severities[match]) if match else rule
            for name, rule in rules.items()
            for match in [_match(name, self.severities)]
        }

    def _weighed(self, finding: Finding) -> Finding:
        match = _match(finding.rule, self.severities)
        if not match:
            return finding
        return replace(finding, severity=self.severities[match], own_severity="")


def _match(rule: str, names: Collection[str]) -> str:
    """Return the name that settings have for a rule: its id, or that of the shape around it."""
    if rule in names:
        return rule
    above = (name for name in names if name.startswith(FOREIGN) and rule.startswith(name + "/"))
    return max(above, key=len, default="")


def _check_shapes(names: Sequence[str], shapes: Set[str]) -> None:
    # Without shapes of the user's own, nobody can tell whether there is such a one.
    for name in names if shapes else ():
        iri = name.removeprefix(FOREIGN)
        if not any(iri == shape or iri.startswith(shape + "/") for shape in shapes):
            known = [FOREIGN + shape for shape in sorted(shapes)]
            raise UsageError(f"There is no rule {name}.", advice=_near(name, known))


def _check_known(missing: Sequence[str]) -> None:
    # A rule of a profile that this check does not use may be in the settings all the same.
    if not missing:
        return
    everything = sorted({*program(), *_of_profiles()})
    for name in missing:
        if name not in everything:
            raise UsageError(f"There is no rule {name}.", advice=_near(name, everything))


def _of_profiles() -> Iterable[str]:
    triples = (triple for name in profiles.NAMES for triple in profiles.find(name).triples())
    return (rule.id for rule in Catalogue(triples).rules())


def _near(name: str, known: list[str]) -> str:
    from difflib import get_close_matches

    near = get_close_matches(name, known, n=1)
    page = "docs/validation-rules.md lists the rules; those of your shapes are SAM-shape:IRI."
    return f"Did you mean {near[0]}? {page}" if near else page
