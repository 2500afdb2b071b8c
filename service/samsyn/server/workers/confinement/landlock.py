"""Landlock: which files a process may still open, and whom it may still reach.

What a process has taken from itself it never gets back, nor does what it forks. A kernel knows
more of it the newer it is (``man 7 landlock``); what it does not know is left out.
"""

from __future__ import annotations

import ctypes
import os
from collections.abc import Mapping
from pathlib import Path
from struct import pack
from typing import Final

# The same on all machines.
_CREATE: Final = 444
_ADD_RULE: Final = 445
_RESTRICT: Final = 446

_ASK_VERSION: Final = 1
_BENEATH: Final = 1

READ: Final = (1 << 2) | (1 << 3)  # READ_FILE, READ_DIR
WRITE: Final = (
    # WRITE_FILE, REMOVE_FILE, MAKE_DIR, MAKE_REG, REFER, TRUNCATE
    (1 << 1) | (1 << 5) | (1 << 7) | (1 << 8) | (1 << 13) | (1 << 14)
)

_FILES: Final = ((1, 13), (2, 14), (3, 15), (5, 16))
"""From which version on so many kinds of access to files can be taken away."""
_NETWORK: Final = (4, 0b11)  # BIND_TCP, CONNECT_TCP
_SCOPES: Final = (6, 0b11)  # abstract UNIX sockets, signals


def version() -> int:
    """Return the version of Landlock that this kernel has in force; 0: none."""
    return max(0, _call(_CREATE, None, ctypes.c_size_t(0), _ASK_VERSION))


def ruleset(known: int, allowed: Mapping[Path, int]) -> int:
    """Make a set of rules: nothing may be opened or reached but what is allowed.

    Args:
        known: the version of Landlock.
        allowed: folders, with the kinds of access that are left there and below.

    Returns:
        The descriptor of the set.

    Raises:
        OSError: the kernel refused, or a folder is not there.
    """
    files = (1 << max(count for since, count in _FILES if known >= since)) - 1
    network = _NETWORK[1] if known >= _NETWORK[0] else 0
    scopes = _SCOPES[1] if known >= _SCOPES[0] else 0
    # Older kernels take a shorter structure; what is behind it is all zeros for them.
    attributes = pack("QQQ", files, network, scopes)
    made = _checked(_CREATE, attributes, ctypes.c_size_t(len(attributes)), 0)
    for folder, access in allowed.items():
        where = os.open(folder, os.O_PATH | os.O_CLOEXEC)
        try:
            rule = pack("=Qi", access & files, where)
            _checked(_ADD_RULE, made, _BENEATH, rule, 0)
        finally:
            os.close(where)
    return made


def restrict(made: int) -> None:
    """Put a set of rules in force for this process; it has to have given up new privileges.

    Raises:
        OSError: the kernel refused.
    """
    _checked(_RESTRICT, made, 0)


def _checked(number: int, *arguments: object) -> int:
    result = _call(number, *arguments)
    if result < 0:
        code = ctypes.get_errno()
        raise OSError(code, f"Landlock (system call {number}): {os.strerror(code)}")
    return result


def _call(number: int, *arguments: object) -> int:
    result: int = ctypes.CDLL(None, use_errno=True).syscall(number, *arguments)
    return result
