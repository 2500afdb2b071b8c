"""The page of the rules of ``samsyn validate``, made from the shapes, their examples and texts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from samsyn import names
from samsyn.layout import Layout
from samsyn.validation.finding import Rule, text
from samsyn.validation.profiles import PREFIXES, Profile, find
from samsyn.validation.rules import Catalogue, program

PAGE: Final = "docs/validation-rules.md"
_EXAMPLES: Final = "tests/shapes"
_HEAD: Final = """\
# The rules of `samsyn validate`

Made from `shapes/`, `tests/shapes/` and `service/samsyn/validation/rules.toml` by
`samsyn lint --write`. A report names each finding by the id of its rule. In the examples the
prefixes are those of `ontology/prefixes.ttl`, and `ex:` is yours.
"""
_PREFIX: Final = re.compile(r"@prefix [^\n]*\n|\A\n")


def page(layout: Layout) -> str:
    """Return the page: the program's own rules, then those of each profile, shape by shape.

    Args:
        layout: the folders of a checkout, where the examples are.
    """
    lines = [_HEAD, "## The program"]
    for rule in program().values():
        lines += _entry(rule)
    for name in PREFIXES:
        lines += _profile(find(name, layout), layout.root / _EXAMPLES)
    return "\n".join(lines) + "\n"


def _profile(profile: Profile, examples: Path) -> Iterator[str]:
    yield f"\n## {_first_capital(text(profile.texts(names.RDFS_LABEL), 'en'))}\n"
    yield text(profile.texts(names.DCTERMS + "description"), "en")
    catalogue = Catalogue(profile.triples())
    for folder in sorted(examples.glob(f"{PREFIXES[profile.name]}*Shape")):
        yield from _shape(folder, catalogue)


def _shape(folder: Path, catalogue: Catalogue) -> Iterator[str]:
    whole = names.SHAPES + folder.name
    rules = [catalogue.rule(iri) for iri in catalogue.reporting(whole)]
    title = text(catalogue.rule(whole).titles, "en")
    yield f"\n### {_first_capital(title)}"
    taken: set[Path] = set()
    for rule in sorted(rules, key=lambda rule: rule.shape == whole):
        part = _kebab(rule.shape.removeprefix(whole).removeprefix("-"))
        failing = sorted(set(folder.glob(f"{part}-*-fail.ttl" if part else "*-fail.ttl")) - taken)
        failing += [p for p in [folder / f"{part}-fail.ttl"] if part and p.is_file()]
        taken |= set(failing)
        yield from _entry(rule)
        yield from _example("Bad", failing[:1])
    yield from _example("Good", [folder / "passes.ttl"])


def _entry(rule: Rule) -> Iterator[str]:
    yield f'\n<a id="{rule.id}"></a>\n#### {rule.id}: {text(rule.titles, "en")}\n'
    yield (
        f"{_first_capital(rule.severity)}. {text(rule.whats, 'en')} {text(rule.whys, 'en')}"
        f" To fix it: {_first_small(text(rule.remedies, 'en'))}"
    )


def _example(heading: str, paths: list[Path]) -> Iterator[str]:
    for path in paths:
        turtle = _PREFIX.sub("", path.read_text("utf-8")).strip()
        yield f"\n{heading}:\n\n```turtle\n{turtle}\n```"


def _kebab(part: str) -> str:
    return re.sub(r"(?<=[a-z0-9])([A-Z])", lambda match: f"-{match[1].lower()}", part)


def _first_capital(words: str) -> str:
    return words[:1].upper() + words[1:]


def _first_small(words: str) -> str:
    return words[:1].lower() + words[1:]
