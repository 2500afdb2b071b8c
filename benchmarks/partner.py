"""A partner's dataset of any size: networks, bodies, who informs whom, events, reports and claims.

Everything is invented and is in example.org. A thousand triples are a block, and each block has
one fault: of the next kind each time, and at another place. The same size gives the same bytes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

BLOCK: Final = 1000
"""How many triples have one fault among them."""
GROUP: Final = 20
"""How many triples a group has."""
HEAD: Final = """\
# A partner's dataset, made for measurements; nothing in it is true.
@prefix body: <https://example.org/body/> .
@prefix certainty: <https://w3id.org/samsyn/vocab/certainty/> .
@prefix claim: <https://example.org/claim/> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix document: <https://example.org/document/> .
@prefix event: <https://example.org/event/> .
@prefix formality: <https://w3id.org/samsyn/vocab/formality/> .
@prefix claim-type: <https://w3id.org/samsyn/vocab/claim-type/> .
@prefix level: <https://w3id.org/samsyn/vocab/level/> .
@prefix network: <https://example.org/network/> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix polarity: <https://w3id.org/samsyn/vocab/polarity/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix samsyn: <https://w3id.org/samsyn/ns#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .

"""
_OURS: Final = (
    "return-working-group",
    "charter-working-group",
    "liaison-officers-and-attaches",
    "ministry-networks",
    "nordic-networks",
)
_NETWORK: Final = """\
network:n{n} a samsyn:Network ;
  rdfs:label "nätverk {n}"@sv , "network {n}"@en ;
  samsyn:hasFormality formality:{formality} ;
  samsyn:hasLevel level:{level} ;
  skos:relatedMatch <https://w3id.org/samsyn/id/network/{ours}> .

body:a{n} a samsyn:Body ;
  rdfs:label "myndighet {n}"@sv , "agency {n}"@en ;
  samsyn:feedsInformationTo body:b{n} ;
  samsyn:isMemberOf network:n{n} .

body:b{n} a samsyn:Body ;
  rdfs:label "departement {n}"@sv , "ministry {n}"@en ;
  samsyn:feedsInformationTo body:c{n} ;
  samsyn:isMemberOf network:n{n} .

body:c{n} a samsyn:Body ;
  rdfs:label "kommitté {n}"@sv , "committee {n}"@en ;
  samsyn:feedsInformationTo body:d{n} .

"""
_REPORT: Final = """\
document:r{n} a samsyn:Document ;
  rdfs:label "rapport {n}"@sv , "report {n}"@en ;
  dcterms:issued "{year}"^^xsd:gYear ;
  dcterms:subject <https://w3id.org/samsyn/id/topic/return> .

event:e{n} a samsyn:Event ;
  rdfs:label "möte {n}"@sv , "meeting {n}"@en ;
  samsyn:hasDate "{year}-03-01"^^xsd:date ;
  samsyn:hasYear "{year}"^^xsd:gYear .

claim:k{n} a samsyn:Claim ;
  rdfs:label "påstående {n}"@sv , "claim {n}"@en ;
  dcterms:source document:r{n} ;
  samsyn:hasCertainty certainty:outright ;
  samsyn:hasClaimType claim-type:finding ;
  samsyn:hasPolarity polarity:asserted ;
  samsyn:statesObject body:b{last} ;
  samsyn:statesProperty samsyn:feedsInformationTo ;
  samsyn:statesSubject <https://w3id.org/samsyn/id/network/{ours}> .

