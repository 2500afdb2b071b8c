"""The recorded passages: what the dataset knows of them, and how they are written down."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from samsyn import names
from samsyn.dataset.exact import Dataset
from samsyn.errors import ToolError

GRAPH: Final = names.GRAPH + "stated/passages"
PASSAGE: Final = names.ID + "passage/"
SECTION: Final = names.ID + "section/"
NORMALISATION: Final = names.DOC + "passage-normalisation/1"

PREFIXES: Final[Mapping[str, str]] = {
    "dcterms": names.DCTERMS,
    "document": names.ID + "document/",
    "oa": names.OA,
    "passage": PASSAGE,
    "rdfs": names.RDFS,
    "samsyn": names.NS,
    "section": SECTION,
    "spdx": names.SPDX,
    "xsd": names.XSD,
}


@dataclass(frozen=True)
class Passage:
    """A stretch of the brief, known by position and checksum.

    Args:
        name: the last part of its IRI, such as ``s55`` or ``s16-s17``.
        sentences: the numbers of the sentences that it stands for.
        section: the last part of its section's IRI.
        start: where it begins, in skeleton characters from the beginning of the text; a hint.
        end: where it ends, likewise.
        checksum: the digest of its text, in lower case; the proof.
    """

    name: str
    sentences: tuple[int, ...]
    section: str
    start: int
    end: int
    checksum: str

    @property
    def iri(self) -> str:
        """The IRI of the passage."""
        return PASSAGE + self.name

    @property
    def length(self) -> int:
        """The number of its skeleton characters."""
        return self.end - self.start

    def label(self, language: str = "en") -> str:
        """Return what the passage is called in Swedish (``sv``) or English (``en``)."""
        one, many, link = {
            "sv": ("mening", "meningarna", " och "),
            "en": ("sentence", "sentences", " and "),
        }[language]
        numbers = [str(number) for number in self.sentences]
        return f"{one if len(numbers) == 1 else many} {link.join(numbers)}"


def render(passages: Iterable[Passage]) -> str:
    """Return the blocks that describe passages, as they are in the data, without prefixes.

    Args:
        passages: in the order wanted.
    """
    return "\n".join(_blocks(each) for each in passages)


def _blocks(passage: Passage) -> str:
    me = f"passage:{passage.name}"
    numbers = " , ".join(str(number) for number in passage.sentences)
    return (
        f"{me} a oa:SpecificResource , samsyn:Passage ;\n"
        f'  rdfs:label "{passage.label("sv")}"@sv , "{passage.label("en")}"@en ;\n'
        f"  oa:hasSelector {me}-position ;\n"
        f"  oa:hasSource document:policy-brief ;\n"
        f"  samsyn:hasSentenceNumber {numbers} ;\n"
        f"  samsyn:isInSection section:{passage.section} ;\n"
        f"  spdx:checksum {me}-checksum .\n\n"
        f"{me}-checksum a spdx:Checksum ;\n"
        f"  spdx:algorithm spdx:checksumAlgorithm_sha256 ;\n"
        f'  spdx:checksumValue "{passage.checksum}"^^xsd:hexBinary .\n\n'
        f"{me}-position a oa:TextPositionSelector ;\n"
        f"  dcterms:conformsTo <{NORMALISATION}> ;\n"
        f"  oa:end {passage.end} ;\n"
        f"  oa:start {passage.start} .\n"
    )


def read_passages(dataset: Dataset) -> list[Passage]:
    """Read the recorded passages, in the order in which they are in the brief.

    Args:
        dataset: one that holds the graph of the passages.

    Raises:
        ToolError: a passage lacks its position, checksum, sentence number or section.
    """
    facts: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for triple in dataset.graph(GRAPH).triples:
        facts[_value(triple.subject)][_value(triple.predicate)].append(_value(triple.object))
    found = [_passage(iri, facts) for iri in facts if names.OA + "hasSelector" in facts[iri]]
    return sorted(found, key=lambda passage: passage.start)


def _value(term: object) -> str:
    return str(getattr(term, "value", term))


def _passage(iri: str, facts: Mapping[str, Mapping[str, Sequence[str]]]) -> Passage:
    try:
        me = facts[iri]
        position = facts[me[names.OA + "hasSelector"][0]]
        checksum = facts[me[names.SPDX + "checksum"][0]]
        return Passage(
            name=iri.removeprefix(PASSAGE),
            sentences=tuple(sorted(int(each) for each in me[names.NS + "hasSentenceNumber"])),
            section=me[names.NS + "isInSection"][0].removeprefix(SECTION),
            start=int(position[names.OA + "start"][0]),
            end=int(position[names.OA + "end"][0]),
            checksum=checksum[names.SPDX + "checksumValue"][0].lower(),
        )
    except (KeyError, IndexError, ValueError) as error:
        raise ToolError(
            f"The passage {iri} is not described in full.",
            advice="It needs a position, a checksum, a sentence number and a section.",
        ) from error
