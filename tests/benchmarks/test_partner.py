"""The partner's dataset of the benchmarks has the size it is asked for, and the faults it names."""

from __future__ import annotations

from collections import Counter

import pytest
from benchmarks.partner import BLOCK, FAULTS, expected, turtle

from samsyn import names
from samsyn.dataset.exact import Triple, parse_triples
from samsyn.layout import Layout
from samsyn.validation.configuration import of
from samsyn.validation.locations import Part
from samsyn.validation.options import Options
from samsyn.validation.run import report

SIZE = 2 * BLOCK * len(FAULTS)


def triples(size: int) -> list[Triple]:
    """Read a dataset."""
    return list(parse_triples("".join(turtle(size)).encode(), "turtle"))


def test_it_has_as_many_triples_as_asked_for() -> None:
    """No triple comes twice, and faults take none away."""
    assert len(set(triples(SIZE))) == SIZE


def test_it_is_the_same_each_time_and_grows_at_its_end() -> None:
    """A greater dataset begins as the smaller one, and the same size gives the same bytes."""
    assert list(turtle(SIZE)) == list(turtle(SIZE))
    assert "".join(turtle(SIZE)).startswith("".join(turtle(BLOCK)))


@pytest.mark.parametrize("profile", ["linking", "core"])
def test_exactly_its_faults_are_found(profile: str, layout: Layout) -> None:
    """A check finds each fault that was put in by the rules it names, and nothing else."""
    options = Options(shapes=(profile,))
    checked = report([Part("", triples(SIZE))], of(options, layout), options)
    assert Counter(finding.rule for finding in checked.findings) == expected(SIZE, profile)


def test_each_block_has_one_fault() -> None:
    """As many blocks as there are kinds have a fault of each kind; more have the same again."""
    assert sum(expected(BLOCK).values()) == 1
    assert sum(expected(SIZE).values()) == 2 * len(FAULTS) - sum(each.once for each in FAULTS)


def test_no_two_networks_are_said_to_be_the_same_one() -> None:
    """They would be one network with several labels, which is a fault that nobody put in."""
    same = [t.object for t in triples(100 * BLOCK) if t.predicate.value == names.OWL + "sameAs"]
    assert len(same) == len(set(same)) == 10
