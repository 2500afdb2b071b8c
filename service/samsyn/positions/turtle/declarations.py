"""The prefixes of a faulty text: declared, wrongly declared, or never."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from typing import Final

from samsyn.dataset.exact import stumble
from samsyn.positions.turtle.statements import Statement

_NOWHERE: Final = "urn:x-undeclared:"
_PREFIX: Final = re.compile(
    r"(@?)(?:prefix)([ \t]+)([^\s:<>\"']*)(:?)([ \t]*)(<[^<>\s\"{}|^`\\]*>)?", re.IGNORECASE
)
_BASE: Final = re.compile(r"(@?)(?:base)([ \t]*)(<[^<>\s\"{}|^`\\]*>)", re.IGNORECASE)


class Declarations:
    """What is declared where a text is read on.

    Attributes:
        base: the base IRI that the text declared, None if it did not.
        invented: prefixes that were declared so that reading could go on.
        faults: for each of them that is a fault of its own, the number of the fault.
    """

    def __init__(self, form: str) -> None:
        self.base: str | None = None
        self.invented: set[str] = set()
        self.faults: dict[str, int] = {}
        self._form = form
        self._spaces: dict[str, str] = {}
        self._lost: set[str] = set()
        self._salvaged = ""
        self._uses: Counter[str] = Counter()
        self._declared: set[str] = set()

    def take(self, prefixes: Mapping[str, str], base: str | None) -> None:
        """Take in what is in force at a fault."""
        self._spaces = dict(prefixes)
        self.base = base
        self._salvaged = ""

    def head(self) -> str:
        """Return all of it as declarations on one line."""
        lines = (f"PREFIX {prefix}: <{space}>" for prefix, space in self._spaces.items())
        return " ".join([*lines, self._salvaged])

    def invent(self, prefix: str) -> bool:
        """Declare a prefix so that reading can go on, and tell whether that is a fault of its own.

        It is none if the prefix has a declaration that is at fault itself.
        """
        self.invented.add(prefix)
        self._spaces[prefix] = f"{_NOWHERE}{len(self.invented)}#"
        return prefix not in self._lost and prefix not in self.faults

    def salvage(self, text: str, *, in_graph: bool) -> str:
        """Return what is sure in a faulty declaration, in as many characters as it takes there.

        Args:
            text: the faulty statement.
            in_graph: whether it is in a graph, where no declaration may.

        Returns:
            A declaration without fault, empty if the statement is none or nothing is sure.
        """
        found = _BASE.match(text)
        if found is not None:
            return "" if in_graph else self._keep(f"BASE{' ' * len(found[1])}{found[2]}{found[3]}")
        found = _PREFIX.match(text)
        if found is None:
            return ""
        at, gap, name, colon, space, iri = found.groups()
        if iri and (colon or space) and not in_graph:
            spaces = space if colon else space[1:]
            kept = self._keep(f"PREFIX{' ' * len(at)}{gap}{name}:{spaces}{iri}")
            if kept:
                return kept
        self._lost.add(name)
        return ""

    def _keep(self, declaration: str) -> str:
        base = self.base or "urn:x:"
        text = f"{self.head()} {declaration}".encode("utf-8", "surrogateescape")
        if stumble(text, self._form, base=base) is not None:
            return ""
        self._salvaged = declaration
        return declaration

    def undeclared(self, text: str, statement: Statement) -> set[str]:
        """Return the prefixes that a statement uses and that nobody declared before it.

        Args:
            text: the text, of which the statements are given in their order.
            statement: the statement.
        """
        names = [
            text[t.start : t.end].partition(":")[0] for t in statement.tokens if t.kind == "name"
        ]
        first = statement.tokens[0]
        word = text[first.start : first.end].lower().lstrip("@")
        if first.kind in {"tag", "word"} and word in {"prefix", "base"}:
            self._declared.update(names)
            return set()
        used = (set(names) & self.invented) - self._declared
        self._uses.update(used)
        return used

    def count(self, prefix: str) -> int:
        """Return how many statements have used a prefix that nobody declared."""
        return self._uses[prefix]
