"""A term that is not what it seems: unknown, or of another namespace."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

UNKNOWN: Final = "SAM-unknown-term"
WRONG: Final = "SAM-wrong-namespace"


@dataclass(frozen=True)
class Suspect:
    """A term that is not what it seems.

    Args:
        rule: id of the rule.
        severity: violation, warning or info.
        term: its IRI.
        role: what it is used as first: property, class, datatype or node.
        namespace: its namespace as written.
        suggestions: IRIs of the terms that may be meant, the likeliest first; of a term in a wrong
            namespace exactly one, and that is certain.
        index: number of the first triple that has it, from 0.
        position: where in that triple it stands: subject, predicate or object.
        uses: how many times it is used.
    """

    rule: str
    severity: str
    term: str
    role: str
    namespace: str
    suggestions: tuple[str, ...]
    index: int
    position: str
    uses: int

    @property
    def name(self) -> str:
        """What follows the namespace, the same in the right one."""
        return self.term.removeprefix(self.namespace)

    @property
    def instead(self) -> str:
        """The namespace that is right, empty unless that is certain."""
        if self.rule != WRONG:
            return ""
        return self.suggestions[0].removesuffix(self.name)
