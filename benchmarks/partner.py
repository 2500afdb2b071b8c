"""A partner's dataset of any size: networks, bodies and who informs whom, one fault in a thousand.

Everything is invented and stands in example.org. The same size gives the same bytes.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

HEAD: Final = """\
# A partner's dataset, made for measurements; nothing in it is true.
@prefix body: <https://example.org/body/> .
@prefix formality: <https://w3id.org/samsyn/vocab/formality/> .
@prefix level: <https://w3id.org/samsyn/vocab/level/> .
@prefix network: <https://example.org/network/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix samsyn: <https://w3id.org/samsyn/ns#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .

"""
TRIPLES: Final = 20
"""How many triples a group has."""

_CHAIN: Final = 1
_FAULTS: Final = (
    ('  rdfs:label "nätverk {n}"@sv , "network {n}"@en ;\n', ""),
    ("samsyn:hasFormality formality:informal", "samsyn:hasFormality level:operational"),
    ("samsyn:hasLevel level:", "samsyn:hasLevell level:"),
    ('"network {n}"@en', '"network {n}"'),
)
_GROUP: Final = """\
network:n{n} a samsyn:Network ;
  rdfs:label "nätverk {n}"@sv , "network {n}"@en ;
  samsyn:hasFormality formality:informal ;
  samsyn:hasLevel level:operational ;
  skos:relatedMatch <https://w3id.org/samsyn/id/network/return-working-group> .

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
  samsyn:feedsInformationTo body:{end} .

"""


def turtle(triples: int) -> Iterator[str]:
    """Yield the dataset in pieces, one fault in a thousand triples.

    Args:
        triples: about how many it shall have.
    """
    yield HEAD
    every = 1000 // TRIPLES
    for number in range(triples // TRIPLES):
        # Chains of five groups end, so that the closure grows with the data and no faster.
        group = number // _CHAIN * _CHAIN
        last = number == group + _CHAIN - 1
        piece = _GROUP.replace("{end}", "z" + str(group) if last else "a" + str(number + 1))
        if number % every == every - 1:
            right, wrong = _FAULTS[number // every % len(_FAULTS)]
            piece = piece.replace(right, wrong)
        yield piece.replace("{n}", str(number))
