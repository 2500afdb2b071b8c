"""Filters of system calls: written as programs of the kernel's filter machine, and put in force.

A filter holds for good, for the process and all that it forks (``man 2 seccomp``); of several, the
strictest verdict counts.
"""

from __future__ import annotations

import errno
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from struct import pack
from typing import Final

from samsyn.server.workers.confinement import syscalls

_LOAD: Final = 0x20  # BPF_LD | BPF_W | BPF_ABS
_EQUAL: Final = 0x15  # BPF_JMP | BPF_JEQ | BPF_K
_AT_LEAST: Final = 0x35  # BPF_JMP | BPF_JGE | BPF_K
_ANY_BIT: Final = 0x45  # BPF_JMP | BPF_JSET | BPF_K
_RETURN: Final = 0x06  # BPF_RET | BPF_K

ALLOW: Final = 0x7FFF0000
END: Final = 0x80000000
"""The process is killed, with all of its threads, by SIGSYS."""
REFUSE: Final = 0x00050000 | errno.EPERM
ABSENT: Final = 0x00050000 | errno.ENOSYS
"""As if the kernel did not have it, so that libraries go on without."""

_NUMBER: Final = 0  # where the number of the call and the machine are in struct seccomp_data
_MACHINE: Final = 4
_ARGUMENTS: Final = 16
_X32: Final = 0x40000000  # a second table of calls on x86-64
_AUDIT: Final = {syscalls.X86_64: 0xC000003E, syscalls.AARCH64: 0xC00000B7}

_ITSELF: Final = 0x7FFFFFF0
"""Stands in a program for the id of the process that it is for; no process has it."""

_EXECUTABLE: Final = 0x4  # PROT_EXEC
_FORKS: Final = 0x01200011  # CLONE_CHILD_SETTID | CLONE_CHILD_CLEARTID | SIGCHLD, as fork() has
_UNIX: Final = 1  # AF_UNIX
_WORD: Final = 0xFFFFFFFF


@dataclass(frozen=True)
class Check:
    """What a word of an argument has to be; each argument has two words, the lower one first.

    Args:
        argument: which, counted from 0.
        equals: the value that it has; None: any.
        without: the bits that it does not have.
        upper: whether the upper word is meant.
    """

    argument: int
    equals: int | None = None
    without: int = 0
    upper: bool = False

    def lines(self, ahead: int) -> list[bytes]:
        """Write the check; where it fails, so many lines are jumped over."""
        place = _ARGUMENTS + 8 * self.argument + 4 * self.upper
        load = _line(_LOAD, place)
        if self.equals is not None:
            return [load, _line(_EQUAL, self.equals, 0, ahead)]
        return [load, _line(_ANY_BIT, self.without, ahead, 0)]


@dataclass(frozen=True)
class Rule:
    """What becomes of one call.

    Args:
        number: the number of the call.
        verdict: what becomes of it where all checks hold; else it is refused.
        checks: what its arguments have to be.
    """

    number: int
    verdict: int
    checks: tuple[Check, ...] = ()


def program(machine: str, rules: Iterable[Rule], otherwise: int) -> bytes:
    """Write a filter.

    Args:
        machine: whose calls they are; those of another one end the process.
        rules: what becomes of single calls.
        otherwise: what becomes of all others.
    """
    lines = [
        _line(_LOAD, _MACHINE),
        _line(_EQUAL, _AUDIT[machine], 1, 0),
        _line(_RETURN, END),
        _line(_LOAD, _NUMBER),
        _line(_AT_LEAST, _X32, 0, 1),
        _line(_RETURN, END),
    ]
    for rule in rules:
        body = _body(rule)
        lines += [_line(_EQUAL, rule.number, 0, len(body)), *body]
    return b"".join([*lines, _line(_RETURN, otherwise)])


def _body(rule: Rule) -> list[bytes]:
    lines: list[bytes] = []
    left = len(rule.checks)
    for check in rule.checks:
        left -= 1
        # Behind this check come those that are left, two lines each, and the verdict.
        lines += check.lines(2 * left + 1)
    refusal = [_line(_RETURN, REFUSE)] if rule.checks else []
    return [*lines, _line(_RETURN, rule.verdict), *refusal]


def _line(code: int, value: int, if_true: int = 0, if_false: int = 0) -> bytes:
    return pack("HBBI", code, if_true, if_false, value)


def of_loading(machine: str) -> bytes:
    """Write the filter in force from the start of a zygote: all that is hostile is refused."""
    return program(machine, _all(machine, syscalls.HOSTILE, REFUSE), ALLOW)


def of_zygote(machine: str) -> bytes:
    """Write the filter of a zygote and of writers, which allows what they need and no more."""
    rules = [
        *_all(machine, syscalls.ZYGOTE, ALLOW),
        *_memory(machine),
        *_checked(machine, "clone", ALLOW, Check(0, without=_WORD & ~_FORKS)),
        *_checked(machine, "clone3", ABSENT),
        *_checked(machine, "prlimit64", ALLOW, Check(0, equals=0)),
        *_checked(machine, "socketpair", ALLOW, Check(0, equals=_UNIX)),
        *_checked(machine, "sendto", ALLOW, *_nowhere(4)),
        # Workers set their own id into filters of their own.
        *_checked(machine, "kill", ALLOW),
        *_checked(machine, "tgkill", ALLOW),
    ]
    return program(machine, rules, REFUSE)


def of_worker(machine: str) -> bytes:
    """Write the filter of a worker, in which `for_process` puts the id of its process."""
    rules = [
        *_all(machine, syscalls.WORKER, ALLOW),
        *_memory(machine),
        *_checked(machine, "sendto", ALLOW, *_nowhere(4)),
        *_checked(machine, "prlimit64", ALLOW, Check(0, equals=0)),
        # abort() sends a signal to the process itself.
        *_checked(machine, "kill", ALLOW, Check(0, equals=_ITSELF)),
        *_checked(machine, "tgkill", ALLOW, Check(0, equals=_ITSELF)),
        *_checked(machine, "clone", ABSENT),
        *_checked(machine, "clone3", ABSENT),
        *_all(machine, syscalls.HOSTILE - syscalls.LENIENT, END),
    ]
    return program(machine, rules, REFUSE)


def for_process(program_: bytes, process: int) -> bytes:
    """Put the id of a process into the filter of a worker."""
    return program_.replace(pack("I", _ITSELF), pack("I", process))


def _all(machine: str, names: frozenset[str], verdict: int) -> list[Rule]:
    return [Rule(number, verdict) for number in syscalls.numbers(machine, names)]


def _memory(machine: str) -> list[Rule]:
    """Memory may be had, but no memory from which code could be run."""
    plain = Check(2, without=_EXECUTABLE)
    return [
        *_checked(machine, "mmap", ALLOW, plain),
        *_checked(machine, "mprotect", ALLOW, plain),
    ]


def _nowhere(argument: int) -> Sequence[Check]:
    """No address is given, so that what is sent goes to where the socket leads."""
    return Check(argument, equals=0), Check(argument, equals=0, upper=True)


def _checked(machine: str, name: str, verdict: int, *checks: Check) -> list[Rule]:
    number = syscalls.number(machine, name)
    return [] if number is None else [Rule(number, verdict, checks)]
