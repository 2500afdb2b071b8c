"""The word list of the project: its page, and words that are no longer used.

The list is ``ontology/vocab/project-term.ttl``; what it hides (``skos:hiddenLabel``) is a word that
this project used before. ``ontology/vocab/glossary.ttl`` has the words of the field.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Final

from samsyn import names
from samsyn.dataset.exact import Dataset, Literal
from samsyn.lint.finding import Finding

PAGE: Final = "docs/glossary.md"
SOURCE: Final = names.GRAPH + "ontology/vocab/project-term"
_FIELD: Final = names.GRAPH + "ontology/vocab/glossary"
_SKOS: Final = names.SKOS
_PLAIN: Final = {
    "amiss": "wrong",
    "anew": "again",
    "mend": "fix",
    "mended": "fixed",
    "mends": "fixes",
    "thereof": "of it",
    "whoever": "anyone who",
}
"""Words that are not of the project but read oddly, with plain ones."""
_FREE: Final = (
    "CHANGELOG.md",  # tells the history
    "LICENSE",
    "LICENSE-DATA",
    "docs/decisions/",  # tell the history
    "docs/glossary.md",
    "ontology/vocab/project-term.ttl",
    "service/samsyn/lint/words.py",
    "service/samsyn/validation/terms/vocabularies.tsv",  # terms of others
    "tests/lint/test_words.py",
    "tests/live/comunica/",
)
"""Files and folders that may have any word."""
_MEANT: Final = {
    # The brief itself speaks of bridging a gap, and of standing together.
    "bridge": ("data/stated/claims/united-front.ttl", "ontology/norms.ttl"),
    "standing": ("data/stated/claims/main-results.ttl",),
}
"""Where a word has its ordinary sense."""
_HEAD: Final = """\
# Glossary

For everyone. One concept, one word: in the ontology, the data, the pages, the command line, the
API, the documentation and the code. Made from `ontology/vocab/` by `samsyn lint --write`.

## Concepts of the project

| English | Swedish | meaning | where | source |
|---|---|---|---|---|
"""
_WORDS: Final = """
## Words of the field

The English word with which this graph renders each Swedish one.

| Swedish | English | meaning |
|---|---|---|
"""


def page(dataset: Dataset) -> str:
    """Return the page of the glossary, made from both word lists.

    Args:
        dataset: the dataset with the lists.
    """
    rows = sorted(
        (
            f"| {one['prefLabel', 'en']} | {one['prefLabel', 'sv']} | {one['definition', 'en']} "
            f"| {_where(one)} | {_source(one)} |\n"
            for one in _concepts(dataset, SOURCE)
        ),
        key=str.casefold,
    )
    field = sorted(
        (
            f"| {one['prefLabel', 'sv']} | {one['prefLabel', 'en']} | {one['definition', 'en']} |\n"
            for one in _concepts(dataset, _FIELD)
        ),
        key=str.casefold,
    )
    return "".join([_HEAD, *rows, _WORDS, *field])


def _concepts(dataset: Dataset, graph: str) -> list[dict[tuple[str, str], str]]:
    """Gather what is said of each concept: by name of the property and language."""
    found: dict[str, dict[tuple[str, str], str]] = {}
    for triple in dataset.graph(graph).triples:
        value = triple.object
        language = (value.language or "") if isinstance(value, Literal) else ""
        said = found.setdefault(str(getattr(triple.subject, "value", "")), {})
        text = getattr(value, "value", "")
        said[names.local(triple.predicate.value), language] = text
    return [each for each in found.values() if ("inScheme", "") in each]


def _where(concept: Mapping[tuple[str, str], str]) -> str:
    term = concept.get(("seeAlso", ""), "")
    module = concept.get(("isImplementedIn", ""), "")
    short = term.replace(names.NS, "samsyn:").replace(names.VOCAB, "").replace("/", ":")
    short = f"samsyn:{names.local(term)}" if term.startswith(names.NS) else short
    return ", ".join(f"`{each}`" for each in (short, module) if each)


def _source(concept: Mapping[tuple[str, str], str]) -> str:
    address = concept.get(("source", ""), "")
    return f"<{address}>" if address else ""


def retired(dataset: Dataset) -> dict[str, str]:
    """Return each word that is no longer used, with the one in its place."""
    found = dict(_PLAIN)
    preferred: dict[tuple[str, str], str] = {}
    hidden: list[tuple[str, str, str]] = []
    for triple in dataset.graph(SOURCE).triples:
        subject, value = str(getattr(triple.subject, "value", "")), triple.object
        if isinstance(value, Literal):
            name, language = triple.predicate.value, value.language or ""
            if name == _SKOS + "prefLabel":
                preferred[subject, language] = value.value
            elif name == _SKOS + "hiddenLabel":
                hidden.append((subject, language, value.value))
    return found | {word: preferred[subject, tag] for subject, tag, word in hidden}


def check(root: Path, paths: Iterable[Path], words: Mapping[str, str]) -> Iterator[Finding]:
    """Yield each place where a word is used that is no longer.

    Args:
        root: the root of the repository.
        paths: the files to look into.
        words: each word with the one in its place.
    """
    known = {word.casefold(): plain for word, plain in words.items()}
    longest = sorted(map(re.escape, known), key=len, reverse=True)
    # A word may be part of a name in snake case or of an IRI, not of another word.
    pattern = re.compile(rf"(?<![^\W\d_])(?:{'|'.join(longest)})(?![^\W\d_])", re.IGNORECASE)
    for path in paths:
        where = path.relative_to(root).as_posix()
        if where.startswith(_FREE):
            continue
        try:
            text = path.read_text("utf-8")
        except UnicodeDecodeError:
            continue
        for number, line in enumerate(text.splitlines(), 1):
            for found in pattern.finditer(line):
                word = found[0].casefold()
                if not where.startswith(_MEANT.get(word, "\0")):
                    message = f"the word {found[0]!r} is no longer used"
                    advice = f"write {known[word]!r} (docs/glossary.md)"
                    yield Finding(where, number, "retired-word", message, advice)
