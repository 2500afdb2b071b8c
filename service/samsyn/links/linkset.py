"""Make the linkset of a file of mappings: its triples, and what describes them, in Turtle.

The same mappings give the same bytes, so a test can compare the file with its source.

Source: https://www.w3.org/TR/void/ (linksets).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Final

from samsyn import names
from samsyn.links.sssom import MappingSet

_TITLES: Final = {"EU authority tables": "EU:s auktoritetstabeller"}
"""Swedish titles of targets, where they differ from the English ones."""
_LOCAL = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*")


def render(mappings: MappingSet, prefixes: Mapping[str, str]) -> bytes:
    """Return the linkset of a mapping set, in the house's Turtle.

    Args:
        mappings: the set.
        prefixes: the one prefix table; a name that fits none of its prefixes is written in full.
    """
    write = _Writer(prefixes)
    blocks = {**_links(mappings, write), **_descriptions(mappings, write)}
    ordered = sorted(blocks, key=natural)
    body = "\n".join(_block(subject, blocks[subject]) for subject in ordered)
    head = "".join(f"@prefix {name}: <{prefixes[name]}> .\n" for name in sorted(write.used))
    return f"{head}\n{body}".encode()


def _links(mappings: MappingSet, write: _Writer) -> dict[str, dict[str, list[str]]]:
    blocks: dict[str, dict[str, list[str]]] = {}
    for row in mappings.rows:
        if row.found:
            subject, predicate, target = (
                write.name(mappings.expand(row.slots[slot]))
                for slot in ("subject_id", "predicate_id", "object_id")
            )
            blocks.setdefault(subject, {}).setdefault(predicate, []).append(target)
    return blocks


def _descriptions(mappings: MappingSet, write: _Writer) -> dict[str, dict[str, list[str]]]:
    found = [row.slots for row in mappings.rows if row.found]
    title = mappings.metadata["mapping_set_title"]
    swedish = _TITLES.get(title, title)
    target = write.name(names.ID + "dataset/" + mappings.name)
    spaces = {mappings.prefixes[slots["object_id"].partition(":")[0]] for slots in found}
    predicates = {write.name(mappings.expand(slots["predicate_id"])) for slots in found}
    label, licence = write.name(names.RDFS_LABEL), f"<{mappings.metadata['license']}>"
    table, version = mappings.metadata["mapping_set_id"], mappings.metadata["mapping_set_version"]
    void = {term: write.name(names.VOID + term) for term in _VOID_TERMS}
    return {
        write.name(names.ID + "linkset/" + mappings.name): {
            "a": [void["Linkset"]],
            label: [f'"länkar till {swedish}"@sv', f'"links to {title}"@en'],
            write.name(names.DCTERMS + "license"): [licence],
            write.name(names.DCTERMS + "source"): [f"<{table}>"],
            void["linkPredicate"]: sorted(predicates, key=natural),
            void["objectsTarget"]: [target],
            void["subjectsTarget"]: [write.name(names.ID + "dataset/samsyn")],
            void["triples"]: [str(len(found))],
        },
        target: {
            "a": [void["Dataset"]],
            label: [f'"{swedish}"@sv', f'"{title}"@en'],
            void["uriSpace"]: [f'"{space}"' for space in sorted(spaces)],
        },
        f"<{table}>": {
            "a": [write.name(names.FOAF + "Document")],
            label: [
                f'"länktabell till {swedish}, version {version}"@sv',
                f'"table of mappings to {title}, version {version}"@en',
            ],
            write.name(names.DCTERMS + "license"): [licence],
        },
    }


_VOID_TERMS: Final = (
    "Dataset",
    "Linkset",
    "linkPredicate",
    "objectsTarget",
    "subjectsTarget",
    "triples",
    "uriSpace",
)


class _Writer:
    """Shortens names by the prefix table and remembers the prefixes used."""

    def __init__(self, prefixes: Mapping[str, str]) -> None:
        self.prefixes = prefixes
        self.used: set[str] = set()

    def name(self, iri: str) -> str:
        """Return the name as Turtle, with a prefix where one fits."""
        for prefix, namespace in self.prefixes.items():
            local = iri.removeprefix(namespace)
            if local != iri and _LOCAL.fullmatch(local):
                self.used.add(prefix)
                return f"{prefix}:{local}"
        return f"<{iri}>"


def natural(text: str) -> list[tuple[int, str]]:
    """Return a key that sorts text with digits as numbers: ``s9`` before ``s10``.

    Args:
        text: what is to be sorted.
    """
    parts = ("".join(run) for _, run in groupby(text, str.isdecimal))
    return [(int(part), "") if part.isdecimal() else (-1, part) for part in parts]


def _block(subject: str, facts: Mapping[str, Sequence[str]]) -> str:
    first = [each for each in ("a", "rdfs:label") if each in facts]
    rest = sorted((each for each in facts if each not in first), key=natural)
    lines = []
    for predicate in first + rest:
        values = facts[predicate]
        if not values[0].startswith('"'):
            values = sorted(values, key=natural)
        lines.append(f"{predicate} {' , '.join(values)}")
    return f"{subject} " + " ;\n  ".join(lines) + " .\n"
