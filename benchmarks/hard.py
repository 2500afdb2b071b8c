"""Hard inputs: each has a trait that makes a generic engine lose itself."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from random import Random
from typing import Final

from benchmarks.networks import EXAMPLE as E
from benchmarks.networks import OWL, RDFS, TYPE, Row, as_list

HOPS: Final = 10_000
CLASSES: Final = 50_000
KEYED: Final = 100_000
TRACKS: Final = 10
LATE: Final = 500


def long_chain(seed: int = 1) -> Iterator[Row]:
    """A chain axiom along ten thousand hops, into a transitive property of three million pairs."""
    yield E + "reaches", TYPE, OWL + "TransitiveProperty"
    head, cells = as_list(E + "chain", [E + "next", E + "reaches"])
    yield from ((E + "reaches", OWL + "propertyChainAxiom", head), *cells)
    yield from ((f"{E}hop{n}", E + "next", f"{E}hop{n + 1}") for n in range(HOPS))
    yield f"{E}hop{HOPS}", E + "reaches", E + "end"
    yield from _dense("reaches", 100, 250, seed)


def _dense(name: str, communities: int, size: int, seed: int) -> Iterator[Row]:
    random = Random(seed)  # noqa: S311
    for community in range(communities):
        for number in range(size - 1):
            ends = {number + 1, random.randrange(number + 1, size)}
            yield from ((f"{E}{community}-{number}", E + name, f"{E}{community}-{n}") for n in ends)


def class_tree(seed: int = 1) -> Iterator[Row]:
    """Fifty thousand classes in a tree, with an individual in each."""
    random = Random(seed)  # noqa: S311
    for number in range(CLASSES):
        yield f"{E}C{number}", TYPE, OWL + "Class"
        yield f"{E}i{number}", TYPE, f"{E}C{number}"
        if number:
            yield f"{E}C{number}", RDFS + "subClassOf", f"{E}C{random.randrange(number)}"


def keys(seed: int = 1) -> Iterator[Row]:
    """A key of two properties over a hundred thousand individuals, two to a key."""
    random = Random(seed)  # noqa: S311
    head, cells = as_list(E + "key", [E + "hasCode", E + "isIn"])
    yield from ((E + "Person", OWL + "hasKey", head), *cells)
    numbers = list(range(KEYED))
    random.shuffle(numbers)
    for place, number in enumerate(numbers):
        yield f"{E}p{number}", TYPE, E + "Person"
        yield f"{E}p{number}", E + "hasCode", f"{E}code{place // 4}"
        yield f"{E}p{number}", E + "isIn", f"{E}country{place // 2 % 2}"


def restrictions(seed: int = 1) -> Iterator[Row]:
    """Two restrictions that feed each other all the way along ten tracks."""
    del seed
    yield E + "A", RDFS + "subClassOf", E + "AllB"
    yield E + "AllB", OWL + "allValuesFrom", E + "B"
    yield E + "AllB", OWL + "onProperty", E + "gives"
    yield E + "SomeB", OWL + "someValuesFrom", E + "B"
    yield E + "SomeB", OWL + "onProperty", E + "takes"
    yield E + "SomeB", RDFS + "subClassOf", E + "A"
    for track in range(TRACKS):
        yield f"{E}x{track}-0", TYPE, E + "A"
        for place in range(HOPS // 2):
            yield f"{E}x{track}-{place}", E + "gives", f"{E}y{track}-{place}"
            yield f"{E}x{track}-{place + 1}", E + "takes", f"{E}y{track}-{place}"


def late_merges(seed: int = 1) -> Iterator[Row]:
    """Two paths of a functional property that grow into one, step by step, beside many pairs.

    The first merge needs a chain, so it comes late; each one makes the next.
    """
    yield E + "follows", TYPE, OWL + "FunctionalProperty"
    yield E + "reaches", TYPE, OWL + "TransitiveProperty"
    head, cells = as_list(E + "chain", [E + "asks", E + "knows"])
    yield from ((E + "follows", OWL + "propertyChainAxiom", head), *cells)
    for track in range(TRACKS):
        start = f"{E}{track}"
        yield f"{start}-root", E + "follows", f"{start}-a0"
        yield f"{start}-root", E + "asks", f"{start}-friend"
        yield f"{start}-friend", E + "knows", f"{start}-b0"
        for place in range(LATE):
            yield f"{start}-a{place}", E + "follows", f"{start}-a{place + 1}"
            yield f"{start}-b{place}", E + "follows", f"{start}-b{place + 1}"
            yield f"{start}-b{place}", E + "reaches", f"{E}{track}-{place % 200}"
    yield from _dense("reaches", 100, 250, seed)


HARD: Final[dict[str, Callable[[], Iterator[Row]]]] = {
    "chain axiom along 10,000 hops": long_chain,
    "50 thousand classes": class_tree,
    "keys over 100 thousand individuals": keys,
    "restrictions that feed each other": restrictions,
    "merges that come late": late_merges,
}
