"""Token buckets: how often something may be done, by name."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as some

from samsyn.server.limits.rates import Rates


def test_a_bucket_empties_and_fills() -> None:
    """So many uses at once, then one in so many seconds; the wait is reported in whole seconds."""
    now = [0.0]
    rates = Rates(0.1, 2, clock=lambda: now[0])
    assert [rates.take("a") for _ in range(3)] == [True, True, False]
    assert rates.wait("a") == 10
    assert rates.wait("b") == 0
    now[0] = 9.5
    assert (rates.take("a"), rates.wait("a")) == (False, 1)
    now[0] = 10.0
    assert (rates.wait("a"), rates.take("a"), rates.take("a")) == (0, True, False)
    now[0] = 1e6
    assert [rates.take("a") for _ in range(3)] == [True, True, False]


@given(some.lists(some.tuples(some.text(max_size=3), some.floats(0, 2)), max_size=200))
def test_no_name_has_more_than_its_rate(uses: list[tuple[str, float]]) -> None:
    """In any time a name has at most its burst and what its rate gives; names are bounded."""
    now = [0.0]
    rates = Rates(1.0, 3, most=4, clock=lambda: now[0])
    had = 0
    for name, pause in uses:
        now[0] += pause
        # One that is used all the time is never forgotten.
        had += rates.take("always")
        rates.take(name or "other")
        assert len(rates) <= 4
        assert had <= 3 + now[0] + 1e-6
