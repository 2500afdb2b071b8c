"""Rules on the mappings to other datasets."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Final

from samsyn import names
from samsyn.links import NO_TERM, MappingSet, Row
from samsyn.lint.finding import Finding

_SAME: Final = names.OWL + "sameAs"
_CURATED: Final = "semapv:ManualMappingCuration"


def check(
    path: str, mappings: MappingSet, table: Mapping[str, str], known: Collection[str]
) -> Iterator[Finding]:
    """Yield what breaks the rules in one file of mappings.

    Args:
        path: its path, for the findings.
        mappings: what it says.
        table: the one prefix table: namespaces by prefix.
        known: the IRIs that the data describe.
    """
    for prefix, namespace in mappings.prefixes.items():
        if table.get(prefix, namespace) != namespace:
            message = f"prefix {prefix} is {namespace} here and {table[prefix]} elsewhere"
            yield Finding(path, 1, "prefix-table", message, "use the table's, or another name")
    seen: set[tuple[str, ...]] = set()
    for row in mappings.rows:
        key = tuple(row.slots[slot] for slot in ("subject_id", "predicate_id", "object_id"))
        if key in seen:
            yield _breach(path, row, "mapping-twice", "the mapping comes twice", "delete one")
        seen.add(key)
        yield from _row(path, mappings, row, known)


def _breach(path: str, row: Row, rule: str, message: str, advice: str) -> Finding:
    return Finding(path, row.line, rule, message, advice)


def _row(path: str, mappings: MappingSet, row: Row, known: Collection[str]) -> Iterator[Finding]:
    subject = row.slots["subject_id"]
    if subject != NO_TERM and mappings.expand(subject) not in known:
        message = f"{subject} is not described in the data"
        yield _breach(path, row, "mapping-subject", message, "describe it or correct the name")
    if mappings.expand(row.slots["predicate_id"]) == _SAME:
        message = "owl:sameAs would merge the two under the rules"
        yield _breach(path, row, "mapping-same-as", message, "use schema:sameAs or a SKOS match")
    if row.slots["mapping_justification"] != _CURATED:
        message = f"the justification is {row.slots['mapping_justification']!r}"
        yield _breach(path, row, "mapping-justification", message, f"use {_CURATED}")
    if not _is_share(row.slots["confidence"]):
        message = f"the confidence is {row.slots['confidence']!r}"
        yield _breach(path, row, "mapping-confidence", message, "write a number above 0, up to 1")
    if not row.found and not row.slots["comment"]:
        message = "a search without result has no comment"
        yield _breach(path, row, "mapping-comment", message, "say what was looked for")


def _is_share(text: str) -> bool:
    try:
        return 0 < float(text) <= 1
    except ValueError:
        return False
