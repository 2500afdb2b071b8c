"""The token that allows to write, read from a file that nobody else may read."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final, NoReturn

from samsyn.errors import UsageError

_LEAST: Final = 16
"""Characters that a token has at least."""

_LEAST_DIFFERENT: Final = 5
"""Characters that are different at least: of sixteen hexadecimal digits made by chance, fewer than
five are different once in some ten million tokens."""

_MOST: Final = 4096
"""Bytes that the file has at most."""


@contextmanager
def opened(name: str, user: int) -> Iterator[int]:
    """Open the file of the token, without reading it.

    The file is opened early, while the process may still have the rights for it, and read late: a
    process that is forked in between does not have the token in its memory.

    Args:
        name: the path; a link is followed, since secrets of containers are links, and what is at
            its end is judged.
        user: the id of the user that the server is, or becomes.

    Yields:
        The descriptor of the file.

    Raises:
        UsageError: there is no such file, or another user owns it, may read it or may change it.
    """
    try:
        # Without O_NONBLOCK a fifo would wait here for who writes into it.
        number = os.open(name, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except (OSError, ValueError) as error:
        raise UsageError(f"The token cannot be read from {name}: {error}") from error
    try:
        _check(name, os.fstat(number), user)
        yield number
    finally:
        os.close(number)


def read(name: str, number: int) -> str:
    """Read the token from its opened file.

    Args:
        name: the path, for messages.
        number: the descriptor that `opened` yields.

    Raises:
        UsageError: the file holds no token.
    """
    try:
        token = os.pread(number, _MOST, 0).decode("utf-8-sig").strip()
    except (OSError, ValueError) as error:
        raise UsageError(f"The token cannot be read from {name}: {error}") from error
    if len(token) < _LEAST or not token.isascii() or any(c.isspace() for c in token):
        _refuse(f"{name} holds no token")
    if len(set(token)) < _LEAST_DIFFERENT:
        _refuse(
            f"The token in {name} can be guessed: it has {len(set(token))} different characters"
        )
    return token


def _check(name: str, status: os.stat_result, user: int) -> None:
    if not stat.S_ISREG(status.st_mode):
        raise UsageError(f"{name} is no ordinary file.", advice="Write the token into a file.")
    if status.st_uid not in (0, user):
        raise UsageError(
            f"{name} belongs to another user (uid {status.st_uid}), who knows the token and may "
            "change it.",
            advice=f"Let the user of the server own it: chown {user} {Path(name).name}",
        )
    # Its group may read it: so systemd hands over credentials (LoadCredential), with mode 0440.
    if status.st_mode & (stat.S_IWGRP | stat.S_IRWXO):
        raise UsageError(
            f"Others may read or change {name}: its mode is {stat.S_IMODE(status.st_mode):04o}.",
            advice=f"Let only its owner read it: chmod 600 {Path(name).name}",
        )
    if status.st_size > _MOST:
        raise UsageError(f"{name} has more than {_MOST} bytes, so it holds no token.")


def _refuse(what: str) -> NoReturn:
    raise UsageError(
        f"{what}.",
        advice=f"Write at least {_LEAST} characters without spaces, made by chance, such as by "
        "`openssl rand -hex 32`.",
    )
