"""Rules on names and explanations in two languages."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from typing import Final

from samsyn import names
from samsyn.dataset.exact import Graph, Literal
from samsyn.lint.finding import Finding

LANGUAGES: Final = ("sv", "en")
BILINGUAL: Final = {
    names.RDFS_LABEL: "rdfs:label",
    names.SKOS + "prefLabel": "skos:prefLabel",
    names.SKOS + "definition": "skos:definition",
    names.DCTERMS + "description": "dcterms:description",
    names.SH + "message": "sh:message",
    names.SH + "name": "sh:name",
}
"""Properties whose texts come once in Swedish and once in English."""


def check(graphs: Iterable[Graph], line: Callable[[str, str], int]) -> Iterator[Finding]:
    """Yield things of ours without a label, and texts without their other language.

    Args:
        graphs: those read from files.
        line: gives the line on which a file (first) describes a thing (second).
    """
    labelled: set[str] = set()
    typed: dict[str, tuple[str, str]] = {}
    for graph in graphs:
        path = str(graph.path or graph.iri)
        texts, types = _texts(graph)
        for (subject, predicate), tags in texts.items():
            labelled.update([subject] if predicate == names.RDFS_LABEL else [])
            if sorted(tags) != sorted(LANGUAGES):
                place = line(path, subject)
                yield _wrong_languages(path, place, subject, predicate, tags)
        for subject, type_ in types:
            typed.setdefault(subject, (path, type_))
    for subject, (path, type_) in typed.items():
        if type_.startswith(names.NS) and subject not in labelled:
            message = f"<{subject}> has no rdfs:label"
            advice = "name it in Swedish and in English"
            yield Finding(path, line(path, subject), "label", message, advice)


def _texts(graph: Graph) -> tuple[dict[tuple[str, str], list[str]], list[tuple[str, str]]]:
    texts: dict[tuple[str, str], list[str]] = defaultdict(list)
    types: list[tuple[str, str]] = []
    for triple in graph.triples:
        subject = str(getattr(triple.subject, "value", triple.subject))
        predicate = triple.predicate.value
        if predicate == names.RDF_TYPE:
            types.append((subject, str(getattr(triple.object, "value", ""))))
        elif predicate in BILINGUAL and isinstance(triple.object, Literal):
            texts[subject, predicate].append(triple.object.language or "")
    return texts, types


def _wrong_languages(
    path: str, line: int, subject: str, predicate: str, tags: list[str]
) -> Finding:
    held = ", ".join(sorted(f"@{tag}" if tag else "no tag" for tag in tags))
    message = f"{BILINGUAL[predicate]} of <{subject}> comes with {held}"
    return Finding(path, line, "two-languages", message, "write it once @sv and once @en")
