"""Descriptors and memory are shared so that workers never go without."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from samsyn.errors import UsageError
from samsyn.quotas import Kind, OverQuotaError
from samsyn.resources import Places, check_folder, quotas
from samsyn.settings import Settings


@pytest.mark.threat("shortage")
@pytest.mark.threat("connections")
@given(st.integers(128, 1 << 20), st.integers(0, 16), st.integers(0, 1 << 20))
def test_connections_leave_what_workers_need(descriptors: int, workers: int, asked: int) -> None:
    """With every connection open and every job under way, descriptors are left over."""
    settings = Settings(workers=workers, connections=asked)
    places = Places.of(descriptors, settings)
    assert places.connections >= 1
    assert 1 <= places.jobs <= 512
    assert places.connections + 3 * (places.jobs + settings.quick) < descriptors


def test_fewer_connections_may_be_asked_for_but_not_more() -> None:
    """The setting bounds the number that the descriptors allow."""
    assert Places.of(1024, Settings(connections=100)).connections == 100
    assert Places.of(1024, Settings(connections=5000)) == Places.of(1024, Settings())


def test_the_quotas_are_those_of_the_settings() -> None:
    """Sizes are in MiB in the settings, and in bytes in the account."""
    account = quotas(Settings(client_spooled=1, client_connections=2), Places(3, 4))
    with pytest.raises(OverQuotaError):
        account.take("a", Kind.SPOOLED, 1024 * 1024 + 1)
    account.take("a", Kind.SPOOLED, 1024 * 1024)
    account.take("a", Kind.CONNECTIONS, 2)
    with pytest.raises(OverQuotaError) as caught:
        account.take("b", Kind.CONNECTIONS, 2)
    assert not caught.value.own


def test_a_write_that_could_never_be_held_stops_the_start() -> None:
    """What one write may have has to fit into what is held for its client."""
    with pytest.raises(UsageError, match="max_write"):
        Settings(max_write=129).check()


def test_a_folder_that_cannot_be_written_to_stops_the_start(tmp_path: Path) -> None:
    """It is told before anything is loaded; none is that of the system."""
    check_folder(Settings())
    check_folder(Settings(spool_folder=str(tmp_path)))
    with pytest.raises(UsageError, match="spool_folder"):
        check_folder(Settings(spool_folder=str(tmp_path / "none")))
