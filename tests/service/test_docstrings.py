"""The examples in docstrings."""

from __future__ import annotations

import doctest
from importlib import import_module
from pkgutil import walk_packages

import pytest

import samsyn

MODULES = sorted(
    module.name
    for module in walk_packages(samsyn.__path__, "samsyn.")
    if not module.name.endswith("__main__")
)


def test_there_are_examples() -> None:
    """Some docstring has an example, so that running them all is no empty gesture."""
    finder = doctest.DocTestFinder()
    assert any(test.examples for name in MODULES for test in finder.find(import_module(name)))


@pytest.mark.parametrize("name", MODULES)
def test_examples_are_true(name: str) -> None:
    """Every example in a docstring gives what it says."""
    failed, _ = doctest.testmod(import_module(name))
    assert failed == 0


def test_public_names_are_found_on_first_use() -> None:
    """Every public name of the package can be had, and an unknown one is an error."""
    for name in samsyn.__all__:
        assert getattr(samsyn, name)
    assert set(dir(samsyn)) == set(samsyn.__all__)
    with pytest.raises(AttributeError, match="has no attribute 'colour'"):
        samsyn.colour  # noqa: B018  the attribute error is the point
