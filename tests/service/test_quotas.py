"""What the server holds for its clients is counted, and bounded."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from samsyn.server.limits.quotas import Kind, OverQuotaError, Quota, Quotas, site

CLIENTS = ("192.0.2.1", "192.0.2.2", "2001:db8:1:1::/64", "2001:db8:1:2::/64", "unknown")


@pytest.mark.threat("memory")
def test_a_client_is_refused_what_goes_over_its_own_quota() -> None:
    """The quota of one client does not bound another's, and what is refused is not counted."""
    quotas = Quotas({Kind.JOBS: Quota(own=2, total=9)})
    quotas.take("a", Kind.JOBS, 2)
    with pytest.raises(OverQuotaError) as caught:
        quotas.take("a", Kind.JOBS)
    assert caught.value.own
    quotas.take("b", Kind.JOBS)
    assert (quotas.held(Kind.JOBS, "a"), quotas.held(Kind.JOBS)) == (2, 3)


@pytest.mark.threat("site")
def test_all_clients_together_have_a_quota_too() -> None:
    """Who finds it used up by others is told that it is not its own."""
    quotas = Quotas({Kind.UNSENT: Quota(own=100, total=100)})
    quotas.take("a", Kind.UNSENT, 60)
    with pytest.raises(OverQuotaError) as caught:
        quotas.take("b", Kind.UNSENT, 60)
    assert not caught.value.own


@pytest.mark.threat("site")
def test_a_site_has_the_quota_of_four_clients() -> None:
    """A network of 48 bits cannot ask as 65,536 clients."""
    quotas = Quotas({Kind.CONNECTIONS: Quota(own=10, total=1000)})
    for number in range(40):
        quotas.take(f"2001:db8:1:{number:x}::/64", Kind.CONNECTIONS)
    with pytest.raises(OverQuotaError) as caught:
        quotas.take("2001:db8:1:ffff::/64", Kind.CONNECTIONS)
    assert caught.value.own
    quotas.take("2001:db8:2:1::/64", Kind.CONNECTIONS)


@pytest.mark.threat("site")
def test_the_site_of_a_client() -> None:
    """Clients of IPv4 and those without an address stand alone."""
    assert [site(client) for client in CLIENTS] == [
        "192.0.2.1", "192.0.2.2", "2001:db8:1::/48", "2001:db8:1::/48", "unknown",
    ]  # fmt: skip


def test_the_heaviest_client_is_at_the_heaviest_site() -> None:
    """Who shares what it holds among many networks of one site is heavier than who holds more."""
    quotas = Quotas({})
    quotas.hold("192.0.2.1", Kind.JOBS, 5)
    for number, amount in enumerate([2, 3, 2]):
        quotas.hold(f"2001:db8:1:{number}::/64", Kind.JOBS, amount)
    assert quotas.heaviest(Kind.JOBS) == "2001:db8:1:1::/64"
    assert quotas.held_at_site(Kind.JOBS, "2001:db8:1:9::/64") == 7


def test_what_is_held_already_is_counted_although_it_is_too_much() -> None:
    """The caller learns that it is too much, and who holds most."""
    quotas = Quotas({Kind.WORKERS: Quota(own=10, total=15)})
    assert quotas.hold("a", Kind.WORKERS, 10)
    assert not quotas.hold("b", Kind.WORKERS, 6)
    assert quotas.heaviest(Kind.WORKERS) == "a"


@pytest.mark.threat("memory")
@given(
    st.lists(
        st.tuples(st.sampled_from(CLIENTS), st.sampled_from(list(Kind)), st.integers(1, 9)),
        max_size=30,
    )
)
def test_what_was_taken_and_given_back_leaves_nothing(
    taken: list[tuple[str, Kind, int]],
) -> None:
    """Whatever the order and the clients, sums agree, and in the end nothing is held."""
    quotas = Quotas({Kind.JOBS: Quota(own=20, total=40), Kind.SPOOLED: Quota(own=5, total=9)})
    counted = []
    for client, kind, amount in taken:
        try:
            quotas.take(client, kind, amount)
        except OverQuotaError:
            continue
        counted.append((client, kind, amount))
    for kind in Kind:
        assert quotas.held(kind) == sum(quotas.held(kind, client) for client in CLIENTS)
    for client, kind, amount in counted:
        quotas.give(client, kind, amount)
    assert [(quotas.held(kind), quotas.heaviest(kind)) for kind in Kind] == [(0, None)] * len(Kind)