"""


@dataclass(frozen=True)
class Fault:
    """A kind of fault: what is in place of what, as many triples as before.

    Args:
        name: what is wrong.
        right: the text as it should be.
        wrong: the text with the fault.
        found: the rules that find it with the profile linking, once each.
        extra: the rules that find it with the profile core in addition.
        once: whether all faults of the kind are one finding.
    """

    name: str
    right: str
    wrong: str
    found: tuple[str, ...]
    extra: tuple[str, ...] = ()
    once: bool = False


FAULTS: Final = (
    Fault(
        "a network without a label",
        '  rdfs:label "nätverk {n}"@sv',
        '  skos:note "nätverk {n}"@sv',
        ("SAM-LinkedLabelShape",),
        ("SAM-CoreLabelShape",),
    ),
    Fault(
        "a concept of another scheme",
        "samsyn:hasFormality formality:{formality}",
        "samsyn:hasFormality level:operational",
        ("SAM-LinkedConceptShape-hasFormality",),
    ),
    Fault(
        "a misspelt property",
        "samsyn:hasLevel ",
        "samsyn:hasLevell ",
        ("SAM-unknown-term",),
        once=True,
    ),
    Fault(
        "labels without a language",
        '"nätverk {n}"@sv , "network {n}"@en',
        '"nätverk {n}" , "network {n}"',
        ("SAM-LinkedLabelShape",),
        ("SAM-CoreLabelShape", *["SAM-CoreThingShape-label-tagged"] * 2),
    ),
    Fault(
        "a network that is said to be one of ours",
        "skos:relatedMatch <https://w3id.org/samsyn/id/network/{ours}>",
        # Each another one: several that are the same would be one with several labels.
        "owl:sameAs <https://w3id.org/samsyn/id/network/{ours}-{n}>",
        ("SAM-LinkedSameAsShape-to",),
    ),
    Fault(
        "a transitive property stated by hand",
        "samsyn:feedsInformationTo body:b{n}",
        "samsyn:informs body:b{n}",
        ("SAM-LinkedInferredShape-informs",),
    ),
    Fault(
        "a network that is a place",
        "samsyn:hasLevel level:{level}",
        "a samsyn:Place",
        ("SAM-contradiction",),
    ),
    Fault(
        "a link with a wrong address",
        "<https://w3id.org/",
        "<http://w3id.org/",
        ("SAM-LinkedAddressShape-form",),
    ),
    Fault(
        "a year without a datatype",
        'samsyn:hasYear "{year}"^^xsd:gYear',
        'samsyn:hasYear "{year}"',
        ("SAM-LinkedDateShape-year",),
    ),
    Fault(
        "a claim without a source",
        "dcterms:source",
        "rdfs:seeAlso",
        ("SAM-LinkedClaimShape",),
        ("SAM-CoreClaimShape-source",),
    ),
)


def turtle(triples: int) -> Iterator[str]:
    """Yield the dataset in pieces.

    Args:
        triples: how many it shall have; a multiple of a block, which is rounded down to.
    """
    yield HEAD
    for block in range(triples // BLOCK):
        fault = FAULTS[block % len(FAULTS)]
        pieces = _block()
        fits = [number for number, piece in enumerate(pieces) if fault.right in piece]
        faulty = fits[block // len(FAULTS) * 7 % len(fits)]
        pieces[faulty] = pieces[faulty].replace(fault.right, fault.wrong, 1)
        for number, piece in enumerate(pieces, start=block * len(pieces)):
            yield _filled(piece, number)


def expected(triples: int, profile: str = "linking") -> Mapping[str, int]:
    """Return how many findings a check must give, by rule.

    Args:
        triples: the size of the dataset.
        profile: ``linking`` or ``core``.
    """
    found: Counter[str] = Counter()
    for block in range(triples // BLOCK):
        fault = FAULTS[block % len(FAULTS)]
        for rule in (*fault.found, *(fault.extra if profile == "core" else ())):
            found[rule] = 1 if fault.once else found[rule] + 1
    return found


def _block() -> list[str]:
    # No chain goes from one network to the next, so that the closure grows with the data and no
    # faster.
    return [*[_NETWORK] * (BLOCK // GROUP - 1), _REPORT]


def _filled(piece: str, number: int) -> str:
    values = {
        "{n}": str(number),
        "{last}": str(number - 1),
        "{formality}": ("formal", "informal")[number % 2],
        "{level}": ("operational", "strategic")[number % 2],
        "{ours}": _OURS[number % len(_OURS)],
        "{year}": str(1990 + number // len(_OURS) % 35),
    }
    for name, value in values.items():
        piece = piece.replace(name, value)
    return piece
