"""Rules on the recorded passages that hold without the brief."""

from __future__ import annotations

import re
from collections import Counter
from itertools import pairwise

from samsyn import evidence
from samsyn.dataset.exact import Dataset
from samsyn.layout import Layout


def test_every_sentence_has_one_passage(dataset: Dataset) -> None:
    """The sentences 1 to 84 are in exactly one passage each, in their order."""
    passages = evidence.read_passages(dataset)
    numbers = [number for each in passages for number in each.sentences]
    assert numbers == list(range(1, 85))


def test_a_passage_is_long_enough_to_be_unique(dataset: Dataset) -> None:
    """No passage is shorter than 64 letters and digits."""
    passages = evidence.read_passages(dataset)
    assert [each.name for each in passages if each.length < evidence.SHORTEST] == []


def test_passages_do_not_overlap(dataset: Dataset) -> None:
    """A passage ends before the next one begins, and no two have one checksum."""
    passages = evidence.read_passages(dataset)
    assert [b.name for a, b in pairwise(passages) if b.start < a.end] == []
    counted = Counter(each.checksum for each in passages)
    assert set(counted.values()) == {1}
    assert all(re.fullmatch("[0-9a-f]{64}", each) for each in counted)


def test_a_passage_is_named_after_its_sentences(dataset: Dataset) -> None:
    """The name is the sentence's number, or both numbers."""
    for each in evidence.read_passages(dataset):
        assert each.name == "-".join(f"s{number}" for number in each.sentences)


def test_the_file_of_passages_is_as_the_program_writes_it(layout: Layout, dataset: Dataset) -> None:
    """The blocks in the file are byte for byte those that are made from what they say."""
    text = (layout.data / "stated" / "passages.ttl").read_text(encoding="utf-8")
    _, _, blocks = text.partition("\n\n")
    assert blocks == evidence.render(evidence.read_passages(dataset))
