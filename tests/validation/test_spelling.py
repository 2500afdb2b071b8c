"""The nearest right words to a wrong one."""

from __future__ import annotations

from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from samsyn.validation.terms.spelling import Words, distance

WORD = st.text("abcd", max_size=7)


@cache
def steps(one: str, other: str) -> int:
    """Count steps by the definition: insert, delete, replace, or swap two neighbours once."""
    if not one or not other:
        return len(one) + len(other)
    found = [
        steps(one[1:], other) + 1,
        steps(one, other[1:]) + 1,
        steps(one[1:], other[1:]) + (one[0] != other[0]),
    ]
    if len(one) > 1 and len(other) > 1 and one[0] == other[1] and one[1] == other[0]:
        found.append(steps(one[2:], other[2:]) + 1)
    return min(found)


@given(WORD, WORD, st.integers(0, 4))
def test_steps_are_counted_as_defined(one: str, other: str, limit: int) -> None:
    """The distance is that of the definition, or one above the limit where it is more."""
    assert distance(one, other, limit) == min(steps(one, other), limit + 1)


@given(st.sets(st.text("abcdefgh", min_size=1, max_size=9), max_size=8), st.text("abcdefgh"))
def test_no_near_word_is_ruled_out_too_early(words: set[str], word: str) -> None:
    """Among the words that are near, one with the fewest steps comes first."""
    limits = [(2, 0), (4, 1), (8, 2)]
    limit = next((most for length, most in limits if len(word) <= length), 3)
    near = {each: steps(word, each) for each in words if steps(word, each) <= limit}
    found = Words(words).near(word)
    if near and min(near.values()) <= 2:
        assert found[0][0] == min(near.values())


WORDS = ["label", "prefLabel", "altLabel", "minCount", "maxCount", "isMemberOf", "in", "or"]


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        ("preflabel", ["prefLabel"]),
        ("pref_label", ["prefLabel"]),
        ("lable", ["label"]),
        ("mincount", ["minCount"]),
        ("minCoutn", ["minCount"]),
        ("memberOf", ["isMemberOf"]),
        ("IN", ["in"]),
        ("on", []),
        ("xyzzy", []),
        ("", []),
    ],
)
def test_what_is_near_is_found_and_nothing_else(wrong: str, right: list[str]) -> None:
    """Case comes first, then few steps, then a word inside of another; far words never."""
    assert [word for _, word in Words(WORDS).near(wrong)] == right
