"""The table of rules in docs/rules.md, made from the one rule table."""

from __future__ import annotations

from typing import Final

from samsyn.closure.rules import RULES, Atom

PAGE: Final = "docs/rules.md"
_HEAD: Final = """\
# The rules

Made from `service/samsyn/closure/rules.py` by `samsyn lint --write`; names and order are those of
OWL 2 Profiles, section 4.3, and RDF 1.1 Semantics, sections 8 and 9. The premises `MEMBER`, `PAIR`,
`EVERY`, `CHAIN` and `KEY` speak of an RDF list, `TYPED`, `OUTSIDE`, `SAMEVALUE` and
`DIFFERENTVALUE` of literals. Rules that only make noise are off unless they are asked for. Of what
the rules marked *of literals* say, only that is derived which a premise of another rule can use.
"""


def page() -> str:
    """Return the page with every rule in a table under its heading."""
    lines, heading = [_HEAD], ""
    for rule in RULES.values():
        if rule.table != heading:
            heading = rule.table
            lines.append(f"\n## {heading[0].upper()}{heading[1:]}\n")
            lines.append("| rule | if | then |\n|---|---|---|")
        mark = " (off)" if rule.noise else " (of literals)" if rule.lone else ""
        name = f"{rule.name}{mark}"
        lines.append(f"| {name} | {_all(rule.premises)} | {_all(rule.conclusions) or 'false'} |")
    return "\n".join(lines) + "\n"


def _all(atoms: tuple[Atom, ...]) -> str:
    return "<br>".join(f"`{atom}`" for atom in atoms)
