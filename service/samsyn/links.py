"""Read the mappings to other datasets (SSSOM) and make a linkset of each (Turtle).

The TSV file is the source, the linkset its copy: :func:`render` gives the same bytes for the same
mappings, so a test can compare them. Only the slots of SSSOM 1.0.0 are used, with the metadata in
the simplest YAML: scalars, and prefixes under ``curie_map``.

Source: https://w3id.org/sssom/ (SSSOM 1.0.0); https://www.w3.org/TR/void/ (linksets).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby, takewhile
from pathlib import Path
from typing import Final

from samsyn import names
from samsyn.errors import SourceError
from samsyn.layout import Layout

SOURCE: Final = "mappings.sssom.tsv"
LINKSET: Final = "linkset.ttl"
NO_TERM: Final = "sssom:NoTermFound"
NO_TERM_IRI: Final = "https://w3id.org/sssom/NoTermFound"

METADATA: Final = ("mapping_set_id", "mapping_set_version", "mapping_set_title", "license")
"""What the header of every mapping set has to say, beside its prefixes."""
COLUMNS: Final = (
    "subject_id",
    "predicate_id",
    "object_id",
    "object_source",
    "mapping_justification",
    "confidence",
    "comment",
)
"""The columns of every mapping set; ``subject_source`` may join them."""

_TITLES: Final = {"EU authority tables": "EU:s auktoritetstabeller"}
"""Swedish titles of targets, where they differ from the English ones."""
_LOCAL = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*")


@dataclass(frozen=True)
class Row:
    """One mapping, or the word that none was found.

    Args:
        line: where it stands in its file, counted from 1.
        slots: the cells by column; identifiers are CURIEs.
    """

    line: int
    slots: Mapping[str, str]

    @property
    def found(self) -> bool:
        """Whether both sides exist, so that there is a triple."""
        return NO_TERM not in (self.slots["subject_id"], self.slots["object_id"])


@dataclass(frozen=True)
class MappingSet:
    """One file of mappings.

    Args:
        name: the target, as its folder is called.
        metadata: the scalars of the header.
        prefixes: its ``curie_map``.
        rows: the mappings in file order.
    """

    name: str
    metadata: Mapping[str, str]
    prefixes: Mapping[str, str]
    rows: Sequence[Row]

    def expand(self, curie: str) -> str:
        """Return the IRI that a CURIE stands for.

        Args:
            curie: with a prefix of this file.

        Raises:
            KeyError: the prefix is not declared.
        """
        prefix, _, rest = curie.partition(":")
        return self.prefixes[prefix] + rest


def read_mappings(path: Path) -> MappingSet:
    """Read one file of mappings.

    Args:
        path: a ``mappings.sssom.tsv``; the folder's name is the target's.

    Raises:
        SourceError: the file is not SSSOM as written here, at the line named.
    """
    lines = path.read_text(encoding="utf-8").splitlines()
    head = list(takewhile(lambda line: line.startswith("#"), lines))
    for number, line in enumerate(lines[len(head) :], len(head) + 1):
        if line.startswith("#"):
            raise _wrong(path, number, "A line of metadata stands below the table.")
    metadata, prefixes = _metadata(path, head)
    rows = _rows(path, lines, len(head))
    _check_prefixes(path, prefixes, rows)
    return MappingSet(path.parent.name, metadata, prefixes, rows)


def _wrong(path: Path, line: int, message: str) -> SourceError:
    return SourceError(
        message,
        path=str(path),
        line=line,
        advice="Compare it with the other folders in links/, or with SSSOM 1.0.0.",
    )


def _metadata(path: Path, head: Sequence[str]) -> tuple[dict[str, str], dict[str, str]]:
    metadata: dict[str, str] = {}
    prefixes: dict[str, str] = {}
    for number, line in enumerate(head, 1):
        key, colon, value = line[1:].partition(": ")
        if line == "#curie_map:":
            continue
        if not colon:
            raise _wrong(path, number, f"This is no metadata: {line!r}.")
        where = prefixes if key.startswith("  ") else metadata
        where[key.strip()] = value.strip().strip('"')
    for key in METADATA:
        if key not in metadata:
            raise _wrong(path, 1, f"The header does not say its {key}.")
    return metadata, prefixes


def _rows(path: Path, lines: Sequence[str], above: int) -> list[Row]:
    columns = lines[above].split("\t") if len(lines) > above else []
    if missing := [column for column in COLUMNS if column not in columns]:
        raise _wrong(path, above + 1, f"The table lacks the columns {', '.join(missing)}.")
    rows = []
    for number, line in enumerate(lines[above + 1 :], above + 2):
        cells = line.split("\t")
        if len(cells) != len(columns):
            raise _wrong(path, number, f"The row has {len(cells)} cells, not {len(columns)}.")
        rows.append(Row(number, dict(zip(columns, cells, strict=True))))
    return rows


def _check_prefixes(path: Path, prefixes: Mapping[str, str], rows: Iterable[Row]) -> None:
    for row in rows:
        for slot in ("subject_id", "predicate_id", "object_id", "object_source"):
            prefix, colon, _ = row.slots[slot].partition(":")
            if not colon or prefix not in prefixes:
                raise _wrong(path, row.line, f"The {slot} {row.slots[slot]!r} has no prefix here.")


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
    label = write.name(names.RDFS_LABEL)
    void = {term: write.name(names.VOID + term) for term in _VOID_TERMS}
    return {
        write.name(names.ID + "linkset/" + mappings.name): {
            "a": [void["Linkset"]],
            label: [f'"länkar till {swedish}"@sv', f'"links to {title}"@en'],
            write.name(names.DCTERMS + "license"): [f"<{mappings.metadata['license']}>"],
            write.name(names.DCTERMS + "source"): [f"<{mappings.metadata['mapping_set_id']}>"],
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


def sources(layout: Layout) -> list[Path]:
    """Return the files of mappings, one in each folder of ``links``.

    Args:
        layout: the folders of the repository.
    """
    return sorted(layout.links.glob(f"*/{SOURCE}"))


def linksets(layout: Layout, prefixes: Mapping[str, str]) -> dict[Path, bytes]:
    """Return what the linkset of every target has to be, by its path.

    Args:
        layout: the folders of the repository.
        prefixes: the one prefix table.

    Raises:
        SourceError: a file of mappings cannot be read.
    """
    return {
        source.with_name(LINKSET): render(read_mappings(source), prefixes)
        for source in sources(layout)
    }
