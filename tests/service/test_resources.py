"""Descriptors and memory are shared so that workers never go without."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from samsyn.errors import ToolError, UsageError
from samsyn.server.limits.budgets import Places, check_folder, check_processes, quotas
from samsyn.server.limits.quotas import Kind, OverQuotaError
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
    """It is reported before anything is loaded; none is that of the system."""
    check_folder(Settings())
    check_folder(Settings(spool_folder=str(tmp_path)))
    with pytest.raises(UsageError, match="spool_folder"):
        check_folder(Settings(spool_folder=str(tmp_path / "none")))


MOUNTS = "22 27 0:21 / / rw - ext4 /dev/sda rw\n23 22 0:22 / /proc rw,nosuid - proc proc {}\n"


@pytest.mark.parametrize("word", ["1", "2", "noaccess", "invisible"])
def test_a_machine_that_hides_workers_is_told(
    word: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A server that could never get ready does not start, and says what to change."""
    mounts = tmp_path / "mountinfo"
    mounts.write_text(MOUNTS.format(f"rw,hidepid={word}"), encoding="utf-8")
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    with pytest.raises(ToolError, match=f"hidepid={word}"):
        check_processes(mounts)
    # Root sees all, and so does the group that the mount names.
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    check_processes(mounts)
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    mounts.write_text(MOUNTS.format(f"rw,gid={os.getegid()},hidepid={word}"), encoding="utf-8")
    check_processes(mounts)


@pytest.mark.parametrize("options", ["rw", "rw,hidepid=0", "rw,subset=pid", "rw,hidepid=off"])
def test_other_machines_are_taken(
    options: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where processes are shown, whatever else is not, the server starts."""
    mounts = tmp_path / "mountinfo"
    mounts.write_text(MOUNTS.format(options), encoding="utf-8")
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    check_processes(mounts)
    check_processes()
