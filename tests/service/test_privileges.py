"""Whose rights the server has."""

from __future__ import annotations

import os
import pwd
import subprocess
import sys
from pathlib import Path

import pytest

from samsyn.errors import UsageError
from samsyn.server import privileges

NOBODY = "nobody"
ALL = "0.0.0.0"  # noqa: S104  nothing is bound
DROP = """
import os
from samsyn.server import privileges
privileges.become(privileges.User({name!r}, {number}, {group}))
"""


@pytest.fixture
def as_root(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """A process that root has started, as far as it can tell; what it tells the operator."""
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    return []


@pytest.mark.parametrize("address", ["127.0.0.1", "127.0.0.9", "::1"])
def test_root_on_loopback_is_warned(as_root: list[str], address: str) -> None:
    """Machines that build and test often have no other user."""
    assert privileges.chosen("", [address], as_root.append) is None
    (line,) = as_root
    assert "runs as root" in line
    assert "--user" in line


@pytest.mark.threat("root")
@pytest.mark.parametrize("address", [ALL, "10.0.0.1", "::", "fe80::1%eth0", "2001:db8::1"])
def test_root_is_refused_where_others_can_reach_it(as_root: list[str], address: str) -> None:
    """What to do is in the message; an address for metrics counts too."""
    for addresses in ([address], ["127.0.0.1", address]):
        with pytest.raises(UsageError, match="as root") as caught:
            privileges.chosen("", addresses, as_root.append)
        assert "--user" in caught.value.advice
    assert as_root == []


@pytest.mark.threat("root")
@pytest.mark.usefixtures("as_root")
def test_root_becomes_the_user_named() -> None:
    """By name or number, on any address, without a warning."""
    entry = pwd.getpwnam(NOBODY)
    expected = privileges.User(NOBODY, entry.pw_uid, entry.pw_gid)
    told: list[str] = []
    for name in (NOBODY, str(entry.pw_uid)):
        assert privileges.chosen(name, [ALL], told.append) == expected
    assert told == []


@pytest.mark.threat("root")
@pytest.mark.parametrize("name", ["root", "0", "no-such-user", "99999999999999999999"])
@pytest.mark.usefixtures("as_root")
def test_a_user_that_is_none_or_root_is_refused(name: str) -> None:
    """To become root would change nothing."""
    with pytest.raises(UsageError):
        privileges.chosen(name, ["127.0.0.1"], [].append)


def test_an_ordinary_user_stays_who_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    """It may name itself and nobody else."""
    number = pwd.getpwnam(NOBODY).pw_uid
    monkeypatch.setattr(os, "geteuid", lambda: number)
    for name in ("", NOBODY):
        assert privileges.chosen(name, [ALL], [].append) is None
    monkeypatch.setattr(os, "geteuid", lambda: number + 1)
    with pytest.raises(UsageError, match="Only root"):
        privileges.chosen(NOBODY, [ALL], [].append)


@pytest.mark.threat("root")
def test_there_is_no_way_back(root: Path) -> None:
    """User, groups and capabilities are gone for good, also from files and programs with rights."""
    if os.geteuid() != 0:
        pytest.skip("only root may become another user")
    entry = pwd.getpwnam(NOBODY)
    begin = DROP.format(name=NOBODY, number=entry.pw_uid, group=entry.pw_gid)
    program = (
        "import os\nos.access = lambda *_: True  # wherever Python is installed\n"
        + begin
        + "print(os.getresuid(), os.getresgid(), 0 in os.getgroups())\n"
        "for act in (lambda: os.setuid(0), lambda: os.setgroups([0]), lambda: os.setegid(0)):\n"
        "    try:\n        act()\n"
        "    except PermissionError:\n        print('refused')\n"
        "print(open('/proc/self/status').read().split('CapEff:')[1].split()[0])\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=root, capture_output=True, text=True, check=False
    )
    ids = (entry.pw_uid,) * 3, (entry.pw_gid,) * 3
    expected = f"{ids[0]} {ids[1]} False\nrefused\nrefused\nrefused\n{'0' * 16}\n"
    assert done.stdout == expected, done.stderr


def test_a_user_that_cannot_read_the_program_is_told(root: Path) -> None:
    """Not a traceback of the first module that is imported late."""
    if os.geteuid() != 0:
        pytest.skip("only root may become another user")
    entry = pwd.getpwnam(NOBODY)
    begin = DROP.format(name=NOBODY, number=entry.pw_uid, group=entry.pw_gid)
    done = subprocess.run(
        [sys.executable, "-c", "import os\nos.access = lambda *_: False\n" + begin],
        cwd=root, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert "nobody may not read" in done.stderr
