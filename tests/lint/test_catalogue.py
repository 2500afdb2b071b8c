"""The page of the validation rules has every rule, once, with its examples."""

from __future__ import annotations

import re

import pytest

from samsyn import names
from samsyn.dataset.exact import Literal
from samsyn.layout import Layout
from samsyn.lint import catalogue
from samsyn.validation.profiles import find
from samsyn.validation.rules import program


@pytest.fixture(scope="module")
def page(layout: Layout) -> str:
    """The page as it is made."""
    return catalogue.page(layout)


def test_every_rule_has_its_anchor(page: str) -> None:
    """Each shape of a profile with a message, and each rule of the program, is on the page once."""
    messages = names.SH + "message"
    shapes = {
        str(triple.subject).strip("<>").replace(names.SHAPES, "SAM-")
        for triple in find("core").triples()
        if triple.predicate.value == messages and isinstance(triple.object, Literal)
    }
    anchors = re.findall(r'<a id="([^"]+)"></a>', page)
    assert len(shapes) > 120
    assert sorted(anchors) == sorted([*shapes, *program()])


def test_every_rule_of_a_shape_has_a_bad_example(page: str) -> None:
    """Each entry of a profile's rule ends in an example that breaks it."""
    entries = page.split('\n<a id="SAM-')[1:]
    without = [e.partition('"')[0] for e in entries if "\nBad:\n" not in e]
    assert without == [name.removeprefix("SAM-") for name in program()]


def test_every_shape_has_a_good_example(page: str) -> None:
    """Each heading of a shape is followed by one example that meets all of its rules."""
    headings = page.count("\n### ")
    assert headings == page.count("\nGood:\n") > 30
