"""The languages that a dataset is in: labels are asked for in these, not always in ours.

A dataset says so by ``dcterms:language``, with a tag such as ``"en"`` or the IRI of a language in
the tables that are in wide use; the settings go before that. Where nobody says anything, labels
are asked for in Swedish and English.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Final

from samsyn import names
from samsyn.dataset.exact import BlankNode, Literal, NamedNode, Triple

SHAPE: Final = NamedNode(names.SHAPES + "CoreBilingualShape")
_BILINGUAL: Final = NamedNode(names.SHAPES + "CoreBilingual")
_PARTS: Final = (
    NamedNode(names.SHAPES + "CoreBilingual-english"),
    NamedNode(names.SHAPES + "CoreBilingual-swedish"),
)
_LANGUAGE: Final = names.DCTERMS + "language"
_DATASETS: Final = frozenset({names.DCAT + "Dataset", "http://rdfs.org/ns/void#Dataset"})
_TAG: Final = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*")
_TABLE: Final = re.compile(r"/(?:iso639-[1-5]|language|languages|bcp47)/(\w[\w-]*)$", re.IGNORECASE)
_SHORT: Final[Mapping[str, str]] = MappingProxyType(
    {
        "ara": "ar", "bul": "bg", "ces": "cs", "cze": "cs", "dan": "da", "deu": "de",
        "dut": "nl", "ell": "el", "eng": "en", "est": "et", "fao": "fo", "fas": "fa",
        "fin": "fi", "fra": "fr", "fre": "fr", "ger": "de", "gle": "ga", "gre": "el",
        "hrv": "hr", "hun": "hu", "ice": "is", "isl": "is", "ita": "it", "kal": "kl",
        "lav": "lv", "lit": "lt", "mlt": "mt", "nld": "nl", "nno": "nn", "nob": "nb",
        "nor": "no", "per": "fa", "pol": "pl", "por": "pt", "ron": "ro", "rum": "ro",
        "rus": "ru", "slk": "sk", "slo": "sk", "slv": "sl", "sme": "se", "spa": "es",
        "swe": "sv", "tur": "tr", "ukr": "uk",
    }
)  # fmt: skip
"""The two-letter codes of language tags, by the three-letter codes of language tables."""


def of_data(triples: Sequence[Triple]) -> tuple[str, ...]:
    """Return the languages in which the datasets that the data describes say they are, sorted.

    Args:
        triples: the user's data.
    """
    said = [triple for triple in triples if triple.predicate.value == _LANGUAGE]
    if not said:
        return ()
    kinds = (t for t in triples if t.predicate.value == names.RDF_TYPE)
    datasets = {t.subject for t in kinds if getattr(t.object, "value", "") in _DATASETS}
    tags = (_tag(triple.object) for triple in said if triple.subject in datasets)
    return tuple(sorted({tag for tag in tags if tag}))


def _tag(term: object) -> str:
    if isinstance(term, Literal):
        written = term.value.strip()
    else:
        found = _TABLE.search(term.value) if isinstance(term, NamedNode) else None
        written = found[1] if found else ""
    tag = written.lower()
    return _SHORT.get(tag, tag) if _TAG.fullmatch(tag) else ""


def shapes_in(shapes: Iterable[Triple], languages: Sequence[str]) -> tuple[Triple, ...]:
    """Return shapes that ask for labels in some languages, where they asked for ours.

    Args:
        shapes: the shapes graph.
        languages: language tags; none: the shapes stay as they are.
    """
    given = tuple(shapes)
    if not languages or not any(triple.subject == SHAPE for triple in given):
        return given
    part = [triple for triple in given if triple.subject == _PARTS[0]]
    kept = (triple for triple in given if not _is_replaced(triple))
    made = (new for language in languages for new in _asking(language, part))
    return (*kept, *made, *_said(languages))


def _is_replaced(triple: Triple) -> bool:
    if triple.subject in _PARTS:
        return True
    if triple.subject == _BILINGUAL:
        return triple.predicate.value == names.SH + "property"
    texts = (names.SH + "message", names.RDFS_LABEL)
    return triple.subject == SHAPE and triple.predicate.value in texts


def _asking(language: str, part: Iterable[Triple]) -> Iterator[Triple]:
    # The property shape of one language as it is, with another language in it.
    shape = NamedNode(f"{names.SHAPES}CoreBilingual-{language}")
    inner = NamedNode(f"{names.SHAPES}CoreLanguage-{language}")
    yield Triple(_BILINGUAL, NamedNode(names.SH + "property"), shape)
    for triple in part:
        is_inner = triple.predicate.value == names.SH + "qualifiedValueShape"
        yield Triple(shape, triple.predicate, inner if is_inner else triple.object)
    head = BlankNode(f"language-{language}")
    yield Triple(inner, NamedNode(names.RDF_TYPE), NamedNode(names.SH + "NodeShape"))
    yield Triple(inner, NamedNode(names.SH + "languageIn"), head)
    yield Triple(head, NamedNode(names.RDF + "first"), Literal(language))
    yield Triple(head, NamedNode(names.RDF + "rest"), NamedNode(names.RDF + "nil"))


def _said(languages: Sequence[str]) -> Iterator[Triple]:
    tags = ", ".join(f"@{language}" for language in languages)
    texts = {
        names.RDFS_LABEL: ("etikett på datamängdens språk", "label in the dataset's languages"),
        names.SH + "message": (
            f"Noden har inte etikett på vart och ett av datamängdens språk: {tags}. Lägg till den"
            " som fattas.",
            f"The node does not have a label in each of the dataset's languages: {tags}. Add the"
            " missing one.",
        ),
    }
    for property_, (swedish, english) in texts.items():
        yield Triple(SHAPE, NamedNode(property_), Literal(swedish, language="sv"))
        yield Triple(SHAPE, NamedNode(property_), Literal(english, language="en"))
