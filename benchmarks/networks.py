"""Seeded networks of actors, like ours: the inputs that grow.

Networks inform networks, belong to greater ones, have phases, members and leaders. They fall into
communities of bounded size, so that the closure grows with the facts and not with their square.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Final

EXAMPLE: Final = "https://example.org/"
RDF: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RDFS: Final = "http://www.w3.org/2000/01/rdf-schema#"
OWL: Final = "http://www.w3.org/2002/07/owl#"
TYPE: Final = RDF + "type"
NIL: Final = RDF + "nil"

Row = tuple[str, str, str]
"""A triple of IRIs."""

_WORDS: Final = {
    **dict.fromkeys(("subClassOf", "subPropertyOf", "domain", "range"), RDFS),
    **dict.fromkeys(("inverseOf", "propertyChainAxiom", "sameAs"), OWL),
    **dict.fromkeys(("Class", "ObjectProperty", "TransitiveProperty", "SymmetricProperty"), OWL),
    "a": "",
}
_ONTOLOGY: Final = """
Actor a Class; Collective a Class; Network a Class; Phase a Class; Agency a Class
Collective subClassOf Actor; Network subClassOf Collective; Phase subClassOf Collective
Agency subClassOf Collective
reaches a ObjectProperty; informs a ObjectProperty; isTransitivePartOf a ObjectProperty
isSubgroupOf a ObjectProperty; isMemberOf a ObjectProperty; hasPhase a ObjectProperty
reaches a TransitiveProperty; informs a TransitiveProperty; isTransitivePartOf a TransitiveProperty
worksOn a SymmetricProperty; hasLevel a ObjectProperty
informs subPropertyOf reaches; isSubgroupOf subPropertyOf reaches; isMemberOf subPropertyOf reaches
isSubgroupOf subPropertyOf isTransitivePartOf; reaches domain Actor; reaches range Actor
isMemberOf domain Collective; isMemberOf range Network; hasPhase range Phase
isReachedBy inverseOf reaches; isInformedBy inverseOf informs; hasMember inverseOf isMemberOf
hasSubgroup inverseOf isSubgroupOf
"""
_CHAINS: Final = {
    "hasIndirectMember": ("hasSubgroup", "hasMember"),
    "everHadLevel": ("hasPhase", "hasLevel"),
    "reachesLevel": ("reaches", "hasLevel"),
}


@dataclass(frozen=True)
class Size:
    """How great an input is.

    Args:
        communities: how many there are.
        networks: how many networks each holds.
    """

    communities: int
    networks: int


SIZES: Final = {
    "7 thousand": Size(40, 25),
    "70 thousand": Size(93, 105),
    "700 thousand": Size(930, 105),
}


def actor_networks(size: Size, seed: int = 1) -> Iterator[Row]:
    """Give the triples of an input, each once.

    Args:
        size: how many communities of how many networks.
        seed: the same one gives the same triples.
    """
    yield from ontology()
    random = Random(seed)  # noqa: S311 (an experiment, not a secret)
    for number in range(size.communities):
        yield from dict.fromkeys(_community(f"c{number}-", size.networks, random))


def ontology() -> Iterator[Row]:
    """Give the axioms that all sizes share."""
    for statement in _ONTOLOGY.replace("\n", ";").split(";"):
        if statement.strip():
            subject, predicate, object_ = map(_word, statement.split())
            yield subject, predicate, object_
    for name, members in _CHAINS.items():
        head, cells = as_list(EXAMPLE + name, [EXAMPLE + member for member in members])
        yield EXAMPLE + name, OWL + "propertyChainAxiom", head
        yield from cells


def as_list(name: str, members: list[str]) -> tuple[str, list[Row]]:
    """Return the head and the cells of an RDF list, with IRIs for its nodes."""
    nodes = [f"{name}-list-{place}" for place in range(len(members))] + [NIL]
    cells = []
    for place, member in enumerate(members):
        cells.append((nodes[place], RDF + "first", member))
        cells.append((nodes[place], RDF + "rest", nodes[place + 1]))
    return nodes[0], cells


def _word(word: str) -> str:
    return TYPE if word == "a" else _WORDS.get(word, EXAMPLE) + word


def _community(start: str, size: int, random: Random) -> Iterator[Row]:
    # Earlier networks inform later ones, a few of them the other way, which makes small circles.
    networks = [f"{EXAMPLE}{start}n{number}" for number in range(size)]
    for number, network in enumerate(networks):
        yield network, TYPE, EXAMPLE + "Network"
        for _ in range(3):
            other = random.randrange(size)
            one, two = sorted((number, other))
            if one != two:
                yield networks[one], EXAMPLE + "informs", networks[two]
        member = f"{EXAMPLE}{start}m{number}"
        yield member, EXAMPLE + "isMemberOf", network
        yield member, TYPE, EXAMPLE + "Agency"
        yield from _occasional(number, networks, member, random)


def _occasional(number: int, networks: list[str], member: str, random: Random) -> Iterator[Row]:
    network = networks[number]
    if number % 4 == 0 and number:
        yield network, EXAMPLE + "isSubgroupOf", networks[random.randrange(number)]
    if number % 5 == 0:
        phase = network + "-phase"
        yield network, EXAMPLE + "hasPhase", phase
        yield phase, EXAMPLE + "hasLevel", f"{EXAMPLE}level-{random.randrange(3)}"
        yield network, EXAMPLE + "hasLevel", f"{EXAMPLE}level-{random.randrange(3)}"
    if number % 10 == 0:
        yield member, OWL + "sameAs", member + "-too"
    if number % 3 == 0:
        yield network, EXAMPLE + "worksOn", networks[random.randrange(len(networks))]


def write(rows: Iterator[Row], path: Path) -> int:
    """Write triples as N-Triples and return how many there were."""
    count = 0
    with path.open("w", encoding="ascii") as file:
        for subject, predicate, object_ in rows:
            file.write(f"<{subject}> <{predicate}> <{object_}> .\n")
            count += 1
    return count
