"""Whose rights the server has: root's only where nobody but this machine can reach it."""

from __future__ import annotations

import grp
import os
import pwd
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path

from samsyn.errors import ToolError, UsageError

_AS_ROOT = "the server runs as root, whose rights an attacker would have"
_ADVICE = "Name a user with --user, or start it as another user."


@dataclass(frozen=True)
class User:
    """A user whom a process can become.

    Args:
        name: its name.
        number: its id.
        group: the id of its first group.
    """

    name: str
    number: int
    group: int

    @classmethod
    def find(cls, name: str) -> User:
        """Look a user up.

        Args:
            name: the name, or the number.

        Raises:
            UsageError: there is no such user, or it is root.
        """
        try:
            entry = pwd.getpwuid(int(name)) if name.isdecimal() else pwd.getpwnam(name)
        except (KeyError, OverflowError) as error:
            raise UsageError(
                f"There is no user {name}.", advice="Make one: useradd --system samsyn."
            ) from error
        if entry.pw_uid == 0:
            raise UsageError("user is root, whose rights are to be given up.", advice=_ADVICE)
        return cls(entry.pw_name, entry.pw_uid, entry.pw_gid)


def chosen(name: str, addresses: Iterable[str], tell: Callable[[str], None]) -> User | None:
    """Say which user the server has to become.

    Args:
        name: the user that the operator names; empty: none.
        addresses: the addresses that it listens on.
        tell: takes what the operator is to know.

    Returns:
        The user; None if it stays who it is.

    Raises:
        UsageError: it would run as root where others can reach it, or cannot become the user.
    """
    is_root = os.geteuid() == 0
    if not name:
        if is_root:
            _check_reach(addresses)
            tell(f"samsyn: {_AS_ROOT}. {_ADVICE}")
        return None
    user = User.find(name)
    if is_root:
        return user
    if user.number != os.geteuid():
        raise UsageError(
            f"Only root can become {user.name}.", advice="Leave --user away, or start it as root."
        )
    return None


def _check_reach(addresses: Iterable[str]) -> None:
    for address in addresses:
        if not ip_address(address.partition("%")[0]).is_loopback:
            raise UsageError(
                f"On {address}, where other machines can reach it, {_AS_ROOT}.", advice=_ADVICE
            )


def become(user: User) -> None:
    """Become a user, with its groups and no way back.

    Raises:
        ToolError: the system refused, or let the process become root again.
        UsageError: the user cannot read the program.
    """
    try:
        groups = os.getgrouplist(user.name, user.group)
        os.setgroups(groups)
        os.setresgid(user.group, user.group, user.group)
        os.setresuid(user.number, user.number, user.number)
    except OSError as error:
        raise ToolError(f"The process cannot become {user.name}: {error}.") from error
    _check_no_way_back(user)
    for path in (Path(__file__), Path(os.__file__), Path(sys.executable)):
        if not os.access(path, os.R_OK):
            raise UsageError(
                f"{user.name} may not read {path}.",
                advice="Install Python and samsyn where all users may read them, such as /opt.",
            )


def _check_no_way_back(user: User) -> None:
    held = (os.getresuid(), os.getresgid())
    try:
        os.setuid(0)
    except PermissionError:
        if held == ((user.number,) * 3, (user.group,) * 3) and 0 not in os.getgroups():
            return
    raise ToolError(
        f"The process has kept rights of root, though it became {user.name}.",
        advice=f"Take {user.name} out of the group {grp.getgrgid(0).gr_name}.",
    )
