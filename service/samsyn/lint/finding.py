"""The rules on the repository, and what one of them found."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

RULES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "blank-node": "Everything has an IRI but class expressions, lists and SHACL paths.",
        "block-order": "Blocks are in order: ontology, classes, properties, individuals.",
        "file-name": "RDF and queries are named in kebab-case, Python in snake_case.",
        "generated": "A file made from another one is what that one makes of it.",
        "generated-comment": "A file made from another one has no comment.",
        "keyword-case": "SPARQL keywords are written in capitals.",
        "label": "Everything typed with a class of ours has a label.",
        "language-tag": "Language tags are written in lower case.",
        "leading-comment": "A Turtle file begins with one to three lines on what it holds.",
        "mapping-comment": "A search without result says what was looked for.",
        "mapping-confidence": "Confidence is a number above 0, up to 1.",
        "mapping-justification": "Mappings are curated by hand.",
        "mapping-same-as": "owl:sameAs is not used.",
        "mapping-subject": "Only what the data describe is mapped.",
        "mapping-twice": "A mapping comes once.",
        "object-order": "Objects are sorted, each once.",
        "one-block": "A subject has one block in a file.",
        "predicate-order": "Predicates are sorted after `a` and rdfs:label, each once.",
        "prefix-order": "Prefixes are sorted, each once.",
        "prefix-table": "A prefix means what the prefix table says.",
        "prefix-undeclared": "A query declares all its prefixes.",
        "prefix-unused": "Only prefixes in use are declared.",
        "query-header": "A query begins with its header, keys in order.",
        "query-words": "Tags, parameters and columns of queries have words in two languages.",
        "query-unbound": "A query gives each parameter a default, by VALUES at its end.",
        "query-number": "A query's file and question have the same number.",
        "retired-word": "One concept has one word: those of docs/glossary.md.",
        "stray-comment": "A comment stands above the block that it is about.",
        "turtle": "Turtle is plain enough to be followed line by line.",
        "two-languages": "Labels, definitions and the like come in Swedish and English.",
        "white-space": "White space is as turtlefmt has it; two spaces in queries.",
    }
)
"""Every rule by name, in a sentence."""


@dataclass(frozen=True, order=True)
class Finding:
    """One breach of one rule.

    Args:
        path: the file, relative to the root of the repository.
        line: counted from 1.
        rule: its name, one of :data:`RULES`.
        message: what is wrong.
        advice: what to do.

    Raises:
        ValueError: there is no such rule.
    """

    path: str
    line: int
    rule: str
    message: str
    advice: str

    def __post_init__(self) -> None:
        if self.rule not in RULES:
            raise ValueError(f"{self.rule} is no rule; the rules are {', '.join(RULES)}")

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.message}; {self.advice} [{self.rule}]"
