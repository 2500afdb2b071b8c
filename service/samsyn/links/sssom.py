"""Read mappings to other datasets from SSSOM/TSV.

Only the slots of SSSOM 1.0.0 are read, with the metadata in the simplest YAML: scalars, and
prefixes under ``curie_map``.

Source: https://w3id.org/sssom/ (SSSOM 1.0.0).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import takewhile
from pathlib import Path
from typing import Final

from samsyn.errors import SourceError

NO_TERM: Final = "sssom:NoTermFound"

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


@dataclass(frozen=True)
class Row:
    """One mapping, or the word that none was found.

    Args:
        line: where it is in its file, counted from 1.
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
    lines = path.read_text(encoding="utf-8-sig").splitlines()
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
    mark = "# " if all(line.startswith("# ") for line in head) else "#"
    for number, line in enumerate(head, 1):
        key, colon, value = line.removeprefix(mark).partition(": ")
        if line == f"{mark}curie_map:":
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
