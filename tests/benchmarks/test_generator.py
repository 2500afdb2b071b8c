"""The inputs of the benchmarks are the same each time, and as great as they are named."""

from itertools import islice

import pytest
from benchmarks.hard import HARD
from benchmarks.networks import SIZES, actor_networks

from samsyn.closure.graph import ClosedGraph
from samsyn.dataset.exact import NamedNode, Triple


@pytest.fixture(scope="module")
def rows():
    """Give the small input."""
    return list(actor_networks(SIZES["7 thousand"]))


def test_a_seed_always_gives_the_same_networks(rows):
    """The generator is deterministic, and another seed gives other networks."""
    assert rows == list(actor_networks(SIZES["7 thousand"], seed=1))
    assert rows != list(actor_networks(SIZES["7 thousand"], seed=2))


def test_each_triple_comes_once(rows):
    """No triple is given twice, so that the size named is the size stated."""
    assert len(set(rows)) == len(rows)


def test_the_small_input_is_as_great_as_it_says(rows):
    """Seven thousand triples have a closure of some ninety thousand."""
    closed = ClosedGraph(Triple(*map(NamedNode, row)) for row in rows)
    assert 6_500 < len(rows) < 7_500
    assert 80_000 < len(closed) < 100_000


@pytest.mark.parametrize("name", HARD)
def test_hard_inputs_are_the_same_each_time(name):
    """A hard input begins the same each time it is made."""
    make = HARD[name]
    assert list(islice(make(), 500)) == list(islice(make(), 500))
